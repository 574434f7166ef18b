"""The layer that an explorer shows: every product of it, and which cells and taps belong to each other.

Both views of a transposed convolution and the direct one come from the same list of (output, input, tap), one for
every product. The larger side is counted with its padding, nothing cropped; one row stands for 1-D.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from convlab.arithmetic import conv_output_size, conv_transpose_output_size, equivalent_convolution
from convlab.explorers.scene import factor, listed, number, plural
from convlab.views import conv_entries, conv_transpose_entries

__all__ = ["Layer", "Links"]


@dataclass
class Layer:
    """The layer of an explorer with two axes of cells, and every product of it."""

    transposed: bool
    nd: int
    x: np.ndarray
    w: np.ndarray
    stride: tuple
    padding: tuple
    output_padding: tuple
    dilation: tuple
    groups: int

    @classmethod
    def of(cls, explorer):
        nd = explorer.weight.ndim - 2

        def two(values, one):
            return tuple(values) if nd == 2 else (one, values[0])

        x, w = (explorer.input, explorer.weight) if nd == 2 else (explorer.input[:, None], explorer.weight[:, :, None])
        names = (("stride", 1), ("padding", (0, 0)), ("output_padding", 0), ("dilation", 1))
        settings = [two(getattr(explorer, name), one) for name, one in names]
        return cls(explorer.transposed, nd, x, w, *settings, explorer.groups)

    @property
    def kernel(self):
        return self.w.shape[2:]

    @cached_property
    def channels(self):
        """``(C_in, C_out)``."""
        return (self.w.shape[0], self.w.shape[1] * self.groups) if self.transposed else (len(self.x), self.w.shape[0])

    @cached_property
    def begin(self):
        return tuple(begin for begin, _ in self.padding)

    @cached_property
    def size(self):
        axes = zip(self.x.shape[1:], self.kernel, self.stride, self.padding, self.output_padding, self.dilation)
        if self.transposed:
            return tuple(conv_transpose_output_size(*axis) for axis in axes)
        return tuple(conv_output_size(i, k, s, p, d) for i, k, s, p, _, d in axes)

    @cached_property
    def full(self):
        """Cells of the larger side: the padded input, or the uncropped output."""
        if not self.transposed:
            return tuple(i + begin + end for i, (begin, end) in zip(self.x.shape[1:], self.padding))
        axes = zip(self.x.shape[1:], self.kernel, self.stride, self.dilation)
        return tuple(conv_transpose_output_size(i, k, s, dilation=d) for i, k, s, d in axes)

    @cached_property
    def source(self):
        """The input, a convolution's with its padding."""
        return self.x if self.transposed else np.pad(self.x, [(0, 0), *self.padding])

    @cached_property
    def target_shape(self):
        """Shape of the output, a transposed one's uncropped."""
        return (self.channels[1], *(self.full if self.transposed else self.size))

    @cached_property
    def entries(self):
        if self.transposed:
            sizes = self.x.shape[1:], self.w.shape, self.stride, 0, 0, self.groups, self.dilation
            return conv_transpose_entries(*sizes)
        return conv_entries(self.full, self.w.shape, self.stride, 0, self.dilation, self.groups)

    def total(self, sources=None):
        """The output, a transposed one's uncropped; of the first ``sources`` inputs only if given."""
        rows, columns, taps, _ = self.entries
        products = self.source.reshape(-1)[columns] * self.w.reshape(-1)[taps]
        out = np.zeros(int(np.prod(self.target_shape)), products.dtype)
        chosen = slice(None) if sources is None else columns < sources
        np.add.at(out, rows[chosen], products[chosen])
        return out.reshape(self.target_shape)

    def touched(self):
        """Which cells of the larger side any tap meets, channels aside."""
        rows, columns, *_ = self.entries
        flat, shape = (rows, self.target_shape) if self.transposed else (columns, self.source.shape)
        hit = np.zeros(int(np.prod(shape)), bool)
        hit[flat] = True
        return hit.reshape(shape)[0]

    def cropped(self, full):
        """The output, from the uncropped one."""
        if not self.transposed:
            return full
        wide = np.pad(
            full, [(0, 0), *((0, max(op - end, 0)) for op, (_, end) in zip(self.output_padding, self.padding))]
        )
        return wide[(slice(None), *(slice(b, b + n) for b, n in zip(self.begin, self.size)))]

    def equivalent(self):
        axes = zip(self.kernel, self.stride, self.padding, self.output_padding, self.dilation)
        return [equivalent_convolution(*axis) for axis in axes]

    # --- names ---

    def name(self, side, cell):
        channel, *place = cell
        many = self.channels[0 if side == "in" else 1] > 1
        shifted = (side == "out") == self.transposed
        place = [n - (b if shifted else 0) for n, b in zip(place, self.begin)]
        parts = [channel] * many + (place if self.nd == 2 else place[1:])
        return f"{'x' if side == 'in' else 'y'}[{', '.join(map(str, parts))}]"

    def tap_name(self, tap):
        parts = list(tap[:2]) * (self.w.shape[0] * self.w.shape[1] > 1) + list(tap[2:] if self.nd == 2 else tap[3:])
        return f"w[{', '.join(map(str, parts))}]"

    def inside(self, side, cell):
        begins = self.begin if (side == "out") == self.transposed else (0, 0)
        sizes = self.x.shape[1:] if side == "in" else self.size
        return all(b <= n < b + size for n, b, size in zip(cell[1:], begins, sizes))


@dataclass
class Links:
    """The products of one cell or tap, in the order of the taps or of the cells."""

    layer: Layer
    side: str
    cell: tuple

    @cached_property
    def triples(self):
        """``(input cell, output cell, tap)``, counted with padding."""
        layer = self.layer
        if self.side == "zero":
            return []
        rows, columns, taps, _ = layer.entries
        shapes = {"in": (columns, layer.source.shape), "out": (rows, layer.target_shape), "tap": (taps, layer.w.shape)}
        flat, shape = shapes[self.side]
        if any(n >= size for n, size in zip(self.cell, shape)):
            return []
        chosen = np.flatnonzero(flat == np.ravel_multi_index(self.cell, shape))
        order = taps if self.side != "tap" else columns if layer.transposed else rows
        chosen = chosen[np.argsort(order[chosen], kind="stable")]
        sides = ((columns, layer.source.shape), (rows, layer.target_shape), (taps, layer.w.shape))
        places = [np.stack(np.unravel_index(flat[chosen], shape), axis=-1).tolist() for flat, shape in sides]
        return [tuple(map(tuple, triple)) for triple in zip(*places)]

    def sentence(self):
        say = {"zero": self._zero, "out": self._out, "in": self._in, "tap": self._tap}
        return say[self.side]()

    def _zero(self):
        return "An inserted or padded zero: it adds nothing, whatever tap meets it."

    def _out(self):
        layer = self.layer
        whole = layer.name("out", self.cell) if layer.inside("out", self.cell) else "This cell is cropped; it"
        if not self.triples:
            return f"{whole} = 0: no input reaches it."
        symbols = [
            f"{layer.name('in', x) if layer.inside('in', x) else '0'}·{layer.tap_name(tap)}"
            for x, _, tap in self.triples
        ]
        pairs = [(layer.source[x], layer.w[tap]) for x, _, tap in self.triples]
        terms = listed([f"{factor(x)}·{factor(w)}" for x, w in pairs], " + ")
        named = f"{' + '.join(symbols)} = " if len(symbols) <= 4 else ""
        return f"{whole} = {named}{terms} = {number(sum(x * w for x, w in pairs))}"

    def _in(self):
        layer = self.layer
        whole = "This padding zero"
        if layer.inside("in", self.cell):
            whole = f"{layer.name('in', self.cell)} = {number(layer.source[self.cell])}"
        kept = [(y, tap) for _, y, tap in self.triples if layer.inside("out", y)]
        if not kept:
            why = "all its products are cropped" if self.triples else "no tap ever reads it"
            return f"{whole} touches no output: {why}."
        parts = [f"{layer.name('out', y)} (·{number(layer.w[tap])})" for y, tap in kept]
        return f"{whole} touches {plural(len(kept), 'output')}: {listed(parts, ', ')}"

    def _tap(self):
        layer = self.layer
        pairs = [(x, y) for x, y, _ in self.triples if layer.inside("in", x) and layer.inside("out", y)]
        parts = [f"{layer.name('in', x)}→{layer.name('out', y)}" for x, y in pairs]
        whole = f"{layer.tap_name(self.cell)} = {number(layer.w[self.cell])}"
        return f"{whole} joins {plural(len(pairs), 'pair')}: {listed(parts, ', ')}"
