"""Upsampling without learned weights, pixel shuffle and its inverse, for reading.

Names, argument names and argument order are those of ``torch.nn.functional``;
``bed_of_nails`` has no counterpart there. Refusals as in :mod:`.conv_nd`.
"""

from collections.abc import Sequence

import numpy as np

from convlab.arithmetic import interpolate_output_size
from convlab.typing import Array, Ints
from convlab.validation import IMAGES, SAMPLES, array, boolean, integer, integer_tuple, layout, widened

__all__ = ["bed_of_nails", "interpolate", "pixel_shuffle", "pixel_unshuffle"]

LINEAR = {"linear": 1, "bilinear": 2}


def interpolate(
    input: Array,
    size: Ints | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Array:
    """Resize by looking up or mixing neighbours, as ``torch.nn.functional.interpolate``.

    ``(N, C, L)``, ``(N, C, H, W)`` or ``(N, C, D, H, W)`` gives ``(N, C, *out)`` of the input's dtype. Give either
    ``size``, the output size, or ``scale_factor``, output size over input size (rounded down); one for every axis, or
    one for each.

    * ``mode``: ``"nearest"`` (takes ``floor(m * scale)``, not the nearest centre), ``"nearest-exact"`` (the nearest
      centre), ``"linear"`` (one axis) or ``"bilinear"`` (two axes). The nearest modes also take integers (as int64).
    * ``align_corners``, for the linear modes: corner centres stay at the corners, instead of half a pixel inside.
    * ``recompute_scale_factor``: use the exact ratio of the sizes instead of the given ``scale_factor``.
    * ``antialias``: only False; present for the argument order.

    Source: ``torch.nn.Upsample``; positions as in ``aten/src/ATen/native/UpSample.h`` and
    ``cpu/UpSampleKernel.cpp``, in the precision used there, so that ties fall on the same side.
    PyTorch has two kernels for the nearest modes, which now and then choose different
    neighbours: one for images with ``H_out + W_out <= 128``, one for everything else.

    >>> x = np.array([[[10.0, 20.0]]])
    >>> interpolate(x, scale_factor=2, mode="linear")
    array([[[10. , 12.5, 17.5, 20. ]]])
    >>> interpolate(x, scale_factor=2, mode="linear", align_corners=True).round(2)
    array([[[10.  , 13.33, 16.67, 20.  ]]])
    """
    image = widened(array("input", input))
    layout("input", image, SAMPLES)
    if boolean("antialias", antialias):
        raise ValueError("antialias must be False, got True: convlab has no anti-aliased resize")
    if not isinstance(mode, str) or mode not in ("nearest", "nearest-exact", *LINEAR):
        raise ValueError(f"mode must be 'nearest', 'nearest-exact', 'linear' or 'bilinear', got {mode!r}")
    if mode not in LINEAR and align_corners is not None:
        raise ValueError(f"align_corners must be None for mode={mode!r}, got {align_corners!r}")
    if mode in LINEAR and image.ndim - 2 != LINEAR[mode]:
        raise ValueError(f"mode={mode!r} needs {LINEAR[mode]} axes after (N, C), got input of shape {image.shape}")
    if mode in LINEAR and image.dtype.kind != "f":
        raise TypeError(f"input must hold floats for mode={mode!r}, which would round integers, got {input.dtype}")
    align_corners = align_corners is not None and boolean("align_corners", align_corners)
    axes = _resized_axes(image.shape[2:], size, scale_factor, recompute_scale_factor)
    real = image.dtype.type if image.dtype.kind == "f" else np.float32
    small = len(axes) == 2 and sum(output_size for _, output_size, _ in axes) <= 128
    for axis, (input_size, output_size, scale) in reversed(list(enumerate(axes, start=2))):
        if mode in LINEAR:
            low, high, share = _linear_positions(input_size, output_size, scale, align_corners, real)
            share = share.reshape(-1, *(1,) * (image.ndim - 1 - axis))
            image = image.take(low, axis) * (1 - share) + image.take(high, axis) * share
        else:
            image = image.take(_nearest_positions(input_size, output_size, scale, mode, real, small), axis)
    return image


def _resized_axes(in_size, size, scale_factor, recompute_scale_factor):
    """``(input_size, output_size, scale_factor or None)`` of each axis."""
    if (size is None) == (scale_factor is None):
        raise ValueError(f"give either size or scale_factor, got size={size}, scale_factor={scale_factor}")
    name, given = ("size", size) if scale_factor is None else ("scale_factor", scale_factor)
    given = tuple(given) if isinstance(given, (tuple, list)) else (given,) * len(in_size)
    if len(given) != len(in_size):
        raise ValueError(f"{name} must have one entry an axis, {len(in_size)}, got {given}")
    recompute = recompute_scale_factor is not None and boolean("recompute_scale_factor", recompute_scale_factor)
    if scale_factor is None:
        if recompute:
            raise ValueError(f"recompute_scale_factor must not be True when size is given, got True with size={size}")
        return [(i, integer("size", o, minimum=1), None) for i, o in zip(in_size, given)]
    return [(i, interpolate_output_size(i, f), None if recompute else float(f)) for i, f in zip(in_size, given)]


def _nearest_positions(input_size, output_size, scale_factor, mode, real, small):
    """The input cell that each output cell copies; ``small`` chooses between PyTorch's two kernels."""
    cells = np.arange(output_size)
    if small and mode == "nearest" and output_size in (input_size, 2 * input_size):
        return cells * input_size // output_size
    scale = _scale(input_size, output_size, scale_factor, np.float32 if small else real)
    if mode == "nearest":
        positions = scale * cells.astype(scale.dtype)
    elif small:
        positions = np.float64(scale) * (cells + 0.5)
    else:
        positions = _centre_positions(scale, cells) + 0.5
    return np.minimum(_floor(positions), input_size - 1)


def _linear_positions(input_size, output_size, scale_factor, align_corners, real):
    """The two input cells that each output cell mixes, and the share of the second."""
    cells = np.arange(output_size)
    if output_size == input_size:
        return cells, cells, np.zeros(output_size, real)
    if align_corners:
        positions = real(input_size - 1) / real(max(output_size - 1, 1)) * cells.astype(real)
    else:
        positions = _centre_positions(_scale(input_size, output_size, scale_factor, real), cells).astype(real)
    low = np.minimum(_floor(positions), input_size - 1)
    share = np.clip(positions - low.astype(real), 0, 1).astype(real)
    return low, np.minimum(low + 1, input_size - 1), share


def _scale(input_size, output_size, scale_factor, real):
    """Input cells per output cell."""
    return real(1 / scale_factor) if scale_factor else real(input_size) / real(output_size)


def _centre_positions(scale, cells):
    """Where the centres of the output cells lie in the input, counted from the centre of its first cell."""
    # Rounded to the scale's precision once, after the subtraction: a fused multiply-add.
    positions = (np.float64(scale) * (cells + 0.5) - 0.5).astype(scale.dtype)
    return np.maximum(positions, 0).astype(np.float64)


def _floor(positions):
    # In float32 whatever the dtype, as PyTorch's floorf does.
    return np.floor(positions.astype(np.float32)).astype(int)


def bed_of_nails(input: Array, scale_factor: Ints) -> Array:
    """Put each value at the top left of a block of zeros.

    The transposed convolution with the 1x1 kernel ``[[1]]``, ``stride=scale_factor`` and
    ``output_padding=scale_factor - 1``, channel by channel.

    ``(C, H, W)`` or ``(N, C, H, W)`` gives ``(..., H * scale_factor, W * scale_factor)``; a pair has one factor an
    axis.

    >>> bed_of_nails(np.array([[[1, 2], [3, 4]]]), 2)[0].tolist()
    [[1, 0, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]]
    """
    image = widened(array("input", input))
    layout("input", image, IMAGES)
    high, wide = integer_tuple("scale_factor", scale_factor, 2, minimum=1)
    *channels, height, width = image.shape
    output = np.zeros((*channels, height * high, width * wide), image.dtype)
    output[..., ::high, ::wide] = image
    return output


def pixel_shuffle(input: Array, upscale_factor: int) -> Array:
    """Deal channels out over space, as ``torch.nn.functional.pixel_shuffle``.

    Output pixel ``(r h + a, r w + b)`` of channel ``c`` is input channel ``c r^2 + a r + b``
    at ``(h, w)`` (ONNX calls this order CRD; TensorFlow's ``depth_to_space`` is DCR).

    ``(*, C * r^2, H, W)`` gives ``(*, C, H * r, W * r)`` for ``upscale_factor=r``.

    Source: ``torch.nn.PixelShuffle``; Shi et al., arXiv:1609.05158.

    >>> pixel_shuffle(np.arange(1, 9).reshape(8, 1, 1), 2).tolist()
    [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
    """
    image = widened(array("input", input))
    r = integer("upscale_factor", upscale_factor, minimum=1)
    if image.ndim < 3:
        raise ValueError(f"input must have shape (*, C * r^2, H, W), got {image.shape}")
    *batch, channels, height, width = image.shape
    if channels % r**2:
        raise ValueError(f"input must have a multiple of upscale_factor^2={r**2} channels, got {channels}")
    blocks = image.reshape(*batch, channels // r**2, r, r, height, width)
    rows_then_columns = np.moveaxis(blocks, (-4, -3), (-3, -1)).copy()
    return rows_then_columns.reshape(*batch, channels // r**2, height * r, width * r)


def pixel_unshuffle(input: Array, downscale_factor: int) -> Array:
    """Deal space out over channels, as ``torch.nn.functional.pixel_unshuffle``: :func:`pixel_shuffle` undone.

    ``(*, C, H * r, W * r)`` gives ``(*, C * r^2, H, W)`` for ``downscale_factor=r``.

    Source: ``torch.nn.PixelUnshuffle``.

    >>> pixel_unshuffle(np.array([[[1, 2], [3, 4]]]), 2).ravel()
    array([1, 2, 3, 4])
    """
    image = widened(array("input", input))
    r = integer("downscale_factor", downscale_factor, minimum=1)
    if image.ndim < 3:
        raise ValueError(f"input must have shape (*, C, H * r, W * r), got {image.shape}")
    *batch, channels, height, width = image.shape
    if height % r or width % r:
        raise ValueError(f"input must have multiples of downscale_factor={r} as H and W, got {height} and {width}")
    blocks = image.reshape(*batch, channels, height // r, r, width // r, r)
    rows_then_columns = np.moveaxis(blocks, (-3, -1), (-4, -3)).copy()
    return rows_then_columns.reshape(*batch, channels * r**2, height // r, width // r)
