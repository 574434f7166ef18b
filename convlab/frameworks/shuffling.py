"""Channels dealt out over space: ``pixel_shuffle`` and ``depth_to_space`` number them differently.

With blocks of ``r`` cells a side, output cell ``(r h + a, r w + b)`` of channel ``c`` takes the input
at ``(h, w)`` from

* channel ``c r^2 + a r + b`` in *CRD* order: PyTorch, and ONNX with ``mode="CRD"``;
* channel ``(a r + b) C + c`` in *DCR* order: TensorFlow, Keras, and ONNX by default.

JAX has no such function. :func:`space_to_depth` is the way back, in the same order; ONNX has it in DCR only.
"""

from typing import Any

import numpy as np

from convlab.frameworks.arrays import like, rearrange, single
from convlab.frameworks.registry import checked_options, find
from convlab.reference import pixel_shuffle, pixel_unshuffle
from convlab.typing import Array
from convlab.validation import array, integer, layout

__all__ = ["channel_order", "dealt", "depth_to_space", "run_depth_to_space", "run_space_to_depth", "space_to_depth"]


def channel_order(framework: str, **options: Any) -> str:
    """``"CRD"`` or ``"DCR"``, for ``"torch"``, ``"tensorflow"``, ``"keras"``, or ``"onnx"`` with its ``mode``.

    >>> channel_order("torch"), channel_order("onnx"), channel_order("onnx", mode="CRD")
    ('CRD', 'DCR', 'CRD')
    """
    return checked_options(framework, "channel_order", options).channel_order(**options)


def depth_to_space(framework: str, x: Array, block_size: int, **options: Any) -> Array:
    """Deal channels out over space as a framework does, on NumPy arrays in its layout.

    ``x`` is ``(N, C * r^2, H, W)``, the output ``(N, C, H * r, W * r)``; for tensorflow and keras, which
    take no ``block_size`` r of 1, channels are last.

    >>> x = np.arange(1, 9).reshape(1, 8, 1, 1)
    >>> depth_to_space("torch", x, 2)[0].tolist()
    [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
    >>> depth_to_space("onnx", x, 2)[0].tolist()
    [[[1, 3], [5, 7]], [[2, 4], [6, 8]]]
    """
    order, axes, r, images = _images(framework, x, block_size, options)
    if order == "DCR" and images.shape[1] % r**2 == 0:
        images = images[:, dealt(images.shape[1], r, "DCR", "CRD")]
    return np.ascontiguousarray(rearrange(pixel_shuffle(images, r), "NCHW", axes))


def space_to_depth(framework: str, x: Array, block_size: int) -> Array:
    """Deal space out over channels as a framework does: ``(N, C, H * r, W * r)`` gives ``(N, C * r^2, H, W)``.

    In torch ``pixel_unshuffle``; layouts as in :func:`depth_to_space`, which undoes it.

    >>> x = np.arange(8).reshape(1, 2, 2, 2)
    >>> space_to_depth("torch", x, 2).ravel(), space_to_depth("onnx", x, 2).ravel()
    (array([0, 1, 2, 3, 4, 5, 6, 7]), array([0, 4, 1, 5, 2, 6, 3, 7]))
    """
    order, axes, r, images = _images(framework, x, block_size, {})
    packed = pixel_unshuffle(images, r)
    if order == "DCR":
        packed = packed[:, dealt(packed.shape[1], r, "CRD", "DCR")]
    return np.ascontiguousarray(rearrange(packed, "NCHW", axes))


def _images(framework, x, block_size, options):
    """The order of channels, the layout, the size of blocks, and the images as ``(N, C, H, W)``."""
    found, order = checked_options(framework, "channel_order", options), channel_order(framework, **options)
    layout("x", array("x", x), [tuple(axes := found.input_layout())])
    r = integer("block_size", block_size, minimum=1)
    if r < found.smallest_block:
        raise ValueError(f"{framework}: block_size must be at least {found.smallest_block}, got {r}")
    return order, axes, r, rearrange(x, axes, "NCHW")


def dealt(channels: int, block_size: int, from_order: str, to_order: str) -> list[int]:
    """The channels in the order that gives, dealt by ``to_order``, what they gave by ``from_order``.

    >>> dealt(8, 2, "DCR", "CRD")
    [0, 2, 4, 6, 1, 3, 5, 7]
    """
    numbers = np.arange(channels)
    if from_order == to_order:
        return numbers.tolist()
    first = block_size**2 if from_order == "DCR" else channels // block_size**2
    return numbers.reshape(first, -1).T.ravel().tolist()


def run_depth_to_space(framework: str, x: Array, block_size: int, **options: Any) -> Array:
    """Call the installed framework, as :func:`convlab.frameworks.run`, with the arguments of :func:`depth_to_space`.

    >>> run_depth_to_space("torch", np.arange(1, 5).reshape(1, 4, 1, 1), 2).ravel()
    array([1, 2, 3, 4])
    """
    found = checked_options(framework, "channel_order", options)
    channel_order(framework, **options)
    layout("x", array("x", x), [tuple(found.input_layout())])
    return like(x, found.depth_to_space(found.api(), found.tensor(single("x", x)), block_size, options))


def run_space_to_depth(framework: str, x: Array, block_size: int) -> Array:
    """Call the installed framework, as :func:`convlab.frameworks.run`, with the arguments of :func:`space_to_depth`.

    >>> run_space_to_depth("torch", np.arange(4).reshape(1, 1, 2, 2), 2).ravel()
    array([0, 1, 2, 3])
    """
    found = find(framework, "channel_order")
    layout("x", array("x", x), [tuple(found.input_layout())])
    return like(x, found.space_to_depth(found.api(), found.tensor(single("x", x)), block_size))
