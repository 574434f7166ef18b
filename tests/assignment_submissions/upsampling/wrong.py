"""Wrong answers to the upsampling assignment, in the form that tests/assignment_tools.py describes."""

from assignment_submissions.upsampling import wrong_interpolation, wrong_kernels, wrong_pooling, wrong_shuffles

WRONG = {
    "interpolate": wrong_interpolation.WRONG,
    "max_pool2d": wrong_pooling.POOLED,
    "max_unpool2d": wrong_pooling.UNPOOLED,
    "pixel_shuffle": wrong_shuffles.WRONG,
    "bilinear_kernel": wrong_kernels.WRONG,
}
