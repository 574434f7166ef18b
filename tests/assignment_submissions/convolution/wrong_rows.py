"""Wrong ``conv1d``."""

WINDOW = "window = padded[:, ins, start : start + span : dilation]"
DOT = 'np.einsum("nct,oct->no", window, weight[outs])'
PADDED = "padded = np.pad(input, ((0, 0), (0, 0), (padding, padding)))"
ZEROS = "(padding, padding)"
RETURN = "return output if bias is None else output + bias[:, None]"
SIZE = "conv_output_size(input_size, kernel_size, stride, padding, dilation)"
INS, OUTS = "slice(g * group_in, (g + 1) * group_in)", "slice(g * group_out, (g + 1) * group_out)"
FIRST = "batch, in_channels, input_size = input.shape"
REFUSED = "if in_channels != groups * group_in or out_channels % groups:"
PLACES = "for m in range(output.shape[2])"

# What most mistakes cost: the cells of their own subject, and these.
TOGETHER = "conv1d_together groups_1d_together"
CHANNELS = f"conv1d_channels groups_1d {TOGETHER}"
GROUPS = "groups_1d groups_1d_depthwise groups_1d_together"
TAPS = f"conv1d_place conv1d_slide conv1d_stride conv1d_padding conv1d_dilation conv1d_bias {TOGETHER}"
VALUES = f"{TAPS} conv1d_channels {GROUPS}"
ERRORS = "errors_1d errors_channels_1d"

STAMPED = """
def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    batch, _, input_size = input.shape
    out_channels, group_in, kernel_size = weight.shape
    group_out, span = out_channels // groups, dilation * (kernel_size - 1) + 1
    full = np.zeros((batch, out_channels, stride * (input_size - 1) + span))
    for g in range(groups):
        ins, outs = slice(g * group_in, (g + 1) * group_in), slice(g * group_out, (g + 1) * group_out)
        for j in range(input_size):
            for t in range(kernel_size):
                full[:, outs, stride * j + dilation * t] += input[:, ins, j] @ weight[outs, :, t].T
    output = full[:, :, padding : full.shape[2] - padding]
    return output if bias is None else output + bias[:, None]
"""


def first(line):
    """An edit: the function begins with this line."""
    return [(FIRST, f"{line}\n    {FIRST}")]


WRONG = {
    "kernel_turned_round": (
        first("weight = weight[:, :, ::-1]"),
        TAPS,
        "the kernel is flipped, as in mathematics (M38)",
    ),
    "dilation_left_out": (first("dilation = 1"), f"conv1d_dilation {TOGETHER} errors_1d", "dilation is left out (M10)"),
    "dilation_in_the_size_only": (
        [(WINDOW, "window = padded[:, ins, start : start + kernel_size]")],
        f"conv1d_dilation {TOGETHER}",
        "values differ",
    ),
    "d_zeros_between_taps": (first("dilation += 1"), f"{TAPS} errors_1d", "raises ValueError"),
    "dilation_multiplies_the_stride": (
        first("stride = stride * dilation"),
        f"conv1d_dilation {TOGETHER}",
        "the dilation multiplies the stride (M11)",
    ),
    "taps_read_their_neighbours": (
        first(
            "weight = np.repeat(weight, dilation, 2)[:, :, : dilation * (weight.shape[2] - 1) + 1]\n    dilation = 1"
        ),
        f"conv1d_dilation {TOGETHER}",
        "each tap of the dilated kernel reads d neighbouring cells (M35)",
    ),
    "padding_left_out": (first("padding = 0"), f"conv1d_padding {TOGETHER} errors_1d", "padding is left out (M51a)"),
    "zeros_at_the_begin_only": (
        [(ZEROS, "(padding, 0)"), (SIZE, "conv_output_size(padded.shape[2], kernel_size, stride, 0, dilation)")],
        f"conv1d_padding {TOGETHER} errors_1d",
        "zeros are added at the begin only (M51b)",
    ),
    "zeros_at_the_end_only": (
        [(ZEROS, "(0, padding)"), (SIZE, "conv_output_size(padded.shape[2], kernel_size, stride, 0, dilation)")],
        f"conv1d_padding {TOGETHER} errors_1d",
        "zeros are added at the end only (M51c)",
    ),
    "border_repeated": (
        [(f"{ZEROS}))", f'{ZEROS}), mode="edge")')],
        f"conv1d_padding {TOGETHER}",
        "the border values are repeated instead of adding zeros (M51d)",
    ),
    "padding_crops": (
        [(PADDED, "padded = input[:, :, padding : input_size - padding]"), ("(input_size, k", "(padded.shape[2], k")],
        f"conv1d_padding {TOGETHER} errors_1d",
        "the shape differs",
    ),
    "stride_left_out": (first("stride = 1"), f"conv1d_stride {TOGETHER}", "the stride is left out (M52a)"),
    "stride_in_the_size_only": ([("start = stride * m", "start = m")], f"conv1d_stride {TOGETHER}", "differs"),
    "stride_one_too_large": (
        first("stride += 1"),
        "conv1d_slide conv1d_stride conv1d_padding conv1d_dilation conv1d_channels conv1d_bias conv1d_together "
        "groups_1d groups_1d_depthwise groups_1d_together",
        "stride cells are skipped instead of stride - 1 (M52b)",
    ),
    "rounded_up": (
        [
            (ZEROS, "(padding, padding + stride)"),
            (SIZE, f"{SIZE} + ((input_size + 2 * padding - span) % stride > 0)"),
        ],
        f"conv1d_stride {TOGETHER}",
        "the number of kernel positions is rounded up instead of down (M13b)",
    ),
    "insists_on_exact_strides": (
        [(PADDED, f"if (input_size + 2 * padding - span) % stride:\n        raise ValueError('uneven')\n    {PADDED}")],
        f"conv1d_stride {TOGETHER} conv1d_untouched",
        "raises ValueError: uneven",
    ),
    "last_place_forgotten": ([(PLACES, f"{PLACES[:-1]} - 1)")], VALUES, "one value differs"),
    "transposed": (STAMPED, f"{TAPS} {ERRORS}", "a transposed convolution is done (M12g)"),
    "largest_product": (
        [(DOT, "(window[:, None] * weight[outs]).max(axis=(2, 3))")],
        f"{TAPS} conv1d_channels groups_1d",
        "one value differs",
    ),
    "channel_axes_exchanged": (
        first("weight = weight.swapaxes(0, 1)"),
        f"{CHANNELS} conv1d_bias groups_1d_depthwise {ERRORS}",
        "the channel axes of the weight are exchanged (M15)",
    ),
    "last_channel_only": (
        [(DOT, 'np.einsum("nct,oct->no", window[:, -1:], weight[outs, -1:])')],
        CHANNELS,
        "values differ",
    ),
    "mean_of_the_channels": ([(DOT, f"{DOT} / group_in")], CHANNELS, "values differ"),
    "only_the_first_sample": ([("padded[:, ins", "padded[:1, ins")], f"conv1d_channels {TOGETHER}", "values differ"),
    "only_one_sample": (
        first("input = input[:1]"),
        f"conv1d_channels {TOGETHER}",
        "the shape differs",
    ),
    "sample_axis_lost": (
        [(RETURN, f"if batch == 1:\n        output = output[0]\n    {RETURN}")],
        VALUES.replace("groups_1d_together", ""),
        "the shape differs: expected (1, 1, 1), got (1, 1)",
    ),
    "bias_left_out": ([(RETURN, "return output")], f"conv1d_bias {TOGETHER}", "the bias is left out (M18b)"),
    "bias_for_every_tap": ([("bias[:, None]", "kernel_size * bias[:, None]")], f"conv1d_bias {TOGETHER}", "differ"),
    "first_bias_for_all": ([("bias[:, None]", "bias[0]")], f"conv1d_bias {TOGETHER}", "differ"),
    "bias_along_the_row": (
        [("bias[:, None]", "bias")],
        f"conv1d_bias {TOGETHER} conv1d_untouched",
        "raises ValueError",
    ),
    "groups_left_out": (
        first("groups = 1"),
        f"{GROUPS} errors_channels_1d",
        "raises ValueError",
    ),
    "first_group_for_all": ([(INS, "slice(group_in)")], GROUPS, "differ"),
    "channels_in_turns": (
        [(INS, "slice(g, None, groups)")],
        "groups_1d groups_1d_together",
        "the channels of a group are taken in turns (M16c)",
    ),
    "outputs_in_turns": (
        [(OUTS, "slice(g, None, groups)")],
        GROUPS,
        "values differ",
    ),
    "whole_numbers": (
        [(RETURN, f"output = output.astype(int)\n    {RETURN}")],
        VALUES.replace("conv1d_bias", "").replace("groups_1d_together", ""),
        "expected float64, got int64",
    ),
    "single_precision": ([(RETURN, RETURN.replace("return ", "return np.float32(") + ")")], VALUES, "got float32"),
    "a_list": ([(RETURN, "return output.tolist()")], f"{VALUES} conv1d_untouched {ERRORS}", "must be a NumPy array"),
    "no_return": ([(RETURN, "output")], f"{VALUES} conv1d_untouched {ERRORS}", "is a return missing?"),
    "the_input_where_nothing_changes": (
        [(RETURN, f"if weight.size == 1 and weight[0, 0, 0] == 1 and not bias:\n        return input\n    {RETURN}")],
        "conv1d_untouched",
        "returns a part of an array that it was given",
    ),
    "bias_added_to_the_input": (
        [(RETURN, f"if bias is not None:\n        input += bias[0]\n    {RETURN}")],
        "conv1d_untouched",
        "changes an array that it was given",
    ),
    "weight_turned_and_left_so": (
        [(RETURN, f"weight[:] = weight[:, :, ::-1].copy()\n    {RETURN}")],
        "conv1d_untouched",
        "changes an array that it was given",
    ),
    "nothing_refused": (
        [(SIZE, "max(0, (input_size + 2 * padding - span) // stride + 1)")],
        "errors_1d",
        "must raise ValueError here: kernel_size=3 with dilation=1 spans 3 cells",
    ),
    "another_error": (
        [(PADDED, f"if span > input_size + 2 * padding:\n        raise TypeError('too long')\n    {PADDED}")],
        "errors_1d",
        "it raises TypeError",
    ),
    "refuses_by_taps": (
        [
            (SIZE, "max(0, (input_size + 2 * padding - span) // stride + 1)"),
            (PADDED, f"if kernel_size > input_size + 2 * padding:\n        raise ValueError\n    {PADDED}"),
        ],
        "errors_1d",
        "it returns an answer",
    ),
    "no_channels_refused": ([(REFUSED, "if False:")], "errors_channels_1d", "it returns an answer"),
    "only_input_channels_refused": (
        [(REFUSED, REFUSED.replace(" or out_channels % groups", ""))],
        "errors_channels_1d",
        "it returns an answer",
    ),
    "only_output_channels_refused": (
        [(REFUSED, "if out_channels % groups:")],
        "errors_channels_1d",
        "it returns an answer",
    ),
    "channels_asserted": (
        [(REFUSED, "assert in_channels == groups * group_in and out_channels % groups == 0\n    if False:")],
        "errors_channels_1d",
        "it raises AssertionError",
    ),
}
