"""`verify`: evidence run in separate processes, verdicts derived from outcomes, and controls of the rules."""
