"""Calls that are really made: with torch here, with the other frameworks where the extra is installed."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from convlab.frameworks import conv_transpose, framework, installed, run, run_conv
from convlab.frameworks.arrays import like
from convlab.frameworks.registry import find

X = np.array([[[1, 2, 3]]])
W = np.array([[[1, 10, 100]]])


def test_run_keeps_integers_exact_and_floats_float32():
    assert run("torch", X, W, stride=2).dtype == np.int64
    assert run("torch", X.astype(np.float32), W.astype(np.float32)).dtype == np.float32
    assert_array_equal(run("torch", X, W, stride=2), conv_transpose("torch", X, W, stride=2))


def test_run_refuses_what_float32_would_round():
    with pytest.raises(TypeError, match=r"x must hold float32 or integers, .* use x.astype\('float32'\)"):
        run("torch", X.astype(np.float64), W.astype(np.float64))
    with pytest.raises(ValueError, match="x must be smaller: a sum could reach 33300000"):
        run("torch", X * 100_000, W)


def test_numbers_that_are_no_integers_stay_as_they_are():
    """A framework that returns 2.9999 or nan for integers must not look right after rounding."""
    assert like(X, np.float32([2.75])).tolist() == [2.75]
    assert np.isnan(like(X, np.float32([np.nan]))).all()
    assert np.isinf(like(X, np.float32([np.inf, 1]))).any()
    assert like(X, np.float32([3])).dtype == np.int64


def test_what_torch_refuses_torch_says():
    with pytest.raises(TypeError):
        run("torch", X, W, padding="same")
    with pytest.raises(RuntimeError, match="output padding must be smaller"):
        run("torch", X, W, output_padding=1)
    with pytest.raises(ValueError, match="requested an output size"):
        run("torch", X, W, stride=2, output_size=9)


def test_two_axes_and_a_list():
    x, w = np.arange(1, 7).reshape(1, 1, 2, 3), np.arange(1, 5).reshape(1, 1, 2, 2)
    options = {"stride": (2, 3), "padding": [1, 0], "output_padding": [1, 2]}
    assert_array_equal(run("torch", x, w, **options), conv_transpose("torch", x, w, **options))
    options = {"stride": 2, "output_size": [5, 6]}
    assert_array_equal(run("torch", x, w, **options), conv_transpose("torch", x, w, **options))


@pytest.mark.parametrize("name", ["tensorflow", "keras", "jax", "onnx"])
def test_missing_framework_says_how_to_install_it(name, monkeypatch):
    def missing(name):
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(framework, "import_module", missing)
    with pytest.raises(ImportError, match=rf"{name} is not installed .* pip install 'convlab\[frameworks\]'"):
        find(name).load()
    assert not installed(name)


def test_unknown_framework():
    for function in (run, run_conv):
        with pytest.raises(ValueError, match="framework must be one of torch, "):
            function("theano", X, W)
    with pytest.raises(ValueError, match="framework must be one of torch, "):
        installed("theano")
