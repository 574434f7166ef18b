"""The windows and the NumPy answers of all frameworks, without any framework but torch.

That the frameworks themselves agree is the conformance run's to show; here are the numbers of one
question answered by all of them, and every way to ask wrongly.
"""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from convlab.arithmetic import conv_transpose_output_size
from convlab.frameworks import (
    VERSIONS,
    Window,
    conv_transpose,
    input_layout,
    rearrange,
    run,
    weight_layout,
    window,
)
from convlab.frameworks.stored_answers import FIVE_ANSWERS

X = np.array([[1, 2], [3, 4]])
KERNEL = np.arange(1, 10).reshape(3, 3)
FULL = np.array([[1, 2, 5, 4, 6], [4, 5, 14, 10, 12], [10, 14, 36, 24, 30], [12, 15, 34, 20, 24], [21, 24, 55, 32, 36]])


def arranged(framework, x, kernel, **options):
    """One channel in the layout of a framework."""
    axes = weight_layout(framework, transpose_kernel=options.get("transpose_kernel", False))
    x = rearrange(np.asarray(x)[None, None], "NCHW", input_layout(framework))
    return x, rearrange(np.asarray(kernel)[None, None], "IOHW", axes)


# What the frameworks themselves return is stored: test_frameworks_stored_answers compares it with the same values.
@pytest.mark.parametrize(
    ("framework", "options"),
    [*FIVE_ANSWERS, *(("torch", {"padding": 1, "output_size": size}) for size in (3, 4))],
    ids=lambda value: str(value)[:60],
)
def test_values_are_the_full_scatter_through_the_window(framework, options):
    view = window(framework, 2, 3, stride=2, **options)
    assert view.crop_begin + view.output_size + view.crop_end == 5
    assert view.flip == (framework == "jax" and "transpose_kernel" not in options)
    x, kernel = arranged(framework, X, KERNEL, **options)
    values = conv_transpose(framework, x, kernel, stride=2, **options).squeeze()
    if not view.flip:
        assert_array_equal(values, view.cut(view.cut(FULL, 0), 1))
    if framework == "torch":
        assert_array_equal(run(framework, x, kernel, stride=2, **options).squeeze(), values)


@pytest.mark.parametrize(
    ("expected", "framework", "sizes", "options"),
    [
        ((1, 2), "keras", (4, 5, 2), {"padding": "same"}),
        ((0, -2), "keras", (3, 1, 3), {"padding": "valid"}),
        ((0, -2), "jax", (3, 1, 3), {"padding": "VALID"}),
        ((0, 0), "onnx", (3, 1, 2), {"auto_pad": "SAME_UPPER"}),
        ((0, -1), "keras", (3, 1, 2), {"padding": "same"}),
        ((1, 1), "tensorflow", (4, 4, 2), {"padding": "SAME", "output_size": 8}),
        ((1, 2), "tensorflow", (3, 5, 2), {"padding": "SAME", "output_size": 6}),
        ((2, 2), "tensorflow", (3, 5, 2), {"padding": "SAME", "output_size": 5}),
        ((4, 5), "tensorflow", (5, 4, 1, 3), {"padding": "SAME", "output_size": 5}),
        ((-1, 3), "jax", (2, 3, 2), {"padding": (3, -1)}),
        ((3, -1), "jax", (2, 3, 2), {"padding": (3, -1), "use_consistent_padding": True}),
        ((2, 1), "onnx", (3, 5, 2), {"auto_pad": "SAME_LOWER"}),
        ((0, -2), "onnx", (3, 2, 3), {"output_shape": 10}),
        ((0, -2), "torch", (3, 2, 1, 3), {"output_padding": 2}),
    ],
)
def test_windows(expected, framework, sizes, options):
    assert window(framework, *sizes, **options)[:2] == expected


def test_window_takes_numpy_integers_and_returns_plain_ones():
    view = window("torch", *np.array([2, 3, 2]), padding=np.int8(1))
    assert view == Window(1, 1, False, 3)
    assert all(type(number) is int for number in (view.crop_begin, view.crop_end, view.output_size))


def test_full_window_is_the_whole_scatter_in_every_framework():
    size = conv_transpose_output_size(4, 3, 2, dilation=2)
    whole = {
        "torch": {},
        "tensorflow": {"padding": "VALID", "output_size": size},
        "keras": {},
        "jax": {"padding": (0, 0), "use_consistent_padding": True},
        "onnx": {},
    }
    assert set(whole) == set(VERSIONS)
    for framework, options in whole.items():
        assert window(framework, 4, 3, 2, 2, **options)[:2] == (0, 0)


def test_options_differ_from_axis_to_axis_in_a_list():
    x, kernel = arranged("jax", X, KERNEL, transpose_kernel=True)
    options = {"padding": [(1, 0), (0, 1)], "use_consistent_padding": True, "transpose_kernel": True}
    assert_array_equal(conv_transpose("jax", x, kernel, stride=2, **options).squeeze(), FULL[1:, :4])
    x, kernel = arranged("onnx", X, KERNEL)
    options = {"pads": [(1, 0), (0, 2)], "output_padding": [0, 1]}
    assert_array_equal(conv_transpose("onnx", x, kernel, stride=2, **options).squeeze(), FULL[1:, :4])


@pytest.mark.parametrize("framework", ["torch", "onnx", "tensorflow"])
def test_groups_do_not_mix(framework):
    x, weight = np.array([[[1, 2], [3, 4]]]), np.array([[[1, 10]], [[100, 1000]]])  # NCW, IOW
    x = rearrange(x, "NCW", input_layout(framework, 1))
    weight = rearrange(weight, "IOW", weight_layout(framework, 1))
    options = {"padding": "VALID", "output_size": 3} if framework == "tensorflow" else {}
    output = conv_transpose(framework, x, weight, groups=2, **options)
    assert rearrange(output, input_layout(framework, 1), "NCW").tolist() == [[[1, 12, 20], [300, 3400, 4000]]]


def test_cut_reads_zeros_on_both_sides():
    assert Window(-1, -2, False, 6).cut(np.array([[1, 2, 3]])).tolist() == [[0, 1, 2, 3, 0, 0]]
    assert Window(4, -2, False, 1).cut(np.array([[1, 2, 3]])).tolist() == [[0]]
    assert Window(1, 0, False, 1).cut(np.array([[1, 2], [3, 4]]), axis=0).tolist() == [[3, 4]]


SAME_AND_ZERO = {"padding": "same", "output_padding": 0}
GROUPED_PAIR = {"groups": 2, "padding": (0, 0), "output_size": 3}
WRONG = [
    ("framework must be one of torch, tensorflow, keras, jax, onnx; got 'caffe'", "caffe", (2, 3), {}),
    ("option of torch must be one of padding, output_padding, output_size; got 'pads'", "torch", (2, 3), {"pads": 1}),
    ("option of onnx must be one of pads, .*; got 'padding'", "onnx", (2, 3), {"padding": 1}),
    ("kernel_size must be at least 1, got 0", "torch", (2, 0), {}),
    ("stride must be at least 1, got 0", "jax", (2, 3, 0), {"padding": "SAME"}),
    ("takes no padding='same', only a number", "torch", (2, 3), {"padding": "same"}),
    ("padding must be at least 0, got -1", "torch", (2, 3), {"padding": -1}),
    ("padding=2 leaves an output of size -1; it must be at least 1", "torch", (1, 3), {"padding": 2}),
    ("output_padding must be smaller than stride or dilation", "torch", (2, 3, 2), {"output_padding": 2}),
    ("output_size must be from 5 to 6, got 7", "torch", (2, 3, 2), {"output_size": 7}),
    ("forward allows less than stride=1; output_padding=2 gives it", "torch", (2, 3, 1, 3), {"output_size": 10}),
    ("not both", "torch", (2, 3, 2), {"output_size": 6, "output_padding": 1}),
    ("output_size must be given", "tensorflow", (2, 3, 2), {}),
    ("must be from 3 to 4 for padding='SAME'", "tensorflow", (2, 3, 2), {"padding": "SAME", "output_size": 5}),
    ("must be from 5 to 6 for padding='VALID'", "tensorflow", (2, 3, 2), {"padding": "VALID", "output_size": 4}),
    ("padding must be one of SAME, VALID, ", "tensorflow", (2, 3, 2), {"padding": "same", "output_size": 4}),
    ("padding must be a pair", "tensorflow", (2, 3, 2), {"padding": 1, "output_size": 4}),
    ("padding=.4, 4. crops all of the 5 cells", "tensorflow", (2, 3, 2), {"padding": (4, 4), "output_size": 1}),
    ("no kernel for the CPU; use VALID, then slice", "tensorflow", (2, 3, 2, 2), {"padding": (1, 1), "output_size": 5}),
    ("must be from 5 to 6", "keras", (2, 3, 2), {"output_padding": 2}),
    ("output_padding=0 leaves an output of size 0; make it larger", "keras", (1, 4, 2), SAME_AND_ZERO),
    ("the backend refuses output_padding=0", "keras", (3, 4, 2), SAME_AND_ZERO),
    ("padding must be one of valid, same; got 'full'", "keras", (2, 3, 2), {"padding": "full"}),
    ("backend must be one of tensorflow, torch, jax; got 'numpy'", "keras", (2, 3, 2), {"backend": "numpy"}),
    ("padding must be given, 'SAME', 'VALID' or a pair", "jax", (2, 3, 2), {}),
    ("padding must be one of SAME, VALID, .*; got 'SAME_LOWER'", "jax", (2, 3, 2), {"padding": "SAME_LOWER"}),
    ("leaves an output of size -1.*pads the stretched input", "jax", (1, 3), {"padding": (-1, 1)}),
    ("output_padding must be smaller than stride=2", "onnx", (2, 3, 2, 3), {"output_padding": 2}),
    ("pads=.1, 1. cannot be given", "onnx", (2, 3, 2), {"pads": (1, 1), "auto_pad": "SAME_UPPER"}),
    ("pads=.1, 1. cannot be given", "onnx", (2, 3, 2), {"pads": (1, 1), "output_shape": 4}),
    ("pads must be at least 0, got -1", "onnx", (2, 3, 2), {"pads": (-1, 0)}),
    ("pads=.3, 3. leaves an output of size -1", "onnx", (2, 3, 2), {"pads": (3, 3)}),
    ("output_shape must be below 7, got 7", "onnx", (2, 3, 2), {"output_shape": 7}),
    ("auto_pad must be one of NOTSET, VALID, SAME_UPPER, SAME_LOWER", "onnx", (2, 3, 2), {"auto_pad": "SAME"}),
]


@pytest.mark.parametrize(("message", "framework", "sizes", "options"), WRONG, ids=lambda value: str(value)[:50])
def test_window_refuses_and_says_why(message, framework, sizes, options):
    with pytest.raises(ValueError, match=message):
        window(framework, *sizes, **options)


@pytest.mark.parametrize(
    ("framework", "sizes", "options"),
    [
        ("torch", (2.0, 3), {}),
        ("torch", (2, 3), {"padding": 0.5}),
        ("torch", (2, 3), {"output_padding": True}),
        ("jax", (2, 3), {"padding": (1, None)}),
        ("jax", (2, 3), {"padding": "SAME", "transpose_kernel": 1}),
        ("onnx", (2, 3), {"output_shape": "4"}),
    ],
)
def test_window_refuses_wrong_kinds(framework, sizes, options):
    with pytest.raises(TypeError):
        window(framework, *sizes, **options)


X1, X2, W1 = np.ones((1, 1, 3)), np.ones((1, 2, 3)), np.ones((1, 1, 2))
ONES = (X1, W1)


@pytest.mark.parametrize(
    ("message", "framework", "arrays", "options"),
    [
        ("framework must be one of", "mxnet", ONES, {}),
        ("option of torch must be one of", "torch", ONES, {"auto_pad": "SAME"}),
        ("x must have shape .N, C, W. or .N, C, H, W. or .N, C, D, H, W., got", "torch", (X1[0], W1), {}),
        ("weight must have shape .I, O, W., got", "onnx", (X1, W1[0]), {}),
        ("x has C_in=2 channels, but weight of shape .1, 1, 2., layout IOW, takes 1", "torch", (X2, W1), {}),
        ("x has C_in=3 channels, but weight .* layout WOI, takes 2", "keras", ONES, {}),
        ("keras: its transposed convolution has no groups, got groups=2", "keras", ONES, {"groups": 2}),
        ("groups with a pair", "tensorflow", (np.ones((1, 3, 2)), W1), GROUPED_PAIR),
        ("padding must be one value, or a list with one for each of the 1 axes", "torch", ONES, {"padding": [1, 0]}),
        ("a word holds for all axes", "keras", (X1, np.ones((2, 1, 3))), {"padding": ["same"]}),
        ("stride must be one integer or 1 of them", "torch", ONES, {"stride": (1, 2)}),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, str) else "",
)
def test_conv_transpose_and_run_refuse_alike(message, framework, arrays, options):
    with pytest.raises(ValueError, match=message):
        conv_transpose(framework, *arrays, **options)
    if "groups with" not in message:  # there the framework itself speaks
        arrays = [array.astype(np.float32) for array in arrays]
        with pytest.raises(ValueError, match=message):
            run(framework, *arrays, **options)
