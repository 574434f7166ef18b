"""Wrong ``bilinear_kernel``."""

REFUSED = "if f < 1:"
SIZE = "k = 2 * f - f % 2"
TENT = "tent = 1 - np.abs(np.arange(k) - (k - 1) / 2) / f"
RETURN = "return np.outer(tent, tent)"

EVEN, ODD, ONE, REFUSES = "kernel_even", "kernel_odd", "kernel_one", "kernel_refuses"
TENTS = f"{EVEN} {ODD}"
ALL = f"{TENTS} {ONE}"


def tent(text):
    """An edit: the weights along one axis."""
    return [(TENT, f"tent = {text}")]


def answered(text):
    """An edit: the kernel."""
    return [(RETURN, f"return {text}")]


WRONG = {
    "divided_by_its_sum": (
        answered("np.outer(tent, tent) / tent.sum() ** 2"),
        TENTS,
        "the kernel is divided by its sum (M32)",
    ),
    "divided_along_one_axis": (
        answered("np.outer(tent, tent) / tent.sum()"),
        TENTS,
        "the kernel is divided by its sum, along one axis only (M32)",
    ),
    "divided_by_its_largest": (answered("np.outer(tent, tent) / tent.max() ** 2"), EVEN, "values differ"),
    "one_axis_only": (answered("tent"), ALL, "the shape differs"),
    "a_row": (answered("tent[None]"), TENTS, "the shape differs"),
    "smaller_of_both": (answered("np.minimum.outer(tent, tent)"), TENTS, "values differ"),
    "sum_of_both": (answered("np.add.outer(tent, tent) / 2"), TENTS, "values differ"),
    "a_cone": (
        answered("np.maximum(1 - np.hypot.outer(1 - tent, 1 - tent), 0)"),
        TENTS,
        "values differ",
    ),
    "always_even": ([(SIZE, "k = 2 * f")], f"{ODD} {ONE}", "the shape differs"),
    "always_odd": ([(SIZE, "k = 2 * f - 1")], EVEN, "the shape differs"),
    "zeros_at_the_ends": ([(SIZE, "k = 2 * f - f % 2 + 2")], ALL, "the shape differs"),
    "parity_exchanged": ([(SIZE, "k = 2 * f - (f + 1) % 2")], ALL, "the shape differs"),
    "as_large_as_the_stride": ([(SIZE, "k = f")], TENTS, "the shape differs"),
    "on_a_cell": (
        tent("1 - np.abs(np.arange(k) - k // 2) / f"),
        EVEN,
        "the half pixel is left out: the tent stands on a cell (M24b)",
    ),
    "on_the_cell_before": (
        tent("1 - np.abs(np.arange(k) - (k - 1) // 2) / f"),
        EVEN,
        "values differ",
    ),
    "always_between": (tent("1 - np.abs(np.arange(k) - f + 0.5) / f"), f"{ODD} {ONE}", "value"),
    "corners_aligned": (
        tent("1 - np.abs(np.linspace(-1, 1, k)) if f > 1 else np.ones(1)"),
        TENTS,
        "the corners are aligned: the tent begins and ends with 0 (M24a)",
    ),
    "falls_by_half_its_size": (tent("1 - np.abs(np.arange(k) - (k - 1) / 2) / (k / 2)"), ODD, "values differ"),
    "falls_too_fast": (tent("1 - np.abs(np.arange(k) - (k - 1) / 2) / (f - f % 2 / 2)"), ODD, "values differ"),
    "falls_too_slowly": (tent("1 - np.abs(np.arange(k) - (k - 1) / 2) / (f + 1)"), TENTS, "values differ"),
    "a_box": (tent("np.ones(k)"), TENTS, "values differ"),
    "nearest": (tent("(np.abs(np.arange(k) - (k - 1) / 2) < f / 2).astype(float)"), TENTS, "values differ"),
    "squared": (answered("np.outer(tent, tent) ** 2"), TENTS, "values differ"),
    "a_ramp": (tent("1 - (np.arange(k) - (k - 1) / 2) / f"), TENTS, "values differ"),
    "whole_division": (tent("1 - np.abs(np.arange(k) - (k - 1) / 2) // f"), TENTS, "values differ"),
    "rounded": (answered("np.outer(tent, tent).round(3)"), TENTS, "differ"),
    "single_precision": (answered("np.outer(tent, tent).astype(np.float32)"), ALL, "expected float64, got float32"),
    "whole_numbers": (answered("np.outer(tent, tent).astype(int)"), ALL, "expected float64, got int64"),
    "a_list": (answered("np.outer(tent, tent).tolist()"), f"{ALL} {REFUSES}", "must be a NumPy array"),
    "for_a_layer": (answered("np.outer(tent, tent)[None, None]"), ALL, "the shape differs"),
    "nothing_refused": (
        [(REFUSED, "if f == 0:\n        return np.zeros((0, 0))\n    f = abs(f)\n    if False:")],
        REFUSES,
        "bilinear_kernel must raise ValueError here: f must be at least 1, got 0",
    ),
    "zero_is_legal": (
        [(REFUSED, "if f == 0:\n        return np.ones((1, 1))\n    if f < 0:")],
        REFUSES,
        "it returns an answer",
    ),
    "one_is_not_legal": ([(REFUSED, "if f <= 1:")], f"{ONE} {REFUSES}", "This call is legal"),
    "another_error": ([("raise ValueError", "raise ZeroDivisionError")], REFUSES, "it raises ZeroDivisionError"),
}
