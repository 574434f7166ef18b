"""Wrong answers to the transposed-convolution assignment: one mistake each, and what it must cost.

Most are the reference solution with a few words changed, so that nothing else is wrong with them.
What a mistake costs is the isolated cells of its own subject, and the small cells
"everything together" of the parts where it shows.
"""

STAMP_1D = "full[:, outs, stride * j + dilation * t] += input[:, ins, j] @ weight[ins, :, t]"
STAMP_2D = "full[:, outs, row, column] += input[:, ins, i, j] @ weight[ins, :, t, u]"
CROP_1D = "output = full[:, :, padding : padding + output_size]"
CROP_2D = "output = full[:, :, top : top + height, left : left + width]"
FIRST = "batch, in_channels"
STAMPED_BIAS = "if bias is not None:\n        full[:, :, : full.shape[2] - output_padding] += bias[:, None]"
BLOCK = "slice(g * group_in, (g + 1) * group_in)"


def both(one, two):
    """An edit of conv_transpose1d and one of conv_transpose2d: pairs of old and new text."""
    return {"conv_transpose1d": one, "conv_transpose2d": two}


def size(*edits):
    return {"conv_transpose_output_size": edits}


# name: (edits of the reference solution, points lost in each part, words that the feedback must have)
WRONG = {
    "padding_ignored": (
        both([(CROP_1D, "output = full")], [(CROP_2D, "output = full")]),
        {"padding": 15, "output_padding": 9, "dilation": 2, "groups": 3},
        "padding is left out (M02b)",
    ),
    "padding_crops_only_begin": (
        both([(CROP_1D, "output = full[:, :, padding:]")], [(CROP_2D, "output = full[:, :, top:, left:]")]),
        {"padding": 15, "output_padding": 9, "dilation": 2, "groups": 3},
        "padding crops the begin only (M05a)",
    ),
    "padding_adds": (
        both(
            [(CROP_1D, "output = np.pad(full, ((0, 0), (0, 0), (padding, padding)))")],
            [(CROP_2D, "output = np.pad(full, ((0, 0), (0, 0), (top, top), (left, left)))")],
        ),
        {"padding": 15, "output_padding": 9, "dilation": 2, "groups": 3},
        "padding adds zeros around the output (M02a)",
    ),
    "overlaps_overwrite": (
        both([(STAMP_1D, STAMP_1D.replace("+=", "="))], [(STAMP_2D, STAMP_2D.replace("+=", "="))]),
        {"scatter": 10, "padding": 3, "output_padding": 2, "dilation": 2, "groups": 3},
        "the later of two overlapping stamps overwrites the earlier (M14a)",
    ),
    "output_padding_zeros": (
        both(
            [(CROP_1D, f"full[:, :, output_size + padding - output_padding :] = 0\n    {CROP_1D}")],
            [
                (
                    CROP_2D,
                    "full[:, :, height + top - output_padding[0] :] = 0\n    "
                    f"full[:, :, :, width + left - output_padding[1] :] = 0\n    {CROP_2D}",
                )
            ],
        ),
        {"output_padding": 9, "dilation": 2, "groups": 3},
        "output_padding appends zeros (M04a)",
    ),
    "stride_ignored": (
        both([("stride * j", "j")], [("stride[0] * i", "i"), ("stride[1] * j", "j")]),
        {"scatter": 10, "padding": 15, "output_padding": 15, "dilation": 4, "groups": 3},
        "the stride is left out, in an output of the right size (M06e)",
    ),
    "dilation_ignored": (
        both([("dilation * t", "t")], [("dilation[0] * t", "t"), ("dilation[1] * u", "u")]),
        {"dilation": 10, "groups": 3},
        "dilation is left out, in an output of the right size (M10b)",
    ),
    "weight_order": (
        both(
            [
                ("_, group_out, kernel_size = weight.shape", "group_out, _, kernel_size = weight.shape"),
                (
                    "group_in = in_channels // groups",
                    "group_in, group_out = in_channels // groups, group_out // groups",
                ),
                ("weight[ins, :, t]", "weight[outs, :, t].T"),
            ],
            [
                ("_, group_out, *kernel_size = weight.shape", "group_out, _, *kernel_size = weight.shape"),
                (
                    "group_in = in_channels // groups",
                    "group_in, group_out = in_channels // groups, group_out // groups",
                ),
                ("weight[ins, :, t, u]", "weight[outs, :, t, u].T"),
            ],
        ),
        {"scatter": 6, "padding": 3, "output_padding": 2, "dilation": 2, "groups": 12},
        "the channel axes of the weight are exchanged (M15)",
    ),
    "groups_ignored": (
        both([(FIRST, f"groups = 1\n    {FIRST}")], [(FIRST, f"groups = 1\n    {FIRST}")]),
        {"groups": 15},
        "groups is left out (M16b)",
    ),
    "groups_interleaved": (
        both([(BLOCK, "slice(g, None, groups)")], [(BLOCK, "slice(g, None, groups)")]),
        {"groups": 12},
        "the channels of a group are taken in turns (M16c)",
    ),
    "bias_not_beyond_the_stamps": (
        both(
            [
                (
                    CROP_1D,
                    f"{STAMPED_BIAS}\n    {CROP_1D}",
                ),
                ("return output if bias is None else output + bias[:, None]", "return output"),
            ],
            [],
        ),
        {"output_padding": 2},
        "output_padding appends zeros (M04a)",
    ),
    "output_padding_limited_by_stride_alone": (
        size(("max(stride, dilation)", "stride")),
        {"errors": 2},
        "This call is legal",
    ),
    "nothing_refused": (
        size(("if output_padding >= max(stride, dilation)", "if False"), ("if output_size < 1", "if False")),
        {"errors": 10},
        "must raise ValueError here: output_padding must be smaller than stride or dilation",
    ),
    "size_without_dilation": (
        size(("dilation * (kernel_size - 1) + 1", "kernel_size")),
        {"size": 3, "dilation": 10, "groups": 3},
        "dilation is left out (M10)",
    ),
    "rows_stride_for_columns": (
        both([], [("pair(stride)", "(pair(stride)[0],) * 2")]),
        {"scatter": 5, "padding": 3, "output_padding": 2, "dilation": 2, "groups": 3, "errors": 2},
        "the shape differs",
    ),
    "only_the_first_sample": (
        both([("input[:, ins", "input[:1, ins")], [("input[:, ins", "input[:1, ins")]),
        {"scatter": 6, "padding": 3, "output_padding": 2, "dilation": 2, "groups": 3},
        "values differ",
    ),
    "kernel_not_turned_for_sliding": (
        {
            "file": "zero_insertion.py",
            **both([("weight[:, :, ::-1]", "weight")], [("weight[:, :, ::-1, ::-1]", "weight")]),
        },
        {"scatter": 20, "padding": 15, "output_padding": 13, "dilation": 10, "groups": 3},
        "the kernel is not rotated by 180 degrees in the method that inserts zeros (M01a)",
    ),
}
