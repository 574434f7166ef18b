"""Mutants of the reference of the convolution assignment that do the same: ``(cell, line, change): reason``."""

PAD = "return np.pad(input, ((0, 0), (0, 0), (top, bottom), (left, right)))"
PAD_1D = "padded = np.pad(input, ((0, 0), (0, 0), (padding, padding)))"
BLOCKS = "ins, outs = slice(g * group_in, (g + 1) * group_in), slice(g * group_out, (g + 1) * group_out)"
OVERWRITTEN = "a block of outputs that is too long is overwritten by the next one, or ends at the last channel"

EQUIVALENT = {
    ("pad2d", PAD, "pair exchanged"): "(0, 0) is (0, 0)",
    ("conv1d", PAD_1D, "pair exchanged"): "(0, 0) is (0, 0), and both ends get the same padding",
    ("conv1d", PAD_1D, "0 to 1"): "a channel of zeros after the last, which no group reads",
    ("conv1d", BLOCKS, "1 to 2"): OVERWRITTEN,
    ("conv2d", BLOCKS, "1 to 2"): OVERWRITTEN,
}
