"""Wrong ``max_pool2d`` and ``max_unpool2d``."""

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
    return [(INDEX, f"indices[:, :, i, j] = {text}")]


POOLED = {
    "index_in_the_window": (index("place"), NAMED, "the indices count inside each window (M27b)"),
    "index_of_the_corner": (index("top * width + left"), NAMED, "values differ"),
    "index_column_by_column": (
        index("(left + place % wide) * height + top + place // wide"),
        NAMED,
        "differ",
    ),
    "index_with_the_height": (
        index("(top + place // wide) * height + left + place % wide"),
        NAMED,
        "part 1: ",
    ),
    "index_with_the_pooled_width": (
        index("(top + place // wide) * columns + left + place % wide"),
        NAMED,
        "part 1: ",
    ),
    "index_with_the_height_of_the_window": (
        index("(top + place // high) * width + left + place % high"),
        WINDOWS,
        "part 1: ",
    ),
    "index_from_one": (index(f"1 + {INDEX.partition(' = ')[2]}"), NAMED, "part 1: "),
    "index_over_all_planes": (
        index(f"np.arange(batch * channels).reshape(batch, channels) * height * width + {INDEX.partition(' = ')[2]}"),
        CHANNELS,
        "part 1: ",
    ),
    "index_in_its_sample": (
        index(f"np.arange(channels) * height * width + {INDEX.partition(' = ')[2]}"),
        CHANNELS,
        "part 1: ",
    ),
    "last_of_equal_values": (
        [(PLACE, "place = high * wide - 1 - window[:, :, ::-1].argmax(axis=2)")],
        NAMED,
        "part 1: ",
    ),
    "at_least_zero": ([(VALUE, "values[:, :, i, j] = np.maximum(window.max(axis=2), 0)")], VALUES, "values differ"),
    "absolute_values": ([(VALUE, "values[:, :, i, j] = np.abs(window).max(axis=2)")], VALUES, "values differ"),
    "mean": ([(VALUE, "values[:, :, i, j] = window.mean(axis=2)")], ALL, "values differ"),
    "smallest": ([(VALUE, "values[:, :, i, j] = window.min(axis=2)")], ALL, "values differ"),
    "stride_one_by_default": (
        [(STRIDE, "down, right = pair(1 if stride is None else stride)")],
        ALL,
        "the shape differs",
    ),
    "stride_ignored": ([(STRIDE, "down, right = high, wide")], WINDOWS, "the shape differs"),
    "strides_exchanged": ([(STRIDE, STRIDE.replace("down, right", "right, down"))], WINDOWS, "the shape differs"),
    "window_turned": ([(KERNEL, "wide, high = pair(kernel_size)")], f"{WINDOWS} {REFUSES}", "the shape differs"),
    "only_square_windows": ([(KERNEL, "high = wide = pair(kernel_size)[0]")], f"{WINDOWS} {REFUSES}", "max_pool2d"),
    "size_rounded_up": (
        [(SIZE, "rows, columns = -(-(height - high) // down) + 1, -(-(width - wide) // right) + 1")],
        f"{WINDOWS} {REFUSES}",
        "max_pool2d raises ValueError",
    ),
    "one_window_too_few": (
        [(SIZE, "rows, columns = -(-(height - high) // down), -(-(width - wide) // right)")],
        f"{ALL} {REFUSES}",
        "max_pool2d raises ValueError",
    ),
    "indices_are_floats": ([(WHOLE, WHOLE.replace("np.int64", "float"))], NAMED, "part 1: the dtype differs"),
    "indices_are_small": ([(WHOLE, WHOLE.replace("int64", "int32"))], NAMED, "expected int64, got int32"),
    "values_are_whole": (
        [(RETURN, "values = values.astype(int)\n    " + RETURN)],
        ALL,
        "the dtype differs: expected float64, got int64",
    ),
    "indices_first": ([(RETURN, RETURN.replace("values, indices", "indices, values"))], NAMED, "part 0: "),
    "always_both": ([(RETURN, "return values, indices")], f"{VALUES} {CHANNELS}", "the answer must be a NumPy array"),
    "never_both": ([(RETURN, "return values")], f"{NAMED} {REFUSES}", "the answer must be a tuple of 2"),
    "values_by_default": (
        [("return_indices=True", "return_indices=False")],
        INDICES,
        "the answer must be a tuple of 2",
    ),
    "only_the_first_sample": ([(KERNEL, f"input = input[:1]\n    {KERNEL}")], CHANNELS, "the shape differs"),
    "only_the_first_channel": ([(KERNEL, f"input = input[:, :1]\n    {KERNEL}")], CHANNELS, "the shape differs"),
    "largest_of_all_channels": (
        [(VALUE, "values[:, :, i, j] = window.max(axis=(1, 2))[:, None]")],
        CHANNELS,
        "part 0: ",
    ),
    "nothing_refused": (
        [(REFUSED, "rows, columns = max(rows, 0), max(columns, 0)\n    if False:")],
        REFUSES,
        "max_pool2d must raise ValueError here: kernel_size=3 with dilation=1 spans 3 cells",
    ),
    "another_error": ([("raise ValueError", "raise IndexError")], REFUSES, "it raises IndexError"),
    "refuses_an_exact_fit": (
        [(REFUSED, "if high >= height or wide >= width:")],
        f"{VALUES} {INDICES} {CHANNELS} {REFUSES}",
        "This call is legal",
    ),
}

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
    return [(PUT, text)]


def finally_(text):
    """An edit: what becomes of the right answer, here called y."""
    return [(SHAPED, f"y = {SHAPED.removeprefix('return ')}\n    return {text}")]


TOP_LEFT = "np.arange(input.shape[2])[:, None] * stride[0] * width + np.arange(input.shape[3]) * stride[1]"

UNPOOLED = {
    "top_left": (
        put(f"planes[n, c, {TOP_LEFT}] = input[n, c]"),
        EVERY,
        "each value is put at the top left of its window (M27a)",
    ),
    "added_up": (
        put("np.add.at(planes[n, c], indices[n, c], input[n, c])"),
        TWICE,
        "values with the same index are added up (M28)",
    ),
    "averaged_into_the_window": (
        put("planes[n, c, indices[n, c]] = input[n, c] / (kernel_size[0] * kernel_size[1])"),
        EVERY,
        "differ",
    ),
    "index_in_the_window": (
        put(
            f"place = indices[n, c] % (kernel_size[0] * kernel_size[1])\n        planes[n, c, {TOP_LEFT} + "
            "place // kernel_size[1] * width + place % kernel_size[1]] = input[n, c]"
        ),
        f"{EVERY} {UNREFUSED}",
        "differ",
    ),
    "index_column_by_column": (
        put("planes[n, c, indices[n, c] % height * width + indices[n, c] // height] = input[n, c]"),
        EVERY,
        "values differ",
    ),
    "index_from_one": (put("planes[n, c, indices[n, c] - 1] = input[n, c]"), EVERY, "values differ"),
    "never_negative": (
        put("planes[n, c, indices[n, c]] = np.maximum(input[n, c], 0)"),
        PLACES,
        "differ",
    ),
    "once_only": (
        put(
            "planes[n, c, indices[n, c]] = np.where(np.isin(indices[n, c], indices[n, c].ravel()[:1]), 0, input[n, c])"
        ),
        EVERY,
        "differ",
    ),
    "indices_of_the_first_plane": (
        put("planes[n, c, indices[0, 0]] = input[n, c]"),
        f"{PLANES} {OUTPUT_SIZE}",
        "differ",
    ),
    "all_in_one_plane": (
        put("planes[0, 0, indices[n, c]] = input[n, c]"),
        f"{PLANES} {OUTPUT_SIZE}",
        "values differ",
    ),
    "kernel_times_cells": (
        [(USUAL, USUAL.replace("s * (i - 1) + k", "k * i"))],
        f"{FORMS} {TWICE} {OUTPUT_SIZE}",
        "max_unpool2d",
    ),
    "stride_times_cells": (
        [(USUAL, USUAL.replace("s * (i - 1) + k", "s * i"))],
        f"{FORMS} {TWICE} {UNREFUSED}",
        "max_unpool2d",
    ),
    "stride_one_by_default": (
        [(SIZES, SIZES.replace("kernel_size if stride is None", "1 if stride is None"))],
        f"{PLACES} {PLANES} {OUTPUT_SIZE} {UNREFUSED} {UNTOUCHED}",
        "max_unpool2d raises ValueError",
    ),
    "stride_ignored": (
        [(SIZES, "kernel_size = stride = pair(kernel_size)")],
        f"{FORMS} {TWICE} {OUTPUT_SIZE} {UNREFUSED}",
        "max_unpool2d",
    ),
    "rows_for_columns": (
        [(SIZES, f"{SIZES}\n    kernel_size, stride = kernel_size[::-1], stride[::-1]")],
        f"{FORMS} {OUTPUT_SIZE} {UNREFUSED} {PLANES}",
        "max_unpool2d",
    ),
    "only_square": (
        [(SIZES, f"{SIZES}\n    kernel_size, stride = kernel_size[:1] * 2, stride[:1] * 2")],
        f"{FORMS} {UNREFUSED} {PLANES}",
        "max_unpool2d",
    ),
    "output_size_ignored": (
        [(GIVEN, "height, width = usual")],
        f"{OUTPUT_SIZE} {UNREFUSED}",
        "max_unpool2d",
    ),
    "numbered_by_the_usual_width": (
        put("planes[n, c, indices[n, c] // usual[1] * width + indices[n, c] % usual[1]] = input[n, c]"),
        OUTPUT_SIZE,
        "max_unpool2d",
    ),
    "output_size_exchanged": (
        [(GIVEN, "height, width = usual if output_size is None else output_size[::-1]")],
        f"{OUTPUT_SIZE} {UNREFUSED} {UNTOUCHED}",
        "max_unpool2d",
    ),
    "any_output_size": (
        [(TOO_FAR, "if False:")],
        UNREFUSED,
        "max_unpool2d must raise ValueError here: output_size must be less than one stride (2) away from 4",
    ),
    "one_stride_away": ([(TOO_FAR, TOO_FAR.replace(">=", ">"))], UNREFUSED, "it returns an answer"),
    "never_smaller": (
        [(TOO_FAR, TOO_FAR.replace("abs(height - usual[0])", "height < usual[0] or height - usual[0]"))],
        OUTPUT_SIZE,
        "max_unpool2d raises ValueError",
    ),
    "the_usual_size_only": (
        [(TOO_FAR, "if (height, width) != tuple(usual):")],
        f"{OUTPUT_SIZE} {UNREFUSED} {UNTOUCHED}",
        "max_unpool2d raises ValueError",
    ),
    "indices_not_looked_at": ([(OUTSIDE, "if False:")], UNREFUSED, "it raises IndexError"),
    "negative_indices": (
        [(OUTSIDE, "if indices.max() >= height * width:")],
        UNREFUSED,
        "indices must be from 0 to 15 for a 4x4 output, got -1",
    ),
    "one_index_too_many": ([(OUTSIDE, OUTSIDE.replace(">=", ">"))], UNREFUSED, "it raises IndexError"),
    "left_out_if_outside": (
        [
            (OUTSIDE, "if False:"),
            (
                PUT,
                "inside = (indices[n, c] >= 0) & (indices[n, c] < height * width)\n        "
                "planes[n, c, indices[n, c][inside]] = input[n, c][inside]",
            ),
        ],
        UNREFUSED,
        "it returns an answer",
    ),
    "another_error": ([("raise ValueError", "raise LookupError")], UNREFUSED, "it raises LookupError"),
    "only_the_first_sample": (
        finally_("y[:1]"),
        f"{PLANES} {OUTPUT_SIZE}",
        "the shape differs",
    ),
    "only_the_first_channel": (finally_("y[:, :1]"), PLANES, "the shape differs"),
    "single_precision": (finally_("y.astype(np.float32)"), EVERY, "expected float64, got float32"),
    "whole_numbers": (finally_("y.astype(int)"), EVERY, "expected float64, got int64"),
    "flat": (finally_("y.reshape(*input.shape[:2], -1)"), EVERY, "the shape differs"),
    "input_given_away": (
        finally_("input if kernel_size == (1, 1) and np.array_equal(y, input) else y"),
        UNTOUCHED,
        "returns a part of an array that it was given",
    ),
    "indices_changed": (finally_("[y, indices.fill(0)][0]"), UNTOUCHED, "changes an array that it was given"),
}
