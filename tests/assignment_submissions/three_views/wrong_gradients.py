"""Wrong ``conv2d_input``."""

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
    return [(RETURN, f"return {call}")]


WRONG = {
    "kernel_turned_round": (
        back(weight="weight[:, :, ::-1, ::-1]"),
        TAPS,
        "the kernel is not rotated by 180 degrees in the method that inserts zeros (M01a)",
    ),
    "kernel_transposed": (back(weight="weight.swapaxes(2, 3)"), TAPS, "the shape differs"),
    "channel_axes_exchanged": (
        back(weight="weight.swapaxes(0, 1)"),
        f"gradient_channels {ALWAYS} gradient_errors",
        "the channel axes of the weight are exchanged (M15)",
    ),
    "unread_cells_forgotten": (back(unread="0"), f"gradient_unread {ALWAYS}", "output_padding is left out (M04e)"),
    "unread_cells_at_the_begin": (
        [
            (
                RETURN,
                f"smallest = {BACK.replace('unread', '0')}\n"
                "    return np.pad(smallest, [(0, 0), (0, 0), *((cells, 0) for cells in unread)])",
            )
        ],
        f"gradient_unread {ALWAYS}",
        "values differ",
    ),
    "unread_cells_after_the_crop": (
        [
            (
                RETURN,
                f"smallest = {BACK.replace('unread', '0')}\n"
                "    return np.pad(smallest, [(0, 0), (0, 0), *((0, cells) for cells in unread)])",
            )
        ],
        ALWAYS,
        "output_padding appends zeros (M04a)",
    ),
    "always_one_unread_cell": (
        back(unread="tuple(min(s - 1, 1) for s in stride)"),
        STRIDES,
        "the shape differs",
    ),
    "stride_left_out": (back(stride="1", unread="0"), STRIDES, "differs"),
    "stride_axes_exchanged": (
        [(PAIRS, f"{PAIRS}\n    stride = stride[::-1]")],
        f"{STRIDES} gradient_errors",
        "raises ValueError",
    ),
    "padding_left_out": (back(padding="0"), f"gradient_padding {ALWAYS}", "padding is left out (M02b)"),
    "padding_adds": (
        [
            (
                RETURN,
                f"larger = {BACK.replace('padding', '0')}\n"
                "    return np.pad(larger, [(0, 0), (0, 0), *((p, p) for p in padding)])",
            )
        ],
        f"gradient_padding {ALWAYS}",
        "padding adds zeros around the output (M02a)",
    ),
    "padding_axes_exchanged": (back(padding="padding[::-1]"), f"gradient_padding {ALWAYS}", "the shape differs"),
    "dilation_left_out": (
        [(RETURN, f"return {BACK.replace('dilation=dilation', 'dilation=1')}")],
        f"gradient_dilation {ALWAYS}",
        "dilation is left out (M10)",
    ),
    "dilation_axes_exchanged": (
        [(RETURN, f"return {BACK.replace('dilation=dilation', 'dilation=dilation[::-1]')}")],
        f"gradient_dilation {ALWAYS}",
        "the shape differs",
    ),
    "plain_convolution": (
        [(RETURN, "return slide(grad_output, weight.swapaxes(0, 1), dilation)")],
        f"{TAPS} gradient_untouched gradient_errors",
        "raises ValueError",
    ),
    "plain_convolution_with_zeros_around": (
        [
            (
                RETURN,
                "around = [(0, 0), (0, 0), *((d * (k - 1),) * 2 for k, d in zip(weight.shape[2:], dilation))]\n"
                "    return slide(np.pad(grad_output, around), weight.swapaxes(0, 1), dilation)",
            )
        ],
        TAPS,
        "(M01a)",
    ),
    "overlaps_averaged": (
        [
            (
                RETURN,
                "ones = np.ones_like(grad_output[:1, :1]), np.ones_like(weight[:1, :1])\n"
                "    reads = conv_transpose2d_gather(*ones, None, stride, padding, unread, dilation=dilation)\n"
                f"    return {BACK} / np.maximum(reads, 1)",
            )
        ],
        TAPS,
        "overlapping stamps are averaged (M14b)",
    ),
    "mean_of_the_channels": ([(RETURN, f"{RETURN} / len(weight)")], f"gradient_channels {ALWAYS}", "differ"),
    "first_channel_only": (
        back(grad_output="grad_output[:, :1]", weight="weight[:1]"),
        f"gradient_channels {ALWAYS}",
        "differ",
    ),
    "samples_added_up": (
        [(RETURN, f"gradient = {BACK}\n    return gradient.sum(axis=0, keepdims=True)")],
        f"gradient_channels {ALWAYS}",
        "the shape differs",
    ),
    "only_one_sample": (back(grad_output="grad_output[:1]"), f"gradient_channels {ALWAYS}", "the shape differs"),
    "first_sample_for_all": (
        [(RETURN, f"gradient = {BACK}\n    gradient[:] = gradient[:1]\n    return gradient")],
        f"gradient_channels {ALWAYS}",
        "differ",
    ),
    "sample_axis_lost": (
        [(RETURN, f"gradient = {BACK}\n    return gradient[0] if len(gradient) == 1 else gradient")],
        f"gradient_slide gradient_stride gradient_unread gradient_padding gradient_dilation gradient_channels {ALWAYS}",
        "the shape differs",
    ),
    "mean_over_the_samples": ([(RETURN, f"{RETURN} / len(grad_output)")], f"gradient_channels {ALWAYS}", "differ"),
    "minus_the_gradient": ([(RETURN, f"return -{BACK}")], VALUES, "differ"),
    "only_square_strides": (back(stride="stride[0]"), STRIDES, "differs"),
    "only_square_kernels": (
        [("weight.shape[2:]", "(weight.shape[2], weight.shape[2])")],
        f"{TAPS} gradient_untouched gradient_errors",
        "raises ValueError",
    ),
    "numbers_only": (
        [(PAIRS, "stride, padding, dilation = (int(stride),) * 2, (int(padding),) * 2, (int(dilation),) * 2")],
        f"gradient_padding gradient_dilation {STRIDES} gradient_errors",
        "raises TypeError",
    ),
    "whole_numbers": ([(RETURN, f"{RETURN}.astype(int)")], VALUES.replace("adjoint_gradient", ""), "got int64"),
    "single_precision": (
        [(RETURN, f"{RETURN}.astype(np.float32)")],
        VALUES.replace("adjoint_gradient", ""),
        "got float32",
    ),
    "a_list": ([(RETURN, f"{RETURN}.tolist()")], KINDS, "must be a NumPy array"),
    "no_return": ([(RETURN, BACK)], KINDS, "is a return missing?"),
    "grad_output_where_nothing_changes": (
        [(RETURN, f"if weight.size == 1 and weight.item() == 1:\n        return grad_output\n    {RETURN}")],
        "gradient_untouched",
        "returns a part of an array that it was given",
    ),
    "grad_output_used_up": (
        [(RETURN, f"gradient = {BACK}\n    grad_output[:] = 0\n    return gradient")],
        "gradient_untouched",
        "changes an array that it was given",
    ),
    "weight_turned_and_left_so": (
        [(RETURN, f"gradient = {BACK}\n    weight[:] = weight[:, :, ::-1, ::-1].copy()\n    return gradient")],
        "gradient_untouched",
        "changes an array that it was given",
    ),
    "no_sizes_refused": (
        [(SIZES, "unread = tuple(max(0, min(cells, s - 1)) for cells, s in zip(unread, stride))\n    if False:")],
        "gradient_errors",
        "it returns an answer",
    ),
    "too_small_sizes_refused_only": (
        [(SIZES, f"unread = tuple(min(cells, s - 1) for cells, s in zip(unread, stride))\n    {SIZES}")],
        "gradient_errors",
        "it returns an answer",
    ),
    "cut_to_the_size": (
        [
            (
                SIZES,
                "whole = conv_transpose2d_gather(grad_output, weight, None, stride, 0, 0, dilation=dilation)\n"
                "    whole = np.pad(whole, [(0, 0), (0, 0), (0, 99), (0, 99)])[:, :, padding[0] :, padding[1] :]\n"
                "    return whole[:, :, : input_size[2], : input_size[3]].copy()\n"
                "    if False:",
            )
        ],
        "gradient_errors",
        "it returns an answer",
    ),
    "no_channels_refused": ([(REFUSED, "if False:")], "gradient_errors", "must raise ValueError here"),
    "input_channels_refused_only": (
        [(REFUSED, "if weight.shape[1] != input_size[1]:")],
        "gradient_errors",
        "must raise ValueError here",
    ),
    "another_error": ([("raise ValueError", "raise KeyError")], "gradient_errors", "it raises KeyError"),
}
