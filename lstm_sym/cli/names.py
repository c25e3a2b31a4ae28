"""Names that users type: the one they chose, or an error with the one they may have meant."""
from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from lstm_sym.errors import UnknownName


def chosen(name: str, names: Iterable[str], what: str) -> str:
    """`name`, if it is one of `names`.  Errors: UnknownName with the nearest name and all of them."""
    every = list(names)
    if name in every:
        return name
    near = get_close_matches(name.lower(), every, n=1, cutoff=0.5) or get_close_matches(name, every, n=1, cutoff=0.5)
    meant = f"did you mean {near[0]}? " if near else ""
    raise UnknownName(f"no {what} is called {name!r}; {meant}there are {', '.join(every)}")
