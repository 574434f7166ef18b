"""A right answer to the framework translator: a row of numbered cells is padded and cut, and the window read off it."""

import numpy as np


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def numbered(i, k, s, d):
    """The cells that stamps may reach, numbered."""
    last = max(s * j + d * t for j in range(i) for t in range(k))
    return list(range(last + 1))


def read_off(kept, cells, turned=False):
    """The window that keeps these cells; numbers outside are cells that no stamp reaches."""
    if not kept:
        raise ValueError("no cell is kept")
    return kept[0] - cells[0], cells[-1] - kept[-1], turned


def stretched(cells, before, after):
    return [*range(-before, 0), *cells, *range(len(cells), len(cells) + after)]


def torch_window(i, k, s=1, d=1, *, padding=0, output_padding=0):
    if all(output_padding >= step for step in (s, d)):
        raise ValueError("output_padding must be smaller than stride or dilation")
    cells = numbered(i, k, s, d)
    # The window begins after `padding` cells and has a size of its own.
    size = len(cells) - 2 * padding + output_padding
    return read_off(stretched(cells, 0, padding + output_padding + 1)[padding : padding + max(size, 0)], cells)


def check_way_back(before, after, span, s, output_size, i):
    """Slide the convolution over its padded signal, which begins at cell 0, and count."""
    steps, first = 0, -before
    while output_size > 0 and first + span <= output_size + after:
        steps += 1
        first += s
    if steps != i:
        raise ValueError(f"the convolution ends with {steps} cells, not {i}")


def tf_window(i, k, s=1, d=1, *, output_size, padding="SAME"):
    cells = numbered(i, k, s, d)
    span = numbered(1, k, s, d)[-1] + 1
    if padding == "SAME":
        zeros = 0
        while output_size > 0 and output_size + zeros < (-(-output_size // s) - 1) * s + span:
            zeros += 1
        padding = zeros // 2, zeros - zeros // 2
    elif padding == "VALID":
        padding = 0, 0
    begin, end = padding
    check_way_back(begin, end, span, s, output_size, i)
    return read_off(list(range(begin, begin + output_size)), cells)


def keras_window(i, k, s=1, d=1, *, padding="valid", output_padding=None):
    cells, span = numbered(i, k, s, d), len(numbered(1, k, s, d))
    smallest = len(cells) - span + (span if padding == "valid" else span % 2)
    if output_padding is not None:
        size = smallest + output_padding
    else:
        size = s * i if padding == "same" else len(set(cells) | set(range(s * i)))
    return tf_window(i, k, s, d, output_size=size, padding={"valid": "VALID", "same": "SAME"}[padding])


def jax_window(i, k, s=1, d=1, *, padding, transpose_kernel=False, use_consistent_padding=False):
    cells, reach = numbered(i, k, s, d), len(numbered(1, k, s, d)) - 1
    if padding in ("SAME", "VALID"):
        begin, end, _ = keras_window(i, k, s, d, padding=padding.lower())
        return begin, end, not transpose_kernel
    begin, end = padding if use_consistent_padding else (reach - padding[0], reach - padding[1])
    kept = stretched(cells, max(-begin, 0), max(-end, 0))
    kept = kept[max(begin, 0) : len(kept) - max(end, 0)] if begin + end < len(cells) else []
    return read_off(kept, cells, transpose_kernel is not True)


def onnx_window(i, k, s=1, d=1, *, pads=(0, 0), output_padding=0, output_shape=None, auto_pad="NOTSET"):
    if output_padding not in range(s):
        raise ValueError("output_padding")
    if any(pads) and (output_shape is not None or auto_pad != "NOTSET"):
        raise ValueError("pads and something else")
    cells = numbered(i, k, s, d)
    available = stretched(cells, 0, output_padding)
    if output_shape is None and "SAME" not in auto_pad:
        return read_off(available[pads[0] : len(available) - pads[1]] if sum(pads) < len(available) else [], cells)
    if output_shape is not None and not 1 <= output_shape < len(cells) + s:
        raise ValueError("output_shape")
    size = len(available[: s * i]) if output_shape is None else output_shape
    from_begin = auto_pad != "SAME_UPPER"
    while len(available) > size:  # cells go one by one, at begin and end in turns
        available = available[1:] if from_begin else available[:-1]
        from_begin = not from_begin
    available += range(available[-1] + 1, available[-1] + 1 + size - len(available))
    return read_off(available, cells)


RULES = {"torch": torch_window, "tf": tf_window, "keras": keras_window, "jax": jax_window, "onnx": onnx_window}


def conv_transpose_like(framework, x, w, s=1, d=1, **options):
    s, d = pair(s), pair(d)
    kernel = None
    result = None
    for axis in (0, 1):
        own = {name: value[axis] if isinstance(value, list) else value for name, value in options.items()}
        sizes = x.shape[axis + 2], w.shape[axis + 2], s[axis], d[axis]
        begin, end, turned = RULES[framework](*sizes, **own)
        if kernel is None:
            kernel = np.rot90(w, 2, axes=(2, 3)) if turned else w
            result = everything(x, kernel, s, d)
        length = result.shape[axis + 2]
        zeros = [(0, 0)] * 4
        zeros[axis + 2] = (max(-begin, 0), max(-end, 0))
        result = np.pad(result, zeros)
        result = np.moveaxis(np.moveaxis(result, axis + 2, 0)[max(begin, 0) :][: length - begin - end], 0, axis + 2)
    return result


def everything(x, w, s, d):
    """One input channel and one tap after the other."""
    size = [len(numbered(x.shape[a + 2], w.shape[a + 2], s[a], d[a])) for a in (0, 1)]
    full = np.zeros((len(x), w.shape[1], *size))
    for c, t, u in np.ndindex(w.shape[0], *w.shape[2:]):
        stamp = x[:, c, None] * w[c, :, t, u][:, None, None]
        place = full[:, :, d[0] * t :: s[0], d[1] * u :: s[1]]
        place[:, :, : x.shape[2], : x.shape[3]] += stamp
    return full


def to_torch_args(window, s=1, d=1):
    begin, end, turned = window
    legal = {(p, p - op, False): (p, op) for p in range(abs(begin) + 1) for op in range(max(s, d))}
    return legal.get((begin, end, bool(turned)))
