"""A checkerboard as a number, on pictures: two measures that look for a pattern of a known period.

A layer with stride ``s`` makes its output in ``s`` phases on each axis. If the phases have unequal means, there is a
pattern of period ``s``; in the spectrum it is power at the multiples of ``1/s`` cycles per cell, and nowhere else.
(Two layers of stride 2 in a row have period 4.)

``images`` are ``(H, W)`` or ``(N, H, W)``. ``stride`` is the period to look for, at least 2; the cells on each side
must be a multiple of it. Wrong types raise ``TypeError``, wrong sizes ``ValueError``.
"""

import numpy as np

from convlab.typing import Array
from convlab.validation import integer

__all__ = ["phase_means", "phase_spread", "phase_variance", "power_spectrum", "spectral_peak"]

NEAR, FAR = 3, 6  # bins from a peak to its background: the window smears a peak over one bin to each side


def phase_means(images: Array, stride: int) -> Array:
    """Mean of the cells ``[a::stride, b::stride]`` over all images, at ``[a, b]`` of ``(stride, stride)``.

    Examples
    --------
    >>> phase_means(np.array([[1, 3, 1, 3], [5, 7, 5, 7]]), stride=2)
    array([[1., 3.],
           [5., 7.]])
    """
    pictures, s = _checked(images, stride)
    count, height, width = pictures.shape
    return pictures.reshape(count, height // s, s, width // s, s).mean(axis=(0, 1, 3))


def phase_spread(images: Array, stride: int) -> float:
    """Standard deviation of the phase means, in the unit of the images: how strong the pattern is.

    Examples
    --------
    >>> phase_spread(np.array([[1, 3, 1, 3], [1, 3, 1, 3]]), stride=2)
    1.0
    """
    return float(phase_means(images, stride).std())


def phase_variance(images: Array, stride: int) -> float:
    """Variance of the phase means relative to the variance of all cells: 0 no pattern, 1 nothing but the pattern.

    It is the share of the power that lies exactly at the multiples of ``1/stride`` cycles per cell, DC left out.
    Images without any variance give 0.

    Examples
    --------
    >>> phase_variance(np.array([[1, 3, 1, 3], [1, 3, 1, 3]]), stride=2)
    1.0
    >>> phase_variance(np.array([[1, 1, 2, 2], [3, 3, 4, 4]]), stride=2) < 0.9
    True
    """
    pictures, _ = _checked(images, stride)
    total = pictures.var()
    return float(phase_means(images, stride).var() / total) if total else 0.0


def power_spectrum(images: Array) -> Array:
    """Power at each spatial frequency, averaged over the images, each taken without its mean under a Hann window.

    The answer is ``(H, W)``; frequency ``[u, v]`` is ``u / H`` and ``v / W`` cycles per cell.

    Examples
    --------
    >>> wave = np.tile([1, -1], (8, 4))
    >>> int(power_spectrum(wave)[0].argmax())     # 4 / 8 cycles per cell: one wave in two cells
    4
    """
    pictures = _pictures(images)
    windows = [np.hanning(size + 1)[:-1] for size in pictures.shape[1:]]
    tapered = (pictures - pictures.mean(axis=(1, 2), keepdims=True)) * np.multiply.outer(*windows)
    return (np.abs(np.fft.fft2(tapered)) ** 2).mean(axis=0)


def spectral_peak(images: Array, stride: int) -> float:
    """Power at the frequencies of the pattern, as a multiple of the power around them; about 1 without a pattern.

    The mean over the ``stride**2 - 1`` frequencies of (power there) / (median power three to six bins away).

    Each side must have at least ``16 * stride`` cells, so that the neighbourhoods are apart.

    Examples
    --------
    >>> noise = np.random.default_rng(0).normal(size=(50, 64, 64))
    >>> round(spectral_peak(noise, stride=2), 1)
    1.0
    >>> spectral_peak(noise + np.tile([1, -1], (64, 32)), stride=2) > 100
    True
    """
    pictures, s = _checked(images, stride)
    sizes = pictures.shape[1:]
    if min(sizes) < 16 * s:
        raise ValueError(f"images must be at least {16 * s} cells on each side for stride={s}, got {sizes}")
    power = power_spectrum(pictures)
    near = range(-FAR, FAR + 1)
    offsets = np.array([(a, b) for a in near for b in near if max(abs(a), abs(b)) >= NEAR])
    ratios = []
    for phase in np.ndindex(s, s):
        if phase == (0, 0):
            continue
        peak = [a * size // s for a, size in zip(phase, sizes)]
        around = (offsets + peak) % sizes
        around = around[(around != 0).any(axis=1)]  # DC was taken out: no background
        ratios.append(power[tuple(peak)] / np.median(power[tuple(around.T)]))
    return float(np.mean(ratios))


def _pictures(images):
    pictures = np.asarray(images)
    if pictures.dtype.kind not in "iuf" or pictures.ndim not in (2, 3) or not pictures.size:
        raise ValueError(f"images must be numbers of shape (H, W) or (N, H, W), got {pictures.dtype} {pictures.shape}")
    return pictures.reshape(-1, *pictures.shape[-2:]).astype(np.float64)


def _checked(images, stride):
    pictures, stride = _pictures(images), integer("stride", stride, minimum=2)
    if any(size % stride for size in pictures.shape[1:]):
        raise ValueError(f"images must have a multiple of stride={stride} cells on each side, got {pictures.shape}")
    return pictures, stride
