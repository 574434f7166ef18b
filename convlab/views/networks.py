"""Well-known networks as stacks of layers: the patients of lesson 14, to be looked at and changed.

One axis, input first, without skip connections and without what changes no size. Explorers and lessons take them by
their names.
"""

from convlab.views.layer_stacks import Conv, ConvTranspose, Layer, Pool, stack

__all__ = ["NETWORKS"]

_CONV = Conv(3, padding=1)
_VGG = [[[_CONV] * count, Pool(2)] for count in (2, 2, 3, 3, 3)]
_BOTTLENECKS = [
    [[Conv(1), Conv(3, stride if first else 1, padding=1), Conv(1)] for first in [True] + [False] * (count - 1)]
    for stride, count in ((2, 2), (2, 3), (2, 4), (1, 3), (2, 3), (1, 1))
]

#: Their layers by their names.
NETWORKS: dict[str, list[Layer]] = {
    name: stack(layers)
    for name, layers in {
        "VGG16": _VGG,
        # Caffe's VGG16 with a padding of 100, pools that round up, and its fully connected layers as convolutions
        "FCN-8s": [
            Conv(3, padding=100),
            [[[_CONV] * count, Pool(2, ceil_mode=True)] for count in (1, 2, 3, 3, 3)],
            [Conv(7), ConvTranspose(4, stride=2), ConvTranspose(4, stride=2), ConvTranspose(16, stride=8)],
        ],
        "DeepLab-LargeFOV": [
            [[[_CONV] * count, Pool(3, 2, 1)] for count in (2, 2, 3)],
            [[_CONV] * 3, Pool(3, 1, 1), [Conv(3, padding=2, dilation=2)] * 3, Pool(3, 1, 1)],
            Conv(3, padding=12, dilation=12),
        ],
        "U-Net": [
            [Conv(3), Conv(3), Pool(2)] * 4,
            [Conv(3), Conv(3), ConvTranspose(2, stride=2)] * 4,
            [Conv(3), Conv(3), Conv(1)],
        ],
        "DCGAN generator": [ConvTranspose(4), [ConvTranspose(4, stride=2, padding=1)] * 4],
        "MobileNetV2": [Conv(3, stride=2, padding=1), [_CONV, Conv(1)], _BOTTLENECKS, Conv(1)],
        "particle decoder": [ConvTranspose(4, stride=2), Conv(3)] * 3,
    }.items()
}
