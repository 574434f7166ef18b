"""Study: the decoder of a Water Cherenkov network, with and without padding, and the border of its pictures.

Both versions turn 64 x 11 x 21 numbers into an 88 x 168 picture. As real input, a picture of that size is dealt out
into 64 channels (``pixel_unshuffle``): 88 * 168 = 64 * 11 * 21. The decoder learns to put it together again. How much
larger is the error near the border? Channels are fewer than in the original, so that training takes seconds.

Source of the architecture: slides by C. Yanagisawa on a Water Cherenkov detector, 2021.
"""

from collections.abc import Iterable

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from convlab.studies import stored
from convlab.studies.photographs import random_patches, temple
from convlab.studies.training import fit, one_bar, seeded
from convlab.validation import integer

__all__ = ["decoder", "results", "run", "train"]

SEEDS = range(6)
STEPS = 400
PADDINGS = (0, 1)
HEIGHT, WIDTH = 88, 168
BANDS = ((0, 1), (1, 2), (2, 4), (4, 8), (8, 16), (16, 44))  # distance from the border, in cells


def decoder(padding: int = 0, channels: tuple[int, int] = (64, 32), out_channels: int = 1) -> nn.Sequential:
    """Six layers, from ``(N, 64, 11, 21)`` to ``(N, out_channels, 88, 168)``, with padding 0 or 1 in all of them.

    ``channels``: after the first and after the second transposed convolution; 64 and 32 in the original.

    Examples
    --------
    >>> [decoder(padding)(torch.zeros(1, 64, 11, 21)).shape[2:] for padding in (0, 1)]
    [torch.Size([88, 168]), torch.Size([88, 168])]
    """
    if integer("padding", padding) not in PADDINGS:
        raise ValueError(f"padding must be 0 or 1, got {padding}")
    many, few = channels
    return nn.Sequential(
        *(nn.ConvTranspose2d(64, many, 4, 2, padding), nn.ReLU(), nn.Conv2d(many, many, 3, 1, padding), nn.ReLU()),
        *(nn.ConvTranspose2d(many, few, 4, 2, padding), nn.ReLU(), nn.Conv2d(few, few, 3, 1, padding), nn.ReLU()),
        *(nn.ConvTranspose2d(few, few, 4, 2, padding), nn.ReLU(), nn.Conv2d(few, out_channels, 3, 1, padding)),
    )


def _start_evenly(model):
    """He's initialisation; in a transposed convolution with kernel 4 and stride 2 each cell sums 4 taps a channel."""
    for layer in model:
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
            taps = 4 if isinstance(layer, nn.ConvTranspose2d) else 9
            nn.init.normal_(layer.weight, std=(2 / (taps * layer.in_channels)) ** 0.5)
            nn.init.zeros_(layer.bias)
    return model


def _pairs(part, count, seed):
    """Channels ``(count, 64, 11, 21)`` and the pictures ``(count, 1, 88, 168)`` they are dealt from."""
    pictures = torch.from_numpy(random_patches(temple(part), count, (HEIGHT, WIDTH), seed))
    return F.pixel_unshuffle(pictures, 8), pictures


def _errors_by_distance(output, pictures):
    """Root of the mean squared error in gray levels of 255, for each band of distances from the border."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    distance = np.minimum(np.minimum(rows, HEIGHT - 1 - rows), np.minimum(columns, WIDTH - 1 - columns))
    squares = ((output - pictures) ** 2).mean(dim=(0, 1)).numpy()
    return [float(f"{255 * np.sqrt(squares[(distance >= near) & (distance < far)].mean()):.4g}") for near, far in BANDS]


def train(padding: int, seed: int, steps: int = STEPS) -> tuple[nn.Module, list[float]]:
    """Train one decoder from one seed; return it and its errors on the test pictures, one for each of ``BANDS``.

    Both paddings start with the same weights and see the same pictures.
    """
    channels, pictures = _pairs("test", 40, seed=1000)
    with seeded(seed):
        model = _start_evenly(decoder(padding, channels=(16, 8)))
        inputs, targets = _pairs("train", 300, seed)
        fit(model, inputs, targets, steps, batch=8)
        with torch.no_grad():
            return model, _errors_by_distance(model(channels), pictures)


@stored.timed
def run(seeds: Iterable[int] = SEEDS, steps: int = STEPS, bar: bool = True) -> stored.Results:
    """Train both paddings with every seed: ``errors["padding 0"]`` has a column for each of ``bands``."""
    seeds = list(seeds)
    with one_bar(len(PADDINGS) * len(seeds), bar):
        errors = {f"padding {p}": [train(p, seed, steps)[1] for seed in seeds] for p in PADDINGS}
    return {"seeds": seeds, "bands": BANDS, "errors": errors}


def results(train: bool | str = False) -> stored.Results:
    """Stored results, or the learner's own; see :func:`convlab.studies.stored.stored_or_trained`.

    Examples
    --------
    >>> sorted(results()["errors"])
    ['padding 0', 'padding 1']
    """
    return stored.stored_or_trained("decoder_border", run, train)
