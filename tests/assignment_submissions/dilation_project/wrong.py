"""Wrong answers to the dilation project, in the form that tests/assignment_tools.py describes."""

from assignment_submissions.dilation_project import wrong_cells, wrong_decoders, wrong_zeros

WRONG = {
    "receptive_field": wrong_cells.FIELDS,
    "fixed_padding": wrong_zeros.FIXED,
    "same_pads": wrong_zeros.SAME,
    "coverage": wrong_cells.COVERAGES,
    "checkerboard_phases": wrong_decoders.PHASES,
    "design_decoder": wrong_decoders.DESIGNS,
}
