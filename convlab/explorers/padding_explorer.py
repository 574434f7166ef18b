"""The padding pitfall explorer: one full output, and the window that each framework cuts out of it."""

import numpy as np
from traitlets import Bool, Enum, validate

from convlab.explorers.explorer import LIMITS, Cells, Explorer, Setting, as_tuple, check_at_most
from convlab.frameworks import Window, window
from convlab.reference import conv_transpose2d
from convlab.typing import Array
from convlab.validation import boolean, integer

__all__ = ["PaddingExplorer", "call_options"]

# The options that each mode of a framework takes.
TAKES = LIMITS["takes"]
LIMIT = LIMITS["layer"]
NUMBERS = ("begin", "end", "output_padding", "output_size")
SWITCHES = ("transpose_kernel", "use_consistent_padding")
SETTINGS = ("framework", "mode", "input", "weight", "stride", "dilation", *NUMBERS, *SWITCHES)


class PaddingExplorer(Explorer):
    """All stamps of a transposed convolution, and the window that a framework's padding cuts out of them.

    What the framework would refuse is refused. The windows are those of :func:`convlab.frameworks.window`.

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
    output_padding : int, optional
        As the framework has it.
    output_size : int or pair of ints, optional
        One for each axis, or the same for both; also TensorFlow's and ONNX's ``output_shape``.
    transpose_kernel, use_consistent_padding : bool
        JAX's.

    Examples
    --------
    >>> explorer = PaddingExplorer("torch", begin=1)
    >>> explorer.output.tolist()
    [[5, 14, 10], [14, 36, 24], [15, 34, 20]]
    >>> explorer.set(framework="keras", mode="same", output_padding=None)
    >>> explorer.output[0].tolist()
    [1, 2, 5, 4]
    """

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
        super().__init__("pitfall", SETTINGS, **given)

    _check_settings = validate(*SETTINGS)(Explorer._check)

    def checked(self, state: dict) -> dict:
        """Return ``state``, or raise ``TypeError`` or ``ValueError``."""
        framework, mode = state["framework"], state["mode"]
        if framework not in TAKES or mode not in TAKES[framework]:
            raise ValueError(f"mode must be one of {', '.join(TAKES.get(framework, ()))} for {framework}, got {mode!r}")
        x, w = np.asarray(state["input"]), np.asarray(state["weight"])
        if x.ndim != 2 or w.ndim != 2:
            raise ValueError(f"input and weight must have shapes (H, W), got {x.shape} and {w.shape}")
        for name in ("stride", "dilation"):
            check_at_most(name, state[name], 1, LIMIT[name])
        if max(x.shape) > LIMIT["size"] or max(w.shape) > LIMIT["kernel"]:
            raise ValueError(f"input and weight must have at most {LIMIT['size']} and {LIMIT['kernel']} cells a side")
        for name in NUMBERS:
            if state[name] is not None and name != "output_size":
                integer(name, state[name])
        for size in _sizes(state):
            if size is not None:
                integer("output_size", size)
        for name in SWITCHES:
            boolean(name, state[name])
        for view, i, k in zip(self.windows(state), x.shape, w.shape):
            side = max(view.output_size - min(view.crop_begin, 0), view.crop_begin + view.crop_end + view.output_size)
            if side > LIMIT["side"]:
                raise ValueError(f"at most {LIMIT['side']} cells can be drawn side by side, got {side} from {i}, {k}")
        return state

    def windows(self, state: dict | None = None) -> list[Window]:
        """The window of each axis, :class:`convlab.frameworks.Window`."""
        state = state or {name: getattr(self, name) for name in self.names}
        axes = zip(np.shape(state["input"]), np.shape(state["weight"]), _sizes(state))
        options = [(i, k, call_options(state | {"output_size": size})) for i, k, size in axes]
        return [window(state["framework"], i, k, state["stride"], state["dilation"], **each) for i, k, each in options]

    @property
    def output(self) -> Array:
        """The output ``(H_out, W_out)`` that the framework gives: its window of all stamps, zeros beyond them."""
        views = self.windows()
        w = self.weight[::-1, ::-1] if views[0].flip else self.weight
        full = conv_transpose2d(self.input[None, None], w[None, None], stride=self.stride, dilation=self.dilation)[0, 0]
        before = [max(-view.crop_begin, 0) for view in views]
        after = [max(-view.crop_end, 0) for view in views]
        first = [view.crop_begin + more for view, more in zip(views, before)]
        wide = np.pad(full, list(zip(before, after)))
        return wide[tuple(slice(begin, begin + view.output_size) for begin, view in zip(first, views))]


def _sizes(state):
    """The output size of each axis."""
    size = as_tuple(state["output_size"])
    if isinstance(size, tuple) and len(size) != 2:
        raise ValueError(f"output_size must be one integer or 2, got {size}")
    return size if isinstance(size, tuple) else (size, size)


def call_options(state: dict) -> dict:
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
