"""Wrong answers to the three-views assignment; form: tools/submissions.py."""

WRONG, IDEAS, ALSO = {}, {}, {}

# ------------------------------------------------------------------ conv_transpose2d_gather

PAIRS = "stride, padding, output_padding, dilation = map(pair, (stride, padding, output_padding, dilation))"
REFUSED = "if any(extra >= max(s, d) for extra, s, d in zip(output_padding, stride, dilation)):"
REACH = "reach = [d * (k - 1) for k, d in zip(weight.shape[2:], dilation)]"
ZEROS = "zeros = [(r, r + extra) for r, extra in zip(reach, output_padding)]"
PADDED = "padded = np.pad(zero_insert(input, stride), [(0, 0), (0, 0), *zeros])"
SEEN = "seen = padded[:, :, padding[0] : height - padding[0], padding[1] : width - padding[1]]"
NOTHING = "if any(size <= r for size, r in zip(seen.shape[2:], reach)):"
TURNED = "weight[:, :, ::-1, ::-1]"
RETURN = "return output if bias is None else output + bias[:, None, None]"

ALWAYS = "gather_together adjoint_gather"
TAPS = (
    "gather_stamp gather_overlap gather_stride gather_padding gather_crop gather_output_padding gather_dilation "
    f"{ALWAYS}"
)
VALUES = f"{TAPS} gather_channels gather_bias gather_groups"
SOME = VALUES.replace("gather_stamp ", "")
PADDING = f"gather_padding gather_crop gather_output_padding {ALWAYS}"
KINDS = f"{VALUES} gather_untouched gather_errors"


def first(line):
    return PAIRS, f"{line}\n    {PAIRS}"


def then(line):
    return PAIRS, f"{PAIRS}\n    {line}"


def pads(begin, end):
    """Other zeros, for each axis; nothing is cut afterwards, but negative numbers cut."""
    each = f"[({begin}, {end}) for k, p, extra, d in zip(weight.shape[2:], padding, output_padding, dilation)]"
    return [
        (ZEROS, f"zeros = {each}\n    cut = [(max(-b, 0), max(-e, 0)) for b, e in zeros]"),
        (PADDED, PADDED.replace("*zeros", "*((max(b, 0), max(e, 0)) for b, e in zeros)")),
        (SEEN, "seen = padded[:, :, cut[0][0] : height - cut[0][1], cut[1][0] : width - cut[1][1]]"),
    ]


WRONG["conv_transpose2d_gather", f"{VALUES} gather_errors"] = {
    "k_minus_p": ("M49b", *pads("k - p", "k - p + extra")),
    "plain_convolution": ("differs", (RETURN, f"output = slide(input, weight, dilation)\n    {RETURN}")),
}
WRONG["conv_transpose2d_gather", f"{PADDING} gather_errors"] = {
    "padding_left_out": ("M02b", first("padding = 0")),
    "padding_adds": ("M02a", *pads("d * (k - 1) + p", "d * (k - 1) + p + extra")),
    "padding_at_the_begin_only": ("M05a", *pads("d * (k - 1) - p", "d * (k - 1) + extra")),
    "padding_at_the_end_only": ("M05b", *pads("d * (k - 1)", "d * (k - 1) - p + extra")),
    "padding_of_rows_for_both": ("shape", then("padding = pair(padding[0])")),
}
WRONG["conv_transpose2d_gather", PADDING] = {"padding_axes_exchanged": ("shape", then("padding = padding[::-1]"))}
WRONG["conv_transpose2d_gather", f"gather_crop {ALWAYS} gather_errors"] = {
    "nothing_cut_off": ("shape", *pads("max(0, d * (k - 1) - p)", "max(0, d * (k - 1) - p + extra)")),
    "negative_padding_refused": (
        "raises ValueError: too much padding",
        (
            ZEROS,
            "if any(p > r for p, r in zip(padding, reach)):\n"
            f"        raise ValueError('too much padding')\n    {ZEROS}",
        ),
    ),
}
WRONG["conv_transpose2d_gather", f"gather_output_padding gather_bias {ALWAYS}"] = {
    "output_padding_on_both_sides": (
        "shape",
        (ZEROS, "zeros = [(r + extra, r + extra) for r, extra in zip(reach, output_padding)]"),
    ),
    "output_padding_axes_exchanged": ("shape", (ZEROS, ZEROS.replace("output_padding", "output_padding[::-1]"))),
}
WRONG["conv_transpose2d_gather", f"gather_output_padding {ALWAYS}"] = {
    "output_padding_appended_to_the_output": (
        "M04a",
        (ZEROS, "zeros = [(r, r) for r in reach]"),
        (RETURN, f"output = np.pad(output, [(0, 0), (0, 0), *((0, extra) for extra in output_padding)])\n    {RETURN}"),
    )
}
WRONG["conv_transpose2d_gather", "gather_together"] = {
    "output_padding_after_the_cut": (
        "one value differs, the first at index [0, 0, 0, 3]: expected 30, got 0",
        (ZEROS, "zeros = [(r, r) for r in reach]"),
        (SEEN, f"{SEEN}\n    seen = np.pad(seen, [(0, 0), (0, 0), *((0, extra) for extra in output_padding)])"),
    )
}
WRONG["conv_transpose2d_gather", f"gather_stride gather_crop gather_output_padding gather_bias {ALWAYS}"] = {
    "stride_left_out": ("M06b", (PADDED, PADDED.replace("stride", "1"))),
    "stride_in_the_last_step": (
        "shape",
        (RETURN, f"output = output[:, :, :: stride[0], :: stride[1]].copy()\n    {RETURN}"),
    ),
}
WRONG["conv_transpose2d_gather", f"{SOME} gather_errors"] = {
    "stride_zeros_between": ("M06c", (PADDED, PADDED.replace("stride", "(stride[0] + 1, stride[1] + 1)"))),
    "only_square_pictures": ("differs", first("input = input[:, :, : input.shape[3], : input.shape[2]]")),
}
WRONG["conv_transpose2d_gather", f"gather_dilation {ALWAYS}"] = {
    "dilation_left_out": (
        "M10",
        (PAIRS, f"legal, dilation = dilation, 1\n    {PAIRS}"),
        (REFUSED, REFUSED.replace(", dilation)", ", pair(legal))")),
    ),
    "dilation_in_the_zeros_only": ("shape", (", dilation) for x", ") for x")),
}
WRONG["conv_transpose2d_gather", f"gather_dilation {ALWAYS} gather_errors"] = {
    "dilation_axes_exchanged": ("shape", then("dilation = dilation[::-1]"))
}
WRONG["conv_transpose2d_gather", f"gather_channels gather_groups {ALWAYS}"] = {
    "last_channel_only": ("differ", ("slide(x, w.swapaxes(0, 1)", "slide(x[:, -1:], w[-1:].swapaxes(0, 1)")),
    "mean_of_the_channels": ("differ", (RETURN, f"output = output / (input.shape[1] // groups)\n    {RETURN}")),
}
WRONG["conv_transpose2d_gather", f"gather_channels {ALWAYS}"] = {
    "only_one_sample": ("shape", (RETURN, f"output = output[:1]\n    {RETURN}")),
    "first_sample_for_all": ("differ", (RETURN, f"output[:] = output[:1]\n    {RETURN}")),
}
WRONG["conv_transpose2d_gather", "gather_bias gather_together"] = {
    "first_bias_for_all": ("differ", ("bias[:, None, None]", "bias[0]"))
}
WRONG["conv_transpose2d_gather", TAPS] = {
    "only_square_kernels": ("differ", (REACH, "reach = [dilation[0] * (weight.shape[2] - 1)] * 2"))
}
WRONG["conv_transpose2d_gather", f"gather_stride gather_dilation gather_bias {PADDING} gather_errors"] = {
    "numbers_only": (
        "raises TypeError",
        (PAIRS, PAIRS.replace("map(pair, (", "((int(v), int(v)) for v in (").replace("dilation))", "dilation))")),
    )
}
WRONG["conv_transpose2d_gather", VALUES.replace("gather_bias", "").replace("adjoint_gather", "")] = {
    "whole_numbers": ("expected float64, got int64", (RETURN, f"output = output.astype(int)\n    {RETURN}"))
}
WRONG["conv_transpose2d_gather", VALUES.replace("adjoint_gather", "")] = {
    "single_precision": ("got float32", (RETURN, RETURN.replace("return ", "return np.float32(") + ")"))
}
WRONG["conv_transpose2d_gather", KINDS] = {
    "a_list": ("must be a NumPy array", (RETURN, "return output.tolist()")),
    "no_return": ("is a return missing?", (RETURN, "output")),
}
WRONG["conv_transpose2d_gather", "gather_untouched"] = {
    "the_input_where_nothing_changes": (
        "shared",
        (RETURN, f"if weight.size == 1 and weight.item() == 1 and not bias:\n        return input\n    {RETURN}"),
    ),
    "bias_added_to_the_input": ("changed", (RETURN, f"if bias is not None:\n        input += bias[0]\n    {RETURN}")),
    "weight_turned_and_left_so": ("changed", (RETURN, f"weight[:] = weight[:, :, ::-1, ::-1].copy()\n    {RETURN}")),
}
WRONG["conv_transpose2d_gather", "gather_errors"] = {
    "any_output_padding": (
        "must raise ValueError here: output_padding must be smaller than stride or dilation",
        (REFUSED, "if False:"),
    ),
    "output_padding_limited_by_the_stride_alone": ("raises ValueError", (REFUSED, REFUSED.replace("max(s, d)", "s"))),
    "output_padding_checked_for_rows_only": (
        "accepted",
        (REFUSED, "if output_padding[0] >= max(stride[0], dilation[0]):"),
    ),
    "another_error": ("it raises TypeError", ("raise ValueError", "raise TypeError")),
    "an_empty_answer_where_nothing_is_left": (
        "accepted",
        (NOTHING, f"{NOTHING}\n        return np.zeros((len(input), groups * weight.shape[1], 0, 0))\n    if False:"),
    ),
}
IDEAS["conv_transpose2d_gather", TAPS] = "M01a M01b M01c M09c"
IDEAS["conv_transpose2d_gather", f"{PADDING} gather_errors gather_untouched"] = "M03a"
IDEAS["conv_transpose2d_gather", PADDING] = "M03b"
IDEAS["conv_transpose2d_gather", f"gather_output_padding gather_bias {ALWAYS}"] = "M04b M04c M04d M04e"
IDEAS["conv_transpose2d_gather", f"gather_stride gather_crop gather_output_padding gather_bias {ALWAYS}"] = (
    "M06a M06d M06e"
)
IDEAS["conv_transpose2d_gather", f"gather_dilation {ALWAYS}"] = "M09a M10b M11 M49c"
IDEAS["conv_transpose2d_gather", f"{TAPS} gather_bias gather_errors"] = "M12e"
IDEAS["conv_transpose2d_gather", f"{PADDING} gather_dilation gather_overlap gather_stride"] = "M14a M14b M14c"
IDEAS["conv_transpose2d_gather", f"{ALWAYS} gather_bias gather_channels gather_groups"] = "M15"
IDEAS["conv_transpose2d_gather", "gather_groups gather_together"] = "M16b M16c"
IDEAS["conv_transpose2d_gather", "gather_bias gather_together"] = "M18a M18b M18c"
IDEAS["conv_transpose2d_gather", VALUES] = "M32"
IDEAS["conv_transpose2d_gather", f"{TAPS} gather_errors gather_untouched"] = "M44"
IDEAS["conv_transpose2d_gather", f"{TAPS} gather_errors"] = "M49a"
IDEAS["conv_transpose2d_gather", f"{TAPS} gather_bias"] = "M50"

# ------------------------------------------------------------------ conv2d_input

PAIRS = "stride, padding, dilation = pair(stride), pair(padding), pair(dilation)"
REFUSED = "if weight.shape[:2] != (grad_output.shape[1], input_size[1]):"
SIZES = "if not all(0 <= cells < s for cells, s in zip(unread, stride)):"
UNREAD = "unread = tuple(i + 2 * p - (s * (o - 1) + d * (k - 1) + 1) for i, k, o, s, p, d in axes)"
BACK = "conv_transpose2d_gather(grad_output, weight, None, stride, padding, unread, dilation=dilation)"
RETURN = f"return {BACK}"

ALWAYS = "gradient_together adjoint_gradient"
TAPS = f"gradient_slide gradient_stride gradient_unread gradient_padding gradient_dilation {ALWAYS}"
VALUES = f"{TAPS} gradient_channels"
STRIDES = f"gradient_stride gradient_unread {ALWAYS}"
KINDS = f"{VALUES} gradient_untouched gradient_errors"


def back(**changes):
    """Another call of the transposed convolution."""
    call = BACK
    for old, new in changes.items():
        assert old in call
        call = call.replace(old, new)
    return RETURN, f"return {call}"


WRONG["conv2d_input", TAPS] = {
    "kernel_turned_round": ("M01a", back(weight="weight[:, :, ::-1, ::-1]")),
    "kernel_transposed": ("shape", back(weight="weight.swapaxes(2, 3)")),
}
WRONG["conv2d_input", f"gradient_channels {ALWAYS} gradient_errors"] = {
    "channel_axes_exchanged": ("M15", back(weight="weight.swapaxes(0, 1)"))
}
WRONG["conv2d_input", f"gradient_unread {ALWAYS}"] = {
    "unread_cells_at_the_begin": (
        "values differ",
        (
            RETURN,
            f"smallest = {BACK.replace('unread', '0')}\n"
            "    return np.pad(smallest, [(0, 0), (0, 0), *((cells, 0) for cells in unread)])",
        ),
    )
}
WRONG["conv2d_input", STRIDES] = {
    "always_one_unread_cell": ("shape", back(unread="tuple(min(s - 1, 1) for s in stride)")),
    "stride_left_out": ("differs", back(stride="1", unread="0")),
    "only_square_strides": ("differs", back(stride="stride[0]")),
}
WRONG["conv2d_input", f"{STRIDES} gradient_errors"] = {
    "stride_axes_exchanged": ("raises ValueError", (PAIRS, f"{PAIRS}\n    stride = stride[::-1]"))
}
WRONG["conv2d_input", f"gradient_padding {ALWAYS}"] = {
    "padding_left_out": ("M02b", back(padding="0")),
    "padding_adds": (
        "M02a",
        (
            RETURN,
            f"larger = {BACK.replace('padding', '0')}\n"
            "    return np.pad(larger, [(0, 0), (0, 0), *((p, p) for p in padding)])",
        ),
    ),
    "padding_axes_exchanged": ("shape", back(padding="padding[::-1]")),
}
WRONG["conv2d_input", f"gradient_dilation {ALWAYS}"] = {
    "dilation_left_out": ("M10", (RETURN, f"return {BACK.replace('dilation=dilation', 'dilation=1')}")),
    "dilation_axes_exchanged": (
        "shape",
        (RETURN, f"return {BACK.replace('dilation=dilation', 'dilation=dilation[::-1]')}"),
    ),
}
WRONG["conv2d_input", f"{TAPS} gradient_untouched gradient_errors"] = {
    "plain_convolution": ("raises ValueError", (RETURN, "return slide(grad_output, weight.swapaxes(0, 1), dilation)")),
    "only_square_kernels": ("raises ValueError", ("weight.shape[2:]", "(weight.shape[2], weight.shape[2])")),
}
WRONG["conv2d_input", f"gradient_channels {ALWAYS}"] = {
    "mean_of_the_channels": ("differ", (RETURN, f"{RETURN} / len(weight)")),
    "first_channel_only": ("differ", back(grad_output="grad_output[:, :1]", weight="weight[:1]")),
    "samples_added_up": ("shape", (RETURN, f"gradient = {BACK}\n    return gradient.sum(axis=0, keepdims=True)")),
    "only_one_sample": ("shape", back(grad_output="grad_output[:1]")),
    "first_sample_for_all": (
        "differ",
        (RETURN, f"gradient = {BACK}\n    gradient[:] = gradient[:1]\n    return gradient"),
    ),
    "mean_over_the_samples": ("differ", (RETURN, f"{RETURN} / len(grad_output)")),
}
WRONG["conv2d_input", VALUES] = {
    "sample_axis_lost": (
        "shape",
        (RETURN, f"gradient = {BACK}\n    return gradient[0] if len(gradient) == 1 else gradient"),
    ),
    "minus_the_gradient": ("differ", (RETURN, f"return -{BACK}")),
}
WRONG["conv2d_input", f"gradient_padding gradient_dilation {STRIDES} gradient_errors"] = {
    "numbers_only": (
        "raises TypeError",
        (PAIRS, "stride, padding, dilation = (int(stride),) * 2, (int(padding),) * 2, (int(dilation),) * 2"),
    )
}
WRONG["conv2d_input", VALUES.replace("adjoint_gradient", "")] = {
    "whole_numbers": ("got int64", (RETURN, f"{RETURN}.astype(int)")),
    "single_precision": ("got float32", (RETURN, f"{RETURN}.astype(np.float32)")),
}
WRONG["conv2d_input", KINDS] = {
    "a_list": ("must be a NumPy array", (RETURN, f"{RETURN}.tolist()")),
    "no_return": ("is a return missing?", (RETURN, BACK)),
}
WRONG["conv2d_input", "gradient_untouched"] = {
    "grad_output_where_nothing_changes": (
        "shared",
        (RETURN, f"if weight.size == 1 and weight.item() == 1:\n        return grad_output\n    {RETURN}"),
    ),
    "grad_output_used_up": ("changed", (RETURN, f"gradient = {BACK}\n    grad_output[:] = 0\n    return gradient")),
    "weight_turned_and_left_so": (
        "changed",
        (RETURN, f"gradient = {BACK}\n    weight[:] = weight[:, :, ::-1, ::-1].copy()\n    return gradient"),
    ),
}
WRONG["conv2d_input", "gradient_errors"] = {
    "no_sizes_refused": (
        "accepted",
        (SIZES, "unread = tuple(max(0, min(cells, s - 1)) for cells, s in zip(unread, stride))\n    if False:"),
    ),
    "too_small_sizes_refused_only": (
        "accepted",
        (SIZES, f"unread = tuple(min(cells, s - 1) for cells, s in zip(unread, stride))\n    {SIZES}"),
    ),
    "cut_to_the_size": (
        "accepted",
        (
            SIZES,
            "whole = conv_transpose2d_gather(grad_output, weight, None, stride, 0, 0, dilation=dilation)\n"
            "    whole = np.pad(whole, [(0, 0), (0, 0), (0, 99), (0, 99)])[:, :, padding[0] :, padding[1] :]\n"
            "    return whole[:, :, : input_size[2], : input_size[3]].copy()\n"
            "    if False:",
        ),
    ),
    "no_channels_refused": ("must raise ValueError here", (REFUSED, "if False:")),
    "input_channels_refused_only": ("must raise ValueError here", (REFUSED, "if weight.shape[1] != input_size[1]:")),
    "another_error": ("it raises KeyError", ("raise ValueError", "raise KeyError")),
}
IDEAS["conv2d_input", TAPS] = "M01b M01c M09c M14a M14b M14c M49a M50"
IDEAS["conv2d_input", f"gradient_padding {ALWAYS}"] = "M03a M03b M05a M05b"
IDEAS["conv2d_input", ALWAYS] = "M04a"
IDEAS["conv2d_input", f"gradient_unread {ALWAYS}"] = "M04b M04c M04d M04e"
IDEAS["conv2d_input", STRIDES] = "M06a M06b M06d M06e"
IDEAS["conv2d_input", VALUES] = "M06c M32 M49b"
IDEAS["conv2d_input", f"gradient_dilation {ALWAYS}"] = "M09a M10b M11 M49c"
IDEAS["conv2d_input", f"{TAPS} gradient_untouched gradient_errors"] = "M12e"

# ------------------------------------------------------------------ conv_matrix

PAIRS = "stride, padding, dilation = pair(stride), pair(padding), pair(dilation)"
REFUSED = "if channels != in_channels:"
SIZE = "out_size = [(i + 2 * p - d * (k - 1) - 1) // s + 1 for i, k, s, p, d in axes]"
NO_PLACE = "if min(out_size) < 1:"
ZEROS = "matrix = np.zeros((out_channels, *out_size, *input_shape))"
ROW = "row = stride[0] * i + dilation[0] * t - padding[0]"
COLUMN = "column = stride[1] * j + dilation[1] * u - padding[1]"
INSIDE = "if 0 <= row < size[0] and 0 <= column < size[1]:"
TAP = "matrix[:, i, j, :, row, column] = weight[:, :, t, u]"
RETURN = "return matrix.reshape(out_channels * out_size[0] * out_size[1], -1)"

ALWAYS = "matrix_together adjoint_matrix"
TAPS = f"matrix_slide matrix_stride matrix_padding matrix_dilation {ALWAYS}"
VALUES = f"{TAPS} matrix_channels"
KINDS = f"{VALUES} matrix_untouched matrix_errors"


def first(line):
    return PAIRS, f"{line}\n    {PAIRS}"


def then(line):
    return PAIRS, f"{PAIRS}\n    {line}"


WRONG["conv_matrix", TAPS] = {
    "kernel_turned_round": ("M38", first("weight = weight[:, :, ::-1, ::-1]")),
    "only_the_first_tap_of_a_row": ("differ", (INSIDE, f"{INSIDE[:-1]} and u == 0:")),
}
WRONG["conv_matrix", f"{TAPS} matrix_untouched matrix_errors"] = {
    "kernel_transposed": ("raises ValueError: the kernel does not fit", first("weight = weight.swapaxes(2, 3)"))
}
WRONG["conv_matrix", VALUES] = {
    "matrix_transposed": ("the shape differs: expected (3, 4), got (4, 3)", (RETURN, f"{RETURN}.T")),
    "column_by_column": ("differ", (RETURN, f"matrix = matrix.swapaxes(1, 2)\n    {RETURN}")),
    "not_flattened": ("shape", (RETURN, "return matrix")),
    "only_square_pictures": ("differ", (INSIDE, INSIDE.replace("size[1]", "size[0]"))),
    "ones_and_zeros": ("differ", (RETURN, f"return ({RETURN.removeprefix('return ')} != 0).astype(float)")),
}
WRONG["conv_matrix", f"matrix_dilation {ALWAYS} matrix_errors"] = {
    "dilation_left_out": ("shape", first("dilation = 1"))
}
WRONG["conv_matrix", f"matrix_dilation {ALWAYS}"] = {
    "dilation_in_the_size_only": (
        "differ",
        (ROW, ROW.replace("dilation[0] * t", "t")),
        (COLUMN, COLUMN.replace("dilation[1] * u", "u")),
    ),
    "dilation_axes_exchanged": ("differs", then("dilation = dilation[::-1]")),
    "dilation_multiplies_the_stride": ("shape", then("stride = stride[0] * dilation[0], stride[1] * dilation[1]")),
}
WRONG["conv_matrix", f"matrix_padding {ALWAYS} matrix_errors"] = {
    "padding_left_out": ("shape", first("padding = 0")),
    "padding_at_the_begin_only": ("shape", ("i + 2 * p", "i + p")),
    "padding_axes_exchanged": ("differs", then("padding = padding[::-1]")),
}
WRONG["conv_matrix", f"matrix_padding {ALWAYS}"] = {
    "padding_in_the_size_only": ("differ", (" - padding[0]", ""), (" - padding[1]", "")),
    "taps_on_the_padding_wrap_around": ("differ", (INSIDE, "if row < size[0] and column < size[1]:")),
    "taps_on_the_padding_at_the_border": (
        "differ",
        (INSIDE, "row, column = min(max(row, 0), size[0] - 1), min(max(column, 0), size[1] - 1)\n        if True:"),
    ),
    "columns_for_the_padding": (
        "shape",
        (ZEROS, "matrix = np.zeros((out_channels, *out_size, channels, *(i + 2 * p for i, p in zip(size, padding))))"),
        (INSIDE, "row, column = row + padding[0], column + padding[1]\n        if True:"),
    ),
}
WRONG["conv_matrix", f"matrix_stride {ALWAYS}"] = {
    "stride_left_out": ("shape", first("stride = 1")),
    "stride_in_the_size_only": (
        "differ",
        (ROW, ROW.replace("stride[0] * i", "i")),
        (COLUMN, COLUMN.replace("stride[1] * j", "j")),
    ),
    "stride_axes_exchanged": ("differs", then("stride = stride[::-1]")),
    "stride_of_rows_for_both": ("shape", then("stride = pair(stride[0])")),
}
WRONG["conv_matrix", f"matrix_stride {ALWAYS} matrix_errors"] = {
    "rounded_up": ("shape", (SIZE, SIZE.replace("(i + 2", "-(-(i + 2").replace("- 1) // s", "- 1) // s)")))
}
WRONG["conv_matrix", KINDS] = {
    "last_place_forgotten": ("raises ValueError", (SIZE, SIZE.replace("// s + 1", "// s"))),
    "a_list": ("must be a NumPy array", (RETURN, f"{RETURN}.tolist()")),
    "a_masked_array": ("must be a NumPy array", (RETURN, f"return np.ma.array({RETURN.removeprefix('return ')})")),
    "no_return": ("is a return missing?", (RETURN, "matrix")),
}
WRONG["conv_matrix", f"matrix_channels {ALWAYS} matrix_untouched matrix_errors"] = {
    "channel_axes_exchanged": ("M15", first("weight = weight.swapaxes(0, 1)"))
}
WRONG["conv_matrix", f"matrix_channels {ALWAYS}"] = {
    "first_channel_for_all": ("differ", (TAP, TAP.replace("weight[:, :, t, u]", "weight[:, :1, t, u]"))),
    "first_kernel_for_all": ("differ", (TAP, TAP.replace("weight[:, :, t, u]", "weight[:1, :, t, u]"))),
    "output_channels_last": ("differ", (RETURN, f"matrix = np.moveaxis(matrix, 0, 2)\n    {RETURN}")),
    "input_channels_last": ("differ", (RETURN, f"matrix = np.moveaxis(matrix, 3, 5)\n    {RETURN}")),
}
WRONG["conv_matrix", f"{TAPS} matrix_errors"] = {
    "only_square_kernels": (
        "differ",
        ("np.ndindex(*out_size, *kernel_size)", "np.ndindex(*out_size, kernel_size[0], kernel_size[0])"),
    )
}
WRONG["conv_matrix", f"matrix_stride matrix_padding matrix_dilation {ALWAYS} matrix_errors"] = {
    "numbers_only": (
        "raises TypeError",
        (PAIRS, "stride, padding, dilation = (int(stride),) * 2, (int(padding),) * 2, (int(dilation),) * 2"),
    )
}
WRONG["conv_matrix", VALUES.replace("adjoint_matrix", "")] = {
    "whole_numbers": ("got int64", (RETURN, f"{RETURN}.astype(int)")),
    "single_precision": ("got float32", (RETURN, f"{RETURN}.astype(np.float32)")),
}
WRONG["conv_matrix", "matrix_untouched"] = {
    "a_view_where_one_window_is_all": (
        "shared",
        (
            ZEROS,
            "if tuple(kernel_size) == tuple(size) and padding == (0, 0):\n"
            f"        return weight.reshape(out_channels, -1)\n    {ZEROS}",
        ),
    ),
    "used_taps_deleted": ("changed", (RETURN, f"weight[:] = 0\n    {RETURN}")),
}
WRONG["conv_matrix", "matrix_errors"] = {
    "no_channels_refused": ("accepted", (REFUSED, "if False:")),
    "too_few_channels_refused_only": ("must raise ValueError here", (REFUSED, "if channels < in_channels:")),
    "no_rows_where_nothing_fits": (
        "accepted",
        (NO_PLACE, f"{NO_PLACE}\n        return np.zeros((0, channels * size[0] * size[1]))\n    if False:"),
    ),
    "another_error": (
        "it raises IndexError",
        (NO_PLACE, f"{NO_PLACE}\n        raise IndexError('no place')\n    if False:"),
    ),
}
IDEAS["conv_matrix", TAPS] = "M12g"
IDEAS["conv_matrix", f"matrix_dilation {ALWAYS}"] = "M35"
IDEAS["conv_matrix", f"matrix_padding {ALWAYS} matrix_errors"] = "M51c"
IDEAS["conv_matrix", f"matrix_padding {ALWAYS}"] = "M51d"
IDEAS["conv_matrix", VALUES] = "M52b"

# ------------------------------------------------------------------ zero_insert

PAIR = "rows, columns = pair(stride)"
SHAPE = "(batch, channels, rows * (height - 1) + 1, columns * (width - 1) + 1)"
FILL = "stretched[:, :, ::rows, ::columns] = input"
RETURN = "return stretched"

ROW = "zeros_row zeros_picture zeros_channels"
ALL = f"{ROW} zeros_untouched"


def then(line):
    """An edit: this line comes when the stride is a pair."""
    return PAIR, f"{PAIR}\n    {line}"


WRONG["zero_insert", ROW] = {
    "zeros_before_the_first": (
        "shape",
        (SHAPE, "(batch, channels, rows * height, columns * width)"),
        (FILL, "stretched[:, :, rows - 1 :: rows, columns - 1 :: columns] = input"),
    ),
    "values_repeated": ("shape", (RETURN, "return np.repeat(np.repeat(input, rows, axis=2), columns, axis=3)")),
    "values_repeated_in_the_right_size": (
        "differ",
        (
            RETURN,
            "height, width = stretched.shape[2:]\n"
            "    return np.repeat(np.repeat(input, rows, axis=2), columns, axis=3)[:, :, :height, :width]",
        ),
    ),
    "values_averaged_between": ("differ", (RETURN, "stretched[:, :, :, 1:-1:2] = 1\n    " + RETURN)),
    "rows_only": ("shape", then("columns = 1")),
    "columns_only": ("shape", then("rows = 1")),
    "one_cell_too_few": ("shape", (RETURN, "return stretched[:, :, :, : max(1, stretched.shape[3] - 1)].copy()")),
    "only_square_pictures": ("differs", (PAIR, f"{PAIR}\n    input = input[:, :, : input.shape[3]]")),
    "sample_axis_lost": (
        "the shape differs: expected (1, 1, 1, 5), got (1, 1, 5)",
        (RETURN, "return stretched[0] if batch == 1 else stretched"),
    ),
    "whole_numbers": ("expected float64, got int64", (f"np.zeros({SHAPE})", f"np.zeros({SHAPE}, int)")),
    "single_precision": ("expected float64, got float32", (RETURN, "return stretched.astype(np.float32)")),
    "never_zeroed": ("differ", ("np.zeros(", "np.ones(")),
}
WRONG["zero_insert", "zeros_picture zeros_channels"] = {
    "axes_exchanged": ("shape", then("rows, columns = columns, rows")),
    "rows_stride_for_both": ("shape", then("columns = rows")),
}
WRONG["zero_insert", "zeros_picture zeros_channels zeros_untouched"] = {
    "numbers_only": ("raises TypeError", (PAIR, "rows, columns = int(stride), int(stride)"))
}
WRONG["zero_insert", "zeros_channels"] = {
    "only_one_sample": ("shape", (RETURN, "return stretched[:1].copy()")),
    "only_one_channel": ("shape", (RETURN, "return stretched[:, :1].copy()")),
    "last_channel_for_all": ("differ", (" = input", " = input[:, -1:]")),
}
WRONG["zero_insert", ALL] = {
    "a_list": ("must be a NumPy array", (RETURN, "return stretched.tolist()")),
    "no_return": ("is a return missing?", (RETURN, "stretched")),
}
WRONG["zero_insert", "zeros_untouched"] = {
    "the_same_array_for_stride_1": ("shared", (PAIR, f"if stride == 1:\n        return input\n    {PAIR}")),
    "moves_its_input": ("changed", (RETURN, f"input[:] = 0\n    {RETURN}")),
}
WRONG["zero_insert", "zeros_row zeros_picture zeros_untouched"] = {
    "stride_1_refused": (
        "raises ValueError",
        then("if 1 in (rows, columns):\n        raise ValueError('nothing to insert')"),
    )
}
IDEAS["zero_insert", ROW] = "M06a M06b M06c M06d M06e M12e M49b M50"
IDEAS["zero_insert", "zeros_channels"] = "M16b"

# ------------------------------------------------------------------ of these, wrong in other cells as well

ALSO["zero_insert", "zeros_untouched"] = """
    zeros_before_the_first values_repeated values_repeated_in_the_right_size values_averaged_between rows_only
    columns_only one_cell_too_few only_square_pictures sample_axis_lost whole_numbers single_precision never_zeroed
    axes_exchanged rows_stride_for_both only_one_sample only_one_channel last_channel_for_all M06a M06b M06c M06d
    M06e M12e M49b M50 M16b
"""
ALSO["conv_transpose2d_gather", "gather_untouched"] = """
    k_minus_p plain_convolution padding_left_out padding_adds padding_at_the_begin_only padding_at_the_end_only
    stride_left_out stride_in_the_last_step stride_zeros_between only_square_pictures last_channel_only
    mean_of_the_channels only_one_sample first_sample_for_all first_bias_for_all only_square_kernels whole_numbers
    single_precision M01a M01b M01c M09c M03b M06a M06d M06e M12e M14a M14b M14c M15 M18a M18b M18c M32 M49a M50
"""
ALSO["conv_matrix", "matrix_untouched"] = """
    kernel_turned_round only_the_first_tap_of_a_row matrix_transposed column_by_column not_flattened
    only_square_pictures ones_and_zeros padding_left_out padding_at_the_begin_only padding_in_the_size_only
    taps_on_the_padding_wrap_around taps_on_the_padding_at_the_border columns_for_the_padding stride_left_out
    stride_in_the_size_only rounded_up first_channel_for_all first_kernel_for_all output_channels_last
    input_channels_last only_square_kernels whole_numbers single_precision M12g M51c M51d M52b
"""
ALSO["conv2d_input", "gradient_untouched"] = """
    kernel_turned_round kernel_transposed channel_axes_exchanged unread_cells_at_the_begin always_one_unread_cell
    stride_left_out mean_of_the_channels first_channel_only samples_added_up only_one_sample first_sample_for_all
    mean_over_the_samples sample_axis_lost minus_the_gradient whole_numbers single_precision M01b M01c M09c M14a
    M14b M14c M49a M50 M04b M04c M04d M04e M06a M06b M06d M06e M06c M32 M49b
"""

# ------------------------------------------------------------------ mutants of the reference that do the same

GATHER = "conv_transpose2d_gather"
NOTHING = "if any(size <= r for size, r in zip(seen.shape[2:], reach)):"
RAISE = 'raise ValueError(f"padding={padding} leaves nothing")'
SLIDE = "output = np.concatenate([slide(x, w.swapaxes(0, 1), dilation) for x, w in blocks], axis=1)"
NO_PLACE = "if min(out_size) < 1:"
RAISE_MATRIX = 'raise ValueError(f"the kernel does not fit into input_shape={input_shape}")'
RESHAPE = "return matrix.reshape(out_channels * out_size[0] * out_size[1], -1)"
BY_SLIDE = "then slide raises ValueError, since the window is too large; its words are only less clear"
BY_RESHAPE = "then NumPy raises ValueError, since there is no matrix without rows; its words are only less clear"

EQUIVALENT = {
    (GATHER, NOTHING, "if never"): BY_SLIDE,
    (GATHER, NOTHING, "another comparison"): BY_SLIDE,
    (GATHER, RAISE, "left out"): BY_SLIDE,
    (GATHER, SLIDE, "arguments exchanged"): "swapaxes(0, 1) is swapaxes(1, 0)",
    ("conv_matrix", NO_PLACE, "if never"): BY_RESHAPE,
    ("conv_matrix", NO_PLACE, "1 to 0"): BY_RESHAPE,
    ("conv_matrix", RAISE_MATRIX, "left out"): BY_RESHAPE,
    ("conv_matrix", RESHAPE, "1 to 2"): "NumPy reads every negative length as the one to be found",
}
