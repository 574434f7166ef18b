"""Small slips of those who write the loops themselves: channels, ends of loops, indices, arrays of the wrong kind."""

from convlab.arithmetic import conv_output_size
from convlab.misconceptions.catalogue.overlap_rules import cut_off_stamps, every_channel
from convlab.misconceptions.catalogue.slip_rules import (
    cut_off,
    ends_at_minus_zero,
    from_behind,
    from_behind_stamped,
    into_the_end,
    last_cell_zero,
    moved_into_the_input,
    moved_into_the_output,
    one_channel,
    one_side,
    option_of_the_other_axis,
    patch_times_kernel,
    repeated,
    reversed_axes,
    rows_for_columns,
    tapered_at_the_begin,
    transposed_input,
)
from convlab.misconceptions.catalogue.stamping import missing_cells
from convlab.misconceptions.examples import asked
from convlab.misconceptions.problem import Problem
from convlab.misconceptions.registry import NotApplicable, Steps, Variant, register
from convlab.misconceptions.stamping_simulation import Extra

ROW = "conv1d", [1, 2, 3, 4, 5], [1, 10, 100]
STAMPS = "conv_transpose1d", [1, 2, 3], [1, 10, 100]
PLANE = "conv2d", [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 10], [100, 1000]]
SOURCE = "functions of learners, collected by hand"


def _both(rule):
    """The same step of both kinds of convolution."""
    return {"conv": rule, "transposed": rule}


def _half_on_both_sides(a):
    return (sum(a.padding) // 2,) * 2


def _half_cropped_on_both_sides(x, w, stride):
    if len(w) <= stride:
        raise NotApplicable("there is nothing to crop")
    side = (len(w) - stride) // 2
    return Problem("conv_transpose1d", x, w, stride=stride, padding=side).truth()


def _two_channels():
    return {"input": [[[1, 2], [3, 4]]], "weight": [[[1], [10]]], "bias": [1000]}


register(
    "M53",
    "One input channel is as good as all, or each brings its own bias.",
    "Each output channel is the sum over all input channels of its group; then the bias is added, once.",
    asked(
        "Two input channels [1, 2] and [3, 4], kernel size 1, weights 1 and 10, bias 1000: the output?",
        "M53a M53b M53c",
        Problem("conv1d", **_two_channels()),
    ),
    Variant(
        "M53a",
        "= stands for += in the loop over input channels: the last one stays",
        **_both(Steps(channels=one_channel(-1))),
    ),
    Variant("M53b", "only the first input channel is used", **_both(Steps(channels=one_channel(0)))),
    Variant(
        "M53c",
        "the bias is added again for each input channel",
        conv=Steps(bias=lambda bias, channels: bias * channels),
        transposed=Steps(bias=every_channel),
    ),
    lesson="09_channels_groups_layout",
    sources=SOURCE,
    slip=True,
)

register(
    "M54",
    "A loop may end one step early.",
    "range(n) ends at n - 1 already: every cell has its turn.",
    asked("x = 1..5, w = [1, 10, 100]: conv1d gives?", "M54a M54b", Problem(*ROW)),
    asked(
        "x = [1, 2, 3], w = [1, 10, 100], stride 2, transposed: the output?",
        "M54a M54b M54c",
        Problem(*STAMPS, stride=2),
    ),
    Variant(
        "M54a",
        "the loop over output cells ends one early: the last cell stays 0",
        **_both(Steps(output=last_cell_zero)),
    ),
    Variant(
        "M54b",
        "the last cell is missing",
        conv=Steps(count=lambda a: conv_output_size(*a.layer) - 1),
        transposed=Steps(tail=lambda a: -1),
    ),
    Variant(
        "M54c",
        "the last input cell is never stamped",
        transposed=Steps(input=lambda a: (0, -1, 1), reserved=missing_cells),
    ),
    lesson="04_transposed_convolution_by_stamping",
    sources=SOURCE,
    slip=True,
)

register(
    "M55",
    "Rows and columns can change places.",
    "The first index is the row, with the height, and the first number of an option; the second is the column.",
    asked("3x3 input 1..9, kernel [[1, 10], [100, 1000]]: conv2d gives?", "M55a M55b M55c M55h", Problem(*PLANE)),
    asked(
        "3x3 input 1..9, kernel [[1, 10], [100, 1000]], stride (1, 2): conv2d gives?",
        "M55d",
        Problem(*PLANE, stride=(1, 2)),
    ),
    Variant(
        "M55a", "rows and columns of the output are exchanged, as by y[j, i]", **_both(Steps(output=rows_for_columns))
    ),
    Variant(
        "M55b",
        "rows and columns of the input are exchanged, as by x[j, i]",
        **_both(Steps(channels=transposed_input)),
    ),
    Variant("M55c", "the numbers are right, but in reversed order", **_both(Steps(output=reversed_axes))),
    *(
        Variant(
            f"M55{letter}",
            f"{option} of one axis is used for the other",
            option=option,
            **_both(Steps(axes=option_of_the_other_axis(option))),
        )
        for letter, option in zip("defg", ("stride", "padding", "dilation", "output_padding"))
    ),
    Variant(
        "M55h",
        "@, the matrix product, stands for * between patch and kernel",
        conv=Steps(kernel=patch_times_kernel),
    ),
    lesson="01_sliding_dot_products",
    sources=SOURCE,
    slip=True,
)

register(
    "M56",
    "An index outside, or between two stamps, takes care of itself.",
    "Python counts a negative index from the end, and // rounds: test both before you use them.",
    asked("x = 1..5, w = [1, 10, 100], padding 1: conv1d gives?", "M56b M56d M56e", Problem(*ROW, padding=1)),
    asked(
        "x = [1, 2, 3], w = [1, 10, 100], stride 2, padding 1, transposed: the output?",
        "M56a M56d",
        Problem(*STAMPS, stride=2, padding=1),
    ),
    asked(
        "x = [1, 2, 3], w = [1, 10, 100], stride 2, padding 2, transposed: the output?",
        "M56c",
        Problem(*STAMPS, stride=2, padding=2),
    ),
    asked(
        "x = [1, 2, 3], w = [1, 10, 100], stride 2, output_padding 1, transposed: the output?",
        "M56b M56f",
        Problem(*STAMPS, stride=2, padding=0, output_padding=1),
    ),
    Variant(
        "M56a",
        "(m + p - t) // stride is taken for an index also where there is a remainder",
        option="stride",
        transposed=Steps(relation=repeated, idle=("overlap",)),
    ),
    Variant(
        "M56b",
        "a negative index of the input counts from its end",
        conv=Steps(relation=from_behind),
        transposed=Steps(relation=from_behind_stamped, idle=("overlap",)),
    ),
    Variant(
        "M56c",
        "a negative index of the output counts from its end",
        option="padding",
        transposed=Steps(relation=into_the_end, idle=("overlap",)),
    ),
    Variant(
        "M56d",
        "what begins before cell 0 is moved to cell 0, as by max(0, ...)",
        option="padding",
        conv=Steps(relation=moved_into_the_input),
        transposed=Steps(relation=moved_into_the_output, idle=("overlap",)),
    ),
    Variant(
        "M56e",
        "a window that begins before cell 0 is cut short, and meets the first taps of the kernel",
        option="padding",
        conv=Steps(relation=tapered_at_the_begin),
    ),
    Variant(
        "M56f",
        "the slice [p : -p + output_padding] ends at or after cell 0, counted from the begin",
        option="output_padding",
        transposed=Steps(crop=ends_at_minus_zero, output_padding=lambda a: Extra()),
    ),
    lesson="06_the_four_step_recipe",
    sources=SOURCE,
    slip=True,
)

register(
    "M57",
    "The array, its size and its zeros will fit.",
    "The full result has s (i - 1) + K cells and the dtype of the products; a number for padding crops both ends.",
    asked(
        "x = [1, 2, 3], w = [1, 10, 100], stride 2, padding 1, output_padding 1, transposed: the output?",
        "M57a M57d M57e M57f M57g",
        Problem(*STAMPS, stride=2, padding=1, output_padding=1),
    ),
    asked(
        "x = [1, 2, 3], w = [0.5, 1, 0.5], stride 2, transposed: the output?",
        "M57b M57c",
        Problem("conv_transpose1d", [1, 2, 3], [0.5, 1, 0.5], stride=2),
    ),
    asked(
        "x = 1..5, w = [1, 10], TensorFlow SAME: the output?", "M57h", Problem("conv1d_same", [1, 2, 3, 4, 5], [1, 10])
    ),
    Variant(
        "M57a",
        "the full result is made with stride * i cells",
        option="stride",
        transposed=Steps(tail=lambda a: a.stride - a.span),
    ),
    Variant("M57b", "an array of integers cuts off what is behind the point", **_both(Steps(output=cut_off))),
    Variant(
        "M57c",
        "an array of integers cuts off what is behind the point of each product",
        transposed=Steps(overlap=cut_off_stamps),
    ),
    Variant(
        "M57d",
        "each input cell is repeated, as by np.repeat, instead of putting zeros between",
        option="stride",
        transposed=Steps(relation=repeated, tail=lambda a: a.stride - 1, idle=("overlap",)),
    ),
    Variant(
        "M57i",
        "the stamps stand side by side, as from np.kron(x, w), whatever the stride",
        transposed=Steps(stride=lambda a: a.kernel_size),
    ),
    Variant(
        "M57e",
        "all padding is at the begin, none at the end",
        conv=Steps(padding=one_side(0, total=True)),
        transposed=Steps(crop=one_side(0, total=True)),
    ),
    Variant(
        "M57f",
        "all padding is at the end, none at the begin",
        conv=Steps(padding=one_side(1, total=True)),
        transposed=Steps(crop=one_side(1, total=True)),
    ),
    Variant(
        "M57g",
        "output_padding puts zeros at the begin",
        transposed=Steps(output_padding=lambda a: Extra(append=(a.output_padding, 0))),
    ),
    Variant(
        "M57h",
        "an odd number is halved with //, for both sides",
        conv_same=Steps(padding=_half_on_both_sides),
        keras_conv_transpose_same=_half_cropped_on_both_sides,
    ),
    lesson="05_padding_crops",
    sources=SOURCE,
    slip=True,
)
