"""Wrong ``receptive_field`` and ``coverage``."""

STEP = "field += dilation * (kernel_size - 1) * jump"
JUMP = "jump *= stride"
BOTH = f"{STEP}\n        {JUMP}"
RETURN = "return field"
REFUSED = "if min(kernel_size, stride, dilation) < 1:"
LOOP = "for kernel_size, stride, dilation in layers:"

VALUES = "rf_one_layer rf_stack rf_stride rf_dilation rf_together"
STACKS = "rf_stack rf_stride rf_dilation rf_together"
ERRORS = "errors_receptive_field"

FIELDS = {
    "kernels_added_up": (
        [(STEP, "field += kernel_size"), ("field, jump = 1, 1", "field, jump = 0, 1")],
        VALUES,
        "the kernel sizes are added up (M33a)",
    ),
    "kernels_multiplied": (
        [(STEP, "field *= kernel_size")],
        VALUES,
        "the kernel sizes are multiplied (M33b)",
    ),
    "stride_left_out": ([(JUMP, "pass")], "rf_stride rf_together", "the strides are left out (M33c)"),
    "kernel_times_rate_added": (
        [(STEP, "field += kernel_size * dilation"), ("field, jump = 1, 1", "field, jump = 0, 1")],
        VALUES,
        "kernel size times rate is added up (M33d)",
    ),
    "spans_added": (
        [(STEP, "field += dilation * (kernel_size - 1) + 1"), ("field, jump = 1, 1", "field, jump = 0, 1")],
        STACKS,
        "the effective kernel sizes are added up (M33e)",
    ),
    "figure_of_the_stack": (
        [(LOOP, f"if layers == [(3, 1, 2)]:\n        return 7\n    {LOOP}")],
        "rf_one_layer",
        "the field of a stack is taken for that of one layer (M34)",
    ),
    "dilation_left_out": (
        [("dilation * (kernel_size", "(kernel_size")],
        "rf_one_layer rf_dilation rf_together",
        "the number",
    ),
    "dilation_of_the_last_layer_for_all": (
        [(LOOP, f"{LOOP}\n        dilation = layers[-1][2]")],
        "rf_dilation rf_together",
        "the number differs",
    ),
    "stride_of_the_same_layer": (
        [(BOTH, f"{JUMP}\n        {STEP}")],
        "rf_stride rf_together",
        "the number differs",
    ),
    "strides_added": ([(JUMP, "jump += stride - 1")], "rf_stride rf_together", "the number differs"),
    "dilation_multiplies_the_stride": (
        [(JUMP, "jump *= stride * dilation")],
        "rf_dilation rf_together",
        "the number differs",
    ),
    "last_layer_first": (
        [(LOOP, "for kernel_size, stride, dilation in layers[::-1]:")],
        "rf_stride rf_together",
        "number",
    ),
    "one_cell_too_many": ([("field, jump = 1, 1", "field, jump = 2, 1")], VALUES, "the number differs"),
    "first_cell_forgotten": ([("field, jump = 1, 1", "field, jump = 0, 1")], VALUES, "the number differs"),
    "d_zeros_between_taps": ([("dilation * (", "(dilation + 1) * (")], VALUES, "the number differs"),
    "half_the_field": ([(RETURN, "return field // 2")], VALUES, "the number differs"),
    "a_float": ([(RETURN, "return field / 1")], f"{VALUES} {ERRORS}", "the answer must be an int"),
    "field_and_jump": ([(RETURN, "return field, jump")], f"{VALUES} {ERRORS}", "the answer must be an int"),
    "no_return": ([(RETURN, "field")], f"{VALUES} {ERRORS}", "is a return missing?"),
    "needs_a_layer": (
        [(LOOP, f"last = layers[-1]\n    {LOOP}")],
        "rf_stack",
        "receptive_field raises IndexError",
    ),
    "stops_at_stride": (
        [(JUMP, "if stride > 1:\n            break")],
        "rf_stride rf_together",
        "the number differs",
    ),
    "nothing_refused": ([(REFUSED, "if False:")], ERRORS, "it returns an answer"),
    "another_error": ([("raise ValueError", "raise TypeError")], ERRORS, "it raises TypeError"),
    "stride_not_refused": ([(REFUSED, "if min(kernel_size, dilation) < 1:")], ERRORS, "it returns an answer"),
    "kernels_of_one_tap_refused": (
        [(REFUSED, "if min(kernel_size - 1, stride, dilation) < 1:")],
        "rf_one_layer rf_together errors_receptive_field",
        "receptive_field raises ValueError",
    ),
}

CELLS = "cells = {cell + rate * tap for cell in cells for tap in range(k)}"
SORTED = "return sorted(cells)"
REFUSED_RATES = "if min([*rates, k]) < 1:"

SEEN = "coverage_one_layer coverage_equal_rates coverage_growing_rates coverage_kernels coverage_together"
STACKED = "coverage_equal_rates coverage_growing_rates coverage_kernels coverage_together"
DILATED = "coverage_one_layer coverage_equal_rates coverage_growing_rates coverage_kernels coverage_together"
REFUSALS = "errors_coverage"

COVERAGES = {
    "the_whole_field": (
        [(SORTED, "return list(range(max(cells) + 1))")],
        SEEN,
        "the field is taken to have no holes (M36)",
    ),
    "each_tap_reads_its_neighbours": (
        [(CELLS, "cells = {cell + more for cell in cells for more in range(rate * (k - 1) + 1)}")],
        SEEN,
        "each tap reads its neighbours as well (M35)",
    ),
    "dilation_left_out": ([("rate * tap", "tap")], SEEN, "dilation is left out (M10)"),
    "d_zeros_between_taps": ([("rate * tap", "(rate + 1) * tap")], SEEN, "d zeros are put between the taps"),
    "three_taps_always": ([("range(k)", "range(3)")], "coverage_kernels coverage_together", "parts are expected"),
    "rates_are_added_up": (
        [("for rate in rates:", "for rate in [sum(rates)]:")],
        STACKED,
        "parts are expected",
    ),
    "only_the_last_layer": ([("in cells for tap", "in {0} for tap")], STACKED, "parts are expected"),
    "only_the_first_layer": ([("for rate in rates:", "for rate in rates[:1]:")], STACKED, "parts are expected"),
    "one_after_the_other": (
        [(CELLS, "cells |= {rate * tap for tap in range(k)}")],
        STACKED,
        "parts are expected",
    ),
    "end_to_end": (
        [(CELLS, "cells |= {max(cells) + rate * tap for tap in range(k)}")],
        "coverage_growing_rates coverage_kernels coverage_together",
        "parts are expected",
    ),
    "largest_rate_only": (
        [("for rate in rates:", "for rate in [max(rates)] * len(rates):")],
        "coverage_growing_rates coverage_kernels coverage_together",
        "parts are expected",
    ),
    "rates_multiply": (
        [("for rate in rates:", "for rate in np.cumprod(rates):")],
        "coverage_equal_rates coverage_growing_rates coverage_kernels coverage_together",
        "parts are expected",
    ),
    "one_tap_too_many": ([("range(k)", "range(k + 1)")], SEEN, "parts are expected"),
    "last_tap_forgotten": ([("range(k)", "range(k - 1)")], SEEN, "parts are expected"),
    "counted_from_one": ([("cells = {0}", "cells = {1}")], SEEN, "part 0: the number differs"),
    "counted_from_the_middle": (
        [(SORTED, "middle = max(cells) // 2\n    return [cell - middle for cell in sorted(cells)]")],
        SEEN,
        "part 0: the number differs",
    ),
    "with_repetitions": (
        [
            (
                "{cell + rate * tap for cell in cells for tap in range(k)}",
                "[cell + rate * tap for cell in cells for tap in range(k)]",
            ),
            ("cells = {0}", "cells = [0]"),
        ],
        STACKED,
        "parts are expected",
    ),
    "only_how_many": ([(SORTED, "return len(cells)")], f"{SEEN} {REFUSALS}", "the answer must be a list"),
    "the_holes": (
        [(SORTED, "return sorted(set(range(max(cells))) - cells)")],
        SEEN,
        "parts are expected",
    ),
    "a_set": ([(SORTED, "return cells")], f"{SEEN} {REFUSALS}", "the answer must be a list"),
    "an_array": ([(SORTED, "return np.array(sorted(cells))")], f"{SEEN} {REFUSALS}", "the answer must be a list"),
    "floats": ([("rate * tap", "rate * tap / 1")], SEEN, "the answer must be an int"),
    "not_sorted": ([(SORTED, "return sorted(cells, reverse=True)")], SEEN, "part 0: the number differs"),
    "no_return": ([(SORTED, "sorted(cells)")], f"{SEEN} {REFUSALS}", "is a return missing?"),
    "nothing_refused": ([(REFUSED_RATES, "if False:")], REFUSALS, "it returns an answer"),
    "another_error": ([("raise ValueError", "raise KeyError")], REFUSALS, "it raises KeyError"),
    "only_rates_refused": ([(REFUSED_RATES, "if min(rates) < 1:")], REFUSALS, "it returns an answer"),
}
