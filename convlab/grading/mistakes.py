"""The wrong answers that known misunderstandings of transposed convolution give.

Each mistake is a few lines that compute its answer to any call, in 1-D and 2-D, so
that a check can say which one an answer looks like. All are told in the terms of the
right answer: the full result of all stamps, then a window of it (``right``).
"""

from itertools import product
from typing import NamedTuple

import numpy as np

from convlab.arithmetic import effective_kernel_size
from convlab.reference import conv1d, conv2d, conv_transpose1d, conv_transpose2d

__all__ = ["OPERATOR_MISTAKES", "Layer", "Mistake", "explain_values", "matching", "right"]


class Layer(NamedTuple):
    """A call of a transposed convolution; every option is a tuple with one entry per axis."""

    input: np.ndarray
    weight: np.ndarray
    bias: np.ndarray | None
    stride: tuple
    padding: tuple
    output_padding: tuple
    dilation: tuple
    groups: int

    @classmethod
    def of(cls, input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
        """The layer of a call with PyTorch's arguments."""
        axes = input.ndim - 2
        options = [v if isinstance(v, tuple) else (v,) * axes for v in (stride, padding, output_padding, dilation)]
        return cls(input, weight, bias, *options, groups)

    @property
    def reach(self):
        """Cells that a stamp extends beyond its first tap, per axis."""
        return tuple(effective_kernel_size(k, d) - 1 for k, d in zip(self.weight.shape[2:], self.dilation))


class Mistake(NamedTuple):
    """``says`` tells what is wrong and what is right; ``answer`` computes the wrong answer."""

    says: str
    answer: object


# --- the two steps of the right answer, to be done wrongly below


def _full(layer, **changes):
    """Everything that the stamps write, uncropped, without bias; ``changes`` replace parts of the layer."""
    x, w, _, stride, *_, dilation, groups = layer._replace(**changes)
    operator = {1: conv_transpose1d, 2: conv_transpose2d}[len(stride)]
    return operator(x, w, stride=stride, groups=groups, dilation=dilation)


def _window(full, begin, size):
    """``size`` cells of each axis from cell ``begin`` on; cells outside ``full`` read as 0."""
    output = np.zeros((*full.shape[:2], *size), full.dtype)
    kept = full[:, :, *(slice(max(b, 0), max(b + n, 0)) for b, n in zip(begin, size))]
    output[:, :, *(slice(max(-b, 0), max(-b, 0) + n) for b, n in zip(begin, kept.shape[2:]))] = kept
    return output


def _sum(*terms):
    """Add tuples of sizes axis by axis."""
    return tuple(map(sum, zip(*terms)))


def _minus(sizes):
    return tuple(-n for n in sizes)


def _crop(layer, full, begin=None, end=None):
    """Crop ``padding`` (or ``begin`` and ``end``) off the sides; ``output_padding`` moves the end back out."""
    begin, end = layer.padding if begin is None else begin, layer.padding if end is None else end
    return _window(full, begin, _sum(full.shape[2:], _minus(begin), _minus(end), layer.output_padding))


def _pad(values, begin, end, **mode):
    return np.pad(values, [(0, 0), (0, 0), *zip(begin, end)], **mode)


def _nothing(layer):
    return (0,) * len(layer.stride)


def _with_bias(layer, values):
    return values if layer.bias is None else values + layer.bias.reshape(-1, *(1,) * len(layer.stride))


def right(layer):
    """The right answer, in the terms in which the mistakes are told.

    Examples
    --------
    >>> layer = Layer.of(np.array([[[1.0, 2, 3]]]), np.array([[[1.0, 10, 100]]]), None, 2, 1, 1)
    >>> right(layer)
    array([[[ 10., 102.,  20., 203.,  30., 300.]]])
    """
    return _with_bias(layer, _crop(layer, _full(layer)))


# --- the catalogue

OPERATOR_MISTAKES = {}


def _mistake(says, add_bias=_with_bias):
    """Add a function of a layer to the catalogue; by default the right bias is added to what it returns."""

    def register(function):
        OPERATOR_MISTAKES[function.__name__] = Mistake(says, lambda layer: add_bias(layer, function(layer)))
        return function

    return register


def _as_it_is(layer, values):
    return values


def _stamped(layer, combine, start):
    """The full result with another rule for cells that two stamps reach: ``combine(present, stamp)``."""
    x = layer.input.reshape(len(layer.input), layer.groups, -1, *layer.input.shape[2:])
    w = layer.weight.reshape(layer.groups, -1, *layer.weight.shape[1:])
    full = np.full(_full(layer).shape, start)
    for cell, tap in product(np.ndindex(*x.shape[3:]), np.ndindex(*w.shape[3:])):
        place = [s * j + d * t for s, j, d, t in zip(layer.stride, cell, layer.dilation, tap)]
        stamp = np.einsum("ngc,gco->ngo", x[:, :, :, *cell], w[:, :, :, *tap]).reshape(full.shape[:2])
        full[:, :, *place] = combine(full[:, :, *place], stamp)
    return full


@_mistake("stamps that overlap overwrite each other; they must add up")
def overlaps_overwrite(layer):
    return _crop(layer, _stamped(layer, lambda present, stamp: stamp, 0.0))


@_mistake("stamps that overlap are averaged; they must add up")
def overlaps_averaged(layer):
    once = layer._replace(input=np.ones_like(layer.input), weight=np.ones_like(layer.weight))
    times = _full(once) * layer.groups / layer.input.shape[1]
    return _crop(layer, _full(layer) / np.maximum(times, 1))


@_mistake("the largest of the stamps that overlap is kept; they must add up")
def overlaps_largest(layer):
    full = _stamped(layer, np.maximum, -np.inf)
    return _crop(layer, np.where(np.isinf(full), 0, full))


@_mistake("the stride is ignored: neighbouring stamps must lie stride cells apart in the output")
def stride_ignored(layer):
    return _crop(layer, _full(layer, stride=(1,) * len(layer.stride)))


@_mistake("the stride is ignored, though the size is right: stamp j must begin at cell stride * j")
def stride_ignored_in_right_size(layer):
    return _window(_full(layer, stride=(1,) * len(layer.stride)), layer.padding, right(layer).shape[2:])


@_mistake("the stride skips input cells: it must move the stamps on the OUTPUT")
def stride_on_input(layer):
    kept = layer.input[:, :, *(slice(None, None, s) for s in layer.stride)]
    return _crop(layer, _full(layer, input=kept, stride=(1,) * len(layer.stride)))


@_mistake("stride zeros are put between neighbouring inputs; it must be stride - 1")
def stride_zeros_between(layer):
    return _crop(layer, _full(layer, stride=tuple(s + 1 for s in layer.stride)))


@_mistake(
    "the kernel lies the wrong way round: stamping uses it as it is; "
    "sliding it over a zero-inserted input needs it turned by 180 degrees"
)
def kernel_turned(layer):
    return _crop(layer, _full(layer, weight=np.flip(layer.weight, tuple(range(2, layer.weight.ndim)))))


@_mistake("an ordinary convolution is computed instead of its transpose")
def ordinary_convolution(layer):
    x, w, _, stride, padding, _, dilation, groups = layer
    return {1: conv1d, 2: conv2d}[len(stride)](x, w.swapaxes(0, 1), None, stride, padding, dilation, groups)


@_mistake("padding is ignored: it must crop that many cells from each side of the full result")
def padding_ignored(layer):
    return _crop(layer, _full(layer), _nothing(layer), _nothing(layer))


@_mistake("padding adds cells around the result; it must crop them")
def padding_adds(layer):
    return _pad(padding_ignored(layer), layer.padding, layer.padding)


@_mistake("padding crops only the end; it must crop both sides")
def padding_crops_only_end(layer):
    return _crop(layer, _full(layer), begin=_nothing(layer))


@_mistake("padding crops only the beginning; it must crop both sides")
def padding_crops_only_begin(layer):
    return _crop(layer, _full(layer), end=_nothing(layer))


@_mistake("the window begins at cell 0; it must begin at cell padding")
def window_begins_at_zero(layer):
    return _window(_full(layer), _nothing(layer), right(layer).shape[2:])


@_mistake("both crops are made at the beginning; padding must crop each side")
def window_begins_at_twice_padding(layer):
    return _window(_full(layer), _sum(layer.padding, layer.padding), right(layer).shape[2:])


@_mistake("padding crops the input; it must crop the full result")
def padding_crops_input(layer):
    inside = _crop(layer._replace(output_padding=_nothing(layer)), layer.input)
    return _pad(_full(layer, input=inside), _nothing(layer), layer.output_padding)


@_mistake("padding adds zeros around the input; it must crop the full result")
def padding_pads_input(layer):
    outside = _pad(layer.input, layer.padding, layer.padding)
    return _pad(_full(layer, input=outside), _nothing(layer), layer.output_padding)


def _zero_insertion(layer, zeros_around):
    """The sliding form with this many zeros around the stretched input, instead of ``d (k - 1) - p``."""
    crop = _sum(layer.reach, _minus(zeros_around))
    return _crop(layer, _full(layer), crop, crop)


@_mistake("the stretched input gets p zeros on each side; it must be d * (k - 1) - p")
def stretched_padded_by_p(layer):
    return _zero_insertion(layer, layer.padding)


@_mistake("the stretched input gets k - p zeros on each side; it must be d * (k - 1) - p")
def stretched_padded_by_k_minus_p(layer):
    return _zero_insertion(layer, _sum(layer.weight.shape[2:], _minus(layer.padding)))


@_mistake("the stretched input gets k - 1 - p zeros on each side; with dilation it must be d * (k - 1) - p")
def stretched_padded_without_dilation(layer):
    return _zero_insertion(layer, tuple(k - 1 - p for k, p in zip(layer.weight.shape[2:], layer.padding)))


@_mistake("output_padding is ignored: it must move the end of the crop back out")
def output_padding_ignored(layer):
    return _crop(layer._replace(output_padding=_nothing(layer)), _full(layer))


@_mistake(
    "output_padding puts zeros at the end; it must move the end of the crop back out, "
    "so that cells of the full result show again"
)
def output_padding_zeros(layer):
    return _pad(output_padding_ignored(layer), _nothing(layer), layer.output_padding)


@_mistake("output_padding puts zeros on both sides; it must move the end of the crop back out")
def output_padding_zeros_both_sides(layer):
    return _pad(output_padding_ignored(layer), layer.output_padding, layer.output_padding)


@_mistake("output_padding repeats the last value; it must move the end of the crop back out")
def output_padding_repeats(layer):
    return _pad(output_padding_ignored(layer), _nothing(layer), layer.output_padding, mode="edge")


@_mistake("output_padding moves the beginning of the crop; it must move the end")
def output_padding_at_begin(layer):
    begin = _sum(layer.padding, _minus(layer.output_padding))
    return _crop(layer, _full(layer), begin, _sum(layer.padding, layer.output_padding))


@_mistake("the window is that of TensorFlow's SAME; PyTorch's begins at padding and ends by output_padding")
def same_window(layer):
    begin = tuple(max(r + 1 - s, 0) // 2 for r, s in zip(layer.reach, layer.stride))
    return _window(_full(layer), begin, [s * i for s, i in zip(layer.stride, layer.input.shape[2:])])


@_mistake("the dilation is ignored: neighbouring taps must land dilation cells apart")
def dilation_ignored(layer):
    return _crop(layer, _full(layer, dilation=(1,) * len(layer.dilation)))


@_mistake("the dilation is ignored, though the size is right: tap t must land dilation * t cells after tap 0")
def dilation_ignored_in_right_size(layer):
    return _window(_full(layer, dilation=(1,) * len(layer.dilation)), layer.padding, right(layer).shape[2:])


@_mistake("dilation zeros are put between neighbouring taps; it must be dilation - 1 (dilation 1 has no gaps)")
def dilation_zeros_between(layer):
    return _crop(layer, _full(layer, dilation=tuple(d + 1 for d in layer.dilation)))


@_mistake("the dilated kernel is taken to be k * d long; it is d * (k - 1) + 1 long")
def dilated_kernel_too_long(layer):
    return _pad(_crop(layer, _full(layer)), _nothing(layer), tuple(d - 1 for d in layer.dilation))


@_mistake("the dilation also spreads the stamps; only the stride does")
def dilation_multiplies_stride(layer):
    return _crop(layer, _full(layer, stride=tuple(s * d for s, d in zip(layer.stride, layer.dilation))))


@_mistake("rows and columns are mixed up in stride, padding, output_padding and dilation")
def axes_swapped(layer):
    options = ("stride", "padding", "output_padding", "dilation")
    swapped = layer._replace(**{name: getattr(layer, name)[::-1] for name in options})
    return _crop(swapped, _full(swapped))


@_mistake("the option of the rows is used for the columns too; a pair is (rows, columns)")
def first_axis_for_all(layer):
    options = ("stride", "padding", "output_padding", "dilation")
    alike = layer._replace(**{name: getattr(layer, name)[:1] * len(layer.stride) for name in options})
    return _crop(alike, _full(alike))


@_mistake(
    "the weight is read as (C_out, C_in/groups, ...), the order of a convolution; here it is (C_in, C_out/groups, ...)"
)
def weight_order(layer):
    w = layer.weight
    groups = w.reshape(layer.groups, -1, *w.shape[1:]).swapaxes(1, 2)
    return _crop(layer, _full(layer, weight=groups.reshape(-1, *groups.shape[2:])))


@_mistake(
    "groups is ignored: group g takes the g-th block of input channels and makes the g-th block of output channels"
)
def groups_ignored(layer):
    return _crop(layer, _full(layer, groups=1))


@_mistake("the groups are interleaved (channel modulo groups); each group must be a block of neighbouring channels")
def groups_interleaved(layer):
    order = np.argsort(np.arange(layer.input.shape[1]) % layer.groups, kind="stable")
    return _crop(layer, _full(layer, input=layer.input[:, order], weight=layer.weight[order]))


@_mistake("the bias is left out", _as_it_is)
def bias_missing(layer):
    return _crop(layer, _full(layer))


@_mistake("the bias does not reach the cells that no stamp reaches; it belongs to every output cell", _as_it_is)
def bias_only_on_full(layer):
    return _crop(layer, _with_bias(layer, _full(layer)))


def explain_values(answer, input, weight, bias=None, **options):
    """What the mistakes that give exactly this wrong ``answer`` say, most common first.

    Examples
    --------
    >>> x, w = np.array([[[1.0, 2, 3]]]), np.array([[[1.0, 10, 100]]])
    >>> explain_values(np.array([[[10.0, 102, 20, 203, 30, 0]]]), x, w, stride=2, padding=1, output_padding=1)[0][:35]
    'output_padding puts zeros at the en'
    """
    layer = Layer.of(input, weight, bias, **options)
    return matching(OPERATOR_MISTAKES, np.asarray(answer), right(layer), layer)


def matching(mistakes, answer, truth, *problem):
    """What those of the mistakes say that give ``answer`` to the problem, where ``truth`` is another one."""
    found = []
    for mistake in mistakes.values():
        try:
            wrong = mistake.answer(*problem)
        except ValueError:  # it cannot be made here: a crop larger than the input, say
            continue
        if np.array_equal(wrong, answer) and not np.array_equal(wrong, truth):
            found.append(mistake.says)
    return found
