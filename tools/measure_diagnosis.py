"""How well :func:`diagnose` does, measured: ``python -m tools.measure_diagnosis``.

Wrong answers are planted on random problems (integers, fixed seeds, 1-D and 2-D) and
diagnosed. How it is counted:

* one idea is planted, and the answer differs from the truth;
* *alone*: one explanation is named, and it is the planted idea;
* *tied*: several ideas give exactly this answer, so that no one could tell; a tie is named
  that holds the planted idea, *first* or not;
* *precision*: alone or tied, of the answers for which something is named;
* *named*: the share of such answers; nothing is named for an answer that is all zero;
* *accused*: something is named for a right answer of which one cell has been changed at random;
* *accepted*: a wrong function is called right, on random problems on which it happens to be right. What the problem
  does not state (channels, a bias, an option for each axis, numbers with a fraction) a function is not asked for.

Last come the functions of :mod:`tools.written_functions`, which were written before the catalogue's small slips.
"""

import argparse
from itertools import combinations

import numpy as np

from convlab.misconceptions.diagnosis import ENOUGH, diagnose
from convlab.misconceptions.problem import Problem
from convlab.misconceptions.registry import misconception
from convlab.misconceptions.wrong_answers import in_stated_form, simulation_of, wrong_function
from tools.written_functions import WRITTEN

__all__ = [
    "PROBES",
    "measure_chance",
    "measure_functions",
    "measure_pairs",
    "measure_right",
    "measure_singles",
    "measure_written",
    "shares",
    "unseparated",
]

PROBES = (
    Problem("conv_transpose1d", [1, 2, 3], [1, 10, 100, 1000], stride=2, padding=1),
    Problem("conv_transpose1d", [1, 2, 3], [1, 10, 100], stride=2, padding=1, output_padding=1),
    Problem("conv_transpose1d", [1, 2, 3], [1, 10, 100], stride=3, padding=1, output_padding=2, dilation=2),
)
# The wrong algorithms whose answers to the three probes all differ.
SEPARATED = (
    "M01a M02a M02b M03a M03b M04a M04b M04c M04d M05a M05b M06a M06b M06c "
    "M09a M09c M10 M11 M12e M14a M14b M14c M49a M49b M49c M50"
).split()


def random_problem(random, transposed=True):
    """A random layer that PyTorch accepts: half of them 1-D, half with one channel and no batch."""
    while True:
        ndim = int(random.integers(1, 3))
        groups, in_group, out_group, batch = 1, 1, 1, 1
        plain = random.random() < 0.5
        if not plain:
            groups, in_group, out_group, batch = (int(random.integers(1, 3)) for _ in range(4))
        in_size, kernel = random.integers(1, 6, ndim).tolist(), random.integers(1, 5, ndim).tolist()
        channels = (groups * in_group, out_group) if transposed else (groups * out_group, in_group)
        x = random.integers(-20, 21, (*(() if plain else (batch, groups * in_group)), *in_size))
        w = random.integers(-20, 21, (*(() if plain else channels), *kernel))
        options = {"stride": int(random.integers(1, 4)), "padding": int(random.integers(0, 3))}
        options["dilation"] = int(random.integers(1, 3))
        if transposed:
            options["output_padding"] = int(random.integers(0, max(options["stride"], options["dilation"])))
        if random.random() < 0.25:
            options["bias"] = random.integers(-20, 21, groups * out_group)
        if groups > 1:
            options["groups"] = groups
        problem = Problem(f"conv{'_transpose' if transposed else ''}{ndim}d", x, w, **options)
        try:
            problem.truth()
        except ValueError:  # nothing would be left of the output
            continue
        return problem


def planted(random, problem, ideas):
    """Random variants about what the problem has, and the wrong answer they give; None if none, or one is not felt."""
    simulation = simulation_of(problem)
    known = [v for v in simulation.variants if not v.option or problem.has(v.option)]
    chosen = [known[n] for n in random.choice(len(known), ideas, replace=False)]
    if ideas > 1 and all(misconception(variant.id).slip for variant in chosen):
        return None  # two slips at once are not looked for
    try:
        answer = in_stated_form(problem, simulation.answer(*chosen))
    except ValueError:  # NotApplicable, or an answer of several channels to a problem of one
        return None
    without = [_attempt(problem, simulation, [v for v in chosen if v is not one]) for one in chosen] + [problem.truth()]
    return None if any(np.array_equal(answer, other) for other in without) else ({v.id for v in chosen}, answer)


def _attempt(problem, simulation, variants):
    try:
        return in_stated_form(problem, simulation.answer(*variants))
    except ValueError:  # NotApplicable, or an answer of several channels to a problem of one
        return None


def _cases(seed, problems, transposed, ideas):
    random = np.random.default_rng(seed)
    while problems:
        problem = random_problem(random, transposed)
        plant = planted(random, problem, ideas)
        if plant:
            problems -= 1
            yield random, problem, *plant


def measure_singles(problems, seed=0, transposed=True):
    """Plant one idea in each of so many problems; counts by what the diagnosis said."""
    counts = dict.fromkeys(("alone", "tied, first", "tied, not first", "all zero, not named", "wrong", "accused"), 0)
    for random, problem, ids, answer in _cases(seed, problems, transposed, ideas=1):
        counts[_verdict(diagnose(answer, problem), ids, answer)] += 1
        noise = problem.truth().copy()
        noise[tuple(random.integers(0, n) for n in noise.shape)] += random.integers(1, 50)
        counts["accused"] += bool(diagnose(noise, problem).misconceptions)
    return counts


def _verdict(diagnosis, ids, answer):
    named = [set(match.ids) for match in diagnosis.misconceptions]
    if ids in named:
        return "alone" if len(named) == 1 else "tied, first" if named[0] == ids else "tied, not first"
    return "all zero, not named" if not named and not np.any(answer) else "wrong"


def measure_functions(problems, seed=1):
    """Plant one idea in a function, which is then tried on further problems as well."""
    counts = dict.fromkeys(("alone", "tied, first", "tied, not first", "all zero, not named", "wrong"), 0)
    for _, problem, ids, answer in _cases(seed, problems, True, ideas=1):
        (planted_id,) = ids
        learner = wrong_function(planted_id, problem.operator)
        counts[_verdict(diagnose(learner, problem), ids, answer)] += 1
    return counts


def measure_pairs(problems, seed=2, transposed=True):
    """Plant two ideas at once."""
    counts = dict.fromkeys(
        (
            "alone",
            "tied, first",
            "tied, not first",
            "one idea explains it",
            "window",
            "too few numbers",
            "all zero",
            "missed",
        ),
        0,
    )
    for _, problem, ids, answer in _cases(seed, problems, transposed, ideas=2):
        diagnosis = diagnose(answer, problem)
        verdict = _verdict(diagnosis, ids, answer)
        if verdict in ("wrong", "all zero, not named"):
            if diagnosis.misconceptions:
                verdict = "one idea explains it" if len(diagnosis.misconceptions[0].ids) == 1 else "missed"
            elif not np.any(answer):
                verdict = "all zero"
            elif "of another window" in diagnosis.note:
                verdict = "window"
            else:
                verdict = "too few numbers" if np.count_nonzero(answer) < ENOUGH else "missed"
        counts[verdict] += 1
    return counts


def stamped(problem):
    """The truth again, by four loops that share no code with the reference."""
    a = problem.arguments
    x, w = a["input"], a["weight"]
    if problem.plain:
        x, w = x[None, None], w[None, None]
    s, d, p, op, groups = a["stride"], a["dilation"], a["padding"], a["output_padding"], a.get("groups", 1)
    ndim, group = x.ndim - 2, x.shape[1] // groups
    size = [s * (i - 1) + d * (k - 1) + 1 - 2 * p + op for i, k in zip(x.shape[2:], w.shape[2:])]
    y = np.zeros((len(x), w.shape[1] * groups, *size), dtype=int)
    for n, c, *j in np.ndindex(*x.shape):
        for o, *t in np.ndindex(*w.shape[1:]):
            cell = [s * j[axis] + d * t[axis] - p for axis in range(ndim)]
            if all(0 <= m < extent for m, extent in zip(cell, size)):
                y[n, c // group * w.shape[1] + o, *cell] += x[n, c, *j] * w[c, o, *t]
    y += np.reshape(a.get("bias", 0), (-1, *(1,) * ndim))
    return y[0, 0] if problem.plain else y


def measure_right(problems, seed=3):
    """Diagnose right answers; how many were not found right, which must be none."""
    random = np.random.default_rng(seed)
    stated = (random_problem(random) for _ in range(problems))
    return sum(not diagnose(stamped(problem), problem).right for problem in stated)


def chance_problem(random, stated):
    """A problem of the form of a stated one, so small and plain that a wrong function may be right."""
    while True:
        arguments = dict(stated.arguments)
        plain = random.random() < 0.5
        for name in ("stride", "padding", "output_padding", "dilation"):
            if not isinstance(arguments.get(name, ""), str):
                lowest = name in ("stride", "dilation")
                values = random.integers(lowest, lowest + (1 if plain else 3), 3).tolist()
                axes = np.size(arguments[name])
                arguments[name] = tuple(values[:axes]) if isinstance(arguments[name], tuple) else values[0]
        for name in ("input_size", "kernel_size"):
            if name in arguments:
                arguments[name] = int(random.integers(1, 8))
        if "layers" in arguments:
            arguments["layers"] = [tuple(random.integers(1, 4, 3).tolist()) for _ in range(random.integers(1, 4))]
        for name in ("input", "weight", "bias"):
            if name in arguments:
                arguments[name] = _chance_array(random, arguments[name], name, stated.plain)
        try:
            problem = Problem(stated.operator, **arguments)
            problem.truth()
        except ValueError:  # nothing would be left of the output
            continue
        return problem


def _chance_array(random, values, name, plain):
    """Another array with the channels of this one: small numbers, often all alike."""
    spatial = 0 if name == "bias" else values.ndim if plain else values.ndim - 2
    sizes = random.integers(1, 4 if name == "weight" else 6, spatial).tolist()
    if spatial == 2 and random.random() < 0.5:
        sizes = sizes[:1] * 2
    shape = (*values.shape[: values.ndim - spatial], *sizes)
    low, high = (1, 2) if random.random() < 0.5 else (-2, 3)
    return random.integers(low, high, shape).astype(values.dtype)


def _asked_for(variant, rule, problem):
    """Whether the problem states what a variant is about."""
    changed, options = rule.changed, problem.arguments
    stated = {
        "bias": "bias" in options,
        "channels": "groups" in options if variant.misconception == "M16" else not problem.plain,
        "axes": np.size(options.get(variant.option, 0)) > 1,
        "output": variant.id != "M57b" or options["input"].dtype.kind == "f",
        "overlap": variant.id != "M57c" or options["input"].dtype.kind == "f",
    }
    if variant.id == "M53c" and problem.plain:
        return False
    return all(stated.get(step, True) for step in changed)


def _with_all_axes(random, problem):
    """Half of the problems have an option for each axis, and half have fractions."""
    arguments = dict(problem.arguments)
    axes = arguments["weight"].ndim - (0 if problem.plain else 2)
    if random.random() < 0.5:
        options = ("stride", "padding", "output_padding", "dilation")
        arguments |= {name: (arguments[name],) * axes for name in options if name in arguments}
    if random.random() < 0.5:
        arguments |= {name: arguments[name].astype(float) for name in ("input", "weight", "bias") if name in arguments}
    return Problem(problem.operator, **arguments)


def measure_chance(problems, seed=6):
    """``(tried, accepted)`` of the wrong rules of the catalogue and of the written functions, as functions."""
    random, tried, accepted = np.random.default_rng(seed), 0, []
    for number in range(problems):
        problem = _with_all_axes(random, random_problem(random, transposed=number % 2 == 0))
        simulation = simulation_of(problem)
        for variant, rule in simulation.rules.items():
            answer = _attempt(problem, simulation, [variant])
            if answer is None or not _asked_for(variant, rule, problem) or not np.array_equal(answer, problem.truth()):
                continue
            tried += 1
            if diagnose(wrong_function(variant.id, problem.operator), problem).right:
                accepted.append((variant.id, problem))
    for written in WRITTEN:
        for _ in range(problems):
            problem = chance_problem(random, written.problem)
            if diagnose(written.function, problem, further=()).right:
                tried += 1
                if diagnose(written.function, problem).right:
                    accepted.append((written.function.__name__, problem))
    return tried, accepted


def measure_written():
    """What is said of each written function, by verdict; the empty slice is told in a note."""
    verdicts = {"named rightly": [], "not recognised": [], "named wrongly": [], "accepted": []}
    for written in WRITTEN:
        diagnosis = diagnose(written.function, written.problem)
        first = set(diagnosis.misconceptions[0].ids) if diagnosis.misconceptions else set()
        rightly = (first and first <= written.ids) or "So is y[p:-p]" in diagnosis.note
        verdict = "accepted" if diagnosis.right else "named rightly" if rightly else "named wrongly"
        silent = not (diagnosis.right or rightly or first or diagnosis.shape_only)
        verdicts["not recognised" if silent else verdict].append(written.function.__name__)
    return verdicts


def unseparated():
    """Pairs of the 26 wrong algorithms that answer all three probes alike."""
    simulations = [simulation_of(problem) for problem in PROBES]
    ideas = [next(v for v in simulations[0].variants if v.id == i) for i in SEPARATED]
    answers = {idea.id: [simulation.answer(idea).tolist() for simulation in simulations] for idea in ideas}
    return [(a, b) for a, b in combinations(answers, 2) if answers[a] == answers[b]]


def shares(counts):
    """Precision with ties as ties, how often the planted idea is named first, and how often anything is."""
    found = sum(counts[name] for name in ("alone", "tied, first", "tied, not first"))
    named = found + sum(counts.get(name, 0) for name in ("wrong", "one idea explains it"))
    total = sum(number for name, number in counts.items() if name != "accused")
    return found / named, (counts["alone"] + counts["tied, first"]) / named, named / total


def _report(title, counts):
    precision, first, named = shares(counts)
    print(f"{title}: {sum(number for name, number in counts.items() if name != 'accused')} problems")
    print("  " + ", ".join(f"{name} {number}" for name, number in counts.items()))
    print(f"  precision, ties as ties {precision:.2%}; planted one first {first:.2%}; named {named:.2%}")


def main():
    """Run all measurements and print them."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--problems", type=int, default=10_000)
    problems = parser.parse_args().problems
    print(f"probes: {len(SEPARATED)} wrong algorithms, pairs not separated: {unseparated()}")
    print(f"right answers: {problems} problems, {measure_right(problems)} not found right")
    _report("one idea, transposed convolution", measure_singles(problems))
    _report("one idea, convolution", measure_singles(problems // 4, seed=4, transposed=False))
    _report("one idea, in a function", measure_functions(problems // 10))
    _report("two ideas, transposed convolution", measure_pairs(problems // 4))
    _report("two ideas, convolution", measure_pairs(problems // 10, seed=5, transposed=False))
    tried, accepted = measure_chance(min(problems, 200))
    print(f"wrong functions that are right by chance: {tried}, accepted {len(accepted)}: {accepted[:5]}")
    for verdict, names in measure_written().items():
        print(f"written functions {verdict}: {len(names)} of {len(WRITTEN)} ({len(names) / len(WRITTEN):.0%}): {names}")


if __name__ == "__main__":
    main()
