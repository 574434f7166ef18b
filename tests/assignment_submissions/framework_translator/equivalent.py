"""Mutants of the reference solution of the framework translator that do the same as it."""

NO_ORDER = "max and min do not ask for an order"
TWO_ZEROS = "both entries of the pair are 0"
OTHER_ONE = "one is 1 by default, so the larger of both is 1 all the same"

EQUIVALENT = {
    ("torch_window", "if output_padding >= max(s, d):", "arguments exchanged"): NO_ORDER,
    (
        "conv_transpose_like",
        "cells = [cell if 0 <= cell < size else size for cell in range(begin, size - end)]",
        "0 to -1",
    ): "cell -1 is the last one, and that is the zero that was put there",
    ("tf_window", "total = max(L - output_size, 0)", "arguments exchanged"): NO_ORDER,
    ("tf_window", "total = max(L - output_size, 0)", "0 to 1"): "half of 1, rounded down, is half of 0",
    ("tf_window", 'begin, end = (0, 0) if padding == "VALID" else padding', "pair exchanged"): TWO_ZEROS,
    (
        "keras_window",
        "size = max(L, s * i) if output_padding is None else L + output_padding",
        "arguments exchanged",
    ): NO_ORDER,
    (
        "onnx_window",
        'def onnx_window(i, k, s=1, d=1, *, pads=(0, 0), output_padding=0, output_shape=None, auto_pad="NOTSET"):',
        "pair exchanged",
    ): TWO_ZEROS,
    (
        "onnx_window",
        'if pads != (0, 0) and (auto_pad != "NOTSET" or output_shape is not None):',
        "pair exchanged",
    ): TWO_ZEROS,
    ("onnx_window", "total = max(available - size, 0)", "arguments exchanged"): NO_ORDER,
    (
        "onnx_window",
        "size = min(s * i, available) if output_shape is None else output_shape",
        "arguments exchanged",
    ): NO_ORDER,
    ("to_torch_args", "def to_torch_args(window, s=1, d=1):", "1 to 0"): OTHER_ONE,
    (
        "to_torch_args",
        "if flip or begin < 0 or not 0 <= output_padding < max(s, d):",
        "arguments exchanged",
    ): NO_ORDER,
}
