"""Run nbval and say how long each notebook took (``make nbval``, ``make test``)."""

import collections
import sys

import pytest


class Times:
    """A plugin of pytest: the seconds of all cells, by notebook."""

    def __init__(self):
        self.seconds = collections.Counter()

    def pytest_runtest_logreport(self, report):
        self.seconds[report.nodeid.partition("::")[0]] += report.duration

    def pytest_terminal_summary(self, terminalreporter):
        if self.seconds:
            terminalreporter.section("seconds for each notebook")
            for name, seconds in sorted(self.seconds.items()):
                terminalreporter.write_line(f"{seconds:7.1f} {name}")
            terminalreporter.write_line(f"{self.seconds.total():7.1f} together")


if __name__ == "__main__":
    sys.exit(pytest.main(sys.argv[1:], plugins=[Times()]))
