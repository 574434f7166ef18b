"""Every call that the conformance run makes: which sizes, which options, which numbers.

The numbers are decodable: inputs are the digits 1, 2, 3, ... and the taps are powers of ten, so a
digit of the output names the input and the tap that made it. All sums are exact in float32.
"""

from fractions import Fraction
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np

from convlab.arithmetic import conv_transpose_output_size, effective_kernel_size
from convlab.frameworks.arguments import input_layout, rearrange, weight_layout
from convlab.frameworks.resizing import COORDINATES, ROUNDINGS, sampling, source_positions
from convlab.frameworks.strided import conv_weight_layout
from convlab.frameworks.translation import translate, translate_conv, translate_depth_to_space, translate_resize
from convlab.frameworks.windows import VERSIONS, window

__all__ = ["FULL", "Case", "Limits", "cases", "digits"]


class Limits(NamedTuple):
    """The largest sizes of the grid; every one starts at 1."""

    input_size: int
    kernel_size: int
    stride: int
    dilation: int


FULL = Limits(6, 5, 4, 3)


class Case(NamedTuple):
    """One call: ``arguments`` are those of the functions of ``operation``."""

    operation: str
    family: str
    sizes: tuple
    arguments: tuple
    options: dict
    exact: bool = True


@cache
def digits(framework, input_size, kernel_size, transpose_kernel=False, transposed=True, ndim=1):
    """Digits 1, 2, 3, ... and powers of ten, one channel, one axis, in a framework's layout.

    With two axes powers of ten would be too large: two images of random integers, two channels to three.
    """
    x = np.arange(1, input_size + 1).reshape(1, 1, input_size)
    weight = (10 ** np.arange(kernel_size)).reshape(1, 1, kernel_size)
    if ndim == 2:
        rng = np.random.default_rng(0)
        x = rng.integers(-9, 10, (2, 2, input_size, input_size))
        weight = rng.integers(-9, 10, (2, 3, kernel_size, kernel_size))
    weight = weight if transposed else weight.swapaxes(0, 1)
    axes = weight_layout(framework, ndim, transpose_kernel) if transposed else conv_weight_layout(framework, ndim)
    torch_axes = weight_layout("torch", ndim) if transposed else conv_weight_layout("torch", ndim)
    x = rearrange(x, input_layout("torch", ndim), input_layout(framework, ndim))
    return x, rearrange(weight, torch_axes, axes)


def cases(suite, limits):
    """All cases of a suite, see :data:`convlab.frameworks.conformance.SUITES`."""
    framework, _, backend = suite.partition("-")
    grid = list(product(*(range(1, limit + 1) for limit in limits)))
    if suite == "onnx-reference":
        yield from _transposed("onnx", grid, _reference_options)
        return
    own = {"backend": backend} if backend else {}
    yield from _transposed(framework, grid, _OPTIONS[framework], own)
    yield from _two_axes(framework, own)
    for name in ("torch", "slim") if framework == "torch" else (framework,):
        yield from _strided(name, grid, own)
    yield from _resizes(framework)
    yield from _shuffles(framework)
    if not backend or backend == "tensorflow":
        yield from _translations(framework, grid)


def _transposed(framework, grid, options_of_sizes, own=None):
    for sizes in grid:
        for family, options in options_of_sizes(*sizes):
            arrays = digits(framework, *sizes[:2], options.get("transpose_kernel", False))
            options = {"stride": sizes[2], "dilation": sizes[3]} | options | (own or {})
            yield Case("conv_transpose", family, sizes, (framework, *arrays), options)


def _torch_options(i, k, s, d):
    full_size = conv_transpose_output_size(i, k, s, dilation=d)
    for padding, output_padding in product(range(full_size + 2), range(max(s, d) + 2)):
        yield "padding, output_padding", {"padding": padding, "output_padding": output_padding}
    for padding, output_size in product(range(4), range(1, full_size + s + 2)):
        yield "module output_size", {"padding": padding, "output_size": output_size}


def _tensorflow_options(i, k, s, d):
    full_size = conv_transpose_output_size(i, k, s, dilation=d)
    paddings = ["SAME", "VALID", *product(range(3), range(3))]
    for padding, output_size in product(paddings, range(1, full_size + s + 2)):
        family = padding if isinstance(padding, str) else "explicit pairs"
        yield family, {"padding": padding, "output_size": output_size}


def _keras_options(i, k, s, d):
    for padding, output_padding in product(("valid", "same"), (None, *range(s + 1))):
        family = padding if output_padding is None else f"{padding}, output_padding"
        yield family, {"padding": padding, "output_padding": output_padding}


def _jax_options(i, k, s, d):
    reach = effective_kernel_size(k, d) - 1
    pairs = {(0, 0), (1, 0), (0, 1), (1, 1), (2, 1), (-1, 0), (0, -1), (reach, reach), (reach + 1, reach - 1)}
    for padding in ("SAME", "VALID", *sorted(pairs)):
        family = padding if isinstance(padding, str) else "explicit pairs"
        for transpose_kernel, consistent in product((False, True), repeat=2):
            switches = {"transpose_kernel": transpose_kernel, "use_consistent_padding": consistent}
            yield family, {"padding": padding} | switches


def _onnx_options(i, k, s, d):
    full_size = conv_transpose_output_size(i, k, s, dilation=d)
    pairs = [*product(range(5), range(5)), (-1, -1), (-1, 0), (-1, 1), (0, -1), (1, -1), (-2, 1)]
    for pads, output_padding in product(pairs, range(max(s, d) + 1)):
        family = "pads, output_padding" if min(pads) >= 0 else "negative pads"
        yield family, {"pads": pads, "output_padding": output_padding}
    for auto_pad, output_padding in product(_AUTO_PAD, range(max(s, d) + 1)):
        yield "auto_pad", {"auto_pad": auto_pad, "output_padding": output_padding}
    for auto_pad, output_padding, size in product(_AUTO_PAD, range(s), range(1, full_size + s + 2)):
        yield "output_shape", {"auto_pad": auto_pad, "output_padding": output_padding, "output_shape": size}


_AUTO_PAD = ("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER")


def _reference_options(i, k, s, d):
    for begin, end, output_padding in product(range(5), range(5), range(max(s, d) + 1)):
        yield "pads, output_padding", {"pads": (begin, end), "output_padding": output_padding}
    for auto_pad in _AUTO_PAD[1:]:
        yield "auto_pad", {"auto_pad": auto_pad}


_OPTIONS = {
    "torch": _torch_options,
    "tensorflow": _tensorflow_options,
    "keras": _keras_options,
    "jax": _jax_options,
    "onnx": _onnx_options,
}


#: How many random calls with two axes; JAX compiles each of them.
_RANDOM = {"torch": 1000, "tensorflow": 1000, "onnx": 1000, "keras": 300, "jax": 100}


def _two_axes(framework, own):
    """Random integers: two images, several channels and groups, other sizes and options on each axis."""
    rng = np.random.default_rng(0)
    choices = {}
    for _ in range(_RANDOM[framework]):
        groups = int(rng.integers(1, 3)) if framework in ("torch", "tensorflow", "onnx") else 1
        sizes = [tuple(int(size) for size in rng.integers(1, np.array(FULL) + 1)) for _ in "HW"]
        found = []
        for axis in sizes:
            if axis not in choices:
                choices[axis] = _taken(framework, axis)
            found.append(choices[axis])
        options = _both(found, rng)
        if options is None:
            continue
        images = rng.integers(-9, 10, (2, 2 * groups, sizes[0][0], sizes[1][0]))
        weight = rng.integers(-9, 10, (2 * groups, 3, sizes[0][1], sizes[1][1]))
        steps = {"stride": (sizes[0][2], sizes[1][2]), "dilation": (sizes[0][3], sizes[1][3])}
        options = steps | ({"groups": groups} if groups > 1 else {}) | options | own
        axes = weight_layout(framework, 2, options.get("transpose_kernel", False))
        arrays = rearrange(images, "NCHW", input_layout(framework)), rearrange(weight, "IOHW", axes)
        yield Case("conv_transpose", "two axes, channels, groups", (), (framework, *arrays), options)


def _taken(framework, sizes):
    """The options of one axis that a framework does not refuse, without those on which JAX errs for two axes."""
    taken, reach = [], effective_kernel_size(sizes[1], sizes[3]) - 1
    for _, options in _OPTIONS[framework](*sizes):
        try:
            view = window(framework, *sizes, **options)
        except ValueError:
            continue
        if framework != "jax" or max(view[:2]) <= reach:
            taken.append(options)
    return taken


def _both(found, rng):
    """Options of two axes that one call can have: the words must be the same. None if there are no such."""
    for choice in rng.permutation(len(found[0])):
        first = found[0][choice]
        words = dict(_words(first))
        alike = [second for second in found[1] if set(second) == set(first) and dict(_words(second)) == words]
        if alike:
            second = alike[rng.integers(len(alike))]
            return words | {name: [first[name], second[name]] for name in first if name not in words}
    return None


def _words(options):
    """The options that hold for both axes: words, switches and None."""
    return sorted((name, value) for name, value in options.items() if value is None or isinstance(value, (str, bool)))


_CONV_OPTIONS = {
    "torch": [{"padding": padding} for padding in ("same", "valid", 0, 1, 2, 3)],
    "slim": [{}],
    "tensorflow": [{"padding": padding} for padding in ("SAME", "VALID", (0, 0), (1, 0), (0, 1), (2, 1))],
    "keras": [{"padding": padding} for padding in ("valid", "same")],
    "jax": [{"padding": padding} for padding in ("SAME", "SAME_LOWER", "VALID", (1, 0), (-1, 1))],
    "onnx": [{"auto_pad": word} for word in _AUTO_PAD] + [{"pads": pads} for pads in ((1, 0), (0, 1), (2, 1))],
}


def _strided(framework, grid, own):
    family = "slim fixed_padding" if framework == "slim" else "same, valid, zeros"
    for sizes, options in product(grid, _CONV_OPTIONS[framework]):
        arrays = digits(framework, *sizes[:2], transposed=False)
        options = {"stride": sizes[2], "dilation": sizes[3]} | options | own
        yield Case("conv", family, sizes, (framework, *arrays), options)


_RESIZE_OPTIONS = {
    "torch": [
        *({"mode": mode} for mode in ("nearest", "nearest-exact")),
        *({"mode": "bilinear", "align_corners": corners} for corners in (False, True)),
    ],
    "tensorflow": [
        {"method": method} | switches
        for method in ("nearest", "bilinear")
        for switches in (
            {},
            {"align_corners": True, "half_pixel_centers": False},
            {"half_pixel_centers": False},
            {"align_corners": True},
        )
    ],
    "keras": [{"interpolation": word} for word in ("nearest", "bilinear")],
    "jax": [{"method": "nearest"}, {"method": "linear", "antialias": False}],
    "onnx": [
        {"mode": mode, "coordinate_transformation_mode": place} | ({"nearest_mode": rounding} if rounding else {})
        for place in COORDINATES
        for mode, rounding in (("linear", None), *(("nearest", rounding) for rounding in ROUNDINGS))
    ],
}


def _resizes(framework):
    """One row of pixels, every size from 1..8 to 1..16."""
    rng = np.random.default_rng(0)
    axes = input_layout(framework)
    for option, i, o in product(_RESIZE_OPTIONS[framework], range(1, 9), range(1, 17)):
        row = rearrange(rng.integers(0, 256, (1, 2, 1, i)).astype(np.uint8), "NCHW", axes)
        real = row.astype(np.float32)
        try:
            rule = sampling(framework, **option)
        except ValueError:
            yield Case("resize", "refused", (i, o), (framework, real, (1, o)), option)
            continue
        positions = source_positions(rule.coordinates, i, o)
        exact = rule.rounding is not None or all(256 % position.denominator == 0 for position in positions)
        if framework == "onnx" and rule.rounding is None:  # ONNX Runtime divides by o/i, rounded to float32
            exact = exact and 256 % Fraction(o, i).denominator == 0
        family = "nearest" if rule.rounding else "linear, parts of 2^n" if exact else "linear, to 2^-20"
        yield Case("resize", family, (i, o), (framework, real, (1, o)), option, exact)
        if exact:
            yield Case("resize", f"{family.split(',')[0]}, uint8", (i, o), (framework, row, (1, o)), option)


def _shuffles(framework):
    if framework == "jax":
        return
    for r, channels in product((1, 2, 3), (1, 2, 3)):
        x = np.arange(1, channels * r * r * 2 * 6 + 1).reshape(2, channels * r * r, 2, 3)
        for options in [{}, {"mode": "CRD"}, {"mode": "DCR"}] if framework == "onnx" else [{}]:
            yield Case(
                "depth_to_space", "blocks", (r,), (framework, rearrange(x, "NCHW", input_layout(framework)), r), options
            )


def _translations(target, grid):
    """From all frameworks into one: each window of each size once, then the other operations."""
    one_axis = [(sizes, 1) for sizes in grid if sizes[0] in (1, 3, 4)]
    two_axes = [(sizes, 2) for sizes in grid if sizes[0] == 3 and sizes[1] <= 3]
    for sizes, ndim in one_axis + two_axes:
        yield from _transposed_translations(target, sizes, ndim)
        for source, options in ((name, options) for name, choices in _CONV_OPTIONS.items() for options in choices):
            try:
                answer = translate_conv(source, target, *sizes, ndim=ndim, **options)
            except ValueError:  # the first framework refuses
                continue
            if answer.code is not None:
                arguments = (target, source, sizes, options, answer, ndim)
                yield Case("translate_conv", f"convolution, {ndim}-D", sizes, arguments, {})
    yield from _other_translations(target)


def _transposed_translations(target, sizes, ndim):
    seen = set()
    for source, options in ((name, options) for name in VERSIONS for _, options in _OPTIONS[name](*sizes)):
        try:
            view = window(source, *sizes, **options)
        except ValueError:
            continue
        if view not in seen:
            seen.add(view)
            answer = translate(source, target, *sizes, ndim=ndim, **options)
            if answer.code is not None:
                arguments = (target, source, sizes, options, answer, ndim)
                yield Case("translate", f"transposed convolution, {ndim}-D", sizes, arguments, {})


def _other_translations(target):
    for source, options in ((name, options) for name, choices in _RESIZE_OPTIONS.items() for options in choices):
        try:
            answer = translate_resize(source, target, **options)
        except ValueError:
            continue
        for sizes in ((2, 4), (3, 5), (5, 2)) if answer.code is not None else ():
            yield Case("translate_resize", "resize", sizes, (target, source, sizes, options, answer), {}, False)
    for source, (channels, r) in product(("torch", "tensorflow", "keras", "onnx"), ((4, 2), (8, 2), (18, 3))):
        if target != "jax":
            answer = translate_depth_to_space(source, target, channels, r)
            arguments = (target, source, (channels, r), {}, answer)
            yield Case("translate_depth_to_space", "blocks", (channels, r), arguments, {})
