"""Wrong answers to the transposed-convolution assignment, in the form that tests/assignment_tools.py describes."""

from assignment_submissions.transposed_convolution import wrong_pictures, wrong_rows, wrong_sizes

WRONG = {
    "conv_transpose_output_size": wrong_sizes.WRONG,
    "conv_transpose1d": wrong_rows.WRONG,
    "conv_transpose2d": wrong_pictures.WRONG,
}
