"""The matrix explorer: a convolution and its transpose as matrices."""

import numpy as np
from traitlets import Bool, validate

from convlab.arithmetic import conv_output_size
from convlab.explorers.core import LIMITS, Cells, Setting
from convlab.explorers.plane import PlaneExplorer, as_rows, cell_name, lines_of, plain_looks, shape_text
from convlab.explorers.scene import chosen_cell, factor, listed, looks_of, number, panel, plural, roomy
from convlab.validation import boolean, integer
from convlab.views import conv_entries, conv_matrix

__all__ = ["MatrixExplorer"]

MATRIX_SIDE = 40


class MatrixExplorer(PlaneExplorer):
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
        input = as_rows(np.arange(16).reshape(4, 4) % 9 + 1 if input is None else input)
        weight = as_rows(np.arange(1, 5).reshape(2, 2) if weight is None else weight)
        names = ["input", "weight", "stride", "padding", "dilation", "transposed", "step", "selection"]
        super().__init__(kind="matrix", names=names)
        values = (input, weight, stride, padding, dilation, transposed)
        self.set(**dict(zip(names, values)))

    @validate("input", "weight", "stride", "padding", "dilation", "transposed")
    def _check_layer(self, proposal):
        return self._check(proposal)

    def checked(self, state):
        """Return ``state``, or raise ``TypeError`` or ``ValueError``."""
        state = dict(state, input=as_rows(state["input"]), weight=as_rows(state["weight"]))
        self.check_numbers(state)
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
        return cell_name(self.letters[side], self.flat, y, x)

    def tap(self, flat_index):
        return divmod(int(flat_index), self.explorer.weight.shape[1])

    def lines(self):
        texts = [[number(w) if tap >= 0 else "" for w, tap in zip(*row)] for row in zip(self.weights, self.taps)]
        grids = [values.reshape(shape) for values, shape in zip((self.vector, self.result), self.shapes)]
        w = self.explorer.weight
        turned = self.explorer.transposed
        first, last = (
            roomy(panel(name, f"{letter} {shape_text(values.shape, self.flat)}", values, plain_looks(values)))
            for name, letter, values in zip(("first", "last"), self.letters, grids)
        )
        kernel = roomy(panel("kernel", f"kernel w {shape_text(w.shape, self.flat)}", w, plain_looks(w)))
        matrix = roomy(panel("matrix", f"{self.name} {len(texts)}×{len(texts[0])}", texts, plain_looks(texts)))
        vector, result = (
            roomy(panel(name, letter, values[:, None], plain_looks(values[:, None])))
            for name, letter, values in zip(("vector", "result"), self.letters, (self.vector, self.result))
        )
        caption = "The transposed convolution, applied to y" if turned else "The convolution"
        return lines_of(
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
        tap = cell_name("w", self.flat, *self.tap(self.taps[r, c]))
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
        name = cell_name("w", self.flat, a, b)
        return places, f"{name} = {value} stands in {plural(len(places), 'place')} of {self.name}."
