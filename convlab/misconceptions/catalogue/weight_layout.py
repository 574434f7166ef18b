"""Misconceptions about channels, groups, layout and the order of arguments."""

from convlab.misconceptions.catalogue.kernel_rules import (
    ignored_groups,
    interleaved_inputs,
    interleaved_inputs_and_weights,
    swapped_channels,
)
from convlab.misconceptions.examples import Example, asked
from convlab.misconceptions.problem import Problem
from convlab.misconceptions.registry import NotApplicable, SizeSteps, Steps, Variant, register
from convlab.misconceptions.stamping_simulation import Extra
from convlab.validation import integer_tuple


def _weight_shape(of_channels):
    """A wrong shape of the weight: ``of_channels`` gives its first two axes from the channels and groups."""

    def shape(in_channels, out_channels, kernel_size, groups=1):
        return (*of_channels(in_channels, out_channels, groups), *integer_tuple("kernel_size", kernel_size, 2))

    return shape


def _sixth_argument(a):
    """The dilation of a call meant for a convolution."""
    if a.output_padding < 1:
        raise NotApplicable("there is no output_padding to mistake")
    return a.output_padding


register(
    "M15",
    "Both convolutions have the same order of channels in the weight.",
    "In PyTorch a convolution has (out, in, ...), a transposed convolution (in, out, ...).",
    asked(
        "Two channels x = [1, 2], weight[in, out] = [[1, 10], [100, 1000]], kernel size 1: the output?",
        "M15",
        Problem("conv_transpose1d", [[[1], [2]]], [[[1], [10]], [[100], [1000]]]),
    ),
    Variant(
        "M15",
        "the channel axes of the weight are exchanged",
        transposed=Steps(channels=swapped_channels),
        conv=Steps(channels=swapped_channels),
        conv_transpose_weight_shape=_weight_shape(lambda i, o, groups: (o, i // groups)),
    ),
    lesson="09_channels_groups_layout",
    sources="pytorch/pytorch#5166; apache/tvm PR #9336; imedslab/pytorch_bn_fusion#6; pytorch/executorch#20804",
)

register(
    "M16",
    "groups divides the input channels of the weight, or changes nothing.",
    "The weight of a transposed convolution is (in, out / groups, ...); each group has neighbouring channels.",
    asked(
        "Shape of ConvTranspose2d(8, 4, 3, groups=2).weight?",
        "M16b M16d",
        Problem("conv_transpose_weight_shape", 8, 4, 3, groups=2),
    ),
    Example(
        "Channels x = [1, 2, 3, 4], w = [1, 10, 100, 1000], 4 to 2 channels in 2 groups: the output?",
        Problem("conv_transpose1d", [[[1], [2], [3], [4]]], [[[1]], [[10]], [[100]], [[1000]]], groups=2),
        ("M16b", "M16c"),
        wrong={"every channel times every weight": lambda: sum([1, 2, 3, 4]) * sum([1, 10, 100, 1000])},
    ),
    Variant(
        "M16b",
        "groups is left out",
        transposed=Steps(channels=ignored_groups),
        conv_transpose_weight_shape=_weight_shape(lambda i, o, groups: (i, o)),
    ),
    Variant(
        "M16c",
        "the channels of a group are taken in turns",
        transposed=Steps(channels=interleaved_inputs_and_weights),
        conv=Steps(channels=interleaved_inputs),
    ),
    Variant(
        "M16d",
        "groups divides the input channels",
        conv_transpose_weight_shape=_weight_shape(lambda i, o, groups: (i // groups, o)),
    ),
    lesson="09_channels_groups_layout",
    sources="pytorch/pytorch#5521; apache/tvm#9885; apache/tvm#10235; onnx/onnx-mlir#3326; pytorch/glow#4711",
)

register(
    "M17",
    "A channels-last layer takes channels-first data: it runs, so it is right.",
    "Keras and TensorFlow read the last axis as channels, so the wrong axes are enlarged.",
    Example(
        'Keras Conv2DTranspose, 1 filter, kernel 3, stride 2, "same", on shape (1, 1, 2, 2): the shape?',
        right=lambda: (1, *(Problem("conv_transpose_same_output_size", i, stride=2).truth() for i in (1, 2)), 1),
        wrong={"channels first": (1, 1, 4, 4)},
        note="Height 1, width 2, 2 channels; seen with Keras 3.15.1.",
    ),
    lesson="09_channels_groups_layout",
    sources="VinF/deer#57; elixir-nx/axon#419",
)

register(
    "M42",
    "Positional arguments mean the same in both convolutions.",
    "The sixth argument of ConvTranspose2d is output_padding; of Conv2d it is dilation.",
    asked(
        "ConvTranspose2d(1, 1, 3, 2, 1, 1) on 3 cells: the size?",
        "M42",
        Problem("conv_transpose_output_size", 3, 3, stride=2, padding=1, output_padding=1),
    ),
    Variant(
        "M42",
        "output_padding is taken for the dilation, which has its place in a convolution",
        transposed=SizeSteps(dilation=_sixth_argument, output_padding=lambda a: Extra()),
    ),
    lesson="09_channels_groups_layout",
    sources="docs.pytorch.org: the signatures of torch.nn.Conv2d and torch.nn.ConvTranspose2d",
)
