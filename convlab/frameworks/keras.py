"""Keras: ``keras.ops``, on the backend that is active."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from convlab.arithmetic import causal_padding
from convlab.frameworks.framework import (
    Axis,
    Call,
    Framework,
    Options,
    Sampling,
    Window,
    known,
    named_zeros,
    same_or_valid,
    shared,
)
from convlab.frameworks.tensorflow import TensorFlow, prepare
from convlab.frameworks.written import Name
from convlab.typing import Array
from convlab.validation import integer

__all__ = ["Keras"]

BACKENDS = ("tensorflow", "torch", "jax")


class Keras(Framework):
    """The functions of ``keras.ops``; the layers refuse more."""

    name = "keras"
    version = "keras 3.15.1"
    packages = ("keras",)
    imports = ("import keras",)
    alias = "keras"
    channels_last = True
    grouped = False
    resizes_two_axes_only = True
    smallest_block = 2
    take = "keras.ops.take"
    words_for_axes = (("padding", "causal", 1),)

    def window(
        self, axis: Axis, *, padding: str = "valid", output_padding: int | None = None, backend: str = "tensorflow"
    ) -> Window:
        """``keras.ops.conv_transpose``: ``padding`` is ``"valid"`` or ``"same"``.

        ``backend`` is ``"tensorflow"``, which refuses some ``output_padding``, ``"torch"`` or ``"jax"``.
        """
        known("backend", backend, BACKENDS)
        word = padding.lower() if isinstance(padding, str) else padding
        known("padding", word, ("valid", "same"))
        view = same_or_valid(axis, word)
        if output_padding is not None:
            smallest = axis.full_size - axis.span + (axis.span if word == "valid" else axis.span % 2)
            view = same_or_valid(axis, word, smallest + integer("output_padding", output_padding, minimum=0))
        size = view.output_size
        if size < 1:
            raise ValueError(f"keras: output_padding={output_padding} leaves an output of size {size}; make it larger")
        if backend == "tensorflow":
            try:
                TensorFlow().window(axis, padding=word.upper(), output_size=size)
            except ValueError as error:
                raise ValueError(f"keras: the backend refuses output_padding={output_padding}; {error}") from None
        return view

    def conv_padding(self, axis: Axis, *, padding: str = "valid", backend: str = "tensorflow") -> tuple[int, int]:
        """``keras.ops.conv``: ``padding`` is ``"valid"`` or ``"same"``; or ``"causal"``, of the layer ``Conv1D``."""
        known("padding", padding, ("valid", "same", "causal"))
        if padding == "causal" and axis.stride > 1 and axis.dilation > 1:
            raise ValueError(
                f"keras: Conv1D takes no dilation_rate above 1 with strides={axis.stride}, got {axis.dilation}"
            )
        if known("backend", backend, BACKENDS) == "tensorflow":
            _check_steps((axis.stride,), (axis.dilation,))
        if padding == "causal":
            return causal_padding(axis.kernel_size, axis.dilation)
        return named_zeros(axis, padding.upper(), ("SAME", "VALID"))

    def check_call(self, operation: str, call: Call) -> None:
        super().check_call(operation, call)
        if operation == "conv" and call.each("backend", "tensorflow")[0] == "tensorflow":
            _check_steps(call.stride, call.dilation)

    def sampling(self, *, interpolation: str = "bilinear") -> Sampling:
        """``keras.ops.image.resize``: ``interpolation`` is ``"bilinear"`` or ``"nearest"``."""
        linear = known("interpolation", interpolation, ("bilinear", "nearest")) == "bilinear"
        return Sampling("half_pixel", None if linear else "round_prefer_ceil")

    def channel_order(self) -> str:
        """``keras.ops.depth_to_space``."""
        return "DCR"

    def round_mixed(self, mixed: Array) -> Array:
        """Halves to the even number."""
        return np.rint(mixed)

    def load(self) -> Any:
        prepare()
        return super().load()

    def conv_transpose(self, keras: Any, call: Call) -> Any:
        options = _options(keras, call, "padding", "output_padding")
        return keras.ops.conv_transpose(call.x, call.weight, **options)

    def conv(self, keras: Any, call: Call) -> Any:
        options = _options(keras, call, "padding")
        if call.word("padding") != "causal":
            return keras.ops.conv(call.x, call.weight, **options)
        channels, size, weight = call.weight.shape[-1], call.weight.shape[0], keras.initializers.Constant(call.weight)
        options |= call.steps(groups=call.groups) | {"use_bias": False, "kernel_initializer": weight}
        return keras.ops.stop_gradient(keras.layers.Conv1D(channels, size, **options)(call.x))

    def resize(self, keras: Any, x: Any, size: Any, options: Options) -> Any:
        return keras.ops.image.resize(x, size, **options, **_layout(x))

    def depth_to_space(self, keras: Any, x: Any, block_size: int, options: Options) -> Any:
        return keras.ops.depth_to_space(x, block_size, data_format="channels_last")

    def space_to_depth(self, keras: Any, x: Any, block_size: int) -> Any:
        return keras.ops.space_to_depth(x, block_size, data_format="channels_last")

    def window_candidates(self, axis: Axis, wanted: Window, exact: bool) -> Iterator[Options]:
        beyond = {"padding": "valid", "output_padding": max(-wanted.crop_end, 0)}
        if exact:
            yield from ({"padding": "same"}, {"padding": "valid"}, beyond)
            smallest = axis.stride * (axis.input_size - 1) + axis.span % 2
            yield {"padding": "same", "output_padding": wanted.output_size - smallest}
        else:
            yield beyond

    def conv_candidates(self, begin: int, end: int) -> list[Options]:
        return [{"padding": padding} for padding in ("same", "valid", "causal")]

    def sampling_candidates(self, ndim: int) -> Iterable[Options]:
        return [{"interpolation": word} for word in ("nearest", "bilinear")]


def _check_steps(stride, dilation):
    """Refuse what ``tf.nn.convolution`` refuses, also where the two steps are on different axes."""
    if max(stride) > 1 and max(dilation) > 1:
        raise ValueError(
            f"keras: the backend tensorflow takes no dilation above 1 with stride={max(stride)}, "
            f"got dilation={max(dilation)}"
        )


def _layout(x):
    """Said where a call is run, for a user may have set another; written code leaves it to Keras' default."""
    return {} if isinstance(x, Name) else {"data_format": "channels_last"}


def _options(keras, call, *names):
    backend = call.each("backend")[0]
    if backend is not None and backend != (active := keras.config.backend()):
        raise ValueError(f"keras runs on {active!r}; set KERAS_BACKEND={backend} before it is first imported")
    steps = call.steps(dilation_rate=shared(call.dilation))
    return {"strides": shared(call.stride)} | call.given(*names) | steps | _layout(call.x)
