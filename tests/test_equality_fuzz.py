"""The fuzzer of `decide`: what it proves is true, what it refutes is false, at random expressions, laws and edits.

Whether a pair is equal is said by a second reader in balls at several sizes, lengths and indices, not by the edit.
"""

import os
import sys
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


def truth(a, b, places):
    """True, False, or None where nothing is defined."""
    defined = False
    with flint.ctx.workprec(300):
        for seed, at in enumerate(places):
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


def verdict_on(seed):
    """(is the pair equal, is it proved, what is wrong with what is said of it)."""
    a, b = pair(seed)
    equal, proof, wrong = truth(a, b, PLACES), proved(a, b), []
    if seed % 5 == 0 and equal is not None:
        answer = decide(a, b, NET, CONTEXT, seconds=1.0)
        if equal and isinstance(answer, Different):         # at sizes and indices that are not among the places, perhaps
            equal = truth(a, b, [{**PLACES[0], **answer.witness.sizes, **answer.witness.at}])
        wrong += ["refuted and true"] if equal and isinstance(answer, Different) else []
        wrong += ["decided equal and false"] if not equal and isinstance(answer, Equal) else []
    wrong += ["proved and false"] if proof and equal is False else []
    return equal, proof, [f"pair({seed}) is {fault}: {a}  =  {b}" for fault in wrong]


def judged(seeds, say=print):
    """(true ones, true ones proved, what is wrong) among the pairs of these seeds; each wrong one is said at once."""
    true = found = 0
    faults = []
    for seed in seeds:
        equal, proof, wrong = verdict_on(seed)
        true += bool(equal)
        found += bool(equal and proof)
        for fault in wrong:
            say(fault)
        faults += wrong
    return true, found, faults


@pytest.mark.parametrize("shard", range(SHARDS))
def test_what_is_proved_is_true_and_what_is_refuted_is_false(shard):
    true, found, faults = judged(range(shard * PAIRS, (shard + 1) * PAIRS))
    assert faults == [] and true and found / true > 0.9


@pytest.mark.fuzz
@pytest.mark.parametrize("shard", range(100))
def test_no_wrong_verdict_in_a_long_search(shard, capfd):
    """FUZZ_SEED and FUZZ_PAIRS choose other pairs, or go on where a search was stopped.

    What is found is said at once; `verdict_on(seed)` shows it again.
    """
    def say(text):
        with capfd.disabled():
            print(text, file=sys.stderr, flush=True)

    start, size = START + shard * (LONG // 100), LONG // 100
    say(f"fuzz: seeds {start} .. {start + size - 1} begin")
    before = process_time()
    true, found, faults = judged(range(start, start + size), say)
    rate = f"{size / max(process_time() - before, 1e-9):.0f} pairs a second of computing"
    say(f"fuzz: seeds {start} .. {start + size - 1} done, {found} of {true} true pairs proved, {rate}")
    assert faults == []
