"""Wrong ``pixel_shuffle``."""

REFUSED = "if channels % r**2:"
DEALT = "output[:, :, a::r, b::r] = input[:, a * r + b :: r**2]"
RETURN = "return output\n"

PIXEL, PICTURES, REFUSES, UNTOUCHED = "shuffle_pixel", "shuffle_pictures", "shuffle_refuses", "untouched"
VALUES = f"{PIXEL} {PICTURES}"


def dealt(text):
    """An edit: which channel goes where."""
    return [(DEALT, text)]


def answered(text):
    """An edit: what becomes of the right answer."""
    return [(RETURN, f"return {text}\n")]


WRONG = {
    "depth_to_space": (
        dealt("output[:, :, a::r, b::r] = np.split(input, r**2, axis=1)[a * r + b]"),
        VALUES,
        "the channels are read in TensorFlow's order (M40)",
    ),
    "rows_and_columns_exchanged": (dealt(DEALT.replace("a * r + b", "b * r + a")), VALUES, "values differ"),
    "both_mistakes": (
        dealt("output[:, :, a::r, b::r] = np.split(input, r**2, axis=1)[b * r + a]"),
        VALUES,
        "values differ",
    ),
    "from_the_last_channel": (dealt(DEALT.replace("a * r + b", "r**2 - 1 - a * r - b")), VALUES, "values differ"),
    "upside_down": (dealt(DEALT.replace("a * r + b", "(r - 1 - a) * r + b")), VALUES, "values differ"),
    "mirrored": (dealt(DEALT.replace("a * r + b", "a * r + r - 1 - b")), VALUES, "values differ"),
    "only_reshaped": (answered("input.reshape(output.shape).copy()"), PICTURES, "values differ"),
    "tiles_side_by_side": (
        dealt("output[:, :, a * height : (a + 1) * height, b * width : (b + 1) * width] = input[:, a * r + b :: r**2]"),
        PICTURES,
        "values differ",
    ),
    "first_channel_repeated": (dealt("output[:, :, a::r, b::r] = input[:, :: r**2]"), VALUES, "values differ"),
    "mean_repeated": (
        dealt("output[:, :, a::r, b::r] = input.reshape(batch, channels // r**2, r**2, height, width).mean(axis=2)"),
        VALUES,
        "values differ",
    ),
    "added_up": (dealt("output[:, :, ::r, ::r] += input[:, a * r + b :: r**2]"), VALUES, "values differ"),
    "rows_only": (
        answered("output[:, :, :, ::r]"),
        VALUES,
        "the shape differs",
    ),
    "only_factor_two": ([(REFUSED, f"r = 2\n    {REFUSED}")], f"{VALUES} {REFUSES} {UNTOUCHED}", "pixel_shuffle"),
    "one_channel_only": (answered("output[:, :1]"), f"{VALUES}", "the shape differs"),
    "the_other_way": (
        [(REFUSED, "return input.repeat(r, 2).repeat(r, 3)[:, : max(channels // r**2, 1)]\n    if False:")],
        f"{VALUES} {REFUSES}",
        "values differ",
    ),
    "only_square": (
        [("(batch, channels // r**2, height * r, width * r)", "(batch, channels // r**2, height * r, height * r)")],
        f"{PICTURES} {REFUSES} {UNTOUCHED}",
        "pixel_shuffle raises ValueError",
    ),
    "only_the_first_sample": (answered("output[:1]"), PICTURES, "the shape differs"),
    "pictures_turned": (answered("output.swapaxes(2, 3)"), VALUES, "differ"),
    "single_precision": (answered("output.astype(np.float32)"), VALUES, "expected float64, got float32"),
    "whole_numbers": (answered("output.astype(int)"), VALUES, "expected float64, got int64"),
    "without_axes": (answered("output.squeeze()"), VALUES, "the shape differs"),
    "nothing_refused": (
        [
            (REFUSED, "if False:"),
            (DEALT, "output[:, :, a::r, b::r] = input[:, a * r + b :: r**2][:, : output.shape[1]]"),
        ],
        REFUSES,
        "pixel_shuffle must raise ValueError here: input must have a multiple of upscale_factor^2=4 channels, got 6",
    ),
    "multiples_of_r": (
        [
            (REFUSED, "if channels % r:"),
            (DEALT, "output[:, :, a::r, b::r] = input[:, a * r + b :: r**2][:, : output.shape[1]]"),
        ],
        REFUSES,
        "it returns an answer",
    ),
    "another_error": ([("raise ValueError", "raise AttributeError")], REFUSES, "it raises AttributeError"),
    "asserts": ([(REFUSED, f"assert channels % r**2 == 0\n    {REFUSED}")], REFUSES, "it raises AssertionError"),
    "too_strict": (
        [(REFUSED, "if channels != r**2:")],
        f"{VALUES} {REFUSES} {UNTOUCHED}",
        "pixel_shuffle raises ValueError",
    ),
    "input_given_away": (
        answered("input if r == 1 else output"),
        UNTOUCHED,
        "returns a part of an array that it was given",
    ),
    "a_view_for_one": (
        answered("input.reshape(batch, -1, r, r, height, width).transpose(0, 1, 4, 2, 5, 3).reshape(output.shape)"),
        UNTOUCHED,
        "returns a part of an array that it was given",
    ),
    "input_erased": (answered("[output, input.fill(0)][0]"), UNTOUCHED, "changes an array that it was given"),
}
