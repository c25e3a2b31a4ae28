"""The fuzzer of `decide`: what it proves is true, what it refutes is false, at random expressions, laws and edits.

Whether a pair is equal is said by a second reader in balls at several sizes, lengths and indices, not by the edit.
"""

import os
from fractions import Fraction
from random import Random
from time import process_time

import flint
import pytest
from expressions import CONTEXT, NET, pair
from plain_values import Reader, ball

from lstm_sym.equality.decide import decide
from lstm_sym.equality.existence import domain_of
from lstm_sym.equality.prove import Proof
from lstm_sym.equality.search import holds
from lstm_sym.equality.terms import Undecidable, Work
from lstm_sym.equality.unfold import Definitions, level_binders
from lstm_sym.equality.verdicts import Different, Equal
from lstm_sym.errors import BudgetExceeded, DomainViolation

PLACES = [
    {"n": 2, "m": 3, "T": 4, "t": 2},
    {"n": 3, "m": 2, "T": 3, "t": 3},
    {"n": 2, "m": 1, "T": 3, "t": 1},
    {"n": 1, "m": 2, "T": 1, "t": 1},
    {"n": 2, "m": 3, "T": 2, "t": 1},
    {"n": 1, "m": 2, "T": 3, "t": 2},
    {"n": 1, "m": 3, "T": 4, "t": 3},
]
SHARDS, PAIRS = 20, 100
LONG = int(os.environ.get("FUZZ_PAIRS", "100000"))
START = int(os.environ.get("FUZZ_SEED", "0")) or 1_000_000


def values(at, seed):
    random = Random(seed)

    def matrix(q):
        rows, columns = (at.get(str(extent), 1) for extent in q.shape)
        return [
            [ball(Fraction(random.randint(-9, 9) or 4, random.choice((5, 7, 11)))) for _ in range(columns)]
            for _ in range(rows)
        ]

    found = {(q.name, ()): matrix(q) for q in NET.parameters}
    return found | {(q.name, (k,)): matrix(q) for q in NET.inputs for k in range(at["T"] + 2)}


def truth(a, b):
    """True, False, or None where nothing is defined."""
    defined = False
    with flint.ctx.workprec(300):
        for seed, at in enumerate(PLACES):
            try:
                reader = Reader(values(at, seed), ball)
                entries = [
                    pair
                    for rows in zip(reader.matrix(a, at), reader.matrix(b, at), strict=True)
                    for pair in zip(*rows, strict=True)
                ]
            except ArithmeticError:
                continue
            for left, right in entries:
                if flint.arb(left).is_finite() and flint.arb(right).is_finite():
                    defined = True
                    if not flint.arb(left).overlaps(flint.arb(right)):
                        return False
    return True if defined else None


def proved(a, b):
    """What the prover alone says, also of pairs that numbers would tell apart first."""
    try:
        context = domain_of(level_binders(a - b), NET, CONTEXT)
        return bool(holds(Proof(Definitions.of(NET), Work(process_time() + 1)), a, b, context))
    except (BudgetExceeded, Undecidable, DomainViolation):
        return False


def judged(seeds):
    """(pairs, true ones, true ones proved); fails at a wrong proof or a wrong refutation."""
    true = found = 0
    for seed in seeds:
        a, b = pair(seed)
        equal = truth(a, b)
        proof = proved(a, b)
        assert not (proof and equal is False), f"pair({seed}) is proved and false: {a}  =  {b}"
        if seed % 5 == 0 and equal is not None:
            answer = decide(a, b, NET, CONTEXT, seconds=1.0)
            assert not (equal and isinstance(answer, Different)), f"pair({seed}) is refuted and true: {a}  =  {b}"
            assert equal or not isinstance(answer, Equal), f"pair({seed}) is decided equal and false: {a}  =  {b}"
        true += bool(equal)
        found += bool(equal and proof)
    return true, found


@pytest.mark.parametrize("shard", range(SHARDS))
def test_what_is_proved_is_true_and_what_is_refuted_is_false(shard):
    true, found = judged(range(shard * PAIRS, (shard + 1) * PAIRS))
    assert true and found / true > 0.9


@pytest.mark.fuzz
@pytest.mark.parametrize("shard", range(100))
def test_no_wrong_verdict_in_a_long_search(shard):
    """FUZZ_SEED and FUZZ_PAIRS choose other pairs; `pair(seed)` of the message is the failure again."""
    start, size = START + shard * (LONG // 100), LONG // 100
    true, found = judged(range(start, start + size))
    print(f"seeds {start} .. {start + size - 1}: {found} of {true} true pairs proved")
