"""A right answer to the framework translator: of all windows of a size, the one that fits; values by scattering."""

import numpy as np


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def full_size(i, k, s, d):
    return s * i - s + d * k - d + 1


def every(full, size):
    """All windows of a size, as far beyond the full output as anyone wants."""
    return [(begin, full - size - begin) for begin in range(-99, 100)]


def torch_window(i, k, s=1, d=1, *, padding=0, output_padding=0):
    full = full_size(i, k, s, d)
    size = full - padding - padding + output_padding
    legal = output_padding in range(max(s, d)) and size >= 1
    found = [(b, e) for b, e in every(full, size) if b == padding] if legal else []
    if not found:
        raise ValueError("PyTorch has no such layer")
    return *found[0], False


def places(size, k, s, d, begin, end):
    """How often a kernel fits on a padded signal."""
    return len(range(0, size + begin + end - d * (k - 1), s))


def tf_window(i, k, s=1, d=1, *, output_size, padding="SAME"):
    full = full_size(i, k, s, d)
    if output_size < 1:
        raise ValueError("output_size")
    if padding == "SAME":
        fits = len(range(0, output_size, s)) == i
        found = [(b, e) for b, e in every(full, output_size) if b >= 0 and (0 <= e - b <= 1 or (b == 0 and e < 0))]
    else:
        pads = (0, 0) if padding == "VALID" else padding
        fits = places(output_size, k, s, d, *pads) == i
        found = [(b, e) for b, e in every(full, output_size) if b == pads[0]]
    if not fits or not found:
        raise ValueError(f"no convolution leads from {output_size} cells to {i}")
    return *found[0], False


def keras_window(i, k, s=1, d=1, *, padding="valid", output_padding=None):
    full = full_size(i, k, s, d)
    word = padding.upper()
    legal = []
    for size in range(1, full + s + 1):
        try:
            legal.append((size, tf_window(i, k, s, d, output_size=size, padding=word)))
        except ValueError:
            continue
    if output_padding is None and word == "SAME":
        return legal[-1][1]  # the largest
    if output_padding is None:
        return next(window for size, window in legal if size >= s * i)
    span = full_size(1, k, s, d)
    wanted = full - span + (span if word == "VALID" else span % 2) + output_padding
    if wanted not in dict(legal):
        raise ValueError("output_padding")
    return dict(legal)[wanted]


def jax_window(i, k, s=1, d=1, *, padding, transpose_kernel=False, use_consistent_padding=False):
    if isinstance(padding, str):
        crop = keras_window(i, k, s, d, padding=padding.lower())[:2]
    elif use_consistent_padding:
        crop = padding
    else:
        # The sliding kernel has i * s - s + 1 + a + b cells to stand on.
        room = s * (i - 1) + 1 + sum(padding)
        size = places(room, k, 1, d, 0, 0)
        crop = next(((b, e) for b, e in every(full_size(i, k, s, d), size) if b == d * (k - 1) - padding[0]), (9e9, 0))
    if sum(crop) >= full_size(i, k, s, d):
        raise ValueError("nothing is left")
    return (*crop, True) if not transpose_kernel else (*crop, False)


def onnx_window(i, k, s=1, d=1, *, pads=(0, 0), output_padding=0, output_shape=None, auto_pad="NOTSET"):
    full = full_size(i, k, s, d)
    if output_padding >= s or (max(pads) > 0 and (auto_pad, output_shape) != ("NOTSET", None)):
        raise ValueError("options")
    size = full + output_padding - sum(pads)
    if auto_pad in ("SAME_LOWER", "SAME_UPPER"):
        size = min(size, i * s)
    if output_shape is not None:
        size = output_shape
    if size < 1 or size > full + s - 1:
        raise ValueError("size")
    windows = every(full, size)
    if output_shape is None and not auto_pad.startswith("SAME"):
        return next((b, e, False) for b, e in windows if b == pads[0])
    if size >= full + output_padding:
        return next((b, e, False) for b, e in windows if b == 0)
    difference = (0, 1) if auto_pad == "SAME_UPPER" else (0, -1)
    return next((b, e, False) for b, e in windows if e + output_padding - b in difference)


def conv_transpose_like(framework, x, w, s=1, d=1, **options):
    rule = globals()[f"{framework}_window"]
    (s0, s1), (d0, d1) = pair(s), pair(d)
    rows = {name: value[0] if isinstance(value, list) else value for name, value in options.items()}
    columns = {name: value[1] if isinstance(value, list) else value for name, value in options.items()}
    top, bottom, flip = rule(x.shape[2], w.shape[2], s0, d0, **rows)
    left, right, _ = rule(x.shape[3], w.shape[3], s1, d1, **columns)
    height = full_size(x.shape[2], w.shape[2], s0, d0) - top - bottom
    width = full_size(x.shape[3], w.shape[3], s1, d1) - left - right
    result = np.zeros((len(x), w.shape[1], height, width))
    step = -1 if flip else 1
    for (i, j), (t, u) in ((a, b) for a in np.ndindex(x.shape[2:]) for b in np.ndindex(w.shape[2:])):
        row, column = s0 * i + d0 * t - top, s1 * j + d1 * u - left
        if row in range(height) and column in range(width):
            kernel = w[:, :, ::step, ::step][:, :, t, u]
            result[:, :, row, column] += np.tensordot(x[:, :, i, j], kernel, axes=1)
    return result


def to_torch_args(window, s=1, d=1):
    begin, end, flip = window
    if flip:
        return None
    large = 2 * abs(begin) + abs(end) + 2  # an input of a layer in which any crop leaves something
    for padding in range(max(begin, 0) + 1):
        for output_padding in range(max(s, d)):
            if torch_window(large, 1, s, d, padding=padding, output_padding=output_padding)[:2] == (begin, end):
                return padding, output_padding
    return None
