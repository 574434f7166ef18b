"""convlab: learn, teach and grade convolution arithmetic.

Import the part you need: :mod:`convlab.arithmetic` (sizes), :mod:`convlab.reference`
(operators in NumPy), :mod:`convlab.traces` (what happens step by step),
:mod:`convlab.plots` (figures) and :mod:`convlab.checks` (feedback on an answer).
Importing ``convlab`` itself loads none of them, nor torch or matplotlib.
"""

__version__ = "0.1.0"
