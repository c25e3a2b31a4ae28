"""||A|| <= y from the form of A: sums, products, transposes, diagonal matrices, products over time, normal matrices."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lstm_sym.documents.norms.below import from_below
from lstm_sym.documents.norms.comparing import LAST, NUMBERS, largest_entry
from lstm_sym.documents.norms.eigenvectors import of_power
from lstm_sym.documents.norms.over_time import Factors, factorwise, geometric, merged
from lstm_sym.documents.norms.search import ONE, Search, Way, factors, first_of
from lstm_sym.errors import ProofError
from lstm_sym.expr.affine import constant
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import add, diag, mul, norm, tr
from lstm_sym.proof.tactics import identity, linear, rewritten, symmetric, transitive, unfolded, use


def _norms(s: Search, x: Term, y: Term) -> Theorem:
    if x[0] != "norm":
        raise ProofError("no norm")
    return first_of(partial(way, s, x, y) for way in BY_FORM.get(x[2][0], ()))


def _radius(s: Search, x: Term, y: Term) -> Theorem:
    """||S|| <= x for normal S, every eigenvalue of modulus at most x."""
    if x[0] != "norm" or x[1] != "2":
        raise ProofError("no spectral norm")
    w = x[2]
    found = [t for t in s.known if t.conclusion[0] == "radius" and t.conclusion[1] == w]
    normal = [t for t in s.known if t.conclusion[0] == "eq" and t.conclusion[1] == mul(tr(w), w)]

    def by(of_values: Theorem, of_matrix: Theorem) -> Theorem:
        x_ = of_values.conclusion[2]
        return transitive(use("NORMAL", s.nonnegative(x_), of_matrix, of_values), s.at_most(x_, y))

    return first_of(partial(by, t, n) for t in found for n in normal)


def _same_matrix(s: Search, x: Term, y: Term) -> Theorem:
    """||A|| = ||B|| for A = B by the normal form."""
    if x[0] != "norm" or y[0] != "norm" or x[1] != y[1] or x[2][1] != y[2][1]:
        raise ProofError("no two norms of one kind")
    return linear("le", x, y, unfolded(x, identity(x[2], y[2])))


#  ||A'A|| = ||A||^2 on either side
# ----------------------------------
#             x <= y
def _gram(s: Search, x: Term, y: Term) -> Theorem:
    found = next((n for n in (x, y) if n[:2] == ("norm", "2") and n[2][0] == "matmul" and n[2][2:3] == (tr(n[2][3]),)), None)
    if found is None:
        raise ProofError("no product of a matrix with its transpose")
    law = use("NORM_GRAM", A=mul(*found[2][3:]))
    return linear("le", x, y, law if found == x else (-1, law))


# --- by the form of the matrix under the norm -----------------------------------------------------------------------

#  ||A|| ||B|| <= y
# -----------------
#    ||A B|| <= y
def _mul(s: Search, x: Term, y: Term) -> Theorem:
    kind, e = x[1:]

    def split(n: int) -> Theorem:
        a, b = mul(*e[2:n]), mul(*e[n:])
        product = use("NORM_MUL", A=a, B=b, p=kind)
        if len(e) > 4:
            product = rewritten(symmetric(identity(e, mul(a, b))), product)
        return transitive(product, s.at_most(product.conclusion[2], y))

    return first_of(partial(split, n) for n in range(3, len(e)))


def _add(s: Search, x: Term, y: Term) -> Theorem:
    kind, e = x[1:]
    a, b = e[2], add(*e[3:])
    whole = use("NORM_ADD", A=a, C=b, p=kind)
    if len(e) > 4:
        whole = rewritten(symmetric(identity(e, add(a, b))), whole)
    return transitive(whole, s.at_most(whole.conclusion[2], y))


def _transposed(s: Search, x: Term, y: Term) -> Theorem:
    kind, e = x[1:]
    same = use("NORM_TRANSPOSE", A=e[2]) if kind == "2" else use("NORM_TRANSPOSE_1", A=e[2])
    return linear("le", x, y, same, s.at_most(same.conclusion[2], y))


def _untransposed(s: Search, x: Term, y: Term) -> Theorem:
    """||A||_2 = ||A'||_2 and ||A||_inf = ||A'||_1, where y speaks of A'."""
    if x[1] == "1" or repr(tr(x[2])) not in repr(y):
        raise ProofError("no transpose in sight")
    same = use("NORM_TRANSPOSE", A=x[2]) if x[1] == "2" else use("NORM_TRANSPOSE_1", A=x[2])
    return linear("le", x, y, (-1, same), s.at_most(same.conclusion[1], y))


#  -c <= v <= c       -c <= v <= c
# ---------------    --------------
#  ||diag(v)|| <= c   ||v||_inf <= c
def _largest(s: Search, x: Term, y: Term) -> Theorem:
    bound = largest_entry(s, x, s.ranges(x, y))
    return transitive(bound, s.at_most(bound.conclusion[2], y))


#  ||v||_inf <= y
# ----------------
#  ||diag(v)|| <= y
def _of_column(s: Search, x: Term, y: Term) -> Theorem:
    size = norm(x[2][2], "inf")
    inside = use("WITHIN_NORM", linear("le", size, size), A=x[2][2], p="inf")
    return transitive(use("NORM_DIAG", use("NORM_NONNEG", A=x[2][2], p="inf"), inside, p=x[1]), s.at_most(size, y))


def _identity(s: Search, x: Term, y: Term) -> Theorem:
    return transitive(use("NORM_EYE", n=x[2][1][0], p=x[1]), s.at_most(ONE, y))


def _entrywise(s: Search, x: Term, y: Term) -> Theorem:
    """u o v as diag(u) v."""
    e = x[2]
    if len(e) != 4 or e[1][1] != constant(1) or e[2][1] != e[3][1]:
        raise ProofError("no product of two columns")
    form = mul(diag(e[2]), e[3])
    return rewritten(symmetric(identity(e, form)), s.at_most(norm(form, x[1]), y))


def _geometric(s: Search, x: Term, y: Term) -> Theorem:
    """A product over time by a power of a bound of each factor."""
    kind, product = x[1:]
    count = Factors.of(product).count(product[4])
    powers = [p[1] for p in factors(y) if p[0] == "^" and p[2] == count]

    def by(rate: Term, whole: Theorem | None = None) -> Theorem:
        bound = geometric(product, kind, rate, lambda f: s.at_most(norm(f, kind), rate), (*s.positive, s.nonnegative(rate)))
        if whole is not None:
            bound = linear("le", x, whole.conclusion[2], bound, whole)
        return transitive(bound, s.at_most(bound.conclusion[2], y))

    ways: list[Callable[[], Theorem]] = []
    if powers:
        grouped = merged(powers, count)
        ways.append(lambda: by(grouped.conclusion[1][1], grouped))
    if not count.terms:
        ways += [partial(by, f) for f in factors(y)]
    return first_of([*ways, lambda: by(ONE)])


def _factorwise(s: Search, x: Term, y: Term) -> Theorem:
    """A product over time by the product of the bounds of its factors."""
    kind, product = x[1:]
    numbers = next((f for f in factors(y) if f[0] == "entry" and f[1][0] == "product"), None)
    if numbers is None:
        raise ProofError("no product of numbers over time")
    bound = factorwise(product, kind, numbers[1], lambda f, c: s.at_most(norm(f, kind), c))
    return transitive(bound, s.at_most(bound.conclusion[2], y))


BY_FORM: dict[str, tuple[Way, ...]] = {
    "matmul":    (_mul, _untransposed),
    "add":       (_largest, _add),
    "transpose": (_transposed,),
    "diag":      (_largest, _of_column),
    "identity":  (_identity,),
    "hadamard":  (_largest, _entrywise),
    "function":  (_largest,),
    "named":     (_untransposed,),
    "product":   (_geometric, _factorwise),
}
WAYS: tuple[Way, ...] = (*NUMBERS, _same_matrix, _gram, of_power, from_below, _norms, _radius, *LAST)
