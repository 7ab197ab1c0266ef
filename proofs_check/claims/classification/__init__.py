"""Classification with a sum loss, from small balanced starts (theory.md 6.6)."""
