"""The commands and their options.  What a command does is imported when it is called: `--help` needs no mathematics."""
from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from lstm_sym.cli.configuration import Settings, with_project
from lstm_sym.cli.help import ABOUT, EXAMPLES
from lstm_sym.cli.names import chosen
from lstm_sym.report.explain import codes, page, title

app = typer.Typer(help=ABOUT, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)

VERSION: str = sys.modules["lstm_sym"].__version__     # the package's face is read, not imported: it stands above all
OF_MODEL = "A name of the catalogue (see models), or a document with model lines."
Model = Annotated[str, typer.Argument(metavar="MODEL", help=OF_MODEL)]
Delta = Annotated[bool, typer.Option("--delta", help="Write gradients as delta h_t.")]
CUT = "Let no error flow back into the gates' inputs, as in 1997; compare does so on the right."
Truncated = Annotated[bool, typer.Option("--truncated", help=CUT)]
Code = Annotated[str, typer.Argument(metavar="CODE", help="A code of a finding; without one, the list.")]


def load(part: str) -> Any:
    """The module that does the work of a command."""
    return import_module(f"lstm_sym.cli.{part}")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lstm-sym {VERSION}")
        raise typer.Exit


@app.callback()
def start(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error came from.")] = False,
) -> None:
    """Options of every command; main reads --debug."""


@app.command(help=EXAMPLES["check"])
def check(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Files, folders, or - for standard input.")],
    format: Annotated[str, typer.Option(metavar="FORMAT", help="pretty, concise, json, github, sarif or html.")] = "pretty",
    fix: Annotated[bool, typer.Option("--fix", help="Write the corrections into the documents, then report.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what --fix would write; 1 if anything.")] = False,
    fail_on: Annotated[
        str, typer.Option(metavar="VERDICTS", help="Verdicts that fail the run too: undecided,not-read,conditional.")] = "",
    expect: Annotated[list[str], typer.Option(metavar="FILE", help="TOML file of expected findings.")] = [],  # noqa: B006
    baseline: Annotated[str, typer.Option(metavar="FILE", help="Findings that are known and fail no run.")] = "",
    write_baseline: Annotated[bool, typer.Option("--write-baseline", help="Write today's to --baseline.")] = False,
    declare: Annotated[list[str], typer.Option(metavar="SHAPE", help='The shape of a name: "W: n x n".')] = [],  # noqa: B006
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Processes; 0: one a core.")] = 0,
    cache: Annotated[bool, typer.Option(help="Remember verdicts of documents that have not changed.")] = True,
    emit_numpy: Annotated[str, typer.Option(metavar="FOLDER", help="Write a NumPy program for each witness.")] = "",
    color: Annotated[str, typer.Option(metavar="WHEN", help="auto, always or never; NO_COLOR is heeded.")] = "auto",
) -> None:
    """Judge every equation of the documents."""
    given = Settings(format=format, fail_on=tuple(fail_on.replace(",", " ").split()), declare=tuple(declare),
                     expect=tuple(expect), baseline=baseline, write_baseline=write_baseline, jobs=jobs, cache=cache,
                     color=color, fix=fix, diff=diff, emit_numpy=emit_numpy)
    raise typer.Exit(load("checking").run(tuple(paths), with_project(given)))


@app.command(help=EXAMPLES["derive"])
def derive(
    model: Model,
    format: Annotated[str, typer.Option(metavar="FORMAT", help="latex, text or markdown.")] = "latex",
    loss: Annotated[
        str, typer.Option(metavar="STEPS", help="every: the loss reads every step; last: the last step only.")] = "every",
    delta: Delta = False,
    truncated: Truncated = False,
) -> None:
    """Print backpropagation through time of a model."""
    sys.stdout.write(load("deriving").derived(model, format, loss, delta, truncated))


@app.command(help=EXAMPLES["compare"])
def compare(
    left: Annotated[str, typer.Argument(metavar="LEFT", help=OF_MODEL)],
    right: Annotated[str, typer.Argument(metavar="RIGHT", help="The other model; without one, the same.")] = "",
    format: Annotated[str, typer.Option(metavar="FORMAT", help="text, markdown, latex or json.")] = "text",
    loss: Annotated[
        str, typer.Option(metavar="STEPS", help="every: the loss reads every step; last: the last step only.")] = "every",
    delta: Delta = False,
    truncated: Truncated = False,
) -> None:
    """Show equations and gradients of two models side by side."""
    sys.stdout.write(load("comparing").comparison(left, right, format, loss, delta, truncated))


@app.command(help=EXAMPLES["models"])
def models() -> None:
    """List the catalogue."""
    sys.stdout.write(load("deriving").catalogue())


@app.command(help=EXAMPLES["code"])
def code(
    model: Model,
    target: Annotated[str, typer.Option(metavar="TARGET", help="numpy or c.")] = "numpy",
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")] = "",
) -> None:
    """Print the generated program of a model."""
    text = load("coding").generated(model, target)
    if output:
        Path(output).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


@app.command(help=EXAMPLES["gradcheck"])
def gradcheck(
    model: Annotated[str, typer.Argument(metavar="MODEL", help=OF_MODEL)] = "",
    every: Annotated[bool, typer.Option("--all", help="Every model of the catalogue, a line each.")] = False,
    target: Annotated[str, typer.Option(metavar="TARGET", help="numpy, c or reference.")] = "numpy",
    seed: Annotated[int, typer.Option(metavar="NUMBER", help="Of the arguments that are drawn.")] = 0,
) -> None:
    """Compare the compiled gradients of a model with independent derivatives."""
    if bool(model) == every:
        raise typer.BadParameter("give a model, or --all for every model of the catalogue")
    part = load("gradchecking")
    table, passed = part.compared_all(target, seed) if every else part.compared(model, target, seed)
    sys.stdout.write(table)
    raise typer.Exit(0 if passed else 1)


@app.command(help=EXAMPLES["prove"])
def prove(
    name: Annotated[str, typer.Argument(metavar="THEOREM", help="Its name; without one, the list.")] = "",
    listed: Annotated[bool, typer.Option("--list", help="Names, what was checked, the trusted base.")] = False,
    format: Annotated[
        str, typer.Option(metavar="FORMAT", help="text, latex, markdown, json or coq; of the list text or json.")] = "text",
    recheck: Annotated[bool, typer.Option("--recheck", help="Have the second reader and Coq check the proof.")] = False,
) -> None:
    """Prove a theorem and print it."""
    proving = load("proving")
    text, accepted = proving.printed(name, format, recheck) if name and not listed else proving.listed(format, recheck)
    sys.stdout.write(text)
    raise typer.Exit(0 if accepted else 1)


@app.command(help=EXAMPLES["bound"])
def bound(
    path: Annotated[str, typer.Argument(metavar="FILE", help="A .npy file with a square matrix W.")] = "",
    matrix: Annotated[str, typer.Option(metavar="ROWS", help='The matrix itself: "[[2,-4],[1,-2]]".')] = "",
    activation: Annotated[str, typer.Option(metavar="PHI", help="tanh, sigmoid, relu or linear.")] = "tanh",
    eps: Annotated[str, typer.Option(metavar="NUMBER", help="Of the horizon: when is the bound below it?")] = "1e-6",
    format: Annotated[str, typer.Option(metavar="FORMAT", help="text or json.")] = "text",
) -> None:
    """Certify whether the gradients of a recurrent matrix vanish or grow."""
    sys.stdout.write(load("bounding").bounded(path, matrix, activation, eps, format))


@app.command(help=EXAMPLES["symbols"])
def symbols(path: Annotated[str, typer.Argument(metavar="FILE", help="A document, or - for standard input.")]) -> None:
    """Print what the names of a document are taken for."""
    sys.stdout.write(load("symbols").table(path))


@app.command(help=EXAMPLES["explain"])
def explain(code: Code = "") -> None:
    """Say what a code means."""
    listed = "".join(f"{c}  {title(c)}\n" for c in codes())
    sys.stdout.write(page(chosen(code.upper(), codes(), "code")) if code else listed)
