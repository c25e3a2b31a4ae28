"""Nodes check shapes, rebuild from their arguments, refuse floats; their errors name both shapes."""

import copy
import gc
import pickle

import numpy as np
import pytest
import rules
import sympy as sp
from rules import A, B, C, c, n, u, v

from lstm_sym.errors import NotAffine, ShapeMismatch
from lstm_sym.expr.functions import tanh
from lstm_sym.expr.indices import integers
from lstm_sym.expr.interned import KNOWN
from lstm_sym.expr.nodes import (
    Add,
    Diag,
    Hadamard,
    Identity,
    MatMul,
    Named,
    Ones,
    ProductOver,
    Scale,
    Slice,
    Stack,
    Zeros,
    add,
    hadamard,
    matmul,
    transpose,
)
from lstm_sym.expr.substitute import nodes_in

t, k = integers("t k")
EVERY = list(dict.fromkeys(part for e in rules.EXAMPLES.values() for part in nodes_in(e)))


@pytest.mark.parametrize("node", EVERY, ids=str)
def test_a_node_is_rebuilt_from_its_arguments(node):
    again = node.func(*node.args)
    assert again == node and hash(again) == hash(node) and again.shape == node.shape


@pytest.mark.parametrize("make, shapes", [
    (lambda: A + B, "n, n.*n, m"), (lambda: A @ C, "n, n.*m, n"), (lambda: A * B, "n, n.*n, m"),
    (lambda: Stack(A, B), "n, n.*n, m"), (lambda: Diag(A), "n, n"), (lambda: ProductOver(B, k, 1, 2), "n, m"),
    (lambda: A / v, "n, 1"), (lambda: Add(v, u), "n, 1.*m, 1"), (lambda: v - u, "n, 1.*m, 1"),
])
def test_a_wrong_shape_is_an_error_that_names_the_shapes(make, shapes):
    with pytest.raises(ShapeMismatch, match=shapes):
        make()


@pytest.mark.parametrize("make", [lambda: 0.5 * A, lambda: A * 0.5, lambda: A + 0.5, lambda: A / 2.0,
                                  lambda: Scale(sp.Float(2), A), lambda: A ** -1, lambda: A ** 0.5, lambda: A @ 2,
                                  lambda: MatMul(A, "x"), lambda: Add(), lambda: A * "2"])
def test_floats_text_and_wrong_powers_are_refused(make):
    with pytest.raises((TypeError, AttributeError)):
        make()


@pytest.mark.parametrize("value", [1.5, sp.Rational(1, 2), t * k, t**2, True, "t"])
def test_an_index_is_integer_affine(value):
    with pytest.raises(NotAffine):
        Named("h", n)[value]


@pytest.mark.parametrize("node", EVERY, ids=str)
def test_equal_nodes_are_one_object_and_stay_it_when_they_are_copied(node):
    assert node.func(*node.args) is node and copy.deepcopy(node) is node and pickle.loads(pickle.dumps(node)) is node


def test_a_node_that_nothing_holds_is_forgotten():
    gc.collect()
    made = len(KNOWN)
    node = Named("held by nobody", n) + Named("nor this", n)
    assert len(KNOWN) > made
    del node
    gc.collect()
    assert len(KNOWN) == made


def test_operators_read_like_numpy():
    assert (A @ B).shape == (n, rules.m)
    assert (1 - v).args[0] == Ones(n) and (2 * A) == Scale(2, A) == A * 2
    assert v * v == Hadamard(v, v) == v ** 2 and v ** 0 == Ones(n)
    assert A.T.T == A and (A @ B).T == B.T @ A.T and c.T == c
    with pytest.raises(TypeError):
        np.ones((2, 2)) @ A


def test_constructor_functions_drop_units_and_zeros_and_keep_shapes():
    assert add(A, Zeros(n, n)) == A and add(Zeros(n, n), Zeros(n, n)) == Zeros(n, n)
    assert matmul(Identity(n), A) == A and matmul(A, Zeros(n, 2)) == Zeros(n, 2)
    assert hadamard(c, Ones(n)).shape == (n, 1) and hadamard(v, Ones(n)) == v
    assert transpose(Zeros(n, 1)) == Zeros(1, n)


def test_classes_apply_no_law():
    assert Add(A, Zeros(n, n)).args == (A, Zeros(n, n))
    assert MatMul(Identity(n), A).args == (Identity(n), A)
    assert Add(A, Add(A, A)).args == (A, A, A)


def test_equality_is_structural_and_labels_keep_derivatives_apart():
    assert Named("h", n)[t] == Named("h", n, 1, t) != Named("h", n)[t - 1]
    assert Slice(v, 0, 1) != Slice(v, 1, 1) and tanh(v) != tanh(tanh(v))
