"""What claims draw their examples from: data sets, starts, neurons and networks."""
