"""Formulas as links between neighbours in a chain of relations, and which of them suppose something or say where indices run."""
from __future__ import annotations

import re

from lstm_sym.documents.layout import tree
from lstm_sym.documents.layout.macros import Macro
from lstm_sym.documents.layout.parse import parse
from lstm_sym.documents.norms.formulas import TENDS, grows, speaks_of_sizes
from lstm_sym.documents.reading.spelling import affine_of
from lstm_sym.documents.sections.implied import is_drawn
from lstm_sym.errors import LayoutError
from lstm_sym.expr.affine import variable

LARGEST, EQUAL = frozenset(("max", "sup")), ("=", ":=")
Link = tuple[str, tree.Node, tree.Node]     # relation, left, right

WORDS = {"sigma_max": r"\sigma_{\max}", "lambda_max": r"\lambda_{\max}", "rho": r"\rho", "gamma": r"\gamma", "lambda": r"\lambda",
         "sigma": r"\sigma", "<=": r"\le", ">=": r"\ge", "||": r"\|", "symmetric": "", "normal": "", "orthogonal": ""}
OTHER_ARROWS = re.compile(r"\\iff\b|\\(?:L|Longl)eftrightarrow\b|\\impliedby\b|\\(?:L|Long)leftarrow\b|\\Leftarrow\b|[⇔⟺⇐⟸]")
OTHER_WORDS = re.compile(r"\b(?:not|unless|fails?|or|only|iff|exactly|except|neither|nor|without|otherwise|else)\b", re.I)


def of_directive(text: str) -> str:
    """sigma_max(W) < 1 in LaTeX; W symmetric is W = W^T."""
    found = re.fullmatch(r"\s*(\S.*?) (?:is )?(symmetric|normal|orthogonal)\s*", text)
    if found:
        w, kind = found.groups()
        gram = rf"{w}^\top {w}"
        return {"symmetric": rf"{w} = {w}^\top", "normal": rf"{gram} = {w} {w}^\top", "orthogonal": f"{gram} = I"}[kind]
    pattern = "|".join(rf"(?<![\\A-Za-z]){re.escape(w)}(?![a-z_])" if w[0].isalpha() else re.escape(w) for w in WORDS)
    return re.sub(pattern, lambda m: WORDS[m[0]] + " ", text)


def links_of(latex: str, macros: tuple[Macro, ...] = (), supposed: bool = False) -> list[Link]:
    """The links of a formula; none if it cannot be laid out; supposed: none where an arrow draws from them."""
    statements = _statements(latex, macros)
    if supposed and any(is_drawn(s) for s in statements):
        return []                                            # it is supposed in its own formula alone
    return [link for s in statements for link in (*chained(s.sides, s.relations), *conditions_of(s))]


def said_in(latex: str, macros: tuple[Macro, ...] = ()) -> list[Link]:
    """The links of a formula without its conditions, with those between brackets: A \\quad (B)."""
    return [link for s in _statements(latex, macros) for link in (*chained(s.sides, s.relations), *_between_brackets(s))]


def symbols_in(latex: str, macros: tuple[Macro, ...] = ()) -> frozenset[str]:
    """The letters of a formula."""
    return frozenset(n.name for s in _statements(latex, macros) for n in tree.walk(s) if isinstance(n, tree.Symbol))


def _statements(latex: str, macros: tuple[Macro, ...]) -> tuple[tree.Statement, ...]:
    try:
        return parse(latex, macros).statements
    except (LayoutError, RecursionError):
        return ()


def _between_brackets(statement: tree.Statement) -> list[Link]:
    bodies = [side.body for side in statement.sides if isinstance(side, tree.Delimited) and not statement.relations]
    return [link for body in bodies if isinstance(body, tree.Chain) for link in chained(body.sides, body.relations)]


def conditions_of(statement: tree.Statement) -> list[Link]:
    """The relations in words beside a formula: \\text{if } ..., \\forall k > t."""
    chains = [c.body for c in statement.conditions if isinstance(c.body, tree.Chain)]
    return [link for chain in chains for link in chained(chain.sides, chain.relations)]


def is_more_than_one(latex: str) -> bool:
    """Do arrows or words in a formula say more than that something follows from something?"""
    return bool(OTHER_ARROWS.search(latex)) or bool(OTHER_WORDS.search(beside(latex)))


def beside(latex: str) -> str:
    r"""The words in a formula, and \exists: what is said of it there."""
    return " ".join(a or b for a, b in re.findall(r"\\text\w*\{([^{}]*)\}|(\\exists\b|∃)", latex))


def chained(sides: tuple[tree.Node, ...], relations: tuple[tree.Relation, ...]) -> list[Link]:
    """Neighbours in a chain of relations; \\gamma = \\max_z |\\phi'(z)| as |\\phi'(z)| \\le \\gamma, of all z."""
    return [_of_all(r.name, a, b) for r, a, b in zip(relations, sides, sides[1:], strict=False)]


def _of_all(relation: str, left: tree.Node, right: tree.Node) -> Link:
    there, here = _largest(left), _largest(right)
    if here is not None and relation in EQUAL:
        return r"\le", here, left
    return (r"\le", there, right) if there is not None and relation in (*EQUAL, r"\le") else (relation, left, right)


def _largest(node: tree.Node) -> tree.Node | None:
    """The |x| of \\max |x|, \\max_z |x|, \\sup_z |x|."""
    if isinstance(node, tree.BigOperator) and node.name in LARGEST and node.upper is None:
        return node.body if isinstance(node.body, tree.Abs) else None
    head, *rest = node.factors if isinstance(node, tree.Product) else (node,)
    alone = getattr(head, "name", "") in LARGEST and len(rest) == 1 and isinstance(rest[0], tree.Abs)
    return rest[0] if alone else None


def tending(words: list[Link], links: list[Link], of: tree.Node) -> str | None:
    """The index that tends to infinity, in T \\to \\infty; where no words say so, the last step that the formula speaks of.

    words: what stands beside the formula.  links: the formulas of its sentence.  None where something else tends to something.
    """
    for link in (*words, *(x for x in links if affine_of(x[1]) is not None)):
        if link[0] in TENDS:
            return grows(link)
    subscripts = (n.sub for n in tree.walk(of) if isinstance(n, tree.Scripts) and n.sub is not None)
    return "T" if any(affine_of(sub) == variable("T") for sub in subscripts) else ""


def is_supposition(link: Link) -> bool:
    """Can it be a hypothesis here: about sizes, a name of the author's, or what a matrix is?"""
    sign, left, right = link
    if sign in TENDS or (affine_of(left) is not None and affine_of(right) is not None):
        return False
    if speaks_of_sizes(left, right) or sign != "=":
        return True
    if isinstance(right, tree.Number | tree.Fraction) and (is_initial(left) or (
            isinstance(left, tree.Symbol) and left.name.startswith("\\"))):
        return True
    return any(isinstance(n, tree.Scripts) and n.sup is not None for side in (left, right) for n in tree.walk(side))


def is_initial(node: tree.Node) -> bool:
    """c_0."""
    return isinstance(node, tree.Scripts) and node.sub == tree.Number("0") and node.sup is None and not node.primes


def is_of_indices(link: Link) -> bool:
    """t < T, T \\to \\infty: about indices only?"""
    sign, left, right = link
    return affine_of(left) is not None and (affine_of(right) is not None or sign in TENDS)
