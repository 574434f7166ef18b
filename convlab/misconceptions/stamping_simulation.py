"""The transposed convolution in steps, so that a wrong rule can change one.

All work on any input, in 1-D, 2-D and 3-D, with channels and groups. In the rules ``a`` is one
:class:`~convlab.misconceptions.simulation.Axis`; from the crop on, its input size, stride and dilation are those that
the learner really used.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from convlab.arithmetic import causal_trim, conv_output_size, conv_transpose_output_size
from convlab.misconceptions.registry import NotApplicable, SizeSteps, Variant, rules_for
from convlab.misconceptions.simulation import Axis, StepSimulation, as_it_is, related
from convlab.reference import conv, conv_transpose
from convlab.typing import Array, Ints
from convlab.validation import integer_tuple, widened
from convlab.views import swap_channels

__all__ = ["Extra", "StampingSimulation", "add", "touched_cells"]

_full_size = lru_cache(maxsize=1024)(conv_transpose_output_size)


class Extra(NamedTuple):
    """What ``output_padding`` does: cells the window grows by, and cells appended to what it shows."""

    begin: int = 0
    end: int = 0
    append: tuple[int, int] = (0, 0)
    mode: str = "constant"


def add(x: Array, w: Array, stride: Ints, dilation: Ints, groups: int) -> Array:
    """The full result, without any crop: overlapping stamps add up."""
    real = np.result_type(x, w)
    return conv_transpose(x.astype(real), w.astype(real), stride=stride, dilation=dilation, groups=groups)


def touched_cells(x: Array, w: Array, stride: Ints, dilation: Ints) -> Array:
    """How many stamps reach each cell of the full result, ``(1, 1, *full)``."""
    return add(np.ones_like(x[:1, :1]), np.ones_like(w[:1, :1]), stride, dilation, 1)


RIGHT = {
    "axes": as_it_is,
    "kernel": lambda w, stated: w,
    "channels": lambda x, w, groups: (x, w, groups),
    "input": lambda a: (0, 0, 1),  # cells added at the begin and at the end (negative: cropped), every how many kept
    "stride": lambda a: a.stride,
    "dilation": lambda a: a.dilation,
    "overlap": add,
    "tail": lambda a: 0,  # cells that the full result is too long
    "reserved": lambda stated, used: 0,  # cells that are made ready for more stamps than there are
    "crop": lambda a: a.padding,
    "output_padding": lambda a: Extra(end=a.output_padding),
    "bias": lambda output, bias, touched, channels: output + bias,
    "operation": "stamp",
    "relation": None,  # which cells are stamped on an output cell, where that is not what stride and crop say
    "output": as_it_is,
}


class StampingAxis(NamedTuple):
    """What is done along one axis, in cells."""

    input: tuple[int, int, int]
    stride: int
    dilation: int
    window: int  # length of the window
    full: int = 0  # length of the full result
    first: int = 0  # where the window begins in it
    append: tuple[int, int] = (0, 0)
    mode: str = ""

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
    done = (begin, end, every), used.stride, used.dilation
    if steps["operation"] == "slide":
        if used.input_size + sum(used.padding) < used.span:
            raise NotApplicable("the kernel does not fit")
        return StampingAxis(*done, conv_output_size(*used.layer))
    full = _full_size(used.input_size, used.kernel_size, used.stride, dilation=used.dilation)
    crop_begin, crop_end = steps["crop"](used)
    extra = steps["output_padding"](used)
    first = crop_begin - extra.begin
    window = full + steps["tail"](used) + steps["reserved"](a, used) - crop_end + extra.end - first
    if window < 1:
        raise NotApplicable("nothing of the output is left")
    return StampingAxis(*done, window, full, first, extra.append, extra.mode)


def _show(full, axes):
    """The window of each axis; true zeros where it runs past the full result."""
    shown = np.zeros((*full.shape[:2], *(axis.window for axis in axes)), full.dtype)
    into = [slice(max(0, -axis.first), max(0, min(axis.window, axis.full - axis.first))) for axis in axes]
    cells = [slice(part.start + axis.first, part.stop + axis.first) for part, axis in zip(into, axes)]
    if all(part.start < part.stop for part in into):
        shown[..., *into] = full[..., *cells]
    return shown


def _take(x, axes):
    """The input that the learner stamps: cropped, padded or with cells left out, by axis."""
    for number, axis in enumerate(axes, start=2):
        begin, end, every = axis.input
        if begin > 0 or end > 0:
            x = np.pad(x, [(begin, end) if number == n else (0, 0) for n in range(x.ndim)])
        elif begin < 0 or end < 0:
            x = x.take(range(-begin, x.shape[number] + end), number)
        x = x.take(range(0, x.shape[number], every), number)
    return x


def _try(rule, *arguments):
    try:
        return rule(*arguments)
    except NotApplicable:
        return None


class StampingSimulation(StepSimulation):
    """One stated transposed convolution, on which every wrong rule can be tried.

    ``input`` is ``(N, C_in, *in)``, ``weight`` ``(C_in, C_out/groups, *kernel)``; the
    other arguments are those of ``conv_transpose1d``. Full results are kept, because many
    rules differ in the window only.

    Examples
    --------
    >>> simulation = StampingSimulation(np.array([[[1, 2, 3]]]), np.array([[[1, 10, 100]]]), stride=2, padding=1)
    >>> no_flip, *_ = simulation.variants
    >>> simulation.answer(), simulation.answer(no_flip)
    (array([[[ 10, 102,  20, 203,  30]]]), array([[[ 10, 201,  20, 302,  30]]]))
    """

    right = RIGHT
    plan_axis = staticmethod(plan_axis)

    def __init__(self, input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
        super().__init__(rules_for("transposed"))
        self.input, self.weight, self.groups = widened(input), widened(weight), groups
        self.bias = None if bias is None else widened(bias)
        ndim = input.ndim - 2
        options = [integer_tuple("", option, ndim) for option in (stride, output_padding, dilation)]
        if padding == "causal":
            pads = [causal_trim(*weight.shape[2:], *options[0], *options[2])]
        else:
            pads = [(p, p) for p in integer_tuple("padding", padding, ndim)]
        axes = zip(input.shape[2:], weight.shape[2:], pads, *options)
        self.stated = [Axis(i, k, s, p, op, d) for i, k, p, s, op, d in axes]
        self._layer = {"input": input, "weight": weight, "stride": stride, "padding": padding}
        self._layer |= {"dilation": dilation, "groups": groups}
        self._kept, self._idle = {}, {}

    @classmethod
    def size_rules(cls) -> dict[Variant, SizeSteps]:
        whole = {v: rule for v, rule in rules_for("transposed").items() if isinstance(rule, SizeSteps)}
        return whole | rules_for("transposed_size")

    def plan(self, *variants: Variant) -> tuple:
        steps = self.steps(variants)
        for name in ("kernel", "channels", "bias"):
            if self._is_idle(name, steps[name]):
                steps[name] = RIGHT[name]
        axes = tuple(plan_axis(steps, a) for a in steps["axes"](self.stated))
        names = ("kernel", "channels", "overlap", "bias", "operation", "relation", "output")
        return axes, tuple(steps[name] for name in names)

    def _is_idle(self, name, rule):
        """Whether a rule changes nothing here: a flip of a symmetric kernel, a bias rule without bias."""
        if rule not in self._idle:
            self._idle[rule] = (
                (name == "kernel" and np.array_equal(_try(rule, self.weight, self.stated), self.weight))
                or (name == "channels" and self._are_channels(_try(rule, self.input, self.weight, self.groups)))
                or (name == "bias" and self.bias is None)
            )
        return self._idle[rule]

    def _are_channels(self, changed):
        if changed is None:
            return False
        x, w, groups = changed
        return groups == self.groups and np.array_equal(x, self.input) and np.array_equal(w, self.weight)

    def carry_out(self, plan: tuple) -> Array:
        axes, (*stamping, bias_rule, operation, relation, finish) = plan
        key = (*stamping, operation, *((axis.input, axis.stride, axis.dilation) for axis in axes))
        if relation is None and key not in self._kept:
            self._kept[key] = self._full(stamping, operation, axes)
        if relation is not None:
            output, reach = self._related(stamping, relation, axes)
        else:
            full, touched = self._kept[key]
            slid = operation != "stamp"
            output, reach = (full, 1) if slid else (_show(full, axes), self.bias is not None and _show(touched, axes))
        if self.bias is not None:
            if output.shape[1] != self.bias.size:
                raise NotApplicable("the bias does not fit the output channels")
            channels = self.input.shape[1] // self.groups
            output = bias_rule(output, self.bias.reshape(-1, *(1,) * len(axes)), reach, channels)
        appended = [axis for axis in axes if any(axis.append)]
        if appended:
            pads = [(0, 0), (0, 0), *(axis.append for axis in axes)]
            output = np.pad(output, pads, mode=appended[0].mode)
        return finish(output)

    def _related(self, stamping, relation, axes):
        kernel_rule, channel_rule, _ = stamping
        x, w, groups = channel_rule(self.input, kernel_rule(self.weight, self.stated), self.groups)
        x = _take(x, axes)
        used = [Axis(i, k, a.stride, (a.first, 0), 0, a.dilation) for i, k, a in zip(x.shape[2:], w.shape[2:], axes)]
        sizes = [axis.window for axis in axes]
        w = swap_channels(w, groups).astype(np.result_type(x, w))
        return related(x, w, used, sizes, relation, groups), 1

    def full_result(self) -> Array:
        """The right full result, before any crop and without the bias: ``(N, C_out, *full)``."""
        axes, (*stamping, _, operation, _, _) = self.plan()
        return self._full(stamping, operation, axes)[0]

    def recognise(self, answer: Array) -> list[Variant]:
        return [v for v, gives in rules_for("transposed_recognised").items() if gives(answer, **self._layer)]

    def _full(self, stamping, operation, axes):
        """The full result, and how many stamps reach each cell."""
        kernel_rule, channel_rule, overlap = stamping
        x, w, groups = channel_rule(self.input, kernel_rule(self.weight, self.stated), self.groups)
        x = _take(x, axes)
        layer = {"stride": tuple(axis.stride for axis in axes), "dilation": tuple(axis.dilation for axis in axes)}
        if operation == "slide":
            real = np.result_type(x, w)
            x, w = x.astype(real), swap_channels(w, groups).astype(real)
            return conv(x, w, padding=tuple(a.padding[0] for a in self.stated), groups=groups, **layer), None
        touched = None if self.bias is None else touched_cells(x, w, **layer)
        return overlap(x, w, **layer, groups=groups), touched
