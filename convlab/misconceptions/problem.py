"""A stated problem: an operator and its arguments, as a learner sees them."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from convlab import arithmetic, reference, views
from convlab.misconceptions import derived_operators as derived

__all__ = ["NEUTRAL", "OPERATORS", "Operator", "Problem"]

#: Options of a layer, and the number with which each does nothing.
NEUTRAL = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1}

ARRAYS = ("input", "weight", "bias", "indices")


class Operator(NamedTuple):
    """What a problem can be about.

    ``truth`` computes the answer. ``axes`` is the number of spatial axes for which hand-sized
    arrays may be given without batch and channel axes, ``leading`` how many axes they then get.
    """

    truth: Callable
    axes: tuple[int, ...] = ()
    leading: int = 2


OPERATORS = {
    "conv1d": Operator(reference.conv1d, (1,)),
    "conv2d": Operator(reference.conv2d, (2,)),
    "conv3d": Operator(reference.conv3d, (3,)),
    "conv_transpose1d": Operator(reference.conv_transpose1d, (1,)),
    "conv_transpose2d": Operator(reference.conv_transpose2d, (2,)),
    "conv_transpose3d": Operator(reference.conv_transpose3d, (3,)),
    "conv1d_same": Operator(derived.conv1d_same, (1,)),
    "conv2d_same": Operator(derived.conv2d_same, (2,)),
    "interpolate": Operator(reference.interpolate, (1, 2)),
    "max_unpool2d": Operator(reference.max_unpool2d, (2,), 1),
    "max_pool2d_indices": Operator(derived.max_pool2d_indices, (2,), 1),
    "pixel_shuffle": Operator(reference.pixel_shuffle),
    "pad": Operator(derived.pad),
    "conv_output_size": Operator(arithmetic.conv_output_size),
    "conv_transpose_output_size": Operator(arithmetic.conv_transpose_output_size),
    "effective_kernel_size": Operator(arithmetic.effective_kernel_size),
    "overlap_counts": Operator(views.overlap_counts),
    **{
        function.__name__: Operator(function)
        for function in (
            derived.cells_read,
            derived.conv_same_output_size,
            derived.conv_transpose_same_output_size,
            derived.conv_transpose_weight_shape,
            derived.interior_is_constant,
            derived.keras_conv_transpose_same,
            derived.kernels_without_checkerboard,
            derived.reads_all,
            derived.receptive_field,
            derived.round_trip_size,
            derived.sliding_kernel,
        )
    },
}


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Problem:
    """An operator and its arguments, as stated to a learner.

    ``operator`` is a name in ``OPERATORS``: ``"conv_transpose2d"``, ``"conv1d"``, ``"conv_transpose_output_size"``,
    ``"interpolate"``, ``"receptive_field"`` and so on; the rest are its arguments. Arrays may be nested lists; where
    the operator takes batch and channel axes, one sample of one channel may be given without them, and the answer
    then has none either. What cannot be stated raises ``TypeError`` or ``ValueError``.

    Examples
    --------
    >>> problem = Problem("conv_transpose1d", [1, 2, 3], [1, 10, 100], stride=2, padding=1)
    >>> problem
    Problem('conv_transpose1d', input=[1, 2, 3], weight=[1, 10, 100], stride=2, padding=1)
    >>> problem.truth()
    array([ 10, 102,  20, 203,  30])
    """

    operator: str
    arguments: Mapping[str, Any] = field(compare=False)
    plain: bool

    def __init__(self, operator, *positional, **options):
        if not isinstance(operator, str) or operator not in OPERATORS:
            raise ValueError(f"operator must be one of {', '.join(sorted(OPERATORS))}, got {operator!r}")
        try:
            bound = inspect.signature(OPERATORS[operator].truth).bind(*positional, **options)
        except TypeError as error:
            raise TypeError(f"{operator}: {error}") from None
        arguments = _with_arrays(operator, bound.arguments)
        object.__setattr__(self, "operator", operator)
        object.__setattr__(self, "arguments", MappingProxyType(arguments))
        object.__setattr__(self, "plain", _is_plain(operator, arguments))

    def __repr__(self):
        shown = [f"{name}={_shown(value)}" for name, value in self.arguments.items()]
        return f"Problem({self.operator!r}, {', '.join(shown)})"

    def __str__(self):
        """The call, as a learner would write it."""
        return f"{self.operator}({', '.join(f'{name}={_shown(value)}' for name, value in self.arguments.items())})"

    @property
    def full_arguments(self) -> dict[str, Any]:
        """The arguments with batch and channel axes."""
        if not self.plain:
            return dict(self.arguments)
        leading = (None,) * OPERATORS[self.operator].leading
        arrays = {name: self.arguments[name][leading] for name in ARRAYS if self._has_plain(name)}
        return {**self.arguments, **arrays}

    def _has_plain(self, name):
        return name != "bias" and isinstance(self.arguments.get(name), np.ndarray)

    def stated_form(self, answer: Any) -> Any:
        """An answer to :attr:`full_arguments` as the learner gives it: without the axes that were added."""
        if not self.plain or not isinstance(answer, np.ndarray):
            return answer
        leading = OPERATORS[self.operator].leading
        if answer.shape[:leading] != (1,) * leading:
            raise ValueError(f"a plain input needs one output channel, got an answer of shape {answer.shape}")
        return answer[(0,) * leading]

    def has(self, option: str) -> bool:
        """Whether an option is stated and does something: a stride of 1, or no padding, does nothing."""
        value = self.arguments.get(option, NEUTRAL[option])
        if "layers" in self.arguments and option in ("stride", "dilation"):
            value = [layer[1 if option == "stride" else 2] for layer in self.arguments["layers"]]
        return isinstance(value, str) or bool(np.any(np.asarray(value) != NEUTRAL[option]))

    def truth(self) -> Any:
        """The right answer, in the form in which the problem is stated; the operator may refuse the arguments."""
        return self.stated_form(OPERATORS[self.operator].truth(**self.full_arguments))

    def ask(self, function: Callable) -> Any:
        """Call a learner's function with the stated arguments; the arrays are copies and go first."""
        copies = {n: v.copy() if isinstance(v, np.ndarray) else v for n, v in self.arguments.items()}
        arrays = [copies.pop(name) for name in ("input", "weight") if isinstance(copies.get(name), np.ndarray)]
        return function(*arrays, **copies)


def _with_arrays(operator, arguments):
    """Lists of numbers become arrays, all of one dtype."""
    arguments = dict(arguments)
    if OPERATORS[operator].truth is derived.interior_is_constant:
        arguments["weight"] = _as_array("weight", arguments["weight"])
    if "input" not in arguments:
        return arguments
    names = [name for name in ARRAYS if arguments.get(name) is not None]
    from_lists = [name for name in names if not isinstance(arguments[name], np.ndarray)]
    for name in names:
        arguments[name] = _as_array(name, arguments[name])
    common = np.result_type(*(arguments[name].dtype for name in names if name != "indices"))
    for name in from_lists:
        if name != "indices":
            arguments[name] = arguments[name].astype(common)
    if arguments.get("bias") is not None:
        arguments["bias"] = np.atleast_1d(arguments["bias"])
    return arguments


def _as_array(name, value):
    try:
        values = np.array(value)
    except ValueError:
        raise ValueError(f"{name} must be rows of equal length, got {value!r}") from None
    if values.dtype.kind not in "iuf":
        raise TypeError(f"{name} must hold numbers, got {value!r}")
    values.flags.writeable = False
    return values


def _is_plain(operator, arguments):
    axes, arrays = OPERATORS[operator].axes, [arguments[n] for n in ("input", "weight", "indices") if n in arguments]
    if not axes:
        return False
    plain = {values.ndim in axes for values in arrays}
    if len(plain) > 1:
        shapes = " and ".join(str(values.shape) for values in arrays)
        raise ValueError(f"give all arrays with batch and channel axes or all without, got shapes {shapes}")
    return plain.pop()


def _shown(value):
    if not isinstance(value, np.ndarray):
        return repr(value)
    return repr(value.tolist()) if value.size <= 32 else f"array of shape {value.shape}"
