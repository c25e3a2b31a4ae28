"""Check a document: every formula gets a finding, every claim a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from lstm_sym.documents.expecting import Directives
from lstm_sym.documents.expecting import Expectation as Expectation
from lstm_sym.documents.findings import Checked, Finding
from lstm_sym.documents.judging.granted import grant, granted
from lstm_sym.documents.judging.part_checker import PartChecker
from lstm_sym.documents.reading.calls import FUNCTION_NAMES
from lstm_sym.documents.sections import prose
from lstm_sym.documents.sections.declared import in_tables
from lstm_sym.documents.sections.establish import establish
from lstm_sym.documents.sections.lines import Part
from lstm_sym.documents.sections.parts import split
from lstm_sym.documents.sections.settings import fault, settings_of
from lstm_sym.documents.sections.stated import values_of
from lstm_sym.documents.sources import scan
from lstm_sym.documents.sources.broken import in_rows
from lstm_sym.documents.sources.items import Directive, Document, Fault, Heading, Prose

NOT_GRANTED = "this is not read as something given: expected h_0 = 0, \\sum_j y_j = 1, or a bound such as sigma_max(W) < 1"


def check_file(path: str | Path, expectations: Iterable[Expectation] = (), declare: tuple[str, ...] = ()) -> Checked:
    """Check one file.  Errors: DocumentError if it cannot be read."""
    return check_document(scan.read(str(path)), str(path), tuple(expectations), declare)


def check_text(
    text: str,
    path: str = "-",
    format: str = "markdown",
    expectations: tuple[Expectation, ...] = (),
    declare: tuple[str, ...] = (),
) -> Checked:
    """Check a text.  Errors: DocumentError."""
    return check_document(scan.scan(text, format), path, expectations, declare)


def check_document(
    document: Document, path: str, expectations: tuple[Expectation, ...] = (), declare: tuple[str, ...] = ()
) -> Checked:
    """Check a document that has been scanned."""
    document = in_rows(document)
    directives = Directives.of(document)
    parts = list(read_parts(document, directives.ignored, declare))
    findings: list[Finding] = [_fault(document, item) for item in document.items if isinstance(item, Fault)]
    findings += [_unread(document, d, text) for d in document.items
                 if isinstance(d, Directive) and (text := fault(d.name, d.value.strip()))]
    checkers: list[PartChecker] = []
    start = 0
    for part in parts:
        if part.section is not None:
            part.section.any_sigma = prose.leaves_sigma_open(document.text)
            part.section.values = values_of(document, part, part.section.vocabulary.indexing)
            given = granted(document, part, start)
            grant(part.section, given)
            findings += [_unread(document, d, NOT_GRANTED) for d in given.unread]
        start = part.lines[-1].item.at.end if part.lines else start
        checkers.append(PartChecker(document, part))
    for n, checker in enumerate(checkers):
        findings += checker.findings(checkers[:n])
    notes = [note for checker in checkers for note in checker.notes]
    findings.sort(key=lambda f: (f.line, f.column))
    wanted = (*expectations, *directives.expectations(path))
    mine = [x for x in wanted if x.path in (path, "", "*") or Path(x.path) == Path(path)]
    findings = [replace(f, expected=f.expected or any(x.met_by(f) for x in mine)) for f in findings]
    unmet = tuple(_unmet(path, x) for x in mine if not any(x.met_by(f) for f in findings))
    models = [p.name for p in parts if p.name]
    return Checked(path, models[0] if models else None, tuple(findings), tuple(dict.fromkeys(notes)), unmet)


def read_parts(document: Document, ignored: frozenset[int] = frozenset(), declare: tuple[str, ...] = ()) -> Iterator[Part]:
    """The parts of a document with their models, as the text and what is declared have them."""
    tables = tuple(in_tables(document))
    named = prose.named_functions(document.text) - {*FUNCTION_NAMES, r"\rho"}     # \rho(W) is the spectral radius elsewhere
    for part in split(document, ignored):
        settings, words = settings_of(document, part.lines[-1].item.at.end if part.lines else 0), _words(document, part)
        settings = replace(settings, numbers=prose.says_numbers(words), named=named)
        loss = prose.loss_convention(words)
        establish(part, settings, (*tables, *settings.shapes, *declare), {} if loss is None else {"loss": loss})
        yield part


def _unmet(path: str, x: Expectation) -> str:
    return f"{path}:{x.line}: expected {x.verdict}{' ' + x.code if x.code else ''}, and no finding there is"


def _fault(document: Document, fault: Fault) -> Finding:
    return Finding(
        fault.at.line,
        fault.at.column,
        fault.at.end_line,
        document.text[fault.at.start : fault.at.end][:80].strip(),
        "claim",
        "not_read",
        "N303",
        message=fault.message,
    )


def _unread(document: Document, said: Directive, message: str) -> Finding:
    latex = document.text[said.at.start : said.at.end].strip()
    return Finding(said.at.line, said.at.column, said.at.end_line, latex, "claim", "not_read", "N302", message=message)


def _words(document: Document, part: Part) -> str:
    """The prose and the headings around a part's formulas."""
    if not part.lines:
        return ""
    first, last = part.lines[0].item.at.start, part.lines[-1].item.at.end
    around = (i for i in document.items if isinstance(i, Prose | Heading) and first - 400 <= i.at.start <= last)
    return ". ".join(i.text for i in around)
