"""Wrong ``conv_transpose2d``."""

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
    return [(PAIRS, f"{PAIRS}\n    {line}")]


WRONG = {
    "padding_left_out": ([(CROP, "output = full")], PADDING, "padding is left out (M02b)"),
    "padding_crops_only_begin": (
        [(CROP, "output = full[:, :, top:, left:]")],
        PADDING,
        "padding crops the begin only (M05a)",
    ),
    "padding_adds": (
        [(CROP, "output = np.pad(full, ((0, 0), (0, 0), (top, top), (left, left)))")],
        PADDING,
        "padding adds zeros around the output (M02a)",
    ),
    "padding_crops_the_rows_only": (
        [(CROP, "output = full[:, :, top : top + height]")],
        PADDING,
        "the shape differs",
    ),
    "begins_exchanged": ([(CORNER, "left, top = padding")], PADDING, "differs"),
    "overlaps_overwrite": (
        [(STAMP, STAMP.replace("+=", "="))],
        f"scatter_2d_overlap {TOGETHER}",
        "the later of two overlapping stamps overwrites the earlier (M14a)",
    ),
    "output_padding_zeros": (
        [(CROP, f"{ZEROED}\n    {CROP}")],
        OUTPUT_PADDING,
        "output_padding appends zeros (M04a)",
    ),
    "output_padding_at_the_begin": (
        [(CORNER, MOVED_BEGIN)],
        OUTPUT_PADDING,
        "output_padding moves the begin of the crop instead of its end (M04d)",
    ),
    "output_padding_left_out": (
        [
            (
                CROP,
                "output = full[:, :, top : top + height - output_padding[0], left : left + width - output_padding[1]]",
            )
        ],
        OUTPUT_PADDING,
        "output_padding is left out (M04e)",
    ),
    "stride_left_out": (
        [("stride[0] * i", "i"), ("stride[1] * j", "j")],
        STRIDE,
        "the stride is left out, in an output of the right size (M06e)",
    ),
    "rows_stride_for_columns": (
        [("pair(stride)", "(pair(stride)[0],) * 2")],
        f"scatter_2d_stride {TOGETHER} errors_2d",
        "the shape differs",
    ),
    "rows_and_columns_exchanged": (
        [(PLACE, "row, column = stride[1] * i + dilation[1] * t, stride[0] * j + dilation[0] * u"), (ROOM, MORE_ROOM)],
        f"scatter_2d_stride {TOGETHER} dilation_2d",
        "differ",
    ),
    "only_square_inputs": (
        [(SIZE, f"{SIZE}\n    width = height")],
        f"{VALUES} scatter_2d_untouched",
        "the shape differs",
    ),
    "only_square_kernels": (
        [("np.ndindex(*kernel_size)", "np.ndindex(kernel_size[0], kernel_size[0])")],
        f"{TAPS} errors_2d",
        "raises IndexError",
    ),
    "kernel_rows_for_columns": (
        [("group_in =", "weight = weight.swapaxes(2, 3).reshape(weight.shape)\n    group_in =")],
        TAPS,
        "differ",
    ),
    "kernel_not_turned_for_sliding": (
        [("weight[ins, :, t, u]", "weight[ins, :, ::-1, ::-1][:, :, t, u]")],
        TAPS,
        "the kernel is not rotated by 180 degrees in the method that inserts zeros (M01a)",
    ),
    "dilation_left_out": (
        [("dilation[0] * t", "t"), ("dilation[1] * u", "u")],
        DILATION,
        "dilation is left out, in an output of the right size (M10b)",
    ),
    "rows_dilation_for_columns": (
        [("pair(dilation)", "(pair(dilation)[0],) * 2")],
        f"{DILATION} errors_dilation",
        "the shape differs",
    ),
    "last_tap_forgotten": ([("np.ndindex(*kernel_size)", "list(np.ndindex(*kernel_size))[:-1]")], VALUES, "differ"),
    "last_row_of_stamps_forgotten": (
        [("np.ndindex(*input_size)", "np.ndindex(input_size[0] - 1, input_size[1])")],
        VALUES,
        "differ",
    ),
    "channel_axes_exchanged": (
        [
            (SHAPE, "group_out, _, *kernel_size = weight.shape"),
            ("group_in = in_channels // groups", "group_in, group_out = in_channels // groups, group_out // groups"),
            ("weight[ins, :, t, u]", "weight[outs, :, t, u].T"),
        ],
        f"{CHANNELS} scatter_2d_untouched",
        "the channel axes of the weight are exchanged (M15)",
    ),
    "groups_left_out": ([(PAIRS, f"groups = 1\n    {PAIRS}")], GROUPS, "groups is left out (M16b)"),
    "groups_in_turns": (
        [(INS, "slice(g, None, groups)"), (OUTS, "slice(g, None, groups)")],
        "groups_2d groups_together",
        "the channels of a group are taken in turns (M16c)",
    ),
    "only_the_first_sample": (
        [("input[:, ins", "input[:1, ins")],
        f"scatter_2d_channels {TOGETHER}",
        "differ",
    ),
    "only_one_sample": (
        [
            (
                "batch, in_channels, *input_size = input.shape",
                "input = input[:1]\n    batch, in_channels, *input_size = input.shape",
            )
        ],
        f"scatter_2d_channels {TOGETHER}",
        "the shape differs",
    ),
    "bias_left_out": ([(RETURN, "return output")], TOGETHER, "the bias is left out (M18b)"),
    "bias_along_the_row": (
        [("bias[:, None, None]", "bias")],
        f"{TOGETHER} scatter_2d_untouched",
        "raises ValueError: operands could not be broadcast together",
    ),
    "bias_not_beyond_the_stamps": (
        [(CROP, f"{STAMPED_BIAS}\n    {CROP}"), (RETURN, "return output")],
        "output_padding_together",
        "output_padding appends zeros (M04a)",
    ),
    "whole_numbers": (
        [("return output", "output = output.astype(int)\n    return output"), ("+ bias", "+ bias.astype(int)")],
        VALUES,
        "expected float64, got int64",
    ),
    "single_precision": (
        [("return output", "output = output.astype(np.float32)\n    return output"), ("+ bias", "+ np.float32(bias)")],
        VALUES,
        "got float32",
    ),
    "a_list": ([(RETURN, "return output.tolist()")], EVERYTHING, "must be a NumPy array"),
    "no_return": ([(RETURN, "output")], EVERYTHING, "is a return missing?"),
    "sample_axis_lost": (
        [(RETURN, f"if batch == 1:\n        output = output[0]\n    {RETURN}")],
        "scatter_2d_one_stamp scatter_2d_overlap scatter_2d_stride scatter_2d_channels scatter_2d_together padding_2d "
        "padding_together output_padding_2d output_padding_together dilation_2d groups_2d groups_depthwise",
        "the shape differs",
    ),
    "the_input_where_nothing_changes": (
        [
            (
                RETURN,
                f"if input.shape == output.shape and weight.tolist() == [[[[1]]]]:\n        return input\n    {RETURN}",
            )
        ],
        "scatter_2d_untouched",
        "returns a part of an array that it was given",
    ),
    "bias_added_to_the_input": (
        [(RETURN, f"if bias is not None:\n        input += bias[0]\n    {RETURN}")],
        "scatter_2d_untouched",
        "changes an array that it was given",
    ),
    "weight_turned_and_left_so": (
        [(RETURN, f"weight[:] = weight[:, :, ::-1, ::-1].copy()\n    {RETURN}")],
        "scatter_2d_untouched",
        "changes an array that it was given",
    ),
    "nothing_refused": (
        [(SIZE, f"height, width = (max(0, {FORMULA}) for i, k, s, p, q, d in axes)"), (ROOM, MORE_ROOM)],
        "errors_2d errors_dilation",
        "it returns an answer",
    ),
    "another_error": (
        [(PAIRS, f"{PAIRS}\n    assert all(q < max(s, d) for q, s, d in zip(output_padding, stride, dilation))")],
        "errors_2d errors_dilation",
        "it raises AssertionError",
    ),
    "axes_judged_together": (
        [
            (SIZE, f"height, width = (max(0, {FORMULA}) for i, k, s, p, q, d in axes)"),
            (ROOM, MORE_ROOM),
            (
                PAIRS,
                f"{PAIRS}\n    if max(output_padding) >= max(stride + dilation) or min(padding) > 3:\n"
                "        raise ValueError('output_padding')",
            ),
        ],
        "errors_2d errors_dilation",
        "it returns an answer",
    ),
}
