"""The training loop that all studies share: Adam, squared error, one core, a seed; one progress bar for a study."""

import contextlib
from collections.abc import Callable, Collection, Iterator
from contextvars import ContextVar
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn
from tqdm.auto import tqdm

from convlab.validation import integer

__all__ = ["fit", "one_bar", "parameters", "seeded", "steps_of_one"]

FORM = "{desc} {bar} {remaining} left"  # 3 of 40 networks ... 04:10 left
_bar: ContextVar[tqdm | None] = ContextVar("_bar", default=None)


@contextlib.contextmanager
def one_bar(networks: int, shown: bool = True) -> Iterator[None]:
    """A progress bar for all the networks that are trained inside: how many are done, and how long the others take.

    Examples
    --------
    >>> with one_bar(2, shown=False):
    ...     [list(steps_of_one(3)) for network in range(2)]
    [[1, 2, 3], [1, 2, 3]]
    """
    with tqdm(total=networks, disable=not shown, bar_format=FORM, leave=False) as bar:
        bar.set_description_str(f"0 of {networks} networks")
        token = _bar.set(bar)
        try:
            yield
        finally:
            _bar.reset(token)


def steps_of_one(steps: int) -> Iterator[int]:
    """The steps of one network, from 1; the bar of the study, if there is one, moves along.

    Examples
    --------
    >>> list(steps_of_one(2))
    [1, 2]
    """
    bar = _bar.get()
    for step in range(1, steps + 1):
        yield step
        if bar is not None:
            bar.update(1 / steps)
    if bar is not None:
        bar.set_description_str(f"{round(bar.n)} of {bar.total} networks")


@contextlib.contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Torch's random numbers start at ``seed`` and it computes on one core; afterwards both are as before.

    Examples
    --------
    >>> with seeded(0):
    ...     first = torch.rand(1)
    >>> with seeded(0):
    ...     bool(torch.rand(1) == first)
    True
    """
    threads = torch.get_num_threads()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(integer("seed", seed, minimum=0))
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(threads)


def parameters(model: nn.Module) -> int:
    """How many numbers a model learns.

    Examples
    --------
    >>> parameters(torch.nn.ConvTranspose2d(64, 64, 4, 2))
    65600
    """
    return sum(parameter.numel() for parameter in model.parameters())


def fit(
    model: nn.Module,
    inputs: torch.Tensor,
    targets: torch.Tensor,
    steps: int,
    *,
    batch: int = 16,
    learning_rate: float = 2e-3,
    watch: Callable[[nn.Module], Any] | None = None,
    moments: Collection[int] = (),
) -> dict[int, Any]:
    """Train ``model``, in place, to turn ``inputs`` ``(N, ...)`` into ``targets``; batches from torch's random numbers.

    ``watch(model)`` is called after the steps in ``moments`` (0 is before the first) and after the last; what it
    returned is given back by step.

    Examples
    --------
    >>> x = torch.arange(4.0)[:, None]
    >>> with seeded(0):
    ...     line = torch.nn.Linear(1, 1)
    ...     seen = fit(line, x, 2 * x, 200, learning_rate=0.1, watch=lambda m: round(m.weight.item(), 2), moments=(0,))
    >>> seen[200]
    2.0
    """
    steps, batch = integer("steps", steps, minimum=1), integer("batch", batch, minimum=1)
    if len(inputs) != len(targets):
        raise ValueError(f"inputs and targets must be equally many, got {len(inputs)} and {len(targets)}")
    optimizer = torch.optim.Adam(model.parameters(), learning_rate)
    seen = {0: watch(model)} if watch and 0 in moments else {}
    for step in steps_of_one(steps):
        chosen = torch.randint(len(inputs), (batch,))
        loss = F.mse_loss(model(inputs[chosen]), targets[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if watch and (step in moments or step == steps):
            seen[step] = watch(model)
    return seen
