"""Questions answered by several processes: in their order, each alone, with what was logged."""

import logging
import os
import signal
import subprocess
import sys
import time

import pytest

from convlab.grading.sandbox.side_by_side import AHEAD, SideBySide, WorkerDied

LOG = logging.getLogger("side by side")


def work(question):
    """What a question does, in words."""
    kind, _, rest = question.partition(" ")
    LOG.warning("asked %s", question)
    if kind == "slow":
        time.sleep(0.3)
    if kind == "raise":
        raise ValueError(rest)
    if kind == "die":
        os.kill(os.getpid(), getattr(signal, rest))
    if kind == "exit":
        os._exit(int(rest))
    return rest, os.getpid()


def answers(*questions, count=2):
    with SideBySide(work, count, LOG) as processes:
        return [answer for _, answer in processes.map(questions)]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_answers_come_in_the_order_of_the_questions(count, caplog):
    questions = ["slow 0", *(f"quick {n}" for n in range(1, 9)), "slow 9", "quick 10"]
    given = answers(*questions, count=count)
    assert [rest for rest, _ in given] == [str(n) for n in range(11)]
    assert len({pid for _, pid in given}) == count
    assert os.getpid() not in {pid for _, pid in given}
    assert [record.getMessage() for record in caplog.records] == [f"asked {question}" for question in questions]


@pytest.mark.parametrize(
    ("question", "words"),
    [("raise too long", "too long"), ("die SIGKILL", "SIGKILL"), ("die SIGTERM", "SIGTERM"), ("exit 3", "exit code 3")],
)
def test_a_question_fails_alone_and_is_asked_once(question, words, caplog):
    given = answers("quick 1", question, "quick 2", "quick 3", question, "quick 4")
    assert [rest for rest, _ in (one for one in given if isinstance(one, tuple))] == list("1234")
    failed = [one for one in given if isinstance(one, Exception)]
    assert len(failed) == 2
    assert all(isinstance(one, WorkerDied) and words in str(one) for one in failed)


def test_not_many_are_asked_ahead_of_a_slow_one():
    asked = []

    def questions():
        for number in range(50):
            asked.append(number)
            yield f"slow {number}" if number == 0 else f"quick {number}"

    with SideBySide(work, 2, LOG) as processes:
        given = processes.map(questions())
        assert next(given)[1][0] == "0"
        assert len(asked) <= 2 * AHEAD
        assert len(list(given)) == 49


def test_processes_end_with_the_one_that_asks():
    program = (
        "import logging, time; from convlab.grading.sandbox.side_by_side import SideBySide\n"
        "both = SideBySide(time.sleep, 2, logging.getLogger())\n"
        "print(*(process.pid for process, _ in both.idle), flush=True)\n"
        "list(both.map([60, 60]))"
    )
    asks = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    workers = list(map(int, asks.stdout.readline().split()))
    assert len(workers) == 2
    assert all(map(runs, workers))
    asks.kill()
    asks.communicate()
    ends = time.monotonic() + 5
    while any(map(runs, workers)) and time.monotonic() < ends:
        time.sleep(0.01)
    assert not any(map(runs, workers))


def runs(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
