"""Wrong ``conv2d``."""

PAIRS = "stride, padding, dilation = pair(stride), pair(padding), pair(dilation)"
WINDOW = "window = padded[:, ins, top : top + high : dilation[0], left : left + wide : dilation[1]]"
DOT = 'np.einsum("nctu,octu->no", window, weight[outs])'
PADDED = "padded = pad2d(input, (padding[1], padding[1], padding[0], padding[0]))"
RETURN = "return output if bias is None else output + bias[:, None, None]"
SIZE = "size = [conv_output_size(*axis) for axis in zip(input_size, kernel_size, stride, padding, dilation)]"
INS, OUTS = "slice(g * group_in, (g + 1) * group_in)", "slice(g * group_out, (g + 1) * group_out)"
REFUSED = "if in_channels != groups * group_in or out_channels % groups:"
CORNER = "top, left = stride[0] * i, stride[1] * j"
PLACES = "for i, j in np.ndindex(*size)"
UNREFUSED = (
    "size = [max(0, (i + 2 * p - d * (k - 1) - 1) // s + 1) "
    "for i, k, s, p, d in zip(input_size, kernel_size, stride, padding, dilation)]"
)

TOGETHER = "conv2d_together groups_2d_together"
CHANNELS = f"conv2d_channels groups_2d {TOGETHER}"
GROUPS = "groups_2d groups_2d_depthwise groups_2d_together"
TAPS = f"conv2d_place conv2d_slide conv2d_stride conv2d_padding conv2d_dilation conv2d_bias {TOGETHER}"
VALUES = f"{TAPS} conv2d_channels {GROUPS}"
ERRORS = "errors_2d errors_channels_2d"

STAMPED = """
def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    stride, padding, dilation = pair(stride), pair(padding), pair(dilation)
    batch, _, *input_size = input.shape
    out_channels, group_in, *kernel_size = weight.shape
    group_out = out_channels // groups
    full = [s * (i - 1) + d * (k - 1) + 1 for i, k, s, d in zip(input_size, kernel_size, stride, dilation)]
    output = np.zeros((batch, out_channels, *full))
    for g in range(groups):
        ins, outs = slice(g * group_in, (g + 1) * group_in), slice(g * group_out, (g + 1) * group_out)
        for i, j in np.ndindex(*input_size):
            for t, u in np.ndindex(*kernel_size):
                row, column = stride[0] * i + dilation[0] * t, stride[1] * j + dilation[1] * u
                output[:, outs, row, column] += input[:, ins, i, j] @ weight[outs, :, t, u].T
    output = output[:, :, padding[0] : full[0] - padding[0], padding[1] : full[1] - padding[1]]
    return output if bias is None else output + bias[:, None, None]
"""


def first(line):
    """An edit: the function begins with this line."""
    return [(PAIRS, f"{line}\n    {PAIRS}")]


def then(line):
    """An edit: this line comes when all options are pairs."""
    return [(PAIRS, f"{PAIRS}\n    {line}")]


WRONG = {
    "kernel_turned_round": (
        first("weight = weight[:, :, ::-1, ::-1]"),
        TAPS,
        "the kernel is flipped, as in mathematics (M38)",
    ),
    "kernel_upside_down": (first("weight = weight[:, :, ::-1]"), TAPS, "one value differs"),
    "kernel_mirrored": (first("weight = weight[:, :, :, ::-1]"), TAPS, "one value differs"),
    "kernel_transposed": (
        first("weight = weight.swapaxes(2, 3)"),
        TAPS,
        "raises ValueError",
    ),
    "dilation_left_out": (
        first("dilation = 1"),
        f"conv2d_dilation {TOGETHER} errors_2d",
        "dilation is left out (M10)",
    ),
    "dilation_in_the_size_only": (
        [(WINDOW, "window = padded[:, ins, top : top + kernel_size[0], left : left + kernel_size[1]]")],
        f"conv2d_dilation {TOGETHER}",
        "values differ",
    ),
    "dilation_of_rows_for_both": (then("dilation = pair(dilation[0])"), f"conv2d_dilation {TOGETHER}", "differs"),
    "dilation_axes_exchanged": (
        then("dilation = dilation[::-1]"),
        f"conv2d_dilation {TOGETHER}",
        "the shape differs",
    ),
    "d_zeros_between_taps": (
        then("dilation = dilation[0] + 1, dilation[1] + 1"),
        f"{TAPS} conv2d_untouched {ERRORS}",
        "raises ValueError",
    ),
    "dilation_multiplies_the_stride": (
        then("stride = stride[0] * dilation[0], stride[1] * dilation[1]"),
        f"conv2d_dilation {TOGETHER}",
        "the dilation multiplies the stride (M11)",
    ),
    "padding_left_out": (first("padding = 0"), f"conv2d_padding {TOGETHER} errors_2d", "padding is left out (M51a)"),
    "padding_axes_exchanged": (
        then("padding = padding[::-1]"),
        f"conv2d_padding {TOGETHER} errors_2d",
        "the shape differs",
    ),
    "padding_of_rows_for_both": (
        then("padding = pair(padding[0])"),
        f"conv2d_padding {TOGETHER}",
        "the shape differs",
    ),
    "pad2d_in_the_wrong_order": (
        [(PADDED, "padded = pad2d(input, (padding[0], padding[0], padding[1], padding[1]))")],
        f"conv2d_padding {TOGETHER}",
        "raises ValueError",
    ),
    "zeros_at_the_begin_only": (
        [
            (PADDED, ""),
            (
                SIZE,
                "padded = pad2d(input, (padding[1], 0, padding[0], 0))\n    size = [conv_output_size(i, k, s, 0, d) "
                "for i, k, s, d in zip(padded.shape[2:], kernel_size, stride, dilation)]",
            ),
        ],
        f"conv2d_padding {TOGETHER} errors_2d",
        "zeros are added at the begin only (M51b)",
    ),
    "border_repeated": (
        [(PADDED, 'padded = np.pad(input, [(0, 0), (0, 0), *((p, p) for p in padding)], mode="edge")')],
        f"conv2d_padding {TOGETHER}",
        "the border values are repeated instead of adding zeros (M51d)",
    ),
    "stride_left_out": (first("stride = 1"), f"conv2d_stride {TOGETHER}", "the stride is left out (M52a)"),
    "stride_in_the_size_only": ([(CORNER, "top, left = i, j")], f"conv2d_stride {TOGETHER}", "values differ"),
    "stride_of_rows_for_both": (then("stride = pair(stride[0])"), f"conv2d_stride {TOGETHER}", "the shape differs"),
    "stride_axes_exchanged": (then("stride = stride[::-1]"), f"conv2d_stride {TOGETHER}", "the shape differs"),
    "stride_one_too_large": (
        then("stride = stride[0] + 1, stride[1] + 1"),
        "conv2d_slide conv2d_stride conv2d_padding conv2d_dilation conv2d_channels conv2d_bias conv2d_together "
        "groups_2d groups_2d_depthwise groups_2d_together",
        "stride cells are skipped instead of stride - 1 (M52b)",
    ),
    "numbers_only": (
        [
            (
                PAIRS,
                "if tuple in (type(stride), type(padding), type(dilation)):\n"
                f"        raise TypeError('numbers, please')\n    {PAIRS}",
            )
        ],
        f"conv2d_stride conv2d_padding conv2d_dilation {TOGETHER} errors_2d",
        "raises TypeError: numbers, please",
    ),
    "only_square_pictures": (
        [(SIZE, f"input_size = [input_size[0]] * 2\n    {SIZE}")],
        f"{VALUES} errors_2d",
        "raises ValueError",
    ),
    "only_square_kernels": (
        [(SIZE, f"kernel_size = [kernel_size[0]] * 2\n    {SIZE}")],
        f"{TAPS} errors_2d",
        "raises ValueError",
    ),
    "last_row_forgotten": (
        [(PLACES, "for i, j in np.ndindex(size[0] - 1, size[1])")],
        VALUES,
        "one value differs",
    ),
    "transposed": (STAMPED, f"{TAPS} {ERRORS}", "a transposed convolution is done (M12g)"),
    "largest_product": (
        [(DOT, "(window[:, None] * weight[outs]).max(axis=(2, 3, 4))")],
        f"{TAPS} conv2d_channels groups_2d",
        "one value differs",
    ),
    "channel_axes_exchanged": (
        first("weight = weight.swapaxes(0, 1)"),
        f"{CHANNELS} conv2d_bias groups_2d_depthwise errors_channels_2d",
        "the channel axes of the weight are exchanged (M15)",
    ),
    "last_channel_only": (
        [(DOT, 'np.einsum("nctu,octu->no", window[:, -1:], weight[outs, -1:])')],
        CHANNELS,
        "values differ",
    ),
    "mean_of_the_channels": ([(DOT, f"{DOT} / group_in")], CHANNELS, "values differ"),
    "only_the_first_sample": ([("padded[:, ins", "padded[:1, ins")], f"conv2d_channels {TOGETHER}", "values differ"),
    "only_one_sample": (first("input = input[:1]"), f"conv2d_channels {TOGETHER}", "the shape differs"),
    "sample_axis_lost": (
        [(RETURN, f"if batch == 1:\n        output = output[0]\n    {RETURN}")],
        VALUES,
        "the shape differs: expected (1, 1, 1, 1), got (1, 1, 1)",
    ),
    "bias_left_out": ([(RETURN, "return output")], f"conv2d_bias {TOGETHER}", "the bias is left out (M18b)"),
    "bias_for_every_tap": (
        [("bias[:, None, None]", "weight[0, 0].size * bias[:, None, None]")],
        f"conv2d_bias {TOGETHER}",
        "differ",
    ),
    "first_bias_for_all": ([("bias[:, None, None]", "bias[0]")], f"conv2d_bias {TOGETHER}", "differ"),
    "bias_along_the_rows": (
        [("bias[:, None, None]", "bias[:, None]")],
        f"conv2d_bias {TOGETHER}",
        "raises ValueError",
    ),
    "groups_left_out": (first("groups = 1"), f"{GROUPS} errors_channels_2d", "raises ValueError"),
    "first_group_for_all": ([(INS, "slice(group_in)")], GROUPS, "differ"),
    "channels_in_turns": (
        [(INS, "slice(g, None, groups)")],
        "groups_2d groups_2d_together",
        "the channels of a group are taken in turns (M16c)",
    ),
    "outputs_in_turns": ([(OUTS, "slice(g, None, groups)")], GROUPS, "values differ"),
    "whole_numbers": (
        [(RETURN, f"output = output.astype(int)\n    {RETURN}")],
        VALUES.replace("conv2d_bias", "").replace("groups_2d_together", ""),
        "expected float64, got int64",
    ),
    "single_precision": ([(RETURN, RETURN.replace("return ", "return np.float32(") + ")")], VALUES, "got float32"),
    "a_list": ([(RETURN, "return output.tolist()")], f"{VALUES} conv2d_untouched {ERRORS}", "must be a NumPy array"),
    "no_return": ([(RETURN, "output")], f"{VALUES} conv2d_untouched {ERRORS}", "is a return missing?"),
    "the_input_where_nothing_changes": (
        [(RETURN, f"if weight.size == 1 and weight.item() == 1 and not bias:\n        return input\n    {RETURN}")],
        "conv2d_untouched",
        "returns a part of an array that it was given",
    ),
    "bias_added_to_the_input": (
        [(RETURN, f"if bias is not None:\n        input += bias[0]\n    {RETURN}")],
        "conv2d_untouched",
        "changes an array that it was given",
    ),
    "weight_turned_and_left_so": (
        [(RETURN, f"weight[:] = weight[:, :, ::-1, ::-1].copy()\n    {RETURN}")],
        "conv2d_untouched",
        "changes an array that it was given",
    ),
    "nothing_refused": (
        [(SIZE, UNREFUSED)],
        "errors_2d",
        "must raise ValueError here",
    ),
    "only_rows_refused": (
        [
            (
                SIZE,
                f"conv_output_size(input_size[0], kernel_size[0], stride[0], padding[0], dilation[0])\n    {UNREFUSED}",
            )
        ],
        "errors_2d",
        "it returns an answer",
    ),
    "only_columns_refused": (
        [
            (
                SIZE,
                f"conv_output_size(input_size[1], kernel_size[1], stride[1], padding[1], dilation[1])\n    {UNREFUSED}",
            )
        ],
        "errors_2d",
        "it returns an answer",
    ),
    "another_error": (
        [(SIZE, f"try:\n        {SIZE}\n    except ValueError:\n        raise IndexError('too long') from None")],
        "errors_2d",
        "it raises IndexError",
    ),
    "no_channels_refused": ([(REFUSED, "if False:")], "errors_channels_2d", "it returns an answer"),
    "only_input_channels_refused": (
        [(REFUSED, REFUSED.replace(" or out_channels % groups", ""))],
        "errors_channels_2d",
        "it returns an answer",
    ),
    "only_output_channels_refused": (
        [(REFUSED, "if out_channels % groups:")],
        "errors_channels_2d",
        "it returns an answer",
    ),
    "channels_asserted": (
        [(REFUSED, "assert in_channels == groups * group_in and out_channels % groups == 0\n    if False:")],
        "errors_channels_2d",
        "it raises AssertionError",
    ),
}
