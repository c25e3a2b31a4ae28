"""What the printer writes, the documents' reader reads back: as the same node, or as one that is equal to it."""

import re
from random import Random

import pytest
from expressions import CONTEXT, FAMILIES, NET, PARAMETERS, Maker
from hypothesis import assume, given
from hypothesis import strategies as st

import lstm_sym as ls
from lstm_sym.cells.catalogue import MODELS
from lstm_sym.documents.check import check_text
from lstm_sym.documents.layout.parse import parse
from lstm_sym.documents.reading.conventions import Convention
from lstm_sym.documents.reading.reader import Reader
from lstm_sym.documents.reading.shapes import Shapes
from lstm_sym.documents.reading.spelling import Indexing
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.documents.sections.later import no_new_names
from lstm_sym.documents.sections.meaning import Derivatives
from lstm_sym.documents.sections.presets import preset
from lstm_sym.equality.decide import decide
from lstm_sym.equality.verdicts import Equal
from lstm_sym.expr.indices import integer
from lstm_sym.expr.nodes import Elementwise, Identity, Node, Ones, ProductOver, Scale, Stack
from lstm_sym.expr.recurrence import Equation, Recurrence
from lstm_sym.expr.substitute import nodes_in
from lstm_sym.notation.ends import forms
from lstm_sym.notation.latex import latex, row
from lstm_sym.notation.style import DEFAULT, DELTA, Style

STYLES = {"papers": DEFAULT, "deltas": DELTA, "transposes T, circles": Style(transpose="T", hadamard=r"\circ"),
          "total d": Style(total=r"\mathrm{d}")}
A_FACTOR = re.compile(r"\\delta [A-Za-z] ")                  # \delta W, where \delta can be a factor: not read as a gradient
WRITTEN = "kjils"                                            # letters that authors sum over


def section_of(model: Recurrence) -> Section:
    vocabulary, respelled = preset(model, Indexing("t"))
    return Section(vocabulary, respelled)


def read_back(text: str, section: Section) -> tuple[Node, Node]:
    """The two sides of the one equation in a text."""
    v = section.vocabulary
    (found,) = parse(text).statements
    r = Reader(v.shapes.copy(), dict(v.quantities), v.indexing, Derivatives(section), no_new_names)
    left, right = map(r.read, found.sides)
    if r.is_scalar(right) and not r.is_scalar(left):         # h_0 = 0
        right = r.spread(right, left.shape)
    r.shapes.unify_shapes(left.shape, right.shape)
    return left.build(), right.build()


# --- models -------------------------------------------------------------------------------------------------------

def written(name: str) -> list[tuple[Equation, Equation]]:
    """Every equation and gradient of a model, interior and ends: as we name it, and as documents do."""
    model = ls.as_recurrence(name)
    section = section_of(model)
    names = {theirs.name: ours.name for ours, theirs in zip(model.quantities, section.recurrence.quantities, strict=True)}
    reads = tuple(names[q] for q in section.reads(Convention()) or ())
    ours, theirs = ls.backward(model, reads=reads), section.with_gradients(Convention())
    return [pair for e, f in zip(ours.equations, theirs.equations, strict=True)
            for pair in zip(forms(e, ours.context), forms(f, theirs.context), strict=True)]


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES.keys())
@pytest.mark.parametrize("name", MODELS)
def test_every_equation_and_gradient_of_the_catalogue_is_read_back_as_the_same_nodes(name, style):
    section = section_of(ls.as_recurrence(name))
    told = [(row(ours, style), theirs) for ours, theirs in written(name)]
    for text, theirs in told:
        assert A_FACTOR.match(text) or read_back(text, section) == (theirs.lhs, theirs.rhs), text


# --- random expressions -------------------------------------------------------------------------------------------

class Author(Maker):
    """Random expressions whose sums run over letters that authors use."""

    def index(self):
        self.count += 1
        return integer(WRITTEN[self.count - 1] if self.count <= len(WRITTEN) else "unwritten")


def can_be_written(x: Node, author: Author) -> bool:
    """No more sums than letters, and nothing that formulas leave to conventions: the size of a matrix of ones or an identity,
    the order of a product over time, a size as a factor, blocks of matrices; generic functions stand for any."""
    return author.count <= len(WRITTEN) and not any(
        isinstance(q, ProductOver)
        or (isinstance(q, Ones | Identity) and not q.is_scalar)
        or (isinstance(q, Scale) and not q.args[0].is_number)
        or (isinstance(q, Stack) and q.shape[1] != 1)
        or (isinstance(q, Elementwise) and str(q.args[0]) == "phi")
        for q in nodes_in(x)
    )


@given(st.integers(0, 10**9))
def test_a_random_expression_is_read_back_as_one_that_is_equal_to_it(seed):
    author = Author(Random(seed))
    x = author.expression()
    assume(can_be_written(x, author))
    left = next(q for q in (*PARAMETERS, *FAMILIES) if q.shape == x.shape)
    text = f"{latex(left)} = {latex(x)}"
    _, found = read_back(text, section_of(NET))
    assert found == x or isinstance(decide(found, x, NET, CONTEXT), Equal), text


# --- what was found by reading back ---------------------------------------------------------------------------------

CONCATENATED = "<!-- lstm-sym: model: lstm-concatenated -->\n"


def verdicts(text: str) -> list[str]:
    return [f.verdict for f in check_text(text).findings]


def test_blocks_stacked_in_another_order_have_the_same_number_of_rows_and_no_sizes_in_common():
    shapes = Shapes()
    n, m = shapes.fresh(), shapes.fresh()
    shapes.unify((n, m), (m, n))
    assert shapes.find(n) != shapes.find(m)


@pytest.mark.parametrize(("claim", "verdict"), [
    (r"\frac{\partial L}{\partial x_t} = \left(\frac{\partial L}{\partial v_t}\right)_{n+1:n+m}", "proved"),
    (r"\frac{\partial L}{\partial h_0} = \left(\frac{\partial L}{\partial v_1}\right)_{1:n}", "proved"),
    (r"\frac{\partial L}{\partial x_t} = \left(\frac{\partial L}{\partial v_t}\right)_{1:m}", "refuted"),
    (r"\frac{\partial L}{\partial x_t} = \left(\frac{\partial L}{\partial v_t}\right)_{n:n+m}", "not_read"),
    (r"\frac{\partial L}{\partial h_t} = \frac{\partial^+ L}{\partial h_t}"
     r" + [t < T] \left(\frac{\partial L}{\partial v_{t+1}}\right)_{1:n}", "proved"),
    (r"[t \le T] \frac{\partial L}{\partial h_t} = \frac{\partial L}{\partial h_t}", "proved"),
])
def test_rows_of_a_stacked_column_and_brackets_of_iverson_are_read(claim, verdict):
    assert verdicts(f"{CONCATENATED}$${claim}$$\n") == [verdict]
