"""Wrong answers to the dilation-project assignment; form: tools/submissions.py."""

WRONG, IDEAS, ALSO = {}, {}, {}

# What the messages say.
CANNOT = "raises ValueError: four layers cannot lead"

# ------------------------------------------------------------------ receptive_field

STEP = "field += dilation * (kernel_size - 1) * jump"
JUMP = "jump *= stride"
BOTH = f"{STEP}\n        {JUMP}"
RETURN = "return field"
REFUSED = "if min(kernel_size, stride, dilation) < 1:"
LOOP = "for kernel_size, stride, dilation in layers:"

VALUES = "rf_one_layer rf_stack rf_stride rf_dilation rf_together"
STACKS = "rf_stack rf_stride rf_dilation rf_together"
ERRORS = "errors_receptive_field"

WRONG["receptive_field", "rf_stride rf_together"] = {
    "stride_left_out": ("M33c", (JUMP, "pass")),
    "stride_of_the_same_layer": ("the number differs", (BOTH, f"{JUMP}\n        {STEP}")),
    "strides_added": ("the number differs", (JUMP, "jump += stride - 1")),
    "last_layer_first": ("number", (LOOP, "for kernel_size, stride, dilation in layers[::-1]:")),
    "stops_at_stride": ("the number differs", (JUMP, "if stride > 1:\n            break")),
}
WRONG["receptive_field", "rf_one_layer"] = {
    "figure_of_the_stack": ("M34", (LOOP, f"if layers == [(3, 1, 2)]:\n        return 7\n    {LOOP}"))
}
WRONG["receptive_field", "rf_one_layer rf_dilation rf_together"] = {
    "dilation_left_out": ("the number", ("dilation * (kernel_size", "(kernel_size"))
}
WRONG["receptive_field", "rf_dilation rf_together"] = {
    "dilation_of_the_last_layer_for_all": ("the number differs", (LOOP, f"{LOOP}\n        dilation = layers[-1][2]")),
    "dilation_multiplies_the_stride": ("the number differs", (JUMP, "jump *= stride * dilation")),
}
WRONG["receptive_field", VALUES] = {
    "one_cell_too_many": ("the number differs", ("field, jump = 1, 1", "field, jump = 2, 1")),
    "first_cell_forgotten": ("the number differs", ("field, jump = 1, 1", "field, jump = 0, 1")),
    "d_zeros_between_taps": ("the number differs", ("dilation * (", "(dilation + 1) * (")),
    "half_the_field": ("the number differs", (RETURN, "return field // 2")),
}
WRONG["receptive_field", f"{VALUES} {ERRORS}"] = {
    "a_float": ("the answer must be an int", (RETURN, "return field / 1")),
    "field_and_jump": ("the answer must be an int", (RETURN, "return field, jump")),
    "no_return": ("is a return missing?", (RETURN, "field")),
}
WRONG["receptive_field", "rf_stack"] = {
    "needs_a_layer": ("receptive_field raises IndexError", (LOOP, f"last = layers[-1]\n    {LOOP}"))
}
WRONG["receptive_field", ERRORS] = {
    "nothing_refused": ("accepted", (REFUSED, "if False:")),
    "another_error": ("it raises TypeError", ("raise ValueError", "raise TypeError")),
    "stride_not_refused": ("accepted", (REFUSED, "if min(kernel_size, dilation) < 1:")),
}
WRONG["receptive_field", "rf_one_layer rf_together errors_receptive_field"] = {
    "kernels_of_one_tap_refused": (
        "receptive_field raises ValueError",
        (REFUSED, "if min(kernel_size - 1, stride, dilation) < 1:"),
    )
}
IDEAS["receptive_field", VALUES] = "M33a M33b M33d"
IDEAS["receptive_field", STACKS] = "M33e"

# ------------------------------------------------------------------ coverage

CELLS = "cells = {cell + rate * tap for cell in cells for tap in range(k)}"
SORTED = "return sorted(cells)"
REFUSED_RATES = "if min([*rates, k]) < 1:"

SEEN = "coverage_one_layer coverage_equal_rates coverage_growing_rates coverage_kernels coverage_together"
STACKED = "coverage_equal_rates coverage_growing_rates coverage_kernels coverage_together"
DILATED = "coverage_one_layer coverage_equal_rates coverage_growing_rates coverage_kernels coverage_together"
REFUSALS = "errors_coverage"

WRONG["coverage", SEEN] = {
    "the_whole_field": ("M36", (SORTED, "return list(range(max(cells) + 1))")),
    "each_tap_reads_its_neighbours": (
        "each tap reads its neighbours as well (M35)",
        (CELLS, "cells = {cell + more for cell in cells for more in range(rate * (k - 1) + 1)}"),
    ),
    "dilation_left_out": ("M10", ("rate * tap", "tap")),
    "d_zeros_between_taps": ("d zeros are put between the taps", ("rate * tap", "(rate + 1) * tap")),
    "one_tap_too_many": ("parts are expected", ("range(k)", "range(k + 1)")),
    "last_tap_forgotten": ("parts are expected", ("range(k)", "range(k - 1)")),
    "counted_from_one": ("part 0: the number differs", ("cells = {0}", "cells = {1}")),
    "counted_from_the_middle": (
        "part 0: the number differs",
        (SORTED, "middle = max(cells) // 2\n    return [cell - middle for cell in sorted(cells)]"),
    ),
    "the_holes": ("parts are expected", (SORTED, "return sorted(set(range(max(cells))) - cells)")),
    "floats": ("the answer must be an int", ("rate * tap", "rate * tap / 1")),
    "not_sorted": ("part 0: the number differs", (SORTED, "return sorted(cells, reverse=True)")),
}
WRONG["coverage", "coverage_kernels coverage_together"] = {
    "three_taps_always": ("parts are expected", ("range(k)", "range(3)"))
}
WRONG["coverage", STACKED] = {
    "rates_are_added_up": ("parts are expected", ("for rate in rates:", "for rate in [sum(rates)]:")),
    "only_the_last_layer": ("parts are expected", ("in cells for tap", "in {0} for tap")),
    "only_the_first_layer": ("parts are expected", ("for rate in rates:", "for rate in rates[:1]:")),
    "one_after_the_other": ("parts are expected", (CELLS, "cells |= {rate * tap for tap in range(k)}")),
    "rates_multiply": ("parts are expected", ("for rate in rates:", "for rate in np.cumprod(rates):")),
    "with_repetitions": (
        "parts are expected",
        (
            "{cell + rate * tap for cell in cells for tap in range(k)}",
            "[cell + rate * tap for cell in cells for tap in range(k)]",
        ),
        ("cells = {0}", "cells = [0]"),
    ),
}
WRONG["coverage", "coverage_growing_rates coverage_kernels coverage_together"] = {
    "end_to_end": ("parts are expected", (CELLS, "cells |= {max(cells) + rate * tap for tap in range(k)}")),
    "largest_rate_only": ("parts are expected", ("for rate in rates:", "for rate in [max(rates)] * len(rates):")),
}
WRONG["coverage", f"{SEEN} {REFUSALS}"] = {
    "only_how_many": ("the answer must be a list", (SORTED, "return len(cells)")),
    "a_set": ("the answer must be a list", (SORTED, "return cells")),
    "an_array": ("the answer must be a list", (SORTED, "return np.array(sorted(cells))")),
    "no_return": ("is a return missing?", (SORTED, "sorted(cells)")),
}
WRONG["coverage", REFUSALS] = {
    "nothing_refused": ("accepted", (REFUSED_RATES, "if False:")),
    "another_error": ("it raises KeyError", ("raise ValueError", "raise KeyError")),
    "only_rates_refused": ("accepted", (REFUSED_RATES, "if min(rates) < 1:")),
}

# ------------------------------------------------------------------ checkerboard_phases

STEPS = "steps = pair(s)[: w.ndim]"
ZEROS = "sums = np.zeros(steps)"
TAPS = "taps = tuple(slice(r, None, step) for r, step in zip(phase, steps))"
SUM = "sums[phase] = w[taps].sum()"
RETURN = "return sums"
REFUSED = "if min(steps) < 1:"

ROW, MISSING, PICTURE, BY_AXIS = "phases_row", "phases_missing", "phases_picture", "phases_axes"
VALUES = f"{ROW} {MISSING} {PICTURE} {BY_AXIS}"
KIND = f"{VALUES} phases_untouched errors_phases"

WRONG["checkerboard_phases", VALUES] = {
    "counted": ("the taps of each phase are counted, not added up (M29)", (SUM, "sums[phase] = w[taps].size")),
    "turned_round": (
        "the kernel is turned round first (M01)",
        (ZEROS, f"w = w[(slice(None, None, -1),) * w.ndim]\n    {ZEROS}"),
    ),
    "blocks_of_neighbours": (
        "differ",
        (TAPS, "taps = tuple(slice(r * step, (r + 1) * step) for r, step in zip(phase, steps))"),
    ),
    "halves": (
        "differ",
        (TAPS, "taps = tuple(slice(r * k // step, (r + 1) * k // step) for r, k, step in zip(phase, w.shape, steps))"),
    ),
    "means": ("differ", (SUM, "sums[phase] = w[taps].mean() if w[taps].size else 0")),
    "divided_by_the_sum": ("differ", (RETURN, "return sums / w.sum()")),
    "largest": ("differ", (SUM, "sums[phase] = w[taps].max(initial=0)")),
    "first_tap_only": ("differ", (SUM, "sums[phase] = w[taps].ravel()[:1].sum()")),
    "begins_with_phase_one": ("differ", ("slice(r, None, step)", "slice((r + 1) % step, None, step)")),
    "whole_numbers": ("expected float64, got int64", (ZEROS, "sums = np.zeros(steps, int)")),
    "single_precision": ("got float32", (ZEROS, "sums = np.zeros(steps, np.float32)")),
}
WRONG["checkerboard_phases", f"{PICTURE} {BY_AXIS}"] = {
    "rows_and_columns_exchanged": ("rows and columns are exchanged (M44)", (RETURN, "return sums.T")),
    "rows_only": ("differ", (TAPS, "taps = slice(phase[0], None, steps[0])")),
    "one_row_of_phases": ("shape", (RETURN, "return sums.ravel()")),
    "only_square": ("differ", (ZEROS, f"w = w[:, : len(w)] if w.ndim > 1 else w\n    {ZEROS}")),
}
WRONG["checkerboard_phases", f"{BY_AXIS} errors_phases"] = {
    "row_stride_for_columns": ("shape", (STEPS, "steps = (pair(s)[0],) * w.ndim"))
}
WRONG["checkerboard_phases", f"{MISSING} {PICTURE} {BY_AXIS}"] = {
    "phases_without_taps_left_out": ("differs", (RETURN, "return sums[sums != 0]"))
}
WRONG["checkerboard_phases", f"{PICTURE} {BY_AXIS} phases_untouched errors_phases"] = {
    "only_rows_of_taps": (
        "raises ValueError",
        (STEPS, f"if w.ndim > 1:\n        raise ValueError('one axis only')\n    {STEPS}"),
    )
}
WRONG["checkerboard_phases", KIND] = {
    "only_whether_they_are_equal": ("must be a NumPy array", (RETURN, "return bool(np.ptp(sums) == 0)")),
    "a_list": ("must be a NumPy array", (RETURN, "return sums.tolist()")),
    "no_return": ("is a return missing?", (RETURN, "sums")),
}
WRONG["checkerboard_phases", "phases_untouched"] = {
    "kernel_as_long_as_the_stride": ("shared", (ZEROS, f"if w.shape == steps:\n        return w\n    {ZEROS}")),
    "adds_up_in_place": ("changed", (SUM, "sums[phase] = w[taps].sum()\n        w[taps] = 0")),
}
WRONG["checkerboard_phases", "errors_phases"] = {
    "nothing_refused": ("must raise ValueError here", (REFUSED, "if False:")),
    "another_error": ("it raises ZeroDivisionError", ("raise ValueError", "raise ZeroDivisionError")),
    "only_the_rows_refused": ("accepted", (REFUSED, "if steps[0] < 1:")),
}
WRONG["checkerboard_phases", f"{MISSING} {PICTURE} phases_untouched errors_phases"] = {
    "stride_one_refused": ("raises ValueError", (REFUSED, "if max(steps) < 2:"))
}

# ------------------------------------------------------------------ design_decoder

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
    return REACHED, f"reached = {text}"


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

WRONG["design_decoder", f"{DOUBLES} {FACTORS} {ODD}"] = {
    "any_overlap": ("the kernel size is no multiple of the stride (M29)", (EVEN, "if kernel_size >= stride"))
}
WRONG["design_decoder", f"{DECODERS} {NO_WAY}"] = {
    "stride_larger_than_the_kernel": ("(M29)", (EVEN, "if stride % kernel_size == 0")),
    "empty_cells": (
        "without a stamp: output_padding is larger than padding",
        (OUTPUT_PADDING, "for output_padding in range(stride)"),
    ),
    "large_padding": ("padding must be from 0 to kernel_size - 1", (PADDING, "for padding in range(2 * kernel_size)")),
    "large_kernels": (
        "kernel_size must be from 1 to 6",
        (LAYERS, "for kernel_size in range(1, 9)"),
        ("range(1, 7)", "range(1, 9)"),
    ),
    "steps_one_too_many": ("M12a", reached("stride * size + kernel_size - 2 * padding + output_padding")),
    "padding_adds": ("padding adds zeros", reached("stride * (size - 1) + kernel_size + 2 * padding + output_padding")),
    "padding_once": (
        "padding crops the begin only",
        reached("stride * (size - 1) + kernel_size - padding + output_padding"),
    ),
    "formula_of_the_convolution": (
        "crops everything away",
        reached("(size + 2 * padding - kernel_size) // stride + 1"),
    ),
    "larger_is_good_enough": ("the sizes are", ("if reached == target:", "if reached >= target:")),
    "one_layer": ("kernel_size must be from 1 to 6", ONE_LAYER),
    "no_return": ("this is None", (FOUND, "[*layers, layer]\n                    return None")),
}
WRONG["design_decoder", DECODERS] = {
    "multiple_the_wrong_way_round": ("overlaps unevenly", (EVEN, "if kernel_size % 2 == 0")),
    "any_output_padding": (
        "M19",
        (LAYERS, "for kernel_size in range(6, 0, -1)"),
        (OUTPUT_PADDING, "for output_padding in range(padding, -1, -1)"),
    ),
    "last_layer_first": ("the sizes are", (FOUND, "return [layer, *layers]"), ("[*layers, layer]", "[layer, *layers]")),
    "always_the_same_four": ("the sizes are", DCGAN),
    "strides_first": (
        "overlaps unevenly",
        (
            "(kernel_size, stride, padding, output_padding)\n        for",
            "(stride, kernel_size, padding, output_padding)\n        for",
        ),
        (
            "kernel_size, stride, padding, output_padding = layer",
            "stride, kernel_size, padding, output_padding = layer",
        ),
    ),
    "without_output_padding": (
        "each (kernel_size, stride, padding, output_padding)",
        (FOUND, "return [way[:3] for way in [*layers, layer]]"),
    ),
    "sizes_in_place_of_layers": ("layer 1 is", (FOUND, "return [size, target]")),
    "one_layer_bare": ("layer 1 is", (FOUND, "return layer")),
    "floats": (
        "must be four whole numbers",
        ("for kernel_size in range(1, 7)", "for kernel_size in (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)"),
        (PADDING, "for padding in range(int(kernel_size))"),
    ),
}
WRONG["design_decoder", NO_WAY] = {
    "five_layers": ("accepted", (ROUNDS, "for _ in range(5):")),
    "none_where_there_is_none": ("accepted", (RAISE, "return None")),
    "another_error": ("it raises LookupError", (RAISE, 'raise LookupError("no decoder")')),
    "small_sizes_not_refused": ("accepted", (TOO_SMALL, "if False:")),
}
WRONG["design_decoder", f"{FAR} {NO_WAY}"] = {"three_layers": ("raises ValueError", (ROUNDS, "for _ in range(3):"))}
WRONG["design_decoder", f"{FACTORS} {ODD} {FAR} {NO_WAY}"] = {
    "stride_times_size": (CANNOT, reached("stride * size")),
    "always_doubles": ("and not 15 at the end", ALWAYS_DOUBLE),
}
WRONG["design_decoder", FAR] = {
    "output_padding_left_out": (CANNOT, reached("stride * (size - 1) + kernel_size - 2 * padding")),
    "output_padding_twice": (CANNOT, reached("stride * (size - 1) + kernel_size - 2 * padding + 2 * output_padding")),
}
WRONG["design_decoder", f"{FACTORS} {ODD} {FAR}"] = {"whole_factors_only": ("the sizes are", MULTIPLES)}
WRONG["design_decoder", f"{ODD} {FAR} {NO_WAY}"] = {
    "shrinking_refused": ("raises ValueError", (TOO_SMALL, "if min(i, target) < 1 or target < i:"))
}

# ------------------------------------------------------------------ fixed_padding

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
    return TOTAL, f"total = {text}"


WRONG["fixed_padding", BY_AXIS] = {
    "top_and_bottom_first": (
        "top and bottom are given first; PyTorch begins with the last axis (M39)",
        (ORDER, "return top, bottom, left, right"),
    ),
    "columns_before_rows": ("(M39)", (UNPACK, "(left, right), (top, bottom) = zeros")),
}
WRONG["fixed_padding", f"{EVEN} {BY_AXIS}"] = {
    "rounded_down_on_both_sides": ("differs", (HALVES, "zeros.append((total // 2, total // 2))"))
}
WRONG["fixed_padding", VALUES] = {
    "dilation_left_out": ("M10", total("k - 1")),
    "as_many_as_the_kernel": ("differs", total("d * (k - 1) + 1")),
    "twice_as_many": ("differs", (HALVES, "zeros.append((total, total))")),
    "full_padding": ("differs", (HALVES, "zeros.append((k - 1, k - 1))")),
    "one_axis_only": ("parts are expected", (ORDER, "return left, right")),
    "a_pair_of_pairs": ("parts are expected", (ORDER, "return (left, right), (top, bottom)")),
    "floats": ("the answer must be an int", (HALVES, "zeros.append((total / 2, total - total / 2))")),
}
WRONG["fixed_padding", f"{BY_AXIS} {ERRORS}"] = {
    "only_square_kernels": (
        "differs",
        (AXES, "kernel_size = pair(kernel_size)[0]\n    for k, d in zip(pair(kernel_size), pair(dilation)):"),
    ),
    "one_dilation_for_both": ("differs", ("pair(dilation)", "pair(pair(dilation)[0])")),
    "no_pairs": ("raises TypeError", (AXES, "for k, d in [(kernel_size, dilation)] * 2:")),
}
WRONG["fixed_padding", f"{VALUES} {ERRORS}"] = {
    "an_array": ("must be a tuple", (ORDER, "return np.array([left, right, top, bottom])")),
    "no_return": ("is a return missing?", (ORDER, "left, right, top, bottom")),
}
WRONG["fixed_padding", ERRORS] = {
    "nothing_refused": ("accepted", (REFUSED, "if False:")),
    "another_error": ("it raises RuntimeError", ("raise ValueError", "raise RuntimeError")),
    "dilation_not_refused": ("accepted", (REFUSED, "if k < 1:")),
}
WRONG["fixed_padding", f"{ODD} {BY_AXIS} {ERRORS}"] = {
    "one_tap_refused": ("raises ValueError", (REFUSED, "if min(k - 1, d) < 1:"))
}
IDEAS["fixed_padding", VALUES] = "M09a M09b M09c"
IDEAS["fixed_padding", f"{EVEN} {BY_AXIS}"] = "M23a M23b"

# ------------------------------------------------------------------ same_pads

PLACES = "places = -(-n // s)  # rounded up"
NEEDED = "needed = s * (places - 1) + d * (k - 1) + 1"
MISSING = "total = max(needed - n, 0)"
SPLIT = "return total // 2, total - total // 2"
REFUSED_SAME = "if min(n, k, s, d) < 1:"

SAME_SIZE, STRIDE, NONE, TOGETHER = "pads_same_size", "pads_same_stride", "pads_same_none", "pads_same_together"
SAME_VALUES = f"{SAME_SIZE} {STRIDE} {NONE} {TOGETHER}"

WRONG["same_pads", f"{SAME_SIZE} {STRIDE} {TOGETHER}"] = {
    "the_same_on_both_sides": (
        "the same number of zeros is added on both sides (M20)",
        (SPLIT, "return total - total // 2, total - total // 2"),
    ),
    "span_without_the_last_cell": ("differs", ("d * (k - 1) + 1", "d * (k - 1)")),
}
WRONG["same_pads", f"{STRIDE} {NONE} {TOGETHER}"] = {
    "whatever_the_size": (
        "the zeros do not depend on the input size, as in fixed_padding (M20)",
        (MISSING, "total = d * (k - 1)"),
    )
}
WRONG["same_pads", f"{STRIDE} {TOGETHER}"] = {
    "rounded_down": ("n / s is rounded down instead of up (M21)", (PLACES, "places = n // s"))
}
WRONG["same_pads", f"{NONE} {TOGETHER}"] = {
    "never_less_than_no_zeros_forgotten": ("differs", (MISSING, "total = needed - n")),
    "distance_in_place_of_the_lack": ("differs", (MISSING, "total = abs(needed - n)")),
}
WRONG["same_pads", f"{SAME_SIZE} {TOGETHER}"] = {"dilation_left_out": ("M10", ("d * (k - 1)", "k - 1"))}
WRONG["same_pads", SAME_VALUES] = {
    "d_zeros_between_taps": ("d zeros are put between the taps", ("d * (k - 1)", "(d + 1) * (k - 1)")),
    "one_place_too_many": ("differs", ("s * (places - 1)", "s * places")),
    "floats": ("must be an int", (SPLIT, "return total / 2, total - total / 2")),
    "four_numbers": ("2 parts are expected, got 4", (SPLIT, "return (total // 2, total - total // 2) * 2")),
}
WRONG["same_pads", f"{SAME_VALUES} errors_pads"] = {
    "only_how_many": ("must be a tuple", (SPLIT, "return total")),
    "no_return": ("is a return missing?", (SPLIT, "total // 2, total - total // 2")),
}
WRONG["same_pads", "errors_pads"] = {
    "nothing_refused": ("must raise ValueError here", (REFUSED_SAME, "if False:")),
    "another_error": ("it raises ArithmeticError", ("raise ValueError", "raise ArithmeticError")),
    "input_not_refused": ("accepted", (REFUSED_SAME, "if min(k, s, d) < 1:")),
}
WRONG["same_pads", f"{SAME_SIZE} {TOGETHER} errors_pads"] = {
    "small_inputs_refused": ("raises ValueError", (REFUSED_SAME, "if min(n, k, s, d) < 1 or n < k:"))
}
IDEAS["same_pads", "pads_same_none pads_same_size pads_same_together"] = "M09a M09b"
IDEAS["same_pads", SAME_VALUES] = "M09c M23a"
IDEAS["same_pads", "pads_same_together"] = "M11"
IDEAS["same_pads", f"{SAME_SIZE} {STRIDE} {TOGETHER}"] = "M23b"

# ------------------------------------------------------------------ of these, wrong in other cells as well

ALSO["same_pads", "pads_same_none"] = """
    span_without_the_last_cell
"""
ALSO["checkerboard_phases", "phases_untouched"] = """
    counted turned_round blocks_of_neighbours halves means divided_by_the_sum largest first_tap_only
    begins_with_phase_one whole_numbers single_precision rows_and_columns_exchanged rows_only one_row_of_phases
    only_square row_stride_for_columns phases_without_taps_left_out
"""

# ------------------------------------------------------------------ mutants of the reference that do the same

NEW = "if reached >= 1 and reached not in decoders:"
KERNELS = "for kernel_size in range(1, 7)"
OTHER_WAYS = (
    "other decoders, as good: a size of 1 or below leads only to sizes that fewer layers reach, and what is "
    "overwritten has no more layers than rounds were made"
)

EQUIVALENT = {
    ("design_decoder", KERNELS, "1 to 2"): "a kernel of one tap, stride 1, changes nothing: no decoder needs it",
    ("design_decoder", KERNELS, "1 to 0"): "a kernel without taps has no padding, so it makes no layer",
    ("design_decoder", "for stride in range(1, 7)", "7 to 8"): "7 divides no kernel size up to 6",
    ("design_decoder", NEW, "if always"): OTHER_WAYS,
    ("design_decoder", NEW, "and, or exchanged"): OTHER_WAYS,
    ("design_decoder", NEW, "another comparison"): OTHER_WAYS,
    ("design_decoder", NEW, "1 to 2"): OTHER_WAYS,
    ("design_decoder", NEW, "1 to 0"): OTHER_WAYS,
}
