"""Findings out: for a terminal, a script, a code host.  Knows no mathematics."""
