"""The ordinary convolution in steps, so that a wrong rule can change one.

It also serves the SAME padding of TensorFlow, which a stated axis carries as its ``padding``. In the rules ``a`` is
one :class:`~convlab.misconceptions.simulation.Axis`; in the rule of ``count`` its stride, dilation and so on are those
that the learner really used.
"""

from typing import NamedTuple

import numpy as np

from convlab.arithmetic import causal_padding, conv_output_size, conv_transpose_output_size, same_padding
from convlab.misconceptions.registry import NotApplicable, SizeSteps, Variant, rules_for
from convlab.misconceptions.simulation import Axis, StepSimulation, as_it_is, related
from convlab.reference import conv, conv_transpose
from convlab.reference.layer_arguments import PADDING_MODES
from convlab.typing import Array
from convlab.validation import integer_tuple, widened
from convlab.views import swap_channels

__all__ = ["SlidingSimulation"]

RIGHT = {
    "axes": as_it_is,
    "kernel": lambda w, stated: w,
    "channels": lambda x, w, groups: (x, w, groups),
    "kernel_size": lambda a: a.kernel_size,
    "stride": lambda a: a.stride,
    "dilation": lambda a: a.dilation,
    "padding": lambda a: a.padding,
    "padding_mode": as_it_is,
    "count": lambda a: conv_output_size(*a.layer),
    "bias": lambda bias, channels: bias,
    "operation": "slide",
    "relation": None,  # which cells an output cell reads, where that is not what stride and padding say
    "output": as_it_is,
}


class SlidingAxis(NamedTuple):
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
    SlidingAxis(padding=(1, 1), stride=2, dilation=1, output_size=3)
    """
    used = Axis(a.input_size, steps["kernel_size"](a), steps["stride"](a), steps["padding"](a), 0, steps["dilation"](a))
    if steps["operation"] == "stamp":
        try:
            output_size = conv_transpose_output_size(*used.layer[:4], dilation=used.dilation)
        except ValueError as error:
            raise NotApplicable(str(error)) from None
        return SlidingAxis(used.padding, used.stride, used.dilation, output_size)
    free = used.input_size + sum(used.padding) - used.span
    if free < 0:
        raise NotApplicable("the kernel does not fit")
    output_size = steps["count"](used)
    if output_size <= 0:
        raise NotApplicable("nothing of the output is left")
    begin, end = used.padding
    missing = max(0, used.stride * (output_size - 1) - free)  # cells that the last kernel position lacks
    return SlidingAxis((begin, end + missing), used.stride, used.dilation, output_size)


class SlidingSimulation(StepSimulation):
    """One stated convolution, on which every wrong rule can be tried.

    ``input`` is ``(N, C_in, *in)``, ``weight`` ``(C_out, C_in/groups, *kernel)``; the other
    arguments are those of ``conv1d``. With ``same`` the padding is TensorFlow's SAME.

    Examples
    --------
    >>> simulation = SlidingSimulation(np.array([[[1, 2, 3, 4]]]), np.array([[[1, 10, 100]]]))
    >>> flipped, *_ = simulation.variants
    >>> simulation.answer(), simulation.answer(flipped)
    (array([[[321, 432]]]), array([[[123, 234]]]))
    """

    right = RIGHT
    plan_axis = staticmethod(plan_axis)

    def __init__(
        self, input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1, padding_mode="zeros", same=False
    ):
        same = same or padding == "same"
        self.padding_mode = PADDING_MODES[padding_mode]
        super().__init__(rules_for("conv", "conv_same") if same else rules_for("conv"))
        self.input, self.weight, self.groups = widened(input), widened(weight), groups
        self.bias = None if bias is None else widened(bias)
        in_size, kernel_size, ndim = input.shape[2:], weight.shape[2:], input.ndim - 2
        stride, dilation = integer_tuple("stride", stride, ndim), integer_tuple("dilation", dilation, ndim)
        if same:
            axes = zip(in_size, kernel_size, stride, dilation)
            pads = [same_padding(k, d, stride=s, input_size=i) for i, k, s, d in axes]
        elif padding == "causal":
            pads = [causal_padding(*kernel_size, *dilation)]
        else:
            pads = [(p, p) for p in integer_tuple("padding", 0 if padding == "valid" else padding, ndim)]
        axes = zip(in_size, kernel_size, stride, pads, dilation)
        self.stated = [Axis(i, k, s, p, 0, d) for i, k, s, p, d in axes]
        self._kept = {}

    @classmethod
    def size_rules(cls) -> dict[Variant, SizeSteps]:
        return {v: rule for v, rule in rules_for("conv", "conv_size").items() if isinstance(rule, SizeSteps)}

    @classmethod
    def shape_rules(cls) -> dict[Variant, SizeSteps]:
        return cls.size_rules() | {v: r for v, r in rules_for("conv_same").items() if isinstance(r, SizeSteps)}

    def plan(self, *variants: Variant) -> tuple:
        steps = self.steps(variants)
        axes = tuple(plan_axis(steps, a) for a in steps["axes"](self.stated))
        bias = RIGHT["bias"] if self.bias is None else steps["bias"]
        mode = steps["padding_mode"](self.padding_mode)
        if mode != "constant" and steps["relation"] is not None:
            raise NotApplicable("these read no cells of the padding, as if they were zeros")
        if self.padding_mode != "constant" and steps["operation"] != "slide":
            raise NotApplicable("a transposed convolution has no such option")
        rules = (steps[name] for name in ("kernel", "channels", "operation", "relation"))
        return axes, (*rules, mode, bias, steps["output"])

    def carry_out(self, plan: tuple) -> Array:
        if plan not in self._kept:
            self._kept[plan] = self._answer(*plan)
        return self._kept[plan]

    def _answer(self, axes, rules):
        kernel_rule, channel_rule, operation, relation, mode, bias_rule, finish = rules
        x, w, groups = channel_rule(self.input, kernel_rule(self.weight, self.stated), self.groups)
        real = np.result_type(x, w)
        x, w = x.astype(real), w.astype(real)
        bias = None if self.bias is None else bias_rule(self.bias.astype(real), w.shape[1])
        layer = {"stride": tuple(axis.stride for axis in axes), "dilation": tuple(axis.dilation for axis in axes)}
        pads = [axis.padding for axis in axes]
        if operation == "stamp":
            if any(begin != end for begin, end in pads):
                raise NotApplicable("a transposed convolution crops both sides alike")
            padding = tuple(p for p, _ in pads)
            y = conv_transpose(x, swap_channels(w, groups), bias, padding=padding, groups=groups, **layer)
        elif relation is not None:
            used = [Axis(i, k, a.stride, a.padding, 0, a.dilation) for i, k, a in zip(x.shape[2:], w.shape[2:], axes)]
            y = related(x, w, used, [a.output_size for a in axes], relation, groups)
            y = y if bias is None else y + bias.reshape(-1, *(1,) * len(axes))
        else:
            y = conv(np.pad(x, [(0, 0), (0, 0), *pads], mode=mode), w, bias, groups=groups, **layer)
        return finish(y[..., *(slice(axis.output_size) for axis in axes)])
