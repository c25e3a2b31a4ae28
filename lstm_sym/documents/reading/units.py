r"""What repeats in a product with dots: W D_t \cdots W D_k is (W D_t) \cdots (W D_k)."""
from __future__ import annotations

from lstm_sym.documents.layout.mapped import mapped
from lstm_sym.documents.layout.tree import Delimited, Dots, Function, Layout, Node, Product, Scripts
from lstm_sym.documents.reading.spelling import affine_of

Factors = tuple[tuple[Node, ...], tuple[str, ...]]           # and the signs between them


def in_units(factors: tuple[Node, ...], operators: tuple[str, ...]) -> Factors:
    """The factors with those that repeat around the dots in brackets, the fewest that are alike but for their times."""
    place = next((n for n, x in enumerate(factors) if isinstance(x, Dots)), 0)
    plain = [mapped(x, _without_time) for x in factors]
    sizes = range(1, min(place, len(factors) - place - 1) + 1)
    size = next((n for n in sizes if plain[place - n:place] == plain[place + 1:place + 1 + n]), 1)
    if size == 1 or (size == 2 and isinstance(factors[place - 2], Function)):        # one factor, or a call
        return factors, operators
    found, first = [place + 1, place - size], place - size
    while first >= size and plain[first - size:first] == plain[place - size:place]:
        found.append(first := first - size)
    for start in found:                                      # from the right, so that the places before stay
        factors, operators = _bracketed(factors, operators, start, start + size)
    return factors, operators


def _bracketed(factors: tuple[Node, ...], operators: tuple[str, ...], start: int, stop: int) -> Factors:
    span = factors[start].span[0], factors[stop - 1].span[1]
    inner = Product(factors[start:stop], operators[start:stop - 1], span=span)
    return ((*factors[:start], Delimited("(", inner, ")", span=span), *factors[stop:]),
            (*operators[:start], *operators[stop - 1:]))


def _without_time(node: Layout) -> Layout:
    """h of h_{k+1}."""
    timed = isinstance(node, Scripts) and node.sup is None and not node.primes and affine_of(node.sub) is not None
    return node.base if isinstance(node, Scripts) and timed else node
