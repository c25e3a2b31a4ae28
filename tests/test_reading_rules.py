"""The rules by which an ambiguous formula is read: one row a rule, with the documents that show it and its override.

The documents are snippets of tests/data/reading_rules.txt, or those that other tests read already.
"""
from __future__ import annotations

import pytest
from claims import Snippet, said, snippets

from lstm_sym.documents.check import check_text
from lstm_sym.documents.sections.prose import loss_convention

SNIPPETS = snippets("reading_rules.txt")
ELSEWHERE = {s.name for name in ("claims.txt", "notations.txt", "losses.txt") for s in snippets(name)}
RULES: dict[str, tuple[str, ...]] = {
    "^T is a transpose or a power": (
        "signs of transposition", "T is a power or a transpose", "transpose: the sign that is named", "transpose: T",
    ),
    "times": (
        "the letter bound by a sum is a time", "ng with angles", "superscript times",
        "hochreiter's functions of time", "time: another letter", "a layer beside a time is part of the name",
        "a layer in brackets beside a time in angles",
    ),
    "product or application": (
        "a bracket after a letter", "a bare name of a function", "functions: names that are applied",
    ),
    "signs of products": (
        "signs of products, by shape", "the words that name a sign are believed", "elementwise: the sign",
    ),
    "juxtaposition binds tighter": (
        "juxtaposition binds tighter",
    ),
    "[h, x] is a stack after a matrix": (
        "brackets", "lstm as Olah writes it", "block matrices",
    ),
    "layout of a Jacobian": (
        "layout is open", "layout: in the front matter", "layout of jacobians, declared",
        "one Jacobian in the layout that the others are not in",
    ),
    "samples in rows": (
        "rows, by the model", "vectors: rows", "d2l rows", "jaeger, rows",
    ),
    "total or direct": (
        "the same derivative on both sides is the direct partial", "the direct partial by a weight",
        "total and partial", "lstm, partial or total",
    ),
    "order of a product over time": (
        "order of a product", "pascanu",
    ),
    "a bound index used free": (
        "a letter bound by a sum and used outside of it",
    ),
    "powers of vectors, 1 and I": (
        "entrywise powers, and I for ones",
        "a bold 1 is the column of ones where it multiplies, and a number beside terms",
    ),
    "kinds of names": (
        "kinds by spelling: a state in upper case, bold names", "scalars: weights in lower case",
        "a model of the catalogue",
    ),
    "true for scalars only": (
        "scalars: a state declared as a number", "scalars: vectors declared", "one unit",
        "scalars: an input of one number beside states of many", "sizes that nobody names may be one",
    ),
    "the steps that a loss reads": (
        "the loss is open", "loss left open", "loss at the last step by definition",
        "words that mention the last step do not make it the only one",
    ),
    "shapes, the later statement wins": (
        "shapes: what is declared apart wins over the formulas",
    ),
    "what is said and not understood": (
        "a directive that is not known leaves everything open", "what is not decided and what is not read",
    ),
}


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda s: s.name)
def test_each_rule_reads_its_documents_so(snippet: Snippet) -> None:
    findings = check_text(snippet.text).findings
    found = [(row.latex, said([f for f in findings if f.line == snippet.line(n)], row)) for n, row in enumerate(snippet.rows)]
    assert found == [(row.latex, f"{row.verdict} {row.code}") for row in snippet.rows]


def test_every_rule_has_a_document_and_every_document_a_rule() -> None:
    shown = [name for names in RULES.values() for name in names]
    assert set(shown) <= ELSEWHERE | {s.name for s in SNIPPETS} and {s.name for s in SNIPPETS} <= set(shown)


SENTENCES = {
    "The loss depends on the last state only.":                                    "last",
    "The loss is computed from the final hidden state.":                           "last",
    "Only the last hidden state enters the loss.":                                 "last",
    "The total loss is the sum over all the time steps.":                          "every",
    "The loss reads the state at every step. The last step is no exception.":      "every",
    "The loss depends on all states, not only on the last.":                       None,
    "The loss does not depend on the last state only.":                            None,
    "The loss is the sum of the losses from the first step to the last step.":     None,
    "There is no loss at every step, only one at the end.":                        None,
    "The loss is evaluated at each step except the last.":                         None,
    "Some loss of information between the first and the last step is inevitable.": None,
}


@pytest.mark.parametrize(("sentence", "steps"), SENTENCES.items())
def test_a_sentence_settles_what_the_loss_reads_only_if_it_says_nothing_else(sentence: str, steps: str | None) -> None:
    assert loss_convention(sentence) == steps


def test_of_two_statements_of_a_shape_the_later_one_wins() -> None:
    text = "<!-- lstm-sym: declare U: n x n -->\n$$h_t = \\tanh(W h_{t-1} + U x_t)$$\n"
    claim = "$$\\frac{\\partial h_t}{\\partial x_t} = \\operatorname{diag}(1 - h_t^2) W$$"
    assert [check_text(text + claim, declare=d).findings[-1].code for d in ((), ("U: n x m",))] == [None, "E109"]


def test_a_directive_that_is_not_followed_is_reported_with_what_was_expected() -> None:
    told = [check_text(f"<!-- lstm-sym: {d} -->\n").findings[0] for d in ("layout: rows", "expekt refuted")]
    assert [f.verdict for f in told] == ["not_read"] * 2
    assert "columns, denominator, numerator" in told[0].message and "expect" in told[1].message
