"""One line a finding: `concise` for people and editors, `github` for annotations of a code host."""
from __future__ import annotations

from collections.abc import Iterator, Sequence

from lstm_sym.documents.findings import Finding
from lstm_sym.report.sheet import Sheet, summary
from lstm_sym.report.verdicts import LOOKS


def concise(sheets: Sequence[Sheet], colour: bool = False) -> str:
    """`path:line:column: CODE verdict message`, with `-` for no code; then the summary.

    A verdict is one word, as in JSON (`not_read`); what is neither claim nor numeric has no line.
    """
    found = [f"{path}:{f.line}:{f.column}: {f.code or '-'} {f.verdict} {_message(f)}".rstrip()
             for path, f in _judged(sheets)]
    return "\n".join((*found, summary(sheets))) + "\n"


def github(sheets: Sequence[Sheet], colour: bool = False) -> str:
    """`::error file=path,line=9,col=1,title=E101 refuted::message` for what needs a look; then the summary.

    An expected finding is a notice.  What is proved has no annotation.
    """
    found = [_annotation(path, f) for path, f in _judged(sheets) if f.verdict and LOOKS[f.verdict].level]
    return "\n".join((*found, summary(sheets))) + "\n"


def _judged(sheets: Sequence[Sheet]) -> Iterator[tuple[str, Finding]]:
    return ((s.checked.path, f) for s in sheets for f in s.checked.findings if f.verdict is not None)


def _message(f: Finding) -> str:
    """The reason in one line, with the correction."""
    parts = [f.message, f"correct: {f.correction}" if f.correction else "", "(expected)" if f.expected else ""]
    return "; ".join(" ".join(p.split()) for p in parts if p)


def _annotation(path: str, f: Finding) -> str:
    level = "notice" if f.expected else LOOKS[f.verdict or ""].level
    title = " ".join(filter(None, (f.code, LOOKS[f.verdict or ""].word)))
    where = {"file": path, "line": f.line, "endLine": f.end_line, "col": f.column, "title": title}
    return f"::{level} {','.join(f'{k}={_property(str(v))}' for k, v in where.items())}::{_data(_message(f))}"


def _data(text: str) -> str:
    """As workflow commands escape their message."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """As workflow commands escape their properties."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
