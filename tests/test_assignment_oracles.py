"""The oracles of the assignments: measured truths against convlab's own functions, and what is said of mistakes."""

from itertools import product

import numpy as np
import pytest
import torch

from convlab import frameworks, reference, views
from convlab.frameworks import conv_padding, input_layout, rearrange, weight_layout
from convlab.grading import check_call
from convlab.grading.messages import CheckFailed
from convlab.grading.oracles import ORACLES, answer
from convlab.grading.oracles.framework_translator_oracles import wrong_windows
from convlab.grading.oracles.three_views_oracles import output_padding_back
from convlab.misconceptions import derived_operators, lesson_about
from tools import submissions
from tools.points import failing, solution

# ------------------------------------------------------------------ three views

STRIDED = [
    {"stride": 1, "padding": 0, "dilation": 1},
    {"stride": (2, 3), "padding": (1, 2), "dilation": (2, 1)},
    {"stride": (3, 1), "padding": (0, 1), "dilation": (1, 3)},
]


@pytest.mark.parametrize("layer", STRIDED)
def test_pytorch_and_our_own_views_agree(layer):
    random = np.random.default_rng(5)
    x, weight = (random.integers(-9, 10, size).astype(float) for size in ((2, 3, 7, 8), (4, 3, 2, 3)))
    stretched = answer("zero_insert", {"input": x, "stride": layer["stride"]})
    assert np.array_equal(stretched, views.stretch(x, layer["stride"]))
    matrix = answer("conv_matrix", {"input_shape": x.shape[1:], "weight": weight, **layer})
    assert np.array_equal(matrix, views.conv_matrix(x.shape[2:], weight, **layer))

    forward = answer("conv2d", {"input": x, "weight": weight, **layer})
    assert np.array_equal(matrix @ x[1].reshape(-1), forward[1].reshape(-1))
    back = {"input_size": x.shape, "weight": weight, "grad_output": forward, **layer}
    gradient = answer("conv2d_input", back)
    assert np.array_equal(gradient, views.conv_input_gradient(x.shape, weight, forward, **layer))
    extra = output_padding_back(x.shape[2:], weight.shape[2:], **layer)
    transposed = {"input": forward, "weight": weight, "output_padding": extra, **layer}
    assert np.array_equal(gradient, answer("conv_transpose2d_gather", transposed))
    assert answer("conv2d_input", {**back, "input_size": (2, 3, 7, 80)}) is None


# ------------------------------------------------------------------ the dilation project


def test_the_measured_field_is_that_of_the_recursion():
    sizes = (1, 2, 3)
    for first, second in product(product(sizes, (1, 2, 3), sizes), product(sizes, (1, 2), sizes)):
        layers = [first, second, (2, 1, 1)]
        assert answer("receptive_field", {"layers": layers}) == derived_operators.receptive_field(layers)
    wavenet = [(2, 1, 2**n) for n in range(10)]
    assert answer("receptive_field", {"layers": wavenet}) == 1024


@pytest.mark.parametrize("layer", [(0, 1, 1), (-1, 1, 1), (2, 0, 1), (2, -1, 1), (2, 1, 0), (2, 1, -2)])
def test_layers_that_pytorch_refuses(layer):
    assert answer("receptive_field", {"layers": [(3, 1, 1), layer]}) is None


def test_the_measured_zeros_are_those_of_slim():
    for k, d in product(range(1, 8), range(1, 6)):
        begin, end, _ = conv_padding("slim", 20, k, 1, d)
        assert answer("fixed_padding", {"kernel_size": k, "dilation": d}) == (begin, end, begin, end)
    assert answer("fixed_padding", {"kernel_size": (4, 3), "dilation": (1, 2)}) == (2, 2, 1, 2)


def test_the_measured_cells_and_phases_are_those_of_the_views():
    for rates, k in product([[1], [2, 2], [1, 2, 5], [3, 1, 4]], (1, 2, 3, 4)):
        offsets = views.coverage(rates, k)
        assert answer("coverage", {"rates": rates, "k": k}) == [offset - offsets[0] for offset in offsets]
    w = np.arange(1.0, 21).reshape(4, 5)
    for steps in product(range(1, 6), repeat=2):
        assert np.array_equal(
            answer("checkerboard_phases", {"w": w, "s": steps}), views.polyphase_sums(w[None, None], steps)[0, 0]
        )
    assert answer("checkerboard_phases", {"w": w, "s": (2, 0)}) is None


# ------------------------------------------------------------------ upsampling


@pytest.mark.parametrize("f", range(1, 9))
def test_the_bilinear_kernel_enlarges_as_pytorch_does_inside(f):
    """The transposed convolution with it equals bilinear enlarging, but for the border."""
    kernel = answer("bilinear_kernel", {"f": f})
    assert kernel.shape == (2 * f - f % 2,) * 2
    assert kernel.sum() == pytest.approx(f**2)
    picture = torch.tensor(np.random.default_rng(f).integers(-9, 10, (2, 3, 5, 4)), dtype=torch.float64)
    weight = torch.tensor(kernel).expand(3, 1, -1, -1)
    stamped = torch.nn.functional.conv_transpose2d(picture, weight, stride=f, padding=f // 2, groups=3)
    enlarged = torch.nn.functional.interpolate(picture, scale_factor=f, mode="bilinear")
    assert stamped.shape == enlarged.shape
    border = slice(f // 2, -(f // 2) or None)
    torch.testing.assert_close(stamped[:, :, border, border], enlarged[:, :, border, border], rtol=0, atol=1e-12)
    if f > 1:
        assert not torch.allclose(stamped, enlarged)


def test_our_reference_agrees_with_the_oracles():
    picture = np.random.default_rng(0).integers(-9, 10, (2, 4, 6, 7)).astype(float)
    for options in [{"scale_factor": (2, 1.5)}, {"size": (5, 9), "mode": "bilinear", "align_corners": True}]:
        mine = answer("interpolate", {"input": picture, **options})
        np.testing.assert_allclose(mine, reference.interpolate(picture, **options), rtol=0, atol=1e-12)
    values, indices = answer("max_pool2d", {"input": picture, "kernel_size": (2, 3)})
    assert (
        answer("max_pool2d", {"input": picture, "kernel_size": (2, 3), "return_indices": False}).shape == values.shape
    )
    ours = reference.max_pool2d(picture, (2, 3), return_indices=True)
    assert np.array_equal(values, ours[0])
    assert np.array_equal(indices, ours[1])
    unpooled = {"input": values, "indices": indices, "kernel_size": (2, 3), "output_size": (6, 7)}
    assert np.array_equal(answer("max_unpool2d", unpooled), reference.max_unpool2d(**unpooled))
    assert np.array_equal(answer("pixel_shuffle", {"input": picture, "r": 2}), reference.pixel_shuffle(picture, 2))


REFUSED = {
    "interpolate": {"input": np.ones((1, 1, 2, 2)), "size": 2, "align_corners": True},
    "max_pool2d": {"input": np.ones((1, 1, 2, 2)), "kernel_size": 3},
    "max_unpool2d": {"input": np.ones((1, 1, 1, 1)), "indices": np.array([[[[4]]]]), "kernel_size": 2},
    "pixel_shuffle": {"input": np.ones((1, 3, 2, 2)), "r": 2},
    "bilinear_kernel": {"f": 0},
}


@pytest.mark.parametrize("function", REFUSED)
def test_what_the_oracle_refuses_our_reference_refuses_in_words(function):
    assert answer(function, REFUSED[function]) is None
    with pytest.raises(ValueError, match=r"must|only"):
        ORACLES[function].ours(**REFUSED[function])


def test_wrong_kernels_have_lessons_and_are_wrong():
    wrong = {}
    for f in (2, 3, 4):
        right = answer("bilinear_kernel", {"f": f})
        for mistake in ORACLES["bilinear_kernel"].mistakes(f=f):
            assert lesson_about(mistake.id) == "12_fixed_upsampling"
            wrong[mistake.did] = wrong.get(mistake.did, False) or not np.allclose(mistake.answer, right)
    assert wrong
    assert all(wrong.values())


# ------------------------------------------------------------------ the framework translator


LONG = {"tf": "tensorflow"}
LAYERS = [
    ("torch", {"padding": [1, 0], "output_padding": [1, 2]}),
    ("tf", {"padding": "SAME", "output_size": [5, 9]}),
    ("tf", {"padding": [(1, 0), (0, 2)], "output_size": [5, 9]}),
    ("keras", {"padding": "same"}),
    ("keras", {"padding": "valid", "output_padding": [1, 2]}),
    ("jax", {"padding": "SAME"}),
    ("jax", {"padding": [(0, 3), (4, 1)], "transpose_kernel": True}),
    ("jax", {"padding": (1, 0), "use_consistent_padding": True}),
    ("onnx", {"auto_pad": "SAME_LOWER"}),
    ("onnx", {"output_shape": [5, 10]}),
]


@pytest.mark.parametrize(("framework", "options"), LAYERS)
def test_values_are_those_of_the_framework(framework, options):
    """The oracle has PyTorch's layout; :func:`convlab.frameworks.conv_transpose` that of the framework."""
    random = np.random.default_rng(3)
    x, w = (random.integers(-9, 10, size).astype(float) for size in ((2, 3, 3, 3), (3, 2, 2, 4)))
    mine = answer("conv_transpose_like", {"framework": framework, "x": x, "w": w, "s": (2, 3), **options})

    long = LONG.get(framework, framework)
    kernel = weight_layout(long, 2, options.get("transpose_kernel", False))
    theirs = frameworks.conv_transpose(
        long,
        rearrange(x, "NCHW", input_layout(long)),
        rearrange(w, "IOHW", kernel),
        stride=(2, 3),
        **options,
    )
    assert np.array_equal(rearrange(theirs, input_layout(long), "NCHW"), mine)


@pytest.mark.parametrize("s", [1, 2, 3])
@pytest.mark.parametrize("d", [1, 2, 4])
def test_windows_and_arguments_are_pytorchs(s, d):
    """Asked with a row that can be decoded, PyTorch itself shows its window, or refuses."""
    row = torch.arange(1.0, 5.0, dtype=torch.float64)[None, None]
    kernel = 10 ** torch.arange(3.0, dtype=torch.float64)[None, None]
    full = np.pad(torch.nn.functional.conv_transpose1d(row, kernel, stride=s, dilation=d)[0, 0].numpy(), (0, 9))
    seen = 0
    for p in range(6):
        for op in range(6):
            window = answer("torch_window", {"i": 4, "k": 3, "s": s, "d": d, "padding": p, "output_padding": op})
            try:
                y = torch.nn.functional.conv_transpose1d(
                    row, kernel, stride=s, padding=p, output_padding=op, dilation=d
                )[0, 0].numpy()
            except RuntimeError:
                assert window is None
                continue
            begin, end, flip = window
            assert not flip
            assert np.array_equal(full[begin : len(full) - 9 - end], y)
            assert answer("to_torch_args", {"window": window, "s": s, "d": d}) == (p, op)
            seen += 1
    assert seen >= 3


def test_no_check_asks_what_tensorflow_does_otherwise_than_its_rule():
    """A pair with a dilation has no kernel for the CPU; VALID takes smaller sizes than the rule for a single input."""
    names, calls = solution(submissions.notebook("framework_translator")), []
    right = names["tf_window"]

    def recording(i, k, **options):
        calls.append((i, k, options))
        return right(i, k, **options)

    assert failing(submissions.notebook("framework_translator"), {**names, "tf_window": recording}) == {}
    assert len(calls) > 200
    for i, k, options in calls:
        padding = options.get("padding", "SAME")
        assert isinstance(padding, str) or options.get("d", 1) == 1
        assert padding != "VALID" or i > 1 or options["output_size"] >= k


# ------------------------------------------------------------------ what is said of mistakes

LAYER_SIZES = [(4, 3, 2, 1), (4, 5, 2, 2), (2, 2, 4, 1), (4, 4, 2, 3), (8, 6, 1, 2)]
OPTIONS = {
    "torch": [{"padding": 2, "output_padding": 1}],
    "tensorflow": [
        {"output_size": 7, "padding": "SAME"},
        {"output_size": 8, "padding": "SAME"},
        {"output_size": 7, "padding": (1, 2)},
    ],
    "keras": [
        {"padding": "same", "output_padding": 1},
        {"padding": "same"},
        {"padding": "valid", "output_padding": 1},
        {},
    ],
    "jax": [{"padding": (1, 2)}, {"padding": "SAME"}, {"padding": "VALID"}],
    "onnx": [{"auto_pad": "SAME_LOWER", "output_padding": 1}, {"pads": (0, 1)}, {"output_shape": 6}],
}


@pytest.mark.parametrize("framework", OPTIONS)
def test_every_mistake_has_a_lesson_and_shows_somewhere(framework):
    shows = {}
    for sizes in LAYER_SIZES:
        for options in OPTIONS[framework]:
            try:
                right = frameworks.window(framework, *sizes, **options)
            except ValueError:
                continue
            for mistake in wrong_windows(framework, *sizes, **options):
                assert lesson_about(mistake.id)
                shows[mistake.did] = shows.get(mistake.did, False) or mistake.answer != right
    assert len(shows) >= 7
    assert [idea for idea, shown in shows.items() if not shown] == []


def test_a_mistake_in_values_is_named_though_pytorch_has_no_such_window():
    def symmetrical(framework, x, w, s, padding):
        return answer("conv_transpose_like", {"framework": "torch", "x": x, "w": w, "s": s, "padding": 1})

    call = {"framework": "keras", "x": [[1, 2, 3]], "w": [[1], [10], [100], [1000]], "s": 2, "padding": "same"}
    with pytest.raises(CheckFailed, match="the shape differs"):
        check_call(symmetrical, "conv_transpose_like", [call])

    def torch_like(framework, x, w, s, padding):
        options = {"padding": [1, 0], "output_padding": [1, 1]}
        return answer("conv_transpose_like", {"framework": "torch", "x": x, "w": w, "s": s, **options})

    call = {**call, "w": [[1], [10], [100]]}
    with pytest.raises(CheckFailed, match=r"begin and end of the crop are exchanged") as caught:
        check_call(torch_like, "conv_transpose_like", [call])
    assert "lesson 07_the_padding_pitfall" in caught.value.outline
    assert "np.array" not in caught.value.outline
