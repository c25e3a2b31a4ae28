"""Models of the literature: a builder that returns a Recurrence for each, and a catalogue with one row each."""
