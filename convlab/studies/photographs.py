"""The two photographs that come with scikit-learn, in gray; nothing is downloaded.

A Chinese temple, for training, and a flower, for testing: 427 x 640 cells each.
"""

import numpy as np
from sklearn.datasets import load_sample_image

from convlab.validation import integer

__all__ = ["photograph", "random_patches"]

NAMES = ("china", "flower")


def photograph(name):
    """One photograph in gray, from 0 (black) to 1 (white).

    Parameters
    ----------
    name : str
        ``"china"`` or ``"flower"``.

    Returns
    -------
    array
        ``(427, 640)``, float32.

    Raises
    ------
    ValueError
        If the name is neither.

    Examples
    --------
    >>> photograph("flower").shape
    (427, 640)
    """
    if name not in NAMES:
        raise ValueError(f"name must be one of {', '.join(NAMES)}, got {name!r}")
    return (load_sample_image(f"{name}.jpg").mean(axis=2) / 255).astype(np.float32)


def random_patches(picture, count, size, seed):
    """Square pieces cut out of a picture at random places.

    Parameters
    ----------
    picture : array
        ``(H, W)``.
    count, size : int
        How many, and cells on each side.
    seed : int
        Of the random places.

    Returns
    -------
    array
        ``(count, 1, size, size)``.

    Raises
    ------
    TypeError
        If a number is not an integer.
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> random_patches(np.arange(12.0).reshape(3, 4), count=2, size=3, seed=0).shape
    (2, 1, 3, 3)
    """
    count, size = integer("count", count, minimum=1), integer("size", size, minimum=1)
    if size > min(picture.shape):
        raise ValueError(f"size must be at most {min(picture.shape)}, got {size}")
    random = np.random.default_rng(integer("seed", seed, minimum=0))
    tops, lefts = (random.integers(0, cells - size + 1, count) for cells in picture.shape)
    return np.stack([picture[top : top + size, left : left + size] for top, left in zip(tops, lefts)])[:, None]
