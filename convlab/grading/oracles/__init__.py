"""The truth for each function of the assignments: what PyTorch answers to the same call, or that it refuses.

One module for each subject; each has a dict ``ORACLES``. PyTorch is imported when the first question is asked, not
with these modules.
"""

from convlab.grading.oracles import convolution, decoders, dilation, frameworks, transposed, upsampling, views
from convlab.grading.oracles.oracle import Oracle, Refused, one_thread

__all__ = ["ORACLES", "Oracle", "Refused", "answer"]

ORACLES = {
    **convolution.ORACLES,
    **decoders.ORACLES,
    **dilation.ORACLES,
    **frameworks.ORACLES,
    **transposed.ORACLES,
    **upsampling.ORACLES,
    **views.ORACLES,
}


def answer(name, arguments):
    """The truth, or ``None`` if the call is refused.

    Parameters
    ----------
    name : str
        One of :data:`ORACLES`.
    arguments : dict
        As :func:`convlab.grading.cases.build` makes them.

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
    try:
        with one_thread():
            return ORACLES[name].ask(**arguments)
    except Refused:
        return None
