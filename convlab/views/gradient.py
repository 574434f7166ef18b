"""Transposed convolution as the gradient of a convolution, and the test that proves it.

A convolution is linear, so its gradient with respect to the input is the transposed
map, applied to what comes back from above. Names follow ``torch.nn.grad``.

``input_size`` is ``(N, C_in, *cells)``, ``weight_size`` ``(C_out, C_in/groups, *kernel)``, ``grad_output``
``(N, C_out, *out)``; options are those of the convolution. Wrong kinds raise ``TypeError``, shapes that do not fit each
other and numbers out of range ``ValueError``.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from convlab.arithmetic import conv_output_size, unread_cells
from convlab.reference import conv, conv_transpose
from convlab.reference.conv_nd import cropped
from convlab.reference.layer_arguments import number_of_axes
from convlab.typing import Array, Ints
from convlab.validation import array, integer, integer_tuple, per_axis, widened

__all__ = ["AdjointSides", "adjoint_identity", "conv_input_gradient", "conv_weight_gradient"]


def _checked_sizes(input_size, weight_size, stride, padding, dilation, groups):
    """Check two full shapes and the options; return the options as tuples and the output's shape."""
    for name, size in [("weight_size", weight_size), ("input_size", input_size)]:
        if not isinstance(size, (tuple, list)) or not 3 <= len(size) <= 5 or len(size) != len(weight_size):
            raise ValueError(f"{name} must be a full shape, with batch and channels, got {size!r}")
    ndim = len(weight_size) - 2
    input_size = integer_tuple("input_size", input_size, ndim + 2, minimum=1)
    weight_size = integer_tuple("weight_size", weight_size, ndim + 2, minimum=1)
    groups = integer("groups", groups, minimum=1)
    if weight_size[0] % groups or input_size[1] != weight_size[1] * groups:
        raise ValueError(
            f"input_size={input_size} and weight_size={weight_size} with groups={groups} do not go together: "
            f"weight_size must be (C_out, C_in/groups, *kernel), input_size (N, C_in, *cells)"
        )
    options = per_axis(ndim, stride=stride, padding=padding, dilation=dilation)
    axes = list(zip(input_size[2:], weight_size[2:], *options))
    output_size = (input_size[0], weight_size[0], *(conv_output_size(*axis) for axis in axes))
    return options, axes, output_size, groups


def conv_input_gradient(
    input_size: Sequence[int],
    weight: Array,
    grad_output: Array,
    stride: Ints = 1,
    padding: Ints = 0,
    dilation: Ints = 1,
    groups: int = 1,
) -> Array:
    """Gradient of a convolution with respect to its input: the transposed convolution of ``grad_output``.

    ``weight`` is ``(C_out, C_in/groups, *kernel)``, ``grad_output`` the loss's gradient with respect to the output.

    The weight is used as it is: what the convolution calls ``C_out`` is the transposed one's ``C_in``.
    With ``output_padding=unread_cells(...)`` (:mod:`convlab.arithmetic`) the size comes back to ``input_size``,
    and cells that the convolution never read get gradient 0. As ``torch.nn.grad.conv2d_input``.

    >>> conv_input_gradient((1, 1, 6), np.array([[[1, 10, 100]]]), np.array([[[1, 2]]]), stride=2)
    array([[[  1,  10, 102,  20, 200,   0]]])
    """
    number_of_axes(weight)
    checked = _checked_sizes(input_size, weight.shape, stride, padding, dilation, groups)
    (stride, padding, dilation), axes, output_size, groups = checked
    if array("grad_output", grad_output, ("weight", weight)).shape != output_size:
        raise ValueError(f"grad_output must have the shape of the output, {output_size}, got {grad_output.shape}")
    output_padding = tuple(unread_cells(*axis) for axis in axes)
    return conv_transpose(grad_output, weight, None, stride, padding, output_padding, groups, dilation)


def conv_weight_gradient(
    input: Array,
    weight_size: Sequence[int],
    grad_output: Array,
    stride: Ints = 1,
    padding: Ints = 0,
    dilation: Ints = 1,
    groups: int = 1,
) -> Array:
    """Gradient of a convolution with respect to its weight: a convolution of the input by ``grad_output``.

    Tap ``t`` met input cell ``stride * m + dilation * t - padding`` at every output cell ``m``. Seen from
    the tap, ``dilation`` is the stride and ``stride`` the dilation: the two change places. Cells at the end
    that no tap met give results beyond the kernel, which are dropped. As ``torch.nn.grad.conv2d_weight``.

    >>> conv_weight_gradient(np.array([[[1, 2, 3, 4, 5, 6]]]), (1, 1, 3), np.array([[[1, 10]]]), stride=2)
    array([[[31, 42, 53]]])
    """
    array("grad_output", grad_output, ("input", array("input", input)))
    checked = _checked_sizes(input.shape, weight_size, stride, padding, dilation, groups)
    (stride, padding, dilation), _, output_size, groups = checked
    if grad_output.shape != output_size:
        raise ValueError(f"grad_output must have the shape of the output, {output_size}, got {grad_output.shape}")
    gradients = []
    for x, g in zip(np.split(input, groups, axis=1), np.split(grad_output, groups, axis=1)):
        # Batch and channels change places too: the sum runs over the samples.
        taps = conv(x.swapaxes(0, 1), g.swapaxes(0, 1), None, stride=dilation, padding=padding, dilation=stride)
        gradients.append(cropped(taps.swapaxes(0, 1), (0,) * (len(weight_size) - 2), weight_size[2:]))
    return np.concatenate(gradients)


class AdjointSides(NamedTuple):
    """The two sides of ``<conv(x), g> = <x, conv_transpose(g)>``; equal if one is the other's transpose."""

    conv_side: int
    transpose_side: int


def adjoint_identity(
    input_size: Sequence[int],
    weight_size: Sequence[int],
    stride: Ints = 1,
    padding: Ints = 0,
    dilation: Ints = 1,
    groups: int = 1,
    *,
    seed: int = 0,
    conv_input: Callable[..., Array] = conv_input_gradient,
) -> AdjointSides:
    """Both sides of the adjoint identity, on random integers.

    Draws ``x``, ``weight`` and ``g`` with entries from -9 to 9 and returns ``sum(conv(x, weight) * g)`` and
    ``sum(x * conv_input(...))``. Any wrong flip, crop, stride or channel order makes them differ.

    ``conv_input`` is the candidate, called with the arguments of :func:`conv_input_gradient`, all by position.

    >>> sides = adjoint_identity((2, 4, 9, 8), (6, 2, 3, 2), stride=2, padding=1, groups=2)
    >>> sides.conv_side == sides.transpose_side
    True
    """
    checked = _checked_sizes(input_size, weight_size, stride, padding, dilation, groups)
    (stride, padding, dilation), _, output_size, groups = checked
    random = np.random.default_rng(integer("seed", seed, minimum=0))
    x, weight, g = (random.integers(-9, 10, size) for size in (input_size, weight_size, output_size))
    options = (stride, padding, dilation, groups)
    returned = array("the array that conv_input returned", conv_input(tuple(input_size), weight, g, *options))
    if returned.shape != x.shape:
        raise ValueError(f"conv_input must return an array of input_size={x.shape}, got shape {returned.shape}")
    conv_side = np.sum(conv(x, weight, None, *options) * g)
    return AdjointSides(conv_side.item(), np.sum(x * widened(returned)).item())
