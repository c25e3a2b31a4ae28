"""Short ways to ask: the prover alone (no witness looked for), the normal form, and the names that the tests use."""

from time import process_time

from lstm_sym.equality.decide import decide
from lstm_sym.equality.existence import domain_of
from lstm_sym.equality.freeze import freeze
from lstm_sym.equality.normal_form import normal_form
from lstm_sym.equality.prove import Proof
from lstm_sym.equality.search import holds
from lstm_sym.equality.terms import Polynomial, Undecidable, Work
from lstm_sym.equality.unfold import Definitions, level_binders
from lstm_sym.equality.verdicts import Equal
from lstm_sym.errors import BudgetExceeded, DomainViolation, Inexact
from lstm_sym.expr.affine import Affine, Domain
from lstm_sym.expr.indices import integers
from lstm_sym.expr.nodes import Named, Node
from lstm_sym.expr.recurrence import Axis, Recurrence

n, m, t, s, k, j, T = integers("n m t s k j T")
TIME = Axis(t, T)
A, B, C = Named("A", n, n), Named("B", n, n), Named("C", n, m)
u, v, w = Named("u", n), Named("v", n), Named("w", m)
x, y, f, g, M = Named("x", n), Named("y", n), Named("f", 1), Named("g", 1), Named("M", n, n)
FREE = Recurrence((TIME,), (A, B, C, u, v, w), tuple(q[t] for q in (x, y, f, g, M)))
SIZES = frozenset(Affine(((name, 1),), -1) for name in ("n", "m", "T"))


def proves(a: Node, b: Node, given: Recurrence = FREE, where: Domain = frozenset()) -> bool:
    """Does the prover say a = b?  Without a look at numbers, which would find most of its mistakes first."""
    try:
        context = domain_of(level_binders(a - b), given, where)
        return bool(holds(Proof(Definitions.of(given), Work(process_time() + 1)), a, b, context))
    except (BudgetExceeded, Undecidable, DomainViolation, Inexact):
        return False


def equal(a: Node, b: Node, given: Recurrence | None = FREE, where: Domain = frozenset()) -> bool:
    return isinstance(decide(a, b, given, where), Equal)


def form(node: Node) -> tuple[Polynomial, ...]:
    return normal_form(freeze(level_binders(node)), SIZES, Work())
