"""Misconceptions about the transposed convolution itself."""

from convlab.misconceptions.entry import Example, Misconception
from convlab.misconceptions.problem import Problem

__all__ = ["ENTRIES"]

NINE = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]


def _stamps(question, variants, **options):
    return Example(question, Problem("conv_transpose1d", [2, 3], [1, 2, 3], stride=2, **options), variants)


def _decodable(question, variants, **options):
    problem = Problem("conv_transpose1d", [1, 2, 3], [1, 10, 100], **{"stride": 2, "padding": 1, **options})
    return Example(question, problem, variants)


ENTRIES = (
    Misconception(
        "M01",
        "Zero insertion uses the kernel as it is.",
        "The method that inserts zeros is an ordinary convolution with the kernel rotated by 180 degrees.",
        (
            _stamps("x = [2, 3], w = [1, 2, 3], stride 2: the output?", ("M01a",)),
            Example(
                "2x2 input 1..4, kernel 1..9, stride 2, padding 1: the output, if only one way is flipped?",
                Problem("conv_transpose2d", [[1, 2], [3, 4]], NINE, stride=2, padding=1),
                ("M01a", "M01b", "M01c"),
            ),
        ),
        (
            "Theano/Theano#5170",
            "vdumoulin/conv_arithmetic#4",
            "jax-ml/jax#14337",
            "jax-ml/jax#11252",
            "google/flax#3137",
        ),
    ),
    Misconception(
        "M02",
        "padding enlarges the output, as it does in a convolution.",
        "padding of a transposed convolution is what is cropped from each side of the full result.",
        (_stamps("x = [2, 3], w = [1, 2, 3], stride 2, padding 1: the output?", ("M02a", "M02b"), padding=1),),
        ("pytorch/pytorch#6417", "Samsung/TICO#420", "community.deeplearning.ai topic 25331"),
    ),
    Misconception(
        "M03",
        "padding crops or pads the input.",
        "padding acts on the output: the whole input is stamped, then the result is cropped.",
        (_decodable("x = [1, 2, 3], w = [1, 10, 100], stride 2, padding 1: the output?", ("M03a", "M03b")),),
        ("Samsung/TICO#420",),
    ),
    Misconception(
        "M04",
        "output_padding appends zeros.",
        "output_padding moves the end of the crop back out, so real values of the full result appear.",
        (
            Example(
                "1x1 input 1, kernel 1..9, stride 2, padding 1, output_padding 1: the output?",
                Problem("conv_transpose2d", [[1]], NINE, stride=2, padding=1, output_padding=1),
                ("M04a", "M04b", "M04c", "M04d", "M04e"),
            ),
        ),
        (
            "pytorch/pytorch#8816",
            "pytorch/pytorch#25536",
            "pytorch/pytorch#739",
            "onnx/onnx#2333",
            "Tencent/ncnn PR #1122",
        ),
    ),
    Misconception(
        "M05",
        "padding crops only one side; with padding 1 the 2x2 input must give 4x4.",
        "padding crops both sides: 2x2 with a 3x3 kernel, stride 2, padding 1 is 3x3; 4x4 needs output_padding 1.",
        (
            Example(
                "2x2 input 1..4, kernel 1..9, stride 2, padding 1: the output?",
                Problem("conv_transpose2d", [[1, 2], [3, 4]], NINE, stride=2, padding=1),
                ("M05a", "M05b"),
            ),
        ),
        ("community.deeplearning.ai topic 254508", "community.deeplearning.ai topic 70537"),
    ),
    Misconception(
        "M06",
        "The stride of a transposed convolution skips input cells, or is left out.",
        "The stride is the distance between neighbouring stamps, in output cells.",
        (_stamps("x = [2, 3], w = [1, 2, 3], stride 2: the output?", ("M06a", "M06b", "M06c", "M06d", "M06e")),),
        ("FighterLYL/GraphNeuralNetwork#11", "tflearn/tflearn#1117", "apple/axlearn PR #853"),
    ),
    Misconception(
        "M07",
        "A transposed convolution is the inverse of a convolution.",
        "It is the transpose: it brings the size back, not the values.",
        (
            Example(
                "conv1d([1, 2, 3], [1, 1]) is [3, 5]. What does conv_transpose1d([3, 5], [1, 1]) give?",
                Problem("conv_transpose1d", [3, 5], [1, 1]),
                wrong={"M07": [1, 2, 3]},
            ),
        ),
        (
            "tensorflow/tensorflow#256",
            "keras-team/keras PR #16991",
            "keras-team/keras#8765",
            "keras-team/keras#3502",
            "torch/nn#405",
        ),
    ),
    Misconception(
        "M14",
        "Overlapping stamps overwrite each other, or are averaged.",
        "Where stamps overlap, their values add up.",
        (_stamps("x = [2, 3], w = [1, 2, 3], stride 2: the output?", ("M14a", "M14b", "M14c")),),
        ("d2l.ai, Transposed Convolution: 'replaces a portion'",),
    ),
    Misconception(
        "M15",
        "Both convolutions have the same order of channels in the weight.",
        "A convolution has (out, in, ...), a transposed convolution (in, out, ...).",
        (
            Example(
                "Two channels x = [1, 2], weight[in, out] = [[1, 10], [100, 1000]], kernel size 1: the output?",
                Problem("conv_transpose1d", [[[1], [2]]], [[[1], [10]], [[100], [1000]]]),
                ("M15",),
            ),
        ),
        (
            "pytorch/pytorch#5166",
            "apache/tvm PR #9336",
            "imedslab/pytorch_bn_fusion#6",
            "pytorch/executorch#20804",
        ),
    ),
    Misconception(
        "M16",
        "groups divides the input channels of the weight, or changes nothing.",
        "The weight of a transposed convolution is (in, out / groups, ...); each group has neighbouring channels.",
        (
            Example(
                "Shape of ConvTranspose2d(8, 4, 3, groups=2).weight?",
                Problem("conv_transpose_weight_shape", 8, 4, 3, groups=2),
                ("M16b", "M16d"),
            ),
            Example(
                "Channels x = [1, 2, 3, 4], w = [1, 10, 100, 1000], 4 to 2 channels in 2 groups: the output?",
                Problem("conv_transpose1d", [[[1], [2], [3], [4]]], [[[1]], [[10]], [[100]], [[1000]]], groups=2),
                ("M16b", "M16c"),
                wrong={"every channel times every weight": lambda: sum([1, 2, 3, 4]) * sum([1, 10, 100, 1000])},
            ),
        ),
        (
            "pytorch/pytorch#5521",
            "apache/tvm#9885",
            "apache/tvm#10235",
            "onnx/onnx-mlir#3326",
            "pytorch/glow#4711",
        ),
    ),
    Misconception(
        "M18",
        "The bias does not reach cells without a stamp, or comes with every stamp.",
        "The bias is added once to every output cell, at the end.",
        (
            Example(
                "x = [1, 2], w = [1, 1], stride 3, output_padding 1, bias 5: the output?",
                Problem("conv_transpose1d", [1, 2], [1, 1], [5], stride=3, output_padding=1),
                ("M18a", "M18b", "M18c"),
            ),
        ),
        ("Tencent/ncnn PR #1122", "kvfrans/variational-autoencoder#1", "onnx/onnx#1530"),
    ),
    Misconception(
        "M19",
        "Any output_padding is allowed.",
        "PyTorch asks for output_padding below the stride or the dilation, other frameworks for less than the stride.",
        (
            Example(
                "Input 3, kernel 3, stride 1, output_padding 1: the output size?",
                Problem("conv_transpose_output_size", 3, 3, stride=1, output_padding=1),
                ("M19",),
            ),
        ),
        (
            "pytorch/pytorch#56328",
            "pytorch/pytorch#106450",
            "keras-team/keras#13231",
            "wangkenpu/Conv-TasNet#7",
            "onnx/onnx#3187",
        ),
    ),
    Misconception(
        "M41",
        "A transposed convolution always enlarges, but not with stride 1.",
        "The size is (i - 1) s + K - 2 p + output_padding: padding can shrink it, and stride 1 can enlarge it.",
        (
            Example("Input 1, kernel 4, stride 1: the size?", Problem("conv_transpose_output_size", 1, 4), ("M41",)),
            Example(
                "Input 4, kernel 3, stride 1, padding 2: the size?",
                Problem("conv_transpose_output_size", 4, 3, padding=2),
                ("M41",),
                wrong={"always enlarges": "more than 4"},
            ),
        ),
        ("pytorch/examples, DCGAN: the first layer has stride 1 and turns 1x1 into 4x4",),
    ),
    Misconception(
        "M42",
        "Positional arguments mean the same in both convolutions.",
        "The sixth argument of ConvTranspose2d is output_padding; of Conv2d it is dilation.",
        (
            Example(
                "ConvTranspose2d(1, 1, 3, 2, 1, 1) on 3 cells: the size?",
                Problem("conv_transpose_output_size", 3, 3, stride=2, padding=1, output_padding=1),
                ("M42",),
            ),
        ),
        ("docs.pytorch.org: the signatures of torch.nn.Conv2d and torch.nn.ConvTranspose2d",),
    ),
    Misconception(
        "M43",
        "The animations of Dumoulin and Visin are read with input and output exchanged.",
        "Blue is the input, cyan the output; the transposed one with stride goes from 3 to 5.",
        (
            Example(
                "Kernel 3, stride 2, padding 1, transposed, input 3: the size?",
                Problem("conv_transpose_output_size", 3, 3, stride=2, padding=1),
                wrong={"read the other way": lambda: Problem("conv_output_size", 5, 3, stride=2, padding=1).truth()},
            ),
        ),
        (
            "vdumoulin/conv_arithmetic#9",
            "vdumoulin/conv_arithmetic#35",
            "vdumoulin/conv_arithmetic#11",
            "vdumoulin/conv_arithmetic#18",
            "vdumoulin/conv_arithmetic#32",
            "vdumoulin/conv_arithmetic#38",
        ),
    ),
    Misconception(
        "M44",
        '"Transposed" means that the kernel is transposed.',
        "The big matrix of the convolution is transposed; the kernel itself is stamped as it is.",
        (
            Example(
                "A single 1, kernel [[1, 2], [3, 4]]: the output?",
                Problem("conv_transpose2d", [[1]], [[1, 2], [3, 4]]),
                ("M44", "M01a"),
            ),
        ),
        ("weili-git.github.io, 2022/04: 'transposed kernel'", "vdumoulin/conv_arithmetic#5"),
    ),
    Misconception(
        "M49",
        "The stretched input is padded by p, by k - p, or by k - 1 - p whatever the dilation.",
        "The equivalent convolution pads by p' = d (k - 1) - p; a negative p' crops.",
        (
            _decodable(
                "x = [1, 2, 3], w = [1, 10, 100], stride 3, padding 1, dilation 2: the output?",
                ("M49a", "M49b", "M49c"),
                stride=3,
                dilation=2,
            ),
        ),
        ("tensorflow/tensorflow#45999", "arXiv:1603.07285, relationships 9 to 14: no dilation"),
    ),
    Misconception(
        "M50",
        'Every framework crops alike: "same" is padding with another name.',
        'TensorFlow and Keras "same" crops K - s cells, the larger half at the end; torch crops p on both sides.',
        (
            _decodable(
                "x = [1, 2, 3], w = [1, 10, 100], stride 2, padding 1, output_padding 1 in PyTorch: the output?",
                ("M50",),
                output_padding=1,
            ),
        ),
        ("keras-team/keras PR #22876", "keras-team/keras-core#774", "gmalivenko/pytorch2keras#7"),
    ),
)
