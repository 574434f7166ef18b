"""convlab: learn, teach and grade convolution arithmetic.

Import the part you need: :mod:`convlab.arithmetic` (sizes), :mod:`convlab.reference`
(operators in NumPy), :mod:`convlab.traces` (what happens step by step),
:mod:`convlab.plots` (figures) and :mod:`convlab.feedback` (feedback on an answer).
Lessons take ``from convlab import checks as check`` and ``from convlab import predict``.
Importing ``convlab`` itself loads none of them, nor torch or matplotlib.
"""

from importlib import import_module

__version__ = "0.2.0"

_FEEDBACK = {"checks": "convlab.feedback.checks", "predict": "convlab.feedback.prediction"}


def __getattr__(name):
    if name not in _FEEDBACK:
        raise AttributeError(f"module 'convlab' has no attribute {name!r}")
    module = import_module(_FEEDBACK[name])
    return module if name == "checks" else module.predict
