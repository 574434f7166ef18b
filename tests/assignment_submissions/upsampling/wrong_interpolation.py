"""Wrong ``interpolate``."""

BOTH_OR_NONE = "if (scale_factor is None) == (size is None):"
CORNERS_ONLY = 'if align_corners is not None and mode != "bilinear":'
FACTOR = "count, ratio = int(cells * factor), 1 / factor"
NO_CELL = "if count < 1:"
NEAREST = "position = np.floor(m * ratio)"
EXACT = "position = np.floor((m + 0.5) * ratio)"
IF_CORNERS = "elif align_corners:"
CORNERS = "position = m * (cells - 1) / max(count - 1, 1)"
HALF_PIXEL = "position = np.clip((m + 0.5) * ratio - 0.5, 0, cells - 1)"
TENT = "return np.maximum(1 - np.abs(position[:, None] - np.arange(cells)), 0)"
RETURN = "return mixing(input.shape[2], 0) @ input @ mixing(input.shape[3], 1).T"

COPIED = "nearest_double nearest_factors nearest_size nearest_fractions"
CENTRED = "bilinear_double bilinear_factors bilinear_size bilinear_fractions"
MIXED = f"{CENTRED} bilinear_corners"
VALUES = f"{COPIED} nearest_exact {MIXED}"
SIZES = "nearest_size nearest_exact bilinear_size bilinear_corners"
CHANNELS = (
    "nearest_factors nearest_size nearest_fractions nearest_exact "
    "bilinear_factors bilinear_size bilinear_fractions bilinear_corners"
)
REFUSES, UNTOUCHED = "interpolate_refuses", "untouched"


def first(line):
    """An edit: the function begins with this line."""
    return [(BOTH_OR_NONE, f"{line}\n    {BOTH_OR_NONE}")]


def answered(text):
    """An edit: what becomes of the right answer, here called y."""
    return [(RETURN, f"y = {RETURN.removeprefix('return ')}\n    return {text}")]


def mixed(text):
    """The same in bilinear mode."""
    return answered(f'{text} if mode == "bilinear" else y')


WRONG = {
    "nearest_is_exact": (
        [(NEAREST, EXACT)],
        "nearest_size nearest_fractions",
        "the other of the two nearest rules is taken (M25)",
    ),
    "exact_is_nearest": ([(EXACT, NEAREST)], "nearest_exact", "the other of the two nearest rules is taken (M25)"),
    "nearest_rounds": ([(NEAREST, NEAREST.replace("floor", "rint"))], COPIED, "values differ"),
    "nearest_rounds_up": ([(NEAREST, NEAREST.replace("floor", "ceil"))], COPIED, "values differ"),
    "exact_rounds": (
        [(EXACT, "position = np.minimum(np.rint((m + 0.5) * ratio), cells - 1)")],
        "nearest_exact",
        "value",
    ),
    "corners_by_default": (
        [(IF_CORNERS, "elif align_corners or align_corners is None:")],
        CENTRED,
        "the corners are aligned where they should not be, or the other way round (M24a)",
    ),
    "corners_always": (
        [(IF_CORNERS, 'elif mode == "bilinear":')],
        CENTRED,
        "the corners are aligned where they should not be, or the other way round (M24a)",
    ),
    "corners_never": (
        [(IF_CORNERS, "elif False:")],
        "bilinear_corners",
        "the corners are aligned where they should not be, or the other way round (M24a)",
    ),
    "corners_of_one_cell": (
        [(CORNERS, "position = np.array([j * (cells - 1) / (count - 1) for j in range(count)])")],
        "bilinear_corners",
        "interpolate raises ZeroDivisionError",
    ),
    "corners_one_step_too_many": ([(CORNERS, "position = m * (cells - 1) / count")], "bilinear_corners", "differ"),
    "no_half_pixel": (
        [(HALF_PIXEL, "position = np.minimum(m * ratio, cells - 1)")],
        CENTRED,
        "the half-pixel offset is left out (M24b)",
    ),
    "half_a_pixel_too_far": ([(HALF_PIXEL, HALF_PIXEL.replace(" - 0.5,", ","))], CENTRED, "values differ"),
    "dark_border": ([(HALF_PIXEL, "position = (m + 0.5) * ratio - 0.5")], CENTRED, "values differ"),
    "dark_end": ([(HALF_PIXEL, "position = np.maximum((m + 0.5) * ratio - 0.5, 0)")], CENTRED, "differ"),
    "rounded_down": (mixed("np.floor(y)"), MIXED, "the values are rounded down to whole numbers (M26a)"),
    "rounded_to_even": (mixed("np.rint(y)"), MIXED, "the values are rounded to whole numbers, halves to even (M26b)"),
    "rounded_up_from_half": (
        mixed("np.floor(y + 0.5)"),
        MIXED,
        "the values are rounded to whole numbers, halves up (M26c)",
    ),
    "columns_are_copied": (
        [(TENT, "if axis:\n            position = np.rint(position)\n        " + TENT)],
        MIXED,
        "values differ",
    ),
    "tent_too_narrow": ([(TENT, TENT.replace("1 - np.abs", "1 - 2 * np.abs"))], MIXED, "differ"),
    "ratio_of_the_sizes": (
        [(FACTOR, "count = int(cells * factor)\n            ratio = cells / max(count, 1)")],
        "nearest_fractions bilinear_fractions",
        "differ",
    ),
    "size_rounded_to_the_nearest": (
        [(FACTOR, FACTOR.replace("int(cells", "round(cells"))],
        f"nearest_fractions nearest_exact bilinear_fractions {REFUSES}",
        "the shape differs",
    ),
    "whole_factors_only": (
        [(FACTOR, "factor = max(int(factor), 1)\n            " + FACTOR)],
        f"nearest_fractions nearest_exact bilinear_fractions bilinear_corners {REFUSES}",
        "the shape differs",
    ),
    "rows_and_columns_exchanged": (
        [("pair(scale_factor)[axis]", "pair(scale_factor)[1 - axis]"), ("pair(size)[axis]", "pair(size)[1 - axis]")],
        f"{CHANNELS} {REFUSES}",
        "the shape differs",
    ),
    "one_number_for_both": (
        [("pair(scale_factor)[axis]", "pair(scale_factor)[0]"), ("pair(size)[axis]", "pair(size)[0]")],
        f"{CHANNELS} {REFUSES}",
        "the shape differs",
    ),
    "only_square": (
        [(RETURN, "return mixing(input.shape[2], 0) @ input @ mixing(input.shape[2], 1).T")],
        f"{VALUES} {REFUSES} {UNTOUCHED}",
        "interpolate raises ValueError",
    ),
    "only_the_first_sample": (first("input = input[:1]"), CHANNELS, "the shape differs"),
    "only_the_first_channel": (first("input = input[:, :1]"), CHANNELS, "the shape differs"),
    "single_precision": (answered("y.astype(np.float32)"), VALUES, "expected float64, got float32"),
    "whole_numbers": (answered("y.astype(int)"), VALUES, "expected float64, got int64"),
    "without_axes": (answered("y.squeeze()"), VALUES, "the shape differs"),
    "a_list": (answered("y.tolist()"), f"{VALUES} {REFUSES} {UNTOUCHED}", "must be a NumPy array"),
    "input_given_away": (
        answered("input if y.shape == input.shape else y"),
        UNTOUCHED,
        "returns a part of an array that it was given",
    ),
    "input_erased": (answered("[y, input.fill(0)][0]"), UNTOUCHED, "changes an array that it was given"),
    "both_are_legal": (
        [(BOTH_OR_NONE, "if scale_factor is None and size is None:")],
        REFUSES,
        "interpolate must raise ValueError here: give either size or scale_factor, got size=4, scale_factor=2",
    ),
    "none_is_legal": (
        [
            (
                BOTH_OR_NONE,
                "if scale_factor is None and size is None:\n        return input.copy()\n    if scale_factor and size:",
            )
        ],
        REFUSES,
        "it returns an answer",
    ),
    "corners_for_copies": ([(CORNERS_ONLY, "if False:")], REFUSES, "it returns an answer"),
    "false_corners_for_copies": (
        [(CORNERS_ONLY, 'if align_corners and mode != "bilinear":')],
        REFUSES,
        "align_corners must be None for mode='nearest', got False",
    ),
    "no_cell_is_legal": ([(NO_CELL, "if False:")], REFUSES, "it returns an answer"),
    "another_error": ([("raise ValueError", "raise KeyError")], REFUSES, "it raises KeyError"),
}
