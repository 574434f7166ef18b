"""Further problems that keep misconceptions apart, for an answer that is a function.

Only options that the stated problem has are varied, so that a function which is right for its task is never asked for
more; and each of them is: an option stated as one number is one for all axes, a tuple differs from axis to axis, as
sizes and kernels always do.
"""

import numpy as np

from convlab.misconceptions.problem import NEUTRAL, Problem
from convlab.misconceptions.simulation import Axis
from convlab.reference import max_pool2d

__all__ = ["further_problems"]

# What an axis has: input size, kernel size, then the options; the second axis of a probe is the first of the next but
# one. On the first three the commonest wrong ideas all give different answers: an even and an odd kernel, a dilation,
# and 2 p + 1 != k. Their numbers can be read, digits times powers of ten; those of the others are random.
READABLE = 3
PROBES: tuple[tuple[int, int, dict[str, int]], ...] = (
    (3, 4, {"stride": 2, "padding": 1}),
    (3, 3, {"stride": 2, "padding": 1, "output_padding": 1}),
    (4, 3, {"stride": 3, "padding": 1, "output_padding": 2, "dilation": 2}),
    (4, 5, {"stride": 2, "padding": 2, "output_padding": 1}),
    (6, 2, {"stride": 3}),
    (7, 4, {"padding": 1, "output_padding": 1, "dilation": 3}),
)
# In turn, for arrays with channel axes: groups, and the input and output channels of each group.
GROUPS = (2, 1, 3)
CHANNELS = ((2, 3), (3, 2))
SIZES = (
    "conv_output_size",
    "conv_same_output_size",
    "conv_transpose_output_size",
    "conv_transpose_same_output_size",
    "effective_kernel_size",
    "round_trip_size",
)
# Questions about a list of layers: other lists.
STACKS = {
    "receptive_field": ([(3, 1, 1), (3, 1, 1)], [(5, 2, 1), (3, 1, 2)], [(2, 3, 1), (4, 1, 1), (3, 2, 3)]),
    "cells_read": ([1, 2, 4], [2, 4, 8], [3, 3], [1, 2, 9], [1, 1, 1, 2]),
}
# Questions about one row and one kernel: other kernels, even and odd, none of them smaller than the stride.
ROWS = {
    "keras_conv_transpose_same": tuple(
        {"x": [2, 3, 4, 5][:i], "w": [10**tap for tap in range(k)], "stride": s}
        for i, k, s in ((3, 4, 2), (2, 5, 2), (4, 3, 3), (3, 6, 3), (4, 5, 1), (1, 7, 2))
    ),
}
# The input and the output size along an axis; each further axis takes the next pair.
RESIZES = ((3, 7), (5, 3), (4, 12), (2, 5))
UNPOOLED = {"input", "indices", "kernel_size"}


def further_problems(problem: Problem) -> tuple[Problem, ...]:
    """Problems of the same operator, of the same form and with the same options; none for operators without probes.

    Examples
    --------
    >>> stated = Problem("conv_transpose1d", [2, 3], [1, 2, 3], stride=2)
    >>> [p.truth().tolist() for p in further_problems(stated)][:2]
    [[1, 10, 102, 1020, 203, 2030, 300, 3000], [1, 10, 102, 20, 203, 30, 300]]
    """
    if problem.operator in STACKS:
        others = [Problem(problem.operator, stack) for stack in STACKS[problem.operator]]
    elif problem.operator in ROWS:
        others = [Problem(problem.operator, **arguments) for arguments in ROWS[problem.operator]]
    elif problem.operator in SIZES:
        others = [_size_question(problem, number) for number in range(len(PROBES))]
    elif problem.operator.startswith("conv") and "weight" in problem.arguments:
        others = [_layer(problem, number) for number in range(len(PROBES))]
    elif problem.operator == "interpolate" and problem.plain:
        others = [_resize(problem, number) for number in range(len(RESIZES))]
    elif problem.operator == "max_unpool2d" and problem.plain and not problem.arguments.keys() - UNPOOLED:
        others = [_unpooling(problem, number) for number in range(len(RESIZES))]
    else:
        return ()
    return tuple({repr(other): other for other in others}.values())


def _resize(problem, number):
    """Another row or picture; another size, or a factor, where that is stated."""
    stated, ndim = problem.arguments, problem.arguments["input"].ndim
    inputs, outputs = zip(*(RESIZES[(number + axis) % len(RESIZES)] for axis in range(ndim)))
    arguments = dict(stated) | {
        "input": np.random.default_rng(number).integers(1, 90, inputs).astype(stated["input"].dtype)
    }
    if stated.get("size") is not None:
        arguments["size"] = _like(stated["size"], outputs)
    if stated.get("scale_factor") is not None:
        arguments["scale_factor"] = _like(stated["scale_factor"], range(2 + number, 2 + number + ndim))
    return Problem(problem.operator, **arguments)


def _unpooling(problem, number):
    """The maxima of another plane, wider than high."""
    kernel_size = problem.arguments["kernel_size"]
    high, wide = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size,) * 2
    shape = ((1 + number) * high, (3 + number) * wide)
    plane = np.random.default_rng(number).permutation(shape[0] * shape[1]).reshape(shape)
    maxima, indices = max_pool2d(1 + plane[None], kernel_size, return_indices=True)
    maxima = maxima[0].astype(problem.arguments["input"].dtype)
    return Problem(problem.operator, maxima, indices[0], kernel_size)


def _size_question(problem, number):
    """Sizes are numbers, one axis at a time; a pair of paddings is the begin and the end."""
    (axis,) = _axes(problem, number, 1)
    chosen = axis._asdict() | {"padding": axis.begin}
    if isinstance(stated := problem.arguments.get("padding"), (tuple, list)):
        chosen["padding"] = type(stated)([axis.begin, axis.begin + 1])
    chosen["input_size"] += 4
    return Problem(problem.operator, **{name: chosen[name] for name in problem.arguments})


def _layer(problem, number):
    """Arrays of the stated form, of other sizes, and options as they were stated."""
    w = problem.arguments["weight"]
    axes = _axes(problem, number, w.ndim if problem.plain else w.ndim - 2)
    arguments = dict(problem.arguments)
    for name in NEUTRAL:
        if name in arguments:
            values = [axis.begin if name == "padding" else getattr(axis, name) for axis in axes]
            arguments[name] = _like(arguments[name], values)
    if "groups" in arguments and not problem.plain:
        arguments["groups"] = GROUPS[number % len(GROUPS)]
    return Problem(problem.operator, **(arguments | _arrays(problem, axes, arguments.get("groups", 1), number)))


def _axes(problem, number, count):
    """The axes of a probe, with the options that are stated; what does not fit together is replaced."""
    rows = [PROBES[(number + 2 * axis) % len(PROBES)] for axis in range(count)]
    stated = problem.arguments
    chosen = []
    for row in rows:
        options = dict(NEUTRAL)
        for name in NEUTRAL.keys() & stated.keys():
            source = row if isinstance(stated[name], (tuple, list)) else rows[0]
            options[name] = source[2].get(name, NEUTRAL[name])
        if isinstance(stated.get("padding"), str):
            options["padding"] = 0
            options["stride"] = 1  # PyTorch has no padding="same" with a stride
        options["output_padding"] = min(options["output_padding"], max(options["stride"], options["dilation"]) - 1)
        chosen.append(Axis(row[0], row[1], **(options | {"padding": (options["padding"],) * 2})))
    if not isinstance(stated.get("output_padding"), (tuple, list)):
        smallest = min(axis.output_padding for axis in chosen)
        chosen = [axis._replace(output_padding=smallest) for axis in chosen]
    return [_fitted(axis, problem.operator.startswith("conv_transpose")) for axis in chosen]


def _fitted(axis, transposed):
    """The axis with an input that is large enough for two output cells."""
    needed = axis.span + axis.stride - sum(axis.padding)
    if transposed:  # s (i - 1) + K - 2 p + output_padding is 2 or more
        missing = 2 - (axis.span - sum(axis.padding) + axis.output_padding)
        needed = 1 + -(-missing // axis.stride)
    return axis._replace(input_size=max(axis.input_size, needed))


def _like(stated, values):
    """An option in the form in which it was stated: a tuple stays one, "same" stays."""
    if isinstance(stated, str):
        return stated
    return type(stated)(values) if isinstance(stated, (tuple, list)) else values[0]


def _arrays(problem, axes, groups, number):
    """Input, weight and bias of the stated form."""
    stated = problem.arguments
    x, w, ndim = stated["input"], stated["weight"], len(axes)
    shape, kernel_shape = list(x.shape[: x.ndim - ndim]), list(w.shape[: w.ndim - ndim])
    ins, outs = CHANNELS[number % len(CHANNELS)]
    if not problem.plain:
        transposed = problem.operator.startswith("conv_transpose")
        shape = [*(size + 1 for size in shape[:-1]), groups * ins]
        kernel_shape = [groups * ins, outs] if transposed else [groups * outs, ins]
    shape += [axis.input_size for axis in axes]
    kernel_shape += [axis.kernel_size for axis in axes]
    random = np.random.default_rng(number)
    values, taps = random.integers(1, 90, shape), random.integers(1, 90, kernel_shape)
    if w.dtype.kind == "f" or x.dtype.kind == "f":
        taps = taps / 2  # an array of integers would cut off the halves
    if number < READABLE and np.prod(shape) == shape[-1] and np.prod(kernel_shape) == kernel_shape[-1]:
        values, taps = np.arange(1, shape[-1] + 1), 10 ** np.arange(kernel_shape[-1])
    arrays = {"input": values.reshape(shape).astype(x.dtype), "weight": taps.reshape(kernel_shape).astype(w.dtype)}
    if (bias := stated.get("bias")) is not None:
        arrays["bias"] = random.integers(1, 90, bias.size if problem.plain else groups * outs).astype(bias.dtype)
    return arrays
