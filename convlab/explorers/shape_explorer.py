"""The shape explorer: shapes of input, weight, bias and output, and which channels read which."""

from math import prod

from traitlets import Bool, Enum, validate

from convlab.explorers.explorer import LIMITS, Explorer, Setting, as_tuple, check_at_most
from convlab.explorers.javascript import ask
from convlab.validation import boolean, integer_tuple

__all__ = ["ShapeExplorer"]

USUAL = {"torch": "channels_first", "keras": "channels_last"}
LAYER = ("operator", "framework", "data_format", "in_channels", "out_channels", "kernel_size", "stride", "padding")
SETTINGS = (*LAYER, "output_padding", "dilation", "groups", "bias", "input_shape")
LAYOUTS = {"channels_first": "NCHW", "channels_last": "NHWC"}
CHANNELS, KERNEL, SIZE = LIMITS["shapes"].values()


class ShapeExplorer(Explorer):
    """A calculator for the shapes of a convolution or a transposed convolution, in PyTorch and in Keras.

    An input that does not fit is not refused: its wrong axis is marked, and a sentence says what the layer reads there
    and what comes of it.

    Parameters
    ----------
    operator : {"conv2d", "conv_transpose2d"}
    in_channels, out_channels : int
        ``in_channels`` is what the data are meant to have. Keras does not ask for it: it takes what it reads.
    kernel_size, stride, dilation : int or (int, int)
    padding : int, (int, int), "valid" or "same"
        Numbers for PyTorch, words for Keras; 0 and ``"valid"`` if not given.
    output_padding : int, (int, int) or None
        Of a transposed convolution; None is Keras's own default.
    groups : int
        Keras's ``Conv2DTranspose`` has none.
    bias : bool
    input_shape : tuple of 4 ints, optional
        With the batch; ``(1, in_channels, 5, 5)`` in the order of ``data_format`` if not given.
    framework : {"torch", "keras"}
    data_format : {"channels_first", "channels_last"}, optional
        The layout that the layer reads, by Keras's name for it (``layout`` is a trait of every widget).
        The framework's usual one if not given; PyTorch has no other.

    Notes
    -----
    Sizes are those of :mod:`convlab.arithmetic`, by way of :func:`convlab.frameworks.window` and
    :func:`convlab.frameworks.conv_padding`. Source: ``torch.nn.Conv2d``, ``torch.nn.ConvTranspose2d``;
    ``keras.layers.Conv2D``, ``keras.layers.Conv2DTranspose``.

    Examples
    --------
    >>> explorer = ShapeExplorer("conv_transpose2d", in_channels=8, out_channels=4, kernel_size=3, groups=2)
    >>> explorer.weight_shape, explorer.output_shape, explorer.parameters
    ((8, 2, 3, 3), (1, 4, 7, 7), 148)
    >>> explorer.operator = "conv2d"
    >>> explorer.weight_shape
    (4, 4, 3, 3)

    Channels-first data in a channels-last layer: nothing fails, and the output is not what was meant.

    >>> settings = {"in_channels": 1, "out_channels": 1, "kernel_size": 3, "stride": 2, "padding": "same"}
    >>> surprise = ShapeExplorer("conv_transpose2d", **settings, framework="keras", input_shape=(1, 1, 2, 2))
    >>> surprise.weight_shape, surprise.output_shape
    ((3, 3, 1, 2), (1, 2, 4, 1))
    """

    operator = Enum(("conv2d", "conv_transpose2d"), "conv_transpose2d").tag(sync=True)
    framework = Enum(tuple(USUAL), "torch").tag(sync=True)
    data_format = Enum(tuple(LAYOUTS), "channels_first").tag(sync=True)
    in_channels = Setting(4)
    out_channels = Setting(2)
    kernel_size = Setting((3, 3))
    stride = Setting((1, 1))
    padding = Setting((0, 0))
    output_padding = Setting((0, 0))
    dilation = Setting((1, 1))
    groups = Setting(1)
    bias = Bool(True).tag(sync=True)
    input_shape = Setting((1, 4, 5, 5))

    def __init__(
        self,
        operator="conv_transpose2d",
        in_channels=4,
        out_channels=2,
        kernel_size=3,
        *,
        framework="torch",
        data_format=None,
        padding=None,
        output_padding=None,
        input_shape=None,
        **settings,
    ):
        keras = framework == "keras"
        data_format = USUAL.get(framework, "channels_first") if data_format is None else data_format
        padding = ("valid" if keras else 0) if padding is None else padding
        output_padding = 0 if output_padding is None and not keras else output_padding
        if input_shape is None:
            order = LAYOUTS.get(data_format, "NCHW")
            input_shape = tuple({"N": 1, "C": in_channels}.get(letter, 5) for letter in order)
        given = {"operator": operator, "framework": framework, "data_format": data_format}
        given |= {"in_channels": in_channels, "out_channels": out_channels, "kernel_size": kernel_size}
        given |= {"padding": padding, "output_padding": output_padding, "input_shape": input_shape}
        super().__init__("shapes", SETTINGS, **given, **settings)

    _check_settings = validate(*SETTINGS)(Explorer._check)

    def checked(self, state: dict) -> dict:
        """Return ``state`` with one entry an axis, or raise ``TypeError`` or ``ValueError``."""
        return _checked(dict(state))

    @property
    def weight_shape(self) -> tuple[int, ...] | None:
        """Shape of the weight in the framework's order, or None if there is no such layer."""
        return self._shape("weight")

    @property
    def output_shape(self) -> tuple[int, ...] | None:
        """Shape of the output, or None if the framework refuses the input."""
        return self._shape("output")

    @property
    def parameters(self) -> int | None:
        """How many numbers the layer learns, or None if there is no such layer."""
        weight = self.weight_shape
        return None if weight is None else prod(weight) + self.out_channels * self.bias

    def _shape(self, name):
        found = ask("shapesOf", self.state())[name]
        return found and tuple(found)


# --- the rules ---------------------------------------------------------------------------------------------------


def _pair(name, value, smallest, largest):
    value = integer_tuple(name, as_tuple(value), 2, minimum=smallest)
    if max(value) > largest:
        raise ValueError(f"{name} can be at most {largest} here, got {max(value)}")
    return value


def _checked(state):
    operator, framework, keras = state["operator"], state["framework"], state["framework"] == "keras"
    transposed = operator == "conv_transpose2d"
    if framework == "torch" and state["data_format"] != "channels_first":
        raise ValueError("data_format must be channels_first for PyTorch: its layers always read axis 1 as channels")
    for name in ("in_channels", "out_channels", "groups"):
        check_at_most(name, state[name], 1, CHANNELS)
    for name in ("kernel_size", "stride", "dilation"):
        state[name] = _pair(name, state[name], 1, KERNEL)
    boolean("bias", state["bias"])
    groups = state["groups"]
    if state["out_channels"] % groups or (not keras and state["in_channels"] % groups):
        c_in, c_out = state["in_channels"], state["out_channels"]
        raise ValueError(f"groups must divide in_channels and out_channels, got {groups} for {c_in} and {c_out}")
    if keras and transposed and groups > 1:
        raise ValueError(f"keras.layers.Conv2DTranspose has no groups, got groups={groups}")
    state["padding"] = _checked_padding(state["padding"], keras)
    state["output_padding"] = _checked_output_padding(state, keras, transposed)
    if keras and max(state["stride"]) > 1 and max(state["dilation"]) > 1:
        raise ValueError(
            f"Keras layers take no stride above 1 with a dilation above 1, "
            f"got stride={state['stride']}, dilation={state['dilation']}"
        )
    shape = as_tuple(state["input_shape"])
    if not isinstance(shape, tuple) or len(shape) != 4:
        raise ValueError(f"input_shape must have 4 numbers, the batch first, got {shape}")
    state["input_shape"] = integer_tuple("input_shape", shape, 4, minimum=1)
    if max(shape) > SIZE:
        raise ValueError(f"input_shape can be at most {SIZE} an axis here, got {shape}")
    return state


def _checked_padding(padding, keras):
    if keras:
        if padding not in ("valid", "same"):
            raise ValueError(f"padding must be 'valid' or 'same' for Keras, got {padding!r}")
        return padding
    if isinstance(padding, str):
        raise ValueError(f"padding must be numbers for PyTorch here, got {padding!r}")
    return _pair("padding", padding, 0, KERNEL)


def _checked_output_padding(state, keras, transposed):
    given, stride, dilation = state["output_padding"], state["stride"], state["dilation"]
    if given is None:
        if not keras:
            raise ValueError("output_padding must be numbers for PyTorch, got None")
        return None
    pair = _pair("output_padding", given, 0, KERNEL)
    if not transposed and any(pair):
        raise ValueError(f"output_padding belongs to a transposed convolution, got output_padding={pair}")
    for op, s, d in zip(pair, stride, dilation):
        if transposed and keras and op >= s:
            raise ValueError(f"output_padding must be smaller than stride in Keras, got {op} with stride {s}")
        if transposed and op >= max(s, d):
            raise ValueError(
                f"output_padding must be smaller than stride or dilation, got {op} with stride {s}, dilation {d}"
            )
    return pair
