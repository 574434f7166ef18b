"""The scene of the convolution explorer, from :mod:`convlab.views`; ``static/convolution.js`` has it for the page.

Both views of a transposed convolution and the direct one come from the same list of (output, input, tap), one for
every product. The larger side is counted with its padding, nothing cropped; one row stands for 1-D.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from convlab.arithmetic import (
    conv_output_size,
    conv_transpose_output_size,
    effective_kernel_size,
    equivalent_convolution,
)
from convlab.explorers.scene import chosen_cell, factor, line, listed, looks_of, number, panel, plural
from convlab.views import conv_entries, conv_transpose_entries, pad_or_crop, stretch

__all__ = ["Layer", "Links", "convolution_scene"]


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


def convolution_scene(explorer):
    """What a :class:`convlab.explorers.ConvExplorer` shows now, as plain data."""
    layer = Layer.of(explorer)
    walk, count, wanted = _walked(explorer, layer)
    following = not explorer.selection
    full = layer.total()
    output = [[[number(v) for v in row] for row in plane] for plane in layer.cropped(full)]
    if following and explorer.reveal == "step" and explorer.walk == "output":
        shown = np.arange(np.prod((len(output), *layer.size))).reshape(len(output), *layer.size) <= walk
        output = [[[v if s else "" for v, s in zip(*row)] for row in zip(*plane)] for plane in zip(output, shown)]
    running = following and explorer.walk == "input" and layer.transposed
    lines = _lines(layer, output, layer.total(walk + 1) if running else full)
    chosen = chosen_cell(explorer, lines, wanted)
    links = Links(layer, *_target(layer, chosen))
    _mark(layer, links, lines)
    facts = _facts(layer)
    return {
        "lines": lines,
        "formula": links.sentence(),
        "facts": facts,
        "steps": count,
        "selection": chosen,
        "problem": "",
    }


def _walked(explorer, layer):
    by_input = explorer.walk == "input"
    shape = layer.x.shape if by_input else (layer.channels[1], *layer.size)
    count = int(np.prod(shape))
    step = min(explorer.step, count - 1)
    channel, row, column = (int(n) for n in np.unravel_index(step, shape))
    if by_input and not layer.transposed:
        row, column = row + layer.begin[0], column + layer.begin[1]
    return step, count, [f"{'input' if by_input else 'output'} {channel}", row, column]


def _target(layer, selection):
    """The side and the cell that a selected cell of a panel stands for."""
    name, row, column = selection
    kind, *channels = name.split(" ")
    c = [int(channel) for channel in channels]
    if kind == "output" and layer.transposed:
        row, column = row + layer.begin[0], column + layer.begin[1]
    if kind == "flipped":
        row, column = layer.kernel[0] - 1 - row, layer.kernel[1] - 1 - column
    if kind == "stretched":
        place = [_unstretched(layer, axis, n) for axis, n in enumerate((row, column))]
        return ("zero", (*c, row, column)) if None in place else ("in", (*c, *place))
    side = {"input": "in", "kernel": "tap", "flipped": "tap", "full": "out", "output": "out"}[kind]
    return side, (*c, row, column)


def _unstretched(layer, axis, n):
    """The input cell at cell ``n`` of the stretched and padded input, or None for a zero."""
    cell, rest = divmod(n - layer.equivalent()[axis].padding_begin, layer.stride[axis])
    return None if rest or not 0 <= cell < layer.x.shape[1 + axis] else cell


def _mark(layer, links, lines):
    looks = looks_of(lines)

    def mark(name, row, column, look):
        grid = looks.get(name)
        if grid and 0 <= row < len(grid) and 0 <= column < len(grid[0]) and grid[row][column] != "none":
            grid[row][column] = look

    ends = {"in": [[links.cell], [], []], "out": [[], [links.cell], []], "tap": [[], [], [links.cell]]}
    ends = ends.get(links.side, [[], [], []])
    inputs, outputs, taps = (first + [triple[n] for triple in links.triples] for n, first in enumerate(ends))
    if links.side == "zero":
        mark(f"stretched {links.cell[0]}", *links.cell[1:], "read")
    both = layer.transposed and links.side != "out"
    equivalent = layer.equivalent() if layer.transposed else None
    for c, *place in inputs:
        mark(f"input {c}", *place, "read")
        if both:
            spread = [axis.padding_begin + s * n for axis, s, n in zip(equivalent, layer.stride, place)]
            mark(f"stretched {c}", *spread, "read")
    for a, b, *place in taps:
        mark(f"kernel {a} {b}", *place, "read")
        if both:
            mark(f"flipped {a} {b}", *(k - 1 - n for k, n in zip(layer.kernel, place)), "read")
    for c, *place in outputs:
        mark(f"{'full' if layer.transposed else 'output'} {c}", *place, "written")
        if layer.transposed:
            mark(f"output {c}", *(n - b for n, b in zip(place, layer.begin)), "written")
    if layer.transposed and links.side == "out" and layer.inside("out", links.cell):
        _mark_window(layer, links.cell, mark)


def _mark_window(layer, cell, mark):
    """The window of the equivalent convolution lies on zeros too, and meets every tap."""
    c, *place = cell
    a, b = layer.w.shape[:2]
    per_group = a // layer.groups
    for source in range(c // b * per_group, (c // b + 1) * per_group):
        for tap in np.ndindex(*layer.kernel):
            row, column = (n - begin + d * t for n, begin, d, t in zip(place, layer.begin, layer.dilation, tap))
            mark(f"stretched {source}", row, column, "read")
            mark(f"flipped {source} {c % b}", *tap, "read")


def _lines(layer, output, full):
    c_in, c_out = layer.channels
    a, b = layer.w.shape[:2]
    touched = layer.touched()

    def shape(cells):
        return "×".join(map(str, cells[-layer.nd :]))

    def title(words, cells, many, c):
        return f"{words} {shape(cells)}{f', channel {c}' if many else ''}"

    def kernels(kind, turn):
        names = [[f"{kind} {m} {n}" for n in range(b)] for m in range(a)]
        titles = [
            [f"{kind} w[{m}, {n}]" if a * b > 1 else f"{kind} w {shape(layer.kernel)}" for n in range(b)]
            for m in range(a)
        ]
        plain = np.full(layer.kernel, "plain", object)
        return [[panel(names[m][n], titles[m][n], turn(layer.w[m, n]), plain) for n in range(b)] for m in range(a)]

    plain = np.full(layer.x.shape[1:], "plain", object)
    looks = plain if layer.transposed else np.pad(plain, layer.padding, constant_values="padding")
    looks = looks if layer.transposed else np.where((looks == "plain") & ~touched, "unread", looks)
    inputs = [
        [panel(f"input {c}", title("input x", layer.x.shape, c_in > 1, c), layer.source[c], looks)] for c in range(c_in)
    ]
    looks = np.full(layer.size, "plain", object)
    if layer.transposed:
        wide = np.pad(touched, [(0, max(op - end, 0)) for op, (_, end) in zip(layer.output_padding, layer.padding)])
        kept = wide[tuple(slice(begin, begin + n) for begin, n in zip(layer.begin, layer.size))]
        looks = np.where(kept, "plain", "unwritten").astype(object)
    outputs = [
        [panel(f"output {c}", title("output y", layer.size, c_out > 1, c), output[c], looks)] for c in range(c_out)
    ]
    first = [("", inputs), ("∗", kernels("kernel", lambda w: w)), ("=", outputs)]
    if not layer.transposed:
        return [line("", first)]
    stamping = [
        ("", inputs),
        ("×", first[1][1]),
        ("→", [[_full(layer, full[c], c, touched, shape)] for c in range(c_out)]),
    ]
    spread = [[_stretched(layer, c, title)] for c in range(c_in)]
    insertion = [("", spread), ("∗", kernels("flipped", lambda w: w[::-1, ::-1])), ("=", outputs)]
    return [
        line("Stamping: each input cell times the kernel, added where it lands", stamping),
        line("Zero insertion: an ordinary convolution of stride 1 with the flipped kernel", insertion),
    ]


def _full(layer, values, c, touched, shape):
    """All stamps with the frame of the crop; cells that only ``output_padding`` adds lie beyond them."""
    grow = [(0, max(op - end, 0)) for op, (_, end) in zip(layer.output_padding, layer.padding)]
    looks = np.where(touched, "plain", "unwritten").astype(object)
    kept = np.zeros(np.add(layer.full, np.sum(grow, axis=1)), bool)
    frame = tuple(slice(begin, begin + n) for begin, n in zip(layer.begin, layer.size))
    kept[frame] = True
    looks = np.pad(looks, grow, constant_values="beyond")
    looks[~kept] = np.where(looks[~kept] == "beyond", "none", "cropped")
    many = f", channel {c}" if layer.channels[1] > 1 else ""
    title = f"all stamps {shape(layer.full)}{many}; the frame is y"
    edges = [frame[0].start, frame[1].start, frame[0].stop, frame[1].stop]
    return panel(f"full {c}", title, np.pad(values, grow), looks, edges)


def _stretched(layer, c, title):
    """The input of the equivalent convolution; the values are those of :mod:`convlab.views.zero_insertion`."""
    axes = layer.equivalent()
    pads = [(axis.padding_begin, axis.padding_end) for axis in axes]
    values = pad_or_crop(stretch(layer.x[None], layer.stride), pads)[0, c]
    size = values.shape
    places = [[_unstretched(layer, axis, n) for n in range(count)] for axis, count in enumerate(size)]
    looks = np.full(size, "padding", object)
    spread = [s * (i - 1) + 1 for s, i in zip(layer.stride, layer.x.shape[1:])]
    between = [(max(axis.padding_begin, 0), max(axis.padding_begin + n, 0)) for axis, n in zip(axes, spread)]
    looks[slice(*between[0]), slice(*between[1])] = "zero"
    for y, row in enumerate(places[0]):
        for x, column in enumerate(places[1]):
            if row is not None and column is not None:
                looks[y, x] = "plain"
    return panel(f"stretched {c}", title("stretched, padded x", size, layer.channels[0] > 1, c), values, looks)


def _facts(layer):
    letters = [""] if layer.nd == 1 else ["down: ", "across: "]
    axes = list(
        zip(
            layer.x.shape[1:],
            layer.kernel,
            layer.stride,
            layer.padding,
            layer.output_padding,
            layer.dilation,
            layer.size,
        )
    )[-layer.nd :]
    if not layer.transposed:
        sizes = "; ".join(
            f"{letter}floor(({i} + {p[0]} + {p[1]} − {effective_kernel_size(k, d)}) / {s}) + 1 = {size}"
            for letter, (i, k, s, p, _, d, size) in zip(letters, axes)
        )
        return [
            f"These are the parameters of a direct convolution, as torch.nn.Conv{layer.nd}d names them. "
            f"Output size {sizes}."
        ]
    sizes = "; ".join(
        f"{letter}{s}·({i} − 1) + {effective_kernel_size(k, d)} − {p[0]} − {p[1]} + {op} = {size}"
        for letter, (i, k, s, p, op, d, size) in zip(letters, axes)
    )
    direct = "; ".join(
        f"{letter}{plural(e.zeros_between, 'zero')} between, padding ({e.padding_begin}, {e.padding_end})"
        for letter, e in zip(letters, layer.equivalent()[-layer.nd :])
    )
    return [
        f"These are the parameters of a transposed convolution, as torch.nn.ConvTranspose{layer.nd}d names them: "
        f"padding crops the output. Output size {sizes}.",
        f"The direct convolution with the same values: {direct}; kernel flipped, stride 1.".replace(
            "); kernel", "), kernel"
        ),
    ]
