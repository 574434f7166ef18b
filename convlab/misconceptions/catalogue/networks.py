"""Misconceptions about whole networks: U-Net, FCN, DCGAN. Nothing here is diagnosed; the entries are read."""

from convlab.misconceptions.examples import Example
from convlab.misconceptions.problem import Problem
from convlab.misconceptions.registry import register


def _down_and_up(size, times):
    """Sizes of a U-Net with padded convolutions: of the skips, and on the way up, from the bottom."""
    skips = []
    for _ in range(times):
        skips.append(size)
        size //= 2
    ups = []
    for _ in range(times):
        size = Problem("conv_transpose_output_size", size, 2, stride=2).truth()
        ups.append(size)
    return skips[::-1], ups


def _dcgan(output_padding):
    """Sizes of the DCGAN generator with kernel 5: 1, then 4, then four layers of stride 2."""
    sizes = [1, Problem("conv_transpose_output_size", 1, 4).truth()]
    for _ in range(4):
        layer = {"stride": 2, "padding": 2, "output_padding": output_padding}
        sizes.append(Problem("conv_transpose_output_size", sizes[-1], 5, **layer).truth())
    return sizes


def _fcn8s_crops(size):
    """Begin and end crops of FCN-8s: at pool 4, at pool 3, and of the output."""
    sizes = [size + 198]
    for _ in range(5):
        sizes.append(-(-sizes[-1] // 2))
    first = Problem("conv_transpose_output_size", sizes[5] - 6, 4, stride=2).truth()
    second = Problem("conv_transpose_output_size", first, 4, stride=2).truth()
    last = Problem("conv_transpose_output_size", second, 16, stride=8).truth()
    return [(5, sizes[4] - 5 - first), (9, sizes[3] - 9 - second), (31, last - 31 - size)]


register(
    "M45",
    "The skips of a U-Net fit by themselves.",
    "Pooling rounds down, so odd sizes do not come back: pad, crop or give the output size.",
    Example(
        "Padded U-Net, input 572, four times down: the sizes on the way up?",
        right=lambda: _down_and_up(572, 4)[1],
        wrong={"the skips": lambda: _down_and_up(572, 4)[0]},
    ),
    lesson="08_lost_sizes",
    sources="meetps/pytorch-semseg#145; milesial/Pytorch-UNet#32; keras-team/keras#19964; ptrblck/pytorch_misc#2",
)

register(
    "M47",
    "The crop offsets of FCN are magic, or centred.",
    "The begin offset follows from the paddings and is fixed; what is left at the end depends on the size.",
    Example(
        "FCN-8s on 224 cells: begin and end crops?",
        right=lambda: _fcn8s_crops(224),
        wrong={"centred": lambda: [((b + e) / 2, (b + e) / 2) for b, e in _fcn8s_crops(224)]},
        note="Begin offsets 5, 9 and 31 as in the published networks.",
    ),
    lesson="14_shape_clinic",
    sources="wkentaro/pytorch-fcn#51; wkentaro/pytorch-fcn#97; wkentaro/pytorch-fcn#147; wkentaro/fcn#102",
)

register(
    "M48",
    "The kernel of a DCGAN can be changed freely.",
    "Kernel 5 with stride 2 and padding 2 needs output_padding 1 to double the size.",
    Example(
        "DCGAN generator with kernel 5, stride 2, padding 2: the sizes?",
        right=lambda: _dcgan(0),
        wrong={"still doubles": lambda: _dcgan(1)},
    ),
    lesson="14_shape_clinic",
    sources="soumith/dcgan.torch#11",
)
