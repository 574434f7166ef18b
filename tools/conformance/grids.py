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
from convlab.frameworks import (
    VERSIONS,
    conv_padding,
    conv_weight_layout,
    input_layout,
    rearrange,
    sampling,
    source_positions,
    translate,
    translate_conv,
    translate_depth_to_space,
    translate_resize,
    translate_space_to_depth,
    weight_layout,
    window,
)
from convlab.frameworks.framework import COORDINATES, ROUNDINGS
from convlab.frameworks.registry import find
from convlab.frameworks.translation import EVERY

__all__ = ["FULL", "Case", "Layer", "Limits", "cases", "digits", "drawn"]


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


class Layer(NamedTuple):
    """The layer of a translation: one entry an axis."""

    input_size: tuple
    kernel_size: tuple
    stride: tuple
    dilation: tuple
    groups: int = 1


@cache
def digits(framework, input_size, kernel_size, transpose_kernel=False, transposed=True, groups=1):
    """Digits 1, 2, 3, ... and powers of ten, one channel, one axis, in a framework's layout.

    Where sizes are tuples, for several axes, powers of ten would be too large: two images of random integers, two
    channels to three in each group.
    """
    if isinstance(input_size, tuple):
        rng = np.random.default_rng(0)
        x = rng.integers(-9, 10, (2, 2 * groups, *input_size))
        weight = rng.integers(-9, 10, (2 * groups, 3, *kernel_size) if transposed else (3 * groups, 2, *kernel_size))
    else:
        x = np.arange(1, input_size + 1).reshape(1, 1, input_size)
        weight = (10 ** np.arange(kernel_size)).reshape(1, 1, kernel_size)
    ndim = x.ndim - 2
    axes = weight_layout(framework, ndim, transpose_kernel) if transposed else conv_weight_layout(framework, ndim)
    torch_axes = weight_layout("torch", ndim) if transposed else conv_weight_layout("torch", ndim)
    x = rearrange(x, input_layout("torch", ndim), input_layout(framework, ndim))
    return x, rearrange(weight, torch_axes, axes)


def drawn(framework, layer, transpose_kernel, transposed):
    """The arrays of a layer: digits where one axis has a single channel."""
    sizes = layer[:2]
    if len(layer.stride) == 1 and layer.groups == 1:
        sizes = [size for (size,) in sizes]
    return digits(framework, *sizes, transpose_kernel, transposed, layer.groups)


def cases(suite, limits):
    """All cases of a suite, see :data:`tools.conformance.__main__.SUITES`."""
    framework, _, backend = suite.partition("-")
    grid = list(product(*(range(1, limit + 1) for limit in limits)))
    if suite == "onnx-reference":
        yield from _transposed("onnx", grid, _reference_options)
        return
    own = {"backend": backend} if backend else {}
    yield from _transposed(framework, grid, _OPTIONS[framework], own)
    yield from _several_axes(framework, own)
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


#: How many random calls with several axes; JAX compiles each of them.
_RANDOM = {"torch": 1000, "tensorflow": 1000, "onnx": 1000, "keras": 300, "jax": 100}
GROUPED = ("torch", "tensorflow", "onnx")


def _several_axes(framework, own):
    """Random integers: two images, several channels and groups, one to three axes, each with its own options."""
    rng = np.random.default_rng(0)
    for _ in range(_RANDOM[framework]):
        layer, options = _random_layer(rng, framework, _OPTIONS[framework], window)
        if options is not None:
            arrays = digits(framework, *layer[:2], options.get("transpose_kernel", False), True, layer.groups)
            steps = {"stride": layer.stride, "dilation": layer.dilation}
            steps |= {"groups": layer.groups} if layer.groups > 1 else {}
            steps |= options | own
            yield Case("conv_transpose", "several axes, channels, groups", (), (framework, *arrays), steps)


def _random_layer(rng, framework, options_of_sizes, rule):
    """A layer and options that the framework takes, or None in place of them."""
    ndim = int(rng.choice([1, 2, 2, 3]))
    groups = int(rng.integers(1, 3)) if framework in GROUPED or rule is conv_padding else 1
    if framework == "tensorflow" and ndim == 3:
        groups = 1
    limits = np.array(FULL) if ndim < 3 else np.array([4, 3, 3, 2])
    axes = [tuple(int(size) for size in rng.integers(1, limits + 1)) for _ in range(ndim)]
    options = _together([_taken(framework, axis, options_of_sizes, rule) for axis in axes], rng)
    if options is not None and framework == "tensorflow" and not isinstance(options["padding"], str):
        pairs_taken = ndim < 3 and (groups == 1 or rule is conv_padding)
        options = options if pairs_taken else None
    return Layer(*zip(*axes), groups), options


@cache
def _taken(framework, sizes, options_of_sizes, rule):
    """The options of one axis that a framework does not refuse, without those on which JAX errs for several axes."""
    taken, reach = [], effective_kernel_size(sizes[1], sizes[3]) - 1
    for _, options in options_of_sizes(*sizes):
        try:
            view = rule(framework, *sizes, **options)
        except ValueError:
            continue
        if framework != "jax" or (max(view[:2]) <= reach and (rule is window or min(view[:2]) >= 0)):
            taken.append(options)
    return taken


def _together(choices, rng):
    """Options of several axes that one call can have: the words must be the same. None if there are no such."""
    first, *rest = choices
    for number in rng.permutation(len(first)):
        words, options = dict(_words(first[number])), [first[number]]
        for other in rest:
            alike = [o for o in other if set(o) == set(first[number]) and dict(_words(o)) == words]
            options += [alike[rng.integers(len(alike))]] if alike else []
        if len(options) == len(choices):
            return words | {name: [o[name] for o in options] for name in options[0] if name not in words}
    return None


def _words(options):
    """The options that hold for both axes: words, switches and None."""
    return sorted((name, value) for name, value in options.items() if value is None or isinstance(value, (str, bool)))


MODES = ("reflect", "replicate", "circular")
_CONV_OPTIONS = {
    "torch": [{"padding": padding} for padding in ("same", "valid", 0, 1, 2, 3)]
    + [{"padding": padding, "padding_mode": mode} for padding in ("same", 1, 2, 3) for mode in MODES],
    "slim": [{}],
    "tensorflow": [{"padding": padding} for padding in ("SAME", "VALID", (0, 0), (1, 0), (0, 1), (2, 1))],
    "keras": [{"padding": padding} for padding in ("valid", "same", "causal")],
    "jax": [{"padding": padding} for padding in ("SAME", "SAME_LOWER", "VALID", (1, 0), (-1, 1))],
    "onnx": [{"auto_pad": word} for word in _AUTO_PAD] + [{"pads": pads} for pads in ((1, 0), (0, 1), (2, 1))],
}


def _strided(framework, grid, own):
    family = "slim fixed_padding" if framework == "slim" else "same, valid, zeros, modes, causal"
    for sizes, options in product(grid, _CONV_OPTIONS[framework]):
        arrays = digits(framework, *sizes[:2], transposed=False)
        options = {"stride": sizes[2], "dilation": sizes[3]} | options | own
        yield Case("conv", family, sizes, (framework, *arrays), options)
    rng = np.random.default_rng(1)
    for _ in range(_RANDOM.get(framework, 100) // 2):
        layer, options = _random_layer(rng, framework, _conv_options(framework), conv_padding)
        if options is not None and not (options.get("padding") == "causal" and len(layer.stride) > 1):
            arrays = digits(framework, *layer[:2], False, False, layer.groups)
            steps = {"stride": layer.stride, "dilation": layer.dilation, "groups": layer.groups}
            yield Case("conv", "several axes, channels, groups", (), (framework, *arrays), steps | options | own)


@cache
def _conv_options(framework):
    """The options of a convolution in the form of those of a transposed one."""
    return lambda *sizes: [("", options) for options in _CONV_OPTIONS[framework]]


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
        if find(framework, "sampling").divides_by_scale and rule.rounding is None:
            exact = exact and 256 % Fraction(o, i).denominator == 0
        family = "nearest" if rule.rounding else "linear, parts of 2^n" if exact else "linear, to 2^-20"
        yield Case("resize", family, (i, o), (framework, real, (1, o)), option, exact)
        if exact:
            yield Case("resize", f"{family.split(',')[0]}, uint8", (i, o), (framework, row, (1, o)), option)
    if find(framework, "sampling").takes_scale:
        yield from _scaled(framework, rng, axes)


#: Scales whose reciprocals float32 holds, or is near enough to for these sizes.
SCALES = (0.5, 0.8, 1, 1.25, 1.6, 2, 2.5, 3.2, 4)


def _scaled(framework, rng, axes):
    """By a scale, another on each axis."""
    for option, i, number in product(_RESIZE_OPTIONS[framework], range(2, 10), range(len(SCALES))):
        scales = (SCALES[number], SCALES[(number + 3) % len(SCALES)])
        image = rearrange(rng.integers(0, 256, (2, 2, i, 11 - i)).astype(np.float32), "NCHW", axes)
        options = {"size": None, "scale_factor": scales} | option
        yield Case("resize", "by scale, to 2^-20", (i, 11 - i), (framework, image), options, False)


def _shuffles(framework):
    if framework == "jax":
        return
    for r, channels in product((1, 2, 3), (1, 2, 3)):
        x = np.arange(1, channels * r * r * 2 * 6 + 1).reshape(2, channels * r * r, 2, 3)
        for options in [{}, {"mode": "CRD"}, {"mode": "DCR"}] if framework == "onnx" else [{}]:
            arrays = rearrange(x, "NCHW", input_layout(framework))
            yield Case("depth_to_space", "blocks", (r,), (framework, arrays, r), options)
        x = x.reshape(2, channels, 2 * r, 3 * r)
        yield Case("space_to_depth", "blocks", (r,), (framework, rearrange(x, "NCHW", input_layout(framework)), r), {})


def _translations(target, grid):
    """From all frameworks into one: each window of each size once, drawn layers, then the other operations."""
    input_size = min(max(sizes[0] for sizes in grid), 4)
    for sizes in (sizes for sizes in grid if sizes[0] == input_size):
        yield from _transposed_translations(target, sizes)
        for source, options in ((name, options) for name, choices in _CONV_OPTIONS.items() for options in choices):
            layer = Layer(*((size,) for size in sizes))
            yield from _translated(target, source, layer, options, translate_conv, "translate_conv", "one axis")
    rng = np.random.default_rng(2)
    for source, _ in product(_CONV_OPTIONS, range(_RANDOM[target] // 10)):
        layer, options = _random_layer(rng, source, _conv_options(source), conv_padding)
        yield from _translated(target, source, layer, options, translate_conv, "translate_conv", "several axes")
        if source != "slim":
            layer, options = _random_layer(rng, source, _OPTIONS[source], window)
            yield from _translated(target, source, layer, options, translate, "translate", "several axes")
    yield from _other_translations(target)


def _transposed_translations(target, sizes):
    seen = set()
    for source, options in ((name, options) for name in VERSIONS for _, options in _OPTIONS[name](*sizes)):
        try:
            view = window(source, *sizes, **options)
        except ValueError:
            continue
        if view not in seen:
            seen.add(view)
            layer = Layer(*((size,) for size in sizes))
            yield from _translated(target, source, layer, options, translate, "translate", "one axis")


def _translated(target, source, layer, options, function, operation, family):
    """A translation, for the sizes that were asked and, where it holds for every size, for larger ones."""
    if options is None:
        return
    try:
        answer = function(source, target, *layer[:4], groups=layer.groups, ndim=len(layer.stride), **options)
    except ValueError:  # the first framework refuses
        return
    if answer.code is None:
        return
    yield Case(operation, family, (), (target, source, layer, options, answer), {})
    if answer.holds_for == EVERY:
        larger = layer._replace(input_size=tuple(size + 3 + axis for axis, size in enumerate(layer.input_size)))
        yield Case(operation, f"{family}, another size", (), (target, source, larger, options, answer), {})


def _other_translations(target):
    for source, options in ((name, options) for name, choices in _RESIZE_OPTIONS.items() for options in choices):
        for sizes in ((2, 4), (3, 5), (5, 2)):
            yield from _resized(target, source, sizes, {"size": (3, sizes[1])}, options)
        for sizes, scales in product(((2, 5), (4, 3)), ((2, 1.6), (1.6, 0.8)) if source in ("torch", "onnx") else ()):
            yield from _resized(target, source, sizes, {"scale_factor": scales}, options)
    for source, (channels, r) in product(("torch", "tensorflow", "keras", "onnx"), ((4, 2), (8, 2), (18, 3))):
        if target != "jax":
            answer = translate_depth_to_space(source, target, channels, r)
            arguments = (target, source, (channels, r), {}, answer)
            yield Case("translate_depth_to_space", "blocks", (channels, r), arguments, {})
            answer = translate_space_to_depth(source, target, channels, r)
            arguments = (target, source, (channels, r), {}, answer)
            yield Case("translate_space_to_depth", "blocks", (channels, r), arguments, {})


def _resized(target, source, sizes, asked, options):
    """For images of ``2 x sizes[0]`` cells."""
    try:
        answer = translate_resize(source, target, (2, sizes[0]), **asked, **options)
    except ValueError:
        return
    if answer.code is not None:
        arguments = (target, source, sizes, asked | options, answer)
        yield Case("translate_resize", next(iter(asked)), sizes, arguments, {}, False)
