"""A wrong algorithm is the right one with one step changed; two of them make a pair.

An operator is computed in named steps, each a rule with a right form. A
:class:`Variant` names the steps that a misconception changes and how. Two variants
that change different steps can be made together: that is how pairs come about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from convlab.arithmetic import effective_kernel_size

__all__ = ["Axis", "Bench", "NotApplicable", "Variant", "compose"]


class NotApplicable(ValueError):
    """A wrong way that cannot be gone here: nothing would be left, or the shapes do not fit."""


_span = lru_cache(maxsize=256)(effective_kernel_size)


class Axis(NamedTuple):
    """One axis of a stated layer, in cells; ``padding`` is ``(begin, end)``."""

    input_size: int
    kernel_size: int
    stride: int = 1
    padding: tuple[int, int] = (0, 0)
    output_padding: int = 0
    dilation: int = 1

    @property
    def span(self):
        """Effective kernel size."""
        return _span(self.kernel_size, self.dilation)


@dataclass(frozen=True, eq=False)
class Variant:
    """One way to get it wrong.

    Parameters
    ----------
    id : str
        ``"M03a"``: the first variant of misconception ``M03``; ``"M01"`` where there is one only.
    did : str
        What a learner with this idea does, to follow the words "This answer comes out if".
    rules : mapping
        The changed steps: name of the step to the wrong rule.
    array, size : bool
        Whether it can explain an array of values, and whether an output size.

    Examples
    --------
    >>> Variant("M03a", "the input is cropped", {}).misconception
    'M03'
    """

    id: str
    did: str
    rules: Mapping[str, Any]
    array: bool = True
    size: bool = False

    @property
    def misconception(self):
        """The id without the letter of the variant."""
        return self.id[:3]


def compose(right, variants):
    """The steps of ``right`` with those of all ``variants`` changed.

    Raises
    ------
    NotApplicable
        If two variants change the same step.

    Examples
    --------
    >>> a, b = Variant("M98", "", {"crop": "no"}), Variant("M99", "", {"stride": "no"})
    >>> compose({"crop": "yes", "stride": "yes"}, (a, b))
    {'crop': 'no', 'stride': 'no'}
    >>> compose({"crop": "yes", "stride": "yes"}, (a, a))
    Traceback (most recent call last):
        ...
    convlab.misconceptions.variants.NotApplicable: M98 and M98 change the same step
    """
    steps = dict(right)
    changed = [step for variant in variants for step in variant.rules]
    if len(changed) > len(set(changed)):
        raise NotApplicable(f"{' and '.join(variant.id for variant in variants)} change the same step")
    for variant in variants:
        steps.update(variant.rules)
    return steps


class Bench:
    """One stated problem on which every variant can be tried, alone or composed."""

    variants: tuple[Variant, ...] = ()

    def plan(self, *variants):
        """All that decides the answer: equal plans give equal answers.

        Raises
        ------
        NotApplicable
            If these variants cannot be made here.
        """
        if len(variants) > 1:
            raise NotApplicable("these are not made of steps")
        return variants

    def shape(self, plan):
        """Spatial shape of the answer of a plan, or None if it shows only in the answer."""
        return None

    def carry_out(self, plan):
        """The answer that a plan gives.

        Raises
        ------
        NotApplicable
            If it turns out that there is none.
        """
        raise NotImplementedError

    def answer(self, *variants):
        """The wrong answer with these variants; the right one without any."""
        return self.carry_out(self.plan(*variants))

    def recognise(self, answer):
        """Variants that do not compute an answer but can tell theirs."""
        return ()
