"""The same calls, really made: each framework is imported when it is first called.

Torch comes with convlab. The others are the optional extra ``frameworks``.
"""

from importlib import import_module
from os import environ

import numpy as np

from convlab.frameworks.transposed import transposed_arguments
from convlab.frameworks.windows import options_of

__all__ = ["installed", "keras_on", "like", "loaded", "onnx_attributes", "onnx_model", "onnx_run", "run", "single"]

EXACT = 2**24  # every integer up to here is a float32
OPSET = 22
IR_VERSION = 10


def run(framework, x, weight, stride=1, dilation=1, groups=1, **options):
    """Call the installed framework: the arguments are those of :func:`conv_transpose`.

    ``"torch"`` calls ``torch.nn.functional.conv_transpose1d`` or ``2d`` (with ``output_size``
    the module ``torch.nn.ConvTranspose1d``), ``"tensorflow"`` ``tf.nn.conv2d_transpose`` (one
    axis gets a second of size 1, as in ``tf.nn.conv1d_transpose``), ``"keras"``
    ``keras.ops.conv_transpose`` on the backend that is active, ``"jax"``
    ``jax.lax.conv_transpose``, ``"onnx"`` ONNX Runtime on the CPU.

    Parameters
    ----------
    framework, x, weight, stride, dilation, groups, **options
        As :func:`convlab.frameworks.conv_transpose`. All frameworks compute in float32 here:
        the arrays hold float32, or integers small enough to stay exact.

    Returns
    -------
    array
        float32, or int64 for integers, so that it can be compared with ``==``.

    Raises
    ------
    ImportError
        If the framework is not installed; the message says how to install it.
    TypeError
        If an argument is of the wrong kind, or an array holds float64.
    ValueError
        If the framework or an option is unknown, a layout does not fit, or float32 would round.
    Exception
        Whatever the framework raises when it refuses.

    Examples
    --------
    >>> x, w = np.array([[[1, 2]]]), np.array([[[1, 10, 100]]])
    >>> run("torch", x, w, stride=2, padding=1)
    array([[[ 10, 102,  20]]])
    """
    call, _ = transposed_arguments(framework, x, weight, stride, dilation, groups, options)
    real = call._replace(x=single("x", call.x, call.weight), weight=single("weight", call.weight, call.x))
    return like(x, CALLS[framework](real, options))


def installed(framework):
    """Whether :func:`run` can call a framework.

    Examples
    --------
    >>> installed("torch")
    True
    """
    try:
        loaded(framework)
    except ImportError:
        return False
    return True


def loaded(framework):
    """Import a framework and return its module, for onnx that of ONNX Runtime.

    Raises
    ------
    ValueError
        If the framework is unknown.
    ImportError
        If it is not installed; the message says how to install it.
    """
    options_of(framework)
    if framework in ("tensorflow", "keras"):
        environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow greets on stderr otherwise
    try:
        return [import_module(name) for name in {"onnx": ("onnx", "onnxruntime")}.get(framework, (framework,))][-1]
    except ImportError as error:
        raise ImportError(
            f"{framework} is not installed ({error}); install it with: pip install 'convlab[frameworks]'"
        ) from error


def single(name, values, others=None):
    """Return ``values`` as float32, for a framework; refuse what would be rounded on the way.

    ``others`` are the numbers that they are multiplied with and summed.

    Examples
    --------
    >>> single("x", np.array([1, 2]))
    array([1., 2.], dtype=float32)
    >>> single("x", np.array([3]), others=np.array([10**7, 1]))
    Traceback (most recent call last):
        ...
    ValueError: x must be smaller: a sum could reach 30000003, and float32 is exact up to 16777216 only
    """
    if values.dtype == np.float64:
        raise TypeError(
            f"{name} must hold float32 or integers, in which frameworks compute; use {name}.astype('float32')"
        )
    if values.dtype.kind in "iu" and values.size:
        factor = 1 if others is None else int(np.abs(others.astype(object)).sum())
        bound = int(np.abs(values.astype(object)).max()) * factor
        if bound > EXACT:
            raise ValueError(
                f"{name} must be smaller: a sum could reach {bound}, and float32 is exact up to {EXACT} only"
            )
    return values.astype(np.float32)


def like(x, output):
    """Return a framework's ``output`` as an array, of int64 where ``x`` and all of it are integers."""
    output = np.asarray(output)
    whole = x.dtype.kind in "iu" and bool((np.abs(output) <= EXACT).all() and (output == np.rint(output)).all())
    return output.astype(np.int64) if whole else output


def keras_on(backend=None):
    """Import Keras; refuse if it runs on another backend than the one that was asked for."""
    keras = loaded("keras")
    active = keras.config.backend()
    if backend not in (None, active):
        raise ValueError(f"keras runs on {active!r}; set KERAS_BACKEND={backend} before it is first imported")
    return keras


def _per_axis(call, name, default):
    return [option.get(name, default) for option in call.options]


def _torch(call, options):
    torch = loaded("torch")
    x, weight = torch.tensor(call.x), torch.tensor(call.weight)
    paddings = {"padding": options.get("padding", 0), "output_padding": options.get("output_padding", 0)}
    paddings = {name: tuple(value) if isinstance(value, list) else value for name, value in paddings.items()}
    sizes = {"stride": call.stride, "dilation": call.dilation, "groups": call.groups, **paddings}
    if options.get("output_size") is None:
        return getattr(torch.nn.functional, f"conv_transpose{call.ndim}d")(x, weight, **sizes)
    layer = getattr(torch.nn, f"ConvTranspose{call.ndim}d")
    layer = layer(x.shape[1], weight.shape[1] * call.groups, call.kernel_size, bias=False, **sizes)
    layer.weight = torch.nn.Parameter(weight, requires_grad=False)
    return layer(x, output_size=_per_axis(call, "output_size", None))


def _tensorflow(call, options):
    tf = loaded("tensorflow")
    padding = options.get("padding", "SAME")
    x, weight, one = call.x, call.weight, (1,) * (2 - call.ndim)
    if one:  # tf.nn.conv1d_transpose takes no pairs; it calls this one with a height of 1 as well
        x, weight = x[:, None], weight[None]
    if not isinstance(padding, str):
        padding = [(0, 0)] * (1 + len(one)) + _per_axis(call, "padding", None) + [(0, 0)]
    output_shape = [len(x), *one, *_per_axis(call, "output_size", None), weight.shape[2] * call.groups]
    strides, dilations = [1, *one, *call.stride, 1], [1, *one, *call.dilation, 1]
    output = tf.nn.conv2d_transpose(x, weight, output_shape, strides, padding, dilations=dilations)
    return output[:, 0] if one else output


def _keras(call, options):
    keras = keras_on(options.get("backend"))
    output_padding = options.get("output_padding")
    return keras.ops.conv_transpose(
        call.x,
        call.weight,
        strides=call.stride,
        padding=options.get("padding", "valid"),
        output_padding=tuple(output_padding) if isinstance(output_padding, list) else output_padding,
        data_format="channels_last",
        dilation_rate=call.dilation,
    )


def _jax(call, options):
    jax = loaded("jax")
    padding = options.get("padding")
    return jax.lax.conv_transpose(
        call.x,
        call.weight,
        call.stride,
        padding if isinstance(padding, str) else _per_axis(call, "padding", None),
        rhs_dilation=call.dilation,
        transpose_kernel=options.get("transpose_kernel", False),
        use_consistent_padding=options.get("use_consistent_padding", False),
    )


def onnx_attributes(call, options):
    """Attributes of the ``ConvTranspose`` node of a call; what is not given is left to its default."""
    attributes = {"strides": call.stride, "dilations": call.dilation, "group": call.groups}
    if "pads" in options:
        attributes["pads"] = [side[end] for end in (0, 1) for side in _per_axis(call, "pads", None)]
    for name in ("output_padding", "output_shape"):
        if options.get(name) is not None:
            attributes[name] = _per_axis(call, name, None)
    if "auto_pad" in options:
        attributes["auto_pad"] = options["auto_pad"]
    return attributes


def _onnx(call, options):
    return onnx_run("ConvTranspose", {"x": call.x, "w": call.weight}, **onnx_attributes(call, options))


def onnx_model(operator, feeds, **attributes):
    """A model of one node; an input whose value is None is left out. The output is ``"y"``."""
    helper = import_module("onnx.helper")
    names = ["" if values is None else name for name, values in feeds.items()]
    types = {name: helper.np_dtype_to_tensor_dtype(v.dtype) for name, v in feeds.items() if v is not None}
    inputs = [helper.make_tensor_value_info(name, kind, None) for name, kind in types.items()]
    output = helper.make_tensor_value_info("y", next(iter(types.values())), None)
    graph = helper.make_graph([helper.make_node(operator, names, ["y"], **attributes)], operator, inputs, [output])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)


def onnx_run(operator, feeds, **attributes):
    """Compute one node with ONNX Runtime on the CPU, without optimisation."""
    runtime = loaded("onnx")
    settings = runtime.SessionOptions()
    settings.log_severity_level = 4  # the exception says it already
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    settings.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_DISABLE_ALL
    model = onnx_model(operator, feeds, **attributes).SerializeToString()
    session = runtime.InferenceSession(model, settings, providers=["CPUExecutionProvider"])
    return session.run(None, {name: values for name, values in feeds.items() if values is not None})[0]


CALLS = {"torch": _torch, "tensorflow": _tensorflow, "keras": _keras, "jax": _jax, "onnx": _onnx}
