r"""Layout to reals: \|\partial h_T / \partial h_t\|_2, \sigma_{\max}(W), |\lambda_1|, \rho(W)^{T-t}, \det W, |c_t|, \lim.

What stands inside a norm is read by the reader of formulas.  Errors: Unreadable, ShapeMismatch.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction as Rational
from typing import Any

from lstm_sym.documents.layout import tree
from lstm_sym.documents.norms.arguments import anywhere
from lstm_sym.documents.norms.formulas import (
    PRODUCTS,
    SPECTRA,
    argument,
    column_of_entries,
    is_function,
    parted,
    plain,
    power_of,
    recurrent,
)
from lstm_sym.documents.norms.reals import (
    PLAIN,
    Absolute,
    Entries,
    Length,
    Measure,
    Name,
    Number,
    OverTime,
    Power,
    Quotient,
    Real,
    Total,
    product,
)
from lstm_sym.documents.reading.conventions import Convention
from lstm_sym.documents.reading.conventions import Reading as Formula
from lstm_sym.documents.reading.reader import Quantity, Reader
from lstm_sym.documents.reading.shapes import ONE, Typed
from lstm_sym.documents.reading.spelling import Spelled, affine_of, spell
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.documents.sections.later import later_definitions
from lstm_sym.documents.sections.meaning import Derivatives
from lstm_sym.errors import Undeclared, Unreadable
from lstm_sym.expr.affine import variable

KINDS = {"": PLAIN, "2": "2", "1": "1", r"\infty": "inf", "F": "F", "∞": "inf", r"\mathrm{F}": "F", "op": "2"}
POWERED = tree.Delimited | tree.Symbol | tree.Abs | tree.Number | tree.Root | tree.Fraction


@dataclass(slots=True)
class RealReader:
    """Reads the numbers of one claim and of what it supposes, so that all its matrices have consistent sizes."""

    section: Section
    reader: Reader
    unknown: set[str] = field(default_factory=set)          # the names that nothing declares
    scope: str = "long"                                      # of a product: what stays the same behind it is in it, or not

    @classmethod
    def of(cls, section: Section, convention: Convention, formula: Formula, scope: str = "long") -> RealReader:
        """One reading.  A name that nothing declares is read as any matrix or column, and remembered."""
        v, unknown = section.vocabulary, set[str]()
        quantities = dict(later_definitions(section, convention))

        def introduce(name: Spelled, where: tree.Layout, r: Reader) -> Quantity:
            if (name.time is not None and r.indexing.letter != str(name.time)) or not name.key.strip("\\").isalpha():
                raise Undeclared(name.key, where.span)
            unknown.add(name.key)
            columns = r.shapes.fresh(wide=True) if name.key[0].isupper() else ONE
            shape = r.shapes.fresh(wide=True), columns
            return quantities.setdefault(name.key, Quantity(name.key, shape, name.time is not None))

        reader = Reader(v.shapes.copy(), quantities, v.indexing, Derivatives(section), introduce, convention, formula)
        return cls(section, reader, unknown, scope)

    # --- numbers ----------------------------------------------------------------------------------------------------

    def real(self, node: tree.Node) -> Real:
        """The number that `node` stands for."""
        if type(node) not in READ:
            raise Unreadable(f"{type(node).__name__} is no number here", node.span)
        return READ[type(node)](self, node)

    def spectrum(self, node: tree.Node) -> tuple[str, tree.Node | None] | None:
        r"""The kind and the power of \sigma_{\max}, \lambda_1, \rho; None for anything else."""
        base, sub, sup = (node.base, node.sub_text, node.sup) if isinstance(node, tree.Scripts) else (node, "", None)
        if not isinstance(base, tree.Symbol):
            return None
        kind = SPECTRA.get((base.name, plain(sub)))
        return None if kind is None else (kind, sup)

    def of_default(self, kind: str, where: tree.Node) -> Real:
        """The eigenvalue or singular value of no matrix that is named: of the recurrent one."""
        found = recurrent(self.section)
        if len(found) != 1:
            raise Unreadable("of which matrix?", where.span)
        return Measure(kind, found[0])

    def square(self, kind: str, node: tree.Node) -> Measure:
        """A number of a square matrix, if it has only those."""
        found = self.matrix(node)
        if kind in ("radius", "largest", "det"):
            self.reader.shapes.unify(*found.shape)
        return Measure(kind, found)

    def matrix(self, node: tree.Node) -> Typed:
        """An expression as the reader of formulas reads it, f' alone as f'(x) of any x; a Node once everything is read."""
        return self.reader.read(anywhere(node))


# --- one rule a kind of layout --------------------------------------------------------------------------------------

def _symbol(r: RealReader, node: tree.Symbol) -> Real:
    found = r.spectrum(node)
    if found is not None:
        return r.of_default(found[0], node)
    if node.name in r.section.vocabulary.quantities:
        raise Unreadable(f"{node.name} is no number", node.span)
    if node.name in ("t", "T"):
        return Length(variable(node.name))
    if node.name[:1].isupper() or node.name == r"\infty":
        raise Unreadable(f"{node.name} is no number that is known (W204)", node.span)
    return Name(node.name)


def _scripts(r: RealReader, node: tree.Scripts) -> Real:
    found = r.spectrum(node)
    if found is not None:
        return _raised(r.of_default(found[0], node), found[1])
    if isinstance(node.base, tree.Norm):
        kind = KINDS.get(node.sub_text)
        if kind is None:
            raise Unreadable(f"the norm with index {node.sub_text} is not known", node.span)
        return _raised(Measure(kind, r.matrix(node.base.body)), node.sup)
    if node.primes:
        raise Unreadable("a derivative of a function is no number by itself", node.span)
    if node.sub is None and isinstance(node.base, POWERED):
        return _raised(r.real(node.base), node.sup)
    name = spell(node, r.section.vocabulary.indexing)
    known = name is None or name.key in r.section.vocabulary.quantities or name.key[0].isupper()
    if name is None or known or name.time is not None or name.primes:
        raise Unreadable("no number", node.span)
    return _raised(Name(name.key), name.sup)


def _raised(base: Real, sup: tree.Node | None) -> Real:
    if sup is None:
        return base
    form = affine_of(sup)
    if form is None or (not form.terms and form.constant < 0):
        raise Unreadable("this power of a number is not read", sup.span)
    return Power(base, form)


def _abs(r: RealReader, node: tree.Abs) -> Real:
    try:
        inner = r.real(node.body)
    except Unreadable:
        return Entries(r.matrix(node.body), True)
    return replace(inner, kind="radius") if isinstance(inner, Measure) and inner.kind == "largest" else Absolute(inner)


def _product(r: RealReader, node: tree.Product) -> Real:
    factors, operators = list(node.factors), list(node.operators)
    top, bottom = list[Real](), list[Real]()
    n = 0
    while n < len(factors):
        before, length = (operators[n - 1] if n else ""), 1
        found, following = r.spectrum(factors[n]), factors[n + 1] if n + 1 < len(factors) else None
        factor = factors[n]
        is_det = isinstance(factor, tree.Function) and factor.name == "det"
        if (found or is_det) and following is not None and operators[n] == "":
            if isinstance(argument(following), tree.Delimited) or (is_det and isinstance(following, POWERED | tree.Scripts)):
                length = 2
        if length == 2 and following is not None:
            kind, sup = found or ("det", None)
            value = _raised(r.square(kind, argument(following)), sup or power_of(following))
        elif n + 1 < len(factors) and is_function(factors[n]):
            raise Unreadable("a function where a number is expected", node.span)
        else:
            value = r.real(factors[n])
        if before not in ("", r"\cdot", r"\times", "/", "*"):
            raise Unreadable(f"{before} between numbers", node.span)
        (bottom if before == "/" else top).append(value)
        n += length
    return Quotient(product(*top), product(*bottom)) if bottom else product(*top)


def _sum(r: RealReader, node: tree.Sum) -> Real:
    terms = [(t.sign, r.real(t.body)) for t in node.terms]
    if any(sign not in ("", "+", "-") for sign, _ in terms):
        raise Unreadable("a sum with this sign is not read", node.span)
    return Total(tuple(product(Number(Rational(-1)), x) if sign == "-" else x for sign, x in terms))


def _root(r: RealReader, node: tree.Root) -> Real:
    inner = r.real(node.body)
    if node.degree is None and isinstance(inner, Measure) and inner.kind == "largest":
        return replace(inner, kind="root")
    raise Unreadable("this root is not read", node.span)


def _over(r: RealReader, node: tree.BigOperator) -> Real:
    if node.name not in PRODUCTS:
        raise Unreadable(f"{node.name} of numbers is not read", node.span)
    entries = column_of_entries(node)
    if entries is not None and entries[1] not in (r.reader.indexing.letter, "k", "s", "t", "T"):
        return _of_entries(r, node, *entries)
    lower, upper = node.lower, affine_of(node.upper)
    if not isinstance(lower, tree.Chain) or upper is None:
        raise Unreadable("what this product runs over is not read", node.span)
    letter, low = lower.sides[0], affine_of(lower.sides[1])
    if not isinstance(letter, tree.Symbol) or low is None or len(lower.sides) != 2 or lower.relations[0].name != "=":
        raise Unreadable("the bounds of this product are not read", node.span)
    inside, (body, behind) = replace(r, reader=r.reader.bound(letter.name)), (node.body, None)
    if r.scope == "short":
        body, behind = parted(body, letter)
    over = OverTime(inside.real(body), letter.name, low, upper)
    return over if behind is None else product(over, r.real(behind))


def _of_entries(r: RealReader, node: tree.BigOperator, column: tree.Node, letter: str) -> Real:
    r"""\prod_i f_{t,i} and \prod_{i=1}^n f_{t,i}, n the size of f."""
    found, shapes = r.matrix(column), r.reader.shapes
    rows, columns = map(shapes.find, found.shape)
    size = shapes.names.get(rows) if isinstance(rows, int) else None
    if columns != ONE or (node.upper is not None and node.upper != tree.Symbol(str(size))):
        raise Unreadable(f"the {letter} of this product does not run over the entries of one column", node.span)
    return Measure("entries", found)


READ: dict[type, Callable[[RealReader, Any], Real]] = {
    tree.Number:      lambda r, n: Number(Rational(n.text)),
    tree.Symbol:      _symbol,
    tree.Scripts:     _scripts,
    tree.Abs:         _abs,
    tree.Norm:        lambda r, n: Measure(PLAIN, r.matrix(n.body)),
    tree.Product:     _product,
    tree.Sum:         _sum,
    tree.Root:        _root,
    tree.Fraction:    lambda r, n: Quotient(r.real(n.numerator), r.real(n.denominator)),
    tree.BigOperator: _over,
    tree.Delimited:   lambda r, n: r.real(n.body),
    tree.Group:       lambda r, n: r.real(n.body),
}
