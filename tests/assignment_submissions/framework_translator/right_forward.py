"""A right answer to the framework translator: each framework says which convolution goes the other way.

Its zeros at begin and end, ``pb`` and ``pe``, and the ``a`` cells that it never reads, give ``(pb, pe - a)``.
Values come from one matrix for the rows and one for the columns.
"""

import numpy as np


def never_read(size, k, s, d, pb, pe, i):
    """The cells of the padded signal behind the last place of the kernel."""
    padded = size + pb + pe
    a = padded - d * (k - 1) - 1 - s * (i - 1)
    if size < 1 or not 0 <= a < s:
        raise ValueError(f"a convolution does not lead from {size} to {i}")
    return a


def torch_window(i, k, s=1, d=1, *, padding=0, output_padding=0):
    size = s * (i - 1) + d * (k - 1) + 1 - padding * 2 + output_padding
    if not (output_padding < s or output_padding < d) or size < 1:
        raise ValueError("PyTorch refuses")
    return np.int64(padding), np.int64(padding - output_padding), False


def zeros_of(padding, size, k, s, d):
    if not isinstance(padding, str):
        return padding
    if padding == "VALID" or size < 1:
        return 0, 0
    places = (size + s - 1) // s
    total = max(s * (places - 1) + d * (k - 1) + 1 - size, 0)
    return total // 2, (total + 1) // 2


def tf_window(i, k, s=1, d=1, *, output_size, padding="SAME"):
    pb, pe = zeros_of(padding, output_size, k, s, d)
    return pb, pe - never_read(output_size, k, s, d, pb, pe, i), False


def keras_size(i, k, s, d, padding, output_padding):
    span = d * (k - 1) + 1
    if output_padding is None:
        return s * (i - 1) + max(span, s) if padding == "valid" else s * i
    return s * (i - 1) + output_padding + (span if padding == "valid" else span & 1)


def keras_window(i, k, s=1, d=1, *, padding="valid", output_padding=None):
    size = keras_size(i, k, s, d, padding, output_padding)
    pb, pe = zeros_of(padding.upper(), size, k, s, d)
    return pb, pe - never_read(size, k, s, d, pb, pe, i), False


def jax_window(i, k, s=1, d=1, *, padding, transpose_kernel=False, use_consistent_padding=False):
    flip = not transpose_kernel
    if isinstance(padding, str):
        size = keras_size(i, k, s, d, padding.lower(), None)
        pb, pe = zeros_of(padding, size, k, s, d)
        return pb, pe - never_read(size, k, s, d, pb, pe, i), flip
    a, b = padding
    if not use_consistent_padding:
        a, b = d * (k - 1) - a, d * (k - 1) - b
    if s * (i - 1) + d * (k - 1) + 1 - a - b < 1:
        raise ValueError("nothing is left")
    return a, b, flip


def onnx_window(i, k, s=1, d=1, *, pads=(0, 0), output_padding=0, output_shape=None, auto_pad="NOTSET"):
    if output_padding >= s:
        raise ValueError("output_padding")
    full = s * (i - 1) + d * (k - 1) + 1
    if tuple(pads) != (0, 0):
        if auto_pad != "NOTSET" or output_shape is not None:
            raise ValueError("pads are not alone")
        never_read(full + output_padding - sum(pads), k, s, d, *pads, i)
        return pads[0], pads[1] - output_padding, False
    if output_shape is None:
        output_shape = full + output_padding
        if auto_pad.startswith("SAME"):
            output_shape = min(output_shape, s * i)
    if not 0 < output_shape < full + s:
        raise ValueError("output_shape")
    total = max(full + output_padding - output_shape, 0)
    halves = (total // 2, total - total // 2)
    begin = halves[0] if auto_pad == "SAME_UPPER" else halves[1]
    return begin, full - output_shape - begin, False


def window(framework, *sizes, **options):
    return globals()[framework + "_window"](*sizes, **options)


def readers(i, k, s, d, begin, end):
    """``[t, m, j]`` is 1 where tap t takes input j to output cell m."""
    size = s * (i - 1) + d * (k - 1) + 1 - begin - end
    t, m, j = np.ogrid[:k, :size, :i]
    return (m + begin == s * j + d * t).astype(float)


def conv_transpose_like(framework, x, w, s=1, d=1, **options):
    s, d = np.broadcast_to(s, 2).tolist(), np.broadcast_to(d, 2).tolist()
    matrices = []
    for n in range(2):
        own = {key: value[n] if isinstance(value, list) else value for key, value in options.items()}
        begin, end, flip = window(framework, x.shape[n + 2], w.shape[n + 2], s[n], d[n], **own)
        matrix = readers(x.shape[n + 2], w.shape[n + 2], s[n], d[n], begin, end)
        matrices.append(matrix[::-1] if flip else matrix)
    return np.einsum("Ncij,cotu,tmi,unj->Nomn", x, w, *matrices)


def to_torch_args(window, s=1, d=1):
    pb, end, flip = window
    a = pb - end
    possible = (not flip) and pb >= 0 and a >= 0 and (a < s or a < d)
    return (pb, a) if possible else None
