"""Resizing by looking up neighbours: which point of the input does an output cell look at?

Along one axis every framework answers with a coordinate and, for ``nearest``, a rounding.

* *half_pixel*: cells are squares, ``(m + 1/2) i/o - 1/2``; the pictures cover each other.
* *align_corners*: cells are points, ``m (i - 1)/(o - 1)``; the corner points cover each other.
* *asymmetric*: the corners of the first cells do, ``m i/o``; the picture shifts.

Where a ``scale_factor`` is given, the output has ``floor(i * scale_factor)`` cells, and PyTorch and ONNX Runtime divide
by the given number in place of ``o/i``, which is another one where the product is not whole.

``nearest`` then takes the floor, the ceiling, or the nearest centre with ties to one side.
``linear`` mixes the two neighbours; integers must be rounded at the end, each framework in its way.

Options are the framework's own: see its class, for example ``help(convlab.frameworks.onnx.Onnx.sampling)``.
``ValueError`` is raised where the framework would refuse, and says why.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from convlab.arithmetic import interpolate_output_size
from convlab.frameworks.arrays import like, single
from convlab.frameworks.framework import COORDINATES, HALF, ROUNDINGS, SPATIAL, Framework, Options, Sampling, known
from convlab.frameworks.registry import checked_options, find
from convlab.typing import Array, Ints
from convlab.validation import array, integer, integer_tuple, layout, widened

__all__ = ["COORDINATES", "ROUNDINGS", "resize", "run_resize", "sampling", "source_positions"]


def sampling(framework: str, **options: Any) -> Sampling:
    """The coordinates and the rounding that a framework's resize uses.

    >>> sampling("torch", mode="nearest")
    Sampling(coordinates='asymmetric', rounding='floor')
    >>> sampling("tensorflow", method="nearest") == sampling("torch", mode="nearest-exact")
    True
    """
    return checked_options(framework, "sampling", options).sampling(**options)


def source_positions(
    coordinates: str, input_size: int, output_size: int, scale_factor: float | None = None
) -> list[Fraction]:
    """Where each output cell looks: exact positions, cell centres are whole numbers.

    Cells grow by ``output_size / input_size``, or by the ``scale_factor`` that is given. ``coordinates`` is
    ``"half_pixel"``, ``"align_corners"``, ``"asymmetric"`` or ``"pytorch_half_pixel"``, which is ``half_pixel`` except
    that a single output cell looks at position 0.

    >>> [[float(p) for p in source_positions(c, 2, 4)] for c in ("half_pixel", "asymmetric")]
    [[-0.25, 0.25, 0.75, 1.25], [0.0, 0.5, 1.0, 1.5]]
    >>> [str(p) for p in source_positions("align_corners", 2, 4)]
    ['0', '1/3', '2/3', '1']
    >>> [float(p) for p in source_positions("asymmetric", 4, 6, scale_factor=1.6)]
    [0.0, 0.625, 1.25, 1.875, 2.5, 3.125]
    """
    known("coordinates", coordinates, COORDINATES)
    input_size = integer("input_size", input_size, minimum=1)
    cells = range(integer("output_size", output_size, minimum=1))
    if coordinates == "align_corners":
        return [Fraction(m * (input_size - 1), max(output_size - 1, 1)) for m in cells]
    step = Fraction(input_size, output_size) if scale_factor is None else 1 / as_fraction(scale_factor)
    if coordinates == "asymmetric":
        return [m * step for m in cells]
    if coordinates == "pytorch_half_pixel" and output_size == 1:
        return [Fraction(0)]
    return [(m + HALF) * step - HALF for m in cells]


def as_fraction(scale_factor: float) -> Fraction:
    """The fraction that is meant by a scale: 1.6 is 8/5, which no binary number is.

    >>> as_fraction(1.6), as_fraction(2)
    (Fraction(8, 5), Fraction(2, 1))
    """
    return Fraction(scale_factor).limit_denominator(1000)


Scales = float | Sequence[float]


def resize(
    framework: str, x: Array, size: Ints | None = None, *, scale_factor: Scales | None = None, **options: Any
) -> Array:
    """The resize that a framework computes, on NumPy arrays in its layout: to a ``size``, or by a ``scale_factor``.

    Both are one number, or one an axis. Only torch and onnx (whose word is ``scales``) take a ``scale_factor``.

    Positions are exact fractions here and float32 in the frameworks, so a tie may fall on the
    other side for large sizes, and linear mixing may differ in the last bit. ``nearest`` gives
    integers as int64. Linear mixing gives float32, or for integers what the framework makes of
    them: tensorflow and jax float32, the others int64.

    >>> x = np.array([10, 20], np.uint8).reshape(1, 1, 2, 1)
    >>> [resize(f, x, (1, 4)).ravel().tolist() for f in ("tensorflow", "keras")]
    [[10.0, 12.5, 17.5, 20.0], [10, 12, 18, 20]]
    >>> x = np.arange(4).reshape(1, 1, 4)
    >>> resize("torch", x, scale_factor=1.6).ravel(), resize("torch", x, 6).ravel()
    (array([0, 0, 1, 1, 2, 3]), array([0, 0, 1, 2, 2, 3]))
    """
    rule = sampling(framework, **options)
    found, x, axes = _image(framework, x, size, scale_factor, options)
    mixes_integers = rule.rounding is None and x.dtype.kind in "iu"
    if mixes_integers:
        _check_mixed(found, x, rule, axes)
    image = x.astype(np.float64) if mixes_integers else widened(x)
    for axis, sizes in reversed(axes):
        positions = source_positions(rule.coordinates, *sizes)
        if rule.rounding:
            cells = [ROUNDINGS[rule.rounding](position) for position in positions]
            image = image.take(np.clip(cells, 0, image.shape[axis] - 1), axis)
        else:
            image = _mixed(image, positions, axis)
            if mixes_integers and found.rounds_each_axis:
                image = found.round_mixed(image)
    if not mixes_integers:
        return image.astype(widened(x).dtype)
    return found.round_mixed(image).astype(np.int64) if found.round_mixed else image.astype(np.float32)


def _image(framework, x, size, scale_factor, options):
    """The framework, the image, and ``(axis, (input size, output size, scale or None))`` of each axis of space."""
    found = find(framework, "sampling")
    x = array("x", x)
    layout("x", x, [tuple(found.input_layout(ndim)) for ndim in SPATIAL])
    ndim = x.ndim - 2
    found.check_axes(ndim, options)
    letters = found.input_layout(ndim)
    numbers = [letters.index(letter) for letter in SPATIAL[ndim]]
    sizes = output_sizes(found, [x.shape[axis] for axis in numbers], size, scale_factor, options)
    return found, x, list(zip(numbers, sizes))


def output_sizes(
    found: Framework, input_size: Sequence[int], size: Ints | None, scale_factor: Scales | None, options: Options
) -> list[tuple[int, int, float | None]]:
    """``(input size, output size, scale)`` of each axis; the scale is None where positions do not depend on it.

    >>> output_sizes(find("torch"), [4, 5], None, 1.6, {}), output_sizes(find("torch"), [4], 6, None, {})
    ([(4, 6, 1.6), (5, 8, 1.6)], [(4, 6, None)])
    """
    if (size is None) == (scale_factor is None):
        raise ValueError(f"give either size or scale_factor, got size={size}, scale_factor={scale_factor}")
    if found.resizes_two_axes_only and len(input_size) > 2:
        raise ValueError(f"{found.name}: its resize takes one or two axes, got {len(input_size)}")
    if scale_factor is None:
        sizes = integer_tuple("size", size, len(input_size), minimum=1)
        return [(i, o, None) for i, o in zip(input_size, sizes)]
    if not found.takes_scale:
        raise ValueError(f"{found.name}: its resize takes a size and no scale_factor, got {scale_factor}")
    scales = per_axis_scales(scale_factor, len(input_size))
    kept = not options.get("recompute_scale_factor")
    return [(i, interpolate_output_size(i, f), f if kept else None) for i, f in zip(input_size, scales)]


def per_axis_scales(scale_factor: Scales, ndim: int) -> list[float]:
    """A scale for each axis.

    >>> per_axis_scales(2, ndim=2), per_axis_scales((2, 1.5), ndim=2)
    ([2, 2], [2, 1.5])
    """
    scales: list[Any] = [*scale_factor] if isinstance(scale_factor, (tuple, list)) else [scale_factor] * ndim
    if len(scales) != ndim:
        raise ValueError(f"scale_factor must be one number or {ndim} of them, got {scale_factor}")
    return scales


def _check_mixed(found, x, rule, axes):
    """Refuse integers that a framework does not mix, or whose mixing float32 would not do exactly."""
    found.check_mixed(x)
    if (x < 0).any():
        raise ValueError("x must not be negative where integers are mixed: half up and half down trade places there")
    for _, (input_size, output_size, scale) in axes:
        parts = source_positions(rule.coordinates, input_size, output_size, scale)
        if found.divides_by_scale:
            parts.append(Fraction(output_size, input_size))
        for part in parts:
            if 256 % part.denominator:
                raise ValueError(
                    f"size={output_size} mixes integers in parts of 1/{part.denominator}, where a framework may be off "
                    "by 1; choose parts that are powers of two, or give float32"
                )


def _mixed(image, positions, axis):
    """Linear mixing of the two neighbours; positions outside count as the border cell."""
    last = image.shape[axis] - 1
    positions = [min(max(position, Fraction(0)), Fraction(last)) for position in positions]
    low = np.array([math.floor(position) for position in positions])
    share = np.array([float(position - math.floor(position)) for position in positions])
    share = share.reshape(-1, *(1,) * (image.ndim - 1 - axis))
    wide = image.astype(np.float64)
    return wide.take(low, axis) * (1 - share) + wide.take(np.minimum(low + 1, last), axis) * share


def run_resize(
    framework: str, x: Array, size: Ints | None = None, *, scale_factor: Scales | None = None, **options: Any
) -> Array:
    """Call the installed framework, as :func:`convlab.frameworks.run`; the arguments are those of :func:`resize`.

    >>> run_resize("torch", np.arange(5).reshape(1, 1, 5), 3, mode="nearest-exact")
    array([[[0, 2, 4]]])
    """
    found, x, axes = _image(framework, x, size, scale_factor, options)
    checked_options(framework, "sampling", options)
    try:
        mixes_integers = x.dtype.kind in "iu" and sampling(framework, **options).rounding is None
    except ValueError:  # let the framework itself refuse
        mixes_integers = False
    values = x if mixes_integers else single("x", x)
    sizes = tuple(output_size for _, (_, output_size, _) in axes)
    flat = found.resizes_two_axes_only and len(axes) == 1  # then the image gets a height of 1
    values, sizes = (values[:, None], (1, *sizes)) if flat else (values, sizes)
    given = options if scale_factor is None else options | {"scale_factor": scale_factor}
    output = np.asarray(found.resize(found.api(), found.tensor(values), sizes if given is options else None, given))
    output = output[:, 0] if flat else output
    return like(x, output) if output.dtype.kind == "f" else output.astype(np.int64)
