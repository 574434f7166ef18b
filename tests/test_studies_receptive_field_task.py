"""The task where the receptive field decides: what each stack can see, and what training really reaches."""

import itertools
import statistics

import pytest
import torch

from convlab.studies import receptive_field_task as task
from convlab.studies.training import parameters, seeded

STACKS = task.STACKS


@pytest.fixture(scope="module")
def stored():
    return task.results()


@pytest.mark.parametrize("name", STACKS)
def test_visible_cells_are_those_of_the_gradient(name):
    rates = STACKS[name]
    stack = task.CausalStack(rates)
    with torch.no_grad():
        for weights in stack.parameters():
            weights.fill_(0.1)  # positive, so that no ReLU closes a path
    x = torch.ones(1, 1, 40, requires_grad=True)
    stack(x)[0, 0, -1].backward()
    reached = [39 - cell for cell in torch.nonzero(x.grad[0, 0]).flatten().tolist()]
    assert sorted(reached) == task.visible(rates)


def test_the_stacks_differ_as_the_lesson_says():
    sees = {name: [away in task.visible(rates) for away in task.AWAY] for name, rates in STACKS.items()}
    assert sees == {
        "plain": [False, False, False],
        "gridded": [True, False, True],
        "dilated": [True, True, True],
        "deep": [True, True, True],
    }
    weights = {name: parameters(task.CausalStack(rates)) for name, rates in STACKS.items()}
    assert weights["plain"] == weights["gridded"] == weights["dilated"] < weights["deep"]


@pytest.mark.parametrize("rates", STACKS.values(), ids=STACKS)
def test_best_possible_is_that_of_the_best_table(rates):
    """Every function of the seen cells is a table; try them all."""
    seen = [place for place, away in enumerate(task.AWAY) if away in task.visible(rates)]
    bits = list(itertools.product((0, 1), repeat=3))
    keys = list(itertools.product((0, 1), repeat=len(seen)))
    right = []
    for answers in itertools.product((0, 1), repeat=len(keys)):
        table = dict(zip(keys, answers))
        right.append(sum(table[tuple(three[place] for place in seen)] == (sum(three) >= 2) for three in bits))
    assert task.best_possible(rates) == max(right) / len(bits)


def test_labels_are_the_majority_of_the_three_cells():
    with seeded(3):
        x, y = task.rows(5)
    assert x.shape == (5, 1, 64)
    assert y.shape == (5, 1, 52)
    assert set(x.unique().tolist()) == {-1, 1}
    for row, cell in itertools.product(range(5), range(12, 64)):
        three = [x[row, 0, cell - away].item() for away in (10, 11, 12)]
        assert y[row, 0, cell - 12].item() == float(sum(three) > 0)


def test_one_seed_gives_one_result_and_leaves_random_numbers_alone():
    torch.manual_seed(5)
    state = torch.get_rng_state()
    first = task.train_one((1, 1, 1), seed=1, steps=2)
    assert torch.equal(torch.get_rng_state(), state)
    assert task.train_one((1, 1, 1), seed=1, steps=2) == first


def test_bad_numbers_are_refused():
    with pytest.raises(ValueError, match="seed must be at least 0, got -1"):
        task.train_one((1,), seed=-1)
    with pytest.raises(TypeError, match=r"steps must be an integer, got 1\.5"):
        task.train_one((1,), seed=0, steps=1.5)
    with pytest.raises(ValueError, match="count must be at least 1, got 0"):
        task.rows(0)


def test_run_reports_every_seed(capsys):
    report = task.run(seeds=[4, 5], steps=1, bar=False)
    assert report["seeds"] == [4, 5]
    assert list(report["stacks"]) == list(STACKS)
    for row in report["stacks"].values():
        assert len(row["accuracy"]) == 2
        assert row["mean"] == pytest.approx(statistics.fmean(row["accuracy"]), abs=1e-4)
        assert row["spread"] == pytest.approx(statistics.stdev(row["accuracy"]), abs=1e-4)
    assert capsys.readouterr().err == ""


def test_the_bar_is_live(capsys):
    task.run(seeds=[0], steps=1)
    assert "4 of 4 networks" in capsys.readouterr().err


def claims(stacks):
    """What the lesson says about accuracies; the names of the claims that fail."""
    mean = {name: row["mean"] for name, row in stacks.items()}
    best = {name: task.best_possible(rates) for name, rates in STACKS.items()}
    held = {
        "no stack beats what it can see": all(mean[name] < best[name] + 0.02 for name in STACKS),
        "every stack comes close to it": all(mean[name] > best[name] - 0.03 for name in STACKS),
        "dilated is well above plain": mean["dilated"] > mean["plain"] + 0.4,
        "a hole costs": mean["gridded"] < mean["dilated"] - 0.2,
    }
    return [name for name, holds in held.items() if not holds]


def test_stored_results_hold_the_claims(stored):
    assert claims(stored["stacks"]) == []
    assert len(stored["seeds"]) >= 5
    assert stored["seconds"] < 60
    for name, row in stored["stacks"].items():
        assert row["parameters"] == parameters(task.CausalStack(STACKS[name]))
        assert row["best_possible"] == task.best_possible(STACKS[name])
        assert len(row["accuracy"]) == len(stored["seeds"])


def test_a_wrong_result_is_found(stored):
    lucky = {**stored["stacks"], "plain": {"mean": 0.9}}
    assert claims(lucky) == ["no stack beats what it can see", "dilated is well above plain"]


@pytest.mark.slow
def test_one_seed_trained_now_holds_the_claims():
    assert claims(task.run(seeds=[11], bar=False)["stacks"]) == []
