"""The wrong convolutions: each is the right one with one step changed.

The right steps are ``RIGHT``; every entry of ``WRONG`` says which it changes. They
also serve the SAME padding of TensorFlow, which a stated axis carries as its
``padding``. In the rules ``a`` is one :class:`~convlab.misconceptions.variants.Axis`;
in the rule of ``count`` its stride, dilation and so on are those the learner really used.
"""

from typing import NamedTuple

import numpy as np

from convlab import reference
from convlab.arithmetic import conv_output_size, conv_transpose_output_size, same_padding, unread_cells
from convlab.misconceptions.kernels import (
    dense_taps,
    for_the_other_convolution,
    interleaved_inputs,
    matrix_transpose,
    swapped_channels,
    turned,
)
from convlab.misconceptions.variants import Axis, Bench, NotApplicable, Variant, compose
from convlab.validation import integer_tuple, widened

__all__ = ["RIGHT", "WRONG", "ConvolutionBench", "output_size"]


def _layer(a):
    return a.input_size, a.kernel_size, a.stride, a.padding, a.dilation


RIGHT = {
    "kernel": lambda w, stated: w,
    "channels": lambda x, w, groups: (x, w, groups),
    "kernel_size": lambda a: a.kernel_size,
    "stride": lambda a: a.stride,
    "dilation": lambda a: a.dilation,
    "padding": lambda a: a.padding,
    "padding_mode": "constant",
    "count": lambda a: conv_output_size(*_layer(a)),
    "bias": True,
    "operation": "slide",
}


def _even_only(a, pads):
    if a.span % 2:
        raise NotApplicable("the kernel is odd")
    return pads


def _padding_subtracted(a):
    left = a.input_size - 2 * sum(a.padding)
    if left < a.span:
        raise NotApplicable("nothing would be left")
    return conv_output_size(left, *_layer(a)[1:])


# In the order in which they are named when several give the same answer.
WRONG = (
    Variant("M38", "the kernel is flipped, as in mathematics", {"kernel": turned()}),
    Variant("M10", "dilation is left out", {"dilation": lambda a: 1}, size=True),
    Variant("M51a", "padding is left out", {"padding": lambda a: (0, 0)}, size=True),
    Variant("M51b", "zeros are added at the begin only", {"padding": lambda a: (a.padding[0], 0)}, size=True),
    Variant("M51c", "zeros are added at the end only", {"padding": lambda a: (0, a.padding[1])}),
    Variant("M51d", "the border values are repeated instead of adding zeros", {"padding_mode": "edge"}),
    Variant("M52a", "the stride is left out", {"stride": lambda a: 1}, size=True),
    Variant("M52b", "stride cells are skipped instead of stride - 1", {"stride": lambda a: a.stride + 1}, size=True),
    Variant(
        "M13b",
        "the number of kernel positions is rounded up instead of down",
        {"count": lambda a: conv_output_size(*_layer(a)) + (unread_cells(*_layer(a)) > 0)},
        size=True,
    ),
    Variant(
        "M13a",
        "the number of kernel positions is not rounded down",
        {"count": lambda a: conv_output_size(*_layer(a)) + unread_cells(*_layer(a)) / a.stride},
        array=False,
        size=True,
    ),
    Variant(
        "M12f",
        "the + 1 for the first kernel position is missing",
        {"count": lambda a: conv_output_size(*_layer(a)) - 1},
        array=False,
        size=True,
    ),
    Variant(
        "M12h",
        "the kernel spans d (k - 1) cells, without the + 1",
        {"count": lambda a: conv_output_size(a.input_size + 1, *_layer(a)[1:])},
        array=False,
        size=True,
    ),
    Variant(
        "M12i",
        "padding is subtracted, as in a transposed convolution",
        {"count": _padding_subtracted},
        array=False,
        size=True,
    ),
    Variant(
        "M09a",
        "the dilated kernel counts as k * d cells",
        {"kernel_size": lambda a: a.kernel_size * a.dilation, "dilation": lambda a: 1},
        array=False,
        size=True,
    ),
    Variant(
        "M09b",
        "the dilated kernel counts as k + d - 1 cells",
        {"kernel_size": lambda a: a.kernel_size + a.dilation - 1, "dilation": lambda a: 1},
        array=False,
        size=True,
    ),
    Variant(
        "M09c",
        "d zeros are put between the taps instead of d - 1",
        {"dilation": lambda a: a.dilation + 1},
        size=True,
    ),
    Variant("M11", "the dilation multiplies the stride", {"stride": lambda a: a.stride * a.dilation}, size=True),
    Variant(
        "M35",
        "each tap of the dilated kernel reads d neighbouring cells",
        {"kernel": dense_taps, "kernel_size": lambda a: a.span, "dilation": lambda a: 1},
    ),
    Variant("M12g", "a transposed convolution is done", {"operation": "stamp", "count": RIGHT["count"]}, size=True),
    Variant("M44", "the kernel is transposed, rows for columns", {"kernel": matrix_transpose}),
    Variant("M15", "the channel axes of the weight are exchanged", {"channels": swapped_channels}),
    Variant("M16c", "the channels of a group are taken in turns", {"channels": interleaved_inputs}),
    Variant("M18b", "the bias is left out", {"bias": False}),
)

# Further ways to get padding="same" wrong.
WRONG_SAME = (
    Variant(
        "M20",
        "the same number of zeros, (K - 1) // 2, is added on both sides",
        {"padding": lambda a: ((a.span - 1) // 2,) * 2},
        size=True,
    ),
    Variant(
        "M23a",
        "half of an even kernel, K // 2, is added on both sides",
        {"padding": lambda a: _even_only(a, (a.span // 2,) * 2)},
        size=True,
    ),
    Variant(
        "M23b",
        "the odd zero is added at the begin instead of the end",
        {"padding": lambda a: (a.padding[1], a.padding[0])},
    ),
)


class AxisPlan(NamedTuple):
    """What is done along one axis, in cells."""

    padding: tuple[int, int]
    stride: int
    dilation: int
    output_size: int


def plan_axis(steps, a):
    """Put the rules of all steps to one stated axis.

    Examples
    --------
    >>> plan_axis(RIGHT, Axis(6, 3, stride=2, padding=(1, 1)))
    AxisPlan(padding=(1, 1), stride=2, dilation=1, output_size=3)
    """
    used = Axis(a.input_size, steps["kernel_size"](a), steps["stride"](a), steps["padding"](a), 0, steps["dilation"](a))
    if steps["operation"] == "stamp":
        try:
            output_size = conv_transpose_output_size(
                used.input_size, used.kernel_size, used.stride, used.padding, 0, used.dilation
            )
        except ValueError as error:
            raise NotApplicable(str(error)) from None
        return AxisPlan(used.padding, used.stride, used.dilation, output_size)
    room = used.input_size + sum(used.padding) - used.span
    if room < 0:
        raise NotApplicable("the kernel does not fit")
    output_size = steps["count"](used)
    if output_size <= 0:
        raise NotApplicable("nothing of the output is left")
    begin, end = used.padding
    missing = max(0, used.stride * (output_size - 1) - room)  # cells that the last kernel position lacks
    return AxisPlan((begin, end + missing), used.stride, used.dilation, output_size)


def output_size(variants, a):
    """Output size of one axis with these variants; NotApplicable where they leave nothing.

    Examples
    --------
    >>> rounded_up = next(v for v in WRONG if v.id == "M13b")
    >>> output_size([rounded_up], Axis(6, 3, stride=2, padding=(1, 1)))
    4
    """
    return plan_axis(compose(RIGHT, variants), a).output_size


class ConvolutionBench(Bench):
    """One stated convolution, on which every variant can be tried.

    ``input`` is ``(N, C_in, *in)``, ``weight`` ``(C_out, C_in/groups, *kernel)``; the other
    arguments are those of ``conv1d``. With ``same`` the padding is TensorFlow's SAME.

    Examples
    --------
    >>> bench = ConvolutionBench(np.array([[[1, 2, 3, 4]]]), np.array([[[1, 10, 100]]]))
    >>> flipped, *_ = WRONG
    >>> bench.answer(), bench.answer(flipped)
    (array([[[321, 432]]]), array([[[123, 234]]]))
    """

    def __init__(self, input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1, same=False):
        self.input, self.weight, self.groups = widened(input), widened(weight), groups
        self.bias = None if bias is None else widened(bias)
        in_size, kernel_size, ndim = input.shape[2:], weight.shape[2:], input.ndim - 2
        stride, dilation = integer_tuple("stride", stride, ndim), integer_tuple("dilation", dilation, ndim)
        same = same or padding == "same"
        if same:
            axes = zip(in_size, kernel_size, stride, dilation)
            pads = [same_padding(k, d, stride=s, input_size=i) for i, k, s, d in axes]
        else:
            pads = [(p, p) for p in integer_tuple("padding", 0 if padding == "valid" else padding, ndim)]
        axes = zip(in_size, kernel_size, stride, pads, dilation)
        self.stated = [Axis(i, k, s, p, 0, d) for i, k, s, p, d in axes]
        self.variants = tuple(v for v in (WRONG_SAME + WRONG if same else WRONG) if v.array)
        self._kept = {}

    def plan(self, *variants):
        steps = compose(RIGHT, variants)
        axes = tuple(plan_axis(steps, a) for a in self.stated)
        rules = tuple(steps[name] for name in ("kernel", "channels", "padding_mode", "operation"))
        return axes, (*rules, steps["bias"] and self.bias is not None)

    def shape(self, plan):
        return tuple(axis.output_size for axis in plan[0])

    def carry_out(self, plan):
        if plan not in self._kept:
            self._kept[plan] = self._answer(*plan)
        return self._kept[plan]

    def _answer(self, axes, rules):
        kernel_rule, channel_rule, mode, operation, with_bias = rules
        x, w, groups = channel_rule(self.input, kernel_rule(self.weight, self.stated), self.groups)
        real = np.result_type(x, w)
        x, w = x.astype(real), w.astype(real)
        bias = self.bias.astype(real) if with_bias else None
        layer = {"stride": tuple(axis.stride for axis in axes), "dilation": tuple(axis.dilation for axis in axes)}
        pads = [axis.padding for axis in axes]
        if operation == "stamp":
            if any(begin != end for begin, end in pads):
                raise NotApplicable("a transposed convolution crops both sides alike")
            w = for_the_other_convolution(w, groups)
            operator = getattr(reference, f"conv_transpose{x.ndim - 2}d")
            return operator(x, w, bias, padding=tuple(p for p, _ in pads), groups=groups, **layer)
        padded = np.pad(x, [(0, 0), (0, 0), *pads], mode=mode)
        return getattr(reference, f"conv{x.ndim - 2}d")(padded, w, bias, groups=groups, **layer)
