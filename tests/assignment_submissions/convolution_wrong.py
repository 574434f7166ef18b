"""Wrong answers to the convolution assignment; form: tools/submissions.py."""

WRONG, IDEAS, ALSO = {}, {}, {}

# ------------------------------------------------------------------ conv2d

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
    return PAIRS, f"{line}\n    {PAIRS}"


def then(line):
    """An edit: this line comes when all options are pairs."""
    return PAIRS, f"{PAIRS}\n    {line}"


WRONG["conv2d", TAPS] = {
    "kernel_turned_round": ("M38", first("weight = weight[:, :, ::-1, ::-1]")),
    "kernel_upside_down": ("one value differs", first("weight = weight[:, :, ::-1]")),
    "kernel_mirrored": ("one value differs", first("weight = weight[:, :, :, ::-1]")),
    "kernel_transposed": ("raises ValueError", first("weight = weight.swapaxes(2, 3)")),
}
WRONG["conv2d", f"conv2d_dilation {TOGETHER} errors_2d"] = {"dilation_left_out": ("M10", first("dilation = 1"))}
WRONG["conv2d", f"conv2d_dilation {TOGETHER}"] = {
    "dilation_in_the_size_only": (
        "values differ",
        (WINDOW, "window = padded[:, ins, top : top + kernel_size[0], left : left + kernel_size[1]]"),
    ),
    "dilation_of_rows_for_both": ("differs", then("dilation = pair(dilation[0])")),
    "dilation_axes_exchanged": ("shape", then("dilation = dilation[::-1]")),
}
WRONG["conv2d", f"{TAPS} conv2d_untouched {ERRORS}"] = {
    "d_zeros_between_taps": ("raises ValueError", then("dilation = dilation[0] + 1, dilation[1] + 1"))
}
WRONG["conv2d", f"conv2d_padding {TOGETHER} errors_2d"] = {
    "padding_left_out": ("M51a", first("padding = 0")),
    "padding_axes_exchanged": ("shape", then("padding = padding[::-1]")),
}
WRONG["conv2d", f"conv2d_padding {TOGETHER}"] = {
    "padding_of_rows_for_both": ("shape", then("padding = pair(padding[0])")),
    "pad2d_in_the_wrong_order": (
        "raises ValueError",
        (PADDED, "padded = pad2d(input, (padding[0], padding[0], padding[1], padding[1]))"),
    ),
}
WRONG["conv2d", f"conv2d_stride {TOGETHER}"] = {
    "stride_left_out": ("M52a", first("stride = 1")),
    "stride_in_the_size_only": ("values differ", (CORNER, "top, left = i, j")),
    "stride_of_rows_for_both": ("shape", then("stride = pair(stride[0])")),
    "stride_axes_exchanged": ("shape", then("stride = stride[::-1]")),
}
WRONG["conv2d", f"conv2d_stride conv2d_padding conv2d_dilation {TOGETHER} errors_2d"] = {
    "numbers_only": (
        "raises TypeError: numbers, please",
        (
            PAIRS,
            "if tuple in (type(stride), type(padding), type(dilation)):\n"
            f"        raise TypeError('numbers, please')\n    {PAIRS}",
        ),
    )
}
WRONG["conv2d", f"{VALUES} errors_2d"] = {
    "only_square_pictures": ("raises ValueError", (SIZE, f"input_size = [input_size[0]] * 2\n    {SIZE}"))
}
WRONG["conv2d", f"{TAPS} errors_2d"] = {
    "only_square_kernels": ("raises ValueError", (SIZE, f"kernel_size = [kernel_size[0]] * 2\n    {SIZE}"))
}
WRONG["conv2d", VALUES] = {
    "last_row_forgotten": ("one value differs", (PLACES, "for i, j in np.ndindex(size[0] - 1, size[1])")),
    "sample_axis_lost": (
        "the shape differs: expected (1, 1, 1, 1), got (1, 1, 1)",
        (RETURN, f"if batch == 1:\n        output = output[0]\n    {RETURN}"),
    ),
    "single_precision": ("got float32", (RETURN, RETURN.replace("return ", "return np.float32(") + ")")),
}
WRONG["conv2d", f"{TAPS} {ERRORS}"] = {"transposed": ("M12g", STAMPED)}
WRONG["conv2d", f"{TAPS} conv2d_channels groups_2d"] = {
    "largest_product": ("one value differs", (DOT, "(window[:, None] * weight[outs]).max(axis=(2, 3, 4))"))
}
WRONG["conv2d", f"{CHANNELS} conv2d_bias groups_2d_depthwise errors_channels_2d"] = {
    "channel_axes_exchanged": ("M15", first("weight = weight.swapaxes(0, 1)"))
}
WRONG["conv2d", CHANNELS] = {
    "last_channel_only": ("values differ", (DOT, 'np.einsum("nctu,octu->no", window[:, -1:], weight[outs, -1:])')),
    "mean_of_the_channels": ("values differ", (DOT, f"{DOT} / group_in")),
}
WRONG["conv2d", f"conv2d_channels {TOGETHER}"] = {
    "only_the_first_sample": ("values differ", ("padded[:, ins", "padded[:1, ins")),
    "only_one_sample": ("shape", first("input = input[:1]")),
}
WRONG["conv2d", f"conv2d_bias {TOGETHER}"] = {
    "bias_for_every_tap": ("differ", ("bias[:, None, None]", "weight[0, 0].size * bias[:, None, None]")),
    "first_bias_for_all": ("differ", ("bias[:, None, None]", "bias[0]")),
    "bias_along_the_rows": ("raises ValueError", ("bias[:, None, None]", "bias[:, None]")),
}
WRONG["conv2d", f"{GROUPS} errors_channels_2d"] = {"groups_left_out": ("raises ValueError", first("groups = 1"))}
WRONG["conv2d", GROUPS] = {
    "first_group_for_all": ("differ", (INS, "slice(group_in)")),
    "outputs_in_turns": ("values differ", (OUTS, "slice(g, None, groups)")),
}
WRONG["conv2d", VALUES.replace("conv2d_bias", "").replace("groups_2d_together", "")] = {
    "whole_numbers": ("expected float64, got int64", (RETURN, f"output = output.astype(int)\n    {RETURN}"))
}
WRONG["conv2d", f"{VALUES} conv2d_untouched {ERRORS}"] = {
    "a_list": ("must be a NumPy array", (RETURN, "return output.tolist()")),
    "no_return": ("is a return missing?", (RETURN, "output")),
}
WRONG["conv2d", "conv2d_untouched"] = {
    "the_input_where_nothing_changes": (
        "shared",
        (RETURN, f"if weight.size == 1 and weight.item() == 1 and not bias:\n        return input\n    {RETURN}"),
    ),
    "bias_added_to_the_input": ("changed", (RETURN, f"if bias is not None:\n        input += bias[0]\n    {RETURN}")),
    "weight_turned_and_left_so": ("changed", (RETURN, f"weight[:] = weight[:, :, ::-1, ::-1].copy()\n    {RETURN}")),
}
WRONG["conv2d", "errors_2d"] = {
    "nothing_refused": ("must raise ValueError here", (SIZE, UNREFUSED)),
    "only_rows_refused": (
        "accepted",
        (SIZE, f"conv_output_size(input_size[0], kernel_size[0], stride[0], padding[0], dilation[0])\n    {UNREFUSED}"),
    ),
    "only_columns_refused": (
        "accepted",
        (SIZE, f"conv_output_size(input_size[1], kernel_size[1], stride[1], padding[1], dilation[1])\n    {UNREFUSED}"),
    ),
    "another_error": (
        "it raises IndexError",
        (SIZE, f"try:\n        {SIZE}\n    except ValueError:\n        raise IndexError('too long') from None"),
    ),
}
WRONG["conv2d", "errors_channels_2d"] = {
    "no_channels_refused": ("accepted", (REFUSED, "if False:")),
    "only_input_channels_refused": ("accepted", (REFUSED, REFUSED.replace(" or out_channels % groups", ""))),
    "only_output_channels_refused": ("accepted", (REFUSED, "if out_channels % groups:")),
    "channels_asserted": (
        "it raises AssertionError",
        (REFUSED, "assert in_channels == groups * group_in and out_channels % groups == 0\n    if False:"),
    ),
}
IDEAS["conv2d", f"{TAPS} conv2d_untouched {ERRORS}"] = "M09c M44"
IDEAS["conv2d", f"conv2d_dilation {TOGETHER}"] = "M11 M35"
IDEAS["conv2d", f"conv2d_stride {TOGETHER}"] = "M13b"
IDEAS["conv2d", "groups_2d groups_2d_together"] = "M16c"
IDEAS["conv2d", f"conv2d_bias {TOGETHER}"] = "M18b"
IDEAS["conv2d", f"conv2d_padding {TOGETHER} errors_2d"] = "M51b M51c"
IDEAS["conv2d", f"conv2d_padding {TOGETHER}"] = "M51d"
IDEAS[
    "conv2d", f"{CHANNELS} conv2d_bias conv2d_dilation conv2d_padding conv2d_slide conv2d_stride groups_2d_depthwise"
] = "M52b"

# ------------------------------------------------------------------ conv1d

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
    return FIRST, f"{line}\n    {FIRST}"


WRONG["conv1d", TAPS] = {"kernel_turned_round": ("M38", first("weight = weight[:, :, ::-1]"))}
WRONG["conv1d", f"conv1d_dilation {TOGETHER} errors_1d"] = {"dilation_left_out": ("M10", first("dilation = 1"))}
WRONG["conv1d", f"conv1d_dilation {TOGETHER}"] = {
    "dilation_in_the_size_only": ("values differ", (WINDOW, "window = padded[:, ins, start : start + kernel_size]"))
}
WRONG["conv1d", f"{TAPS} errors_1d"] = {"d_zeros_between_taps": ("raises ValueError", first("dilation += 1"))}
WRONG["conv1d", f"conv1d_padding {TOGETHER} errors_1d"] = {
    "padding_left_out": ("M51a", first("padding = 0")),
    "padding_crops": (
        "shape",
        (PADDED, "padded = input[:, :, padding : input_size - padding]"),
        ("(input_size, k", "(padded.shape[2], k"),
    ),
}
WRONG["conv1d", f"conv1d_stride {TOGETHER}"] = {
    "stride_left_out": ("M52a", first("stride = 1")),
    "stride_in_the_size_only": ("differs", ("start = stride * m", "start = m")),
}
WRONG["conv1d", f"conv1d_stride {TOGETHER} conv1d_untouched"] = {
    "insists_on_exact_strides": (
        "raises ValueError: uneven",
        (PADDED, f"if (input_size + 2 * padding - span) % stride:\n        raise ValueError('uneven')\n    {PADDED}"),
    )
}
WRONG["conv1d", VALUES] = {
    "last_place_forgotten": ("one value differs", (PLACES, f"{PLACES[:-1]} - 1)")),
    "single_precision": ("got float32", (RETURN, RETURN.replace("return ", "return np.float32(") + ")")),
}
WRONG["conv1d", f"{TAPS} {ERRORS}"] = {"transposed": ("M12g", STAMPED)}
WRONG["conv1d", f"{TAPS} conv1d_channels groups_1d"] = {
    "largest_product": ("one value differs", (DOT, "(window[:, None] * weight[outs]).max(axis=(2, 3))"))
}
WRONG["conv1d", f"{CHANNELS} conv1d_bias groups_1d_depthwise {ERRORS}"] = {
    "channel_axes_exchanged": ("M15", first("weight = weight.swapaxes(0, 1)"))
}
WRONG["conv1d", CHANNELS] = {
    "last_channel_only": ("values differ", (DOT, 'np.einsum("nct,oct->no", window[:, -1:], weight[outs, -1:])')),
    "mean_of_the_channels": ("values differ", (DOT, f"{DOT} / group_in")),
}
WRONG["conv1d", f"conv1d_channels {TOGETHER}"] = {
    "only_the_first_sample": ("values differ", ("padded[:, ins", "padded[:1, ins")),
    "only_one_sample": ("shape", first("input = input[:1]")),
}
WRONG["conv1d", VALUES.replace("groups_1d_together", "")] = {
    "sample_axis_lost": (
        "the shape differs: expected (1, 1, 1), got (1, 1)",
        (RETURN, f"if batch == 1:\n        output = output[0]\n    {RETURN}"),
    )
}
WRONG["conv1d", f"conv1d_bias {TOGETHER}"] = {
    "bias_for_every_tap": ("differ", ("bias[:, None]", "kernel_size * bias[:, None]")),
    "first_bias_for_all": ("differ", ("bias[:, None]", "bias[0]")),
}
WRONG["conv1d", f"conv1d_bias {TOGETHER} conv1d_untouched"] = {
    "bias_along_the_row": ("raises ValueError", ("bias[:, None]", "bias"))
}
WRONG["conv1d", f"{GROUPS} errors_channels_1d"] = {"groups_left_out": ("raises ValueError", first("groups = 1"))}
WRONG["conv1d", GROUPS] = {
    "first_group_for_all": ("differ", (INS, "slice(group_in)")),
    "outputs_in_turns": ("values differ", (OUTS, "slice(g, None, groups)")),
}
WRONG["conv1d", VALUES.replace("conv1d_bias", "").replace("groups_1d_together", "")] = {
    "whole_numbers": ("expected float64, got int64", (RETURN, f"output = output.astype(int)\n    {RETURN}"))
}
WRONG["conv1d", f"{VALUES} conv1d_untouched {ERRORS}"] = {
    "a_list": ("must be a NumPy array", (RETURN, "return output.tolist()")),
    "no_return": ("is a return missing?", (RETURN, "output")),
}
WRONG["conv1d", "conv1d_untouched"] = {
    "the_input_where_nothing_changes": (
        "shared",
        (RETURN, f"if weight.size == 1 and weight[0, 0, 0] == 1 and not bias:\n        return input\n    {RETURN}"),
    ),
    "bias_added_to_the_input": ("changed", (RETURN, f"if bias is not None:\n        input += bias[0]\n    {RETURN}")),
    "weight_turned_and_left_so": ("changed", (RETURN, f"weight[:] = weight[:, :, ::-1].copy()\n    {RETURN}")),
}
WRONG["conv1d", "errors_1d"] = {
    "nothing_refused": (
        "must raise ValueError here: kernel_size=3 with dilation=1 spans 3 cells",
        (SIZE, "max(0, (input_size + 2 * padding - span) // stride + 1)"),
    ),
    "another_error": (
        "it raises TypeError",
        (PADDED, f"if span > input_size + 2 * padding:\n        raise TypeError('too long')\n    {PADDED}"),
    ),
    "refuses_by_taps": (
        "accepted",
        (SIZE, "max(0, (input_size + 2 * padding - span) // stride + 1)"),
        (PADDED, f"if kernel_size > input_size + 2 * padding:\n        raise ValueError\n    {PADDED}"),
    ),
}
WRONG["conv1d", "errors_channels_1d"] = {
    "no_channels_refused": ("accepted", (REFUSED, "if False:")),
    "only_input_channels_refused": ("accepted", (REFUSED, REFUSED.replace(" or out_channels % groups", ""))),
    "only_output_channels_refused": ("accepted", (REFUSED, "if out_channels % groups:")),
    "channels_asserted": (
        "it raises AssertionError",
        (REFUSED, "assert in_channels == groups * group_in and out_channels % groups == 0\n    if False:"),
    ),
}
IDEAS["conv1d", f"{TAPS} errors_1d"] = "M09c"
IDEAS["conv1d", f"conv1d_dilation {TOGETHER}"] = "M11 M35"
IDEAS["conv1d", f"conv1d_stride {TOGETHER}"] = "M13b"
IDEAS["conv1d", "groups_1d groups_1d_together"] = "M16c"
IDEAS["conv1d", f"conv1d_bias {TOGETHER}"] = "M18b"
IDEAS["conv1d", f"conv1d_padding {TOGETHER} errors_1d"] = "M51b M51c"
IDEAS["conv1d", f"{TOGETHER} conv1d_padding"] = "M51d"
IDEAS[
    "conv1d", f"{CHANNELS} conv1d_bias conv1d_dilation conv1d_padding conv1d_slide conv1d_stride groups_1d_depthwise"
] = "M52b"

# ------------------------------------------------------------------ conv_output_size

SPAN = "dilation * (kernel_size - 1) + 1"
PADDED = "input_size + 2 * padding"
RETURN = "return (padded_size - span) // stride + 1"
RAISE = "if span > padded_size:"

JUMPS = "size_stride size_together"
ALL_SIZES = "size_places size_stride size_padding size_dilation size_together"

WRONG["conv_output_size", f"{ALL_SIZES} errors_size"] = {
    "not_rounded": ("the answer must be an int, this is 3.0 (float)", (RETURN, RETURN.replace("//", "/"))),
    "span_without_the_last_cell": ("M12h", (SPAN, SPAN.removesuffix(" + 1"))),
    "prints": ("is a return missing?", (RETURN, RETURN.replace("return ", "print(") + ")")),
    "an_array": ("an int", (RETURN, RETURN.replace("return ", "return np.array(") + ")")),
}
WRONG["conv_output_size", JUMPS] = {
    "rounded_to_the_nearest": ("M13b", (RETURN, "return round((padded_size - span) / stride) + 1")),
    "only_exact_strides": (
        "the number differs",
        (RETURN, "return (padded_size - span) // stride + ((padded_size - span) % stride == 0)"),
    ),
}
WRONG["conv_output_size", ALL_SIZES] = {
    "without_the_first_place": ("M12f", (RETURN, RETURN.removesuffix(" + 1"))),
    "input_over_stride": ("the number differs", (RETURN, "return padded_size // stride")),
}
WRONG["conv_output_size", "size_dilation size_together errors_size"] = {
    "span_k_plus_d": ("M09b", (SPAN, "kernel_size + dilation - 1")),
    "dilation_ignored": ("M10", (SPAN, "kernel_size")),
}
WRONG["conv_output_size", "size_padding size_together errors_size"] = {
    "padding_crops": ("the number differs", (PADDED, "input_size - 2 * padding"))
}
WRONG["conv_output_size", "size_places size_padding size_dilation size_together"] = {
    "stride_one_keeps_the_size": (
        "the number differs",
        (RETURN, f"if stride == 1:\n        return input_size\n    {RETURN}"),
    )
}
WRONG["conv_output_size", "errors_size"] = {
    "nothing_refused": (
        "must raise ValueError here: kernel_size=3 with dilation=1 spans 3 cells, but the padded input has only 2",
        (RAISE, "if False:"),
    ),
    "another_error": ("it raises IndexError", ("raise ValueError", "raise IndexError")),
    "asserts": ("it raises AssertionError", (RAISE, "assert span <= padded_size\n    if False:")),
    "at_least_one": ("accepted", (RAISE, "if False:"), (RETURN, "return max(1, (padded_size - span) // stride + 1)")),
    "looks_at_the_result": ("accepted", (RAISE, "if (padded_size - span) // stride + 1 < 0:")),
    "forgets_dilation_when_refusing": ("returns an answer", (RAISE, "if kernel_size > padded_size:")),
}
WRONG["conv_output_size", "size_places size_together errors_size"] = {
    "refuses_too_much": ("raises ValueError", (RAISE, "if span >= padded_size:"))
}
WRONG["conv_output_size", "size_padding errors_size"] = {
    "forgets_padding_when_refusing": ("raises ValueError", (RAISE, "if span > input_size:"))
}
IDEAS["conv_output_size", "size_dilation size_together errors_size"] = "M09a"
IDEAS["conv_output_size", f"{ALL_SIZES} errors_size"] = "M09c"
IDEAS["conv_output_size", "size_dilation size_together"] = "M11"
IDEAS["conv_output_size", ALL_SIZES] = "M12g M52b"
IDEAS["conv_output_size", "size_padding size_together errors_size"] = "M51a M51b"
IDEAS["conv_output_size", JUMPS] = "M52a"

# ------------------------------------------------------------------ pad2d

PAD = "np.pad(input, ((0, 0), (0, 0), (top, bottom), (left, right)))"
UNPACK = "left, right, top, bottom = pad"

WRONG["pad2d", "pad_order"] = {
    "begins_first": ("shape", (UNPACK, "left, top, right, bottom = pad")),
    "ends_before_begins": ("values differ", (UNPACK, "right, left, bottom, top = pad")),
    "the_same_on_both_sides": ("shape", ("(left, right)", "(left, left)"), ("(top, bottom)", "(top, top)")),
    "rows_only": ("shape", ("(left, right)", "(0, 0)")),
    "columns_only": ("shape", ("(top, bottom)", "(0, 0)")),
    "one_number_for_all": ("shape", (PAD, "np.pad(input, ((0, 0), (0, 0), (max(pad),) * 2, (max(pad),) * 2))")),
    "samples_and_channels_too": (
        "shape",
        (PAD, "np.pad(input, ((top, bottom), (left, right), (top, bottom), (left, right)))"),
    ),
    "one_row_too_many": ("shape", ("(top, bottom)", "(top, bottom + 1)")),
    "repeats_the_border": ("values differ", (")))", ')), mode="edge")')),
    "ones": ("values differ", (")))", ")), constant_values=1)")),
    "in_the_corner": (
        "values differ",
        (
            f"return {PAD}",
            "n, c, h, w = input.shape\n    padded = np.zeros((n, c, top + h + bottom, left + w + right))\n"
            "    padded[:, :, :h, :w] = input\n    return padded",
        ),
    ),
    "only_the_first_sample": ("shape", ("np.pad(input", "np.pad(input[:1]")),
    "only_the_first_channel": ("shape", ("np.pad(input", "np.pad(input[:, :1]")),
    "without_the_first_axes": ("shape", ("np.pad(input", "np.pad(input[0, 0]"), ("((0, 0), (0, 0), ", "(")),
    "samples_and_channels_exchanged": ("shape", ("np.pad(input", "np.pad(input.swapaxes(0, 1)")),
    "whole_numbers": ("expected float64, got int64", (PAD, f"{PAD}.astype(int)")),
    "single_precision": ("expected float64, got float32", (PAD, f"{PAD}.astype(np.float32)")),
}
WRONG["pad2d", "pad_order pad_untouched"] = {
    "only_square": (
        "raises ValueError",
        (
            f"return {PAD}",
            "n, c, h, w = input.shape\n    padded = np.zeros((n, c, top + h + bottom, left + h + right))\n"
            "    padded[:, :, top : top + h, left : left + h] = input\n    return padded",
        ),
    ),
    "a_list": ("must be a NumPy array", (PAD, f"{PAD}.tolist()")),
    "no_return": ("is a return missing?", ("return ", "")),
    "insists_on_padding": (
        "raises ValueError",
        (UNPACK, f"{UNPACK}\n    if not any(pad):\n        raise ValueError('nothing to do')"),
    ),
}
WRONG["pad2d", "pad_untouched"] = {
    "the_same_array_where_nothing_is_added": ("shared", (f"return {PAD}", f"return {PAD} if any(pad) else input")),
    "clears_its_input": ("changed", (f"return {PAD}", f"padded = {PAD}\n    input[:] = 0\n    return padded")),
    "pads_in_place": (
        "changed",
        (
            f"return {PAD}",
            f"padded = {PAD}\n    input.resize(padded.shape, refcheck=False)\n    input[:] = padded\n    return padded",
        ),
    ),
}
IDEAS["pad2d", "pad_order"] = "M39"

# ------------------------------------------------------------------ of these, wrong in other cells as well

ALSO["pad2d", "pad_untouched"] = """
    ends_before_begins the_same_on_both_sides rows_only columns_only one_number_for_all samples_and_channels_too
    one_row_too_many repeats_the_border ones in_the_corner only_the_first_sample only_the_first_channel
    without_the_first_axes samples_and_channels_exchanged whole_numbers single_precision M39
"""
ALSO["conv1d", "conv1d_untouched"] = """
    kernel_turned_round d_zeros_between_taps padding_left_out padding_crops stride_left_out stride_in_the_size_only
    last_place_forgotten single_precision transposed largest_product channel_axes_exchanged last_channel_only
    mean_of_the_channels only_the_first_sample only_one_sample sample_axis_lost bias_for_every_tap
    first_bias_for_all whole_numbers M09c M13b M18b M51c M51d M52b
"""
ALSO["conv2d", "conv2d_untouched"] = """
    kernel_turned_round kernel_upside_down kernel_mirrored kernel_transposed padding_left_out stride_left_out
    stride_in_the_size_only only_square_pictures only_square_kernels last_row_forgotten sample_axis_lost
    single_precision transposed largest_product channel_axes_exchanged last_channel_only mean_of_the_channels
    only_the_first_sample only_one_sample bias_for_every_tap first_bias_for_all bias_along_the_rows whole_numbers
    M13b M18b M51c M51d M52b
"""

# ------------------------------------------------------------------ mutants of the reference that do the same

PAD_1D = "padded = np.pad(input, ((0, 0), (0, 0), (padding, padding)))"
BLOCKS = "ins, outs = slice(g * group_in, (g + 1) * group_in), slice(g * group_out, (g + 1) * group_out)"
OVERWRITTEN = "a block of outputs that is too long is overwritten by the next one, or ends at the last channel"

EQUIVALENT = {
    ("conv1d", PAD_1D, "0 to 1"): "a channel of zeros after the last, which no group reads",
    ("conv1d", BLOCKS, "1 to 2"): OVERWRITTEN,
    ("conv2d", BLOCKS, "1 to 2"): OVERWRITTEN,
}
