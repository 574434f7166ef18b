"""Bad calls: what PyTorch refuses, ours refuses too, with a message that names the argument and its value.

Each row of the tables changes one thing in a call that works. The test first shows that the call
works on both sides without the change and that PyTorch really refuses it with the change.
Below stand the intended differences: where ours is stricter than PyTorch, and where it is more generous.
"""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from convlab import reference

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # of PyTorch, about what it then refuses


def ones(*shape, dtype=np.float64):
    return np.ones(shape, dtype)


CALLS = {
    "conv1d": {"input": ones(2, 4, 7), "weight": ones(4, 4, 3), "bias": ones(4)},
    "conv2d": {"input": ones(2, 4, 6, 7), "weight": ones(4, 4, 2, 3), "bias": ones(4)},
    "conv3d": {"input": ones(2, 4, 5, 6, 7), "weight": ones(4, 4, 1, 2, 3), "bias": ones(4)},
    "conv_transpose1d": {"input": ones(2, 4, 3), "weight": ones(4, 4, 3), "bias": ones(4)},
    "conv_transpose2d": {"input": ones(2, 4, 3, 4), "weight": ones(4, 4, 2, 3), "bias": ones(4)},
    "conv_transpose3d": {"input": ones(2, 4, 2, 3, 4), "weight": ones(4, 4, 1, 2, 3), "bias": ones(4)},
    "max_pool2d": {"input": ones(2, 4, 6, 7), "kernel_size": 2},
    "avg_pool2d": {"input": ones(2, 4, 6, 7), "kernel_size": 2},
    "max_unpool2d": {"input": ones(1, 2, 2), "indices": np.array([[[0, 2], [8, 10]]]), "kernel_size": 2},
    "interpolate": {"input": ones(2, 4, 6, 7), "scale_factor": 2},
    "pixel_shuffle": {"input": ones(2, 4, 3, 3), "upscale_factor": 2},
    "pixel_unshuffle": {"input": ones(1, 1, 2, 6), "downscale_factor": 2},
    "unfold": {"input": ones(2, 4, 6, 7), "kernel_size": 2},
    "fold": {"input": ones(2, 8, 30), "output_size": (6, 7), "kernel_size": 2},
}


def torch_called(name, call):
    tensors = {
        key: torch.from_numpy(value.copy()) if isinstance(value, np.ndarray) else value for key, value in call.items()
    }
    return getattr(F, name)(**tensors)


def torch_accepts(name, call):
    try:
        torch_called(name, call)
    except Exception:  # PyTorch raises a dozen kinds
        return False
    return True


def refusal(name, call):
    """The message with which ours refuses the call."""
    with pytest.raises((TypeError, ValueError)) as caught:
        getattr(reference, name)(**call)
    assert type(caught.value) in (TypeError, ValueError)
    return str(caught.value)


# Rows: (operator, changes, what the message must mention; None: the name and the value of the change).

NOT_INTEGERS = [1.0, True, False, None, "1", np.float64(1), 1j]


def scalar_rows(name, argument, minimum, ndim, none_allowed=False):
    """Values of no use for an argument that is one integer or one an axis."""
    wrong = [*NOT_INTEGERS, minimum - 1, -5, (1,) * (ndim + 1), (1,) * (ndim + 2), ()]
    if ndim == 3:
        wrong += [(1, 1)]
    for value in wrong:
        if not (value is None and none_allowed):
            yield name, {argument: value}, None
    for entry in (minimum - 1, 1.0, None, "1", (1,)):
        yield name, {argument: (*(1,) * (ndim - 1), entry)}, [argument, repr(entry)]
    yield name, {argument: (True, *(1,) * (ndim - 1))}, [argument, "True"]  # PyTorch looks at the first one only


def array_rows(name, argument):
    for value in (None, 1, 1.0, "x", [1.0], (1, 2)):
        yield name, {argument: value}, [argument, type(value).__name__]


BIAS_OF_ANY_DTYPE = ("conv_transpose1d", "conv_transpose2d")


def conv_rows():
    for name, call in CALLS.items():
        if not name.startswith("conv"):
            continue
        ndim, transposed, x, w = int(name[-2]), "transpose" in name, call["input"], call["weight"]
        for argument, minimum in [("stride", 1), ("padding", 0), ("dilation", 1)]:
            yield from scalar_rows(name, argument, minimum, ndim)
        yield from array_rows(name, "input")
        yield from array_rows(name, "weight")
        yield from list(array_rows(name, "bias"))[1:]  # None means no bias
        for groups in (*NOT_INTEGERS, 0, -1, 3, 8, (1, 1), [2, 2]):
            yield name, {"groups": groups}, None
        yield name, {"groups": 2}, ["bias", "(4,)"] if transposed else ["groups=2", "C_in=4"]
        yield name, {"input": ones(2, 3, *x.shape[2:])}, ["input", "C_in=3", "4"]
        yield name, {"input": ones(2, 5, *x.shape[2:])}, ["input", "C_in=5", "4"]
        yield name, {"input": x[0, 0]}, ["input", str(x.shape[2:])]
        yield name, {"input": x[None]}, ["input", str((1, *x.shape))]
        yield name, {"input": np.array(1.0)}, ["input", "()"]
        yield name, {"input": x[..., :0]}, ["input", "empty", "L" if ndim == 1 else "W"]
        yield name, {"input": x.astype(np.float32)}, ["float32", "float64", "weight"]
        yield name, {"input": x.astype(np.int64)}, ["int64", "float64", "weight"]
        yield name, {"weight": w.astype(np.float32)}, ["weight", "float32", "float64"]
        if name not in BIAS_OF_ANY_DTYPE:
            for dtype in ("float32", "int64"):
                yield name, {"bias": ones(4, dtype=dtype)}, ["bias", dtype, "float64"]
        yield name, {"weight": w[0]}, ["weight", str(w.shape[1:])]
        yield name, {"weight": w[None]}, ["weight", str((1, *w.shape))]
        yield name, {"weight": w[..., :0]}, ["weight", "empty", "kL" if ndim == 1 else "kW"]
        yield name, {"weight": w[:0]}, ["weight", "empty", "C_"]
        for shape in [(3,), (1,), (5,), (4, 1), (1, 4), (), (0,)]:
            yield name, {"bias": ones(*shape)}, ["bias", str(shape)]
        if transposed:
            yield from scalar_rows(name, "output_padding", 0, ndim)
            for padding in ("same", "valid"):
                yield name, {"padding": padding}, None
            yield name, {"output_padding": 1}, ["output_padding=1", "stride=1", "dilation=1"]
            yield (
                name,
                {"output_padding": 3, "stride": 2, "dilation": 3},
                ["output_padding=3", "stride=2", "dilation=3"],
            )
            yield name, {"output_padding": (*(1,) * (ndim - 1), 2), "stride": 2}, ["output_padding=2", "stride=2"]
            yield name, {"padding": 4}, ["padding=4", "output"]
            yield name, {"padding": (*(0,) * (ndim - 1), 3)}, ["padding=3", "output of size"]
            yield name, {"weight": ones(3, 4, *w.shape[2:])}, ["input", "C_in=4", "3"]
            yield name, {"weight": w[:, :0]}, ["weight", "empty", "C_out/groups"]
        else:
            for padding in ("SAME", "Valid", "full", "", "1"):
                yield name, {"padding": padding}, None
            for stride in (2, (*(1,) * (ndim - 1), 2)):
                yield name, {"padding": "same", "stride": stride}, ["padding", "same", "stride", "2"]
            yield name, {"weight": ones(4, 3, *w.shape[2:])}, ["input", "C_in=4", "3"]
            yield name, {"weight": ones(4, 4, *x.shape[2:-1], 8)}, ["kernel_size=8", "input_size=7"]
            yield name, {"dilation": 4}, ["kernel_size=3", "dilation=4", "input_size=7"]
            yield name, {"padding": "valid", "dilation": 4}, ["kernel_size=3", "dilation=4", "input_size=7"]


def image_rows(name):
    x = CALLS[name]["input"]
    yield from array_rows(name, "input")
    yield name, {"input": x[0, 0]}, ["input", str(x.shape[2:])]
    yield name, {"input": x[None]}, ["input", str((1, *x.shape))]
    for axis, letter in [(1, "C"), (2, "H"), (3, "W")]:
        shape = tuple(0 if n == axis else size for n, size in enumerate(x.shape))
        yield name, {"input": ones(*shape)}, ["input", f"empty along {letter}", str(shape)]


def pool_rows():
    for name in ("max_pool2d", "avg_pool2d"):
        yield from image_rows(name)
        yield from scalar_rows(name, "kernel_size", 1, 2)
        yield from scalar_rows(name, "padding", 0, 2)
        for row in scalar_rows(name, "stride", 1, 2, none_allowed=True):
            if repr(row[1]["stride"]) != "()":  # that means None in PyTorch
                yield row
        yield name, {"kernel_size": 8}, ["kernel_size=8", "input_size=6"]
        yield name, {"padding": 2}, ["padding=2", "kernel_size=2"]
        yield name, {"padding": (1, 2), "kernel_size": 3}, ["padding=2", "kernel_size=3"]
        for value in (1, 0, None, "no", 1.0, (True,)):
            yield name, {"ceil_mode": value}, None
    yield from scalar_rows("max_pool2d", "dilation", 1, 2)
    yield "max_pool2d", {"dilation": 6}, ["kernel_size=2", "dilation=6", "input_size=6"]
    yield "max_pool2d", {"padding": 2, "kernel_size": 3, "dilation": 2}, ["padding=2", "kernel_size=3"]
    for value in (1, 0, None, "no", 1.0):
        yield "avg_pool2d", {"count_include_pad": value}, None
    for value in (0, 1.0, "1", (1,), True):
        yield "avg_pool2d", {"divisor_override": value}, None


def unpool_rows():
    name = "max_unpool2d"
    indices = CALLS[name]["indices"]
    yield from array_rows(name, "input")
    yield from array_rows(name, "indices")
    yield name, {"input": ones(2, 2)}, ["input", "(2, 2)"]
    yield name, {"input": ones(1, 1, 1, 2, 2)}, ["input", "(1, 1, 1, 2, 2)"]
    yield name, {"input": ones(1, 0, 2, 2), "indices": np.ones((1, 0, 2, 2), int)}, ["input", "empty", "(1, 0, 2, 2)"]
    yield name, {"input": ones(1, 0, 2), "indices": np.ones((1, 0, 2), int)}, ["input", "empty", "(1, 0, 2)"]
    for dtype in (np.int32, np.uint8, np.float64):
        yield name, {"indices": indices.astype(dtype)}, ["indices", np.dtype(dtype).name]
    yield name, {"indices": indices[..., :1]}, ["indices", "(1, 2, 1)", "(1, 2, 2)"]
    yield name, {"indices": indices[None]}, ["indices", "(1, 1, 2, 2)"]
    for index in (-1, 16, 99):
        yield name, {"indices": np.full((1, 2, 2), index)}, ["indices", str(index), "15"]
    for value in (1.0, None, "1", -1, (2,), (1, 1, 1), ()):
        yield name, {"kernel_size": value}, ["kernel_size", repr(value)]
    for value in (1.0, "1", -1, (2,), ()):
        yield name, {"stride": value}, ["stride", repr(value)]
    for value in (1.0, None, "1", (1,), ()):
        yield name, {"padding": value}, ["padding", repr(value)]
    yield name, {"padding": 3}, ["padding=3", "output"]
    for value in (4, 4.0, "44", (4,), (4, 4, 4), (), (6, 4), (4, 2), (0, 4), (4.0, 4), (4, None), (-4, 4)):
        entries = [entry for entry in value if entry in (0, 4.0, None, -4)] if isinstance(value, tuple) else []
        wrong = [entry for entry in entries if type(entry) is not int or entry < 1]
        yield name, {"output_size": value}, ["output_size", repr(wrong[0] if wrong else value)]


def interpolate_rows():
    name = "interpolate"
    x = CALLS[name]["input"]
    yield from array_rows(name, "input")
    yield name, {"input": ones(6, 7)}, ["input", "(6, 7)"]
    yield name, {"input": ones(1, 1, 1, 1, 2, 2)}, ["input", "(1, 1, 1, 1, 2, 2)"]
    for axis, letter in [(1, "C"), (2, "H"), (3, "W")]:
        shape = tuple(0 if n == axis else size for n, size in enumerate(x.shape))
        yield name, {"input": ones(*shape)}, ["input", f"empty along {letter}"]
    yield name, {"size": 3}, ["size=3", "scale_factor=2"]
    yield name, {"scale_factor": None}, ["size=None", "scale_factor=None"]
    sized = {"scale_factor": None}
    for size in (0, -1, 3.0, True, "3", (3,), (3, 3, 3), (), 1j):
        yield name, {"size": size, **sized}, ["size", repr(size)]
    for size, entry in [((3, 0), 0), ((3, 3.0), 3.0), ((None, 3), None), (("3", 3), "3")]:
        yield name, {"size": size, **sized}, ["size", repr(entry)]
    for factor in (
        "2",
        (2,),
        (2, 2, 2),
        (),
        1j,
        0,
        -1,
        0.01,
        float("nan"),
        float("inf"),
        np.array([2.0, 2.0]),
    ):
        yield name, {"scale_factor": factor}, ["scale_factor", repr(factor)]
    yield name, {"scale_factor": [[2], 2]}, ["scale_factor", "[2]"]
    for mode in ("cubic", "Nearest", "", None, 1, "linear"):
        yield name, {"mode": mode}, ["mode", repr(mode)]
    yield name, {"mode": "bilinear", "input": ones(1, 1, 3)}, ["mode='bilinear'", "(1, 1, 3)"]
    for mode in ("nearest", "nearest-exact"):
        for value in (True, False):
            yield name, {"align_corners": value, "mode": mode}, ["align_corners", repr(value), repr(mode)]
    for value in (1, "yes", 1.0):
        yield name, {"align_corners": value, "mode": "bilinear"}, ["align_corners", repr(value)]
    yield name, {"recompute_scale_factor": True, "size": 3, **sized}, ["recompute_scale_factor", "True", "size=3"]
    yield name, {"input": ones(1, 1, 2, 2, dtype=np.int64), "mode": "bilinear"}, ["input", "int64", "mode='bilinear'"]


def shuffle_and_block_rows():
    for value in (*NOT_INTEGERS, 0, -1, (2, 2), (2,)):
        yield "pixel_shuffle", {"upscale_factor": value}, None
        yield "pixel_unshuffle", {"downscale_factor": value}, None
    yield from array_rows("pixel_shuffle", "input")
    yield from array_rows("pixel_unshuffle", "input")
    yield "pixel_unshuffle", {"downscale_factor": 3}, ["downscale_factor=3", "2", "6"]
    yield "pixel_shuffle", {"upscale_factor": 3}, ["upscale_factor^2=9", "4"]
    yield "pixel_shuffle", {"input": ones(6, 3, 3)}, ["input", "upscale_factor^2=4", "6"]
    for shape in [(3, 3), (4,), ()]:
        for name in ("pixel_shuffle", "pixel_unshuffle"):
            yield name, {"input": ones(*shape)}, ["input", str(shape)]
    for name in ("unfold", "fold"):
        for argument, minimum in [("kernel_size", 1), ("dilation", 1), ("padding", 0), ("stride", 1)]:
            yield from scalar_rows(name, argument, minimum, 2)
            yield name, {argument: (1,)}, None
            yield name, {argument: [2]}, [argument, "(2,)"]
    yield from image_rows("unfold")
    yield "unfold", {"kernel_size": 7}, ["kernel_size=7", "input_size=6"]
    yield "unfold", {"dilation": 6}, ["kernel_size=2", "dilation=6", "input_size=6"]
    yield from array_rows("fold", "input")
    yield from scalar_rows("fold", "output_size", 1, 2)
    for value in ((7,), [7], (6, 8), (7, 7), 6):
        mention = (
            ["output_size", "(7,)"] if len(np.atleast_1d(value)) == 1 and value != 6 else ["input", "blocks", "30"]
        )
        yield "fold", {"output_size": value}, mention
    yield "fold", {"kernel_size": 3}, ["input", "kH*kW=9", "8"]
    yield "fold", {"stride": 2}, ["input", "3x3=9 blocks", "30"]
    yield "fold", {"padding": 1}, ["input", "7x8=56 blocks", "30"]
    yield "fold", {"kernel_size": (8, 1)}, ["kernel_size=8", "input_size=6"]
    yield "fold", {"input": ones(2, 7, 30)}, ["input", "kH*kW=4", "7"]
    yield "fold", {"input": ones(2, 8, 29)}, ["input", "5x6=30 blocks", "29"]
    for shape in [(8,), (1, 2, 8, 30)]:
        yield "fold", {"input": ones(*shape)}, ["input", str(shape)]
    for shape, axis in [((2, 0, 30), "C*kH*kW"), ((2, 8, 0), "blocks"), ((0, 30), "C*kH*kW")]:
        yield "fold", {"input": ones(*shape)}, ["input", f"empty along {axis}"]


ROWS = [*conv_rows(), *pool_rows(), *unpool_rows(), *interpolate_rows(), *shuffle_and_block_rows()]


def label(row):
    """``conv2d stride=0``; arrays by shape and dtype."""
    changes = ", ".join(
        f"{key}={value.dtype.name}{list(value.shape)}" if isinstance(value, np.ndarray) else f"{key}={value!r}"
        for key, value in row[1].items()
    )
    return f"{row[0]} {changes}"


@pytest.mark.parametrize("name", CALLS)
def test_the_call_works_unchanged(name):
    assert torch_accepts(name, CALLS[name])
    getattr(reference, name)(**CALLS[name])


@pytest.mark.parametrize(("name", "changes", "mention"), ROWS, ids=map(label, ROWS))
def test_refused_by_torch_and_by_ours(name, changes, mention):
    call = {**CALLS[name], **changes}
    assert not torch_accepts(name, call), "PyTorch accepts this: the row belongs below"
    message = refusal(name, call)
    if mention is None:
        ((argument, value),) = changes.items()
        mention = [argument, f"got {value!r}" if f"got {value!r}" in message else f"{argument}={value!r}"]
    for piece in mention:
        assert piece in message


# bed_of_nails has no counterpart in PyTorch


@pytest.mark.parametrize(
    ("changes", "mention"),
    [
        *[({"scale_factor": value}, ["scale_factor", repr(value)]) for value in (*NOT_INTEGERS, 0, -1, (2, 2, 2), ())],
        ({"scale_factor": (2, 0)}, ["scale_factor", "0"]),
        ({"input": [[[1.0]]]}, ["input", "list"]),
        ({"input": ones(2, 2)}, ["input", "(2, 2)"]),
        ({"input": ones(1, 1, 1, 2, 2)}, ["input", "(1, 1, 1, 2, 2)"]),
        ({"input": ones(1, 0, 2)}, ["input", "empty along H"]),
        ({"input": ones(0, 2, 2)}, ["input", "empty along C"]),
    ],
)
def test_bed_of_nails_refuses(changes, mention):
    message = refusal("bed_of_nails", {"input": ones(1, 2, 2), "scale_factor": 2, **changes})
    for piece in mention:
        assert piece in message


# What nn.Conv1d to nn.Conv3d and Keras have, and torch.nn.functional has not


@pytest.mark.parametrize(
    ("name", "changes", "mention"),
    [
        ("conv1d", {"padding_mode": "zero"}, "padding_mode must be one of zeros, reflect, replicate, circular"),
        ("conv2d", {"padding_mode": 1}, "padding_mode must be one of zeros, reflect, replicate, circular, got 1"),
        ("conv1d", {"padding_mode": "reflect", "padding": 7}, "padding must be at most 6 for padding_mode='reflect'"),
        ("conv2d", {"padding_mode": "circular", "padding": (0, 9)}, "padding must be at most 7 .*7 cells, got 9"),
        ("conv2d", {"padding": "causal"}, "padding='causal' is for one axis, got a kernel of 2 axes"),
        ("conv_transpose2d", {"padding": "causal"}, "padding='causal' is for one axis"),
        ("conv_transpose1d", {"padding": "causal", "stride": 4}, "spans 3 cells, and a causal trim needs .*stride=4"),
        ("conv_transpose1d", {"padding": "same"}, "padding must be integers or 'causal', got 'same'"),
    ],
)
def test_padding_modes_and_causal_refuse(name, changes, mention):
    with pytest.raises(ValueError, match=mention):
        getattr(reference, name)(**{**CALLS[name], **changes})


# Stricter than PyTorch, on purpose


def empty_channels(name):
    ndim = int(name[-2])
    return {"input": ones(1, 0, *[3] * ndim), "weight": ones(2, 0, *[2] * ndim), "bias": None}


NOWHERE = {"input": ones(0, 1, 2, 2), "indices": np.ones((0, 1, 2, 2), int)}

STRICTER = [
    # Means of integers: PyTorch drops the fraction.
    ("avg_pool2d", {"input": np.arange(16).reshape(1, 4, 4)}, ["input", "integers", "mean"]),
    # No channels: nothing to teach, and every formula would need a special case.
    *[(name, empty_channels(name), ["input", "empty along C_in"]) for name in ("conv1d", "conv2d", "conv3d")],
    ("max_unpool2d", {"input": ones(0, 2, 2), "indices": np.ones((0, 2, 2), int)}, ["input", "empty along C"]),
    # Only True and False are flags.
    *[("max_pool2d", {"return_indices": value}, ["return_indices", repr(value)]) for value in (1, 0, None, "no")],
    *[("interpolate", {"recompute_scale_factor": value}, ["recompute_scale", repr(value)]) for value in (1, 0, "no")],
    *[("interpolate", {"antialias": value}, ["antialias", repr(value)]) for value in (0, None)],
    ("interpolate", {"scale_factor": True}, ["scale_factor", "True"]),
    ("interpolate", {"scale_factor": np.True_}, ["scale_factor", "True"]),
    # An empty stride means "as kernel_size" in PyTorch; ours says None.
    *[(name, {"stride": ()}, ["stride", "()"]) for name in ("max_pool2d", "avg_pool2d")],
    # An array of one number would be a number; ours wants it plain.
    *[(name, {"stride": np.array([2])}, ["stride", "array([2])"]) for name in ("conv2d", "max_pool2d")],
    *[("conv2d", {key: (1, True)}, [key, "True"]) for key in ("stride", "padding", "dilation")],
    *[("max_pool2d", {key: (1, True)}, [key, "True"]) for key in ("kernel_size", "stride", "padding", "dilation")],
    # PyTorch adds a bias of another dtype here, and only here.
    *[(name, {"bias": ones(4, dtype=np.float32)}, ["bias", "float32", "float64"]) for name in BIAS_OF_ANY_DTYPE],
    # max_unpool2d hardly checks in PyTorch.
    *[("max_unpool2d", {**NOWHERE, "kernel_size": n}, ["kernel_size", repr(n)]) for n in (True, {2, 3}, range(2, 4))],
    *[("max_unpool2d", {**NOWHERE, "stride": n}, ["stride", repr(n)]) for n in (True, (2, 2, 2))],
    *[("max_unpool2d", {**NOWHERE, "padding": n}, ["padding", repr(n)]) for n in (-1, False, (0, 0, 0))],
    *[("max_unpool2d", {**NOWHERE, "kernel_size": n}, ["kernel_size", "0"]) for n in (0, (0, 2))],
    # Parts of interpolate that convlab does not have.
    ("interpolate", {"mode": "bicubic"}, ["mode", "'bicubic'"]),
    ("interpolate", {"mode": "area"}, ["mode", "'area'"]),
    ("interpolate", {"mode": "trilinear", "input": ones(1, 1, 2, 2, 2)}, ["mode", "'trilinear'"]),
    ("interpolate", {"mode": "bilinear", "antialias": True}, ["antialias", "True"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "changes", "mention"), STRICTER, ids=map(label, STRICTER))
def test_stricter_than_torch(name, changes, mention):
    call = {**CALLS[name], **changes}
    assert torch_accepts(name, call), "PyTorch refuses this: the row belongs above"
    message = refusal(name, call)
    for piece in mention:
        assert piece in message


def as_dtype(name, dtype):
    call = CALLS[name].items()
    return {k: v.astype(dtype) if isinstance(v, np.ndarray) and k != "indices" else v for k, v in call}


@pytest.mark.parametrize(
    "dtype", [np.float16, np.complex64, np.complex128, np.bool_, np.uint64, np.dtype(">f8"), object, "U1"]
)
@pytest.mark.parametrize("name", CALLS)
def test_other_dtypes_are_refused(name, dtype):
    message = refusal(name, as_dtype(name, dtype))
    assert message.startswith("input must hold float32, float64 or integers that fit int64, got")
    assert np.dtype(dtype).name in message or str(np.dtype(dtype)) in message


@pytest.mark.parametrize("name", CALLS)
def test_torch_has_float16(name):
    """So refusing it is a choice: its sums would differ between any two ways to add."""
    assert torch_accepts(name, as_dtype(name, np.float16))


def test_arrays_must_be_plain():
    masked = np.ma.masked_array(ones(1, 2, 2), mask=np.zeros((1, 2, 2), bool))
    assert "MaskedArray" in refusal("unfold", {"input": masked, "kernel_size": 2})
    assert "Tensor" in refusal("unfold", {"input": torch.ones(1, 2, 2), "kernel_size": 2})


# More generous than PyTorch, on purpose

GENEROUS = [
    # Integers, where PyTorch has no kernel for them.
    *[(name, np.int64) for name in ("interpolate", "unfold", "fold", "max_unpool2d")],
    *[(name, np.int32) for name in ("conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "avg_pool2d")],
]


@pytest.mark.parametrize(("name", "dtype"), GENEROUS)
def test_integers_where_torch_has_no_kernel(name, dtype):
    call = as_dtype(name, dtype)
    assert not torch_accepts(name, call)
    ours = getattr(reference, name)(**call)
    assert ours.dtype == np.int64
    np.testing.assert_array_equal(ours, torch_called(name, as_dtype(name, np.float64)).numpy())


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int16, np.int32])
@pytest.mark.parametrize("name", ["conv1d", "conv2d", "conv3d", "max_pool2d", "pixel_shuffle"])
def test_integers_of_any_width_give_int64_where_torch_keeps_them(name, dtype):
    call = as_dtype(name, dtype)
    assert torch_called(name, call).dtype == getattr(torch, np.dtype(dtype).name)
    assert getattr(reference, name)(**call).dtype == np.int64


@pytest.mark.parametrize("argument", ["kernel_size", "stride", "padding"])
def test_numpy_integers_in_max_unpool2d(argument):
    call = {**CALLS["max_unpool2d"], "stride": 2, "padding": 0}
    changed = {**call, argument: np.int64(call[argument])}
    assert not torch_accepts("max_unpool2d", changed)
    np.testing.assert_array_equal(reference.max_unpool2d(**changed), reference.max_unpool2d(**call))


# The table itself


def test_it_goes_red_when_ours_accepts():
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        refusal("conv1d", CALLS["conv1d"])


def test_it_goes_red_when_torch_accepts():
    with pytest.raises(AssertionError, match="PyTorch accepts this"):
        test_refused_by_torch_and_by_ours("conv1d", {"stride": 2}, None)


@pytest.mark.parametrize("message", ["bad argument", "stride is wrong", "got 0", "padding must be at least 1, got 0"])
def test_it_goes_red_when_the_message_does_not_help(message, monkeypatch):
    def unhelpful(**call):
        raise ValueError(message)

    monkeypatch.setattr(reference, "conv1d", unhelpful)
    with pytest.raises(AssertionError):
        test_refused_by_torch_and_by_ours("conv1d", {"stride": 0}, None)
