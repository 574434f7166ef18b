"""Wrong ``conv_transpose2d_gather``."""

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
    return [(PAIRS, f"{line}\n    {PAIRS}")]


def then(line):
    return [(PAIRS, f"{PAIRS}\n    {line}")]


def pads(begin, end):
    """Other zeros, for each axis; nothing is cut afterwards, but negative numbers cut."""
    each = f"[({begin}, {end}) for k, p, extra, d in zip(weight.shape[2:], padding, output_padding, dilation)]"
    return [
        (ZEROS, f"zeros = {each}\n    cut = [(max(-b, 0), max(-e, 0)) for b, e in zeros]"),
        (PADDED, PADDED.replace("*zeros", "*((max(b, 0), max(e, 0)) for b, e in zeros)")),
        (SEEN, "seen = padded[:, :, cut[0][0] : height - cut[0][1], cut[1][0] : width - cut[1][1]]"),
    ]


WRONG = {
    "kernel_not_turned": (
        [(TURNED, "weight")],
        TAPS,
        "the kernel is not rotated by 180 degrees in the method that inserts zeros (M01a)",
    ),
    "kernel_upside_down_only": ([(TURNED, "weight[:, :, ::-1]")], TAPS, "upside down only, instead of rotated (M01b)"),
    "kernel_mirrored_only": (
        [(TURNED, "weight[:, :, :, ::-1]")],
        TAPS,
        "mirrored left to right only, instead of rotated (M01c)",
    ),
    "p_in_place_of_p_prime": (pads("p", "p + extra"), f"{TAPS} gather_errors", "(M49a)"),
    "k_minus_p": (pads("k - p", "k - p + extra"), f"{VALUES} gather_errors", "(M49b)"),
    "p_prime_without_dilation": (pads("k - 1 - p", "k - 1 - p + extra"), f"gather_dilation {ALWAYS}", "(M49c)"),
    "padding_left_out": (first("padding = 0"), f"{PADDING} gather_errors", "padding is left out (M02b)"),
    "padding_adds": (
        pads("d * (k - 1) + p", "d * (k - 1) + p + extra"),
        f"{PADDING} gather_errors",
        "padding adds zeros around the output (M02a)",
    ),
    "padding_at_the_begin_only": (
        pads("d * (k - 1) - p", "d * (k - 1) + extra"),
        f"{PADDING} gather_errors",
        "padding crops the begin only (M05a)",
    ),
    "padding_at_the_end_only": (
        pads("d * (k - 1)", "d * (k - 1) - p + extra"),
        f"{PADDING} gather_errors",
        "padding crops the end only (M05b)",
    ),
    "padding_axes_exchanged": (then("padding = padding[::-1]"), PADDING, "the shape differs"),
    "padding_of_rows_for_both": (then("padding = pair(padding[0])"), f"{PADDING} gather_errors", "the shape differs"),
    "nothing_cut_off": (
        pads("max(0, d * (k - 1) - p)", "max(0, d * (k - 1) - p + extra)"),
        f"gather_crop {ALWAYS} gather_errors",
        "the shape differs",
    ),
    "negative_padding_refused": (
        [
            (
                ZEROS,
                "if any(p > r for p, r in zip(padding, reach)):\n"
                f"        raise ValueError('too much padding')\n    {ZEROS}",
            )
        ],
        f"gather_crop {ALWAYS} gather_errors",
        "raises ValueError: too much padding",
    ),
    "output_padding_left_out": (
        [(ZEROS, "zeros = [(r, r) for r in reach]")],
        f"gather_output_padding gather_bias {ALWAYS}",
        "output_padding is left out (M04e)",
    ),
    "output_padding_at_the_begin": (
        [(ZEROS, "zeros = [(r + extra, r) for r, extra in zip(reach, output_padding)]")],
        f"gather_output_padding gather_bias {ALWAYS}",
        "output_padding moves the begin of the crop instead of its end (M04d)",
    ),
    "output_padding_on_both_sides": (
        [(ZEROS, "zeros = [(r + extra, r + extra) for r, extra in zip(reach, output_padding)]")],
        f"gather_output_padding gather_bias {ALWAYS}",
        "the shape differs",
    ),
    "output_padding_appended_to_the_output": (
        [
            (ZEROS, "zeros = [(r, r) for r in reach]"),
            (
                RETURN,
                f"output = np.pad(output, [(0, 0), (0, 0), *((0, extra) for extra in output_padding)])\n    {RETURN}",
            ),
        ],
        f"gather_output_padding {ALWAYS}",
        "output_padding appends zeros (M04a)",
    ),
    "output_padding_axes_exchanged": (
        [(ZEROS, ZEROS.replace("output_padding", "output_padding[::-1]"))],
        f"gather_output_padding gather_bias {ALWAYS}",
        "the shape differs",
    ),
    "output_padding_after_the_cut": (
        [
            (ZEROS, "zeros = [(r, r) for r in reach]"),
            (SEEN, f"{SEEN}\n    seen = np.pad(seen, [(0, 0), (0, 0), *((0, extra) for extra in output_padding)])"),
        ],
        "gather_together",
        "one value differs, the first at index [0, 0, 0, 3]: expected 30, got 0",
    ),
    "stride_left_out": (
        [(PADDED, PADDED.replace("stride", "1"))],
        f"gather_stride gather_crop gather_output_padding gather_bias {ALWAYS}",
        "the stride is left out (M06b)",
    ),
    "stride_zeros_between": (
        [(PADDED, PADDED.replace("stride", "(stride[0] + 1, stride[1] + 1)"))],
        "gather_overlap gather_stride gather_padding gather_crop gather_output_padding gather_dilation gather_channels "
        f"gather_bias gather_groups {ALWAYS} gather_errors",
        "stride zeros are inserted between neighbours instead of stride - 1 (M06c)",
    ),
    "zeros_after_the_last": (
        [(ZEROS, "zeros = [(r, r + extra + s - 1) for r, extra, s in zip(reach, output_padding, stride)]")],
        f"gather_stride gather_crop gather_output_padding gather_bias {ALWAYS}",
        "zeros are inserted after the last cell as well (M06d)",
    ),
    "stride_in_the_last_step": (
        [(RETURN, f"output = output[:, :, :: stride[0], :: stride[1]].copy()\n    {RETURN}")],
        f"gather_stride gather_crop gather_output_padding gather_bias {ALWAYS}",
        "the shape differs",
    ),
    "dilation_left_out": (
        [
            (PAIRS, f"legal, dilation = dilation, 1\n    {PAIRS}"),
            (REFUSED, REFUSED.replace(", dilation)", ", pair(legal))")),
        ],
        f"gather_dilation {ALWAYS}",
        "dilation is left out (M10)",
    ),
    "dilation_in_the_zeros_only": (
        [(", dilation) for x", ") for x")],
        f"gather_dilation {ALWAYS}",
        "the shape differs",
    ),
    "dilation_axes_exchanged": (
        then("dilation = dilation[::-1]"),
        f"gather_dilation {ALWAYS} gather_errors",
        "the shape differs",
    ),
    "overlaps_averaged": (
        [
            (
                RETURN,
                "ones = np.ones_like(input[:1, :1]), np.ones_like(weight[:1, :1])\n"
                "    if (input != 1).any() or (weight != 1).any():\n"
                "        options = stride, padding, output_padding, 1, dilation\n"
                "        output = output / np.maximum(conv_transpose2d_gather(*ones, None, *options), 1)\n"
                f"    {RETURN}",
            )
        ],
        "gather_overlap gather_stride gather_padding gather_crop gather_output_padding gather_dilation gather_together "
        "adjoint_gather",
        "overlapping stamps are averaged (M14b)",
    ),
    "plain_convolution": (
        [
            (RETURN, f"output = slide(input, weight, dilation)\n    {RETURN}"),
        ],
        f"{VALUES} gather_errors",
        "differs",
    ),
    "channel_axes_not_exchanged": (
        [(".swapaxes(0, 1)", "")],
        f"gather_channels gather_bias gather_groups {ALWAYS}",
        "the channel axes of the weight are exchanged (M15)",
    ),
    "last_channel_only": (
        [("slide(x, w.swapaxes(0, 1)", "slide(x[:, -1:], w[-1:].swapaxes(0, 1)")],
        f"gather_channels gather_groups {ALWAYS}",
        "differ",
    ),
    "mean_of_the_channels": (
        [(RETURN, f"output = output / (input.shape[1] // groups)\n    {RETURN}")],
        f"gather_channels gather_groups {ALWAYS}",
        "differ",
    ),
    "only_one_sample": (
        [(RETURN, f"output = output[:1]\n    {RETURN}")],
        f"gather_channels {ALWAYS}",
        "the shape differs",
    ),
    "first_sample_for_all": (
        [(RETURN, f"output[:] = output[:1]\n    {RETURN}")],
        f"gather_channels {ALWAYS}",
        "differ",
    ),
    "bias_left_out": ([(RETURN, "return output")], "gather_bias gather_together", "the bias is left out (M18b)"),
    "bias_on_stamped_cells_only": (
        [(RETURN, RETURN.replace("output + bias[:, None, None]", "output + bias[:, None, None] * (output != 0)"))],
        "gather_bias gather_together",
        "the bias does not reach cells without a stamp (M18a)",
    ),
    "first_bias_for_all": ([("bias[:, None, None]", "bias[0]")], "gather_bias gather_together", "differ"),
    "groups_left_out": (first("groups = 1"), "gather_groups gather_together", "groups is left out (M16b)"),
    "channels_in_turns": (
        [
            (
                "blocks = zip(np.split(seen, groups, axis=1), np.split(weight[:, :, ::-1, ::-1], groups))",
                "blocks = ((seen[:, g::groups], weight[g::groups, :, ::-1, ::-1]) for g in range(groups))",
            )
        ],
        "gather_groups gather_together",
        "the channels of a group are taken in turns (M16c)",
    ),
    "only_square_pictures": (
        first("input = input[:, :, : input.shape[3], : input.shape[2]]"),
        f"{SOME} gather_errors",
        "differs",
    ),
    "only_square_kernels": (
        [(REACH, "reach = [dilation[0] * (weight.shape[2] - 1)] * 2")],
        TAPS,
        "differ",
    ),
    "numbers_only": (
        [(PAIRS, PAIRS.replace("map(pair, (", "((int(v), int(v)) for v in (").replace("dilation))", "dilation))"))],
        f"gather_stride gather_dilation gather_bias {PADDING} gather_errors",
        "raises TypeError",
    ),
    "whole_numbers": (
        [(RETURN, f"output = output.astype(int)\n    {RETURN}")],
        VALUES.replace("gather_bias", "").replace("adjoint_gather", ""),
        "expected float64, got int64",
    ),
    "single_precision": (
        [(RETURN, RETURN.replace("return ", "return np.float32(") + ")")],
        VALUES.replace("adjoint_gather", ""),
        "got float32",
    ),
    "a_list": ([(RETURN, "return output.tolist()")], KINDS, "must be a NumPy array"),
    "no_return": ([(RETURN, "output")], KINDS, "is a return missing?"),
    "the_input_where_nothing_changes": (
        [(RETURN, f"if weight.size == 1 and weight.item() == 1 and not bias:\n        return input\n    {RETURN}")],
        "gather_untouched",
        "returns a part of an array that it was given",
    ),
    "bias_added_to_the_input": (
        [(RETURN, f"if bias is not None:\n        input += bias[0]\n    {RETURN}")],
        "gather_untouched",
        "changes an array that it was given",
    ),
    "weight_turned_and_left_so": (
        [(RETURN, f"weight[:] = weight[:, :, ::-1, ::-1].copy()\n    {RETURN}")],
        "gather_untouched",
        "changes an array that it was given",
    ),
    "any_output_padding": (
        [(REFUSED, "if False:")],
        "gather_errors",
        "must raise ValueError here: output_padding must be smaller than stride or dilation",
    ),
    "output_padding_limited_by_the_stride_alone": (
        [(REFUSED, REFUSED.replace("max(s, d)", "s"))],
        "gather_errors",
        "raises ValueError",
    ),
    "output_padding_checked_for_rows_only": (
        [(REFUSED, "if output_padding[0] >= max(stride[0], dilation[0]):")],
        "gather_errors",
        "it returns an answer",
    ),
    "another_error": ([("raise ValueError", "raise TypeError")], "gather_errors", "it raises TypeError"),
    "an_empty_answer_where_nothing_is_left": (
        [(NOTHING, f"{NOTHING}\n        return np.zeros((len(input), groups * weight.shape[1], 0, 0))\n    if False:")],
        "gather_errors",
        "it returns an answer",
    ),
}
