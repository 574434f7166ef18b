"""JAX: ``jax.lax`` and ``jax.image``."""

from collections.abc import Iterable, Iterator
from typing import Any

from convlab.frameworks.framework import (
    SPATIAL,
    Axis,
    Call,
    Framework,
    Options,
    Sampling,
    Window,
    known,
    named_zeros,
    pair,
    same_or_valid,
)
from convlab.validation import boolean

__all__ = ["Jax"]


class Jax(Framework):
    """It alone flips the kernel of a transposed convolution, unless it is told not to; it has no depth to space."""

    name = "jax"
    version = "jax 0.10.2"
    packages = ("jax",)
    imports = ("import jax",)
    alias = "jax"
    channels_last = True
    grouped = False

    def window(
        self,
        axis: Axis,
        *,
        padding: str | tuple[int, int] | None = None,
        transpose_kernel: bool = False,
        use_consistent_padding: bool = False,
    ) -> Window:
        """``jax.lax.conv_transpose``: ``padding`` must be given, ``"SAME"``, ``"VALID"`` or a pair.

        A pair pads the stretched input; with ``use_consistent_padding`` it crops the output. With
        ``transpose_kernel`` the kernel is not flipped, and has its two axes of channels exchanged.
        """
        flip = not boolean("transpose_kernel", transpose_kernel)
        consistent = boolean("use_consistent_padding", use_consistent_padding)
        if padding is None:
            raise ValueError("jax: padding must be given, 'SAME', 'VALID' or a pair (begin, end)")
        if isinstance(padding, str):
            word = known("padding", padding, ("SAME", "VALID", "(begin, end)")).lower()
            return same_or_valid(axis, word, flip=flip)
        begin, end = pair("padding", padding)
        if not consistent:
            begin, end = axis.span - 1 - begin, axis.span - 1 - end
        size = axis.full_size - begin - end
        if size < 1:
            raise ValueError(
                f"jax: padding={tuple(padding)} leaves an output of size {size}; it must be at least 1 "
                f"(it {'crops the output' if consistent else 'pads the stretched input'}; full size {axis.full_size})"
            )
        return Window(begin, end, flip, size)

    def conv_padding(self, axis: Axis, *, padding: str | tuple[int, int] | None = None) -> tuple[int, int]:
        """``jax.lax.conv_general_dilated``: ``padding`` must be given.

        It is ``"SAME"``, ``"SAME_LOWER"``, ``"VALID"`` or a pair, which may be negative.
        """
        if padding is None:
            raise ValueError("jax: padding must be given, 'SAME', 'SAME_LOWER', 'VALID' or a pair (begin, end)")
        return named_zeros(axis, padding, ("SAME", "SAME_LOWER", "VALID"))

    def sampling(self, *, method: str | None = None, antialias: bool = True) -> Sampling:
        """``jax.image.resize``: ``method`` must be given, ``"nearest"``, ``"linear"`` or ``"bilinear"``.

        ``antialias`` must be set to False for linear mixing here.
        """
        linear = known("method", method, ("nearest", "linear", "bilinear")) != "nearest"
        if boolean("antialias", antialias) and linear:
            raise ValueError(
                "jax: give antialias=False; with its default a smaller output mixes more than two neighbours"
            )
        return Sampling("half_pixel", None if linear else "round_prefer_ceil")

    def weight_layout(self, ndim: int = 2, transpose_kernel: bool = False) -> str:
        return super().weight_layout(ndim) if transpose_kernel else f"{SPATIAL[ndim]}IO"

    def conv_transpose(self, jax: Any, call: Call) -> Any:
        flags = [name for name in ("transpose_kernel", "use_consistent_padding") if call.each(name)[0]]
        options = {"padding": _padding(call)} | call.steps(rhs_dilation=call.dilation) | dict.fromkeys(flags, True)
        return jax.lax.conv_transpose(call.x, call.weight, call.stride, **options)

    def conv(self, jax: Any, call: Call) -> Any:
        axes = self.input_layout(call.ndim), self.conv_weight_layout(call.ndim), self.input_layout(call.ndim)
        options = {"padding": _padding(call)} | call.steps(rhs_dilation=call.dilation) | {"dimension_numbers": axes}
        options |= call.steps(feature_group_count=call.groups)
        return jax.lax.conv_general_dilated(call.x, call.weight, call.stride, **options)

    def resize(self, jax: Any, x: Any, size: Any, options: Options) -> Any:
        return jax.image.resize(x, (x.shape[0], *size, x.shape[-1]), **options)

    def window_candidates(self, axis: Axis, wanted: Window, exact: bool) -> Iterator[Options]:
        kernel = {"transpose_kernel": not wanted.flip}
        crops = wanted[:2]
        if exact:
            yield from ({"padding": "SAME"} | kernel, {"padding": "VALID"} | kernel)
        else:
            crops = (min(crops[0], 0), min(crops[1], 0))
        if max(crops) < axis.span:  # beyond, JAX pads with a negative number and errs, see "jax negative padding"
            yield {"padding": crops} | kernel | {"use_consistent_padding": True}

    def conv_candidates(self, begin: int, end: int) -> list[Options]:
        return [{"padding": p} for p in ("SAME", "VALID", (begin, end)) if isinstance(p, str) or begin >= 0]

    def unpadded(self) -> Options:
        return {"padding": "VALID"}

    def sampling_candidates(self, ndim: int) -> Iterable[Options]:
        return [{"method": "nearest"}, {"method": "bilinear", "antialias": False}]


def _padding(call):
    return call.word("padding") or call.each("padding")
