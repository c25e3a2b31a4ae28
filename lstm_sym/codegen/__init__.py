"""Derived expressions as fast numeric nets: Recurrence -> straight-line program -> NumPy, C; and their gradient check.

`compile.compile(model, target, dtype)` gives forward and backward, `compile.source(model, target)` the text,
`gradcheck.gradcheck` the comparison with independent derivatives, `torch_layout` the parameters of torch modules.
"""
