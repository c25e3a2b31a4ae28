"""Every rule: an instance is accepted, it is refused without a premise, its table facts agree with those of `expr`."""
import pytest

from lstm_sym.equality.freeze import freeze
from lstm_sym.errors import ProofError
from lstm_sym.expr.functions import FUNCTIONS
from lstm_sym.expr.functions import apply as function_of
from lstm_sym.expr.indices import integers
from lstm_sym.expr.nodes import Named
from lstm_sym.proof.checks import CHECKS
from lstm_sym.proof.grammar import well_formed
from lstm_sym.proof.kernel import apply, assume
from lstm_sym.proof.recheck import lines, recheck
from lstm_sym.proof.rules import RULES
from lstm_sym.proof.second_checks import CHECKED
from lstm_sym.proof.statements import FACTS, Substitution, canonical, substituted
from lstm_sym.proof.tactics import identity


def instance(row):
    return apply(row.name, Substitution(), *(assume(p) for p in row.premises))


@pytest.mark.parametrize("row", RULES.values(), ids=RULES)
def test_each_row_is_well_formed_and_canonical(row):
    for statement in (*row.premises, row.conclusion):
        well_formed(statement)
        assert canonical(statement) == statement


@pytest.mark.parametrize("row", RULES.values(), ids=RULES)
def test_each_row_gives_its_conclusion_and_the_second_reader_agrees(row):
    theorem = instance(row)
    assert theorem.conclusion == row.conclusion and recheck(theorem) >= 1


@pytest.mark.parametrize("name, place", [(r.name, n) for r in RULES.values() for n in range(len(r.premises))])
def test_each_row_is_refused_without_one_of_its_premises(name, place):
    premises = [assume(p) for p in RULES[name].premises]
    with pytest.raises(ProofError):
        apply(name, Substitution(), *premises[:place], *premises[place + 1:])


def test_both_readers_know_the_same_rules():
    assert set(lines()) == set(RULES) and set(CHECKED) == set(CHECKS)


@pytest.mark.parametrize("name", FACTS)
def test_the_facts_of_functions_are_those_of_the_table(name):
    row = FUNCTIONS[name]
    assert FACTS[name] == (name, row.at_zero, row.parity)


def test_what_is_cited_names_its_source():
    assert {r.name for r in RULES.values() if r.source} == {"NORMAL", "GELFAND"}


SLOPES = [name for name in FUNCTIONS if f"D_{name.upper()}" in RULES]


@pytest.mark.parametrize("name", SLOPES)
def test_the_derivative_of_a_row_is_that_of_the_table_of_functions(name):
    n, m = integers("n m")
    A = Named("A", n, m)
    value = function_of(name, A)
    _, _, (_, _, slope, _) = RULES[f"D_{name.upper()}"].conclusion
    of_row = substituted(slope, Substitution(terms={"A": ((), freeze(A))}))
    of_table = freeze(FUNCTIONS[name].derivative(A, value))
    assert identity(of_row, of_table).conclusion == ("eq", of_row, of_table)


def test_every_function_that_the_kernel_knows_has_a_rule_for_its_derivative():
    assert set(SLOPES) == set(FACTS) - {"step"}
