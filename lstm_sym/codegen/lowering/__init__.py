"""Recurrence -> straight-line program: what is a loop, what holds for all steps at a time, and the proof that it is the same."""
