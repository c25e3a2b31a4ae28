"""The pages of `explain` are documents: the checker finds the error in the wrong form and proves the right one."""
from __future__ import annotations

import re

import pytest

from lstm_sym.documents.check import check_text
from lstm_sym.report.explain import codes, page

EXPECTED = re.compile(r"<!-- lstm-sym: expect (\w+) ?(\w*) -->\n")
JUDGED = [code for code in codes() if EXPECTED.search(page(code)) or "\\frac" in page(code)]


@pytest.mark.parametrize("code", JUDGED)
def test_the_wrong_form_has_the_code_of_its_page_and_the_right_form_is_proved(code):
    checked = check_text(page(code), f"{code}.md")
    assert checked.unmet == ()
    rest = [f for f in checked.findings if f.verdict and not f.expected]
    assert [(f.line, f.verdict) for f in rest if f.verdict != "proved"] == []
    assert rest or code == "E106"              # the right form of E106 is a sentence


@pytest.mark.parametrize("code", [c for c in JUDGED if EXPECTED.search(page(c))])
def test_a_page_expects_its_own_code_or_none(code):
    (named,) = {named for _, named in EXPECTED.findall(page(code))}
    assert named in (code, "")


def test_every_error_page_has_a_wrong_form_that_is_expected():
    assert [code for code in codes() if code.startswith("E") and not EXPECTED.search(page(code))] == []
