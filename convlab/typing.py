"""Names for the types that public functions take and give."""

from collections.abc import Sequence

import numpy as np

__all__ = ["Array", "Ints", "Pads"]

Array = np.ndarray
#: One number for all axes, or one for each axis.
Ints = int | Sequence[int]
#: Cells at begin and end of an axis: one number for both, or a pair.
Pads = int | tuple[int, int]
