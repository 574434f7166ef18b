"""The conformance run itself: it passes with torch, and every kind of planted fault turns it red."""

import ast
import json
from pathlib import Path

import numpy as np
import pytest

from convlab.frameworks import Window, window
from convlab.frameworks.torch import Torch
from tools.conformance import __main__ as command
from tools.conformance import deviations, examination, grids
from tools.conformance.examination import examine
from tools.conformance.grids import Limits
from tools.conformance.report import table, unexplained

# PyTorch tells that padding="same" may copy the input for an even kernel.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")


@pytest.fixture(autouse=True)
def few_random_calls(monkeypatch):
    monkeypatch.setitem(grids._RANDOM, "torch", 10)
    for part in ("_resizes", "_other_translations"):
        monkeypatch.setattr(grids, part, lambda framework: iter(()))


def counts(result, name):
    return sum(row.get(name, 0) for *_, row in result["rows"])


@pytest.mark.slow
def test_torch_conforms(monkeypatch):
    monkeypatch.setitem(grids._RANDOM, "torch", 40)
    result = examine("torch", Limits(3, 2, 2, 2))
    assert unexplained({"torch": result}) == 0
    assert result["failures"] == []
    families = {(operation, family): row for operation, family, row in result["rows"]}
    assert families["conv_transpose", "several axes, channels, groups"]["equal"] == 40
    row = families["conv_transpose", "padding, output_padding"]
    assert row["calls"] == row["equal"] + row["refused"]
    assert row["equal"] > 80
    assert row["refused"] > 200
    assert families["translate", "one axis, another size"]["equal"] > 10
    assert families["translate_conv", "several axes, another size"]["equal"] > 10


def test_resizing_conforms(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setitem(grids._RANDOM, "torch", 0)
    result = examine("torch", Limits(1, 1, 1, 1))
    assert unexplained({"torch": result}) == 0
    assert {family: row["equal"] for operation, family, row in result["rows"] if operation == "resize"} == {
        "nearest": 256,
        "nearest, uint8": 256,
        "linear, parts of 2^n": 111,
        "linear, uint8": 111,
        "linear, to 2^-20": 145,
        "by scale, to 2^-20": 276,
    }


def rule_of_torch(change):
    """The rule of torch with a fault."""
    right = Torch.window

    def wrong(self, axis, *, padding=0, output_padding=0, output_size=None):
        return change(axis, right(self, axis, padding=padding, output_padding=output_padding, output_size=output_size))

    return wrong


def one_cell_later(axis, view):
    return view._replace(crop_begin=view.crop_begin + 1, crop_end=view.crop_end - 1)


def crop_before_the_begin_for_even_kernels(axis, view):
    return one_cell_later(axis, view) if axis.kernel_size == 2 and axis.stride == 2 and view.crop_begin else view


def one_cell_more(axis, view):
    return view._replace(crop_end=view.crop_end - 1, output_size=view.output_size + 1)


def too_strict(axis, view):
    if view.output_size == 1:
        raise ValueError("planted: refuses what torch takes")
    return view


def flipped(axis, view):
    return view._replace(flip=True)


@pytest.mark.parametrize(
    "fault", [one_cell_later, crop_before_the_begin_for_even_kernels, one_cell_more, too_strict, flipped]
)
def test_a_wrong_formula_is_reported(fault, monkeypatch, capsys):
    monkeypatch.setattr(Torch, "window", rule_of_torch(fault))
    assert command.main(["--suite", "torch", "--grid", "2,3,2,1"]) == 1
    result = json.loads(capsys.readouterr().out)
    assert counts(result, "unexplained") > 0
    assert any(sentence.startswith("torch: conv_transpose('torch', [1") for sentence in result["failures"])
    assert "UNEXPLAINED" in table({"torch": result})


def test_a_rule_that_takes_too_much_is_reported(monkeypatch):
    def generous(self, axis, *, padding=0, output_padding=0, output_size=None):
        size = axis.full_size - 2 * padding + output_padding
        return Window(padding, padding - output_padding, False, max(size, 1))

    monkeypatch.setattr(Torch, "window", generous)
    result = examine("torch", Limits(2, 2, 2, 1))
    assert counts(result, "unexplained") > 0


@pytest.mark.parametrize("prediction", [deviations.REFUSED, np.array([[[7]]])], ids=["refused", "value"])
def test_a_deviation_that_is_gone_is_reported(prediction, monkeypatch):
    """The day the framework changes: the prediction is no longer what it does."""
    planted = deviations.Deviation(
        "planted", "torch once did this", (), lambda suite, case: prediction if case.sizes == (1, 1, 1, 1) else None
    )
    monkeypatch.setattr(deviations, "DEVIATIONS", (planted,))
    result = examine("torch", Limits(1, 1, 1, 1))
    assert counts(result, "unexplained") > 0


def test_a_wrong_translation_is_reported(monkeypatch):
    right = Torch.write
    monkeypatch.setattr(
        Torch, "write", lambda *arguments: [line.replace("padding=1", "padding=0") for line in right(*arguments)]
    )
    result = examine("torch", Limits(1, 3, 2, 1))
    assert counts({"rows": [row for row in result["rows"] if row[0] == "translate"]}, "unexplained") > 0


def test_an_error_of_ours_is_no_refusal(monkeypatch):
    """A call that fails in convlab must not pass for the framework's refusal."""

    def broken(*arguments, **options):
        raise ValueError("planted: a mistake in run")

    monkeypatch.setitem(examination._CALLED, "conv_transpose", broken)
    # The lines of this test are not convlab's; run the fault from there.
    monkeypatch.setattr(examination, "_of_framework", lambda error: False)
    assert counts(examine("torch", Limits(1, 1, 1, 1)), "unexplained") > 0
    monkeypatch.undo()
    with pytest.raises(ValueError, match="stride must be at least 1") as refusal:
        window("torch", 2, 3, 0)
    assert not examination._of_framework(refusal.value)


def test_every_deviation_has_its_test():
    source = (Path(__file__).parent / "test_frameworks_deviations.py").read_text()
    tests = {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    names = [entry.name for entry in deviations.DEVIATIONS]
    assert {name for name in tests if name.startswith("test_")} == {f"test_{name.replace(' ', '_')}" for name in names}
    assert len(names) == len(set(names)) == 28
    assert all(entry.summary.endswith(".") and entry.sources for entry in deviations.DEVIATIONS)


def test_linear_mixing_has_a_tolerance_and_nothing_else_has():
    case = grids.Case("resize", "linear", (2, 4), (), {}, exact=False)
    right = np.float32([200, 100])
    assert examination._agree(right, right + np.float32(1e-4), case)
    assert not examination._agree(right, right + np.float32(1e-3), case)
    assert not examination._agree(right, right + np.float32(1e-4), case._replace(exact=True))
    assert not examination._agree(right, np.float32([[200, 100]]), case)
    assert not examination._agree(right, "refused", case)
    assert not examination._agree("refused", ValueError("ours"), case)


def test_a_suite_that_did_not_run_is_red():
    result = {"rows": [], "failures": ["jax: not installed"], "version": "unknown", "seconds": 0.0}
    assert unexplained({"jax": result}) == 1
    assert "* jax: not installed" in table({"jax": result})


@pytest.mark.slow
def test_the_report(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(command, "SUITES", {"torch": {}})
    path = tmp_path / "report.md"
    assert command.main(["--grid", "1,2,1,1", "--jobs", "1", "--report", str(path)]) == 0
    assert path.read_text() + "\n" == capsys.readouterr().out
    assert "| torch | conv_transpose | padding, output_padding |" in path.read_text()
    assert "every call is explained" in path.read_text()


def test_a_bad_grid_says_what_to_give(capsys):
    for grid in ("6,5,4", "6,5,4,0", "all"):
        with pytest.raises(SystemExit):
            command.main(["--grid", grid])
        assert "--grid takes four numbers from 1 on, for example 6,5,4,3" in capsys.readouterr().err
