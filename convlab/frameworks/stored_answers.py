"""Ask a framework, or look up what it answered: for lessons that must also run where it is not installed.

:func:`ask` really calls a framework that is installed. Of one that is not it gives the stored
answer, and says so. Lesson 07 asks; ``python -m tools.store_answers`` writes ``stored_answers.json`` anew.
"""

import json
import os
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from convlab.frameworks.arrays import conv_weight_layout, input_layout, rearrange, single, weight_layout
from convlab.frameworks.convolutions import checked_call, conv, conv_transpose, installed, run, run_conv
from convlab.frameworks.framework import known
from convlab.frameworks.registry import FRAMEWORKS
from convlab.typing import Array
from convlab.validation import array

__all__ = ["FIVE_ANSWERS", "Answer", "Question", "ask", "ask_conv", "by_rule", "looked_up", "question", "stored_on"]

FILE = Path(str(files("convlab.frameworks").joinpath("stored_answers.json")))
PADDINGS = ("padding", "pads", "auto_pad")

_FIVE: dict[str, list[dict[str, Any]]] = {
    "torch": [{}, {"padding": 1}, {"padding": 1, "output_padding": 1}, {"output_padding": 1}],
    "tensorflow": [
        {"padding": padding, "output_size": size}
        for padding, sizes in (("SAME", (3, 4)), ((1, 1), (3, 4)), ("VALID", (5, 6)))
        for size in sizes
    ],
    "keras": [
        *({"padding": "same"}, {"padding": "same", "output_padding": 0}, {"padding": "same", "output_padding": 1}),
        *({"padding": "valid"}, {"padding": "valid", "output_padding": 1}),
    ],
    "jax": [
        {"padding": "SAME"},
        *({"padding": padding, "transpose_kernel": True} for padding in ("SAME", "VALID", (1, 1))),
        *({"padding": pair, "transpose_kernel": True, "use_consistent_padding": True} for pair in ((1, 1), (1, 0))),
    ],
    "onnx": [
        *({"pads": pads} for pads in ((1, 1), (1, 0), (0, 1))),
        *({"output_shape": size} for size in (3, 4, 6)),
        *({"auto_pad": word} for word in ("SAME_UPPER", "SAME_LOWER", "VALID")),
    ],
}
#: Every way to say one of the five answers to the question of lesson 07: the framework and its options.
FIVE_ANSWERS = tuple((framework, options) for framework, ways in _FIVE.items() for options in ways)


class Question(NamedTuple):
    """One call of one framework, ``operation`` ``"conv_transpose"`` or ``"conv"``.

    ``x`` and ``weight`` are nested lists of integers, ``(L,)`` or ``(H, W)`` each; or with batch and channels, in the
    framework's own layout. ``options`` are the framework's own as ``(name, value)``; the padding first, then in
    the order of their names.
    """

    operation: str
    framework: str
    x: list
    weight: list
    stride: int
    dilation: int
    options: tuple

    @property
    def call(self) -> str:
        """The options as one writes them, for example ``padding='same', output_padding=0``."""
        return ", ".join(f"{name}={value!r}" for name, value in self.options)

    @property
    def plain(self) -> list:
        """The question as a list of numbers and words; equal for equal questions."""
        return [*self[:-1], self.call]


def question(
    operation: str, framework: str, x: Any, weight: Any, stride: int = 1, dilation: int = 1, **options: Any
) -> Question:
    """State a question, with arrays or nested lists; an option has one value for all axes, so a pair is a tuple.

    >>> question("conv", "keras", [1, 2], [1, 10], padding="same").call
    "padding='same'"
    """
    for name, value in options.items():
        if isinstance(value, list):
            raise ValueError(f"{name} must be one value for all axes, and a pair a tuple, got {value}")
    x, weight = (array(name, np.asarray(values)).tolist() for name, values in (("x", x), ("weight", weight)))
    ordered = sorted(options.items(), key=lambda option: (option[0] not in PADDINGS, option[0]))
    return Question(operation, framework, x, weight, stride, dilation, tuple(ordered))


@dataclass(frozen=True, repr=False)
class Answer:
    """What a framework returned: ``value``, in the form of the question's ``x``, or None where it refused.

    ``refusal`` is the kind of the exception then; ``stored`` says whether the answer was looked up.
    """

    question: Question
    value: Array | None
    refusal: str | None
    stored: bool

    @property
    def how(self) -> str:
        """``"stored"`` or ``"run now"``."""
        return "stored" if self.stored else "run now"

    def __repr__(self):
        told = f"refused ({self.refusal})"
        if self.value is not None:
            told = str(self.value.tolist()) if self.value.ndim == 1 else f"shape {self.value.shape}"
        return f"{self.question.framework} {self.question.call or 'as it is'}: {told}, {self.how}"


def ask(framework: str, x: Any, weight: Any, stride: int = 1, dilation: int = 1, **options: Any) -> Answer:
    """The transposed convolution of a framework: called if it is installed, looked up if not.

    ``x`` and ``weight`` are arrays or nested lists, ``(L,)`` or ``(H, W)`` each: one sample of one channel; or with
    batch and channels, as :func:`convlab.frameworks.run` takes them. A refusal of the framework is an answer, too; a
    ``LookupError`` says that it is not installed and no answer to this question is stored. Where the environment
    variable ``CONVLAB_STATIC`` is set all but torch is looked up: a stored notebook is the same on every machine.

    >>> ask("torch", [1, 2], [1, 10, 100], stride=2, padding=1, output_padding=1).value
    array([ 10, 102,  20, 200])
    >>> ask("torch", [1, 2], [1, 10, 100], padding="same")
    torch padding='same': refused (TypeError), run now
    """
    return _answered(question("conv_transpose", framework, x, weight, stride, dilation, **options))


def ask_conv(framework: str, x: Any, weight: Any, stride: int = 1, dilation: int = 1, **options: Any) -> Answer:
    """The ordinary convolution of a framework; otherwise as :func:`ask`.

    >>> ask_conv("torch", [1, 2, 3, 4, 5, 6], [1, 10, 100], stride=2, padding=1).value
    array([210, 432, 654])
    """
    return _answered(question("conv", framework, x, weight, stride, dilation, **options))


def by_rule(framework: str, x: Any, weight: Any, stride: int = 1, dilation: int = 1, **options: Any) -> Array:
    """What :func:`convlab.frameworks.conv_transpose` predicts for :func:`ask`, in NumPy.

    >>> by_rule("keras", [1, 2], [1, 10, 100], stride=2, padding="same")
    array([  1,  10, 102,  20])
    """
    return predicted(question("conv_transpose", framework, x, weight, stride, dilation, **options))


def predicted(asked: Question) -> Array:
    """What the rules predict for a question."""
    return _through(conv_transpose if asked.operation == "conv_transpose" else conv, asked)


def stored_on() -> str:
    """One sentence: the day of the stored answers, and the releases that gave them.

    >>> stored_on().split(" by ")[1].split()[0]
    'tensorflow'
    """
    stored = _stored()
    return f"The stored answers were given on {stored['date']} by {', '.join(stored['versions'].values())}."


def _answered(asked):
    """Check a question in our own words first: what is raised later, the framework raises."""
    known("framework", asked.framework, [name for name, found in FRAMEWORKS.items() if hasattr(found, "window")])
    if "backend" in dict(asked.options):
        raise ValueError("backend cannot be given here: Keras is asked on the backend that is active")
    arrays = _in_layout(asked)
    _, call = checked_call(
        asked.operation, asked.framework, *arrays, asked.stride, asked.dilation, 1, dict(asked.options)
    )
    single("x", call.x, call.weight)
    static = bool(os.environ.get("CONVLAB_STATIC"))
    if asked.framework == "torch" or (not static and installed(asked.framework)):
        return called(asked)
    if (found := looked_up(asked)) is not None:
        return found
    cure = "CONVLAB_STATIC is set, so it is not called" if static else "pip install 'convlab[frameworks]' installs it"
    raise LookupError(f"no answer of {asked.framework} to {asked.call or 'this'} is stored for these arrays; {cure}")


def called(asked: Question) -> Answer:
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


def looked_up(asked: Question) -> Answer | None:
    """The stored answer, or None.

    >>> looked_up(question("conv", "keras", [1, 2, 3, 4, 5, 6], [1, 10, 100], 2, padding="same"))
    keras padding='same': [321, 543, 65], stored
    """
    entry = _stored()["answers"].get(json.dumps(asked.plain))
    if entry is None:
        return None
    value = None if entry["value"] is None else np.array(entry["value"])
    return Answer(asked, value, entry["refusal"], stored=True)
