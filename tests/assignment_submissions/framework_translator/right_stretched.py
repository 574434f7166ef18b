"""A right answer to the framework translator: as JAX sees it, a kernel slides over the stretched input.

Everything is counted in zeros around the stretched input; ``K - 1`` of them on a side crop nothing.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def pair(value):
    return (value, value) if np.isscalar(value) else tuple(value)


class Row:
    """A stretched input with zeros around it."""

    def __init__(self, i, k, s, d):
        self.reach = d * (k - 1)
        self.cells = s * (i - 1) + 1
        self.before = self.after = self.reach

    @property
    def size(self):
        return self.cells + self.before + self.after - self.reach

    def window(self, flip=False):
        if self.size < 1:
            raise ValueError("the kernel has no place to stand on")
        return self.reach - self.before, self.reach - self.after, flip

    def crop(self, begin, end):
        self.before -= begin
        self.after -= end
        return self

    def crop_to(self, size, at_begin=None):
        """Crop all at the end, or so many at the begin."""
        total = self.size - size
        begin = at_begin(max(total, 0)) if at_begin else 0
        return self.crop(begin, total - begin)


def smaller(total):
    return total // 2


def larger(total):
    return -(-total // 2)


def torch_window(i, k, s=1, d=1, *, padding=0, output_padding=0):
    if output_padding >= s and output_padding >= d:
        raise ValueError("output_padding")
    return Row(i, k, s, d).crop(padding, padding).crop(0, -output_padding).window()


def tf_window(i, k, s=1, d=1, *, output_size, padding="SAME"):
    row = Row(i, k, s, d)
    if padding == "SAME":
        legal = range(s * (i - 1) + 1, s * i + 1)
        row.crop_to(output_size, smaller)
    else:
        begin, end = (0, 0) if isinstance(padding, str) else padding
        least = row.size - begin - end
        legal = range(max(least, 1), least + s)
        row.crop(begin, 0).crop_to(output_size)
    if output_size not in legal:
        raise ValueError(f"output_size must be in {legal}")
    return row.window()


def keras_window(i, k, s=1, d=1, *, padding="valid", output_padding=None):
    row = Row(i, k, s, d)
    if output_padding is not None:
        span = row.reach + 1
        size = row.cells - 1 + (span if padding == "valid" else span % 2) + output_padding
    elif padding == "same":
        size = s * i
    else:
        size = row.cells - 1 + max(row.reach + 1, s)
    return tf_window(i, k, s, d, output_size=size, padding=padding.upper())


def jax_window(i, k, s=1, d=1, *, padding, transpose_kernel=False, use_consistent_padding=False):
    row = Row(i, k, s, d)
    if padding == "SAME":
        row.crop_to(s * i, smaller)
    elif padding == "VALID":
        row.crop(0, min(row.reach + 1 - s, 0))
    elif use_consistent_padding:
        row.crop(*padding)
    else:
        row.before, row.after = padding
    return row.window(flip=not transpose_kernel)


def onnx_window(i, k, s=1, d=1, *, pads=(0, 0), output_padding=0, output_shape=None, auto_pad="NOTSET"):
    if output_padding >= s:
        raise ValueError("output_padding")
    alone = auto_pad == "NOTSET" and output_shape is None
    if pads != (0, 0) and not alone:
        raise ValueError("pads")
    row = Row(i, k, s, d)
    most = row.size + s
    row.crop(0, -output_padding)
    half = smaller if auto_pad.endswith("UPPER") else larger
    if output_shape is not None:
        if output_shape >= most:
            raise ValueError("output_shape")
        row.crop_to(output_shape, half)
    elif auto_pad.startswith("SAME"):
        row.crop_to(min(s * i, row.size), half)
    return row.crop(*pads).window()


RULES = {"torch": torch_window, "tf": tf_window, "keras": keras_window, "jax": jax_window, "onnx": onnx_window}


def conv_transpose_like(framework, x, w, s=1, d=1, **options):
    s, d = pair(s), pair(d)
    own = [{n: v[axis] if isinstance(v, list) else v for n, v in options.items()} for axis in (0, 1)]
    rows, columns = (RULES[framework](x.shape[a + 2], w.shape[a + 2], s[a], d[a], **own[a]) for a in (0, 1))
    wide = np.zeros((*x.shape[:2], s[0] * (x.shape[2] - 1) + 1, s[1] * (x.shape[3] - 1) + 1))
    wide[:, :, :: s[0], :: s[1]] = x
    for axis, (begin, end, _) in enumerate((rows, columns)):
        reach = d[axis] * (w.shape[axis + 2] - 1)
        zeros = np.zeros((4, 2), int)
        zeros[axis + 2] = max(reach - begin, 0), max(reach - end, 0)
        wide = np.pad(wide, zeros)
        cells = slice(max(begin - reach, 0), wide.shape[axis + 2] - max(end - reach, 0))
        wide = wide[:, :, cells] if axis == 0 else wide[:, :, :, cells]
    # A sliding kernel is a turned one; JAX's is turned already.
    kernel = w if rows[2] else np.flip(w, (2, 3))
    span = [d[a] * (w.shape[a + 2] - 1) + 1 for a in (0, 1)]
    views = sliding_window_view(wide, span, axis=(2, 3))[..., :: d[0], :: d[1]]
    return np.einsum("nchwtu,cotu->nohw", views, kernel)


def to_torch_args(window, s=1, d=1):
    begin, end, flip = map(int, window)
    moved = begin - end
    if flip == 0 and begin == abs(begin) and moved in range(max(s, d)):
        return [begin, moved]
    return None
