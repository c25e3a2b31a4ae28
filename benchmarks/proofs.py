"""Seconds to prove and to replay each theorem, and to certify a matrix of 64 units: python benchmarks/proofs.py"""
from time import perf_counter

import numpy as np

from lstm_sym.proof.certify import certify
from lstm_sym.proof.recheck import recheck
from lstm_sym.proof.registry import THEOREMS


def main() -> None:
    total = 0.0
    for name, row in THEOREMS.items():
        start = perf_counter()
        theorem = row.prove()
        proved = perf_counter()
        steps = recheck(theorem)
        end = perf_counter()
        total += end - start
        print(f"{name:28}{proved - start:8.3f} s proved{end - proved:8.3f} s replayed{steps:6} steps")
    print(f"{'all':28}{total:8.3f} s")
    W = np.random.default_rng(1).normal(size=(64, 64)) / 20
    start = perf_counter()
    certify(W.tolist())
    print(f"{'certify n = 64':28}{perf_counter() - start:8.3f} s")


if __name__ == "__main__":
    main()
