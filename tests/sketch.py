"""A layout tree as one line of text, every grouping shown: `h_{t} = {tanh? ({W h_{{t - 1}}})}`."""

from lstm_sym.documents.layout import tree
from lstm_sym.documents.layout.tree import Layout, Statement, Statements


def sketch(part: Layout | None) -> str:
    """One line; Product and Sum in braces, `tanh?` a bare function, `bold:h` a letter in a font, ~ a Blank."""
    match part:
        case None:
            return ""
        case tree.Symbol(name, font) | tree.Number(name, font):
            return f"{font}:{name}" if font else name
        case tree.Function(name, bare):
            return f"{name}{'?' if bare else '!'}"
        case tree.Text(words):
            return f"'{words}'"
        case tree.Dots(name):
            return name
        case tree.Operator(name):
            return f"`{name}`"
        case tree.Blank():
            return "~"
        case tree.Sum(terms):
            return "{" + " ".join(f"{term.sign} {sketch(term.body)}".strip() for term in terms) + "}"
        case tree.Product(factors, operators):
            return "{" + interleaved(factors, operators) + "}"
        case tree.List(items, separators):
            return "<" + interleaved(items, separators) + ">"
        case tree.Chain(sides, relations):
            return "[" + chain(sides, relations) + "]"
        case _:
            return sketch_larger(part)


def sketch_larger(part: Layout) -> str:
    """The kinds with several parts."""
    match part:
        case tree.Scripts(base, sub, sup, primes):
            scripts = f"_{{{sketch(sub)}}}" * bool(sub) + f"^{{{sketch(sup)}}}" * bool(sup)
            return sketch(base) + scripts + "'" * primes
        case tree.Fraction(above, below):
            return f"({sketch(above)} // {sketch(below)})"
        case tree.BigOperator(name, lower, upper, body, bare):
            return f"{name}{'?' * bare}({sketch(lower)}; {sketch(upper)}; {sketch(body)})"
        case tree.Accent(name, body):
            return f"{name}({sketch(body)})"
        case tree.Annotated(name, body, note):
            return f"{name}({sketch(body)}; {sketch(note)})"
        case tree.Root(body, degree):
            return f"root({sketch(body)}; {sketch(degree)})"
        case tree.Delimited(opening, body, closing):
            return f"{opening}{sketch(body)}{closing}"
        case tree.Abs(body):
            return f"abs({sketch(body)})"
        case tree.Norm(body):
            return f"norm({sketch(body)})"
        case tree.Group(body):
            return f"group({sketch(body)})"
        case tree.Matrix(name, rows):
            return f"{name}({'; '.join(' & '.join(sketch(cell) for cell in row) for row in rows)})"
        case tree.Cases(cases):
            return f"cases({'; '.join(sketch(case) for case in cases)})"
        case tree.Case(value, condition):
            return f"{sketch(value)} : {sketch(condition)}" if condition else sketch(value)
        case tree.Condition(word, body):
            return f"{sketch(word)} {sketch(body)}".strip()
        case Statement():
            return statement(part)
        case Statements(statements):
            return " && ".join(statement(s) for s in statements)
    raise TypeError(type(part).__name__)


def statement(s: Statement) -> str:
    """lead chain | conditions | notes (tag) #label."""
    extra = [f"| {sketch(c)}" for c in s.conditions] + [f"| note {sketch(n)}" for n in s.notes]
    extra += [f"({s.tag})"] * (s.tag is not None) + [f"#{s.label}"] * (s.label is not None)
    return " ".join([sketch(s.lead)] * bool(s.lead) + [chain(s.sides, s.relations), *extra])


def chain(sides: tuple[tree.Node, ...], relations: tuple[tree.Relation, ...]) -> str:
    return interleaved(sides, [r.name + (f"({sketch(r.note)})" if r.note else "") for r in relations])


def interleaved(parts: tuple[tree.Node, ...], signs: tuple[str, ...] | list[str]) -> str:
    words = [sketch(parts[0])]
    for sign, part in zip(signs, parts[1:], strict=True):
        words += [sign] * bool(sign) + [sketch(part)]
    return " ".join(words)
