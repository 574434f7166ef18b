"""The stored answers of the frameworks: they agree with the rules and with the frameworks, and are found again."""

import importlib.util
import json
import os
import pathlib
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from convlab.frameworks import VERSIONS, framework, stored_answers
from convlab.frameworks.stored_answers import (
    FIVE_ANSWERS,
    Answer,
    ask,
    ask_conv,
    by_rule,
    looked_up,
    predicted,
    question,
)
from tools import store_answers
from tools.store_answers import STORED, disagreements, same_answer

ROOT = pathlib.Path(__file__).parents[1]
X, K = [[1, 2], [3, 4]], [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
FULL = np.array([[1, 2, 5, 4, 6], [4, 5, 14, 10, 12], [10, 14, 36, 24, 30], [12, 15, 34, 20, 24], [21, 24, 55, 32, 36]])


@pytest.fixture
def nothing_installed(monkeypatch):
    """No framework but torch, and nobody may try to call one."""
    monkeypatch.delenv("CONVLAB_STATIC", raising=False)
    monkeypatch.setattr(stored_answers, "installed", lambda framework: framework == "torch")


@pytest.fixture
def static(monkeypatch):
    def never(framework):
        raise AssertionError(f"{framework} must not be looked for")

    monkeypatch.setenv("CONVLAB_STATIC", "1")
    monkeypatch.setattr(stored_answers, "installed", never)


# --- the file ----------------------------------------------------------------------------------------------------


def test_every_question_has_one_stored_answer_and_no_other_is_stored():
    entries = json.loads(stored_answers.FILE.read_text("utf-8"))["answers"]
    assert [entry["question"] for entry in entries] == json.loads(json.dumps([asked.plain for asked in STORED]))
    assert all((entry["value"] is None) != (entry["refusal"] is None) for entry in entries)


@pytest.mark.parametrize("asked", STORED, ids=lambda asked: f"{asked.framework} {asked.call}")
def test_stored_answers_agree_with_the_rules(asked):
    """Exactly, and a refusal is predicted too: no framework is needed for this."""
    stored = looked_up(asked)
    if stored.value is None:
        with pytest.raises(ValueError, match=asked.framework):
            predicted(asked)
        return
    if asked.framework == "onnx" and asked.weight == [7]:  # K < stride: see deviations
        assert stored.value.size == 5
    assert_array_equal(predicted(asked), stored.value)


def test_the_releases_are_those_on_which_the_rules_were_confirmed():
    versions = json.loads(stored_answers.FILE.read_text("utf-8"))["versions"]
    assert sorted(versions) == ["jax", "keras", "onnx", "tensorflow"]
    assert all(VERSIONS[framework].startswith(version) for framework, version in versions.items())
    assert all(version in stored_answers.stored_on() for version in versions.values())


def test_the_five_answers_are_five(static):
    """And the table of the lesson: how many calls give each."""
    windows = {
        "A": FULL[1:4, 1:4],
        "B": FULL[1:, 1:],
        "C": FULL[:4, :4],
        "E": FULL,
        "E with zeros": np.pad(FULL, (0, 1)),
    }
    windows["D"] = np.array([[9, 8, 25, 16], [6, 5, 16, 10], [30, 26, 64, 36], [18, 15, 36, 20]])
    found = Counter()
    for name, options in FIVE_ANSWERS:
        value = ask(name, X, K, stride=2, **options).value
        found[next(letter for letter, window in windows.items() if np.array_equal(value, window))] += 1
    assert found == {"A": 8, "B": 6, "C": 6, "D": 1, "E": 5, "E with zeros": 4}


# --- asking ------------------------------------------------------------------------------------------------------


def test_static_looks_everything_up_but_torch(static):
    stored = ask("keras", X, K, stride=2, padding="same")
    assert stored.stored
    assert stored.how == "stored"
    assert_array_equal(stored.value, FULL[:4, :4])
    run = ask("torch", X, K, stride=2, padding=1)
    assert not run.stored
    assert run.how == "run now"
    assert_array_equal(run.value, FULL[1:4, 1:4])
    assert ask_conv("jax", [1, 2, 3, 4, 5, 6], [1, 10, 100], stride=2, padding="SAME").value.tolist() == [321, 543, 65]


def test_what_is_installed_is_called_and_what_is_not_is_looked_up(nothing_installed, monkeypatch):
    assert ask("onnx", X, K, stride=2, auto_pad="SAME_LOWER").stored
    monkeypatch.setattr(stored_answers, "installed", lambda framework: framework in ("torch", "onnx"))
    monkeypatch.setattr(stored_answers, "run", lambda *arguments, **options: np.full((1, 1, 2, 2), 7))
    live = ask("onnx", X, K, stride=2, auto_pad="SAME_LOWER")
    assert not live.stored
    assert live.value.tolist() == [[7, 7], [7, 7]]
    assert ask("jax", X, K, stride=2, padding="SAME").stored


def test_a_refusal_is_an_answer(static):
    stored = ask("tensorflow", [1, 2, 3], [1, 10, 100], stride=2, padding="SAME", output_size=7)
    assert stored.value is None
    assert "refused" in repr(stored)
    run = ask("torch", [1, 2, 3], [1, 10, 100], stride=2, output_padding=2)
    assert run.refusal == "RuntimeError"
    assert repr(run) == "torch output_padding=2: refused (RuntimeError), run now"


def test_what_nobody_stored_says_what_to_do(nothing_installed, monkeypatch):
    with pytest.raises(
        LookupError, match=r"no answer of keras to padding='same' .* pip install 'convlab\[frameworks\]'"
    ):
        ask("keras", X, K, stride=3, padding="same")
    monkeypatch.setenv("CONVLAB_STATIC", "1")
    with pytest.raises(LookupError, match="CONVLAB_STATIC is set, so it is not called"):
        ask("keras", X, K, stride=3, padding="same")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ask("caffe", X, K), ValueError, "framework must be one of torch"),
        (lambda: ask("torch", X, K, pads=(0, 0)), ValueError, "option of torch must be one of"),
        (lambda: ask("keras", X, K, backend="jax"), ValueError, "backend cannot be given"),
        (lambda: ask("onnx", X, K, pads=[(1, 0), (0, 0)]), ValueError, "pads must be one value for all axes"),
        (lambda: ask("torch", X, [1, 2]), ValueError, "x and weight must have equally many axes"),
        (lambda: ask("torch", X, K, stride=0), ValueError, "stride must be at least 1"),
        (lambda: ask("torch", [1.5], [1.0]), TypeError, "x must hold float32 or integers"),
        (lambda: ask("torch", [10**7], [10]), ValueError, "x must be smaller"),
        (lambda: ask("torch", ["a"], ["b"]), TypeError, "x must hold float32, float64 or integers"),
        (lambda: ask_conv("slim", [1, 2], [1, 10]), ValueError, "framework must be one of torch"),
    ],
)
def test_a_question_that_is_not_well_stated_is_an_error_and_no_refusal(static, call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_arrays_with_channels_keep_the_layout_of_the_framework(static):
    x, w = np.arange(4).reshape(1, 1, 2, 2) % 9 + 1, np.arange(18).reshape(3, 3, 1, 2) % 9 + 1
    assert ask("keras", x, w, stride=2, padding="same").value.shape == (1, 2, 4, 1)
    assert ask("torch", x, np.ones((1, 5, 3, 3), int), stride=2).value.shape == (1, 5, 5, 5)


def test_the_rule_is_the_one_of_the_package():
    assert by_rule("jax", X, K, stride=2, padding="SAME")[0].tolist() == [9, 8, 25, 16]
    with pytest.raises(ValueError, match="output_size must be from 5 to 6"):
        by_rule("tensorflow", [1, 2, 3], [1, 10, 100], stride=2, padding="SAME", output_size=7)


# --- storing -----------------------------------------------------------------------------------------------------


def changed(answer, **fields):
    values = {"question": answer.question, "value": answer.value, "refusal": answer.refusal, "stored": False}
    return Answer(**values | fields)


def test_a_planted_difference_is_found():
    right = [changed(looked_up(asked)) for asked in STORED]
    assert disagreements(right) == []
    refused = next(answer for answer in right if answer.value is None)
    wrong = [
        changed(right[0], value=right[0].value + 1),
        changed(right[1], value=right[1].value[:-1]),
        changed(right[2], value=None, refusal="ValueError"),
        changed(refused, value=np.array([1])),
        changed(right[3], question=question("conv", "jax", [1], [2], padding="VALID")),
    ]
    assert len(disagreements(wrong)) == len(wrong)
    assert disagreements(wrong)[-1].endswith("stored is nothing")
    assert not same_answer(right[0], wrong[0])


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A copy of the stored answers, and a machine on which the frameworks give them again."""
    path = tmp_path / "stored_answers.json"
    path.write_text(stored_answers.FILE.read_text("utf-8"), "utf-8")
    answers = [changed(looked_up(asked)) for asked in STORED]
    monkeypatch.setattr(store_answers, "FILE", path)
    monkeypatch.setattr(store_answers, "fresh", lambda: answers)
    monkeypatch.setattr(store_answers, "_versions", lambda: {"keras": "keras 0"})
    monkeypatch.setattr(os, "environ", dict(os.environ))
    return path, answers


@pytest.mark.filterwarnings("default")
def test_the_command_writes_what_it_reads(file, capsys):
    path, answers = file
    before = json.loads(path.read_text("utf-8"))
    path.write_text("", "utf-8")
    assert store_answers.main([]) == 0
    after = json.loads(path.read_text("utf-8"))
    assert after["answers"] == before["answers"]
    assert after["versions"] == {"keras": "keras 0"}
    assert path.read_text("utf-8").count('"question"') == len(answers)
    assert f"{len(answers)} answers written" in capsys.readouterr().out


@pytest.mark.filterwarnings("default")
def test_the_check_writes_nothing_and_fails_on_a_difference(file, capsys):
    path, answers = file
    before = path.read_bytes()
    assert store_answers.main(["--check"]) == 0
    answers[0] = changed(answers[0], value=answers[0].value * 10)
    assert store_answers.main(["--check"]) == 1
    assert "stored is [[5, 14, 10]" in capsys.readouterr().out
    assert path.read_bytes() == before


@pytest.mark.filterwarnings("default")
def test_without_the_frameworks_the_command_says_so_and_writes_nothing(monkeypatch, capsys):
    def missing(name):
        raise ImportError(f"no module named {name}")

    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.setattr(framework, "import_module", missing)
    before = stored_answers.FILE.read_bytes()
    assert store_answers.main([]) == 2
    assert "tensorflow is not installed" in capsys.readouterr().err
    assert stored_answers.FILE.read_bytes() == before


@pytest.mark.frameworks
def test_the_frameworks_give_the_stored_answers_again():
    for name in ("tensorflow", "keras", "jax", "onnx", "onnxruntime"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    command = [sys.executable, "-m", "tools.store_answers", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=ROOT)
    assert done.returncode == 0, done.stdout
    assert f"all {len(STORED)} stored answers are given again" in done.stdout
