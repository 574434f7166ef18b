"""The thread of the course: a coarse map of 8 x 8 numbers must become a picture of 64 x 64.

The photograph shows a flower; the map says how much of each block is flower, as the last layer of a network
would. Wanted is the mask. Nothing is trained by steps: a transposed convolution is linear in its kernel, so the best
kernel is a least squares problem (:func:`best_kernel`). NumPy only.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.image import imread

from convlab.reference import conv_transpose2d
from convlab.studies.photographs import PICTURES
from convlab.typing import Array
from convlab.validation import integer

__all__ = [
    *("best_join", "best_kernel", "block_means", "doubling_kernels"),
    *("flower", "flower_in_colour", "mistakes", "outlined", "tent"),
]

TOP, LEFT, SIDE = 44, 140, 320  # the square of the photograph, in pixels: one flower, a little off the middle
SIZE = 64  # cells of the picture on a side
RED_OVER_BLUE = 0.2  # the flower is orange, all around it is green and blue


def block_means(picture: Array, factor: int) -> Array:
    """The mean of each ``factor`` x ``factor`` block of a picture ``(H, W)``: ``(H / factor, W / factor)``.

    Examples
    --------
    >>> block_means(np.array([[1.0, 3.0, 0.0, 0.0], [5.0, 7.0, 0.0, 4.0]]), 2)
    array([[4., 1.]])
    """
    factor = integer("factor", factor, minimum=1)
    height, width = picture.shape
    if height % factor or width % factor:
        raise ValueError(f"factor must divide the shape {picture.shape}, got {factor}")
    return picture.reshape(height // factor, factor, width // factor, factor).mean(axis=(1, 3))


def flower(size: int = SIZE) -> tuple[Array, Array]:
    """The photograph in gray from 0 to 1, and its mask, 1 where the flower is: both ``(size, size)``.

    ``size`` must divide 320.

    Examples
    --------
    >>> picture, mask = flower()
    >>> picture.shape, mask.shape, sorted(set(mask.ravel().tolist()))
    ((64, 64), (64, 64), [0, 1])
    """
    pixels, factor = _square(size)
    orange = block_means(pixels[:, :, 0] - pixels[:, :, 2], factor) > RED_OVER_BLUE
    return block_means(pixels.mean(axis=2), factor), orange.astype(int)


def flower_in_colour(size: int = SIZE) -> Array:
    """The photograph of :func:`flower` in colour, ``(size, size, 3)``: red, green and blue from 0 to 1, channels last.

    Examples
    --------
    >>> flower_in_colour(8).shape
    (8, 8, 3)
    """
    pixels, factor = _square(size)
    return np.stack([block_means(channel, factor) for channel in np.moveaxis(pixels, 2, 0)], axis=2)


def _square(size):
    """The pixels of the square, ``(320, 320, 3)``, and how many of them, on a side, make one cell."""
    if SIDE % integer("size", size, minimum=1):
        raise ValueError(f"size must divide {SIDE}, got {size}")
    return imread(PICTURES / "flower.jpg")[TOP : TOP + SIDE, LEFT : LEFT + SIDE] / 255, SIDE // size


def tent(factor: int) -> Array:
    """A kernel that falls from its middle like the roof of a tent, ``(2 * factor, 2 * factor)``: that of FCN.

    Examples
    --------
    >>> tent(2)[1]
    array([0.1875, 0.5625, 0.5625, 0.1875])
    """
    side = 1 - np.abs(np.arange(2 * integer("factor", factor, minimum=1)) - factor + 0.5) / factor
    return np.outer(side, side)


def best_kernel(
    coarse: Array, wanted: Array, kernel_size: int, stride: int, padding: int = 0, output_padding: int = 0
) -> Array:
    """The kernel ``(kernel_size, kernel_size)`` whose output is nearest to ``wanted``, by least squares.

    ``coarse`` is ``(h, w)``, and ``wanted`` has the shape of the output. Each tap of the kernel adds one known picture
    to the output, so the taps are the unknowns of a linear system.

    Examples
    --------
    >>> w = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> x = np.array([[1.0, 5.0], [2.0, 0.0]])
    >>> best_kernel(x, conv_transpose2d(x[None, None], w[None, None])[0, 0], kernel_size=2, stride=1).round(6)
    array([[1., 2.],
           [3., 4.]])
    """
    taps = np.eye(kernel_size**2).reshape(-1, 1, 1, kernel_size, kernel_size)
    layer = {"stride": stride, "padding": padding, "output_padding": output_padding}
    columns = [conv_transpose2d(coarse[None, None], tap, **layer)[0, 0].ravel() for tap in taps]
    if np.size(wanted) != len(columns[0]):
        raise ValueError(f"wanted must have the {len(columns[0])} cells of the output, got shape {np.shape(wanted)}")
    solution = np.linalg.lstsq(np.stack(columns, axis=1), np.ravel(wanted), rcond=None)[0]
    return solution.reshape(kernel_size, kernel_size)


def best_join(maps: Sequence[Array], wanted: Array, kernel_size: int = 3) -> Array:
    """What a convolution makes of several maps, with the weights that come nearest to ``wanted``; all are ``(H, W)``.

    It has a bias and keeps the size; around the maps their outermost cells are repeated.

    Examples
    --------
    >>> best_join([np.array([[1.0, 2.0, 5.0]])], np.array([[2.0, 3.0, 6.0]]), kernel_size=1).round(6)
    array([[2., 3., 6.]])
    """
    kernel_size = integer("kernel_size", kernel_size, minimum=1)
    if kernel_size % 2 == 0:
        raise ValueError(f"kernel_size must be odd, got {kernel_size}")
    columns = [np.ones(np.size(wanted))]
    for one in maps:
        if np.shape(one) != np.shape(wanted):
            raise ValueError(f"maps must have the shape of wanted, {np.shape(wanted)}, got {np.shape(one)}")
        padded = np.pad(one, kernel_size // 2, mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, (kernel_size, kernel_size))
        columns += list(windows.reshape(-1, kernel_size**2).T)
    taps = np.stack(columns, axis=1)
    return (taps @ np.linalg.lstsq(taps, np.ravel(wanted), rcond=None)[0]).reshape(np.shape(wanted))


def doubling_kernels(mask: Array) -> list[Array]:
    """The kernels ``(5, 5)`` of a decoder of three layers with stride 2, from ``block_means(mask, 8)`` to the mask.

    Each is the :func:`best_kernel` for its step in the frame of Keras' ``padding="same"``: 1 cell is cut at the
    beginning and 2 at the end.

    Examples
    --------
    >>> [kernel.shape for kernel in doubling_kernels(flower()[1])]
    [(5, 5), (5, 5), (5, 5)]
    """
    kernels, layer = [], {"stride": 2, "padding": 2, "output_padding": 1}
    turned = mask[::-1, ::-1]  # best_kernel crops like PyTorch, (2, 1): turned by 180 degrees that is (1, 2)
    picture = block_means(turned, 8)
    for factor in (4, 2, 1):
        kernel = best_kernel(picture, block_means(turned, factor), 5, **layer)
        picture = conv_transpose2d(picture[None, None], kernel[None, None], **layer)[0, 0]
        kernels.append(kernel[::-1, ::-1].copy())
    return kernels


def mistakes(output: Array, mask: Array) -> float:
    """How many cells in a hundred are on the wrong side: ``output`` above one half says "flower".

    Examples
    --------
    >>> mistakes(np.array([0.2, 0.6, 0.9, 0.4]), np.array([0, 1, 1, 1]))
    25.0
    """
    if np.shape(output) != np.shape(mask):
        raise ValueError(f"output must have the shape of the mask, {np.shape(mask)}, got {np.shape(output)}")
    return float(100 * np.mean((np.asarray(output) > 0.5) != (np.asarray(mask) == 1)))


def outlined(picture: Array, mask: Array) -> Array:
    """The picture ``(H, W)``, darker, with the rim of the mask in white: where a network thinks the flower is.

    The rim are the cells of the mask that have a neighbour outside it; what lies past the picture is no neighbour.

    Examples
    --------
    >>> outlined(np.zeros((1, 5)), [[0, 1, 1, 1, 0]]).tolist()
    [[0.0, 1.0, 0.0, 1.0, 0.0]]
    """
    if np.shape(mask) != np.shape(picture):
        raise ValueError(f"mask must have the shape of the picture, {np.shape(picture)}, got {np.shape(mask)}")
    wide = np.pad(np.asarray(mask, dtype=bool), 1, mode="edge")
    inside = wide[1:-1, 1:-1] & wide[:-2, 1:-1] & wide[2:, 1:-1] & wide[1:-1, :-2] & wide[1:-1, 2:]
    return np.where(wide[1:-1, 1:-1] & ~inside, 1.0, 0.6 * picture)
