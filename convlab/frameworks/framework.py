"""What every framework says about itself, and the words in which it says it.

A framework is a subclass of :class:`Framework` in a module of its own, and an instance in
:mod:`convlab.frameworks.registry`. It states

* **rules**, one axis at a time: the window of its transposed convolution, the zeros of its ordinary
  one, the sampling of its resize, the order of its channels in depth to space. Their
  keyword-only arguments are the options that it takes. A rule raises ``ValueError`` where the framework
  refuses, and says why;
* **layouts** of its arrays;
* **calls** of its real functions. They take the module (or the function that computes a node), so that the
  same lines run a call, and write it where names stand for the arrays, see :class:`convlab.frameworks.written.Name`;
* **candidates**: options that may give what another framework gives, for the translations.

"Cells" count along one axis; ``K`` is the span of a dilated kernel, ``L`` the size of the full scatter.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import cache
from importlib import import_module
from inspect import Parameter, signature
from typing import Any, NamedTuple

import numpy as np

from convlab.arithmetic import conv_transpose_output_size, effective_kernel_size, same_padding
from convlab.frameworks.written import Name
from convlab.reference.layer_arguments import PADDING_MODES
from convlab.typing import Array
from convlab.validation import array, integer_pair

__all__ = [
    "COORDINATES",
    "HALF",
    "ROUNDINGS",
    "SPATIAL",
    "Axis",
    "Call",
    "Framework",
    "Options",
    "Padding",
    "Sampling",
    "Window",
    "is_per_axis",
    "kept_cells",
    "known",
    "merged",
    "named_zeros",
    "nonzero",
    "option_names",
    "pair",
    "pair_names",
    "placed",
    "same_or_valid",
    "shared",
    "spread",
]

#: Options of a framework by their names.
Options = dict[str, Any]
#: Letters of the axes of space, by their number.
SPATIAL = {1: "W", 2: "HW", 3: "DHW"}
#: Where a resize looks, see :func:`convlab.frameworks.source_positions`.
COORDINATES = ("half_pixel", "align_corners", "asymmetric", "pytorch_half_pixel")
HALF = Fraction(1, 2)
#: What a position that lies between two cells is turned into.
ROUNDINGS = {
    "floor": math.floor,
    "ceil": math.ceil,
    "round_prefer_floor": lambda position: math.ceil(position - HALF),
    "round_prefer_ceil": lambda position: math.floor(position + HALF),
}


class Axis(NamedTuple):
    """The sizes of one axis."""

    input_size: int
    kernel_size: int
    stride: int
    dilation: int

    @property
    def span(self) -> int:
        """``K``: cells from the first tap of the kernel to the last."""
        return effective_kernel_size(self.kernel_size, self.dilation)

    @property
    def full_size(self) -> int:
        """``L``: cells of the full scatter, before any crop."""
        return conv_transpose_output_size(self.input_size, self.kernel_size, self.stride, dilation=self.dilation)


class Window(NamedTuple):
    """What one axis of a transposed convolution keeps of the full scatter.

    Output cell ``m`` is cell ``m + crop_begin`` of the full scatter, or 0 outside it,
    for ``m`` from 0 to ``output_size - 1``. With ``flip`` the kernel is turned round first.
    """

    crop_begin: int
    crop_end: int
    flip: bool
    output_size: int

    def cut(self, full: Array, axis: int = -1) -> Array:
        """Look at one axis of the full scatter through the window; outside there are zeros.

        >>> Window(crop_begin=1, crop_end=-1, flip=False, output_size=5).cut(np.array([1, 10, 102, 20, 200]))
        array([ 10, 102,  20, 200,   0])
        """
        cells = np.arange(self.output_size) + self.crop_begin
        inside = (cells >= 0) & (cells < full.shape[axis])
        source = np.moveaxis(array("full", full), axis, -1)
        output = np.zeros((*source.shape[:-1], self.output_size), full.dtype)
        output[..., inside] = source[..., cells[inside]]
        return np.moveaxis(output, -1, axis)


class Padding(NamedTuple):
    """Zeros before and after one axis (negative: cells cut off), and the output size they give."""

    begin: int
    end: int
    output_size: int


class Sampling(NamedTuple):
    """One axis of a resize: the coordinates, and the rounding (None: linear mixing)."""

    coordinates: str
    rounding: str | None


class Call(NamedTuple):
    """A checked call: the arrays, or the names that stand for them; the rest has one entry an axis."""

    x: Any
    weight: Any
    input_size: tuple
    kernel_size: tuple
    stride: tuple
    dilation: tuple
    groups: int
    options: list

    @property
    def ndim(self) -> int:
        """How many axes of space."""
        return len(self.stride)

    def each(self, name: str, default: Any = None) -> list[Any]:
        """One option, one entry an axis."""
        return [option.get(name, default) for option in self.options]

    def word(self, name: str, default: Any = None) -> str | None:
        """One option where it is a word for all axes, else None."""
        first = self.options[0].get(name, default)
        return first if isinstance(first, str) else None

    @property
    def padding_mode(self) -> str:
        """What the cells of the padding hold, by PyTorch's word."""
        return self.options[0].get("padding_mode", "zeros")

    def given(self, *names: str) -> Options:
        """Those of the options that were given, in their order, one number for axes that are alike."""
        return {name: shared(self.each(name)) for name in self.options[0] if name in names}

    def steps(self, **sizes: Any) -> Options:
        """Dilations or groups by the framework's names for them, without those that are 1."""
        return {name: value for name, value in sizes.items() if np.max(value) > 1}


class Framework:
    """The interface. A framework without an operation leaves its rule out, as JAX ``channel_order``."""

    name: str
    #: The releases on which ``python -m tools.conformance`` confirmed the rules.
    version: str | None = None
    #: What is imported at the first call; the last one is the module that is called.
    packages: tuple[str, ...]
    #: The first lines of written code, and the name of the module there.
    imports: tuple[str, ...] = ()
    alias: str
    channels_last = False
    #: Whether the transposed convolution has groups, and whether a resize takes a scale_factor in place of a size.
    grouped, takes_scale = True, False
    #: Whether its resize takes images of one or two axes only, rounds integers after each of them, and divides
    #: positions by a scale that is a float32 of its own.
    resizes_two_axes_only = rounds_each_axis = divides_by_scale = False
    #: What linear mixing does to integers: a function of arrays, or None where they become floats.
    round_mixed: Callable[[Array], Array] | None = None
    smallest_block = 1
    #: Words of options that are for a number of axes: ``(option, word, axes)``.
    words_for_axes: tuple[tuple[str, str, int], ...] = ()

    # --- rules, for an Axis and the options of the framework

    window: Callable[..., Window]
    #: Zeros (or what ``padding_mode`` says) before and after the input of an ordinary convolution.
    conv_padding: Callable[..., tuple[int, int]]
    sampling: Callable[..., Sampling]
    #: The function that takes channels in another order, where an array of the framework cannot be indexed by a list.
    take = ""
    #: ``"CRD"`` or ``"DCR"``, see :func:`convlab.frameworks.channel_order`.
    channel_order: Callable[..., str]

    def check_call(self, operation: str, call: Call) -> None:
        """Refuse ``"conv_transpose"`` or ``"conv"`` for what no single axis shows."""
        self.check_axes(call.ndim, call.options[0])
        if operation == "conv_transpose" and call.groups > 1 and not self.grouped:
            raise ValueError(
                f"{self.name}: its transposed convolution has no groups, got groups={call.groups}; call it for the "
                "channels of each group and join the results"
            )

    def axes_of(self, options: Options) -> int | None:
        """How many axes these options are for, if a word among them says it."""
        return next((axes for name, word, axes in self.words_for_axes if options.get(name) == word), None)

    def check_axes(self, ndim: int, options: Options) -> None:
        """Refuse words that are for another number of axes."""
        for name, word, axes in self.words_for_axes:
            if options.get(name) == word and axes != ndim:
                count = "1 axis" if axes == 1 else f"{axes} axes"
                raise ValueError(f"{self.name}: {name}={word!r} is for inputs with {count} of space, got {ndim}")

    def ignores_scale(self, ndim: int, rule: Sampling) -> tuple[int, ...]:
        """Where a resize of so many axes may ignore a scale: 1 if the size stays, 2 if it doubles."""
        return ()

    def check_mixed(self, x: Array) -> None:
        """Refuse integers whose linear mixing the framework refuses."""

    # --- layouts

    def input_layout(self, ndim: int = 2) -> str:
        """Of inputs and outputs."""
        return f"N{SPATIAL[ndim]}C" if self.channels_last else f"NC{SPATIAL[ndim]}"

    def weight_layout(self, ndim: int = 2, transpose_kernel: bool = False) -> str:
        """Of the kernel of a transposed convolution."""
        return f"{SPATIAL[ndim]}OI" if self.channels_last else f"IO{SPATIAL[ndim]}"

    def conv_weight_layout(self, ndim: int = 2) -> str:
        """Of the kernel of an ordinary convolution."""
        return f"{SPATIAL[ndim]}IO" if self.channels_last else f"OI{SPATIAL[ndim]}"

    def cells(self, slices: Iterable[slice]) -> tuple[slice, ...]:
        """The index of an input or output that takes a slice of each axis of space."""
        return (slice(None),) * (1 if self.channels_last else 2) + tuple(slices)

    # --- calls

    def load(self) -> Any:
        """Import the framework and return the module that is called."""
        try:
            return [import_module(name) for name in self.packages][-1]
        except ImportError as error:
            raise ImportError(
                f"{self.name} is not installed ({error}); install it with: pip install 'convlab[frameworks]'"
            ) from error

    def api(self) -> Any:
        """What the calls below take as their first argument."""
        return self.load()

    def tensor(self, values: Array) -> Any:
        """The framework's own kind of array, where it takes no NumPy."""
        return values

    #: ``(api, call)``.
    conv_transpose: Callable[..., Any]
    conv: Callable[..., Any]
    #: ``(api, x, size, options)``.
    resize: Callable[..., Any]
    #: ``(api, x, block_size, options)``.
    depth_to_space: Callable[..., Any]
    #: ``(api, x, block_size)``.
    space_to_depth: Callable[..., Any]

    # --- code

    def write(self, operation: str, *arguments: Any) -> list[str]:
        """The lines that set ``y`` by one of the calls above."""
        return [f"y = {getattr(self, operation)(Name(self.alias), *arguments)}"]

    def flipped(self, w: Any, ndim: int) -> Any:
        """The kernel turned round in space."""
        channels = () if self.channels_last else (slice(None),) * 2
        return w[(*channels, *(slice(None, None, -1),) * ndim)]

    def write_padding(self, pads: Sequence[tuple[int, int]], mode: str = "zeros") -> list[str]:
        """The lines that put zeros around each axis of ``x`` (or what the mode says), or cut cells off."""
        lines = [f"x = {Name('x')[self.cells(kept_cells(*axis) for axis in pads)]}"] if min(map(min, pads)) < 0 else []
        before, zeros = 1 if self.channels_last else 2, [(max(begin, 0), max(end, 0)) for begin, end in pads]
        if not np.any(zeros):
            return lines
        filled = "" if mode == "zeros" else f", mode={PADDING_MODES[mode]!r}"
        around = [(0, 0)] * before + zeros + [(0, 0)] * (2 - before)
        return ["import numpy as np", *lines, f"x = np.pad(x, {around}{filled})"]

    # --- candidates for a translation: options, one dictionary each

    #: ``(axis, wanted, exact)``: may give the wanted window; if not exact, a larger one that has it in it.
    window_candidates: Callable[..., Iterable[Options]]
    #: ``(begin, end)``: may pad so many zeros.
    conv_candidates: Callable[..., Iterable[Options]]
    #: ``(ndim)``: all its ways to resize.
    sampling_candidates: Callable[..., Iterable[Options]]

    def unpadded(self) -> Options:
        """The options of a convolution that pads nothing."""
        return {}

    def most_zeros(self, axis: Axis) -> int:
        """How many zeros it can add after the full scatter."""
        return axis.stride - 1

    def order_options(self, order: str) -> Options:
        """Options for an order of channels, as far as it has any."""
        return {}


# --- words and numbers of options ---------------------------------------------------------------------------------


def known(name: str, value: Any, words: Iterable[str]) -> str:
    """Return ``value`` if it is one of the ``words``; otherwise say which there are.

    >>> known("framework", "caffe", ("torch", "jax"))
    Traceback (most recent call last):
        ...
    ValueError: framework must be one of torch, jax; got 'caffe'
    """
    if not isinstance(value, str) or value not in words:
        rule = f"must be one of {', '.join(words)}" if words else "must not be given, there is none"
        raise ValueError(f"{name} {rule}; got {value!r}")
    return value


def pair(name: str, value: Any, minimum: int | None = None) -> tuple[int, int]:
    """Return ``(begin, end)``; unlike :func:`convlab.validation.integer_pair` one number is not enough."""
    if not isinstance(value, (tuple, list)):
        raise ValueError(f"{name} must be a pair (begin, end), got {value!r}")
    return integer_pair(name, value, minimum)


@cache
def option_names(rule: Any) -> tuple[str, ...]:
    """The names of a rule's keyword-only arguments: the options of one framework."""
    return tuple(option_defaults(rule))


@cache
def option_defaults(rule: Any) -> dict[str, Any]:
    """The options of a rule and what stands for each that is not given."""
    parameters = signature(rule).parameters.values()
    return {parameter.name: parameter.default for parameter in parameters if parameter.kind is Parameter.KEYWORD_ONLY}


@cache
def pair_names(rule: Any) -> frozenset[str]:
    """The options of a rule that take a pair ``(begin, end)``: their annotation says so."""
    return frozenset(p.name for p in signature(rule).parameters.values() if "tuple" in str(p.annotation))


def spread(options: Options, ndim: int, pairs: Iterable[str] = ()) -> list[Options]:
    """One dictionary an axis: a list or tuple has an entry an axis, anything else stands for all of them.

    For the options named in ``pairs`` a tuple of two numbers is one pair for all axes.

    >>> spread({"padding": [(1, 0), (0, 0)], "transpose_kernel": True}, 2, pairs=("padding",))
    [{'padding': (1, 0), 'transpose_kernel': True}, {'padding': (0, 0), 'transpose_kernel': True}]
    >>> spread({"padding": (1, 0), "output_size": (7, 8)}, 2, pairs=("padding",))
    [{'padding': (1, 0), 'output_size': 7}, {'padding': (1, 0), 'output_size': 8}]
    """
    each = {name: _each(name, value, ndim, name in pairs) for name, value in options.items()}
    return [{name: entries[axis] for name, entries in each.items()} for axis in range(ndim)]


def is_per_axis(value: Any, takes_pairs: bool) -> bool:
    """Whether an option has an entry an axis."""
    pair = takes_pairs and isinstance(value, tuple) and not any(isinstance(entry, (tuple, list)) for entry in value)
    return isinstance(value, (list, tuple)) and not pair


def _each(name, value, ndim, takes_pairs):
    if not is_per_axis(value, takes_pairs):
        return [value] * ndim
    if len(value) != ndim:
        raise ValueError(f"{name} must be one value, or a list with one for each of the {ndim} axes, got {value}")
    if any(map(_is_word, value)):
        raise ValueError(f"{name} must be numbers or pairs where it is a list; a word holds for all axes, got {value}")
    return list(value)


def merged(rule: Any, options: Sequence[Options]) -> Options | None:
    """The options of one call from those of its axes; None where a word would have to differ.

    >>> class Rule:
    ...     def window(self, axis, *, padding=0, output_padding=0): ...
    >>> merged(Rule.window, [{"padding": 1}, {"padding": 1, "output_padding": 1}])
    {'padding': 1, 'output_padding': [0, 1]}
    """
    given: Options = {}
    for name, default in option_defaults(rule).items():
        entries = [axis.get(name, default) for axis in options]
        if not any(name in axis for axis in options):
            continue
        if all(entry == entries[0] for entry in entries):
            given[name] = entries[0]
        elif any(map(_is_word, entries)):
            return None
        else:
            given[name] = entries
    return given


def _is_word(value):
    """Whether a value holds for all axes: it cannot stand in a list."""
    return value is None or isinstance(value, (str, bool))


def shared(values: Any) -> Any:
    """The one value of axes that are alike, otherwise the tuple of them.

    >>> shared([2, 2]), shared([2, 1])
    (2, (2, 1))
    """
    return values[0] if all(value == values[0] for value in values) else tuple(values)


def nonzero(**numbers: int) -> dict[str, int]:
    """The options without those that are 0, their default."""
    return {name: number for name, number in numbers.items() if number}


def kept_cells(begin: int, end: int) -> slice:
    """The cells that are left of an axis where negative padding cuts some off.

    >>> kept_cells(-1, 2), kept_cells(0, -3)
    (slice(1, None, None), slice(None, -3, None))
    """
    return slice(-begin if begin < 0 else None, end if end < 0 else None)


# --- facts that several frameworks share --------------------------------------------------------------------------


def placed(axis: Axis, crop_begin: int, size: int, flip: bool = False) -> Window:
    """The window of ``size`` cells from ``crop_begin`` on."""
    return Window(crop_begin, axis.full_size - crop_begin - size, flip, size)


def same_or_valid(axis: Axis, word: str, size: int | None = None, flip: bool = False) -> Window:
    """The window of "same" or "valid" in Keras and JAX, or of the same word with another ``size``.

    It has no cell fewer than a stride an input; "same" crops the smaller half of the surplus first.

    >>> same_or_valid(Axis(2, 3, 2, 1), "same")
    Window(crop_begin=0, crop_end=1, flip=False, output_size=4)
    """
    if word == "same":
        size = axis.stride * axis.input_size if size is None else size
        return placed(axis, max(axis.full_size - size, 0) // 2, size, flip)
    return placed(axis, 0, axis.full_size + max(axis.stride - axis.span, 0) if size is None else size, flip)


def named_zeros(axis: Axis, padding: Any, words: tuple[str, ...], minimum: int | None = None) -> tuple[int, int]:
    """``(begin, end)`` of an ordinary convolution for a word, or for the pair that was given instead.

    "Same" means ``ceil(i / s)`` cells; of an odd number of zeros the odd one is at the end, for ``SAME_LOWER`` at the
    begin.

    >>> named_zeros(Axis(6, 3, 2, 1), "SAME", ("SAME", "VALID")), named_zeros(Axis(6, 3, 2, 1), (2, 1), ())
    ((0, 1), (2, 1))
    """
    if not isinstance(padding, str):
        return pair("padding", padding, minimum)
    if known("padding", padding, (*words, "(begin, end)")) == "VALID":
        return (0, 0)
    begin, end = same_padding(axis.kernel_size, axis.dilation, stride=axis.stride, input_size=axis.input_size)
    return (end, begin) if padding == "SAME_LOWER" else (begin, end)
