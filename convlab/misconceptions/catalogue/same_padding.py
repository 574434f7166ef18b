"""Misconceptions about SAME and VALID padding, and about the order in which padding is given."""

from collections.abc import Sequence

from convlab.arithmetic import conv_output_size, effective_kernel_size
from convlab.misconceptions.derived_operators import pad as pad_last_axis_first
from convlab.misconceptions.examples import Example, asked
from convlab.misconceptions.problem import Problem
from convlab.misconceptions.registry import NotApplicable, SizeSteps, Steps, Variant, register
from convlab.misconceptions.stamping_simulation import Extra
from convlab.typing import Array

__all__ = ["pad_first_axis_first"]


def _half_of_even(a):
    if a.span % 2:
        raise NotApplicable("the kernel is odd")
    return (a.span // 2,) * 2


def _size_with_equal_sides(input_size, kernel_size, stride=1, dilation=1):
    side = (effective_kernel_size(kernel_size, dilation) - 1) // 2
    return conv_output_size(input_size, kernel_size, stride, side, dilation)


def _keras_crop(a):
    begin = max(a.span - a.stride, 0) // 2
    return begin, a.span - a.stride - begin


def _cropped_as_in_pytorch(x, w, stride):
    padding, even = divmod(len(w) - stride + 1, 2)  # of an odd number the larger half goes at the begin
    return Problem("conv_transpose1d", x, w, stride=stride, padding=padding, output_padding=1 - even).truth()


def pad_first_axis_first(input: Array, pad: Sequence[int], value: float = 0) -> Array:
    """Padding whose numbers are read from the first of the padded axes on.

    Examples
    --------
    >>> import numpy as np
    >>> pad_first_axis_first(np.zeros((2, 2)), (1, 2, 3, 4)).shape
    (5, 9)
    """
    pairs = [pad[n : n + 2] for n in range(0, len(pad), 2)]
    return pad_last_axis_first(input, [number for pair in reversed(pairs) for number in pair], value)


register(
    "M20",
    "SAME pads both sides alike.",
    "TensorFlow's SAME adds just what is needed; an odd zero goes to the end, and strides change how many.",
    asked(
        "x = 1..6, w = [1, 10, 100], stride 2, TensorFlow SAME: the output?",
        "M20",
        Problem("conv1d_same", [1, 2, 3, 4, 5, 6], [1, 10, 100], stride=2),
    ),
    Variant(
        "M20",
        "the same number of cells, (K - 1) // 2, is added on both sides",
        conv_same=SizeSteps(padding=lambda a: ((a.span - 1) // 2,) * 2),
        conv_same_output_size=_size_with_equal_sides,
    ),
    lesson="07_the_padding_pitfall",
    sources="keras-team/keras#19291; taehoonlee/tensornets#25; pytorch/pytorch#3867; pytorch/pytorch#67551; "
    "tensorflow/tensorflow#30740",
)

register(
    "M21",
    '"same" keeps the size, whatever the stride.',
    '"same" means ceil(i / s) cells for a convolution and s i cells for a transposed one.',
    asked("Input 5, stride 2, SAME: the size?", "M21", Problem("conv_same_output_size", 5, 3, stride=2)),
    asked(
        'Input 5, stride 2, transposed, "same" in Keras: the size?',
        "M21",
        Problem("conv_transpose_same_output_size", 5, stride=2),
    ),
    Variant(
        "M21",
        '"same" is taken to keep the size',
        conv_same_output_size=lambda input_size, **_: input_size,
        conv_transpose_same_output_size=lambda input_size, **_: input_size,
    ),
    lesson="07_the_padding_pitfall",
    sources="community.deeplearning.ai topic 190821; HorizonRobotics/alf PR #457",
)

register(
    "M22",
    "VALID means padding 0 in every framework.",
    "With a stride larger than the kernel Keras VALID appends zeros; padding 0 of JAX pads the stretched input.",
    Example(
        'Keras, transposed, "valid", input 3, kernel 2, stride 3: the size?',
        right=9,
        wrong={"padding 0": lambda: Problem("conv_transpose_output_size", 3, 2, stride=3).truth()},
        note="s (i - 1) + max(K, s); seen with Keras 3.15.1.",
    ),
    Example(
        "JAX, conv_transpose with padding [(0, 0)], input 128, kernel 4, stride 4: the size?",
        right=506,
        wrong={"padding 0": lambda: Problem("conv_transpose_output_size", 128, 4, stride=4).truth()},
        note="s (i - 1) + 1 - (K - 1); seen with JAX 0.10.2.",
    ),
    lesson="07_the_padding_pitfall",
    sources="jax-ml/jax#17618; google-deepmind/sonnet#127",
)

register(
    "M23",
    "An even kernel keeps the size with k // 2 zeros on both sides.",
    "It needs K - 1 cells of padding in all, an odd number: one side gets one more, in TensorFlow and PyTorch the end.",
    asked(
        'x = 1..5, w = [1, 10], padding="same": the output?',
        "M23a M23b",
        Problem("conv1d", [1, 2, 3, 4, 5], [1, 10], padding="same"),
    ),
    Variant(
        "M23a", "half of an even kernel, K // 2, is added on both sides", conv_same=SizeSteps(padding=_half_of_even)
    ),
    Variant(
        "M23b",
        "the odd cell of padding is added at the begin instead of the end",
        conv_same=Steps(padding=lambda a: (a.end, a.begin)),
    ),
    lesson="10_dilation_and_same_padding",
    sources="apache/mxnet#7895; tracel-ai/burn#2676; FluxML/Flux.jl#1605",
)

register(
    "M39",
    "F.pad lists the first axis first.",
    "It lists the LAST axis first: left, right, then top, bottom.",
    Example(
        "Shape of F.pad(zeros(2, 2), (1, 2, 3, 4))?",
        right=lambda: Problem("pad", [[0, 0], [0, 0]], (1, 2, 3, 4)).truth().shape,
        wrong={"M39": (5, 9)},
    ),
    asked("F.pad([[7]], (0, 1, 0, 2))?", "M39", Problem("pad", [[7]], (0, 1, 0, 2))),
    Variant("M39", "the numbers are read from the first axis on", pad=pad_first_axis_first),
    lesson="10_dilation_and_same_padding",
    sources="DingXiaoH/DiverseBranchBlock#26; blue-oil/blueoil PR #1085; mlverse/torchvision PR #28",
)

register(
    "M50",
    'Every framework crops alike: "same" is padding with another name.',
    'TensorFlow and Keras "same" crops K - s cells, the larger half at the end; torch crops p on both sides.',
    asked(
        "x = [1, 2, 3], w = [1, 10, 100], stride 2, padding 1, output_padding 1 in PyTorch: the output?",
        "M50",
        Problem("conv_transpose1d", [1, 2, 3], [1, 10, 100], stride=2, padding=1, output_padding=1),
    ),
    Variant(
        "M50",
        'the window is that of padding="same" in TensorFlow and Keras',
        transposed=Steps(crop=_keras_crop, output_padding=lambda a: Extra()),
    ),
    Variant("M50", "Keras crops as PyTorch does", keras_conv_transpose_same=_cropped_as_in_pytorch),
    lesson="07_the_padding_pitfall",
    sources="keras-team/keras PR #22876; keras-team/keras-core#774; gmalivenko/pytorch2keras#7",
)
