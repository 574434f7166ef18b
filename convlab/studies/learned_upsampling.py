"""Study: which upsampling layers leave a checkerboard, before and after training, on photographs.

A small decoder gets 8x8 averages of a patch of a photograph and gives the 32x32 patch. It has two layers that double
the size; these are a transposed convolution with kernel 3 or 4, a resize and a convolution, or a convolution and a
PixelShuffle, with or without ICNR initialisation. Trained on one photograph, measured on the other.

Sources: Odena et al., distill.pub 2016 (resize and convolution); Shi et al., arXiv:1609.05158 (PixelShuffle);
Aitken et al., arXiv:1707.02937 (ICNR).
"""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from convlab.studies import stored
from convlab.studies.checkerboard_measures import phase_means, phase_spread, phase_variance, spectral_peak
from convlab.studies.photographs import photograph, random_patches
from convlab.studies.training import fit, one_bar, parameters, seeded

__all__ = ["LAYERS", "decoder", "icnr_", "measure", "results", "run", "train", "upsampler"]

LAYERS = ("transposed k3", "transposed k4", "resize", "PixelShuffle", "ICNR")
SEEDS = range(8)
STEPS, MOMENTS = 1500, (0, 20, 100, 500)
PERIOD = 4  # two layers of stride 2
CHANNELS = 16
PATCH, TEST_PATCH = 32, 88
BORDER = 12  # cells that see the zero padding
GRAYS = (0.25, 0.5, 0.75)
CROP = (slice(170, 214), slice(230, 274))  # of the flower: petals, edges and smooth places


def upsampler(kind: str, in_channels: int, out_channels: int) -> nn.Module:
    """One layer of ``LAYERS``, or two, from ``(N, in_channels, H, W)`` to ``(N, out_channels, 2 H, 2 W)``.

    Examples
    --------
    >>> [tuple(upsampler(kind, 3, 2)(torch.zeros(1, 3, 4, 5)).shape) for kind in LAYERS] == [(1, 2, 8, 10)] * 5
    True
    """
    if kind == "transposed k3":
        return nn.ConvTranspose2d(in_channels, out_channels, 3, stride=2, padding=1, output_padding=1)
    if kind == "transposed k4":
        return nn.ConvTranspose2d(in_channels, out_channels, 4, stride=2, padding=1)
    if kind == "resize":
        return nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(in_channels, out_channels, 3, padding=1))
    if kind not in LAYERS:
        raise ValueError(f"kind must be one of {', '.join(LAYERS)}, got {kind!r}")
    conv = nn.Conv2d(in_channels, 4 * out_channels, 3, padding=1)
    return nn.Sequential(icnr_(conv) if kind == "ICNR" else conv, nn.PixelShuffle(2))


def icnr_(conv: nn.Conv2d, upscale_factor: int = 2) -> nn.Conv2d:
    """Make the channels that a pixel shuffle deals to one block start alike: nearest-neighbour enlarging.

    ``conv``, the convolution before the pixel shuffle, is changed in place and returned.

    Examples
    --------
    >>> conv = icnr_(nn.Conv2d(3, 8, 3))
    >>> bool((conv.weight[0] == conv.weight[3]).all()), bool((conv.weight[3] == conv.weight[4]).all())
    (True, False)
    """
    with torch.no_grad():
        for values in (conv.weight, conv.bias):
            values.copy_(values[:: upscale_factor**2].repeat_interleave(upscale_factor**2, dim=0))
    return conv


def decoder(kind: str) -> nn.Sequential:
    """From ``(N, 1, H, W)`` to ``(N, 1, 4 H, 4 W)``; fully convolutional.

    Examples
    --------
    >>> decoder("resize")(torch.zeros(1, 1, 8, 8)).shape
    torch.Size([1, 1, 32, 32])
    """
    return nn.Sequential(
        nn.Conv2d(1, CHANNELS, 3, padding=1),
        nn.ReLU(),
        upsampler(kind, CHANNELS, CHANNELS),
        nn.ReLU(),
        upsampler(kind, CHANNELS, 1),
    )


def _pairs(name, count, size, seed):
    """Small and large patches of a photograph, ``(count, 1, size / 4, size / 4)`` and ``(count, 1, size, size)``."""
    large = torch.from_numpy(random_patches(photograph(name), count, size, seed))
    return F.avg_pool2d(large, 4), large


def _test_pairs():
    return _pairs("flower", 100, TEST_PATCH, seed=1000)


def _inside(images):
    """Without the border, where zero padding shows: ``(N, H, W)`` as NumPy's float64."""
    return images[:, 0, BORDER:-BORDER, BORDER:-BORDER].numpy().astype(np.float64)


@torch.no_grad()
def measure(
    model: Callable[[torch.Tensor], torch.Tensor], small: torch.Tensor, large: torch.Tensor
) -> dict[str, float]:
    """How good and how even a decoder is on test patches ``(N, 1, H, W)`` and ``(N, 1, 4 H, 4 W)``.

    ``error``: root of the mean squared error. ``flat``: spread of the phase means when all inputs are the same gray
    (mean over three grays). ``variance``: share of the error that is a pattern of period 4. ``peak``: spectral peak
    of the error at period 4.
    """
    output = model(small)
    error = _inside(output) - _inside(large)
    flats = [_inside(model(torch.full((1, 1, 16, 16), gray))) for gray in GRAYS]
    numbers = {
        "error": 255 * np.sqrt((error**2).mean()),
        "flat": 255 * np.mean([phase_spread(flat, PERIOD) for flat in flats]),
        "variance": phase_variance(error, PERIOD),
        "peak": spectral_peak(error, PERIOD),
    }
    return {name: float(f"{number:.5g}") for name, number in numbers.items()}


@torch.no_grad()
def _picture(model):
    """The decoder's version of a piece of the test photograph, as bytes ``(44, 44)``, for figures."""
    rows, columns = (slice(crop.start - BORDER, crop.stop + BORDER) for crop in CROP)
    large = torch.from_numpy(photograph("flower")[rows, columns].copy())[None, None]
    return _bytes(_inside(model(F.avg_pool2d(large, 4)))[0])


@torch.no_grad()
def _flat_phases(model):
    """What each phase makes of a middle gray, in gray levels from their mean, ``(4, 4)``."""
    means = 255 * phase_means(_inside(model(torch.full((1, 1, 16, 16), 0.5))), PERIOD)
    return (means - means.mean()).round(2)


def _bytes(picture):
    return np.rint(255 * picture.clip(0, 1)).astype(int)


def train(kind: str, seed: int, steps: int = STEPS) -> tuple[nn.Module, dict[int, dict[str, Any]]]:
    """Train one decoder from one seed; return it, and by step what :func:`measure` says, with a ``picture``."""
    test = _test_pairs()

    def watch(model):
        return {**measure(model, *test), "picture": _picture(model)}

    with seeded(seed):
        model = decoder(kind)
        small, large = _pairs("china", 2000, PATCH, seed)
        seen = fit(model, small, large, steps, batch=32, watch=watch, moments=MOMENTS)
    return model, seen


@stored.timed
def run(
    kinds: Sequence[str] = LAYERS, seeds: Iterable[int] = SEEDS, steps: int = STEPS, bar: bool = True
) -> stored.Results:
    """Train every kind with every seed: ``measured[kind][measure]`` has a column for each of ``moments``.

    ``pictures[kind]`` (after 100 steps, if there are as many, and at the end) and ``flat_phases[kind]`` belong to the
    first seed. ``bilinear`` has the same measures of plain bilinear enlarging, ``photograph`` a piece of the test
    photograph.
    """
    seeds = list(seeds)
    report: stored.Results = {name: {} for name in ("weights", "seconds_each", "measured", "flat_phases", "pictures")}
    with one_bar(len(kinds) * len(seeds), bar):
        for kind in kinds:
            begun = time.process_time()
            runs = [train(kind, seed, steps) for seed in seeds]
            report["seconds_each"][kind] = round((time.process_time() - begun) / len(seeds), 1)
            model, first = runs[0]
            moments = sorted(first)
            report["measured"][kind] = {
                name: [[seen[moment][name] for moment in moments] for _, seen in runs]
                for name in ("error", "flat", "variance", "peak")
            }
            report["pictures"][kind] = {
                moment: first[moment]["picture"] for moment in moments if moment in (100, steps)
            }
            report["flat_phases"][kind] = _flat_phases(model)
            report["weights"][kind] = parameters(model)
    report["bilinear"] = measure(lambda x: F.interpolate(x, scale_factor=4, mode="bilinear"), *_test_pairs())
    report["photograph"] = _bytes(photograph("flower")[CROP])
    return {"seeds": seeds, "moments": moments, **report}


def results(train: bool | str = False) -> stored.Results:
    """Stored results, or the learner's own; see :func:`convlab.studies.stored.stored_or_trained`.

    Examples
    --------
    >>> list(results()["measured"]) == list(LAYERS)
    True
    """
    return stored.stored_or_trained("learned_upsampling", run, train)
