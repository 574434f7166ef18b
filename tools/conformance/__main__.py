"""Compare every rule of convlab.frameworks with the installed frameworks: the command line."""

import argparse
import json
import os
import subprocess
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from convlab.frameworks.registry import find
from convlab.validation import integer
from tools.conformance.examination import examine
from tools.conformance.grids import FULL, Limits
from tools.conformance.report import table, unexplained

__all__ = ["SUITES", "main"]

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


def _version(suite):
    names = {"keras": ["keras", suite.partition("-")[2]], "onnx": ["onnx", "onnxruntime"]}
    modules = names.get(suite.partition("-")[0], [suite])
    return ", ".join(f"{name} {__import__(name).__version__}" for name in modules)


def _one(suite, limits):
    """Examine one suite in this process."""
    os.environ.update(QUIET | SUITES[suite])
    warnings.simplefilter("ignore")
    find(suite.partition("-")[0]).load()
    start = time.perf_counter()
    result = examine(suite, limits)
    return result | {"version": _version(suite), "seconds": time.perf_counter() - start}


def _child(suite, limits):
    """Examine one suite in a process of its own."""
    command = [sys.executable, "-m", "tools.conformance", "--suite", suite]
    command += ["--grid", ",".join(map(str, limits))]
    done = subprocess.run(command, env=os.environ | QUIET | SUITES[suite], capture_output=True, text=True)
    try:
        return json.loads(done.stdout.splitlines()[-1])
    except (IndexError, json.JSONDecodeError):
        end = done.stderr.strip().splitlines()[-1:] or [f"no output, code {done.returncode}"]
        return {"rows": [], "failures": [f"{suite}: {end[0]}"], "version": "unknown", "seconds": 0.0}


def main(arguments=None):
    """The command line; returns 0 if everything is explained."""
    parser = argparse.ArgumentParser(prog="python -m tools.conformance", description=__doc__)
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
