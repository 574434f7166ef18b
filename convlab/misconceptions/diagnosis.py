"""From a wrong answer to the misconception that gives exactly this answer."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from convlab.misconceptions.answers import close_as_written, equal_values, fit_axes, read, wrong_kind
from convlab.misconceptions.benches import bench_for, in_bench_form, in_stated_form
from convlab.misconceptions.catalogue import misconception
from convlab.misconceptions.probes import further_problems
from convlab.misconceptions.shapes import explain_shape, find_window
from convlab.misconceptions.variants import Variant
from convlab.misconceptions.wrong_sizes import ANY_OUTPUT_PADDING

__all__ = ["Diagnosis", "Match", "diagnose"]

PAIR_CELLS = 3  # two ideas at once are named only where so many numbers speak for them
PAIR_LIMIT = 4096  # and only up to this many output cells, to stay fast


@dataclass(frozen=True)
class Match:
    """One explanation of an answer: a single variant, or two at once."""

    variants: tuple[Variant, ...]

    @property
    def ids(self):
        """Ids of the variants."""
        return tuple(variant.id for variant in self.variants)

    @property
    def misconceptions(self):
        """Their entries in the catalogue, with the idea and the evidence."""
        return tuple(misconception(variant.id) for variant in self.variants)

    def __str__(self):
        return " and ".join(f"{variant.did} ({variant.id})" for variant in self.variants)


@dataclass(frozen=True)
class Diagnosis:
    """What :func:`diagnose` found.

    Parameters
    ----------
    right : bool
        Whether the answer is right, shape included; arrays may hold integers or floats.
    misconceptions : tuple of Match
        What gives exactly this answer, the commonest first; all name equally many ideas.
    shape_only : str
        Which wrong size formula gives the shape, where nothing gives the values.
    note : str
        What else is to be said: axes, dtype, NaN, an exception. Empty if nothing.
    """

    right: bool
    misconceptions: tuple[Match, ...] = ()
    shape_only: str = ""
    note: str = ""

    @property
    def tied(self):
        """Whether several explanations fit equally well: the answer cannot tell them apart."""
        return len(self.misconceptions) > 1

    @property
    def recognised(self):
        """Whether the answer was found right or explained."""
        return self.right or bool(self.misconceptions or self.shape_only)

    def message(self):
        """The finding in plain English. It does not give the right answer away.

        Examples
        --------
        >>> from convlab.misconceptions import Problem, diagnose
        >>> problem = Problem("conv_transpose1d", [2, 3], [1, 2, 3], stride=2)
        >>> print(diagnose([2, 4, 3, 6, 9], problem).message())
        Not yet. This answer comes out if the later of two overlapping stamps overwrites the earlier (M14a).
        """
        if self.right:
            return "Right."
        parts = ["Not yet."]
        if self.note:
            parts.append(self.note)
        if len(self.misconceptions) == 1:
            parts.append(f"This answer comes out if {self.misconceptions[0]}.")
        elif self.misconceptions:
            listed = "; or if ".join(str(match) for match in self.misconceptions[:3])
            parts.append(f"Several slips give exactly this answer: if {listed}.")
        elif self.shape_only:
            parts.append(self.shape_only)
        elif not self.note:
            parts.append("This answer is not recognised.")
        return " ".join(parts)


def diagnose(answer, problem, further=None):
    """Name the misconceptions that give exactly this answer to a stated problem.

    Single ones are looked for first. Only where none fits are two at once tried, and only
    on at least 3 numbers: one number can be explained by almost anything.

    Parameters
    ----------
    answer : array, nested list, number, tuple or callable
        A tensor is fine. A function is called with the problem's arguments, arrays first and
        the rest by name, and then on further problems, which keep misconceptions apart.
    problem : Problem
        What was asked.
    further : sequence of Problem, optional
        Instead of the built-in further problems for a function; ``()`` for none.

    Returns
    -------
    Diagnosis
        A right answer is never diagnosed: it is compared with the truth first.

    Raises
    ------
    TypeError, ValueError
        Only if the problem itself cannot be computed. Never because of the answer.

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
        return _diagnose_cases([_Case(problem, truth, read(answer))])
    try:
        cases = [_Case(problem, truth, read(problem.ask(answer)))]
    except Exception as error:  # the learner's code may raise anything
        return Diagnosis(False, note=f"The function stopped with {type(error).__name__}: {error}")
    for another in further_problems(problem) if further is None else further:
        try:
            cases.append(_Case(another, another.truth(), read(another.ask(answer))))
        except Exception:  # more than it was written for
            continue
    return _diagnose_cases(cases)


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
    expected = in_stated_form(problem, bench_for(problem).answer())
    matches = (Match((ANY_OUTPUT_PADDING,)),) if equal_values(given.values, expected) else ()
    return Diagnosis(False, matches, note=note)


class _Case:
    """A problem, its truth, and the answer to it, with the axes of the truth where that is possible."""

    def __init__(self, problem, truth, answer):
        self.problem, self.truth, self.answer = problem, np.asarray(truth), answer
        self.note = answer.note
        self.usable = answer.values is not None
        self._bench, self._tried = None, {}
        if not self.usable:
            self.right = self.right_values = False
            return
        fitted, axes_note = fit_axes(answer.values, self.truth.shape)
        self.usable = fitted is not None
        if self.usable:
            self.answer = answer._replace(values=fitted)
        self.right_values = self.usable and equal_values(fitted, self.truth)
        kind_note = wrong_kind(answer, self.truth)
        self.right = self.right_values and not axes_note and not kind_note
        nan = np.isnan(answer.values).sum() if answer.values.dtype.kind == "f" else 0
        nan_note = f"The answer holds NaN, {nan} times." if nan else ""
        self.note = " ".join(filter(None, (axes_note, kind_note if self.right_values else "", nan_note)))

    @property
    def bench(self):
        if self._bench is None:
            self._bench = bench_for(self.problem)
        return self._bench

    def fits(self, variants):
        """Whether these variants give exactly the answer."""
        try:
            plan = self.bench.plan(*variants)
            if plan not in self._tried:
                self._tried[plan] = self._gives_answer(plan)
            return self._tried[plan]
        except ValueError:  # these ideas give no answer here
            return False

    def _gives_answer(self, plan):
        shape = self.bench.shape(plan)
        if shape is not None and self.answer.values.shape[-len(shape) :] != shape:
            return False
        return close_as_written(self.answer, in_stated_form(self.problem, self.bench.carry_out(plan)))


@np.errstate(all="ignore")  # wrong ideas may divide infinities
def _diagnose_cases(cases):
    stated = cases[0]
    if all(case.right for case in cases):
        return Diagnosis(True)
    if not stated.usable or (stated.right_values and not stated.right):
        return Diagnosis(False, note=stated.note)
    cases = [case for case in cases if case.usable]
    main = next((case for case in cases if not case.right_values), None)
    if main is None:
        return Diagnosis(False, note=next(case.note for case in cases if not case.right))
    note = stated.note
    if main is not stated:
        note = f"Right for the stated problem, but not for {main.problem}."
    if close_as_written(main.answer, main.truth):
        return Diagnosis(False, note="Rounded. Give the numbers with all their digits.")
    if main.answer.values.size and main.answer.values.ndim and not main.answer.values.any():
        return Diagnosis(False, note=" ".join(filter(None, (note, "All values are zero."))))
    matches = _singles(main, cases) or _recognised(main, cases) or _pairs(main, cases)
    if matches:
        return Diagnosis(False, matches, note=note)
    values = main.answer.values
    shape = explain_shape(main.bench, main.problem, values)
    if not note:
        note = find_window(main.bench, main.problem, values)
    if not note and not shape and values.shape != main.truth.shape:
        note = "The shape is not the one asked for, and no known slip gives it."
    return Diagnosis(False, (), shape, note)


def _singles(main, cases):
    others = [case for case in cases if case is not main]
    fitting = ((v,) for v in main.bench.variants if main.fits((v,)) and all(case.fits((v,)) for case in others))
    return tuple(Match(variants) for variants in fitting)


def _recognised(main, cases):
    """Ideas that compute no answer but can tell theirs; on every case."""
    found = None
    for case in cases:
        values = in_bench_form(case.problem, case.answer.values)
        here = {variant.id: variant for variant in case.bench.recognise(values)}
        found = here if found is None else {i: v for i, v in found.items() if i in here}
    return tuple(Match((variant,)) for variant in found.values())


def _pairs(main, cases):
    """Two ideas at once. No single one fits, so both of a pair that fits are needed."""
    cells = sum(case.answer.values.size for case in cases)
    if cells < PAIR_CELLS or main.answer.values.size > PAIR_LIMIT:
        return ()
    variants = main.bench.variants
    others = [case for case in cases if case is not main]
    fitting = [v for v in combinations(variants, 2) if main.fits(v) and all(case.fits(v) for case in others)]
    order = {variant: place for place, variant in enumerate(variants)}
    fitting.sort(key=lambda pair: sum(order[variant] for variant in pair))
    return tuple(Match(pair) for pair in fitting)
