"""Resizing by looking up neighbours: which point of the input does an output cell look at?

Along one axis every framework answers with a coordinate and, for ``nearest``, a rounding.

* *half_pixel*: cells are squares, ``(m + 1/2) i/o - 1/2``; the pictures cover each other.
* *align_corners*: cells are points, ``m (i - 1)/(o - 1)``; the corner points cover each other.
* *asymmetric*: the corners of the first cells do, ``m i/o``; the picture shifts.

``nearest`` then takes the floor, the ceiling, or the nearest centre with ties to one side.
``linear`` mixes the two neighbours; integers must be rounded at the end, each framework in its way.
"""

import math
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from convlab.frameworks.arguments import SPATIAL, input_layout, known, option_names
from convlab.frameworks.calls import keras_on, like, loaded, onnx_run, single
from convlab.validation import array, boolean, integer, integer_tuple, layout, widened

__all__ = ["Sampling", "resize", "resize_options_of", "run_resize", "sampling", "source_positions"]

COORDINATES = ("half_pixel", "align_corners", "asymmetric", "pytorch_half_pixel")
HALF = Fraction(1, 2)
#: What a position that lies between two cells is turned into.
ROUNDINGS = {
    "floor": math.floor,
    "ceil": math.ceil,
    "round_prefer_floor": lambda position: math.ceil(position - HALF),
    "round_prefer_ceil": lambda position: math.floor(position + HALF),
}
#: What linear mixing does to integers.
INTEGERS = {
    "torch": lambda mixed: np.floor(mixed + 0.5),  # uint8, two axes; rounds after each of them
    "keras": np.rint,  # ties to even
    "onnx": np.floor,  # of numbers above zero; the cast drops the fraction
}


class Sampling(NamedTuple):
    """One axis of a resize: the coordinates, and the rounding (None: linear mixing)."""

    coordinates: str
    rounding: str | None


def sampling(framework, **options):
    """The coordinates and the rounding that a framework's resize uses.

    Parameters
    ----------
    framework : str
        ``"torch"``, ``"tensorflow"``, ``"keras"``, ``"jax"`` or ``"onnx"``.
    **options
        * torch (``torch.nn.functional.interpolate``): ``mode="nearest"``, ``"nearest-exact"``, ``"linear"``
          or ``"bilinear"``; ``align_corners=None``.
        * tensorflow (``tf.image.resize``): ``method="bilinear"`` or ``"nearest"``. With
          ``half_pixel_centers=False`` or ``align_corners=True`` the functions of TensorFlow 1,
          ``tf.compat.v1.image.resize_bilinear`` and ``resize_nearest_neighbor``.
        * keras (``keras.ops.image.resize``): ``interpolation="bilinear"`` or ``"nearest"``.
        * jax (``jax.image.resize``): ``method``, which must be given, ``"nearest"``, ``"linear"`` or
          ``"bilinear"``; ``antialias=True``, which for linear must be set to False here.
        * onnx (``Resize``): ``mode="nearest"`` or ``"linear"``; ``coordinate_transformation_mode="half_pixel"``,
          ``"align_corners"``, ``"asymmetric"`` or ``"pytorch_half_pixel"``;
          ``nearest_mode="round_prefer_floor"``, ``"round_prefer_ceil"``, ``"floor"`` or ``"ceil"``.

    Returns
    -------
    Sampling

    Raises
    ------
    TypeError
        If a switch is not a bool.
    ValueError
        If the framework or an option is unknown, or the framework would refuse; the message says why.

    Examples
    --------
    >>> sampling("torch", mode="nearest")
    Sampling(coordinates='asymmetric', rounding='floor')
    >>> sampling("tensorflow", method="nearest") == sampling("torch", mode="nearest-exact")
    True
    """
    rule = _RULES[known("framework", framework, _RULES)]
    for name in options:
        known(f"option of {framework}", name, resize_options_of(framework))
    return rule(**options)


def resize_options_of(framework):
    """The names of a framework's options for a resize.

    Examples
    --------
    >>> resize_options_of("jax")
    ('method', 'antialias')
    """
    return option_names(_RULES[known("framework", framework, _RULES)])


def _torch(*, mode="nearest", align_corners=None):
    if known("mode", mode, ("nearest", "nearest-exact", "linear", "bilinear")).startswith("nearest"):
        if align_corners is not None:
            raise ValueError(f"torch: align_corners must be None for mode={mode!r}, got {align_corners}")
        return Sampling("asymmetric", "floor") if mode == "nearest" else Sampling("half_pixel", "round_prefer_ceil")
    corners = align_corners is not None and boolean("align_corners", align_corners)
    return Sampling("align_corners" if corners else "half_pixel", None)


def _tensorflow(*, method="bilinear", align_corners=False, half_pixel_centers=True):
    linear = known("method", method, ("bilinear", "nearest")) == "bilinear"
    corners = boolean("align_corners", align_corners)
    if boolean("half_pixel_centers", half_pixel_centers):
        if corners:
            raise ValueError("tensorflow: align_corners=True needs half_pixel_centers=False")
        return Sampling("half_pixel", None if linear else "round_prefer_ceil")
    if corners:
        return Sampling("align_corners", None if linear else "round_prefer_ceil")
    return Sampling("asymmetric", None if linear else "floor")


def _keras(*, interpolation="bilinear"):
    linear = known("interpolation", interpolation, ("bilinear", "nearest")) == "bilinear"
    return Sampling("half_pixel", None if linear else "round_prefer_ceil")


def _jax(*, method=None, antialias=True):
    linear = known("method", method, ("nearest", "linear", "bilinear")) != "nearest"
    if boolean("antialias", antialias) and linear:
        raise ValueError("jax: give antialias=False; with its default a smaller output mixes more than two neighbours")
    return Sampling("half_pixel", None if linear else "round_prefer_ceil")


def _onnx(*, mode="nearest", coordinate_transformation_mode="half_pixel", nearest_mode="round_prefer_floor"):
    linear = known("mode", mode, ("nearest", "linear")) == "linear"
    coordinates = known("coordinate_transformation_mode", coordinate_transformation_mode, COORDINATES)
    return Sampling(coordinates, None if linear else known("nearest_mode", nearest_mode, ROUNDINGS))


_RULES = {"torch": _torch, "tensorflow": _tensorflow, "keras": _keras, "jax": _jax, "onnx": _onnx}


def source_positions(coordinates, input_size, output_size):
    """Where each output cell looks: a list of exact positions, cell centres are whole numbers.

    Parameters
    ----------
    coordinates : str
        ``"half_pixel"``, ``"align_corners"``, ``"asymmetric"`` or ``"pytorch_half_pixel"``, which
        is ``half_pixel`` except that a single output cell looks at position 0.
    input_size, output_size : int
        At least 1, in cells.

    Raises
    ------
    TypeError
        If a size is not an integer.
    ValueError
        If the coordinates are unknown or a size is below 1.

    Examples
    --------
    >>> [[float(p) for p in source_positions(c, 2, 4)] for c in ("half_pixel", "asymmetric")]
    [[-0.25, 0.25, 0.75, 1.25], [0.0, 0.5, 1.0, 1.5]]
    >>> [str(p) for p in source_positions("align_corners", 2, 4)]
    ['0', '1/3', '2/3', '1']
    """
    known("coordinates", coordinates, COORDINATES)
    input_size = integer("input_size", input_size, minimum=1)
    cells = range(integer("output_size", output_size, minimum=1))
    if coordinates == "align_corners":
        return [Fraction(m * (input_size - 1), max(output_size - 1, 1)) for m in cells]
    if coordinates == "asymmetric":
        return [Fraction(m * input_size, output_size) for m in cells]
    if coordinates == "pytorch_half_pixel" and output_size == 1:
        return [Fraction(0)]
    return [(m + HALF) * Fraction(input_size, output_size) - HALF for m in cells]


def resize(framework, x, size, **options):
    """The resize that a framework computes, on NumPy arrays in its layout.

    Positions are exact fractions here and float32 in the frameworks, so a tie may fall on the
    other side for large sizes, and linear mixing may differ in the last bit.

    Parameters
    ----------
    framework : str
        As :func:`sampling`.
    x : array
        torch, onnx: ``(N, C, W)`` or ``(N, C, H, W)``; the others: ``(N, W, C)`` or ``(N, H, W, C)``.
    size : int or tuple of ints
        Output size of each axis.
    **options
        As :func:`sampling`.

    Returns
    -------
    array
        In the layout of ``x``. ``nearest`` gives integers as int64. Linear mixing gives float32,
        or for integers what the framework makes of them: tensorflow and jax float32, the others int64.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit or the framework would refuse; the message says why.

    Examples
    --------
    >>> x = np.array([10, 20], np.uint8).reshape(1, 1, 2, 1)
    >>> [resize(f, x, (1, 4)).ravel().tolist() for f in ("tensorflow", "keras")]
    [[10.0, 12.5, 17.5, 20.0], [10, 12, 18, 20]]
    """
    rule = sampling(framework, **options)
    x, size = _image(framework, x, size)
    image = widened(x) if rule.rounding or x.dtype.kind == "f" else x.astype(np.float64)
    axes = input_layout(framework, len(size))
    _mixable(framework, x, rule, size)
    for letter, output_size in reversed(list(zip(SPATIAL[len(size)], size))):
        axis = axes.index(letter)
        positions = source_positions(rule.coordinates, image.shape[axis], output_size)
        if rule.rounding:
            cells = [ROUNDINGS[rule.rounding](position) for position in positions]
            image = image.take(np.clip(cells, 0, image.shape[axis] - 1), axis)
        else:
            image = _mixed(image, positions, axis)
            if framework == "torch" and x.dtype.kind in "iu":
                image = INTEGERS["torch"](image)
    if rule.rounding or x.dtype.kind == "f":
        return image.astype(widened(x).dtype)
    return INTEGERS[framework](image).astype(np.int64) if framework in INTEGERS else image.astype(np.float32)


def _image(framework, x, size):
    known("framework", framework, _RULES)
    x = array("x", x)
    layout("x", x, [tuple(input_layout(framework, ndim)) for ndim in SPATIAL])
    return x, integer_tuple("size", size, x.ndim - 2, minimum=1)


def _mixable(framework, x, rule, size):
    """Refuse integers that a framework does not mix, or whose mixing float32 would not do exactly."""
    if rule.rounding or x.dtype.kind == "f":
        return
    if framework == "torch" and (x.dtype != np.uint8 or x.ndim != 4):
        raise ValueError(f"torch: only uint8 (N, C, H, W) can be mixed, got {x.dtype} of shape {x.shape}")
    if framework == "onnx" and x.dtype not in (np.uint8, np.int8, np.int32):
        raise ValueError(f"onnx: ONNX Runtime mixes uint8, int8 and int32, got {x.dtype}")
    if (x < 0).any():
        raise ValueError("x must not be negative where integers are mixed: half up and half down trade places there")
    axes = input_layout(framework, len(size))
    for letter, output_size in zip(SPATIAL[len(size)], size):
        input_size = x.shape[axes.index(letter)]
        parts = source_positions(rule.coordinates, input_size, output_size)
        if framework == "onnx":  # it divides by this, rounded to float32
            parts.append(Fraction(output_size, input_size))
        for part in parts:
            if 256 % part.denominator:
                raise ValueError(
                    f"size={size} mixes integers in parts of 1/{part.denominator}, where a framework may be off by 1; "
                    "choose parts that are powers of two, or give float32"
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


def run_resize(framework, x, size, **options):
    """Call the installed framework: the arguments are those of :func:`resize`.

    Returns
    -------
    array
        int64 where ``x`` and all of the output are integers.

    Raises
    ------
    ImportError, TypeError, ValueError, Exception
        As :func:`convlab.frameworks.run`.

    Examples
    --------
    >>> run_resize("torch", np.arange(5).reshape(1, 1, 5), 3, mode="nearest-exact")
    array([[[0, 2, 4]]])
    """
    x, size = _image(framework, x, size)
    for name in options:
        known(f"option of {framework}", name, resize_options_of(framework))
    try:
        mixes_integers = x.dtype.kind in "iu" and sampling(framework, **options).rounding is None
    except ValueError:  # let the framework itself refuse
        mixes_integers = False
    output = np.asarray(CALLS[framework](x if mixes_integers else single("x", x), size, options))
    return like(x, output) if output.dtype.kind == "f" else output.astype(np.int64)


def _run_torch(x, size, options):
    torch = loaded("torch")
    return torch.nn.functional.interpolate(torch.tensor(x), size=size, **options).numpy()


def _flat(call, x, size):
    """Give an image of one axis a height of 1 for the functions that know two axes only."""
    return call(x[:, None], (1, *size))[:, 0] if x.ndim == 3 else call(x, size)


def _run_tensorflow(x, size, options):
    tf = loaded("tensorflow")
    method = options.get("method", "bilinear")
    switches = {name: options[name] for name in ("align_corners", "half_pixel_centers") if name in options}
    if not switches:
        return _flat(lambda image, shape: tf.image.resize(image, shape, method=method), x, size)
    name = {"bilinear": "ResizeBilinear", "nearest": "ResizeNearestNeighbor"}[method]
    switches = {"align_corners": False, "half_pixel_centers": True} | switches
    return _flat(lambda image, shape: getattr(tf.raw_ops, name)(images=image, size=shape, **switches), x, size)


def _run_keras(x, size, options):
    keras = keras_on()
    options = options | {"data_format": "channels_last"}
    return _flat(
        lambda image, shape: keras.ops.convert_to_numpy(keras.ops.image.resize(image, shape, **options)), x, size
    )


def _run_jax(x, size, options):
    jax = loaded("jax")
    return jax.image.resize(x, (len(x), *size, x.shape[-1]), **options)


def _run_onnx(x, size, options):
    sizes = np.array([*x.shape[:2], *size])
    return onnx_run("Resize", {"x": x, "roi": None, "scales": None, "sizes": sizes}, **options)


CALLS = {"torch": _run_torch, "tensorflow": _run_tensorflow, "keras": _run_keras, "jax": _run_jax, "onnx": _run_onnx}
