"""Mutants of the reference of the dilation project that do the same: ``(cell, line, change): reason``."""

JUMP = "field, jump = 1, 1  # neighbouring cells look at places that are `jump` input cells apart"
NEW = "if reached >= 1 and reached not in decoders:"
KERNELS = "for kernel_size in range(1, 7)"
NO_ORDER = "min and max do not ask for an order"
OTHER_WAYS = (
    "other decoders, as good: a size of 1 or below leads only to sizes that fewer layers reach, and what is "
    "overwritten has no more layers than rounds were made"
)

EQUIVALENT = {
    ("receptive_field", JUMP, "pair exchanged"): "1, 1 is 1, 1",
    ("fixed_padding", "if min(k, d) < 1:", "arguments exchanged"): NO_ORDER,
    ("same_pads", "total = max(needed - n, 0)", "arguments exchanged"): NO_ORDER,
    ("design_decoder", "if min(i, target) < 1:", "arguments exchanged"): NO_ORDER,
    ("design_decoder", "for output_padding in range(min(stride, padding + 1))", "arguments exchanged"): NO_ORDER,
    ("design_decoder", KERNELS, "1 to 2"): "a kernel of one tap, stride 1, changes nothing: no decoder needs it",
    ("design_decoder", KERNELS, "1 to 0"): "a kernel without taps has no padding, so it makes no layer",
    ("design_decoder", "for stride in range(1, 7)", "7 to 8"): "7 divides no kernel size up to 6",
    ("design_decoder", NEW, "if always"): OTHER_WAYS,
    ("design_decoder", NEW, "and, or exchanged"): OTHER_WAYS,
    ("design_decoder", NEW, "another comparison"): OTHER_WAYS,
    ("design_decoder", NEW, "1 to 2"): OTHER_WAYS,
    ("design_decoder", NEW, "1 to 0"): OTHER_WAYS,
}
