"""Documents in: text to items with positions, formulas to layout trees, trees to typed claims and verdicts."""
