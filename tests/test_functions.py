"""Every fact of every row of the functions table is true, in the generated code too; a false one is found."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from facts import wrong

from lstm_sym.cells.builder import Cell
from lstm_sym.codegen.compile import compile
from lstm_sym.expr.functions import FUNCTIONS, F, Zeros, apply, function, spelled
from lstm_sym.notation.symbols import FUNCTION, read

needs_compiler = pytest.mark.skipif(not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="no C compiler here")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_fact_of_a_row_holds_at_rational_points(name):
    assert wrong(FUNCTIONS[name]) == []


@pytest.mark.parametrize("name, fact, said", [
    ("tanh", "in_range", {"high": F(9, 10)}), ("exp", "in_range", {"low": F(1)}),
    ("sigmoid", "lipschitz", {"lipschitz": F(1, 5)}), ("softplus", "lipschitz", {"lipschitz": F(1, 2)}),
    ("sigmoid", "parity", {"parity": (F(0), -1)}), ("exp", "parity", {"parity": (F(0), 1)}),
    ("sqrt", "at_zero", {"at_zero": F(1)}),
    ("relu", "derivative", {"derivative": lambda x, y: Zeros(1, 1)}),
    ("log", "slope", {"slope": lambda f, x, y: f.apply("reciprocal", x + x)}),
    ("tanh", "floats", {"number": np.sin}), ("tanh", "complex_step", {"number": lambda x: np.tanh(np.real(x))}),
    ("reciprocal", "exact", {"exact": lambda x: x.rational}),
    ("sigmoid", "exact", {"exp_form": (1, lambda e: 1 / (1 + e))}),
    ("step", "scalar", {"scalar": sp.sign}),
])
def test_a_false_fact_is_found(monkeypatch, name, fact, said):
    row = replace(FUNCTIONS[name], **said)
    function.cache_clear()                                   # rows are remembered by name
    monkeypatch.setitem(FUNCTIONS, name, row)
    found = wrong(row)
    function.cache_clear()
    assert fact in {of for of, _ in found}


@pytest.mark.parametrize("target", ["numpy", pytest.param("c", marks=needs_compiler)])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_generated_code_computes_the_function(name, target, tmp_path, monkeypatch):
    monkeypatch.setenv("LSTM_SYM_CACHE", str(tmp_path))
    cell = Cell("one function")
    n, = cell.sizes("n")
    x, h, w = cell.input("x", n), cell.state("h", n), cell.parameter("w", n)
    cell.let(h, apply(name, x + x) + w * h.previous)
    net, rng = compile(cell, target), np.random.default_rng(0)
    params, inputs, state = net.signature.draw({"T": 3, "B": 2, "n": 5}, rng)
    inputs = {k: 0.1 + abs(v) for k, v in inputs.items()} if name in ("log", "sqrt") else inputs
    params = {k: 0 * v for k, v in params.items()}
    found, _ = net.forward(params, inputs, state)
    assert np.allclose(found["h"], FUNCTIONS[name].number(2 * inputs["x"]), rtol=1e-13, atol=1e-15)


def test_no_two_functions_are_spelled_alike():
    assert len(spelled()) == sum(len(row.spellings.split()) for row in FUNCTIONS.values())


@pytest.mark.parametrize("name", [row.name for row in FUNCTIONS.values() if row.spellings])
def test_every_spelling_of_a_function_and_its_print_are_read_as_the_function(name):
    symbol, row = FUNCTION[name], FUNCTIONS[name]
    words = {s if s[0] == "\\" else rf"\operatorname{{{s}}}" for s in row.spellings.split()}
    assert {row.latex, *symbol.also} == words | {row.latex} and all(symbol in read(s) for s in words | {row.latex})
