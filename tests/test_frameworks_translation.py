"""Translations: what is found gives identical values (run with torch), and what is not found does not exist."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from convlab.frameworks import (
    VERSIONS,
    conv,
    conv_padding,
    conv_transpose,
    conv_weight_layout,
    depth_to_space,
    input_layout,
    rearrange,
    resize,
    run,
    run_resize,
    space_to_depth,
    translate,
    translate_conv,
    translate_depth_to_space,
    translate_resize,
    translate_space_to_depth,
    weight_layout,
    window,
)
from convlab.frameworks.translation import EVERY
from convlab.reference.layer_arguments import PADDING_MODES
from tools.conformance import batches, examination, grids
from tools.conformance.grids import _OPTIONS, digits

# PyTorch tells that padding="same" may copy the input for an even kernel.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")


def executed(code, **values):
    """Run the code of a translation into torch."""
    return batches.executed(code, "torch", **values)


def images(random, ndim, framework, weight_axes, kernel):
    """The same random integers in a framework's layout and in torch's."""
    x = random.integers(-9, 10, (2, 3, *(4,) * ndim))
    w = random.integers(-9, 10, (3, 2, *(kernel,) * ndim))  # I, O, space
    torch_axes = weight_layout("torch", ndim)
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
    assert (answer.arguments, answer.slice) == ({}, slice(None, -1))
    answer = translate("torch", "jax", 2, 3, 2, padding=1, output_padding=1)
    expected = {"padding": (1, 0), "transpose_kernel": True, "use_consistent_padding": True}
    assert answer.arguments == expected
    assert translate("onnx", "torch", 2, 3, 2, auto_pad="SAME_LOWER").arguments == {"padding": 1, "output_padding": 1}
    assert translate("jax", "torch", 2, 3, 2, padding="SAME").flip
    assert "w.flip(2, 3)" in translate("jax", "torch", 2, 3, 2, padding="SAME").code
    assert not translate("jax", "torch", 2, 1, 2, padding="VALID").flip
    assert translate("torch", "tensorflow", 4, 3, 2, 2, padding=1).slice == slice(1, -1)


@pytest.mark.parametrize("target", VERSIONS)
def test_none_means_that_no_option_gives_the_window(target):
    """Where translate gives up, no option of the target has the window, nor one that contains it."""
    given_up = 0
    for sizes in product((1, 3), (1, 2, 3), (1, 3), (1, 3)):
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
    for size in (6, 7, None):  # SAME would do for 7
        assert translate_conv("slim", "tensorflow", size, 3, 2).arguments == {"padding": (1, 1)}
        assert translate_conv("slim", "keras", size, 3, 2).padding == (1, 1)
    assert translate_conv("torch", "keras", 5, 2, padding="same").arguments == {"padding": "same"}
    assert translate_conv("jax", "torch", 6, 3, 2, padding=(-1, 1)).padding == (-1, 1)
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
    with pytest.raises(ValueError, match="ndim must be one of 1, 2, 3; got '4'"):
        translate("torch", "jax", 4, 3, ndim=4)
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


# --- axis by axis, and for every size


def same_by_the_rules(rule, source, options, target, arguments, sizes, moved=(0, 0), cut=(0, 0)):
    """Whether two calls keep the same cells of one axis, whatever is in them."""
    wanted = rule(source, *sizes, **options)
    found = rule(target, sizes[0] + sum(moved), *sizes[1:], **arguments)
    begin = -found[0] - moved[0] if rule is conv_padding else found[0]
    return (begin + cut[0], found.output_size - sum(cut)) == (
        -wanted[0] if rule is conv_padding else wanted[0],
        wanted.output_size,
    )


@pytest.mark.parametrize("rule", [window, conv_padding])
@pytest.mark.parametrize("target", VERSIONS)
def test_what_is_said_to_hold_for_every_size_does(target, rule):
    """And what holds for some remainders holds for those; up to sizes far beyond those that translate tries."""
    random = np.random.default_rng(0)
    function, choices = (translate, grids._OPTIONS) if rule is window else (translate_conv, None)
    told = Counter()
    for source, _ in product(VERSIONS, range(40)):
        sizes = tuple(int(size) for size in random.integers(1, (9, 6, 5, 4)))
        drawn = list(choices[source](*sizes) if choices else grids._conv_options(source)(*sizes))
        _, options = drawn[random.integers(len(drawn))]
        try:
            answer = function(source, target, *sizes, ndim=1, **options)
        except ValueError:
            continue
        if answer.code is None:
            continue
        told[answer.holds_for.split(" ")[0]] += 1
        held = range(1, 60) if answer.holds_for == EVERY else []
        if "remainder" in answer.holds_for:
            remainders, divisor = answer.holds_for.partition("remainder ")[2].split(" on division by ")
            held = [size for size in range(1, 60) if str(size % int(divisor)) in remainders.split(" or ")]
        cells = answer.slice or slice(None)
        cut = (cells.start or 0, -(cells.stop or 0))
        for size in [sizes[0], *held]:
            try:
                rule(source, size, *sizes[1:], **options)
            except ValueError:
                continue
            moved = answer.padding or (0, 0)
            assert same_by_the_rules(rule, source, options, target, answer.arguments, (size, *sizes[1:]), moved, cut), (
                source,
                options,
                sizes,
                size,
                answer,
            )
    assert told["every"] > 50 or (target, rule) == ("tensorflow", window)  # its output_size is one for each size


@pytest.mark.parametrize("size", [224, 225, None])
def test_an_answer_for_every_size_goes_first(size):
    answer = translate_conv("torch", "jax", size, 7, stride=2, padding=3)
    assert (answer.arguments, answer.holds_for) == ({"padding": (3, 3)}, EVERY)


def test_for_which_sizes_an_answer_holds():
    answers = [translate_conv("tensorflow", "torch", size, 3, stride=2, padding="SAME") for size in (224, 225)]
    assert [answer.padding for answer in answers] == [(0, 1), None]
    assert answers[1].arguments == {"padding": 1}
    assert answers[0].holds_for == "input sizes with remainder 0 on division by 2"
    assert f"# for {answers[1].holds_for}\n" in answers[1].code
    answer = translate_conv("tensorflow", "torch", (224, 225), 3, (2, 3), padding="SAME")
    assert answer.holds_for.startswith("H: input sizes with remainder 0 on division by 2; W: input sizes with")
    for function, target, options in (
        (translate_conv, "torch", {"padding": "SAME"}),
        (translate, "tensorflow", {"padding": (1, 1)}),
    ):
        answer = function("tensorflow" if target == "torch" else "jax", target, None, 3, stride=2, **options)
        assert answer.reason == f"no arguments of {target} give this for every input size; give input_size"
    answer = translate("tensorflow", "torch", None, 4, stride=2, padding="SAME", output_size=16)
    assert (answer.arguments, answer.holds_for) == ({"padding": 1}, "input size 8")


def test_everything_in_one_call():
    answer = translate("torch", "onnx", (6, 4), (4, 1), (2, 1), groups=2, padding=(1, 0), output_padding=(1, 0))
    assert answer.arguments == {"pads": [(1, 0), (0, 0)]}
    assert "group=2" in answer.code
    answer = translate("torch", "jax", 14, 4, (2, 4), padding=(1, 0), output_size=[28, 57])
    assert answer.arguments["padding"] == [(1, 1), (0, -1)]
    answer = translate("torch", "keras", (3, 4, 5), (4, 3, 2), (2, 1, 2), padding=(1, 1, 0))
    assert (answer.arguments, answer.holds_for) == ({"padding": "same"}, EVERY)
    assert "(2, 1, 2)" in answer.code
    answer = translate("keras", "torch", 8, (3, 4), stride=2, padding="same")
    assert (answer.arguments, answer.slice) == ({"padding": [0, 1]}, [slice(None, -1), slice(None)])


@pytest.mark.parametrize(
    ("message", "arguments", "options"),
    [
        ("output_size must be from 13 to 14, got 56 .* .axis W.", (6, 3, 2), {"output_size": [13, 56]}),
        ("stride must be one integer or 3 of them, got .2, 1.", ((4, 4, 4), 3, (2, 1)), {}),
        ("padding must be one value, or a list with one for each of the 2 axes", ((4, 4), 3), {"padding": (1, 0, 0)}),
        ("kernel_size must be at least 1, got 0", ((4, 4), (3, 0)), {}),
        ("groups must be at least 1, got 0", (4, 3), {"groups": 0}),
    ],
)
def test_errors_name_what_was_written(message, arguments, options):
    with pytest.raises(ValueError, match=message):
        translate("torch", "jax", *arguments, **options)


def test_groups_that_the_target_has_not():
    answer = translate("torch", "keras", 4, 3, groups=2)
    assert answer.reason.startswith("keras: its transposed convolution has no groups, got groups=2; call it for the")
    with pytest.raises(ValueError, match="keras: its transposed convolution has no groups"):
        translate("keras", "torch", 4, 3, groups=2)
    assert translate("torch", "tensorflow", 4, 3, groups=2, padding=1).arguments["padding"] == "SAME"
    answer = translate_conv("torch", "tensorflow", (4, 4, 4), 3, padding=1, groups=2)
    assert answer.reason == "tensorflow: convolutions of three axes take neither groups nor pairs, got groups=2"


def test_drawn_layers_into_torch():
    """One to three axes, unequal in everything, groups and two images, as grids draws them for conformance."""
    random = np.random.default_rng(0)
    seen = 0
    for source in (*VERSIONS, "slim"):
        for rule, function in ((window, translate), (conv_padding, translate_conv)):
            options_of = grids._OPTIONS.get(source) if rule is window else grids._conv_options(source)
            if options_of is None:
                continue
            for _ in range(8):
                layer, options = grids._random_layer(random, source, options_of, rule)
                operation = "translate" if rule is window else "translate_conv"
                for case in grids._translated("torch", source, layer, options, function, operation, ""):
                    wanted = examination._EXPECTED[operation](*case.arguments)
                    assert_array_equal(examination._CALLED[operation](*case.arguments), wanted)
                    seen += 1
    assert seen > 60


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_padding_modes(mode):
    options = {"padding": (1, 2), "padding_mode": mode}
    answer = translate_conv("torch", "jax", None, 3, **options)
    assert (answer.padding, answer.padding_mode, answer.holds_for) == ([(1, 1), (2, 2)], mode, EVERY)
    assert f"mode={PADDING_MODES[mode]!r}" in answer.code
    assert translate_conv("torch", "torch", None, 3, **options).arguments == {"padding": [1, 2], "padding_mode": mode}


def test_causal():
    answer = translate_conv("keras", "torch", None, 3, dilation=2, padding="causal")
    assert (answer.padding, answer.code.splitlines()[1]) == ((4, 0), "x = F.pad(x, (4, 0))")
    assert translate_conv("onnx", "keras", None, 3, ndim=1, pads=(2, 0)).arguments == {"padding": "causal"}
    assert translate_conv("onnx", "keras", None, 3, pads=(2, 0)).padding == (2, 0)
    with pytest.raises(ValueError, match="padding='causal' is for inputs with 1 axis of space, got 2"):
        translate_conv("keras", "torch", (4, 4), 3, padding="causal")


def test_scales():
    by_scale = {"mode": "nearest", "scale_factor": 1.6}
    answer = translate_resize("torch", "onnx", 4, **by_scale)
    assert (answer.arguments["scale_factor"], answer.holds_for) == (1.6, EVERY)
    assert translate_resize("torch", "tensorflow", 4, **by_scale).reason.startswith("tensorflow divides by the ratio")
    assert translate_resize("torch", "tensorflow", **by_scale).code is None
    answer = translate_resize("torch", "tensorflow", 5, **by_scale)
    assert answer.holds_for == "input sizes with remainder 0 or 2 on division by 5"
    assert translate_resize("torch", "keras", scale_factor=2, mode="nearest-exact").holds_for == EVERY
    answer = translate_resize("onnx", "torch", 4, size=8)  # ties fall to the same side for this one
    assert (answer.arguments, answer.holds_for) == ({"mode": "nearest"}, "input size 4")
    answer = translate_resize("torch", "onnx", scale_factor=(1.6, 2), recompute_scale_factor=True)
    assert answer.arguments["scale_factor"] is None
    with pytest.raises(ValueError, match="give either size or scale_factor"):
        translate_resize("torch", "onnx", 4, size=8, scale_factor=2)


def test_every_scale_that_is_said_to_hold_does():
    """By the cells of resize itself, up to sizes that translate_resize does not try."""
    for (source, options), target in product([("torch", {"mode": "nearest"}), ("onnx", {})], VERSIONS):
        for scale in (0.5, 1.6, 2, 3):
            answer = translate_resize(source, target, ndim=1, scale_factor=scale, **options)
            if answer.code is None:
                continue
            given = {name: value for name, value in answer.arguments.items() if value is not None}
            for size in (*range(2, 12), 40, 57):
                row = np.arange(size)
                to = {} if "scale_factor" in given else {"size": int(size * scale)}
                wanted = resize(source, row[None, None], scale_factor=scale, **options).ravel()
                found = resize(target, rearrange(row[None, None], "NCW", input_layout(target, 1)), **to, **given)
                assert_array_equal(found.ravel(), wanted)


@pytest.mark.parametrize(
    ("ndim", "mode", "scale", "ignored"),
    [
        (1, "nearest", 1.125, ()),
        (2, "nearest", 1.125, range(2, 8)),
        (2, "nearest", 1.2, range(2, 5)),
        (2, "nearest", 2.25, (2, 3)),
        (3, "nearest", 1.25, (2, 3)),
        (2, "nearest-exact", 1.125, ()),
        (1, "linear", 1.25, (2, 3)),
        (2, "bilinear", 1.25, (2, 3)),
        (2, "bilinear", 2.25, ()),
        (3, "trilinear", 1.25, (2, 3)),
        (2, "nearest", 1.5, ()),
    ],
)
def test_nothing_is_said_to_hold_where_torch_ignores_a_scale(ndim, mode, scale, ignored):
    by_scale = {"scale_factor": scale, "mode": mode, "ndim": ndim}
    every = translate_resize("torch", "onnx", **by_scale)
    assert every.holds_for == (None if ignored else EVERY)
    if ignored:
        assert every.reason.startswith(f"torch may ignore scale_factor={scale} on an axis of 2 to {ignored[-1]} cells")
    for size in range(1, 12):
        answer = translate_resize("torch", "onnx", size, **by_scale)
        told = f"every input size but 2 to {ignored[-1]}" if ignored else EVERY
        image = np.random.default_rng(size).random((1, 1, *(size,) * ndim)).astype(np.float32)
        theirs = run_resize("torch", image, scale_factor=scale, mode=mode)
        if size not in ignored:
            assert answer.holds_for == told
        elif mode == "nearest":  # whether it does depends on the image
            assert answer.reason == every.reason
        else:
            assert answer.holds_for == f"input size {size}"
            assert not np.allclose(theirs, resize("torch", image, scale_factor=scale, mode=mode), atol=1e-3)
        if answer.code:
            options = {name: value for name, value in answer.arguments.items() if value is not None}
            to = {} if "scale_factor" in options else {"size": (int(size * scale),) * ndim}
            np.testing.assert_allclose(resize("onnx", image, **to, **options), theirs, atol=1e-5)


@pytest.mark.parametrize("source", ["torch", "tensorflow", "keras", "onnx"])
def test_space_to_depth_into_torch(source):
    x = np.arange(2 * 2 * 6 * 3).reshape(2, 2, 6, 3)
    wanted = space_to_depth(source, rearrange(x, "NCHW", input_layout(source)), 3)
    answer = translate_space_to_depth(source, "torch", 2, 3)
    assert (answer.order is None) == (source == "torch")
    assert_array_equal(executed(answer.code, x=x), rearrange(wanted, input_layout(source), "NCHW"))
