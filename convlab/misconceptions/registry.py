"""The registry of wrong ways to compute: one entry for each misconception, with everything that is known of it.

An entry stands in one file of :mod:`convlab.misconceptions.catalogue`. Diagnosis, checks, placement test, messages of
the assignments and tests all read it here, when they need it. Each :class:`Variant` of an entry has a wrong rule for
each operator that it concerns, under a name:

* the name of an operator of :mod:`convlab.misconceptions.problem`: a function of its arguments, which gives the wrong
  answer;
* ``conv`` or ``transposed``: the :class:`Steps` of the right convolution that are changed, on any number of axes;
  ``conv_same`` for TensorFlow's SAME padding only;
* ``conv_size`` or ``transposed_size``: such steps for a slip that gives a size and no values;
* ``transposed_refused``: for layers that PyTorch refuses;
* ``transposed_recognised``: a function that takes an answer and the layer, and says whether the idea gave it.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # examples state problems, whose wrong answers are computed with this registry
    from convlab.misconceptions.examples import Example

__all__ = [
    "CATALOGUE",
    "Misconception",
    "NotApplicable",
    "SizeSteps",
    "Steps",
    "Variant",
    "in_order",
    "lesson_about",
    "misconception",
    "register",
    "rules_for",
    "variants",
]

# What is named first where several give the same answer. First what misunderstands one option or one term of the
# operator at hand, in this order; then, not listed, slips of the pen and all others; last what comes from elsewhere:
# another operator, another framework, the paddings of the four-step recipe. Before that order comes the lesson at hand,
# and in each of the three what changes options that the problem has; two at once come after all single ones.
ORDER = """
    M21 M20 M23a M23b M38
    M01a M02a M02b M05a M05b M03a M03b M04a M04e M04b M04c M04d M10 M10b
    M51a M51b M51c M51d M52a M52b M13b M13a M12f M12h M12i
    M06a M06b M06e M06c M06d M14a M14b M14c M12a M12d M12c M12b
    M09a M09b M09c M11 M35 M01b M01c M44 M15 M16d M16b M16c M18a M18b M18c
""".split()
FROM_ELSEWHERE = "M41 M49a M49b M49c M12e M12g M50 M42 M32".split()
OPTION_OF_STEP = {"stride": "stride", "dilation": "dilation", "output_padding": "output_padding"}
OPTION_OF_STEP |= {"crop": "padding", "padding": "padding"}


class NotApplicable(ValueError):
    """A wrong way that cannot be gone here: nothing would be left, or the shapes do not fit."""


class Steps:
    """A wrong rule for an operator that is computed in named steps: the changed ones.

    ``idle`` are steps that have no meaning then; a second idea about one of them cannot be there as well.
    """

    def __init__(self, idle: tuple[str, ...] = (), **changed: Any):
        self.idle, self.changed = idle, changed


class SizeSteps(Steps):
    """Steps that explain a wrong output size as well."""


class Variant:
    """One way to get it wrong.

    ``id`` is ``"M03a"`` for the first variant of misconception ``M03``; ``did`` says what a learner with this idea
    does, to follow the words "This answer comes out if"; ``rules`` what that changes, by operator, as said above.
    ``option`` is the one that it misunderstands, where it would change an answer without that option as well: it is
    named only where the problem has it.

    Examples
    --------
    >>> Variant("M03a", "the input is cropped").misconception
    'M03'
    """

    def __init__(self, id: str, did: str, option: str = "", **rules: Steps | Callable):
        self.id, self.did, self.option, self.rules = id, did, option, rules

    @property
    def misconception(self) -> str:
        """The id without the letter of the variant."""
        return self.id[:3]

    def __str__(self):
        return self.did


@dataclass(frozen=True, eq=False)
class Misconception:
    """One entry."""

    id: str  # "M01" and so on
    name: str  # the wrong idea, in its own words
    truth: str  # one sentence
    lesson: str  # where it is put right: the name of the notebook
    evidence: tuple[str, ...]  # public threads where people fell for it: "owner/repository#number" and the like
    examples: tuple["Example", ...]
    variants: tuple[Variant, ...]  # what can be computed; none for an idea that only a person can tell
    slip: bool = False  # a slip of the pen, not an idea: of two at once only one is such


#: Every entry by its id. :mod:`convlab.misconceptions.catalogue` fills it.
CATALOGUE: dict[str, Misconception] = {}


def register(
    id: str, name: str, truth: str, *parts: "Example | Variant", lesson: str, sources: str, slip: bool = False
) -> None:
    """Put an entry into the catalogue; ``parts`` are its examples and variants, ``"; "`` stands between ``sources``."""
    ways = tuple(part for part in parts if isinstance(part, Variant))
    examples = tuple(part for part in parts if not isinstance(part, Variant))
    CATALOGUE[id] = Misconception(id, name, truth, lesson, tuple(sources.split("; ")), examples, ways, slip)


def misconception(id: str) -> Misconception:
    """The entry for the id of a misconception or of one of its variants; ValueError if there is none.

    Examples
    --------
    >>> misconception("M14b").truth
    'Where stamps overlap, their values add up.'
    """
    if not isinstance(id, str) or id[:3] not in CATALOGUE:
        raise ValueError(f"id must be one from M01 to {max(CATALOGUE)}, got {id!r}")
    return CATALOGUE[id[:3]]


def lesson_about(id: str) -> str:
    """The lesson on a misconception, by the name of its notebook; ``id`` as for :func:`misconception`.

    Examples
    --------
    >>> lesson_about("M14b")
    '04_transposed_convolution_by_stamping'
    """
    return misconception(id).lesson


def variants(id: str | None = None) -> tuple[Variant, ...]:
    """Every executable variant, or those of one misconception.

    Examples
    --------
    >>> [variant.id for variant in variants("M06")]
    ['M06a', 'M06b', 'M06e', 'M06c', 'M06d']
    """
    every = (variant for entry in CATALOGUE.values() for variant in entry.variants)
    return tuple(variant for variant in every if id is None or variant.misconception == id)


def rules_for(*names: str) -> dict[Variant, Any]:
    """The wrong rules under these names.

    Examples
    --------
    >>> rules = rules_for("effective_kernel_size")
    >>> {variant.id: rule(kernel_size=3, dilation=3) for variant, rule in rules.items()}
    {'M10': 3, 'M09a': 9, 'M09b': 5, 'M09c': 9}
    """
    found = ((variant, variant.rules[name]) for variant in variants() for name in names if name in variant.rules)
    return dict(sorted(found, key=lambda pair: _rank(pair[0])))


def _rank(variant):
    if variant.id in FROM_ELSEWHERE:
        return 2, FROM_ELSEWHERE.index(variant.id)
    return (0, ORDER.index(variant.id)) if variant.id in ORDER else (1, 0)


def in_order(rules: Mapping[Variant, Any], options: Set[str], lesson: str = "") -> list[Variant]:
    """Variants that may be named, the most plausible first, for a problem that has these ``options``.

    ``rules`` are their wrong rules. What is about an option that the problem has not is left out.

    Examples
    --------
    >>> rules = rules_for("transposed", "transposed_size")
    >>> order = [variant.id for variant in in_order(rules, {"stride", "padding"})]
    >>> order[:3], order.index("M12a") < order.index("M49b"), "M09c" in order
    (['M01a', 'M02a', 'M02b'], True, False)
    """

    def plausibility(variant):
        steps = getattr(rules[variant], "changed", ())
        at_hand = all(OPTION_OF_STEP[step] in options for step in steps if step in OPTION_OF_STEP)
        tier, place = _rank(variant)
        return lesson_about(variant.id) != lesson, tier, not at_hand, place

    known = (variant for variant in rules if not variant.option or variant.option in options)
    return sorted(known, key=plausibility)
