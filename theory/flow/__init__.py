"""The gradient flow of any network: equations of motion, conserved quantities, Lorentz form, reduction to patterns."""
