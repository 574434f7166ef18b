"""Ask a framework, or look up what it answered: for lessons that must also run where it is not installed.

:func:`ask` really calls a framework that is installed. Of one that is not it gives the stored
answer, and says so. ``python -m convlab.frameworks.stored_answers`` makes every call of
:mod:`convlab.frameworks.stored_questions` and writes ``stored_answers.json`` anew; with ``--check``
it only compares.
"""

import argparse
import json
import os
import sys
import warnings
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from convlab.frameworks.arguments import input_layout, known, rearrange, weight_layout
from convlab.frameworks.calls import installed, loaded, run, single
from convlab.frameworks.stored_questions import STORED, Question, question
from convlab.frameworks.strided import conv, conv_arguments, conv_weight_layout, run_conv
from convlab.frameworks.transposed import conv_transpose, transposed_arguments

__all__ = [
    "Answer",
    "ask",
    "ask_conv",
    "by_rule",
    "disagreements",
    "fresh",
    "main",
    "predicted",
    "same_answer",
    "stored_on",
]

FILE = Path(str(files("convlab.frameworks").joinpath("stored_answers.json")))
FRAMEWORKS = ("tensorflow", "keras", "jax", "onnx")
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "JAX_PLATFORMS": "cpu", "KERAS_BACKEND": "tensorflow"}


@dataclass(frozen=True, repr=False)
class Answer:
    """What a framework returned.

    Attributes
    ----------
    question : Question
    value : array or None
        In the form of the question's ``x``; None where the framework refused.
    refusal : str or None
        The kind of the exception, where it refused.
    stored : bool
        Whether it was looked up; otherwise the framework was called just now.
    """

    question: Question
    value: np.ndarray | None
    refusal: str | None
    stored: bool

    @property
    def how(self):
        """``"stored"`` or ``"run now"``."""
        return "stored" if self.stored else "run now"

    def __repr__(self):
        told = f"refused ({self.refusal})"
        if self.value is not None:
            told = str(self.value.tolist()) if self.value.ndim == 1 else f"shape {self.value.shape}"
        return f"{self.question.framework} {self.question.call or 'as it is'}: {told}, {self.how}"


def ask(framework, x, weight, stride=1, dilation=1, **options):
    """The transposed convolution of a framework: called if it is installed, looked up if not.

    Where the environment variable ``CONVLAB_STATIC`` is set everything but torch is looked up, so
    that a stored notebook is the same on every machine.

    Parameters
    ----------
    framework : str
        ``"torch"``, ``"tensorflow"``, ``"keras"``, ``"jax"`` or ``"onnx"``.
    x, weight : array or nested list
        ``(L,)`` or ``(H, W)`` each: one sample of one channel. Or with batch and channels, as
        :func:`convlab.frameworks.run` takes them.
    stride, dilation : int
        At least 1.
    **options
        The framework's own, as in :func:`convlab.frameworks.window`; one value for all axes.

    Returns
    -------
    Answer
        A refusal of the framework is an answer, too.

    Raises
    ------
    TypeError, ValueError
        If the question is not well stated.
    LookupError
        If the framework is not installed and no answer to this question is stored.

    Examples
    --------
    >>> ask("torch", [1, 2], [1, 10, 100], stride=2, padding=1, output_padding=1).value
    array([ 10, 102,  20, 200])
    >>> ask("torch", [1, 2], [1, 10, 100], padding="same")
    torch padding='same': refused (TypeError), run now
    """
    return _answered(question("conv_transpose", framework, x, weight, stride, dilation, **options))


def ask_conv(framework, x, weight, stride=1, dilation=1, **options):
    """The ordinary convolution of a framework; otherwise as :func:`ask`.

    Raises
    ------
    TypeError, ValueError, LookupError
        As :func:`ask`; the options are those of :func:`convlab.frameworks.conv_padding`.

    Examples
    --------
    >>> ask_conv("torch", [1, 2, 3, 4, 5, 6], [1, 10, 100], stride=2, padding=1).value
    array([210, 432, 654])
    """
    return _answered(question("conv", framework, x, weight, stride, dilation, **options))


def by_rule(framework, x, weight, stride=1, dilation=1, **options):
    """What the rules of :mod:`convlab.frameworks.windows` predict for :func:`ask`, in NumPy.

    Raises
    ------
    TypeError, ValueError
        As :func:`convlab.frameworks.conv_transpose`, also where the framework would refuse.

    Examples
    --------
    >>> by_rule("keras", [1, 2], [1, 10, 100], stride=2, padding="same")
    array([  1,  10, 102,  20])
    """
    return predicted(question("conv_transpose", framework, x, weight, stride, dilation, **options))


def predicted(asked):
    """What the rules predict for a :class:`~convlab.frameworks.stored_questions.Question`.

    Raises
    ------
    TypeError, ValueError
        As :func:`by_rule`.

    Examples
    --------
    >>> predicted(question("conv", "jax", [1, 2, 3, 4], [1, 10, 100], 2, padding="SAME"))
    array([321,  43])
    """
    return _through(conv_transpose if asked.operation == "conv_transpose" else conv, asked)


def stored_on():
    """One sentence: the day of the stored answers, and the releases that gave them.

    Examples
    --------
    >>> stored_on().split(" by ")[1].split()[0]
    'tensorflow'
    """
    stored = _stored()
    return f"The stored answers were given on {stored['date']} by {', '.join(stored['versions'].values())}."


def same_answer(one, other):
    """Whether two answers agree: both refuse, or shapes and values are equal.

    Examples
    --------
    >>> same_answer(ask("torch", [1], [2]), ask("torch", [1], [2], output_padding=1))
    False
    """
    if one.value is None or other.value is None:
        return one.value is other.value
    return np.array_equal(one.value, other.value)


def _answered(asked):
    """Check a question in our own words first: what is raised later, the framework raises."""
    known("framework", asked.framework, ("torch", *FRAMEWORKS))
    if "backend" in dict(asked.options):
        raise ValueError("backend cannot be given here: Keras is asked on the backend that is active")
    prepare = transposed_arguments if asked.operation == "conv_transpose" else conv_arguments
    arrays = _in_layout(asked)
    call, _ = prepare(asked.framework, *arrays, asked.stride, asked.dilation, 1, dict(asked.options))
    single("x", call.x, call.weight)
    static = bool(os.environ.get("CONVLAB_STATIC"))
    if asked.framework == "torch" or (not static and installed(asked.framework)):
        return _called(asked)
    if (found := _looked_up(asked)) is not None:
        return found
    cure = "CONVLAB_STATIC is set, so it is not called" if static else "pip install 'convlab[frameworks]' installs it"
    raise LookupError(f"no answer of {asked.framework} to {asked.call or 'this'} is stored for these arrays; {cure}")


def _called(asked):
    """The framework's answer now."""
    try:
        value = _through(run if asked.operation == "conv_transpose" else run_conv, asked)
    except Exception as error:  # every framework refuses with kinds of its own
        return Answer(asked, None, type(error).__name__, stored=False)
    return Answer(asked, value, None, stored=False)


def _through(function, asked):
    """Call a function that wants the framework's layout, and give its result the form of ``x``."""
    output = function(
        asked.framework, *_in_layout(asked), stride=asked.stride, dilation=asked.dilation, **dict(asked.options)
    )
    ndim = np.ndim(asked.x)
    if ndim > 2:
        return output
    return rearrange(output, input_layout(asked.framework, ndim), input_layout("torch", ndim))[0, 0]


def _in_layout(asked):
    """``x`` and ``weight`` as the framework wants them."""
    x, weight = np.array(asked.x), np.array(asked.weight)
    if x.ndim != weight.ndim:
        raise ValueError(f"x and weight must have equally many axes, got shapes {x.shape} and {weight.shape}")
    if x.ndim not in (1, 2):
        return x, weight
    if asked.operation == "conv_transpose":
        axes = weight_layout(asked.framework, x.ndim, dict(asked.options).get("transpose_kernel") is True)
    else:
        axes = conv_weight_layout(asked.framework, x.ndim)
    channels = [axis for axis, letter in enumerate(axes) if letter in "IO"]
    image = rearrange(x[None, None], input_layout("torch", x.ndim), input_layout(asked.framework, x.ndim))
    return image, np.expand_dims(weight, channels)


@cache
def _stored():
    content = json.loads(FILE.read_text("utf-8"))
    return content | {"answers": {json.dumps(entry["question"]): entry for entry in content["answers"]}}


def _looked_up(asked):
    entry = _stored()["answers"].get(json.dumps(asked.plain))
    if entry is None:
        return None
    value = None if entry["value"] is None else np.array(entry["value"])
    return Answer(asked, value, entry["refusal"], stored=True)


def fresh():
    """Call every framework on every question of :data:`~convlab.frameworks.stored_questions.STORED`.

    Returns
    -------
    list of Answer

    Raises
    ------
    ImportError
        If a framework is not installed.
    """
    for framework in FRAMEWORKS:
        loaded(framework)
    return [_called(asked) for asked in STORED]


def disagreements(answers):
    """The answers that are not stored, or not like this: as sentences.

    Examples
    --------
    >>> disagreements([ask("torch", [1], [2])])
    ['torch as it is: [2], run now; stored is nothing']
    """
    found = []
    for answer in answers:
        stored = _looked_up(answer.question)
        if stored is None:
            found.append(f"{answer!r}; stored is nothing")
        elif not same_answer(stored, answer):
            found.append(f"{answer!r}; stored is {stored.refusal or stored.value.tolist()}")
    return found


def _versions():
    names = {"onnx": "onnxruntime"}
    modules = [sys.modules[names.get(framework, framework)] for framework in FRAMEWORKS]
    return {f: f"{module.__name__} {module.__version__}" for f, module in zip(FRAMEWORKS, modules)}


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
    prog = "python -m convlab.frameworks.stored_answers"
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
