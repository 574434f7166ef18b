"""Right answers to the framework-translator assignment, by several methods (form: tools/submissions.py)."""

# ruff: noqa: F811 (every method defines the same functions)

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def windows(framework, x, w, s, d, options):
    """Of both axes, by the rules of the method; a list of options has one for each axis."""
    rule, found = globals()[f"{framework}_window"], []
    for axis, sizes in enumerate(zip(x.shape[2:], w.shape[2:], pair(s), pair(d))):
        own = {name: value[axis] if isinstance(value, list) else value for name, value in options.items()}
        found.append(rule(*sizes, **own))
    return found


# %% forward: each framework says which convolution goes the other way.
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


def readers(i, k, s, d, begin, end):
    """``[t, m, j]`` is 1 where tap t takes input j to output cell m."""
    size = s * (i - 1) + d * (k - 1) + 1 - begin - end
    t, m, j = np.ogrid[:k, :size, :i]
    return (m + begin == s * j + d * t).astype(float)


def conv_transpose_like(framework, x, w, s=1, d=1, **options):
    matrices = []
    axes = zip(x.shape[2:], w.shape[2:], pair(s), pair(d))
    for axis, (begin, end, flip) in zip(axes, windows(framework, x, w, s, d, options)):
        matrix = readers(*axis, begin, end)
        matrices.append(matrix[::-1] if flip else matrix)
    return np.einsum("Ncij,cotu,tmi,unj->Nomn", x, w, *matrices)


def to_torch_args(window, s=1, d=1):
    pb, end, flip = window
    a = pb - end
    possible = (not flip) and pb >= 0 and a >= 0 and (a < s or a < d)
    return (pb, a) if possible else None


# %% labels: a row of numbered cells is padded and cut, and the window read off it.
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


def conv_transpose_like(framework, x, w, s=1, d=1, **options):
    s, d = pair(s), pair(d)
    both = windows(framework, x, w, s, d, options)
    result = everything(x, np.rot90(w, 2, axes=(2, 3)) if both[0][2] else w, s, d)
    for axis, (begin, end, _) in enumerate(both, start=2):
        length = result.shape[axis]
        zeros = [(0, 0)] * 4
        zeros[axis] = (max(-begin, 0), max(-end, 0))
        result = np.pad(result, zeros)
        result = np.moveaxis(np.moveaxis(result, axis, 0)[max(begin, 0) :][: length - begin - end], 0, axis)
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


# %% loops: every rule worked out by hand, case by case; values cell by cell.
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


def conv_transpose_like(framework, x, w, s=1, d=1, **options):
    s, d = pair(s), pair(d)
    (top, bottom, turned), (left, right, _) = windows(framework, x, w, s, d, options)
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


# %% search: of all windows of a size, the one that fits; values by scattering.
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
    (s0, s1), (d0, d1) = pair(s), pair(d)
    (top, bottom, flip), (left, right, _) = windows(framework, x, w, s, d, options)
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


# %% stretched: as JAX sees it, a kernel slides over the stretched input.
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


def conv_transpose_like(framework, x, w, s=1, d=1, **options):
    s, d = pair(s), pair(d)
    rows, columns = windows(framework, x, w, s, d, options)
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
