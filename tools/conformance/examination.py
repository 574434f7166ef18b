"""Make every call of a suite, and compare the framework with the rule, or with the deviation that is known."""

from collections import Counter
from itertools import islice
from pathlib import Path

import numpy as np

import convlab
from convlab.frameworks import (
    conv,
    conv_transpose,
    depth_to_space,
    input_layout,
    rearrange,
    resize,
    run,
    run_conv,
    run_depth_to_space,
    run_resize,
    run_space_to_depth,
    space_to_depth,
    weight_layout,
)
from convlab.frameworks.arrays import single
from convlab.frameworks.convolutions import checked_call
from convlab.frameworks.onnx import one_node
from convlab.reference.layer_arguments import PADDING_MODES
from tools.conformance.batches import BATCH, attempted, compiled, executed, slices
from tools.conformance.deviations import UNWRITTEN, covering
from tools.conformance.grids import FULL, cases, drawn

__all__ = ["SHOWN", "examine"]

SHOWN = 3  # disagreements written out for each row of the table
#: Where our own code lies; the environment with the frameworks may lie below the same directory.
OURS = (Path(convlab.__file__).parent, Path(__file__).parents[1])


def examine(suite, limits=FULL):
    """Make every call of a suite and compare.

    Returns
    -------
    dict
        ``"rows"`` with the counts of each operation and family of options, ``"failures"`` with a
        sentence for the first disagreements of each row that no deviation explains.
    """
    rows, failures = {}, []
    for case, got in _answers(suite, cases(suite, limits)):
        row = rows.setdefault((case.operation, case.family), Counter())
        deviation, expected = covering(suite, case) or (None, _predicted(case))
        row["calls"] += 1
        row["values"] += isinstance(got, np.ndarray)
        if not _agree(expected, got, case):
            row["unexplained"] += 1
            if row["unexplained"] <= SHOWN:
                failures.append(_sentence(suite, case, expected, got))
        elif deviation is not None:
            row[f"deviation {deviation.name}"] += 1
        else:
            row["equal" if isinstance(got, np.ndarray) else "refused"] += 1
    return {"rows": [[*key, dict(row)] for key, row in rows.items()], "failures": failures}


def _answers(suite, all_cases):
    """Every case with what the framework makes of it: the array, the reason for a refusal, or an error of ours."""
    if suite in ("jax", "keras-jax"):
        all_cases = iter(all_cases)
        while batch := list(islice(all_cases, BATCH)):
            yield from zip(batch, map(_judged, compiled(batch, _CALLED)))
        return
    for case in all_cases:
        yield case, _judged(attempted(_reference if suite == "onnx-reference" else _CALLED[case.operation], case))


def _judged(got):
    """Tell a framework's refusal, which becomes a sentence, from an error of convlab, which stays one."""
    return f"{type(got).__name__}: {got}" if isinstance(got, Exception) and _of_framework(got) else got


def _predicted(case):
    """The array that the rules predict, or the reason for which they refuse."""
    try:
        return _EXPECTED[case.operation](*case.arguments, **case.options)
    except ValueError as error:
        return str(error)


def _of_framework(error):
    """Whether a framework raised it: from its own lines, or, without any, with a kind that convlab does not raise."""
    frame = error.__traceback__
    while frame.tb_next is not None:
        frame = frame.tb_next
    file = Path(frame.tb_frame.f_code.co_filename)
    inside = any(file.is_relative_to(ours) for ours in OURS)
    return not inside or type(error) is RuntimeError or type(error).__module__ != "builtins"


def _agree(expected, got, case):
    if not (isinstance(expected, np.ndarray) and isinstance(got, np.ndarray)):
        return isinstance(expected, str) and isinstance(got, str)
    if expected.shape != got.shape:
        return False
    if expected.dtype == UNWRITTEN or not expected.size:
        return True
    if case.exact:
        return np.array_equal(expected, got)
    return np.abs(expected - got.astype(np.float64)).max() <= np.abs(expected).max() * 2.0**-20


def _sentence(suite, case, expected, got):
    arguments = [a.ravel().tolist() if isinstance(a, np.ndarray) else a for a in case.arguments]
    shown = [
        f"{value.ravel().tolist()} of shape {value.shape}" if isinstance(value, np.ndarray) else str(value)[:200]
        for value in (expected, got)
    ]
    return f"{suite}: {case.operation}{tuple(arguments)} {case.options}: expected {shown[0]}; got {shown[1]}"


def _reference(framework, x, weight, stride, dilation, **options):
    """The call of ONNX's own ReferenceEvaluator."""
    from onnx.reference import ReferenceEvaluator

    def node(operator, feeds, **attributes):
        return ReferenceEvaluator(one_node(operator, feeds, **attributes)).run(None, feeds)[0]

    onnx, call = checked_call("conv_transpose", "onnx", x, weight, stride, dilation, 1, options)
    arrays = {"x": single("x", call.x, call.weight), "weight": single("weight", call.weight, call.x)}
    return onnx.conv_transpose(node, call._replace(**arrays))


def _from_source(function, transposed):
    """What the first framework of a translation answers, in the layout of the second."""

    def expected(target, source, layer, options, answer):
        x, weight = drawn(source, layer, options.get("transpose_kernel", False), transposed)
        output = function(source, x, weight, *layer[2:], **options)
        return rearrange(output, input_layout(source, x.ndim - 2), input_layout(target, x.ndim - 2))

    return expected


def _translated(function, transposed):
    """What the second framework answers: by the code, which must agree with the arguments."""

    def called(target, source, layer, options, answer):
        x, weight = drawn(target, layer, answer.arguments.get("transpose_kernel", False), transposed)
        output = executed(answer.code, target, x=x, w=weight)
        ndim = x.ndim - 2
        if answer.flip:
            axes = weight_layout(target, ndim)
            weight = np.flip(weight, [axis for axis, letter in enumerate(axes) if letter in "DHW"])
        first = input_layout(target, ndim).index("DHW"[3 - ndim])
        if answer.padding is not None:
            pads = answer.padding if isinstance(answer.padding, list) else [answer.padding] * ndim
            cells = [slice(max(-begin, 0), size + min(end, 0)) for size, (begin, end) in zip(x.shape[first:], pads)]
            zeros = [(max(begin, 0), max(end, 0)) for begin, end in pads]
            around = [(0, 0)] * first + zeros + [(0, 0)] * (2 - first)
            x = np.pad(x[(slice(None),) * first + tuple(cells)], around, mode=PADDING_MODES[answer.padding_mode])
        again = function(target, x, weight, *layer[2:], **answer.arguments)
        again = again[(slice(None),) * first + tuple(slices(answer, ndim))]
        if not np.array_equal(output, again):
            raise AssertionError(f"the code gives {output.ravel()}, the arguments {again.ravel()}: {answer}")
        return output

    return called


def _pixels(framework, *shape):
    return rearrange(np.random.default_rng(0).integers(0, 256, shape), "NCHW", input_layout(framework))


def _resize_expected(target, source, sizes, options, answer):
    output = resize(source, _pixels(source, 1, 2, 2, sizes[0]).astype(np.float32), **options)
    return rearrange(output, input_layout(source), input_layout(target))


def _resize_translated(target, source, sizes, options, answer):
    return executed(answer.code, target, x=_pixels(target, 1, 2, 2, sizes[0]))


def _blocks_expected(target, source, sizes, options, answer):
    output = depth_to_space(source, _pixels(source, 2, sizes[0], 2, 3), sizes[1])
    return rearrange(output, input_layout(source), input_layout(target))


def _packed_expected(target, source, sizes, options, answer):
    channels, r = sizes
    output = space_to_depth(source, _pixels(source, 2, channels, 2 * r, 3 * r), r)
    return rearrange(output, input_layout(source), input_layout(target))


def _packed_translated(target, source, sizes, options, answer):
    channels, r = sizes
    return executed(answer.code, target, x=_pixels(target, 2, channels, 2 * r, 3 * r))


def _blocks_translated(target, source, sizes, options, answer):
    return executed(answer.code, target, x=_pixels(target, 2, sizes[0], 2, 3))


_EXPECTED = {
    "conv_transpose": conv_transpose,
    "conv": conv,
    "resize": resize,
    "depth_to_space": depth_to_space,
    "translate": _from_source(conv_transpose, True),
    "translate_conv": _from_source(conv, False),
    "translate_resize": _resize_expected,
    "translate_depth_to_space": _blocks_expected,
    "space_to_depth": space_to_depth,
    "translate_space_to_depth": _packed_expected,
}
_CALLED = {
    "conv_transpose": run,
    "conv": run_conv,
    "resize": run_resize,
    "depth_to_space": run_depth_to_space,
    "translate": _translated(run, True),
    "translate_conv": _translated(run_conv, False),
    "translate_resize": _resize_translated,
    "translate_depth_to_space": _blocks_translated,
    "space_to_depth": run_space_to_depth,
    "translate_space_to_depth": _packed_translated,
}
