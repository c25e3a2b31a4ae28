"""Every node type has a line in every rule table, or stands in a named set with the reason why not."""

import pytest
import rules

from lstm_sym.calculus import jacobian, jvp, vjp
from lstm_sym.errors import MissingRule
from lstm_sym.expr import evaluate, nodes
from lstm_sym.expr.nodes import NODES, Named, Node

JACOBIAN_ELSEWHERE = {node: reason for node, reason in jvp.BY_SWEEP.items() if node not in jacobian.JACOBIAN}
TABLES = {
    "VJP":      (vjp.VJP, vjp.BY_SWEEP),
    "JVP":      (jvp.JVP, jvp.BY_SWEEP),
    "JACOBIAN": (jacobian.JACOBIAN, JACOBIAN_ELSEWHERE),
    "EVAL":     (evaluate.EVAL, {}),
    "TEXT":     (nodes.TEXT, {}),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_node_has_a_line_or_a_reason_and_not_both(name):
    table, elsewhere = TABLES[name]
    assert set(table) | set(elsewhere) == set(NODES)
    assert set(table) & set(elsewhere) == set()
    assert all(reason.strip() for reason in elsewhere.values())


def test_every_class_of_nodes_is_in_the_closed_set():
    assert {cls for cls in vars(nodes).values() if isinstance(cls, type) and issubclass(cls, Node)} == {Node, *NODES}


def test_every_node_has_an_example_that_the_rules_are_tested_on():
    seen = {type(part) for example in rules.EXAMPLES.values() for part in example.atoms(*NODES)}
    assert seen == set(NODES)


@pytest.mark.parametrize("module, table, ask", [
    (vjp, "VJP", lambda e: vjp.pullback(e, e, e)),
    (jvp, "JVP", lambda e: jvp.pushforward(e, e, lambda at, inside: at)),
    (evaluate, "EVAL", lambda e: rules.Evaluation(rules.Recurrence(), {"n": 1}, {("v", ()): [[1.0]]})(e)),
])
def test_a_missing_line_is_our_bug_and_the_message_names_the_table(monkeypatch, module, table, ask):
    monkeypatch.delitem(getattr(module, table), nodes.Scale)
    with pytest.raises(MissingRule, match=f"no {table} rule for Scale"):
        ask(2 * Named("v", rules.n))
