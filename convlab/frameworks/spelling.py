"""Calls written out as Python lines, for :mod:`convlab.frameworks.translation`."""

from convlab.frameworks.arguments import CHANNELS_LAST
from convlab.frameworks.calls import IR_VERSION, OPSET

__all__ = ["convolution", "resize", "shuffle", "transposed"]

IMPORTS = {
    "torch": ["import torch.nn.functional as F"],
    "tensorflow": ["import tensorflow as tf"],
    "keras": ["import keras"],
    "jax": ["import jax"],
    "onnx": ["import onnxruntime", "from onnx import helper"],
}


def transposed(framework, ndim, stride, dilation, arguments, cells, flip):
    """The lines of a transposed convolution; ``cells`` is cut out of each axis of the result."""
    lines = list(IMPORTS[framework])
    if flip:
        lines.append(_turned(framework, ndim))
    lines += _TRANSPOSED[framework](ndim, stride, dilation, arguments)
    if cells is not None:
        cut = [f"{cells.start}:{cells.stop}"] * ndim
        lines.append(f"y = y[{', '.join([':', *cut] if framework in CHANNELS_LAST else [':', ':', *cut])}]")
    return "\n".join(lines)


def _turned(framework, ndim):
    """Turn the kernel round in space; torch takes no negative steps."""
    if framework == "torch":
        return "w = w.flip(2)" if ndim == 1 else "w = w.flip(2, 3)"
    channels = [] if framework in CHANNELS_LAST else [":", ":"]
    return f"w = w[{', '.join([*channels, *['::-1'] * ndim])}]"


def _call(function, *values, **options):
    return f"{function}({', '.join([*values, *(f'{name}={value!r}' for name, value in options.items())])})"


def _torch(ndim, stride, dilation, arguments):
    options = {"stride": stride} | arguments | ({"dilation": dilation} if dilation > 1 else {})
    return ["y = " + _call(f"F.conv_transpose{ndim}d", "x", "w", **options)]


def _tensorflow(ndim, stride, dilation, arguments):
    padding, size = arguments["padding"], str(arguments["output_size"])
    one = [] if ndim == 2 else ["1"]
    shape = f"[{', '.join(['x.shape[0]', *one, *[size] * ndim, f'w.shape[{ndim}]'])}]"
    words = f"{padding!r}" if isinstance(padding, str) else _pairs(padding, ndim)
    steps = [1] * (2 - ndim) + [stride] * ndim
    options = {"strides": steps} | ({"dilations": [1] * (2 - ndim) + [dilation] * ndim} if dilation > 1 else {})
    x, w, tail = ("x", "w", "") if ndim == 2 else ("x[:, None]", "w[None]", "[:, 0]")
    call = _call("tf.nn.conv2d_transpose", x, w, f"output_shape={shape}", f"padding={words}", **options)
    return [f"y = {call}{tail}"]


def _pairs(padding, ndim):
    return repr([(0, 0)] * (3 - ndim) + [tuple(padding)] * ndim + [(0, 0)])


def _keras(ndim, stride, dilation, arguments):
    options = {"strides": stride} | arguments | ({"dilation_rate": dilation} if dilation > 1 else {})
    return ["y = " + _call("keras.ops.conv_transpose", "x", "w", **options)]


def _jax(ndim, stride, dilation, arguments):
    padding = arguments["padding"]
    options = {"padding": padding if isinstance(padding, str) else [tuple(padding)] * ndim}
    options |= {"rhs_dilation": (dilation,) * ndim} if dilation > 1 else {}
    options |= {name: True for name in ("transpose_kernel", "use_consistent_padding") if arguments.get(name)}
    return ["y = " + _call("jax.lax.conv_transpose", "x", "w", repr((stride,) * ndim), **options)]


def _onnx(ndim, stride, dilation, arguments):
    return _node("ConvTranspose", ["x", "w"], **_attributes(ndim, stride, dilation, arguments))


def _attributes(ndim, stride, dilation, arguments):
    begin, end = arguments.get("pads", (0, 0))
    attributes = {"strides": [stride] * ndim, "dilations": [dilation] * ndim, "pads": [begin] * ndim + [end] * ndim}
    if arguments.get("output_padding"):
        attributes["output_padding"] = [arguments["output_padding"]] * ndim
    return attributes


def _node(operator, inputs, feeds=("x", "w"), **attributes):
    """The lines that build and run a model of one node."""
    feeds = [name for name in feeds if name in inputs]
    pairs = ", ".join(f'"{name}": {name}' for name in feeds)
    return [
        "node = " + _call("helper.make_node", repr(operator), repr(inputs), "['y']", **attributes),
        f"feeds = {{{pairs}}}",
        "info = {n: helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(v.dtype), None) "
        "for n, v in feeds.items()}",
        "output = helper.make_tensor_value_info('y', helper.np_dtype_to_tensor_dtype(x.dtype), None)",
        "graph = helper.make_graph([node], 'one_node', list(info.values()), [output])",
        f"model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', {OPSET})], ir_version={IR_VERSION})",
        "session = onnxruntime.InferenceSession(model.SerializeToString(), providers=['CPUExecutionProvider'])",
        "y = session.run(None, feeds)[0]",
    ]


_TRANSPOSED = {"torch": _torch, "tensorflow": _tensorflow, "keras": _keras, "jax": _jax, "onnx": _onnx}


def convolution(framework, ndim, stride, dilation, arguments, zeros):
    """The lines of a convolution; ``zeros`` are put around each axis of ``x`` first."""
    lines = list(IMPORTS[framework])
    if zeros is not None:
        lines += _padded(framework, ndim, zeros)
    return "\n".join([*lines, *_CONVOLUTION[framework](ndim, stride, dilation, arguments)])


def _padded(framework, ndim, zeros):
    if framework == "torch":
        return [f"x = F.pad(x, {tuple(zeros) * ndim})"]
    begin, end = zeros
    axes = slice(1, None) if framework in CHANNELS_LAST else slice(2, None)
    lines = ["import numpy as np"]
    if begin < 0:
        cut = ", ".join([":"] * axes.start + [f"{-begin}:"] * ndim)
        lines.append(f"x = x[{cut}]")
    pads = [(0, 0)] * axes.start + [(max(begin, 0), end)] * ndim + [(0, 0)] * (2 - axes.start)
    return [*lines, f"x = np.pad(x, {pads})"]


def _torch_conv(ndim, stride, dilation, arguments):
    options = {"stride": stride} | arguments | ({"dilation": dilation} if dilation > 1 else {})
    return ["y = " + _call(f"F.conv{ndim}d", "x", "w", **options)]


def _tensorflow_conv(ndim, stride, dilation, arguments):
    padding = arguments["padding"]
    words = f"{padding!r}" if isinstance(padding, str) else _pairs(padding, ndim)
    steps = [1] * (2 - ndim) + [stride] * ndim
    options = {"strides": steps} | ({"dilations": [1] * (2 - ndim) + [dilation] * ndim} if dilation > 1 else {})
    x, w, tail = ("x", "w", "") if ndim == 2 else ("x[:, None]", "w[None]", "[:, 0]")
    return [f"y = {_call('tf.nn.conv2d', x, w, f'padding={words}', **options)}{tail}"]


def _keras_conv(ndim, stride, dilation, arguments):
    options = {"strides": stride} | arguments | ({"dilation_rate": dilation} if dilation > 1 else {})
    return ["y = " + _call("keras.ops.conv", "x", "w", **options)]


def _jax_conv(ndim, stride, dilation, arguments):
    padding, space = arguments["padding"], "HW"[2 - ndim :]
    options = {"padding": padding if isinstance(padding, str) else [tuple(padding)] * ndim}
    options |= {"rhs_dilation": (dilation,) * ndim} if dilation > 1 else {}
    options["dimension_numbers"] = (f"N{space}C", f"{space}IO", f"N{space}C")
    return ["y = " + _call("jax.lax.conv_general_dilated", "x", "w", repr((stride,) * ndim), **options)]


def _onnx_conv(ndim, stride, dilation, arguments):
    return _node("Conv", ["x", "w"], **_attributes(ndim, stride, dilation, arguments))


_CONVOLUTION = {
    "torch": _torch_conv,
    "tensorflow": _tensorflow_conv,
    "keras": _keras_conv,
    "jax": _jax_conv,
    "onnx": _onnx_conv,
}


def resize(framework, arguments):
    """The lines of a resize of two axes to ``size``."""
    lines = list(IMPORTS[framework])
    if framework == "torch":
        lines.append("y = " + _call("F.interpolate", "x", "size=size", **arguments))
    elif framework == "tensorflow" and len(arguments) == 1:
        lines.append("y = " + _call("tf.image.resize", "x", "size", **arguments))
    elif framework == "tensorflow":
        switches = {name: value for name, value in arguments.items() if name != "method"}
        name = {"nearest": "ResizeNearestNeighbor", "bilinear": "ResizeBilinear"}[arguments["method"]]
        lines.append("y = " + _call(f"tf.raw_ops.{name}", "images=x", "size=size", **switches))
    elif framework == "keras":
        lines.append("y = " + _call("keras.ops.image.resize", "x", "size", **arguments))
    elif framework == "jax":
        lines.append("y = " + _call("jax.image.resize", "x", "(x.shape[0], *size, x.shape[-1])", **arguments))
    else:
        lines += ["import numpy as np", "sizes = np.array([*x.shape[:2], *size])"]
        lines += _node("Resize", ["x", "", "", "sizes"], feeds=("x", "sizes"), **arguments)
    return "\n".join(lines)


def shuffle(framework, block_size, arguments, order, axis):
    """The lines that deal channels out; ``order`` puts those of ``x`` into another order first."""
    lines = list(IMPORTS[framework])
    if order is not None:
        lines.append(f"x = x[{', '.join([':'] * axis + [repr(order)])}]")
    if framework == "torch":
        lines.append(f"y = F.pixel_shuffle(x, {block_size})")
    elif framework == "tensorflow":
        lines.append(f"y = tf.nn.depth_to_space(x, {block_size})")
    elif framework == "keras":
        lines.append(f"y = keras.ops.depth_to_space(x, {block_size}, data_format='channels_last')")
    else:
        lines += _node("DepthToSpace", ["x"], blocksize=block_size, **arguments)
    return "\n".join(lines)
