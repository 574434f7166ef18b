"""Settings for all tests: how hard Hypothesis tries, one thread for PyTorch, and who runs what in parallel.

``HYPOTHESIS_PROFILE=deep python -m pytest tests/test_reference.py`` tries 3000 new examples of every
property; the default tries a few, the same ones every time.
"""

import os
import sys

import pytest
from hypothesis import HealthCheck, settings

from browser import browser_fixture, context_fixture, lab_fixture, page_fixture, window_fixture  # noqa: F401

settings.register_profile("fast", derandomize=True, deadline=None, database=None, max_examples=100)
settings.register_profile(
    "deep",
    deadline=None,
    database=None,
    max_examples=3000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Sums in a fixed order, and no fight for the cores. Only where a test has loaded torch: that takes seconds."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


LONG = ("browser", "assignments", "slow")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Tests in parallel (pytest-xdist, ``--dist=loadfile``): the files that take long begin first."""
    if not hasattr(config, "workerinput"):
        return
    files = {}
    for item in items:
        files.setdefault(item.nodeid.partition("::")[0], []).append(item)
    items[:] = [item for file in sorted(files.values(), key=_place) for item in file]


def _place(file):
    """0 for a file that must begin first."""
    marked = [place for place, name in enumerate(LONG) if any(item.get_closest_marker(name) for item in file)]
    return min(marked, default=len(LONG))
