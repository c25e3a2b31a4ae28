r"""Worked matrices of numbers are checked entry by entry, against the digits shown."""
from __future__ import annotations

import pytest

from lstm_sym import check_text

PRODUCT = r"\begin{bmatrix} 0.5 & 0.1 \\ 0.2 & 0.6 \end{bmatrix} \begin{bmatrix} 0.8 \\ 0.8 \end{bmatrix}"


def verdict(claim):
    return check_text(f"$${claim}$$").findings[-1].verdict


@pytest.mark.parametrize(("claim", "expected"), [
    (PRODUCT + r" = \begin{bmatrix} 0.48 \\ 0.64 \end{bmatrix}", "proved"),
    (PRODUCT + r" = \begin{bmatrix} 0.48 \\ 0.56 \end{bmatrix}", "refuted"),
    (PRODUCT + r" \approx \begin{bmatrix} 0.5 \\ 0.6 \end{bmatrix}", "proved"),
    (r"\begin{bmatrix} 0.48 \\ 0.56 \end{bmatrix} \odot [0.8, 0.8] = \begin{bmatrix} 0.384 \\ 0.448 \end{bmatrix}", "proved"),
    (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix} + \begin{pmatrix} 3 \\ 4 \end{pmatrix} = [4, 6]", "proved"),
    (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix} - \begin{pmatrix} 3 \\ 4 \end{pmatrix} = [-2, 2]", "refuted"),
    (r"2 \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}^T = \begin{bmatrix} 2 & 6 \\ 4 & 8 \end{bmatrix}", "proved"),
    (r"2 \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}^T = \begin{bmatrix} 2 & 4 \\ 6 & 8 \end{bmatrix}", "refuted"),
    (r"\begin{bmatrix} 0.1 \\ 0.2 \end{bmatrix} 0.33 = \begin{bmatrix} 0.033 \\ 0.07 \end{bmatrix}", "conditional"),
])
def test_a_matrix_is_right_if_every_entry_is(claim, expected):
    assert verdict(claim) == expected


def test_the_entry_that_is_wrong_is_named():
    found = check_text(f"$${PRODUCT} = " r"\begin{bmatrix} 0.48 \\ 0.56 \end{bmatrix}$$").findings[-1]
    assert found.message == "in row 2, column 1 the left side is 16/25, the right side 14/25"


def test_matrices_of_two_shapes_are_left_open():
    assert verdict(PRODUCT + r" = \begin{bmatrix} 0.48 & 0.64 \end{bmatrix}") not in ("proved", "refuted")


def test_numbers_that_differ_beyond_what_a_float_holds_are_not_equal():
    assert verdict(r"\begin{bmatrix} 1 \\ 0.30000000000000001 \end{bmatrix} = \begin{bmatrix} 1 \\ 0.3 \end{bmatrix}") != "proved"
