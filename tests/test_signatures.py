"""Names, order and defaults of our operators' arguments are those of torch.nn.functional.

Functions written in C++ have no signature that ``inspect`` can see, but their docstring begins with one:
``conv1d(input, weight, bias=None, ...) -> Tensor``. It is read from there, so nothing is copied by hand.
"""

import inspect
import re

import pytest
import torch.nn.functional as F
from torch import nn

from convlab import reference

OURS = {"bed_of_nails", "conv", "conv_transpose"}  # without a counterpart in PyTorch
OPERATORS = sorted(set(reference.__all__) - OURS)


def arguments_of(function):
    """[(name, default)] of a Python function; a name alone where there is no default."""
    parameters = inspect.signature(function).parameters.values()
    assert all(parameter.kind is parameter.POSITIONAL_OR_KEYWORD for parameter in parameters)
    return [
        (parameter.name,) if parameter.default is parameter.empty else (parameter.name, parameter.default)
        for parameter in parameters
    ]


def documented_arguments(name, docstring):
    """The same, from the line ``name(arguments)`` with which a docstring begins."""
    signature = re.match(rf"\s*{name}\((.*?)\)", docstring, re.DOTALL).group(1)
    stub = {}
    exec(f"def stub({signature}): pass", stub)
    return arguments_of(stub["stub"])


def torch_arguments(name):
    function = getattr(F, name)
    if re.match(rf"\s*{name}\(", function.__doc__):
        return documented_arguments(name, function.__doc__)
    return arguments_of(function)


def without_padding_mode(name):
    """The arguments of a convolution without the last one, which PyTorch's modules have and its functions have not."""
    *ours, last = arguments_of(getattr(reference, name))
    module = inspect.signature(nn.Conv1d).parameters["padding_mode"]
    assert last == (module.name, module.default)
    return ours


@pytest.mark.parametrize("name", OPERATORS)
def test_arguments_are_those_of_torch(name):
    ours, theirs = arguments_of(getattr(reference, name)), torch_arguments(name)
    if name in ("conv1d", "conv2d", "conv3d"):
        ours = without_padding_mode(name)
    assert theirs[0] == ("input",)
    assert len(theirs) >= 2
    assert [argument[0] for argument in ours] == [argument[0] for argument in theirs]
    assert list(map(repr, ours)) == list(map(repr, theirs))  # repr: 0 and False are equal, but not the same default


def test_both_sources_of_signatures_are_used():
    documented = {name for name in OPERATORS if re.match(rf"\s*{name}\(", getattr(F, name).__doc__)}
    assert {"conv1d", "conv_transpose3d", "pixel_shuffle", "avg_pool2d", "max_pool2d"} <= documented
    assert {"interpolate", "unfold", "fold", "max_unpool2d"} == set(OPERATORS) - documented


def test_transposed_convolutions_take_groups_before_dilation():
    """The order in which PyTorch differs from itself is really kept apart."""
    for n in (1, 2, 3):
        assert [name for name, *_ in torch_arguments(f"conv{n}d")][-2:] == ["dilation", "groups"]
        assert [name for name, *_ in torch_arguments(f"conv_transpose{n}d")][-2:] == ["groups", "dilation"]


@pytest.mark.parametrize(
    "changed",
    [
        "conv1d(input, weight, bias=None, stride=1, padding=0, groups=1, dilation=1) -> Tensor",
        "conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1) -> Tensor",
        "conv1d(input, weight, bias=None, stride=1, padding=False, dilation=1, groups=1) -> Tensor",
        "conv1d(input, weights, bias=None, stride=1, padding=0, dilation=1, groups=1) -> Tensor",
    ],
)
def test_the_comparison_goes_red_on_another_signature(changed, monkeypatch):
    monkeypatch.setattr(F, "conv1d", type("conv1d", (), {"__doc__": changed}))
    with pytest.raises(AssertionError):
        test_arguments_are_those_of_torch("conv1d")


def test_ours_are_without_a_counterpart():
    assert not any(hasattr(F, name) for name in OURS)
    assert arguments_of(reference.bed_of_nails) == [("input",), ("scale_factor",)]


def test_any_number_of_axes_takes_the_same_arguments():
    """conv and conv_transpose, and what tells operators made by one factory apart."""
    assert without_padding_mode("conv") == torch_arguments("conv1d")
    assert arguments_of(reference.conv_transpose) == torch_arguments("conv_transpose1d")
    for n, cells in [(1, "L"), (2, "H, W"), (3, "D, H, W")]:
        for name in (f"conv{n}d", f"conv_transpose{n}d"):
            operator = getattr(reference, name)
            assert operator.__name__ == operator.__qualname__ == name
            assert f"``(N, C_in, {cells})``" in operator.__doc__
            assert f">>> {name}(" in operator.__doc__
