"""Make every call whose answer is stored, and write ``convlab/frameworks/stored_answers.json`` anew.

Run ``python -m tools.store_answers``; with ``--check`` it only compares. The calls are a few small ones that
teach what the frameworks do differently; lesson 07 asks them.
"""

import argparse
import json
import os
import sys
import warnings
from datetime import date

import numpy as np

from convlab.frameworks.registry import VERSIONS, find
from convlab.frameworks.stored_answers import FILE, FIVE_ANSWERS, called, looked_up, question

__all__ = ["STORED", "disagreements", "fresh", "main", "same_answer"]

FRAMEWORKS = tuple(name for name in VERSIONS if name != "torch")  # PyTorch comes with convlab: asked, never looked up
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "JAX_PLATFORMS": "cpu", "KERAS_BACKEND": "tensorflow"}
SQUARE = [[1, 2], [3, 4]]
NINE = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
SIXTEEN = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]


def _counted(*shape):
    return np.arange(np.prod(shape)).reshape(shape) % 9 + 1


_NO_TRAP = (  # a kernel of 4 with stride 2: K - s is even
    ("tensorflow", {"padding": "SAME", "output_size": 4}),
    ("keras", {"padding": "same"}),
    ("jax", {"padding": "SAME", "transpose_kernel": True}),
    ("onnx", {"auto_pad": "SAME_UPPER"}),
    ("onnx", {"auto_pad": "SAME_LOWER"}),
)

#: Of a convolution: the framework and what it calls SAME.
_SAME = (
    ("tensorflow", {"padding": "SAME"}),
    ("keras", {"padding": "same"}),
    ("jax", {"padding": "SAME"}),
    ("onnx", {"auto_pad": "SAME_UPPER"}),
    ("onnx", {"auto_pad": "SAME_LOWER"}),
)

#: Everything that is stored.
STORED = (
    *(question("conv_transpose", f, SQUARE, NINE, 2, **options) for f, options in FIVE_ANSWERS if f != "torch"),
    *(question("conv_transpose", f, SQUARE, SIXTEEN, 2, **options) for f, options in _NO_TRAP),
    *(question("conv", f, [1, 2, 3, 4, 5, 6], [1, 10, 100], 2, **options) for f, options in _SAME),
    # SAME and the size: TensorFlow takes what a convolution leads back from; Keras has one size, or a smaller one
    *(
        question("conv_transpose", "tensorflow", [1, 2, 3], [1, 10, 100], 2, padding="SAME", output_size=size)
        for size in (4, 5, 6, 7)
    ),
    question("conv_transpose", "keras", [1, 2, 3], [1, 10, 100], 2, padding="same"),
    question("conv_transpose", "keras", [1, 2, 3], [1, 10, 100], 2, padding="same", output_padding=0),
    question("conv", "keras", [1, 2, 3, 4, 5], [1, 10, 100], 2, padding="same"),
    question("conv_transpose", "keras", [1, 2, 3, 4, 5], [1, 10, 100], 2, padding="same"),
    # VALID and padding 0 are not alike
    question("conv_transpose", "keras", [1, 2, 3], [1, 10], 3, padding="valid"),
    *(
        question("conv_transpose", "jax", [1, 2, 3], [1, 10, 100, 1000], 4, **options)
        for options in (
            {"padding": "VALID", "transpose_kernel": True},
            {"padding": (0, 0), "transpose_kernel": True},
            {"padding": (0, 0), "transpose_kernel": True, "use_consistent_padding": True},
        )
    ),
    # Channels last: shape (1, 1, 2, 2) is read as one row of two cells with two channels
    *(
        question("conv_transpose", "keras", _counted(1, 1, 2, 2), _counted(k, k, 1, 2), s, padding=padding)
        for k, s, padding in ((3, 2, "same"), (2, 2, "valid"), (3, 2, "valid"), (3, 1, "valid"))
    ),
    *(
        question("conv_transpose", "keras", _counted(*shape), _counted(3, 3, 6, 3), 2, padding="valid")
        for shape in ((1, 3, 3, 3), (1, 4, 5, 3))
    ),
    # What one framework takes and another does not, or does otherwise
    question("conv_transpose", "onnx", [1, 2, 3], [1, 10, 100], 1, 3, output_padding=2),
    question("conv_transpose", "onnx", [1, 2, 3], [7], 2, auto_pad="SAME_UPPER"),
    question("conv_transpose", "tensorflow", [1, 2, 3], [7], 2, padding="SAME", output_size=6),
)


def same_answer(one, other):
    """Whether two answers agree: both refuse, or shapes and values are equal."""
    if one.value is None or other.value is None:
        return one.value is other.value
    return np.array_equal(one.value, other.value)


def fresh():
    """Call every framework on every question of :data:`STORED`."""
    for framework in FRAMEWORKS:
        find(framework).load()
    return [called(asked) for asked in STORED]


def disagreements(answers):
    """The answers that are not stored, or not like this: as sentences.

    >>> disagreements([called(question("conv_transpose", "torch", [1], [2]))])
    ['torch as it is: [2], run now; stored is nothing']
    """
    found = []
    for answer in answers:
        stored = looked_up(answer.question)
        if stored is None:
            found.append(f"{answer!r}; stored is nothing")
        elif not same_answer(stored, answer):
            found.append(f"{answer!r}; stored is {stored.refusal or stored.value.tolist()}")
    return found


def _versions():
    modules = {framework: find(framework).load() for framework in FRAMEWORKS}
    return {framework: f"{module.__name__} {module.__version__}" for framework, module in modules.items()}


def _content(answers):
    """The file: one answer a line, so that a change shows as a changed line."""
    entries = [
        {"question": a.question.plain, "value": None if a.value is None else a.value.tolist(), "refusal": a.refusal}
        for a in answers
    ]
    lines = ",\n".join(json.dumps(entry) for entry in entries)
    head = f'"date": {json.dumps(date.today().isoformat())},\n"versions": {json.dumps(_versions())}'
    return f'{{\n{head},\n"answers": [\n{lines}\n]\n}}\n'


def main(arguments=None):
    """The command line; returns 0 if all went well."""
    prog = "python -m tools.store_answers"
    parser = argparse.ArgumentParser(prog=prog, description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="only compare, write nothing")
    options = parser.parse_args(arguments)
    os.environ.update(QUIET)
    warnings.simplefilter("ignore")
    try:
        answers = fresh()
    except ImportError as error:
        print(error, file=sys.stderr)
        return 2
    if options.check:
        found = disagreements(answers)
        print("\n".join(found) or f"all {len(answers)} stored answers are given again")
        return int(bool(found))
    FILE.write_text(_content(answers), "utf-8")
    print(f"{len(answers)} answers written to {FILE.name}: {', '.join(_versions().values())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
