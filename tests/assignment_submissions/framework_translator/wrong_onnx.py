"""Wrong ``onnx_window``."""

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

WRONG = {
    "upper_and_lower_exchanged": (
        [(HALF, HALF.replace("UPPER", "LOWER"))],
        f"{AUTO} {SHAPE}",
        "the larger half is cropped on the wrong side (M50)",
    ),
    "always_the_smaller_half": (
        [(HALF, "begin = total // 2")],
        f"{AUTO} {SHAPE}",
        "the larger half is cropped on the wrong side (M50)",
    ),
    "always_the_larger_half": ([(HALF, "begin = total - total // 2")], f"{AUTO} {SHAPE}", "(M50)"),
    "smaller_half_unless_lower": (
        [(HALF, 'begin = total - total // 2 if auto_pad == "SAME_LOWER" else total // 2')],
        SHAPE,
        "the larger half is cropped on the wrong side (M50)",
    ),
    "shape_crops_the_end": (
        [(HALF, f"{HALF}\n        if output_shape is not None:\n            begin = 0")],
        SHAPE,
        "part 0: the number differs",
    ),
    "shape_loses_to_auto_pad": (
        [(SIZE, 'size = min(s * i, available) if auto_pad.startswith("SAME") else output_shape')],
        SHAPE,
        "differs",
    ),
    "same_fills_the_gaps": (
        [("min(s * i, available)", "s * i")],
        GAPS,
        "zeros fill up what the stamps do not reach (M22)",
    ),
    "zeros_before_the_first_stamp": ([(TOTAL, "total = available - size")], SHAPE, "part 0: the number differs"),
    "output_padding_left_out": (
        [(AVAILABLE, "available = L")],
        f"{PADDED} {AUTO} {GAPS} {SHAPE}",
        "output_padding is left out (M04e)",
    ),
    "output_padding_at_the_begin": (
        [(RETURN, "return begin - output_padding, L - begin - size + output_padding, False")],
        WINDOWS,
        "output_padding moves the begin of the crop instead of its end (M04d)",
    ),
    "output_padding_cropped_first": (
        [(HALF, HALF.replace("else total - total // 2", "else total - total // 2 - output_padding"))],
        f"{AUTO} {GAPS} {SHAPE}",
        "part 0: the number differs",
    ),
    "pads_exchanged": (
        [(PADS, PADS.replace("pads[0]", "pads[1]"))],
        PADDED,
        "begin and end of the crop are exchanged (M50)",
    ),
    "pads_alike": ([(PADS, "begin, size = pads[0], available - 2 * pads[0]")], PADDED, "part 1"),
    "pads_once": ([(PADS, "begin, size = pads[0], available - pads[0]")], f"{PADDED} {REFUSES}", "part 1"),
    "pads_add": ([(PADS, "begin, size = -pads[0], available + sum(pads)")], f"{PADDED} {REFUSES}", "differs"),
    "dilation_left_out": (
        [("sizes(i, k, s, d)", "sizes(i, k, s, 1)")],
        AUTO,
        "dilation is left out (M10)",
    ),
    "dilation_helps": ([(REFUSED, REFUSED.replace(">= s", ">= max(s, d)"))], REFUSES, "it returns an answer"),
    "any_output_padding": (
        [(REFUSED, "if not 1 <= size < L + s:")],
        REFUSES,
        "must raise ValueError here: onnx: output_padding must be smaller than stride=2 for ONNX Runtime",
    ),
    "any_output_shape": ([(REFUSED, REFUSED.replace(" < L + s", ""))], REFUSES, "it returns an answer"),
    "shape_up_to_the_available": (
        [(REFUSED, REFUSED.replace("< L + s", "<= available"))],
        f"{SHAPE} {REFUSES}",
        "raises ValueError",
    ),
    "nothing_left_is_legal": (
        [(REFUSED, REFUSED.replace("not 1 <= size < L + s", "size >= L + s"))],
        REFUSES,
        "it returns",
    ),
    "pads_with_auto_pad": (
        [(ALONE, "if pads != (0, 0) and output_shape is not None:")],
        REFUSES,
        "cannot be given with",
    ),
    "pads_with_output_shape": (
        [(ALONE, 'if pads != (0, 0) and auto_pad != "NOTSET":')],
        REFUSES,
        "it returns an answer",
    ),
    "auto_pad_alone": (
        [(ALONE, 'if auto_pad != "NOTSET" and output_shape is not None:')],
        f"{SHAPE} {REFUSES}",
        "raises ValueError",
    ),
    "another_error": ([("raise ValueError", "raise ArithmeticError")], REFUSES, "it raises ArithmeticError"),
    "turned": ([(RETURN, "return begin, L - begin - size, True")], WINDOWS, "or turned where it is not (M01)"),
}
