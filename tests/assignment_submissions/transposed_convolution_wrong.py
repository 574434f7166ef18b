"""Wrong answers to the transposed-convolution assignment; form: tools/submissions.py."""

WRONG, IDEAS, ALSO = {}, {}, {}

# ------------------------------------------------------------------ conv_transpose2d

STAMP = "full[:, outs, row, column] += input[:, ins, i, j] @ weight[ins, :, t, u]"
PLACE = "row, column = stride[0] * i + dilation[0] * t, stride[1] * j + dilation[1] * u"
CROP = "output = full[:, :, top : top + height, left : left + width]"
CORNER = "top, left = padding"
RETURN = "return output if bias is None else output + bias[:, None, None]"
PAIRS = "stride, padding, output_padding, dilation = pair(stride), pair(padding), pair(output_padding), pair(dilation)"
SIZE = "height, width = (conv_transpose_output_size(*axis) for axis in axes)"
ROOM = "height + 2 * padding[0], width + 2 * padding[1]))"
SHAPE = "_, group_out, *kernel_size = weight.shape"
INS, OUTS = "slice(g * group_in, (g + 1) * group_in)", "slice(g * group_out, (g + 1) * group_out)"

# What most mistakes cost: the cells of their own subject, and these.
LATER = "dilation_together groups_together"
PADDING = f"padding_2d padding_together output_padding_2d output_padding_together {LATER}"
OUTPUT_PADDING = f"output_padding_2d output_padding_together {LATER}"
DILATION = f"dilation_2d {LATER}"
TOGETHER = f"scatter_2d_together padding_together output_padding_together {LATER}"
STRIDE = f"scatter_2d_stride {TOGETHER} padding_2d output_padding_2d"
CHANNELS = f"scatter_2d_channels {TOGETHER} groups_2d"
GROUPS = "groups_2d groups_depthwise groups_together"
TAPS = f"scatter_2d_one_stamp scatter_2d_overlap {STRIDE} dilation_2d"
VALUES = f"{TAPS} scatter_2d_channels {GROUPS}"
EVERYTHING = f"{VALUES} scatter_2d_untouched errors_2d errors_dilation"

FORMULA = "s * (i - 1) + d * (k - 1) + 1 - 2 * p + q"
MOVED_BEGIN = """top, left = (p - q for p, q in zip(padding, output_padding))
    full = np.pad(full, ((0, 0), (0, 0), (max(-top, 0), output_padding[0]), (max(-left, 0), output_padding[1])))
    top, left = max(top, 0), max(left, 0)"""
ZEROED = """full[:, :, height + top - output_padding[0] :] = 0
    full[:, :, :, width + left - output_padding[1] :] = 0"""
STAMPED_BIAS = """if bias is not None:
        rows, columns = (n - q for n, q in zip(full.shape[2:], output_padding))
        full[:, :, :rows, :columns] += bias[:, None, None]"""
MORE_ROOM = "height + 2 * padding[0] + input_size[0] * 9, width + 2 * padding[1] + input_size[1] * 9))"


def after_pairs(line):
    """An edit: with this line after every option is a pair."""
    return PAIRS, f"{PAIRS}\n    {line}"


WRONG["conv_transpose2d", PADDING] = {
    "padding_left_out": ("M02b", (CROP, "output = full")),
    "padding_adds": ("M02a", (CROP, "output = np.pad(full, ((0, 0), (0, 0), (top, top), (left, left)))")),
    "padding_crops_the_rows_only": ("shape", (CROP, "output = full[:, :, top : top + height]")),
    "begins_exchanged": ("differs", (CORNER, "left, top = padding")),
}
WRONG["conv_transpose2d", f"scatter_2d_overlap {TOGETHER}"] = {
    "overlaps_overwrite": ("M14a", (STAMP, STAMP.replace("+=", "=")))
}
WRONG["conv_transpose2d", OUTPUT_PADDING] = {"output_padding_zeros": ("M04a", (CROP, f"{ZEROED}\n    {CROP}"))}
WRONG["conv_transpose2d", STRIDE] = {"stride_left_out": ("M06e", ("stride[0] * i", "i"), ("stride[1] * j", "j"))}
WRONG["conv_transpose2d", f"scatter_2d_stride {TOGETHER} errors_2d"] = {
    "rows_stride_for_columns": ("shape", ("pair(stride)", "(pair(stride)[0],) * 2"))
}
WRONG["conv_transpose2d", f"scatter_2d_stride {TOGETHER} dilation_2d"] = {
    "rows_and_columns_exchanged": (
        "differ",
        (PLACE, "row, column = stride[1] * i + dilation[1] * t, stride[0] * j + dilation[0] * u"),
        (ROOM, MORE_ROOM),
    )
}
WRONG["conv_transpose2d", f"{VALUES} scatter_2d_untouched"] = {
    "only_square_inputs": ("shape", (SIZE, f"{SIZE}\n    width = height"))
}
WRONG["conv_transpose2d", f"{TAPS} errors_2d"] = {
    "only_square_kernels": (
        "raises IndexError",
        ("np.ndindex(*kernel_size)", "np.ndindex(kernel_size[0], kernel_size[0])"),
    )
}
WRONG["conv_transpose2d", TAPS] = {
    "kernel_rows_for_columns": (
        "differ",
        ("group_in =", "weight = weight.swapaxes(2, 3).reshape(weight.shape)\n    group_in ="),
    ),
    "kernel_not_turned_for_sliding": ("M01a", ("weight[ins, :, t, u]", "weight[ins, :, ::-1, ::-1][:, :, t, u]")),
}
WRONG["conv_transpose2d", DILATION] = {
    "dilation_left_out": ("M10b", ("dilation[0] * t", "t"), ("dilation[1] * u", "u"))
}
WRONG["conv_transpose2d", f"{DILATION} errors_dilation"] = {
    "rows_dilation_for_columns": ("shape", ("pair(dilation)", "(pair(dilation)[0],) * 2"))
}
WRONG["conv_transpose2d", VALUES] = {
    "last_tap_forgotten": ("differ", ("np.ndindex(*kernel_size)", "list(np.ndindex(*kernel_size))[:-1]")),
    "last_row_of_stamps_forgotten": (
        "differ",
        ("np.ndindex(*input_size)", "np.ndindex(input_size[0] - 1, input_size[1])"),
    ),
    "whole_numbers": (
        "expected float64, got int64",
        ("return output", "output = output.astype(int)\n    return output"),
        ("+ bias", "+ bias.astype(int)"),
    ),
    "single_precision": (
        "got float32",
        ("return output", "output = output.astype(np.float32)\n    return output"),
        ("+ bias", "+ np.float32(bias)"),
    ),
}
WRONG["conv_transpose2d", f"{CHANNELS} scatter_2d_untouched"] = {
    "channel_axes_exchanged": (
        "M15",
        (SHAPE, "group_out, _, *kernel_size = weight.shape"),
        ("group_in = in_channels // groups", "group_in, group_out = in_channels // groups, group_out // groups"),
        ("weight[ins, :, t, u]", "weight[outs, :, t, u].T"),
    )
}
WRONG["conv_transpose2d", "groups_2d groups_together"] = {
    "groups_in_turns": ("M16c", (INS, "slice(g, None, groups)"), (OUTS, "slice(g, None, groups)"))
}
WRONG["conv_transpose2d", f"scatter_2d_channels {TOGETHER}"] = {
    "only_the_first_sample": ("differ", ("input[:, ins", "input[:1, ins")),
    "only_one_sample": (
        "shape",
        (
            "batch, in_channels, *input_size = input.shape",
            "input = input[:1]\n    batch, in_channels, *input_size = input.shape",
        ),
    ),
}
WRONG["conv_transpose2d", f"{TOGETHER} scatter_2d_untouched"] = {
    "bias_along_the_row": (
        "raises ValueError: operands could not be broadcast together",
        ("bias[:, None, None]", "bias"),
    )
}
WRONG["conv_transpose2d", "output_padding_together"] = {
    "bias_not_beyond_the_stamps": ("M04a", (CROP, f"{STAMPED_BIAS}\n    {CROP}"), (RETURN, "return output"))
}
WRONG["conv_transpose2d", EVERYTHING] = {
    "a_list": ("must be a NumPy array", (RETURN, "return output.tolist()")),
    "no_return": ("is a return missing?", (RETURN, "output")),
}
WRONG[
    "conv_transpose2d",
    "scatter_2d_one_stamp scatter_2d_overlap scatter_2d_stride scatter_2d_channels scatter_2d_together padding_2d "
    "padding_together output_padding_2d output_padding_together dilation_2d groups_2d groups_depthwise",
] = {"sample_axis_lost": ("shape", (RETURN, f"if batch == 1:\n        output = output[0]\n    {RETURN}"))}
WRONG["conv_transpose2d", "scatter_2d_untouched"] = {
    "the_input_where_nothing_changes": (
        "shared",
        (
            RETURN,
            f"if input.shape == output.shape and weight.tolist() == [[[[1]]]]:\n        return input\n    {RETURN}",
        ),
    ),
    "bias_added_to_the_input": ("changed", (RETURN, f"if bias is not None:\n        input += bias[0]\n    {RETURN}")),
    "weight_turned_and_left_so": ("changed", (RETURN, f"weight[:] = weight[:, :, ::-1, ::-1].copy()\n    {RETURN}")),
}
WRONG["conv_transpose2d", "errors_2d errors_dilation"] = {
    "nothing_refused": (
        "accepted",
        (SIZE, f"height, width = (max(0, {FORMULA}) for i, k, s, p, q, d in axes)"),
        (ROOM, MORE_ROOM),
    ),
    "another_error": (
        "it raises AssertionError",
        (PAIRS, f"{PAIRS}\n    assert all(q < max(s, d) for q, s, d in zip(output_padding, stride, dilation))"),
    ),
    "axes_judged_together": (
        "accepted",
        (SIZE, f"height, width = (max(0, {FORMULA}) for i, k, s, p, q, d in axes)"),
        (ROOM, MORE_ROOM),
        (
            PAIRS,
            f"{PAIRS}\n    if max(output_padding) >= max(stride + dilation) or min(padding) > 3:\n"
            "        raise ValueError('output_padding')",
        ),
    ),
}
IDEAS["conv_transpose2d", TAPS] = "M01b M01c M09c M49a M50"
IDEAS["conv_transpose2d", PADDING] = "M03b M05a M05b"
IDEAS["conv_transpose2d", OUTPUT_PADDING] = "M04b M04c M04d M04e"
IDEAS["conv_transpose2d", STRIDE] = "M06a M06b"
IDEAS["conv_transpose2d", f"{STRIDE} {CHANNELS} dilation_2d groups_depthwise scatter_2d_overlap"] = "M06c"
IDEAS["conv_transpose2d", f"{STRIDE} scatter_2d_one_stamp"] = "M06d"
IDEAS["conv_transpose2d", DILATION] = "M09a M10 M11 M49c"
IDEAS["conv_transpose2d", f"{TAPS} errors_2d errors_dilation"] = "M12e"
IDEAS["conv_transpose2d", f"scatter_2d_overlap {TOGETHER}"] = "M14b M14c"
IDEAS["conv_transpose2d", GROUPS] = "M16b"
IDEAS["conv_transpose2d", TOGETHER] = "M18a M18b M18c"
IDEAS["conv_transpose2d", VALUES] = "M32 M49b"
IDEAS["conv_transpose2d", EVERYTHING] = "M42"
IDEAS["conv_transpose2d", f"{TAPS} errors_2d scatter_2d_untouched"] = "M44"

# ------------------------------------------------------------------ conv_transpose1d

STAMP = "full[:, outs, stride * j + dilation * t] += input[:, ins, j] @ weight[ins, :, t]"
CROP = "output = full[:, :, padding : padding + output_size]"
RETURN = "return output if bias is None else output + bias[:, None]"
FIRST = "batch, in_channels, input_size = input.shape"
SIZE = "conv_transpose_output_size(input_size, kernel_size, stride, padding, output_padding, dilation)"
ROOM = "output_size + 2 * padding))"
SHAPE = "_, group_out, kernel_size = weight.shape"
INS, OUTS = "slice(g * group_in, (g + 1) * group_in)", "slice(g * group_out, (g + 1) * group_out)"

# What most mistakes cost: the cells of their own subject, and these.
LATER = "dilation_together groups_together"
PADDING = f"padding_1d padding_1d_deep padding_together output_padding_1d_values output_padding_together {LATER}"
OUTPUT_PADDING = f"output_padding_1d_values output_padding_together {LATER}"
DILATION = f"dilation_1d dilation_1d_stride {LATER}"
OVERLAP = "scatter_1d_overlap scatter_1d_stride_overlap padding_together output_padding_together"
STRIDE = (
    "scatter_1d_stride scatter_1d_stride_overlap padding_1d padding_1d_deep padding_together output_padding_1d_empty "
    f"output_padding_1d_values output_padding_bias output_padding_together dilation_1d_stride {LATER}"
)
CHANNELS = "scatter_1d_channels padding_together output_padding_together dilation_together groups_1d groups_together"
GROUPS = "groups_1d groups_depthwise groups_together"
BIAS = "scatter_1d_bias padding_together output_padding_bias output_padding_together dilation_together groups_together"
TAPS = f"scatter_1d_one_stamp scatter_1d_overlap {STRIDE} dilation_1d"
VALUES = f"{TAPS} scatter_1d_channels scatter_1d_bias {GROUPS}"

SAMPLES = "scatter_1d_channels padding_together output_padding_together dilation_together groups_together"
TURNED = (
    "scatter_1d_one_stamp scatter_1d_overlap scatter_1d_stride scatter_1d_stride_overlap padding_1d padding_1d_deep "
    "padding_together output_padding_1d_empty output_padding_1d_values output_padding_together dilation_1d "
    f"dilation_1d_stride {LATER}"
)
EVERYTHING = f"{VALUES} scatter_1d_untouched errors_1d errors_dilation"

FORMULA = "stride * (input_size - 1) + dilation * (kernel_size - 1) + 1 - 2 * padding + output_padding"
STAMPED_BIAS = "if bias is not None:\n        full[:, :, : full.shape[2] - output_padding] += bias[:, None]"
BIAS_FOR_TAP = """
                if bias is not None:
                    full[:, outs, stride * j + dilation * t] += bias[outs]"""
MOVED_BEGIN = """begin = padding - output_padding
    full = np.pad(full, ((0, 0), (0, 0), (max(-begin, 0), 0)))
    output = full[:, :, max(begin, 0) : max(begin, 0) + output_size]"""
NOTHING_CHANGES = "if bias is None and input.shape == output.shape and (weight == [[[1]]]).all():"
LAST = "output[:, :, output_size - output_padding :] = output[:, :, [output_size - output_padding - 1]]"

SLIDING = """
def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    size = conv_transpose_output_size(input.shape[2], weight.shape[2], stride, padding, output_padding, dilation)
    span = dilation * (weight.shape[2] - 1) + 1
    stretched = np.zeros((*input.shape[:2], stride * (input.shape[2] - 1) + 1 + 2 * (span - 1) + output_padding))
    stretched[:, :, span - 1 : span - 1 + stride * (input.shape[2] - 1) + 1 : stride] = input
    parts = []
    for x, w in zip(np.split(stretched[:, :, padding:], groups, axis=1), np.split(weight, groups)):
        taps = [x[:, :, dilation * t : dilation * t + size] for t in range(w.shape[2])]
        parts.append(sum(np.einsum("ncl,co->nol", tap, w[:, :, t]) for t, tap in enumerate(taps)))
    output = np.concatenate(parts, axis=1)
    return output if bias is None else output + bias[:, None]
"""
CONVOLUTION = """
def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding)))
    size = (padded.shape[2] - dilation * (weight.shape[2] - 1) - 1) // stride + 1
    parts = []
    for x, w in zip(np.split(padded, groups, axis=1), np.split(weight, groups)):
        cells = [x[:, :, stride * m :: dilation][:, :, : w.shape[2]] for m in range(size)]
        parts.append(np.stack([np.einsum("nct,cot->no", cell, w) for cell in cells], axis=2))
    output = np.concatenate(parts, axis=1)
    return output if bias is None else output + bias[:, None]
"""


def first(line):
    """An edit: the function begins with this line."""
    return FIRST, f"{line}\n    {FIRST}"


WRONG["conv_transpose1d", PADDING] = {
    "padding_left_out": ("M02b", (CROP, "output = full")),
    "padding_adds": ("M02a", (CROP, "output = np.pad(full, ((0, 0), (0, 0), (padding, padding)))")),
    "window_begins_at_zero": (
        "values differ, the first at index [0, 0, 0]",
        (CROP, "output = full[:, :, :output_size]"),
    ),
}
WRONG["conv_transpose1d", f"{OVERLAP} dilation_together groups_together"] = {
    "overlaps_overwrite": ("M14a", (STAMP, STAMP.replace("+=", "=")))
}
WRONG["conv_transpose1d", OUTPUT_PADDING] = {
    "output_padding_zeros": ("M04a", (CROP, f"full[:, :, output_size + padding - output_padding :] = 0\n    {CROP}"))
}
WRONG["conv_transpose1d", f"output_padding_1d_empty output_padding_bias {OUTPUT_PADDING}"] = {
    "output_padding_left_out": (
        "output_padding is left out",
        (CROP, "output = full[:, :, padding : padding + output_size - output_padding]"),
    ),
    "output_padding_repeats_the_last": ("repeats the last", (CROP, f"{CROP}\n    {LAST}")),
}
WRONG["conv_transpose1d", STRIDE] = {"stride_left_out": ("M06e", ("stride * j", "j"))}
WRONG["conv_transpose1d", f"{TAPS} groups_together errors_1d errors_dilation"] = {
    "stride_moves_on_the_input": ("an ordinary convolution is done", CONVOLUTION)
}
WRONG["conv_transpose1d", VALUES.replace("scatter_1d_one_stamp", "")] = {
    "stride_too_large": (
        "stride zeros",
        ("stride * j", "(stride + 1) * j"),
        (ROOM, "output_size + 2 * padding + input_size))"),
    )
}
WRONG["conv_transpose1d", DILATION] = {
    "dilation_left_out": ("M10b", ("dilation * t", "t")),
    "dilation_multiplies_the_stride": (
        "values differ",
        ("stride * j", "stride * dilation * j"),
        (ROOM, "output_size + 2 * padding + stride * dilation * input_size))"),
    ),
}
WRONG["conv_transpose1d", TURNED] = {"kernel_not_turned_for_sliding": ("M01a", SLIDING)}
WRONG["conv_transpose1d", VALUES] = {
    "last_tap_forgotten": ("differ", ("range(kernel_size)", "range(kernel_size - 1)")),
    "whole_numbers": (
        "expected float64, got int64",
        ("return output", "output = output.astype(int)\n    return output"),
        ("+ bias", "+ bias.astype(int)"),
    ),
    "single_precision": (
        "got float32",
        ("return output", "output = output.astype(np.float32)\n    return output"),
        ("+ bias", "+ np.float32(bias)"),
    ),
}
WRONG["conv_transpose1d", VALUES.replace("padding_1d_deep", "")] = {
    "last_stamp_forgotten": ("differ", ("range(input_size)", "range(input_size - 1)"))
}
WRONG["conv_transpose1d", f"{CHANNELS} scatter_1d_untouched"] = {
    "channel_axes_exchanged": (
        "M15",
        (SHAPE, "group_out, _, kernel_size = weight.shape"),
        ("group_in = in_channels // groups", "group_in, group_out = in_channels // groups, group_out // groups"),
        ("weight[ins, :, t]", "weight[outs, :, t].T"),
    )
}
WRONG["conv_transpose1d", f"{CHANNELS} scatter_1d_bias"] = {
    "first_channel_only": (
        "differ",
        ("input[:, ins, j] @ weight[ins, :, t]", "input[:, ins, j][:, :1] @ weight[ins, :, t][:1]"),
    )
}
WRONG["conv_transpose1d", "groups_1d groups_together"] = {
    "groups_in_turns": ("M16c", (INS, "slice(g, None, groups)"), (OUTS, "slice(g, None, groups)"))
}
WRONG["conv_transpose1d", GROUPS] = {"first_group_for_all": ("differ", (INS, "slice(group_in)"))}
WRONG["conv_transpose1d", SAMPLES] = {
    "only_the_first_sample": ("differ", ("input[:, ins", "input[:1, ins")),
    "only_one_sample": ("shape", first("input = input[:1]")),
}
WRONG["conv_transpose1d", "output_padding_bias output_padding_together"] = {
    "bias_not_beyond_the_stamps": ("M04a", (CROP, f"{STAMPED_BIAS}\n    {CROP}"), (RETURN, "return output"))
}
WRONG["conv_transpose1d", BIAS.replace("scatter_1d_bias", "")] = {
    "bias_in_every_stamp": ("differ", (STAMP, f"{STAMP}{BIAS_FOR_TAP}"), (RETURN, "return output"))
}
WRONG["conv_transpose1d", EVERYTHING] = {
    "a_list": ("must be a NumPy array", (RETURN, "return output.tolist()")),
    "no_return": ("is a return missing?", (RETURN, "output")),
}
WRONG["conv_transpose1d", VALUES.replace("groups_together", "")] = {
    "sample_axis_lost": ("shape", (RETURN, f"if batch == 1:\n        output = output[0]\n    {RETURN}"))
}
WRONG["conv_transpose1d", "scatter_1d_untouched"] = {
    "the_input_where_nothing_changes": ("shared", (RETURN, f"{NOTHING_CHANGES}\n        return input\n    {RETURN}")),
    "bias_added_to_the_input": ("changed", (RETURN, f"if bias is not None:\n        input += bias[0]\n    {RETURN}")),
    "weight_turned_and_left_so": ("changed", (RETURN, f"weight[:] = weight[:, :, ::-1].copy()\n    {RETURN}")),
}
WRONG["conv_transpose1d", "errors_1d errors_dilation"] = {
    "nothing_refused": (
        "must raise ValueError here: output_padding must be smaller than stride or dilation",
        (SIZE, f"max(0, {FORMULA})"),
        (ROOM, "output_size + 2 * padding + stride * input_size))"),
    ),
    "another_error": (
        "it raises IndexError",
        first("if output_padding >= max(stride, dilation):\n        raise IndexError('output_padding')"),
    ),
}
WRONG["conv_transpose1d", "dilation_together errors_dilation"] = {
    "limited_by_the_stride_alone": (
        "This call is legal",
        first("if output_padding >= stride:\n        raise ValueError('output_padding')"),
    )
}
IDEAS["conv_transpose1d", f"{PADDING} errors_1d"] = "M03a"
IDEAS["conv_transpose1d", PADDING] = "M03b M05a M05b"
IDEAS["conv_transpose1d", f"output_padding_1d_empty output_padding_bias {OUTPUT_PADDING}"] = "M04b M04c M04d M04e"
IDEAS["conv_transpose1d", f"{STRIDE} errors_1d"] = "M06a M06b"
IDEAS["conv_transpose1d", VALUES.replace("scatter_1d_one_stamp", "")] = "M06c"
IDEAS["conv_transpose1d", f"{STRIDE} scatter_1d_one_stamp"] = "M06d"
IDEAS["conv_transpose1d", DILATION] = "M09a M10 M11 M49c"
IDEAS["conv_transpose1d", TAPS] = "M09c M49a"
IDEAS["conv_transpose1d", f"{TAPS} errors_dilation"] = "M12e"
IDEAS["conv_transpose1d", f"{OVERLAP} dilation_together groups_together"] = "M14b M14c"
IDEAS["conv_transpose1d", GROUPS] = "M16b"
IDEAS["conv_transpose1d", BIAS.replace("scatter_1d_bias", "")] = "M18a M18c"
IDEAS["conv_transpose1d", BIAS] = "M18b"
IDEAS["conv_transpose1d", VALUES] = "M32 M49b"
IDEAS["conv_transpose1d", f"{VALUES} errors_1d scatter_1d_untouched"] = "M42"
IDEAS["conv_transpose1d", TURNED] = "M50"

# ------------------------------------------------------------------ conv_transpose_output_size

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
    return FULL, text


WRONG["conv_transpose_output_size", f"{SIZES} errors_size_nothing_left"] = {
    "steps_one_too_many": ("M12a", full("stride * input_size + dilation * (kernel_size - 1) + 1")),
    "stride_times_input": ("M12c", (CROPPED, "stride * input_size")),
    "d_zeros_between_taps": ("M09c", full("stride * (input_size - 1) + (dilation + 1) * (kernel_size - 1) + 1")),
    "stride_left_out": ("the stride is left out", full("input_size + dilation * (kernel_size - 1)")),
}
WRONG["conv_transpose_output_size", f"{SIZES} errors_size_nothing_left errors_dilation"] = {
    "formula_of_the_convolution": (
        "M12e",
        (FULL, "input_size + 2 * padding - dilation * (kernel_size - 1) - 1"),
        (CROPPED, "full_size // stride + 1"),
    )
}
WRONG["conv_transpose_output_size", PADDING] = {
    "padding_adds": ("padding adds zeros", (CROPPED, "full_size + 2 * padding + output_padding")),
    "padding_once": ("padding crops the begin only", (CROPPED, "full_size - padding + output_padding")),
    "padding_left_out": ("M02b", (CROPPED, "full_size + output_padding")),
}
WRONG["conv_transpose_output_size", f"{OUTPUT_PADDING} errors_size_nothing_left"] = {
    "output_padding_left_out": ("output_padding is left out", (CROPPED, "full_size - 2 * padding")),
    "output_padding_twice": (
        "output_padding adds zeros on both sides",
        (CROPPED, "full_size - 2 * padding + 2 * output_padding"),
    ),
}
WRONG["conv_transpose_output_size", DILATION] = {
    "dilation_left_out": ("M10", full("stride * (input_size - 1) + kernel_size"))
}
WRONG["conv_transpose_output_size", "size_stride size_padding size_dilation size_together"] = {
    "stride_one_keeps_the_size": ("M41", (RETURN, f"if stride == 1:\n        return input_size\n    {RETURN}"))
}
WRONG["conv_transpose_output_size", f"{SIZES} {ERRORS}"] = {
    "a_float": ("the answer must be an int, this is 5.0", (RETURN, "return float(output_size)")),
    "no_return": ("is a return missing?", (RETURN, "output_size")),
}
WRONG["conv_transpose_output_size", ERRORS] = {
    "nothing_refused": ("accepted", (TOO_LARGE, "if False:"), (NOTHING_LEFT, "if False:")),
    "another_error": ("it raises TypeError", ("raise ValueError", "raise TypeError")),
}
WRONG["conv_transpose_output_size", "errors_size_output_padding errors_dilation"] = {
    "limit_too_high": (
        "must raise ValueError here: output_padding must be smaller than stride or dilation",
        (TOO_LARGE, TOO_LARGE.replace(">=", ">")),
    )
}
WRONG["conv_transpose_output_size", "size_together errors_dilation"] = {
    "limited_by_the_stride_alone": (
        "This call is legal",
        (TOO_LARGE, TOO_LARGE.replace("max(stride, dilation)", "stride")),
    )
}
WRONG["conv_transpose_output_size", f"{OUTPUT_PADDING} {ERRORS}"] = {
    "limited_by_the_smaller": ("This call is legal", (TOO_LARGE, TOO_LARGE.replace("max", "min")))
}
WRONG["conv_transpose_output_size", "errors_size_nothing_left"] = {
    "an_empty_output_is_accepted": ("accepted", (NOTHING_LEFT, NOTHING_LEFT.replace("1", "0"))),
    "zero_where_nothing_is_left": ("accepted", (NOTHING_LEFT, "output_size = max(output_size, 0)\n    if False:")),
}
WRONG["conv_transpose_output_size", "size_stride size_padding errors_size_nothing_left"] = {
    "one_cell_is_refused": ("raises ValueError", (NOTHING_LEFT, NOTHING_LEFT.replace("1", "2")))
}
IDEAS["conv_transpose_output_size", "size_padding size_together"] = "M02a M03b M05a"
IDEAS["conv_transpose_output_size", PADDING] = "M03a"
IDEAS["conv_transpose_output_size", f"{OUTPUT_PADDING} errors_size_nothing_left"] = "M04b M04e M12b"
IDEAS["conv_transpose_output_size", f"{SIZES} errors_size_nothing_left"] = "M06a M06b M12d"
IDEAS["conv_transpose_output_size", SIZES] = "M06c M06d M49a M49b"
IDEAS["conv_transpose_output_size", DILATION] = "M09a M09b M11 M49c"
IDEAS["conv_transpose_output_size", f"{SIZES} errors_size_nothing_left errors_size_output_padding"] = "M42"

# ------------------------------------------------------------------ of these, wrong in other cells as well

ALSO["conv_transpose1d", "scatter_1d_untouched"] = """
    overlaps_overwrite stride_left_out stride_moves_on_the_input stride_too_large kernel_not_turned_for_sliding
    last_tap_forgotten whole_numbers single_precision last_stamp_forgotten first_channel_only only_the_first_sample
    only_one_sample bias_in_every_stamp sample_axis_lost M06a M06b M06c M06d M09c M49a M12e M14b M14c M18c M18b M32
    M49b M50
"""
ALSO["conv_transpose2d", "scatter_2d_untouched"] = """
    overlaps_overwrite stride_left_out only_square_kernels kernel_not_turned_for_sliding last_tap_forgotten
    last_row_of_stamps_forgotten whole_numbers single_precision only_the_first_sample only_one_sample
    sample_axis_lost M01b M09c M49a M50 M06a M06b M06c M06d M12e M14b M14c M18a M18b M18c M32 M49b
"""

# ------------------------------------------------------------------ mutants of the reference that do the same

ROOM_1D = "full = np.zeros((batch, groups * group_out, output_size + 2 * padding))"
ROOM_2D = "full = np.zeros((batch, groups * group_out, height + 2 * padding[0], width + 2 * padding[1]))"
LARGER = "more room behind the last stamp, which the window never shows"

EQUIVALENT = {
    ("conv_transpose1d", ROOM_1D, "2 to 3"): LARGER,
    ("conv_transpose2d", ROOM_2D, "2 to 3"): LARGER,
}
