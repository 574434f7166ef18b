"""How well :func:`diagnose` does, measured: ``python -m convlab.misconceptions.measure``.

Wrong answers are planted on random problems (integers, fixed seeds, 1-D and 2-D) and
diagnosed. How it is counted:

* one idea is planted, and the answer differs from the truth;
* *alone*: one explanation is named, and it is the planted idea;
* *tied*: several ideas give exactly this answer, so that no one could tell; a tie is named
  that holds the planted idea, *first* or not;
* *precision*: alone or tied, of the answers for which something is named;
* *named*: the share of such answers; nothing is named for an answer that is all zero;
* *accused*: something is named for a right answer of which one cell has been changed at random.
"""

import argparse
from itertools import combinations

import numpy as np

from convlab.misconceptions.benches import bench_for, in_stated_form
from convlab.misconceptions.diagnosis import diagnose
from convlab.misconceptions.problem import Problem

__all__ = ["PROBES", "measure_functions", "measure_pairs", "measure_right", "measure_singles", "shares", "unseparated"]

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
    """Random variants, and the wrong answer they give; None if they give none, or one of them is not felt."""
    bench = bench_for(problem)
    chosen = [bench.variants[n] for n in random.choice(len(bench.variants), ideas, replace=False)]
    try:
        answer = in_stated_form(problem, bench.answer(*chosen))
    except ValueError:  # NotApplicable, or an answer of several channels to a problem of one
        return None
    without = [_attempt(problem, bench, [v for v in chosen if v is not one]) for one in chosen] + [problem.truth()]
    return None if any(np.array_equal(answer, other) for other in without) else ({v.id for v in chosen}, answer)


def _attempt(problem, bench, variants):
    try:
        return in_stated_form(problem, bench.answer(*variants))
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

        def learner(input, weight, planted_id=planted_id, operator=problem.operator, **options):
            another = Problem(operator, input, weight, **options)
            bench = bench_for(another)
            variant = next(v for v in bench.variants if v.id == planted_id)
            return in_stated_form(another, bench.answer(variant))

        counts[_verdict(diagnose(learner, problem), ids, answer)] += 1
    return counts


def measure_pairs(problems, seed=2, transposed=True):
    """Plant two ideas at once."""
    counts = dict.fromkeys(
        ("alone", "tied, first", "tied, not first", "one idea explains it", "too few numbers", "all zero", "missed"), 0
    )
    for _, problem, ids, answer in _cases(seed, problems, transposed, ideas=2):
        diagnosis = diagnose(answer, problem)
        verdict = _verdict(diagnosis, ids, answer)
        if verdict in ("wrong", "all zero, not named"):
            if diagnosis.misconceptions:
                verdict = "one idea explains it" if len(diagnosis.misconceptions[0].ids) == 1 else "missed"
            elif not np.any(answer):
                verdict = "all zero"
            else:
                verdict = "too few numbers" if np.size(answer) < 3 else "missed"
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


def unseparated():
    """Pairs of the 26 wrong algorithms that answer all three probes alike."""
    benches = [bench_for(problem) for problem in PROBES]
    ideas = [next(v for v in benches[0].variants if v.id == i) for i in SEPARATED]
    answers = {idea.id: [bench.answer(idea).tolist() for bench in benches] for idea in ideas}
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


if __name__ == "__main__":
    main()
