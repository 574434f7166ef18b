"""Wrong ``zero_insert``."""

PAIR = "rows, columns = pair(stride)"
SHAPE = "(batch, channels, rows * (height - 1) + 1, columns * (width - 1) + 1)"
FILL = "stretched[:, :, ::rows, ::columns] = input"
RETURN = "return stretched"

ROW = "zeros_row zeros_picture zeros_channels"
ALL = f"{ROW} zeros_untouched"


def then(line):
    """An edit: this line comes when the stride is a pair."""
    return [(PAIR, f"{PAIR}\n    {line}")]


WRONG = {
    "stride_zeros_between": (then("rows, columns = rows + 1, columns + 1"), ROW, "(M06c)"),
    "zeros_after_the_last": (
        [(SHAPE, "(batch, channels, rows * height, columns * width)")],
        ROW,
        "zeros are inserted after the last cell as well (M06d)",
    ),
    "zeros_before_the_first": (
        [
            (SHAPE, "(batch, channels, rows * height, columns * width)"),
            (FILL, "stretched[:, :, rows - 1 :: rows, columns - 1 :: columns] = input"),
        ],
        ROW,
        "the shape differs",
    ),
    "values_repeated": (
        [(RETURN, "return np.repeat(np.repeat(input, rows, axis=2), columns, axis=3)")],
        ROW,
        "the shape differs",
    ),
    "values_repeated_in_the_right_size": (
        [
            (
                RETURN,
                "height, width = stretched.shape[2:]\n"
                "    return np.repeat(np.repeat(input, rows, axis=2), columns, axis=3)[:, :, :height, :width]",
            )
        ],
        ROW,
        "differ",
    ),
    "values_averaged_between": (
        [(RETURN, "stretched[:, :, :, 1:-1:2] = 1\n    " + RETURN)],
        ROW,
        "differ",
    ),
    "nothing_inserted": (then("rows, columns = 1, 1"), ROW, "the stride is left out (M06b)"),
    "cells_skipped": (
        [(RETURN, "return input[:, :, ::rows, ::columns].copy()")],
        ROW,
        "the stride skips input cells (M06a)",
    ),
    "axes_exchanged": (then("rows, columns = columns, rows"), "zeros_picture zeros_channels", "the shape differs"),
    "rows_stride_for_both": (then("columns = rows"), "zeros_picture zeros_channels", "the shape differs"),
    "rows_only": (then("columns = 1"), ROW, "the shape differs"),
    "columns_only": (then("rows = 1"), ROW, "the shape differs"),
    "numbers_only": (
        [(PAIR, "rows, columns = int(stride), int(stride)")],
        "zeros_picture zeros_channels zeros_untouched",
        "raises TypeError",
    ),
    "one_cell_too_few": (
        [(RETURN, "return stretched[:, :, :, : max(1, stretched.shape[3] - 1)].copy()")],
        ROW,
        "the shape differs",
    ),
    "only_square_pictures": (
        [(PAIR, f"{PAIR}\n    input = input[:, :, : input.shape[3]]")],
        "zeros_row zeros_picture zeros_channels",
        "differs",
    ),
    "only_one_sample": ([(RETURN, "return stretched[:1].copy()")], "zeros_channels", "the shape differs"),
    "only_one_channel": ([(RETURN, "return stretched[:, :1].copy()")], "zeros_channels", "the shape differs"),
    "last_channel_for_all": ([(" = input", " = input[:, -1:]")], "zeros_channels", "differ"),
    "sample_axis_lost": (
        [(RETURN, "return stretched[0] if batch == 1 else stretched")],
        ROW,
        "the shape differs: expected (1, 1, 1, 5), got (1, 1, 5)",
    ),
    "whole_numbers": ([(f"np.zeros({SHAPE})", f"np.zeros({SHAPE}, int)")], ROW, "expected float64, got int64"),
    "single_precision": ([(RETURN, "return stretched.astype(np.float32)")], ROW, "expected float64, got float32"),
    "never_zeroed": ([("np.zeros(", "np.ones(")], ROW, "differ"),
    "a_list": ([(RETURN, "return stretched.tolist()")], ALL, "must be a NumPy array"),
    "no_return": ([(RETURN, "stretched")], ALL, "is a return missing?"),
    "the_same_array_for_stride_1": (
        [(PAIR, f"if stride == 1:\n        return input\n    {PAIR}")],
        "zeros_untouched",
        "returns a part of an array that it was given",
    ),
    "moves_its_input": (
        [(RETURN, f"input[:] = 0\n    {RETURN}")],
        "zeros_untouched",
        "changes an array that it was given",
    ),
    "stride_1_refused": (
        then("if 1 in (rows, columns):\n        raise ValueError('nothing to insert')"),
        "zeros_row zeros_picture zeros_untouched",
        "raises ValueError",
    ),
}
