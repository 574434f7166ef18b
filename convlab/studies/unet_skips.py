"""Study: a small U-Net whose skips have the right size, but not always the right place.

The U-Net has unpadded convolutions, so the skips are larger than what they are joined with. Cutting out the middle is
right; cutting off the top left corner, or shrinking the skip, gives the same shapes and no error. Task: take the noise
out of a photograph. Trained on the left part of one, measured on its right part.

Source of the architecture: Ronneberger et al., arXiv:1505.04597 (two levels here, not four).
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from convlab.studies import stored
from convlab.studies.photographs import random_patches, temple
from convlab.studies.training import fit, one_bar, seeded

__all__ = ["JOINS", "SmallUNet", "centre", "corner", "results", "run", "shrunk", "train"]

SEEDS = range(6)
STEPS, MOMENTS = 400, (100, 200)
NOISE = 0.1
SIZE, LOST = 92, 20  # cells of a patch, and cells that the output lacks on each side


def centre(skip: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Cut the middle out of ``skip``, ``(N, C, H, W)``, so that it has the size of ``x``.

    Examples
    --------
    >>> centre(torch.arange(6.0).reshape(1, 1, 1, 6), torch.zeros(1, 1, 1, 2))
    tensor([[[[2., 3.]]]])
    """
    top, left = ((large - small) // 2 for large, small in zip(skip.shape[2:], x.shape[2:]))
    return skip[:, :, top : top + x.shape[2], left : left + x.shape[3]]


def corner(skip: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Cut off the top left corner: the right size at the wrong place.

    Examples
    --------
    >>> corner(torch.arange(6.0).reshape(1, 1, 1, 6), torch.zeros(1, 1, 1, 2))
    tensor([[[[0., 1.]]]])
    """
    return skip[:, :, : x.shape[2], : x.shape[3]]


def shrunk(skip: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Shrink the whole skip: the right size, and only the middle at the right place.

    Examples
    --------
    >>> shrunk(torch.arange(6.0).reshape(1, 1, 1, 6), torch.zeros(1, 1, 1, 2))
    tensor([[[[1., 4.]]]])
    """
    return F.interpolate(skip, x.shape[2:], mode="bilinear")


def nothing(skip: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
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

    def __init__(self, join: Callable[[torch.Tensor, torch.Tensor], torch.Tensor], channels: int = 8) -> None:
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

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        skip1 = self.down1(image)
        skip2 = self.down2(F.max_pool2d(skip1, 2))
        x = self.up2(self.bottom(F.max_pool2d(skip2, 2)))
        x = self.up1(self.merge2(torch.cat([self.join(skip2, x), x], dim=1)))
        return self.head(self.merge1(torch.cat([self.join(skip1, x), x], dim=1)))


def _pairs(part, count, seed):
    """Noisy patches ``(count, 1, 92, 92)`` and the clean middles ``(count, 1, 52, 52)``, gray from -0.5 to 0.5."""
    clean = random_patches(temple(part), count, SIZE, seed)
    noise = np.random.default_rng([seed, 1]).normal(0, NOISE, clean.shape).astype(np.float32)
    return torch.from_numpy(clean + noise), torch.from_numpy(clean[..., LOST:-LOST, LOST:-LOST])


def _error(output, clean):
    """Root of the mean squared error in gray levels of 255."""
    return float(f"{255 * F.mse_loss(output, clean).sqrt().item():.4g}")


def train(join: str, seed: int, steps: int = STEPS) -> tuple[nn.Module, dict[int, float]]:
    """Train one U-Net from one seed; ``join`` is a name in ``JOINS``. Returns it, and the test error by step."""
    noisy, clean = _pairs("test", 60, seed=1000)

    @torch.no_grad()
    def watch(model):
        return _error(model(noisy), clean)

    with seeded(seed):
        model = SmallUNet(JOINS[join])
        inputs, targets = _pairs("train", 400, seed)
        seen = fit(model, inputs, targets, steps, batch=8, watch=watch, moments=MOMENTS)
    return model, seen


@stored.timed
def run(
    joins: Sequence[str] = tuple(JOINS), seeds: Iterable[int] = SEEDS, steps: int = STEPS, bar: bool = True
) -> stored.Results:
    """Train every way to join with every seed: ``errors[join]`` has a column for each of ``moments``.

    ``untouched`` is the error of the noisy picture itself.
    """
    seeds = list(seeds)
    noisy, clean = _pairs("test", 60, seed=1000)
    untouched = _error(noisy[..., LOST:-LOST, LOST:-LOST], clean)
    with one_bar(len(joins) * len(seeds), bar):
        runs = {join: [train(join, seed, steps)[1] for seed in seeds] for join in joins}
    moments = sorted(runs[joins[0]][0])
    errors = {join: [[seen[moment] for moment in moments] for seen in of_join] for join, of_join in runs.items()}
    return {"seeds": seeds, "moments": moments, "untouched": untouched, "errors": errors}


def results(train: bool | str = False) -> stored.Results:
    """Stored results, or the learner's own; see :func:`convlab.studies.stored.stored_or_trained`.

    Examples
    --------
    >>> list(results()["errors"]) == list(JOINS)
    True
    """
    return stored.stored_or_trained("unet_skips", run, train)
