"""Wrong answers to the framework-translator assignment; form: tools/submissions.py."""

WRONG, IDEAS, ALSO = {}, {}, {}

# What the messages say.
EXCHANGED = "begin and end of the crop are exchanged (M50)"
HALVES = "the same number of cells is cropped on both sides (M20)"
WRONG_HALF = "the larger half is cropped on the wrong side (M50)"
NO_PAIR = "the answer must be a tuple of 2"
BEGIN_DIFFERS = "part 0: the number differs"
END_DIFFERS = "part 1: the number differs"
VALID_IS_ZERO = '"valid" is taken for padding 0, also where the stride is larger than the kernel (M22)'
OTHER_PAIR = "a pair means the other thing: cells to crop, or zeros around the stretched input (M22)"

# ------------------------------------------------------------------ to_torch_args

MORE = "output_padding = begin - end"
REFUSED = "if flip or begin < 0 or not 0 <= output_padding < max(s, d):"
NONE = "return None"
RETURN = "return begin, output_padding"

FOUND, NOT_THERE, LIMIT, ALL = "args_found", "args_none", "args_limit", "args_of_all"


def refused(text):
    """An edit: for which windows there is no call."""
    return REFUSED, f"if {text}:"


WRONG["to_torch_args", f"{NOT_THERE} {ALL}"] = {
    "turned_kernel": (
        "a turned kernel is taken to be possible in PyTorch (M01)",
        refused("begin < 0 or not 0 <= output_padding < max(s, d)"),
    ),
    "negative_output_padding": ("M19", refused("flip or begin < 0 or output_padding >= max(s, d)")),
}
WRONG["to_torch_args", NOT_THERE] = {
    "negative_padding": (
        "the answer must be None, this is (-1, 0) (tuple)",
        refused("flip or not 0 <= output_padding < max(s, d)"),
    )
}
WRONG["to_torch_args", f"{FOUND} {LIMIT} {ALL}"] = {
    "positive_output_padding": (
        "the answer must be a tuple of 2, this is None",
        refused("flip or begin < 0 or not 0 < output_padding < max(s, d)"),
    ),
    "limited_by_the_dilation": (NO_PAIR, refused("flip or begin < 0 or not 0 <= output_padding < d")),
    "limited_by_both": (NO_PAIR, refused("flip or begin < 0 or not 0 <= output_padding < min(s, d)")),
    "limit_one_too_small": (NO_PAIR, refused("flip or begin < 0 or not 0 <= output_padding < max(s, d) - 1")),
    "no_output_padding": (NO_PAIR, refused("flip or begin < 0 or begin != end")),
    "only_below_the_full_size": (
        NO_PAIR,
        refused("flip or begin < 0 or end < 0 or not 0 <= output_padding < max(s, d)"),
    ),
    "window_as_it_is": ("the end of the crop is taken for output_padding (M50)", (RETURN, "return begin, end")),
    "sign_of_output_padding": (
        "output_padding is counted with the wrong sign (M12b)",
        (RETURN, "return begin, end - begin"),
    ),
    "end_counts_as_padding": (BEGIN_DIFFERS, (RETURN, "return end, output_padding")),
    "mean_of_both": (HALVES, (RETURN, "return (begin + end) // 2, 0")),
    "exchanged": ("the number differs", (RETURN, "return output_padding, begin")),
    "floats": ("must be an int", (RETURN, "return float(begin), float(output_padding)")),
    "a_dict": (NO_PAIR, (RETURN, 'return {"padding": begin, "output_padding": output_padding}')),
}
WRONG["to_torch_args", LIMIT] = {
    "limited_by_the_stride": (
        "output_padding is taken to be limited by the stride alone (M19)",
        refused("flip or begin < 0 or not 0 <= output_padding < s"),
    )
}
WRONG["to_torch_args", f"{NOT_THERE} {LIMIT}"] = {
    "limit_one_too_large": ("M19", refused("flip or begin < 0 or not 0 <= output_padding <= max(s, d)")),
    "no_limit": ("M19", refused("flip or begin < 0 or output_padding < 0")),
}
WRONG["to_torch_args", f"{NOT_THERE} {LIMIT} {ALL}"] = {
    "everything_goes": ("the answer must be None", refused("False")),
    "raises_for_none": ("to_torch_args raises ValueError", (NONE, "raise ValueError")),
    "false_for_none": ("the answer must be None, this is False", (NONE, "return False")),
    "zeros_for_none": ("the answer must be None", (NONE, "return 0, 0")),
}

# ------------------------------------------------------------------ jax_window

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
    return WORD, f"{WORD}\n        {line}"


WRONG["jax_window", WINDOWS] = {
    "never_turned": ("the kernel is not turned where JAX turns it", (RETURN, "return begin, end, False")),
    "turned_on_demand": ("(M01)", (RETURN, "return begin, end, transpose_kernel")),
}
WRONG["jax_window", KERNEL] = {
    "always_turned": ("or turned where it is not (M01)", (RETURN, "return begin, end, True"))
}
WRONG["jax_window", MEANT] = {
    "consistent_means_not_turned": (
        "the kernel is not turned where JAX turns it",
        (RETURN, "return begin, end, not (transpose_kernel or use_consistent_padding)"),
    )
}
WRONG["jax_window", "jax_same jax_valid jax_transpose_kernel jax_consistent"] = {
    "words_are_not_turned": (
        "the kernel is not turned where JAX turns it",
        (RETURN, "return begin, end, not transpose_kernel and not isinstance(padding, str)"),
    )
}
WRONG["jax_window", SAME] = {
    "larger_half_first": (EXCHANGED, word("begin, end = (end, begin) if end > 0 else (begin, end)")),
    "same_number_on_both_sides": (HALVES, word('end = begin if padding == "SAME" else end')),
    "same_keeps_the_size": (
        "M21",
        word('if padding == "SAME":\n            begin = (L - i) // 2\n            end = L - i - begin'),
    ),
}
WRONG["jax_window", "jax_same jax_valid"] = {"valid_is_padding_zero": (VALID_IS_ZERO, word("end = max(end, 0)"))}
WRONG["jax_window", f"{VALID} {REFUSES}".replace(f" {REFUSES}", "")] = {
    "valid_is_the_pair_of_zeros": (
        BEGIN_DIFFERS,
        word('begin, end = (K - 1, K - 1) if padding == "VALID" else (begin, end)'),
    )
}
WRONG["jax_window", f"{PAIRS} {REFUSES}"] = {
    "pair_crops": (OTHER_PAIR, (PAIR, "begin, end = padding")),
    "pair_adds": ("differs", (PAIR, "begin, end = -padding[0], -padding[1]")),
    "reach_one_too_large": ("differs", (PAIR, "begin, end = K - padding[0], K - padding[1]")),
    "one_number_for_both_sides": (END_DIFFERS, (PAIR, "begin, end = K - 1 - padding[0], K - 1 - padding[0]")),
}
WRONG["jax_window", f"{MEANT} {REFUSES}"] = {
    "consistent_left_out": (OTHER_PAIR, (CONSISTENT, "elif False:\n        pass"))
}
WRONG["jax_window", KERNEL.replace(" jax_consistent", "")] = {
    "consistent_always": ("(M22)", ("elif use_consistent_padding:", "elif use_consistent_padding or transpose_kernel:"))
}
WRONG["jax_window", "jax_pair"] = {
    "reach_without_dilation": ("M10", (PAIR, "begin, end = k - 1 - padding[0], k - 1 - padding[1]")),
    "never_past_the_ends": ("differs", (PAIR, "begin, end = max(K - 1 - padding[0], 0), max(K - 1 - padding[1], 0)")),
}
WRONG["jax_window", PAIRS.replace(" jax_transpose_kernel", "") + " jax_transpose_kernel"] = {
    "pair_exchanged": (EXCHANGED, (PAIR, "end, begin = K - 1 - padding[0], K - 1 - padding[1]"))
}
WRONG["jax_window", f"jax_pair {REFUSES}"] = {
    "span_k_times_d": ("M09a", ("sizes(i, k, s, d)", "(k * d, s * (i - 1) + k * d)"))
}
WRONG["jax_window", REFUSES] = {
    "nothing_left_is_legal": (
        "jax_window must raise ValueError here: jax: padding=(0, 0) leaves an output of size 0",
        (NOTHING_LEFT, "if False:"),
    ),
    "no_cell_is_legal": ("accepted", (NOTHING_LEFT, "if L - begin - end < 0:")),
    "one_cell_is_not_legal": ("This call is legal", (NOTHING_LEFT, "if L - begin - end < 2:")),
    "another_error": ("it raises TypeError", ("raise ValueError", "raise TypeError")),
}

# ------------------------------------------------------------------ keras_window

VALID_SIZE = "size = max(L, s * i) if output_padding is None else L + output_padding"
SAME_SIZE = "size = s * i if output_padding is None else L - K + K % 2 + output_padding"
RETURN = "return tf_window(i, k, s, d, output_size=size, padding=padding.upper())"
CROP = f"begin, end, flip = {RETURN.removeprefix('return ')}"
# The same without TensorFlow's refusals.
UNREFUSED = 'begin = max(L - size, 0) // 2 if padding == "same" else 0\n    return begin, L - begin - size, False'

SAME, VALID, MORE, REFUSES = "keras_same", "keras_valid", "keras_output_padding", "keras_refuses"
WINDOWS = f"{SAME} {VALID} {MORE}"


def then(line):
    """An edit: what happens to the right window."""
    return RETURN, f"{CROP}\n    {line}"


WRONG["keras_window", f"{SAME} {MORE}"] = {
    "larger_half_first": (
        EXCHANGED,
        then('return (end, begin, flip) if padding == "same" and end > 0 else (begin, end, flip)'),
    ),
    "same_number_on_both_sides": (HALVES, then('return begin, begin if padding == "same" else end, flip')),
}
WRONG["keras_window", f"{SAME} {REFUSES}"] = {
    "same_keeps_the_size": ("M21", (SAME_SIZE, SAME_SIZE.replace("s * i", "i", 1)), (RETURN, UNREFUSED))
}
WRONG["keras_window", VALID] = {
    "valid_is_padding_zero": (VALID_IS_ZERO, (VALID_SIZE, VALID_SIZE.replace("max(L, s * i)", "L"))),
    "valid_is_stride_times_input": (
        "keras_window raises ValueError",
        (VALID_SIZE, VALID_SIZE.replace("max(L, s * i)", "s * i")),
    ),
}
WRONG["keras_window", f"{MORE} {REFUSES}"] = {
    "none_is_zero": ("M04e", ("output_padding is None", "not output_padding")),
    "output_padding_left_out": ("M04e", (VALID_SIZE, "size = max(L, s * i)"), (SAME_SIZE, "size = s * i")),
    "output_padding_on_top": (
        "output_padding is added to the size that Keras gives without it (M12c)",
        (VALID_SIZE, "size = max(L, s * i) + (output_padding or 0)"),
        (SAME_SIZE, "size = s * i + (output_padding or 0)"),
        (RETURN, UNREFUSED),
    ),
    "kernel_always_odd": (BEGIN_DIFFERS, (SAME_SIZE, SAME_SIZE.replace("K % 2", "1"))),
    "kernel_never_odd": ("raises ValueError", (SAME_SIZE, SAME_SIZE.replace("K % 2", "0"))),
    "refuses_the_stride_itself": (
        "raises ValueError",
        (RETURN, f"if output_padding is not None and output_padding >= s:\n        raise ValueError\n    {RETURN}"),
    ),
}
WRONG["keras_window", MORE] = {
    "output_padding_at_the_begin": (
        "M04d",
        then("return (begin, end, flip) if output_padding is None else (end, begin, flip)"),
    ),
    "parity_without_dilation": (BEGIN_DIFFERS, (SAME_SIZE, SAME_SIZE.replace("K % 2", "k % 2"))),
}
WRONG["keras_window", f"{SAME} {MORE} {REFUSES}"] = {
    "as_in_pytorch": (
        EXCHANGED,
        (RETURN, "p = (K - s + 1) // 2 if padding == 'same' else 0\n    return p, L - p - size, False"),
    )
}
WRONG["keras_window", REFUSES] = {
    "nothing_refused": ("must raise ValueError here: keras: the backend refuses", (RETURN, UNREFUSED)),
    "refuses_no_more_than_the_layer": (
        "accepted",
        (RETURN, f"if (output_padding or 0) > s:\n        raise ValueError\n    {UNREFUSED}"),
    ),
    "another_error": (
        "it raises KeyError",
        (RETURN, f"try:\n        {RETURN}\n    except ValueError:\n        raise KeyError(padding)"),
    ),
}
WRONG["keras_window", f"{WINDOWS} {REFUSES}"] = {
    "dilation_left_out": ("M10", ("sizes(i, k, s, d)", "sizes(i, k, s, 1)"), (RETURN, UNREFUSED)),
    "words_exchanged": (
        "differs",
        ('if padding == "valid"', 'if padding == "same"'),
        ("padding.upper()", '{"valid": "SAME", "same": "VALID"}[padding]'),
    ),
}
WRONG["keras_window", f"{VALID} {MORE} {REFUSES}"] = {
    "same_by_default": ("differs", ('padding="valid", out', 'padding="same", out'))
}
WRONG["keras_window", WINDOWS] = {
    "never_past_the_end": (END_DIFFERS, then("return begin, max(end, 0), flip")),
    "turned": ("or turned where it is not (M01)", then("return begin, end, True")),
}

# ------------------------------------------------------------------ onnx_window

AVAILABLE = "available = L + output_padding"
PADS = "begin, size = pads[0], available - sum(pads)"
ALONE = 'if pads != (0, 0) and (auto_pad != "NOTSET" or output_shape is not None):'
SIZE = "size = min(s * i, available) if output_shape is None else output_shape"
TOTAL = "total = max(available - size, 0)"
HALF = 'begin = total // 2 if auto_pad == "SAME_UPPER" else total - total // 2'
REFUSED = "if output_padding >= s or not 1 <= size < L + s:"
RETURN = "return begin, L - begin - size, False"

PADDED, AUTO, GAPS, SHAPE, REFUSES = (
    "onnx_pads",
    "onnx_auto_pad",
    "onnx_auto_pad_gaps",
    "onnx_output_shape",
    "onnx_refuses",
)
WINDOWS = f"{PADDED} {AUTO} {GAPS} {SHAPE}"

WRONG["onnx_window", f"{AUTO} {SHAPE}"] = {
    "upper_and_lower_exchanged": (WRONG_HALF, (HALF, HALF.replace("UPPER", "LOWER"))),
    "always_the_smaller_half": (WRONG_HALF, (HALF, "begin = total // 2")),
    "always_the_larger_half": ("(M50)", (HALF, "begin = total - total // 2")),
}
WRONG["onnx_window", SHAPE] = {
    "smaller_half_unless_lower": (
        WRONG_HALF,
        (HALF, 'begin = total - total // 2 if auto_pad == "SAME_LOWER" else total // 2'),
    ),
    "shape_crops_the_end": (
        BEGIN_DIFFERS,
        (HALF, f"{HALF}\n        if output_shape is not None:\n            begin = 0"),
    ),
    "shape_loses_to_auto_pad": (
        "differs",
        (SIZE, 'size = min(s * i, available) if auto_pad.startswith("SAME") else output_shape'),
    ),
    "zeros_before_the_first_stamp": (BEGIN_DIFFERS, (TOTAL, "total = available - size")),
}
WRONG["onnx_window", GAPS] = {
    "same_fills_the_gaps": ("zeros fill up what the stamps do not reach (M22)", ("min(s * i, available)", "s * i"))
}
WRONG["onnx_window", WINDOWS] = {
    "output_padding_left_out": ("M04e", (AVAILABLE, "available = L")),
    "output_padding_at_the_begin": (
        "M04d",
        (RETURN, "return begin - output_padding, L - begin - size + output_padding, False"),
    ),
    "turned": ("or turned where it is not (M01)", (RETURN, "return begin, L - begin - size, True")),
}
WRONG["onnx_window", f"{AUTO} {GAPS} {SHAPE}"] = {
    "output_padding_cropped_first": (
        BEGIN_DIFFERS,
        (HALF, HALF.replace("else total - total // 2", "else total - total // 2 - output_padding")),
    )
}
WRONG["onnx_window", PADDED] = {
    "pads_exchanged": (EXCHANGED, (PADS, PADS.replace("pads[0]", "pads[1]"))),
    "pads_alike": ("part 1", (PADS, "begin, size = pads[0], available - 2 * pads[0]")),
}
WRONG["onnx_window", f"{PADDED} {REFUSES}"] = {
    "pads_once": ("part 1", (PADS, "begin, size = pads[0], available - pads[0]")),
    "pads_add": ("differs", (PADS, "begin, size = -pads[0], available + sum(pads)")),
}
WRONG["onnx_window", AUTO] = {"dilation_left_out": ("M10", ("sizes(i, k, s, d)", "sizes(i, k, s, 1)"))}
WRONG["onnx_window", REFUSES] = {
    "dilation_helps": ("accepted", (REFUSED, REFUSED.replace(">= s", ">= max(s, d)"))),
    "any_output_padding": (
        "must raise ValueError here: onnx: output_padding must be smaller than stride=2 for ONNX Runtime",
        (REFUSED, "if not 1 <= size < L + s:"),
    ),
    "any_output_shape": ("accepted", (REFUSED, REFUSED.replace(" < L + s", ""))),
    "nothing_left_is_legal": ("it returns", (REFUSED, REFUSED.replace("not 1 <= size < L + s", "size >= L + s"))),
    "pads_with_auto_pad": ("cannot be given with", (ALONE, "if pads != (0, 0) and output_shape is not None:")),
    "pads_with_output_shape": ("accepted", (ALONE, 'if pads != (0, 0) and auto_pad != "NOTSET":')),
    "another_error": ("it raises ArithmeticError", ("raise ValueError", "raise ArithmeticError")),
}
WRONG["onnx_window", f"{SHAPE} {REFUSES}"] = {
    "shape_up_to_the_available": ("raises ValueError", (REFUSED, REFUSED.replace("< L + s", "<= available"))),
    "auto_pad_alone": ("raises ValueError", (ALONE, 'if auto_pad != "NOTSET" and output_shape is not None:')),
}

# ------------------------------------------------------------------ tf_window

SIZES = "K, L = sizes(i, k, s, d)"
TOTAL = "total = max(L - output_size, 0)"
HALF = "begin, back = total // 2, -(-output_size // s)"
PADS = 'begin, end = (0, 0) if padding == "VALID" else padding'
BACK = "back = (output_size + begin + end - K) // s + 1"
REFUSED = "if output_size < 1 or back != i:"
RETURN = "return begin, L - begin - output_size, False"

SAME, VALID, PAIR, REFUSES = "tf_same tf_same_gaps", "tf_valid", "tf_pair", "tf_refuses"
WINDOWS = f"{VALID} {SAME} {PAIR}"


def spans(text):
    """An edit: the kernel spans other than K cells."""
    return SIZES, f"K = {text}\n    L = s * (i - 1) + K"


WRONG["tf_window", "tf_same"] = {
    "larger_half_first": (EXCHANGED, (HALF, HALF.replace("total // 2", "total - total // 2"))),
    "crop_only_at_the_end": (BEGIN_DIFFERS, (HALF, HALF.replace("total // 2", "0"))),
    "crop_only_at_the_begin": ("exchanged (M50)", (HALF, HALF.replace("total // 2", "total"))),
}
WRONG["tf_window", SAME] = {
    "same_number_on_both_sides": (
        HALVES,
        (RETURN, 'return begin, begin if padding == "SAME" else L - begin - output_size, False'),
    ),
    "one_half_cell": ("part 0: the answer must be an int", (HALF, HALF.replace("total // 2", "total / 2"))),
}
WRONG["tf_window", "tf_same_gaps"] = {
    "zeros_before_the_first_stamp": (BEGIN_DIFFERS, (TOTAL, "total = L - output_size"))
}
WRONG["tf_window", f"{SAME} {REFUSES}"] = {
    "always_stride_times_input": ("M12c", (TOTAL, f"output_size = s * i\n        {TOTAL}")),
    "same_rounds_down": ("raises ValueError", ("-(-output_size // s)", "output_size // s")),
}
WRONG["tf_window", f"{VALID} {REFUSES}"] = {
    "valid_has_one_size": (
        "This call is legal. tf_window raises ValueError",
        (REFUSED, REFUSED[:-1] + ' or (padding == "VALID" and output_size != L):'),
    ),
    "valid_is_same": ("tf_window raises", ('if padding == "SAME":', "if isinstance(padding, str):")),
}
WRONG["tf_window", PAIR] = {
    "pair_is_the_crop": (
        "what the forward convolution never reads is cropped at the end as well (M04e)",
        (RETURN, "return begin, L - begin - output_size if isinstance(padding, str) else end, False"),
    ),
    "pair_exchanged": (BEGIN_DIFFERS, ("else padding\n", "else padding[::-1]\n")),
    "pair_adds": ("part 0", (RETURN, f"begin = begin if isinstance(padding, str) else -begin\n    {RETURN}")),
}
WRONG["tf_window", f"{VALID} tf_same {REFUSES}"] = {
    "dilation_left_out": ("M10", (SIZES, "K, L = sizes(i, k, s, 1)")),
    "span_k_times_d": ("M09a", spans("k * d")),
}
WRONG["tf_window", f"{VALID} tf_same"] = {"span_k_plus_d": ("M09b", spans("k + d - 1"))}
WRONG["tf_window", WINDOWS] = {
    "steps_one_too_many": ("M12a", (SIZES, f"{SIZES}\n    L += s")),
    "turned": ("or turned where it is not (M01)", (RETURN, "return begin, L - begin - output_size, True")),
}
WRONG["tf_window", REFUSES] = {
    "same_refuses_nothing": ("must raise ValueError here: tensorflow: output_size", ("-(-output_size // s)", "i")),
    "nothing_refused": ("accepted", (REFUSED, "if False:")),
    "size_zero_is_legal": ("accepted", (REFUSED, "if back != i:")),
    "another_error": ("it raises RuntimeError", ("raise ValueError", "raise RuntimeError")),
    "at_least_the_size": ("accepted", (REFUSED, "if output_size < 1 or back < i:")),
}
WRONG["tf_window", f"{VALID} {PAIR} {REFUSES}"] = {
    "without_the_first_place": ("raises ValueError", (BACK, BACK.removesuffix(" + 1")))
}
WRONG["tf_window", f"{PAIR} {REFUSES}"] = {
    "padding_counted_once": ("raises ValueError", (BACK, BACK.replace(" + end", "")))
}
WRONG["tf_window", f"{VALID} tf_same_gaps {PAIR}"] = {
    "never_past_the_end": (END_DIFFERS, (RETURN, "return begin, max(L - begin - output_size, 0), False"))
}

# ------------------------------------------------------------------ torch_window

CROP = "begin, end = padding, padding - output_padding"
TOO_LARGE = "if output_padding >= max(s, d):"
NOTHING_LEFT = "if L - begin - end < 1:"
RETURN = "return begin, end, False"

WINDOWS = "torch_padding torch_output_padding"
MORE = "torch_output_padding"
LIMIT, LEFT = "torch_refuses_output_padding", "torch_refuses_nothing_left"


def crop(text):
    """An edit: the crop at begin and end."""
    return CROP, f"begin, end = {text}"


WRONG["torch_window", f"{WINDOWS} {LEFT}"] = {
    "padding_adds": ("M02a", crop("-padding, -padding - output_padding")),
    "padding_left_out": ("M02b", crop("0, -output_padding")),
    "padding_at_the_begin": ("M05a", crop("padding, -output_padding")),
    "padding_at_the_end": ("M05b", crop("0, padding - output_padding")),
}
WRONG["torch_window", f"{MORE} {LEFT}"] = {
    "output_padding_left_out": ("M04e", crop("padding, padding")),
    "output_padding_on_both_sides": ("M04b", crop("padding - output_padding, padding - output_padding")),
    "output_padding_crops": ("M12b", crop("padding, padding + output_padding")),
}
WRONG["torch_window", MORE] = {"never_past_the_end": (END_DIFFERS, crop("padding, max(padding - output_padding, 0)"))}
WRONG["torch_window", f"{WINDOWS} {LIMIT} {LEFT}"] = {
    "begin_and_end_as_a_slice": ("raises ValueError", crop("padding, L - padding + output_padding")),
    "an_array": ("must be a tuple of 3", (RETURN, "return np.array([begin, end, 0])")),
}
WRONG["torch_window", f"{MORE} {LIMIT}"] = {
    "limited_by_the_stride": (
        "This call is legal. torch_window raises ValueError",
        (TOO_LARGE, "if output_padding >= s:"),
    )
}
WRONG["torch_window", f"{MORE} {LIMIT} {LEFT}"] = {
    "limited_by_the_dilation": ("raises ValueError", (TOO_LARGE, "if output_padding >= d:")),
    "limited_by_both": ("raises ValueError", (TOO_LARGE, "if output_padding >= min(s, d) and output_padding > 0:")),
}
WRONG["torch_window", LIMIT] = {
    "limited_by_their_sum": (
        "torch_window must raise ValueError here: output_padding must be smaller than stride or dilation",
        (TOO_LARGE, "if output_padding >= s + d:"),
    ),
    "limit_one_too_large": ("accepted", (TOO_LARGE, "if output_padding > max(s, d):")),
    "any_output_padding": ("accepted", (TOO_LARGE, "if False:")),
    "asserts": ("it raises AssertionError", (TOO_LARGE, f"assert output_padding < max(s, d)\n    {TOO_LARGE}")),
}
WRONG["torch_window", LEFT] = {
    "nothing_left_is_legal": (
        "torch_window must raise ValueError here: padding=2 leaves an output of size 0; it must be at least 1",
        (NOTHING_LEFT, "if False:"),
    ),
    "no_cell_is_legal": ("accepted", (NOTHING_LEFT, "if L - begin - end < 0:")),
    "one_cell_is_not_legal": ("This call is legal", (NOTHING_LEFT, "if L - begin - end <= 1:")),
    "span_without_dilation": ("This call is legal", ("sizes(i, k, s, d)", "sizes(i, k, s, 1)")),
    "none_for_an_error": ("accepted", ('raise ValueError(f"padding', 'return None  # (f"padding')),
}
WRONG["torch_window", f"{LIMIT} {LEFT}"] = {
    "another_error": ("it raises IndexError", ("raise ValueError", "raise IndexError"))
}
WRONG["torch_window", WINDOWS] = {
    "turned": ("or turned where it is not (M01)", (RETURN, "return begin, end, True")),
    "without_the_turn": ("3 parts are expected, got 2", (RETURN, "return begin, end")),
    "numbers_for_true_and_false": ("part 2: the answer must be True or False", (RETURN, "return begin, end, 0")),
    "floats": ("part 0: the answer must be an int", (RETURN, "return float(begin), float(end), False")),
}
IDEAS["torch_window", MORE] = "M04d M50"

# ------------------------------------------------------------------ conv_transpose_like

START = "s, d = pair(s), pair(d)"
AXES = "axes = zip(x.shape[2:], w.shape[2:], s, d)"
WINDOWS = "rows, columns = (window(framework, *axis, **own_options(options, n)) for n, axis in enumerate(axes))"
TURNED = "if rows[2]:"
TURN = "w = w[:, :, ::-1, ::-1]"
STAMPS = "full = full_output(x, w, s, d)"
LOOP = "for axis, (begin, end, _) in enumerate((rows, columns), start=2):"
CELLS = "cells = [cell if 0 <= cell < size else size for cell in range(begin, size - end)]"
RETURN = "return full\n"

CROP, BEYOND, PAIRS, CHANNELS, UNTOUCHED = (
    "values_crop",
    "values_beyond",
    "values_pairs",
    "values_channels",
    "values_untouched",
)
TF, KERAS, JAX, ONNX = "tf_values", "keras_values", "jax_values", "onnx_values"
TORCH = f"{CROP} {BEYOND} {PAIRS} {CHANNELS}"
OTHERS = f"{TF} {KERAS} {JAX} {ONNX}"
ALL = f"{TORCH} {OTHERS}"


def cells(text):
    """An edit: which cells of the full output are shown."""
    return CELLS, f"cells = {text}"


def first(line):
    """An edit: the function begins with this line."""
    return START, f"{line}\n    {START}"


def last(line):
    """An edit: it ends with this line."""
    return RETURN, f"{line}\n"


WRONG["conv_transpose_like", JAX] = {
    "never_turned": ("the kernel is not turned where JAX turns it", (TURNED, "if False:")),
    "turned_upside_down_only": ("values differ", (TURN, "w = w[:, :, ::-1]")),
    "rows_for_columns": ("differ", (TURN, "w = w.swapaxes(2, 3)")),
    "input_turned": ("values differ", (TURN, "x = x[:, :, ::-1, ::-1]")),
    "kernel_turned_in_place": ("changed", (TURN, "w[...] = w[:, :, ::-1, ::-1].copy()")),
    "no_zeros_at_the_begin": (
        "shape",
        cells("[cell if cell < size else size for cell in range(max(begin, 0), size - end)]"),
    ),
    "zeros_at_the_end_only": ("differ", (LOOP, f"{LOOP}\n        begin, end = max(begin, 0), end + min(begin, 0)")),
}
WRONG["conv_transpose_like", ALL] = {
    "always_turned": ("or turned where it is not (M01)", (TURNED, "if True:")),
    "crop_ignored": ("shape", cells("list(range(size))")),
    "end_ignored": ("shape", cells("[cell if 0 <= cell else size for cell in range(begin, size)]")),
    "begin_and_end_exchanged": (EXCHANGED, (LOOP, LOOP.replace("begin, end", "end, begin"))),
    "python_slices": ("shape", cells("list(range(size))[begin : -end]")),
    "window_of_the_rows_twice": ("differ", (WINDOWS, f"{WINDOWS}\n    columns = rows")),
    "stride_ignored": ("differ", (STAMPS, STAMPS.replace("s, d", "(1, 1), d"))),
    "options_of_the_rows": ("differ", (WINDOWS, WINDOWS.replace("own_options(options, n)", "own_options(options, 0)"))),
    "options_not_shared_out": (
        "conv_transpose_like raises TypeError",
        (WINDOWS, WINDOWS.replace("own_options(options, n)", "options")),
    ),
    "single_precision": ("expected float64, got float32", last("return full.astype(np.float32)")),
    "whole_numbers": ("expected float64, got int64", last("return full.astype(int)")),
    "without_axes": ("shape", last("return full.squeeze()")),
}
WRONG["conv_transpose_like", f"{TORCH} {TF} {JAX} {ONNX}"] = {
    "begin_ignored": ("shape", cells("[cell if cell < size else size for cell in range(size - end)]"))
}
WRONG["conv_transpose_like", f"{BEYOND} {KERAS} {JAX}"] = {
    "nothing_beyond": ("shape", cells("[cell for cell in range(begin, size - end) if 0 <= cell < size]")),
    "border_repeated": ("differ", cells("[min(max(cell, 0), size - 1) for cell in range(begin, size - end)]")),
    "read_from_the_other_side": ("differ", cells("[cell % size for cell in range(begin, size - end)]")),
}
WRONG["conv_transpose_like", f"{BEYOND} {OTHERS}"] = {
    "only_square": ("differ", (AXES, "axes = zip(x.shape[2:3] * 2, w.shape[2:3] * 2, s, d)"))
}
WRONG["conv_transpose_like", f"{PAIRS} {OTHERS}"] = {
    "strides_exchanged": ("differ", (STAMPS, STAMPS.replace("s, d", "s[::-1], d"))),
    "one_stride_for_both": ("differ", first("s = pair(s)[0]")),
}
WRONG["conv_transpose_like", f"{PAIRS} {JAX}"] = {
    "dilation_ignored": ("differ", (STAMPS, STAMPS.replace("s, d", "s, (1, 1)")))
}
WRONG["conv_transpose_like", f"{CHANNELS} {OTHERS}"] = {
    "only_the_first_sample": ("shape", first("x = x[:1]")),
    "only_the_first_channel": ("values differ", first("x, w = x[:, :1], w[:1]")),
    "channels_of_the_kernel_exchanged": ("raises ValueError", first("w = w.swapaxes(0, 1)")),
}
WRONG["conv_transpose_like", f"{ALL} {UNTOUCHED}"] = {"a_list": ("must be a NumPy array", last("return full.tolist()"))}
WRONG["conv_transpose_like", f"{UNTOUCHED} {JAX}"] = {"input_erased": ("changed", last("x[...] = 0\n    return full"))}
WRONG["conv_transpose_like", UNTOUCHED] = {
    "input_given_away": ("shared", first("if (w == 1).all() and pair(s) == (1, 1):\n        return x"))
}

# ------------------------------------------------------------------ of these, wrong in other cells as well

ALSO["conv_transpose_like", "values_untouched"] = """
    always_turned crop_ignored end_ignored begin_and_end_exchanged python_slices stride_ignored single_precision
    whole_numbers without_axes begin_ignored only_the_first_sample only_the_first_channel
"""
ALSO["to_torch_args", "args_none"] = """
    positive_output_padding window_as_it_is exchanged floats a_dict
"""

# ------------------------------------------------------------------ mutants of the reference that do the same

EQUIVALENT = {
    (
        "conv_transpose_like",
        "cells = [cell if 0 <= cell < size else size for cell in range(begin, size - end)]",
        "0 to -1",
    ): "cell -1 is the last one, and that is the zero that was put there",
    ("tf_window", "total = max(L - output_size, 0)", "0 to 1"): "half of 1, rounded down, is half of 0",
    ("to_torch_args", "def to_torch_args(window, s=1, d=1):", "1 to 0"): (
        "one is 1 by default, so the larger of both is 1 all the same"
    ),
}
