"""Wrong ``conv_matrix``."""

PAIRS = "stride, padding, dilation = pair(stride), pair(padding), pair(dilation)"
REFUSED = "if channels != in_channels:"
SIZE = "out_size = [(i + 2 * p - d * (k - 1) - 1) // s + 1 for i, k, s, p, d in axes]"
NO_PLACE = "if min(out_size) < 1:"
ZEROS = "matrix = np.zeros((out_channels, *out_size, *input_shape))"
ROW = "row = stride[0] * i + dilation[0] * t - padding[0]"
COLUMN = "column = stride[1] * j + dilation[1] * u - padding[1]"
INSIDE = "if 0 <= row < size[0] and 0 <= column < size[1]:"
TAP = "matrix[:, i, j, :, row, column] = weight[:, :, t, u]"
RETURN = "return matrix.reshape(out_channels * out_size[0] * out_size[1], -1)"

ALWAYS = "matrix_together adjoint_matrix"
TAPS = f"matrix_slide matrix_stride matrix_padding matrix_dilation {ALWAYS}"
VALUES = f"{TAPS} matrix_channels"
KINDS = f"{VALUES} matrix_untouched matrix_errors"


def first(line):
    return [(PAIRS, f"{line}\n    {PAIRS}")]


def then(line):
    return [(PAIRS, f"{PAIRS}\n    {line}")]


WRONG = {
    "kernel_turned_round": (
        first("weight = weight[:, :, ::-1, ::-1]"),
        TAPS,
        "the kernel is flipped, as in mathematics (M38)",
    ),
    "kernel_transposed": (
        first("weight = weight.swapaxes(2, 3)"),
        f"{TAPS} matrix_untouched matrix_errors",
        "raises ValueError: the kernel does not fit",
    ),
    "matrix_transposed": ([(RETURN, f"{RETURN}.T")], VALUES, "the shape differs: expected (3, 4), got (4, 3)"),
    "only_the_first_tap_of_a_row": ([(INSIDE, f"{INSIDE[:-1]} and u == 0:")], TAPS, "differ"),
    "dilation_left_out": (
        first("dilation = 1"),
        f"matrix_dilation {ALWAYS} matrix_errors",
        "the shape differs",
    ),
    "dilation_in_the_size_only": (
        [(ROW, ROW.replace("dilation[0] * t", "t")), (COLUMN, COLUMN.replace("dilation[1] * u", "u"))],
        f"matrix_dilation {ALWAYS}",
        "differ",
    ),
    "dilation_axes_exchanged": (then("dilation = dilation[::-1]"), f"matrix_dilation {ALWAYS}", "differs"),
    "padding_left_out": (first("padding = 0"), f"matrix_padding {ALWAYS} matrix_errors", "the shape differs"),
    "padding_in_the_size_only": (
        [(" - padding[0]", ""), (" - padding[1]", "")],
        f"matrix_padding {ALWAYS}",
        "differ",
    ),
    "padding_at_the_begin_only": (
        [("i + 2 * p", "i + p")],
        f"matrix_padding {ALWAYS} matrix_errors",
        "the shape differs",
    ),
    "padding_axes_exchanged": (
        then("padding = padding[::-1]"),
        f"matrix_padding {ALWAYS} matrix_errors",
        "differs",
    ),
    "taps_on_the_padding_wrap_around": (
        [(INSIDE, "if row < size[0] and column < size[1]:")],
        f"matrix_padding {ALWAYS}",
        "differ",
    ),
    "taps_on_the_padding_at_the_border": (
        [(INSIDE, "row, column = min(max(row, 0), size[0] - 1), min(max(column, 0), size[1] - 1)\n        if True:")],
        f"matrix_padding {ALWAYS}",
        "differ",
    ),
    "columns_for_the_padding": (
        [
            (
                ZEROS,
                "matrix = np.zeros((out_channels, *out_size, channels, *(i + 2 * p for i, p in zip(size, padding))))",
            ),
            (INSIDE, "row, column = row + padding[0], column + padding[1]\n        if True:"),
        ],
        f"matrix_padding {ALWAYS}",
        "the shape differs",
    ),
    "stride_left_out": (first("stride = 1"), f"matrix_stride {ALWAYS}", "the shape differs"),
    "stride_in_the_size_only": (
        [(ROW, ROW.replace("stride[0] * i", "i")), (COLUMN, COLUMN.replace("stride[1] * j", "j"))],
        f"matrix_stride {ALWAYS}",
        "differ",
    ),
    "stride_axes_exchanged": (then("stride = stride[::-1]"), f"matrix_stride {ALWAYS}", "differs"),
    "stride_of_rows_for_both": (then("stride = pair(stride[0])"), f"matrix_stride {ALWAYS}", "the shape differs"),
    "dilation_multiplies_the_stride": (
        then("stride = stride[0] * dilation[0], stride[1] * dilation[1]"),
        f"matrix_dilation {ALWAYS}",
        "the shape differs",
    ),
    "rounded_up": (
        [(SIZE, SIZE.replace("(i + 2", "-(-(i + 2").replace("- 1) // s", "- 1) // s)"))],
        f"matrix_stride {ALWAYS} matrix_errors",
        "the shape differs",
    ),
    "last_place_forgotten": ([(SIZE, SIZE.replace("// s + 1", "// s"))], KINDS, "raises ValueError"),
    "channel_axes_exchanged": (
        first("weight = weight.swapaxes(0, 1)"),
        f"matrix_channels {ALWAYS} matrix_untouched matrix_errors",
        "the channel axes of the weight are exchanged (M15)",
    ),
    "first_channel_for_all": (
        [(TAP, TAP.replace("weight[:, :, t, u]", "weight[:, :1, t, u]"))],
        f"matrix_channels {ALWAYS}",
        "differ",
    ),
    "first_kernel_for_all": (
        [(TAP, TAP.replace("weight[:, :, t, u]", "weight[:1, :, t, u]"))],
        f"matrix_channels {ALWAYS}",
        "differ",
    ),
    "output_channels_last": (
        [
            (
                RETURN,
                f"matrix = np.moveaxis(matrix, 0, 2)\n    {RETURN}",
            )
        ],
        f"matrix_channels {ALWAYS}",
        "differ",
    ),
    "input_channels_last": (
        [
            (
                RETURN,
                f"matrix = np.moveaxis(matrix, 3, 5)\n    {RETURN}",
            )
        ],
        f"matrix_channels {ALWAYS}",
        "differ",
    ),
    "column_by_column": (
        [
            (
                RETURN,
                f"matrix = matrix.swapaxes(1, 2)\n    {RETURN}",
            )
        ],
        VALUES,
        "differ",
    ),
    "not_flattened": ([(RETURN, "return matrix")], VALUES, "the shape differs"),
    "only_square_pictures": (
        [(INSIDE, INSIDE.replace("size[1]", "size[0]"))],
        VALUES,
        "differ",
    ),
    "only_square_kernels": (
        [("np.ndindex(*out_size, *kernel_size)", "np.ndindex(*out_size, kernel_size[0], kernel_size[0])")],
        f"{TAPS} matrix_errors",
        "differ",
    ),
    "numbers_only": (
        [(PAIRS, "stride, padding, dilation = (int(stride),) * 2, (int(padding),) * 2, (int(dilation),) * 2")],
        f"matrix_stride matrix_padding matrix_dilation {ALWAYS} matrix_errors",
        "raises TypeError",
    ),
    "whole_numbers": ([(RETURN, f"{RETURN}.astype(int)")], VALUES.replace("adjoint_matrix", ""), "got int64"),
    "single_precision": (
        [(RETURN, f"{RETURN}.astype(np.float32)")],
        VALUES.replace("adjoint_matrix", ""),
        "got float32",
    ),
    "ones_and_zeros": ([(RETURN, f"return ({RETURN.removeprefix('return ')} != 0).astype(float)")], VALUES, "differ"),
    "a_list": ([(RETURN, f"{RETURN}.tolist()")], KINDS, "must be a NumPy array"),
    "a_masked_array": (
        [(RETURN, f"return np.ma.array({RETURN.removeprefix('return ')})")],
        KINDS,
        "must be a NumPy array",
    ),
    "no_return": ([(RETURN, "matrix")], KINDS, "is a return missing?"),
    "a_view_where_one_window_is_all": (
        [
            (
                ZEROS,
                "if tuple(kernel_size) == tuple(size) and padding == (0, 0):\n"
                f"        return weight.reshape(out_channels, -1)\n    {ZEROS}",
            )
        ],
        "matrix_untouched",
        "returns a part of an array that it was given",
    ),
    "used_taps_deleted": (
        [(RETURN, f"weight[:] = 0\n    {RETURN}")],
        "matrix_untouched",
        "changes an array that it was given",
    ),
    "no_channels_refused": ([(REFUSED, "if False:")], "matrix_errors", "it returns an answer"),
    "too_few_channels_refused_only": (
        [(REFUSED, "if channels < in_channels:")],
        "matrix_errors",
        "must raise ValueError here",
    ),
    "no_rows_where_nothing_fits": (
        [(NO_PLACE, f"{NO_PLACE}\n        return np.zeros((0, channels * size[0] * size[1]))\n    if False:")],
        "matrix_errors",
        "it returns an answer",
    ),
    "another_error": (
        [(NO_PLACE, f"{NO_PLACE}\n        raise IndexError('no place')\n    if False:")],
        "matrix_errors",
        "it raises IndexError",
    ),
}
