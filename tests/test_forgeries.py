"""Steps of proofs changed at random: what states another thing than the kernel gives, the second reader refuses."""
from __future__ import annotations

from random import Random

import pytest
from mutations import answer, forgery, states_what_the_kernel_gives

from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.reading import Refused
from lstm_sym.proof.recheck import recheck


def is_accepted(t: Theorem) -> bool:
    try:
        recheck(t)
    except Refused:
        return False
    return True


def accepted_wrongly(seeds: range) -> list[int]:
    """The forgeries that the second reader accepts and the kernel does not give."""
    made = ((seed, forgery(Random(seed))) for seed in seeds)
    return [seed for seed, t in made if is_accepted(t) and not states_what_the_kernel_gives(t)]


def refused_wrongly(seeds: range) -> list[int]:
    """What the kernel makes of changed premises and data, and the second reader refuses: one of them is wrong."""
    made = ((seed, answer(Random(seed))) for seed in seeds)
    return [seed for seed, t in made if t is not None and not is_accepted(t)]


def test_the_second_reader_refuses_what_the_kernel_does_not_give():
    assert accepted_wrongly(range(200)) == []


def test_the_second_reader_accepts_what_the_kernel_makes_of_other_premises():
    assert refused_wrongly(range(200)) == []


@pytest.mark.fuzz
@pytest.mark.parametrize("first", range(0, 100_000, 2500))
def test_both_readers_agree_on_many_changed_steps(first):
    seeds = range(first, first + 2500)
    assert accepted_wrongly(seeds) == [] == refused_wrongly(seeds)
