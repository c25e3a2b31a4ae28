"""Running sums: where each step adds a[t] to the step before, q[t] = q[0] + sum_{k=1}^{t} a[k]; backwards, sum_{k=t}^{T}.

With both sides of a claim in such closed forms, sums over sums can be exchanged: what a forward pass collects in traces
is compared with what a backward pass sums up.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import sympy as sp

from lstm_sym.equality.existence import existence
from lstm_sym.equality.induction import Induction, within_budget
from lstm_sym.equality.prove import Proof
from lstm_sym.equality.unfold import Closed, Definitions
from lstm_sym.expr.affine import Domain
from lstm_sym.expr.indices import integer
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import Add, Node, SumOver, When, add
from lstm_sym.expr.recurrence import Equation
from lstm_sym.expr.substitute import named_in, replace_indices

BOUND = integer("#k")  # the index of a closed form's sum; no name of a document


def by_running_sums(proof: Proof, a: Node, b: Node, context: Domain) -> str | None:
    """a = b with every running sum in its closed form, itself proved by induction: "induction", or None."""
    whole = replace(proof, lowest=0, margin=1)
    closed = closed_forms(whole)
    whole.definitions = replace(proof.definitions, closed=closed)
    if not closed or not within_budget(whole, partial(whole.is_zero, a - b, context)):
        return None
    proof.steps.append(f"running sums: {', '.join(sorted(str(c.general) for c in closed.values()))}")
    return "induction"


def closed_forms(proof: Proof) -> dict[Label, Closed]:
    """Each carried quantity that is a running sum, with its closed form where that is proved by induction."""
    recurrence = proof.definitions.recurrence
    found: dict[Label, Closed] = {}
    for e in recurrence.equations:
        closed = running_sum(e, proof.definitions)
        if closed is not None:
            for domain in (existence(recurrence, e.lhs) | recurrence.context, e.domain | recurrence.context):
                if within_budget(proof, Induction(proof, e.lhs, closed, 0, domain).succeeds):
                    found.setdefault(e.lhs.label, Closed(e.lhs, closed, domain))
    return found


def running_sum(e: Equation, definitions: Definitions) -> Node | None:
    """The closed form that the equation q[t] = q[t - d] + a[t] suggests, d the direction of its scan; still to be proved."""
    q, terms = e.lhs, e.rhs.args if isinstance(e.rhs, Add) else (e.rhs,)
    if len(q.indices) != 1 or not isinstance(q.indices[0], sp.Symbol):
        return None
    (t,), d = q.indices, definitions.directions[q.label][0]
    carried = [x for x in terms if _bare(x) == q[t - d]]
    rest = [x for x in terms if x not in carried]
    if len(carried) != 1 or not rest or any(p.label == q.label for x in rest for p in named_in(x)):
        return None
    low, high = (1, t) if d == 1 else (t, e.over[0].length)
    total = SumOver(replace_indices(add(*rest), {t: BOUND}), BOUND, low, high)
    return total if isinstance(carried[0], When) else add(q[low - d if d == 1 else high + 1], total)


def _bare(node: Node) -> Node:
    return node.args[0] if isinstance(node, When) else node
