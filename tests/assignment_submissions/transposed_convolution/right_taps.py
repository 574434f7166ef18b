"""A right answer to the transposed-convolution assignment: one tap at a time, for all cells at once, by slices."""

import numpy as np


def conv_transpose_output_size(input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    if output_padding not in range(max(stride, dilation)):
        raise ValueError("no such output_padding")
    begins = range(0, stride * input_size, stride)
    full = begins[-1] + len(range(dilation * (kernel_size - 1) + 1))
    kept = range(padding, full - padding + output_padding)
    if len(kept) == 0:
        raise ValueError("the crop leaves nothing")
    return len(kept)


def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    n, c, cells = input.shape
    size = conv_transpose_output_size(cells, weight.shape[2], stride, padding, output_padding, dilation)
    span = stride * (cells - 1) + 1
    full = np.zeros((n, groups, weight.shape[1], span + dilation * (weight.shape[2] - 1) + output_padding))
    x = input.reshape(n, groups, c // groups, cells)
    w = weight.reshape(groups, c // groups, weight.shape[1], weight.shape[2])
    for t in range(weight.shape[2]):
        full[..., dilation * t : dilation * t + span : stride] += np.einsum("ngcl,gco->ngol", x, w[..., t])
    output = full.reshape(n, -1, full.shape[-1])[:, :, padding : padding + size]
    if bias is not None:
        output += bias[:, None]
    return output


def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    def both(value):
        return np.broadcast_to(value, 2).tolist()

    stride, padding, output_padding, dilation = map(both, (stride, padding, output_padding, dilation))
    n, _, *cells = input.shape
    _, out, *taps = weight.shape
    size = [conv_transpose_output_size(*axis) for axis in zip(cells, taps, stride, padding, output_padding, dilation)]
    span = [s * (i - 1) + 1 for s, i in zip(stride, cells)]
    room = [m + d * (k - 1) + q for m, d, k, q in zip(span, dilation, taps, output_padding)]
    full = np.zeros((n, groups, out, *room))
    x, w = input.reshape(n, groups, -1, *cells), weight.reshape(groups, -1, out, *taps)
    for t in range(taps[0]):
        for u in range(taps[1]):
            rows = slice(dilation[0] * t, dilation[0] * t + span[0], stride[0])
            columns = slice(dilation[1] * u, dilation[1] * u + span[1], stride[1])
            full[:, :, :, rows, columns] += np.einsum("ngchw,gco->ngohw", x, w[..., t, u])
    full = full.reshape(n, groups * out, *room)
    output = full[:, :, padding[0] : padding[0] + size[0], padding[1] : padding[1] + size[1]]
    return output if bias is None else output + np.expand_dims(bias, (1, 2))
