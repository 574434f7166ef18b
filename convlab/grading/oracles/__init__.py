"""The truth for each function of the assignments: what PyTorch answers to the same call, or that it refuses.

One module for each assignment, ``<assignment>_oracles.py``, with a dict ``ORACLES`` by the names of the functions;
they are found by the name of the file. PyTorch is imported when the first question is asked, not with these modules.
"""

import pickle
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from convlab.grading.oracles.oracle import Mistake, Oracle, Refused, one_thread

__all__ = ["ORACLES", "Mistake", "Oracle", "Refused", "answer", "found"]


def found() -> dict[str, Oracle]:
    """The oracles of all modules in this package's path, by the name of the function.

    Examples
    --------
    >>> found()["conv_output_size"].positional
    2
    """
    names = sorted(module.name for module in iter_modules(__path__) if module.name.endswith("_oracles"))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return {function: oracle for module in modules for function, oracle in module.ORACLES.items()}


ORACLES = found()


def answer(name: str, arguments: dict[str, Any]) -> Any:
    """The truth, or ``None`` if the call is refused; arguments as :func:`convlab.grading.cases.build` makes them.

    Examples
    --------
    >>> import numpy as np
    >>> answer("conv_transpose1d", {"input": np.array([[[2.0, 3]]]), "weight": np.array([[[1.0, 2, 3]]]), "stride": 2})
    array([[[2., 4., 9., 6., 9.]]])
    >>> answer("conv_transpose_output_size", {"input_size": 2, "kernel_size": 3, "stride": 2})
    5
    >>> answer("conv_transpose_output_size", {"input_size": 2, "kernel_size": 3, "padding": 2}) is None
    True
    """
    return pickle.loads(_answer(name, pickle.dumps(arguments)))


@lru_cache(maxsize=4096)
def _answer(name: str, arguments: bytes) -> bytes:
    """Hundreds of answers are checked with the same calls. As bytes, so that nobody changes what is kept."""
    try:
        with one_thread():
            return pickle.dumps(ORACLES[name].ask(**pickle.loads(arguments)))
    except Refused:
        return pickle.dumps(None)
