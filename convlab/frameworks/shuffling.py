"""Channels dealt out over space: ``pixel_shuffle`` and ``depth_to_space`` number them differently.

With blocks of ``r`` cells a side, output cell ``(r h + a, r w + b)`` of channel ``c`` takes the input
at ``(h, w)`` from

* channel ``c r^2 + a r + b`` in *CRD* order: PyTorch, and ONNX with ``mode="CRD"``;
* channel ``(a r + b) C + c`` in *DCR* order: TensorFlow, Keras, and ONNX by default.
"""

import numpy as np

from convlab.frameworks.arguments import input_layout, known, rearrange
from convlab.frameworks.calls import keras_on, like, loaded, onnx_run, single
from convlab.reference import pixel_shuffle
from convlab.validation import array, integer, layout

__all__ = ["channel_order", "depth_to_space", "run_depth_to_space"]

FRAMEWORKS = ("torch", "tensorflow", "keras", "onnx")


def channel_order(framework, **options):
    """``"CRD"`` or ``"DCR"``.

    Parameters
    ----------
    framework : str
        ``"torch"`` (``torch.nn.functional.pixel_shuffle``), ``"tensorflow"`` (``tf.nn.depth_to_space``), ``"keras"``
        (``keras.ops.depth_to_space``) or ``"onnx"`` (``DepthToSpace``). JAX has no such function.
    **options
        onnx: ``mode="DCR"`` or ``"CRD"``.

    Raises
    ------
    ValueError
        If the framework or an option is unknown.

    Examples
    --------
    >>> channel_order("torch"), channel_order("onnx"), channel_order("onnx", mode="CRD")
    ('CRD', 'DCR', 'CRD')
    """
    known("framework", framework, FRAMEWORKS)
    for name in options:
        known(f"option of {framework}", name, ("mode",) if framework == "onnx" else ())
    return known("mode", options.get("mode", "CRD" if framework == "torch" else "DCR"), ("DCR", "CRD"))


def depth_to_space(framework, x, block_size, **options):
    """Deal channels out over space as a framework does, on NumPy arrays in its layout.

    Parameters
    ----------
    framework : str
        As :func:`channel_order`.
    x : array
        torch, onnx: ``(N, C * r^2, H, W)``; tensorflow, keras: ``(N, H, W, C * r^2)``.
    block_size : int
        ``r``, at least 1; tensorflow and keras: at least 2.
    **options
        As :func:`channel_order`.

    Returns
    -------
    array
        ``(N, C, H * r, W * r)`` or ``(N, H * r, W * r, C)``.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a shape does not fit, or the framework would refuse.

    Examples
    --------
    >>> x = np.arange(1, 9).reshape(1, 8, 1, 1)
    >>> depth_to_space("torch", x, 2)[0].tolist()
    [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
    >>> depth_to_space("onnx", x, 2)[0].tolist()
    [[[1, 3], [5, 7]], [[2, 4], [6, 8]]]
    """
    order, axes = channel_order(framework, **options), input_layout(framework)
    layout("x", array("x", x), [tuple(axes)])
    r = integer("block_size", block_size, minimum=1)
    if r == 1 and framework in ("tensorflow", "keras"):
        raise ValueError(f"{framework}: block_size must be at least 2, got 1")
    images = rearrange(x, axes, "NCHW")
    if order == "DCR" and images.shape[1] % r**2 == 0:
        images = images[:, dealt(images.shape[1], r, "DCR", "CRD")]
    return np.ascontiguousarray(rearrange(pixel_shuffle(images, r), "NCHW", axes))


def dealt(channels, block_size, from_order, to_order):
    """The channels in the order that gives, dealt by ``to_order``, what they gave by ``from_order``.

    Examples
    --------
    >>> dealt(8, 2, "DCR", "CRD")
    [0, 2, 4, 6, 1, 3, 5, 7]
    """
    numbers = np.arange(channels)
    if from_order == to_order:
        return numbers.tolist()
    first = block_size**2 if from_order == "DCR" else channels // block_size**2
    return numbers.reshape(first, -1).T.ravel().tolist()


def run_depth_to_space(framework, x, block_size, **options):
    """Call the installed framework: the arguments are those of :func:`depth_to_space`.

    Raises
    ------
    ImportError, TypeError, ValueError, Exception
        As :func:`convlab.frameworks.run`.

    Examples
    --------
    >>> run_depth_to_space("torch", np.arange(1, 5).reshape(1, 4, 1, 1), 2).ravel()
    array([1, 2, 3, 4])
    """
    channel_order(framework, **options)
    layout("x", array("x", x), [tuple(input_layout(framework))])
    return like(x, CALLS[framework](single("x", x), block_size, options))


def _torch(x, block_size, options):
    torch = loaded("torch")
    return torch.nn.functional.pixel_shuffle(torch.tensor(x), block_size)


def _tensorflow(x, block_size, options):
    return loaded("tensorflow").nn.depth_to_space(x, block_size)


def _keras(x, block_size, options):
    keras = keras_on()
    return keras.ops.convert_to_numpy(keras.ops.depth_to_space(x, block_size, data_format="channels_last"))


def _onnx(x, block_size, options):
    return onnx_run("DepthToSpace", {"x": x}, blocksize=block_size, **options)


CALLS = {"torch": _torch, "tensorflow": _tensorflow, "keras": _keras, "onnx": _onnx}
