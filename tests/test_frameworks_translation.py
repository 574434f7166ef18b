"""Translations: what is found gives identical values (run with torch), and what is not found does not exist."""

from itertools import product

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from convlab.frameworks import (
    VERSIONS,
    conv,
    conv_transpose,
    depth_to_space,
    rearrange,
    resize,
    run,
    translate,
    translate_conv,
    translate_depth_to_space,
    translate_resize,
    window,
)
from convlab.frameworks.arguments import input_layout, weight_layout
from convlab.frameworks.grids import _OPTIONS, digits
from convlab.frameworks.strided import conv_weight_layout

# PyTorch tells that padding="same" may copy the input for an even kernel.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")


def executed(code, **values):
    """Run the code of a translation into torch."""
    values = {n: torch.tensor(v.astype(np.float32)) if isinstance(v, np.ndarray) else v for n, v in values.items()}
    exec(code, values)
    return values["y"].numpy()


def images(random, ndim, framework, weight_axes, kernel):
    """The same random integers in a framework's layout and in torch's."""
    x = random.integers(-9, 10, (2, 3, *(4,) * ndim))
    w = random.integers(-9, 10, (3, 2, *(kernel,) * ndim))  # I, O, space
    torch_axes = {1: "IOW", 2: "IOHW"}[ndim]
    return (
        rearrange(x, input_layout("torch", ndim), input_layout(framework, ndim)),
        rearrange(w, torch_axes, weight_axes),
        x,
        w,
    )


SOURCES = [
    ("keras", {"padding": "same"}),
    ("keras", {"padding": "valid"}),
    ("keras", {"padding": "same", "output_padding": 1}),
    ("tensorflow", {"padding": "SAME", "output_size": 7}),
    ("tensorflow", {"padding": (1, 0), "output_size": 7}),
    ("jax", {"padding": "SAME"}),
    ("jax", {"padding": "VALID", "transpose_kernel": True}),
    ("jax", {"padding": (2, 1)}),
    ("jax", {"padding": (2, 1), "use_consistent_padding": True, "transpose_kernel": True}),
    ("onnx", {"auto_pad": "SAME_UPPER"}),
    ("onnx", {"auto_pad": "SAME_LOWER", "output_padding": 1}),
    ("onnx", {"output_shape": 6}),
    ("torch", {"padding": 2, "output_padding": 1}),
    ("torch", {"padding": 1, "output_size": 8}),
]


@pytest.mark.parametrize(("source", "options"), SOURCES, ids=str)
@pytest.mark.parametrize("ndim", [1, 2])
@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
def test_torch_code_gives_identical_values(source, options, ndim, kernel):
    axes = weight_layout(source, ndim, options.get("transpose_kernel", False))
    x, w, torch_x, torch_w = images(np.random.default_rng(0), ndim, source, axes, kernel)
    try:
        wanted = conv_transpose(source, x, w, stride=2, **options)
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011 the words are the window's, tested there
            translate(source, "torch", 4, kernel, stride=2, ndim=ndim, **options)
        return
    answer = translate(source, "torch", 4, kernel, stride=2, ndim=ndim, **options)
    wanted = rearrange(wanted, input_layout(source, ndim), input_layout("torch", ndim))
    if answer.code is None:
        assert answer.reason
        return
    assert_array_equal(executed(answer.code, x=torch_x, w=torch_w), wanted)
    if answer.flip:
        torch_w = np.flip(torch_w, range(2, torch_w.ndim))
    again = run("torch", torch_x, torch_w, stride=2, **answer.arguments)
    assert_array_equal(again[..., *[answer.slice or slice(None)] * ndim], wanted)


def test_most_of_these_sources_have_a_translation():
    """So that the test above does not pass because nothing was translated."""
    found = 0
    for (source, options), kernel in product(SOURCES, range(1, 6)):
        try:
            found += translate(source, "torch", 4, kernel, stride=2, **options).code is not None
        except ValueError:
            continue
    assert found > 50


def test_exercises_of_the_padding_pitfall():
    assert translate("tensorflow", "torch", 8, 4, 2, padding="SAME", output_size=16).arguments == {"padding": 1}
    answer = translate("tensorflow", "torch", 2, 3, 2, padding="SAME", output_size=4)
    assert (answer.arguments, answer.slice) == ({}, slice(0, 4))
    answer = translate("torch", "jax", 2, 3, 2, padding=1, output_padding=1)
    expected = {"padding": (1, 0), "transpose_kernel": True, "use_consistent_padding": True}
    assert answer.arguments == expected
    assert translate("onnx", "torch", 2, 3, 2, auto_pad="SAME_LOWER").arguments == {"padding": 1, "output_padding": 1}
    assert translate("jax", "torch", 2, 3, 2, padding="SAME").flip
    assert "w.flip(2, 3)" in translate("jax", "torch", 2, 3, 2, padding="SAME").code
    assert not translate("jax", "torch", 2, 1, 2, padding="VALID").flip
    assert translate("torch", "tensorflow", 4, 3, 2, 2, padding=1).slice == slice(1, 10)


@pytest.mark.parametrize("target", VERSIONS)
def test_none_means_that_no_option_gives_the_window(target):
    """Where translate gives up, no option of the target has the window, nor one that contains it."""
    given_up = 0
    for sizes in product((1, 2, 3), (1, 2, 3), (1, 2, 3), (1, 3)):
        views = {}
        for source in VERSIONS:
            for _, options in _OPTIONS[source](*sizes):
                try:
                    views.setdefault(window(source, *sizes, **options), (source, options))
                except ValueError:
                    continue
        reachable = []
        for _, options in _OPTIONS[target](*sizes):
            try:
                reachable.append(window(target, *sizes, **options))
            except ValueError:
                continue
        for view, (source, options) in views.items():
            if translate(source, target, *sizes, **options).code is not None:
                continue
            given_up += 1
            for other in reachable:
                contains = other.crop_begin <= view.crop_begin and other.crop_end <= view.crop_end
                assert not contains, (source, options, sizes, other)
    assert (given_up == 0) == (target == "jax")


@pytest.mark.parametrize("options", [{"padding": "SAME"}, {"padding": "VALID"}, {"padding": (2, 1)}], ids=str)
def test_strided_convolution_into_torch(options):
    random = np.random.default_rng(0)
    for kernel, stride, dilation in product((1, 2, 3, 4), (1, 2, 3), (1, 2)):
        x, w, torch_x, torch_w = images(random, 2, "tensorflow", "HWIO", kernel)
        try:
            wanted = conv("tensorflow", x, w, stride, dilation, **options)
        except ValueError:
            continue
        answer = translate_conv("tensorflow", "torch", 4, kernel, stride, dilation, **options)
        torch_w = rearrange(torch_w, "IOHW", "OIHW")
        assert_array_equal(executed(answer.code, x=torch_x, w=torch_w), rearrange(wanted, "NHWC", "NCHW"))


def test_strided_convolution_translations():
    answer = translate_conv("tensorflow", "torch", 6, 3, 2, padding="SAME")
    assert (answer.arguments, answer.padding) == ({}, (0, 1))
    assert translate_conv("tensorflow", "torch", 7, 3, 2, padding="SAME").arguments == {"padding": 1}
    assert translate_conv("slim", "tensorflow", 6, 3, 2).arguments == {"padding": (1, 0)}  # the last zero is not read
    assert translate_conv("slim", "tensorflow", 7, 3, 2).arguments == {"padding": "SAME"}
    assert translate_conv("slim", "keras", 6, 3, 2).padding == (1, 0)
    assert translate_conv("torch", "keras", 5, 2, padding="same").arguments == {"padding": "same"}
    assert translate_conv("jax", "torch", 6, 3, 2, padding=(-1, 1)).padding == (-1, 0)  # nor is the last one here
    assert translate_conv("jax", "onnx", 6, 3, 2, padding="SAME_LOWER").arguments == {"pads": (1, 0)}
    answer = translate_conv("torch", "keras", 9, 3, 2, 2)
    assert answer.code is None
    assert "no dilation above 1 with stride=2" in answer.reason
    x = np.arange(1, 7).reshape(1, 1, 6)
    answer = translate_conv("jax", "torch", 6, 3, 2, ndim=1, padding=(-1, 1))
    wanted = conv("jax", x.reshape(1, 6, 1), digits("jax", 6, 3, transposed=False)[1], 2, padding=(-1, 1))
    assert_array_equal(executed(answer.code, x=x, w=np.array([[[1, 10, 100]]])).ravel(), wanted.ravel())


@pytest.mark.parametrize(
    ("source", "options", "expected"),
    [
        ("tensorflow", {"method": "bilinear"}, {"mode": "bilinear", "align_corners": False}),
        ("tensorflow", {"method": "nearest", "half_pixel_centers": False}, {"mode": "nearest"}),
        (
            "tensorflow",
            {"align_corners": True, "half_pixel_centers": False},
            {"mode": "bilinear", "align_corners": True},
        ),
        ("tensorflow", {"half_pixel_centers": False}, None),
        ("tensorflow", {"method": "nearest", "align_corners": True, "half_pixel_centers": False}, None),
        ("keras", {"interpolation": "nearest"}, {"mode": "nearest-exact"}),
        ("jax", {"method": "linear", "antialias": False}, {"mode": "bilinear", "align_corners": False}),
        ("onnx", {}, None),
        ("onnx", {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}, {"mode": "nearest"}),
        ("onnx", {"nearest_mode": "round_prefer_ceil"}, {"mode": "nearest-exact"}),
    ],
    ids=str,
)
def test_resize_into_torch(source, options, expected):
    answer = translate_resize(source, "torch", **options)
    assert answer.arguments == expected
    if expected is None:
        assert answer.reason.startswith("no option of torch looks at")
        return
    x = np.random.default_rng(0).integers(0, 256, (2, 3, 3, 5)).astype(np.float32)
    size = (5, 9) if expected.get("align_corners") else (6, 10)  # parts that are exact in float32
    wanted = resize(source, rearrange(x, "NCHW", input_layout(source)), size, **options)
    assert_array_equal(executed(answer.code, x=x, size=size), rearrange(wanted, input_layout(source), "NCHW"))


@pytest.mark.parametrize("source", ["torch", "tensorflow", "keras", "onnx"])
def test_depth_to_space_into_torch(source):
    x = np.arange(2 * 18 * 2 * 3).reshape(2, 18, 2, 3)
    wanted = depth_to_space(source, rearrange(x, "NCHW", input_layout(source)), 3)
    answer = translate_depth_to_space(source, "torch", 18, 3)
    assert (answer.order is None) == (source == "torch")
    assert_array_equal(executed(answer.code, x=x), rearrange(wanted, input_layout(source), "NCHW"))


def test_wrong_requests():
    with pytest.raises(ValueError, match="framework must be one of torch, tensorflow, keras, jax, onnx; got 'mxnet'"):
        translate("torch", "mxnet", 4, 3)
    with pytest.raises(ValueError, match=r"framework must be one of .*; got 'mxnet'"):
        translate("mxnet", "torch", 4, 3)
    with pytest.raises(ValueError, match="ndim must be one of 1, 2; got '3'"):
        translate("torch", "jax", 4, 3, ndim=3)
    with pytest.raises(ValueError, match="output_padding must be smaller than stride or dilation"):
        translate("torch", "jax", 4, 3, output_padding=1)
    with pytest.raises(ValueError, match="framework must be one of torch, tensorflow, keras, jax, onnx; got 'slim'"):
        translate_conv("torch", "slim", 4, 3)
    with pytest.raises(ValueError, match="padding='same' needs stride 1"):
        translate_conv("torch", "jax", 4, 3, 2, padding="same")
    with pytest.raises(ValueError, match="framework must be one of torch, tensorflow, keras, onnx; got 'jax'"):
        translate_depth_to_space("torch", "jax", 4, 2)
    with pytest.raises(ValueError, match=r"channels must be a multiple of block_size\^2=4, got 6"):
        translate_depth_to_space("torch", "onnx", 6, 2)
    with pytest.raises(ValueError, match="align_corners=True needs half_pixel_centers=False"):
        translate_resize("tensorflow", "torch", align_corners=True)


def test_weight_layouts():
    assert [conv_weight_layout(name) for name in VERSIONS] == ["OIHW", "HWIO", "HWIO", "HWIO", "OIHW"]
    assert [weight_layout(name) for name in VERSIONS] == ["IOHW", "HWOI", "HWOI", "HWIO", "IOHW"]
    with pytest.raises(ValueError, match="to_layout must hold the letters of from_layout='NCHW' once, got 'NHWX'"):
        rearrange(np.zeros((1, 1, 1, 1)), "NCHW", "NHWX")
    with pytest.raises(ValueError, match="values must have shape"):
        rearrange(np.zeros((1, 1, 1)), "NCHW", "NHWC")
