"""Dilated against plain stacks on a task where the receptive field decides.

Rows of random bits. The label of a cell is the majority of the three cells 10, 11 and 12 places before it. Each
stack is causal: it sees its own cell and earlier ones. So what a stack can reach is known before it is trained,
and with it the best accuracy that any weights can have, :func:`best_possible`.
"""

import statistics
from collections.abc import Iterable, Sequence
from itertools import product

import torch
import torch.nn.functional as F
from torch import nn

from convlab.studies import stored
from convlab.studies.training import one_bar, parameters, seeded, steps_of_one
from convlab.validation import integer
from convlab.views import Conv, paths_per_input, receptive_fields

__all__ = [
    "AWAY",
    "STACKS",
    "CausalStack",
    "best_possible",
    "causal",
    "results",
    "rows",
    "run",
    "train_one",
    "visible",
]

AWAY = (10, 11, 12)
STACKS = {"plain": (1, 1, 1), "gridded": (2, 2, 2), "dilated": (1, 2, 4), "deep": (1, 1, 1, 1, 1, 1)}
SEEDS, STEPS, LENGTH, CHANNELS = range(8), 200, 64, 16


def causal(rates: Sequence[int]) -> list[Conv]:
    """The stack on one axis: kernel 3, padded at the begin only, by the reach of the kernel.

    Examples
    --------
    >>> causal([2])
    [Conv(kernel_size=3, stride=1, padding=(4, 0), dilation=2)]
    """
    return [Conv(3, padding=(2 * rate, 0), dilation=rate) for rate in rates]


def visible(rates: Sequence[int]) -> list[int]:
    """How many places before its own cell the stack can see, as a list.

    Examples
    --------
    >>> visible([2, 2])
    [0, 2, 4, 6, 8]
    """
    return sorted(-cell for cell in paths_per_input(causal(rates), 0))


def best_possible(rates: Sequence[int]) -> float:
    """The largest share of labels that ANY function of the visible cells gets right, on average over all rows.

    Examples
    --------
    >>> [best_possible(rates) for rates in STACKS.values()]
    [0.5, 0.75, 1.0, 1.0]
    """
    seen = [place for place, away in enumerate(AWAY) if away in visible(rates)]
    ones: dict[tuple[int, ...], list[bool]] = {}  # what is seen of the three cells -> the labels that go with it
    for bits in product((0, 1), repeat=len(AWAY)):
        ones.setdefault(tuple(bits[place] for place in seen), []).append(sum(bits) > len(AWAY) / 2)
    return sum(max(sum(labels), len(labels) - sum(labels)) for labels in ones.values()) / 2 ** len(AWAY)


def rows(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Random rows ``(count, 1, 64)`` of -1 and 1, and their labels ``(count, 1, 52)``, from torch's random numbers.

    The first 12 cells have no label: there is no cell 12 places before them.

    Examples
    --------
    >>> with seeded(0):
    ...     x, y = rows(2)
    >>> bool(y[0, 0, 0] == (x[0, 0, :3].sum() > 0))
    True
    """
    bits = torch.randint(0, 2, (integer("count", count, minimum=1), 1, LENGTH)).float()
    first = max(AWAY)
    votes = sum(bits[..., first - away : LENGTH - away] for away in AWAY)
    return 2 * bits - 1, (votes > len(AWAY) / 2).float()


class CausalStack(nn.Module):
    """Convolutions with kernel 3 and 16 channels, ReLU between them, and one number for each cell at the end.

    Examples
    --------
    >>> parameters(CausalStack([1, 2, 4]))
    1649
    """

    def __init__(self, rates: Sequence[int]) -> None:
        super().__init__()
        widths = [1, *[CHANNELS] * len(rates)]
        self.convs = nn.ModuleList(nn.Conv1d(a, b, 3, dilation=r) for a, b, r in zip(widths, widths[1:], rates))
        self.head = nn.Conv1d(CHANNELS, 1, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for conv in self.convs:
            x = F.relu(conv(F.pad(x, (2 * conv.dilation[0], 0))))
        return self.head(x)


def train_one(rates: Sequence[int], seed: int, steps: int = STEPS) -> float:
    """Train one stack from one seed; return the share of right labels on 256 rows that it has not seen."""
    with seeded(seed):
        stack = CausalStack(rates)
        optimizer = torch.optim.Adam(stack.parameters(), lr=0.01)
        for _ in steps_of_one(integer("steps", steps, minimum=0)):
            x, y = rows(32)
            loss = F.binary_cross_entropy_with_logits(stack(x)[..., max(AWAY) :], y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        x, y = rows(256)
        with torch.no_grad():
            return ((stack(x)[..., max(AWAY) :] > 0) == (y > 0)).float().mean().item()


@stored.timed
def run(seeds: Iterable[int] = SEEDS, steps: int = STEPS, bar: bool = True) -> stored.Results:
    """Train every stack of ``STACKS`` from every seed, on ``steps`` batches of 32 rows each.

    ``stacks`` says for each what is known before (``rates``, ``parameters``, ``receptive_field``, ``best_possible``)
    and from the training the ``accuracy`` (one for each seed), its ``mean`` and its ``spread`` (the sample standard
    deviation; 0 for one seed).
    """
    seeds, stacks = list(seeds), {}
    with one_bar(len(STACKS) * len(seeds), bar):
        for name, rates in STACKS.items():
            accuracy = [round(train_one(rates, seed, steps), 4) for seed in seeds]
            stacks[name] = {
                "rates": list(rates),
                "parameters": parameters(CausalStack(rates)),
                "receptive_field": receptive_fields(causal(rates))[-1].size,
                "best_possible": best_possible(rates),
                "accuracy": accuracy,
                "mean": round(statistics.fmean(accuracy), 4),
                "spread": round(statistics.stdev(accuracy), 4) if len(seeds) > 1 else 0.0,
            }
    return {"seeds": seeds, "steps": steps, "stacks": stacks}


def results(train: bool | str = False) -> stored.Results:
    """Stored results, or the learner's own; see :func:`convlab.studies.stored.stored_or_trained`.

    Examples
    --------
    >>> results()["stacks"]["dilated"]["receptive_field"]
    15
    """
    return stored.stored_or_trained("receptive_field_task", run, train)
