"""What claims draw their examples from: data sets, starts, neurons and networks.

Random flows, and random networks and neurons in exact numbers, serve all groups of claims. What one group needs is in
the folder of its name; other groups may use it too.
"""
