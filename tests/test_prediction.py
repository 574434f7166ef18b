"""Predictions: what people type is read, another form is asked for again, and the answer is committed once."""

import re

import numpy as np
import pytest

from convlab.feedback.prediction import Prediction, predict
from convlab.feedback.typed import example, read_typed

PROBLEM = ("conv_transpose1d", [1, 2, 3], [1, 10, 100])
OPTIONS = {"stride": 2, "padding": 1, "output_padding": 1}
RIGHT = [10, 102, 20, 203, 30, 300]
UNFLIPPED = [10, 201, 20, 302, 30, 3]

SPELLINGS = [
    # a number
    (5, "5~5.0~5.~+5~ 5 ~[5]~(5)~5,~5;~05~5e0~y = 5~answer=5~10/2~np.array(5)~tensor(5)"),
    (-1, "-1~\u22121~\u20131~(-1)~-1.0"),
    (5.625, "5.625~45/8~+5.625~5625e-3"),
    (0.75, "0.75~.75~3/4"),
    # numbers
    ([21, 32], "21, 32~21 32~21,32~21;32~21  ,  32~[21, 32]~[21 32]~(21, 32)~{21, 32}~21\n32~21\t32~21.0 32.0"),
    ([21, 32], "21. 32.~21 and 32"),
    ([21, 32], "[[21, 32]]~[[[21, 32]]]~array([21, 32])~np.array([21, 32])~torch.tensor([21, 32])~y = [21, 32]"),
    ([21, 32], "[21], [32]~21 32]~[21, 32"),
    ([21, 32], "21 x 32~21x32~21 \u00d7 32~21\uff0c32~[21; 32]~torch.Size([21, 32])~21 | 32"),
    ([321], "321~[321]~[[321]]~321.0"),
    # rows
    ([[5, 6], [8, 9]], "5,6,8,9~5 6 8 9~5 6; 8 9~5, 6; 8, 9~5 6\n8 9~5 6;\n8 9;~[[5, 6], [8, 9]]~[[5,6],[8,9]]"),
    ([[5, 6], [8, 9]], "[5, 6], [8, 9]~[5 6] [8 9]"),
    ([[5, 6], [8, 9]], "[5, 6]; [8, 9]~(5, 6), (8, 9)~((5, 6), (8, 9))~[[5 6]\n [8 9]]~[5 6; 8 9]~[5, 6, 8, 9]"),
    ([[5, 6], [8, 9]], "[[5, 6, 8, 9]]~5.0 6.0; 8.0 9.0"),
    ([[5, 6], [8, 9]], "[[[[5, 6], [8, 9]]]]~array([[5, 6],\n       [8, 9]])~5 6 | 8 9~{{5, 6}, {8, 9}}"),
    ([[5, 6], [8, 9]], "[[5, 6], [8, 9]~5;6;8;9"),
    ([[201], [2010]], "201, 2010~201; 2010~201 2010~[[201], [2010]]~201\n2010~[201], [2010]"),
    ([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], "1 2 3 4 5 6 7 8~[[1, 2], [3, 4]], [[5, 6], [7, 8]]"),
    ([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], "[[[1,2],[3,4]],[[5,6],[7,8]]]~1 2; 3 4; 5 6; 7 8"),
    ([[1], [2, 3]], "1; 2 3~[1], [2, 3]~[[1], [2, 3]]~1 2 3"),
    ([[1, 0], [1, 0]], "((1, 0), (1, 0))~(1, 0), (1, 0)~1 0; 1 0~1 0 1 0~[(1, 0), (1, 0)]"),
    # words
    ("SAME", "SAME~'SAME'~\"SAME\"~ SAME "),
    ("CADB", "CADB~C A D B~C, A, D, B~['C', 'A', 'D', 'B']~C;A;D;B"),
    (["A", "C"], "A, C~A C~AC~[A, C]~A;C~A\nC~['A', 'C']~{A, C}"),
    (True, "yes~Yes~YES~true~True~y~t"),
    (False, "no~No~false~n~f"),
    ([True, False], "yes, no~yes no~y n~yn~True, False~[True, False]~tf~yes; no"),
    (None, "none~None"),
    (["same", 3], "same, 3~same 3~same; 3.0"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("truth", "text"), [(truth, text) for truth, spellings in SPELLINGS for text in spellings.split("~")]
)
@pytest.mark.parametrize("counted", [True, False])
def test_one_form_has_many_spellings(truth, text, counted):
    read = read_typed(text, truth, counted)
    assert read == truth
    assert type(read) is type(truth) or isinstance(truth, float)


@pytest.mark.parametrize(
    ("truth", "text", "said"),
    [
        (5, "", "type a number"),
        (5, "five", "type a number; this is 'five'"),
        (5, "5 6", "One number is asked for; this is 2"),
        (0.5, "0,5", "One number is asked for; this is 2"),
        ([21, 32], "21", "2 numbers are asked for, like 1, 2; this is 1"),
        ([21, 32], "21 32 43", "2 numbers are asked for, like 1, 2; this is 3"),
        ([1, 2, 3], "1,,x", "type 3 numbers"),
        ([1, 2, 3], "__import__('os')", "type 3 numbers"),
        ([1, 2, 3], "[]", "type 3 numbers"),
        ([1, 2, 3], "[" * 5000, "type 3 numbers"),
        ([1, 2, 3], "1+1 2 3", "type 3 numbers"),
        ([[5, 6], [8, 9]], "5 6 8", "type rows, like 1, 2; 3, 4"),
        ([[5, 6], [8, 9]], "5", "type rows, like 1, 2; 3, 4"),
        ([[5, 6], [8, 9]], "5 6; 8", "The rows must be equally long"),
        (True, "perhaps", "type yes or no; this is 'perhaps'"),
        (True, "1", "type yes or no"),
        ("SAME", " , ", "type a word"),
        (["A", "C"], "A", "2 words, like a, b; this is 1"),
    ],
)
def test_another_form_is_asked_for_again_and_not_judged(truth, text, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        read_typed(text, truth, counted=True)


@pytest.mark.parametrize(
    ("truth", "text", "answer"),
    [
        ([4, 9, 6], "9", [9]),
        ([4, 9, 6], "2 4 9 6 9", [2, 4, 9, 6, 9]),
        ([[5, 6], [8, 9]], "5 0; 0 0", [[5, 0], [0, 0]]),
        ([[5, 6], [8, 9]], "1 2 3; 4 5 6; 7 8 9", [[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
        (["A", "C"], "CAD", ["C", "A", "D"]),
        (5, "2.5", 2.5),
    ],
)
def test_a_wrong_idea_in_the_right_form_is_kept(truth, text, answer):
    """How many numbers come out may be the very question."""
    assert read_typed(text, truth) == answer


def test_the_placeholder_tells_the_form_and_nothing_of_the_answer():
    assert example([4, 9, 6]) == example([2, 4, 9, 6, 9])
    assert example([[27, 37], [57, 67]]) == example([[27, 37, 1]])
    assert predict("Which two numbers?", "conv1d", [1, 2, 3], [1, 10]).example == "2 numbers, like 1, 2"
    assert predict("Which numbers?", "conv1d", [1, 2, 3], [1, 10]).example == "numbers, like 1, 2, 3"
    assert predict("For stride 1 and 2?", "conv_output_size", 5, 3, stride=[1, 2]).example == "2 numbers, like 1, 2"
    rows = predict("Rows?", "conv2d", np.ones((3, 3)), np.ones((2, 2)))
    assert (rows.example, rows.rows) == ("rows, like 1, 2; 3, 4", 2)


# --- the form ----------------------------------------------------------------------------------------------------


def test_an_answer_is_committed_once_and_then_the_truth_is_shown():
    asked = predict("Which numbers?", *PROBLEM, **OPTIONS)
    asked.commit("what?")
    assert (asked.state, asked.outcome) == ("open", "")
    assert "Please type numbers" in asked.note
    asked.commit(", ".join(map(str, UNFLIPPED)))
    assert (asked.state, asked.note) == ("committed", "")
    assert f"It gives {RIGHT}" in asked.outcome
    assert "is not rotated" in asked.outcome
    before = asked.outcome
    asked.commit(str(RIGHT))
    assert asked.outcome == before


def test_a_skipped_question_shows_the_truth_without_a_verdict():
    asked = predict("Which numbers?", *PROBLEM, **OPTIONS)
    asked.state = "skipped"
    assert asked.outcome == f"<p>Skipped. It gives {RIGHT}.</p>"


@pytest.mark.parametrize(
    ("asked", "text", "said"),
    [
        (predict("Which is the largest?", max, [1, 3, 2]), "2", "You said 2"),
        (predict("Which is the largest?", max, [1, 3, 2]), "3.0", "Right: 3"),
        (predict("Which padding?", str.upper, "same"), "same", "Right: SAME"),
        (predict("Which answers?", list, "AB"), "ba", "You said [&#x27;b&#x27;, &#x27;a&#x27;]"),
        (predict("Which ones?", set, "AB"), "ba", "Right"),
        (predict("The shape?", "conv_transpose_weight_shape", 8, 4, 3, groups=2), "8 2 3 3", "Right"),
        (predict("All four?", "conv2d", np.eye(3, dtype=int), [[1, 2], [3, 4]]), "5 3 2 5", "Right"),
    ],
)
def test_what_is_read_is_judged(asked, text, said):
    asked.commit(text)
    assert said in asked.outcome


def test_the_page_gets_no_answer_before_the_commitment(monkeypatch):
    monkeypatch.delenv("CONVLAB_STATIC", raising=False)
    asked = predict("Which numbers?", *PROBLEM, **OPTIONS)
    assert isinstance(asked, Prediction)
    data, _ = asked._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "203" not in str({name: value for name, value in asked.get_state().items() if name not in ("_esm", "_css")})


def test_static_prediction_is_a_question_with_a_folded_answer(monkeypatch):
    monkeypatch.setenv("CONVLAB_STATIC", "1")
    bundle = predict("Which <numbers>?", *PROBLEM, **OPTIONS)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert "Which &lt;numbers&gt;?" in bundle["text/html"]
    assert f"<code>{RIGHT}</code>" in bundle["text/html"].split("<summary>")[1]
    assert "203" not in bundle["text/plain"]
