"""A report says what was found and no more: JSON key by key, carets under equations, no finding lost."""
from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from lstm_sym.documents.findings import VERDICTS, Checked, Finding
from lstm_sym.equality.verdicts import Witness
from lstm_sym.errors import UnknownName
from lstm_sym.report.explain import codes, page, title
from lstm_sym.report.formats import FORMATS
from lstm_sym.report.pretty import WINDOW, conventions, pretty, window
from lstm_sym.report.sheet import Sheet, summary, tally
from lstm_sym.report.verdicts import LOOKS
from lstm_sym.report.witness import crop, lines_of, short_lines

SOURCE = ("A net", "$$ h_t = W h_{t-1} $$", "so $$ W = W^T $$", r"$$ \rho(W) < 1 $$")
VALUES = {"W": [["1/2", "1"], ["-1", "2"]], "h[0]": [["1"], ["0"]]}
WITNESS = Witness({"n": 2, "T": 4}, VALUES, (1, 2), "1", "-1", True, {"t": 2})
READING = {"symbols": {"W": ["n", "n"]}, "layout": "columns", "superscript_T": "transpose"}
MODEL = Finding(2, 4, 2, "h_t = W h_{t-1}", "model")
REFUTED = Finding(3, 7, 3, "W = W^T", "claim", "refuted", "E102", ("W201",), "a transpose,\nof 5% too many: no",
                  reading=READING, correction="W = W", correction_condition="n = n", witness=WITNESS, evidence="exact")
PROVED = Finding(3, 7, 3, "W = W", "claim", "proved", message="one normal form", reading=READING)
UNREAD = Finding(4, 4, 4, r"\rho(W) < 1", "claim", "not_read", "N301", message="what is rho?")
CONDITIONAL = Finding(3, 7, 3, "W = W^T", "claim", "conditional", "W201", message="true if T = 1", condition="T = 1")
UNDECIDED = Finding(3, 7, 3, "W = W^T", "claim", "undecided", message="budget", display=False)
EACH = (MODEL, REFUTED, PROVED, UNREAD, CONDITIONAL, UNDECIDED)


def sheet(*findings: Finding, path: str = "notes.md") -> Sheet:
    return Sheet(Checked(path, "rnn", findings, ("assumed: loss = last",)), SOURCE)


# --- JSON ----------------------------------------------------------------------------------------------------------

NULL = type(None)
TOP = {"version": int, "documents": list, "summary": dict}
DOCUMENT = {"path": str, "model": (str, NULL), "findings": list}
FINDING = {
    "line": int, "column": int, "end_line": int, "latex": str, "kind": str, "verdict": (str, NULL), "code": (str, NULL),
    "also": list, "message": str, "expected": bool, "scope": int, "condition": (str, NULL), "reading": (dict, NULL),
    "correction": (str, NULL), "correction_condition": (str, NULL), "witness": (dict, NULL), "evidence": (str, NULL),
}
WITNESSED = {"sizes": dict, "assign": dict, "entry": list, "left": str, "right": str, "exact": bool}
SUMMARY = dict.fromkeys(("models", *VERDICTS), int)


def assert_schema(value: dict, schema: dict) -> None:
    assert list(value) == list(schema)
    assert {k: type(v) for k, v in value.items() if not isinstance(v, schema[k])} == {}


def test_json_has_every_key_of_version_1_in_its_order_and_of_its_type():
    data = json.loads(FORMATS["json"]([sheet(*EACH)], False))
    assert_schema(data, TOP)
    assert data["version"] == 1
    assert_schema(data["summary"], SUMMARY)
    for document in data["documents"]:
        assert_schema(document, DOCUMENT)
        for finding in document["findings"]:
            assert_schema(finding, FINDING)
            if finding["witness"]:
                assert_schema(finding["witness"], WITNESSED)


def test_json_holds_every_field_of_a_finding_but_those_of_counting_and_of_writing_files():
    assert {f.name for f in fields(Finding)} - set(FINDING) == {"display", "edit", "script"}


def test_json_gives_the_values_of_the_findings():
    first, second = json.loads(FORMATS["json"]([sheet(MODEL, REFUTED)], False))["documents"][0]["findings"]
    assert first["verdict"] is None and first["witness"] is None and first["also"] == []
    assert second["message"] == REFUTED.message and second["reading"] == READING
    assert second["witness"] == {"sizes": {"n": 2, "T": 4, "t": 2}, "assign": WITNESS.assign, "entry": [1, 2],
                                 "left": "1", "right": "-1", "exact": True}


def test_json_counts_each_verdict_once():
    data = json.loads(FORMATS["json"]([sheet(*EACH), sheet(REFUTED, path="b.md")], False))
    assert data["summary"] == {"models": 1, "proved": 1, "refuted": 2, "conditional": 1, "undecided": 1, "not_read": 1}


def test_json_is_ascii_whatever_the_document_holds():
    text = FORMATS["json"]([sheet(replace(PROVED, latex="σ ⊙ \udcff", message="Größe"))], False)
    assert text.isascii() and json.loads(text)["documents"][0]["findings"][0]["latex"] == "σ ⊙ \udcff"


# --- lines ---------------------------------------------------------------------------------------------------------

CONCISE = re.compile(r"^(?P<path>[^:]+):(?P<line>\d+):(?P<column>\d+): (?P<code>-|[EWN]\d{3}) (?P<verdict>\w+) ?.*$")


def test_concise_is_one_line_a_claim_with_place_code_verdict_and_message():
    *lines, last = FORMATS["concise"]([sheet(*EACH)], False).splitlines()
    found = [CONCISE.match(line) for line in lines]
    claims = [f for f in EACH if f.verdict]
    assert [(m["path"], int(m["line"]), int(m["column"]), m["code"], m["verdict"]) for m in found if m] \
        == [("notes.md", f.line, f.column, f.code or "-", f.verdict) for f in claims]
    assert last == summary([sheet(*EACH)])


def test_github_marks_what_needs_a_look_and_escapes_what_would_end_the_line():
    lines = FORMATS["github"]([sheet(*EACH, path="a,b:c.md")], False).splitlines()
    assert lines[0] == ("::error file=a%2Cb%3Ac.md,line=3,endLine=3,col=7,title=E102 refuted::"
                        "a transpose, of 5%25 too many: no; correct: W = W")
    assert [line.split(" ")[0] for line in lines[1:-1]] == ["::warning", "::warning", "::notice"]


def test_github_only_notes_an_expected_refutation():
    assert FORMATS["github"]([sheet(replace(REFUTED, expected=True))], False).startswith("::notice ")


def test_sarif_has_one_result_a_claim_and_a_rule_for_each_code():
    data = json.loads(FORMATS["sarif"]([sheet(*EACH, replace(REFUTED, expected=True))], False))
    run = data["runs"][0]
    assert data["version"] == "2.1.0"
    assert [r["id"] for r in run["tool"]["driver"]["rules"]] == ["E102", "N301", "W201"]
    assert [r["level"] for r in run["results"]] == ["error", "none", "none", "none", "none", "error"]
    assert [r["kind"] for r in run["results"]] == ["fail", "pass", "notApplicable", "review", "open", "fail"]
    assert ["suppressions" in r for r in run["results"]] == [False] * 5 + [True]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 3, "startColumn": 7, "endLine": 3}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_shows_every_claim_in_the_order_of_the_document_and_ends_its_last_line(name):
    text = FORMATS[name]([sheet(*(replace(f, message=f"reason-{n}") for n, f in enumerate(EACH) if f.verdict))], False)
    shown = [int(n) for n in re.findall(r"reason-(\d)", text)]
    assert shown == ([1, 3, 4, 5] if name == "github" else [1, 2, 3, 4, 5])
    assert text.endswith("\n")


def test_html_shows_every_verdict_and_escapes_the_document():
    text = FORMATS["html"]([sheet(*EACH, replace(REFUTED, latex="<script>a & b</script>", message="<b>"))], False)
    assert "<script>" not in text and "&lt;script&gt;a &amp; b&lt;/script&gt;" in text and "<b>" not in text
    assert text.count("<tr>") == text.count("</tr>") == 6 and "W = [1/2 1; -1 2]" in text
    assert all(f'<span class="{verdict}">' in text for verdict in VERDICTS)


# --- the terminal --------------------------------------------------------------------------------------------------

def test_pretty_puts_carets_under_the_equation_of_the_source_line():
    lines = pretty([sheet(REFUTED)]).splitlines()
    at = next(n for n, line in enumerate(lines) if line.endswith(SOURCE[2]))
    start = lines[at].index("W = W^T")
    assert lines[at + 1].rstrip() == "       | " + " " * (start - 9) + "^" * len("W = W^T")


def test_pretty_shows_the_equation_itself_where_the_source_line_is_another():
    text = pretty([Sheet(Checked("n.ipynb", None, (REFUTED,)), ("{", '"cells": [', "..."))])
    assert "     3 | W = W^T\n       | ^^^^^^^\n" in text


def test_pretty_says_reason_correction_condition_witness_and_what_was_assumed():
    text = pretty([sheet(MODEL, REFUTED, CONDITIONAL)])
    for part in ("model rnn", "layout columns", "superscript T transpose", "assumed: loss = last", "refuted",
                 "E102 W201", "because  a transpose", "correct  W = W", "where  n = n", "n = 2, T = 4, t = 2",
                 "W = [1/2 1; -1 2]", "entry (1, 2): left 1, right -1", "conditional", "because  true if T = 1"):
        assert part in text
    assert "true if  T = 1" not in text                    # the reason says it already


def test_what_only_one_reading_assumes_stands_with_its_finding():
    other = replace(PROVED, reading={**READING, "layout": "denominator"})
    assert conventions(sheet(REFUTED, other).checked) == {"superscript_T": "transpose"}
    assert "read with  layout denominator" in pretty([sheet(REFUTED, other)])


def test_colour_changes_nothing_but_escape_sequences():
    plain, coloured = pretty([sheet(*EACH)], False), pretty([sheet(*EACH)], True)
    assert "\x1b[" not in plain and "\x1b[1;31mrefuted" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}, {"TERM": "dumb"}])
def test_colour_is_the_callers_choice_alone(monkeypatch, environment):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert "\x1b[" not in pretty([sheet(*EACH)], False) and "\x1b[32m" in pretty([sheet(*EACH)], True)


@pytest.mark.parametrize("start, end", [(0, 5), (0, 10_000), (5_000, 5_100), (9_990, 10_000)])
def test_a_long_line_is_cropped_around_the_equation(start, end):
    text, a, b = window("x" * start + "y" * (end - start) + "x" * (10_000 - end), start, end)
    assert len(text) <= WINDOW + 3 and 0 <= a < b <= len(text)
    assert "y" in text[a:b] and "x" not in text[a:b]


def test_a_line_that_looks_like_markup_is_printed_as_it_stands():
    odd = replace(REFUTED, message="[bold] :smile: [/x] \\[red]", correction="[a] = [b]")
    assert "because  [bold] :smile: [/x] \\[red]" in pretty([sheet(odd)])
    assert "correct  [a] = [b]" in pretty([sheet(odd)])


# --- counts --------------------------------------------------------------------------------------------------------

def test_the_summary_counts_displays_and_verdicts():
    assert summary([sheet(MODEL, REFUTED, UNREAD)]) == "1 of 3 displays judged: 1 refuted, 1 not read; 1 model line"
    assert summary([sheet(replace(REFUTED, expected=True), UNDECIDED)]) \
        == "1 of 1 displays and 1 inline judged: 1 refuted (1 expected), 1 undecided"


def test_two_findings_of_one_display_are_one_display():
    assert tally([sheet(replace(REFUTED, kind="hypothesis", verdict=None), REFUTED)]).displays == (1, 1)
    assert tally([sheet(REFUTED), sheet(REFUTED)]).displays == (2, 2)


@pytest.mark.parametrize("findings", [(), (MODEL,), (UNREAD,)])
def test_a_run_that_judged_no_claim_says_that_nothing_was_checked(findings):
    assert summary([sheet(*findings)]).startswith("nothing was checked")
    for name in ("pretty", "concise", "github"):
        assert "nothing was checked" in FORMATS[name]([sheet(*findings)], False)


def test_every_verdict_has_its_look():
    assert tuple(LOOKS) == VERDICTS


# --- witnesses -----------------------------------------------------------------------------------------------------

def test_a_witness_is_printed_row_by_row():
    assert lines_of(WITNESS) == [
        "n = 2, T = 4, t = 2", "W = [1/2 1; -1 2]", "h[0] = [1; 0]", "entry (1, 2): left 1, right -1"]


def test_a_short_witness_says_how_much_it_leaves_out_and_never_its_values():
    many = replace(WITNESS, assign={f"x[{n}]": [[str(n + 1)]] for n in range(20)}, exact=False)
    lines = short_lines(many)
    assert "... and 14 more (--format json prints all)" in lines
    assert lines[-1] == "entry (1, 2): left 1, right -1  (certified digits)" and len(lines) == 9


def test_values_that_are_0_are_left_out_together():
    silent = replace(WITNESS, assign={"W": [["2"]], "b": [["0"]], "x[1]": [["0"], ["0"]]})
    assert short_lines(silent)[1:3] == ["W = [2]", "all else = 0"]


def test_a_cropped_line_keeps_its_beginning():
    assert crop("x" * 300, 10) == "xxxxxxx..." and crop("short") == "short"


# --- pages of explain ----------------------------------------------------------------------------------------------

OWN = Path(__file__).parents[1] / "lstm_sym"
SOURCES = "".join(path.read_text(encoding="utf-8") for path in OWN.rglob("*.py"))
NAMED = set(re.findall(r"\b[EWN][1-3]\d\d\b", SOURCES))


def test_every_code_that_the_package_names_has_its_page():
    assert NAMED - set(codes()) == set()
    assert {f"E1{n:02}" for n in range(1, 13)} | {f"W20{n}" for n in range(1, 6)} <= set(codes())


@pytest.mark.parametrize("code", codes())
def test_a_page_has_its_title_a_right_form_and_a_way_to_silence_it(code):
    text = page(code)
    assert text.startswith(f"# {code}: ") and title(code) in text and len(title(code)) < 80
    assert "## To silence it" in text and len(re.findall(r"^## ", text, re.MULTILINE)) >= 4


def test_a_code_without_a_page_is_an_error_that_lists_the_codes():
    with pytest.raises(UnknownName, match="E101"):
        page("E999")
    assert title("E999") == "E999"
