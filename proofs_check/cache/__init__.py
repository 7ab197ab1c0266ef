"""Results that are kept from earlier runs of exactly this code."""
