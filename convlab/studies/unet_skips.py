"""Study: a small U-Net whose skips have the right size, but not always the right place.

The U-Net has unpadded convolutions, so the skips are larger than what they are joined with. Cutting out the middle is
right; cutting off the top left corner, or shrinking the skip, gives the same shapes and no error. Task: take the noise
out of a photograph. Trained on the left part of one, measured on its right part.

``python -m convlab.studies.unet_skips`` trains all of them with all seeds and stores the numbers.

Source of the architecture: Ronneberger et al., arXiv:1505.04597 (two levels here, not four).
"""

import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from convlab.studies import stored
from convlab.studies.photographs import photograph, random_patches
from convlab.studies.training import fit, seeded

__all__ = ["JOINS", "SmallUNet", "centre", "corner", "results", "run", "shrunk", "train"]

NAME = "unet_skips"
SEEDS = range(6)
STEPS, MOMENTS = 400, (100, 200)
NOISE = 0.1
SIZE, LOST = 92, 20  # cells of a patch, and cells that the output lacks on each side
SPLIT = 420  # column of the photograph: training patches from the left, test patches from the right


def centre(skip, x):
    """Cut the middle out of ``skip``, ``(N, C, H, W)``, so that it has the size of ``x``.

    Examples
    --------
    >>> centre(torch.arange(6.0).reshape(1, 1, 1, 6), torch.zeros(1, 1, 1, 2))
    tensor([[[[2., 3.]]]])
    """
    top, left = ((large - small) // 2 for large, small in zip(skip.shape[2:], x.shape[2:]))
    return skip[:, :, top : top + x.shape[2], left : left + x.shape[3]]


def corner(skip, x):
    """Cut off the top left corner: the right size at the wrong place.

    Examples
    --------
    >>> corner(torch.arange(6.0).reshape(1, 1, 1, 6), torch.zeros(1, 1, 1, 2))
    tensor([[[[0., 1.]]]])
    """
    return skip[:, :, : x.shape[2], : x.shape[3]]


def shrunk(skip, x):
    """Shrink the whole skip: the right size, and only the middle at the right place.

    Examples
    --------
    >>> shrunk(torch.arange(6.0).reshape(1, 1, 1, 6), torch.zeros(1, 1, 1, 2))
    tensor([[[[1., 4.]]]])
    """
    return F.interpolate(skip, x.shape[2:], mode="bilinear")


def nothing(skip, x):
    """Zeros in the place of the skip: a network without skips, with as many weights."""
    return torch.zeros_like(corner(skip, x))


JOINS = {"middle": centre, "corner": corner, "shrunk": shrunk, "no skip": nothing}


def _double(in_channels, out_channels):
    """Two unpadded convolutions: each takes a cell off every side."""
    first, second = nn.Conv2d(in_channels, out_channels, 3), nn.Conv2d(out_channels, out_channels, 3)
    return nn.Sequential(first, nn.ReLU(), second, nn.ReLU())


class SmallUNet(nn.Module):
    """Two levels down, two up; ``join`` makes the skips fit.

    Examples
    --------
    >>> SmallUNet(centre)(torch.zeros(1, 1, 92, 92)).shape
    torch.Size([1, 1, 52, 52])
    """

    def __init__(self, join, channels=8):
        super().__init__()
        c = channels
        self.join = join
        self.down1, self.down2, self.bottom = _double(1, c), _double(c, 2 * c), _double(2 * c, 4 * c)
        self.up2, self.up1 = nn.ConvTranspose2d(4 * c, 2 * c, 2, stride=2), nn.ConvTranspose2d(2 * c, c, 2, stride=2)
        self.merge2, self.merge1 = _double(4 * c, 2 * c), _double(2 * c, c)
        self.head = nn.Conv2d(c, 1, 1)
        for layer in self.modules():
            if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
                # What each output cell sums over; with PyTorch's default the signal dies on the way down.
                mode = "fan_in" if isinstance(layer, nn.Conv2d) else "fan_out"
                nn.init.kaiming_normal_(layer.weight, mode=mode)
                nn.init.zeros_(layer.bias)

    def forward(self, image):
        skip1 = self.down1(image)
        skip2 = self.down2(F.max_pool2d(skip1, 2))
        x = self.up2(self.bottom(F.max_pool2d(skip2, 2)))
        x = self.up1(self.merge2(torch.cat([self.join(skip2, x), x], dim=1)))
        return self.head(self.merge1(torch.cat([self.join(skip1, x), x], dim=1)))


def _pairs(part, count, seed):
    """Noisy patches ``(count, 1, 92, 92)`` and the clean middles ``(count, 1, 52, 52)``, gray from -0.5 to 0.5."""
    picture = photograph("china") - 0.5
    picture = picture[:, :SPLIT] if part == "train" else picture[:, SPLIT:]
    clean = random_patches(picture, count, SIZE, seed)
    noise = np.random.default_rng([seed, 1]).normal(0, NOISE, clean.shape).astype(np.float32)
    return torch.from_numpy(clean + noise), torch.from_numpy(clean[..., LOST:-LOST, LOST:-LOST])


def _error(output, clean):
    """Root of the mean squared error in gray levels of 255."""
    return float(f"{255 * F.mse_loss(output, clean).sqrt().item():.4g}")


def train(join, seed, steps=STEPS, bar=True):
    """Train one U-Net from one seed.

    Parameters
    ----------
    join : str
        A name in ``JOINS``.
    seed : int
        Of the weights, the patches, the noise and the batches.
    steps : int
    bar : bool
        Show a progress bar.

    Returns
    -------
    model : torch.nn.Module
    seen : dict
        From the step to the error on the test patches, in gray levels.
    """
    noisy, clean = _pairs("test", 60, seed=1000)

    @torch.no_grad()
    def watch(model):
        return _error(model(noisy), clean)

    with seeded(seed):
        model = SmallUNet(JOINS[join])
        title = f"{join}, seed {seed}" if bar else ""
        seen = fit(model, *_pairs("train", 400, seed), steps, batch=8, title=title, watch=watch, moments=MOMENTS)
    return model, seen


def run(joins=tuple(JOINS), seeds=SEEDS, steps=STEPS, bar=True):
    """Train every way to join with every seed.

    Returns
    -------
    dict
        For :func:`convlab.studies.stored.save`: ``errors[join]`` has a row for each seed and a column for each of
        ``moments``; ``untouched`` is the error of the noisy picture itself.
    """
    started, seeds = time.process_time(), list(seeds)
    noisy, clean = _pairs("test", 60, seed=1000)
    untouched = _error(noisy[..., LOST:-LOST, LOST:-LOST], clean)
    runs = {join: [train(join, seed, steps, bar)[1] for seed in seeds] for join in joins}
    moments = sorted(runs[joins[0]][0])
    errors = {join: [[seen[moment] for moment in moments] for seen in of_join] for join, of_join in runs.items()}
    seconds = round(time.process_time() - started, 1)
    return {"seeds": seeds, "seconds": seconds, "moments": moments, "untouched": untouched, "errors": errors}


def results(train=False):
    """Stored results, or new ones; see :func:`convlab.studies.stored.stored_or_trained`.

    Examples
    --------
    >>> list(results()["errors"]) == list(JOINS)
    True
    """
    return stored.stored_or_trained(NAME, run, train)


if __name__ == "__main__":
    print(stored.save(NAME, run()))
