"""Trying the wrong transposed convolutions on one stated problem, alone and in pairs."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from convlab import reference
from convlab.arithmetic import conv_output_size, conv_transpose_output_size
from convlab.misconceptions.kernels import for_the_other_convolution
from convlab.misconceptions.variants import Axis, Bench, NotApplicable, Variant, compose
from convlab.misconceptions.wrong_transposed import RIGHT, WRONG, touched_cells
from convlab.validation import integer_tuple, widened

__all__ = ["TransposedBench", "output_size", "undoes_convolution"]


_full_size = lru_cache(maxsize=1024)(conv_transpose_output_size)


class AxisPlan(NamedTuple):
    """What is done along one axis, in cells."""

    input: tuple[int, int, int]
    kernel_size: int
    stride: int
    dilation: int
    full: int  # length of the full result
    first: int  # where the window begins in it
    window: int  # length of the window
    append: tuple[int, int]
    mode: str

    @property
    def output_size(self):
        return self.window + sum(self.append)


def plan_axis(steps, a):
    """Put the rules of all steps to one stated axis.

    Examples
    --------
    >>> plan_axis(RIGHT, Axis(3, 3, stride=2, padding=(1, 1), output_padding=1)).output_size
    6
    """
    begin, end, every = steps["input"](a)
    input_size = len(range(0, a.input_size + begin + end, every))
    if input_size < 1:
        raise NotApplicable("nothing of the input is left")
    used = a._replace(input_size=input_size, stride=steps["stride"](a), dilation=steps["dilation"](a))
    if steps["operation"] == "slide":
        room = used.input_size + sum(used.padding) - used.span
        if room < 0:
            raise NotApplicable("the kernel does not fit")
        size = conv_output_size(used.input_size, used.kernel_size, used.stride, used.padding, used.dilation)
        return AxisPlan((begin, end, every), used.kernel_size, used.stride, used.dilation, 0, 0, size, (0, 0), "")
    full = _full_size(used.input_size, used.kernel_size, used.stride, dilation=used.dilation)
    crop_begin, crop_end = steps["crop"](used)
    extra = steps["output_padding"](used)
    first = crop_begin - extra.begin
    window = full + steps["tail"](used) + steps["room"](a, used) - crop_end + extra.end - first
    if window < 1:
        raise NotApplicable("nothing of the output is left")
    return AxisPlan(
        (begin, end, every), used.kernel_size, used.stride, used.dilation, full, first, window, extra.append, extra.mode
    )


def output_size(variants, a):
    """Output size of one axis with these variants; NotApplicable where they leave nothing.

    Examples
    --------
    >>> padding_adds = next(v for v in WRONG if v.id == "M02a")
    >>> output_size([padding_adds], Axis(5, 3, stride=2, padding=(1, 1)))
    13
    """
    return plan_axis(compose(RIGHT, variants), a).output_size


def _show(full, axes):
    """The window of each axis; true zeros where it runs past the full result."""
    shown = np.zeros((*full.shape[:2], *(axis.window for axis in axes)), full.dtype)
    into = [slice(max(0, -axis.first), max(0, min(axis.window, axis.full - axis.first))) for axis in axes]
    cells = [slice(part.start + axis.first, part.stop + axis.first) for part, axis in zip(into, axes)]
    if all(part.start < part.stop for part in into):
        shown[..., *into] = full[..., *cells]
    return shown


def _try(rule, *arguments):
    try:
        return rule(*arguments)
    except NotApplicable:
        return None


def _same_channels(changed, bench):
    if changed is None:
        return False
    x, w, groups = changed
    return groups == bench.groups and np.array_equal(x, bench.input) and np.array_equal(w, bench.weight)


class TransposedBench(Bench):
    """One stated transposed convolution, on which every variant can be tried.

    ``input`` is ``(N, C_in, *in)``, ``weight`` ``(C_in, C_out/groups, *kernel)``; the
    other arguments are those of ``conv_transpose1d``. Full results are kept, because many
    variants differ in the window only.

    Examples
    --------
    >>> bench = TransposedBench(np.array([[[1, 2, 3]]]), np.array([[[1, 10, 100]]]), stride=2, padding=1)
    >>> no_flip, *_ = WRONG
    >>> bench.answer(), bench.answer(no_flip)
    (array([[[ 10, 102,  20, 203,  30]]]), array([[[ 10, 201,  20, 302,  30]]]))
    """

    variants = tuple(variant for variant in WRONG if variant.array)

    def __init__(self, input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
        self.input, self.weight, self.groups = widened(input), widened(weight), groups
        self.bias = None if bias is None else widened(bias)
        ndim = input.ndim - 2
        options = [integer_tuple("", option, ndim) for option in (stride, padding, output_padding, dilation)]
        self.stated = [
            Axis(i, k, s, (p, p), op, d) for i, k, s, p, op, d in zip(input.shape[2:], weight.shape[2:], *options)
        ]
        self._inverse = {
            "input": input,
            "weight": weight,
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "groups": groups,
        }
        self._kept, self._idle = {}, {}

    def plan(self, *variants):
        steps = compose(RIGHT, variants)
        for name in ("kernel", "channels", "bias"):
            if self._is_idle(name, steps[name]):
                steps[name] = RIGHT[name]
        axes = tuple(plan_axis(steps, a) for a in self.stated)
        rules = tuple(steps[name] for name in ("kernel", "channels", "overlap", "bias", "operation"))
        return axes, rules

    def _is_idle(self, name, rule):
        """Whether a rule changes nothing here: a flip of a symmetric kernel, a bias rule without bias."""
        if rule not in self._idle:
            self._idle[rule] = (
                (name == "kernel" and np.array_equal(_try(rule, self.weight, self.stated), self.weight))
                or (name == "channels" and _same_channels(_try(rule, self.input, self.weight, self.groups), self))
                or (name == "bias" and self.bias is None)
            )
        return self._idle[rule]

    def shape(self, plan):
        return tuple(axis.output_size for axis in plan[0])

    def carry_out(self, plan):
        axes, (*stamping, bias_rule, operation) = plan
        key = (*stamping, operation, *((axis.input, axis.stride, axis.dilation) for axis in axes))
        if key not in self._kept:
            self._kept[key] = self._full(*stamping, operation, axes)
        full, touched = self._kept[key]
        output = _show(full, axes) if operation == "stamp" else full
        if self.bias is not None:
            if output.shape[1] != self.bias.size:
                raise NotApplicable("the bias does not fit the output channels")
            reach = _show(touched, axes) if operation == "stamp" else 1
            output = bias_rule(output, self.bias.reshape(-1, *(1,) * len(axes)), reach)
        appended = [axis for axis in axes if any(axis.append)]
        if appended:
            pads = [(0, 0), (0, 0), *(axis.append for axis in axes)]
            output = np.pad(output, pads, mode=appended[0].mode)
        return output

    def full_result(self):
        """The right full result, before any crop and without the bias: ``(N, C_out, *full)``."""
        axes, (*stamping, _, operation) = self.plan()
        return self._full(*stamping, operation, axes)[0]

    def recognise(self, answer):
        return INVERSE if undoes_convolution(answer, **self._inverse) else ()

    def _full(self, kernel_rule, channel_rule, overlap, operation, axes):
        """The full result, and how many stamps reach each cell."""
        w = kernel_rule(self.weight, self.stated)
        x, w, groups = channel_rule(self.input, w, self.groups)
        for number, axis in enumerate(axes, start=2):
            begin, end, every = axis.input
            if begin > 0 or end > 0:
                x = np.pad(x, [(begin, end) if number == n else (0, 0) for n in range(x.ndim)])
            elif begin < 0 or end < 0:
                x = x.take(range(-begin, x.shape[number] + end), number)
            x = x.take(range(0, x.shape[number], every), number)
        layer = {"stride": tuple(axis.stride for axis in axes), "dilation": tuple(axis.dilation for axis in axes)}
        if operation == "slide":
            real = np.result_type(x, w)
            padding = tuple(a.padding[0] for a in self.stated)
            w = for_the_other_convolution(w, groups)
            operator = getattr(reference, f"conv{x.ndim - 2}d")
            return operator(x.astype(real), w.astype(real), padding=padding, groups=groups, **layer), None
        touched = None if self.bias is None else touched_cells(x, w, **layer)
        return overlap(x, w, **layer, groups=groups), touched


INVERSE = (Variant("M07", "the transposed convolution is taken for the inverse of a convolution", {}),)


def undoes_convolution(answer, input, weight, stride=1, padding=0, dilation=1, groups=1):
    """Whether convolving ``answer`` gives ``input`` back: then the layer was taken for an inverse (M07).

    A transposed convolution gives back the size, not the values.

    Examples
    --------
    >>> undoes_convolution(np.array([[[1, 2, 3]]]), np.array([[[3, 5]]]), np.array([[[1, 1]]]))
    True
    """
    try:
        operator = getattr(reference, f"conv{input.ndim - 2}d")
        real = np.result_type(answer, weight)
        back = operator(answer.astype(real), weight.astype(real), None, stride, padding, dilation, groups)
    except (TypeError, ValueError):  # an answer of this shape cannot be convolved
        return False
    return bool(back.shape == input.shape and np.allclose(back, input, rtol=1e-6, atol=0))
