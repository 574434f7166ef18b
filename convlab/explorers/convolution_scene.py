"""What the convolution explorer shows; ``static/convolution_scene.js`` has it for the page."""

from dataclasses import dataclass

import numpy as np

from convlab.arithmetic import effective_kernel_size
from convlab.explorers.layer import Layer, Links
from convlab.explorers.scene import chosen_cell, line, longest_of, looks_of, number, panel, plural, roomy
from convlab.views import pad_or_crop, stretch

__all__ = ["convolution_scene"]


def convolution_scene(explorer):
    """What a :class:`convlab.explorers.ConvExplorer` shows now, as plain data."""
    layer = Layer.of(explorer)
    walk, count, wanted = _walked(explorer, layer)
    following = not explorer.selection
    full = layer.total()
    widest = {"x": longest_of(layer.x), "w": longest_of(layer.w)}
    widest |= {"y": longest_of(layer.cropped(full)), "full": longest_of(full)}
    output = [[[number(v) for v in row] for row in plane] for plane in layer.cropped(full)]
    if following and explorer.reveal == "step" and explorer.walk == "output":
        shown = np.arange(np.prod((len(output), *layer.size))).reshape(len(output), *layer.size) <= walk
        output = [[[v if s else "" for v, s in zip(*row)] for row in zip(*plane)] for plane in zip(output, shown)]
    running = following and explorer.walk == "input" and layer.transposed
    lines = _lines(layer, output, layer.total(walk + 1) if running else full, widest)
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


@dataclass
class _Panels:
    """The panels of a layer; ``widest``: letters of the longest number of each kind, now or at a later step."""

    layer: Layer
    widest: dict

    def shape(self, cells):
        return "×".join(map(str, cells[-self.layer.nd :]))

    def title(self, words, cells, channels, c):
        return f"{words} {self.shape(cells)}{f', channel {c}' if channels > 1 else ''}"

    def inputs(self):
        layer = self.layer
        looks = np.full(layer.x.shape[1:], "plain", object)
        if not layer.transposed:
            looks = np.pad(looks, layer.padding, constant_values="padding")
            looks = np.where((looks == "plain") & ~layer.touched(), "unread", looks)
        channels = layer.channels[0]
        titles = [self.title("input x", layer.x.shape, channels, c) for c in range(channels)]
        return [
            [roomy(panel(f"input {c}", titles[c], layer.source[c], looks), self.widest["x"])] for c in range(channels)
        ]

    def kernels(self, kind="kernel", step=1):
        """The taps of each pair of channels; ``step`` -1 turns them round."""
        layer = self.layer
        a, b = layer.w.shape[:2]
        looks = np.full(layer.kernel, "plain", object)

        def kernel(m, n):
            title = f"{kind} w[{m}, {n}]" if a * b > 1 else f"{kind} w {self.shape(layer.kernel)}"
            return roomy(panel(f"{kind} {m} {n}", title, layer.w[m, n, ::step, ::step], looks), self.widest["w"])

        return [[kernel(m, n) for n in range(b)] for m in range(a)]

    def outputs(self, texts):
        layer = self.layer
        looks = np.full(layer.size, "plain", object)
        if layer.transposed:
            grow = [(0, max(op - end, 0)) for op, (_, end) in zip(layer.output_padding, layer.padding)]
            wide = np.pad(layer.touched(), grow)
            kept = wide[tuple(slice(begin, begin + n) for begin, n in zip(layer.begin, layer.size))]
            looks = np.where(kept, "plain", "unwritten").astype(object)
        channels = layer.channels[1]
        titles = [self.title("output y", layer.size, channels, c) for c in range(channels)]
        return [[roomy(panel(f"output {c}", titles[c], texts[c], looks), self.widest["y"])] for c in range(channels)]

    def stamps(self, values, c):
        """All stamps with the frame of the crop; cells that only ``output_padding`` adds lie beyond them."""
        layer = self.layer
        grow = [(0, max(op - end, 0)) for op, (_, end) in zip(layer.output_padding, layer.padding)]
        looks = np.where(layer.touched(), "plain", "unwritten").astype(object)
        kept = np.zeros(np.add(layer.full, np.sum(grow, axis=1)), bool)
        frame = tuple(slice(begin, begin + n) for begin, n in zip(layer.begin, layer.size))
        kept[frame] = True
        looks = np.pad(looks, grow, constant_values="beyond")
        looks[~kept] = np.where(looks[~kept] == "beyond", "none", "cropped")
        title = f"{self.title('all stamps', layer.full, layer.channels[1], c)}; the frame is y"
        edges = [frame[0].start, frame[1].start, frame[0].stop, frame[1].stop]
        return roomy(panel(f"full {c}", title, np.pad(values, grow), looks, edges), self.widest["full"])

    def stretched(self, c):
        """The input of the equivalent convolution; the values are those of :mod:`convlab.views.zero_insertion`."""
        layer = self.layer
        axes = layer.equivalent()
        pads = [(axis.padding_begin, axis.padding_end) for axis in axes]
        values = pad_or_crop(stretch(layer.x[None], layer.stride), pads)[0, c]
        places = [[_unstretched(layer, axis, n) for n in range(count)] for axis, count in enumerate(values.shape)]
        looks = np.full(values.shape, "padding", object)
        spread = [s * (i - 1) + 1 for s, i in zip(layer.stride, layer.x.shape[1:])]
        between = [(max(axis.padding_begin, 0), max(axis.padding_begin + n, 0)) for axis, n in zip(axes, spread)]
        looks[slice(*between[0]), slice(*between[1])] = "zero"
        for y, row in enumerate(places[0]):
            for x, column in enumerate(places[1]):
                if row is not None and column is not None:
                    looks[y, x] = "plain"
        title = self.title("stretched, padded x", values.shape, layer.channels[0], c)
        return roomy(panel(f"stretched {c}", title, values, looks), self.widest["x"])


def _lines(layer, output, full, widest):
    panels = _Panels(layer, widest)
    if not layer.transposed:
        return [line("", [("", panels.inputs()), ("∗", panels.kernels()), ("=", panels.outputs(output))])]
    stamps = [[panels.stamps(full[c], c)] for c in range(layer.channels[1])]
    spread = [[panels.stretched(c)] for c in range(layer.channels[0])]
    return [
        line(
            "Stamping: each input cell times the kernel, added where it lands",
            [("", panels.inputs()), ("×", panels.kernels()), ("→", stamps)],
        ),
        line(
            "Zero insertion: an ordinary convolution of stride 1 with the flipped kernel",
            [("", spread), ("∗", panels.kernels("flipped", -1)), ("=", panels.outputs(output))],
        ),
    ]


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
