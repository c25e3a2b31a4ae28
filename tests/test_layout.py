"""A formula's layout tree: every token has its place, nothing is dropped, and what cannot be laid out says where."""

import gc
import re
import time
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sketch import sketch

from lstm_sym.documents.layout import parse as layout
from lstm_sym.documents.layout import tree
from lstm_sym.documents.layout.alphabet import BRACKETS, SIZES, SPACES, WIDE
from lstm_sym.documents.layout.fold import is_bodiless
from lstm_sym.documents.layout.macros import Macro, definitions
from lstm_sym.documents.layout.tokens import tokenize
from lstm_sym.documents.layout.tree import tokens, walk
from lstm_sym.errors import DocumentError, LayoutError

TABLE = [
    tuple(part.strip() for part in block.split("\n    "))
    for block in (Path(__file__).parent / "data" / "layouts.txt").read_text(encoding="utf-8").split("\n\n")[1:]
]
FORMULAS = [latex for latex, _ in TABLE]
PIECES = sorted({piece for latex in FORMULAS for piece in re.findall(r"\\[A-Za-z]+|\\.|.", latex)})


def told(latex: str, *macros: Macro) -> str:
    return sketch(layout.parse(latex, macros))


# --- the table -------------------------------------------------------------------------------------

def test_the_table_is_long_enough_to_mean_something():
    assert len(TABLE) >= 150


@pytest.mark.parametrize(("latex", "expected"), TABLE)
def test_each_formula_of_the_table_has_its_layout(latex, expected):
    assert told(latex) == expected


@pytest.mark.parametrize("latex", FORMULAS)
def test_the_tree_stands_on_every_token_once_and_in_order(latex):
    assert tokens(layout.parse(latex)) == layout.stream(latex)


def test_the_first_formula_of_the_tutorial_is_this_tree():
    h, x = tree.Symbol("h"), tree.Symbol("x")
    earlier = tree.Sum((tree.Term("", tree.Symbol("t")), tree.Term("-", tree.Number("1"))))
    before = tree.Scripts(h, earlier, sub_text="t-1")
    now = tree.Scripts(x, tree.Symbol("t"), sub_text="t")
    inside = tree.Sum((
        tree.Term("", tree.Product((tree.Symbol("W"), before), ("",))),
        tree.Term("+", tree.Product((tree.Symbol("U"), now), ("",))),
        tree.Term("+", tree.Symbol("b")),
    ))
    right = tree.Product((tree.Function("tanh", bare=True), tree.Delimited("(", inside, ")")), ("",))
    (found,) = layout.parse("h_t = tanh(Wh_{t-1} + Ux_t + b)").statements
    assert found == tree.Statement((tree.Scripts(h, tree.Symbol("t"), sub_text="t"), right), (tree.Relation("="),))


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_every_character_but_spaces_stands_in_a_token(latex):
    """So a tree that stands on all tokens drops nothing of the formula; comments and the dollars within words are no formula."""
    assume("$" not in latex and "%" not in latex)
    try:
        found = tokenize(latex)
    except LayoutError:
        return
    places = {place for token in found for place in range(token.start, token.end)}
    assert [c for place, c in enumerate(latex) if place not in places and not c.isspace()] == []


# --- spellings -------------------------------------------------------------------------------------

@pytest.mark.parametrize(("one", "other"), [
    ("W ≈ 0 → ∞ ≤ 1", r"W \approx 0 \to \infty \leq 1"),
    ("f ⊙ g · h × k − 1", r"f \odot g \cdot h \times k - 1"),
    ("Wᵀ hₜ₋₁²", "W^T h_{t-1}^2"),
    ("∂L/∂h", r"\partial L / \partial h"),
    ("A ⪰ B ∪ C ⟺ x^⋆ ≻ ℜ(λ)", r"A \succeq B \cup C \iff x^\star \succ \Re(\lambda)"),
    ("⋃_i A_i ⊃ ⨁_i B_i ⊖ C", r"\bigcup_i A_i \supset \bigoplus_i B_i \ominus C"),
    ("∇ Σ σ δ ℓ", r"\nabla \Sigma \sigma \delta \ell"),
    ("W^⊤", r"W^\top"),
    ("C̃ + ĥ", r"\tilde{C} + \hat{h}"),
    ("𝐖 ∈ ℝ", r"\mathbf{W} \in \mathbb{R}"),
    ("f′ + f''", "f' + f^{\\prime\\prime}"),
    (r"a \, b \! c \; d ~ e", "a b c d e"),
    (r"\left( a \right)", "(a)"),
    (r"\bigl( a \Bigr)", "(a)"),
    (r"\lVert a \rVert + \lvert b \rvert", r"\| a \| + |b|"),
    (r"||a||", r"\|a\|"),
    (r"\dfrac{a}{b}", r"{a \over b}"),
    (r"{a}_{t}^{2}", "a^2_t"),
    (r"\limits\displaystyle\sum\limits_{t} a", r"\sum_t a"),
    ("a % a comment\n b", "a b"),
    (r"\begin{align*} a &= b \\ &= c \end{align*}", "a = b = c"),
    (r"a &= b \\[2pt] c &= d", r"a = b, \quad c = d"),
    (r"\mathbf{h}", r"{\bf h}"),
    ("a <= b", r"a \le b"),
    (r"W^{\top}", r"W^\top"),
])
def test_two_spellings_of_one_layout_give_equal_trees(one, other):
    assert layout.parse(one) == layout.parse(other)


@pytest.mark.parametrize(("one", "other"), [
    ("a b", r"a \cdot b"), ("a b", "b a"), ("a/b", r"\frac{a}{b}"), ("(a)", "a"), ("W^T", r"W^\top"),
    (r"\tanh x", "tanh x"), (r"\mathbf{h}", "h"), ("0.5", "0.50"), ("a - b", "a + b"), (r"f \odot g", "f * g"),
    ("a = b", r"a \approx b"), ("[a, b]", "[a; b]"), ("a_b^c", "{a_b}^c"),
])
def test_what_looks_different_is_a_different_tree(one, other):
    assert layout.parse(one) != layout.parse(other)


@pytest.mark.parametrize(("latex", "sub", "sup"), [
    ("W_{hh}", "hh", ""), ("W_{xf}", "xf", ""), ("h^{(t)}", "", "(t)"), ("h_{t, i}", "t,i", ""),
    ("h_{t-1}^2", "t-1", "2"),
    (r"a^{\langle t\rangle}", "", r"\langle t\rangle"), (r"\lambda_{max}^T", "max", "T"), (r"W_\text{rec}", "rec", ""),
    (r"W^{\mathrm{T}}", "", r"\mathrm{T}"), (r"\partial^+", "", "+"),
])
def test_scripts_keep_their_characters(latex, sub, sup):
    (found,) = layout.parse(latex).statements
    assert isinstance(found.sides[0], tree.Scripts)
    assert (found.sides[0].sub_text, found.sides[0].sup_text) == (sub, sup)


# --- places ----------------------------------------------------------------------------------------

def test_each_statement_side_and_link_knows_its_offsets():
    latex = "\\begin{aligned}\n a &= b \\\\\n   &= c + d \\\\\n e &= f\n\\end{aligned}"
    first, second = layout.parse(latex).statements
    assert [latex[slice(*side.span)] for side in first.sides] == ["a", "b", "c + d"]
    assert [latex[start:start + 3] for start in first.starts] == ["a &", "= c"]
    assert latex[slice(*second.span)] == "e &= f"


def test_every_part_lies_within_the_part_above_it():
    for latex in FORMULAS:
        for part in walk(layout.parse(latex)):
            assert 0 <= part.span[0] <= part.span[1] <= len(latex)
            for below in tree.children(part):
                empty = below.span[0] == below.span[1]
                assert empty or part.span[0] <= below.span[0] <= below.span[1] <= part.span[1]


def test_a_big_operator_always_has_its_body():
    assert not any(isinstance(p, tree.Node) and is_bodiless(p) for f in FORMULAS for p in walk(layout.parse(f)))


# --- what cannot be laid out -----------------------------------------------------------------------

@pytest.mark.parametrize(("latex", "at", "words"), [
    (r"a = b + ", 6, "nothing stands after +"),
    ("a = ", 2, "nothing stands after ="),
    ("= = b", 2, "nothing stands after ="),
    (r"a \odot = b", 2, r"nothing stands after \odot"),
    (r"\cdot a = b", 0, r"nothing stands before \cdot"),
    ("a = (b + c", 4, "( is not closed; expected )"),
    ("a = b)", 5, "expected a formula; found )"),
    (r"\left( a", 0, r"\left is not closed; expected \right"),
    (r"\left( a \right", 9, "expected a bracket"),
    (r"\frac{a}", 0, r"\frac needs an argument"),
    (r"\frac{a}{b", 8, "{ is not closed"),
    ("h_{t", 2, "{ is not closed"),
    ("h_", 1, "_ needs an argument"),
    ("h_a_b", 3, "a second _"),
    ("h^10", 2, "^ takes one digit only; expected ^{10}"),
    (r"\foo{x}", 0, r"unknown macro \foo"),
    (r"a \begin{bmatrix} b", 2, r"\begin{bmatrix} is not closed"),
    (r"\begin{aligned} a = b", 0, "aligned is not closed"),
    (r"\begin{aligned} a = b \end{align}", 0, r"expected \end{aligned}"),
    (r"a \text{if", 2, "never closed"),
    ("a = |b", 4, "| is not closed"),
    (r"\|a\| < |b", 8, "| is not closed"),
    ("a # b", 2, "expected an operand; found #"),
    ("a\0b", 1, "expected an operand"),
    ("\\", 0, "expected"),
    (r"\sum_{t=1}^T", 0, r"nothing stands after \sum"),
    (r"\text{if } a < b", 0, "a condition without a statement"),
    (r"a \not b", 7, r"expected a relation after \not"),
    ("{a = b", 0, "{ is not closed"),
    ("a } b", 2, "found }"),
    (r"a \right) b", 2, r"found \right"),
    (r"\tag{1}", 0, "without a formula"),
])
def test_a_malformed_formula_says_where_and_what_was_expected(latex, at, words):
    with pytest.raises(LayoutError) as error:
        layout.parse(latex)
    assert words in str(error.value)
    assert abs(error.value.start - at) <= 1 and isinstance(error.value, DocumentError)


@pytest.mark.parametrize("opening", [
    "{", "(", "[", r"\left(", "^{", "_{a", r"\frac{", r"\sqrt", r"\hat", r"\mathbf", r"\sum ", "|a+", r"\begin{cases}",
    r"\begin{aligned}", r"\text{", r"\underbrace{", r"\{", "a^", "\\bf ", r"\substack{", "- ",
])
def test_nesting_without_end_is_an_error_and_never_a_recursion(opening):
    started = time.process_time()
    with pytest.raises(LayoutError):
        layout.parse(opening * (8_000 // len(opening)))
    assert time.process_time() - started < 4


@pytest.mark.parametrize("depth", [20, 45, 90])
def test_nesting_below_the_cap_is_read(depth):
    for opening, closing in (("(", ")"), ("{", "}"), ("x_{", "}"), (r"\frac{1}{", "}"), (r"\left[", r"\right]")):
        latex = opening * depth + "a" + closing * depth
        assert tokens(layout.parse(latex)) == layout.stream(latex)


def test_a_formula_of_100000_nested_braces_is_refused_at_once():
    with pytest.raises(LayoutError):
        layout.parse("{" * 100_000 + "}" * 100_000)


# --- macros ----------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "latex", "same_as"), [
    (r"\newcommand{\h}{\mathbf{h}}",              r"\h_t",               r"\mathbf{h}_t"),
    (r"\newcommand\R{\mathbb{R}}",                r"x \in \R^n",         r"x \in \mathbb{R}^n"),
    (r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}", r"\pd{L}{h_t}", r"\frac{\partial L}{\partial h_t}"),
    (r"\newcommand{\st}[2][t]{#2_{#1}}",          r"\st{h} + \st[k]{h}", "h_t + h_k"),
    (r"\def\a#1{#1^2}",                           r"\a b + \a{cd}",      "b^2 + cd^2"),
    (r"\def\x{y}\renewcommand{\x}{z}",            r"\x",                 "z"),
    (r"\providecommand*{\T}{\top}",               r"W^\T",               r"W^\top"),
    (r"\DeclareMathOperator{\diag}{diag}",        r"\diag(v)",           r"\operatorname{diag}(v)"),
    (r"\DeclareMathOperator*{\am}{arg\,max}",     r"\am_x x",            r"\operatorname*{argmax}_x x"),
    (r"\newcommand{\w}[1]{\text{if #1}}",         r"a = b \w{x}",        r"a = b \text{if x}"),
    (r"\let\eps\epsilon",                         r"\eps",               r"\epsilon"),
    (r"\newcommand{\eq}{=}\newcommand{\sm}{a \eq b}", r"\sm",            "a = b"),
])
def test_a_macro_of_the_document_is_replaced_by_its_body(text, latex, same_as):
    assert layout.parse(latex, definitions(text)) == layout.parse(same_as)
    assert layout.parse(f"{text} {latex}") == layout.parse(same_as)


def test_a_token_out_of_a_macro_stands_where_the_macro_is_called():
    macros = definitions(r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}")
    (found,) = layout.parse(r"a + \pd{L}{h}", macros).statements
    fraction = found.sides[0].terms[1].body
    assert fraction.span == (4, 13)
    assert fraction.numerator.factors[1].span == (8, 9)           # L, out of the argument


@pytest.mark.parametrize(("text", "words"), [
    (r"\def\a{\a}", r"macro \a expands to more than"),
    (r"\def\a{\b\b}\def\b{\a\a}", "expands to more than"),
    ("".join(rf"\def\{c}{{{(chr(92) + d) * 10}}}" for c, d in zip("abcdefgh", "bcdefghi", strict=True)),
     "expands to more than"),
    (r"\newcommand{\a}[2]{#1#2}", "needs one more argument"),
    (r"\def\a(#1){#1}", "parameters with delimiters"),
    (r"\newcommand{\a}{b", "missing or never closed"),
])
def test_a_macro_that_cannot_be_expanded_is_an_error_in_bounded_time(text, words):
    gc.disable()                                # one collection of all that other tests left takes seconds
    try:
        started = time.process_time()
        with pytest.raises(LayoutError, match=re.escape(words)):
            layout.parse(r"x = \a", definitions(text))
        assert time.process_time() - started < 3
    finally:
        gc.enable()


# --- random formulas -------------------------------------------------------------------------------

def laid_out_or_refused(latex: str) -> None:
    """The tree stands on the whole stream, or there is a LayoutError within the text."""
    try:
        found = layout.parse(latex)
    except LayoutError as error:
        assert 0 <= error.start <= error.end <= len(latex) and str(error)
        return
    assert tokens(found) == layout.stream(latex)
    assert all(is_layout_only(mark) for mark in found.marks)
    sketch(found)


def is_layout_only(token: layout.Token) -> bool:
    """Spaces, row structure, punctuation: what a statement may leave aside."""
    aside = {"&", r"\\", r"\left", r"\right", r"\{", r"\}", r"\|", *",;.:()[]|/<>"}
    return token.text in aside or token.kind in ("space", "wide", "begin", "end") or layout_command(token.text)


def layout_command(text: str) -> bool:
    brackets = {*BRACKETS, *BRACKETS.values(), r"\backslash", r"\uparrow", r"\downarrow"}
    return text in SPACES | WIDE | SIZES.keys() | brackets


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_sequence_of_tokens_is_laid_out_whole_or_refused(latex):
    laid_out_or_refused(latex)


@given(st.sampled_from(FORMULAS), st.lists(st.tuples(st.integers(0, 200), st.sampled_from(["", *PIECES])), max_size=3))
def test_a_formula_with_a_few_mistakes_is_laid_out_whole_or_refused(latex, mistakes):
    for place, piece in mistakes:
        parts = re.findall(r"\\[A-Za-z]+|\\.|.", latex)
        k = place % (len(parts) + 1)
        latex = "".join([*parts[:k], piece, *parts[k + (not piece):]])
    laid_out_or_refused(latex)


@given(st.text(max_size=60))
def test_any_text_is_laid_out_whole_or_refused(latex):
    laid_out_or_refused(latex)


@given(st.sampled_from(FORMULAS), st.integers(0, 300))
def test_a_formula_cut_short_is_laid_out_whole_or_refused(latex, length):
    laid_out_or_refused(latex[:length])
