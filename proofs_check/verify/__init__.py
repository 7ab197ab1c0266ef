"""`verify`: evidence in processes of its own, verdicts from outcomes, and controls of what decides them."""
