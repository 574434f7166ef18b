"""The transposed convolution of five frameworks, seen through one window.

The windows are the rules of :mod:`convlab.frameworks`, which were compared with the frameworks themselves; the
values are PyTorch's full scatter, looked at through them. No other framework is needed to grade. A wrong window is
made from the right one, or by asking the same rule for another layer: one with another kernel, or another size.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from convlab import frameworks
from convlab.arithmetic import conv_transpose_output_size, effective_kernel_size
from convlab.frameworks import Window
from convlab.grading.oracles.oracle import Mistake, Oracle, functional, refusing
from convlab.misconceptions import Problem
from convlab.validation import integer_tuple

__all__ = ["ORACLES", "wrong_windows"]

LONG_NAMES = {"tf": "tensorflow"}


def _window(framework, i, k, s=1, d=1, **options):
    """The window with its size, by the names of the assignment."""
    return frameworks.window(LONG_NAMES.get(framework, framework), i, k, s, d, **options)


def _our_window(framework, i, k, s=1, d=1, **options):
    return tuple(_window(framework, i, k, s, d, **options)[:3])


# ------------------------------------------------------------------ wrong windows

EXCHANGED = "begin and end of the crop are exchanged"
HALVES = "the same number of cells is cropped on both sides"
WORDS_OF_KERAS = '"valid" is taken for padding 0, also where the stride is larger than the kernel'
TURNED = "the kernel is not turned where JAX turns it, or turned where it is not"


class _Axis(NamedTuple):
    """The sizes of one axis; ``span`` is K, ``full`` is L."""

    i: int
    k: int
    s: int
    d: int
    span: int
    full: int

    def same(self, size):
        """The crop to a size by the rule of "same"."""
        begin = max(self.full - size, 0) // 2
        return begin, self.full - begin - size

    def all_at_the_end(self, size):
        return 0, self.full - size

    def one_step_more(self):
        """The axis of somebody who computes L with ``stride * i``."""
        return self._replace(full=self.full + self.s)


def wrong_windows(framework: str, i: int, k: int, s: int = 1, d: int = 1, **options: Any) -> Iterator[Mistake]:
    """The windows that wrong ideas give, the commonest first; arguments as :func:`convlab.frameworks.window` has them.

    Examples
    --------
    >>> [m.answer[:2] for m in wrong_windows("keras", 4, 3, 2, padding="same") if m.did == EXCHANGED]
    [(1, 0)]
    """
    right = frameworks.window(framework, i, k, s, d, **options)
    full = conv_transpose_output_size(i, k, s, dilation=d)
    axis = _Axis(i, k, s, d, effective_kernel_size(k, d), full)
    own = (*_OWN[framework](right, axis, **options), ("M50", right[1::-1], EXCHANGED))
    for id, (begin, end), *words in (*own, *_of_other_layers(framework, axis, options)):
        yield Mistake(id, Window(begin, end, right.flip, full - begin - end), *words)
    yield Mistake("M01", right._replace(flip=not right.flip), TURNED)


def _of_other_layers(framework, axis, options):
    """Slips in ``K``: the right crops of other layers. PyTorch's do not depend on it."""
    i, k, s, d, *_ = axis
    others = {"M10": (k, s, 1), "M09a": (k * d, s, 1), "M09b": (k + d - 1, s, 1)}
    for id, sizes in others.items() if framework != "torch" else ():
        try:
            yield id, frameworks.window(framework, i, *sizes, **options)[:2]
        except ValueError:  # there is no such layer
            continue


# Each gives (id, (begin, end)), and a sentence where that of the catalogue does not fit.


def _torch(right, axis, padding=0, output_padding=0):
    end = padding - output_padding
    yield "M04d", (end, padding)
    yield "M04e", (padding, padding)
    yield "M04b", (end, end)
    yield "M12b", (padding, padding + output_padding)
    yield "M02a", (-padding, -padding - output_padding)
    yield "M02b", (0, -output_padding)
    yield "M05a", (padding, -output_padding)
    yield "M05b", (0, end)


def _tensorflow(right, axis, output_size, padding="SAME"):
    if padding == "SAME":
        yield "M20", (right.crop_begin, right.crop_begin), HALVES
        yield "M12c", axis.same(axis.s * axis.i)
        yield "M12a", axis.one_step_more().same(output_size)
    else:
        yield "M12a", (right.crop_begin, right.crop_end + axis.s)
    if not isinstance(padding, str):
        yield "M04e", tuple(padding), "what the forward convolution never reads is cropped at the end as well"


def _keras(right, axis, padding="valid", output_padding=None):
    crop = _Axis.same if padding == "same" else _Axis.all_at_the_end
    if padding == "same":
        yield "M20", (right.crop_begin, right.crop_begin), HALVES
        yield "M21", axis.same(axis.i)
    else:
        yield "M22", (0, 0), WORDS_OF_KERAS
    yield "M12a", crop(axis.one_step_more(), right.output_size)
    usual = frameworks.window("jax", *axis[:4], padding=padding.upper()).output_size  # without output_padding
    if output_padding is not None:
        yield "M04e", crop(axis, usual)
        yield "M04d", crop(axis, right.output_size)[::-1]
        words = "output_padding is added to the size that Keras gives without it"
        yield "M12c", crop(axis, usual + output_padding), words


def _jax(right, axis, padding, transpose_kernel=False, use_consistent_padding=False):
    if isinstance(padding, str):
        yield from _keras(right, axis, padding.lower())
    else:
        other = (axis.span - 1 - right.crop_begin, axis.span - 1 - right.crop_end)
        yield "M22", other, "a pair means the other thing: cells to crop, or zeros around the stretched input"


def _onnx(right, axis, pads=(0, 0), output_padding=0, output_shape=None, auto_pad="NOTSET"):
    begin, end = right.crop_begin, right.crop_end
    if output_padding:
        yield "M04e", (begin, end + output_padding)
        yield "M04d", (begin - output_padding, end + output_padding)
    if output_shape is not None or auto_pad.startswith("SAME"):
        yield "M50", (end + output_padding, begin - output_padding), "the larger half is cropped on the wrong side"
        yield "M20", ((begin + end) // 2, (begin + end) // 2), HALVES
    if auto_pad.startswith("SAME"):
        yield "M22", axis.same(axis.s * axis.i), "zeros fill up what the stamps do not reach"


_OWN: dict[str, Callable] = {"torch": _torch, "tensorflow": _tensorflow, "keras": _keras, "jax": _jax, "onnx": _onnx}


def _window_oracle(framework):
    """The truth about the function that says what one framework keeps."""
    rule = partial(_our_window, framework)

    def mistakes(**arguments):
        for mistake in wrong_windows(LONG_NAMES.get(framework, framework), **arguments):
            yield mistake._replace(answer=tuple(mistake.answer[:3]))

    return Oracle(refusing(rule), ours=rule, mistakes=mistakes)


# ------------------------------------------------------------------ values


def _axes(x, w, s, d, options):
    """Sizes and options of each axis: ``[((i, k, s, d), options), ...]``; a list of options has one for each axis."""
    sizes = zip(x.shape[2:], w.shape[2:], integer_tuple("s", s, 2), integer_tuple("d", d, 2))
    own = [{name: v[axis] if isinstance(v, list) else v for name, v in options.items()} for axis in range(2)]
    return list(zip(sizes, own))


def _through(windows, x, w, s, d):
    """PyTorch's full scatter, seen through a window on each axis."""
    kernel = np.ascontiguousarray(w[:, :, ::-1, ::-1]) if windows[0].flip else w
    full = functional("conv_transpose2d")(input=x, weight=kernel, stride=s, dilation=d)
    for axis, view in enumerate(windows, start=2):
        full = view.cut(full, axis)
    return full


def _our_values(framework, x, w, s=1, d=1, **options):
    windows = [_window(framework, *sizes, **own) for sizes, own in _axes(x, w, s, d, options)]
    return _through(windows, x, w, s, d)


def _wrong_values(framework, x, w, s=1, d=1, **options):
    """Each wrong idea about a window, on both axes, and on one alone; on the other the window is right."""
    name, axes = LONG_NAMES.get(framework, framework), _axes(x, w, s, d, options)
    right = [_window(framework, *sizes, **own) for sizes, own in axes]
    wrong = [{(m.id, m.words): m.answer for m in wrong_windows(name, *sizes, **own)} for sizes, own in axes]
    for idea in {**wrong[0], **wrong[1]}:
        for where in ((0, 1), (0,), (1,)):
            windows = [wrong[axis].get(idea, right[axis]) if axis in where else right[axis] for axis in range(2)]
            if min(window.output_size for window in windows) > 0:
                yield Mistake(idea[0], _through(windows, x, w, s, d), idea[1])


def _as_torch(got, framework, x, w, s=1, d=1, **options):
    """The same as a call of PyTorch, if it can give these windows."""
    axes = _axes(x, w, s, d, options)
    found = [_torch_args(_our_window(framework, *sizes, **own), *sizes[2:]) for sizes, own in axes]
    if None in found:
        return None
    padding, output_padding = zip(*found)
    return Problem("conv_transpose2d", x, w, None, s, padding, output_padding, 1, d), got


# ------------------------------------------------------------------ arguments of PyTorch


def _torch_args(window, s=1, d=1):
    begin, end, flip = window
    fits = not flip and begin >= 0 and 0 <= begin - end < max(s, d)
    return (begin, begin - end) if fits else None


def _wrong_torch_args(window, s=1, d=1):
    begin, end, flip = window
    more = begin - end
    if flip:
        yield Mistake("M01", (begin, more), "a turned kernel is taken to be possible in PyTorch")
    if not flip and begin >= 0 and s <= more < d:
        yield Mistake("M19", None, "output_padding is taken to be limited by the stride alone")
    yield Mistake("M19", (begin, more))
    yield Mistake("M50", (begin, end), "the end of the crop is taken for output_padding")
    yield Mistake("M12b", (begin, -more), "output_padding is counted with the wrong sign")
    yield Mistake("M04d", (end, -more))
    yield Mistake("M20", ((begin + end) // 2, 0), HALVES)


ORACLES = {
    **{f"{framework}_window": _window_oracle(framework) for framework in ("torch", "tf", "keras", "jax", "onnx")},
    "conv_transpose_like": Oracle(
        refusing(_our_values), {"x": 4, "w": 4}, _our_values, positional=3, stated=_as_torch, mistakes=_wrong_values
    ),
    "to_torch_args": Oracle(_torch_args, positional=1, may_be_none=True, mistakes=_wrong_torch_args),
}
