"""A right answer to the framework translator: every rule worked out by hand, case by case; values cell by cell."""

import numpy as np


def smaller_half(n):
    return (n - n % 2) // 2


def torch_window(i, k, s=1, d=1, *, padding=0, output_padding=0):
    if output_padding > max(s, d) - 1:
        raise ValueError("output_padding is too large")
    size = (i - 1) * s - 2 * padding + d * (k - 1) + output_padding + 1  # as in PyTorch's manual
    if size <= 0:
        raise ValueError(f"an output of {size} cells")
    return (padding, padding - output_padding, False)


def tf_window(i, k, s=1, d=1, *, output_size, padding="SAME"):
    span = 1 + (k - 1) * d
    surplus = s * i - s + span - output_size  # how many cells the full output has more
    if output_size <= 0:
        raise ValueError("no output")
    if padding == "SAME":
        if not s * (i - 1) < output_size <= s * i:
            raise ValueError("SAME cannot lead back")
        if surplus < 0:
            return 0, surplus, False
        return smaller_half(surplus), surplus - smaller_half(surplus), False
    begin, end = {"VALID": (0, 0)}.get(padding, padding)
    never_read = begin + end - surplus
    if never_read < 0 or never_read >= s:
        raise ValueError("no convolution leads back")
    return begin, end - never_read, False


def keras_window(i, k, s=1, d=1, *, padding="valid", output_padding=None):
    span = 1 + (k - 1) * d
    if padding == "same" and output_padding is None:
        if span >= s:
            return smaller_half(span - s), span - s - smaller_half(span - s), False
        return 0, span - s, False
    if padding == "same":
        if not 1 <= span % 2 + output_padding <= s:
            raise ValueError("output_padding")
        cropped = span - span % 2 - output_padding
        if cropped < 0:
            return 0, cropped, False
        return smaller_half(cropped), cropped - smaller_half(cropped), False
    if output_padding is None:
        return 0, min(0, span - s), False
    if output_padding >= s:
        raise ValueError("output_padding")
    return 0, -output_padding, False


def jax_window(i, k, s=1, d=1, *, padding, transpose_kernel=False, use_consistent_padding=False):
    span = 1 + (k - 1) * d
    if padding == "SAME":
        begin = smaller_half(span - s) if span > s else 0
        end = span - s - begin
    elif padding == "VALID":
        begin, end = 0, min(0, span - s)
    elif use_consistent_padding:
        begin, end = padding
    else:
        begin, end = (span - 1 - zeros for zeros in padding)
    if s * (i - 1) + span <= begin + end:
        raise ValueError("nothing is left")
    return begin, end, not transpose_kernel


def onnx_window(i, k, s=1, d=1, *, pads=(0, 0), output_padding=0, output_shape=None, auto_pad="NOTSET"):
    full = s * (i - 1) + 1 + (k - 1) * d
    if output_padding >= s:
        raise ValueError("output_padding")
    named = auto_pad in ("SAME_UPPER", "SAME_LOWER")
    if sum(pads) > 0 and not (auto_pad == "NOTSET" and output_shape is None):
        raise ValueError("pads")
    if output_shape is None and not named:
        begin, end = pads[0], pads[1] - output_padding
        if full - begin - end < 1:
            raise ValueError("nothing is left")
        return begin, end, False
    if output_shape is None:
        output_shape = s * i if s * i < full + output_padding else full + output_padding
    if output_shape < 1 or output_shape >= full + s:
        raise ValueError("output_shape")
    if output_shape >= full + output_padding:
        return 0, full - output_shape, False
    total = full + output_padding - output_shape
    begin = smaller_half(total) if auto_pad == "SAME_UPPER" else total - smaller_half(total)
    return begin, full - begin - output_shape, False


def of_axis(options, axis):
    return {name: value[axis] if type(value) is list else value for name, value in options.items()}


def conv_transpose_like(framework, x, w, s=1, d=1, **options):
    rule = {"torch": torch_window, "tf": tf_window, "keras": keras_window, "jax": jax_window, "onnx": onnx_window}
    s, d = (value if isinstance(value, tuple) else (value, value) for value in (s, d))
    windows = [rule[framework](x.shape[2 + a], w.shape[2 + a], s[a], d[a], **of_axis(options, a)) for a in (0, 1)]
    (top, bottom, turned), (left, right, _) = windows
    samples, c_in, height, width = x.shape
    _, c_out, high, wide = w.shape
    rows = s[0] * (height - 1) + d[0] * (high - 1) + 1 - top - bottom
    columns = s[1] * (width - 1) + d[1] * (wide - 1) + 1 - left - right
    result = np.zeros((samples, c_out, rows, columns))
    for m in range(rows):
        for n in range(columns):
            for t in range(high):
                for u in range(wide):
                    i, no_row = divmod(m + top - d[0] * t, s[0])
                    j, no_column = divmod(n + left - d[1] * u, s[1])
                    if no_row or no_column or not (0 <= i < height and 0 <= j < width):
                        continue
                    tap = w[:, :, high - 1 - t, wide - 1 - u] if turned else w[:, :, t, u]
                    for c in range(c_in):
                        result[:, :, m, n] += np.outer(x[:, c, i, j], tap[c])
    return result


def to_torch_args(window, s=1, d=1):
    if window[2]:
        return None
    if window[0] < 0:
        return None
    if window[1] > window[0]:
        return None
    if window[0] - window[1] >= s and window[0] - window[1] >= d:
        return None
    return window[0], window[0] - window[1]
