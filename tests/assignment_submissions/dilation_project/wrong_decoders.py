"""Wrong ``checkerboard_phases`` and ``design_decoder``."""

STEPS = "steps = pair(s)[: w.ndim]"
ZEROS = "sums = np.zeros(steps)"
TAPS = "taps = tuple(slice(r, None, step) for r, step in zip(phase, steps))"
SUM = "sums[phase] = w[taps].sum()"
RETURN = "return sums"
REFUSED = "if min(steps) < 1:"

ROW, MISSING, PICTURE, BY_AXIS = "phases_row", "phases_missing", "phases_picture", "phases_axes"
VALUES = f"{ROW} {MISSING} {PICTURE} {BY_AXIS}"
KIND = f"{VALUES} phases_untouched errors_phases"

PHASES = {
    "counted": (
        [(SUM, "sums[phase] = w[taps].size")],
        VALUES,
        "the taps of each phase are counted, not added up (M29)",
    ),
    "turned_round": (
        [(ZEROS, f"w = w[(slice(None, None, -1),) * w.ndim]\n    {ZEROS}")],
        f"{ROW} {MISSING} {PICTURE} {BY_AXIS}",
        "the kernel is turned round first (M01)",
    ),
    "rows_and_columns_exchanged": (
        [(RETURN, "return sums.T")],
        f"{PICTURE} {BY_AXIS}",
        "rows and columns are exchanged (M44)",
    ),
    "blocks_of_neighbours": (
        [(TAPS, "taps = tuple(slice(r * step, (r + 1) * step) for r, step in zip(phase, steps))")],
        VALUES,
        "differ",
    ),
    "halves": (
        [
            (
                TAPS,
                "taps = tuple(slice(r * k // step, (r + 1) * k // step) for r, k, step in zip(phase, w.shape, steps))",
            )
        ],
        VALUES,
        "differ",
    ),
    "means": ([(SUM, "sums[phase] = w[taps].mean() if w[taps].size else 0")], VALUES, "differ"),
    "divided_by_the_sum": ([(RETURN, "return sums / w.sum()")], VALUES, "differ"),
    "largest": ([(SUM, "sums[phase] = w[taps].max(initial=0)")], VALUES, "differ"),
    "first_tap_only": ([(SUM, "sums[phase] = w[taps].ravel()[:1].sum()")], VALUES, "differ"),
    "begins_with_phase_one": (
        [("slice(r, None, step)", "slice((r + 1) % step, None, step)")],
        VALUES,
        "differ",
    ),
    "rows_only": (
        [(TAPS, "taps = slice(phase[0], None, steps[0])")],
        f"{PICTURE} {BY_AXIS}",
        "differ",
    ),
    "row_stride_for_columns": (
        [(STEPS, "steps = (pair(s)[0],) * w.ndim")],
        f"{BY_AXIS} errors_phases",
        "the shape differs",
    ),
    "one_row_of_phases": (
        [(RETURN, "return sums.ravel()")],
        f"{PICTURE} {BY_AXIS}",
        "the shape differs",
    ),
    "phases_without_taps_left_out": ([(RETURN, "return sums[sums != 0]")], f"{MISSING} {PICTURE} {BY_AXIS}", "differs"),
    "only_rows_of_taps": (
        [(STEPS, f"if w.ndim > 1:\n        raise ValueError('one axis only')\n    {STEPS}")],
        f"{PICTURE} {BY_AXIS} phases_untouched errors_phases",
        "raises ValueError",
    ),
    "only_square": (
        [(ZEROS, f"w = w[:, : len(w)] if w.ndim > 1 else w\n    {ZEROS}")],
        f"{PICTURE} {BY_AXIS}",
        "differ",
    ),
    "only_whether_they_are_equal": ([(RETURN, "return bool(np.ptp(sums) == 0)")], KIND, "must be a NumPy array"),
    "a_list": ([(RETURN, "return sums.tolist()")], KIND, "must be a NumPy array"),
    "whole_numbers": ([(ZEROS, "sums = np.zeros(steps, int)")], VALUES, "expected float64, got int64"),
    "single_precision": ([(ZEROS, "sums = np.zeros(steps, np.float32)")], VALUES, "got float32"),
    "no_return": ([(RETURN, "sums")], KIND, "is a return missing?"),
    "kernel_as_long_as_the_stride": (
        [(ZEROS, f"if w.shape == steps:\n        return w\n    {ZEROS}")],
        "phases_untouched",
        "returns a part of an array that it was given",
    ),
    "adds_up_in_place": (
        [(SUM, "sums[phase] = w[taps].sum()\n        w[taps] = 0")],
        "phases_untouched",
        "changes an array that it was given",
    ),
    "nothing_refused": ([(REFUSED, "if False:")], "errors_phases", "must raise ValueError here"),
    "another_error": (
        [("raise ValueError", "raise ZeroDivisionError")],
        "errors_phases",
        "it raises ZeroDivisionError",
    ),
    "only_the_rows_refused": ([(REFUSED, "if steps[0] < 1:")], "errors_phases", "it returns an answer"),
    "stride_one_refused": (
        [(REFUSED, "if max(steps) < 2:")],
        f"{MISSING} {PICTURE} phases_untouched errors_phases",
        "raises ValueError",
    ),
}

LAYERS = "for kernel_size in range(1, 7)"
EVEN = "if kernel_size % stride == 0"
PADDING = "for padding in range(kernel_size)"
OUTPUT_PADDING = "for output_padding in range(min(stride, padding + 1))"
REACHED = "reached = stride * (size - 1) + kernel_size - 2 * padding + output_padding"
FOUND = "return [*layers, layer]"
ROUNDS = "for _ in range(4):"
RAISE = 'raise ValueError(f"four layers cannot lead from {i} to {target} cells")'
TOO_SMALL = "if min(i, target) < 1:"

DOUBLES, FACTORS, ODD, FAR, NO_WAY = "design_doubles design_factors design_odd_sizes design_far design_refused".split()
DECODERS = f"{DOUBLES} {FACTORS} {ODD} {FAR}"


def reached(text):
    """An edit: another size after a layer."""
    return [(REACHED, f"reached = {text}")]


ALWAYS_DOUBLE = """
def design_decoder(i, target):
    if i < 1 or target < i or target > 16 * i:
        raise ValueError("too far")
    layers = []
    while i < target:
        layers.append((4, 2, 1, 0))
        i *= 2
    return layers
"""
ONE_LAYER = """
def design_decoder(i, target):
    if i < 1 or target < i or target > 1296 * i:
        raise ValueError("too far")
    stride = -(-target // i)
    lack = stride * i - target
    return [(stride, stride, (lack + 1) // 2, lack % 2)]
"""
DCGAN = """
def design_decoder(i, target):
    if i < 1 or target < 1 or target > 1296 * i or target < i - 20:
        raise ValueError("too far")
    return [(4, 2, 1, 0)] * 4
"""
MULTIPLES = """
def design_decoder(i, target):
    if i < 1 or target < 1 or target > 1296 * i or target < i - 20:
        raise ValueError("too far")
    factor, layers = target // i, []
    for stride in (6, 5, 4, 3, 2):
        while factor % stride == 0 and factor > 1:
            layers.append((stride, stride, 0, 0))
            factor //= stride
    return layers
"""

DESIGNS = {
    "any_overlap": (
        [(EVEN, "if kernel_size >= stride")],
        f"{DOUBLES} {FACTORS} {ODD}",
        "the kernel size is no multiple of the stride (M29)",
    ),
    "stride_larger_than_the_kernel": ([(EVEN, "if stride % kernel_size == 0")], f"{DECODERS} {NO_WAY}", "(M29)"),
    "multiple_the_wrong_way_round": ([(EVEN, "if kernel_size % 2 == 0")], DECODERS, "overlaps unevenly"),
    "any_output_padding": (
        [
            (LAYERS, "for kernel_size in range(6, 0, -1)"),
            (OUTPUT_PADDING, "for output_padding in range(padding, -1, -1)"),
        ],
        DECODERS,
        "any output_padding is taken to be allowed (M19)",
    ),
    "empty_cells": (
        [(OUTPUT_PADDING, "for output_padding in range(stride)")],
        f"{DECODERS} {NO_WAY}",
        "without a stamp: output_padding is larger than padding",
    ),
    "large_padding": (
        [(PADDING, "for padding in range(2 * kernel_size)")],
        f"{DECODERS} {NO_WAY}",
        "padding must be from 0 to kernel_size - 1",
    ),
    "large_kernels": (
        [(LAYERS, "for kernel_size in range(1, 9)"), ("range(1, 7)", "range(1, 9)")],
        f"{DECODERS} {NO_WAY}",
        "kernel_size must be from 1 to 6",
    ),
    "five_layers": ([(ROUNDS, "for _ in range(5):")], NO_WAY, "it returns an answer"),
    "three_layers": ([(ROUNDS, "for _ in range(3):")], f"{FAR} {NO_WAY}", "raises ValueError"),
    "steps_one_too_many": (
        reached("stride * size + kernel_size - 2 * padding + output_padding"),
        f"{DECODERS} {NO_WAY}",
        "the formula has stride * i instead of stride * (i - 1) (M12a)",
    ),
    "stride_times_size": (
        reached("stride * size"),
        f"{FACTORS} {ODD} {FAR} {NO_WAY}",
        "raises ValueError: four layers cannot lead",
    ),
    "padding_adds": (
        reached("stride * (size - 1) + kernel_size + 2 * padding + output_padding"),
        f"{DECODERS} {NO_WAY}",
        "padding adds zeros",
    ),
    "padding_once": (
        reached("stride * (size - 1) + kernel_size - padding + output_padding"),
        f"{DECODERS} {NO_WAY}",
        "padding crops the begin only",
    ),
    "output_padding_left_out": (
        reached("stride * (size - 1) + kernel_size - 2 * padding"),
        FAR,
        "raises ValueError: four layers cannot lead",
    ),
    "output_padding_twice": (
        reached("stride * (size - 1) + kernel_size - 2 * padding + 2 * output_padding"),
        FAR,
        "raises ValueError: four layers cannot lead",
    ),
    "formula_of_the_convolution": (
        reached("(size + 2 * padding - kernel_size) // stride + 1"),
        f"{DECODERS} {NO_WAY}",
        "crops everything away",
    ),
    "last_layer_first": (
        [(FOUND, "return [layer, *layers]"), ("[*layers, layer]", "[layer, *layers]")],
        DECODERS,
        "the sizes are",
    ),
    "larger_is_good_enough": (
        [("if reached == target:", "if reached >= target:")],
        f"{DECODERS} {NO_WAY}",
        "the sizes are",
    ),
    "always_doubles": (ALWAYS_DOUBLE, f"{FACTORS} {ODD} {FAR} {NO_WAY}", "and not 15 at the end"),
    "one_layer": (ONE_LAYER, f"{DECODERS} {NO_WAY}", "kernel_size must be from 1 to 6"),
    "always_the_same_four": (DCGAN, DECODERS, "the sizes are"),
    "whole_factors_only": (MULTIPLES, f"{FACTORS} {ODD} {FAR}", "the sizes are"),
    "strides_first": (
        [
            (
                "(kernel_size, stride, padding, output_padding)\n        for",
                "(stride, kernel_size, padding, output_padding)\n        for",
            ),
            (
                "kernel_size, stride, padding, output_padding = layer",
                "stride, kernel_size, padding, output_padding = layer",
            ),
        ],
        DECODERS,
        "overlaps unevenly",
    ),
    "without_output_padding": (
        [(FOUND, "return [way[:3] for way in [*layers, layer]]")],
        DECODERS,
        "each (kernel_size, stride, padding, output_padding)",
    ),
    "sizes_in_place_of_layers": ([(FOUND, "return [size, target]")], DECODERS, "layer 1 is"),
    "one_layer_bare": ([(FOUND, "return layer")], DECODERS, "layer 1 is"),
    "floats": (
        [
            ("for kernel_size in range(1, 7)", "for kernel_size in (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)"),
            (PADDING, "for padding in range(int(kernel_size))"),
        ],
        DECODERS,
        "must be four whole numbers",
    ),
    "no_return": (
        [(FOUND, "[*layers, layer]\n                    return None")],
        f"{DECODERS} {NO_WAY}",
        "this is None",
    ),
    "none_where_there_is_none": ([(RAISE, "return None")], NO_WAY, "it returns an answer"),
    "another_error": ([(RAISE, 'raise LookupError("no decoder")')], NO_WAY, "it raises LookupError"),
    "small_sizes_not_refused": ([(TOO_SMALL, "if False:")], NO_WAY, "it returns an answer"),
    "shrinking_refused": (
        [(TOO_SMALL, "if min(i, target) < 1 or target < i:")],
        f"{ODD} {FAR} {NO_WAY}",
        "raises ValueError",
    ),
}
