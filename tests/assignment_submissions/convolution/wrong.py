"""Wrong answers to the convolution assignment: one mistake each, in one function, and what it must cost.

``WRONG[function][name]`` is ``(edits, cells, words)``: pairs of old and new text in the reference solution of that
function; the check cells that it loses, and no others; words that the first of their messages must have. All other
functions are right, and call none of the student's.
"""

from assignment_submissions.convolution import wrong_pictures, wrong_rows, wrong_sizes

WRONG = {
    "conv_output_size": wrong_sizes.SIZES,
    "pad2d": wrong_sizes.PADS,
    "conv1d": wrong_rows.WRONG,
    "conv2d": wrong_pictures.WRONG,
}
