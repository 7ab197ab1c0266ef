"""What is computed: data sets, extremal vectors, the frozen alignment flow, predictions, and the flow itself.

Users import the public names from `early_alignment`.
"""
