"""Where in the course a misconception is put right."""

from convlab.misconceptions.catalogue import misconception

__all__ = ["LESSONS", "lesson_about"]

# Name of the notebook: ids of misconceptions.
LESSONS = {
    "01_sliding_dot_products": ("M38", "M52"),
    "02_size_arithmetic": ("M12", "M13"),
    "03_convolution_as_a_matrix": ("M07", "M44"),
    "04_transposed_convolution_by_stamping": ("M06", "M14", "M41"),
    "05_padding_crops": ("M02", "M03", "M04", "M05", "M18", "M19", "M51"),
    "06_the_four_step_recipe": ("M01", "M43", "M49"),
    "07_the_padding_pitfall": ("M20", "M21", "M22", "M50"),
    "08_lost_sizes": ("M08", "M45"),
    "09_channels_groups_layout": ("M15", "M16", "M17", "M42"),
    "10_dilation_and_same_padding": ("M09", "M10", "M11", "M23", "M35", "M39"),
    "11_receptive_fields_and_gridding": ("M33", "M34", "M36", "M37", "M46"),
    "12_fixed_upsampling": ("M24", "M25", "M26", "M27", "M28", "M32"),
    "13_checkerboards_and_learned_upsampling": ("M29", "M30", "M31", "M40"),
    "14_shape_clinic": ("M47", "M48"),
}


def lesson_about(id):
    """The lesson on a misconception, by the name of its notebook.

    Raises
    ------
    ValueError
        If there is no such misconception.

    Examples
    --------
    >>> lesson_about("M14b")
    '04_transposed_convolution_by_stamping'
    """
    id = misconception(id).id
    return next(lesson for lesson, ids in LESSONS.items() if id in ids)
