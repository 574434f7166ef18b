"""A right answer to the transposed-convolution assignment: windows of the stretched input as a view, and one einsum."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def conv_transpose_output_size(input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    if not any(output_padding < other for other in (stride, dilation)):
        raise ValueError("output_padding must be below the stride or the dilation")
    places = np.add.outer(stride * np.arange(input_size), dilation * np.arange(kernel_size))
    size = int(places.max()) + 1 - 2 * padding + output_padding
    if size < 1:
        raise ValueError("padding takes everything away")
    return size


def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    options = (stride, 1), (padding, 0), (output_padding, 0), groups, (dilation, 1)
    return conv_transpose2d(input[..., None], weight[..., None], bias, *options)[..., 0]


def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    axes = zip(input.shape[2:], weight.shape[2:], *map(pair, (stride, padding, output_padding, dilation)))
    stretched, spans, cuts = input.astype(float), [], []
    for axis, (i, k, s, p, q, d) in enumerate(axes, start=2):
        size = conv_transpose_output_size(i, k, s, p, q, d)
        between = np.repeat(np.arange(1, i), s - 1)
        stretched = np.insert(stretched, between, 0, axis=axis)
        # Wide zeros on both sides, so that every cell of the full output and output_padding has a whole window.
        around = [(0, 0)] * 4
        around[axis] = (d * (k - 1), d * (k - 1) + q)
        stretched = np.pad(stretched, around)
        spans.append(d * (k - 1) + 1)
        cuts.append(slice(p, p + size))
    steps = (slice(None, None, d) for d in pair(dilation))
    windows = sliding_window_view(stretched, spans, axis=(2, 3))[(..., *steps)][:, :, cuts[0], cuts[1]]
    n, c, height, width, *taps = windows.shape
    windows = windows.reshape(n, groups, c // groups, height, width, *taps)
    turned = np.flip(weight, (2, 3)).reshape(groups, c // groups, -1, *taps)
    output = np.einsum("ngchwtu,gcotu->ngohw", windows, turned).reshape(n, -1, height, width)
    return output if bias is None else output + bias[None, :, None, None]
