"""Laws that claims of documents rest on and no theorem here proves: determinants, for which the kernel has no word.

They are cited, not proved; `prove --list` counts them, and every verdict that may use one says so.
"""
from __future__ import annotations

SOURCE = "Horn & Johnson, Matrix Analysis, chapters 0 and 1"
LAWS = {
    "DET_MUL":       "det(A B) = det(A) det(B) of square A and B",
    "DET_TRANSPOSE": "det(A') = det(A)",
    "DET_EYE":       "det(I) = 1",
    "DET_DIAG":      "det(diag(v)) = v_1 v_2 ... v_n",
    "DET_RADIUS":    "|det(A)| is the product of the moduli of the n eigenvalues: |det(A)| <= rho(A)^n",
}
