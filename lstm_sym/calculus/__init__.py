"""Derivatives of recurrences: reverse mode, forward mode, Jacobians, truncation.  In: a Recurrence.  Out: a Recurrence."""
