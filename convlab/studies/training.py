"""The training loop that all studies share: Adam, squared error, one core, a seed, a progress bar."""

import contextlib

import torch
import torch.nn.functional as F
from tqdm.auto import tqdm

from convlab.validation import integer

__all__ = ["fit", "parameters", "seeded"]


@contextlib.contextmanager
def seeded(seed):
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


def parameters(model):
    """How many numbers a model learns.

    Examples
    --------
    >>> parameters(torch.nn.ConvTranspose2d(64, 64, 4, 2))
    65600
    """
    return sum(parameter.numel() for parameter in model.parameters())


def fit(model, inputs, targets, steps, *, batch=16, learning_rate=2e-3, title="", watch=None, moments=()):
    """Train ``model`` to turn ``inputs`` into ``targets``; random batches from torch's random numbers.

    Parameters
    ----------
    model : torch.nn.Module
        Changed in place.
    inputs, targets : torch.Tensor
        ``(N, ...)`` each.
    steps, batch : int
        Updates, and samples for each.
    learning_rate : float
        Of Adam.
    title : str
        Stands before the progress bar; without one there is no bar.
    watch : callable, optional
        Called with the model after the steps in ``moments``; 0 is before the first.
    moments : collection of int
        The last step need not be named: it is always one.

    Returns
    -------
    dict
        From the moment to what ``watch`` returned; empty without ``watch``.

    Raises
    ------
    TypeError
        If a number is not an integer.
    ValueError
        If a number is below 1, or there are not as many inputs as targets.

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
    for step in tqdm(range(1, steps + 1), desc=title, disable=not title, leave=False):
        chosen = torch.randint(len(inputs), (batch,))
        loss = F.mse_loss(model(inputs[chosen]), targets[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if watch and (step in moments or step == steps):
            seen[step] = watch(model)
    return seen
