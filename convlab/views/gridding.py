"""Gridding: which cells a stack of dilated convolutions reaches, and which it never reads.

One axis; in 2-D the cells reached are the pairs of those reached on each axis. ``rates``
are the dilations of stride-1 layers with one kernel size, first layer first. Offsets are
counted from the cell at the output's own place under ``padding="same"``. What is no list of integers raises
``TypeError``, an empty list or a number below 1 ``ValueError``.

Source: Wang et al., *Understanding convolution for semantic segmentation*,
arXiv:1702.08502 (hybrid dilated convolution, HDC).
"""

from collections.abc import Sequence

from convlab.arithmetic import same_padding
from convlab.validation import integer
from convlab.views.layer_stacks import Conv, paths_per_input

__all__ = ["coverage", "hdc_distances", "holes", "path_counts"]


def _checked_rates(rates):
    if not isinstance(rates, (tuple, list)):
        raise TypeError(f"rates must be a list of dilations, got {rates!r}")
    if not rates:
        raise ValueError("rates must have at least one entry, got none")
    return [integer("rates", rate, minimum=1) for rate in rates]


def _paths(rates, kernel_size):
    rates = _checked_rates(rates)
    return paths_per_input([Conv(kernel_size, 1, same_padding(kernel_size, rate), rate) for rate in rates], 0)


def coverage(rates: Sequence[int], kernel_size: int = 3) -> list[int]:
    """Offsets of the cells that a stack of dilated convolutions reaches, from left to right.

    >>> coverage([2, 2])
    [-4, -2, 0, 2, 4]
    """
    return list(_paths(rates, kernel_size))


def holes(rates: Sequence[int], kernel_size: int = 3) -> list[int]:
    """Offsets inside the receptive field that are never read.

    >>> holes([2, 2]), holes([1, 2, 5]), holes([1, 2, 9])
    ([-3, -1, 1, 3], [], [-5, -4, 4, 5])
    """
    reached = coverage(rates, kernel_size)
    return sorted(set(range(reached[0], reached[-1])) - set(reached))


def path_counts(rates: Sequence[int], kernel_size: int = 3) -> list[int]:
    """Number of paths to each cell of the receptive field, 0 in a hole.

    >>> path_counts([1, 2, 4])
    [1, 1, 2, 1, 3, 2, 3, 1, 3, 2, 3, 1, 2, 1, 1]
    """
    paths = _paths(rates, kernel_size)
    return [paths.get(offset, 0) for offset in range(min(paths), max(paths) + 1)]


def hdc_distances(rates: Sequence[int]) -> list[int]:
    """The distances ``M_1 ... M_n`` of hybrid dilated convolution: how far apart read cells can lie.

    ``M_n = r_n`` and ``M_i = max(M_{i+1} - 2 r_i, M_{i+1} - 2 (M_{i+1} - r_i), r_i)``. The paper asks for
    ``M_2 <= kernel_size``. That is not enough: it needs ``r_1 = 1`` as well. Rates (2, 2, 2) have ``M_2 = 2``
    and read no odd offset; ask :func:`holes`.

    Source: arXiv:1702.08502, section "Hybrid dilated convolution".

    >>> hdc_distances([1, 2, 5]), hdc_distances([1, 2, 9]), hdc_distances([2, 2, 2])
    ([1, 2, 5], [3, 5, 9], [2, 2, 2])
    """
    rates = _checked_rates(rates)
    distances = [rates[-1]]
    for rate in reversed(rates[:-1]):
        later = distances[0]
        distances.insert(0, max(later - 2 * rate, later - 2 * (later - rate), rate))
    return distances
