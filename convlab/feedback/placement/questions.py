"""What the two tests ask: ten questions, each with two sets of numbers."""

from convlab.feedback.placement.question import Question

__all__ = ["FIRST_TEST", "LAST_TEST"]

_PAIRS = (
    (
        Question(
            "Sliding a kernel", "`x = {input}`, `w = {weight}`. What does `F.conv1d(x, w)` give?", "M38", "conv1d"
        ),
        {"input": [3, 1, 4, 2], "weight": [1, 10, 100]},
        {"input": [2, 5, 1, 3], "weight": [1, 10, 100]},
    ),
    (
        Question(
            "The size of a convolution",
            "A convolution of {input_size} cells: kernel {kernel_size}, stride {stride}, padding {padding}. "
            "How many cells come out?",
            "M13",
            "conv_output_size",
        ),
        {"input_size": 11, "kernel_size": 4, "stride": 2, "padding": 2},
        {"input_size": 8, "kernel_size": 5, "stride": 2, "padding": 2},
    ),
    (
        Question(
            "Stamps and stride",
            "A *transposed* convolution: `x = {input}`, `w = {weight}`, stride {stride}, no padding. "
            "Which numbers come out?",
            "M06",
            "conv_transpose1d",
        ),
        {"input": [4, 1], "weight": [1, 10, 100], "stride": 2},
        {"input": [2, 5], "weight": [1, 10, 100], "stride": 2},
    ),
    (
        Question(
            "Padding of a transposed convolution",
            "A transposed convolution: `x = {input}`, `w = {weight}`, stride {stride}, `padding={padding}`. "
            "Which numbers come out?",
            "M02",
            "conv_transpose1d",
        ),
        {"input": [3, 2], "weight": [1, 10, 100, 1000], "stride": 2, "padding": 1},
        {"input": [1, 4], "weight": [1, 10, 100, 1000], "stride": 2, "padding": 1},
    ),
    (
        Question(
            "output_padding",
            "A transposed convolution: `x = {input}`, `w = {weight}`, stride {stride}, `padding={padding}`, "
            "`output_padding={output_padding}`. Which numbers come out?",
            "M04",
            "conv_transpose1d",
        ),
        {"input": [4, 3], "weight": [1, 10, 100], "stride": 2, "padding": 1, "output_padding": 1},
        {"input": [5, 2], "weight": [1, 10, 100], "stride": 2, "padding": 1, "output_padding": 1},
    ),
    (
        Question(
            "The four steps",
            "A transposed convolution can be computed with zeros: put zeros between the inputs, add zeros around them, "
            "then slide a kernel over it with `F.conv2d` and stride 1. The layer's own kernel is `{kernel}`. "
            "Which kernel must slide? Give its rows.",
            "M01",
            "sliding_kernel",
            slips=("M01a", "M01b", "M01c", "M44"),
        ),
        {"kernel": [[2, 7], [5, 3]]},
        {"kernel": [[4, 1], [6, 9]]},
    ),
    (
        Question(
            '"same" in Keras',
            'A transposed convolution in *Keras*, `padding="same"`: `x = {x}`, `w = {w}`, stride {stride}. '
            "Which numbers come out?",
            "M50",
            "keras_conv_transpose_same",
            slips=("M50", "M02b"),
        ),
        {"x": [2, 3], "w": [1, 10, 100], "stride": 2},
        {"x": [5, 4], "w": [1, 10, 100], "stride": 2},
    ),
    (
        Question(
            "The weight of a layer",
            "`torch.nn.ConvTranspose2d({in_channels}, {out_channels}, {kernel_size}, groups={groups})`: "
            "what is the shape of its weight? Four numbers.",
            "M15",
            "conv_transpose_weight_shape",
        ),
        {"in_channels": 6, "out_channels": 12, "kernel_size": (3, 5), "groups": 3},
        {"in_channels": 8, "out_channels": 12, "kernel_size": (5, 3), "groups": 4},
    ),
    (
        Question(
            "Receptive field",
            "Three layers, the first one first, as (kernel size, stride, dilation): `{layers}`. One output cell "
            "depends on a stretch of the input. How many cells is it long, from the first to the last?",
            "M33",
            "receptive_field",
        ),
        {"layers": [(3, 1, 1), (3, 2, 1), (3, 1, 3)]},
        {"layers": [(3, 2, 1), (5, 1, 1), (3, 1, 3)]},
    ),
    (
        Question(
            "Checkerboards",
            "A transposed convolution with stride {stride}, an input that is 1 everywhere, four kernels: "
            "A `{kernels[A]}`, B `{kernels[B]}`, C `{kernels[C]}`, D `{kernels[D]}`. Which give the same number "
            'everywhere, away from the border? Give their letters, in quotes, like `"XYZ"`.',
            "M29",
            "kernels_without_checkerboard",
            slips=("M29",),
        ),
        {"stride": 2, "kernels": {"A": [1, 3], "B": [1, 2, 1], "C": [1, 1, 1], "D": [2, 1, 1, 2]}},
        {"stride": 2, "kernels": {"A": [1, 2, 3, 2], "B": [2, 1], "C": [3, 4, 1], "D": [1, 1, 1, 1, 1]}},
    ),
)

#: Before the course, in lesson 00.
FIRST_TEST = tuple(question.with_numbers(**first) for question, first, _ in _PAIRS)
#: After it, in lesson 15.
LAST_TEST = tuple(question.with_numbers(**last) for question, _, last in _PAIRS)
