"""The figures of the diagnosis on a few hundred random problems; each gate goes red on a planted fault."""

import numpy as np
import pytest

from convlab.misconceptions import Diagnosis, Match, Problem, variants
from tools import measure_diagnosis as measure
from tools.measure_diagnosis import shares


def first_variant(answer, problem):
    """A diagnosis that always accuses, and always of the same idea."""
    return Diagnosis(False, (Match(variants("M01")[:1]),))


def test_the_probes_separate_all_26():
    assert len(measure.SEPARATED) == 26
    assert measure.unseparated() == []


def test_one_probe_alone_does_not(monkeypatch):
    monkeypatch.setattr(measure, "PROBES", measure.PROBES[:1])
    assert ("M04a", "M04b") in measure.unseparated()


@pytest.mark.slow
@pytest.mark.parametrize("transposed", [True, False])
def test_one_idea(transposed):
    counts = measure.measure_singles(150, seed=21, transposed=transposed)
    precision, first, named = shares(counts)
    assert precision >= 0.95
    assert first >= 0.80
    assert named >= 0.90
    assert counts["wrong"] == 0
    assert counts["accused"] <= 2


@pytest.mark.slow
def test_one_idea_in_a_function():
    precision, first, named = shares(measure.measure_functions(150, seed=22))
    assert named >= 0.95
    assert precision >= 0.95
    assert first >= 0.90


@pytest.mark.slow
def test_two_ideas():
    counts = measure.measure_pairs(70, seed=23)
    assert counts["missed"] == 0
    assert shares(counts)[0] >= 0.85


@pytest.mark.slow
def test_no_wrong_function_is_accepted():
    tried, accepted = measure.measure_chance(20)
    assert tried > 500
    assert accepted == []


def test_what_is_accepted_is_counted(monkeypatch):
    monkeypatch.setattr(measure, "diagnose", lambda *asked, **options: Diagnosis(True))
    monkeypatch.setattr(measure, "WRITTEN", ())
    tried, accepted = measure.measure_chance(3)
    assert tried == len(accepted) > 0


def test_written_functions():
    verdicts = measure.measure_written()
    assert len(verdicts["named rightly"]) >= 0.6 * len(measure.WRITTEN)
    assert verdicts["named wrongly"] == verdicts["accepted"] == []


def test_written_functions_that_are_named_wrongly_are_counted(monkeypatch):
    monkeypatch.setattr(measure, "diagnose", first_variant)
    assert len(measure.measure_written()["named wrongly"]) > 30


def test_right_answers():
    assert measure.measure_right(150, seed=24) == 0


def test_the_gates_go_red(monkeypatch):
    monkeypatch.setattr(measure, "diagnose", first_variant)
    counts = measure.measure_singles(60, seed=25)
    assert shares(counts)[0] < 0.2
    assert counts["wrong"] > 40
    assert counts["accused"] == 60
    assert measure.measure_right(20, seed=26) == 20
    assert shares(measure.measure_pairs(30, seed=27))[0] == 0
    assert shares(measure.measure_functions(10, seed=28))[0] < 0.5


def test_a_fault_in_the_truth_is_noticed(monkeypatch):
    stamped = measure.stamped
    monkeypatch.setattr(measure, "stamped", lambda problem: stamped(problem) + 1)
    assert measure.measure_right(20, seed=29) == 20


def test_the_stamps_of_the_measurement_by_hand():
    problem = Problem("conv_transpose1d", [1, 2, 3], [1, 10, 100], stride=2, padding=1, output_padding=1, dilation=1)
    assert measure.stamped(problem).tolist() == [10, 102, 20, 203, 30, 300]


def test_random_problems_vary():
    random = np.random.default_rng(30)
    problems = [measure.random_problem(random) for _ in range(60)]
    assert {problem.operator for problem in problems} == {"conv_transpose1d", "conv_transpose2d"}
    assert {problem.plain for problem in problems} == {True, False}
    assert any("bias" in problem.arguments for problem in problems)
    assert any("groups" in problem.arguments for problem in problems)


@pytest.mark.slow
def test_the_command(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["measure", "--problems", "20"])
    measure.main()
    printed = capsys.readouterr().out
    assert "probes: 26 wrong algorithms, pairs not separated: []" in printed
    assert "right answers: 20 problems, 0 not found right" in printed
    assert "two ideas, convolution: 2 problems" in printed
    assert "accepted 0: []" in printed
    assert "written functions named wrongly: 0 of 38" in printed
