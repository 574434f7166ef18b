"""Wrong ``tf_window``."""

SIZES = "K, L = sizes(i, k, s, d)"
TOTAL = "total = max(L - output_size, 0)"
HALF = "begin, back = total // 2, -(-output_size // s)"
PADS = 'begin, end = (0, 0) if padding == "VALID" else padding'
BACK = "back = (output_size + begin + end - K) // s + 1"
REFUSED = "if output_size < 1 or back != i:"
RETURN = "return begin, L - begin - output_size, False"

SAME, VALID, PAIR, REFUSES = "tf_same tf_same_gaps", "tf_valid", "tf_pair", "tf_refuses"
WINDOWS = f"{VALID} {SAME} {PAIR}"


def spans(text):
    """An edit: the kernel spans other than K cells."""
    return [(SIZES, f"K = {text}\n    L = s * (i - 1) + K")]


WRONG = {
    "larger_half_first": (
        [(HALF, HALF.replace("total // 2", "total - total // 2"))],
        "tf_same",
        "begin and end of the crop are exchanged (M50)",
    ),
    "same_number_on_both_sides": (
        [(RETURN, 'return begin, begin if padding == "SAME" else L - begin - output_size, False')],
        SAME,
        "the same number of cells is cropped on both sides (M20)",
    ),
    "zeros_before_the_first_stamp": (
        [(TOTAL, "total = L - output_size")],
        "tf_same_gaps",
        "part 0: the number differs",
    ),
    "always_stride_times_input": (
        [(TOTAL, f"output_size = s * i\n        {TOTAL}")],
        f"{SAME} {REFUSES}",
        "the output is taken to be stride times the input (M12c)",
    ),
    "crop_only_at_the_end": ([(HALF, HALF.replace("total // 2", "0"))], "tf_same", "part 0: the number differs"),
    "crop_only_at_the_begin": ([(HALF, HALF.replace("total // 2", "total"))], "tf_same", "exchanged (M50)"),
    "one_half_cell": (
        [(HALF, HALF.replace("total // 2", "total / 2"))],
        f"{SAME}",
        "part 0: the answer must be an int",
    ),
    "valid_has_one_size": (
        [(REFUSED, REFUSED[:-1] + ' or (padding == "VALID" and output_size != L):')],
        f"{VALID} {REFUSES}",
        "This call is legal. tf_window raises ValueError",
    ),
    "valid_is_same": (
        [('if padding == "SAME":', "if isinstance(padding, str):")],
        f"{VALID} {REFUSES}",
        "tf_window raises",
    ),
    "pair_is_the_crop": (
        [(RETURN, "return begin, L - begin - output_size if isinstance(padding, str) else end, False")],
        PAIR,
        "what the forward convolution never reads is cropped at the end as well (M04e)",
    ),
    "pair_exchanged": ([("else padding\n", "else padding[::-1]\n")], PAIR, "part 0: the number differs"),
    "pair_adds": ([(RETURN, f"begin = begin if isinstance(padding, str) else -begin\n    {RETURN}")], PAIR, "part 0"),
    "dilation_left_out": (
        [(SIZES, "K, L = sizes(i, k, s, 1)")],
        f"{VALID} tf_same {REFUSES}",
        "dilation is left out (M10)",
    ),
    "span_k_times_d": (spans("k * d"), f"{VALID} tf_same {REFUSES}", "the dilated kernel counts as k * d cells (M09a)"),
    "span_k_plus_d": (spans("k + d - 1"), f"{VALID} tf_same", "the dilated kernel counts as k + d - 1 cells (M09b)"),
    "steps_one_too_many": (
        [(SIZES, f"{SIZES}\n    L += s")],
        WINDOWS,
        "the formula has stride * i instead of stride * (i - 1) (M12a)",
    ),
    "same_rounds_down": ([("-(-output_size // s)", "output_size // s")], f"{SAME} {REFUSES}", "raises ValueError"),
    "same_refuses_nothing": (
        [("-(-output_size // s)", "i")],
        REFUSES,
        "must raise ValueError here: tensorflow: output_size",
    ),
    "without_the_first_place": ([(BACK, BACK.removesuffix(" + 1"))], f"{VALID} {PAIR} {REFUSES}", "raises ValueError"),
    "padding_counted_once": ([(BACK, BACK.replace(" + end", ""))], f"{PAIR} {REFUSES}", "raises ValueError"),
    "nothing_refused": ([(REFUSED, "if False:")], REFUSES, "it returns an answer"),
    "size_zero_is_legal": ([(REFUSED, "if back != i:")], REFUSES, "it returns an answer"),
    "another_error": ([("raise ValueError", "raise RuntimeError")], REFUSES, "it raises RuntimeError"),
    "at_least_the_size": ([(REFUSED, "if output_size < 1 or back < i:")], REFUSES, "it returns an answer"),
    "never_past_the_end": (
        [(RETURN, "return begin, max(L - begin - output_size, 0), False")],
        f"{VALID} tf_same_gaps {PAIR}",
        "part 1: the number differs",
    ),
    "turned": ([(RETURN, "return begin, L - begin - output_size, True")], WINDOWS, "or turned where it is not (M01)"),
}
