"""Wrong ``keras_window``."""

VALID_SIZE = "size = max(L, s * i) if output_padding is None else L + output_padding"
SAME_SIZE = "size = s * i if output_padding is None else L - K + K % 2 + output_padding"
RETURN = "return tf_window(i, k, s, d, output_size=size, padding=padding.upper())"
CROP = f"begin, end, flip = {RETURN.removeprefix('return ')}"
# The same without TensorFlow's refusals.
UNREFUSED = 'begin = max(L - size, 0) // 2 if padding == "same" else 0\n    return begin, L - begin - size, False'

SAME, VALID, MORE, REFUSES = "keras_same", "keras_valid", "keras_output_padding", "keras_refuses"
WINDOWS = f"{SAME} {VALID} {MORE}"


def then(line):
    """An edit: what happens to the right window."""
    return [(RETURN, f"{CROP}\n    {line}")]


WRONG = {
    "larger_half_first": (
        then('return (end, begin, flip) if padding == "same" and end > 0 else (begin, end, flip)'),
        f"{SAME} {MORE}",
        "begin and end of the crop are exchanged (M50)",
    ),
    "same_number_on_both_sides": (
        then('return begin, begin if padding == "same" else end, flip'),
        f"{SAME} {MORE}",
        "the same number of cells is cropped on both sides (M20)",
    ),
    "same_keeps_the_size": (
        [(SAME_SIZE, SAME_SIZE.replace("s * i", "i", 1)), (RETURN, UNREFUSED)],
        f"{SAME} {REFUSES}",
        '"same" is taken to keep the size (M21)',
    ),
    "valid_is_padding_zero": (
        [(VALID_SIZE, VALID_SIZE.replace("max(L, s * i)", "L"))],
        VALID,
        '"valid" is taken for padding 0, also where the stride is larger than the kernel (M22)',
    ),
    "valid_is_stride_times_input": (
        [(VALID_SIZE, VALID_SIZE.replace("max(L, s * i)", "s * i"))],
        VALID,
        "keras_window raises ValueError",
    ),
    "none_is_zero": (
        [("output_padding is None", "not output_padding")],
        f"{MORE} {REFUSES}",
        "output_padding is left out (M04e)",
    ),
    "output_padding_left_out": (
        [(VALID_SIZE, "size = max(L, s * i)"), (SAME_SIZE, "size = s * i")],
        f"{MORE} {REFUSES}",
        "output_padding is left out (M04e)",
    ),
    "output_padding_on_top": (
        [
            (VALID_SIZE, "size = max(L, s * i) + (output_padding or 0)"),
            (SAME_SIZE, "size = s * i + (output_padding or 0)"),
            (RETURN, UNREFUSED),
        ],
        f"{MORE} {REFUSES}",
        "output_padding is added to the size that Keras gives without it (M12c)",
    ),
    "output_padding_at_the_begin": (
        then("return (begin, end, flip) if output_padding is None else (end, begin, flip)"),
        MORE,
        "output_padding moves the begin of the crop instead of its end (M04d)",
    ),
    "as_in_pytorch": (
        [(RETURN, "p = (K - s + 1) // 2 if padding == 'same' else 0\n    return p, L - p - size, False")],
        f"{SAME} {MORE} {REFUSES}",
        "begin and end of the crop are exchanged (M50)",
    ),
    "kernel_always_odd": (
        [(SAME_SIZE, SAME_SIZE.replace("K % 2", "1"))],
        f"{MORE} {REFUSES}",
        "part 0: the number differs",
    ),
    "kernel_never_odd": ([(SAME_SIZE, SAME_SIZE.replace("K % 2", "0"))], f"{MORE} {REFUSES}", "raises ValueError"),
    "parity_without_dilation": ([(SAME_SIZE, SAME_SIZE.replace("K % 2", "k % 2"))], MORE, "part 0: the number differs"),
    "nothing_refused": ([(RETURN, UNREFUSED)], REFUSES, "must raise ValueError here: keras: the backend refuses"),
    "refuses_the_stride_itself": (
        [(RETURN, f"if output_padding is not None and output_padding >= s:\n        raise ValueError\n    {RETURN}")],
        f"{MORE} {REFUSES}",
        "raises ValueError",
    ),
    "refuses_no_more_than_the_layer": (
        [(RETURN, f"if (output_padding or 0) > s:\n        raise ValueError\n    {UNREFUSED}")],
        REFUSES,
        "it returns an answer",
    ),
    "another_error": (
        [(RETURN, f"try:\n        {RETURN}\n    except ValueError:\n        raise KeyError(padding)")],
        REFUSES,
        "it raises KeyError",
    ),
    "dilation_left_out": (
        [("sizes(i, k, s, d)", "sizes(i, k, s, 1)"), (RETURN, UNREFUSED)],
        f"{WINDOWS} {REFUSES}",
        "dilation is left out (M10)",
    ),
    "same_by_default": ([('padding="valid", out', 'padding="same", out')], f"{VALID} {MORE} {REFUSES}", "differs"),
    "words_exchanged": (
        [
            ('if padding == "valid"', 'if padding == "same"'),
            ("padding.upper()", '{"valid": "SAME", "same": "VALID"}[padding]'),
        ],
        f"{WINDOWS} {REFUSES}",
        "differs",
    ),
    "never_past_the_end": (then("return begin, max(end, 0), flip"), WINDOWS, "part 1: the number differs"),
    "turned": (then("return begin, end, True"), WINDOWS, "or turned where it is not (M01)"),
}
