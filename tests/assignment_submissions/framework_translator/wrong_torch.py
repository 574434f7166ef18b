"""Wrong ``torch_window``."""

CROP = "begin, end = padding, padding - output_padding"
TOO_LARGE = "if output_padding >= max(s, d):"
NOTHING_LEFT = "if L - begin - end < 1:"
RETURN = "return begin, end, False"

WINDOWS = "torch_padding torch_output_padding"
MORE = "torch_output_padding"
LIMIT, LEFT = "torch_refuses_output_padding", "torch_refuses_nothing_left"


def crop(text):
    """An edit: the crop at begin and end."""
    return [(CROP, f"begin, end = {text}")]


WRONG = {
    "padding_adds": (
        crop("-padding, -padding - output_padding"),
        f"{WINDOWS} {LEFT}",
        "padding adds zeros around the output (M02a)",
    ),
    "padding_left_out": (crop("0, -output_padding"), f"{WINDOWS} {LEFT}", "padding is left out (M02b)"),
    "padding_at_the_begin": (crop("padding, -output_padding"), f"{WINDOWS} {LEFT}", "crops the begin only (M05a)"),
    "padding_at_the_end": (crop("0, padding - output_padding"), f"{WINDOWS} {LEFT}", "crops the end only (M05b)"),
    "output_padding_left_out": (crop("padding, padding"), f"{MORE} {LEFT}", "output_padding is left out (M04e)"),
    "output_padding_on_both_sides": (
        crop("padding - output_padding, padding - output_padding"),
        f"{MORE} {LEFT}",
        "output_padding adds zeros on both sides (M04b)",
    ),
    "output_padding_at_the_begin": (
        crop("padding - output_padding, padding"),
        MORE,
        "output_padding moves the begin of the crop instead of its end (M04d)",
    ),
    "output_padding_crops": (
        crop("padding, padding + output_padding"),
        f"{MORE} {LEFT}",
        "output_padding is subtracted (M12b)",
    ),
    "never_past_the_end": (crop("padding, max(padding - output_padding, 0)"), MORE, "part 1: the number differs"),
    "begin_and_end_as_a_slice": (
        crop("padding, L - padding + output_padding"),
        f"{WINDOWS} {LIMIT} {LEFT}",
        "raises ValueError",
    ),
    "limited_by_the_stride": (
        [(TOO_LARGE, "if output_padding >= s:")],
        f"{MORE} {LIMIT}",
        "This call is legal. torch_window raises ValueError",
    ),
    "limited_by_the_dilation": (
        [(TOO_LARGE, "if output_padding >= d:")],
        f"{MORE} {LIMIT} {LEFT}",
        "raises ValueError",
    ),
    "limited_by_both": (
        [(TOO_LARGE, "if output_padding >= min(s, d) and output_padding > 0:")],
        f"{MORE} {LIMIT} {LEFT}",
        "raises ValueError",
    ),
    "limited_by_their_sum": (
        [(TOO_LARGE, "if output_padding >= s + d:")],
        LIMIT,
        "torch_window must raise ValueError here: output_padding must be smaller than stride or dilation",
    ),
    "limit_one_too_large": ([(TOO_LARGE, "if output_padding > max(s, d):")], LIMIT, "it returns an answer"),
    "any_output_padding": ([(TOO_LARGE, "if False:")], LIMIT, "it returns an answer"),
    "nothing_left_is_legal": (
        [(NOTHING_LEFT, "if False:")],
        LEFT,
        "torch_window must raise ValueError here: padding=2 leaves an output of size 0; it must be at least 1",
    ),
    "no_cell_is_legal": ([(NOTHING_LEFT, "if L - begin - end < 0:")], LEFT, "it returns an answer"),
    "one_cell_is_not_legal": ([(NOTHING_LEFT, "if L - begin - end <= 1:")], LEFT, "This call is legal"),
    "span_without_dilation": ([("sizes(i, k, s, d)", "sizes(i, k, s, 1)")], LEFT, "This call is legal"),
    "another_error": ([("raise ValueError", "raise IndexError")], f"{LIMIT} {LEFT}", "it raises IndexError"),
    "asserts": (
        [(TOO_LARGE, f"assert output_padding < max(s, d)\n    {TOO_LARGE}")],
        LIMIT,
        "it raises AssertionError",
    ),
    "none_for_an_error": (
        [('raise ValueError(f"padding', 'return None  # (f"padding')],
        LEFT,
        "it returns an answer",
    ),
    "turned": ([(RETURN, "return begin, end, True")], WINDOWS, "or turned where it is not (M01)"),
    "without_the_turn": ([(RETURN, "return begin, end")], WINDOWS, "3 parts are expected, got 2"),
    "numbers_for_true_and_false": (
        [(RETURN, "return begin, end, 0")],
        WINDOWS,
        "part 2: the answer must be True or False",
    ),
    "floats": ([(RETURN, "return float(begin), float(end), False")], WINDOWS, "part 0: the answer must be an int"),
    "an_array": ([(RETURN, "return np.array([begin, end, 0])")], f"{WINDOWS} {LIMIT} {LEFT}", "must be a tuple of 3"),
}
