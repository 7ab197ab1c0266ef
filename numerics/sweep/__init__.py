"""One run of a sweep: a start of stated width, scale and seed is followed, and what became of it is summed up."""
