"""Misconceptions about the transposed convolution itself: kernel, stride, padding, output_padding, overlaps, bias."""

import numpy as np

from convlab.arithmetic import conv_transpose_output_size
from convlab.misconceptions.catalogue.kernel_rules import matrix_transpose, turned
from convlab.misconceptions.catalogue.overlap_rules import (
    average,
    every_stamp,
    largest,
    nowhere,
    overwrite,
    where_touched,
)
from convlab.misconceptions.catalogue.slip_rules import one_side
from convlab.misconceptions.examples import Example, asked
from convlab.misconceptions.problem import Problem
from convlab.misconceptions.registry import NotApplicable, SizeSteps, Steps, Variant, register
from convlab.misconceptions.simulation import Axis
from convlab.misconceptions.stamping_simulation import Extra
from convlab.reference import conv
from convlab.typing import Array, Ints

__all__ = ["missing_cells", "undoes_convolution"]

NINE = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
TWO_STAMPS = "conv_transpose1d", [2, 3], [1, 2, 3]
DIGITS = "conv_transpose1d", [1, 2, 3], [1, 10, 100]
PLANE = "conv_transpose2d", [[1, 2], [3, 4]], NINE
LEFT_OUT = Extra()


def missing_cells(stated: Axis, used: Axis) -> int:
    """The output was made in the right size, but the stamps lie closer."""
    right = conv_transpose_output_size(*stated[:3], dilation=stated.dilation)
    return right - conv_transpose_output_size(*used[:3], dilation=used.dilation)


def _kernel_by(rule):
    """The kernel that is slid over the stretched input: a plane of numbers."""
    return lambda kernel: rule(np.array([[kernel]]), None)[0, 0]


def _size_kept(a):
    if a.stride != 1:
        raise NotApplicable("stride 1 is not at hand")
    return 0, conv_transpose_output_size(a.input_size, a.kernel_size, a.stride, dilation=a.dilation) - a.input_size


def undoes_convolution(
    answer: Array, input: Array, weight: Array, stride: Ints = 1, padding: Ints = 0, dilation: Ints = 1, groups: int = 1
) -> bool:
    """Whether convolving ``answer`` gives ``input`` back: then the layer was taken for an inverse.

    A transposed convolution gives back the size, not the values.

    Examples
    --------
    >>> undoes_convolution(np.array([[[1, 2, 3]]]), np.array([[[3, 5]]]), np.array([[[1, 1]]]))
    True
    """
    try:
        real = np.result_type(answer, weight)
        back = conv(answer.astype(real), weight.astype(real), None, stride, padding, dilation, groups)
    except (TypeError, ValueError):  # an answer of this shape cannot be convolved
        return False
    return bool(back.shape == input.shape and np.allclose(back, input, rtol=1e-6, atol=0))


register(
    "M01",
    "Zero insertion uses the kernel as it is.",
    "The method that inserts zeros is an ordinary convolution with the kernel rotated by 180 degrees.",
    asked("x = [2, 3], w = [1, 2, 3], stride 2: the output?", "M01a", Problem(*TWO_STAMPS, stride=2)),
    asked(
        "2x2 input 1..4, kernel 1..9, stride 2, padding 1: the output, if only one way is flipped?",
        "M01a M01b M01c",
        Problem(*PLANE, stride=2, padding=1),
    ),
    Variant(
        "M01a",
        "the kernel is not rotated by 180 degrees in the method that inserts zeros",
        transposed=Steps(kernel=turned()),
    ),
    Variant("M01a", "the kernel is not rotated by 180 degrees", sliding_kernel=lambda kernel: np.array(kernel)),
    # Turned upside down only is, in terms of stamps, mirrored left to right; and the other way round.
    Variant(
        "M01b",
        "the kernel is turned upside down only, instead of rotated",
        transposed=Steps(kernel=turned(-1)),
        sliding_kernel=_kernel_by(turned(-2)),
    ),
    Variant(
        "M01c",
        "the kernel is mirrored left to right only, instead of rotated",
        transposed=Steps(kernel=turned(-2)),
        sliding_kernel=_kernel_by(turned(-1)),
    ),
    lesson="06_the_four_step_recipe",
    sources="Theano/Theano#5170; vdumoulin/conv_arithmetic#4; jax-ml/jax#14337; jax-ml/jax#11252; google/flax#3137",
)

register(
    "M02",
    "padding enlarges the output, as it does in a convolution.",
    "padding of a transposed convolution is what is cropped from the full result: a number, from each side.",
    asked(
        "x = [2, 3], w = [1, 2, 3], stride 2, padding 1: the output?",
        "M02a M02b",
        Problem(*TWO_STAMPS, stride=2, padding=1),
    ),
    Variant("M02a", "padding adds zeros around the output", transposed=SizeSteps(crop=lambda a: (-a.begin, -a.end))),
    Variant("M02b", "padding is left out", transposed=SizeSteps(crop=lambda a: (0, 0))),
    Variant(
        "M02b",
        "nothing is cropped",
        keras_conv_transpose_same=lambda x, w, stride: Problem("conv_transpose1d", x, w, stride=stride).truth(),
    ),
    lesson="05_padding_crops",
    sources="pytorch/pytorch#6417; Samsung/TICO#420; community.deeplearning.ai topic 25331",
)

register(
    "M03",
    "padding crops or pads the input.",
    "padding acts on the output: the whole input is stamped, then the result is cropped.",
    asked(
        "x = [1, 2, 3], w = [1, 10, 100], stride 2, padding 1: the output?",
        "M03a M03b",
        Problem(*DIGITS, stride=2, padding=1),
    ),
    Variant(
        "M03a",
        "padding crops the input instead of the output",
        transposed=SizeSteps(input=lambda a: (-a.begin, -a.end, 1), crop=lambda a: (0, 0)),
    ),
    Variant(
        "M03b",
        "padding adds zeros around the input and nothing is cropped",
        transposed=SizeSteps(input=lambda a: (*a.padding, 1), crop=lambda a: (0, 0)),
    ),
    lesson="05_padding_crops",
    sources="Samsung/TICO#420",
)

register(
    "M04",
    "output_padding appends zeros.",
    "output_padding moves the end of the crop back out, so real values of the full result appear.",
    asked(
        "1x1 input 1, kernel 1..9, stride 2, padding 1, output_padding 1: the output?",
        "M04a M04b M04c M04d M04e",
        Problem("conv_transpose2d", [[1]], NINE, stride=2, padding=1, output_padding=1),
    ),
    Variant(
        "M04a",
        "output_padding appends zeros",
        transposed=Steps(output_padding=lambda a: Extra(append=(0, a.output_padding))),
    ),
    Variant(
        "M04b",
        "output_padding adds zeros on both sides",
        transposed=SizeSteps(output_padding=lambda a: Extra(append=(a.output_padding, a.output_padding))),
    ),
    Variant(
        "M04c",
        "output_padding repeats the last value",
        transposed=Steps(output_padding=lambda a: Extra(append=(0, a.output_padding), mode="edge")),
    ),
    Variant(
        "M04d",
        "output_padding moves the begin of the crop instead of its end",
        transposed=Steps(output_padding=lambda a: Extra(begin=a.output_padding)),
    ),
    Variant("M04e", "output_padding is left out", transposed=SizeSteps(output_padding=lambda a: LEFT_OUT)),
    lesson="05_padding_crops",
    sources="pytorch/pytorch#8816; pytorch/pytorch#25536; pytorch/pytorch#739; onnx/onnx#2333; Tencent/ncnn PR #1122",
)

register(
    "M05",
    "padding crops only one side; with padding 1 the 2x2 input must give 4x4.",
    "padding crops both sides: 2x2 with a 3x3 kernel, stride 2, padding 1 is 3x3; 4x4 needs output_padding 1.",
    asked(
        "2x2 input 1..4, kernel 1..9, stride 2, padding 1: the output?",
        "M05a M05b",
        Problem(*PLANE, stride=2, padding=1),
    ),
    Variant("M05a", "padding crops the begin only", transposed=SizeSteps(crop=one_side(0))),
    Variant("M05b", "padding crops the end only", transposed=Steps(crop=one_side(1))),
    lesson="05_padding_crops",
    sources="community.deeplearning.ai topic 254508; community.deeplearning.ai topic 70537",
)

register(
    "M06",
    "The stride of a transposed convolution skips input cells, or is left out.",
    "The stride is the distance between neighbouring stamps, in output cells.",
    asked(
        "x = [2, 3], w = [1, 2, 3], stride 2: the output?", "M06a M06b M06c M06d M06e", Problem(*TWO_STAMPS, stride=2)
    ),
    Variant(
        "M06a",
        "the stride skips input cells",
        transposed=SizeSteps(input=lambda a: (0, 0, a.stride), stride=lambda a: 1),
    ),
    Variant("M06b", "the stride is left out", transposed=SizeSteps(stride=lambda a: 1)),
    Variant(
        "M06e",
        "the stride is left out, in an output of the right size",
        transposed=Steps(stride=lambda a: 1, reserved=missing_cells),
    ),
    Variant(
        "M06c",
        "stride zeros are inserted between neighbours instead of stride - 1",
        option="stride",
        transposed=SizeSteps(stride=lambda a: a.stride + 1),
    ),
    Variant(
        "M06d", "zeros are inserted after the last cell as well", transposed=SizeSteps(tail=lambda a: a.stride - 1)
    ),
    lesson="04_transposed_convolution_by_stamping",
    sources="FighterLYL/GraphNeuralNetwork#11; tflearn/tflearn#1117; apple/axlearn PR #853",
)

register(
    "M07",
    "A transposed convolution is the inverse of a convolution.",
    "It is the transpose: it can bring the size back, but in general not the values.",
    Example(
        "conv1d([1, 2, 3], [1, 1]) is [3, 5]. What does conv_transpose1d([3, 5], [1, 1]) give?",
        Problem("conv_transpose1d", [3, 5], [1, 1]),
        wrong={"M07": [1, 2, 3]},
    ),
    Variant(
        "M07",
        "the transposed convolution is taken for the inverse of a convolution",
        transposed_recognised=undoes_convolution,
    ),
    lesson="03_convolution_as_a_matrix",
    sources="tensorflow/tensorflow#256; keras-team/keras PR #16991; keras-team/keras#8765; keras-team/keras#3502; "
    "torch/nn#405",
)

register(
    "M14",
    "Overlapping stamps overwrite each other, or are averaged.",
    "Where stamps overlap, their values add up.",
    asked("x = [2, 3], w = [1, 2, 3], stride 2: the output?", "M14a M14b M14c", Problem(*TWO_STAMPS, stride=2)),
    Variant("M14a", "the later of two overlapping stamps overwrites the earlier", transposed=Steps(overlap=overwrite)),
    Variant("M14b", "overlapping stamps are averaged", transposed=Steps(overlap=average)),
    Variant("M14c", "of overlapping stamps the largest value stays", transposed=Steps(overlap=largest)),
    lesson="04_transposed_convolution_by_stamping",
    sources="d2l.ai, Transposed Convolution: 'replaces a portion'",
)

register(
    "M18",
    "The bias does not reach cells without a stamp, or comes with every stamp.",
    "The bias is added once to every output cell, at the end.",
    asked(
        "x = [1, 2], w = [1, 1], stride 3, output_padding 1, bias 5: the output?",
        "M18a M18b M18c",
        Problem("conv_transpose1d", [1, 2], [1, 1], [5], stride=3, output_padding=1),
    ),
    Variant("M18a", "the bias does not reach cells without a stamp", transposed=Steps(bias=where_touched)),
    Variant(
        "M18b", "the bias is left out", transposed=Steps(bias=nowhere), conv=Steps(bias=lambda bias, channels: 0 * bias)
    ),
    Variant("M18c", "the bias counts once for each stamp", transposed=Steps(bias=every_stamp)),
    lesson="05_padding_crops",
    sources="Tencent/ncnn PR #1122; kvfrans/variational-autoencoder#1; onnx/onnx#1530",
)

register(
    "M19",
    "Any output_padding is allowed.",
    "PyTorch asks for output_padding below the stride or the dilation, other frameworks for less than the stride.",
    asked(
        "Input 3, kernel 3, stride 1, output_padding 1: the output size?",
        "M19",
        Problem("conv_transpose_output_size", 3, 3, stride=1, output_padding=1),
    ),
    Variant("M19", "any output_padding is taken to be allowed", transposed_refused=SizeSteps()),
    lesson="05_padding_crops",
    sources="pytorch/pytorch#56328; pytorch/pytorch#106450; keras-team/keras#13231; wangkenpu/Conv-TasNet#7; "
    "onnx/onnx#3187",
)

register(
    "M41",
    "A transposed convolution always enlarges, but not with stride 1.",
    "The size is (i - 1) s + K - 2 p + output_padding: padding can shrink it, and stride 1 can enlarge it.",
    asked("Input 1, kernel 4, stride 1: the size?", "M41", Problem("conv_transpose_output_size", 1, 4)),
    Example(
        "Input 4, kernel 3, stride 1, padding 2: the size?",
        Problem("conv_transpose_output_size", 4, 3, padding=2),
        ("M41",),
        wrong={"always enlarges": "more than 4"},
    ),
    Variant(
        "M41",
        "stride 1 is taken to keep the size",
        transposed_size=SizeSteps(crop=_size_kept, output_padding=lambda a: LEFT_OUT),
    ),
    lesson="04_transposed_convolution_by_stamping",
    sources="pytorch/examples, DCGAN: the first layer has stride 1 and turns 1x1 into 4x4",
)

register(
    "M43",
    "The animations of Dumoulin and Visin are read with input and output exchanged.",
    "Blue is the input, cyan the output; the transposed one with stride goes from 3 to 5.",
    Example(
        "Kernel 3, stride 2, padding 1, transposed, input 3: the size?",
        Problem("conv_transpose_output_size", 3, 3, stride=2, padding=1),
        wrong={"read the other way": lambda: Problem("conv_output_size", 5, 3, stride=2, padding=1).truth()},
    ),
    lesson="06_the_four_step_recipe",
    sources="vdumoulin/conv_arithmetic#9; vdumoulin/conv_arithmetic#35; vdumoulin/conv_arithmetic#11; "
    "vdumoulin/conv_arithmetic#18; vdumoulin/conv_arithmetic#32; vdumoulin/conv_arithmetic#38",
)

register(
    "M44",
    '"Transposed" means that the kernel is transposed.',
    "The big matrix of the convolution is transposed; the kernel itself is stamped as it is.",
    asked(
        "A single 1, kernel [[1, 2], [3, 4]]: the output?",
        "M44 M01a",
        Problem("conv_transpose2d", [[1]], [[1, 2], [3, 4]]),
    ),
    Variant(
        "M44",
        "the kernel is transposed, rows for columns",
        transposed=Steps(kernel=matrix_transpose),
        conv=Steps(kernel=matrix_transpose),
        sliding_kernel=_kernel_by(matrix_transpose),
    ),
    lesson="03_convolution_as_a_matrix",
    sources="weili-git.github.io, 2022/04: 'transposed kernel'; vdumoulin/conv_arithmetic#5",
)

register(
    "M49",
    "The stretched input is padded by p, by k - p, or by k - 1 - p whatever the dilation.",
    "The equivalent convolution pads by p' = d (k - 1) - p; a negative p' crops.",
    asked(
        "x = [1, 2, 3], w = [1, 10, 100], stride 3, padding 1, dilation 2: the output?",
        "M49a M49b M49c",
        Problem(*DIGITS, stride=3, padding=1, dilation=2),
    ),
    Variant(
        "M49a",
        "the stretched input is padded by p instead of K - 1 - p",
        transposed=SizeSteps(crop=lambda a: tuple(a.span - 1 - p for p in a.padding)),
    ),
    Variant(
        "M49b",
        "the stretched input is padded by k - p instead of K - 1 - p",
        transposed=SizeSteps(crop=lambda a: tuple(a.span - 1 - (a.kernel_size - p) for p in a.padding)),
    ),
    Variant(
        "M49c",
        "the stretched input is padded by k - 1 - p, without the dilation",
        transposed=SizeSteps(crop=lambda a: tuple(a.span - a.kernel_size + p for p in a.padding)),
    ),
    lesson="06_the_four_step_recipe",
    sources="tensorflow/tensorflow#45999; arXiv:1603.07285, relationships 9 to 14: no dilation",
)
