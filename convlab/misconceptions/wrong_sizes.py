"""Wrong size formulas.

Those of the two convolutions follow from the wrong algorithms, of which only the size
is taken, and from slips in the formula itself. The others are short functions of the
arguments of their question.
"""

from math import prod

import numpy as np

from convlab.arithmetic import conv_output_size, conv_transpose_output_size, effective_kernel_size
from convlab.misconceptions import transposed_bench, wrong_convolution
from convlab.misconceptions.questions import receptive_field
from convlab.misconceptions.variants import Axis, Bench, NotApplicable, Variant
from convlab.misconceptions.wrong_transposed import WRONG as WRONG_TRANSPOSED
from convlab.misconceptions.wrong_transposed import Extra
from convlab.validation import integer_pair
from convlab.views import hdc_distances, overlap_counts

__all__ = ["WRONG_FUNCTIONS", "WRONG_SLIPS", "FunctionBench", "SizeBench"]


def _only(condition, value):
    if not condition:
        raise NotApplicable("the idea gives no answer here")
    return value


def _to_size(a, size):
    """The crop that would leave ``size`` cells."""
    return 0, conv_transpose_output_size(a.input_size, a.kernel_size, a.stride, dilation=a.dilation) - size


# Slips in the formula of the transposed convolution, s (i - 1) + K - 2 p + op.
WRONG_SLIPS = (
    Variant("M12a", "the formula has stride * i instead of stride * (i - 1)", {"tail": lambda a: a.stride}),
    Variant("M12d", "the kernel counts as d (k - 1) cells, without the + 1", {"tail": lambda a: -1}),
    Variant(
        "M12c",
        "the output is taken to be stride times the input",
        {
            "crop": lambda a: _to_size(a, _only(a.stride > 1, a.stride * a.input_size)),
            "output_padding": lambda a: Extra(),
        },
    ),
    Variant(
        "M41",
        "stride 1 is taken to keep the size",
        {"crop": lambda a: _to_size(a, _only(a.stride == 1, a.input_size)), "output_padding": lambda a: Extra()},
    ),
    Variant("M12b", "output_padding is subtracted", {"output_padding": lambda a: Extra(end=-a.output_padding)}),
    Variant(
        "M09b",
        "the dilated kernel counts as k + d - 1 cells",
        {"tail": lambda a: a.kernel_size + a.dilation - 1 - a.span},
    ),
)
ANY_OUTPUT_PADDING = Variant("M19", "any output_padding is taken to be allowed", {})


class SizeBench(Bench):
    """One stated size question about a convolution or a transposed one.

    Examples
    --------
    >>> bench = SizeBench(True, input_size=5, kernel_size=3, stride=2, padding=1)
    >>> slip, *_ = WRONG_SLIPS
    >>> bench.answer(), bench.answer(slip)
    (9, 11)
    """

    def __init__(self, transposed, input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
        self.axis = Axis(input_size, kernel_size, stride, integer_pair("padding", padding), output_padding, dilation)
        self.output_size = transposed_bench.output_size if transposed else wrong_convolution.output_size
        algorithms = WRONG_TRANSPOSED if transposed else wrong_convolution.WRONG
        self.variants = tuple(v for v in algorithms if v.size) + (WRONG_SLIPS if transposed else ())
        if transposed and output_padding >= max(stride, dilation):
            self.variants = (ANY_OUTPUT_PADDING,)

    def plan(self, *variants):
        return variants

    def carry_out(self, plan):
        return self.output_size(plan, self.axis)


def _all_equal(input_size, kernel_size, stride=1, **options):
    counts = overlap_counts(input_size, kernel_size, stride, **options)
    return np.full_like(counts, _only(isinstance(stride, int) and kernel_size % stride == 0, kernel_size // stride))


def _with_smaller_rate(layers):
    """The stack of rate 1 and rate 2 that a figure shows, for the layer of rate 2 alone."""
    (kernel_size, stride, dilation), *others = layers
    return _only(not others and dilation == 2, receptive_field([(kernel_size, 1, 1), (kernel_size, stride, dilation)]))


WRONG_FUNCTIONS = {
    "effective_kernel_size": (
        Variant("M10", "dilation is left out", {"answer": lambda kernel_size, dilation=1: kernel_size}),
        Variant(
            "M09a",
            "the dilated kernel counts as k * d cells",
            {"answer": lambda kernel_size, dilation=1: kernel_size * dilation},
        ),
        Variant(
            "M09b",
            "the dilated kernel counts as k + d - 1 cells",
            {"answer": lambda kernel_size, dilation=1: kernel_size + dilation - 1},
        ),
        Variant(
            "M09c",
            "d zeros are put between the taps instead of d - 1",
            {"answer": lambda kernel_size, dilation=1: effective_kernel_size(kernel_size, dilation + 1)},
        ),
    ),
    "round_trip_size": (
        Variant(
            "M08", "the same numbers are taken to bring the size back", {"answer": lambda input_size, **_: input_size}
        ),
    ),
    "conv_same_output_size": (
        Variant("M21", '"same" is taken to keep the size', {"answer": lambda input_size, **_: input_size}),
        Variant(
            "M20",
            "the same number of zeros, (K - 1) // 2, is added on both sides",
            {
                "answer": lambda input_size, kernel_size, stride=1, dilation=1: conv_output_size(
                    input_size, kernel_size, stride, (effective_kernel_size(kernel_size, dilation) - 1) // 2, dilation
                )
            },
        ),
    ),
    "conv_transpose_same_output_size": (
        Variant("M21", '"same" is taken to keep the size', {"answer": lambda input_size, **_: input_size}),
    ),
    "conv_transpose_weight_shape": (
        Variant(
            "M15",
            "the channel axes of the weight are exchanged",
            {
                "answer": lambda in_channels, out_channels, kernel_size, groups=1: (
                    out_channels,
                    in_channels // groups,
                    *_pair(kernel_size),
                )
            },
        ),
        Variant(
            "M16d",
            "groups divides the input channels",
            {
                "answer": lambda in_channels, out_channels, kernel_size, groups=1: (
                    in_channels // groups,
                    out_channels,
                    *_pair(kernel_size),
                )
            },
        ),
        Variant(
            "M16b",
            "groups is left out",
            {
                "answer": lambda in_channels, out_channels, kernel_size, groups=1: (
                    in_channels,
                    out_channels,
                    *_pair(kernel_size),
                )
            },
        ),
    ),
    "receptive_field": (
        Variant("M33a", "the kernel sizes are added up", {"answer": lambda layers: sum(k for k, _, _ in layers)}),
        Variant("M33b", "the kernel sizes are multiplied", {"answer": lambda layers: prod(k for k, _, _ in layers)}),
        Variant(
            "M33c",
            "the strides are left out",
            {"answer": lambda layers: receptive_field([(k, 1, d) for k, _, d in layers])},
        ),
        Variant(
            "M33d", "kernel size times rate is added up", {"answer": lambda layers: sum(k * d for k, _, d in layers)}
        ),
        Variant(
            "M33e",
            "the effective kernel sizes are added up",
            {"answer": lambda layers: sum(effective_kernel_size(k, d) for k, _, d in layers)},
        ),
        Variant("M34", "the field of a stack is taken for that of one layer", {"answer": _with_smaller_rate}),
    ),
    "cells_read": (
        Variant(
            "M36",
            "the field is taken to have no holes",
            {"answer": lambda rates, kernel_size=3: receptive_field([(kernel_size, 1, rate) for rate in rates])},
        ),
    ),
    "reads_all": (
        Variant(
            "M37",
            "the largest gap M2 <= k is taken to be enough",
            {
                "answer": lambda rates, kernel_size=3: (
                    _only(len(rates) > 1, rates) and hdc_distances(rates)[1] <= kernel_size
                )
            },
        ),
    ),
    "interior_is_constant": (
        Variant(
            "M29",
            "only whether the stride divides the kernel size is looked at",
            {"answer": lambda weight, stride: len(weight) % stride == 0},
        ),
    ),
    "overlap_counts": (Variant("M31", "the border is taken to be as covered as the middle", {"answer": _all_equal}),),
}


def _pair(kernel_size):
    return tuple(kernel_size) if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)


class FunctionBench(Bench):
    """A stated problem whose wrong answers are functions of its arguments; they do not make pairs.

    Examples
    --------
    >>> bench = FunctionBench(WRONG_FUNCTIONS["effective_kernel_size"], kernel_size=3, dilation=3)
    >>> [bench.answer(variant) for variant in bench.variants]
    [3, 9, 5, 9]
    """

    def __init__(self, variants, **arguments):
        self.variants, self.arguments = tuple(variants), arguments

    def carry_out(self, plan):
        (variant,) = plan
        return variant.rules["answer"](**self.arguments)
