"""The second reader accepts what the kernel proves and refuses what is forged."""
import ast
from pathlib import Path

import pytest
from forged import FORGED

from lstm_sym.proof import expander
from lstm_sym.proof.reading import Refused
from lstm_sym.proof.recheck import recheck
from lstm_sym.proof.syntax import add, call, diag, had, mul, named, ones, scale, sub, total, tr

READERS = ("recheck", "reading", "expander", "second_checks", "second_table")
KERNEL = {"lstm_sym.proof.rules", "lstm_sym.proof.checks", "lstm_sym.proof.statements", "lstm_sym.proof.arithmetic",
          "lstm_sym.proof.syntax", "lstm_sym.equality"}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_theorem_is_refused(name):
    with pytest.raises(Refused):
        recheck(FORGED[name]())


@pytest.mark.parametrize("name", READERS)
def test_the_second_reader_shares_no_code_with_the_rules(name):
    tree = ast.parse((Path(expander.__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
    modules = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert not any(m and any(m.startswith(k) for k in KERNEL) for m in modules)


A, B, d = named("A", "n", "n"), named("B", "n", "n"), named("d", "n")
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
}


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_the_second_expander_proves_identities(pair):
    assert expander.equal(*pair)


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT)
def test_the_second_expander_refuses_what_is_false(pair):
    assert not expander.equal(*pair)
