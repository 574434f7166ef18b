"""Wrong answers to the three-views assignment: one mistake each, in one function, and what it must cost.

``WRONG[function][name]`` is ``(edits, cells, words)``: pairs of old and new text in the reference solution of that
function; the check cells that it loses, and no others; words that one of their messages must have.
"""

from assignment_submissions.three_views import wrong_gather, wrong_gradients, wrong_matrices, wrong_zeros

WRONG = {
    "zero_insert": wrong_zeros.WRONG,
    "conv_transpose2d_gather": wrong_gather.WRONG,
    "conv_matrix": wrong_matrices.WRONG,
    "conv2d_input": wrong_gradients.WRONG,
}
