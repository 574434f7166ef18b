"""Settings for all tests: how hard Hypothesis tries, and one thread for PyTorch.

``HYPOTHESIS_PROFILE=deep python -m pytest tests/test_reference.py`` tries 3000 new examples of every
property; the default tries a few, the same ones every time.
"""

import os
import sys

import pytest
from hypothesis import HealthCheck, settings

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
