"""Mutants of the reference solution of the transposed-convolution assignment that do the same as it."""

ROOM_1D = "full = np.zeros((batch, groups * group_out, output_size + 2 * padding))"
ROOM_2D = "full = np.zeros((batch, groups * group_out, height + 2 * padding[0], width + 2 * padding[1]))"
LARGER = "more room behind the last stamp, which the window never shows"

EQUIVALENT = {
    (
        "conv_transpose_output_size",
        "if output_padding >= max(stride, dilation):",
        "arguments exchanged",
    ): "max does not ask for an order",
    ("conv_transpose1d", ROOM_1D, "2 to 3"): LARGER,
    ("conv_transpose2d", ROOM_2D, "2 to 3"): LARGER,
}
