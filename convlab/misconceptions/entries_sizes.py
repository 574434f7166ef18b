"""Misconceptions about sizes, dilation, padding and the ordinary convolution."""

from math import ceil

from convlab.misconceptions.entry import Example, Misconception
from convlab.misconceptions.problem import Problem

__all__ = ["ENTRIES"]


def _size(operator, question, variants, *arguments, **options):
    return Example(question, Problem(operator, *arguments, **options), variants)


ENTRIES = (
    Misconception(
        "M08",
        "The same numbers bring the size back.",
        "A strided convolution maps several sizes to one, so the way back needs output_padding or an output size.",
        (
            _size(
                "round_trip_size",
                "24 cells through a convolution of kernel 3, stride 2, padding 1, and back: the size?",
                ("M08",),
                24,
                3,
                stride=2,
                padding=1,
            ),
            Example(
                'Keras, "same", stride 2: 23 cells down and up again: the size?',
                right=lambda: Problem("conv_transpose_same_output_size", ceil(23 / 2), stride=2).truth(),
                wrong={"M08": 23},
            ),
        ),
        (
            "keras-team/keras#9883",
            "tensorflow/tensorflow#19863",
            "tensorflow/tensorflow#2118",
            "Lasagne/Lasagne#711",
            "Lasagne/Lasagne#746",
            "ml-explore/mlx#1423",
        ),
    ),
    Misconception(
        "M09",
        "A dilated kernel has k d, k + d - 1 or k + (k - 1) d cells.",
        "It has d (k - 1) + 1 cells: d - 1 gaps between neighbouring taps, none at the end.",
        (
            _size(
                "effective_kernel_size",
                "Kernel 3, dilation 3: how many cells from the first tap to the last?",
                ("M09a", "M09b", "M09c"),
                3,
                3,
            ),
        ),
        (
            "microsoft/onnxruntime#2518",
            "microsoft/onnxruntime PR #2688",
            "vlfeat/matconvnet#1010",
            "microsoft/onnxjs#155",
            "torch/nn PR #857",
            "Lasagne/Lasagne#707",
        ),
    ),
    Misconception(
        "M10",
        "The dilation does not matter for the size.",
        "Every size formula has the effective kernel size K = d (k - 1) + 1 in it.",
        (
            _size(
                "conv_transpose_output_size",
                "Input 10, kernel 3, dilation 2, stride 1, transposed: the size?",
                ("M10",),
                10,
                3,
                dilation=2,
            ),
            Example(
                "x = [1, 2], w = [1, 10, 100], dilation 2, transposed: the output?",
                Problem("conv_transpose1d", [1, 2], [1, 10, 100], dilation=2),
                ("M10", "M10b"),
            ),
        ),
        ("pytorch/pytorch#14099", "pytorch/pytorch PR #43793", "onnx/onnx PR #2043", "onnx/onnx PR #2068"),
    ),
    Misconception(
        "M11",
        "The dilation multiplies the stride.",
        "The dilation spreads the taps of one kernel; the stride moves the whole kernel.",
        (
            _size(
                "conv_output_size",
                "Input 11, kernel 3, dilation 3, stride 2, padding 1: the size?",
                ("M11",),
                11,
                3,
                stride=2,
                padding=1,
                dilation=3,
            ),
        ),
        ("ruoqianguo/DetNet_pytorch#4",),
    ),
    Misconception(
        "M12",
        "Slips in the size formula: i for i - 1, one padding, a sign, a missing + 1, the other formula.",
        "A transposed convolution has (i - 1) s + d (k - 1) + 1 - 2 p + output_padding cells.",
        (
            _size(
                "conv_transpose_output_size",
                "Input 5, kernel 3, stride 2, padding 1, transposed: the size?",
                ("M12a", "M12c", "M12d", "M12e", "M02a", "M05a"),
                5,
                3,
                stride=2,
                padding=1,
            ),
        ),
        ("mit-han-lab/6s965 PR #8",),
    ),
    Misconception(
        "M13",
        "The output size of a convolution is not rounded, or rounded up.",
        "It is rounded down: a kernel position that does not fit as a whole does not count.",
        (
            _size(
                "conv_output_size",
                "Input 6, kernel 3, stride 2, padding 1: the size?",
                ("M13a", "M13b"),
                6,
                3,
                stride=2,
                padding=1,
            ),
        ),
        ("d2l-ai/d2l-zh PR #1345", "rasbt/machine-learning-book#72", "weiliu89/caffe#826"),
    ),
    Misconception(
        "M20",
        "SAME pads both sides alike.",
        "TensorFlow's SAME adds just what is needed; an odd zero goes to the end, and strides change how many.",
        (
            Example(
                "x = 1..6, w = [1, 10, 100], stride 2, TensorFlow SAME: the output?",
                Problem("conv1d_same", [1, 2, 3, 4, 5, 6], [1, 10, 100], stride=2),
                ("M20",),
            ),
        ),
        (
            "keras-team/keras#19291",
            "taehoonlee/tensornets#25",
            "pytorch/pytorch#3867",
            "pytorch/pytorch#67551",
            "tensorflow/tensorflow#30740",
        ),
    ),
    Misconception(
        "M21",
        '"same" keeps the size, whatever the stride.',
        '"same" means ceil(i / s) cells for a convolution and s i cells for a transposed one.',
        (
            _size("conv_same_output_size", "Input 5, stride 2, SAME: the size?", ("M21",), 5, 3, stride=2),
            _size(
                "conv_transpose_same_output_size",
                'Input 5, stride 2, transposed, "same" in Keras: the size?',
                ("M21",),
                5,
                stride=2,
            ),
        ),
        ("community.deeplearning.ai topic 190821", "HorizonRobotics/alf PR #457"),
    ),
    Misconception(
        "M22",
        "VALID means padding 0 in every framework.",
        "With a stride larger than the kernel Keras VALID appends zeros; padding 0 of JAX pads the stretched input.",
        (
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
        ),
        ("jax-ml/jax#17618", "google-deepmind/sonnet#127"),
    ),
    Misconception(
        "M23",
        "An even kernel keeps the size with k // 2 zeros on both sides.",
        "It needs K - 1 zeros in all, an odd number: one side gets one more, in TensorFlow and PyTorch the end.",
        (
            Example(
                'x = 1..5, w = [1, 10], padding="same": the output?',
                Problem("conv1d", [1, 2, 3, 4, 5], [1, 10], padding="same"),
                ("M23a", "M23b"),
            ),
        ),
        ("apache/mxnet#7895", "tracel-ai/burn#2676", "FluxML/Flux.jl#1605"),
    ),
    Misconception(
        "M35",
        "A tap of a dilated kernel reads a neighbourhood.",
        "Each tap reads one cell; the cells between taps are not read at all.",
        (
            Example(
                "x = [1, 999, 2, 999, 3], w = [1, 10, 100], dilation 2: the output?",
                Problem("conv1d", [1, 999, 2, 999, 3], [1, 10, 100], dilation=2),
                ("M35",),
            ),
        ),
        ("a blog post on dilated convolution: 'each element in the dilated kernel takes a value in a subregion'",),
    ),
    Misconception(
        "M38",
        "A convolution layer flips its kernel.",
        "Deep-learning frameworks compute cross-correlation: the kernel is not flipped.",
        (
            Example(
                "x = [1, 2, 3, 4], w = [1, 10, 100]: conv1d gives?",
                Problem("conv1d", [1, 2, 3, 4], [1, 10, 100]),
                ("M38",),
            ),
        ),
        ("pytorch/pytorch#117534", "scipy/scipy#23444", "scipy/scipy#14369", "kornia/kornia#2263"),
    ),
    Misconception(
        "M51",
        "padding is the total, or one side, or copies the border.",
        "padding adds that many zeros on each side.",
        (
            Example(
                "x = [1, 2, 3], w = [1, 10, 100], padding 1: conv1d gives?",
                Problem("conv1d", [1, 2, 3], [1, 10, 100], padding=1),
                ("M51a", "M51b", "M51c", "M51d"),
            ),
        ),
        ("keras-team/keras#1998", "tracel-ai/burn#5601", "SamratSahoo/UT-Arlington-Research#2"),
    ),
    Misconception(
        "M52",
        "The stride of a convolution is left out, or counts the cells between.",
        "Neighbouring output cells look at places that are stride input cells apart.",
        (
            Example(
                "x = 1..6, w = [1, 10], stride 2: conv1d gives?",
                Problem("conv1d", [1, 2, 3, 4, 5, 6], [1, 10], stride=2),
                ("M52a", "M52b"),
            ),
        ),
        ("rasbt/machine-learning-book PR #168", "mlpack/mlpack PR #3146"),
    ),
)
