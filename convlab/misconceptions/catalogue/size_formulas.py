"""Slips in the size formulas, and sizes that do not come back."""

from math import ceil

from convlab.arithmetic import conv_output_size, conv_transpose_output_size
from convlab.misconceptions.examples import Example, asked
from convlab.misconceptions.problem import Problem
from convlab.misconceptions.registry import NotApplicable, SizeSteps, Variant, register
from convlab.misconceptions.stamping_simulation import Extra


def _stride_times_input(a):
    """The crop that would leave so many cells."""
    if a.stride == 1:
        raise NotApplicable("stride 1 keeps the size then")
    full = conv_transpose_output_size(a.input_size, a.kernel_size, a.stride, dilation=a.dilation)
    return 0, full - a.stride * a.input_size


def _padding_subtracted(a):
    left = a.input_size - 2 * sum(a.padding)
    if left < a.span:
        raise NotApplicable("nothing would be left")
    return conv_output_size(left, *a.layer[1:])


register(
    "M08",
    "The same numbers bring the size back.",
    "A strided convolution maps several sizes to one, so the way back needs output_padding or an output size.",
    asked(
        "24 cells through a convolution of kernel 3, stride 2, padding 1, and back: the size?",
        "M08",
        Problem("round_trip_size", 24, 3, stride=2, padding=1),
    ),
    Example(
        'Keras, "same", stride 2: 23 cells down and up again: the size?',
        right=lambda: Problem("conv_transpose_same_output_size", ceil(23 / 2), stride=2).truth(),
        wrong={"M08": 23},
    ),
    Variant(
        "M08", "the same numbers are taken to bring the size back", round_trip_size=lambda input_size, **_: input_size
    ),
    lesson="08_lost_sizes",
    sources="keras-team/keras#9883; tensorflow/tensorflow#19863; tensorflow/tensorflow#2118; Lasagne/Lasagne#711; "
    "Lasagne/Lasagne#746; ml-explore/mlx#1423",
)

register(
    "M12",
    "Slips in the size formula: i for i - 1, one padding, a sign, a missing + 1, the other formula.",
    "A transposed convolution has (i - 1) s + d (k - 1) + 1 - 2 p + output_padding cells.",
    asked(
        "Input 5, kernel 3, stride 2, padding 1, transposed: the size?",
        "M12a M12c M12d M12e M02a M05a",
        Problem("conv_transpose_output_size", 5, 3, stride=2, padding=1),
    ),
    Variant(
        "M12a",
        "the formula has stride * i instead of stride * (i - 1)",
        option="stride",
        transposed_size=SizeSteps(tail=lambda a: a.stride),
    ),
    Variant(
        "M12b",
        "output_padding is subtracted",
        transposed_size=SizeSteps(output_padding=lambda a: Extra(end=-a.output_padding)),
    ),
    Variant(
        "M12c",
        "the output is taken to be stride times the input",
        transposed_size=SizeSteps(crop=_stride_times_input, output_padding=lambda a: Extra()),
    ),
    Variant(
        "M12d", "the kernel counts as d (k - 1) cells, without the + 1", transposed_size=SizeSteps(tail=lambda a: -1)
    ),
    Variant(
        "M12e",
        "an ordinary convolution is done",
        transposed=SizeSteps(operation="slide", idle=("overlap", "tail", "reserved", "crop", "output_padding", "bias")),
    ),
    Variant(
        "M12f",
        "the + 1 for the first kernel position is missing",
        conv_size=SizeSteps(count=lambda a: conv_output_size(*a.layer) - 1),
    ),
    Variant("M12g", "a transposed convolution is done", conv=SizeSteps(operation="stamp", idle=("count",))),
    Variant(
        "M12h",
        "the kernel spans d (k - 1) cells, without the + 1",
        conv_size=SizeSteps(count=lambda a: conv_output_size(a.input_size + 1, *a.layer[1:])),
    ),
    Variant(
        "M12i", "padding is subtracted, as in a transposed convolution", conv_size=SizeSteps(count=_padding_subtracted)
    ),
    Variant(
        "M12j",
        "the kernel is forgotten",
        transposed_size=SizeSteps(tail=lambda a: -a.span),
        conv_size=SizeSteps(count=lambda a: (a.input_size + sum(a.padding)) // a.stride + 1),
    ),
    lesson="02_size_arithmetic",
    sources="mit-han-lab/6s965 PR #8",
)
