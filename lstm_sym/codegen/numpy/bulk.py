"""Instructions for all steps at a time, sums over steps and samples, and what is computed once, as lines of NumPy."""
from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from lstm_sym.codegen.lowering.activation import reorder
from lstm_sym.codegen.lowering.columns import is_outer
from lstm_sym.codegen.lowering.program import Affine, Assign, Compute, Contract, Instruction, members
from lstm_sym.codegen.numpy.names import identifier
from lstm_sym.codegen.numpy.rows import RowWriter, count, position
from lstm_sym.codegen.numpy.text import Rows, filled, fixed, fixed_column, minus, row_of
from lstm_sym.expr.nodes import Add, Named, Node, Scale, SumOver, When, is_zero


class BulkWriter(RowWriter):
    """Writes instructions that are no loop."""

    def bulk(self, i: Instruction, low: str, high: str) -> list[str]:
        """One instruction for steps low + 1 .. high."""
        if isinstance(i, Affine):
            return self._bulk_affine(i, low, high)
        if isinstance(i, Contract):
            return self.contract(i, low, high)
        if isinstance(i, Compute):
            out = self.rows_of(i.target, low, high)
            lines, text = self.expression(i.value, low, high)
            return [*lines, f"{filled(out)} = {text}"]
        raise TypeError(f"a bulk block holds no {type(i).__name__}")

    def _bulk_affine(self, i: Affine, low: str, high: str) -> list[str]:
        i = self._rows_in_order(i)
        lines = self._note(i)
        out, alone = self.side_by_side(i.targets, low, high)
        if out is None:
            return [x for k in range(len(i.targets)) for x in self.bulk(row_of(i, k), low, high)]
        total = _rows_of(i.targets)
        place, blocks = self.w.places[i.targets[0].label], len(i.targets)
        blocked = place.blocks > 1 and blocks > 1
        products = self._products(i, low, high)
        for k, (function, operand, matrix) in enumerate(products):
            product = f"{function}({operand}, {matrix}"
            if k == 0 and alone and place.kind == "time" and not blocked:
                lines.append(f"{product}, out={out}.reshape({count(high, low)} * B, {total}))")
                continue
            axes = f"{blocks}, {place.rows}).swapaxes(1, 2" if blocked else f"{total}"
            lines.append(f"{filled(out)} {'=' if k == 0 else '+='} {product}).reshape({minus(high, low)}, B, {axes})")
        return lines + self._bases(i, out, blocked, low, high)

    def _rows_in_order(self, i: Affine) -> Affine:
        """The targets in the order of their rows."""
        if not all(t.label in self.w.places for t in i.targets):
            return i
        return reorder(i, sorted(range(len(i.targets)), key=lambda k: position(self.w.places[i.targets[k].label])))

    def _bases(self, i: Affine, out: str, blocked: bool, low: str, high: str) -> list[str]:
        """What is added to the products."""
        if all(map(is_zero, i.bases)):
            return []
        if all(self.is_fixed(b) for b in i.bases):
            parts = [f"np.zeros({b.shape[0]}, dtype)" if is_zero(b) else fixed_column(b, self.fixed_leaf)
                     for b in i.bases]
            several = f"np.stack([{', '.join(parts)}])[:, None]" if blocked else f"np.concatenate([{', '.join(parts)}])"
            return [f"{filled(out)} += {several if len(parts) > 1 else parts[0]}"]
        lines = []
        for t, b in zip(i.targets, i.bases, strict=True):
            if not is_zero(b):
                more, text = self.expression(b, low, high)
                lines += [*more, f"{filled(self.rows_of(t, low, high))} += {text}"]
        return lines

    def _note(self, i: Affine) -> list[str]:
        return [f"# {', '.join(map(str, i.targets))} for all {self.t}"]

    def _products(self, i: Affine, low: str, high: str) -> list[tuple[str, str, str]]:
        """(function, operand rows, matrix) for steps low + 1 .. high, the samples of all steps as rows."""
        found = []
        for term in i.terms:
            for part, qs in self.split(term):
                rows, _ = self.side_by_side(qs, low, high) if qs[0].label in self.w.places else (None, False)
                text = rows or self.over_steps(low, high)(qs[0])
                found.append(
                    (
                        self.multiplier(qs),
                        f"{text}.reshape({count(high, low)} * B, {sp.expand(sum(q.shape[0] for q in qs))})",
                        self.matrix(part),
                    )
                )
        return found

    def contract(self, i: Contract, low: str, high: str) -> list[str]:
        """Sums over steps and samples: one product for all left factors."""
        by_chunk = (low, high) != ("0", str(self.length))
        a, b = (low, high) if by_chunk else (str(sp.expand(i.low - 1)), str(i.high))
        i = self._in_order(i)
        if len(i.lefts) > 1 and self._adjacent(i.lefts, a, b) is None:
            return [line for k in range(len(i.lefts)) for line in self.contract(_one(i, k), low, high)]
        lines, left = self._factor(i.lefts, a, b)
        function, rows = self.multiplier([x for x in i.lefts if isinstance(x, Named)]), _rows_of(i.lefts)
        if i.right is None:
            product, shape = f"{function}(np.ones({count(b, a)} * B, dtype), {left})", f"({rows},)"
        else:
            more, right = self._factor((i.right,), a, b)
            lines += more
            product, shape = f"{function}({left}.T, {right})", f"({rows}, {i.right.shape[0]})"
        name = self._sums(i)
        if by_chunk:
            self.setup.append(f"{name} = np.zeros({shape}, dtype)")
        return [*lines, f"{name} {'+=' if by_chunk else '='} {product}"]

    def _adjacent(self, qs: tuple[Node, ...], low: str, high: str) -> str | None:
        """The text of quantities that stand side by side, else None."""
        named = tuple(q for q in qs if isinstance(q, Named))
        return self.side_by_side(named, low, high)[0] if len(named) == len(qs) else None

    def _factor(self, qs: tuple[Node, ...], low: str, high: str) -> tuple[list[str], str]:
        """Lines that prepare, and the text of a factor: the samples of all steps as its rows."""
        lines: list[str] = []
        text = self._adjacent(qs, low, high)
        if text is None:
            lines, text = self.expression(qs[0], low, high)
            text = f"np.broadcast_to({text}, ({minus(high, low)}, B, {_rows_of(qs)}))"
        return lines, f"{text}.reshape({count(high, low)} * B, {_rows_of(qs)})"

    def _sums(self, i: Contract) -> str:
        """The name of the array of all sums of a product, in which each target gets its rows."""
        several, start = len(i.targets) > 1, sp.S.Zero
        name = self.w.names(("sum", i.targets), identifier(i.targets[0].label) + ("_etc" if several else ""))
        for t in i.targets:
            rows = f"[{start}:{sp.expand(start + t.shape[0])}]" if several else ""
            self.w.names.of[t] = name + rows + (".ravel()" if i.right is not None and t.shape[1] == 1 else "")
            start = sp.expand(start + t.shape[0])
        return name

    def _in_order(self, i: Contract) -> Contract:
        """The left factors in the order of their rows."""
        if not all(isinstance(x, Named) and x.label in self.w.places for x in i.lefts):
            return i
        order = sorted(range(len(i.lefts)), key=lambda k: position(self.w.places[i.lefts[k].label]))
        return Contract(
            tuple(i.targets[k] for k in order), tuple(i.lefts[k] for k in order), i.right, i.low, i.high, i.index
        )

    def once(self, i: Instruction) -> list[str]:
        """One instruction without a running index."""
        if isinstance(i, Contract):
            return self.contract(i, "0", str(self.length))
        if not isinstance(i, Assign):
            raise TypeError(f"a once block holds no {type(i).__name__}")
        wish = identifier(i.target.label) + "".join(f"_{identifier_index(x)}" for x in i.target.indices)
        if self.is_fixed(i.value) and i.target.label in self.w.model.unbatched | self.w.summed:
            column = "[:, 0]" if i.target.shape[1] == 1 else ""
            name = self.w.names(i.target, wish)
            line = f"{name} = {fixed(i.value, self.fixed_leaf)}{column}"
            if self.w.forward and i.target.label in self.w.model.unbatched:
                self.opening.append(line)
                return []
            return [line]
        lines, text = (self._summed if i.target.label in self.w.model.unbatched else self._for_samples)(i)
        return [*lines, f"{self.w.names(i.target, wish)} = {text}"]

    def _for_samples(self, i: Assign) -> tuple[list[str], str]:
        lines: list[str] = []
        texts = []
        for term in members(i.value, Add):
            more, text = self._term(term)
            lines += more
            texts.append(text)
        whole = " + ".join(texts)
        if isinstance(i.value, Named):
            return lines, f"np.array({whole})"
        return lines, f"np.array(np.broadcast_to({whole}, (B, {i.target.shape[0]})), dtype)"

    def _term(self, term: Node) -> tuple[list[str], str]:
        if isinstance(term, SumOver):
            a, b = str(sp.expand(term.args[2] - 1)), str(term.args[3])
            more, text = self.expression(term.args[0], a, b)
            return more, f"np.broadcast_to({text}, ({minus(b, a)}, B, {term.shape[0]})).sum(0)"
        if isinstance(term, When):
            more, text = self._term(term.args[0])
            return more, f"({text} if {' and '.join(f'{c} >= 0' for c in term.args[1:])} else 0)"
        return [], self.over_steps("0", str(self.length))(term)

    def _summed(self, i: Assign) -> tuple[list[str], str]:
        """Terms summed over the samples, except those that no sample enters."""
        texts = []
        for term in members(i.value, Add):
            number, bare = term.args if isinstance(term, Scale) else (sp.S.One, term)
            rows = self.over_steps("0", str(self.length))
            if self.is_fixed(bare):
                text = fixed(bare, self.fixed_leaf) + ("[:, 0]" if bare.shape[1] == 1 else "")
            elif is_outer(bare):
                text = f"np.dot({_rows2(rows, bare.args[0])}.T, {_rows2(rows, bare.args[1].args[0])})"
            else:
                text = f"{_rows2(rows, bare)}.sum(0)"
            texts.append(text if number == 1 else f"{number} * {text}")
        return [], " + ".join(texts)


def _rows_of(qs: Sequence[Node]) -> sp.Expr:
    """The number of rows of quantities below one another."""
    return sp.expand(sum((q.shape[0] for q in qs), sp.S.Zero))


def _one(i: Contract, k: int) -> Contract:
    """One of the sums by itself."""
    return Contract((i.targets[k],), (i.lefts[k],), i.right, i.low, i.high, i.index)


def _rows2(rows: Rows, n: Node) -> str:
    text = rows(n)
    return text if isinstance(n, Named) and not rows.is_fixed(n) else f"np.broadcast_to({text}, (B, {n.shape[0]}))"



def identifier_index(e: sp.Expr) -> str:
    """An index as part of a name."""
    return str(e).replace("-", "m").replace("+", "p").replace(" ", "")
