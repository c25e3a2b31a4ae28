"""The pages of `explain`: one Markdown file a code beside this one, its title on the first line."""
from __future__ import annotations

from importlib.resources import files

from lstm_sym.errors import UnknownName


def codes() -> tuple[str, ...]:
    """Every code that has a page, in order."""
    return tuple(sorted(p.name.removesuffix(".md") for p in files(__name__).iterdir() if p.name.endswith(".md")))


def page(code: str) -> str:
    """The page of a code.  Errors: UnknownName."""
    if code not in codes():
        raise UnknownName(f"no code is called {code!r}; there are {', '.join(codes())}")
    return (files(__name__) / f"{code}.md").read_text(encoding="utf-8")


def title(code: str) -> str:
    """The first line of the page without its code; the code itself where there is no page."""
    if code not in codes():
        return code
    return page(code).partition("\n")[0].removeprefix("# ").removeprefix(f"{code}: ")
