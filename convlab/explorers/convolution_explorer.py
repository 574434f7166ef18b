"""The convolution explorer: where every product of a convolution or a transposed convolution lands."""

import numpy as np
from traitlets import Bool, Enum, validate

from convlab.arithmetic import conv_output_size, conv_transpose_output_size, effective_kernel_size
from convlab.explorers.explorer import LIMITS, Cells, Explorer, Setting, as_tuple
from convlab.reference import conv1d, conv2d, conv_transpose1d, conv_transpose2d
from convlab.typing import Array
from convlab.validation import boolean, integer, integer_tuple

__all__ = ["ConvExplorer"]

LIMIT = LIMITS["layer"]
LAYER = ("transposed", "input", "weight", "stride", "padding", "output_padding", "dilation", "groups")


class ConvExplorer(Explorer):
    """Step through a convolution or a transposed convolution, in one or two dimensions.

    Parameters
    ----------
    input : array, optional
        ``(C_in, L)`` or ``(C_in, H, W)``; where ``weight`` has as many axes, ``(L,)`` or ``(H, W)``. Counting digits
        if not given.
    weight : array, optional
        ``(C_out, C_in/groups, *kernel)``, transposed ``(C_in, C_out/groups, *kernel)``; or ``(*kernel,)``.
    stride, output_padding, dilation, groups
        As in :func:`convlab.reference.conv2d` and ``conv_transpose2d``.
    padding : int, tuple of ints, or tuple of pairs
        As there; one pair ``(begin, end)`` for each axis where the two sides differ.
    transposed : bool
        Which of the two it is.
    input_size, kernel_size : int or tuple of ints
        Sizes of what is not given.

    Attributes
    ----------
    walk : {"output", "input"}
        What the steps go through.
    reveal : {"all", "step"}
        Whether outputs after the current step are shown.
    view : {"both", "stamping", "zero insertion"}
        How a transposed convolution is shown; both if not given, or with more than two kernels the stamping.
    shades : bool
        Whether cells are shown in greys, as a picture.
    square : bool
        Whether the page changes both axes together.

    Notes
    -----
    Source: relationships 6 and 14 of arXiv:1603.07285; ``torch.nn.Conv2d``, ``torch.nn.ConvTranspose2d``.

    Examples
    --------
    >>> explorer = ConvExplorer(np.array([2, 3]), np.array([1, 2, 3]), stride=2, transposed=True)
    >>> explorer.step = 2
    >>> explorer
    Convolution explorer. y[2] = x[1]·w[0] + x[0]·w[2] = 3·1 + 2·3 = 9
    >>> explorer.output
    array([[2, 4, 9, 6, 9]])
    >>> explorer.stride = 0
    Traceback (most recent call last):
        ...
    convlab.explorers.explorer.Refused: stride must be at least 1, got 0
    """

    transposed = Bool(False).tag(sync=True)
    input = Cells(np.arange(1, 6)[None])
    weight = Cells(np.array([[[1, 10, 100]]]))
    stride = Setting((1,))
    padding = Setting(((0, 0),))
    output_padding = Setting((0,))
    dilation = Setting((1,))
    groups = Setting(1)
    walk = Enum(("output", "input"), "output").tag(sync=True)
    reveal = Enum(("all", "step"), "all").tag(sync=True)
    square = Bool(True).tag(sync=True)
    shades = Bool(False).tag(sync=True)
    view = Enum(("both", "stamping", "zero insertion"), "both").tag(sync=True)

    def __init__(
        self,
        input=None,
        weight=None,
        stride=1,
        padding=0,
        output_padding=0,
        dilation=1,
        groups=1,
        *,
        transposed=False,
        input_size=(5, 5),
        kernel_size=(3, 3),
        **view,
    ):
        input, weight = _arrays(input, weight, input_size, kernel_size)
        layer = dict(zip(LAYER, (transposed, input, weight, stride, padding, output_padding, dilation, groups)))
        layer = self.checked(layer)
        if "square" not in view:
            values = (layer["stride"], layer["padding"], layer["output_padding"], layer["dilation"])
            sizes = (layer["input"].shape[1:], layer["weight"].shape[2:])
            view["square"] = all(len(set(value)) == 1 for value in (*values, *sizes))
        view.setdefault("view", "both" if np.prod(layer["weight"].shape[:2]) <= 2 else "stamping")
        super().__init__("convolution", [*LAYER, "walk", "reveal", "square", "shades", "view"], **layer, **view)

    @property
    def output(self) -> Array:
        """The output, ``(C_out, *out)``, by :mod:`convlab.reference`."""
        nd = self.weight.ndim - 2
        dtype = np.result_type(self.input, self.weight)
        x, w = self.input.astype(dtype), self.weight.astype(dtype)
        settings = {"stride": self.stride, "dilation": self.dilation, "groups": self.groups}
        if self.transposed:
            grow = [max(op - end, 0) for op, (_, end) in zip(self.output_padding, self.padding)]
            full = (conv_transpose1d, conv_transpose2d)[nd - 1](x[None], w, **settings)[0]
            full = np.pad(full, [(0, 0), *((0, more) for more in grow)])
            return full[(slice(None), *self._kept())]
        padded = np.pad(x, [(0, 0), *self.padding])
        return (conv1d, conv2d)[nd - 1](padded[None], w, **settings)[0]

    def _kept(self):
        axes = zip(
            self.input.shape[1:], self.weight.shape[2:], self.stride, self.padding, self.output_padding, self.dilation
        )
        for i, k, s, p, op, d in axes:
            yield slice(p[0], p[0] + conv_transpose_output_size(i, k, s, p, op, d))

    _check_settings = validate(*LAYER)(Explorer._check)

    def checked(self, state: dict) -> dict:
        """Return ``state`` with one entry an axis, or raise ``TypeError`` or ``ValueError``."""
        transposed = boolean("transposed", state["transposed"])
        x, w = np.asarray(state["input"]), np.asarray(state["weight"])
        nd = w.ndim - 2
        if nd not in (1, 2) or x.ndim != nd + 1:
            raise ValueError(
                "input and weight must have shapes (C_in, L) and (C_out, C_in/groups, k), or one axis more each, "
                f"got {x.shape} and {w.shape}"
            )
        checked = dict(state, transposed=transposed)
        for name, smallest in (("stride", 1), ("output_padding", 0), ("dilation", 1)):
            checked[name] = integer_tuple(name, as_tuple(state[name]), nd, minimum=smallest)
        checked["padding"] = _pairs(state["padding"], nd)
        checked["groups"] = integer("groups", state["groups"], minimum=1)
        _check_channels(transposed, x.shape[0], w.shape, checked["groups"])
        settings = (checked[name] for name in ("stride", "padding", "output_padding", "dilation"))
        small = [_check_axis(transposed, *axis) for axis in zip(x.shape[1:], w.shape[2:], *settings)]
        products = int(np.prod(small)) * w.size
        if products > LIMIT["products"]:
            raise ValueError(f"this needs {products} products; at most {LIMIT['products']} can be drawn")
        return checked


def _pairs(padding, nd):
    """``((begin, end), ...)`` from an int, one int an axis, or one pair an axis."""
    padding = as_tuple(padding)
    entries = padding if isinstance(padding, tuple) else (padding,)
    if any(isinstance(entry, (tuple, list)) for entry in entries):
        if len(entries) != nd:
            raise ValueError(f"padding must have one pair for each of the {nd} axes, got {padding}")
        return tuple(integer_tuple("padding", as_tuple(entry), 2, minimum=0) for entry in entries)
    return tuple((p, p) for p in integer_tuple("padding", padding, nd, minimum=0))


def _check_channels(transposed, channels, shape, groups):
    c_in, c_out = (shape[0], shape[1] * groups) if transposed else (shape[1] * groups, shape[0])
    if max(c_in, c_out, channels, groups) > LIMIT["channels"]:
        raise ValueError(f"at most {LIMIT['channels']} channels can be drawn, got {max(c_in, c_out, channels, groups)}")
    if channels != c_in or shape[0] % groups:
        raise ValueError(
            f"input has {channels} channels, weight of shape {shape} with groups={groups} "
            f"{'takes ' + str(c_in) if not shape[0] % groups else 'cannot be divided into groups'}"
        )


def _check_axis(transposed, i, k, s, p, op, d):
    """Check one axis, as ``axisProblem`` does on the page; return how many cells its small side has."""
    named = (("input_size", i, "size"), ("kernel_size", k, "kernel"), ("stride", s, "stride"))
    named += (("padding", p[0], "padding"), ("padding", p[1], "padding"), ("dilation", d, "dilation"))
    for name, value, limit in named:
        if value > LIMIT[limit]:
            raise ValueError(f"{name} can be at most {LIMIT[limit]} here, got {value}")
    if transposed:
        conv_transpose_output_size(i, k, s, p, op, d)
        small, side = i, s * (i - 1) + effective_kernel_size(k, d) + max(op - p[1], 0)
    elif op:
        raise ValueError(f"output_padding belongs to a transposed convolution, got output_padding={op}")
    else:
        small, side = conv_output_size(i, k, s, p, d), i + sum(p)
    if side > LIMIT["side"]:
        raise ValueError(
            f"this would draw {side} cells side by side; at most {LIMIT['side']} are drawn, "
            "for with more the page would answer a key too late"
        )
    return small


def _arrays(input, weight, input_size, kernel_size):
    """Input and weight with channels, counted where they are not given."""
    if weight is not None and np.ndim(weight) == np.ndim(input) and np.ndim(weight) in (1, 2):
        return np.asarray(input)[None], np.asarray(weight)[None, None]
    nd = np.ndim(input) - 1 if input is not None else np.ndim(weight) - 2 if weight is not None else np.size(input_size)
    if input is None:
        size = integer_tuple("input_size", input_size, nd, minimum=1)
        channels = 1 if weight is None else np.shape(weight)[1]
        planes = [3 * c + np.arange(np.prod(size)).reshape(size) for c in range(channels)]
        input = np.stack(planes) % 9 + 1
    if weight is None:
        size = integer_tuple("kernel_size", kernel_size, nd, minimum=1)
        kernel = 10 ** np.minimum(np.arange(size[0]), 5) if nd == 1 else np.arange(np.prod(size)).reshape(size) % 9 + 1
        weight = np.zeros((1, len(input), *size), kernel.dtype) + kernel
    return np.asarray(input), np.asarray(weight)
