"""ONNX, as ONNX Runtime computes it on the CPU."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from convlab.frameworks.framework import (
    COORDINATES,
    ROUNDINGS,
    Axis,
    Call,
    Framework,
    Options,
    Sampling,
    Window,
    known,
    named_zeros,
    nonzero,
    pair,
    placed,
)
from convlab.frameworks.written import Name
from convlab.typing import Array
from convlab.validation import integer

__all__ = ["Onnx", "one_node"]

OPSET = 22
IR_VERSION = 10
AUTO_PAD = ("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER")


class Onnx(Framework):
    """Models of one node. Its calls take a function ``node(operator, feeds, **attributes)``."""

    name = "onnx"
    version = f"onnxruntime 1.31.1 (onnx 1.23.2, opset {OPSET})"
    packages = ("onnx", "onnxruntime")
    imports = ("import onnxruntime", "from onnx import helper")
    divides_by_scale = takes_scale = True

    def window(
        self,
        axis: Axis,
        *,
        pads: tuple[int, int] = (0, 0),
        output_padding: int = 0,
        output_shape: int | None = None,
        auto_pad: str = "NOTSET",
    ) -> Window:
        """``ConvTranspose``, with the amendments that ONNX Runtime makes.

        ``auto_pad`` is ``"NOTSET"``, ``"VALID"``, ``"SAME_UPPER"`` or ``"SAME_LOWER"``; ``output_shape`` is the entry
        of one axis.
        """
        known("auto_pad", auto_pad, AUTO_PAD)
        begin, end = pair("pads", pads, minimum=0)
        output_padding = integer("output_padding", output_padding, minimum=0)
        if output_padding >= axis.stride:
            raise ValueError(
                f"onnx: output_padding must be smaller than stride={axis.stride} for ONNX Runtime, got {output_padding}"
            )
        if (begin, end) != (0, 0) and (auto_pad != "NOTSET" or output_shape is not None):
            raise ValueError(
                f"onnx: pads={tuple(pads)} cannot be given with auto_pad={auto_pad!r}, output_shape={output_shape}: "
                "auto_pad refuses them and output_shape ignores them; leave pads out"
            )
        available = axis.full_size + output_padding
        if output_shape is not None:
            size = integer("output_shape", output_shape, minimum=1)
            if size >= axis.full_size + axis.stride:
                raise ValueError(f"onnx: output_shape must be below {axis.full_size + axis.stride}, got {size}")
        elif auto_pad.startswith("SAME"):
            size = min(axis.stride * axis.input_size, available)
        else:
            size = available - begin - end
            if size < 1:
                raise ValueError(f"onnx: pads={tuple(pads)} leaves an output of size {size}; it must be at least 1")
            return placed(axis, begin, size)
        total = max(available - size, 0)
        return placed(axis, total // 2 if auto_pad == "SAME_UPPER" else total - total // 2, size)

    def conv_padding(self, axis: Axis, *, pads: tuple[int, int] = (0, 0), auto_pad: str = "NOTSET") -> tuple[int, int]:
        """``Conv``: ``pads``, or one of the words of ``auto_pad``."""
        known("auto_pad", auto_pad, AUTO_PAD)
        pads = pair("pads", pads, minimum=0)
        if auto_pad != "NOTSET" and pads != (0, 0):
            raise ValueError(f"onnx: pads={pads} cannot be given with auto_pad={auto_pad!r}; leave one of them out")
        if auto_pad.startswith("SAME") and axis.dilation > 1:
            raise ValueError(
                f"onnx: ONNX Runtime takes no auto_pad={auto_pad!r} with dilation={axis.dilation}; "
                "give the zeros as pads"
            )
        words = {"NOTSET": pads, "VALID": "VALID", "SAME_UPPER": "SAME", "SAME_LOWER": "SAME_LOWER"}
        return named_zeros(axis, words[auto_pad], ("SAME", "SAME_LOWER", "VALID"))

    def sampling(
        self,
        *,
        mode: str = "nearest",
        coordinate_transformation_mode: str = "half_pixel",
        nearest_mode: str = "round_prefer_floor",
    ) -> Sampling:
        """``Resize``: ``mode`` is ``"nearest"`` or ``"linear"``.

        The words of the others are :data:`~convlab.frameworks.framework.COORDINATES` and ``ROUNDINGS``.
        """
        linear = known("mode", mode, ("nearest", "linear")) == "linear"
        coordinates = known("coordinate_transformation_mode", coordinate_transformation_mode, COORDINATES)
        return Sampling(coordinates, None if linear else known("nearest_mode", nearest_mode, ROUNDINGS))

    def channel_order(self, *, mode: str = "DCR") -> str:
        """``DepthToSpace``: ``mode`` is ``"DCR"`` or ``"CRD"``."""
        return known("mode", mode, ("DCR", "CRD"))

    def check_mixed(self, x: Array) -> None:
        if x.dtype not in (np.uint8, np.int8, np.int32):
            raise ValueError(f"onnx: ONNX Runtime mixes uint8, int8 and int32, got {x.dtype}")

    def round_mixed(self, mixed: Array) -> Array:
        """Down: the cast drops the fraction of numbers above zero."""
        return np.floor(mixed)

    def api(self) -> Any:
        runtime = self.load()
        settings = runtime.SessionOptions()
        settings.log_severity_level = 4  # the exception says it already
        settings.intra_op_num_threads = settings.inter_op_num_threads = 1
        settings.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_DISABLE_ALL

        def node(operator, feeds, **attributes):
            model = one_node(operator, feeds, **attributes).SerializeToString()
            session = runtime.InferenceSession(model, settings, providers=["CPUExecutionProvider"])
            return session.run(None, {name: values for name, values in feeds.items() if values is not None})[0]

        return node

    def conv_transpose(self, node: Any, call: Call) -> Any:
        attributes = _attributes(call)
        if any(zeros := call.each("output_padding")):
            attributes["output_padding"] = zeros
        if None not in (sizes := call.each("output_shape")):
            attributes["output_shape"] = sizes
        return node("ConvTranspose", {"x": call.x, "w": call.weight}, **attributes)

    def conv(self, node: Any, call: Call) -> Any:
        return node("Conv", {"x": call.x, "w": call.weight}, **_attributes(call))

    def resize(self, node: Any, x: Any, size: Any, options: Options) -> Any:
        written, options = isinstance(x, Name), dict(options)
        scale = options.pop("scale_factor", None)
        each = [*scale] if isinstance(scale, (tuple, list)) else [scale] * (0 if written else x.ndim - 2)
        feeds: dict[str, Any]
        if scale is None:
            feeds = {"scales": None, "sizes": Name("sizes") if written else np.array([*x.shape[:2], *size])}
        else:
            feeds = {"scales": Name("scales") if written else np.array([1, 1, *each], np.float32)}
        return node("Resize", {"x": x, "roi": None} | feeds, **options)

    def depth_to_space(self, node: Any, x: Any, block_size: int, options: Options) -> Any:
        return node("DepthToSpace", {"x": x}, blocksize=block_size, **options)

    def space_to_depth(self, node: Any, x: Any, block_size: int) -> Any:
        return node("SpaceToDepth", {"x": x}, blocksize=block_size)

    def write(self, operation: str, *arguments: Any) -> list[str]:
        before = []
        if operation == "resize":
            scale = arguments[-1].get("scale_factor")
            each = f"{[1, 1, *scale]}" if isinstance(scale, tuple) else f"[1, 1] + [{scale}] * (x.ndim - 2)"
            sizes, scales = "sizes = np.array([*x.shape[:2], *size])", f"scales = np.array({each}, np.float32)"
            before = ["import numpy as np", sizes if scale is None else scales]
        return before + getattr(self, operation)(_node_lines, *arguments)

    def window_candidates(self, axis: Axis, wanted: Window, exact: bool) -> Iterator[Options]:
        begin, end = (wanted.crop_begin, max(wanted.crop_end, 0)) if exact else (0, 0)
        yield {"pads": (begin, end)} | nonzero(output_padding=max(-wanted.crop_end, 0))

    def conv_candidates(self, begin: int, end: int) -> list[Options]:
        return [{"pads": (begin, end)}]

    def sampling_candidates(self, ndim: int) -> Iterable[Options]:
        for mode in ("nearest", "linear"):
            for place in COORDINATES:
                options = {"mode": mode, "coordinate_transformation_mode": place}
                yield from ([options | {"nearest_mode": r} for r in ROUNDINGS] if mode == "nearest" else [options])

    def order_options(self, order: str) -> Options:
        return {"mode": order}


def _attributes(call):
    attributes = {"strides": [*call.stride], "dilations": [*call.dilation]} | call.steps(group=call.groups)
    if "auto_pad" in call.options[0]:
        attributes["auto_pad"] = call.word("auto_pad")
    if "pads" in call.options[0] or call.options[0].keys() <= {"output_padding"}:
        pads = call.each("pads", (0, 0))
        attributes["pads"] = [side[end] for end in (0, 1) for side in pads]
    return attributes


def one_node(operator: str, feeds: dict[str, Any], **attributes: Any) -> Any:
    """A model of one node; an input whose value is None is left out. The output is ``"y"``."""
    from onnx import helper

    names = ["" if values is None else name for name, values in feeds.items()]
    types = {name: helper.np_dtype_to_tensor_dtype(v.dtype) for name, v in feeds.items() if v is not None}
    inputs = [helper.make_tensor_value_info(name, kind, None) for name, kind in types.items()]
    output = helper.make_tensor_value_info("y", next(iter(types.values())), None)
    graph = helper.make_graph([helper.make_node(operator, names, ["y"], **attributes)], operator, inputs, [output])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)


def _node_lines(operator, feeds, **attributes):
    """The lines that build and run a model of one node."""
    names = ["" if values is None else name for name, values in feeds.items()]
    pairs = ", ".join(f'"{name}": {name}' for name in names if name)
    node = Name("helper").make_node(operator, names, ["y"], **attributes)
    return [
        f"node = {node}",
        f"feeds = {{{pairs}}}",
        "info = {n: helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(v.dtype), None) "
        "for n, v in feeds.items()}",
        "output = helper.make_tensor_value_info('y', helper.np_dtype_to_tensor_dtype(x.dtype), None)",
        "graph = helper.make_graph([node], 'one_node', list(info.values()), [output])",
        f"model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', {OPSET})], ir_version={IR_VERSION})",
        "session = onnxruntime.InferenceSession(model.SerializeToString(), providers=['CPUExecutionProvider'])",
        "y = session.run(None, feeds)[0]",
    ]
