"""The recipe for a new framework: one class, registered by its name, is all that the package needs."""

import subprocess
import sys

import numpy as np
import pytest

from convlab.frameworks import conv_transpose, installed, run, translate, translate_conv, window
from convlab.frameworks.framework import Framework, Window, nonzero, shared
from convlab.frameworks.registry import FRAMEWORKS
from convlab.frameworks.stored_answers import ask
from convlab.validation import integer


class Mx(Framework):
    """Crops ``pad`` cells on both sides and adds ``adj`` at the end, as MXNet's ``Deconvolution`` did."""

    name = "mx"
    version = "mxnet 1.9.1"
    packages = ("an_mx_that_nobody_has",)
    imports = ("import mxnet as mx",)
    alias = "mx"

    def window(self, axis, *, pad=0, adj=0):
        pad, adj = integer("pad", pad, minimum=0), integer("adj", adj, minimum=0)
        if adj >= axis.stride:
            raise ValueError(f"mx: adj must be smaller than stride={axis.stride}, got {adj}")
        return Window(pad, pad - adj, False, axis.full_size - 2 * pad + adj)

    def conv_transpose(self, mx, call):
        return mx.nd.Deconvolution(call.x, call.weight, stride=shared(call.stride), **call.given("pad", "adj"))

    def window_candidates(self, axis, wanted, exact):
        begin = wanted.crop_begin if exact else 0
        yield nonzero(pad=begin, adj=max(begin - wanted.crop_end, 0))


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setitem(FRAMEWORKS, "mx", Mx())


X, W = np.array([[[1, 2]]]), np.array([[[1, 10, 100]]])


def test_its_window_and_its_values():
    assert window("mx", 2, 3, 2, pad=1, adj=1) == window("torch", 2, 3, 2, padding=1, output_padding=1)
    assert conv_transpose("mx", X, W, stride=2, pad=1, adj=1).tolist() == [[[10, 102, 20, 200]]]
    with pytest.raises(ValueError, match="option of mx must be one of pad, adj; got 'padding'"):
        window("mx", 2, 3, padding=1)
    with pytest.raises(ValueError, match="mx: adj must be smaller than stride=2, got 2"):
        window("mx", 2, 3, 2, adj=2)


def test_translations_from_it_and_to_it():
    assert translate("mx", "torch", 8, 3, 2, pad=1, adj=1).arguments == {"padding": 1, "output_padding": 1}
    assert translate("keras", "mx", 8, 4, 2, padding="same").arguments == {"pad": 1}
    answer = translate("jax", "mx", 8, 3, 2, ndim=1, padding="SAME")
    assert answer.code.split("\n") == [
        "import mxnet as mx",
        "w = w[:, :, ::-1]",
        "y = mx.nd.Deconvolution(x, w, stride=2)",
        "y = y[:, :, :-1]",
    ]


def test_it_is_listed_where_it_has_the_operation():
    with pytest.raises(
        ValueError, match="framework must be one of torch, tensorflow, keras, jax, onnx, mx; got 'caffe'"
    ):
        window("caffe", 2, 3)
    with pytest.raises(
        ValueError, match="framework must be one of torch, tensorflow, keras, jax, onnx, slim; got 'mx'"
    ):
        translate_conv("mx", "torch", 8, 3)


def test_what_is_not_installed_says_so_and_stored_answers_are_looked_for():
    assert not installed("mx")
    with pytest.raises(ImportError, match=r"mx is not installed .* pip install 'convlab\[frameworks\]'"):
        run("mx", X, W)
    with pytest.raises(LookupError, match="no answer of mx to pad=1 is stored"):
        ask("mx", [1, 2], [1, 10, 100], stride=2, pad=1)


def test_importing_the_package_and_the_tools_imports_no_framework():
    code = (
        "import sys, convlab.frameworks.stored_answers, tools.conformance.__main__, tools.store_answers\n"
        "print([n for n in ('torch', 'tensorflow', 'keras', 'jax', 'onnx', 'onnxruntime') if n in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
