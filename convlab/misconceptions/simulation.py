"""Simulated learners: a stated problem, answered with every wrong rule of the registry, alone or two at once.

An operator is computed in named steps, each a rule with a right form. A wrong rule names the steps that it changes
and how; two that change different steps can be made together: that is how pairs come about. A rule that cannot be
gone raises :class:`~convlab.misconceptions.registry.NotApplicable`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import prod
from typing import Any, ClassVar, NamedTuple

import numpy as np

from convlab.arithmetic import effective_kernel_size
from convlab.misconceptions.registry import NotApplicable, SizeSteps, Steps, Variant, rules_for
from convlab.typing import Array
from convlab.validation import integer_pair

__all__ = [
    "Axis",
    "FunctionSimulation",
    "Simulation",
    "SizeSimulation",
    "StackSimulation",
    "StepSimulation",
    "as_it_is",
    "compose",
    "related",
]

LARGEST_RELATION = 10**5  # output cells times taps times input cells of an axis

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
    def begin(self) -> int:
        """Padding before the first cell."""
        return self.padding[0]

    @property
    def end(self) -> int:
        """Padding after the last cell."""
        return self.padding[1]

    @property
    def one_sided(self) -> bool:
        """Whether only one side is padded or cropped, as ``padding="causal"`` does."""
        return self.begin != self.end and 0 in self.padding

    @property
    def span(self) -> int:
        """Effective kernel size."""
        return _span(self.kernel_size, self.dilation)

    @property
    def layer(self) -> tuple[int, int, int, tuple[int, int], int]:
        """The arguments of :func:`convlab.arithmetic.conv_output_size`."""
        return self.input_size, self.kernel_size, self.stride, self.padding, self.dilation


def as_it_is(value: Any) -> Any:
    """The right rule of a step that changes nothing."""
    return value


def compose(right: Mapping[str, Any], rules: tuple[Steps, ...]) -> dict[str, Any]:
    """The steps of ``right`` with those of all ``rules`` changed.

    Examples
    --------
    >>> compose({"crop": "yes", "stride": "yes"}, (Steps(crop="no"), Steps(stride="no")))
    {'crop': 'no', 'stride': 'no'}
    >>> compose({"crop": "yes", "stride": "yes"}, (Steps(crop="no"), Steps(crop="no")))
    Traceback (most recent call last):
        ...
    convlab.misconceptions.registry.NotApplicable: two of these change the same step
    """
    steps = dict(right)
    touched = [step for rule in rules for step in (*rule.changed, *rule.idle)]
    if len(touched) > len(set(touched)):
        raise NotApplicable("two of these change the same step")
    for rule in rules:
        steps.update(rule.changed)
    return steps


def related(x: Array, w: Array, axes: Sequence[Axis], sizes: Sequence[int], relation: Callable, groups: int) -> Array:
    """A convolution whose output cells read what ``relation`` says, ``(N, C_out, *sizes)``; ``w`` has ``C_out`` first.

    ``relation(m, t, i, a)`` is, for one axis, true where output cell m reads input cell i through tap t.

    Examples
    --------
    >>> axes, every_second = [Axis(4, 1)], lambda m, t, i, a: i == 2 * m + t
    >>> related(np.array([[[1, 2, 3, 4]]]), np.array([[[10]]]), axes, [2], every_second, 1)
    array([[[10, 30]]])
    """
    if any(size * a.kernel_size * a.input_size > LARGEST_RELATION for size, a in zip(sizes, axes)):
        raise NotApplicable("this is looked for in small problems only")
    x = x.astype(np.result_type(x, w))
    for size, a in zip(sizes, axes):
        cells = np.ogrid[:size, : a.kernel_size, : a.input_size]
        x = np.tensordot(x, relation(*cells, a).astype(x.dtype), (2, 2))
    taps = range(3, x.ndim, 2)  # now (N, C_in, m, t, m, t, ...)
    ins, outs = x.shape[1] // groups, len(w) // groups
    parts = [
        np.tensordot(x[:, g * ins : (g + 1) * ins], w[g * outs : (g + 1) * outs], ((1, *taps), range(1, w.ndim)))
        for g in range(groups)
    ]
    return np.moveaxis(np.concatenate(parts, axis=-1), -1, 1)


class Simulation:
    """One stated problem and the wrong rules for it, by variant."""

    def __init__(self, rules: Mapping[Variant, Any]):
        self.rules = rules

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Those that may be tried, in the order in which they are named."""
        return tuple(self.rules)

    def plan(self, *variants: Variant) -> tuple:
        """All that decides the answer: equal plans give equal answers."""
        if len(variants) > 1:
            raise NotApplicable("these are not made of steps")
        return variants

    def shape(self, plan: tuple) -> tuple[int, ...] | None:
        """Spatial shape of the answer of a plan, or None if it shows only in the answer."""
        return None

    def carry_out(self, plan: tuple) -> Any:
        """The answer that a plan gives."""
        raise NotImplementedError

    def answer(self, *variants: Variant) -> Any:
        """The wrong answer with these variants; the right one without any."""
        return self.carry_out(self.plan(*variants))

    def recognise(self, answer: Array) -> list[Variant]:
        """Variants that do not compute an answer but can tell theirs."""
        return []


class FunctionSimulation(Simulation):
    """Wrong answers that are functions of the stated arguments; they do not make pairs.

    Examples
    --------
    >>> simulation = FunctionSimulation(rules_for("effective_kernel_size"), kernel_size=3, dilation=3)
    >>> [simulation.answer(variant) for variant in simulation.variants]
    [3, 9, 5, 9]
    """

    def __init__(self, rules, **arguments):
        super().__init__(rules)
        self.arguments = arguments

    def carry_out(self, plan: tuple) -> Any:
        (variant,) = plan
        return self.rules[variant](**self.arguments)


class StackSimulation(FunctionSimulation):
    """The receptive field of a stack of layers, in steps; a wrong rule may also be a function of the layers.

    Examples
    --------
    >>> simulation = StackSimulation(rules_for("receptive_field"), layers=[(3, 2, 1), (3, 1, 1)])
    >>> simulation.answer(), {v.id: simulation.answer(v) for v in simulation.variants if v.id in ("M33a", "M33c")}
    (7, {'M33a': 6, 'M33c': 5})
    """

    right: ClassVar[Mapping[str, Any]] = {
        "order": as_it_is,
        "start": 1,
        "term": lambda kernel_size, dilation: dilation * (kernel_size - 1),
        "jump": lambda strides, n: prod(strides[:n]),
    }

    def plan(self, *variants: Variant) -> tuple:
        return variants

    def carry_out(self, plan: tuple) -> Any:
        if len(plan) == 1 and not isinstance(self.rules[plan[0]], Steps):
            return super().carry_out(plan)
        steps = compose(self.right, tuple(_steps(self.rules[variant]) for variant in plan))
        kernel_sizes, strides, dilations = zip(*steps["order"](self.arguments["layers"]))
        terms = map(steps["term"], kernel_sizes, dilations)
        return steps["start"] + sum(term * steps["jump"](strides, n) for n, term in enumerate(terms))


def _steps(rule):
    if not isinstance(rule, Steps):
        raise NotApplicable("this is not made of steps")
    return rule


class StepSimulation(Simulation):
    """An operator that is computed in steps, on the axes of one layer."""

    right: Mapping[str, Any]  # the rule of each step
    plan_axis: Callable  # puts the rules of all steps to one axis
    stated: list[Axis]

    def steps(self, variants: Sequence[Variant]) -> dict[str, Any]:
        """The rule of each step, with these variants."""
        return compose(self.right, tuple(self.rules[variant] for variant in variants))

    def shape(self, plan: tuple) -> tuple[int, ...] | None:
        axes, (*_, finish) = plan
        return None if finish is not as_it_is else tuple(axis.output_size for axis in axes)

    @classmethod
    def size_rules(cls) -> dict[Variant, SizeSteps]:
        """The wrong rules that give a size."""
        raise NotImplementedError

    @classmethod
    def shape_rules(cls) -> dict[Variant, SizeSteps]:
        """The wrong rules that may explain the shape of an array."""
        return cls.size_rules()

    @classmethod
    def output_size(cls, rules: Sequence[Steps], axis: Axis) -> int:
        """Output size of one axis with these rules."""
        return cls.plan_axis(compose(cls.right, tuple(rules)), axis).output_size

    def sizes_by_variant(self) -> dict[Variant, tuple[int, ...]]:
        """The wrong output size of each variant that explains one: for an answer of another shape."""
        sizes = {}
        for variant, rule in self.shape_rules().items():
            try:
                sizes[variant] = tuple(self.output_size([rule], axis) for axis in self.stated)
            except NotApplicable:
                continue
        return sizes


class SizeSimulation(Simulation):
    """One stated size question about a convolution or a transposed one.

    Examples
    --------
    >>> from convlab.misconceptions.stamping_simulation import StampingSimulation
    >>> simulation = SizeSimulation(StampingSimulation, 5, 3, stride=2, padding=1)
    >>> padding_adds, *_ = simulation.variants
    >>> simulation.answer(), simulation.answer(padding_adds)
    (9, 13)
    """

    def __init__(self, kind, input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
        refused = output_padding >= max(stride, dilation)
        super().__init__(rules_for("transposed_refused") if refused else kind.size_rules())
        self.axis = Axis(input_size, kernel_size, stride, integer_pair("padding", padding), output_padding, dilation)
        self.kind = kind

    def plan(self, *variants: Variant) -> tuple:
        return variants

    def carry_out(self, plan: tuple) -> Any:
        return self.kind.output_size([self.rules[variant] for variant in plan], self.axis)
