"""The README's tables are what the program says; `python tests/readme_tables.py` writes them anew."""

import pytest
from readme_tables import README, TABLES, block


@pytest.mark.parametrize("name", TABLES)
def test_each_table_of_the_readme_is_what_the_program_says(name):
    assert block(name) in README.read_text(encoding="utf-8")
