"""TF-Slim's ``fixed_padding`` (MobileNet, ResNet), written for PyTorch."""

from typing import Any

from convlab.frameworks.framework import Axis, Call, Framework
from convlab.frameworks.torch import Torch

__all__ = ["Slim"]


class Slim(Framework):
    """An ordinary convolution after ``K - 1`` zeros, whatever the size of the input."""

    name = "slim"
    packages = ("torch",)
    api, tensor = Torch.api, Torch.tensor

    def conv_padding(self, axis: Axis) -> tuple[int, int]:
        """``fixed_padding``, then a convolution without padding; no options."""
        total = axis.span - 1
        return (total // 2, total - total // 2)

    def conv(self, F: Any, call: Call) -> Any:
        pads = [self.conv_padding(Axis(*sizes)) for sizes in zip(*call[2:6])]
        padded = F.pad(call.x, [zeros for axis in reversed(pads) for zeros in axis])
        return Torch().conv(F, call._replace(x=padded))
