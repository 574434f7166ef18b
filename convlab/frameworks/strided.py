"""The padding of a strided convolution in every framework, and above all "same".

A convolution reads zeros before and after its input; along one axis all that matters is
how many of each. "Same" means ``ceil(i / s)`` output cells, so with a stride it does not keep
the size, and an odd number of zeros must be split somehow:

* TensorFlow, Keras, JAX ``SAME`` and ONNX ``SAME_UPPER`` put the odd one at the end;
  ``SAME_LOWER`` puts it at the beginning; how many there are depends on the input size.
* PyTorch's ``padding="same"`` exists for stride 1 only; then the odd one is at the end, too.
* TF-Slim's ``fixed_padding`` (MobileNet, ResNet) pads ``K - 1`` zeros whatever the input size. Its
  output has the size of ``SAME``, not always its values.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from convlab.arithmetic import conv_output_size, effective_kernel_size, same_padding
from convlab.frameworks.arguments import (
    BACKENDS,
    CHANNELS_LAST,
    SPATIAL,
    input_layout,
    known,
    option_names,
    pair,
    prepared,
    rearrange,
)
from convlab.frameworks.calls import keras_on, like, loaded, onnx_run, single
from convlab.reference import conv1d, conv2d
from convlab.validation import integer

__all__ = ["Padding", "conv", "conv_arguments", "conv_options_of", "conv_padding", "conv_weight_layout", "run_conv"]


class Padding(NamedTuple):
    """Zeros before and after one axis (negative: cells cut off), and the output size they give."""

    begin: int
    end: int
    output_size: int


def conv_padding(framework, input_size, kernel_size, stride=1, dilation=1, **options):
    """The zeros that a framework's convolution puts around one axis.

    Parameters
    ----------
    framework : str
        ``"torch"``, ``"tensorflow"``, ``"keras"``, ``"jax"``, ``"onnx"`` or ``"slim"``.
    input_size, kernel_size, stride, dilation : int
        At least 1 each, in cells.
    **options
        The framework's own options for one axis.

        * torch (``torch.nn.functional.conv2d``): ``padding=0``, a number, ``"same"`` or ``"valid"``.
        * tensorflow (``tf.nn.conv2d``): ``padding``, which must be given, ``"SAME"``, ``"VALID"`` or a pair.
        * keras (``keras.ops.conv``): ``padding="valid"`` or ``"same"``;
          ``backend="tensorflow"``, ``"torch"`` or ``"jax"``.
        * jax (``jax.lax.conv_general_dilated``): ``padding``, which must be given, ``"SAME"``,
          ``"SAME_LOWER"``, ``"VALID"`` or a pair, which may be negative.
        * onnx (``Conv``): ``pads=(0, 0)``, ``auto_pad="NOTSET"``, ``"VALID"``, ``"SAME_UPPER"`` or ``"SAME_LOWER"``.
        * slim (``fixed_padding``, then a convolution without padding): none.

    Returns
    -------
    Padding

    Raises
    ------
    TypeError
        If a number is not an integer.
    ValueError
        If the framework or an option is unknown, or the framework would refuse; the message says why.

    Examples
    --------
    >>> conv_padding("tensorflow", 6, 3, stride=2, padding="SAME")
    Padding(begin=0, end=1, output_size=3)
    >>> conv_padding("slim", 6, 3, stride=2)        # the same size, other cells
    Padding(begin=1, end=1, output_size=3)
    >>> conv_padding("torch", 6, 3, stride=2, padding="same")
    Traceback (most recent call last):
        ...
    ValueError: torch: padding='same' needs stride 1, got stride=2; convlab.frameworks.translate_conv finds the zeros
    """
    rule = _RULES[known("framework", framework, _RULES)]
    for name in options:
        known(f"option of {framework}", name, conv_options_of(framework))
    input_size = integer("input_size", input_size, minimum=1)
    axis = (input_size, integer("kernel_size", kernel_size, minimum=1), integer("stride", stride, minimum=1), dilation)
    begin, end = rule(*axis, **options)
    if input_size + begin + end < 1:
        raise ValueError(f"{framework}: padding ({begin}, {end}) leaves nothing of input_size={input_size}")
    return Padding(begin, end, conv_output_size(input_size + begin + end, kernel_size, stride, dilation=dilation))


def conv_options_of(framework):
    """The names of a framework's options for a convolution.

    Examples
    --------
    >>> conv_options_of("torch"), conv_options_of("slim")
    (('padding',), ())
    """
    return option_names(_RULES[known("framework", framework, _RULES)])


def _torch(i, k, s, d, *, padding=0):
    if not isinstance(padding, str):
        return (integer("padding", padding, minimum=0),) * 2
    if known("padding", padding, ("same", "valid", "a number")) == "same" and s > 1:
        raise ValueError(
            f"torch: padding='same' needs stride 1, got stride={s}; convlab.frameworks.translate_conv finds the zeros"
        )
    return same_padding(k, d) if padding == "same" else (0, 0)


def _tensorflow(i, k, s, d, *, padding=None):
    if padding is None:
        raise ValueError("tensorflow: padding must be given, 'SAME', 'VALID' or a pair (begin, end)")
    return _named(i, k, s, d, padding, ("SAME", "VALID"), minimum=0)


def _keras(i, k, s, d, *, padding="valid", backend="tensorflow"):
    known("padding", padding, ("valid", "same"))
    if known("backend", backend, BACKENDS) == "tensorflow" and s > 1 and d > 1:
        raise ValueError(f"keras: the backend tensorflow takes no dilation above 1 with stride={s}, got dilation={d}")
    return _named(i, k, s, d, padding.upper(), ("SAME", "VALID"))


def _jax(i, k, s, d, *, padding=None):
    if padding is None:
        raise ValueError("jax: padding must be given, 'SAME', 'SAME_LOWER', 'VALID' or a pair (begin, end)")
    return _named(i, k, s, d, padding, ("SAME", "SAME_LOWER", "VALID"))


def _onnx(i, k, s, d, *, pads=(0, 0), auto_pad="NOTSET"):
    known("auto_pad", auto_pad, ("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"))
    pads = pair("pads", pads, minimum=0)
    if auto_pad != "NOTSET" and pads != (0, 0):
        raise ValueError(f"onnx: pads={pads} cannot be given with auto_pad={auto_pad!r}; leave one of them out")
    if auto_pad.startswith("SAME") and d > 1:
        raise ValueError(f"onnx: ONNX Runtime takes no auto_pad={auto_pad!r} with dilation={d}; give the zeros as pads")
    words = {"NOTSET": pads, "VALID": "VALID", "SAME_UPPER": "SAME", "SAME_LOWER": "SAME_LOWER"}
    return _named(i, k, s, d, words[auto_pad], ("SAME", "SAME_LOWER", "VALID"))


def _slim(i, k, s, d):
    total = effective_kernel_size(k, d) - 1
    return (total // 2, total - total // 2)


_RULES = {"torch": _torch, "tensorflow": _tensorflow, "keras": _keras, "jax": _jax, "onnx": _onnx, "slim": _slim}


def _named(i, k, s, d, padding, words, minimum=None):
    """``(begin, end)`` of a word, or of the pair that was given instead."""
    if not isinstance(padding, str):
        return pair("padding", padding, minimum)
    if known("padding", padding, (*words, "(begin, end)")) == "VALID":
        return (0, 0)
    begin, end = same_padding(k, d, stride=s, input_size=i)
    return (end, begin) if padding == "SAME_LOWER" else (begin, end)


def conv_weight_layout(framework, ndim=2):
    """Layout of the kernel of a convolution; I counts the channels of one group.

    Examples
    --------
    >>> conv_weight_layout("torch"), conv_weight_layout("keras")
    ('OIHW', 'HWIO')
    """
    return SPATIAL[ndim] + "IO" if framework in CHANNELS_LAST else "OI" + SPATIAL[ndim]


def conv(framework, x, weight, stride=1, dilation=1, groups=1, **options):
    """The convolution that a framework computes, on NumPy arrays in its layout.

    Parameters
    ----------
    framework : str
        As :func:`conv_padding`; slim is written for torch here, so it has torch's layout.
    x : array
        torch, onnx, slim: ``(N, C_in, W)`` or ``(N, C_in, H, W)``; the others: channels last.
    weight : array
        torch, onnx, slim: ``(C_out, C_in/groups, *kernel)``; the others: ``(*kernel, C_in/groups, C_out)``.
    stride, dilation : int or tuple of ints
        At least 1, one for all axes or one each.
    groups : int
        Channel groups that do not mix.
    **options
        As :func:`conv_padding`. One value stands for every axis; a *list* has one an axis.

    Returns
    -------
    array
        In the layout of ``x``. Floats keep their dtype, integers give int64.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit, or the framework would refuse; the message says why.

    Examples
    --------
    >>> x, w = np.arange(1, 7).reshape(1, 1, 6), np.array([[[1, 10, 100]]])
    >>> conv("onnx", x, w, stride=2, auto_pad="SAME_UPPER").ravel()
    array([321, 543,  65])
    >>> conv("slim", x, w, stride=2).ravel()
    array([210, 432, 654])
    """
    call, axes = conv_arguments(framework, x, weight, stride, dilation, groups, options)
    sizes = zip(call.input_size, call.kernel_size, call.stride, call.dilation)
    pads = [conv_padding(framework, *size, **option)[:2] for size, option in zip(sizes, call.options)]
    images = rearrange(call.x, input_layout(framework, call.ndim), input_layout("torch", call.ndim))
    kernel = rearrange(call.weight, axes, conv_weight_layout("torch", call.ndim))
    for axis, (begin, end) in enumerate(pads, start=2):
        images = images.take(np.arange(max(-begin, 0), images.shape[axis] - max(-end, 0)), axis)
    images = np.pad(images, [(0, 0), (0, 0), *((max(begin, 0), max(end, 0)) for begin, end in pads)])
    slide = conv1d if call.ndim == 1 else conv2d
    output = slide(images, kernel, stride=call.stride, dilation=call.dilation, groups=call.groups)
    return np.ascontiguousarray(rearrange(output, input_layout("torch", call.ndim), input_layout(framework, call.ndim)))


def run_conv(framework, x, weight, stride=1, dilation=1, groups=1, **options):
    """Call the installed framework: the arguments are those of :func:`conv`.

    ``"torch"`` calls ``torch.nn.functional.conv1d`` or ``conv2d``, ``"slim"``
    ``torch.nn.functional.pad`` first, ``"tensorflow"`` ``tf.nn.conv2d`` (one axis gets a second of
    size 1), ``"keras"`` ``keras.ops.conv`` on the active backend, ``"jax"``
    ``jax.lax.conv_general_dilated``, ``"onnx"`` ONNX Runtime on the CPU.

    Returns
    -------
    array
        float32, or int64 for integers, so that it can be compared with ``==``.

    Raises
    ------
    ImportError, TypeError, ValueError, Exception
        As :func:`convlab.frameworks.run`.

    Examples
    --------
    >>> x, w = np.arange(1, 7).reshape(1, 1, 6), np.array([[[1, 10, 100]]])
    >>> run_conv("slim", x, w, stride=2).ravel()
    array([210, 432, 654])
    """
    call, _ = conv_arguments(framework, x, weight, stride, dilation, groups, options)
    real = call._replace(x=single("x", call.x, call.weight), weight=single("weight", call.weight, call.x))
    return like(x, CALLS[framework](real, options))


def conv_arguments(framework, x, weight, stride, dilation, groups, options):
    """The checked :class:`~convlab.frameworks.arguments.Arguments` of a call, and the layout of its kernel.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit, or the framework or an option is unknown.
    """
    for name in options:
        known(f"option of {framework}", name, conv_options_of(framework))
    conv_options_of(framework)
    axes = partial(conv_weight_layout, framework)
    call = prepared(framework, x, weight, axes, stride, dilation, groups, options)
    in_channels = call.x.shape[input_layout(framework, call.ndim).index("C")]
    taken = call.weight.shape[axes(call.ndim).index("I")] * call.groups
    if in_channels != taken:
        raise ValueError(
            f"x has C_in={in_channels} channels, but weight of shape {call.weight.shape}, layout "
            f"{axes(call.ndim)}, with groups={call.groups} takes {taken}"
        )
    return call, axes(call.ndim)


def _run_torch(call, options):
    torch = loaded("torch")
    padding = options.get("padding", 0)
    function = getattr(torch.nn.functional, f"conv{call.ndim}d")
    return function(
        torch.tensor(call.x),
        torch.tensor(call.weight),
        stride=call.stride,
        padding=tuple(padding) if isinstance(padding, list) else padding,
        dilation=call.dilation,
        groups=call.groups,
    )


def _run_slim(call, options):
    torch = loaded("torch")
    pads = [_slim(*sizes) for sizes in zip(call.input_size, call.kernel_size, call.stride, call.dilation)]
    padded = torch.nn.functional.pad(torch.tensor(call.x), [zeros for axis in reversed(pads) for zeros in axis])
    return _run_torch(call._replace(x=padded.numpy()), {})


def _run_tensorflow(call, options):
    tf = loaded("tensorflow")
    padding, x, weight, one = options.get("padding"), call.x, call.weight, (1,) * (2 - call.ndim)
    if one:  # tf.nn.conv1d takes no pairs; it calls this one with a height of 1 as well
        x, weight = x[:, None], weight[None]
    if not isinstance(padding, str):
        padding = [(0, 0)] * (1 + len(one)) + [option["padding"] for option in call.options] + [(0, 0)]
    strides, dilations = [1, *one, *call.stride, 1], [1, *one, *call.dilation, 1]
    output = tf.nn.conv2d(x, weight, strides, padding, dilations=dilations)
    return output[:, 0] if one else output


def _run_keras(call, options):
    keras = keras_on(options.get("backend"))
    return keras.ops.conv(
        call.x,
        call.weight,
        strides=call.stride,
        padding=options.get("padding", "valid"),
        data_format="channels_last",
        dilation_rate=call.dilation,
    )


def _run_jax(call, options):
    jax = loaded("jax")
    padding, space = options.get("padding"), SPATIAL[call.ndim]
    return jax.lax.conv_general_dilated(
        call.x,
        call.weight,
        call.stride,
        padding if isinstance(padding, str) else [option["padding"] for option in call.options],
        rhs_dilation=call.dilation,
        dimension_numbers=(f"N{space}C", f"{space}IO", f"N{space}C"),
        feature_group_count=call.groups,
    )


def _run_onnx(call, options):
    attributes = {"strides": call.stride, "dilations": call.dilation, "group": call.groups}
    if "pads" in options:
        attributes["pads"] = [option["pads"][end] for end in (0, 1) for option in call.options]
    if "auto_pad" in options:
        attributes["auto_pad"] = options["auto_pad"]
    return onnx_run("Conv", {"x": call.x, "w": call.weight}, **attributes)


CALLS = {
    "torch": _run_torch,
    "tensorflow": _run_tensorflow,
    "keras": _run_keras,
    "jax": _run_jax,
    "onnx": _run_onnx,
    "slim": _run_slim,
}
