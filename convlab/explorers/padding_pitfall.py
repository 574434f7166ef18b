"""The padding pitfall explorer: one full output, and the window that each framework cuts out of it."""

import numpy as np
from traitlets import Bool, Enum, validate

from convlab.explorers.core import LIMITS, Cells, Explorer, Setting
from convlab.explorers.layer import Layer, Links
from convlab.explorers.scene import chosen_cell, factor, line, listed, looks_of, number, panel, plural, roomy
from convlab.frameworks import window
from convlab.validation import boolean, integer

__all__ = ["PaddingExplorer", "call_options"]

# The options that each mode of a framework takes; the page has the same table.
TAKES = {
    "torch": {"padding": ("begin", "output_padding"), "output_size": ("begin", "output_size")},
    "tensorflow": {"SAME": ("output_size",), "VALID": ("output_size",), "pair": ("begin", "end", "output_size")},
    "keras": {"same": ("output_padding",), "valid": ("output_padding",)},
    "jax": {
        "SAME": ("transpose_kernel",),
        "VALID": ("transpose_kernel",),
        "pair": ("begin", "end", "transpose_kernel", "use_consistent_padding"),
    },
    "onnx": {
        "pads": ("begin", "end", "output_padding"),
        "SAME_UPPER": ("output_padding",),
        "SAME_LOWER": ("output_padding",),
        "VALID": ("output_padding",),
        "output_shape": ("output_size",),
    },
}
NUMBERS = ("begin", "end", "output_padding", "output_size")
SETTINGS = ("framework", "mode", "input", "weight", "stride", "dilation", *NUMBERS)
SETTINGS += ("transpose_kernel", "use_consistent_padding")


class PaddingExplorer(Explorer):
    """All stamps of a transposed convolution, and the window that a framework's padding cuts out of them.

    Parameters
    ----------
    framework : {"torch", "tensorflow", "keras", "jax", "onnx"}
    mode : str, optional
        Which way of the framework to say it: torch ``"padding"`` or ``"output_size"``; tensorflow and jax ``"SAME"``,
        ``"VALID"`` or ``"pair"``; keras ``"same"`` or ``"valid"``; onnx ``"pads"``, ``"SAME_UPPER"``,
        ``"SAME_LOWER"``, ``"VALID"`` or ``"output_shape"``. The first of these if not given.
    input, weight : array
        ``(H, W)`` and ``(kernel_h, kernel_w)``; the 2x2 input and 3x3 kernel of the five answers if not given.
    stride, dilation : int
        The same on both axes.
    begin, end : int
        The pair of a mode that takes one; torch's ``padding`` is ``begin``.
    output_padding, output_size : int, optional
        As the framework has them; ``output_size`` is also TensorFlow's and ONNX's ``output_shape``.
    transpose_kernel, use_consistent_padding : bool
        JAX's.

    Raises
    ------
    ValueError
        If the framework would refuse, or it is too large to be drawn.

    Notes
    -----
    The windows are those of :func:`convlab.frameworks.window`.

    Examples
    --------
    >>> explorer = PaddingExplorer("torch", begin=1)
    >>> explorer.output.tolist()
    [[5, 14, 10], [14, 36, 24], [15, 34, 20]]
    >>> explorer.set(framework="keras", mode="same", output_padding=None)
    >>> explorer.output[0].tolist()
    [1, 2, 5, 4]
    """

    title = "Padding pitfall explorer"

    framework = Enum(tuple(TAKES), "torch").tag(sync=True)
    mode = Setting("padding")
    input = Cells(np.array([[1, 2], [3, 4]]))
    weight = Cells(np.arange(1, 10).reshape(3, 3))
    stride = Setting(2)
    dilation = Setting(1)
    begin = Setting(0)
    end = Setting(0)
    output_padding = Setting(0)
    output_size = Setting(None)
    transpose_kernel = Bool(False).tag(sync=True)
    use_consistent_padding = Bool(False).tag(sync=True)

    def __init__(self, framework="torch", mode=None, input=None, weight=None, **settings):
        if framework in TAKES and mode is None:
            mode = next(iter(TAKES[framework]))
        given = {"framework": framework, "mode": mode} | settings
        given |= {name: value for name, value in (("input", input), ("weight", weight)) if value is not None}
        if framework == "keras":
            given.setdefault("output_padding", None)
        super().__init__(kind="pitfall", names=[*SETTINGS, "step", "selection"])
        self.set(**given)

    @validate(*SETTINGS)
    def _check_settings(self, proposal):
        return self._check(proposal)

    def checked(self, state):
        """Return ``state``, or raise ``TypeError`` or ``ValueError``."""
        framework, mode = state["framework"], state["mode"]
        if framework not in TAKES or mode not in TAKES[framework]:
            raise ValueError(f"mode must be one of {', '.join(TAKES.get(framework, ()))} for {framework}, got {mode!r}")
        x, w = np.asarray(state["input"]), np.asarray(state["weight"])
        if x.ndim != 2 or w.ndim != 2:
            raise ValueError(f"input and weight must have shapes (H, W), got {x.shape} and {w.shape}")
        for name in ("stride", "dilation"):
            if integer(name, state[name], minimum=1) > LIMITS[name]:
                raise ValueError(f"{name} can be at most {LIMITS[name]} here, got {state[name]}")
        if max(x.shape) > LIMITS["size"] or max(w.shape) > LIMITS["kernel"]:
            raise ValueError(f"input and weight must have at most {LIMITS['size']} and {LIMITS['kernel']} cells a side")
        for name in NUMBERS:
            if state[name] is not None:
                integer(name, state[name])
        for name in ("transpose_kernel", "use_consistent_padding"):
            boolean(name, state[name])
        for view, i, k in zip(self.windows(state), x.shape, w.shape):
            side = max(view.output_size - min(view.crop_begin, 0), view.crop_begin + view.crop_end + view.output_size)
            if side > LIMITS["side"]:
                raise ValueError(f"at most {LIMITS['side']} cells can be drawn side by side, got {side} from {i}, {k}")
        return state

    def windows(self, state=None):
        """The window of each axis, :class:`convlab.frameworks.Window`."""
        state = state or {name: getattr(self, name) for name in self.names}
        sizes = zip(np.shape(state["input"]), np.shape(state["weight"]))
        options = call_options(state)
        return [window(state["framework"], i, k, state["stride"], state["dilation"], **options) for i, k in sizes]

    def layer(self):
        """The transposed convolution without any crop, its kernel flipped if the framework flips it."""
        w = self.weight[::-1, ::-1] if self.windows()[0].flip else self.weight
        pair = (self.stride,) * 2, ((0, 0),) * 2, (0, 0), (self.dilation,) * 2
        return Layer(True, 2, self.input[None], w[None, None], *pair, 1)

    @property
    def output(self):
        """The output ``(H_out, W_out)`` that the framework gives."""
        return _cut(self.layer().total()[0], self.windows())

    def scene(self):
        """What is shown now, as plain data."""
        return _scene(self)


def call_options(state):
    """The options of the call, by the names of :func:`convlab.frameworks.window`."""
    framework, mode = state["framework"], state["mode"]
    takes = TAKES[framework][mode]
    pair = (state["begin"], state["end"])
    options = {name: state[name] for name in takes if name not in ("begin", "end")}
    if framework == "torch":
        options["padding"] = state["begin"]
    elif framework == "onnx":
        if mode == "pads":
            options["pads"] = pair
        elif mode == "output_shape":
            options["output_shape"] = options.pop("output_size")
            if options["output_shape"] is None:
                raise ValueError("onnx: output_shape must be given")
        else:
            options["auto_pad"] = mode
    else:
        options["padding"] = pair if mode == "pair" else mode
    if framework == "torch" and mode == "output_size" and state["output_size"] is None:
        raise ValueError("torch: output_size must be given")
    return options


def _said(state):
    """The options as one writes them."""
    framework, mode = state["framework"], state["mode"]
    pair = f"({state['begin']}, {state['end']})"
    if framework == "torch":
        parts = [f"padding={state['begin']}"]
    elif framework == "onnx":
        parts = {"pads": [f"pads={pair}"], "output_shape": []}.get(mode, [f'auto_pad="{mode}"'])
    else:
        parts = [f"padding={pair}" if mode == "pair" else f'padding="{mode}"']
    for name in TAKES[framework][mode]:
        if name not in ("begin", "end") and state[name] not in (None, 0, False):
            shown = "output_shape" if name == "output_size" and framework != "torch" else name
            parts.append(f"{shown}={state[name]}")
    return ", ".join(parts)


def _cut(full, views, first=None, last=None):
    """A window on the full output; zeros beyond it."""
    first = first or [view.crop_begin for view in views]
    last = last or [view.crop_begin + view.output_size for view in views]
    out = np.zeros([b - a for a, b in zip(first, last)], full.dtype)
    for place in np.ndindex(*out.shape):
        y, x = (n + a for n, a in zip(place, first))
        if 0 <= y < full.shape[0] and 0 <= x < full.shape[1]:
            out[place] = full[y, x]
    return out


def _scene(explorer):
    layer, views = explorer.layer(), explorer.windows()
    full = layer.total()[0]
    size = [view.output_size for view in views]
    first = [min(view.crop_begin, 0) for view in views]
    last = [max(n, view.crop_begin + view.output_size) for n, view in zip(layer.full, views)]
    lines = _lines(explorer, layer, views, full, first, last)
    step = min(explorer.step, size[0] * size[1] - 1)
    looks = looks_of(lines)
    chosen = chosen_cell(explorer, lines, ["answer", step // size[1], step % size[1]])
    name, *place = chosen
    shift = {"answer": [view.crop_begin for view in views], "full": first}.get(name, (0, 0))
    cell = tuple(n + s for n, s in zip(place, shift))
    side = {"input": "in", "kernel": "tap"}.get(name, "out")
    inside = side != "out" or all(0 <= n < count for n, count in zip(cell, layer.full))
    links = Links(layer, side, (0, 0, *cell) if side == "tap" else (0, *cell))
    triples = links.triples if inside else []
    looks[name][place[0]][place[1]] = "read" if side != "out" else "written"
    targets = [target[1:] for _, target, _ in triples] + ([cell] if side == "out" else [])
    for source, _, tap in triples:
        looks["input"][source[1]][source[2]] = "read"
        looks["kernel"][tap[2]][tap[3]] = "read"
    for y, x in targets:
        looks["full"][y - first[0]][x - first[1]] = "written"
        if _within(views, (y, x)):
            looks["answer"][y - views[0].crop_begin][x - views[1].crop_begin] = "written"
    formula = _sentence(layer, views, side, cell, triples, inside)
    return {
        "lines": lines,
        "steps": size[0] * size[1],
        "selection": chosen,
        "problem": "",
        "formula": formula,
        "facts": _facts(explorer, views),
    }


def _facts(explorer, views):
    crops = "; ".join(
        f"{where} {view.crop_begin} at the begin, {view.crop_end} at the end"
        for where, view in zip(("down", "across"), views)
    )
    state = explorer.state()
    return [
        f"{explorer.framework}, {_said(state)}, stride {explorer.stride}, dilation {explorer.dilation}: "
        f"cropped are {crops}; the kernel is {'flipped' if views[0].flip else 'not flipped'}. "
        f"The output is {views[0].output_size}×{views[1].output_size}.",
        "padding, output_padding and output_shape are those of the transposed convolution. A negative crop goes past "
        "the stamps and gives zeros.",
    ]


def _within(views, cell):
    return all(view.crop_begin <= n < view.crop_begin + view.output_size for n, view in zip(cell, views))


def _lines(explorer, layer, views, full, first, last):
    touched = layer.touched()
    looks = np.full([b - a for a, b in zip(first, last)], "plain", object)
    for place in np.ndindex(*looks.shape):
        cell = tuple(n + a for n, a in zip(place, first))
        if not all(0 <= n < count for n, count in zip(cell, layer.full)):
            looks[place] = "beyond" if _within(views, cell) else "none"
        elif not _within(views, cell):
            looks[place] = "cropped"
        elif not touched[cell]:
            looks[place] = "unwritten"
    begins = [view.crop_begin - a for view, a in zip(views, first)]
    frame = [*begins, *(b + view.output_size for b, view in zip(begins, views))]
    answer = _cut(full, views)
    titles = ["×".join(map(str, shape)) for shape in (layer.x.shape[1:], layer.kernel, layer.full, answer.shape)]
    kernel_title = "kernel w, flipped" if views[0].flip else f"kernel w {titles[1]}"
    blocks = [
        ("", panel("input", f"input x {titles[0]}", layer.x[0], np.full(layer.x.shape[1:], "plain", object))),
        ("×", panel("kernel", kernel_title, layer.w[0, 0], np.full(layer.kernel, "plain", object))),
        ("→", panel("full", f"all stamps {titles[2]}; the frame is y", _cut(full, views, first, last), looks, frame)),
        ("=", panel("answer", f"y {titles[3]}", answer, np.full(answer.shape, "plain", object))),
    ]
    caption = "All stamps, and the window that this call cuts out"
    return [line(caption, [(sign, [[roomy(one)]]) for sign, one in blocks])]


def _sentence(layer, views, side, cell, triples, inside):
    y, x = cell
    kept = sum(_within(views, target[1:]) for _, target, _ in triples)
    if side == "in":
        cells = f"{plural(len(triples), 'cell')}, {kept} of them in the window."
        return f"x[{y}, {x}] = {number(layer.x[0, y, x])} lands on {cells}"
    if side == "tap":
        value = number(layer.w[0, 0, y, x])
        return f"The tap at [{y}, {x}] = {value} is used {len(triples)} times, {kept} of them in the window."
    name = f"full[{y}, {x}], cropped,"
    if _within(views, cell):
        name = f"y[{y - views[0].crop_begin}, {x - views[1].crop_begin}] = full[{y}, {x}]"
    if not inside:
        return f"{name} lies beyond all stamps: 0"
    if not triples:
        return f"{name} = 0: no stamp reaches it."
    pairs = [(layer.x[source], layer.w[tap]) for source, _, tap in triples]
    terms = listed([f"{factor(v)}·{factor(w)}" for v, w in pairs], " + ")
    return f"{name} = {terms} = {number(sum(v * w for v, w in pairs))}"
