"""Mutants of the reference solution of the upsampling assignment that do the same as it."""

NO_ORDER = "max does not ask for an order"
TENT = "return np.maximum(1 - np.abs(position[:, None] - np.arange(cells)), 0)"
TOO_FAR = "if abs(height - usual[0]) >= stride[0] or abs(width - usual[1]) >= stride[1]:"
WEIGHTS = "tent = 1 - np.abs(np.arange(k) - (k - 1) / 2) / f"

EQUIVALENT = {
    ("interpolate", TENT, "arguments exchanged"): NO_ORDER,
    ("interpolate", TENT, "sides exchanged"): "a distance has no sign",
    ("interpolate", "ratio = cells / max(count, 1)", "arguments exchanged"): NO_ORDER,
    ("interpolate", "position = m * (cells - 1) / max(count - 1, 1)", "arguments exchanged"): NO_ORDER,
    ("max_unpool2d", TOO_FAR, "sides exchanged"): "a distance has no sign",
    ("pixel_shuffle", "for a, b in np.ndindex(r, r):", "arguments exchanged"): "both are r",
    ("bilinear_kernel", WEIGHTS, "sides exchanged"): "a distance has no sign, nor has the product of two weights",
    ("bilinear_kernel", "return np.outer(tent, tent)", "arguments exchanged"): "both are the tent",
}
