"""Three views of transposed convolution: a sliding window, a matrix, a gradient.

The truth about each is what PyTorch makes of it: a transposed convolution with the kernel ``[1]`` puts zeros between
cells; a convolution of every unit picture gives the columns of its matrix.
"""

from collections.abc import Sequence
from math import prod

import numpy as np

from convlab import reference, views
from convlab.arithmetic import unread_cells
from convlab.grading.oracles.oracle import Oracle, functional, refusing
from convlab.misconceptions import Problem
from convlab.typing import Ints
from convlab.validation import integer_tuple

__all__ = ["ORACLES", "output_padding_back"]


def output_padding_back(
    input_size: Sequence[int], kernel_size: Sequence[int], stride: Ints = 1, padding: Ints = 0, dilation: Ints = 1
) -> tuple[int, ...]:
    """For both axes, the ``output_padding`` with which a transposed convolution returns to ``input_size``.

    Examples
    --------
    >>> output_padding_back((6, 7), (3, 2), stride=(2, 3))
    (1, 2)
    """
    options = (integer_tuple(name, value, 2) for name, value in [("s", stride), ("p", padding), ("d", dilation)])
    return tuple(unread_cells(*axis) for axis in zip(input_size, kernel_size, *options))


def _one_tap(input, stride):
    """The layer that puts zeros between cells, as the arguments of a transposed convolution."""
    channels = input.shape[1]
    return {"input": input, "weight": np.ones((channels, 1, 1, 1)), "stride": stride, "groups": channels}


def _zeros_between(input, stride):
    return functional("conv_transpose2d")(**_one_tap(input, stride))


def _as_stamps(got, input, stride):
    return Problem("conv_transpose2d", **_one_tap(input, stride)), got


def _as_transposed(got, **arguments):
    return Problem("conv_transpose2d", **arguments), got


def _unit_pictures(input_shape):
    count = prod(input_shape)
    return np.eye(count).reshape(count, *input_shape)


def _columns(input_shape, weight, **options):
    answers = functional("conv2d")(input=_unit_pictures(input_shape), weight=weight, **options)
    return answers.reshape(len(answers), -1).T


def _as_convolutions(got, input_shape, weight, **options):
    """Each column of a matrix is the answer to one unit picture."""
    problem = Problem("conv2d", _unit_pictures(input_shape), weight, **options)
    right = problem.truth()
    return (problem, got.T.reshape(right.shape)) if got.shape == (right[0].size, len(right)) else None


def _our_matrix(input_shape, weight, **options):
    if input_shape[0] != weight.shape[1]:
        raise ValueError(f"input_shape={input_shape} must have as many channels as weight takes, {weight.shape[1]}")
    return views.conv_matrix(input_shape[1:], weight, **options)


def _gradient(input_size, weight, grad_output, **options):
    import torch

    weight, grad_output = torch.from_numpy(weight), torch.from_numpy(grad_output)
    return torch.nn.grad.conv2d_input(input_size, weight, grad_output, **options).numpy()


def _as_its_transpose(got, input_size, weight, grad_output, **options):
    back = output_padding_back(input_size[2:], weight.shape[2:], **options)
    return Problem("conv_transpose2d", grad_output, weight, output_padding=back, **options), got


ORACLES = {
    "zero_insert": Oracle(_zeros_between, {"input": 4}, views.stretch, stated=_as_stamps),
    "conv_transpose2d_gather": Oracle(
        functional("conv_transpose2d"),
        {"input": 4, "weight": 4, "bias": 1},
        reference.conv_transpose2d,
        stated=_as_transposed,
    ),
    "conv_matrix": Oracle(_columns, {"weight": 4}, _our_matrix, stated=_as_convolutions),
    "conv2d_input": Oracle(
        refusing(_gradient, RuntimeError),
        {"weight": 4, "grad_output": 4},
        views.conv_input_gradient,
        positional=3,
        stated=_as_its_transpose,
    ),
}
