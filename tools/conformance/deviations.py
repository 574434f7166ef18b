"""Where a framework does something else than its documents, its own rule or its neighbours say.

:data:`DEVIATIONS` is the list. ``tests/test_frameworks_deviations.py`` has a test for each, under its name,
that fails on the day the framework changes. Those with a prediction are met by the
conformance run as well: there the prediction takes the place of the rule.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from convlab.arithmetic import conv_transpose_output_size, effective_kernel_size, interpolate_output_size
from convlab.frameworks import Window, conv, conv_transpose, input_layout
from convlab.reference import interpolate

__all__ = ["DEVIATIONS", "REFUSED", "UNWRITTEN", "Deviation", "covering"]

REFUSED = "refused"
#: The dtype of a prediction whose shape is known and whose values are memory that nobody wrote.
UNWRITTEN = np.dtype("V1")


@dataclass(frozen=True)
class Deviation:
    """One difference: what happens, and what the document or the rule says; its test is ``test_<name>``.

    ``predict(suite, case)`` gives the array that the framework returns there, :data:`REFUSED`,
    or None where the deviation does not apply.
    """

    name: str
    summary: str
    sources: tuple
    predict: Callable | None = None


def covering(suite, case):
    """``(deviation, prediction)`` for a case of the conformance run, or None."""
    for deviation in DEVIATIONS:
        prediction = deviation.predict(suite, case) if deviation.predict and case.sizes else None
        if prediction is not None:
            return deviation, prediction
    return None


def _full(case):
    """The full scatter of a case, in its framework's layout."""
    framework, x, weight = case.arguments
    options = {name: case.options[name] for name in ("stride", "dilation", "transpose_kernel") if name in case.options}
    if framework == "jax":
        return conv_transpose("jax", x, weight, padding=(0, 0), use_consistent_padding=True, **options)
    if framework == "tensorflow":
        full_size = conv_transpose_output_size(*case.sizes[:3], dilation=case.sizes[3])
        return conv_transpose("tensorflow", x, weight, padding="VALID", output_size=full_size, **options)
    return conv_transpose(framework, x, weight, **options)


def _space(framework):
    return input_layout(framework, 1).index("W")


def _without_cells(case):
    """An array of the right shape with no cell along the axis."""
    framework, x, _ = case.arguments
    return np.delete(x, range(case.sizes[0]), _space(framework))


def _valid_one_input(suite, case):
    i, k, s, d = case.sizes if case.operation == "conv_transpose" else (0, 0, 0, 0)
    if suite != "tensorflow" or i != 1 or case.options["padding"] != "VALID":
        return None
    span, size = effective_kernel_size(k, d), case.options["output_size"]
    return Window(0, 0, False, size).cut(_full(case), 1) if span - s < size < span else None


def _unwritten(suite, case):
    if suite not in ("tensorflow", "keras-tensorflow") or case.operation != "conv":
        return None
    i, k, s, d = case.sizes
    padding = case.options["padding"]
    if padding in ("SAME", "same", "causal") or (suite == "keras-tensorflow" and s > 1 and d > 1):
        return None
    padded, span = i + (0 if isinstance(padding, str) else sum(padding)), effective_kernel_size(k, d)
    if suite == "keras-tensorflow" and d > 1:  # tf.nn.convolution takes every d-th cell and a kernel without gaps
        padded, span = -(-i // d), k
    return np.zeros(case.arguments[1].shape, UNWRITTEN) if span - 2 * s < padded < span else None


def _empty_jax(suite, case):
    if suite != "jax" or (isinstance(case.options.get("padding", ""), str) and case.operation != "conv"):
        return None
    i, k, s, d = case.sizes if len(case.sizes) == 4 else (0, 0, 0, 0)
    span, padding = effective_kernel_size(max(k, 1), max(d, 1)), case.options.get("padding")
    if case.operation == "conv":
        if padding in ("SAME", "SAME_LOWER"):
            return None
        return _without_cells(case) if i + (0 if padding == "VALID" else sum(padding)) < span else None
    if case.operation != "conv_transpose":
        return None
    pads = 2 * (span - 1) - sum(padding) if case.options["use_consistent_padding"] else sum(padding)
    stretched = s * (i - 1) + 1 + pads
    if stretched >= span:
        return None
    return _without_cells(case) if stretched >= 0 else REFUSED


def _empty_keras(suite, case):
    if not suite.startswith("keras") or case.operation != "conv_transpose":
        return None
    i, k, _, d = case.sizes
    none = i == 1 and case.options == case.options | {"padding": "same", "output_padding": 0}
    return _without_cells(case) if none and effective_kernel_size(k, d) % 2 == 0 else None


def _negative_pads(suite, case):
    if suite != "onnx" or case.operation != "conv_transpose" or min(case.options.get("pads", (0, 0))) >= 0:
        return None
    (begin, end), output_padding = case.options["pads"], case.options["output_padding"]
    full = _full(case)
    size = full.shape[2] - begin - end + output_padding
    if output_padding >= case.options["stride"] or size < 1:
        return REFUSED
    return Window(begin, end - output_padding, False, size).cut(full, 2)


def _same_crops(suite, case):
    if suite != "onnx" or case.operation != "conv" or not case.options.get("auto_pad", "").startswith("SAME"):
        return None
    i, k, s, d = case.sizes
    output_size = -(-i // s)
    missing = s * (output_size - 1) + k - i
    lower = case.options["auto_pad"] == "SAME_LOWER"
    skipped = (-missing - 1 - lower) // 2  # zeros are missing if this is above 0: cells are left out at the start
    if d > 1 or skipped < 1:
        return None
    _, x, weight = case.arguments
    end = max(s * (output_size - 1) + k - (i - skipped), 0)
    return conv("onnx", x[..., skipped:], weight, stride=s, pads=(0, end))


def _reference_same(suite, case):
    i, k, s, d = case.sizes if case.operation == "conv_transpose" else (0, 1, 0, 1)
    word = case.options.get("auto_pad", "")
    if suite != "onnx-reference" or not word.startswith("SAME") or effective_kernel_size(k, d) >= s:
        return None
    full = _full(case)
    total = full.shape[2] - s * i
    begin = total // 2 if word == "SAME_UPPER" else total - total // 2
    return Window(begin, total - begin, False, s * i).cut(full, 2)


def _reference_empty(suite, case):
    if suite != "onnx-reference" or "pads" not in case.options:
        return None
    i, k, s, d = case.sizes
    size = conv_transpose_output_size(i, k, s, dilation=d) - sum(case.options["pads"]) + case.options["output_padding"]
    return _without_cells(case) if size == 0 and case.options["output_padding"] < s else None


def _seven_to_one(suite, case):
    if suite != "onnx" or case.operation != "resize" or case.sizes != (7, 1):
        return None
    place = {"coordinate_transformation_mode": "half_pixel", "nearest_mode": "floor"}
    return case.arguments[1][..., 2:3].astype(np.int64) if case.options == case.options | place else None


def _scale_ignored(suite, case):
    scales, mode = case.options.get("scale_factor"), case.options.get("mode", "nearest")
    if suite != "torch" or case.operation != "resize" or scales is None or mode == "nearest-exact":
        return None
    axes = [(size, interpolate_output_size(size, scale), scale) for size, scale in zip(case.sizes, scales)]
    taken = (1, 2) if mode == "nearest" else (1,)
    ignored = any(output in [n * size for n in taken] and output != size * scale for size, output, scale in axes)
    return interpolate(case.arguments[1], **{n: v for n, v in case.options.items() if n != "size"}) if ignored else None


DEVIATIONS = (
    Deviation(
        "torch output padding up to dilation",
        "torch takes output_padding from stride to dilation - 1, although no convolution has such a "
        "transpose; ONNX Runtime, TensorFlow and Keras ask for less than the stride, so an exported model is "
        "refused.",
        ("onnxruntime #14208", "pytorch #56328", "pytorch #106450", "pytorch #66542", "onnx #3187"),
    ),
    Deviation(
        "torch module output size uses the stride only",
        "ConvTranspose1d.forward(output_size=...) takes stride sizes; with dilation 3 and stride 1 it refuses "
        "sizes that output_padding=1 and 2 give.",
        ("torch.nn.ConvTranspose1d",),
    ),
    Deviation(
        "torch same fails late",
        "nn.ConvTranspose2d(padding='same') is accepted, stored as four letters, and fails in forward.",
        ("pytorch #95123", "pytorch #80301"),
    ),
    Deviation(
        "torch ignores some scales",
        "interpolate(scale_factor=...) of a small image (output of H + W up to 128) takes 'nearest' cells as by the "
        "ratio of the sizes on an axis that keeps its size or doubles it, and linear modes on one that keeps it: 3 "
        "cells x 1.25 give 0 1 2, in a row without a second axis 0 0 1.",
        ("torch.nn.functional.interpolate",),
        _scale_ignored,
    ),
    Deviation(
        "keras layers refuse more",
        "Conv2DTranspose forbids stride with dilation and output_padding >= strides; keras.ops.conv_transpose "
        "does not check.",
        ("keras.layers.Conv2DTranspose",),
    ),
    Deviation(
        "keras backends differ",
        "keras.ops.conv_transpose with output_padding >= stride, or same with K % 2 + output_padding outside "
        "1..stride, runs on the backends torch and jax, and the backend tensorflow refuses it.",
        ("keras.ops.conv_transpose",),
    ),
    Deviation(
        "keras torch backend was symmetric",
        "Before keras PR #22876 (2026) the backend torch cropped both sides alike: of the 60 sets (kernel, "
        "stride, dilation) of the grid 21 'same' windows were wrong, values shifted by a cell. The old "
        "formula is still in Keras.",
        ("keras PR #22876", "keras-core #774"),
    ),
    Deviation(
        "keras empty output",
        "keras.ops.conv_transpose returns an array without cells for same, output_padding=0, one input, K even.",
        ("keras.ops.conv_transpose",),
        _empty_keras,
    ),
    Deviation(
        "tensorflow valid one input",
        "With oneDNN and one input cell, conv2d_transpose VALID takes output sizes from K - stride + 1 to K - "
        "1, from which no convolution leads back; it returns the first cells of the full scatter.",
        ("tf.nn.conv2d_transpose",),
        _valid_one_input,
    ),
    Deviation(
        "tensorflow dilation needs onednn",
        "With TF_ENABLE_ONEDNN_OPTS=0 every transposed convolution with dilation > 1 is refused on the CPU.",
        ("tf.nn.conv2d_transpose",),
    ),
    Deviation(
        "tensorflow explicit padding without dilation",
        "On the CPU conv2d_transpose with pairs as padding has no kernel for dilation > 1 nor for groups, "
        "with oneDNN or without.",
        ("tf.nn.conv2d_transpose",),
    ),
    Deviation(
        "tensorflow conv returns unwritten memory",
        "With oneDNN, conv2d of a kernel that does not fit (K - 2 stride < padded size < K) returns an array "
        "of the INPUT's shape with whatever the memory held, instead of an error.",
        ("tensorflow #109175",),
        _unwritten,
    ),
    Deviation(
        "jax empty output",
        "JAX returns an array without cells where nothing is left, and refuses only where the padded input "
        "would have a negative size.",
        ("jax.lax.conv_transpose",),
        _empty_jax,
    ),
    Deviation(
        "jax padding has two meanings",
        "A word is the padding of the forward convolution, a pair pads the stretched input: 'VALID' is not "
        "(0, 0), unless use_consistent_padding=True; and the kernel is flipped unless transpose_kernel=True.",
        ("jax #17618", "jax #14337", "jax #11252", "flax #3137"),
    ),
    Deviation(
        "jax negative padding",
        "On the CPU a float32 convolution of two axes with negative padding at the begin and a little "
        "positive padding at the end reads outside the input. A transposed convolution that crops K or more "
        "cells is one; translate slices instead.",
        ("openxla/xla #48713", "openxla/xla PR #48748"),
    ),
    Deviation(
        "onnxruntime same with a small kernel",
        "ConvTranspose auto_pad=SAME_* with K < stride returns stride (i - 1) + K + output_padding cells; the "
        "ONNX specification says stride * i, and so does TensorFlow.",
        ("ONNX ConvTranspose",),
    ),
    Deviation(
        "onnxruntime large output shape",
        "output_shape above the available size extends the end only; by the formula of the specification both "
        "pads would be negative.",
        ("ONNX ConvTranspose",),
    ),
    Deviation(
        "onnxruntime output padding below the stride",
        "output_padding must be below the stride; the specification says stride or dilation.",
        ("ONNX ConvTranspose",),
    ),
    Deviation(
        "onnxruntime ignores pads with output shape",
        "With output_shape the pads are ignored without a word (the specification says so).",
        ("ONNX ConvTranspose",),
    ),
    Deviation(
        "onnxruntime negative pads",
        "ONNX Runtime takes negative pads, zeros at the begin included; the specification asks for 0 or more.",
        ("ONNX ConvTranspose",),
        _negative_pads,
    ),
    Deviation(
        "onnxruntime conv same leaves cells out",
        "Conv auto_pad=SAME_* with a kernel smaller than the stride leaves out cells at the start (negative "
        "pads); TensorFlow pads 0.",
        ("onnxruntime #10086",),
        _same_crops,
    ),
    Deviation(
        "onnxruntime resize 7 to 1",
        "Resize nearest, half_pixel, floor from 7 cells to 1: the position 3 becomes 2.99... in float32, so "
        "cell 2 is taken.",
        ("ONNX Resize",),
        _seven_to_one,
    ),
    Deviation(
        "onnx shape inference adds output padding",
        "Shape inference says stride * i + 1 for auto_pad=SAME_UPPER with output_padding=1; ONNX Runtime "
        "returns stride * i.",
        ("onnx #4299", "onnxruntime #11927"),
    ),
    Deviation(
        "onnx same was swapped",
        "SAME_UPPER and SAME_LOWER were swapped for ConvTranspose in older releases, and ignored before; now "
        "SAME_UPPER crops the larger half at the end, like TensorFlow.",
        ("onnx #1609", "onnx #2095", "onnxruntime #9370", "onnxruntime #5368", "onnxruntime #4086", "onnx #2788"),
    ),
    Deviation(
        "onnx reference same with a small kernel",
        "The ReferenceEvaluator returns stride * i cells for auto_pad=SAME_* with K < stride, but puts zeros "
        "at the START for SAME_UPPER.",
        ("onnx.reference",),
        _reference_same,
    ),
    Deviation(
        "onnx reference empty output",
        "The ReferenceEvaluator returns an array without cells where pads leave nothing.",
        ("onnx.reference",),
        _reference_empty,
    ),
    Deviation(
        "onnx reference output shape and groups",
        "The ReferenceEvaluator fails for output_shape without auto_pad, and for group > 1; do not use it as "
        "an oracle there.",
        ("onnx.reference",),
    ),
    Deviation(
        "valid has several sizes",
        "A convolution forgets the remainder, so VALID names stride sizes: Sonnet returned the largest, "
        "tf.layers the smallest.",
        ("sonnet #127",),
    ),
)
