"""The layout tree: what stands where in a formula, not what it means.

Leaves      Symbol Number Function Text Dots Operator Blank
Rows        Sum(terms) Product(factors, operators) List(items, separators) Chain(sides, relations)
Scripts     Scripts(base, sub, sup, primes)  Accent  Annotated  Root  Fraction  BigOperator
Enclosures  Delimited  Abs  Norm  Group  Matrix  Cases
A display   Statements(statements); a Statement is a chain with its lead word, conditions, notes, tag and label

Nothing is commuted, merged or dropped: `f(x)` is a Product of f and a Delimited, `a/b` a Product with operator "/".
`span` is (start, end) in the formula's source; `marks` are the tokens a node itself stands on (its letters, brackets,
operators, `\\frac`); `tokens(tree)` lists them all in order.  Equality ignores both: same layout, same tree.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import cache
from typing import TypeAlias

from lstm_sym.documents.layout.tokens import Token

Span: TypeAlias = tuple[int, int]
Marks: TypeAlias = tuple[Token, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Base of every part of the tree: where it stands and on which tokens of its own."""
    span: Span = field(default=(0, 0), compare=False, repr=False)
    marks: Marks = field(default=(), compare=False, repr=False)


class Node(Layout):
    """A part that can be an operand."""
    __slots__ = ()


# --- leaves ---------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Symbol(Node):
    """A letter `h`, a command `\\sigma` (with its backslash), or a name set in a font: `\\mathrm{loss}`."""
    name: str
    font: str = ""                   # "" bold roman calligraphic blackboard fraktur sans typewriter


@dataclass(frozen=True, slots=True)
class Number(Node):
    """Digits, exactly as written: "0.50"."""
    text: str
    font: str = ""


@dataclass(frozen=True, slots=True)
class Function(Node):
    """tanh, exp, diag ... named by a command or a font; bare: spelled as italic letters."""
    name: str
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Text(Node):
    """Words: `\\text{if the loss}`, a bare `as`, a connective such as `\\Rightarrow` or `\\forall`."""
    text: str


@dataclass(frozen=True, slots=True)
class Dots(Node):
    """`\\dots`, `\\cdots`, `\\vdots`, `\\ddots`, or `\\cdot \\cdot \\cdot` in a row (told as `\\cdots`)."""
    name: str


@dataclass(frozen=True, slots=True)
class Operator(Node):
    """A sign that stands alone where an operand could: the `+` of `\\partial^+`, the `:` of `W_{:,i}`."""
    name: str


@dataclass(frozen=True, slots=True)
class Blank(Node):
    """Nothing: an empty group or cell, or the missing left side of a display that begins with `=`."""


# --- rows -----------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Term(Layout):
    """sign body, the sign "" for an unsigned first term."""
    sign: str
    body: Node


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """s_1 x_1 s_2 x_2 ...; a single term if it is signed."""
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Product(Node):
    """x_1 o_1 x_2 o_2 ... x_n: operators[i] stands between factors[i] and factors[i + 1], "" for juxtaposition."""
    factors: tuple[Node, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class List(Node):
    """x_1 , x_2 ; ...: separators "," ";" "|" "\\\\" and, between two bars' sides, "\\|"."""
    items: tuple[Node, ...]
    separators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relation(Layout):
    """= < \\le \\approx \\to ..., with what is set above it: `\\overset{(a)}{=}`."""
    name: str
    note: Node | None = None


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """x_0 r_1 x_1 r_2 x_2 ... inside a formula: a bound `t=1`, a set `{t : t < T}`."""
    sides: tuple[Node, ...]
    relations: tuple[Relation, ...]


# --- around one part ------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Scripts(Node):
    """base_sub^sup with its primes; the texts are the scripts' own characters without spaces: "hh", "(t)", "t,i"."""
    base: Node
    sub: Node | None = None
    sup: Node | None = None
    primes: int = 0
    sub_text: str = ""
    sup_text: str = ""


@dataclass(frozen=True, slots=True)
class Fraction(Node):
    """`\\frac{a}{b}` or `{a \\over b}`; `a/b` stays a Product."""
    numerator: Node
    denominator: Node


@dataclass(frozen=True, slots=True)
class BigOperator(Node):
    """sum, prod, lim, max ... with bounds; the body is the product that follows, up to a sign or relation."""
    name: str
    lower: Node | None
    upper: Node | None
    body: Node
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Accent(Node):
    """`\\tilde{C}`: name "\\tilde"."""
    name: str
    body: Node


@dataclass(frozen=True, slots=True)
class Annotated(Node):
    """`\\underbrace{body}_{note}`, `\\overset{note}{body}`, `\\boxed{body}`: name is the command."""
    name: str
    body: Node
    note: Node | None = None


@dataclass(frozen=True, slots=True)
class Root(Node):
    """`\\sqrt[degree]{body}`."""
    body: Node
    degree: Node | None = None


# --- enclosures -----------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Delimited(Node):
    """open body close; half-open intervals keep their two kinds, "." is a missing one (`\\left.`)."""
    open: str
    body: Node
    close: str


@dataclass(frozen=True, slots=True)
class Abs(Node):
    """| body |."""
    body: Node


@dataclass(frozen=True, slots=True)
class Norm(Node):
    """|| body ||; the kind of norm is a script around it."""
    body: Node


@dataclass(frozen=True, slots=True)
class Group(Node):
    """{body}: invisible braces around more than one operand."""
    body: Node


@dataclass(frozen=True, slots=True)
class Matrix(Node):
    """Rows of cells; environment is "bmatrix", "pmatrix", "array" ..."""
    environment: str
    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True, slots=True)
class Condition(Layout):
    """word body: `\\text{if } t < T`, `for all t`, `\\text{otherwise}` (no body), or a bare second cell (no word)."""
    word: Text | None
    body: Node | None


@dataclass(frozen=True, slots=True)
class Case(Layout):
    """value, condition."""
    value: Node
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Cases(Node):
    """`\\begin{cases} value & condition \\\\ ... \\end{cases}`."""
    cases: tuple[Case, ...]


# --- a display ------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Statement(Layout):
    """side relation side relation ... side, one fact or definition of a display.

    A row that begins with a relation continues the chain of the row before.  `lead` is the word before it ("where",
    "and", "\\Rightarrow"); `notes` are words after it that state no condition.
    """
    sides: tuple[Node, ...]
    relations: tuple[Relation, ...] = ()
    lead: Text | None = None
    conditions: tuple[Condition, ...] = ()
    notes: tuple[Text, ...] = ()
    tag: str | None = None
    label: str | None = None

    @property
    def starts(self) -> tuple[int, ...]:
        """Offset of each link of the chain: of the first side, then of each further relation."""
        return (self.span[0], *(r.span[0] for r in self.relations[1:]))


@dataclass(frozen=True, slots=True)
class Statements(Layout):
    """All statements of one display.  marks: the spaces, `&`, `\\\\`, punctuation that are no part of a statement."""
    statements: tuple[Statement, ...]
    source: str = field(default="", compare=False, repr=False)


# --- walking --------------------------------------------------------------------------------------------------------

PLAIN = frozenset(("str", "str | None", "int", "bool", "tuple[str, ...]"))


@cache
def contents(kind: type[Layout]) -> tuple[str, ...]:
    """The fields that hold parts; the others are words, or say where."""
    return tuple(f.name for f in fields(kind) if f.name not in ("span", "marks") and f.type not in PLAIN)


def children(part: Layout) -> tuple[Layout, ...]:
    """The parts directly below, in the order of the fields."""
    return tuple(_parts([getattr(part, name) for name in contents(type(part))]))


def walk(part: Layout) -> Iterator[Layout]:
    """The part and everything below it, without recursion."""
    return _parts([part], enters=True)


def tokens(part: Layout) -> Marks:
    """Every token the tree stands on, in the order of the formula."""
    return tuple(sorted((m for p in walk(part) for m in p.marks), key=lambda token: token.index))


def _parts(stack: list[object], enters: bool = False) -> Iterator[Layout]:
    stack = stack[::-1]
    while stack:
        top = stack.pop()
        if isinstance(top, tuple):
            stack.extend(top[::-1])
        elif isinstance(top, Layout):
            yield top
            stack.extend([getattr(top, name) for name in contents(type(top))[::-1]] if enters else ())
