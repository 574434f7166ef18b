"""The recipe "add a misconception": one entry is registered, and everything that reads the registry knows it."""

import numpy as np
import pytest

from convlab import checks as check
from convlab.feedback.placement import Question
from convlab.grading.messages import problem as grading_problem
from convlab.grading.messages import wrong
from convlab.misconceptions import (
    CATALOGUE,
    OPERATORS,
    Problem,
    diagnose,
    lesson_about,
    misconception,
    variants,
    wrong_answer,
    wrong_function,
)
from convlab.misconceptions.examples import asked
from convlab.misconceptions.registry import FROM_ELSEWHERE, ORDER, Steps, Variant, register, rules_for
from convlab.misconceptions.stamping_simulation import add

STATED = Problem("conv_transpose1d", [1, 2], [1, 10, 100], stride=2)
DOUBLED = [2, 20, 204, 40, 400]


@pytest.fixture
def dummy():
    """The recipe: one entry, with a wrong step, a wrong function and an example."""
    register(
        "M99",
        "Every stamp counts twice.",
        "Every stamp counts once.",
        asked("x = [1, 2], w = [1, 10, 100], stride 2: the output?", "M99", STATED),
        Variant(
            "M99",
            "every stamp counts twice",
            transposed=Steps(overlap=lambda x, w, **layer: 2 * add(x, w, **layer)),
            receptive_field=lambda layers: 1234,
        ),
        lesson="04_transposed_convolution_by_stamping",
        sources="somebody/something#1; somebody/something#2",
    )
    yield
    del CATALOGUE["M99"]


def test_it_is_in_the_catalogue(dummy):
    entry = misconception("M99")
    assert entry.evidence == ("somebody/something#1", "somebody/something#2")
    assert [variant.id for variant in variants("M99")] == ["M99"]
    assert entry.examples[0].wrong_answers()["M99"].tolist() == DOUBLED


def test_it_is_diagnosed(dummy):
    assert diagnose(DOUBLED, STATED).message() == "Not yet. This answer comes out if every stamp counts twice."
    assert wrong_answer("M99", STATED).tolist() == DOUBLED
    assert diagnose(1234, Problem("receptive_field", [(3, 1, 1)])).misconceptions[0].ids == ("M99",)
    flipped = [200, 20, 402, 40, 4]  # together with another idea
    assert ("M01a", "M99") in [match.ids for match in diagnose(flipped, STATED).misconceptions]


def test_it_is_named_as_a_function(dummy):
    assert diagnose(wrong_function("M99", "conv_transpose1d"), STATED).misconceptions[0].ids == ("M99",)


def test_a_check_hints_at_it_and_then_at_its_truth(dummy):
    check.forget()
    asked_for = {"input": [1, 2], "weight": [1, 10, 100], "stride": 2}
    texts = [check.equal(answer, "conv_transpose1d", **asked_for).text for answer in ([1, 2], [3], DOUBLED)]
    assert "if every stamp counts twice." in texts[2]
    assert "Every stamp counts once." in texts[2]


def test_a_placement_question_and_an_assignment_lead_to_its_lesson(dummy):
    question = Question("Stamps", "?", "M99", "conv_transpose1d", STATED.arguments)
    result = question.judge(1, DOUBLED)
    assert "every stamp counts twice" in result.text
    assert result.lessons == (lesson_about("M99"),) == ("04_transposed_convolution_by_stamping",)

    arguments, truth = dict(STATED.full_arguments), STATED.truth()[None, None]
    got = np.array([[DOUBLED]])
    said = str(wrong("conv_transpose1d", arguments, grading_problem(got, truth), truth, got))
    assert "every stamp counts twice" in said
    assert "lesson 04_transposed_convolution_by_stamping" in said


def test_it_is_gone_without_its_entry():
    assert diagnose(DOUBLED, STATED).misconceptions == ()
    with pytest.raises(ValueError, match="M01 to M59"):
        misconception("M99")


def test_ties_are_named_in_the_stated_order(dummy):
    listed = [*ORDER, *FROM_ELSEWHERE]
    assert len(set(listed)) == len(listed)
    assert set(listed) <= {variant.id for variant in variants()}
    named = [variant.id for variant in rules_for("transposed")]
    assert named[:3] == ["M01a", "M02a", "M02b"]
    assert named.index("M18c") < named.index("M99") < named.index("M49a"), "what is not listed stands between"


def test_every_entry_has_a_lesson_and_says_where_it_was_seen():
    assert len({entry.lesson for entry in CATALOGUE.values()}) == 14
    steps = {"conv", "conv_same", "conv_size"}
    steps |= {f"transposed{kind}" for kind in ("", "_size", "_refused", "_recognised")}
    named = {name for variant in variants() for name in variant.rules}
    assert steps <= named <= steps | set(OPERATORS)
