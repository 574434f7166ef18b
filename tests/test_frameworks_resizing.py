"""Coordinates, roundings and the order of channels; torch is called, the others' numbers are known."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from convlab import reference
from convlab.frameworks import (
    VERSIONS,
    channel_order,
    depth_to_space,
    input_layout,
    rearrange,
    resize,
    run_depth_to_space,
    run_resize,
    run_space_to_depth,
    sampling,
    source_positions,
    space_to_depth,
)

OLD_CORNERS = {"align_corners": True, "half_pixel_centers": False}


def row(framework, values, size, **options):
    """Resize one row of numbers."""
    x = rearrange(np.asarray(values)[None, None, None], "NCHW", input_layout(framework))
    return resize(framework, x, (1, size), **options).ravel().tolist()


@pytest.mark.parametrize(
    ("framework", "options", "expected"),
    [
        ("torch", {"mode": "bilinear"}, [10, 12.5, 17.5, 20]),
        ("torch", {"mode": "bilinear", "align_corners": True}, [10, 13.333, 16.667, 20]),
        ("tensorflow", {}, [10, 12.5, 17.5, 20]),
        ("tensorflow", {"half_pixel_centers": False}, [10, 15, 20, 20]),
        ("tensorflow", OLD_CORNERS, [10, 13.333, 16.667, 20]),
        ("keras", {}, [10, 12.5, 17.5, 20]),
        ("jax", {"method": "linear", "antialias": False}, [10, 12.5, 17.5, 20]),
        ("onnx", {"mode": "linear"}, [10, 12.5, 17.5, 20]),
        ("onnx", {"mode": "linear", "coordinate_transformation_mode": "asymmetric"}, [10, 15, 20, 20]),
        ("onnx", {"mode": "linear", "coordinate_transformation_mode": "align_corners"}, [10, 13.333, 16.667, 20]),
    ],
)
def test_two_pixels_in_three_conventions(framework, options, expected):
    assert np.round(row(framework, np.float32([10, 20]), 4, **options), 3).tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("framework", "options", "expected"),
    [
        ("torch", {"mode": "nearest"}, [0, 1, 3]),
        ("torch", {"mode": "nearest-exact"}, [0, 2, 4]),
        ("tensorflow", {"method": "nearest"}, [0, 2, 4]),
        ("tensorflow", {"method": "nearest", "half_pixel_centers": False}, [0, 1, 3]),
        ("tensorflow", {"method": "nearest"} | OLD_CORNERS, [0, 2, 4]),
        ("keras", {"interpolation": "nearest"}, [0, 2, 4]),
        ("jax", {"method": "nearest"}, [0, 2, 4]),
        ("onnx", {}, [0, 2, 4]),
        ("onnx", {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}, [0, 1, 3]),
        ("onnx", {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "ceil"}, [0, 2, 4]),
    ],
)
def test_five_to_three(framework, options, expected):
    assert row(framework, np.arange(5), 3, **options) == expected


@pytest.mark.parametrize(
    ("framework", "options"),
    [("torch", {}), ("onnx", {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"})],
)
def test_the_given_scale_and_the_ratio_of_the_sizes(framework, options):
    x = np.arange(4).reshape(1, 1, 4)
    assert resize(framework, x, scale_factor=1.6, **options).ravel().tolist() == [0, 0, 1, 1, 2, 3]
    assert resize(framework, x, 6, **options).ravel().tolist() == [0, 0, 1, 2, 2, 3]


def test_torch_takes_scales():
    x = np.arange(4.0, dtype=np.float32).reshape(1, 1, 4)
    linear = {"mode": "linear"}
    for options in ({}, {"recompute_scale_factor": True}, linear, linear | {"align_corners": True}):
        ours, theirs = (function("torch", x, scale_factor=1.6, **options) for function in (resize, run_resize))
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
    x = np.arange(2 * 3 * 4 * 5, dtype=np.float32).reshape(1, 2, 3, 4, 5)
    options = {"mode": "trilinear", "scale_factor": (2, 1.5, 0.8)}
    np.testing.assert_allclose(resize("torch", x, **options), run_resize("torch", x, **options), atol=1e-4)


def test_ties_fall_to_different_sides():
    """From 2 cells to 1 the position is 1/2: ONNX prefers the floor, the others the ceiling."""
    assert row("onnx", [1, 2], 1) == [1]
    assert row("onnx", [1, 2], 1, nearest_mode="round_prefer_ceil") == [2]
    assert row("torch", [1, 2], 1, mode="nearest-exact") == [2]
    assert row("torch", [1, 2], 1, mode="nearest") == [1]
    assert row("onnx", [1, 2, 3], 1, coordinate_transformation_mode="pytorch_half_pixel") == [1]


def test_what_becomes_of_integers():
    pixels = np.uint8([10, 20])
    assert row("torch", pixels, 4, mode="bilinear") == [10, 13, 18, 20]
    assert row("keras", pixels, 4) == [10, 12, 18, 20]
    assert row("onnx", pixels, 4, mode="linear") == [10, 12, 17, 20]
    assert row("tensorflow", pixels, 4) == [10, 12.5, 17.5, 20]
    assert row("jax", pixels, 4, method="linear", antialias=False) == [10, 12.5, 17.5, 20]
    x = pixels.reshape(1, 1, 1, 2)
    assert run_resize("torch", x, (1, 4), mode="bilinear").ravel().tolist() == [10, 13, 18, 20]


@pytest.mark.parametrize("mode", ["nearest", "nearest-exact", "bilinear"])
def test_torch_is_torch_and_the_reference(mode):
    random = np.random.default_rng(0)
    for sizes in np.ndindex(4, 5, 6, 8):
        high, wide, *size = (number + 1 for number in sizes)
        x = random.integers(0, 256, (1, 2, high, wide)).astype(np.float32)
        ours, really = resize("torch", x, size, mode=mode), run_resize("torch", x, size, mode=mode)
        np.testing.assert_allclose(ours, really, rtol=0, atol=256 * 2.0**-20 if mode == "bilinear" else 0)
        np.testing.assert_allclose(ours, reference.interpolate(x, tuple(size), mode=mode), rtol=0, atol=256 * 2.0**-20)


def test_positions():
    assert source_positions("asymmetric", 5, 3)[1] * 3 == 5
    assert source_positions("pytorch_half_pixel", 5, 1) == [0] == source_positions("align_corners", 5, 1)
    assert source_positions("half_pixel", 5, 1) == [2]
    assert all(sampling(name, method="nearest").rounding == "round_prefer_ceil" for name in ("jax", "tensorflow"))


@pytest.mark.parametrize(
    ("message", "framework", "x", "options"),
    [
        ("framework must be one of torch, tensorflow, keras, jax, onnx; got 'pil'", "pil", None, {}),
        (
            "option of torch must be one of mode, align_corners, recompute_scale_.*; got 'method'",
            "torch",
            None,
            {"method": "x"},
        ),
        (
            "mode must be one of nearest, .*, linear, bilinear, trilinear; got 'area'",
            "torch",
            None,
            {"mode": "area"},
        ),
        ("align_corners must be None for mode='nearest'", "torch", None, {"align_corners": True}),
        ("align_corners=True needs half_pixel_centers=False", "tensorflow", None, {"align_corners": True}),
        ("method must be one of nearest, linear, bilinear; got None", "jax", None, {}),
        ("give antialias=False", "jax", None, {"method": "linear"}),
        ("coordinate_transformation_mode must be one of", "onnx", None, {"coordinate_transformation_mode": "tf"}),
        ("nearest_mode must be one of floor, ceil, ", "onnx", None, {"nearest_mode": "round"}),
        ("interpolation must be one of bilinear, nearest; got 'cubic'", "keras", None, {"interpolation": "cubic"}),
        (r"x must have shape \(N, C, W\) or \(N, C, H, W\)", "torch", np.zeros(4), {}),
        ("only uint8", "torch", np.zeros((1, 1, 1, 2), int), {"mode": "bilinear"}),
        ("only uint8", "torch", np.zeros((1, 1, 2), np.uint8), {"mode": "linear"}),
        ("mixes uint8, int8 and int32, got int64", "onnx", np.zeros((1, 1, 2), int), {"mode": "linear"}),
        ("x must not be negative", "keras", -np.ones((1, 1, 2), int), {}),
        ("mixes integers in parts of 1/3", "tensorflow", np.ones((1, 3, 1), int), OLD_CORNERS),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, str) else "",
)
def test_resize_refuses_and_says_why(message, framework, x, options):
    with pytest.raises(ValueError, match=message):
        resize(framework, np.zeros((1, 1, 4)) if x is None else x, 4, **options)


@pytest.mark.parametrize(
    ("message", "framework", "size", "options"),
    [
        ("give either size or scale_factor, got size=None, scale_factor=None", "torch", None, {}),
        ("give either size or scale_factor, got size=4, scale_factor=2", "torch", 4, {"scale_factor": 2}),
        ("tensorflow: its resize takes a size and no scale_factor, got 2", "tensorflow", None, {"scale_factor": 2}),
        ("scale_factor must be one number or 1 of them, got", "torch", None, {"scale_factor": (2, 2)}),
        ("mode='bilinear' is for inputs with 2 axes of space, got 1", "torch", 4, {"mode": "bilinear"}),
    ],
)
def test_sizes_and_scales_that_are_refused(message, framework, size, options):
    with pytest.raises(ValueError, match=message):
        resize(framework, np.zeros((1, 3, 3)), size, **options)
    with pytest.raises(ValueError, match=message):
        run_resize(framework, np.zeros((1, 3, 3), np.float32), size, **options)


def test_three_axes_are_too_many_for_some():
    for framework in ("tensorflow", "keras"):
        with pytest.raises(ValueError, match=f"{framework}: its resize takes one or two axes, got 3"):
            resize(framework, np.zeros((1, 2, 2, 2, 1)), 4)


def test_pixel_shuffle_is_not_depth_to_space():
    x = np.arange(1, 9).reshape(1, 8, 1, 1)
    dealt = {}
    for framework in ("torch", "tensorflow", "keras", "onnx"):
        axes = input_layout(framework)
        dealt[framework] = rearrange(depth_to_space(framework, rearrange(x, "NCHW", axes), 2), axes, "NCHW").tolist()
    assert dealt["torch"] == [[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]]
    assert dealt["tensorflow"] == dealt["keras"] == dealt["onnx"] == [[[[1, 3], [5, 7]], [[2, 4], [6, 8]]]]
    assert depth_to_space("onnx", x, 2, mode="CRD").tolist() == dealt["torch"]


@pytest.mark.parametrize(("channels", "r"), [(1, 2), (3, 2), (2, 3), (4, 1)])
def test_torch_pixel_shuffle(channels, r):
    x = np.arange(2 * channels * r * r * 6).reshape(2, channels * r * r, 2, 3)
    dealt = depth_to_space("torch", x, r)
    assert_array_equal(dealt, run_depth_to_space("torch", x, r))
    assert_array_equal(space_to_depth("torch", dealt, r), x)
    assert_array_equal(run_space_to_depth("torch", dealt, r), x)


@pytest.mark.parametrize("framework", ["torch", "tensorflow", "keras", "onnx"])
def test_space_to_depth_is_the_way_back(framework):
    x = rearrange(np.arange(2 * 8 * 6).reshape(2, 8, 2, 3), "NCHW", input_layout(framework))
    assert_array_equal(space_to_depth(framework, depth_to_space(framework, x, 2), 2), x)


def test_orders_and_bad_requests():
    assert [channel_order(name) for name in VERSIONS if name != "jax"] == ["CRD", "DCR", "DCR", "DCR"]
    for message, framework, options in (
        ("framework must be one of torch, tensorflow, keras, onnx; got 'jax'", "jax", {}),
        ("option of torch must not be given, there is none; got 'mode'", "torch", {"mode": "DCR"}),
        ("mode must be one of DCR, CRD; got 'RCD'", "onnx", {"mode": "RCD"}),
    ):
        with pytest.raises(ValueError, match=message):
            channel_order(framework, **options)
    with pytest.raises(ValueError, match="tensorflow: block_size must be at least 2, got 1"):
        depth_to_space("tensorflow", np.zeros((1, 2, 2, 4)), 1)
    with pytest.raises(ValueError, match=r"multiple of upscale_factor\^2=4 channels, got 6"):
        depth_to_space("torch", np.zeros((1, 6, 2, 2)), 2)
