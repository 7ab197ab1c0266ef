"""Claims and their evidence: what a claim file is made of, how it is found and read, what running it gives."""
