"""Wrong ``jax_window``."""

WORD = "begin, end, _ = keras_window(i, k, s, d, padding=padding.lower())"
CONSISTENT = "elif use_consistent_padding:\n        begin, end = padding"
PAIR = "begin, end = K - 1 - padding[0], K - 1 - padding[1]"
NOTHING_LEFT = "if L - begin - end < 1:"
RETURN = "return begin, end, not transpose_kernel"

SAME, VALID, PAIRS, KERNEL, MEANT, REFUSES = (
    "jax_same jax_transpose_kernel jax_consistent",
    "jax_valid jax_transpose_kernel",
    "jax_pair jax_transpose_kernel",
    "jax_transpose_kernel jax_consistent",
    "jax_consistent",
    "jax_refuses",
)
WINDOWS = "jax_same jax_valid jax_pair jax_transpose_kernel jax_consistent"


def word(line):
    """An edit: what happens to the window of "SAME" and "VALID"."""
    return [(WORD, f"{WORD}\n        {line}")]


WRONG = {
    "never_turned": ([(RETURN, "return begin, end, False")], WINDOWS, "the kernel is not turned where JAX turns it"),
    "always_turned": ([(RETURN, "return begin, end, True")], KERNEL, "or turned where it is not (M01)"),
    "turned_on_demand": ([(RETURN, "return begin, end, transpose_kernel")], WINDOWS, "(M01)"),
    "consistent_means_not_turned": (
        [(RETURN, "return begin, end, not (transpose_kernel or use_consistent_padding)")],
        MEANT,
        "the kernel is not turned where JAX turns it",
    ),
    "words_are_not_turned": (
        [(RETURN, "return begin, end, not transpose_kernel and not isinstance(padding, str)")],
        "jax_same jax_valid jax_transpose_kernel jax_consistent",
        "the kernel is not turned where JAX turns it",
    ),
    "larger_half_first": (
        word("begin, end = (end, begin) if end > 0 else (begin, end)"),
        SAME,
        "begin and end of the crop are exchanged (M50)",
    ),
    "same_number_on_both_sides": (
        word('end = begin if padding == "SAME" else end'),
        SAME,
        "the same number of cells is cropped on both sides (M20)",
    ),
    "same_keeps_the_size": (
        word('if padding == "SAME":\n            begin = (L - i) // 2\n            end = L - i - begin'),
        SAME,
        '"same" is taken to keep the size (M21)',
    ),
    "valid_is_padding_zero": (
        word("end = max(end, 0)"),
        "jax_same jax_valid",
        '"valid" is taken for padding 0, also where the stride is larger than the kernel (M22)',
    ),
    "valid_is_the_pair_of_zeros": (
        word('begin, end = (K - 1, K - 1) if padding == "VALID" else (begin, end)'),
        f"{VALID} {REFUSES}".replace(f" {REFUSES}", ""),
        "part 0: the number differs",
    ),
    "pair_crops": (
        [(PAIR, "begin, end = padding")],
        f"{PAIRS} {REFUSES}",
        "a pair means the other thing: cells to crop, or zeros around the stretched input (M22)",
    ),
    "consistent_left_out": (
        [(CONSISTENT, "elif False:\n        pass")],
        f"{MEANT} {REFUSES}",
        "a pair means the other thing: cells to crop, or zeros around the stretched input (M22)",
    ),
    "consistent_always": (
        [("elif use_consistent_padding:", "elif use_consistent_padding or transpose_kernel:")],
        KERNEL.replace(" jax_consistent", ""),
        "(M22)",
    ),
    "pair_adds": (
        [(PAIR, "begin, end = -padding[0], -padding[1]")],
        f"{PAIRS} {REFUSES}",
        "differs",
    ),
    "reach_without_dilation": (
        [(PAIR, "begin, end = k - 1 - padding[0], k - 1 - padding[1]")],
        "jax_pair",
        "dilation is left out (M10)",
    ),
    "reach_one_too_large": (
        [(PAIR, "begin, end = K - padding[0], K - padding[1]")],
        f"{PAIRS} {REFUSES}",
        "differs",
    ),
    "pair_exchanged": (
        [(PAIR, "end, begin = K - 1 - padding[0], K - 1 - padding[1]")],
        PAIRS.replace(" jax_transpose_kernel", "") + " jax_transpose_kernel",
        "begin and end of the crop are exchanged (M50)",
    ),
    "one_number_for_both_sides": (
        [(PAIR, "begin, end = K - 1 - padding[0], K - 1 - padding[0]")],
        f"{PAIRS} {REFUSES}",
        "part 1: the number differs",
    ),
    "never_past_the_ends": (
        [(PAIR, "begin, end = max(K - 1 - padding[0], 0), max(K - 1 - padding[1], 0)")],
        "jax_pair",
        "differs",
    ),
    "span_k_times_d": (
        [("sizes(i, k, s, d)", "(k * d, s * (i - 1) + k * d)")],
        f"jax_pair {REFUSES}",
        "k * d cells (M09a)",
    ),
    "nothing_left_is_legal": (
        [(NOTHING_LEFT, "if False:")],
        REFUSES,
        "jax_window must raise ValueError here: jax: padding=(0, 0) leaves an output of size 0",
    ),
    "no_cell_is_legal": ([(NOTHING_LEFT, "if L - begin - end < 0:")], REFUSES, "it returns an answer"),
    "one_cell_is_not_legal": ([(NOTHING_LEFT, "if L - begin - end < 2:")], REFUSES, "This call is legal"),
    "another_error": ([("raise ValueError", "raise TypeError")], REFUSES, "it raises TypeError"),
}
