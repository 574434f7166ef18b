"""The wrong sizes that slips in the size formula of a transposed convolution give."""

from convlab.arithmetic import conv_output_size, conv_transpose_output_size
from convlab.grading.mistakes import Mistake, matching

__all__ = ["SIZE_MISTAKES", "explain_size"]

SIZE_MISTAKES = {
    "no_plus_one": Mistake(
        "one cell is missing: between k taps there are k - 1 steps, but the cells are one more than the steps",
        lambda i, k, s, p, op, d: s * (i - 1) + d * (k - 1) - 2 * p + op,
    ),
    "stride_times_input": Mistake(
        "the stride is multiplied by i; i stamps have only i - 1 steps between them",
        lambda i, k, s, p, op, d: s * i + d * (k - 1) + 1 - 2 * p + op,
    ),
    "stride_ignored": Mistake(
        "the stride is left out: the first taps of two neighbours are stride cells apart",
        lambda i, k, s, p, op, d: i - 1 + d * (k - 1) + 1 - 2 * p + op,
    ),
    "one_padding": Mistake(
        "padding is subtracted once; it crops both sides",
        lambda i, k, s, p, op, d: s * (i - 1) + d * (k - 1) + 1 - p + op,
    ),
    "padding_ignored": Mistake(
        "padding is left out; it crops both sides",
        lambda i, k, s, p, op, d: s * (i - 1) + d * (k - 1) + 1 + op,
    ),
    "padding_added": Mistake(
        "padding is added; it crops",
        lambda i, k, s, p, op, d: s * (i - 1) + d * (k - 1) + 1 + 2 * p + op,
    ),
    "output_padding_ignored": Mistake(
        "output_padding is left out; it adds that many cells",
        lambda i, k, s, p, op, d: s * (i - 1) + d * (k - 1) + 1 - 2 * p,
    ),
    "output_padding_twice": Mistake(
        "output_padding is added twice; it adds cells at the end only",
        lambda i, k, s, p, op, d: s * (i - 1) + d * (k - 1) + 1 - 2 * p + 2 * op,
    ),
    "dilation_ignored": Mistake(
        "the dilation is left out: draw the taps and count the cells from the first to the last",
        lambda i, k, s, p, op, d: s * (i - 1) + k - 2 * p + op,
    ),
    "kernel_times_dilation": Mistake(
        "the dilated kernel is taken to span k * d cells; but after the last tap there is no gap",
        lambda i, k, s, p, op, d: s * (i - 1) + k * d - 2 * p + op,
    ),
    "kernel_plus_dilation": Mistake(
        "the dilated kernel is taken to span k + d - 1 cells; but there is a gap between any two taps",
        lambda i, k, s, p, op, d: s * (i - 1) + k + d - 1 - 2 * p + op,
    ),
    "size_of_convolution": Mistake(
        "the formula is that of an ordinary convolution",
        lambda i, k, s, p, op, d: conv_output_size(i, k, s, p, d),
    ),
}


def explain_size(answer, input_size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    """What the mistakes that give exactly this wrong size say, most common first.

    Examples
    --------
    >>> explain_size(10, 5, 3, stride=2, padding=1)
    ['padding is subtracted once; it crops both sides']
    """
    sizes = (input_size, kernel_size, stride, padding, output_padding, dilation)
    return matching(SIZE_MISTAKES, answer, conv_transpose_output_size(*sizes), *sizes)
