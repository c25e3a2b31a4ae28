"""Derivatives of recurrences: reverse mode, forward mode, Jacobians, truncation.  Recurrence in, Recurrence out."""
