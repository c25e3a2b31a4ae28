r"""Names as they are spelled: `W_{hh}`, `\tilde{C}_{t-1}`, `h^{(t)}`, `a_{f,t}` are a key and, perhaps, a time.

A script is a time if it is affine in index letters and its base is indexed by time somewhere in the document;
everything else in a script belongs to the name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lstm_sym.documents.layout.expression import spelled
from lstm_sym.documents.layout.tree import (
    Accent,
    Annotated,
    BigOperator,
    Chain,
    Delimited,
    Function,
    Group,
    Layout,
    List,
    Node,
    Number,
    Operator,
    Product,
    Scripts,
    Sum,
    Symbol,
    children,
    tokens,
    walk,
)
from lstm_sym.documents.reading.superscripts import STARS, TRANSPOSES
from lstm_sym.expr.affine import Affine, combine, constant, variable

TIME_LETTERS = frozenset(("t", "T", "k", "s", r"\tau", "i", "j", "l", "m", "n", "N"))
RUNNING = frozenset(("t", "k", "s", r"\tau", "n"))            # which of them run over all steps of a model
PLACES = {"(": "^{(#)}", "[": "^{[#]}", r"\langle": r"^{\langle # \rangle}", "<": "^{<#>}",
          "of": "(#)", "at": "[#]", "": "^{#}"}                           # how a time in a bracket of each kind is written
FONT_COMMANDS = {
    "bold": r"\mathbf",
    "calligraphic": r"\mathcal",
    "blackboard": r"\mathbb",
    "roman": r"\mathrm",
    "fraktur": r"\mathfrak",
    "sans": r"\mathsf",
    "typewriter": r"\mathtt",
}
BRACES = frozenset((r"\underbrace", r"\overbrace"))


@dataclass(frozen=True, slots=True)
class Spelled:
    """A name without its time, the time, and what else stands in its scripts."""

    key: str
    time: Affine | None = None
    place: str = ""  # how the time is written, # for it; "" for a subscript
    sup: Node | None = None  # a superscript that is no time: T, 2, \top ...
    primes: int = 0
    matrix: bool = False  # its entries are written somewhere: w_{ij}
    column: bool = False  # an argument of any function: its entries in a column, whatever its letter

    @property
    def is_delta(self) -> bool:
        """Is it a \\delta, plain or bold, whatever its scripts?"""
        return self.key.removeprefix(r"\mathbf{").startswith(r"\delta")

    @property
    def is_upper(self) -> bool:
        """Is it an upper-case letter, plain or bold?"""
        plain = self.key.lstrip("\\").removeprefix("mathbf{").removeprefix("mathrm{").removeprefix("boldsymbol{")
        return plain.lstrip("\\")[:1].isupper()                # \mathbf{\Theta}


@dataclass(frozen=True, slots=True)
class Indexing:
    """Which keys are indexed by time in this document, the letter that runs, and what the document says of signs."""

    letter: str = "t"
    families: frozenset[str] = frozenset()
    bound: frozenset[str] = frozenset()  # letters bound by a sum or product around
    running: frozenset[str] = frozenset()  # other letters that run over time: i, where h_{i-1} stands somewhere
    power: str = ""  # what a superscript T on a matrix is, if that is said
    functions: frozenset[str] = frozenset()  # names that are said to be functions
    elementwise: frozenset[str] = frozenset()  # signs that are said to be the entrywise product
    counting: frozenset[str] = frozenset()  # letters that stand in a time or are bound by a sum, anywhere
    matrices: frozenset[str] = frozenset()  # lower-case letters that act on a vector
    numbers: frozenset[str] = frozenset()  # names at a time that multiply a vector
    biases: frozenset[str] = frozenset()  # letters that are added to a matrix times a vector

    def with_bound(self, letter: str) -> Indexing:
        """Inside a sum over `letter`."""
        return replace(self, bound=self.bound | {letter})


def affine_of(node: Node | None) -> Affine | None:
    """`t - 1`, `T - t + 1`, `2 k`, `0` as an affine form; None for anything else."""
    if isinstance(node, Number):
        return constant(int(node.text)) if node.text.isdigit() else None
    if isinstance(node, Symbol):
        return variable(node.name) if node.name in TIME_LETTERS and not node.font else None
    if isinstance(node, Group):
        return affine_of(node.body)
    if isinstance(node, Sum):
        total = constant(0)
        for term in node.terms:
            part = affine_of(term.body)
            if part is None or term.sign not in ("", "+", "-"):
                return None
            total = combine(total, part, -1 if term.sign == "-" else 1)
        return total
    if isinstance(node, Product) and len(node.factors) == 2 and node.operators[0] in ("", r"\cdot"):
        number, rest = map(affine_of, node.factors)
        if number and rest and not number.terms:
            return combine(constant(0), rest, number.constant)
    return None


def letters_of(form: Affine) -> frozenset[str]:
    """The letters of an affine form."""
    return frozenset(s for s, _ in form.terms)


def base_text(node: Node) -> str | None:
    """The LaTeX of a name's base: h, \\mathbf{h}, \\tilde{C}; None if it is no name."""
    if isinstance(node, Symbol):
        return f"{FONT_COMMANDS[node.font]}{{{node.name}}}" if node.font in FONT_COMMANDS else node.name
    if isinstance(node, Function):
        return None
    if isinstance(node, Accent):
        inner = base_text(node.body)
        return None if inner is None else f"{node.name}{{{inner}}}"
    if isinstance(node, Group | Annotated):
        return base_text(node.body)
    return None


def spell(node: Node, indexing: Indexing) -> Spelled | None:
    """The name `node` spells, under a brace with words or not; None if it is no name."""
    if isinstance(node, Annotated) and node.name in BRACES:
        return spell(node.body, indexing)
    if not isinstance(node, Scripts):
        text = base_text(node)
        return None if text is None else Spelled(text, matrix=_is_matrix(node))
    base = base_text(node.base)
    if base is None:
        if isinstance(node.base, Accent) and isinstance(node.base.body, Scripts):
            return _under_accent(node, indexing)
        return _scripted(node, indexing) if isinstance(node.base, Scripts) else None
    node, layer, after = _brackets_and_mark(node)
    sup_time, named = _superscript(node)
    mark = layer or named or (node.sup_text if sup_time is not None else "")
    subs, time = _subscript(node, base, f"^{{{mark}}}" if mark else "", indexing)
    key = f"{base}_{{{','.join(subs)}}}" if subs else base
    named = layer or named
    if sup_time is not None and not layer and (time is not None or not _is_time(sup_time, key, indexing)):
        sup_time, named = None, node.sup_text                # the layer of h^{(2)}_t, W^{(2)}
    if named:
        key = f"{key}^{{{named}}}"
    sup = after if sup_time is not None or named else node.sup
    place = PLACES[node.sup.open] if sup_time is not None and isinstance(node.sup, Delimited) else ""
    return Spelled(key, time if time is not None else sup_time, place, sup, node.primes, _is_matrix(node.base))


def _is_matrix(base: Node) -> bool:
    return isinstance(base, Symbol) and base.font == "matrix"


def _scripted(node: Scripts, indexing: Indexing) -> Spelled | None:
    """y^{in} with a time or a mark of its own: y^{in}(t)^\\top."""
    inner = spell(node.base, indexing)
    if inner is None or inner.time is not None or inner.sup is not None or inner.primes or node.sub is not None:
        return None
    node, layer, after = _brackets_and_mark(node)
    time, _ = _superscript(node)
    if time is None or layer or not isinstance(node.sup, Delimited):
        return None
    return replace(inner, time=time, place=PLACES[node.sup.open], sup=after, primes=node.primes)


def _brackets_and_mark(node: Scripts) -> tuple[Scripts, str, Node | None]:
    """h^{(t) \\top}, a^{[1] (t)}: the name at a time or of a layer, the layer beside a time, and what is done to it."""
    sup = node.sup
    if not isinstance(sup, Product) or any(sup.operators) or not isinstance(sup.factors[0], Delimited):
        return node, "", None
    first, *rest = sup.factors
    layer = spelled(tokens(first)) if isinstance(rest[0], Delimited) else ""
    last, after = (rest[0], rest[1:]) if layer else (first, rest)
    whole = replace(node, sup=last, sup_text=spelled(tokens(last)))
    return (whole, layer, after[0] if after else None) if len(after) < 2 else (node, "", None)


def _under_accent(node: Scripts, indexing: Indexing) -> Spelled | None:
    """`\\tilde{C_t}` is the accented name at time t."""
    accent = node.base
    inner = spell(accent.body, indexing) if isinstance(accent, Accent) else None
    return (
        None
        if inner is None or not isinstance(accent, Accent)
        else replace(inner, key=f"{accent.name}{{{inner.key}}}", sup=node.sup, primes=node.primes)
    )


def _subscript(node: Scripts, base: str, mark: str, indexing: Indexing) -> tuple[list[str], Affine | None]:
    """The parts of a subscript that belong to the name, and the time among them.  mark: what stands above, \\delta^y_T."""
    if node.sub is None:
        return [], None
    items = node.sub.items if isinstance(node.sub, List) else (node.sub,)
    texts = node.sub_text.split(",") if isinstance(node.sub, List) else [node.sub_text]
    forms = [affine_of(item) for item in items]
    if len(items) != len(texts):
        return [node.sub_text], None
    for place, form in enumerate(forms):
        rest = [t for n, t in enumerate(texts) if n != place]
        key = f"{base}_{{{','.join(rest)}}}" if rest else base
        if form is not None and any(_is_time(form, k, indexing) for k in dict.fromkeys((key, key + mark))):
            return rest, form
    return texts, None


def _is_time(form: Affine, key: str, indexing: Indexing) -> bool:
    letters = letters_of(form)
    if indexing.letter in letters:
        return True
    return key in indexing.families and (
        not letters
        or letters <= indexing.bound | indexing.running | {"T", "k", "s", r"\tau", indexing.letter}
        or bool(letters & indexing.bound)
    )


def _superscript(node: Scripts) -> tuple[Affine | None, str]:
    """A time in a bracket of the superscript, or a part of the name."""
    sup = node.sup
    if isinstance(sup, Delimited) and sup.open in PLACES:
        form = affine_of(sup.body)
        return (form, "") if form is not None else (None, node.sup_text)
    letter = isinstance(sup, Symbol) and sup.name not in ("T", "t", *TRANSPOSES) and sup.name.isalpha()
    if letter or (isinstance(sup, Operator | Symbol) and sup.name in STARS):
        return None, node.sup_text
    return None, node.sup_text if isinstance(sup, Product) and _is_word(sup) else ""


def _is_word(sup: Product) -> bool:
    """The in of y^{in}: letters side by side, which are no index, no power and no transpose."""
    letters = [x.name for x in sup.factors if isinstance(x, Symbol) and x.name.isalpha() and not x.font]
    plain = len(letters) == len(sup.factors) and not any(sup.operators)
    return plain and letters[-1] != "T" and (len(letters) > 2 or "t" not in letters)


def survey(formulas: Iterable[Layout], letter: str = "t") -> Indexing:
    """The keys that carry the running letter as a time anywhere in the formulas, and the letters that are shifted on them."""
    nodes = [node for formula in formulas for node in walk(formula)]
    scripts = [node for node in nodes if isinstance(node, Scripts)]
    families = frozenset(key for key, time in _timed(scripts, Indexing(letter)) if letter in letters_of(time))
    timed = list(_timed(scripts, Indexing(letter, families, TIME_LETTERS)))
    shifted = [letters_of(time) for key, time in timed if key in families and time.constant]
    products = (n.lower for n in nodes if isinstance(n, BigOperator) and n.name == "prod" and isinstance(n.lower, Chain))
    over = {first.name for lower in products if isinstance(first := lower.sides[0], Symbol)}
    shifted += [letters_of(time) & over for key, time in timed if key in families]
    running = frozenset().union(*(letters for letters in shifted if len(letters) == 1))
    lower = (node.lower for node in nodes if isinstance(node, BigOperator) and node.lower is not None)
    bound = (x.name for part in lower for x in walk(part) if isinstance(x, Symbol))
    counting = frozenset({letter, *bound}).union(*(letters_of(time) for _, time in timed))
    return Indexing(letter, families, running=running, counting=counting)


def _timed(scripts: Iterable[Scripts], indexing: Indexing) -> Iterator[tuple[str, Affine]]:
    """The names that have a time, and their times."""
    found = (spell(node, indexing) for node in scripts)
    return ((name.key, name.time) for name in found if name is not None and name.time is not None)


def names_in(node: Layout, indexing: Indexing) -> Iterator[Spelled]:
    """The names spelled in a formula, not the letters of their scripts."""
    found = spell(node, indexing) if isinstance(node, Symbol | Scripts | Accent) else None
    if found is not None:
        yield found
    else:
        yield from (n for child in children(node) for n in names_in(child, indexing))
