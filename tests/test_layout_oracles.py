"""Other readers of LaTeX, written by others, put every part of every formula of our tests where our layout parser puts it."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from claims import snippets
from other_readers import KATEX, of_katex, of_latexml
from skeletons import skeleton

from lstm_sym.documents.layout.alphabet import ACCENTS, BIG, FONTS, OPERATORS, RELATIONS, SIGNS
from lstm_sym.documents.sources import scan
from lstm_sym.documents.sources.items import Display, Inline
from lstm_sym.errors import LayoutError

HERE = Path(__file__).parent
LAYOUTS = [block.split("\n    ")[0].strip() for block in (HERE / "data" / "layouts.txt").read_text("utf-8").split("\n\n")[1:]]
SHAPES = {                                                   # a formula for each command of the alphabet
    "a %s b":     (RELATIONS | SIGNS | OPERATORS) - {r"\not", r"\xrightarrow", r"\xleftarrow"},
    "%s_t^T a_t": frozenset(BIG),
    "%s{ab} c":   ACCENTS | frozenset(FONTS),
}
NOT_OURS = {r"\odot"}                                        # a sign alone, named in prose
NO_READER_KNOWS = {r"\oast", r"\mathbfit", r"\symbf", r"\symup"}
READERS = {                                                  # its skeletons, whether it is here, why it refuses formulas
    "KaTeX":   (of_katex, KATEX is not None and shutil.which("node"),
                NO_READER_KNOWS | {r"\dddot", r"\mathbbm", r"\mathds", r"\pdv"}),
    "LaTeXML": (of_latexml, shutil.which("latexml"), NO_READER_KNOWS | {r"\pdv \norm", "scripts in Unicode"}),
}


def formulas() -> list[str]:
    """Those of the layout table, of the documents of claims and of the derivations, and one for each command, each once."""
    texts = [s.text for name in ("claims", "wrong", "notations", "losses") for s in snippets(f"{name}.txt")]
    texts += [path.read_text("utf-8") for path in sorted((HERE.parent / "derivations").glob("*.md"))]
    found = [item.latex for text in texts for item in scan.scan(text, "markdown").items if isinstance(item, Display | Inline)]
    each = [shape % command for shape, commands in SHAPES.items() for command in sorted(commands)]
    return list(dict.fromkeys((*LAYOUTS, *found, *each)))


@pytest.mark.parametrize("name", READERS)
def test_another_reader_puts_every_glyph_of_every_formula_where_we_put_it(name, tmp_path):
    read, is_here, reasons = READERS[name]
    if not is_here:
        pytest.skip(f"{name} is not installed (Debian: libjs-katex with nodejs, or latexml)")
    every = formulas()
    pairs = list(zip(every, read(every, tmp_path), strict=True))
    refused = Counter(theirs for _, theirs in pairs if isinstance(theirs, str))
    assert len(pairs) >= 1200
    assert refused.total() <= len(pairs) / 20, refused
    assert refused.keys() <= reasons
    compared = [(latex, theirs) for latex, theirs in pairs if theirs not in refused and latex not in NOT_OURS]
    assert [latex for latex, theirs in compared if skeleton(latex) != theirs] == []


def test_what_we_cannot_lay_out_is_named_above():
    for latex in NOT_OURS:
        with pytest.raises(LayoutError):
            skeleton(latex)


@pytest.mark.parametrize(("one", "other"), [
    ("a_b^c", "a^b_c"), (r"\frac{a}{b}", r"\frac{b}{a}"), (r"\sum_t a", r"\sum^t a"), ("W_{hh}", "W_hh"), ("a'", "a"),
    (r"\frac{a}{b} c", r"\frac{a}{b c}"), (r"\begin{bmatrix} a & b \end{bmatrix}", r"\begin{bmatrix} a \\ b \end{bmatrix}"),
    (r"\hat{a} b", r"\hat{a b}"), ("(a) b", "(a b)"), (r"\sqrt{a} b", r"\sqrt{a b}"),
])
def test_layouts_that_differ_have_skeletons_that_differ(one, other):
    assert skeleton(one) != skeleton(other)
