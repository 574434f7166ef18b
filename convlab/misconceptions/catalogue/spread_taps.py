"""Misconceptions about dilation, receptive fields and gridding."""

from math import prod

from convlab.arithmetic import effective_kernel_size
from convlab.misconceptions.catalogue.kernel_rules import dense_taps
from convlab.misconceptions.catalogue.stamping import missing_cells
from convlab.misconceptions.derived_operators import receptive_field
from convlab.misconceptions.examples import Example, asked
from convlab.misconceptions.problem import Problem
from convlab.misconceptions.registry import NotApplicable, SizeSteps, Steps, Variant, register
from convlab.views import hdc_distances


def _with_smaller_rate(layers):
    """The stack of rate 1 and rate 2 that a figure shows, for the layer of rate 2 alone."""
    (kernel_size, stride, dilation), *others = layers
    if others or dilation != 2:
        raise NotApplicable("this is not the layer of the figure")
    return receptive_field([(kernel_size, 1, 1), (kernel_size, stride, dilation)])


def _added(term):
    """The receptive field as a sum over layers of something, without strides and without the first cell."""
    return Steps(term=term, start=0, jump=lambda strides, n: 1)


def _largest_gap_is_small(rates, kernel_size=3):
    if len(rates) < 2:
        raise NotApplicable("there is no second distance")
    return hdc_distances(rates)[1] <= kernel_size


register(
    "M09",
    "A dilated kernel has k d, k + d - 1 or k + (k - 1) d cells.",
    "It has d (k - 1) + 1 cells: d - 1 gaps between neighbouring taps, none at the end.",
    asked(
        "Kernel 3, dilation 3: how many cells from the first tap to the last?",
        "M09a M09b M09c",
        Problem("effective_kernel_size", 3, 3),
    ),
    Variant(
        "M09a",
        "the dilated kernel counts as k * d cells",
        transposed=SizeSteps(tail=lambda a: a.kernel_size * a.dilation - a.span),
        conv_size=SizeSteps(kernel_size=lambda a: a.kernel_size * a.dilation, dilation=lambda a: 1),
        effective_kernel_size=lambda kernel_size, dilation=1: kernel_size * dilation,
    ),
    Variant(
        "M09b",
        "the dilated kernel counts as k + d - 1 cells",
        transposed_size=SizeSteps(tail=lambda a: a.kernel_size + a.dilation - 1 - a.span),
        conv_size=SizeSteps(kernel_size=lambda a: a.kernel_size + a.dilation - 1, dilation=lambda a: 1),
        effective_kernel_size=lambda kernel_size, dilation=1: kernel_size + dilation - 1,
    ),
    Variant(
        "M09c",
        "d zeros are put between the taps instead of d - 1",
        option="dilation",
        transposed=SizeSteps(dilation=lambda a: a.dilation + 1),
        conv=SizeSteps(dilation=lambda a: a.dilation + 1),
        effective_kernel_size=lambda kernel_size, dilation=1: effective_kernel_size(kernel_size, dilation + 1),
    ),
    lesson="10_dilation_and_same_padding",
    sources="microsoft/onnxruntime#2518; microsoft/onnxruntime PR #2688; vlfeat/matconvnet#1010; "
    "microsoft/onnxjs#155; torch/nn PR #857; Lasagne/Lasagne#707",
)

register(
    "M10",
    "The dilation does not matter for the size.",
    "The size follows from the effective kernel size K = d (k - 1) + 1, not from k.",
    asked(
        "Input 10, kernel 3, dilation 2, stride 1, transposed: the size?",
        "M10",
        Problem("conv_transpose_output_size", 10, 3, dilation=2),
    ),
    asked(
        "x = [1, 2], w = [1, 10, 100], dilation 2, transposed: the output?",
        "M10 M10b",
        Problem("conv_transpose1d", [1, 2], [1, 10, 100], dilation=2),
    ),
    Variant(
        "M10",
        "dilation is left out",
        transposed=SizeSteps(dilation=lambda a: 1),
        conv=SizeSteps(dilation=lambda a: 1),
        effective_kernel_size=lambda kernel_size, dilation=1: kernel_size,
    ),
    Variant(
        "M10b",
        "dilation is left out, in an output of the right size",
        transposed=Steps(dilation=lambda a: 1, reserved=missing_cells),
    ),
    lesson="10_dilation_and_same_padding",
    sources="pytorch/pytorch#14099; pytorch/pytorch PR #43793; onnx/onnx PR #2043; onnx/onnx PR #2068",
)

register(
    "M11",
    "The dilation multiplies the stride.",
    "The dilation spreads the taps of one kernel; the stride moves the whole kernel.",
    asked(
        "Input 11, kernel 3, dilation 3, stride 2, padding 1: the size?",
        "M11",
        Problem("conv_output_size", 11, 3, stride=2, padding=1, dilation=3),
    ),
    Variant(
        "M11",
        "the dilation multiplies the stride",
        transposed=SizeSteps(stride=lambda a: a.stride * a.dilation),
        conv=SizeSteps(stride=lambda a: a.stride * a.dilation),
    ),
    lesson="10_dilation_and_same_padding",
    sources="ruoqianguo/DetNet_pytorch#4",
)

register(
    "M33",
    "The receptive field is the sum, or the product, of the kernel sizes.",
    "Each layer adds (k - 1) times its dilation times the product of the strides before it.",
    asked("Two 3x3 layers?", "M33a M33b", Problem("receptive_field", [(3, 1, 1)] * 2)),
    asked("3x3 with stride 2, then 3x3?", "M33a M33c", Problem("receptive_field", [(3, 2, 1), (3, 1, 1)])),
    asked(
        "3x3 with dilation 1, 2, 4?", "M33a M33d M33e", Problem("receptive_field", [(3, 1, 1), (3, 1, 2), (3, 1, 4)])
    ),
    Variant("M33a", "the kernel sizes are added up", receptive_field=_added(lambda k, d: k)),
    Variant("M33b", "the kernel sizes are multiplied", receptive_field=lambda layers: prod(k for k, _, _ in layers)),
    Variant("M33c", "the strides are left out", receptive_field=Steps(jump=lambda strides, n: 1)),
    Variant(
        "M33d", "kernel size times rate is added up", option="dilation", receptive_field=_added(lambda k, d: k * d)
    ),
    Variant(
        "M33e",
        "the effective kernel sizes are added up",
        option="dilation",
        receptive_field=_added(effective_kernel_size),
    ),
    Variant(
        "M33f",
        "each layer adds k times its jump instead of k - 1 times",
        receptive_field=Steps(term=lambda k, d: k * d),
    ),
    Variant("M33g", "the layers are gone through in reverse order", receptive_field=Steps(order=reversed)),
    Variant(
        "M33h",
        "the strides before a layer are not multiplied: only the last of them counts",
        receptive_field=Steps(jump=lambda strides, n: strides[n - 1] if n else 1),
    ),
    Variant(
        "M33i",
        "the stride of a layer counts for that layer already",
        receptive_field=Steps(jump=lambda strides, n: prod(strides[: n + 1])),
    ),
    lesson="11_receptive_fields_and_gridding",
    sources="sfzhang15/SFD#69; AlexeyAB/darknet#1206; Fangyh09/pytorch-receptive-field#6; ibab/tensorflow-wavenet#259",
)

register(
    "M34",
    "The 7x7 panel in the figure of Yu and Koltun is the field of one layer of rate 2.",
    "It is the field of the stack of rate 1 and rate 2; the layer of rate 2 alone sees 5x5.",
    asked("3x3 with dilation 2, alone: the field?", "M34", Problem("receptive_field", [(3, 1, 2)])),
    Variant("M34", "the field of a stack is taken for that of one layer", receptive_field=_with_smaller_rate),
    lesson="11_receptive_fields_and_gridding",
    sources="codetd.com/en/article/15551302",
)

register(
    "M35",
    "A tap of a dilated kernel reads a neighbourhood.",
    "Each tap reads one cell; the cells between taps are not read at all.",
    asked(
        "x = [1, 999, 2, 999, 3], w = [1, 10, 100], dilation 2: the output?",
        "M35",
        Problem("conv1d", [1, 999, 2, 999, 3], [1, 10, 100], dilation=2),
    ),
    Variant(
        "M35",
        "each tap of the dilated kernel reads d neighbouring cells",
        conv=Steps(kernel=dense_taps, kernel_size=lambda a: a.span, dilation=lambda a: 1),
    ),
    lesson="10_dilation_and_same_padding",
    sources="a blog post on dilated convolution: 'each element in the dilated kernel takes a value in a subregion'",
)

register(
    "M36",
    "Stacking equal dilation rates is fine.",
    "Equal rates r > 1 read only every r-th cell: gridding.",
    asked("Three 3x3 layers of rate 2: how many cells of a row are read?", "M36", Problem("cells_read", [2, 2, 2])),
    Variant(
        "M36",
        "the field is taken to have no holes",
        cells_read=lambda rates, kernel_size=3: receptive_field([(kernel_size, 1, rate) for rate in rates]),
    ),
    lesson="11_receptive_fields_and_gridding",
    sources="MEDAL-IITB/Lung-Segmentation#1; arXiv:1702.08502",
)

register(
    "M37",
    "If the largest gap M2 is at most the kernel size, a stack of rates has no holes.",
    "With a first rate of 1 that is enough; with another one there may be holes.",
    asked("Rates 2, 2, 2, kernel 3: no holes?", "M37", Problem("reads_all", [2, 2, 2])),
    Variant("M37", "the largest gap M2 <= k is taken to be enough", reads_all=_largest_gap_is_small),
    lesson="11_receptive_fields_and_gridding",
    sources="arXiv:1702.08502",
)

register(
    "M46",
    "The ASPP rates 6, 12, 18 are fixed numbers.",
    "They belong to output stride 16; at output stride 8 they double.",
    Example(
        "ASPP rates at output stride 8?",
        right=lambda: tuple(rate * 16 // 8 for rate in (6, 12, 18)),
        wrong={"fixed": (6, 12, 18)},
    ),
    lesson="11_receptive_fields_and_gridding",
    sources="pytorch/vision#4105; tensorflow/models#6257; zhanghang1989/PyTorch-Encoding#303",
)
