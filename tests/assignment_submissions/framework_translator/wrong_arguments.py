"""Wrong ``to_torch_args``."""

MORE = "output_padding = begin - end"
REFUSED = "if flip or begin < 0 or not 0 <= output_padding < max(s, d):"
NONE = "return None"
RETURN = "return begin, output_padding"

FOUND, NOT_THERE, LIMIT, ALL = "args_found", "args_none", "args_limit", "args_of_all"


def refused(text):
    """An edit: for which windows there is no call."""
    return [(REFUSED, f"if {text}:")]


WRONG = {
    "turned_kernel": (
        refused("begin < 0 or not 0 <= output_padding < max(s, d)"),
        f"{NOT_THERE} {ALL}",
        "a turned kernel is taken to be possible in PyTorch (M01)",
    ),
    "negative_padding": (
        refused("flip or not 0 <= output_padding < max(s, d)"),
        NOT_THERE,
        "the answer must be None, this is (-1, 0) (tuple)",
    ),
    "negative_output_padding": (
        refused("flip or begin < 0 or output_padding >= max(s, d)"),
        f"{NOT_THERE} {ALL}",
        "any output_padding is taken to be allowed (M19)",
    ),
    "positive_output_padding": (
        refused("flip or begin < 0 or not 0 < output_padding < max(s, d)"),
        f"{FOUND} {LIMIT} {ALL}",
        "the answer must be a tuple of 2, this is None",
    ),
    "limited_by_the_stride": (
        refused("flip or begin < 0 or not 0 <= output_padding < s"),
        LIMIT,
        "output_padding is taken to be limited by the stride alone (M19)",
    ),
    "limited_by_the_dilation": (
        refused("flip or begin < 0 or not 0 <= output_padding < d"),
        f"{FOUND} {LIMIT} {ALL}",
        "the answer must be a tuple of 2",
    ),
    "limited_by_both": (
        refused("flip or begin < 0 or not 0 <= output_padding < min(s, d)"),
        f"{FOUND} {LIMIT} {ALL}",
        "the answer must be a tuple of 2",
    ),
    "limit_one_too_large": (
        refused("flip or begin < 0 or not 0 <= output_padding <= max(s, d)"),
        f"{NOT_THERE} {LIMIT}",
        "any output_padding is taken to be allowed (M19)",
    ),
    "limit_one_too_small": (
        refused("flip or begin < 0 or not 0 <= output_padding < max(s, d) - 1"),
        f"{FOUND} {LIMIT} {ALL}",
        "the answer must be a tuple of 2",
    ),
    "no_limit": (
        refused("flip or begin < 0 or output_padding < 0"),
        f"{NOT_THERE} {LIMIT}",
        "any output_padding is taken to be allowed (M19)",
    ),
    "everything_goes": (refused("False"), f"{NOT_THERE} {LIMIT} {ALL}", "the answer must be None"),
    "no_output_padding": (
        refused("flip or begin < 0 or begin != end"),
        f"{FOUND} {LIMIT} {ALL}",
        "the answer must be a tuple of 2",
    ),
    "only_below_the_full_size": (
        refused("flip or begin < 0 or end < 0 or not 0 <= output_padding < max(s, d)"),
        f"{FOUND} {LIMIT} {ALL}",
        "the answer must be a tuple of 2",
    ),
    "window_as_it_is": (
        [(RETURN, "return begin, end")],
        f"{FOUND} {LIMIT} {ALL}",
        "the end of the crop is taken for output_padding (M50)",
    ),
    "sign_of_output_padding": (
        [(RETURN, "return begin, end - begin")],
        f"{FOUND} {LIMIT} {ALL}",
        "output_padding is counted with the wrong sign (M12b)",
    ),
    "end_counts_as_padding": (
        [(RETURN, "return end, output_padding")],
        f"{FOUND} {LIMIT} {ALL}",
        "part 0: the number differs",
    ),
    "mean_of_both": (
        [(RETURN, "return (begin + end) // 2, 0")],
        f"{FOUND} {LIMIT} {ALL}",
        "the same number of cells is cropped on both sides (M20)",
    ),
    "exchanged": ([(RETURN, "return output_padding, begin")], f"{FOUND} {LIMIT} {ALL}", "the number differs"),
    "raises_for_none": ([(NONE, "raise ValueError")], f"{NOT_THERE} {LIMIT} {ALL}", "to_torch_args raises ValueError"),
    "false_for_none": (
        [(NONE, "return False")],
        f"{NOT_THERE} {LIMIT} {ALL}",
        "the answer must be None, this is False",
    ),
    "zeros_for_none": ([(NONE, "return 0, 0")], f"{NOT_THERE} {LIMIT} {ALL}", "the answer must be None"),
    "floats": ([(RETURN, "return float(begin), float(output_padding)")], f"{FOUND} {LIMIT} {ALL}", "must be an int"),
    "a_dict": (
        [(RETURN, 'return {"padding": begin, "output_padding": output_padding}')],
        f"{FOUND} {LIMIT} {ALL}",
        "the answer must be a tuple of 2",
    ),
}
