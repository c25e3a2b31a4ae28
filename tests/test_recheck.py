"""The second reader accepts what the kernel proves and refuses what is forged."""
import ast
from pathlib import Path

import pytest
from forged import FORGED, forge

from lstm_sym.proof import expander
from lstm_sym.proof.reading import Refused
from lstm_sym.proof.recheck import recheck
from lstm_sym.proof.second_checks import CHECKED
from lstm_sym.proof.syntax import (
    add,
    call,
    descending,
    diag,
    eq,
    eye,
    had,
    member,
    mul,
    named,
    ones,
    prod,
    real,
    scale,
    sub,
    total,
    tr,
)

READERS = ("recheck", "readable", "reading", "second_checks", "second_table")
KERNEL = {"lstm_sym.proof.rules", "lstm_sym.proof.checks", "lstm_sym.proof.statements", "lstm_sym.proof.grammar",
          "lstm_sym.proof.arithmetic", "lstm_sym.proof.syntax", "lstm_sym.proof.expander"}
RECORDS = {"Substitution"}                                   # what stands in the data of a step is read, not run


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_theorem_is_refused(name):
    with pytest.raises(Refused):
        recheck(FORGED[name]())


@pytest.mark.parametrize("name", READERS)
def test_the_second_reader_shares_no_code_with_the_rules(name):
    tree = ast.parse((Path(expander.__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
    modules = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and {a.name for a in n.names} - RECORDS}
    assert not modules & KERNEL


A, B, d = named("A", "n", "n"), named("B", "n", "n"), named("d", "n")


def f(name, k): return named(name, 1, 1, k)
def F(*k): return named("F", "n", "n", *k)
def over(k, e): return total(k, "l", "h", e)
def chain(k, e): return descending(k, 1, "h", e)


SAME = {
    "transpose":  (tr(mul(A, B)), mul(tr(B), tr(A))),
    "diagonal":   (mul(diag(d), mul(A, d)), had(d, mul(A, d))),
    "swap":       (mul(diag(d), diag(call("tanh", d))), mul(diag(call("tanh", d)), diag(d))),
    "odd":        (call("tanh", scale(-1, d)), scale(-1, call("tanh", d))),
    "logistic":   (call("sigmoid", scale(-1, d)), sub(ones("n"), call("sigmoid", d))),
    "sum":        (total("k", 1, "T", add(d, named("x", "n", 1, "k"))),
                   add(total("k", 1, "T", d), total("j", 1, "T", named("x", "n", 1, "j")))),
}
DIFFERENT = {
    "order":      (mul(A, B), mul(B, A)),
    "transpose":  (mul(tr(A), d), mul(A, d)),
    "square":     (had(d, d), d),
    "shift":      (total("k", 1, "T", named("x", "n", 1, "k")), total("k", 0, "T", named("x", "n", 1, "k"))),
    "logistic":   (call("sigmoid", scale(-1, d)), scale(-1, call("sigmoid", d))),
    # what is bound, by whatever name a reader spells it, is neither a quantity, nor free, nor bound further out or further in
    "quantity":   (mul(named("k0", 1, "n"), d), mul(named("b0", 1, "n"), d)),
    "free time":  (over("k", mul(f("x", "t0"), f("y", "k"))), over("k", mul(f("x", "k"), f("y", "k")))),
    "spelled":    (over("k", mul(f("x", "s0"), f("y", "k"))), over("k", mul(f("x", "k"), f("y", "k")))),
    "step":       (chain("k", F("step")), chain("k", F("k"))),
    "slots":      (mul(A, call("tanh", mul(B, d))), mul(A, call("tanh", mul(ones("n"), ones(1, "n"), had(B, eye("n")), d)))),
    "sum in f":   (over("k", call("tanh", over("j", mul(f("x", "j"), f("y", "k"))))),
                   over("k", call("tanh", over("j", mul(f("x", "j"), f("y", "j")))))),
    "products":   (chain("k", chain("j", F("j", "k"))), chain("k", chain("j", F("j", "j")))),
    "ends":       (chain("k", had(eye("n"), chain("j", F("j")))), chain("k", had(eye("n"), chain("j", tr(F("j")))))),
}


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_both_readers_prove_identities(pair):
    assert expander.equal(*pair) and CHECKED["IDENTITY"](pair, [], eq(*pair))


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT)
def test_both_readers_refuse_what_is_false(pair):
    assert not expander.equal(*pair) and not CHECKED["IDENTITY"](pair, [], eq(*pair))


@pytest.mark.parametrize("loose, bound", [("#1", "#1"), ("k", "k")])
def test_an_index_free_in_one_statement_is_not_the_one_bound_in_another(loose, bound):
    """x[k] -> 0 as k -> infinity does not give that x[k] x[k] is 0 for the one k that a loose index is."""
    def tends(index, e): return "limit", real(0), index, e
    x = member("x", loose)
    premise = forge((tends(bound, x),), tends(bound, x), "ASSUME", (tends(bound, x),))
    with pytest.raises(Refused):
        recheck(forge(premise.hypotheses, tends("#2", prod(x, x)), "LIM_MUL", (), (premise, premise)))
