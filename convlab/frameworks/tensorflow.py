"""TensorFlow: ``tf.nn`` and ``tf.image``; on the CPU with oneDNN."""

from collections.abc import Iterable, Iterator
from os import environ
from typing import Any

from convlab.arithmetic import merged_input_sizes, same_padding
from convlab.frameworks.framework import (
    Axis,
    Call,
    Framework,
    Options,
    Sampling,
    Window,
    known,
    named_zeros,
    pair,
    placed,
)
from convlab.validation import boolean, integer

__all__ = ["TensorFlow", "prepare"]


def prepare() -> None:
    """Set what TensorFlow reads when it is imported, unless the user has: no greeting on stderr, and oneDNN.

    The rules are those of oneDNN, which TensorFlow leaves off on processors without AVX-512.
    """
    environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


class TensorFlow(Framework):
    """Convolutions of one axis get a second of size 1, as in ``tf.nn.conv1d_transpose``, which takes no pairs."""

    name = "tensorflow"
    version = "tensorflow 2.21.0"
    packages = ("tensorflow",)
    imports = ("import tensorflow as tf",)
    alias = "tf"
    channels_last = True
    resizes_two_axes_only = True
    smallest_block = 2
    take = "tf.gather"

    def window(self, axis: Axis, *, padding: str | tuple[int, int] = "SAME", output_size: int | None = None) -> Window:
        """``tf.nn.conv2d_transpose``: the gradient of a convolution of ``output_size`` cells.

        ``output_size``, the entry of ``output_shape``, must be given; ``padding`` is ``"SAME"``, ``"VALID"`` or a pair.
        """
        if output_size is None:
            raise ValueError("tensorflow: output_size must be given, it is the entry of output_shape for this axis")
        i, k, s, d = axis
        output_size = integer("output_size", output_size, minimum=1)
        if isinstance(padding, str):
            known("padding", padding, ("SAME", "VALID", "(begin, end)"))
        if d > 1 and not isinstance(padding, str):
            raise ValueError(
                f"tensorflow: a pair as padding with dilation={d} has no kernel for the CPU; use VALID, then slice"
            )
        if padding == "SAME":
            pads, sizes = same_padding(k, d, stride=s, input_size=output_size), range(s * (i - 1) + 1, s * i + 1)
        else:
            pads = (0, 0) if padding == "VALID" else pair("padding", padding, minimum=0)
            if axis.full_size + s - 1 <= sum(pads):
                raise ValueError(f"tensorflow: padding={pads} crops all of the {axis.full_size} cells of the full size")
            sizes = merged_input_sizes(i, k, s, pads, d)
        if output_size not in sizes:
            raise ValueError(
                f"tensorflow: output_size must be from {sizes[0]} to {sizes[-1]} for padding={padding!r} "
                f"(input_size={i}, kernel_size={k}, stride={s}, dilation={d}): a convolution must lead back from it "
                f"to input_size; got {output_size}"
            )
        return placed(axis, pads[0], output_size)

    def check_call(self, operation: str, call: Call) -> None:
        super().check_call(operation, call)
        pairs = call.word("padding", "SAME") is None
        if call.ndim == 3 and (pairs or call.groups > 1):
            given = f"groups={call.groups}" if call.groups > 1 else f"padding={call.each('padding')}"
            raise ValueError(f"tensorflow: convolutions of three axes take neither groups nor pairs, got {given}")
        if operation == "conv_transpose" and call.groups > 1 and pairs:
            raise ValueError(
                "tensorflow: groups with a pair as padding have no kernel for the CPU; use 'SAME' or 'VALID'"
            )

    def conv_padding(self, axis: Axis, *, padding: str | tuple[int, int] | None = None) -> tuple[int, int]:
        """``tf.nn.conv2d``: ``padding`` must be given, ``"SAME"``, ``"VALID"`` or a pair."""
        if padding is None:
            raise ValueError("tensorflow: padding must be given, 'SAME', 'VALID' or a pair (begin, end)")
        return named_zeros(axis, padding, ("SAME", "VALID"), minimum=0)

    def sampling(
        self, *, method: str = "bilinear", align_corners: bool = False, half_pixel_centers: bool = True
    ) -> Sampling:
        """``tf.image.resize``: ``method`` is ``"bilinear"`` or ``"nearest"``.

        The two switches are those of TensorFlow 1: ``tf.compat.v1.image.resize_bilinear`` and
        ``resize_nearest_neighbor``.
        """
        rounding = None if known("method", method, ("bilinear", "nearest")) == "bilinear" else "round_prefer_ceil"
        corners = boolean("align_corners", align_corners)
        if boolean("half_pixel_centers", half_pixel_centers):
            if corners:
                raise ValueError("tensorflow: align_corners=True needs half_pixel_centers=False")
            return Sampling("half_pixel", rounding)
        return Sampling("align_corners", rounding) if corners else Sampling("asymmetric", rounding and "floor")

    def channel_order(self) -> str:
        """``tf.nn.depth_to_space``."""
        return "DCR"

    def load(self) -> Any:
        prepare()
        return super().load()

    def conv_transpose(self, tf: Any, call: Call) -> Any:
        channels = call.weight.shape[call.ndim]
        shape = [call.x.shape[0], *[1] * (call.ndim == 1), *call.each("output_size")]
        shape.append(channels * call.groups if call.groups > 1 else channels)
        function = tf.nn.conv3d_transpose if call.ndim == 3 else tf.nn.conv2d_transpose
        return _called(function, call, _padding(call, "SAME"), output_shape=shape)

    def conv(self, tf: Any, call: Call) -> Any:
        return _called(tf.nn.conv3d if call.ndim == 3 else tf.nn.conv2d, call, _padding(call))

    def resize(self, tf: Any, x: Any, size: Any, options: Options) -> Any:
        method = options.get("method", "bilinear")
        given = {name: value for name, value in options.items() if name != "method"}
        if not given:
            return tf.image.resize(x, size, method=method)
        switches = {"align_corners": False, "half_pixel_centers": True} | given
        name = {"bilinear": "ResizeBilinear", "nearest": "ResizeNearestNeighbor"}[method]
        return getattr(tf.raw_ops, name)(images=x, size=size, **switches)

    def depth_to_space(self, tf: Any, x: Any, block_size: int, options: Options) -> Any:
        return tf.nn.depth_to_space(x, block_size)

    def space_to_depth(self, tf: Any, x: Any, block_size: int) -> Any:
        return tf.nn.space_to_depth(x, block_size)

    def window_candidates(self, axis: Axis, wanted: Window, exact: bool) -> Iterator[Options]:
        if exact:
            for padding in ("SAME", "VALID", (wanted.crop_begin, max(wanted.crop_end, 0))):
                yield {"padding": padding, "output_size": wanted.output_size}
        else:
            yield {"padding": "VALID", "output_size": max(axis.full_size, axis.full_size - wanted.crop_end)}

    def conv_candidates(self, begin: int, end: int) -> list[Options]:
        return [{"padding": padding} for padding in ("SAME", "VALID", (begin, end))]

    def unpadded(self) -> Options:
        return {"padding": "VALID"}

    def sampling_candidates(self, ndim: int) -> Iterable[Options]:
        old = [{"align_corners": corners, "half_pixel_centers": False} for corners in (True, False)]
        return [{"method": method} | switches for method in ("nearest", "bilinear") for switches in ({}, *old)]


def _padding(call, default=None):
    """A word, or pairs for all axes, those of batch and channels too."""
    word = call.word("padding", default)
    return word or [(0, 0)] * (2 if call.ndim == 1 else 1) + call.each("padding") + [(0, 0)]


def _called(function, call, padding, **options):
    """One axis gets a second of size 1; functions of three want steps for batch and channels, too."""
    one = [1] * (call.ndim != 2)
    ends = [1] * (call.ndim == 3)
    steps = call.steps(dilations=[*one, *call.dilation, *ends])
    options |= {"padding": padding, "strides": [*one, *call.stride, *ends]} | steps
    if call.ndim > 1:
        return function(call.x, call.weight, **options)
    return function(call.x[:, None], call.weight[None], **options)[:, 0]
