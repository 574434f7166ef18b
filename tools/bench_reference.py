"""Time convlab.reference against PyTorch and against the naive loop, one thread each, in one run.

    make bench

Layers: the DCGAN generator's (batch 16) and the Water Cherenkov decoder's (batch 1). Ours and
PyTorch's calls alternate, and the fastest of many repeats counts, so that noise hits both alike.
Every result is compared with PyTorch's before it is timed.
"""

import argparse
import itertools
import math
import time
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from threadpoolctl import threadpool_limits

from convlab import reference
from convlab.arithmetic import conv_transpose_output_size


class Layer(NamedTuple):
    model: str
    operator: str
    batch: int
    in_channels: int
    out_channels: int
    kernel_size: int
    in_size: tuple
    stride: int
    padding: int


def dcgan(batch=16):
    """The generator's 4x4, stride-2 layers after the first (which starts from one pixel)."""
    channels, size = [512, 256, 128, 64, 3], 4
    for c_in, c_out in itertools.pairwise(channels):
        yield Layer("DCGAN", "conv_transpose2d", batch, c_in, c_out, 4, (size, size), 2, 1)
        size = conv_transpose_output_size(size, 4, stride=2, padding=1)


def cherenkov(batch=1):
    """The decoder's six layers: transposed 4x4 with stride 2, then convolution 3x3, three times."""
    height, width = 11, 21
    for c_in, c_mid, c_out in [(64, 64, 64), (64, 32, 32), (32, 32, 1)]:
        yield Layer("Cherenkov", "conv_transpose2d", batch, c_in, c_mid, 4, (height, width), 2, 0)
        height, width = (conv_transpose_output_size(n, 4, stride=2) for n in (height, width))
        yield Layer("Cherenkov", "conv2d", batch, c_mid, c_out, 3, (height, width), 1, 0)
        height, width = height - 2, width - 2


def arrays(layer, seed=0):
    rng = np.random.default_rng(seed)
    k, first, second = layer.kernel_size, layer.out_channels, layer.in_channels
    if layer.operator == "conv_transpose2d":
        first, second = second, first
    x = rng.standard_normal((layer.batch, layer.in_channels, *layer.in_size)).astype(np.float32)
    return x, rng.standard_normal((first, second, k, k)).astype(np.float32)


def naive_conv_transpose2d(x, w, stride, padding):
    """The textbook loop over pixels and taps, in plain Python, one product at a time."""
    batch, c_in, height, width = x.shape
    _, c_out, kh, kw = w.shape
    out_h, out_w = (conv_transpose_output_size(n, k, stride, padding) for n, k in ((height, kh), (width, kw)))
    y = [[[[0.0] * out_w for _ in range(out_h)] for _ in range(c_out)] for _ in range(batch)]
    x, w = x.tolist(), w.tolist()
    for n in range(batch):
        for c in range(c_in):
            for o in range(c_out):
                for i in range(height):
                    for j in range(width):
                        for a in range(kh):
                            for b in range(kw):
                                row, column = stride * i + a - padding, stride * j + b - padding
                                if 0 <= row < out_h and 0 <= column < out_w:
                                    y[n][o][row][column] += x[n][c][i][j] * w[c][o][a][b]
    return np.array(y)


def seconds(functions, repeats):
    """Fastest time of each function; they take turns."""
    best = [math.inf] * len(functions)
    for _ in range(repeats):
        for index, function in enumerate(functions):
            start = time.perf_counter()
            function()
            best[index] = min(best[index], time.perf_counter() - start)
    return best


def measure(layer, repeats):
    """``(torch seconds, our seconds)`` of one layer."""
    x, w = arrays(layer)
    tx, tw = torch.from_numpy(x), torch.from_numpy(w)
    options = {"stride": layer.stride, "padding": layer.padding}
    theirs, ours = getattr(F, layer.operator), getattr(reference, layer.operator)
    np.testing.assert_allclose(ours(x, w, **options), theirs(tx, tw, **options).numpy(), rtol=1e-3, atol=1e-3)
    return seconds([lambda: theirs(tx, tw, **options), lambda: ours(x, w, **options)], repeats)


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=60, help="timed calls of each layer (default 60)")
    parser.add_argument("--no-naive", action="store_true", help="leave out the naive loop (about a minute)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)

    ratios = []
    print(
        f"{'model':<10} {'operator':<17} {'batch':>5} {'channels':>9} {'input':>8} {'torch ms':>9} {'ours ms':>9} ratio"
    )
    for layer in [*dcgan(), *cherenkov()]:
        theirs, ours = measure(layer, options.repeats)
        ratios.append(ours / theirs)
        channels, size = f"{layer.in_channels}->{layer.out_channels}", "x".join(map(str, layer.in_size))
        print(
            f"{layer.model:<10} {layer.operator:<17} {layer.batch:>5} {channels:>9} {size:>8} "
            f"{theirs * 1e3:>9.2f} {ours * 1e3:>9.2f} {ratios[-1]:>5.2f}"
        )
    print(f"largest ratio {max(ratios):.2f} (at most 3.2 wanted), geometric mean {geometric_mean(ratios):.2f} (2.2)")

    if not options.no_naive:
        middle = list(dcgan())[1]
        _, ours = measure(middle, options.repeats)
        x, w = arrays(middle)
        start = time.perf_counter()
        expected = naive_conv_transpose2d(x[:1], w, middle.stride, middle.padding)
        naive = (time.perf_counter() - start) * middle.batch  # the loop's work is the same for every sample
        result = reference.conv_transpose2d(x, w, stride=middle.stride, padding=middle.padding)
        np.testing.assert_allclose(result[:1], expected, rtol=1e-3, atol=1e-3)
        channels = f"{middle.in_channels}->{middle.out_channels}"
        print(f"naive loop, middle DCGAN layer ({channels}): {naive:.0f} s (one of 16 samples timed, times 16),")
        print(f"  ours {ours * 1e3:.1f} ms: {naive / ours:.0f} times faster (at least 500 wanted)")


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
