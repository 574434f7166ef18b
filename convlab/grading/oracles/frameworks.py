"""The transposed convolution of five frameworks, seen through one window.

The windows are the rules of :mod:`convlab.frameworks.windows`, which were compared with the frameworks themselves; the
values are PyTorch's full scatter, looked at through them. No other framework is needed to grade.
"""

from functools import partial

import numpy as np

from convlab import frameworks
from convlab.frameworks.transposed import cut
from convlab.grading.oracles import framework_mistakes
from convlab.grading.oracles.oracle import Oracle, Refused, functional
from convlab.misconceptions import Problem
from convlab.validation import integer_tuple

__all__ = ["ORACLES"]

LONG_NAMES = {"tf": "tensorflow"}


def _window(framework, i, k, s=1, d=1, **options):
    """The window with its size, by the names of the assignment."""
    return frameworks.window(LONG_NAMES.get(framework, framework), i, k, s, d, **options)


def _our_window(framework, i, k, s=1, d=1, **options):
    return tuple(_window(framework, i, k, s, d, **options)[:3])


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
        full = cut(full, view, axis)
    return full


def _our_values(framework, x, w, s=1, d=1, **options):
    windows = [_window(framework, *sizes, **own) for sizes, own in _axes(x, w, s, d, options)]
    return _through(windows, x, w, s, d)


def _our_torch_args(window, s=1, d=1):
    begin, end, flip = window
    fits = not flip and begin >= 0 and 0 <= begin - end < max(s, d)
    return (begin, begin - end) if fits else None


def _refusing(function):
    """The same function; what it refuses is :class:`Refused`."""

    def ask(**arguments):
        try:
            return function(**arguments)
        except ValueError as refusal:
            raise Refused(str(refusal)) from None

    return ask


def _window_oracle(framework):
    """The truth about the function that says what one framework keeps."""
    rule = partial(_our_window, framework)

    def mistakes(**arguments):
        for idea, id, window in framework_mistakes.windows(LONG_NAMES.get(framework, framework), **arguments):
            yield idea, id, tuple(window[:3])

    return Oracle(_refusing(rule), ours=rule, mistakes=mistakes)


def _mistaken_values(framework, x, w, s=1, d=1, **options):
    """Each wrong idea about a window, on both axes, and on one alone; on the other the window is right."""
    name, axes = LONG_NAMES.get(framework, framework), _axes(x, w, s, d, options)
    right = [_window(framework, *sizes, **own) for sizes, own in axes]
    wrong = [
        {(idea, id): window for idea, id, window in framework_mistakes.windows(name, *sizes, **own)}
        for sizes, own in axes
    ]
    for idea, id in {**wrong[0], **wrong[1]}:
        for where in ((0, 1), (0,), (1,)):
            views = [wrong[axis].get((idea, id), right[axis]) if axis in where else right[axis] for axis in range(2)]
            if min(view.output_size for view in views) > 0:
                yield idea, id, _through(views, x, w, s, d)


def _as_torch(got, framework, x, w, s=1, d=1, **options):
    """The same as a call of PyTorch, if it can give these windows."""
    axes = _axes(x, w, s, d, options)
    windows = [_our_window(framework, *sizes, **own) for sizes, own in axes]
    found = [_our_torch_args(window, *sizes[2:]) for window, (sizes, _) in zip(windows, axes)]
    if None in found:
        return None
    padding, output_padding = zip(*found)
    return Problem("conv_transpose2d", x, w, None, s, padding, output_padding, 1, d), got


ORACLES = {
    **{f"{framework}_window": _window_oracle(framework) for framework in ("torch", "tf", "keras", "jax", "onnx")},
    "conv_transpose_like": Oracle(
        _refusing(_our_values),
        {"x": 4, "w": 4},
        _our_values,
        positional=3,
        stated=_as_torch,
        mistakes=_mistaken_values,
    ),
    "to_torch_args": Oracle(_our_torch_args, positional=1, may_be_none=True, mistakes=framework_mistakes.torch_args),
}
