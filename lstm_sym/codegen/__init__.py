"""Derived expressions as fast numeric nets, and their gradient check.

`lowering` makes straight-line programs of a Recurrence and proves them equal to it; `numpy` and `c` write them as text;
`compile.compile(model, target, dtype)` gives forward and backward, `compile.source(model, target)` the text;
`gradcheck.gradcheck` compares with independent derivatives; `weights` has the parameters in the layouts of other libraries.
"""
