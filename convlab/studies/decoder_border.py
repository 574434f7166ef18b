"""Study: the decoder of a Water Cherenkov network, with and without padding, and the border of its pictures.

Both versions turn 64 x 11 x 21 numbers into an 88 x 168 picture. As real input, a picture of that size is dealt out
into 64 channels (``pixel_unshuffle``): 88 * 168 = 64 * 11 * 21. The decoder learns to put it together again. How much
larger is the error near the border? Channels are fewer than in the original, so that training takes seconds.

``python -m convlab.studies.decoder_border`` trains both with all seeds and stores the numbers.

Source of the architecture: slides by C. Yanagisawa on a Water Cherenkov detector, 2021.
"""

import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from convlab.studies import stored
from convlab.studies.photographs import photograph
from convlab.studies.training import fit, seeded
from convlab.validation import integer

__all__ = ["decoder", "results", "run", "train"]

NAME = "decoder_border"
SEEDS = range(6)
STEPS = 400
PADDINGS = (0, 1)
HEIGHT, WIDTH = 88, 168
BANDS = ((0, 1), (1, 2), (2, 4), (4, 8), (8, 16), (16, 44))  # distance from the border, in cells
SPLIT = 420  # column of the photograph: training pictures from the left, test pictures from the right


def decoder(padding=0, channels=(64, 32), out_channels=1):
    """Six layers, from ``(N, 64, 11, 21)`` to ``(N, out_channels, 88, 168)``.

    Parameters
    ----------
    padding : int
        0 or 1, in all six layers; the output size is the same.
    channels : (int, int)
        After the first and after the second transposed convolution; 64 and 32 in the original.
    out_channels : int

    Raises
    ------
    ValueError
        If ``padding`` is neither.

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
    picture = photograph("china") - 0.5
    picture = picture[:, :SPLIT] if part == "train" else picture[:, SPLIT:]
    random = np.random.default_rng(seed)
    tops = random.integers(0, picture.shape[0] - HEIGHT + 1, count)
    lefts = random.integers(0, picture.shape[1] - WIDTH + 1, count)
    pieces = [picture[top : top + HEIGHT, left : left + WIDTH] for top, left in zip(tops, lefts)]
    pictures = torch.from_numpy(np.stack(pieces))[:, None]
    return F.pixel_unshuffle(pictures, 8), pictures


def _errors_by_distance(output, pictures):
    """Root of the mean squared error in gray levels of 255, for each band of distances from the border."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    distance = np.minimum(np.minimum(rows, HEIGHT - 1 - rows), np.minimum(columns, WIDTH - 1 - columns))
    squares = ((output - pictures) ** 2).mean(dim=(0, 1)).numpy()
    return [float(f"{255 * np.sqrt(squares[(distance >= near) & (distance < far)].mean()):.4g}") for near, far in BANDS]


def train(padding, seed, steps=STEPS, bar=True):
    """Train one decoder from one seed; both paddings start with the same weights and see the same pictures.

    Parameters
    ----------
    padding : int
        0 or 1.
    seed : int
        Of the weights, the pictures and the batches.
    steps : int
    bar : bool
        Show a progress bar.

    Returns
    -------
    model : torch.nn.Module
    errors : list of float
        On the test pictures, in gray levels, for each of ``BANDS``.
    """
    channels, pictures = _pairs("test", 40, seed=1000)
    with seeded(seed):
        model = _start_evenly(decoder(padding, channels=(16, 8)))
        title = f"padding {padding}, seed {seed}" if bar else ""
        fit(model, *_pairs("train", 300, seed), steps, batch=8, title=title)
        with torch.no_grad():
            return model, _errors_by_distance(model(channels), pictures)


def run(seeds=SEEDS, steps=STEPS, bar=True):
    """Train both paddings with every seed.

    Returns
    -------
    dict
        For :func:`convlab.studies.stored.save`: ``errors["padding 0"]`` and ``errors["padding 1"]`` have a row for
        each seed and a column for each of ``bands``.
    """
    started, seeds = time.process_time(), list(seeds)
    errors = {f"padding {p}": [train(p, seed, steps, bar)[1] for seed in seeds] for p in PADDINGS}
    seconds = round(time.process_time() - started, 1)
    return {"seeds": seeds, "seconds": seconds, "bands": BANDS, "errors": errors}


def results(train=False):
    """Stored results, or new ones; see :func:`convlab.studies.stored.stored_or_trained`.

    Examples
    --------
    >>> sorted(results()["errors"])
    ['padding 0', 'padding 1']
    """
    return stored.stored_or_trained(NAME, run, train)


if __name__ == "__main__":
    print(stored.save(NAME, run()))
