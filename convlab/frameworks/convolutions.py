"""Transposed and ordinary convolutions of every framework: the rule, the values in NumPy, the real call.

**Transposed.** Along one axis every framework does the same three things.

1. Each input value stamps its multiple of the kernel. Nothing is cropped, so the result
   has ``L = conv_transpose_output_size(i, k, s, dilation=d)`` cells.
2. A window is cut out: ``crop_begin`` cells fall away at the start, ``crop_end`` at the
   end. A negative number means that the window reaches past the result, into zeros.
3. JAX alone flips the kernel, unless it is told not to.

The options differ only in how they spell the window.

**Ordinary.** A convolution reads zeros before and after its input; along one axis all that matters is
how many of each. "Same" means ``ceil(i / s)`` output cells, so with a stride it does not keep
the size, and an odd number of zeros must be split somehow:

* TensorFlow, Keras, JAX ``SAME`` and ONNX ``SAME_UPPER`` put the odd one at the end;
  ``SAME_LOWER`` puts it at the beginning; how many there are depends on the input size.
* PyTorch's ``padding="same"`` exists for stride 1 only; then the odd one is at the end, too.
* TF-Slim's ``fixed_padding`` (MobileNet, ResNet), here the framework ``"slim"``, pads ``K - 1`` zeros whatever the
  input size. Its output has the size of ``SAME``, not always its values.

Arrays are NumPy arrays in the framework's layout: ``x`` is ``(N, C, W)``, ``(N, C, H, W)`` or ``(N, C, D, H, W)`` for
torch, onnx and slim, with the channels last for the others; :func:`~convlab.frameworks.arrays.weight_layout` and
:func:`~convlab.frameworks.arrays.conv_weight_layout` say how kernels lie. Options are the framework's own: see its
class, for example ``help(convlab.frameworks.torch.Torch.window)``. In a call one value stands for every axis; a list
or tuple has one an axis, but a tuple of two numbers is a pair ``(begin, end)`` where an option takes pairs.
``ValueError`` is raised where the framework would refuse, and says why.
"""

from typing import Any

import numpy as np

from convlab import reference
from convlab.arithmetic import conv_output_size
from convlab.frameworks.arrays import like, rearrange, single
from convlab.frameworks.framework import (
    SPATIAL,
    Axis,
    Call,
    Framework,
    Padding,
    Window,
    kept_cells,
    pair_names,
    spread,
)
from convlab.frameworks.registry import checked_options, find
from convlab.reference.layer_arguments import PADDING_MODES
from convlab.typing import Array, Ints
from convlab.validation import array, integer, integer_tuple, layout

__all__ = ["checked_call", "conv", "conv_padding", "conv_transpose", "installed", "run", "run_conv", "window"]

#: The rule of each operation.
RULES = {"conv_transpose": "window", "conv": "conv_padding"}


def window(
    framework: str, input_size: int, kernel_size: int, stride: int = 1, dilation: int = 1, **options: Any
) -> Window:
    """The part of the full scatter that a framework returns along one axis.

    ``framework`` is ``"torch"``, ``"tensorflow"``, ``"keras"``, ``"jax"`` or ``"onnx"``; sizes are in cells.
    :data:`~convlab.frameworks.VERSIONS` says to which releases this applies, on the CPU; where a
    framework's behaviour differs from its documents or from this rule is listed in
    ``tools/conformance/deviations.py``.

    A kernel of 3 with stride 2 leaves an odd cell, and the frameworks disagree where:

    >>> window("torch", 2, 3, stride=2, padding=1, output_padding=1)
    Window(crop_begin=1, crop_end=0, flip=False, output_size=4)
    >>> window("tensorflow", 2, 3, stride=2, padding="SAME", output_size=4)
    Window(crop_begin=0, crop_end=1, flip=False, output_size=4)
    >>> window("jax", 2, 3, stride=2, padding="SAME")
    Window(crop_begin=0, crop_end=1, flip=True, output_size=4)
    >>> window("tensorflow", 2, 3, stride=2, padding="SAME", output_size=5)
    Traceback (most recent call last):
        ...
    ValueError: tensorflow: output_size must be from 3 to 4 for padding='SAME' (input_size=2, kernel_size=3, ...
    """
    found = checked_options(framework, "window", options)
    return found.window(_axis(input_size, kernel_size, stride, dilation), **options)


def conv_padding(
    framework: str, input_size: int, kernel_size: int, stride: int = 1, dilation: int = 1, **options: Any
) -> Padding:
    """The zeros that a framework's ordinary convolution puts around one axis.

    ``framework`` is one of those of :func:`window`, or ``"slim"``.

    >>> conv_padding("tensorflow", 6, 3, stride=2, padding="SAME")
    Padding(begin=0, end=1, output_size=3)
    >>> conv_padding("slim", 6, 3, stride=2)        # the same size, other cells
    Padding(begin=1, end=1, output_size=3)
    >>> conv_padding("torch", 6, 3, stride=2, padding="same")
    Traceback (most recent call last):
        ...
    ValueError: torch: padding='same' needs stride 1, got stride=2; convlab.frameworks.translate_conv finds the zeros
    """
    found = checked_options(framework, "conv_padding", options)
    axis = _axis(input_size, kernel_size, stride, dilation)
    begin, end = found.conv_padding(axis, **options)
    padded = axis.input_size + begin + end
    if padded < 1:
        raise ValueError(f"{framework}: padding ({begin}, {end}) leaves nothing of input_size={input_size}")
    return Padding(begin, end, conv_output_size(padded, kernel_size, stride, dilation=dilation))


def _axis(input_size, kernel_size, stride, dilation):
    sizes = {"input_size": input_size, "kernel_size": kernel_size, "stride": stride, "dilation": dilation}
    return Axis(*(integer(name, size, minimum=1) for name, size in sizes.items()))


def conv_transpose(
    framework: str, x: Array, weight: Array, stride: Ints = 1, dilation: Ints = 1, groups: int = 1, **options: Any
) -> Array:
    """The transposed convolution that a framework computes; only torch, tensorflow and onnx have groups.

    Floats keep their dtype, integers give int64. One question, two answers of the same size:

    >>> x, w = np.array([[[1, 2]]]), np.array([[[1, 10, 100]]])
    >>> conv_transpose("torch", x, w, stride=2, padding=1, output_padding=1)
    array([[[ 10, 102,  20, 200]]])
    >>> x, w = x.reshape(1, 2, 1), w.reshape(3, 1, 1)
    >>> conv_transpose("keras", x, w, stride=2, padding="same").ravel()
    array([  1,  10, 102,  20])
    """
    found, call = checked_call("conv_transpose", framework, x, weight, stride, dilation, groups, options)
    windows = [window(framework, *size, **option) for size, option in _sizes(call)]
    found.check_call("conv_transpose", call)
    axes = found.weight_layout(call.ndim, call.each("transpose_kernel")[0] is True)
    kernel = rearrange(call.weight, axes, f"IO{SPATIAL[call.ndim]}")
    if windows[0].flip:
        kernel = np.flip(kernel, tuple(range(2, kernel.ndim)))
    images = _images(found, call)
    full = reference.conv_transpose(images, kernel, stride=call.stride, dilation=call.dilation, groups=call.groups)
    for axis, view in enumerate(windows, start=2):
        full = view.cut(full, axis)
    return _laid_out(found, call, full)


def conv(
    framework: str, x: Array, weight: Array, stride: Ints = 1, dilation: Ints = 1, groups: int = 1, **options: Any
) -> Array:
    """The ordinary convolution that a framework computes; floats keep their dtype, integers give int64.

    >>> x, w = np.arange(1, 7).reshape(1, 1, 6), np.array([[[1, 10, 100]]])
    >>> conv("onnx", x, w, stride=2, auto_pad="SAME_UPPER").ravel()
    array([321, 543,  65])
    >>> conv("slim", x, w, stride=2).ravel()
    array([210, 432, 654])
    """
    found, call = checked_call("conv", framework, x, weight, stride, dilation, groups, options)
    pads = [conv_padding(framework, *size, **option)[:2] for size, option in _sizes(call)]
    found.check_call("conv", call)
    kernel = rearrange(call.weight, found.conv_weight_layout(call.ndim), f"OI{SPATIAL[call.ndim]}")
    images = _images(found, call)[:, :, *(kept_cells(*axis) for axis in pads)]
    around = [(0, 0), (0, 0), *((max(begin, 0), max(end, 0)) for begin, end in pads)]
    images = np.pad(images, around, mode=PADDING_MODES[call.padding_mode])
    output = reference.conv(images, kernel, stride=call.stride, dilation=call.dilation, groups=call.groups)
    return _laid_out(found, call, output)


def run(
    framework: str, x: Array, weight: Array, stride: Ints = 1, dilation: Ints = 1, groups: int = 1, **options: Any
) -> Array:
    """Call the installed framework; the arguments are those of :func:`conv_transpose`.

    All frameworks compute in float32 here: the arrays hold float32, or integers small enough to stay exact; then the
    answer is int64, to be compared with ``==``. Raises ``ImportError`` if the framework is not installed, and
    whatever the framework raises when it refuses.

    >>> x, w = np.array([[[1, 2]]]), np.array([[[1, 10, 100]]])
    >>> run("torch", x, w, stride=2, padding=1)
    array([[[ 10, 102,  20]]])
    """
    return _called("conv_transpose", framework, x, weight, stride, dilation, groups, options)


def run_conv(
    framework: str, x: Array, weight: Array, stride: Ints = 1, dilation: Ints = 1, groups: int = 1, **options: Any
) -> Array:
    """Call the installed framework, as :func:`run`; the arguments are those of :func:`conv`.

    >>> x, w = np.arange(1, 7).reshape(1, 1, 6), np.array([[[1, 10, 100]]])
    >>> run_conv("slim", x, w, stride=2).ravel()
    array([210, 432, 654])
    """
    return _called("conv", framework, x, weight, stride, dilation, groups, options)


def _called(operation, framework, *arguments):
    found, call = checked_call(operation, framework, *arguments)
    x, weight = single("x", call.x, call.weight), single("weight", call.weight, call.x)
    api = found.api()
    real = call._replace(x=found.tensor(x), weight=found.tensor(weight))
    return like(call.x, getattr(found, operation)(api, real))


def installed(framework: str) -> bool:
    """Whether :func:`run` can call a framework.

    >>> installed("torch")
    True
    """
    try:
        find(framework).load()
    except ImportError:
        return False
    return True


def checked_call(
    operation: str,
    framework: str,
    x: Array,
    weight: Array,
    stride: Ints,
    dilation: Ints,
    groups: int,
    options: dict[str, Any],
) -> tuple[Framework, Call]:
    """The framework and the call, its arguments checked and spread over the axes; rules are not asked yet.

    >>> _, call = checked_call("conv", "torch", np.ones((1, 1, 4, 5)), np.ones((2, 1, 3, 3)), (2, 1), 1, 1, {})
    >>> call.input_size, call.kernel_size, call.stride, call.dilation
    ((4, 5), (3, 3), (2, 1), (1, 1))
    """
    found = checked_options(framework, RULES[operation], options)
    x = array("x", x)
    weight = array("weight", weight, ("x", x))
    layout("x", x, [tuple(found.input_layout(ndim)) for ndim in SPATIAL])
    ndim = x.ndim - 2
    weight_axes = found.conv_weight_layout(ndim)
    if operation == "conv_transpose":
        weight_axes = found.weight_layout(ndim, options.get("transpose_kernel") is True)
    layout("weight", weight, [tuple(weight_axes)])
    call = Call(
        x,
        weight,
        _spatial(x, found.input_layout(ndim)),
        _spatial(weight, weight_axes),
        integer_tuple("stride", stride, ndim, minimum=1),
        integer_tuple("dilation", dilation, ndim, minimum=1),
        integer("groups", groups, minimum=1),
        spread(options, ndim, pair_names(getattr(type(found), RULES[operation]))),
    )
    Framework.check_call(found, operation, call)
    _check_channels(operation, call, found.input_layout(ndim), weight_axes)
    return found, call


def _spatial(values, axes):
    return tuple(size for size, letter in zip(values.shape, axes) if letter in "DHW")


def _check_channels(operation, call, input_axes, weight_axes):
    channels, taken, groups = call.x.shape[input_axes.index("C")], call.weight.shape[weight_axes.index("I")], ""
    if operation == "conv":
        taken, groups = taken * call.groups, f" with groups={call.groups}"
    if channels != taken:
        raise ValueError(
            f"x has C_in={channels} channels, but weight of shape {call.weight.shape}, layout {weight_axes},"
            f"{groups} takes {taken}"
        )


def _sizes(call):
    """The sizes of each axis, and its options."""
    return zip(zip(call.input_size, call.kernel_size, call.stride, call.dilation), call.options)


def _images(found, call):
    return rearrange(call.x, found.input_layout(call.ndim), f"NC{SPATIAL[call.ndim]}")


def _laid_out(found, call, images):
    return np.ascontiguousarray(rearrange(images, f"NC{SPATIAL[call.ndim]}", found.input_layout(call.ndim)))
