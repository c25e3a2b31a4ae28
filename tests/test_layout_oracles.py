"""Another reader of LaTeX, written by others, puts every part of every formula of our tests where our layout parser puts it."""

import shutil
from pathlib import Path

import pytest
from claims import snippets
from skeletons import Skeleton, of_katex, skeleton

from lstm_sym.documents import scan
from lstm_sym.documents.items import Display, Inline
from lstm_sym.errors import LayoutError

HERE = Path(__file__).parent
KATEX = next((p for p in (Path("/usr/share/javascript/katex/katex.js"), Path("/usr/lib/node_modules/katex/dist/katex.js"))
              if p.exists()), None)
LAYOUTS = [block.split("\n    ")[0].strip() for block in (HERE / "data" / "layouts.txt").read_text("utf-8").split("\n\n")[1:]]
NOT_KATEX = {r"\pdv{L}{h_t} = \norm{W}"}                     # commands of a package that KaTeX has not
NOT_OURS = {r"\odot"}                                        # a sign alone, named in prose


def formulas() -> list[str]:
    """Those of the layout table, of the documents of claims and of the derivations, each once."""
    texts = [s.text for name in ("claims", "wrong", "notations", "losses") for s in snippets(f"{name}.txt")]
    texts += [path.read_text("utf-8") for path in sorted((HERE.parent / "derivations").glob("*.md"))]
    found = [item.latex for text in texts for item in scan.scan(text, "markdown").items if isinstance(item, Display | Inline)]
    return list(dict.fromkeys((*LAYOUTS, *found)))


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Skeleton | str]]:
    if KATEX is None or shutil.which("node") is None:
        pytest.skip("KaTeX or node is not installed (Debian: libjs-katex, nodejs)")
    every = formulas()
    return list(zip(every, of_katex(every, str(KATEX), HERE / "skeletons.js", tmp_path_factory.mktemp("katex") / "list.json"),
                    strict=True))


def test_katex_puts_every_glyph_of_every_formula_where_we_put_it(pairs):
    assert len(pairs) >= 1000
    apart = [latex for latex, theirs in pairs if latex not in NOT_KATEX | NOT_OURS and skeleton(latex) != theirs]
    assert apart == []


def test_what_one_of_the_two_cannot_lay_out_is_named_above(pairs):
    assert {latex for latex, theirs in pairs if isinstance(theirs, str)} == NOT_KATEX
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
