"""How a truth is asked for."""

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

__all__ = ["Oracle", "Refused", "functional", "one_thread", "size_of"]


class Refused(Exception):
    """The oracle does not accept this call, so the student's function must not either."""


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
        For what :mod:`convlab.misconceptions` does not compute: takes the arguments by name, gives wrong answers as
        ``(idea, id of the misconception, answer)``, the commonest first.
    """

    ask: Callable
    axes: Mapping[str, int] = field(default_factory=dict)
    ours: Callable | None = None
    tolerance: float = 0.0
    positional: int = 2
    may_be_none: bool = False
    stated: Callable | None = None
    mistakes: Callable | None = None


@contextmanager
def one_thread():
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


def functional(name):
    """A function of ``torch.nn.functional`` that takes and gives NumPy arrays.

    Examples
    --------
    >>> functional("relu")(input=np.array([-1.0, 2.0]))
    array([0., 2.])
    """

    def ask(**arguments):
        import torch

        tensors = {key: torch.from_numpy(v) if isinstance(v, np.ndarray) else v for key, v in arguments.items()}
        try:
            result = getattr(torch.nn.functional, name)(**tensors)
        except RuntimeError as refusal:  # what PyTorch raises for a call it refuses
            raise Refused(str(refusal)) from None
        return tuple(part.numpy() for part in result) if isinstance(result, tuple) else result.numpy()

    return ask


def size_of(name):
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
