"""What wrong ideas about a framework's options make of its window.

The rules themselves are in :mod:`convlab.frameworks.windows`. A wrong window is made from the right one, or by asking
the same rule for another layer: one with another kernel, or another size.
"""

from typing import NamedTuple

from convlab import frameworks
from convlab.arithmetic import conv_transpose_output_size, effective_kernel_size
from convlab.frameworks import Window

__all__ = ["torch_args", "windows"]

TURNED = "the kernel is not turned where JAX turns it, or turned where it is not"
EXCHANGED = "begin and end of the crop are exchanged"
HALVES = "the same number of cells is cropped on both sides"
MOVED_BEGIN = "output_padding moves the begin of the crop instead of its end"
NO_MORE = "output_padding is left out"
ONE_STEP_MORE = "the formula has stride * i instead of stride * (i - 1)"


class _Axis(NamedTuple):
    """The sizes of one axis; ``span`` is K, ``full`` is L."""

    i: int
    k: int
    s: int
    d: int
    span: int
    full: int


def windows(framework, i, k, s=1, d=1, **options):
    """Windows that wrong ideas give, as ``(idea, id, window)``, the commonest first.

    Parameters
    ----------
    framework, i, k, s, d, **options
        As :func:`convlab.frameworks.window` takes them.

    Examples
    --------
    >>> [window[:2] for idea, _, window in windows("keras", 4, 3, 2, padding="same") if idea == EXCHANGED]
    [(1, 0)]
    """
    right = frameworks.window(framework, i, k, s, d, **options)
    full = conv_transpose_output_size(i, k, s, dilation=d)
    axis = _Axis(i, k, s, d, effective_kernel_size(k, d), full)
    own = (*_OWN[framework](right, axis, **options), (EXCHANGED, "M50", right[1::-1]))
    for idea, id, (begin, end) in (*own, *_of_other_layers(framework, axis, options)):
        yield idea, id, Window(begin, end, right.flip, full - begin - end)
    yield TURNED, "M01", right._replace(flip=not right.flip)


def _of_other_layers(framework, axis, options):
    """Slips in ``K``: the right crops of other layers. PyTorch's do not depend on it."""
    i, k, s, d, *_ = axis
    if framework == "torch":
        return
    for idea, id, sizes in [
        ("dilation is left out", "M10", (i, k, s, 1)),
        ("the dilated kernel counts as k * d cells", "M09a", (i, k * d, s, 1)),
        ("the dilated kernel counts as k + d - 1 cells", "M09b", (i, k + d - 1, s, 1)),
    ]:
        try:
            yield idea, id, frameworks.window(framework, *sizes, **options)[:2]
        except ValueError:  # there is no such layer
            continue


def _torch(right, axis, padding=0, output_padding=0):
    end = padding - output_padding
    yield MOVED_BEGIN, "M04d", (end, padding)
    yield NO_MORE, "M04e", (padding, padding)
    yield "output_padding adds zeros on both sides", "M04b", (end, end)
    yield "output_padding is subtracted", "M12b", (padding, padding + output_padding)
    yield "padding adds zeros around the output", "M02a", (-padding, -padding - output_padding)
    yield "padding is left out", "M02b", (0, -output_padding)
    yield "padding crops the begin only", "M05a", (padding, -output_padding)
    yield "padding crops the end only", "M05b", (0, end)


def _tensorflow(right, axis, output_size, padding="SAME"):
    longer = axis._replace(full=axis.full + axis.s)
    if padding == "SAME":
        yield HALVES, "M20", (right.crop_begin, right.crop_begin)
        yield "the output is taken to be stride times the input", "M12c", _same(axis, axis.s * axis.i)
        yield ONE_STEP_MORE, "M12a", _same(longer, output_size)
    else:
        yield ONE_STEP_MORE, "M12a", (right.crop_begin, right.crop_end + axis.s)
    if not isinstance(padding, str):
        yield "what the forward convolution never reads is cropped at the end as well", "M04e", tuple(padding)


def _keras(right, axis, padding="valid", output_padding=None):
    crop = _same if padding == "same" else _all_at_the_end
    if padding == "same":
        yield HALVES, "M20", (right.crop_begin, right.crop_begin)
        yield '"same" is taken to keep the size', "M21", _same(axis, axis.i)
    else:
        yield '"valid" is taken for padding 0, also where the stride is larger than the kernel', "M22", (0, 0)
    yield ONE_STEP_MORE, "M12a", crop(axis._replace(full=axis.full + axis.s), right.output_size)
    usual = frameworks.window("jax", *axis[:4], padding=padding.upper()).output_size  # without output_padding
    if output_padding is not None:
        yield NO_MORE, "M04e", crop(axis, usual)
        yield MOVED_BEGIN, "M04d", crop(axis, right.output_size)[::-1]
        yield (
            "output_padding is added to the size that Keras gives without it",
            "M12c",
            crop(axis, usual + output_padding),
        )


def _jax(right, axis, padding, transpose_kernel=False, use_consistent_padding=False):
    if isinstance(padding, str):
        yield from _keras(right, axis, padding.lower())
    else:
        reach = axis.span - 1
        other = (reach - right.crop_begin, reach - right.crop_end)
        yield "a pair means the other thing: cells to crop, or zeros around the stretched input", "M22", other


def _onnx(right, axis, pads=(0, 0), output_padding=0, output_shape=None, auto_pad="NOTSET"):
    if output_padding:
        yield NO_MORE, "M04e", (right.crop_begin, right.crop_end + output_padding)
        yield MOVED_BEGIN, "M04d", (right.crop_begin - output_padding, right.crop_end + output_padding)
    if output_shape is not None or auto_pad.startswith("SAME"):
        total = right.crop_begin + right.crop_end
        mirrored = (right.crop_end + output_padding, right.crop_begin - output_padding)
        yield "the larger half is cropped on the wrong side", "M50", mirrored
        yield HALVES, "M20", (total // 2, total // 2)
    if auto_pad.startswith("SAME"):
        yield "zeros fill up what the stamps do not reach", "M22", _same(axis, axis.s * axis.i)


def _same(axis, size):
    """The crop to a size by the rule of "same"."""
    begin = max(axis.full - size, 0) // 2
    return begin, axis.full - begin - size


def _all_at_the_end(axis, size):
    return 0, axis.full - size


_OWN = {"torch": _torch, "tensorflow": _tensorflow, "keras": _keras, "jax": _jax, "onnx": _onnx}


def torch_args(window, s=1, d=1):
    """Wrong arguments for PyTorch, as ``(idea, id, answer)``, the commonest first.

    Examples
    --------
    >>> [id for idea, id, answer in torch_args((1, 0, False), s=2) if answer == (1, 0)]
    ['M50']
    """
    begin, end, flip = window
    more = begin - end
    if flip:
        yield "a turned kernel is taken to be possible in PyTorch", "M01", (begin, more)
    if not flip and begin >= 0 and s <= more < d:
        yield "output_padding is taken to be limited by the stride alone", "M19", None
    yield "any output_padding is taken to be allowed", "M19", (begin, more)
    yield "the end of the crop is taken for output_padding", "M50", (begin, end)
    yield "output_padding is counted with the wrong sign", "M12b", (begin, -more)
    yield MOVED_BEGIN, "M04d", (end, -more)
    yield HALVES, "M20", ((begin + end) // 2, 0)
