"""Wrong answers to the upsampling assignment; form: tools/submissions.py."""

WRONG, IDEAS, ALSO = {}, {}, {}

# ------------------------------------------------------------------ interpolate

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
    return BOTH_OR_NONE, f"{line}\n    {BOTH_OR_NONE}"


def answered(text):
    """An edit: what becomes of the right answer, here called y."""
    return RETURN, f"y = {RETURN.removeprefix('return ')}\n    return {text}"


def mixed(text):
    """The same in bilinear mode."""
    return answered(f'{text} if mode == "bilinear" else y')


WRONG["interpolate", "nearest_size nearest_fractions"] = {"nearest_is_exact": ("M25", (NEAREST, EXACT))}
WRONG["interpolate", "nearest_exact"] = {
    "exact_is_nearest": ("M25", (EXACT, NEAREST)),
    "exact_rounds": ("value", (EXACT, "position = np.minimum(np.rint((m + 0.5) * ratio), cells - 1)")),
}
WRONG["interpolate", COPIED] = {
    "nearest_rounds": ("values differ", (NEAREST, NEAREST.replace("floor", "rint"))),
    "nearest_rounds_up": ("values differ", (NEAREST, NEAREST.replace("floor", "ceil"))),
}
WRONG["interpolate", CENTRED] = {
    "corners_by_default": ("M24a", (IF_CORNERS, "elif align_corners or align_corners is None:")),
    "corners_always": ("M24a", (IF_CORNERS, 'elif mode == "bilinear":')),
    "no_half_pixel": ("M24b", (HALF_PIXEL, "position = np.minimum(m * ratio, cells - 1)")),
    "half_a_pixel_too_far": ("values differ", (HALF_PIXEL, HALF_PIXEL.replace(" - 0.5,", ","))),
    "dark_border": ("values differ", (HALF_PIXEL, "position = (m + 0.5) * ratio - 0.5")),
    "dark_end": ("differ", (HALF_PIXEL, "position = np.maximum((m + 0.5) * ratio - 0.5, 0)")),
}
WRONG["interpolate", "bilinear_corners"] = {
    "corners_never": ("M24a", (IF_CORNERS, "elif False:")),
    "corners_of_one_cell": (
        "interpolate raises ZeroDivisionError",
        (CORNERS, "position = np.array([j * (cells - 1) / (count - 1) for j in range(count)])"),
    ),
    "corners_one_step_too_many": ("differ", (CORNERS, "position = m * (cells - 1) / count")),
}
WRONG["interpolate", MIXED] = {
    "rounded_down": ("M26a", mixed("np.floor(y)")),
    "rounded_to_even": ("M26b", mixed("np.rint(y)")),
    "rounded_up_from_half": ("M26c", mixed("np.floor(y + 0.5)")),
    "columns_are_copied": (
        "values differ",
        (TENT, "if axis:\n            position = np.rint(position)\n        " + TENT),
    ),
    "tent_too_narrow": ("differ", (TENT, TENT.replace("1 - np.abs", "1 - 2 * np.abs"))),
}
WRONG["interpolate", "nearest_fractions bilinear_fractions"] = {
    "ratio_of_the_sizes": ("differ", (FACTOR, "count = int(cells * factor)\n            ratio = cells / max(count, 1)"))
}
WRONG["interpolate", f"nearest_fractions nearest_exact bilinear_fractions {REFUSES}"] = {
    "size_rounded_to_the_nearest": ("shape", (FACTOR, FACTOR.replace("int(cells", "round(cells")))
}
WRONG["interpolate", f"nearest_fractions nearest_exact bilinear_fractions bilinear_corners {REFUSES}"] = {
    "whole_factors_only": ("shape", (FACTOR, "factor = max(int(factor), 1)\n            " + FACTOR))
}
WRONG["interpolate", f"{CHANNELS} {REFUSES}"] = {
    "rows_and_columns_exchanged": (
        "shape",
        ("pair(scale_factor)[axis]", "pair(scale_factor)[1 - axis]"),
        ("pair(size)[axis]", "pair(size)[1 - axis]"),
    ),
    "one_number_for_both": (
        "shape",
        ("pair(scale_factor)[axis]", "pair(scale_factor)[0]"),
        ("pair(size)[axis]", "pair(size)[0]"),
    ),
}
WRONG["interpolate", f"{VALUES} {REFUSES} {UNTOUCHED}"] = {
    "only_square": (
        "interpolate raises ValueError",
        (RETURN, "return mixing(input.shape[2], 0) @ input @ mixing(input.shape[2], 1).T"),
    ),
    "a_list": ("must be a NumPy array", answered("y.tolist()")),
}
WRONG["interpolate", CHANNELS] = {
    "only_the_first_sample": ("shape", first("input = input[:1]")),
    "only_the_first_channel": ("shape", first("input = input[:, :1]")),
}
WRONG["interpolate", VALUES] = {
    "single_precision": ("expected float64, got float32", answered("y.astype(np.float32)")),
    "whole_numbers": ("expected float64, got int64", answered("y.astype(int)")),
    "without_axes": ("shape", answered("y.squeeze()")),
}
WRONG["interpolate", UNTOUCHED] = {
    "input_given_away": ("shared", answered("input if y.shape == input.shape else y")),
    "input_erased": ("changed", answered("[y, input.fill(0)][0]")),
}
WRONG["interpolate", REFUSES] = {
    "both_are_legal": (
        "interpolate must raise ValueError here: give either size or scale_factor, got size=4, scale_factor=2",
        (BOTH_OR_NONE, "if scale_factor is None and size is None:"),
    ),
    "none_is_legal": (
        "accepted",
        (
            BOTH_OR_NONE,
            "if scale_factor is None and size is None:\n        return input.copy()\n    if scale_factor and size:",
        ),
    ),
    "corners_for_copies": ("accepted", (CORNERS_ONLY, "if False:")),
    "false_corners_for_copies": (
        "align_corners must be None for mode='nearest', got False",
        (CORNERS_ONLY, 'if align_corners and mode != "bilinear":'),
    ),
    "no_cell_is_legal": ("accepted", (NO_CELL, "if False:")),
    "another_error": ("it raises KeyError", ("raise ValueError", "raise KeyError")),
}

# ------------------------------------------------------------------ bilinear_kernel

REFUSED = "if f < 1:"
SIZE = "k = 2 * f - f % 2"
TENT = "tent = 1 - np.abs(np.arange(k) - (k - 1) / 2) / f"
RETURN = "return np.outer(tent, tent)"

EVEN, ODD, ONE, REFUSES = "kernel_even", "kernel_odd", "kernel_one", "kernel_refuses"
TENTS = f"{EVEN} {ODD}"
ALL = f"{TENTS} {ONE}"


def tent(text):
    """An edit: the weights along one axis."""
    return TENT, f"tent = {text}"


def answered(text):
    """An edit: the kernel."""
    return RETURN, f"return {text}"


WRONG["bilinear_kernel", TENTS] = {
    "divided_along_one_axis": (
        "the kernel is divided by its sum, along one axis only (M32)",
        answered("np.outer(tent, tent) / tent.sum()"),
    ),
    "a_row": ("shape", answered("tent[None]")),
    "smaller_of_both": ("values differ", answered("np.minimum.outer(tent, tent)")),
    "sum_of_both": ("values differ", answered("np.add.outer(tent, tent) / 2")),
    "a_cone": ("values differ", answered("np.maximum(1 - np.hypot.outer(1 - tent, 1 - tent), 0)")),
    "as_large_as_the_stride": ("shape", (SIZE, "k = f")),
    "corners_aligned": (
        "the corners are aligned: the tent begins and ends with 0 (M24a)",
        tent("1 - np.abs(np.linspace(-1, 1, k)) if f > 1 else np.ones(1)"),
    ),
    "falls_too_slowly": ("values differ", tent("1 - np.abs(np.arange(k) - (k - 1) / 2) / (f + 1)")),
    "a_box": ("values differ", tent("np.ones(k)")),
    "nearest": ("values differ", tent("(np.abs(np.arange(k) - (k - 1) / 2) < f / 2).astype(float)")),
    "squared": ("values differ", answered("np.outer(tent, tent) ** 2")),
    "a_ramp": ("values differ", tent("1 - (np.arange(k) - (k - 1) / 2) / f")),
    "whole_division": ("values differ", tent("1 - np.abs(np.arange(k) - (k - 1) / 2) // f")),
    "rounded": ("differ", answered("np.outer(tent, tent).round(3)")),
}
WRONG["bilinear_kernel", EVEN] = {
    "divided_by_its_largest": ("values differ", answered("np.outer(tent, tent) / tent.max() ** 2")),
    "always_odd": ("shape", (SIZE, "k = 2 * f - 1")),
    "on_a_cell": (
        "the half pixel is left out: the tent stands on a cell (M24b)",
        tent("1 - np.abs(np.arange(k) - k // 2) / f"),
    ),
    "on_the_cell_before": ("values differ", tent("1 - np.abs(np.arange(k) - (k - 1) // 2) / f")),
}
WRONG["bilinear_kernel", ALL] = {
    "one_axis_only": ("shape", answered("tent")),
    "zeros_at_the_ends": ("shape", (SIZE, "k = 2 * f - f % 2 + 2")),
    "parity_exchanged": ("shape", (SIZE, "k = 2 * f - (f + 1) % 2")),
    "single_precision": ("expected float64, got float32", answered("np.outer(tent, tent).astype(np.float32)")),
    "whole_numbers": ("expected float64, got int64", answered("np.outer(tent, tent).astype(int)")),
    "for_a_layer": ("shape", answered("np.outer(tent, tent)[None, None]")),
}
WRONG["bilinear_kernel", f"{ODD} {ONE}"] = {
    "always_even": ("shape", (SIZE, "k = 2 * f")),
    "always_between": ("value", tent("1 - np.abs(np.arange(k) - f + 0.5) / f")),
}
WRONG["bilinear_kernel", ODD] = {
    "falls_by_half_its_size": ("values differ", tent("1 - np.abs(np.arange(k) - (k - 1) / 2) / (k / 2)")),
    "falls_too_fast": ("values differ", tent("1 - np.abs(np.arange(k) - (k - 1) / 2) / (f - f % 2 / 2)")),
}
WRONG["bilinear_kernel", f"{ALL} {REFUSES}"] = {
    "a_list": ("must be a NumPy array", answered("np.outer(tent, tent).tolist()"))
}
WRONG["bilinear_kernel", REFUSES] = {
    "nothing_refused": (
        "bilinear_kernel must raise ValueError here: f must be at least 1, got 0",
        (REFUSED, "if f == 0:\n        return np.zeros((0, 0))\n    f = abs(f)\n    if False:"),
    ),
    "zero_is_legal": ("accepted", (REFUSED, "if f == 0:\n        return np.ones((1, 1))\n    if f < 0:")),
    "another_error": ("it raises ZeroDivisionError", ("raise ValueError", "raise ZeroDivisionError")),
}
WRONG["bilinear_kernel", f"{ONE} {REFUSES}"] = {"one_is_not_legal": ("This call is legal", (REFUSED, "if f <= 1:"))}

# ------------------------------------------------------------------ max_pool2d

KERNEL = "high, wide = pair(kernel_size)"
STRIDE = "down, right = pair(kernel_size if stride is None else stride)"
SIZE = "rows, columns = (height - high) // down + 1, (width - wide) // right + 1"
REFUSED = "if rows < 1 or columns < 1:"
WHOLE = "indices = np.zeros(values.shape, dtype=np.int64)"
PLACE = "place = window.argmax(axis=2)"
VALUE = "values[:, :, i, j] = window.max(axis=2)"
INDEX = "indices[:, :, i, j] = (top + place // wide) * width + left + place % wide"
RETURN = "return (values, indices) if return_indices else values"

VALUES, INDICES, WINDOWS, CHANNELS, REFUSES = (
    "pool_values",
    "pool_indices",
    "pool_windows",
    "pool_channels",
    "pool_refuses",
)
NAMED = f"{INDICES} {WINDOWS} {CHANNELS}"
ALL = f"{VALUES} {NAMED}"


def index(text):
    """An edit: the index of a value."""
    return INDEX, f"indices[:, :, i, j] = {text}"


WRONG["max_pool2d", NAMED] = {
    "index_in_the_window": ("M27b", index("place")),
    "index_of_the_corner": ("values differ", index("top * width + left")),
    "index_column_by_column": ("differ", index("(left + place % wide) * height + top + place // wide")),
    "index_with_the_height": ("part 1: ", index("(top + place // wide) * height + left + place % wide")),
    "index_with_the_pooled_width": ("part 1: ", index("(top + place // wide) * columns + left + place % wide")),
    "index_from_one": ("part 1: ", index(f"1 + {INDEX.partition(' = ')[2]}")),
    "last_of_equal_values": ("part 1: ", (PLACE, "place = high * wide - 1 - window[:, :, ::-1].argmax(axis=2)")),
    "indices_are_floats": ("part 1: the dtype differs", (WHOLE, WHOLE.replace("np.int64", "float"))),
    "indices_are_small": ("expected int64, got int32", (WHOLE, WHOLE.replace("int64", "int32"))),
    "indices_first": ("part 0: ", (RETURN, RETURN.replace("values, indices", "indices, values"))),
}
WRONG["max_pool2d", WINDOWS] = {
    "index_with_the_height_of_the_window": ("part 1: ", index("(top + place // high) * width + left + place % high")),
    "stride_ignored": ("shape", (STRIDE, "down, right = high, wide")),
    "strides_exchanged": ("shape", (STRIDE, STRIDE.replace("down, right", "right, down"))),
}
WRONG["max_pool2d", CHANNELS] = {
    "index_over_all_planes": (
        "part 1: ",
        index(f"np.arange(batch * channels).reshape(batch, channels) * height * width + {INDEX.partition(' = ')[2]}"),
    ),
    "index_in_its_sample": ("part 1: ", index(f"np.arange(channels) * height * width + {INDEX.partition(' = ')[2]}")),
    "only_the_first_sample": ("shape", (KERNEL, f"input = input[:1]\n    {KERNEL}")),
    "only_the_first_channel": ("shape", (KERNEL, f"input = input[:, :1]\n    {KERNEL}")),
    "largest_of_all_channels": ("part 0: ", (VALUE, "values[:, :, i, j] = window.max(axis=(1, 2))[:, None]")),
}
WRONG["max_pool2d", VALUES] = {
    "at_least_zero": ("values differ", (VALUE, "values[:, :, i, j] = np.maximum(window.max(axis=2), 0)")),
    "absolute_values": ("values differ", (VALUE, "values[:, :, i, j] = np.abs(window).max(axis=2)")),
}
WRONG["max_pool2d", ALL] = {
    "mean": ("values differ", (VALUE, "values[:, :, i, j] = window.mean(axis=2)")),
    "smallest": ("values differ", (VALUE, "values[:, :, i, j] = window.min(axis=2)")),
    "stride_one_by_default": ("shape", (STRIDE, "down, right = pair(1 if stride is None else stride)")),
    "values_are_whole": (
        "the dtype differs: expected float64, got int64",
        (RETURN, "values = values.astype(int)\n    " + RETURN),
    ),
}
WRONG["max_pool2d", f"{WINDOWS} {REFUSES}"] = {
    "window_turned": ("shape", (KERNEL, "wide, high = pair(kernel_size)")),
    "only_square_windows": ("max_pool2d", (KERNEL, "high = wide = pair(kernel_size)[0]")),
    "size_rounded_up": (
        "max_pool2d raises ValueError",
        (SIZE, "rows, columns = -(-(height - high) // down) + 1, -(-(width - wide) // right) + 1"),
    ),
}
WRONG["max_pool2d", f"{ALL} {REFUSES}"] = {
    "one_window_too_few": (
        "max_pool2d raises ValueError",
        (SIZE, "rows, columns = -(-(height - high) // down), -(-(width - wide) // right)"),
    )
}
WRONG["max_pool2d", f"{VALUES} {CHANNELS}"] = {
    "always_both": ("the answer must be a NumPy array", (RETURN, "return values, indices"))
}
WRONG["max_pool2d", f"{NAMED} {REFUSES}"] = {
    "never_both": ("the answer must be a tuple of 2", (RETURN, "return values"))
}
WRONG["max_pool2d", INDICES] = {
    "values_by_default": ("the answer must be a tuple of 2", ("return_indices=True", "return_indices=False"))
}
WRONG["max_pool2d", REFUSES] = {
    "nothing_refused": (
        "max_pool2d must raise ValueError here: kernel_size=3 with dilation=1 spans 3 cells",
        (REFUSED, "rows, columns = max(rows, 0), max(columns, 0)\n    if False:"),
    ),
    "another_error": ("it raises IndexError", ("raise ValueError", "raise IndexError")),
}
WRONG["max_pool2d", f"{VALUES} {INDICES} {CHANNELS} {REFUSES}"] = {
    "refuses_an_exact_fit": ("This call is legal", (REFUSED, "if high >= height or wide >= width:"))
}

# ------------------------------------------------------------------ max_unpool2d

SIZES = "kernel_size, stride = pair(kernel_size), pair(kernel_size if stride is None else stride)"
USUAL = "usual = tuple(s * (i - 1) + k for i, k, s in zip(input.shape[2:], kernel_size, stride))"
GIVEN = "height, width = usual if output_size is None else output_size"
TOO_FAR = "if abs(height - usual[0]) >= stride[0] or abs(width - usual[1]) >= stride[1]:"
OUTSIDE = "if indices.min() < 0 or indices.max() >= height * width:"
PUT = "planes[n, c, indices[n, c]] = input[n, c]"
SHAPED = "return planes.reshape(*input.shape[:2], height, width)"

PLACES, FORMS, TWICE, PLANES, OUTPUT_SIZE, UNREFUSED, UNTOUCHED = (
    "unpool_places",
    "unpool_windows",
    "unpool_twice",
    "unpool_channels",
    "unpool_output_size",
    "unpool_refuses",
    "untouched",
)
EVERY = f"{PLACES} {FORMS} {TWICE} {PLANES} {OUTPUT_SIZE}"


def put(text):
    """An edit: how the values of a plane get to their cells."""
    return PUT, text


def finally_(text):
    """An edit: what becomes of the right answer, here called y."""
    return SHAPED, f"y = {SHAPED.removeprefix('return ')}\n    return {text}"


TOP_LEFT = "np.arange(input.shape[2])[:, None] * stride[0] * width + np.arange(input.shape[3]) * stride[1]"

WRONG["max_unpool2d", EVERY] = {
    "averaged_into_the_window": (
        "differ",
        put("planes[n, c, indices[n, c]] = input[n, c] / (kernel_size[0] * kernel_size[1])"),
    ),
    "index_column_by_column": (
        "values differ",
        put("planes[n, c, indices[n, c] % height * width + indices[n, c] // height] = input[n, c]"),
    ),
    "index_from_one": ("values differ", put("planes[n, c, indices[n, c] - 1] = input[n, c]")),
    "once_only": (
        "differ",
        put(
            "planes[n, c, indices[n, c]] = np.where(np.isin(indices[n, c], indices[n, c].ravel()[:1]), 0, input[n, c])"
        ),
    ),
    "single_precision": ("expected float64, got float32", finally_("y.astype(np.float32)")),
    "whole_numbers": ("expected float64, got int64", finally_("y.astype(int)")),
    "flat": ("shape", finally_("y.reshape(*input.shape[:2], -1)")),
}
WRONG["max_unpool2d", f"{EVERY} {UNREFUSED}"] = {
    "index_in_the_window": (
        "differ",
        put(
            f"place = indices[n, c] % (kernel_size[0] * kernel_size[1])\n        planes[n, c, {TOP_LEFT} + "
            "place // kernel_size[1] * width + place % kernel_size[1]] = input[n, c]"
        ),
    )
}
WRONG["max_unpool2d", PLACES] = {
    "never_negative": ("differ", put("planes[n, c, indices[n, c]] = np.maximum(input[n, c], 0)"))
}
WRONG["max_unpool2d", f"{PLANES} {OUTPUT_SIZE}"] = {
    "indices_of_the_first_plane": ("differ", put("planes[n, c, indices[0, 0]] = input[n, c]")),
    "all_in_one_plane": ("values differ", put("planes[0, 0, indices[n, c]] = input[n, c]")),
    "only_the_first_sample": ("shape", finally_("y[:1]")),
}
WRONG["max_unpool2d", f"{FORMS} {TWICE} {OUTPUT_SIZE}"] = {
    "kernel_times_cells": ("max_unpool2d", (USUAL, USUAL.replace("s * (i - 1) + k", "k * i")))
}
WRONG["max_unpool2d", f"{FORMS} {TWICE} {UNREFUSED}"] = {
    "stride_times_cells": ("max_unpool2d", (USUAL, USUAL.replace("s * (i - 1) + k", "s * i")))
}
WRONG["max_unpool2d", f"{PLACES} {PLANES} {OUTPUT_SIZE} {UNREFUSED} {UNTOUCHED}"] = {
    "stride_one_by_default": (
        "max_unpool2d raises ValueError",
        (SIZES, SIZES.replace("kernel_size if stride is None", "1 if stride is None")),
    )
}
WRONG["max_unpool2d", f"{FORMS} {TWICE} {OUTPUT_SIZE} {UNREFUSED}"] = {
    "stride_ignored": ("max_unpool2d", (SIZES, "kernel_size = stride = pair(kernel_size)"))
}
WRONG["max_unpool2d", f"{FORMS} {OUTPUT_SIZE} {UNREFUSED} {PLANES}"] = {
    "rows_for_columns": ("max_unpool2d", (SIZES, f"{SIZES}\n    kernel_size, stride = kernel_size[::-1], stride[::-1]"))
}
WRONG["max_unpool2d", f"{FORMS} {UNREFUSED} {PLANES}"] = {
    "only_square": ("max_unpool2d", (SIZES, f"{SIZES}\n    kernel_size, stride = kernel_size[:1] * 2, stride[:1] * 2"))
}
WRONG["max_unpool2d", f"{OUTPUT_SIZE} {UNREFUSED}"] = {
    "output_size_ignored": ("max_unpool2d", (GIVEN, "height, width = usual"))
}
WRONG["max_unpool2d", OUTPUT_SIZE] = {
    "numbered_by_the_usual_width": (
        "max_unpool2d",
        put("planes[n, c, indices[n, c] // usual[1] * width + indices[n, c] % usual[1]] = input[n, c]"),
    ),
    "never_smaller": (
        "max_unpool2d raises ValueError",
        (TOO_FAR, TOO_FAR.replace("abs(height - usual[0])", "height < usual[0] or height - usual[0]")),
    ),
}
WRONG["max_unpool2d", f"{OUTPUT_SIZE} {UNREFUSED} {UNTOUCHED}"] = {
    "output_size_exchanged": (
        "max_unpool2d",
        (GIVEN, "height, width = usual if output_size is None else output_size[::-1]"),
    ),
    "the_usual_size_only": ("max_unpool2d raises ValueError", (TOO_FAR, "if (height, width) != tuple(usual):")),
}
WRONG["max_unpool2d", UNREFUSED] = {
    "any_output_size": (
        "max_unpool2d must raise ValueError here: output_size must be less than one stride (2) away from 4",
        (TOO_FAR, "if False:"),
    ),
    "one_stride_away": ("accepted", (TOO_FAR, TOO_FAR.replace(">=", ">"))),
    "indices_not_looked_at": ("it raises IndexError", (OUTSIDE, "if False:")),
    "negative_indices": (
        "indices must be from 0 to 15 for a 4x4 output, got -1",
        (OUTSIDE, "if indices.max() >= height * width:"),
    ),
    "one_index_too_many": ("it raises IndexError", (OUTSIDE, OUTSIDE.replace(">=", ">"))),
    "left_out_if_outside": (
        "accepted",
        (OUTSIDE, "if False:"),
        (
            PUT,
            "inside = (indices[n, c] >= 0) & (indices[n, c] < height * width)\n        "
            "planes[n, c, indices[n, c][inside]] = input[n, c][inside]",
        ),
    ),
    "another_error": ("it raises LookupError", ("raise ValueError", "raise LookupError")),
}
WRONG["max_unpool2d", PLANES] = {"only_the_first_channel": ("shape", finally_("y[:, :1]"))}
WRONG["max_unpool2d", UNTOUCHED] = {
    "input_given_away": ("shared", finally_("input if kernel_size == (1, 1) and np.array_equal(y, input) else y")),
    "indices_changed": ("changed", finally_("[y, indices.fill(0)][0]")),
}
IDEAS["max_unpool2d", EVERY] = "M27a"
IDEAS["max_unpool2d", "unpool_twice"] = "M28"

# ------------------------------------------------------------------ pixel_shuffle

REFUSED = "if channels % r**2:"
DEALT = "output[:, :, a::r, b::r] = input[:, a * r + b :: r**2]"
RETURN = "return output\n"

PIXEL, PICTURES, REFUSES, UNTOUCHED = "shuffle_pixel", "shuffle_pictures", "shuffle_refuses", "untouched"
VALUES = f"{PIXEL} {PICTURES}"


def dealt(text):
    """An edit: which channel goes where."""
    return DEALT, text


def answered(text):
    """An edit: what becomes of the right answer."""
    return RETURN, f"return {text}\n"


WRONG["pixel_shuffle", VALUES] = {
    "rows_and_columns_exchanged": ("values differ", dealt(DEALT.replace("a * r + b", "b * r + a"))),
    "both_mistakes": ("values differ", dealt("output[:, :, a::r, b::r] = np.split(input, r**2, axis=1)[b * r + a]")),
    "from_the_last_channel": ("values differ", dealt(DEALT.replace("a * r + b", "r**2 - 1 - a * r - b"))),
    "upside_down": ("values differ", dealt(DEALT.replace("a * r + b", "(r - 1 - a) * r + b"))),
    "mirrored": ("values differ", dealt(DEALT.replace("a * r + b", "a * r + r - 1 - b"))),
    "first_channel_repeated": ("values differ", dealt("output[:, :, a::r, b::r] = input[:, :: r**2]")),
    "mean_repeated": (
        "values differ",
        dealt("output[:, :, a::r, b::r] = input.reshape(batch, channels // r**2, r**2, height, width).mean(axis=2)"),
    ),
    "added_up": ("values differ", dealt("output[:, :, ::r, ::r] += input[:, a * r + b :: r**2]")),
    "rows_only": ("shape", answered("output[:, :, :, ::r]")),
    "one_channel_only": ("shape", answered("output[:, :1]")),
    "pictures_turned": ("differ", answered("output.swapaxes(2, 3)")),
    "single_precision": ("expected float64, got float32", answered("output.astype(np.float32)")),
    "whole_numbers": ("expected float64, got int64", answered("output.astype(int)")),
    "without_axes": ("shape", answered("output.squeeze()")),
}
WRONG["pixel_shuffle", PICTURES] = {
    "only_reshaped": ("values differ", answered("input.reshape(output.shape).copy()")),
    "tiles_side_by_side": (
        "values differ",
        dealt("output[:, :, a * height : (a + 1) * height, b * width : (b + 1) * width] = input[:, a * r + b :: r**2]"),
    ),
    "only_the_first_sample": ("shape", answered("output[:1]")),
}
WRONG["pixel_shuffle", f"{VALUES} {REFUSES} {UNTOUCHED}"] = {
    "only_factor_two": ("pixel_shuffle", (REFUSED, f"r = 2\n    {REFUSED}")),
    "too_strict": ("pixel_shuffle raises ValueError", (REFUSED, "if channels != r**2:")),
}
WRONG["pixel_shuffle", f"{VALUES} {REFUSES}"] = {
    "the_other_way": (
        "values differ",
        (REFUSED, "return input.repeat(r, 2).repeat(r, 3)[:, : max(channels // r**2, 1)]\n    if False:"),
    )
}
WRONG["pixel_shuffle", f"{PICTURES} {REFUSES} {UNTOUCHED}"] = {
    "only_square": (
        "pixel_shuffle raises ValueError",
        ("(batch, channels // r**2, height * r, width * r)", "(batch, channels // r**2, height * r, height * r)"),
    )
}
WRONG["pixel_shuffle", REFUSES] = {
    "nothing_refused": (
        "pixel_shuffle must raise ValueError here: input must have a multiple of upscale_factor^2=4 channels, got 6",
        (REFUSED, "if False:"),
        (DEALT, "output[:, :, a::r, b::r] = input[:, a * r + b :: r**2][:, : output.shape[1]]"),
    ),
    "multiples_of_r": (
        "accepted",
        (REFUSED, "if channels % r:"),
        (DEALT, "output[:, :, a::r, b::r] = input[:, a * r + b :: r**2][:, : output.shape[1]]"),
    ),
    "another_error": ("it raises AttributeError", ("raise ValueError", "raise AttributeError")),
    "asserts": ("it raises AssertionError", (REFUSED, f"assert channels % r**2 == 0\n    {REFUSED}")),
}
WRONG["pixel_shuffle", UNTOUCHED] = {
    "input_given_away": ("shared", answered("input if r == 1 else output")),
    "a_view_for_one": (
        "shared",
        answered("input.reshape(batch, -1, r, r, height, width).transpose(0, 1, 4, 2, 5, 3).reshape(output.shape)"),
    ),
    "input_erased": ("changed", answered("[output, input.fill(0)][0]")),
}
IDEAS["pixel_shuffle", VALUES] = "M40"

# ------------------------------------------------------------------ of these, wrong in other cells as well

ALSO["interpolate", "untouched"] = """
    exact_rounds nearest_rounds nearest_rounds_up half_a_pixel_too_far corners_one_step_too_many
    rows_and_columns_exchanged one_number_for_both only_the_first_sample only_the_first_channel single_precision
    whole_numbers without_axes
"""
ALSO["max_unpool2d", "untouched"] = """
    averaged_into_the_window index_column_by_column index_from_one once_only single_precision whole_numbers flat
    index_in_the_window indices_of_the_first_plane all_in_one_plane only_the_first_sample output_size_ignored
    numbered_by_the_usual_width M27a
"""
ALSO["pixel_shuffle", "untouched"] = """
    rows_and_columns_exchanged both_mistakes from_the_last_channel upside_down mirrored first_channel_repeated
    mean_repeated added_up rows_only one_channel_only pictures_turned single_precision whole_numbers without_axes
    only_reshaped tiles_side_by_side only_the_first_sample the_other_way M40
"""

# ------------------------------------------------------------------ mutants of the reference that do the same

TENT = "return np.maximum(1 - np.abs(position[:, None] - np.arange(cells)), 0)"
TOO_FAR = "if abs(height - usual[0]) >= stride[0] or abs(width - usual[1]) >= stride[1]:"
WEIGHTS = "tent = 1 - np.abs(np.arange(k) - (k - 1) / 2) / f"

EQUIVALENT = {
    ("interpolate", TENT, "sides exchanged"): "a distance has no sign",
    ("max_unpool2d", TOO_FAR, "sides exchanged"): "a distance has no sign",
    ("bilinear_kernel", WEIGHTS, "sides exchanged"): "a distance has no sign, nor has the product of two weights",
}
