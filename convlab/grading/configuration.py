"""One call in ``nbgrader_config.py`` that makes nbgrader grade this course in the sandbox."""

import importlib

from traitlets.config import Config

from convlab.grading.sandbox import nbgrader_steps, stubs

__all__ = ["configure"]


def configure(c: Config, unsafe_without_sandbox: bool = False) -> None:
    """Set what grading needs in ``c``, which ``get_config()`` gives; see :func:`~.sandbox.nbgrader_steps.configure`.

    Examples
    --------
    >>> c = Config()
    >>> configure(c)
    >>> "convlab" in c.GradeInSandbox.absent
    True
    """
    absent = ("convlab", *stubs.ABSENT)
    nbgrader_steps.configure(c, unsafe_without_sandbox, absent, ("convlab.grading",), load_torch)


def load_torch() -> None:
    """PyTorch gives the truth. The arrays are small, and the sandbox needs a core."""
    importlib.import_module("torch").set_num_threads(1)
