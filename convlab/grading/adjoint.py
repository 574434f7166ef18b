"""The check that proves a transpose: ``sum(conv(x) * g) == sum(x * back(g))`` for any ``x`` and ``g``.

A wrong flip, crop, stride, channel order or a lost cell makes the two sides differ. The left side is PyTorch's; on the
right, ``back`` is what a student has written: a transposed convolution, a matrix, or a gradient.
"""

from collections.abc import Callable

import numpy as np

from convlab.grading import messages
from convlab.grading.check_calls import Cases, answer_of, some
from convlab.grading.oracles import answer
from convlab.grading.oracles.three_views_oracles import output_padding_back

__all__ = ["check_adjoint"]

LARGEST = 9  # whole numbers from -9 to 9: exact in any order


def _transposed(x_shape, weight, g, **options):
    back = output_padding_back(x_shape[2:], weight.shape[2:], **options)
    return {"input": g, "weight": weight, **options, "output_padding": back}


def _matrix(x_shape, weight, g, **options):
    return {"input_shape": x_shape[1:], "weight": weight, **options}


def _gradient(x_shape, weight, g, **options):
    return {"input_size": x_shape, "weight": weight, "grad_output": g, **options}


# Name of the oracle: the call that is made of the data.
CALLS = {"conv_transpose2d_gather": _transposed, "conv_matrix": _matrix, "conv2d_input": _gradient}


def check_adjoint(function: Callable, oracle: str, cases: Cases, seed: int = 0) -> None:
    """Check on random whole numbers that ``function`` goes the way of a convolution back.

    ``oracle`` is ``"conv_transpose2d_gather"``, ``"conv_matrix"`` or ``"conv2d_input"``. The cases are convolutions:
    ``"input"`` and ``"weight"`` are shapes, ``(N, C_in, H, W)`` and ``(C_out, C_in, kH, kW)``; further ``stride``,
    ``padding`` and ``dilation``. Errors are those of :mod:`convlab.grading.check_calls`.

    Examples
    --------
    >>> from convlab import views
    >>> layer = {"input": (1, 2, 5, 6), "weight": (3, 2, 2, 3), "stride": (2, 1)}
    >>> check_adjoint(views.conv_input_gradient, "conv2d_input", [layer])
    """
    for number, case in enumerate(some(cases)):
        options = {name: value for name, value in case.items() if name not in ("input", "weight")}
        random = np.random.default_rng((seed, number))
        x, weight = (_numbers(random, case[name]) for name in ("input", "weight"))
        forward = answer("conv2d", {"input": x, "weight": weight, **options})
        if forward is None:
            raise ValueError(f"the test is wrong: PyTorch refuses {case}")
        g = _numbers(random, forward.shape)
        arguments = CALLS[oracle](x.shape, weight, g, **options)
        _check(function, oracle, arguments, x, g, np.sum(forward * g))


def _numbers(random, shape):
    return random.integers(-LARGEST, LARGEST + 1, shape).astype(np.float64)


def _check(function, oracle, arguments, x, g, left):
    expected = answer(oracle, arguments)
    got = answer_of(function, oracle, arguments)
    said = messages.wrong_kind(got, expected)
    if not said and (got.shape != expected.shape or got.dtype.kind not in "iuf"):
        said = messages.problem(got, expected)
    if not said:
        right = _other_side(oracle, got, x, g)
        if right == left:
            return
        words = "the adjoint test fails"
        said = messages.Said(f"{words}: sum(conv(x) * g) is {left:g}, but sum(x * back(g)) is {right:g}", words)
    raise messages.wrong(oracle, arguments, said, expected, got)


def _other_side(oracle, got, x, g):
    """``sum(x * back(g))``: the answer is ``back(g)``, or the matrix that makes it, sample by sample."""
    if oracle == "conv_matrix":
        got = (g.reshape(len(g), -1) @ got).reshape(x.shape)
    return np.sum(x * got)
