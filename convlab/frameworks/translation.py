"""From one framework to another: the arguments, or the slice, that give identical values.

Every function asks what the first framework does (a window, zeros, coordinates, an order of
channels) and then looks among the second one's candidates for options with which it does the same. What it
finds was checked with the rules of the second framework before it is returned. Options are those of the
first framework; ``ValueError`` is raised where it would refuse.

What is found for one input size need not hold for the next. So every candidate is tried on several: all that the rules
depend on is the remainder of the input size on division by the stride (for a resize by ``p/q``, by ``q``), apart from
inputs smaller than the kernel. The answer that holds for every input size goes first; what the other one holds for is
said in :attr:`Translation.holds_for`.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from convlab.arithmetic import interpolate_output_size
from convlab.frameworks.convolutions import RULES, conv_padding, window
from convlab.frameworks.framework import (
    ROUNDINGS,
    SPATIAL,
    Axis,
    Call,
    Framework,
    Options,
    Sampling,
    Window,
    is_per_axis,
    known,
    merged,
    option_names,
    pair_names,
    spread,
)
from convlab.frameworks.registry import checked_options, find
from convlab.frameworks.resizing import Scales, as_fraction, output_sizes, per_axis_scales, sampling, source_positions
from convlab.frameworks.shuffling import channel_order, dealt
from convlab.frameworks.written import Name
from convlab.typing import Ints
from convlab.validation import integer, integer_tuple

__all__ = [
    "EVERY",
    "Translation",
    "translate",
    "translate_conv",
    "translate_depth_to_space",
    "translate_resize",
    "translate_space_to_depth",
    "written_call",
]

EVERY = "every input size"
#: Input sizes on which two resizes are compared at least, and the longest period of a scale that is followed.
SEVERAL, LONGEST = 32, 20


@dataclass(frozen=True)
class Translation:
    """How a framework gives the values of another one; ``reason`` says why where it cannot.

    ``slice`` is of the result, where padding options cannot say it; ``padding`` are cells to put around the input first
    (a negative number: cells to cut off), filled as ``padding_mode`` says. Both hold for each axis; where axes differ
    they are lists with one an axis. ``order`` is that in which to take the channels, of the input first, for
    :func:`translate_space_to_depth` of the result; ``flip`` says that the kernel must be turned round first.
    """

    framework: str
    #: The options of the call, as :func:`convlab.frameworks.run` and its sisters take them.
    arguments: dict[str, Any] | None = None
    slice: "slice | list[slice] | None" = None
    padding: tuple[int, int] | list[tuple[int, int]] | None = None
    padding_mode: str = "zeros"
    order: list[int] | None = None
    flip: bool = False
    #: Python lines that compute ``y`` from ``x`` (and ``w``, or ``size``) in the framework's layout.
    code: str | None = None
    reason: str | None = None
    #: The input sizes for which this is right: :data:`EVERY`, or which of them.
    holds_for: str | None = None


class Way(NamedTuple):
    """One way to do on one axis what is wanted."""

    options: Options
    #: Cells to put around the input first, and to cut off the result.
    padding: tuple[int, int]
    cut: tuple[int, int]
    flip: bool
    #: Whether it is right for every size that the first framework takes, and these sizes in words.
    every: bool
    holds_for: str


class Layer(NamedTuple):
    """A layer to be translated: one entry an axis; ``input_size`` is None where the answer is for every size."""

    input_size: list[int | None]
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    groups: int
    options: list[Options]

    @property
    def ndim(self) -> int:
        """How many axes."""
        return len(self.stride)

    def call(self, arguments: list[Options]) -> Call:
        """The call with names for its arrays."""
        steps = self.kernel_size, self.stride, self.dilation
        return Call(Name("x"), Name("w"), (), *steps, self.groups, arguments)

    def tried(self, axis: int) -> tuple[list[int], range]:
        """Input sizes that stand for all of one axis, with the given one; and those among them that are large."""
        given, kernel_size = self.input_size[axis], self.kernel_size[axis]
        stride, dilation = self.stride[axis], self.dilation[axis]
        numbers = [abs(n) for value in self.options[axis].values() for n in _numbers(value)]
        large = range((first := dilation * (kernel_size - 1) + 1 + sum(numbers)), first + 2 * stride)
        sizes = {*range(1, first if {"output_size", "output_shape"} & self.options[axis].keys() else 4), *large}
        return sorted(sizes | ({given} if given else set())), large


def _numbers(value):
    return [n for n in (value if isinstance(value, tuple) else [value]) if type(n) is int]


def translate(
    from_framework: str,
    to_framework: str,
    input_size: Ints | None,
    kernel_size: Ints,
    stride: Ints = 1,
    dilation: Ints = 1,
    *,
    groups: int = 1,
    ndim: int | None = None,
    **options: Any,
) -> Translation:
    """The call of one framework that gives the values of another one's transposed convolution.

    Sizes and options are one value for every axis, or a tuple with one an axis (a list, for options that take pairs);
    ``ndim``, 1 to 3, is the number of axes, 2 where nothing says it. Without an ``input_size`` (None) the answer holds
    for every size, or says that none does. The code takes ``x`` and ``w`` in the layout of ``to_framework`` as
    :func:`convlab.frameworks.conv_transpose` does: channels first for torch (tensors) and onnx, last for the others
    (arrays will do); jax has ``w`` as ``(*kernel, C_out, C_in)`` where the code says ``transpose_kernel=True``.

    A kernel of 4 is no trouble, and a kernel of 3 needs a slice:

    >>> translate("keras", "torch", None, 4, stride=2, padding="same").arguments
    {'padding': 1}
    >>> print(translate("keras", "torch", 8, (3, 4), stride=2, padding="same").code)
    import torch.nn.functional as F
    y = F.conv_transpose2d(x, w, stride=2, padding=(0, 1))
    y = y[:, :, :-1, :]
    >>> translate("torch", "jax", 8, 3, stride=2, padding=1, output_padding=1).arguments
    {'padding': (1, 0), 'transpose_kernel': True, 'use_consistent_padding': True}
    >>> translate("torch", "onnx", 8, 3, dilation=3, output_padding=2).reason
    'the result ends with 2 zeros beyond the full scatter, and onnx adds at most 0; append them yourself'
    """
    source, target = checked_options(from_framework, "window", options), find(to_framework)
    layer = _layer(source, "window", input_size, kernel_size, stride, dilation, groups, ndim, options)
    source.check_call("conv_transpose", layer.call(layer.options))
    wanted = [_asked(window, source, layer, axis) for axis in range(layer.ndim)]
    ways = [list(_window_ways(target, layer, axis, wanted[axis])) for axis in range(layer.ndim)]
    arguments, chosen, refusal = _first(target, "conv_transpose", layer, ways)
    if arguments is None:
        return Translation(to_framework, reason=_missing(target, layer, wanted, ways) or refusal)
    flip = chosen[0].flip != next(iter(wanted[0].values())).flip and max(layer.kernel_size) > 1
    lines = [f"w = {target.flipped(Name('w'), layer.ndim)}"] if flip else []
    lines += _written(target, "conv_transpose", layer, arguments)
    cells = [slice(begin or None, -end or None) for begin, end in (way.cut for way in chosen)]
    cut = _shared(cells) if any(any(way.cut) for way in chosen) else None
    if cut is not None:
        lines.append(f"y = {Name('y')[target.cells(cells)]}")
    holds_for = _named_by_axis([way.holds_for for way in chosen])
    code = _code(target, lines, holds_for)
    return Translation(to_framework, arguments, cut, flip=flip, code=code, holds_for=holds_for)


def _layer(found, rule, input_size, kernel_size, stride, dilation, groups, ndim, options):
    """The layer that is asked about, its sizes checked and spread over the axes."""
    pairs = pair_names(getattr(type(found), rule))
    sizes = {"input_size": input_size, "kernel_size": kernel_size, "stride": stride, "dilation": dilation}
    if ndim is None:
        listed = [len(value) for value in sizes.values() if isinstance(value, (tuple, list)) and len(value) > 1]
        in_options = [len(value) for name, value in options.items() if is_per_axis(value, name in pairs)]
        ndim = max(listed or in_options, default=found.axes_of(options) or 2)
    known("ndim", str(ndim), [str(axes) for axes in SPATIAL])
    given = {name: integer_tuple(name, s, ndim, minimum=1) for name, s in sizes.items() if s is not None}
    groups = integer("groups", groups, minimum=1)
    return Layer(list(given.pop("input_size", [None] * ndim)), *given.values(), groups, spread(options, ndim, pairs))


def _asked(rule, source, layer, axis):
    """What the first framework does on one axis, for every size that is tried and that it takes."""
    given, *steps = (part[axis] for part in layer[:4])
    options = layer.options[axis]
    try:
        if given is not None:
            rule(source.name, given, *steps, **options)
        answers = {size: _or_none(rule, source.name, size, *steps, **options) for size in layer.tried(axis)[0]}
        if not any(answers.values()):  # then say why
            rule(source.name, layer.tried(axis)[1][-1], *steps, **options)
    except (TypeError, ValueError) as error:
        if layer.ndim == 1 or all(entry == options for entry in layer.options):
            raise
        raise type(error)(f"{error} (axis {SPATIAL[layer.ndim][axis]})") from None
    return {size: answer for size, answer in answers.items() if answer is not None}


def _or_none(rule, *sizes, **options):
    """What a rule says, or None where the framework would refuse."""
    try:
        return rule(*sizes, **options)
    except ValueError:
        return None


def _starts(layer, axis, wanted):
    """The input sizes whose answers propose candidates: the given one, or some that stand for all."""
    given = layer.input_size[axis]
    return [given] if given is not None else [size for size in layer.tried(axis)[1] if size in wanted] or [*wanted]


def _window_ways(target: Framework, layer: Layer, axis: int, wanted: dict[int, Window]) -> Iterator[Way]:
    """Ways to the wanted window, first those that need no slice of the result."""
    steps = [part[axis] for part in layer[1:4]]
    for exact, start in product((True, False), _starts(layer, axis, wanted)):
        for options in target.window_candidates(Axis(start, *steps), wanted[start], exact):
            found = _or_none(window, target.name, start, *steps, **options)
            if found is None:
                continue
            begin = wanted[start].crop_begin - found.crop_begin
            cut = begin, found.output_size - begin - wanted[start].output_size
            if min(cut) < 0 or (exact and any(cut)):
                continue

            def gives(size, options=options, cut=cut):
                found = _or_none(window, target.name, size, *steps, **options)
                want = wanted[size]
                return found is not None and (
                    (want.crop_begin, want.output_size) == (found.crop_begin + cut[0], found.output_size - sum(cut))
                )

            yield Way(options, (0, 0), cut, found.flip, *_sizes_of(layer, axis, wanted, gives))


def _sizes_of(layer, axis, wanted, gives):
    """Whether a way gives what is wanted for every input size, and in words for which ones."""
    fitting = [size for size in wanted if gives(size)]
    given, large = layer.input_size[axis], layer.tried(axis)[1]
    if fitting == [*wanted]:
        whole = all(size in wanted for size in large)
        return True, EVERY if whole else f"input size {', '.join(map(str, fitting))}"
    return False, _with_remainders(given, [*wanted], fitting, layer.stride[axis])


def _with_remainders(given, sizes, fitting, divisor):
    """Those remainders of the input size for which something held whenever it was tried; or the given size alone."""
    held = {size % divisor for size in sizes} - {size % divisor for size in set(sizes) - set(fitting)}
    if given is None or given % divisor not in held:
        return f"input size {given}"
    return f"input sizes with remainder {' or '.join(map(str, sorted(held)))} on division by {divisor}"


def _first(
    target: Framework, operation: str, layer: Layer, ways: list[list[Way]]
) -> tuple[Options | None, Sequence[Way], str | None]:
    """The arguments and the best ways of all axes that go together in one call, or the reason why there are none."""
    if None in layer.input_size:
        ways = [[way for way in axis if way.every] for axis in ways]
    rule, refusal = getattr(type(target), RULES[operation]), None

    def cost(chosen):
        return not all(way.every for way in chosen), sum(any(way.cut) or any(way.padding) for way in chosen)

    for chosen in sorted(product(*ways), key=cost):
        arguments = merged(rule, [way.options for way in chosen])
        if arguments is None:
            continue
        try:
            target.check_call(operation, layer.call(spread(arguments, layer.ndim, pair_names(rule))))
        except ValueError as error:
            refusal = refusal or str(error)
            continue
        return arguments, chosen, None
    return None, (), refusal


def _missing(target, layer, wanted, ways):
    """Why the target has no way on some axis."""
    for axis in range(layer.ndim):
        if ways[axis] and None in layer.input_size:
            continue
        if ways[axis]:
            continue
        start = _starts(layer, axis, wanted[axis])[0]
        want = wanted[axis][start]
        if want.crop_begin < 0:
            return f"the result begins with {-want.crop_begin} zeros before the full scatter; put them there yourself"
        most = target.most_zeros(Axis(start, *(part[axis] for part in layer[1:4])))
        if want.crop_end < -most:
            return (
                f"the result ends with {-want.crop_end} zeros beyond the full scatter, and {target.name} adds at most "
                f"{most}; append them yourself"
            )
    if None in layer.input_size:
        return f"no arguments of {target.name} give this for every input size; give input_size"
    return None


def _shared(values):
    """One value for axes that are alike, otherwise a list."""
    return values[0] if all(value == values[0] for value in values) else list(values)


def _named_by_axis(texts):
    """One text for all axes that are alike, otherwise each with the letter of its axis."""
    if len(set(texts)) == 1:
        return texts[0]
    return "; ".join(f"{letter}: {text}" for letter, text in zip(SPATIAL[len(texts)], texts))


def written_call(
    framework: Framework,
    operation: str,
    ndim: int,
    stride: Ints,
    dilation: Ints,
    arguments: dict[str, Any],
    groups: int = 1,
) -> list[str]:
    """The lines that set ``y`` by ``"conv_transpose"`` or ``"conv"`` of ``x`` and ``w``, without imports.

    >>> written_call(find("jax"), "conv_transpose", 1, 2, 1, {"padding": (1, 0)})
    ['y = jax.lax.conv_transpose(x, w, (2,), padding=[(1, 0)])']
    """
    steps = integer_tuple("stride", stride, ndim), integer_tuple("dilation", dilation, ndim)
    options = spread(arguments, ndim, pair_names(getattr(type(framework), RULES[operation])))
    return framework.write(operation, Call(Name("x"), Name("w"), (), (1,) * ndim, *steps, groups, options))


def _written(target, operation, layer, arguments):
    options = spread(arguments, layer.ndim, pair_names(getattr(type(target), RULES[operation])))
    return target.write(operation, layer.call(options))


def _code(framework, lines, holds_for=EVERY):
    return "\n".join([*framework.imports, *([] if holds_for == EVERY else [f"# for {holds_for}"]), *lines])


def translate_conv(
    from_framework: str,
    to_framework: str,
    input_size: Ints | None,
    kernel_size: Ints,
    stride: Ints = 1,
    dilation: Ints = 1,
    *,
    groups: int = 1,
    ndim: int | None = None,
    **options: Any,
) -> Translation:
    """The call of one framework that gives the values of another one's ordinary convolution.

    As :func:`translate`, with ``padding`` where cells must be put around ``x`` first. The first framework can be
    ``"slim"``, too.

    >>> translate_conv("torch", "jax", 224, 7, stride=2, padding=3).arguments
    {'padding': (3, 3)}
    >>> print(translate_conv("tensorflow", "torch", 224, 3, stride=2, padding="SAME").code)
    import torch.nn.functional as F
    # for input sizes with remainder 0 on division by 2
    x = F.pad(x, (0, 1, 0, 1))
    y = F.conv2d(x, w, stride=2)
    >>> translate_conv("tensorflow", "torch", None, 3, stride=2, padding="SAME").reason
    'no arguments of torch give this for every input size; give input_size'
    >>> translate_conv("keras", "torch", None, 3, padding="causal").code.splitlines()[1:]
    ['x = F.pad(x, (2, 0))', 'y = F.conv1d(x, w, stride=1)']
    """
    source, target = checked_options(from_framework, "conv_padding", options), find(to_framework)
    layer = _layer(source, "conv_padding", input_size, kernel_size, stride, dilation, groups, ndim, options)
    source.check_call("conv", layer.call(layer.options))
    wanted = [_asked(conv_padding, source, layer, axis) for axis in range(layer.ndim)]
    mode = options.get("padding_mode", "zeros")
    ways = [list(_padding_ways(target, layer, axis, wanted[axis], mode)) for axis in range(layer.ndim)]
    arguments, chosen, refusal = _first(target, "conv", layer, ways)
    if arguments is None:
        every = _missing(target, layer, wanted, ways) if all(ways) else None
        return Translation(to_framework, reason=refusal or every or _plain_refusal(target, layer, wanted))
    pads = [way.padding for way in chosen]
    padding, mode = (_shared(pads), mode) if any(map(any, pads)) else (None, "zeros")
    lines = [] if padding is None else target.write_padding(pads, mode)
    lines += _written(target, "conv", layer, arguments)
    holds_for = _named_by_axis([way.holds_for for way in chosen])
    code = _code(target, lines, holds_for)
    return Translation(to_framework, arguments, padding=padding, padding_mode=mode, code=code, holds_for=holds_for)


def _padding_ways(target: Framework, layer: Layer, axis: int, wanted: dict[int, Any], mode: str) -> Iterator[Way]:
    """Ways to pad as it is wanted: by options, and by hand before the call."""
    steps = [part[axis] for part in layer[1:4]]
    for start in _starts(layer, axis, wanted):
        begin, end, _ = wanted[start]
        by_hand = (target.unpadded(), (begin, end))
        if mode == "zeros" or (begin, end) == (0, 0):
            choices = [(options, (0, 0)) for options in target.conv_candidates(begin, end)]
        elif "padding_mode" in option_names(type(target).conv_padding):
            choices = [(options | {"padding_mode": mode}, (0, 0)) for options in target.conv_candidates(begin, end)]
        else:
            choices = []
        for options, pads in [*choices, by_hand]:
            if target.axes_of(options) not in (None, layer.ndim):
                continue

            def gives(size, options=options, pads=pads):
                found = _or_none(conv_padding, target.name, size + sum(pads), *steps, **options)
                want = wanted[size]
                return found is not None and (
                    (pads[0] + found.begin, found.output_size) == (want.begin, want.output_size)
                )

            if gives(start):
                yield Way(options, pads, (0, 0), False, *_sizes_of(layer, axis, wanted, gives))


def _plain_refusal(target, layer, wanted):
    """What the target says to the convolution without padding."""
    for axis in range(layer.ndim):
        start = _starts(layer, axis, wanted[axis])[0]
        begin, end, _ = wanted[axis][start]
        steps = [part[axis] for part in layer[1:4]]
        try:
            conv_padding(target.name, start + begin + end, *steps, **target.unpadded())
        except ValueError as error:
            return str(error)
    return f"no call of {target.name} has such options on all axes"


def translate_resize(
    from_framework: str,
    to_framework: str,
    input_size: Ints | None = None,
    *,
    size: Ints | None = None,
    scale_factor: Scales | None = None,
    ndim: int | None = None,
    **options: Any,
) -> Translation:
    """The options with which one framework resizes as another one does, for floats.

    Give the output ``size``, or the ``scale_factor``, by which torch and onnx divide while the others divide by the
    ratio of the sizes; one number or one an axis. Without either the answer is for every size, and ``code`` takes
    ``x`` and ``size``. With an ``input_size`` an answer is also found that holds for this one only. ``ndim``, 1 to 3,
    is the number of axes, 2 where nothing says it. Where a size stays, torch mixes by the ratio of the sizes after
    all; so may ``"nearest"`` on two or three axes where it stays or doubles, by the size and layout of the image.

    >>> translate_resize("tensorflow", "torch", method="nearest").arguments
    {'mode': 'nearest-exact'}
    >>> translate_resize("onnx", "torch", mode="nearest").reason
    'no option of torch looks at half_pixel positions and rounds by round_prefer_floor'
    >>> translate_resize("onnx", "torch", mode="nearest", scale_factor=2).arguments
    {'mode': 'nearest', 'scale_factor': 2}
    >>> translate_resize("torch", "tensorflow", 5, scale_factor=1.6, mode="nearest").holds_for
    'input sizes with remainder 0 or 2 on division by 5'
    >>> translate_resize("torch", "onnx", 8, scale_factor=1.25, mode="nearest").holds_for
    'every input size but 2 to 3'
    """
    source, target = checked_options(from_framework, "sampling", options), find(to_framework, "sampling")
    ndim = _resized_axes(source, input_size, size, scale_factor, ndim, options)
    given = [None] * ndim if input_size is None else list(integer_tuple("input_size", input_size, ndim, minimum=1))
    wanted = _resizes(source, ndim, given, size, scale_factor, options)
    if target.resizes_two_axes_only and ndim > 2:
        return Translation(to_framework, reason=f"the resize of {to_framework} takes one or two axes, not {ndim}")
    found = []
    for arguments in _resizing_candidates(target, ndim, scale_factor):
        tried = _resizes(target, ndim, given, size, scale_factor, arguments)
        held = [_resized_alike(*axes) for axes in zip(wanted, tried)]
        if None not in held and (input_size is not None or set(held) == {EVERY}):
            found.append((arguments, held))
    if not found:
        return Translation(to_framework, reason=_not_resized(wanted, target))
    arguments, held = min(
        found, key=lambda way: [sum(h != EVERY for h in way[1]), sum(EVERY not in str(h) for h in way[1])]
    )
    holds_for, lines = _named_by_axis(held), _resize_lines(target, ndim, size, scale_factor, arguments)
    return Translation(to_framework, arguments, code=_code(target, lines, holds_for), holds_for=holds_for)


class _Resize(NamedTuple):
    """A resize of one axis; ``scale`` is None where positions follow the ratio of the sizes."""

    rule: Sampling
    input_size: int | None
    size: int | None
    factor: float | None
    scale: float | None
    #: Input sizes at which the framework takes the ratio of the sizes all the same, or for ``nearest`` may do so.
    unscaled: range = range(0)

    def scales(self, input_size: int) -> set[float | None]:
        """By what it may divide."""
        if input_size not in self.unscaled:
            return {self.scale}
        return {None} if self.rule.rounding is None else {None, self.scale}


def _unscaled(framework: Framework, ndim: int, rule: Sampling, factor: float) -> range:
    """The input sizes above 1 at which a framework may ignore a scale that gives a whole multiple of the size.

    >>> _unscaled(find("torch"), 2, sampling("torch"), 1.25), _unscaled(find("torch"), 1, sampling("torch"), 1.25)
    (range(2, 4), range(0, 0))
    """
    for times in framework.ignores_scale(ndim, rule):
        if 0 < factor - times < 0.5:
            stop = math.ceil(1 / (Fraction(factor) - times))
            kept = interpolate_output_size(stop - 1, factor) == times * (stop - 1)  # the product may be rounded up
            return range(2, stop if kept else stop - 1)
    return range(0)


def _cells(sizes: range) -> str:
    return f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"


@lru_cache(maxsize=4096)
def _looks(rule: Sampling, scale: float | None, input_size: int, output_size: int) -> list[Fraction]:
    """The cell that each output cell takes, or the place between two that it mixes."""
    cells = source_positions(rule.coordinates, input_size, output_size, scale)
    if rule.rounding:
        cells = [Fraction(ROUNDINGS[rule.rounding](cell)) for cell in cells]
    return [min(max(cell, Fraction(0)), Fraction(input_size - 1)) for cell in cells]


def _resized_axes(source, input_size, size, scale_factor, ndim, options):
    """The number of axes that is meant; what the first framework refuses is refused."""
    if ndim is None:
        listed = [len(v) for v in (input_size, size, scale_factor) if isinstance(v, (tuple, list)) and len(v) > 1]
        ndim = max(listed, default=source.axes_of(options) or 2)
    known("ndim", str(ndim), [str(axes) for axes in SPATIAL])
    source.check_axes(ndim, options)
    if size is not None or scale_factor is not None or ndim > 2:
        given = [1000] * ndim if input_size is None else integer_tuple("input_size", input_size, ndim, minimum=1)
        output_sizes(source, given, 1 if size is scale_factor is None else size, scale_factor, options)
    return ndim


def _resizes(framework, ndim, input_size, size, scale_factor, options):
    """The resize of each axis."""
    by_scale = scale_factor is not None and framework.takes_scale and not options.get("recompute_scale_factor")
    by_scale = by_scale and options.get("scale_factor", scale_factor) is not None
    rule = sampling(framework.name, **{name: value for name, value in options.items() if name != "scale_factor"})
    sizes = [None] * ndim if size is None else integer_tuple("size", size, ndim, minimum=1)
    factors = [None] * ndim if scale_factor is None else per_axis_scales(scale_factor, ndim)
    return [
        _Resize(rule, i, o, f, *((f, _unscaled(framework, ndim, rule, f)) if by_scale else (None,)))
        for i, o, f in zip(input_size, sizes, factors)
    ]


def _resizing_candidates(target, ndim, scale_factor):
    """All ways of the target; first by the given scale, where it takes one."""
    ways = list(target.sampling_candidates(ndim))
    if scale_factor is None or not target.takes_scale:
        return ways
    scale = _shared(per_axis_scales(scale_factor, ndim))
    scale = tuple(scale) if isinstance(scale, list) else scale
    return [way | {"scale_factor": scale} for way in ways] + [way | {"scale_factor": None} for way in ways]


def _resized_alike(wanted: _Resize, tried: _Resize) -> str | None:
    """For which input sizes two resizes look at the same cells; None where not even for the given one."""
    given, size, factor = wanted.input_size, wanted.size, wanted.factor
    if (wanted.rule, wanted.scale) == (tried.rule, tried.scale):
        if wanted.unscaled == tried.unscaled:
            return EVERY
        one = wanted.unscaled or tried.unscaled
        return None if given is None or given in one else f"{EVERY} but {_cells(one)}"
    if factor is None and (given is None or size is None):
        return None

    def alike(input_size):
        output_size = size if factor is None else interpolate_output_size(input_size, factor)
        looks = [_looks(r.rule, f, input_size, output_size) for r in (wanted, tried) for f in r.scales(input_size)]
        return all(look == looks[0] for look in looks)

    if given is not None and not alike(given):
        return None
    if factor is None or (period := as_fraction(factor).denominator) > LONGEST:
        return f"input size {given}" if given else None
    sizes = [n for n in range(1, max(3 * period + 4, SEVERAL)) if n * factor >= 1]
    if all(map(alike, sizes)):
        return EVERY
    return _with_remainders(given, sizes, [n for n in sizes if alike(n)], period) if given else None


def _not_resized(axes, target):
    """Why no way was found."""
    wanted = axes[0]
    for axis in axes if target.takes_scale else ():
        if unscaled := axis.unscaled or (axis.scale and _unscaled(target, len(axes), axis.rule, axis.factor)):
            told = f"torch may ignore scale_factor={axis.factor} on an axis of {_cells(unscaled)} cells"
            return f"{told}; give another input_size"
    if any(sampling(target.name, **way) == wanted.rule for way in target.sampling_candidates(2)):
        return (
            f"{target.name} divides by the ratio of the sizes, which is not {wanted.factor} for every input size; "
            "give input_size"
        )
    action = f"rounds by {wanted.rule.rounding}" if wanted.rule.rounding else "mixes linearly"
    return f"no option of {target.name} looks at {wanted.rule.coordinates} positions and {action}"


def _resize_lines(target, ndim, size, scale_factor, arguments):
    """The lines that set ``y``, to the size that is given, computed from the scale, or called ``size``."""
    lines, sizes = [], Name("size")
    if arguments.get("scale_factor") is not None:
        sizes = None
    elif scale_factor is not None:
        space = "x.shape[1:-1]" if target.channels_last else "x.shape[2:]"
        scales = tuple(per_axis_scales(scale_factor, ndim))
        lines.append(f"size = [int(n * f) for n, f in zip({space}, {scales})]")
    elif size is not None:
        lines.append(f"size = {integer_tuple('size', size, ndim, minimum=1)}")
    options = {name: value for name, value in arguments.items() if value is not None}
    flat = target.resizes_two_axes_only and ndim == 1  # then the image gets a height of 1
    call = target.write("resize", Name("x"), Name("(1, *size)") if flat else sizes, options)
    return lines + (["x = x[:, None]", *call, "y = y[:, 0]"] if flat else call)


def translate_depth_to_space(
    from_framework: str, to_framework: str, channels: int, block_size: int, **options: Any
) -> Translation:
    """The call with which one framework deals channels out as another one does.

    ``channels``, of the input, is a multiple of ``block_size ** 2``; ``order`` is given where they must be put into
    another order first.

    >>> translate_depth_to_space("tensorflow", "torch", 8, 2).order
    [0, 2, 4, 6, 1, 3, 5, 7]
    >>> translate_depth_to_space("torch", "onnx", 8, 2).arguments
    {'mode': 'CRD'}
    """
    wanted = channel_order(from_framework, **options)
    target = find(to_framework, "channel_order")
    r = integer("block_size", block_size, minimum=target.smallest_block)
    if integer("channels", channels, minimum=1) % r**2:
        raise ValueError(f"channels must be a multiple of block_size^2={r**2}, got {channels}")
    arguments = target.order_options(wanted)
    found = channel_order(to_framework, **arguments)
    order = None if found == wanted else dealt(channels, r, wanted, found)
    lines = _reordered("x", target, order) + target.write("depth_to_space", Name("x"), r, arguments)
    return Translation(to_framework, arguments, order=order, code=_code(target, lines), holds_for=EVERY)


def translate_space_to_depth(from_framework: str, to_framework: str, channels: int, block_size: int) -> Translation:
    """The call with which one framework deals space out over channels as another one does.

    ``channels`` are those of the input; ``order`` is given where those of the result must be put into another order.

    >>> translate_space_to_depth("torch", "tensorflow", 2, 2).order
    [0, 2, 4, 6, 1, 3, 5, 7]
    """
    wanted, found = channel_order(from_framework), channel_order(to_framework)
    target = find(to_framework)
    r = integer("block_size", block_size, minimum=target.smallest_block)
    channels = integer("channels", channels, minimum=1)
    order = None if found == wanted else dealt(channels * r**2, r, found, wanted)
    lines = target.write("space_to_depth", Name("x"), r) + _reordered("y", target, order)
    return Translation(to_framework, {}, order=order, code=_code(target, lines), holds_for=EVERY)


def _reordered(name, target, order):
    """The line that puts the channels of ``x`` or ``y`` in order."""
    if order is None:
        return []
    axis = target.input_layout().index("C")
    if target.take:
        return [f"{name} = {target.take}({name}, {order!r}, axis={axis})"]
    return [f"{name} = {name}[{', '.join([*[':'] * axis, repr(order)])}]"]
