"""Misconceptions about resizing, unpooling, pixel shuffling and checkerboards."""

import numpy as np

from convlab.misconceptions.catalogue.kernel_rules import sum_of_one
from convlab.misconceptions.catalogue.resize_rules import (
    asymmetric_linear,
    depth_to_space,
    index_in_window,
    other_corners,
    other_nearest,
    put_top_left,
    rounded,
    sum_duplicates,
)
from convlab.misconceptions.examples import Example, asked
from convlab.misconceptions.problem import Problem
from convlab.misconceptions.registry import NotApplicable, Steps, Variant, register
from convlab.views import overlap_counts

POOLED = [[1, 2, 6, 3], [3, 5, 2, 1], [1, 2, 2, 1], [7, 3, 4, 8]]
LINEAR = {"operator": "interpolate", "input": [10.0, 20.0], "scale_factor": 2, "mode": "linear"}


def _all_alike(input_size, kernel_size, stride=1, **options):
    counts = overlap_counts(input_size, kernel_size, stride, **options)
    if not isinstance(stride, int) or kernel_size % stride:
        raise NotApplicable("the stride does not divide the kernel size")
    return np.full_like(counts, kernel_size // stride)


def _divided_by_stride(kernels, stride):
    return {name for name, kernel in kernels.items() if len(kernel) % stride == 0}


register(
    "M24",
    "Bilinear enlarging has one answer, with the corners in place.",
    "align_corners decides: PyTorch's default keeps the half pixel at the border.",
    asked("[10, 20] enlarged 2 times, linear: the values?", "M24a M24b", Problem(**LINEAR)),
    Variant(
        "M24a", "the corners are aligned where they should not be, or the other way round", interpolate=other_corners
    ),
    Variant("M24b", "the half-pixel offset is left out", interpolate=asymmetric_linear),
    lesson="12_fixed_upsampling",
    sources="pytorch/pytorch#10604; pytorch/pytorch PR #5511; pytorch/pytorch PR #5927; "
    "tensorflow/tensorflow#6720; tensorflow/tensorflow#26278; onnx/onnx#2214",
)

register(
    "M25",
    '"nearest" takes the nearest pixel centre.',
    'PyTorch\'s "nearest" takes floor(m * scale); the nearest centre is "nearest-exact".',
    asked('[0, 1, 2, 3, 4] to 3 cells, "nearest": the values?', "M25", Problem("interpolate", [0, 1, 2, 3, 4], size=3)),
    Variant("M25", "the other of the two nearest rules is taken", interpolate=other_nearest),
    lesson="12_fixed_upsampling",
    sources="pytorch/pytorch#34808; pytorch/pytorch#62237; pytorch/pytorch PR #64501; opencv/opencv#9096; "
    "opencv/opencv#22204",
)

register(
    "M26",
    "Interpolating integers gives integers, and exact ones.",
    "Mixing neighbours gives fractions; an integer dtype rounds them, each framework in its own way.",
    asked("[10, 20] enlarged 2 times, linear: the values?", "M26a M26b M26c", Problem(**LINEAR)),
    Variant("M26a", "the values are rounded down to whole numbers", interpolate=rounded(np.floor)),
    Variant("M26b", "the values are rounded to whole numbers, halves to even", interpolate=rounded(np.rint)),
    Variant(
        "M26c",
        "the values are rounded to whole numbers, halves up",
        interpolate=rounded(lambda values: np.floor(values + 0.5)),
    ),
    lesson="12_fixed_upsampling",
    sources="pytorch/pytorch#113024; pytorch/vision#8399",
)

register(
    "M27",
    "Max unpooling puts the value at the top left, or the index counts inside the window.",
    "The index is a flat position in the whole plane, and the value goes back exactly there.",
    asked(
        "2x2 max pooling of [[1,2,6,3],[3,5,2,1],[1,2,2,1],[7,3,4,8]]: the indices?",
        "M27b",
        Problem("max_pool2d_indices", POOLED, 2),
    ),
    asked(
        "Its maxima [[5, 6], [7, 8]] unpooled with these indices: the plane?",
        "M27a",
        Problem("max_unpool2d", [[5, 6], [7, 8]], [[5, 2], [12, 15]], 2),
    ),
    Variant("M27a", "each value is put at the top left of its window", max_unpool2d=put_top_left),
    Variant("M27b", "the indices count inside each window", max_pool2d_indices=index_in_window),
    lesson="12_fixed_upsampling",
    sources="pytorch/pytorch#36710; pytorch/pytorch#580; pytorch/pytorch#68873; onnx/onnx#2398",
)

register(
    "M28",
    "Unpooling undoes pooling, and values with the same index add up.",
    "Of values with the same index one stays, and all that was not a maximum is lost.",
    asked(
        "A single 9 in a 4x4 plane, pooled with 3x3 and stride 1: four maxima 9 with one index. Unpooled?",
        "M28 M27a",
        Problem("max_unpool2d", [[9, 9], [9, 9]], [[5, 5], [5, 5]], 3, stride=1),
    ),
    Variant("M28", "values with the same index are added up", max_unpool2d=sum_duplicates),
    lesson="12_fixed_upsampling",
    sources="pytorch/pytorch#78249; pytorch/pytorch#132041",
)

register(
    "M29",
    "There is a checkerboard exactly if the stride does not divide the kernel size.",
    "The interior is constant exactly if all polyphase sums of the kernel, sum(w[r::s]), are equal.",
    asked("Kernel [1, 3], stride 2: is the interior constant?", "M29", Problem("interior_is_constant", [1, 3], 2)),
    asked(
        "Kernel [0.5, 1, 0.5], stride 2: is the interior constant?",
        "M29",
        Problem("interior_is_constant", [0.5, 1.0, 0.5], 2),
    ),
    Variant(
        "M29",
        "only whether the stride divides the kernel size is looked at",
        interior_is_constant=lambda weight, stride: len(weight) % stride == 0,
        kernels_without_checkerboard=_divided_by_stride,
    ),
    lesson="13_checkerboards_and_learned_upsampling",
    sources="rohitg00/ai-engineering-from-scratch PR #374; alan-turing-institute/icenet-mp PR #277; "
    "NVIDIA/pix2pixHD#149; distill.pub, Deconvolution and Checkerboard Artifacts",
)

register(
    "M30",
    "Only upsampling makes checkerboards.",
    "The gradient of a strided convolution is a transposed convolution, with the same uneven overlap.",
    Example(
        "Gradient of the sum of conv1d(x, [1, 1, 1], stride=2) for 9 cells x?",
        Problem("overlap_counts", 4, 3, stride=2),
        wrong={"no checkerboard": "all equal"},
    ),
    lesson="13_checkerboards_and_learned_upsampling",
    sources="distill.pub, Deconvolution and Checkerboard Artifacts: Artifacts in Gradients; soumith/ganhacks#59; "
    "NifTK/NiftyNet#457; pytorch/pytorch PR #5429",
)

register(
    "M31",
    "If the stride divides the kernel size, every cell is covered alike.",
    "Alike in the interior only: at the border fewer stamps overlap.",
    asked(
        "4 cells, kernel 4, stride 2, padding 1: how many stamps reach each output cell?",
        "M31",
        Problem("overlap_counts", 4, 4, stride=2, padding=1),
    ),
    Variant("M31", "the border is taken to be as covered as the middle", overlap_counts=_all_alike),
    lesson="13_checkerboards_and_learned_upsampling",
    sources="arXiv:1411.4038, FCN: its bilinear kernels give 0.75 of a constant at the border",
)

register(
    "M32",
    "A bilinear kernel must sum to 1.",
    "Each of its polyphases must: the kernel sums to the stride, per axis.",
    asked(
        "8 everywhere, kernel [0.25, 0.75, 0.75, 0.25], stride 2, padding 1: the values?",
        "M32",
        Problem("conv_transpose1d", [8.0, 8.0, 8.0], [0.25, 0.75, 0.75, 0.25], stride=2, padding=1),
    ),
    Variant("M32", "the kernel is divided by its sum", transposed=Steps(kernel=sum_of_one)),
    lesson="12_fixed_upsampling",
    sources="ucbdrive/dla#19; xingyizhou/CenterNet#817; MarvinTeichmann/tensorflow-fcn#17",
)

register(
    "M40",
    "pixel_shuffle and depth_to_space are the same.",
    "They read the channels in another order: PyTorch has the channel first, TensorFlow the block.",
    asked(
        "Channels 1..8 at one pixel, upscale factor 2: pixel_shuffle gives?",
        "M40",
        Problem("pixel_shuffle", [[[c]] for c in range(1, 9)], 2),
    ),
    Variant("M40", "the channels are read in TensorFlow's order", pixel_shuffle=depth_to_space),
    lesson="09_channels_groups_layout",
    sources="tensorflow/tensorflow#53291; onnx/onnx PR #2163; microsoft/onnxscript#2891; PINTO0309/onnx2tf#91",
)
