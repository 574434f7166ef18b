"""PyTorch."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from convlab.arithmetic import conv_transpose_output_size, required_output_padding, same_padding
from convlab.frameworks.framework import Axis, Call, Framework, Options, Sampling, Window, known, nonzero, shared
from convlab.frameworks.written import Name
from convlab.reference.layer_arguments import checked_padding_mode
from convlab.typing import Array
from convlab.validation import boolean, integer

__all__ = ["Torch"]


LINEAR = ("linear", "bilinear", "trilinear")


class Torch(Framework):
    """``torch.nn.functional``; all but the module's ``output_size`` is called there."""

    name = "torch"
    version = "torch 2.13.0"
    packages = ("torch",)
    imports = ("import torch.nn.functional as F",)
    alias = "F"
    rounds_each_axis = takes_scale = True
    words_for_axes = tuple(("mode", word, axes) for axes, word in enumerate(LINEAR, start=1))

    def window(
        self, axis: Axis, *, padding: int = 0, output_padding: int = 0, output_size: int | None = None
    ) -> Window:
        """``conv_transpose2d``; with ``output_size``, the argument of ``forward``, the module ``ConvTranspose2d``."""
        if isinstance(padding, str):
            raise ValueError(
                f"torch: a transposed convolution takes no padding={padding!r}, only a number "
                "(nn.ConvTranspose2d stores the word and fails in forward); convlab.frameworks.translate finds the "
                "number"
            )
        padding = integer("padding", padding, minimum=0)
        i, k, s, d = axis
        if output_size is not None:
            if output_padding != 0:
                raise ValueError(
                    f"torch: give output_padding or output_size, not both (forward ignores output_padding then), "
                    f"got output_padding={output_padding}, output_size={output_size}"
                )
            output_padding = required_output_padding(i, output_size, k, s, padding, d)
            if output_padding >= s:
                raise ValueError(
                    f"torch: output_size={output_size} is {output_padding} more than the smallest size, and forward "
                    f"allows less than stride={s}; output_padding={output_padding} gives it"
                )
        size = conv_transpose_output_size(i, k, s, padding, output_padding, d)
        return Window(padding, padding - output_padding, False, size)

    def conv_padding(self, axis: Axis, *, padding: int | str = 0, padding_mode: str = "zeros") -> tuple[int, int]:
        """``conv2d``: ``padding`` is a number, ``"valid"``, or ``"same"``, which exists for stride 1 only.

        ``padding_mode``, an argument of the module ``Conv2d``, is ``"zeros"``, ``"reflect"``, ``"replicate"`` or
        ``"circular"``.
        """
        pads = self._pads(axis, padding)
        checked_padding_mode(padding_mode, [axis.input_size], [pads])
        return pads

    def _pads(self, axis, padding):
        if not isinstance(padding, str):
            return (integer("padding", padding, minimum=0),) * 2
        if known("padding", padding, ("same", "valid", "a number")) == "same" and axis.stride > 1:
            raise ValueError(
                f"torch: padding='same' needs stride 1, got stride={axis.stride}; "
                "convlab.frameworks.translate_conv finds the zeros"
            )
        return same_padding(axis.kernel_size, axis.dilation) if padding == "same" else (0, 0)

    def sampling(
        self,
        *,
        mode: str = "nearest",
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ) -> Sampling:
        """``interpolate``: ``mode`` is ``"nearest"``, ``"nearest-exact"``, or one word for each number of axes.

        The words are ``"linear"``, ``"bilinear"`` and ``"trilinear"``. With ``recompute_scale_factor`` a scale_factor
        only gives the size.
        """
        if recompute_scale_factor is not None:
            boolean("recompute_scale_factor", recompute_scale_factor)
        if known("mode", mode, ("nearest", "nearest-exact", *LINEAR)).startswith("nearest"):
            if align_corners is not None:
                raise ValueError(f"torch: align_corners must be None for mode={mode!r}, got {align_corners}")
            return Sampling("asymmetric", "floor") if mode == "nearest" else Sampling("half_pixel", "round_prefer_ceil")
        corners = align_corners is not None and boolean("align_corners", align_corners)
        return Sampling("align_corners" if corners else "half_pixel", None)

    def ignores_scale(self, ndim: int, rule: Sampling) -> tuple[int, ...]:
        """``nearest`` in small images, or with channels last; linear modes in all."""
        if rule.coordinates == "align_corners":
            return ()
        if rule.rounding is None:
            return (1,)
        return (1, 2) if rule.rounding == "floor" and ndim > 1 else ()

    def channel_order(self) -> str:
        """``pixel_shuffle``."""
        return "CRD"

    def check_mixed(self, x: Array) -> None:
        if x.dtype != np.uint8 or x.ndim != 4:
            raise ValueError(f"torch: only uint8 (N, C, H, W) can be mixed, got {x.dtype} of shape {x.shape}")

    def round_mixed(self, mixed: Array) -> Array:
        """Halves up."""
        return np.floor(mixed + 0.5)

    def api(self) -> Any:
        return self.load().nn.functional

    def tensor(self, values: Array) -> Any:
        return self.load().tensor(values)

    def conv_transpose(self, F: Any, call: Call) -> Any:
        paddings = call.given("padding", "output_padding")
        if call.each("output_size")[0] is not None:
            return self._module(call, paddings)
        return getattr(F, f"conv_transpose{call.ndim}d")(call.x, call.weight, **_steps(call, paddings))

    def _module(self, call, paddings):
        channels = call.x.shape[1], call.weight.shape[1] * call.groups
        layer = self._layer("ConvTranspose", channels, call, _steps(call, paddings))
        return layer(call.x, output_size=call.each("output_size"))

    def _layer(self, kind, channels, call, options):
        nn = self.load().nn
        layer = getattr(nn, f"{kind}{call.ndim}d")(*channels, call.kernel_size, bias=False, **options)
        layer.weight = nn.Parameter(call.weight, requires_grad=False)
        return layer

    def conv(self, F: Any, call: Call) -> Any:
        mode, options = call.padding_mode, call.given("padding")
        if mode == "zeros":
            return getattr(F, f"conv{call.ndim}d")(call.x, call.weight, **_steps(call, options))
        if not isinstance(call.x, Name):  # the module has the option, and says in its own way what does not go
            channels = call.weight.shape[1] * call.groups, call.weight.shape[0]
            return self._layer("Conv", channels, call, _steps(call, options | {"padding_mode": mode}))(call.x)
        axes = [Axis(1, k, s, d) for k, s, d in zip(call.kernel_size, call.stride, call.dilation)]
        pads = [self._pads(axis, padding) for axis, padding in zip(axes, call.each("padding", 0))]
        padded = F.pad(call.x, _flat(pads), mode=mode)
        return getattr(F, f"conv{call.ndim}d")(padded, call.weight, **_steps(call, {}))

    def resize(self, F: Any, x: Any, size: Any, options: Options) -> Any:
        return F.interpolate(x, **({} if size is None else {"size": size}), **options)

    def depth_to_space(self, F: Any, x: Any, block_size: int, options: Options) -> Any:
        return F.pixel_shuffle(x, block_size)

    def space_to_depth(self, F: Any, x: Any, block_size: int) -> Any:
        return F.pixel_unshuffle(x, block_size)

    def flipped(self, w: Any, ndim: int) -> Any:
        return w.flip(*range(2, 2 + ndim))  # torch takes no negative steps

    def write_padding(self, pads: Sequence[tuple[int, int]], mode: str = "zeros") -> list[str]:
        return [f"x = F.pad(x, {_flat(pads)}{'' if mode == 'zeros' else f', mode={mode!r}'})"]

    def window_candidates(self, axis: Axis, wanted: Window, exact: bool) -> Iterator[Options]:
        begin = wanted.crop_begin if exact else 0
        yield nonzero(padding=begin, output_padding=max(begin - wanted.crop_end, 0))

    def most_zeros(self, axis: Axis) -> int:
        return max(axis.stride, axis.dilation) - 1

    def conv_candidates(self, begin: int, end: int) -> list[Options]:
        return [nonzero(padding=begin), {"padding": "same"}]

    def sampling_candidates(self, ndim: int) -> Iterable[Options]:
        nearest = [{"mode": mode} for mode in ("nearest", "nearest-exact")]
        return nearest + [{"mode": LINEAR[ndim - 1], "align_corners": corners} for corners in (False, True)]


def _steps(call, paddings):
    sizes = call.steps(dilation=shared(call.dilation), groups=call.groups)
    return {"stride": shared(call.stride)} | paddings | sizes


def _flat(pads):
    """As ``F.pad`` takes them: the last axis first."""
    return tuple(cells for axis in reversed(pads) for cells in axis)
