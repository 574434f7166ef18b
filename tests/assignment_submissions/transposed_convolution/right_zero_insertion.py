"""A right answer to the transposed-convolution assignment: zero-insertion, then a sliding kernel, turned round."""

import numpy as np


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def conv_transpose_output_size(input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    if output_padding > max(stride, dilation) - 1:
        raise ValueError(f"output_padding={output_padding} is too large")
    span = dilation * (kernel_size - 1) + 1
    stretched = input_size + (input_size - 1) * (stride - 1)
    size = stretched + 2 * (span - 1 - padding) + output_padding - span + 1
    if size < 1:
        raise ValueError(f"the output would have {size} cells")
    return size


def stretch(values, axis, stride, before, after):
    """Put stride - 1 zeros between neighbours, then zeros around; a negative number of those crops."""
    values = np.moveaxis(values, axis, -1)
    stretched = np.zeros((*values.shape[:-1], stride * (values.shape[-1] - 1) + 1))
    stretched[..., ::stride] = values
    around = [(0, 0)] * (values.ndim - 1) + [(max(before, 0), max(after, 0))]
    padded = np.pad(stretched, around)
    padded = padded[..., max(-before, 0) : padded.shape[-1] - max(-after, 0)]
    return np.moveaxis(padded, -1, axis)


def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    size = conv_transpose_output_size(input.shape[2], weight.shape[2], stride, padding, output_padding, dilation)
    around = dilation * (weight.shape[2] - 1) - padding
    x = stretch(input, 2, stride, around, around + output_padding)
    turned = weight[:, :, ::-1]
    parts = []
    for xs, ws in zip(np.split(x, groups, axis=1), np.split(turned, groups)):
        taps = [xs[:, :, dilation * t : dilation * t + size] for t in range(ws.shape[2])]
        parts.append(sum(np.einsum("ncl,co->nol", tap, ws[:, :, t]) for t, tap in enumerate(taps)))
    result = np.concatenate(parts, axis=1)
    return result if bias is None else result + np.reshape(bias, (1, -1, 1))


def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    stride, padding, output_padding, dilation = map(pair, (stride, padding, output_padding, dilation))
    x, size = input, []
    for a in (0, 1):
        i, k = input.shape[2 + a], weight.shape[2 + a]
        size.append(conv_transpose_output_size(i, k, stride[a], padding[a], output_padding[a], dilation[a]))
        around = dilation[a] * (k - 1) - padding[a]
        x = stretch(x, 2 + a, stride[a], around, around + output_padding[a])
    turned = weight[:, :, ::-1, ::-1]
    c_in, c_out = weight.shape[0] // groups, weight.shape[1]
    result = np.zeros((len(x), groups * c_out, *size))
    for g in range(groups):
        for t, u in np.ndindex(*weight.shape[2:]):
            seen = x[:, g * c_in : (g + 1) * c_in, dilation[0] * t :, dilation[1] * u :][..., : size[0], : size[1]]
            part = np.einsum("nchw,co->nohw", seen, turned[g * c_in : (g + 1) * c_in, :, t, u])
            result[:, g * c_out : (g + 1) * c_out] += part
    return result if bias is None else result + np.reshape(bias, (1, -1, 1, 1))
