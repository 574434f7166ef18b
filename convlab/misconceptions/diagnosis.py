"""From a wrong answer to the misconception that gives exactly this answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from convlab.misconceptions.comparison import (
    LearnerAnswer,
    close_as_written,
    equal_values,
    fit_axes,
    read,
    same_cells,
    wrong_kind,
)
from convlab.misconceptions.further_problems import further_problems
from convlab.misconceptions.other_readings import other_readings
from convlab.misconceptions.problem import NEUTRAL, Problem
from convlab.misconceptions.registry import Misconception, Variant, in_order, misconception, rules_for
from convlab.misconceptions.shape_explanations import explain_shape, find_window
from convlab.misconceptions.wrong_answers import in_simulated_form, in_stated_form, simulation_of

__all__ = ["Diagnosis", "Match", "diagnose"]

# The evidence that is asked for. An explanation is certain where it is the only one and rests on so many numbers that
# are not zero; with less it is one way to get the answer, and so is a slip of the pen for a single number that differs.
# Two ideas at once are not named on less, nor a slip for a single number that is 1 too large or too small, but not 0.
ENOUGH = 3
FITTING = 3  # so many problems must fit an idea that does not explain all that a function does
NOT_ALL = "On other problems your function does something else; for this one:"
MOST = 3  # explanations that are told
PAIR_LIMIT = 4096  # two ideas at once are looked for up to this many output cells only, to stay fast


@dataclass(frozen=True)
class Match:
    """One explanation of an answer: a single variant, or two at once."""

    variants: tuple[Variant, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the variants."""
        return tuple(variant.id for variant in self.variants)

    @property
    def misconceptions(self) -> tuple[Misconception, ...]:
        """Their entries in the catalogue, with the idea and the evidence."""
        return tuple(misconception(variant.id) for variant in self.variants)

    def __str__(self):
        return " and ".join(map(str, self.variants))

    @property
    def cited(self) -> str:
        """In words, with the ids: for teachers."""
        return " and ".join(f"{variant} ({variant.id})" for variant in self.variants)


@dataclass(frozen=True)
class Diagnosis:
    """What :func:`diagnose` found.

    ``right`` includes the shape; arrays may hold integers or floats. ``misconceptions`` is what gives exactly this
    answer, the most plausible first; all name equally many ideas. ``certain`` says that it is the only known way, and
    that enough numbers speak for it; ``readings`` are right answers to another question that are this one.
    ``shape_only`` says which wrong size formula gives the shape, where nothing gives the values; ``note`` what else is
    to be said: axes, dtype, NaN, an exception.
    """

    right: bool
    misconceptions: tuple[Match, ...] = ()
    shape_only: str = ""
    note: str = ""
    certain: bool = False
    readings: tuple[str, ...] = ()

    @property
    def tied(self) -> bool:
        """Whether several explanations fit equally well: the answer cannot tell them apart."""
        return len(self.misconceptions) > 1

    @property
    def recognised(self) -> bool:
        """Whether the answer was found right or explained."""
        return self.right or bool(self.misconceptions or self.shape_only)

    def message(self) -> str:
        """The finding in plain English. It does not give the right answer away.

        Examples
        --------
        >>> from convlab.misconceptions import Problem, diagnose
        >>> problem = Problem("conv_transpose1d", [2, 3], [1, 2, 3], stride=2)
        >>> print(diagnose([2, 4, 3, 6, 9], problem).message())
        Not yet. This answer comes out if the later of two overlapping stamps overwrites the earlier.
        """
        if self.right:
            return "Right."
        parts = ["Not yet."]
        if self.note:
            parts.append(self.note)
        if self.certain:
            parts.append(f"This answer comes out if {self.misconceptions[0]}.")
        elif self.misconceptions:
            ways = "; another is that ".join(str(match) for match in self.misconceptions[:MOST])
            parts.append(f"One way to get this is that {ways}.")
        elif self.shape_only:
            parts.append(self.shape_only)
        if self.readings:
            parts.append(f"It is also the size {'; and '.join(self.readings)}.")
        if len(parts) == 1:
            parts.append("This answer is not recognised.")
        return " ".join(parts)


def diagnose(answer: Any, problem: Problem, further: Sequence[Problem] | None = None, lesson: str = "") -> Diagnosis:
    """Name the misconceptions that give exactly this answer to a stated problem.

    Single ones are looked for first. Only where none fits are two at once tried, one of them an idea and not a slip,
    and only on 3 numbers or more that are not zero: one number can be explained by almost anything. Where nothing
    explains all that a function does, what explains 3 of the problems is named, and this is said.

    Parameters
    ----------
    answer
        Array, tensor, nested list, number, tuple or function. A function is called with the problem's arguments,
        arrays first and the rest by name, and then on further problems, which keep misconceptions apart. Nothing
        is raised because of the answer, and a right one is never diagnosed.
    further
        Instead of the built-in further problems for a function; ``()`` for none.
    lesson
        The notebook at hand, by name: its misconceptions are named first.

    Examples
    --------
    >>> from convlab.misconceptions import Problem
    >>> problem = Problem("conv_transpose1d", [1, 2, 3], [1, 10, 100], stride=2, padding=1)
    >>> diagnose([100, 10, 201, 20, 302, 30], problem).misconceptions[0].ids
    ('M01a', 'M05b')
    >>> diagnose([10, 102, 20, 203, 30], problem).right
    True
    """
    truth, refusal = _truth(problem)
    if refusal is not None:
        return _diagnose_refused(answer, problem, refusal)
    if not callable(answer) or isinstance(answer, type):
        return _diagnose_cases([_Case(problem, truth, read(answer))], lesson)
    cases = [_Case(problem, truth, _asked(problem, answer))]
    if cases[0].usable:
        others = further_problems(problem) if further is None else further
        cases += [_Case(another, another.truth(), _asked(another, answer)) for another in others]
    return _diagnose_cases(cases, lesson)


def _asked(problem, function):
    """What a learner's function answers."""
    try:
        answer = problem.ask(function)
        return (
            LearnerAnswer(None, "Your function returned None: is its return missing?")
            if answer is None
            else read(answer)
        )
    except Exception as error:  # it may raise anything
        return LearnerAnswer(None, f"The function stopped with {type(error).__name__}: {error}")


def _truth(problem):
    """The right answer, or the ValueError with which the operator refuses."""
    try:
        return problem.truth(), None
    except ValueError as error:
        return None, error


def _diagnose_refused(answer, problem, refusal):
    """The right answer is that there is none."""
    if callable(answer) and not isinstance(answer, type):
        try:
            answer = problem.ask(answer)
        except Exception as error:  # the learner's code may raise anything
            answer = error
    if isinstance(answer, ValueError) or (isinstance(answer, type) and issubclass(answer, ValueError)):
        return Diagnosis(True)
    given = read(answer)
    note = given.note or "PyTorch refuses this layer: no such output exists."
    if given.values is None or "output_padding must be smaller" not in str(refusal):
        return Diagnosis(False, note=note)
    expected = in_stated_form(problem, simulation_of(problem).answer())
    matches = equal_values(given.values, expected)
    allowed = tuple(Match((variant,)) for variant in rules_for("transposed_refused")) if matches else ()
    return Diagnosis(False, allowed, note=note)


class _Case:
    """A problem, its truth, and the answer to it, with the axes of the truth where that is possible."""

    def __init__(self, problem, truth, answer):
        self.problem, self.truth, self.answer = problem, np.asarray(truth), answer
        self.note = answer.note
        self.usable = answer.values is not None
        self._simulation, self._tried = None, {}
        if not self.usable:
            self.right = self.right_values = False
            return
        fitted, axes_note = fit_axes(answer.values, self.truth.shape)
        self.usable = fitted is not None
        if self.usable:
            self.answer = answer._replace(values=fitted)
        self.right_values = self.usable and equal_values(fitted, self.truth)
        same_shape = self.usable and fitted.shape == self.truth.shape
        self.same = np.asarray(same_cells(fitted, self.truth)) if same_shape else None
        kind_note = wrong_kind(answer, self.truth)
        self.right = self.right_values and not axes_note and not kind_note
        nan = np.isnan(answer.values).sum() if answer.values.dtype.kind == "f" else 0
        nan_note = f"The answer holds NaN, {nan} times." if nan else ""
        self.note = " ".join(filter(None, (axes_note, kind_note if self.right_values else "", nan_note)))

    @property
    def simulation(self):
        if self._simulation is None:
            self._simulation = simulation_of(self.problem)
        return self._simulation

    def fits(self, variants):
        """Whether these variants give exactly the answer."""
        try:
            plan = self.simulation.plan(*variants)
            if plan not in self._tried:
                self._tried[plan] = self._gives_answer(plan)
            return self._tried[plan]
        except ValueError:  # these ideas give no answer here
            return False

    def _gives_answer(self, plan):
        shape = self.simulation.shape(plan)
        if shape is not None and self.answer.values.shape[-len(shape) :] != shape:
            return False
        return close_as_written(self.answer, in_stated_form(self.problem, self.simulation.carry_out(plan)))


@np.errstate(all="ignore")  # wrong ideas may divide infinities
def _diagnose_cases(cases, lesson):
    stated = cases[0]
    if all(case.right for case in cases):
        return Diagnosis(True)
    if not stated.usable or (stated.right_values and not stated.right):
        return Diagnosis(False, note=stated.note)
    usable = [case for case in cases if case.usable]
    main = next((case for case in usable if not case.right_values), None)
    if main is None:
        other = next(case for case in cases if not case.right)
        return Diagnosis(False, note=f"Right for the stated problem, but not for {other.problem}. {other.note}")
    note = stated.note
    if main is not stated:
        note = f"Right for the stated problem, but not for {main.problem}."
    if not main.answer.values.size:
        return Diagnosis(False, note=f"{note} {_said_of_empty(main.problem)}".strip())
    if close_as_written(main.answer, main.truth):
        return Diagnosis(False, note="Rounded. Give the numbers with all their digits.")
    if main.answer.values.size and main.answer.values.ndim and not main.answer.values.any():
        return Diagnosis(False, note=" ".join(filter(None, (note, "All values are zero."))))
    if failed := next((case for case in cases if not case.usable), None):
        note = f"{note} It fails for {failed.problem}: {failed.note}".strip()
    readings = other_readings(main.problem, main.answer.values.item()) if main.answer.values.size == 1 else ()
    if len(usable) > 1:
        readings = ()
    matches, everywhere = _explained(main, usable, lesson)
    if matches:
        note = note if everywhere else f"{note} {NOT_ALL}".strip()
        certain = everywhere and len(matches) == 1 and _evidence(usable) >= ENOUGH
        certain = certain and (_different(usable) > 1 or not any(m.slip for m in matches[0].misconceptions))
        return Diagnosis(False, matches, "", note, certain, readings)
    if not note:
        note = find_window(main.simulation, main.answer.values)
        if note:
            return Diagnosis(False, note=note)
    shape = explain_shape(main.simulation, main.problem, main.answer.values)
    if not note and not shape and main.answer.values.shape != main.truth.shape:
        note = "The shape is not the one asked for, and no known slip gives it."
    return Diagnosis(False, (), shape, note, readings=readings)


def _evidence(cases):
    """How many numbers are not zero."""
    return sum(np.count_nonzero(case.answer.values) for case in cases)


def _different(cases):
    """How many numbers differ from the right ones; all do in an answer of another shape."""
    return sum(case.answer.values.size if case.same is None else (~case.same).sum() for case in cases)


def _one_off(case):
    """Whether a number that is not 0 is 1 too large or too small: rather an arithmetic slip."""
    if case.same is None:
        return False
    wrong = case.answer.values[~case.same]
    return bool(wrong.all() and np.abs(wrong.astype(float) - case.truth[~case.same]).max() <= 1)


def _said_of_empty(problem):
    """An answer without numbers; most come from a slice that ends at 0 and was to end at the last cell."""
    if not problem.operator.startswith("conv_transpose"):
        return "Your answer is empty."
    padding, extra = (np.asarray(problem.arguments.get(name, 0)) for name in ("padding", "output_padding"))
    if not np.any(padding == extra):
        return "Your answer is empty."
    end, slip = ("- p + op", "y[p:-p + op]") if extra.any() else ("- p", "y[p:-p]")
    return f"Your answer is empty. So is {slip} where it ends at 0; y[p:len(y) {end}] is not."


def _explained(main, cases, lesson):
    """What gives the answers, and whether it gives them for all problems."""
    options = {option for option in NEUTRAL if any(case.problem.has(option) for case in cases)}
    variants = in_order(main.simulation.rules, options, lesson)
    if _different(cases) == 1 and _one_off(main):
        variants = [variant for variant in variants if not misconception(variant.id).slip]
    fitting = [(v,) for v in variants if main.fits((v,))]
    found = [v for v in fitting if all(case.fits(v) for case in cases)]
    if not found and not (found := _recognised(main, cases)) and _evidence(cases) >= ENOUGH:
        found = _pairs(main, cases, variants)
    everywhere = bool(found) or len(cases) < FITTING
    if not everywhere and _evidence([main]) >= ENOUGH:
        found = [v for v in fitting if sum(case.fits(v) for case in cases) >= FITTING]
    return tuple(map(Match, found)), everywhere


def _recognised(main, cases):
    """Ideas that compute no answer but can tell theirs; on every case."""
    found = None
    for case in cases:
        values = in_simulated_form(case.problem, case.answer.values)
        here = {variant.id: variant for variant in case.simulation.recognise(values)}
        found = here if found is None else {i: v for i, v in found.items() if i in here}
    return [(variant,) for variant in found.values()]


def _pairs(main, cases, variants):
    """Two at once, not both slips. No single one fits, so both of a pair that fits are needed."""
    if main.answer.values.size > PAIR_LIMIT:
        return []
    place = {variant: number for number, variant in enumerate(variants)}
    if find_window(main.simulation, main.answer.values):  # says it more simply than a slip would
        variants = [variant for variant in variants if not misconception(variant.id).slip]
    both = (v for v in combinations(variants, 2) if not all(misconception(one.id).slip for one in v))
    fitting = [v for v in both if main.fits(v) and all(case.fits(v) for case in cases)]
    return sorted(fitting, key=lambda pair: sum(place[variant] for variant in pair))
