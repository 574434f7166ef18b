"""Mutants of the reference of the three-views assignment that do the same: ``(cell, line, change): reason``."""

GATHER = "conv_transpose2d_gather"
LIMIT = "if any(extra >= max(s, d) for extra, s, d in zip(output_padding, stride, dilation)):"
PAD = "padded = np.pad(zero_insert(input, stride), [(0, 0), (0, 0), *zeros])"
NOTHING = "if any(size <= r for size, r in zip(seen.shape[2:], reach)):"
RAISE = 'raise ValueError(f"padding={padding} leaves nothing")'
SLIDE = "output = np.concatenate([slide(x, w.swapaxes(0, 1), dilation) for x, w in blocks], axis=1)"
NO_PLACE = "if min(out_size) < 1:"
RAISE_MATRIX = 'raise ValueError(f"the kernel does not fit into input_shape={input_shape}")'
RESHAPE = "return matrix.reshape(out_channels * out_size[0] * out_size[1], -1)"
BY_SLIDE = "then slide raises ValueError, since the window is too large; its words are only less clear"
BY_RESHAPE = "then NumPy raises ValueError, since there is no matrix without rows; its words are only less clear"

EQUIVALENT = {
    (GATHER, LIMIT, "arguments exchanged"): "the larger of two is the larger of two",
    (GATHER, PAD, "pair exchanged"): "(0, 0) is (0, 0)",
    (GATHER, NOTHING, "if never"): BY_SLIDE,
    (GATHER, NOTHING, "another comparison"): BY_SLIDE,
    (GATHER, RAISE, "left out"): BY_SLIDE,
    (GATHER, SLIDE, "arguments exchanged"): "swapaxes(0, 1) is swapaxes(1, 0)",
    ("conv_matrix", NO_PLACE, "if never"): BY_RESHAPE,
    ("conv_matrix", NO_PLACE, "1 to 0"): BY_RESHAPE,
    ("conv_matrix", RAISE_MATRIX, "left out"): BY_RESHAPE,
    ("conv_matrix", RESHAPE, "1 to 2"): "NumPy reads every negative length as the one to be found",
}
