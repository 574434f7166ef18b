"""Wrong ``conv_transpose1d``."""

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
    return [(FIRST, f"{line}\n    {FIRST}")]


WRONG = {
    "padding_left_out": ([(CROP, "output = full")], PADDING, "padding is left out (M02b)"),
    "padding_crops_only_begin": (
        [(CROP, "output = full[:, :, padding:]")],
        PADDING,
        "padding crops the begin only (M05a)",
    ),
    "padding_crops_only_end": (
        [(CROP, "output = full[:, :, : full.shape[2] - padding]")],
        PADDING,
        "padding crops the end only (M05b)",
    ),
    "padding_adds": (
        [(CROP, "output = np.pad(full, ((0, 0), (0, 0), (padding, padding)))")],
        PADDING,
        "padding adds zeros around the output (M02a)",
    ),
    "padding_crops_the_input": (
        [*first("input, padding = input[:, :, padding : input.shape[2] - padding], 0")],
        f"{PADDING} errors_1d",
        "padding crops the input instead of the output (M03a)",
    ),
    "window_begins_at_zero": (
        [(CROP, "output = full[:, :, :output_size]")],
        PADDING,
        "values differ, the first at index [0, 0, 0]",
    ),
    "overlaps_overwrite": (
        [(STAMP, STAMP.replace("+=", "="))],
        f"{OVERLAP} dilation_together groups_together",
        "the later of two overlapping stamps overwrites the earlier (M14a)",
    ),
    "output_padding_zeros": (
        [(CROP, f"full[:, :, output_size + padding - output_padding :] = 0\n    {CROP}")],
        OUTPUT_PADDING,
        "output_padding appends zeros (M04a)",
    ),
    "output_padding_at_the_begin": (
        [(ROOM, "output_size + 2 * padding + output_padding))"), (CROP, MOVED_BEGIN)],
        f"output_padding_1d_empty output_padding_bias {OUTPUT_PADDING}",
        "output_padding moves the begin of the crop instead of its end (M04d)",
    ),
    "output_padding_left_out": (
        [(CROP, "output = full[:, :, padding : padding + output_size - output_padding]")],
        f"output_padding_1d_empty output_padding_bias {OUTPUT_PADDING}",
        "output_padding is left out",
    ),
    "output_padding_repeats_the_last": (
        [(CROP, f"{CROP}\n    {LAST}")],
        f"output_padding_1d_empty output_padding_bias {OUTPUT_PADDING}",
        "repeats the last",
    ),
    "stride_left_out": (
        [("stride * j", "j")],
        STRIDE,
        "the stride is left out, in an output of the right size (M06e)",
    ),
    "stride_moves_on_the_input": (
        CONVOLUTION,
        f"{TAPS} groups_together errors_1d errors_dilation",
        "an ordinary convolution is done",
    ),
    "stride_too_large": (
        [("stride * j", "(stride + 1) * j"), (ROOM, "output_size + 2 * padding + input_size))")],
        VALUES.replace("scatter_1d_one_stamp", ""),
        "stride zeros",
    ),
    "dilation_left_out": (
        [("dilation * t", "t")],
        DILATION,
        "dilation is left out, in an output of the right size (M10b)",
    ),
    "dilation_multiplies_the_stride": (
        [
            ("stride * j", "stride * dilation * j"),
            (ROOM, "output_size + 2 * padding + stride * dilation * input_size))"),
        ],
        DILATION,
        "values differ",
    ),
    "kernel_not_turned_for_sliding": (
        SLIDING,
        TURNED,
        "the kernel is not rotated by 180 degrees in the method that inserts zeros (M01a)",
    ),
    "last_tap_forgotten": ([("range(kernel_size)", "range(kernel_size - 1)")], VALUES, "differ"),
    "last_stamp_forgotten": (
        [("range(input_size)", "range(input_size - 1)")],
        VALUES.replace("padding_1d_deep", ""),
        "differ",
    ),
    "channel_axes_exchanged": (
        [
            (SHAPE, "group_out, _, kernel_size = weight.shape"),
            (
                "group_in = in_channels // groups",
                "group_in, group_out = in_channels // groups, group_out // groups",
            ),
            ("weight[ins, :, t]", "weight[outs, :, t].T"),
        ],
        f"{CHANNELS} scatter_1d_untouched",
        "the channel axes of the weight are exchanged (M15)",
    ),
    "first_channel_only": (
        [("input[:, ins, j] @ weight[ins, :, t]", "input[:, ins, j][:, :1] @ weight[ins, :, t][:1]")],
        f"{CHANNELS} scatter_1d_bias",
        "differ",
    ),
    "groups_left_out": (first("groups = 1"), GROUPS, "groups is left out (M16b)"),
    "groups_in_turns": (
        [(INS, "slice(g, None, groups)"), (OUTS, "slice(g, None, groups)")],
        "groups_1d groups_together",
        "the channels of a group are taken in turns (M16c)",
    ),
    "first_group_for_all": ([(INS, "slice(group_in)")], GROUPS, "differ"),
    "only_the_first_sample": ([("input[:, ins", "input[:1, ins")], SAMPLES, "differ"),
    "only_one_sample": (first("input = input[:1]"), SAMPLES, "the shape differs"),
    "bias_left_out": ([(RETURN, "return output")], BIAS, "the bias is left out (M18b)"),
    "bias_not_beyond_the_stamps": (
        [(CROP, f"{STAMPED_BIAS}\n    {CROP}"), (RETURN, "return output")],
        "output_padding_bias output_padding_together",
        "output_padding appends zeros (M04a)",
    ),
    "bias_in_every_stamp": (
        [(STAMP, f"{STAMP}{BIAS_FOR_TAP}"), (RETURN, "return output")],
        BIAS.replace("scatter_1d_bias", ""),
        "differ",
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
        VALUES.replace("groups_together", ""),
        "the shape differs",
    ),
    "the_input_where_nothing_changes": (
        [
            (RETURN, f"{NOTHING_CHANGES}\n        return input\n    {RETURN}"),
        ],
        "scatter_1d_untouched",
        "returns a part of an array that it was given",
    ),
    "bias_added_to_the_input": (
        [(RETURN, f"if bias is not None:\n        input += bias[0]\n    {RETURN}")],
        "scatter_1d_untouched",
        "changes an array that it was given",
    ),
    "weight_turned_and_left_so": (
        [(RETURN, f"weight[:] = weight[:, :, ::-1].copy()\n    {RETURN}")],
        "scatter_1d_untouched",
        "changes an array that it was given",
    ),
    "nothing_refused": (
        [(SIZE, f"max(0, {FORMULA})"), (ROOM, "output_size + 2 * padding + stride * input_size))")],
        "errors_1d errors_dilation",
        "must raise ValueError here: output_padding must be smaller than stride or dilation",
    ),
    "another_error": (
        first("if output_padding >= max(stride, dilation):\n        raise IndexError('output_padding')"),
        "errors_1d errors_dilation",
        "it raises IndexError",
    ),
    "limited_by_the_stride_alone": (
        first("if output_padding >= stride:\n        raise ValueError('output_padding')"),
        "dilation_together errors_dilation",
        "This call is legal",
    ),
}
