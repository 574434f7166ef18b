"""How a truth is asked for, and how wrong answers to the same question are told."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from convlab.misconceptions import variants

__all__ = ["Mistake", "Oracle", "Refused", "functional", "one_thread", "refusing", "size_of"]


class Refused(Exception):
    """The oracle does not accept this call, so the student's function must not either."""


@cache
def _said(id):
    return next(variant.did for variant in variants(id[:3]) if variant.id == id)


class Mistake(NamedTuple):
    """A wrong answer that the catalogue's own rules do not compute, with the id of its misconception.

    ``words`` say what was done, where the sentence of the catalogue does not fit.

    Examples
    --------
    >>> Mistake("M10", (1, 1)).did
    'dilation is left out'
    """

    id: str
    answer: Any = None
    words: str = ""

    @property
    def did(self) -> str:
        """What a student with this idea does."""
        return self.words or _said(self.id)


@dataclass(frozen=True)
class Oracle:
    """The truth about one function.

    Parameters
    ----------
    ask : callable
        Takes the function's arguments by name, gives the right answer: an array, a number, a word, None, or tuples
        and lists of these; raises :class:`Refused` for a call that must raise ``ValueError``.
    axes : mapping
        Which arguments are arrays, and how many axes they have: ``{"input": 3, "weight": 3, "bias": 1}``.
    ours : callable, optional
        Our own function: its ``ValueError`` says in words why a call is refused.
    tolerance : float
        Largest difference of a right answer, absolute; 0 where arithmetic on whole numbers is exact.
    positional : int
        How many arguments are passed by position.
    may_be_none : bool
        Whether ``None`` is an answer, and not a refusal.
    stated : callable, optional
        For a function that :mod:`convlab.misconceptions` knows under another name or form: takes an answer and then
        the arguments by name, gives ``(problem, answer to it)``, so that mistakes are named; or None.
    mistakes : callable, optional
        For what :mod:`convlab.misconceptions` does not compute: takes the arguments by name, gives every
        :class:`Mistake`, the commonest first.
    """

    ask: Callable
    axes: Mapping[str, int] = field(default_factory=dict)
    ours: Callable | None = None
    tolerance: float = 0.0
    positional: int = 2
    may_be_none: bool = False
    stated: Callable | None = None
    mistakes: Callable[..., Iterator[Mistake]] | None = None


@contextmanager
def one_thread() -> Iterator[None]:
    """Let PyTorch work with one thread in this block.

    Questions are small. On a busy machine most of the time would go into waiting for a second thread.

    Examples
    --------
    >>> import torch
    >>> with one_thread():
    ...     torch.get_num_threads()
    1
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def refusing(function: Callable, *errors: type[Exception]) -> Callable:
    """The same function; what it refuses, by the given errors or else by ``ValueError``, is :class:`Refused`.

    Examples
    --------
    >>> refusing(int)("seven")
    Traceback (most recent call last):
        ...
    convlab.grading.oracles.oracle.Refused: invalid literal for int() with base 10: 'seven'
    """
    kinds = errors or (ValueError,)

    def ask(*arguments, **options):
        try:
            return function(*arguments, **options)
        except kinds as refusal:
            raise Refused(str(refusal)) from None

    return ask


def functional(name: str) -> Callable:
    """A function of ``torch.nn.functional`` that takes and gives NumPy arrays.

    Examples
    --------
    >>> functional("relu")(input=np.array([-1.0, 2.0]))
    array([0., 2.])
    """

    def ask(**arguments):
        import torch

        # A copy: PyTorch takes no array that is read backwards.
        tensors = {key: torch.from_numpy(v.copy()) if isinstance(v, np.ndarray) else v for key, v in arguments.items()}
        result = getattr(torch.nn.functional, name)(**tensors)
        return tuple(part.numpy() for part in result) if isinstance(result, tuple) else result.numpy()

    return refusing(ask, RuntimeError)  # what PyTorch raises for a call it refuses


def size_of(name: str) -> Callable:
    """The size along one axis that an operator of PyTorch gives, asked with zeros.

    Examples
    --------
    >>> size_of("conv1d")(input_size=6, kernel_size=3, stride=2, padding=1)
    3
    """
    operator = functional(name)

    def ask(input_size, kernel_size, **options):
        zeros = {"input": np.zeros((1, 1, input_size)), "weight": np.zeros((1, 1, kernel_size))}
        return operator(**zeros, **options).shape[-1]

    return ask
