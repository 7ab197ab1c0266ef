"""Independent solvers and enumerations that share no formula with what they check; slow and simple."""
