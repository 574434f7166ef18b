"""Wrong ``conv_output_size`` and ``pad2d``."""

SPAN = "dilation * (kernel_size - 1) + 1"
PADDED = "input_size + 2 * padding"
RETURN = "return (padded_size - span) // stride + 1"
RAISE = "if span > padded_size:"

JUMPS = "size_stride size_together"
ALL_SIZES = "size_places size_stride size_padding size_dilation size_together"

SIZES = {
    "rounded_up": ([(RETURN, "return -(-(padded_size - span) // stride) + 1")], JUMPS, "(M13b)"),
    "not_rounded": (
        [(RETURN, RETURN.replace("//", "/"))],
        f"{ALL_SIZES} errors_size",
        "the answer must be an int, this is 3.0 (float)",
    ),
    "rounded_to_the_nearest": ([(RETURN, "return round((padded_size - span) / stride) + 1")], JUMPS, "(M13b)"),
    "without_the_first_place": ([(RETURN, RETURN.removesuffix(" + 1"))], ALL_SIZES, "(M12f)"),
    "span_without_the_last_cell": ([(SPAN, SPAN.removesuffix(" + 1"))], f"{ALL_SIZES} errors_size", "(M12h)"),
    "span_k_times_d": ([(SPAN, "dilation * kernel_size")], "size_dilation size_together errors_size", "(M09a)"),
    "span_k_plus_d": ([(SPAN, "kernel_size + dilation - 1")], "size_dilation size_together errors_size", "(M09b)"),
    "d_zeros_between_taps": (
        [(SPAN, "(dilation + 1) * (kernel_size - 1) + 1")],
        f"{ALL_SIZES} errors_size",
        "(M09c)",
    ),
    "dilation_ignored": (
        [(SPAN, "kernel_size")],
        "size_dilation size_together errors_size",
        "dilation is left out (M10)",
    ),
    "dilation_multiplies_the_stride": (
        [("// stride", "// (stride * dilation)")],
        "size_dilation size_together",
        "the dilation multiplies the stride (M11)",
    ),
    "padding_at_one_end": (
        [(PADDED, "input_size + padding")],
        "size_padding size_together errors_size",
        "zeros are added at the begin only (M51b)",
    ),
    "padding_ignored": (
        [(PADDED, "input_size")],
        "size_padding size_together errors_size",
        "padding is left out (M51a)",
    ),
    "padding_crops": (
        [(PADDED, "input_size - 2 * padding")],
        "size_padding size_together errors_size",
        "the number differs",
    ),
    "stride_ignored": ([("// stride", "")], JUMPS, "the stride is left out (M52a)"),
    "stride_one_too_large": ([("// stride", "// (stride + 1)")], ALL_SIZES, "(M52b)"),
    "transposed": (
        [(RETURN, "return stride * (input_size - 1) + span - 2 * padding")],
        ALL_SIZES,
        "a transposed convolution is done (M12g)",
    ),
    "only_exact_strides": (
        [(RETURN, "return (padded_size - span) // stride + ((padded_size - span) % stride == 0)")],
        JUMPS,
        "the number differs",
    ),
    "input_over_stride": ([(RETURN, "return padded_size // stride")], ALL_SIZES, "the number differs"),
    "stride_one_keeps_the_size": (
        [(RETURN, f"if stride == 1:\n        return input_size\n    {RETURN}")],
        "size_places size_padding size_dilation size_together",
        "the number differs",
    ),
    "nothing_refused": (
        [(RAISE, "if False:")],
        "errors_size",
        "must raise ValueError here: kernel_size=3 with dilation=1 spans 3 cells, but the padded input has only 2",
    ),
    "refuses_too_much": (
        [(RAISE, "if span >= padded_size:")],
        "size_places size_together errors_size",
        "raises ValueError",
    ),
    "another_error": ([("raise ValueError", "raise IndexError")], "errors_size", "it raises IndexError"),
    "asserts": ([(RAISE, "assert span <= padded_size\n    if False:")], "errors_size", "it raises AssertionError"),
    "at_least_one": (
        [(RAISE, "if False:"), (RETURN, "return max(1, (padded_size - span) // stride + 1)")],
        "errors_size",
        "it returns an answer",
    ),
    "looks_at_the_result": (
        [(RAISE, "if (padded_size - span) // stride + 1 < 0:")],
        "errors_size",
        "it returns an answer",
    ),
    "forgets_padding_when_refusing": (
        [(RAISE, "if span > input_size:")],
        "size_padding errors_size",
        "raises ValueError",
    ),
    "forgets_dilation_when_refusing": ([(RAISE, "if kernel_size > padded_size:")], "errors_size", "returns an answer"),
    "prints": (
        [(RETURN, RETURN.replace("return ", "print(") + ")")],
        f"{ALL_SIZES} errors_size",
        "is a return missing?",
    ),
    "an_array": ([(RETURN, RETURN.replace("return ", "return np.array(") + ")")], f"{ALL_SIZES} errors_size", "an int"),
}

PAD = "np.pad(input, ((0, 0), (0, 0), (top, bottom), (left, right)))"
UNPACK = "left, right, top, bottom = pad"

PADS = {
    "first_axis_first": ([(UNPACK, "top, bottom, left, right = pad")], "pad_order", "(M39)"),
    "begins_first": ([(UNPACK, "left, top, right, bottom = pad")], "pad_order", "the shape differs"),
    "ends_before_begins": ([(UNPACK, "right, left, bottom, top = pad")], "pad_order", "values differ"),
    "the_same_on_both_sides": (
        [("(left, right)", "(left, left)"), ("(top, bottom)", "(top, top)")],
        "pad_order",
        "shape",
    ),
    "rows_only": ([("(left, right)", "(0, 0)")], "pad_order", "the shape differs"),
    "columns_only": ([("(top, bottom)", "(0, 0)")], "pad_order", "the shape differs"),
    "one_number_for_all": (
        [(PAD, "np.pad(input, ((0, 0), (0, 0), (max(pad),) * 2, (max(pad),) * 2))")],
        "pad_order",
        "shape",
    ),
    "samples_and_channels_too": (
        [(PAD, "np.pad(input, ((top, bottom), (left, right), (top, bottom), (left, right)))")],
        "pad_order",
        "the shape differs",
    ),
    "one_row_too_many": ([("(top, bottom)", "(top, bottom + 1)")], "pad_order", "the shape differs"),
    "repeats_the_border": ([(")))", ')), mode="edge")')], "pad_order", "values differ"),
    "ones": ([(")))", ")), constant_values=1)")], "pad_order", "values differ"),
    "in_the_corner": (
        [
            (
                f"return {PAD}",
                "n, c, h, w = input.shape\n    padded = np.zeros((n, c, top + h + bottom, left + w + right))\n"
                "    padded[:, :, :h, :w] = input\n    return padded",
            )
        ],
        "pad_order",
        "values differ",
    ),
    "only_square": (
        [
            (
                f"return {PAD}",
                "n, c, h, w = input.shape\n    padded = np.zeros((n, c, top + h + bottom, left + h + right))\n"
                "    padded[:, :, top : top + h, left : left + h] = input\n    return padded",
            )
        ],
        "pad_order pad_untouched",
        "raises ValueError",
    ),
    "only_the_first_sample": ([("np.pad(input", "np.pad(input[:1]")], "pad_order", "the shape differs"),
    "only_the_first_channel": ([("np.pad(input", "np.pad(input[:, :1]")], "pad_order", "the shape differs"),
    "without_the_first_axes": (
        [("np.pad(input", "np.pad(input[0, 0]"), ("((0, 0), (0, 0), ", "(")],
        "pad_order",
        "shape",
    ),
    "samples_and_channels_exchanged": (
        [("np.pad(input", "np.pad(input.swapaxes(0, 1)")],
        "pad_order",
        "the shape differs",
    ),
    "whole_numbers": ([(PAD, f"{PAD}.astype(int)")], "pad_order", "expected float64, got int64"),
    "single_precision": ([(PAD, f"{PAD}.astype(np.float32)")], "pad_order", "expected float64, got float32"),
    "a_list": ([(PAD, f"{PAD}.tolist()")], "pad_order pad_untouched", "must be a NumPy array"),
    "no_return": ([("return ", "")], "pad_order pad_untouched", "is a return missing?"),
    "the_same_array_where_nothing_is_added": (
        [(f"return {PAD}", f"return {PAD} if any(pad) else input")],
        "pad_untouched",
        "returns a part of an array that it was given",
    ),
    "clears_its_input": (
        [(f"return {PAD}", f"padded = {PAD}\n    input[:] = 0\n    return padded")],
        "pad_untouched",
        "changes an array that it was given",
    ),
    "pads_in_place": (
        [
            (
                f"return {PAD}",
                f"padded = {PAD}\n    input.resize(padded.shape, refcheck=False)\n"
                "    input[:] = padded\n    return padded",
            )
        ],
        "pad_untouched",
        "changes an array that it was given",
    ),
    "insists_on_padding": (
        [(UNPACK, f"{UNPACK}\n    if not any(pad):\n        raise ValueError('nothing to do')")],
        "pad_order pad_untouched",
        "raises ValueError",
    ),
}
