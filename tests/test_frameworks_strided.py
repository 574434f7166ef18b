"""The padding of strided convolutions in all frameworks; torch is called, the others' numbers are known."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.testing import assert_array_equal

from convlab.frameworks import conv, conv_padding, conv_weight_layout, input_layout, rearrange, run_conv

DIGITS = np.arange(1, 7)
POWERS = np.array([1, 10, 100])


def answer(framework, x=DIGITS, w=POWERS, **options):
    x = rearrange(x[None, None], "NCW", input_layout(framework, 1))
    w = rearrange(w[None, None], "OIW", conv_weight_layout(framework, 1))
    return conv(framework, x, w, **options).ravel().tolist()


@pytest.mark.parametrize(
    ("framework", "options", "expected"),
    [
        ("tensorflow", {"padding": "SAME"}, [321, 543, 65]),
        ("keras", {"padding": "same"}, [321, 543, 65]),
        ("jax", {"padding": "SAME"}, [321, 543, 65]),
        ("onnx", {"auto_pad": "SAME_UPPER"}, [321, 543, 65]),
        ("jax", {"padding": "SAME_LOWER"}, [210, 432, 654]),
        ("onnx", {"auto_pad": "SAME_LOWER"}, [210, 432, 654]),
        ("torch", {"padding": 1}, [210, 432, 654]),
        ("slim", {}, [210, 432, 654]),
        ("tensorflow", {"padding": (1, 1)}, [210, 432, 654]),
        ("torch", {"padding": "valid"}, [321, 543]),
        ("torch", {"padding": 1, "padding_mode": "reflect"}, [212, 432, 654]),
        ("torch", {"padding": 1, "padding_mode": "replicate"}, [211, 432, 654]),
        ("torch", {"padding": 1, "padding_mode": "circular"}, [216, 432, 654]),
        ("keras", {"padding": "causal"}, [100, 321, 543]),
        ("jax", {"padding": (-1, 1)}, [432, 654]),
    ],
)
def test_same_is_not_the_same(framework, options, expected):
    assert answer(framework, stride=2, **options) == expected


def test_seven_cells_hide_the_difference():
    seven = np.arange(1, 8)
    answers = [answer("tensorflow", seven, stride=2, padding="SAME"), answer("slim", seven, stride=2)]
    assert answers == [[210, 432, 654, 76]] * 2


def test_slim_has_the_size_of_same_and_not_always_its_zeros():
    differ = []
    for sizes in np.ndindex(12, 5, 3, 3):
        i, k, s, d = (size + 1 for size in sizes)
        same = conv_padding("tensorflow", i, k, s, d, padding="SAME")
        fixed = conv_padding("slim", i, k, s, d)
        assert same.output_size == fixed.output_size == -(-i // s)
        differ.append(same.begin != fixed.begin)
    assert 0 < sum(differ) < len(differ)


def test_fixed_padding_depends_on_the_kernel_only():
    pads = [conv_padding("slim", 9, k, 2, d)[:2] for k, d in ((3, 1), (3, 2), (3, 4), (2, 1), (2, 2), (4, 1), (4, 3))]
    assert pads == [(1, 1), (2, 2), (4, 4), (0, 1), (1, 1), (1, 2), (4, 5)]


@pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")
def test_torch_same_and_its_limit():
    x, w = np.arange(1, 6).reshape(1, 1, 5), np.array([[[1, 10]]])
    assert run_conv("torch", x, w, padding="same").ravel().tolist() == [21, 32, 43, 54, 5]
    assert conv("torch", x, w, padding="same").ravel().tolist() == [21, 32, 43, 54, 5]
    with pytest.raises(ValueError, match="torch: padding='same' needs stride 1, got stride=2"):
        conv("torch", x, w, stride=2, padding="same")
    with pytest.raises(RuntimeError, match="strided"):
        run_conv("torch", x, w, stride=2, padding="same")


def test_two_axes_with_different_zeros_and_groups():
    random = np.random.default_rng(0)
    x, w = random.integers(-9, 10, (2, 4, 5, 6)), random.integers(-9, 10, (6, 2, 2, 3))
    padded = F.pad(torch.tensor(x), (0, 2, 1, 0))
    expected = F.conv2d(padded, torch.tensor(w), stride=(2, 1), groups=2).numpy()
    options = {"stride": (2, 1), "groups": 2}
    assert_array_equal(conv("onnx", x, w, pads=[(1, 0), (0, 2)], **options), expected)
    x, w = rearrange(x, "NCHW", "NHWC"), rearrange(w, "OIHW", "HWIO")
    assert_array_equal(rearrange(conv("jax", x, w, padding=[(1, 0), (0, 2)], **options), "NHWC", "NCHW"), expected)


REFLECT = {"padding_mode": "reflect"}


@pytest.mark.parametrize(
    ("message", "framework", "sizes", "options"),
    [
        ("framework must be one of torch, tensorflow, keras, jax, onnx, slim; got 'caffe'", "caffe", (5, 3), {}),
        ("option of slim must not be given, there is none; got 'padding'", "slim", (5, 3), {"padding": 1}),
        ("option of torch must be one of padding, padding_mode; got 'pads'", "torch", (5, 3), {"pads": 1}),
        ("padding must be one of same, valid, a number; got 'SAME'", "torch", (5, 3), {"padding": "SAME"}),
        ("padding must be at least 0, got -1", "torch", (5, 3), {"padding": -1}),
        ("padding must be given", "tensorflow", (5, 3), {}),
        ("padding must be given", "jax", (5, 3), {}),
        (r"padding must be one of SAME, VALID, \(begin, end\); got 'same'", "tensorflow", (5, 3), {"padding": "same"}),
        ("padding must be at least 0, got -1", "tensorflow", (5, 3), {"padding": (-1, 0)}),
        ("no dilation above 1 with stride=2", "keras", (5, 3, 2, 2), {}),
        ("takes no auto_pad='SAME_UPPER' with dilation=2", "onnx", (5, 3, 1, 2), {"auto_pad": "SAME_UPPER"}),
        ("cannot be given with auto_pad", "onnx", (5, 3), {"auto_pad": "VALID", "pads": (1, 0)}),
        (
            "padding must be at most 4 for padding_mode='reflect'",
            "torch",
            (5, 3),
            REFLECT | {"padding": 5},
        ),
        ("padding_mode must be one of zeros, reflect", "torch", (5, 3), {"padding_mode": "edge"}),
        ("Conv1D takes no dilation_rate above 1 with strides=2", "keras", (5, 3, 2, 2), {"padding": "causal"}),
        ("spans 3 cells, but the padded input has only 2", "torch", (2, 3), {}),
        (r"jax: padding \(-3, 0\) leaves nothing of input_size=3", "jax", (3, 1), {"padding": (-3, 0)}),
        ("stride must be at least 1, got 0", "torch", (5, 3, 0), {}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_conv_padding_refuses_and_says_why(message, framework, sizes, options):
    with pytest.raises(ValueError, match=message):
        conv_padding(framework, *sizes, **options)


def test_conv_and_run_conv_check_the_channels():
    x, w = np.ones((1, 3, 5), np.float32), np.ones((1, 2, 3), np.float32)
    for function in (conv, run_conv):
        with pytest.raises(ValueError, match=r"x has C_in=3 channels, but weight .* layout OIW, with groups=1 takes 2"):
            function("torch", x, w)
        with pytest.raises(ValueError, match="option of torch must be one of padding, padding_mode; got 'pad'"):
            function("torch", x, w, pad=1)


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_padding_modes_are_those_of_the_module_in_torch(mode):
    x, w = np.arange(2 * 4 * 5 * 6).reshape(2, 4, 5, 6), np.arange(6 * 2 * 2 * 3).reshape(6, 2, 2, 3)
    options = {"stride": (2, 1), "padding": (1, 3), "padding_mode": mode, "groups": 2}
    assert_array_equal(conv("torch", x, w, **options), run_conv("torch", x, w, **options))


def test_keras_refuses_stride_and_dilation_on_different_axes():
    with pytest.raises(ValueError, match="keras: the backend tensorflow takes no dilation above 1 with stride=3"):
        conv("keras", np.ones((1, 4, 4, 1)), np.ones((2, 2, 1, 1)), (1, 3), (2, 1), padding="same")


def test_causal_is_for_one_axis():
    with pytest.raises(ValueError, match="keras: padding='causal' is for inputs with 1 axis of space, got 2"):
        conv("keras", np.ones((1, 4, 4, 1)), np.ones((2, 2, 1, 1)), padding="causal")
