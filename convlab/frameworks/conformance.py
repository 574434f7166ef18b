"""Compare every rule of :mod:`convlab.frameworks` with the installed frameworks, and write a table.

Run ``python -m convlab.frameworks.conformance [--report FILE] [--jobs N]``. It really makes every
call of :mod:`convlab.frameworks.grids`, one process for each suite, and ends with a code other than 0
if a framework disagrees with its rule in a way that :mod:`convlab.frameworks.deviations` does
not know, or no longer deviates as it says there.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import numpy as np

from convlab.frameworks.arguments import input_layout, rearrange, weight_layout
from convlab.frameworks.batches import BATCH, attempted, compiled, executed
from convlab.frameworks.calls import loaded, onnx_attributes, onnx_model, run, single
from convlab.frameworks.deviations import UNWRITTEN, covering
from convlab.frameworks.grids import FULL, Limits, cases, digits
from convlab.frameworks.resizing import resize, run_resize
from convlab.frameworks.shuffling import depth_to_space, run_depth_to_space
from convlab.frameworks.strided import conv, run_conv
from convlab.frameworks.transposed import conv_transpose, transposed_arguments
from convlab.validation import integer

__all__ = ["SUITES", "examine", "main", "table"]

#: The processes, the longest first, with the environment each needs.
SUITES = {
    "jax": {},
    "onnx": {},
    "keras-jax": {"KERAS_BACKEND": "jax"},
    "tensorflow": {},
    "torch": {},
    "onnx-reference": {},
    "keras-tensorflow": {"KERAS_BACKEND": "tensorflow"},
    "keras-torch": {"KERAS_BACKEND": "torch"},
}
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1", "JAX_PLATFORMS": "cpu"}
SHOWN = 3  # disagreements written out for each row of the table


def examine(suite, limits=FULL):
    """Make every call of a suite and compare.

    Returns
    -------
    dict
        ``"rows"`` with the counts of each operation and family of options, ``"failures"`` with a
        sentence for the first disagreements of each row that no deviation explains.
    """
    rows, failures = {}, []
    for case, got in _answers(suite, cases(suite, limits)):
        row = rows.setdefault((case.operation, case.family), Counter())
        deviation, expected = covering(suite, case) or (None, _predicted(case))
        row["calls"] += 1
        row["values"] += isinstance(got, np.ndarray)
        if not _agree(expected, got, case):
            row["unexplained"] += 1
            if row["unexplained"] <= SHOWN:
                failures.append(_sentence(suite, case, expected, got))
        elif deviation is not None:
            row[f"deviation {deviation.name}"] += 1
        else:
            row["equal" if isinstance(got, np.ndarray) else "refused"] += 1
    return {"rows": [[*key, dict(row)] for key, row in rows.items()], "failures": failures}


def _answers(suite, all_cases):
    """Every case with what the framework makes of it: the array, the reason for a refusal, or an error of ours."""
    if suite in ("jax", "keras-jax"):
        all_cases = iter(all_cases)
        while batch := list(islice(all_cases, BATCH)):
            yield from zip(batch, map(_judged, compiled(batch, _CALLED)))
        return
    for case in all_cases:
        yield case, _judged(attempted(_reference if suite == "onnx-reference" else _CALLED[case.operation], case))


def _judged(got):
    """Tell a framework's refusal, which becomes a sentence, from an error of convlab, which stays one."""
    return f"{type(got).__name__}: {got}" if isinstance(got, Exception) and _of_framework(got) else got


def _predicted(case):
    """The array that the rules predict, or the reason for which they refuse."""
    try:
        return _EXPECTED[case.operation](*case.arguments, **case.options)
    except ValueError as error:
        return str(error)


def _of_framework(error):
    """Whether a framework raised it: from its own lines, or, without any, with a kind that convlab does not raise."""
    frame = error.__traceback__
    while frame.tb_next is not None:
        frame = frame.tb_next
    inside = Path(frame.tb_frame.f_code.co_filename).is_relative_to(Path(__file__).parents[1])
    return not inside or type(error) is RuntimeError or type(error).__module__ != "builtins"


def _agree(expected, got, case):
    if not (isinstance(expected, np.ndarray) and isinstance(got, np.ndarray)):
        return isinstance(expected, str) and isinstance(got, str)
    if expected.shape != got.shape:
        return False
    if expected.dtype == UNWRITTEN or not expected.size:
        return True
    if case.exact:
        return np.array_equal(expected, got)
    return np.abs(expected - got.astype(np.float64)).max() <= np.abs(expected).max() * 2.0**-20


def _sentence(suite, case, expected, got):
    arguments = [a.ravel().tolist() if isinstance(a, np.ndarray) else a for a in case.arguments]
    shown = [
        f"{value.ravel().tolist()} of shape {value.shape}" if isinstance(value, np.ndarray) else str(value)[:200]
        for value in (expected, got)
    ]
    return f"{suite}: {case.operation}{tuple(arguments)} {case.options}: expected {shown[0]}; got {shown[1]}"


def _reference(framework, x, weight, stride, dilation, **options):
    """The call of ONNX's own ReferenceEvaluator."""
    from onnx.reference import ReferenceEvaluator

    call, _ = transposed_arguments("onnx", x, weight, stride, dilation, 1, options)
    feeds = {"x": single("x", call.x, call.weight), "w": single("weight", call.weight, call.x)}
    return ReferenceEvaluator(onnx_model("ConvTranspose", feeds, **onnx_attributes(call, options))).run(None, feeds)[0]


def _from_source(function, transposed):
    """What the first framework of a translation answers, in the layout of the second."""

    def expected(target, source, sizes, options, answer, ndim):
        x, weight = digits(source, *sizes[:2], options.get("transpose_kernel", False), transposed, ndim)
        output = function(source, x, weight, stride=sizes[2], dilation=sizes[3], **options)
        return rearrange(output, input_layout(source, ndim), input_layout(target, ndim))

    return expected


def _translated(function, transposed):
    """What the second framework answers: by the code, which must agree with the arguments."""

    def called(target, source, sizes, options, answer, ndim):
        x, weight = digits(target, *sizes[:2], answer.arguments.get("transpose_kernel", False), transposed, ndim)
        output = executed(answer.code, target, x=x, w=weight)
        space = [axis for axis, letter in enumerate(input_layout(target, ndim)) if letter in "HW"]
        if answer.flip:
            axes = weight_layout(target, ndim)
            weight = np.flip(weight, [axis for axis, letter in enumerate(axes) if letter in "HW"])
        if answer.padding is not None:
            begin, end = answer.padding
            for axis in space:
                x = x.take(range(max(-begin, 0), x.shape[axis]), axis)
            x = np.pad(x, [(max(begin, 0), end) if axis in space else (0, 0) for axis in range(x.ndim)])
        again = function(target, x, weight, stride=sizes[2], dilation=sizes[3], **answer.arguments)
        if answer.slice is not None:
            again = again[tuple(answer.slice if axis in space else slice(None) for axis in range(x.ndim))]
        if not np.array_equal(output, again):
            raise AssertionError(f"the code gives {output.ravel()}, the arguments {again.ravel()}: {answer}")
        return output

    return called


def _pixels(framework, *shape):
    return rearrange(np.random.default_rng(0).integers(0, 256, shape), "NCHW", input_layout(framework))


def _resize_expected(target, source, sizes, options, answer):
    output = resize(source, _pixels(source, 1, 2, 2, sizes[0]).astype(np.float32), (3, sizes[1]), **options)
    return rearrange(output, input_layout(source), input_layout(target))


def _resize_translated(target, source, sizes, options, answer):
    return executed(answer.code, target, x=_pixels(target, 1, 2, 2, sizes[0]), size=(3, sizes[1]))


def _blocks_expected(target, source, sizes, options, answer):
    output = depth_to_space(source, _pixels(source, 2, sizes[0], 2, 3), sizes[1])
    return rearrange(output, input_layout(source), input_layout(target))


def _blocks_translated(target, source, sizes, options, answer):
    return executed(answer.code, target, x=_pixels(target, 2, sizes[0], 2, 3))


_EXPECTED = {
    "conv_transpose": conv_transpose,
    "conv": conv,
    "resize": resize,
    "depth_to_space": depth_to_space,
    "translate": _from_source(conv_transpose, True),
    "translate_conv": _from_source(conv, False),
    "translate_resize": _resize_expected,
    "translate_depth_to_space": _blocks_expected,
}
_CALLED = {
    "conv_transpose": run,
    "conv": run_conv,
    "resize": run_resize,
    "depth_to_space": run_depth_to_space,
    "translate": _translated(run, True),
    "translate_conv": _translated(run_conv, False),
    "translate_resize": _resize_translated,
    "translate_depth_to_space": _blocks_translated,
}


def table(results):
    """The report, in Markdown: one row for each family of calls, then the deviations and the failures."""
    lines = [
        "| suite | operation | options | calls | values | equal | refusals predicted | known deviations | unexplained |"
    ]
    lines.append("|---|---|---|--:|--:|--:|--:|--:|--:|")
    total, seen = Counter(), Counter()
    for suite, result in results.items():
        for operation, family, row in result["rows"]:
            deviations = {n.removeprefix("deviation "): c for n, c in row.items() if n.startswith("deviation ")}
            seen.update(deviations)
            counts = [row.get(name, 0) for name in ("calls", "values", "equal", "refused")]
            counts += [sum(deviations.values()), row.get("unexplained", 0)]
            total.update(dict(enumerate(counts)))
            lines.append(f"| {suite} | {operation} | {family} | {' | '.join(f'{count:,}' for count in counts)} |")
    lines.append(f"| **all** | | | {' | '.join(f'**{total[n]:,}**' for n in range(6))} |")
    lines += ["", "Known deviations (`convlab/frameworks/deviations.py`):", ""]
    lines += [f"* {name}: {count:,}" for name, count in sorted(seen.items())] or ["* none"]
    lines += ["", "Versions and seconds:", ""]
    lines += [f"* {suite}: {result['version']}, {result['seconds']:.0f} s" for suite, result in results.items()]
    failures = [failure for result in results.values() for failure in result["failures"]]
    if failures:
        lines += ["", f"UNEXPLAINED (at most {SHOWN} a row):", "", *(f"* {failure}" for failure in failures)]
    return "\n".join(lines) + "\n"


def unexplained(results):
    """How many calls no rule and no deviation explains; a suite that did not finish counts as one."""
    return sum(row.get("unexplained", 0) for result in results.values() for *_, row in result["rows"]) + sum(
        not result["rows"] for result in results.values()
    )


def _version(suite):
    names = {"keras": ["keras", suite.partition("-")[2]], "onnx": ["onnx", "onnxruntime"]}
    modules = names.get(suite.partition("-")[0], [suite])
    return ", ".join(f"{name} {__import__(name).__version__}" for name in modules)


def _one(suite, limits):
    """Examine one suite in this process."""
    os.environ.update(QUIET | SUITES[suite])
    warnings.simplefilter("ignore")
    loaded(suite.partition("-")[0])
    start = time.perf_counter()
    result = examine(suite, limits)
    return result | {"version": _version(suite), "seconds": time.perf_counter() - start}


def _child(suite, limits):
    """Examine one suite in a process of its own."""
    command = [sys.executable, "-m", "convlab.frameworks.conformance", "--suite", suite]
    command += ["--grid", ",".join(map(str, limits))]
    done = subprocess.run(command, env=os.environ | QUIET | SUITES[suite], capture_output=True, text=True)
    try:
        return json.loads(done.stdout.splitlines()[-1])
    except (IndexError, json.JSONDecodeError):
        end = done.stderr.strip().splitlines()[-1:] or [f"no output, code {done.returncode}"]
        return {"rows": [], "failures": [f"{suite}: {end[0]}"], "version": "unknown", "seconds": 0.0}


def main(arguments=None):
    """The command line; returns 0 if everything is explained."""
    parser = argparse.ArgumentParser(
        prog="python -m convlab.frameworks.conformance", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--report", type=Path, help="write the table to this file too")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time (default 2)")
    parser.add_argument("--suite", choices=SUITES, help="one suite only, in this process, result as JSON")
    parser.add_argument("--grid", default=",".join(map(str, FULL)), help="largest input, kernel, stride, dilation")
    options = parser.parse_args(arguments)
    try:
        limits = Limits(*(integer("grid", int(size), minimum=1) for size in options.grid.split(",")))
    except (TypeError, ValueError):
        parser.error(f"--grid takes four numbers from 1 on, for example 6,5,4,3; got {options.grid}")
    if options.suite:
        result = _one(options.suite, limits)
        print(json.dumps(result))
        return int(unexplained({options.suite: result}) > 0)
    start = time.perf_counter()
    with ThreadPoolExecutor(options.jobs) as pool:
        results = dict(zip(SUITES, pool.map(lambda suite: _child(suite, limits), SUITES)))
    wrong = unexplained(results)
    verdict = f"{wrong} unexplained" if wrong else "every call is explained"
    report = f"# Conformance\n\n{table(results)}\nWall time {time.perf_counter() - start:.0f} s: {verdict}.\n"
    print(report)
    if options.report:
        options.report.write_text(report)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
