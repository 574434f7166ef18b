"""Wrong ``conv_transpose_output_size``."""

FULL = "stride * (input_size - 1) + dilation * (kernel_size - 1) + 1"
CROPPED = "full_size - 2 * padding + output_padding"
TOO_LARGE = "if output_padding >= max(stride, dilation):"
NOTHING_LEFT = "if output_size < 1:"
RETURN = "return output_size"

SIZES = "size_stride size_padding size_output_padding size_dilation size_together"
PADDING = "size_padding size_together errors_size_nothing_left"
OUTPUT_PADDING = "size_output_padding size_together"
DILATION = "size_dilation size_together"
ERRORS = "errors_size_output_padding errors_size_nothing_left errors_dilation"


def full(text):
    """An edit: another size of all stamps together."""
    return [(FULL, text)]


WRONG = {
    "steps_one_too_many": (
        full("stride * input_size + dilation * (kernel_size - 1) + 1"),
        f"{SIZES} errors_size_nothing_left",
        "the formula has stride * i instead of stride * (i - 1) (M12a)",
    ),
    "stride_times_input": (
        [(CROPPED, "stride * input_size")],
        f"{SIZES} errors_size_nothing_left",
        "the output is taken to be stride times the input (M12c)",
    ),
    "without_the_first_cell": (
        full("stride * (input_size - 1) + dilation * (kernel_size - 1)"),
        f"{SIZES} errors_size_nothing_left",
        "the kernel counts as d (k - 1) cells, without the + 1 (M12d)",
    ),
    "formula_of_the_convolution": (
        [
            (FULL, "input_size + 2 * padding - dilation * (kernel_size - 1) - 1"),
            (CROPPED, "full_size // stride + 1"),
        ],
        f"{SIZES} errors_size_nothing_left errors_dilation",
        "an ordinary convolution is done (M12e)",
    ),
    "padding_adds": ([(CROPPED, "full_size + 2 * padding + output_padding")], PADDING, "padding adds zeros"),
    "padding_once": ([(CROPPED, "full_size - padding + output_padding")], PADDING, "padding crops the begin only"),
    "padding_left_out": ([(CROPPED, "full_size + output_padding")], PADDING, "padding is left out (M02b)"),
    "output_padding_left_out": (
        [(CROPPED, "full_size - 2 * padding")],
        f"{OUTPUT_PADDING} errors_size_nothing_left",
        "output_padding is left out",
    ),
    "output_padding_twice": (
        [(CROPPED, "full_size - 2 * padding + 2 * output_padding")],
        f"{OUTPUT_PADDING} errors_size_nothing_left",
        "output_padding adds zeros on both sides",
    ),
    "output_padding_subtracted": (
        [(CROPPED, "full_size - 2 * padding - output_padding")],
        f"{OUTPUT_PADDING} errors_size_nothing_left",
        "output_padding is subtracted (M12b)",
    ),
    "dilation_left_out": (
        full("stride * (input_size - 1) + kernel_size"),
        DILATION,
        "dilation is left out (M10)",
    ),
    "span_k_times_d": (
        full("stride * (input_size - 1) + dilation * kernel_size"),
        DILATION,
        "the dilated kernel counts as k * d cells (M09a)",
    ),
    "span_k_plus_d": (
        full("stride * (input_size - 1) + kernel_size + dilation - 1"),
        DILATION,
        "the dilated kernel counts as k + d - 1 cells (M09b)",
    ),
    "d_zeros_between_taps": (
        full("stride * (input_size - 1) + (dilation + 1) * (kernel_size - 1) + 1"),
        f"{SIZES} errors_size_nothing_left",
        "d zeros are put between the taps instead of d - 1 (M09c)",
    ),
    "dilation_multiplies_the_stride": (
        full("stride * dilation * (input_size - 1) + dilation * (kernel_size - 1) + 1"),
        DILATION,
        "the dilation multiplies the stride (M11)",
    ),
    "stride_left_out": (
        full("input_size + dilation * (kernel_size - 1)"),
        f"{SIZES} errors_size_nothing_left",
        "the stride is left out",
    ),
    "stride_one_keeps_the_size": (
        [(RETURN, f"if stride == 1:\n        return input_size\n    {RETURN}")],
        "size_stride size_padding size_dilation size_together",
        "stride 1 is taken to keep the size (M41)",
    ),
    "a_float": ([(RETURN, "return float(output_size)")], f"{SIZES} {ERRORS}", "the answer must be an int, this is 5.0"),
    "no_return": ([(RETURN, "output_size")], f"{SIZES} {ERRORS}", "is a return missing?"),
    "nothing_refused": ([(TOO_LARGE, "if False:"), (NOTHING_LEFT, "if False:")], ERRORS, "it returns an answer"),
    "another_error": ([("raise ValueError", "raise TypeError")], ERRORS, "it raises TypeError"),
    "limit_too_high": (
        [(TOO_LARGE, TOO_LARGE.replace(">=", ">"))],
        "errors_size_output_padding errors_dilation",
        "must raise ValueError here: output_padding must be smaller than stride or dilation",
    ),
    "limited_by_the_stride_alone": (
        [(TOO_LARGE, TOO_LARGE.replace("max(stride, dilation)", "stride"))],
        "size_together errors_dilation",
        "This call is legal",
    ),
    "limited_by_the_smaller": (
        [(TOO_LARGE, TOO_LARGE.replace("max", "min"))],
        f"{OUTPUT_PADDING} {ERRORS}",
        "This call is legal",
    ),
    "an_empty_output_is_accepted": (
        [(NOTHING_LEFT, NOTHING_LEFT.replace("1", "0"))],
        "errors_size_nothing_left",
        "it returns an answer",
    ),
    "one_cell_is_refused": (
        [(NOTHING_LEFT, NOTHING_LEFT.replace("1", "2"))],
        "size_stride size_padding errors_size_nothing_left",
        "raises ValueError",
    ),
    "zero_where_nothing_is_left": (
        [(NOTHING_LEFT, "output_size = max(output_size, 0)\n    if False:")],
        "errors_size_nothing_left",
        "it returns an answer",
    ),
}
