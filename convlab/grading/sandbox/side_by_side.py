"""Several submissions graded at once: processes that are forked when all is loaded, and results in the order asked for.

Nothing is stored here: who asked stores, one result after the other.
"""

import collections
import contextlib
import ctypes
import logging
import logging.handlers
import multiprocessing
import multiprocessing.connection
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

__all__ = ["SideBySide", "WorkerDied"]

AHEAD = 3  # results for each worker that wait for one that takes longer
DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux

Question = TypeVar("Question")


class WorkerDied(Exception):
    """The process that worked on a question ended without an answer; it is not asked again."""


class SideBySide:
    """``function``, called in ``count`` processes of its own; what it writes to ``log`` is written here, in order.

    Questions and answers are pickled. An exception is the answer to its question, as one of the same words.

    Examples
    --------
    >>> with SideBySide(str.upper, 2, logging.getLogger()) as both:
    ...     list(both.map(["ada", "ben", "cem"]))
    [('ada', 'ADA'), ('ben', 'BEN'), ('cem', 'CEM')]
    """

    def __init__(self, function: Callable[[Any], Any], count: int, log: logging.Logger):
        self.function, self.log = function, log
        self.idle = [self._start() for _ in range(count)]
        self.busy: dict[multiprocessing.connection.Connection, tuple[Any, int]] = {}
        self.most = AHEAD * count

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for process, pipe in [*self.idle, *((process, pipe) for pipe, (process, _) in self.busy.items())]:
            process.kill()
            process.join()
            pipe.close()

    def map(self, questions: Iterable[Question]) -> Iterator[tuple[Question, Any]]:
        """Each question with its answer or with an exception, in their order; a few are asked ahead."""
        waiting: collections.deque[tuple[int, Question]] = collections.deque()
        answers: dict[int, tuple[Any, list]] = {}
        numbered = iter(enumerate(questions))
        while True:
            while self.idle and len(waiting) < self.most and (following := next(numbered, None)):
                waiting.append(following)
                self._ask(*following, answers)
            if not waiting:
                return
            if waiting[0][0] not in answers:
                for pipe in multiprocessing.connection.wait(list(self.busy)):
                    self._hear(pipe, answers)
                continue
            number, question = waiting.popleft()
            answer, records = answers.pop(number)
            for record in records:
                self.log.handle(record)
            yield question, answer

    def _ask(self, number, question, answers):
        process, pipe = self.idle.pop()
        self.busy[pipe] = process, number
        try:
            pipe.send(question)
        except OSError:
            self._hear(pipe, answers)

    def _hear(self, pipe, answers):
        process, number = self.busy.pop(pipe)
        try:
            answers[number] = pipe.recv()
            self.idle.append((process, pipe))
        except (EOFError, OSError):
            process.join()
            pipe.close()
            answers[number] = WorkerDied(f"the process that graded it ended ({_how(process.exitcode)})"), []
            self.idle.append(self._start())

    def _start(self):
        fork = multiprocessing.get_context("fork")
        pipe, inner = fork.Pipe()
        process = fork.Process(target=self._serve, args=(inner, pipe, os.getpid()), daemon=True)
        process.start()
        inner.close()
        return process, pipe

    def _serve(self, pipe, other, parent):
        """What a process does: answer questions until the other side is gone."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that stores
        _die_with(parent)
        other.close()
        records = _Records()
        self.log.handlers, self.log.propagate = [records], False
        with contextlib.suppress(EOFError, OSError):
            while True:
                question = pipe.recv()
                try:
                    answer = self.function(question)
                except Exception as error:  # told to whom asked
                    answer = WorkerDied(str(error) or type(error).__name__)
                pipe.send((answer, records.taken()))


class _Records(logging.handlers.QueueHandler):
    """What is logged, until it is taken."""

    def __init__(self):
        super().__init__(None)
        self.kept = []

    def enqueue(self, record):
        self.kept.append(record)

    def taken(self):
        kept, self.kept = self.kept, []
        return kept


def _die_with(parent):
    """End this process when its parent ends, however that ends."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _how(code):
    """An exit code in words.

    >>> _how(-9), _how(3)
    ('SIGKILL', 'exit code 3')
    """
    return signal.Signals(-code).name if code and code < 0 else f"exit code {code}"
