"""One picture for every framework: the full scatter, a window on it, perhaps a flip.

Along one axis every framework's transposed convolution does the same three things.

1. Each input value stamps its multiple of the kernel. Nothing is cropped, so the result
   has ``L = conv_transpose_output_size(i, k, s, dilation=d)`` cells.
2. A window is cut out: ``crop_begin`` cells fall away at the start, ``crop_end`` at the
   end. A negative number means that the window reaches past the result, into zeros.
3. JAX alone flips the kernel, unless it is told not to.

The options differ only in how they spell the window. Each function below is one
framework; its keyword arguments are the options, for one axis.
"""

from typing import NamedTuple

from convlab.arithmetic import (
    conv_transpose_output_size,
    effective_kernel_size,
    merged_input_sizes,
    required_output_padding,
    same_padding,
)
from convlab.frameworks.arguments import BACKENDS, known, option_names, pair
from convlab.validation import boolean, integer

__all__ = ["VERSIONS", "Window", "options_of", "window"]

#: The releases on which ``python -m convlab.frameworks.conformance`` confirmed the rules.
VERSIONS = {
    "torch": "torch 2.13.0",
    "tensorflow": "tensorflow 2.21.0",
    "keras": "keras 3.15.1",
    "jax": "jax 0.10.2",
    "onnx": "onnxruntime 1.31.1 (onnx 1.23.2, opset 22)",
}


class Window(NamedTuple):
    """What one axis of a transposed convolution keeps of the full scatter.

    Output cell ``m`` is cell ``m + crop_begin`` of the full scatter, or 0 outside it,
    for ``m`` from 0 to ``output_size - 1``. With ``flip`` the kernel is turned round first.
    """

    crop_begin: int
    crop_end: int
    flip: bool
    output_size: int


class _Axis(NamedTuple):
    """The sizes of one axis, and the two that follow from them: ``K`` and ``L``."""

    input_size: int
    kernel_size: int
    stride: int
    dilation: int
    span: int
    full_size: int


def window(framework, input_size, kernel_size, stride=1, dilation=1, **options):
    """The part of the full scatter that a framework returns along one axis.

    Parameters
    ----------
    framework : str
        ``"torch"``, ``"tensorflow"``, ``"keras"``, ``"jax"`` or ``"onnx"``.
    input_size, kernel_size, stride, dilation : int
        At least 1 each, in cells.
    **options
        The framework's own options for one axis.

        * torch (``torch.nn.functional.conv_transpose2d``): ``padding=0``, ``output_padding=0``;
          or ``output_size``, the argument of the module's ``forward``, instead of ``output_padding``.
        * tensorflow (``tf.nn.conv2d_transpose``): ``output_size``, the entry of ``output_shape``,
          which must be given; ``padding="SAME"``, ``"VALID"`` or a pair ``(begin, end)``.
        * keras (``keras.ops.conv_transpose``): ``padding="valid"`` or ``"same"``,
          ``output_padding=None``; ``backend="tensorflow"``, ``"torch"`` or ``"jax"``.
        * jax (``jax.lax.conv_transpose``): ``padding``, which must be given, ``"SAME"``, ``"VALID"`` or a
          pair; ``transpose_kernel=False``, ``use_consistent_padding=False``.
        * onnx (``ConvTranspose``, as ONNX Runtime computes it): ``pads=(0, 0)``, ``output_padding=0``,
          ``output_shape=None``, ``auto_pad="NOTSET"``, ``"VALID"``, ``"SAME_UPPER"`` or ``"SAME_LOWER"``.

    Returns
    -------
    Window

    Raises
    ------
    TypeError
        If a number is not an integer.
    ValueError
        If the framework or an option is unknown, or the framework would refuse; the message says why.

    Notes
    -----
    :data:`VERSIONS` says to which releases this applies, on the CPU (TensorFlow with oneDNN, its
    default on x86); where a framework's behaviour differs from its documents or from
    this rule is listed in :mod:`convlab.frameworks.deviations`.

    Examples
    --------
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
    rule = _RULES[known("framework", framework, _RULES)]
    for name in options:
        known(f"option of {framework}", name, options_of(framework))
    sizes = {"input_size": input_size, "kernel_size": kernel_size, "stride": stride, "dilation": dilation}
    i, k, s, d = (integer(name, size, minimum=1) for name, size in sizes.items())
    full_size = conv_transpose_output_size(i, k, s, dilation=d)
    return rule(_Axis(i, k, s, d, effective_kernel_size(k, d), full_size), **options)


def options_of(framework):
    """The names of a framework's options.

    Examples
    --------
    >>> options_of("torch")
    ('padding', 'output_padding', 'output_size')
    """
    return option_names(_RULES[known("framework", framework, _RULES)])


def _torch(axis, *, padding=0, output_padding=0, output_size=None):
    """``torch.nn.functional.conv_transpose1d``; with ``output_size``, ``torch.nn.ConvTranspose1d``."""
    if isinstance(padding, str):
        raise ValueError(
            f"torch: a transposed convolution takes no padding={padding!r}, only a number "
            "(nn.ConvTranspose2d stores the word and fails in forward); convlab.frameworks.translate finds the number"
        )
    padding = integer("padding", padding, minimum=0)
    i, k, s, d = axis[:4]
    if output_size is not None:
        if output_padding != 0:
            raise ValueError(
                f"torch: give output_padding or output_size, not both (forward ignores output_padding then), "
                f"got output_padding={output_padding}, output_size={output_size}"
            )
        output_padding = required_output_padding(i, output_size, k, s, padding, d)
        if output_padding >= s:
            raise ValueError(
                f"torch: output_size={output_size} is {output_padding} more than the smallest size, and forward "
                f"allows less than stride={s}; output_padding={output_padding} gives it"
            )
    size = conv_transpose_output_size(i, k, s, padding, output_padding, d)
    return Window(padding, padding - output_padding, False, size)


def _tensorflow(axis, *, padding="SAME", output_size=None):
    """``tf.nn.conv2d_transpose``: the gradient of a convolution of ``output_size`` cells."""
    if output_size is None:
        raise ValueError("tensorflow: output_size must be given, it is the entry of output_shape for this axis")
    i, k, s, d = axis[:4]
    output_size = integer("output_size", output_size, minimum=1)
    if isinstance(padding, str):
        known("padding", padding, ("SAME", "VALID", "(begin, end)"))
    if d > 1 and not isinstance(padding, str):
        raise ValueError(
            f"tensorflow: a pair as padding with dilation={d} has no kernel for the CPU; use VALID, then slice"
        )
    if padding == "SAME":
        pads, sizes = same_padding(k, d, stride=s, input_size=output_size), range(s * (i - 1) + 1, s * i + 1)
    else:
        pads = (0, 0) if padding == "VALID" else pair("padding", padding, minimum=0)
        if axis.full_size + s - 1 <= sum(pads):
            raise ValueError(f"tensorflow: padding={pads} crops all of the {axis.full_size} cells of the full size")
        sizes = merged_input_sizes(i, k, s, pads, d)
    if output_size not in sizes:
        raise ValueError(
            f"tensorflow: output_size must be from {sizes[0]} to {sizes[-1]} for padding={padding!r} "
            f"(input_size={i}, kernel_size={k}, stride={s}, dilation={d}): a convolution must lead back from it "
            f"to input_size; got {output_size}"
        )
    return _placed(axis, pads[0], output_size)


def _keras(axis, *, padding="valid", output_padding=None, backend="tensorflow"):
    """``keras.ops.conv_transpose``; the layers refuse more, see ``deviations``."""
    known("backend", backend, BACKENDS)
    word = padding.lower() if isinstance(padding, str) else padding
    known("padding", word, ("valid", "same"))
    size = _named_size(axis, word)
    if output_padding is not None:
        smallest = axis.full_size - axis.span + (axis.span if word == "valid" else axis.span % 2)
        size = smallest + integer("output_padding", output_padding, minimum=0)
    if size < 1:
        raise ValueError(f"keras: output_padding={output_padding} leaves an output of size {size}; make it larger")
    if backend == "tensorflow":
        try:
            _tensorflow(axis, padding=word.upper(), output_size=size)
        except ValueError as error:
            raise ValueError(f"keras: the backend refuses output_padding={output_padding}; {error}") from None
    return _placed(axis, _named_crop(axis, word, size), size)


def _jax(axis, *, padding=None, transpose_kernel=False, use_consistent_padding=False):
    """``jax.lax.conv_transpose``: without ``use_consistent_padding`` a pair pads the stretched input."""
    flip = not boolean("transpose_kernel", transpose_kernel)
    consistent = boolean("use_consistent_padding", use_consistent_padding)
    if padding is None:
        raise ValueError("jax: padding must be given, 'SAME', 'VALID' or a pair (begin, end)")
    if isinstance(padding, str):
        word = known("padding", padding, ("SAME", "VALID", "(begin, end)")).lower()
        size = _named_size(axis, word)
        return _placed(axis, _named_crop(axis, word, size), size, flip)
    begin, end = pair("padding", padding)
    if not consistent:
        begin, end = axis.span - 1 - begin, axis.span - 1 - end
    size = axis.full_size - begin - end
    if size < 1:
        raise ValueError(
            f"jax: padding={tuple(padding)} leaves an output of size {size}; it must be at least 1 "
            f"(it {'crops the output' if consistent else 'pads the stretched input'}; full size {axis.full_size})"
        )
    return Window(begin, end, flip, size)


def _onnx(axis, *, pads=(0, 0), output_padding=0, output_shape=None, auto_pad="NOTSET"):
    """``ConvTranspose`` of ONNX, with the amendments that ONNX Runtime makes (see ``deviations``)."""
    known("auto_pad", auto_pad, ("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"))
    begin, end = pair("pads", pads, minimum=0)
    output_padding = integer("output_padding", output_padding, minimum=0)
    if output_padding >= axis.stride:
        raise ValueError(
            f"onnx: output_padding must be smaller than stride={axis.stride} for ONNX Runtime, got {output_padding}"
        )
    if (begin, end) != (0, 0) and (auto_pad != "NOTSET" or output_shape is not None):
        raise ValueError(
            f"onnx: pads={tuple(pads)} cannot be given with auto_pad={auto_pad!r}, output_shape={output_shape}: "
            "auto_pad refuses them and output_shape ignores them; leave pads out"
        )
    available = axis.full_size + output_padding
    if output_shape is not None:
        size = integer("output_shape", output_shape, minimum=1)
        if size >= axis.full_size + axis.stride:
            raise ValueError(f"onnx: output_shape must be below {axis.full_size + axis.stride}, got {size}")
    elif auto_pad.startswith("SAME"):
        size = min(axis.stride * axis.input_size, available)
    else:
        size = available - begin - end
        if size < 1:
            raise ValueError(f"onnx: pads={tuple(pads)} leaves an output of size {size}; it must be at least 1")
        return _placed(axis, begin, size)
    total = max(available - size, 0)
    return _placed(axis, total // 2 if auto_pad == "SAME_UPPER" else total - total // 2, size)


_RULES = {"torch": _torch, "tensorflow": _tensorflow, "keras": _keras, "jax": _jax, "onnx": _onnx}


def _placed(axis, crop_begin, size, flip=False):
    return Window(crop_begin, axis.full_size - crop_begin - size, flip, size)


def _named_size(axis, word):
    """Output size that "same" and "valid" stand for in Keras and JAX: no cell fewer than a stride an input."""
    if word == "same":
        return axis.stride * axis.input_size
    return axis.full_size + max(axis.stride - axis.span, 0)


def _named_crop(axis, word, size):
    """Where "same" and "valid" begin: same crops the smaller half of the surplus first."""
    return max(axis.full_size - size, 0) // 2 if word == "same" else 0
