"""The README's tables are what the program says; `python tests/readme_tables.py` writes them anew."""

import re

import pytest
from readme_tables import README, ROOT, TABLES, block

PAGES = [README, ROOT / "CONTRIBUTING.md", ROOT / "docs" / "README.md"]


@pytest.mark.parametrize("name", TABLES)
def test_each_table_of_the_readme_is_what_the_program_says(name):
    assert block(name) in README.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_each_link_leads_to_a_file(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_decision_is_in_the_index():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [p.name for p in decisions if f"(decisions/{p.name})" not in index] == []


def test_every_place_to_touch_exists():
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Places to touch")[2].partition("\n\n")[0]
    places = re.findall(r"`([\w/]+(?:/|\.py|\.v))`", table)
    assert places and [p for p in places if not any((root / p).exists() for root in (ROOT, ROOT / "lstm_sym"))] == []
