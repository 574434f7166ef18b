"""The checkerboard explorer: what kernel and stride of a transposed convolution make of an even picture."""

import numpy as np
from traitlets import validate

from convlab.arithmetic import same_padding
from convlab.explorers.core import Cells, Setting
from convlab.explorers.plane import PlaneExplorer, as_rows, cell_name, lines_of, plain_looks, shape_text
from convlab.explorers.scene import chosen_cell, factor, greys, listed, looks_of, number, panel, plural, roomy
from convlab.reference import conv2d, conv_transpose2d
from convlab.validation import integer
from convlab.views import overlap_counts, polyphase_sums

__all__ = ["CheckerboardExplorer"]


class CheckerboardExplorer(PlaneExplorer):
    """Kernel and stride, the sums of each phase, and the pattern that they make of an even input.

    Parameters
    ----------
    weight : array, optional
        ``(k,)`` or ``(kernel_h, kernel_w)``.
    stride : int
        Of the transposed convolution.
    input_size : int
        Cells of the input of ones on each axis.

    Raises
    ------
    ValueError
        If something is out of range.

    Notes
    -----
    The exact rule: no checkerboard if and only if all phase sums are equal, see
    :func:`convlab.views.is_checkerboard_free`.

    Examples
    --------
    >>> CheckerboardExplorer(np.array([1, 2, 1]), stride=2).scene()["facts"][0]
    'The phase sums are 2, 2: all equal, so the inside of the output is even. The stride does not divide the kernel ...
    """

    title = "Checkerboard explorer"

    weight = Cells(np.ones((3, 3), int))
    stride = Setting(2)
    input_size = Setting(4)

    def __init__(self, weight=None, stride=2, input_size=4):
        names = ["weight", "stride", "input_size", "step", "selection"]
        super().__init__(kind="checkerboard", names=names)
        weight = as_rows(np.ones((3, 3), int) if weight is None else weight)
        self.set(weight=weight, stride=stride, input_size=input_size)

    @validate("weight", "stride", "input_size")
    def _check_layer(self, proposal):
        return self._check(proposal)

    def checked(self, state):
        """Return ``state``, or raise ``TypeError`` or ``ValueError``."""
        state = dict(state, weight=as_rows(state["weight"]))
        self.check_numbers(state)
        if integer("input_size", state["input_size"], minimum=1) > 8:
            raise ValueError(f"input_size can be at most 8 here, got {state['input_size']}")
        return state

    def scene(self):
        """What is shown now, as plain data."""
        return _checkerboard_scene(self)


def _grids(w, stride, size):
    """Every grid that is shown, by the name of its panel."""
    phases = polyphase_sums(w[None, None], stride)[0, 0]
    large = tuple(i * s for i, s in zip(size, stride))
    padded = np.pad(np.ones(large, w.dtype), [same_padding(k) for k in w.shape])
    return {
        "kernel": w,
        "counts": overlap_counts(size, w.shape, stride),
        "phases": phases,
        "response": conv_transpose2d(np.ones((1, 1, *size), w.dtype), w[None, None], stride=stride)[0, 0],
        "resized": conv2d(padded[None, None], w[None, None])[0, 0],
        "shuffled": np.tile(phases, size),
    }


def _checkerboard_lines(grids, stride):
    """Above what lands where, in numbers; below the pictures, in numbers and greys."""
    flat = len(grids["kernel"]) == 1

    def block(name, title, looks):
        return "", roomy(panel(name, f"{title} {shape_text(grids[name].shape, flat)}", grids[name], looks))

    def above(name, limit):
        return np.where(grids[name] > limit, "overlap", "plain").astype(object)

    pictures = {
        "response": "transposed convolution",
        "resized": f"nearest ×{stride[1]}, then convolution",
        "shuffled": "PixelShuffle of the phase sums",
    }
    black = "0" if min(grids[name].min() for name in pictures) >= 0 else "0 or the smallest below 0"
    return lines_of(
        (
            "Where the taps of the transposed convolution land",
            [
                block("kernel", "kernel w", plain_looks(grids["kernel"])),
                block("counts", "taps on each output cell", above("counts", 1)),
                block("phases", "phase sums", above("phases", grids["phases"].min())),
            ],
        ),
        (
            f"What becomes of a picture of ones: in each grid white is the largest number, black is {black}",
            [block(name, title, greys(grids[name])) for name, title in pictures.items()],
        ),
    )


def _checkerboard_scene(explorer):
    w, n = explorer.weight, explorer.input_size
    flat = len(w) == 1
    stride = (1, explorer.stride) if flat else (explorer.stride,) * 2
    grids = _grids(w, stride, (1, n) if flat else (n, n))
    lines = _checkerboard_lines(grids, stride)
    step = min(explorer.step, grids["response"].size - 1)
    chosen = chosen_cell(explorer, lines, ["response", *divmod(step, grids["response"].shape[1])])
    return {
        "lines": lines,
        "formula": _mark_phases(explorer, looks_of(lines), chosen, flat, stride, grids["resized"], w.sum()),
        "facts": _phase_facts(grids["phases"], w.shape, stride),
        "steps": grids["response"].size,
        "selection": chosen,
        "problem": "",
        "meaning": {"overlap": "more than elsewhere"},
    }


def _phase_facts(phases, kernel_size, stride):
    sums = phases.reshape(-1)
    even = "all equal, so the inside of the output is even"
    uneven = "not all equal, so the output of an even input has a checkerboard"
    divides = all(k % s == 0 for k, s in zip(kernel_size, stride))
    return [
        f"The phase sums are {listed([number(v) for v in sums], ', ')}: {even if (sums == sums[0]).all() else uneven}. "
        f"The stride {'divides' if divides else 'does not divide'} the kernel size; that alone decides only the "
        "number of taps.",
        "stride and kernel are those of the transposed convolution. PixelShuffle makes the same pattern unless its "
        "channels start alike (ICNR); a resize followed by a convolution cannot make one.",
    ]


def _mark_phases(explorer, looks, chosen, flat, stride, resized, total):
    """Mark what belongs to the chosen cell, and say it."""
    w = explorer.weight
    name, y, x = chosen
    phase = (y % stride[0], x % stride[1])
    phase_name = f"{phase[1]}" if flat else f"({phase[0]}, {phase[1]})"
    in_phase = [(a, b) for a, b in np.ndindex(*w.shape) if (a % stride[0], b % stride[1]) == phase]

    def sum_of(taps):
        if not taps:
            return "no tap = 0"
        names = listed([cell_name("w", flat, *tap) for tap in taps], " + ")
        values = f"{listed([factor(w[tap]) for tap in taps], ' + ')} = " if len(taps) > 1 else ""
        return f"{names} = {values}{number(sum(w[tap] for tap in taps))}"

    looks[name][y][x] = "written"
    if name == "resized":
        value = number(resized[y, x])
        name = cell_name("y", flat, y, x)
        return f"{name} = {value}: away from the border every cell gets all taps, {number(total)}."
    if name in ("counts", "response"):
        size = (1, explorer.input_size) if flat else (explorer.input_size,) * 2
        taps = [tap for tap in in_phase if all(0 <= (c - t) // s < n for c, t, s, n in zip((y, x), tap, stride, size))]
        for a, b in taps:
            looks["kernel"][a][b] = "read"
        looks["counts"][y][x] = looks["response"][y][x] = "written"
        looks["phases"][phase[0]][phase[1]] = "read"
        return f"{cell_name('y', flat, y, x)}, phase {phase_name}, gets {plural(len(taps), 'tap')}: {sum_of(taps)}"
    for a, b in in_phase:
        looks["kernel"][a][b] = "read"
    looks["phases"][phase[0]][phase[1]] = "written" if name == "phases" else "read"
    for grid in (looks["response"], looks["counts"]):
        for a, row in enumerate(grid):
            for b in range(len(row)):
                if (a % stride[0], b % stride[1]) == phase:
                    row[b] = "written"
    belongs = f"{cell_name('w', flat, y, x)} belongs to phase {phase_name}. " if name == "kernel" else ""
    return f"{belongs}Phase {phase_name}: {sum_of(in_phase)}"
