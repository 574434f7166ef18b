"""Misconceptions about resizing, pooling, checkerboards, receptive fields and whole networks."""

from convlab.misconceptions.entry import Example, Misconception
from convlab.misconceptions.problem import Problem

__all__ = ["ENTRIES"]

POOLED = [[1, 2, 6, 3], [3, 5, 2, 1], [1, 2, 2, 1], [7, 3, 4, 8]]
BILINEAR = [0.25, 0.75, 0.75, 0.25]


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


def _resized(question, variants, values, **options):
    return Example(question, Problem("interpolate", values, **options), variants)


ENTRIES = (
    Misconception(
        "M17",
        "A channels-last layer takes channels-first data: it runs, so it is right.",
        "Keras and TensorFlow read the last axis as channels, so the wrong axes are enlarged.",
        (
            Example(
                'Keras Conv2DTranspose, 1 filter, kernel 3, stride 2, "same", on shape (1, 1, 2, 2): the shape?',
                right=lambda: (
                    1,
                    *(Problem("conv_transpose_same_output_size", i, stride=2).truth() for i in (1, 2)),
                    1,
                ),
                wrong={"channels first": (1, 1, 4, 4)},
                note="Height 1, width 2, 2 channels; seen with Keras 3.15.1.",
            ),
        ),
        ("VinF/deer#57", "elixir-nx/axon#419"),
    ),
    Misconception(
        "M24",
        "Bilinear enlarging has one answer, with the corners in place.",
        "align_corners decides: PyTorch's default keeps the half pixel at the border.",
        (
            _resized(
                "[10, 20] enlarged 2 times, linear: the values?",
                ("M24a", "M24b"),
                [10.0, 20.0],
                scale_factor=2,
                mode="linear",
            ),
        ),
        (
            "pytorch/pytorch#10604",
            "pytorch/pytorch PR #5511",
            "pytorch/pytorch PR #5927",
            "tensorflow/tensorflow#6720",
            "tensorflow/tensorflow#26278",
            "onnx/onnx#2214",
        ),
    ),
    Misconception(
        "M25",
        '"nearest" takes the nearest pixel centre.',
        'PyTorch\'s "nearest" takes floor(m * scale); the nearest centre is "nearest-exact".',
        (_resized('[0, 1, 2, 3, 4] to 3 cells, "nearest": the values?', ("M25",), [0, 1, 2, 3, 4], size=3),),
        (
            "pytorch/pytorch#34808",
            "pytorch/pytorch#62237",
            "pytorch/pytorch PR #64501",
            "opencv/opencv#9096",
            "opencv/opencv#22204",
        ),
    ),
    Misconception(
        "M26",
        "Interpolating integers gives integers, and exact ones.",
        "Mixing neighbours gives fractions; an integer dtype rounds them, each framework in its own way.",
        (
            _resized(
                "[10, 20] enlarged 2 times, linear: the values?",
                ("M26a", "M26b", "M26c"),
                [10.0, 20.0],
                scale_factor=2,
                mode="linear",
            ),
        ),
        ("pytorch/pytorch#113024", "pytorch/vision#8399"),
    ),
    Misconception(
        "M27",
        "Max unpooling puts the value at the top left, or the index counts inside the window.",
        "The index is a flat position in the whole plane, and the value goes back exactly there.",
        (
            Example(
                "2x2 max pooling of [[1,2,6,3],[3,5,2,1],[1,2,2,1],[7,3,4,8]]: the indices?",
                Problem("max_pool2d_indices", POOLED, 2),
                ("M27b",),
            ),
            Example(
                "Its maxima [[5, 6], [7, 8]] unpooled with these indices: the plane?",
                Problem("max_unpool2d", [[5, 6], [7, 8]], [[5, 2], [12, 15]], 2),
                ("M27a",),
            ),
        ),
        ("pytorch/pytorch#36710", "pytorch/pytorch#580", "pytorch/pytorch#68873", "onnx/onnx#2398"),
    ),
    Misconception(
        "M28",
        "Unpooling undoes pooling, and values with the same index add up.",
        "Of values with the same index one stays, and all that was not a maximum is lost.",
        (
            Example(
                "A single 9 in a 4x4 plane, pooled with 3x3 and stride 1: four maxima 9 with one index. Unpooled?",
                Problem("max_unpool2d", [[9, 9], [9, 9]], [[5, 5], [5, 5]], 3, stride=1),
                ("M28", "M27a"),
            ),
        ),
        ("pytorch/pytorch#78249", "pytorch/pytorch#132041"),
    ),
    Misconception(
        "M29",
        "There is a checkerboard exactly if the stride does not divide the kernel size.",
        "The interior is constant exactly if all polyphase sums of the kernel, sum(w[r::s]), are equal.",
        (
            Example(
                "Kernel [1, 3], stride 2: is the interior constant?",
                Problem("interior_is_constant", [1, 3], 2),
                ("M29",),
            ),
            Example(
                "Kernel [0.5, 1, 0.5], stride 2: is the interior constant?",
                Problem("interior_is_constant", [0.5, 1.0, 0.5], 2),
                ("M29",),
            ),
        ),
        (
            "rohitg00/ai-engineering-from-scratch PR #374",
            "alan-turing-institute/icenet-mp PR #277",
            "NVIDIA/pix2pixHD#149",
            "distill.pub, Deconvolution and Checkerboard Artifacts",
        ),
    ),
    Misconception(
        "M30",
        "Only upsampling makes checkerboards.",
        "The gradient of a strided convolution is a transposed convolution, with the same uneven overlap.",
        (
            Example(
                "Gradient of the sum of conv1d(x, [1, 1, 1], stride=2) for 9 cells x?",
                Problem("overlap_counts", 4, 3, stride=2),
                wrong={"no checkerboard": "all equal"},
            ),
        ),
        (
            "distill.pub, Deconvolution and Checkerboard Artifacts: Artifacts in Gradients",
            "soumith/ganhacks#59",
            "NifTK/NiftyNet#457",
            "pytorch/pytorch PR #5429",
        ),
    ),
    Misconception(
        "M31",
        "If the stride divides the kernel size, every cell is covered alike.",
        "Alike in the interior only: at the border fewer stamps overlap.",
        (
            Example(
                "4 cells, kernel 4, stride 2, padding 1: how many stamps reach each output cell?",
                Problem("overlap_counts", 4, 4, stride=2, padding=1),
                ("M31",),
            ),
        ),
        ("arXiv:1411.4038, FCN: its bilinear kernels give 0.75 of a constant at the border",),
    ),
    Misconception(
        "M32",
        "A bilinear kernel must sum to 1.",
        "Each of its polyphases must: the kernel sums to the stride, per axis.",
        (
            Example(
                "8 everywhere, kernel [0.25, 0.75, 0.75, 0.25], stride 2, padding 1: the values?",
                Problem("conv_transpose1d", [8.0, 8.0, 8.0], BILINEAR, stride=2, padding=1),
                ("M32",),
            ),
        ),
        ("ucbdrive/dla#19", "xingyizhou/CenterNet#817", "MarvinTeichmann/tensorflow-fcn#17"),
    ),
    Misconception(
        "M33",
        "The receptive field is the sum, or the product, of the kernel sizes.",
        "Each layer adds (k - 1) times its dilation times the product of the strides before it.",
        (
            Example("Two 3x3 layers?", Problem("receptive_field", [(3, 1, 1)] * 2), ("M33a", "M33b")),
            Example(
                "3x3 with stride 2, then 3x3?", Problem("receptive_field", [(3, 2, 1), (3, 1, 1)]), ("M33a", "M33c")
            ),
            Example(
                "3x3 with dilation 1, 2, 4?",
                Problem("receptive_field", [(3, 1, 1), (3, 1, 2), (3, 1, 4)]),
                ("M33a", "M33d", "M33e"),
            ),
        ),
        (
            "sfzhang15/SFD#69",
            "AlexeyAB/darknet#1206",
            "Fangyh09/pytorch-receptive-field#6",
            "ibab/tensorflow-wavenet#259",
        ),
    ),
    Misconception(
        "M34",
        "The 7x7 panel in the figure of Yu and Koltun is the field of one layer of rate 2.",
        "It is the field of the stack of rate 1 and rate 2; the layer of rate 2 alone sees 5x5.",
        (Example("3x3 with dilation 2, alone: the field?", Problem("receptive_field", [(3, 1, 2)]), ("M34",)),),
        ("codetd.com/en/article/15551302",),
    ),
    Misconception(
        "M36",
        "Stacking equal dilation rates is fine.",
        "Equal rates r > 1 read only every r-th cell: gridding.",
        (
            Example(
                "Three 3x3 layers of rate 2: how many cells of a row are read?",
                Problem("cells_read", [2, 2, 2]),
                ("M36",),
            ),
        ),
        ("MEDAL-IITB/Lung-Segmentation#1", "arXiv:1702.08502"),
    ),
    Misconception(
        "M37",
        "If the largest gap M2 is at most the kernel size, a stack of rates has no holes.",
        "That is enough only if the first rate is 1.",
        (Example("Rates 2, 2, 2, kernel 3: no holes?", Problem("reads_all", [2, 2, 2]), ("M37",)),),
        ("arXiv:1702.08502",),
    ),
    Misconception(
        "M39",
        "F.pad lists the first axis first.",
        "It lists the LAST axis first: left, right, then top, bottom.",
        (
            Example(
                "Shape of F.pad(zeros(2, 2), (1, 2, 3, 4))?",
                right=lambda: Problem("pad", [[0, 0], [0, 0]], (1, 2, 3, 4)).truth().shape,
                wrong={"M39": (5, 9)},
            ),
            Example("F.pad([[7]], (0, 1, 0, 2))?", Problem("pad", [[7]], (0, 1, 0, 2)), ("M39",)),
        ),
        ("DingXiaoH/DiverseBranchBlock#26", "blue-oil/blueoil PR #1085", "mlverse/torchvision PR #28"),
    ),
    Misconception(
        "M40",
        "pixel_shuffle and depth_to_space are the same.",
        "They read the channels in another order: PyTorch has the channel first, TensorFlow the block.",
        (
            Example(
                "Channels 1..8 at one pixel, upscale factor 2: pixel_shuffle gives?",
                Problem("pixel_shuffle", [[[c]] for c in range(1, 9)], 2),
                ("M40",),
            ),
        ),
        (
            "tensorflow/tensorflow#53291",
            "onnx/onnx PR #2163",
            "microsoft/onnxscript#2891",
            "PINTO0309/onnx2tf#91",
        ),
    ),
    Misconception(
        "M45",
        "The skips of a U-Net fit by themselves.",
        "Pooling rounds down, so odd sizes do not come back: pad, crop or give the output size.",
        (
            Example(
                "Padded U-Net, input 572, four times down: the sizes on the way up?",
                right=lambda: _down_and_up(572, 4)[1],
                wrong={"the skips": lambda: _down_and_up(572, 4)[0]},
            ),
        ),
        (
            "meetps/pytorch-semseg#145",
            "milesial/Pytorch-UNet#32",
            "keras-team/keras#19964",
            "ptrblck/pytorch_misc#2",
        ),
    ),
    Misconception(
        "M46",
        "The ASPP rates 6, 12, 18 are fixed numbers.",
        "They belong to output stride 16; at output stride 8 they double.",
        (
            Example(
                "ASPP rates at output stride 8?",
                right=lambda: tuple(rate * 16 // 8 for rate in (6, 12, 18)),
                wrong={"fixed": (6, 12, 18)},
            ),
        ),
        ("pytorch/vision#4105", "tensorflow/models#6257", "zhanghang1989/PyTorch-Encoding#303"),
    ),
    Misconception(
        "M47",
        "The crop offsets of FCN are magic, or centred.",
        "The begin offset follows from the paddings and is fixed; what is left at the end depends on the size.",
        (
            Example(
                "FCN-8s on 224 cells: begin and end crops?",
                right=lambda: _fcn8s_crops(224),
                wrong={"centred": lambda: [((b + e) / 2, (b + e) / 2) for b, e in _fcn8s_crops(224)]},
                note="Begin offsets 5, 9 and 31 as in the published networks.",
            ),
        ),
        ("wkentaro/pytorch-fcn#51", "wkentaro/pytorch-fcn#97", "wkentaro/pytorch-fcn#147", "wkentaro/fcn#102"),
    ),
    Misconception(
        "M48",
        "The kernel of a DCGAN can be changed freely.",
        "Kernel 5 with stride 2 and padding 2 needs output_padding 1 to double the size.",
        (
            Example(
                "DCGAN generator with kernel 5, stride 2, padding 2: the sizes?",
                right=lambda: _dcgan(0),
                wrong={"still doubles": lambda: _dcgan(1)},
            ),
        ),
        ("soumith/dcgan.torch#11",),
    ),
)
