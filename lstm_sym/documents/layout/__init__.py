"""Formulas to layout trees: what stands where, not what it means."""
