"""A document's items: each formula is found once, at its own place, in every format; what cannot be read says so."""

import json
import subprocess
import sys
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_sym.documents.sources import scan
from lstm_sym.documents.sources.scan import Directive, Display, Fault, FrontMatter, Heading, Inline, Prose, Table
from lstm_sym.errors import DocumentError


def formulas(text: str, format: str = "markdown") -> list[tuple[str, str]]:
    """("display" or "inline", latex) in order."""
    found = [item for item in scan.scan(text, format).items if isinstance(item, Display | Inline)]
    return [("display" if isinstance(item, Display) else "inline", item.latex) for item in found]


def latexes(text: str, format: str = "markdown") -> list[str]:
    return [latex for _, latex in formulas(text, format)]


def faults(text: str, format: str = "markdown") -> list[tuple[int, int, str]]:
    found = [item for item in scan.scan(text, format).items if isinstance(item, Fault)]
    return [(item.at.line, item.at.column, item.message) for item in found]


# --- Markdown: what is a formula -------------------------------------------------------------------

@pytest.mark.parametrize(("text", "expected"), [
    ("a $x$ b",                                [("inline", "x")]),
    ("$$x$$",                                  [("display", "x")]),
    ("words follow :\n$$\nx = y\n$$\nmore",    [("display", "x = y")]),
    ("$$\nx\n$$ \n\n\n",                       [("display", "x")]),
    ("where $$a = b$$ holds",                  [("inline", "a = b")]),
    ("- $$a = b$$\n- $c$",                     [("display", "a = b"), ("display", "c")]),
    ("1. text\n\n   $$\n   x\n   $$",          [("display", "x")]),
    ("> quoted $a$\n> $$\n> b = c\n> $$",      [("inline", "a"), ("display", "b = c")]),
    ("```math\nx = y\n```",                    [("display", "x = y")]),
    ("``` math\nx\n```\n$y$",                  [("display", "x"), ("inline", "y")]),
    ("```{math}\n:label: eq-a\nx\n```",        [("display", "x")]),
    ("~~~math\nx\n~~~",                        [("display", "x")]),
    ("$`x`$ and $y$",                          [("inline", "x"), ("inline", "y")]),
    (r"\[ x = y \] and \( z \)",               [("display", "x = y"), ("inline", "z")]),
    (r"\\[ x = y \\] and \\( z \\)",           [("display", "x = y"), ("inline", "z")]),
    ("\\begin{align}\na &= b\n\\end{align}",   [("display", "a &= b")]),
    (r"\begin{alignat}{2} a &= b \end{alignat}", [("display", "a &= b")]),
    (r"$$\begin{aligned} a &= b \end{aligned}$$", [("display", r"\begin{aligned} a &= b \end{aligned}")]),
    (r"\begin{multline} a \\ + b \end{multline}", [("display", r"\begin{multline} a \\ + b \end{multline}")]),
    ("$ h_t $ with spaces",                    [("inline", "h_t")]),
    ("($x$), $y$; \"$z$\"",                    [("inline", "x"), ("inline", "y"), ("inline", "z")]),
    ("## The state $h_t$\n\n$x$",              [("inline", "h_t"), ("inline", "x")]),
    ("| a | b |\n|---|---|\n| $x$ | $|y|$ |",  [("inline", "x"), ("inline", "|y|")]),
    ("*$x$* **$y$** [$z$](u)",                 [("inline", "x"), ("inline", "y"), ("inline", "z")]),
    ("$$a$$\n$$b$$",                           [("display", "a"), ("display", "b")]),
    ("$x = \\$5$ and $y$",                     [("inline", "x = \\$5"), ("inline", "y")]),
    ("<div>\n\n$$ x $$\n\n</div>",             [("display", "x")]),
    ("$$\n\n    x = y\n\n$$",                  [("display", "x = y")]),
    ("a\r\n$$\r\nx\r\n$$\r\n",                 [("display", "x")]),
    ("$$\na\n=\nb\n$$",                        [("display", "a\n=\nb")]),
    ("$$\na\n- b\n+ c\n$$\n\n$d$",             [("display", "a\n- b\n+ c"), ("inline", "d")]),
])
def test_a_formula_is_found_in_every_notation_of_markdown(text, expected):
    assert formulas(text) == expected


@pytest.mark.parametrize("text", [
    "it costs $5 and $10", "from $5-$10 a piece", "$20,000 or $30,000 a year", r"\$x\$ is no formula", "a lone $ sign",
    "`$x$` and ``$$y$$``", "```\n$$x$$\n```", "```python\n$x$\n```", "~~~\n$x$\n~~~", "    $$x$$\n",
    "<!-- $x$ -->", "<!--\n$$\nx\n$$\n-->", "<pre>\n$x$\n</pre>", "<script>\nvar $a = $b;\n</script>",
    "{% highlight python %}\n$x$\n{% endhighlight %}", r"an \[optional\] word", "---\ntitle: $x$\n---\n", "", "\n\n",
    "a $x\n\ny$ b", r"\begin{tabular} a & b \end{tabular}", "US$ 5 and US$ 6",
])
def test_what_is_no_formula_is_not_taken_for_one(text):
    assert formulas(text) == []


@pytest.mark.parametrize(("text", "label"), [
    ("$$ x $$ {#eq-loss}", "eq-loss"), ("$$\nx\n$$ (loss)", "loss"), ("$$ x $$ {#eq:a .cls}", "eq:a"), ("$$ x $$", ""),
    ("```{math}\n:label: eq-b\nx\n```", "eq-b"),
])
def test_a_label_behind_a_display_names_it(text, label):
    (item,) = [i for i in scan.scan(text).items if isinstance(i, Display)]
    assert (item.latex, item.label) == ("x", label)


# --- places ----------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "latex", "place"), [
    ("$$\nh_t = a\n$$",                   "h_t = a", (2, 1, 2)),
    ("one\ntwo $x$ three",                "x",       (2, 6, 2)),
    ("$$   x\n= y $$",                    "x\n= y",  (1, 6, 2)),
    ("> a\n> $$\n>  b\n> $$",             "b",       (3, 4, 3)),
    ("a\r\nb $c$",                        "c",       (2, 4, 2)),
    ("```math\n\n  x\n y\n```",           "x\n y",   (3, 3, 4)),
    ("ü ∂ $x$",                           "x",       (1, 6, 1)),
    ("---\ntitle: a\n---\n$x$",           "x",       (4, 2, 4)),
])
def test_a_formula_stands_at_its_first_character_that_is_no_space(text, latex, place):
    document = scan.scan(text)
    (item,) = [i for i in document.items if isinstance(i, Display | Inline)]
    assert (item.latex, (item.at.line, item.at.column, item.at.end_line)) == (latex, place)
    assert document.position(item.at.start) == place[:2]


def test_the_items_stand_in_order_and_each_formula_is_text_of_the_document():
    document = scan.scan(TUTORIAL)
    starts = [item.at.start for item in document.items]
    assert starts == sorted(starts)
    assert all(document.text[i.at.start:i.at.end] == i.latex for i in document.items if isinstance(i, Display | Inline))


TUTORIAL = """---
layout: mermaid
title: "Long Short Term Memory Networks (LSTM)"
---

## Why LSTMs

#### Vanishing gradient problem

Each state is given by the $tanh$ activation function as follows :

$$
h_t = tanh(Wh_{t-1} + Ux_t + b)
$$

Typically the $-1 <= tanh <= 1$
During backward propagation, gradients are computed as follows :
$$
\\frac{\\partial L}{\\partial h_t} = W^T \\cdot \\frac{\\partial L}{\\partial h_{t+1}}
$$\x20


This means that the gradient depends on multiplying $W^T$ multiple times.

$$
(W^T)^T \\cdot (W^T)^{T-1} \\cdot \\cdot \\cdot (W^T) \\frac{\\partial L}{\\partial h_t}
$$

if largest eigenvalue of W, denoted by $\\lambda_{max}$ is less than 1:
$$
\\lambda_{max}^T (W) < 1\x20
$$

then each multiplication shrinks the gradient exponentially.

$$
(W^T)^T ≈ 0 \\ as \\  T → ∞
$$
"""


def test_the_displays_of_a_tutorial_are_found_with_the_words_around_them():
    document = scan.scan(TUTORIAL)
    assert [d.at.line for d in document.displays] == [13, 19, 26, 31, 37]
    assert document.words_before(document.displays[3]).endswith("denoted by $\\lambda_{max}$ is less than 1:")
    assert document.words_after(document.displays[3]).startswith("then each multiplication shrinks")
    assert document.displays[4].latex == "(W^T)^T ≈ 0 \\ as \\  T → ∞"


# --- the other items -------------------------------------------------------------------------------

def test_headings_have_their_level_and_place():
    found = [i for i in scan.scan("# One\n\ntext\n\nTwo\n---\n\n### Three ###\n").items if isinstance(i, Heading)]
    assert [(h.level, h.text, h.at.line) for h in found] == [(1, "One", 1), (2, "Two", 5), (3, "Three", 8)]


def test_prose_is_told_by_paragraph_with_its_place():
    found = [i for i in scan.scan("One two\nthree.\n\nFour $x$ five.").items if isinstance(i, Prose)]
    assert [(p.text, p.at.line, p.at.column) for p in found] == [
        ("One two\nthree.", 1, 1), ("Four", 4, 1), ("five.", 4, 10)]


@pytest.mark.parametrize(("comment", "name", "value"), [
    ("<!-- lstm-sym: expect refuted E101 -->", "expect", "refuted E101"), ("<!-- lstm-sym: ignore -->", "ignore", ""),
    ("<!--lstm-sym: model: lstm-->", "model", "lstm"), ("<!-- lstm-sym: layout: numerator -->", "layout", "numerator"),
    ("<!-- lstm-sym: assume sigma_max(W) < 1 -->", "assume", "sigma_max(W) < 1"), ("<!-- lstm-sym: off -->", "off", ""),
    ("<!-- lstm-sym: given h_t \\in (0, 1) -->", "given", "h_t \\in (0, 1)"),
])
def test_a_directive_is_read_out_of_a_comment(comment, name, value):
    (item,) = scan.scan(f"{comment}\n").items
    assert isinstance(item, Directive)
    assert (item.name, item.value) == (name, value)
    (item,) = scan.scan(comment.replace("<!--", "%").replace("-->", ""), "tex").items
    assert isinstance(item, Directive)
    assert (item.name, item.value) == (name, value)


def test_a_comment_may_hold_several_directives_each_at_its_line():
    found = scan.scan("a\n<!-- lstm-sym: off\n  lstm-sym: model: gru\n-->\n").items[1:]
    assert [(d.name, d.value, d.at.line, d.at.column) for d in found] == [("off", "", 2, 16), ("model", "gru", 3, 13)]


def test_an_ordinary_comment_is_no_item():
    assert scan.scan("<!-- a remark on lstm-sym -->").items == ()


def test_the_front_matter_gives_the_entries_under_its_own_key():
    text = "---\ntitle: x\nlstm_sym:\n  layout: numerator\n  shapes:\n    W: \"n x n\"  \n    # no\n  macros:\n" \
           "    \\R: \\mathbb{R}\nother: y\n---\n$x \\in \\R$\n"
    document = scan.scan(text)
    (front,) = [i for i in document.items if isinstance(i, FrontMatter)]
    assert [(e.key, e.value, e.line) for e in front.entries] == [
        ("layout", "numerator", 4), ("shapes.W", "n x n", 6), ("macros.\\R", "\\mathbb{R}", 9)]
    assert [(m.name, m.body) for m in document.macros] == [("\\R", "\\mathbb{R}")]


def test_a_rule_in_the_text_is_no_front_matter():
    assert not any(isinstance(i, FrontMatter) for i in scan.scan("text\n\n---\n\nlstm_sym:\n  a: b\n---\n").items)


def test_a_table_is_told_cell_by_cell():
    document = scan.scan("| Symbol | Shape |\n|:--|--:|\n| $W$ | $n \\times n$ |\n| `a|b` | x \\| y |\n")
    (table,) = [i for i in document.items if isinstance(i, Table)]
    assert [c.text for c in table.header] == ["Symbol", "Shape"]
    assert [[c.text for c in row] for row in table.rows] == [["$W$", "$n \\times n$"], ["`a|b`", "x \\| y"]]
    assert (table.rows[0][1].at.line, table.rows[0][1].at.column) == (3, 9)


def test_macros_come_from_prose_displays_and_formulas_but_not_from_code():
    text = "\\newcommand{\\a}{A}\n\n$$\\newcommand{\\b}[1]{B#1}$$\n\n`\\def\\c{C}`\n\n" \
           "```\n\\def\\d{D}\n```\n$\\def\\e{E}$\n"
    assert [m.name for m in scan.scan(text).macros] == ["\\a", "\\b", "\\e"]


def test_the_last_definition_before_a_formula_is_in_force():
    document = scan.scan("$$\\def\\a{1} x$$\n\n$$\\a$$\n\n$$\\def\\a{2} y$$\n\n$$\\a$$\n")
    bodies = [{m.name: m.body for m in document.macros_at(d)}["\\a"] for d in document.displays]
    assert bodies == ["1", "1", "2", "2"]


# --- what cannot be read ---------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "line", "words"), [
    ("$$\nx = y\n\nSome words stand here, and more.\n\n$$\nz\n$$\n\n$w$", 1, "never closed; expected $$"),
    ("text\n\n$$\nx\n\n# Heading\n\n$$\nz\n$$\n$w$", 3, "never closed; expected $$"),
    ("$$x\n\n```\ncode\n```\n\n$$\nz\n$$ and $w$", 1, "never closed; expected $$"),
    ("\\begin{align}\na &= b\n\nand so on\n\n$$z$$ $w$", 1, "expected \\end{align}"),
    ("<!-- open\n\n$$z$$ $w$", 1, "expected -->"),
    ("a\0b\n\n$$z$$ $w$", 1, "NUL byte (1 in all)"),
    ("$$z$$\n$w$\n$$\nx", 3, "never closed"),
    ("<!-- lstm-sym: -->\n$$z$$ $w$", 1, "an empty directive"),
])
def test_what_is_not_closed_is_a_fault_and_the_later_formulas_are_found(text, line, words):
    assert [latex for latex in latexes(text) if latex in "zw"] == ["z", "w"]
    (fault,) = faults(text)
    assert fault[0] == line and words in fault[2]


def test_an_unclosed_code_block_is_a_fault_and_hides_what_it_hides_when_rendered():
    assert latexes("$a$\n\n```\n$b$\n") == ["a"]
    assert faults("$a$\n\n```\n$b$\n")[0][:2] == (3, 1)


def test_a_line_of_20_mb_is_a_fault_and_the_formulas_after_it_are_found():
    for filler in ("a", "$$", "word "):
        text = "$x$\n" + filler * (20_000_000 // len(filler)) + "\n\n$$\ny\n$$\n"
        started = time.process_time()
        assert latexes(text) == ["x", "y"]
        assert "expected at most" in faults(text)[0][2] and faults(text)[0][0] == 2
        assert time.process_time() - started < 5


@pytest.mark.parametrize("format", ["markdown", "tex"])
@pytest.mark.parametrize("piece", [
    "$", "$$", "$a ", "`", "` ``", "\\[", "\\(", "\\begin{align}", "<!--", "<pre>", "{", "\\", "> a\n",
    "|a|b\n|-|-\n", "- a\n", "\\def\\a{",
    "\\newcommand{\\a}[1]{b}", "# a\n", "```\n", "$$\n", "a\n\n", "%\n", "\\input{a}",
    "[a](", "***", "$`", "\0",
])
def test_no_text_takes_more_than_linear_time(piece, format):
    def seconds(length):
        text, started = piece * (length // len(piece)), time.process_time()
        scan.scan(text, format)
        return time.process_time() - started

    some = max(0.05, *(seconds(7_500) for _ in range(2)))    # one time against another: a busy machine slows both
    assert any(seconds(30_000) < 8 * some for _ in range(3)), "four times the text takes far more than four times as long"


PIECES = [
    "$", "$$", "\n", "\n\n", "x", " ", "`", "```", "```math", "\\[", "\\]", "\\(", "\\)", "\\$", "<!--", "-->",
    "> ", "- ", "# ", "|", "---", "\\begin{align}", "\\end{align}", "%", "\\newcommand{\\a}{b}", "lstm-sym: off",
    "\0", "\r\n", "    ", "<pre>", "</pre>", "words and more words here ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.sampled_from(["markdown", "tex"]))
def test_any_text_gives_items_in_order_within_the_text(text, format):
    document = scan.scan(text, format)
    for item in document.items:
        assert 0 <= item.at.start <= item.at.end <= len(document.text)
        assert item.at.line >= 1 and item.at.column >= 1 and item.at.end_line >= item.at.line
    own = [i for i in document.items if isinstance(i, Display | Inline)]
    assert all(a.at.end <= b.at.start for a, b in pairwise(own))
    assert all(i.latex and i.latex == i.latex.strip() for i in own)


# --- TeX -------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "expected"), [
    (r"a $x$ b \(y\) \[z\] $$w$$", [("inline", "x"), ("inline", "y"), ("display", "z"), ("display", "w")]),
    *[(rf"\begin{{{name}}} x \end{{{name}}}", [("display", "x")])
      for name in ("equation", "equation*", "align", "align*", "gather", "eqnarray", "displaymath", "flalign*")],
    (r"\begin{multline*} x \end{multline*}", [("display", r"\begin{multline*} x \end{multline*}")]),
    (r"\begin{alignat}{2} x \end{alignat}", [("display", "x")]),
    ("\\begin{equation}\n% a remark $a$\nx\n\\end{equation}", [("display", "% a remark $a$\nx")]),
    ("% $a$\n$b$ 5\\% of $c$", [("inline", "b"), ("inline", "c")]),
    (r"\verb|$a$| $b$", [("inline", "b")]),
    ("\\begin{verbatim}\n$a$\n\\end{verbatim} $b$", [("inline", "b")]),
    ("\\begin{lstlisting}\n$a$\n\\end{lstlisting} $b$", [("inline", "b")]),
    (r"\documentclass{article} $p$ \begin{document} $a$ \end{document} $q$", [("inline", "a")]),
    (r"costs \$5 and $x$", [("inline", "x")]),
    ("\\begin{theorem} $a$ \\end{theorem}", [("inline", "a")]),
])
def test_a_formula_is_found_in_every_notation_of_tex(text, expected):
    assert formulas(text, "tex") == expected


def test_tex_headings_and_macros_of_the_preamble_are_read():
    text = "\\newcommand{\\h}{x}\n\\begin{document}\n\\section{One $a$}\n\\subsection*{Two}\n$\\h$\n\\end{document}\n"
    document = scan.scan(text, "tex")
    assert [(i.level, i.text) for i in document.items if isinstance(i, Heading)] == [(2, "One $a$"), (3, "Two")]
    assert [m.name for m in document.macros] == ["\\h"]


def test_an_unclosed_dollar_in_tex_ends_with_its_paragraph():
    assert latexes("a $x\n\n$y$ $$z\n\n\\[w\\]", "tex") == ["y", "w"]
    assert [f[:2] for f in faults("a $x\n\n$y$ $$z\n\n\\[w\\]", "tex")] == [(1, 3), (3, 5)]


def test_input_follows_files_in_the_folder_and_keeps_their_places(tmp_path):
    (tmp_path / "main.tex").write_text("$a$\n\\input{part}\n$c$ \\input{../out} \\input{none}\n% \\input{part}\n")
    (tmp_path / "part.tex").write_text("\n  $b$ \\input{main}\n")
    (tmp_path.parent / "out.tex").write_text("$secret$")
    document = scan.read(tmp_path / "main.tex")
    found = [(i.latex, i.at.line, i.at.column, bool(i.at.path)) for i in document.items if isinstance(i, Inline)]
    assert found == [("a", 1, 2, False), ("b", 2, 4, True), ("c", 3, 2, False)]
    words = [i.message for i in document.items if isinstance(i, Fault)]
    expected = ("include each other", "leaves the document's folder", "no such file")
    assert all(part in word for part, word in zip(expected, words, strict=True))


def test_input_of_a_link_that_leaves_the_folder_is_not_followed(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.tex").write_text("$secret$")
    (tmp_path / "in" / "link.tex").symlink_to(tmp_path / "secret.tex")
    (tmp_path / "in" / "main.tex").write_text("\\input{link} $a$")
    document = scan.read(tmp_path / "in" / "main.tex")
    assert [i.latex for i in document.items if isinstance(i, Inline)] == ["a"]


def test_text_without_a_folder_includes_nothing():
    assert "the text has no folder" in faults("\\input{passwd}", "tex")[0][2]


# --- notebooks and files ---------------------------------------------------------------------------

def test_a_notebook_gives_cell_and_line():
    cells = [{"cell_type": "code", "source": ["$x$"]}, {"cell_type": "markdown", "source": ["# A\n", "$a$\n"]},
             {"cell_type": "markdown", "source": "```\nnever closed"},
             {"cell_type": "markdown", "source": "one\n\n$$\nb\n$$"}]
    document = scan.scan(json.dumps({"cells": cells, "nbformat": 4}), "notebook")
    found = [(i.latex, i.at.cell, i.at.line, i.at.column) for i in document.items if isinstance(i, Display | Inline)]
    assert found == [("a", 2, 2, 2), ("b", 4, 4, 1)]


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"cells": 3}', "[" * 100_000, '{"worksheets": []}', "1" * 10_000])
def test_what_is_no_notebook_is_an_error_that_says_so(text):
    with pytest.raises(DocumentError, match="not a notebook"):
        scan.scan(text, "notebook")


def test_bytes_that_are_no_utf_8_are_a_fault_and_the_formulas_are_found(tmp_path):
    path = tmp_path / "a.md"
    path.write_bytes("é $a$\nb ".encode() + b"\xff $c$\n")
    document = scan.read(path)
    assert [i.latex for i in document.items if isinstance(i, Inline)] == ["a", "c"]
    (fault,) = [i for i in document.items if isinstance(i, Fault)]
    assert (fault.at.line, fault.at.column) == (2, 3) and "byte 0xff" in fault.message


def test_a_byte_order_mark_is_no_character_of_the_text(tmp_path):
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbf---\nlstm_sym:\n  a: b\n---\n$x$")
    document = scan.read(tmp_path / "a.md")
    assert isinstance(document.items[0], FrontMatter) and document.items[0].entries[0].value == "b"


@pytest.mark.parametrize(("name", "data", "words"), [
    ("u.md", "$x$".encode("utf-16"), "UTF-16"), ("none.md", None, "cannot be read"),
])
def test_a_file_that_cannot_be_read_is_an_error_with_its_path(tmp_path, name, data, words):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(DocumentError, match=words) as error:
        scan.read(tmp_path / name)
    assert name in str(error.value)


def test_an_unknown_format_is_an_error_that_names_the_known_ones():
    with pytest.raises(DocumentError, match="markdown, tex, notebook"):
        scan.scan("", "docx")


def test_a_document_is_scanned_before_any_mathematics_is_loaded():
    loaded = "', '.join({'sympy', 'numpy', 'flint'} & sys.modules.keys())"
    code = f"import lstm_sym.documents.sources.scan, sys; sys.exit({loaded} or 0)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
