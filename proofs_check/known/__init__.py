"""Cases with known answers, true and false ones, for the controls: each must be answered rightly."""
