"""Sizes that are wrong for the stated problem and right for another reading of it: another framework, or rounding."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from convlab.arithmetic import pool_output_size
from convlab.frameworks import conv_padding, window
from convlab.misconceptions.problem import Problem

__all__ = ["other_readings"]


def other_readings(problem: Problem, answer: Any) -> tuple[str, ...]:
    """What else gives this size, each to follow the words "It is also the size".

    Examples
    --------
    >>> other_readings(Problem("conv_transpose_output_size", 16, 8, stride=4), 71)[1]
    'that TensorFlow accepts with padding="VALID"'
    >>> other_readings(Problem("conv_output_size", 6, 3, stride=2), 3)
    ('that TensorFlow and Keras give with padding="same"', 'of a pooling layer with ceil_mode')
    """
    known: dict[str, Callable] = {"conv_transpose_output_size": _transposed, "conv_output_size": _convolution}
    if problem.operator not in known:
        return ()
    found = []
    for size, told in known[problem.operator](answer=answer, **problem.arguments):
        with suppress(ValueError, TypeError):  # that framework refuses the layer, or the answer is no size
            if size() == answer:
                found.append(told)
    return tuple(found)


def _transposed(
    answer, input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1
) -> Iterator[tuple[Callable, str]]:
    layer = input_size, kernel_size, stride, dilation
    for extra in set(range(max(stride, dilation))) - {output_padding}:
        options = {"padding": padding, "output_padding": extra}
        yield (lambda options=options: window("torch", *layer, **options).output_size), f"with output_padding {extra}"
    for word in ("SAME", "VALID") if not padding else ("SAME",):
        size = {"padding": word, "output_size": answer}
        told = f'that TensorFlow accepts with padding="{word}"'
        yield (lambda size=size: window("tensorflow", *layer, **size).output_size), told
    yield (lambda: window("keras", *layer, padding="same").output_size), 'that Keras gives with padding="same"'


def _convolution(answer, input_size, kernel_size, stride=1, padding=0, dilation=1) -> Iterator[tuple[Callable, str]]:
    same = 'that TensorFlow and Keras give with padding="same"'
    yield (lambda: conv_padding("keras", input_size, kernel_size, stride, dilation, padding="same").output_size), same
    layer = input_size, kernel_size, stride, padding, dilation
    yield (lambda: pool_output_size(*layer, ceil_mode=True)), "of a pooling layer with ceil_mode"
