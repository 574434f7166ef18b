"""Two photographs in gray: a Chinese temple, mostly for training, and a flower, for testing; 427 x 640 cells each.

They lie in ``pictures/``, with their licence; nothing is downloaded.
"""

import pathlib

import numpy as np
from matplotlib.image import imread

from convlab.typing import Array
from convlab.validation import integer

__all__ = ["photograph", "random_patches", "temple"]

PICTURES = pathlib.Path(__file__).parent / "pictures"
NAMES = ("china", "flower")
SPLIT = 420  # column of the temple: training patches from the left, test patches from the right


def photograph(name: str) -> Array:
    """One photograph, ``"china"`` or ``"flower"``: ``(427, 640)``, float32, from 0 (black) to 1 (white).

    Examples
    --------
    >>> photograph("flower").shape
    (427, 640)
    """
    if name not in NAMES:
        raise ValueError(f"name must be one of {', '.join(NAMES)}, got {name!r}")
    return (imread(PICTURES / f"{name}.jpg").mean(axis=2) / 255).astype(np.float32)


def temple(part: str) -> Array:
    """The left part of the temple for ``"train"``, the right one for ``"test"``; gray from -0.5 to 0.5.

    Examples
    --------
    >>> temple("train").shape, temple("test").shape
    ((427, 420), (427, 220))
    """
    picture = photograph("china") - 0.5
    return picture[:, :SPLIT] if part == "train" else picture[:, SPLIT:]


def random_patches(picture: Array, count: int, size: int | tuple[int, int], seed: int) -> Array:
    """Pieces cut out of a picture ``(H, W)`` at random places: ``(count, 1, size, size)``.

    ``size`` is in cells: one number for squares, or height and width. ``seed`` is that of the random places.

    Examples
    --------
    >>> random_patches(np.arange(12.0).reshape(3, 4), count=2, size=3, seed=0).shape
    (2, 1, 3, 3)
    """
    count = integer("count", count, minimum=1)
    height, width = size if isinstance(size, tuple) else [integer("size", size, minimum=1)] * 2
    if height > picture.shape[0] or width > picture.shape[1]:
        raise ValueError(f"size must be at most {min(picture.shape)}, got {size}")
    random = np.random.default_rng(integer("seed", seed, minimum=0))
    tops = random.integers(0, picture.shape[0] - height + 1, count)
    lefts = random.integers(0, picture.shape[1] - width + 1, count)
    return np.stack([picture[top : top + height, left : left + width] for top, left in zip(tops, lefts)])[:, None]
