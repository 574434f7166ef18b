"""The day a framework changes: one test for each entry of ``tools.conformance.deviations.DEVIATIONS``.

A failure here is news, not a mistake: look at what the framework does now, then mend the rule, the entry and
the sentence in the lessons. Without ``pip install 'convlab[frameworks]'`` most of these skip.
"""

import os
import subprocess
import sys

import numpy as np
import pytest

from convlab.arithmetic import conv_transpose_output_size
from convlab.frameworks import VERSIONS, conv, conv_transpose, resize, run, run_conv, run_resize, window
from convlab.frameworks.onnx import one_node
from convlab.frameworks.registry import find
from tools.conformance.grids import digits

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def need(*frameworks):
    for framework in frameworks:
        try:
            find(framework).load()
        except ImportError as error:
            pytest.skip(str(error))


@pytest.fixture(autouse=True)
def the_framework_of_the_test(request):
    """The first word of its name: ``onnx`` or ``onnxruntime`` need the same packages."""
    need(*(name for name in VERSIONS if request.node.name.startswith(f"test_{name}")))


def returned(framework, input_size, kernel_size, stride=1, dilation=1, *, function=run, **options):
    arrays = digits(framework, input_size, kernel_size, options.get("transpose_kernel", False))
    return function(framework, *arrays, stride=stride, dilation=dilation, **options).ravel().tolist()


def ruled(*arguments, **options):
    return returned(*arguments, function=conv_transpose, **options)


def full(*sizes):
    return ruled("torch", *sizes)


def elsewhere(framework, input_size, kernel_size, options, **environment):
    """What a call prints in a process with another environment, or the last line of its error."""
    code = (
        "import warnings; warnings.simplefilter('ignore')\n"
        "from convlab.frameworks import run\nfrom tools.conformance.grids import digits\n"
        f"arrays = digits({framework!r}, {input_size}, {kernel_size})\n"
        f"print(run({framework!r}, *arrays, **{options}).ravel().tolist())"
    )
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True)
    return (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()[-1]


def refuses(framework, *sizes, **options):
    with pytest.raises(Exception) as refusal:  # noqa: PT011 each framework has its own kind
        returned(framework, *sizes, **options)
    return str(refusal.value)


def test_torch_output_padding_up_to_dilation():
    assert returned("torch", 2, 2, 1, 3, output_padding=2) == [*full(2, 2, 1, 3), 0, 0]
    need("onnx", "tensorflow")
    assert refuses("onnx", 2, 2, 1, 3, output_padding=2)
    assert refuses("tensorflow", 2, 2, 1, 3, padding="VALID", output_size=7)


def test_torch_module_output_size_uses_the_stride_only():
    size = conv_transpose_output_size(2, 2, 1, dilation=3) + 1
    assert "requested an output size" in refuses("torch", 2, 2, 1, 3, output_size=size)
    assert len(returned("torch", 2, 2, 1, 3, output_padding=1)) == size


def test_torch_same_fails_late():
    torch = find("torch").load()
    layer = torch.nn.ConvTranspose2d(1, 1, 3, padding="same")
    assert layer.padding == tuple("same")
    with pytest.raises(TypeError):
        layer(torch.ones(1, 1, 4, 4))


def test_torch_ignores_some_scales():
    row = np.arange(3).reshape(1, 1, 3)
    assert run_resize("torch", row, scale_factor=1.25).ravel().tolist() == [0, 0, 1]
    assert run_resize("torch", row[:, :, None], scale_factor=(1, 1.25)).ravel().tolist() == [0, 1, 2]
    assert resize("torch", row[:, :, None], scale_factor=(1, 1.25)).ravel().tolist() == [0, 0, 1]


def test_keras_layers_refuse_more():
    layers = find("keras").load().layers
    with pytest.raises(ValueError, match="dilation_rate"):
        layers.Conv2DTranspose(1, 3, strides=2, dilation_rate=2)
    with pytest.raises(ValueError, match="output_padding"):
        layers.Conv2DTranspose(1, 3, strides=2, output_padding=2)
    assert returned("keras", 3, 3, 2, 2) == ruled("keras", 3, 3, 2, 2)


@pytest.mark.parametrize(("backend", "answers"), [("tensorflow", False), ("torch", True), ("jax", True)])
def test_keras_backends_differ(backend, answers):
    for padding, kernel, output_padding in (("valid", 3, 2), ("same", 4, 0), ("same", 3, 2)):
        options = {"padding": padding, "output_padding": output_padding, "stride": 2}
        printed = elsewhere("keras", 3, kernel, options, KERAS_BACKEND=backend)
        if answers:
            assert printed == str(ruled("keras", 3, kernel, backend=backend, **options))
        else:
            assert "[" not in printed.partition("Error")[0]
            assert "Error" in printed


def test_keras_torch_backend_was_symmetric():
    from keras.src.backend.common import backend_utils

    old = backend_utils._convert_conv_transpose_padding_args_from_keras_to_torch
    wrong = 0
    for k, s, d in (tuple(np.add(index, 1).tolist()) for index in np.ndindex(5, 4, 3)):
        padding, output_padding = old(k, s, d, "same", None)
        now = window("keras", 6, k, s, d, padding="same", backend="torch")
        wrong += (now.crop_begin, now.crop_end) != (padding, padding - output_padding)
    assert wrong == 21
    printed = elsewhere("keras", 3, 3, {"stride": 2, "padding": "same"}, KERAS_BACKEND="torch")
    assert printed == str(full(3, 3, 2)[:6])


def test_keras_empty_output():
    assert returned("keras", 1, 2, padding="same", output_padding=0) == []


def test_tensorflow_valid_one_input():
    assert returned("tensorflow", 1, 3, 2, padding="VALID", output_size=2) == [1, 10]
    assert refuses("tensorflow", 2, 3, 2, padding="VALID", output_size=4)


def test_tensorflow_dilation_needs_onednn(monkeypatch):
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS", raising=False)
    call = ("tensorflow", 2, 3, {"dilation": 2, "padding": "VALID", "output_size": 6})
    assert elsewhere(*call) == str(full(2, 3, 1, 2))  # convlab switches it on, whatever the processor
    assert "do not yet support dilation rates larger than 1" in elsewhere(*call, TF_ENABLE_ONEDNN_OPTS="0")


def test_tensorflow_explicit_padding_without_dilation():
    message = refuses("tensorflow", 2, 3, 1, 2, padding=(0, 0), output_size=6)
    assert "do not yet support dilation rates larger than 1" in message
    x, w = np.arange(1, 5).reshape(1, 2, 2), np.arange(1, 5).reshape(2, 1, 2)
    with pytest.raises(Exception):  # noqa: B017, PT011 the message names no groups
        run("tensorflow", x, w, groups=2, padding=(0, 0), output_size=3)
    options = {"groups": 2, "padding": "VALID", "output_size": 3}
    assert np.array_equal(run("tensorflow", x, w, **options), conv_transpose("tensorflow", x, w, **options))


def test_tensorflow_conv_returns_unwritten_memory():
    x, w = digits("tensorflow", 2, 3, transposed=False)
    w = np.repeat(w, 4, axis=2)  # four output channels, and still one comes back
    assert run_conv("tensorflow", x, w, padding="VALID").shape == x.shape == (1, 2, 1)


def test_jax_empty_output():
    options = {"use_consistent_padding": True}
    assert returned("jax", 2, 1, padding=(1, 1), **options) == []
    assert refuses("jax", 2, 1, padding=(2, 1), **options)
    x, w = digits("jax", 2, 3, transposed=False)
    assert run_conv("jax", x, w, padding="VALID").size == 0


def test_jax_padding_has_two_meanings():
    kernel = {"transpose_kernel": True}
    assert returned("jax", 3, 3, 2, padding="VALID", **kernel) == full(3, 3, 2)
    assert returned("jax", 3, 3, 2, padding=(0, 0), **kernel) == full(3, 3, 2)[2:-2]
    assert returned("jax", 3, 3, 2, padding=(0, 0), use_consistent_padding=True, **kernel) == full(3, 3, 2)
    assert returned("jax", 1, 3, padding="VALID") == full(1, 3)[::-1]


def test_jax_negative_padding():
    x = 100 * np.arange(15)[:, None, None] + 10 * np.arange(6)[:, None] + np.arange(8)
    kernel = np.eye(8, dtype=int)[None, None]
    answer = run_conv("jax", x[None], kernel, padding=[(0, 0), (-5, 1)])
    assert np.array_equal(answer[:, :, 0], x[None, :, 5])
    assert np.any(answer[:, :, 1] != 0)  # these cells are padding
    assert not np.any(conv("jax", x[None], kernel, padding=[(0, 0), (-5, 1)])[:, :, 1])


def test_onnxruntime_same_with_a_small_kernel():
    assert returned("onnx", 3, 1, 2, auto_pad="SAME_UPPER") == [1, 0, 2, 0, 3]  # 6 by the specification
    need("tensorflow")
    assert returned("tensorflow", 3, 1, 2, padding="SAME", output_size=6) == [1, 0, 2, 0, 3, 0]


def test_onnxruntime_large_output_shape():
    for auto_pad in ("NOTSET", "SAME_UPPER", "SAME_LOWER"):
        options = {"auto_pad": auto_pad, "output_shape": 10}
        assert returned("onnx", 2, 3, 4, **options) == [*full(2, 3, 4), 0, 0, 0]


def test_onnxruntime_output_padding_below_the_stride():
    assert refuses("onnx", 2, 3, 1, 3, output_padding=1)
    assert refuses("onnx", 2, 3, 2, 3, output_padding=2)
    assert returned("onnx", 2, 3, 2, 3, output_padding=1) == [*full(2, 3, 2, 3), 0]


def test_onnxruntime_ignores_pads_with_output_shape():
    x, w = (array.astype(np.float32) for array in digits("onnx", 2, 3))
    answers = [
        find("onnx").api()("ConvTranspose", {"x": x, "w": w}, strides=[2], output_shape=[4], pads=pads).ravel().tolist()
        for pads in ([0, 0], [1, 0], [0, 2])
    ]
    assert answers == [full(2, 3, 2)[1:]] * 3


def test_onnxruntime_negative_pads():
    assert returned("onnx", 2, 3, 2, pads=(-1, 0)) == [0, *full(2, 3, 2)]


def test_onnxruntime_conv_same_leaves_cells_out():
    calls = [(4, 1, 4, "SAME_UPPER", 1), (5, 1, 5, "SAME_LOWER", 1), (6, 1, 6, "SAME_UPPER", 2)]
    for size, kernel, stride, word, begin in calls:
        x, w = digits("onnx", size, kernel, transposed=False)
        assert run_conv("onnx", x, w, stride, auto_pad=word).ravel().tolist() == [1 + begin]
        assert conv("onnx", x, w, stride, auto_pad=word).ravel().tolist() == [1]


def test_onnxruntime_resize_7_to_1():
    x = np.arange(7).reshape(1, 1, 7)
    options = {"mode": "nearest", "coordinate_transformation_mode": "half_pixel", "nearest_mode": "floor"}
    assert run_resize("onnx", x, 1, **options).ravel().tolist() == [2]
    assert run_resize("onnx", x[..., :5], 1, **options).ravel().tolist() == [2]


def test_onnx_shape_inference_adds_output_padding():
    import onnx

    x, w = (array.astype(np.float32) for array in digits("onnx", 3, 3))
    attributes = {"strides": [2], "auto_pad": "SAME_UPPER", "output_padding": [1]}
    model = one_node("ConvTranspose", {"x": x, "w": w}, **attributes)
    for tensor, array in zip(model.graph.input, (x, w), strict=True):
        for size in array.shape:
            tensor.type.tensor_type.shape.dim.add().dim_value = size
    inferred = onnx.shape_inference.infer_shapes(model).graph.output[0].type.tensor_type.shape.dim[2].dim_value
    assert inferred == 7
    assert len(returned("onnx", 3, 3, 2, auto_pad="SAME_UPPER", output_padding=1)) == 6


def test_onnx_same_was_swapped():
    assert returned("onnx", 2, 3, 2, auto_pad="SAME_UPPER") == full(2, 3, 2)[:4]
    assert returned("onnx", 2, 3, 2, auto_pad="SAME_LOWER") == full(2, 3, 2)[1:]


def evaluated(input_size, kernel_size, **attributes):
    from onnx.reference import ReferenceEvaluator

    x, w = (array.astype(np.float32) for array in digits("onnx", input_size, kernel_size))
    model = one_node("ConvTranspose", {"x": x, "w": w}, **attributes)
    return ReferenceEvaluator(model).run(None, {"x": x, "w": w})[0].ravel().tolist()


def test_onnx_reference_same_with_a_small_kernel():
    assert evaluated(1, 1, strides=[2], auto_pad="SAME_UPPER") == [0, 1]
    assert evaluated(1, 1, strides=[2], auto_pad="SAME_LOWER") == [1, 0]


def test_onnx_reference_empty_output():
    assert evaluated(1, 1, pads=[0, 1]) == []


def test_onnx_reference_output_shape_and_groups():
    right = [returned("onnx", 3, 3, 2, output_shape=size) for size in (3, 4, 5, 6)]
    wrong = 0
    for size, answer in zip((3, 4, 5, 6), right, strict=True):
        try:
            wrong += evaluated(3, 3, strides=[2], output_shape=[size]) != answer
        except Exception:  # it fails in several ways
            wrong += 1
    assert wrong > 0
    from onnx.reference import ReferenceEvaluator

    x, w = np.ones((1, 4, 2), np.float32), np.ones((4, 1, 2), np.float32)
    model = one_node("ConvTranspose", {"x": x, "w": w}, group=2)
    with pytest.raises(Exception):  # noqa: B017, PT011
        ReferenceEvaluator(model).run(None, {"x": x, "w": w})
    assert run("onnx", x, w, groups=2).shape == (1, 2, 3)


def test_valid_has_several_sizes():
    small = window("tensorflow", 5, 2, 2, padding="VALID", output_size=10)
    large = window("tensorflow", 5, 2, 2, padding="VALID", output_size=11)
    assert (small.crop_end, large.crop_end) == (0, -1)
    need("tensorflow")
    for size in (10, 11):
        answer = returned("tensorflow", 5, 2, 2, padding="VALID", output_size=size)
        assert answer == [*full(5, 2, 2), 0][:size]
