"""Wrong ``fixed_padding`` and ``same_pads``."""

AXES = "for k, d in zip(pair(kernel_size), pair(dilation)):"
TOTAL = "total = d * (k - 1)"
HALVES = "zeros.append((total // 2, total - total // 2))"
UNPACK = "(top, bottom), (left, right) = zeros"
ORDER = "return left, right, top, bottom"
REFUSED = "if min(k, d) < 1:"

ODD, EVEN, BY_AXIS = "pads_fixed_odd", "pads_fixed_even", "pads_fixed_axes"
VALUES = f"{ODD} {EVEN} {BY_AXIS}"
ERRORS = "errors_pads"


def total(text):
    """An edit: another number of zeros along an axis."""
    return [(TOTAL, f"total = {text}")]


FIXED = {
    "top_and_bottom_first": (
        [(ORDER, "return top, bottom, left, right")],
        BY_AXIS,
        "top and bottom are given first; PyTorch begins with the last axis (M39)",
    ),
    "columns_before_rows": ([(UNPACK, "(left, right), (top, bottom) = zeros")], BY_AXIS, "(M39)"),
    "half_of_an_even_kernel": (
        [(HALVES, "zeros.append(((d * (k - 1) + 1) // 2,) * 2)")],
        f"{EVEN} {BY_AXIS}",
        "half of an even kernel, K // 2, is added on both sides (M23a)",
    ),
    "rounded_down_on_both_sides": (
        [(HALVES, "zeros.append((total // 2, total // 2))")],
        f"{EVEN} {BY_AXIS}",
        "differs",
    ),
    "odd_zero_before": (
        [(HALVES, "zeros.append((total - total // 2, total // 2))")],
        f"{EVEN} {BY_AXIS}",
        "the odd zero is added at the begin instead of the end (M23b)",
    ),
    "dilation_left_out": (total("k - 1"), VALUES, "dilation is left out (M10)"),
    "span_k_times_d": (total("k * d - 1"), VALUES, "the dilated kernel counts as k * d cells (M09a)"),
    "span_k_plus_d": (total("k + d - 2"), VALUES, "the dilated kernel counts as k + d - 1 cells (M09b)"),
    "d_zeros_between_taps": (
        total("(d + 1) * (k - 1)"),
        VALUES,
        "d zeros are put between the taps instead of d - 1 (M09c)",
    ),
    "as_many_as_the_kernel": (total("d * (k - 1) + 1"), VALUES, "differs"),
    "twice_as_many": ([(HALVES, "zeros.append((total, total))")], VALUES, "differs"),
    "full_padding": ([(HALVES, "zeros.append((k - 1, k - 1))")], VALUES, "differs"),
    "only_square_kernels": (
        [(AXES, "kernel_size = pair(kernel_size)[0]\n    for k, d in zip(pair(kernel_size), pair(dilation)):")],
        f"{BY_AXIS} {ERRORS}",
        "differs",
    ),
    "one_dilation_for_both": ([("pair(dilation)", "pair(pair(dilation)[0])")], f"{BY_AXIS} {ERRORS}", "differs"),
    "no_pairs": ([(AXES, "for k, d in [(kernel_size, dilation)] * 2:")], f"{BY_AXIS} {ERRORS}", "raises TypeError"),
    "one_axis_only": ([(ORDER, "return left, right")], VALUES, "parts are expected"),
    "a_pair_of_pairs": ([(ORDER, "return (left, right), (top, bottom)")], f"{VALUES}", "parts are expected"),
    "floats": (
        [(HALVES, "zeros.append((total / 2, total - total / 2))")],
        VALUES,
        "the answer must be an int",
    ),
    "an_array": ([(ORDER, "return np.array([left, right, top, bottom])")], f"{VALUES} {ERRORS}", "must be a tuple"),
    "no_return": ([(ORDER, "left, right, top, bottom")], f"{VALUES} {ERRORS}", "is a return missing?"),
    "nothing_refused": ([(REFUSED, "if False:")], ERRORS, "it returns an answer"),
    "another_error": ([("raise ValueError", "raise RuntimeError")], ERRORS, "it raises RuntimeError"),
    "dilation_not_refused": ([(REFUSED, "if k < 1:")], ERRORS, "it returns an answer"),
    "one_tap_refused": ([(REFUSED, "if min(k - 1, d) < 1:")], f"{ODD} {BY_AXIS} {ERRORS}", "raises ValueError"),
}

PLACES = "places = -(-n // s)  # rounded up"
NEEDED = "needed = s * (places - 1) + d * (k - 1) + 1"
MISSING = "total = max(needed - n, 0)"
SPLIT = "return total // 2, total - total // 2"
REFUSED_SAME = "if min(n, k, s, d) < 1:"

SAME_SIZE, STRIDE, NONE, TOGETHER = "pads_same_size", "pads_same_stride", "pads_same_none", "pads_same_together"
SAME_VALUES = f"{SAME_SIZE} {STRIDE} {NONE} {TOGETHER}"

SAME = {
    "the_same_on_both_sides": (
        [(SPLIT, "return total - total // 2, total - total // 2")],
        f"{SAME_SIZE} {STRIDE} {TOGETHER}",
        "the same number of zeros is added on both sides (M20)",
    ),
    "whatever_the_size": (
        [(MISSING, "total = d * (k - 1)")],
        f"{STRIDE} {NONE} {TOGETHER}",
        "the zeros do not depend on the input size, as in fixed_padding (M20)",
    ),
    "odd_zero_before": (
        [(SPLIT, "return total - total // 2, total // 2")],
        f"{SAME_SIZE} {STRIDE} {TOGETHER}",
        "the odd zero is added at the begin instead of the end (M23b)",
    ),
    "half_of_an_even_kernel": (
        [(SPLIT, "return (d * (k - 1) + 1) // 2, (d * (k - 1) + 1) // 2")],
        SAME_VALUES,
        "half of an even kernel, K // 2, is added on both sides (M23a)",
    ),
    "keeps_the_size": (
        [(PLACES, "places = n")],
        f"{STRIDE} {NONE} {TOGETHER}",
        '"same" is taken to keep the size (M21)',
    ),
    "rounded_down": (
        [(PLACES, "places = n // s")],
        f"{STRIDE} {TOGETHER}",
        "n / s is rounded down instead of up (M21)",
    ),
    "never_less_than_no_zeros_forgotten": ([(MISSING, "total = needed - n")], f"{NONE} {TOGETHER}", "differs"),
    "distance_in_place_of_the_lack": ([(MISSING, "total = abs(needed - n)")], f"{NONE} {TOGETHER}", "differs"),
    "dilation_left_out": ([("d * (k - 1)", "k - 1")], f"{SAME_SIZE} {TOGETHER}", "dilation is left out (M10)"),
    "span_k_times_d": (
        [("d * (k - 1) + 1", "d * k")],
        f"{SAME_SIZE} {NONE} {TOGETHER}",
        "the dilated kernel counts as k * d cells (M09a)",
    ),
    "span_k_plus_d": (
        [("d * (k - 1) + 1", "k + d - 1")],
        f"{SAME_SIZE} {NONE} {TOGETHER}",
        "the dilated kernel counts as k + d - 1 cells (M09b)",
    ),
    "d_zeros_between_taps": ([("d * (k - 1)", "(d + 1) * (k - 1)")], SAME_VALUES, "d zeros are put between the taps"),
    "dilation_multiplies_the_stride": (
        [(PLACES, f"s *= d\n    {PLACES}")],
        TOGETHER,
        "the dilation multiplies the stride (M11)",
    ),
    "one_place_too_many": ([("s * (places - 1)", "s * places")], SAME_VALUES, "differs"),
    "span_without_the_last_cell": ([("d * (k - 1) + 1", "d * (k - 1)")], f"{SAME_SIZE} {STRIDE} {TOGETHER}", "differs"),
    "only_how_many": ([(SPLIT, "return total")], f"{SAME_VALUES} errors_pads", "must be a tuple"),
    "floats": ([(SPLIT, "return total / 2, total - total / 2")], SAME_VALUES, "must be an int"),
    "four_numbers": (
        [(SPLIT, "return (total // 2, total - total // 2) * 2")],
        SAME_VALUES,
        "2 parts are expected, got 4",
    ),
    "no_return": ([(SPLIT, "total // 2, total - total // 2")], f"{SAME_VALUES} errors_pads", "is a return missing?"),
    "nothing_refused": ([(REFUSED_SAME, "if False:")], "errors_pads", "must raise ValueError here"),
    "another_error": ([("raise ValueError", "raise ArithmeticError")], "errors_pads", "it raises ArithmeticError"),
    "input_not_refused": ([(REFUSED_SAME, "if min(k, s, d) < 1:")], "errors_pads", "it returns an answer"),
    "small_inputs_refused": (
        [(REFUSED_SAME, "if min(n, k, s, d) < 1 or n < k:")],
        f"{SAME_SIZE} {TOGETHER} errors_pads",
        "raises ValueError",
    ),
}
