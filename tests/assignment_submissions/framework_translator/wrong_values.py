"""Wrong ``conv_transpose_like``."""

START = "s, d = pair(s), pair(d)"
AXES = "axes = zip(x.shape[2:], w.shape[2:], s, d)"
WINDOWS = "rows, columns = (window(framework, *axis, **own_options(options, n)) for n, axis in enumerate(axes))"
TURNED = "if rows[2]:"
TURN = "w = w[:, :, ::-1, ::-1]"
STAMPS = "full = full_output(x, w, s, d)"
LOOP = "for axis, (begin, end, _) in enumerate((rows, columns), start=2):"
CELLS = "cells = [cell if 0 <= cell < size else size for cell in range(begin, size - end)]"
RETURN = "return full\n"

CROP, BEYOND, PAIRS, CHANNELS, UNTOUCHED = (
    "values_crop",
    "values_beyond",
    "values_pairs",
    "values_channels",
    "values_untouched",
)
TF, KERAS, JAX, ONNX = "tf_values", "keras_values", "jax_values", "onnx_values"
TORCH = f"{CROP} {BEYOND} {PAIRS} {CHANNELS}"
OTHERS = f"{TF} {KERAS} {JAX} {ONNX}"
ALL = f"{TORCH} {OTHERS}"


def cells(text):
    """An edit: which cells of the full output are shown."""
    return [(CELLS, f"cells = {text}")]


def first(line):
    """An edit: the function begins with this line."""
    return [(START, f"{line}\n    {START}")]


def last(line):
    """An edit: it ends with this line."""
    return [(RETURN, f"{line}\n")]


WRONG = {
    "never_turned": ([(TURNED, "if False:")], JAX, "the kernel is not turned where JAX turns it"),
    "always_turned": ([(TURNED, "if True:")], ALL, "or turned where it is not (M01)"),
    "turned_upside_down_only": ([(TURN, "w = w[:, :, ::-1]")], JAX, "values differ"),
    "rows_for_columns": ([(TURN, "w = w.swapaxes(2, 3)")], JAX, "differ"),
    "input_turned": ([(TURN, "x = x[:, :, ::-1, ::-1]")], JAX, "values differ"),
    "kernel_turned_in_place": (
        [(TURN, "w[...] = w[:, :, ::-1, ::-1].copy()")],
        JAX,
        "changes an array that it was given",
    ),
    "crop_ignored": (cells("list(range(size))"), ALL, "the shape differs"),
    "begin_ignored": (
        cells("[cell if cell < size else size for cell in range(size - end)]"),
        f"{TORCH} {TF} {JAX} {ONNX}",
        "the shape differs",
    ),
    "end_ignored": (
        cells("[cell if 0 <= cell else size for cell in range(begin, size)]"),
        ALL,
        "the shape differs",
    ),
    "begin_and_end_exchanged": (
        [(LOOP, LOOP.replace("begin, end", "end, begin"))],
        f"{BEYOND} {PAIRS} {OTHERS} {CROP} {CHANNELS}",
        "begin and end of the crop are exchanged (M50)",
    ),
    "nothing_beyond": (
        cells("[cell for cell in range(begin, size - end) if 0 <= cell < size]"),
        f"{BEYOND} {KERAS} {JAX}",
        "the shape differs",
    ),
    "no_zeros_at_the_begin": (
        cells("[cell if cell < size else size for cell in range(max(begin, 0), size - end)]"),
        JAX,
        "the shape differs",
    ),
    "zeros_at_the_end_only": (
        [(LOOP, f"{LOOP}\n        begin, end = max(begin, 0), end + min(begin, 0)")],
        JAX,
        "differ",
    ),
    "border_repeated": (
        cells("[min(max(cell, 0), size - 1) for cell in range(begin, size - end)]"),
        f"{BEYOND} {KERAS} {JAX}",
        "differ",
    ),
    "read_from_the_other_side": (
        cells("[cell % size for cell in range(begin, size - end)]"),
        f"{BEYOND} {KERAS} {JAX}",
        "differ",
    ),
    "python_slices": (cells("list(range(size))[begin : -end]"), ALL, "the shape differs"),
    "window_of_the_rows_twice": (
        [(WINDOWS, f"{WINDOWS}\n    columns = rows")],
        f"{CROP} {BEYOND} {PAIRS} {CHANNELS} {OTHERS}",
        "differ",
    ),
    "only_square": (
        [(AXES, "axes = zip(x.shape[2:3] * 2, w.shape[2:3] * 2, s, d)")],
        f"{BEYOND} {OTHERS}",
        "differ",
    ),
    "strides_exchanged": ([(STAMPS, STAMPS.replace("s, d", "s[::-1], d"))], f"{PAIRS} {OTHERS}", "differ"),
    "one_stride_for_both": (first("s = pair(s)[0]"), f"{PAIRS} {OTHERS}", "differ"),
    "dilation_ignored": ([(STAMPS, STAMPS.replace("s, d", "s, (1, 1)"))], f"{PAIRS} {JAX}", "differ"),
    "stride_ignored": ([(STAMPS, STAMPS.replace("s, d", "(1, 1), d"))], ALL, "differ"),
    "options_of_the_rows": (
        [(WINDOWS, WINDOWS.replace("own_options(options, n)", "own_options(options, 0)"))],
        f"{CROP} {BEYOND} {PAIRS} {CHANNELS} {OTHERS}",
        "differ",
    ),
    "options_not_shared_out": (
        [(WINDOWS, WINDOWS.replace("own_options(options, n)", "options"))],
        f"{CROP} {BEYOND} {PAIRS} {CHANNELS} {OTHERS}",
        "conv_transpose_like raises TypeError",
    ),
    "only_the_first_sample": (first("x = x[:1]"), f"{CHANNELS} {OTHERS}", "the shape differs"),
    "only_the_first_channel": (first("x, w = x[:, :1], w[:1]"), f"{CHANNELS} {OTHERS}", "values differ"),
    "channels_of_the_kernel_exchanged": (first("w = w.swapaxes(0, 1)"), f"{CHANNELS} {OTHERS}", "raises ValueError"),
    "single_precision": (last("return full.astype(np.float32)"), ALL, "expected float64, got float32"),
    "whole_numbers": (last("return full.astype(int)"), ALL, "expected float64, got int64"),
    "without_axes": (last("return full.squeeze()"), ALL, "the shape differs"),
    "a_list": (last("return full.tolist()"), f"{ALL} {UNTOUCHED}", "must be a NumPy array"),
    "input_erased": (last("x[...] = 0\n    return full"), f"{UNTOUCHED} {JAX}", "changes an array that it was given"),
    "input_given_away": (
        first("if (w == 1).all() and pair(s) == (1, 1):\n        return x"),
        UNTOUCHED,
        "returns a part of an array that it was given",
    ),
}
