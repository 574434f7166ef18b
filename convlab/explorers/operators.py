"""The matrix explorer and the checkerboard explorer: what the kernel makes of a whole axis or plane.

Both take ``(H, W)`` arrays on the page, and ``(L,)`` arrays as one row.
"""

import numpy as np
from traitlets import Bool, validate

from convlab.arithmetic import conv_output_size, same_padding
from convlab.explorers.core import LIMITS, Cells, Explorer, Setting
from convlab.explorers.scene import chosen_cell, factor, line, listed, looks_of, number, panel, plural
from convlab.reference import conv2d, conv_transpose2d
from convlab.validation import boolean, integer
from convlab.views import conv_entries, conv_matrix, overlap_counts, polyphase_sums

__all__ = ["CheckerboardExplorer", "MatrixExplorer"]

MATRIX_SIDE = 40


def _rows(values):
    """``(L,)`` as one row."""
    values = np.asarray(values)
    if values.ndim not in (1, 2):
        raise ValueError(f"arrays must have shape (L,) or (H, W), got {values.shape}")
    return np.atleast_2d(values)


def _cell(letter, flat, y, x):
    return f"{letter}[{x}]" if flat else f"{letter}[{y}, {x}]"


def _shape(shape, flat):
    return f"{shape[1]}" if flat else f"{shape[0]}×{shape[1]}"


def _plain(values):
    return np.full(np.shape(values), "plain", object)


def _lines(*rows):
    """Lines of blocks with one panel each."""
    return [line(caption, [(sign, [[one]]) for sign, one in blocks]) for caption, blocks in rows]


class _Plane(Explorer):
    """What both explorers check alike."""

    def _check_numbers(self, state):
        for name in ("stride", "dilation"):
            if name in state and integer(name, state[name], minimum=1) > LIMITS[name]:
                raise ValueError(f"{name} can be at most {LIMITS[name]} here, got {state[name]}")
        w = np.asarray(state["weight"])
        if w.ndim != 2 or not w.size or max(w.shape) > LIMITS["kernel"]:
            raise ValueError(f"weight must have one or two axes of at most {LIMITS['kernel']} cells, got {w.shape}")


class MatrixExplorer(_Plane):
    """A convolution as a matrix, its transpose, and the tap behind each entry.

    Parameters
    ----------
    input, weight : array, optional
        ``(L,)`` and ``(k,)``, or ``(H, W)`` and ``(kernel_h, kernel_w)``.
    stride, padding, dilation : int
        Of the direct convolution.
    transposed : bool
        Whether the transposed matrix is shown, applied to the output of the convolution.

    Raises
    ------
    ValueError
        If the layer is impossible, or the matrix has more than 40 rows or columns.

    Notes
    -----
    The matrix is that of :func:`convlab.views.conv_matrix`.

    Examples
    --------
    >>> explorer = MatrixExplorer(np.array([1, 2, 3]), np.array([1, 1]), transposed=True)
    >>> explorer.matrix.tolist()
    [[1, 0], [1, 1], [0, 1]]
    >>> explorer.step = 1
    >>> explorer
    Matrix explorer. Row 1: z[1] = 1·3 + 1·5 = 8
    """

    title = "Matrix explorer"

    input = Cells(np.arange(1, 17).reshape(4, 4))
    weight = Cells(np.arange(1, 5).reshape(2, 2))
    stride = Setting(1)
    padding = Setting(0)
    dilation = Setting(1)
    transposed = Bool(False).tag(sync=True)

    def __init__(self, input=None, weight=None, stride=1, padding=0, dilation=1, transposed=False):
        input = _rows(np.arange(16).reshape(4, 4) % 9 + 1 if input is None else input)
        weight = _rows(np.arange(1, 5).reshape(2, 2) if weight is None else weight)
        names = ["input", "weight", "stride", "padding", "dilation", "transposed", "step", "selection"]
        super().__init__(kind="matrix", names=names)
        values = (input, weight, stride, padding, dilation, transposed)
        self.set(**dict(zip(names, values)))

    @validate("input", "weight", "stride", "padding", "dilation", "transposed")
    def _check_layer(self, proposal):
        return self._check(proposal)

    def checked(self, state):
        """Return ``state``, or raise ``TypeError`` or ``ValueError``."""
        state = dict(state, input=_rows(state["input"]), weight=_rows(state["weight"]))
        self._check_numbers(state)
        boolean("transposed", state["transposed"])
        if integer("padding", state["padding"], minimum=0) > LIMITS["padding"]:
            raise ValueError(f"padding can be at most {LIMITS['padding']} here, got {state['padding']}")
        entries = conv_entries(*self._layer(state))
        side = max(max(state["input"].shape), entries.shape[0], entries.shape[1])
        if side > MATRIX_SIDE or max(state["input"].shape) > LIMITS["size"]:
            raise ValueError(f"the matrix would have shape {entries.shape}; at most {MATRIX_SIDE} a side can be drawn")
        return state

    def _layer(self, state):
        """Arguments of ``conv_entries``: one row is a 1-D layer."""
        flat = len(state["input"]) == 1 and len(state["weight"]) == 1
        settings = [
            (one, state[name]) if flat else state[name]
            for name, one in (("stride", 1), ("padding", 0), ("dilation", 1))
        ]
        return (state["input"].shape, (1, 1, *state["weight"].shape), *settings)

    @property
    def matrix(self):
        """The matrix that is shown."""
        sizes, _, *settings = self._layer({name: getattr(self, name) for name in self.names})
        matrix = conv_matrix(sizes, self.weight[None, None], *settings)
        return matrix.T if self.transposed else matrix

    def scene(self):
        """What is shown now, as plain data."""
        return _matrix_scene(self)


def _matrix_scene(explorer):
    state = {name: getattr(explorer, name) for name in explorer.names}
    layer = explorer._layer(state)
    flat = len(explorer.input) == 1 and len(explorer.weight) == 1
    rows, columns, taps, shape = conv_entries(*layer)
    tap_at = np.full(shape, -1)
    tap_at[rows, columns] = taps
    x = explorer.input.reshape(-1)
    y = np.where(tap_at >= 0, explorer.weight.reshape(-1)[tap_at], 0) @ x
    settings = ((one,) * 2 if isinstance(one, int) else one for one in layer[2:])
    out = tuple(conv_output_size(*axis) for axis in zip(layer[0], layer[1][2:], *settings))
    source, target = (explorer.input.shape, out), ("x", "y")
    vector = x
    if explorer.transposed:
        tap_at, source, target, vector = tap_at.T, (out, explorer.input.shape), ("y", "z"), y
    weights = np.where(tap_at >= 0, explorer.weight.reshape(-1)[tap_at], 0)
    return _MatrixView(explorer, flat, tap_at, weights, source, target, vector, weights @ vector).scene()


class _MatrixView:
    """The matrix that is shown, the vector and the result."""

    def __init__(self, explorer, flat, taps, weights, shapes, letters, vector, result):
        self.explorer, self.flat, self.taps, self.weights = explorer, flat, taps, weights
        self.shapes, self.letters, self.vector, self.result = shapes, letters, vector, result
        self.name = "Wᵀ" if explorer.transposed else "W"

    def cell(self, side, n):
        y, x = divmod(int(n), self.shapes[side][1])
        return _cell(self.letters[side], self.flat, y, x)

    def tap(self, flat_index):
        return divmod(int(flat_index), self.explorer.weight.shape[1])

    def lines(self):
        texts = [[number(w) if tap >= 0 else "" for w, tap in zip(*row)] for row in zip(self.weights, self.taps)]
        grids = [values.reshape(shape) for values, shape in zip((self.vector, self.result), self.shapes)]
        w = self.explorer.weight
        turned = self.explorer.transposed
        first, last = (
            panel(name, f"{letter} {_shape(values.shape, self.flat)}", values, _plain(values))
            for name, letter, values in zip(("first", "last"), self.letters, grids)
        )
        kernel = panel("kernel", f"kernel w {_shape(w.shape, self.flat)}", w, _plain(w))
        matrix = panel("matrix", f"{self.name} {len(texts)}×{len(texts[0])}", texts, _plain(texts))
        vector, result = (
            panel(name, letter, values[:, None], _plain(values[:, None]))
            for name, letter, values in zip(("vector", "result"), self.letters, (self.vector, self.result))
        )
        caption = "The transposed convolution, applied to y" if turned else "The convolution"
        return _lines(
            (caption, [("", first), ("×" if turned else "∗", kernel), ("→" if turned else "=", last)]),
            (
                f"The same as a matrix: {self.letters[1]} = {self.name} {self.letters[0]}",
                [("", matrix), ("·", vector), ("=", result)],
            ),
        )

    def scene(self):
        lines = self.lines()
        looks = looks_of(lines)
        step = min(self.explorer.step, len(self.taps) - 1)
        chosen = chosen_cell(self.explorer, lines, ["result", step, 0])
        name, a, b = chosen
        entries, formula = self.entries(name, a, b)
        for r, c in entries:
            self.mark(looks, r, c)
        if name == "matrix":
            looks["matrix"][a][b] = "written"
        if name == "kernel":
            looks["kernel"][a][b] = "read"
        filled = int((self.taps >= 0).sum())
        facts = [
            f"{self.name} has a row for each cell of {self.letters[1]} and a column for each cell of {self.letters[0]}"
            f"; {filled} of its {self.taps.size} places hold a tap. stride, padding and dilation are those of the "
            f"direct convolution, torch.nn.Conv{1 if self.flat else 2}d."
        ]
        if self.explorer.transposed:
            values = listed([number(v) for v in self.explorer.input.reshape(-1)], ", ")
            facts.append(f"z has the size of x, not its values ({values}): the transpose is not the inverse.")
        shown = {"steps": len(self.taps), "selection": chosen, "problem": ""}
        return {"lines": lines, "formula": formula, "facts": facts, **shown}

    def mark(self, looks, r, c):
        if r is not None and c is not None:
            looks["matrix"][r][c] = "read"
            if self.taps[r, c] >= 0:
                y, x = self.tap(self.taps[r, c])
                looks["kernel"][y][x] = "read"
        for n, side, names, look in ((c, 0, ("vector", "first"), "read"), (r, 1, ("result", "last"), "written")):
            if n is not None:
                y, x = divmod(int(n), self.shapes[side][1])
                looks[names[0]][n][0] = look
                looks[names[1]][y][x] = look

    def entries(self, name, a, b):
        """Places of the matrix that belong to a cell (None: the whole row or column), and the sentence."""
        say = {"matrix": self._entry, "kernel": self._tap}
        if name in say:
            return say[name](a, b)
        if name in ("result", "last"):
            return self._row(a if name == "result" else a * self.shapes[1][1] + b)
        return self._column(a if name == "vector" else a * self.shapes[0][1] + b)

    def _entry(self, r, c):
        names = f"{self.cell(0, c)} and {self.cell(1, r)}"
        if self.taps[r, c] < 0:
            return [(r, c)], f"{self.name}[{r}, {c}] = 0: no tap joins {names}."
        tap = _cell("w", self.flat, *self.tap(self.taps[r, c]))
        return [(r, c)], f"{self.name}[{r}, {c}] = {tap} = {number(self.weights[r, c])} joins {names}."

    def _row(self, r):
        used = [int(c) for c in np.flatnonzero(self.taps[r] >= 0)]
        terms = listed([f"{factor(self.weights[r, c])}·{factor(self.vector[c])}" for c in used], " + ")
        formula = f"Row {r}: {self.cell(1, r)} = {f'{terms} = ' if used else ''}{number(self.result[r])}"
        return [(r, c) for c in used] + [(r, None)], formula

    def _column(self, c):
        used = [int(r) for r in np.flatnonzero(self.taps[:, c] >= 0)]
        parts = listed([f"{self.cell(1, r)} (·{number(self.weights[r, c])})" for r in used], ", ")
        formula = f"Column {c}: {self.cell(0, c)} = {number(self.vector[c])} touches {plural(len(used), 'output')}"
        return [(r, c) for r in used] + [(None, c)], formula + (f": {parts}" if used else "")

    def _tap(self, a, b):
        places = np.argwhere(self.taps == a * self.explorer.weight.shape[1] + b).tolist()
        value = number(self.explorer.weight[a, b])
        name = _cell("w", self.flat, a, b)
        return places, f"{name} = {value} stands in {plural(len(places), 'place')} of {self.name}."


class CheckerboardExplorer(_Plane):
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
        self.set(weight=_rows(np.ones((3, 3), int) if weight is None else weight), stride=stride, input_size=input_size)

    @validate("weight", "stride", "input_size")
    def _check_layer(self, proposal):
        return self._check(proposal)

    def checked(self, state):
        """Return ``state``, or raise ``TypeError`` or ``ValueError``."""
        state = dict(state, weight=_rows(state["weight"]))
        self._check_numbers(state)
        if integer("input_size", state["input_size"], minimum=1) > 8:
            raise ValueError(f"input_size can be at most 8 here, got {state['input_size']}")
        return state

    def scene(self):
        """What is shown now, as plain data."""
        return _checkerboard_scene(self)


def _checkerboard_scene(explorer):
    w, n = explorer.weight, explorer.input_size
    flat = len(w) == 1
    stride = (1, explorer.stride) if flat else (explorer.stride,) * 2
    size = (1, n) if flat else (n, n)
    phases = polyphase_sums(w[None, None], stride)[0, 0]
    counts = overlap_counts(size, w.shape, stride)
    response = conv_transpose2d(np.ones((1, 1, *size), w.dtype), w[None, None], stride=stride)[0, 0]
    large = tuple(i * s for i, s in zip(size, stride))
    padded = np.pad(np.ones(large, w.dtype), [same_padding(k) for k in w.shape])
    resized = conv2d(padded[None, None], w[None, None])[0, 0]
    shuffled = np.tile(phases, size)
    total, least = w.sum(), phases.min()

    def above(name, title, values, limit):
        return panel(name, title, values, np.where(values > limit, "overlap", "plain").astype(object))

    lines = _lines(
        (
            "Ones in, through the transposed convolution",
            [
                ("", panel("kernel", f"kernel w {_shape(w.shape, flat)}", w, _plain(w))),
                ("", above("counts", f"taps on each output cell {_shape(counts.shape, flat)}", counts, 1)),
                ("", above("response", f"output for ones {_shape(response.shape, flat)}", response, least)),
            ],
        ),
        (
            "The sums behind it, and two other ways to enlarge ones",
            [
                ("", above("phases", f"phase sums {_shape(phases.shape, flat)}", phases, least)),
                ("", above("resized", f"nearest ×{explorer.stride}, then convolution", resized, total)),
                ("", above("shuffled", "PixelShuffle of the phase sums", shuffled, least)),
            ],
        ),
    )
    looks = looks_of(lines)
    step = min(explorer.step, response.size - 1)
    chosen = chosen_cell(explorer, lines, ["response", *divmod(step, response.shape[1])])
    formula = _mark_phases(explorer, looks, chosen, flat, stride, resized, total)
    shown = {"steps": response.size, "selection": chosen, "problem": "", "meaning": {"overlap": "more than elsewhere"}}
    facts = _phase_facts(phases, w.shape, stride)
    return {"lines": lines, "formula": formula, "facts": facts, **shown}


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
        names = listed([_cell("w", flat, *tap) for tap in taps], " + ")
        values = f"{listed([factor(w[tap]) for tap in taps], ' + ')} = " if len(taps) > 1 else ""
        return f"{names} = {values}{number(sum(w[tap] for tap in taps))}"

    looks[name][y][x] = "written"
    if name == "resized":
        value = number(resized[y, x])
        return f"{_cell('y', flat, y, x)} = {value}: away from the border every cell gets all taps, {number(total)}."
    if name in ("counts", "response"):
        size = (1, explorer.input_size) if flat else (explorer.input_size,) * 2
        taps = [tap for tap in in_phase if all(0 <= (c - t) // s < n for c, t, s, n in zip((y, x), tap, stride, size))]
        for a, b in taps:
            looks["kernel"][a][b] = "read"
        looks["counts"][y][x] = looks["response"][y][x] = "written"
        looks["phases"][phase[0]][phase[1]] = "read"
        return f"{_cell('y', flat, y, x)}, phase {phase_name}, gets {plural(len(taps), 'tap')}: {sum_of(taps)}"
    for a, b in in_phase:
        looks["kernel"][a][b] = "read"
    looks["phases"][phase[0]][phase[1]] = "written" if name == "phases" else "read"
    for grid in (looks["response"], looks["counts"]):
        for a, row in enumerate(grid):
            for b in range(len(row)):
                if (a % stride[0], b % stride[1]) == phase:
                    row[b] = "written"
    belongs = f"{_cell('w', flat, y, x)} belongs to phase {phase_name}. " if name == "kernel" else ""
    return f"{belongs}Phase {phase_name}: {sum_of(in_phase)}"
