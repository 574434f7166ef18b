"""Decoders: short stacks of transposed convolutions that lead from one size to another.

Many designs are right, so this oracle only says whether there is one: by trying every layer that the assignment
allows. What a student's design really does is measured by :func:`convlab.grading.check_design`.
"""

from functools import cache

from convlab.arithmetic import conv_transpose_output_size
from convlab.grading.oracles.oracle import Oracle, Refused
from convlab.validation import integer

__all__ = ["LARGEST_KERNEL", "MOST_LAYERS", "ORACLES", "find_design"]

MOST_LAYERS, LARGEST_KERNEL = 4, 6

# (kernel_size, stride, padding, output_padding), all that are allowed.
LAYERS = [
    (k, s, p, op)
    for k in range(1, LARGEST_KERNEL + 1)
    for s in range(1, k + 1)
    if k % s == 0
    for p in range(k)
    for op in range(min(s, p + 1))
]


def _steps():
    """A layer makes ``stride * size + extra`` cells of ``size``: the layers, one for each ``(stride, extra)``."""
    large = 2 * LARGEST_KERNEL
    return {(s, conv_transpose_output_size(large, k, s, p, op) - s * large): (k, s, p, op) for k, s, p, op in LAYERS}


def find_design(i, target):
    """A stack of few layers from ``i`` to ``target`` cells; there are others.

    Parameters
    ----------
    i, target : int
        Cells along one axis, at least 1.

    Returns
    -------
    list of tuple
        ``(kernel_size, stride, padding, output_padding)`` of each layer, first layer first.

    Raises
    ------
    ValueError
        If there is none.

    Examples
    --------
    >>> len(find_design(7, 224)), find_design(5, 5)
    (2, [])
    >>> find_design(2, 5000)
    Traceback (most recent call last):
        ...
    ValueError: target cannot be reached from i=2 with 4 layers of even overlap and kernels up to 6, got 5000
    """
    i, target = integer("i", i, minimum=1), integer("target", target, minimum=1)
    design = _searched(i, target)
    if design is None:
        raise ValueError(
            f"target cannot be reached from i={i} with {MOST_LAYERS} layers of even overlap and kernels up to "
            f"{LARGEST_KERNEL}, got {target}"
        )
    return list(design)


@cache
def _searched(i, target):
    designs, steps = {i: ()}, _steps()
    for _ in range(MOST_LAYERS):
        if target in designs:
            break
        for size, layers in list(designs.items()):
            for (stride, extra), layer in steps.items():
                reached = stride * size + extra
                if reached >= 1 and reached not in designs:
                    designs[reached] = (*layers, layer)
    return designs.get(target)


def _found(i, target):
    try:
        return find_design(i, target)
    except ValueError as refusal:
        raise Refused(str(refusal)) from None


ORACLES = {"design_decoder": Oracle(_found, ours=find_design)}
