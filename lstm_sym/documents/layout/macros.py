"""The document's own commands: `\\newcommand{\\h}[1]{\\mathbf{h}_{#1}}` read, and `\\h{t}` replaced by its body.

A token out of a macro's body has the span of the call; a token out of an argument keeps its own.
Work is bounded: BUDGET tokens a formula, so a `\\def` that calls itself is an error and never a hang.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from lstm_sym.documents.layout.tokens import Token, closing_brace, numbered, tokenize
from lstm_sym.errors import LayoutError

BUDGET = 50_000            # tokens of one formula after expansion, those replaced on the way counted too
LONGEST = 4_000            # characters a definition may take


@dataclass(frozen=True, slots=True)
class Macro:
    """name (with its backslash), number of parameters, default of the first if it is optional, body."""
    name: str
    parameters: int
    body: str
    default: str | None = None
    start: int = 0             # where its definition stands, in the text it was read from
    end: int = 0
    fault: str = ""            # why the definition cannot be used; told when the macro is


DEFINITION = re.compile(r"""
    \\(?P<how> (?:new|renew|provide)command\*? | DeclareMathOperator\*? | DeclareRobustCommand\*? | [gex]?def | let )
    \s*(?P<brace>\{)?\s*(?P<name>\\(?:[A-Za-z]+|[^A-Za-z\s]))\s*(?(brace)\})\s*
""", re.VERBOSE)
PARAMETERS = re.compile(r"(?:\[(\d)\])?\s*(?:\[((?:\\.|\{[^{}]*\}|[^\]\\\n{}])*)\])?\s*")
DEF_PARAMETERS = re.compile(r"[^{\n]{0,80}")
LET = re.compile(r"=?\s*(\\[A-Za-z]+|\\?\S)")

# pdv{L}{h} and the like, from packages everybody loads; a document's own definition wins
BUILT_IN = (
    Macro(r"\pdv",      2, r"\frac{\partial #1}{\partial #2}"),
    Macro(r"\dv",       2, r"\frac{d #1}{d #2}"),
    Macro(r"\norm",     1, r"\lVert #1 \rVert"),
    Macro(r"\abs",      1, r"\lvert #1 \rvert"),
    Macro(r"\R",        0, r"\mathbb{R}"),
    Macro(r"\reals",    0, r"\mathbb{R}"),
    Macro(r"\dd",       0, r"\mathrm{d}"),
    Macro(r"\differentialD", 0, r"\mathrm{d}"),
    Macro(r"\sech",     0, r"\operatorname{sech}"),
)


def definitions(text: str) -> Iterator[Macro]:
    """Every definition in a text, in order; a malformed one carries its fault.  Linear: at most 100 faults are read."""
    position = faults = 0
    while faults < 100 and (match := DEFINITION.search(text, position)):
        macro = _definition(text, match)
        yield macro
        position, faults = max(macro.end, match.end()), faults + bool(macro.fault)


def without_definitions(text: str) -> tuple[str, tuple[Macro, ...]]:
    """The text with its definitions turned into spaces, place by place, and the macros they define."""
    found = tuple(definitions(text)) if "\\" in text else ()
    pieces, at = [], 0
    for macro in found:
        pieces += [text[at:macro.start], " " * (macro.end - macro.start)]
        at = macro.end
    return "".join((*pieces, text[at:])), found


def expand(tokens: Iterable[Token], macros: Iterable[Macro] = ()) -> tuple[Token, ...]:
    """The tokens with every macro replaced; the last definition of a name wins.

    Errors: LayoutError for a missing argument, a faulty definition, or more than BUDGET tokens.
    """
    table = {macro.name: macro for macro in (*BUILT_IN, *macros)}
    return numbered(_Expansion(tokens, table).run())


def _definition(text: str, match: re.Match[str]) -> Macro:
    how, name, at = match["how"], match["name"], match.end()
    if how == "let":
        other = LET.match(text, at)
        return Macro(name, 0, other[1] if other else "", None, match.start(), other.end() if other else at)
    count, default, at, fault = (_def_head if how.endswith("def") else _newcommand_head)(text, at)
    end = closing_brace(text, at, min(len(text), at + LONGEST)) if text[at:at + 1] == "{" else -1
    if fault or end < 0:
        fault = fault or "the definition's body {...} is missing or never closed"
        return Macro(name, 0, "", None, match.start(), at, fault)
    body = text[at + 1:end]
    if how.startswith("DeclareMath"):
        body = rf"\operatorname{'*' if how.endswith('*') else ''}{{{body}}}"
    return Macro(name, count, body, default, match.start(), end + 1)


def _newcommand_head(text: str, at: int) -> tuple[int, str | None, int, str]:
    match = PARAMETERS.match(text, at, at + LONGEST)
    return (int(match[1] or 0), match[2], match.end(), "") if match else (0, None, at, "")


def _def_head(text: str, at: int) -> tuple[int, str | None, int, str]:
    match = DEF_PARAMETERS.match(text, at)
    head = match[0].replace(" ", "") if match else ""
    count = len(head) // 2
    plain = head == "".join(f"#{i}" for i in range(1, count + 1))
    fault = "" if plain else f"parameters with delimiters ({head}) are not supported"
    return count, None, match.end() if match else at, fault


# --- expansion ------------------------------------------------------------------------------------------------------

class _Expansion:
    """One left-to-right pass with the tokens still to read on a stack, the next one on top."""

    def __init__(self, tokens: Iterable[Token], table: Mapping[str, Macro]) -> None:
        self.pending = list(tokens)[::-1]
        self.table = dict(table)
        self.bodies: dict[str, tuple[Token, ...]] = {}
        self.spent = 0
        self.last = 0              # offset after the last token taken

    def run(self) -> list[Token]:
        """Every token, macros replaced."""
        done: list[Token] = []
        while self.pending:
            token = self.take()
            if token.kind == "command" and token.text in self.table:
                self.replace(token, self.table[token.text])
            else:
                done.append(token)
        return done

    def replace(self, call: Token, macro: Macro) -> None:
        """Puts the body, its parameters filled in, in front of what is still to read."""
        if macro.fault:
            raise LayoutError(f"macro {macro.name} cannot be expanded: {macro.fault}", call.start, call.end)
        arguments = self.arguments(call, macro)
        end = max(call.end, self.last)
        filled = list(self.fill(call, end, macro, arguments))
        self.spent += len(filled) + 1
        if self.spent > BUDGET:
            raise LayoutError(f"macro {macro.name} expands to more than {BUDGET} tokens; does it call itself?",
                              call.start, call.end)
        self.pending.extend(reversed(filled))

    def fill(self, call: Token, end: int, macro: Macro, arguments: list[list[Token]]) -> Iterator[Token]:
        if macro.name not in self.bodies:
            self.bodies[macro.name] = self.body(call, macro)
        body, i = self.bodies[macro.name], 0
        while i < len(body):
            token, i = body[i], i + 1
            if token.text == "#" and i < len(body) and body[i].text[0] in "123456789":
                number, rest = int(body[i].text[0]), body[i].text[1:]
                yield from arguments[number - 1] if number <= len(arguments) else ()
                if rest:                                          # `#12` is the first argument, then a 2
                    yield Token("number", rest, call.start, end)
                i += 1
                continue
            words = filled(token.argument, arguments) if "#" in token.argument else token.argument
            yield replace(token, start=call.start, end=end, argument=words)

    def body(self, call: Token, macro: Macro) -> tuple[Token, ...]:
        try:
            return tokenize(macro.body)
        except LayoutError as error:
            raise LayoutError(f"in macro {macro.name}: {error}", call.start, call.end) from error

    def arguments(self, call: Token, macro: Macro) -> list[list[Token]]:
        found: list[list[Token]] = []
        if macro.default is not None:
            usual = [replace(t, start=call.start, end=call.end) for t in tokenize(macro.default)]
            found.append(self.optional() or usual)
        while len(found) < macro.parameters:
            found.append(self.argument(call))
        return found

    def argument(self, call: Token) -> list[Token]:
        """A braced group without its braces, or the next token.  Braces stay where a script follows them."""
        if not self.pending:
            raise LayoutError(f"{call.text} needs one more argument; the formula ends", call.start, call.end)
        first = self.take()
        return self.until(call, "{", "}") if first.text == "{" else [first]

    def optional(self) -> list[Token]:
        if not self.pending or self.pending[-1].text != "[":
            return []
        return self.until(self.take(), "[", "]")

    def take(self) -> Token:
        token = self.pending.pop()
        self.last = max(self.last, token.end)
        return token

    def until(self, call: Token, opening: str, closing: str) -> list[Token]:
        inside: list[Token] = []
        depth = 1
        while self.pending:
            token = self.take()
            depth += (token.text == opening) - (token.text == closing)
            if depth == 0:
                return inside
            inside.append(token)
        raise LayoutError(f"{call.text}: {opening} is never closed; expected {closing}", call.start, call.end)


def filled(words: str, arguments: list[list[Token]]) -> str:
    """The words of a \\text{..} with their #1, #2 ..."""
    for n, argument in enumerate(arguments, 1):
        words = words.replace(f"#{n}", " ".join(t.argument or t.text for t in argument))
    return words[:LONGEST]
