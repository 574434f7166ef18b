"""Every operator of convlab.reference against torch.nn.functional, on drawn layers (Hypothesis).

Data are small integers, also in the float dtypes: then every sum is exact and the comparison is
equality, without tolerances. Only the linear modes of ``interpolate`` and true float data need one.

``agreed`` makes each comparison, and with it checks three more things each time: shape and dtype,
that no input is changed, and that no output shares memory with an input.
"""

from itertools import product
from math import prod
from unittest import mock

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, event, given
from hypothesis import strategies as st

from convlab import reference
from convlab.arithmetic import (
    conv_transpose_output_size,
    effective_kernel_size,
)
from convlab.reference import conv_nd, layer_arguments, pooling, unfolding, upsampling
from convlab.views import conv_transpose_by_pixel_shuffle, zero_insertion_steps

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths:UserWarning")

FLOATS = [np.float32, np.float64]
DTYPES = [*FLOATS, np.int64]
INTEGERS = [np.uint8, np.int8, np.int16, np.uint16, np.int32, np.uint32, np.int64]
INDICES = ("indices",)  # arrays that keep their dtype


# Comparing


def tensor(values):
    """A contiguous torch copy of an array."""
    return torch.from_numpy(np.array(values, order="C"))


def outputs(result):
    return [np.asarray(part) for part in (result if isinstance(result, tuple) else (result,))]


def called(name, arrays, options):
    """Our operator's outputs; its inputs must come out unchanged and must not be seen through the outputs."""
    before = {key: values.copy() for key, values in arrays.items()}
    ours = outputs(getattr(reference, name)(**arrays, **options))
    for key, values in arrays.items():
        assert np.array_equal(values, before[key], equal_nan=values.dtype.kind == "f"), f"{key} was changed"
        assert not any(np.may_share_memory(part, values) for part in ours), f"{key} shares memory with the output"
    return ours


def torch_called(name, arrays, options, dtype=None):
    """PyTorch's outputs; ``dtype`` stands in where it has no kernel for ours."""
    tensors = {
        key: tensor(values if dtype is None or key in INDICES else values.astype(dtype))
        for key, values in arrays.items()
    }
    return outputs(getattr(F, name)(**tensors, **options))


def agreed(name, arrays, options, torch_dtype=None, eps=0):
    """Assert that ours and PyTorch's outputs are equal, within ``eps`` units of rounding of the largest value."""
    ours = called(name, arrays, options)
    theirs = torch_called(name, arrays, options, torch_dtype)
    kind = next(iter(arrays.values())).dtype
    assert ours[0].dtype == (kind if kind.kind == "f" else np.int64)
    assert [part.shape for part in ours] == [part.shape for part in theirs]
    for part, other in zip(ours, theirs, strict=True):
        if eps:
            bound = eps * np.finfo(part.dtype).eps * max(np.abs(other).max(initial=0), 1)
            np.testing.assert_allclose(part, other, rtol=0, atol=bound)
        else:
            np.testing.assert_array_equal(part, other.astype(part.dtype))
    return ours


# Drawing


def in_memory(values, order):
    """The same values, standing in memory in another way."""
    if order == "Fortran":
        return np.asfortranarray(values)
    if order == "reversed":
        return values[..., ::-1].copy()[..., ::-1]
    if order == "every second":
        wide = np.zeros((*values.shape[:-1], 2 * values.shape[-1]), values.dtype)
        wide[..., ::2] = values
        return wide[..., ::2]
    if order == "channels last" and values.ndim > 1:
        return np.moveaxis(np.ascontiguousarray(np.moveaxis(values, 1, -1)), -1, 1)
    return values


@st.composite
def arrays_of(draw, shape, dtype, low=-9, high=9):
    """An array of integers; Hypothesis draws the seed, NumPy the numbers."""
    values = np.random.default_rng(draw(st.integers(0, 999))).integers(low, high, shape, endpoint=True).astype(dtype)
    return in_memory(values, draw(st.sampled_from(["C", "C", "Fortran", "reversed", "every second", "channels last"])))


def spelled(numbers, one_in_tuple=True):
    """One number an axis, as a tuple or list, or as one int (or a tuple of it) where they are equal."""
    numbers = tuple(numbers)
    ways = [numbers, list(numbers), tuple(map(np.int64, numbers))]
    if len(set(numbers)) == 1:
        ways += [numbers[0], np.int64(numbers[0])]
        ways += [numbers[:1]] * one_in_tuple
    return st.sampled_from(ways)


def per_axis(low, high, ndim):
    return st.tuples(*[st.integers(low, high)] * ndim)


BATCHES = st.sampled_from([None, 0, 1, 2, 3])


def batched(batch, *shape):
    return shape if batch is None else (batch, *shape)


@st.composite
def layers(draw, ndim, transposed, batches=BATCHES, dtypes=DTYPES):
    """Arrays and options of a convolution, direct or transposed, that PyTorch accepts."""
    dtype = draw(st.sampled_from(dtypes))
    batch = draw(batches)
    groups, in_group, out_group = draw(st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3)))
    kernel = draw(per_axis(1, 4 if ndim < 3 else 3, ndim))
    stride = draw(per_axis(1, 4 if ndim < 3 else 3, ndim))
    dilation = draw(per_axis(1, 3, ndim))
    spans = [effective_kernel_size(k, d) for k, d in zip(kernel, dilation)]
    options = {"groups": groups}
    if transposed:
        in_size = draw(per_axis(1, 4 if ndim < 3 else 3, ndim))
        extra = [draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation)]
        whole = [s * (i - 1) + span + e for i, s, span, e in zip(in_size, stride, spans, extra)]
        padding = [draw(st.integers(0, min((size - 1) // 2, 9))) for size in whole]
        options["output_padding"] = draw(spelled(extra))
    else:
        padding = [draw(st.integers(0, span + 1)) for span in spans]
        in_size = [max(1, span - 2 * p) + draw(st.integers(0, 4)) for span, p in zip(spans, padding)]
    options |= {
        "stride": draw(spelled(stride)),
        "padding": draw(spelled(padding)),
        "dilation": draw(spelled(dilation)),
    }
    if not transposed and draw(st.integers(0, 4)) == 0:
        options["padding"] = draw(st.sampled_from(["same", "valid"]))
        in_size = [max(i, span) for i, span in zip(in_size, spans)]
        if options["padding"] == "same":
            options["stride"] = 1
    channels = (groups * in_group, out_group) if transposed else (groups * out_group, in_group)
    arrays = {
        "input": draw(arrays_of(batched(batch, groups * in_group, *in_size), dtype)),
        "weight": draw(arrays_of((*channels, *kernel), dtype)),
    }
    if draw(st.booleans()):
        arrays["bias"] = draw(arrays_of((groups * out_group,), dtype))
    defaults = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1, "groups": 1}
    if draw(st.booleans()):  # leave out what is at its default
        options = {key: value for key, value in options.items() if value != defaults[key]}
    event(f"depthwise: {in_group == 1 and groups > 1}, channel multiplier: {out_group > 1}")
    return arrays, options


# Convolution


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("ndim", [1, 2, 3])
@given(data=st.data())
def test_conv_and_conv_transpose(ndim, transposed, data):
    agreed(f"conv{'_transpose' * transposed}{ndim}d", *data.draw(layers(ndim, transposed)))


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("ndim", [1, 2, 3])
@given(data=st.data())
def test_real_numbers(ndim, transposed, data):
    """True float data: rounding may differ, by a few units for each sum."""
    arrays, options = data.draw(layers(ndim, transposed, dtypes=FLOATS))
    random = np.random.default_rng(data.draw(st.integers(0, 999)))
    arrays = {key: random.standard_normal(values.shape).astype(values.dtype) for key, values in arrays.items()}
    agreed(f"conv{'_transpose' * transposed}{ndim}d", arrays, options, eps=2 * arrays["weight"].size ** 0.5 + 2)


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
@pytest.mark.parametrize("ndim", [1, 2, 3])
@given(data=st.data())
def test_padding_modes_are_those_of_the_modules(ndim, mode, data):
    arrays, options = data.draw(layers(ndim, False, dtypes=[np.float64]))
    kernel, in_size = arrays["weight"].shape[2:], arrays["input"].shape[-ndim:]
    stated = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1} | options
    assume(0 not in arrays["input"].shape)
    module = getattr(torch.nn, f"Conv{ndim}d")(
        arrays["weight"].shape[1] * stated["groups"], len(arrays["weight"]), kernel, padding_mode=mode, **stated
    )
    module.weight = torch.nn.Parameter(tensor(arrays["weight"]), requires_grad=False)
    module.bias = torch.nn.Parameter(tensor(arrays.get("bias", np.zeros(len(arrays["weight"])))), requires_grad=False)
    try:
        theirs = module(tensor(arrays["input"])).numpy()
    except RuntimeError:  # too few cells to reflect or to go round
        with pytest.raises(ValueError, match=f"padding must be at most .* for padding_mode='{mode}'"):
            called(f"conv{ndim}d", arrays, options | {"padding_mode": mode})
        return
    (ours,) = called(f"conv{ndim}d", arrays, options | {"padding_mode": mode})
    event(f"padded: {stated['padding'] not in (0, 'valid')}, {len(in_size)} axes")
    np.testing.assert_array_equal(ours, theirs)


@given(data=st.data())
def test_causal(data):
    """A convolution after zeros at the begin; a transposed one without what comes after ``s i`` cells."""
    arrays, options = data.draw(layers(1, False))
    options = {name: option for name, option in options.items() if name != "padding"}
    dilation = int(np.ravel(options.get("dilation", 1))[0])
    span, length = effective_kernel_size(arrays["weight"].shape[2], dilation), arrays["input"].shape[-1]
    before = np.concatenate(
        [np.zeros((*arrays["input"].shape[:-1], span - 1), arrays["input"].dtype), arrays["input"]], -1
    )
    (ours,) = called("conv1d", arrays, options | {"padding": "causal"})
    np.testing.assert_array_equal(ours, torch_called("conv1d", arrays | {"input": before}, options)[0])

    arrays, options = data.draw(layers(1, True))
    stride, dilation = (int(np.ravel(options.get(name, 1))[0]) for name in ("stride", "dilation"))
    options = {name: option for name, option in options.items() if name not in ("padding", "output_padding")}
    length = stride * arrays["input"].shape[-1]
    if effective_kernel_size(arrays["weight"].shape[2], dilation) < stride:
        with pytest.raises(ValueError, match="and a causal trim needs at least stride="):
            called("conv_transpose1d", arrays, options | {"padding": "causal"})
        return
    (ours,) = called("conv_transpose1d", arrays, options | {"padding": "causal"})
    np.testing.assert_array_equal(ours, torch_called("conv_transpose1d", arrays, options)[0][..., :length])
    view = zero_insertion_steps(**arrays, **options, padding="causal").output
    np.testing.assert_array_equal(ours, view if ours.ndim == 3 else view[0])
    np.testing.assert_array_equal(ours, conv_transpose_by_pixel_shuffle(**arrays, **options, padding="causal"))


# Pooling


@st.composite
def pools(draw, dilated):
    kernel = draw(per_axis(1, 4, 2))
    stride = draw(st.none() | per_axis(1, 4, 2))
    padding = [draw(st.integers(0, k // 2)) for k in kernel]
    dilation = draw(per_axis(1, 3, 2)) if dilated else (1, 1)
    spans = [effective_kernel_size(k, d) for k, d in zip(kernel, dilation)]
    in_size = [max(1, span - 2 * p) + draw(st.integers(0, 5)) for span, p in zip(spans, padding)]
    options = {
        "kernel_size": draw(spelled(kernel)),
        "stride": stride and draw(spelled(stride)),
        "padding": draw(spelled(padding)),
        "ceil_mode": draw(st.booleans()),
    }
    if dilated:
        options["dilation"] = draw(spelled(dilation))
    return batched(draw(BATCHES), draw(st.integers(1, 3)), *in_size), options


@given(pools(dilated=True), st.data())
def test_max_pool2d(pool, data):
    """Few different values, so that ties are common; NaN and infinities among the floats."""
    shape, options = pool
    dtype = data.draw(st.sampled_from([*FLOATS, np.int64, np.int32, np.uint8, np.int8]))
    image = data.draw(arrays_of(shape, dtype, low=0 if dtype is np.uint8 else -2, high=2))
    if dtype in FLOATS and image.size:
        special = np.array([np.nan, np.inf, -np.inf, -np.inf, 0.0, 0.0], dtype)
        image = image.copy(order="K") + special[data.draw(arrays_of(shape, np.int64, low=0, high=5))]
    best, found = called("max_pool2d", {"input": image}, {**options, "return_indices": True})
    (alone,) = called("max_pool2d", {"input": image}, options)
    theirs, their_indices = torch_called("max_pool2d", {"input": image}, {**options, "return_indices": True})
    # A window that sees no cell has -inf as its maximum where all cells are 0.
    blind = np.isneginf(torch_called("max_pool2d", {"input": np.zeros(shape)}, options)[0])
    event(f"blind windows: {bool(blind.any())}")
    assert best.dtype == (dtype if dtype in FLOATS else np.int64)
    assert found.dtype == np.int64
    np.testing.assert_array_equal(best, theirs.astype(best.dtype))
    np.testing.assert_array_equal(alone, best)
    np.testing.assert_array_equal(found, np.where(blind, -1, their_indices))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.int8, np.uint8])
def test_window_that_sees_no_cell(dtype):
    """Known difference: PyTorch's index points outside the image, ours is -1; the value is the same."""
    options = {"kernel_size": 2, "stride": 1, "padding": 1, "dilation": 2, "return_indices": True}
    image = np.full((1, 1, 1), 7, dtype)
    best, found = called("max_pool2d", {"input": image}, options)
    theirs, their_indices = torch_called("max_pool2d", {"input": image}, options)
    lowest = -np.inf if dtype in FLOATS else np.iinfo(dtype).min
    assert best.item() == theirs.item() == lowest
    assert found.item() == -1
    assert their_indices.item() == 2


@given(pools(dilated=False), st.booleans(), st.sampled_from([None, None, 1, 2, 3, -5]), st.data())
def test_avg_pool2d(pool, count_include_pad, divisor, data):
    shape, options = pool
    image = data.draw(arrays_of(shape, data.draw(st.sampled_from(FLOATS))))
    options |= {"count_include_pad": count_include_pad, "divisor_override": divisor}
    agreed("avg_pool2d", {"input": image}, options)


@given(pools(dilated=False), st.booleans(), st.sampled_from([None, None, 1, 2, -3]), st.data())
def test_avg_pool2d_of_integers_is_exact_or_refused(pool, count_include_pad, divisor, data):
    """PyTorch drops the fraction of a mean of integers; ours is refused exactly where there is one."""
    shape, options = pool
    factor = data.draw(st.sampled_from([1, 6, 5040]))
    image = data.draw(arrays_of(shape, np.int64)) * factor
    options |= {"count_include_pad": count_include_pad, "divisor_override": divisor}
    (means,) = torch_called("avg_pool2d", {"input": image}, options, np.float64)
    whole = bool((means == means.round()).all())
    event(f"whole: {whole}")
    if whole:
        agreed("avg_pool2d", {"input": image}, options)
    else:
        with pytest.raises(ValueError, match="input holds integers whose mean is not an integer"):
            reference.avg_pool2d(image, **options)


@given(st.data())
def test_max_unpool2d(data):
    kernel, stride = data.draw(per_axis(1, 3, 2)), data.draw(per_axis(1, 3, 2))
    in_size = data.draw(per_axis(1, 3, 2))
    whole = [conv_transpose_output_size(i, k, s) for i, k, s in zip(in_size, kernel, stride)]
    padding = [data.draw(st.integers(0, k // 2)) for k in kernel]
    default = [size - 2 * p for size, p in zip(whole, padding)]
    options = {
        "kernel_size": kernel[0] if len(set(kernel)) == 1 else kernel,
        "stride": None if stride == kernel else list(stride),
        "padding": tuple(padding),
    }
    out_size = default
    if min(default) < 1 or data.draw(st.booleans()):
        # Any size less than one stride away; the default itself may be 0.
        assume(all(middle + s - 1 >= 1 for middle, s in zip(default, stride)))
        out_size = [data.draw(st.integers(max(1, m - s + 1), m + s - 1)) for m, s in zip(default, stride)]
        options["output_size"] = data.draw(st.sampled_from([tuple(out_size), list(out_size), (9, 9, *out_size)]))
    event(f"default size below 1: {min(default) < 1}")
    shape = batched(data.draw(BATCHES), data.draw(st.integers(1, 2)), *in_size)
    dtype = data.draw(st.sampled_from(DTYPES))
    arrays = {
        "input": data.draw(arrays_of(shape, dtype)),
        "indices": data.draw(arrays_of(shape, np.int64, low=0, high=prod(out_size) - 1)),  # often twice: last wins
    }
    agreed("max_unpool2d", arrays, options, torch_dtype=None if dtype in FLOATS else np.float64)


@pytest.mark.parametrize("order", ["C", "Fortran", "reversed", "every second", "channels last"])
@pytest.mark.parametrize("shape", [(1, 1, 2), (2, 2, 2, 3)])
def test_max_unpool2d_keeps_the_last_value_whatever_the_memory_order(order, shape):
    arrays = {"input": np.arange(1, prod(shape) + 1).reshape(shape), "indices": np.ones(shape, np.int64)}
    arrays = {key: in_memory(values, order) for key, values in arrays.items()}
    (ours,) = agreed("max_unpool2d", arrays, {"kernel_size": 1}, torch_dtype=np.float64)
    assert ours.max() == prod(shape)


# Resizing


# Whether this processor multiplies and adds with one rounding. Without that, PyTorch itself takes another neighbour
# here and there: "nearest-exact" from 2 to 41 cells in float32 is the smallest such resize.
FUSED = torch.backends.cpu.get_cpu_capability() != "DEFAULT"


@st.composite
def resizes(draw, ndim):
    """Shape and options of a resize, by size or by factor."""
    biggest = draw(st.sampled_from([20, 20, 150 if FUSED and ndim < 3 else 20]))
    in_size = draw(per_axis(1, 8 if ndim < 3 else 4, ndim))
    before = draw(st.tuples(st.integers(0, 2), st.integers(1, 5)))
    if draw(st.booleans()):
        return (*before, *in_size), {"size": draw(spelled(draw(per_axis(1, biggest, ndim)), one_in_tuple=False))}
    factors = st.floats(0.2, 4) | st.sampled_from(
        [1, 2, 3, 0.5, 1.5, 2.5, 0.4, 1.1, 1.3, 1 / 3, 4 / 3, np.float32(1.7)]
    )
    if draw(st.booleans()):
        factor = draw(factors)
        per = [factor] * ndim
    else:
        per = [draw(factors) for _ in range(ndim)]
        factor = draw(st.sampled_from([tuple(per), per]))
    in_size = [max(i, int(np.ceil(1 / f)) + 1) for i, f in zip(in_size, per)]
    options = {"scale_factor": factor}
    recompute = draw(st.sampled_from([None, False, True]))
    if recompute is not None:
        options["recompute_scale_factor"] = recompute
    return (*before, *in_size), options


@pytest.mark.parametrize("mode", ["nearest", "nearest-exact"])
@pytest.mark.parametrize("ndim", [1, 2, 3])
@given(data=st.data())
def test_interpolate_nearest(ndim, mode, data):
    shape, options = data.draw(resizes(ndim))
    dtype = data.draw(st.sampled_from([*DTYPES, np.uint8]))
    image = data.draw(arrays_of(shape, dtype, low=0, high=250))
    agreed("interpolate", {"input": image}, {**options, "mode": mode}, np.float32 if dtype is np.int64 else None)


# Sizes at which the two kernels of PyTorch, and the precisions, part ways: 2 -> 41 in float32, 2 -> 82 in float64.
TIES = [*product([1, 2, 3, 4, 6, 7, 8, 9, 31, 64], [41, 47, 63, 64, 65, 82, 94, 110, 127, 128])]


@pytest.mark.parametrize("mode", ["nearest", "nearest-exact"])
@pytest.mark.parametrize("dtype", FLOATS)
def test_interpolate_nearest_at_ties(dtype, mode):
    """One axis, small and large images and volumes: PyTorch computes the positions of each in its own way."""
    for i, o in TIES:
        row = np.arange(i, dtype=dtype)
        if FUSED or mode == "nearest":
            agreed("interpolate", {"input": row.reshape(1, 1, i)}, {"size": o, "mode": mode})
            agreed("interpolate", {"input": row.reshape(1, 1, i, 1)}, {"size": (o, 129), "mode": mode})
            agreed("interpolate", {"input": row.reshape(1, 1, i, 1, 1)}, {"size": (o, 1, 1), "mode": mode})
            agreed("interpolate", {"input": row.reshape(1, 1, i, 1)}, {"size": (o, 129 - o), "mode": mode})
        if o < 128:
            agreed("interpolate", {"input": row.reshape(1, 1, i, 1)}, {"size": (o, 128 - o), "mode": mode})


@pytest.mark.parametrize("mode", ["nearest", "nearest-exact", "linear"])
def test_interpolate_to_the_same_or_double_size_by_another_factor(mode):
    """Where rounding down gives i or 2i, PyTorch's kernels disagree among themselves; ours follows each."""
    for dtype, i, factor in product(FLOATS, range(1, 8), [1.05, 1.1, 1.2, 1.3, 2.05, 2.1, 2.2, 2.4]):
        row = np.arange(i, dtype=dtype)
        options = {"scale_factor": factor, "mode": mode}
        agreed("interpolate", {"input": row.reshape(1, 1, i)}, options, eps=2 if mode == "linear" else 0)
        if mode != "linear":
            agreed("interpolate", {"input": row.reshape(1, 1, 1, i)}, options)


@pytest.mark.parametrize(("mode", "ndim"), [("linear", 1), ("bilinear", 2)])
@given(data=st.data())
def test_interpolate_linear(mode, ndim, data):
    shape, options = data.draw(resizes(ndim))
    options |= {"mode": mode, "align_corners": data.draw(st.sampled_from([None, False, True]))}
    image = data.draw(arrays_of(shape, data.draw(st.sampled_from(FLOATS))))
    # The position is off by one rounding of a number up to the input size, and so the share of each neighbour.
    agreed("interpolate", {"input": image}, options, eps=4 * max(shape[2:]))


@given(st.data())
def test_bed_of_nails(data):
    """Against its definition: a transposed convolution with the 1x1 kernel [[1]], channel by channel."""
    factor = data.draw(per_axis(1, 4, 2))
    channels = data.draw(st.integers(1, 3))
    dtype = data.draw(st.sampled_from(DTYPES))
    shape = batched(data.draw(BATCHES), channels, *data.draw(per_axis(1, 4, 2)))
    image = data.draw(arrays_of(shape, dtype))
    (ours,) = called("bed_of_nails", {"input": image}, {"scale_factor": data.draw(spelled(factor))})
    one = torch.ones(channels, 1, 1, 1, dtype=tensor(image).dtype)
    theirs = F.conv_transpose2d(
        tensor(image), one, stride=factor, output_padding=[f - 1 for f in factor], groups=channels
    ).numpy()
    assert ours.dtype == theirs.dtype == dtype
    np.testing.assert_array_equal(ours, theirs)


@given(st.data())
def test_pixel_shuffle(data):
    r = data.draw(st.integers(1, 3))
    before = data.draw(st.lists(st.integers(0, 2), max_size=2))
    channels, height, width = data.draw(per_axis(0, 3, 3))
    image = data.draw(arrays_of((*before, channels * r * r, height, width), data.draw(st.sampled_from(DTYPES))))
    (shuffled,) = agreed("pixel_shuffle", {"input": image}, {"upscale_factor": r})
    if image.size:  # PyTorch returns the shape of the input otherwise
        (back,) = agreed("pixel_unshuffle", {"input": shuffled}, {"downscale_factor": r})
        np.testing.assert_array_equal(back, image)


# Unfold and fold


@st.composite
def blocks(draw):
    """Image shape, number of blocks, and the options of unfold and fold."""
    kernel, stride, dilation = draw(per_axis(1, 3, 2)), draw(per_axis(1, 3, 2)), draw(per_axis(1, 3, 2))
    spans = [effective_kernel_size(k, d) for k, d in zip(kernel, dilation)]
    padding = [draw(st.integers(0, span + 1)) for span in spans]
    in_size = [max(1, span - 2 * p) + draw(st.integers(0, 4)) for span, p in zip(spans, padding)]
    numbers = {"kernel_size": kernel, "stride": stride, "dilation": dilation, "padding": padding}
    options = {key: draw(spelled(value, one_in_tuple=False)) for key, value in numbers.items()}
    shape = batched(draw(BATCHES), draw(st.integers(1, 3)), *in_size)
    grid = [(i + 2 * p - span) // s + 1 for i, p, span, s in zip(in_size, padding, spans, stride)]
    return shape, prod(kernel), prod(grid), options


@given(blocks(), st.data())
def test_unfold(block, data):
    shape, _, _, options = block
    dtype = data.draw(st.sampled_from(DTYPES))
    image = data.draw(arrays_of(shape, dtype))
    agreed("unfold", {"input": image}, options, torch_dtype=None if dtype in FLOATS else np.float64)


@given(blocks(), st.data())
def test_fold(block, data):
    shape, taps, places, options = block
    dtype = data.draw(st.sampled_from(DTYPES))
    columns = data.draw(arrays_of((*shape[:-3], shape[-3] * taps, places), dtype))
    out_size = shape[-2:] if shape[-2] != shape[-1] or data.draw(st.booleans()) else shape[-1]
    options["output_size"] = out_size
    agreed("fold", {"input": columns}, options, torch_dtype=None if dtype in FLOATS else np.float64)


# Number types


# Every operator, with arrays of which only the dtype is missing.
SMALL_CALLS = {
    "conv": ({"input": (1, 2, 4, 5), "weight": (2, 2, 2, 3), "bias": (2,)}, {}),
    "conv_transpose": ({"input": (1, 2, 4, 5), "weight": (2, 2, 2, 3), "bias": (2,)}, {}),
    "conv1d": ({"input": (1, 2, 5), "weight": (2, 2, 3), "bias": (2,)}, {}),
    "conv2d": ({"input": (1, 2, 4, 5), "weight": (2, 2, 2, 3), "bias": (2,)}, {}),
    "conv3d": ({"input": (1, 2, 3, 4, 5), "weight": (2, 2, 2, 2, 3), "bias": (2,)}, {}),
    "conv_transpose1d": ({"input": (1, 2, 5), "weight": (2, 2, 3), "bias": (2,)}, {}),
    "conv_transpose2d": ({"input": (1, 2, 4, 5), "weight": (2, 2, 2, 3), "bias": (2,)}, {}),
    "conv_transpose3d": ({"input": (1, 2, 3, 4, 5), "weight": (2, 2, 2, 2, 3), "bias": (2,)}, {}),
    "max_pool2d": ({"input": (2, 4, 4)}, {"kernel_size": 2}),
    "avg_pool2d": ({"input": (2, 4, 4)}, {"kernel_size": 2, "divisor_override": 1}),
    "max_unpool2d": ({"input": (1, 1, 1), "indices": np.array([[[3]]])}, {"kernel_size": 2}),
    "interpolate": ({"input": (1, 2, 3)}, {"size": 5}),
    "bed_of_nails": ({"input": (1, 2, 3)}, {"scale_factor": 2}),
    "pixel_shuffle": ({"input": (4, 2, 3)}, {"upscale_factor": 2}),
    "pixel_unshuffle": ({"input": (1, 4, 6)}, {"downscale_factor": 2}),
    "unfold": ({"input": (1, 3, 3)}, {"kernel_size": 2}),
    "fold": ({"input": (4, 4)}, {"output_size": 3, "kernel_size": 2}),
}


def small_arrays(name, fill):
    """Arrays for an entry of SMALL_CALLS; ``fill`` makes one of a shape."""
    return {key: fill(shape) if isinstance(shape, tuple) else shape for key, shape in SMALL_CALLS[name][0].items()}


def test_every_operator_is_in_the_table():
    assert set(SMALL_CALLS) == set(reference.__all__)


@pytest.mark.parametrize("name", SMALL_CALLS)
@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize("end", ["min", "max"])
def test_integers_give_int64_and_are_exact(name, dtype, end):
    """At both ends of their range, where sums of the narrow dtype itself would overflow."""
    narrow = np.iinfo(dtype).bits < 32
    value = getattr(np.iinfo(dtype), end)
    if not narrow:
        value >>= np.iinfo(dtype).bits - 24  # then float64, from which the expected sums come, is exact as well
    options = SMALL_CALLS[name][1]
    (ours,) = called(name, small_arrays(name, lambda shape: np.full(shape, value, dtype)), options)
    (exact,) = called(name, small_arrays(name, lambda shape: np.full(shape, float(value))), options)
    assert ours.dtype == np.int64
    np.testing.assert_array_equal(ours, exact.astype(np.int64))
    if narrow and name.startswith("conv") and value:
        assert np.abs(ours).max() > np.iinfo(dtype).max


@pytest.mark.parametrize("name", ["conv2d", "conv_transpose2d", "unfold", "fold", "bed_of_nails", "pixel_shuffle"])
def test_large_int64_are_exact_where_floats_are_not(name):
    options = SMALL_CALLS[name][1]
    odd = 2**53 + 1
    arrays = small_arrays(name, lambda shape: np.ones(shape, np.int64))
    arrays["input"] = arrays["input"] * odd
    (ours,) = called(name, arrays, options)
    (ones,) = called(name, small_arrays(name, lambda shape: np.ones(shape, np.int64)), options)
    bias = 1 if "bias" in arrays else 0
    np.testing.assert_array_equal(ours, (ones - bias) * odd + bias)


@pytest.mark.parametrize("name", SMALL_CALLS)
def test_read_only_arrays_are_enough_and_results_can_be_written_to(name):
    arrays = small_arrays(name, lambda shape: np.ones(shape))
    for values in arrays.values():
        values.flags.writeable = False
    (ours,) = called(name, arrays, SMALL_CALLS[name][1])
    ours[...] = 5
    assert (ours == 5).all()


# The comparison itself


def patched(module, name, change):
    """A fault: what ``module.name`` returns goes through ``change``."""
    original = getattr(module, name)
    return lambda: mock.patch.object(module, name, lambda *args, **kwargs: change(original(*args, **kwargs)))


def one_cell_early(cells):
    first = [max(0, cell.start - 1) for cell in cells]
    return [slice(f, f + cell.stop - cell.start, cell.step) for f, cell in zip(first, cells)]


FAULTS = {
    "taps shifted": ("conv_transpose1d", patched(conv_nd, "cells_of_tap", one_cell_early)),
    "largest value too small": ("conv2d", patched(conv_nd, "flat", lambda x: x - (x == x.max()))),
    "same padding mirrored": ("conv1d", patched(layer_arguments, "same_padding", lambda pads: pads[::-1])),
    "float32 widened": ("conv3d", patched(layer_arguments.Layer, "finished", lambda out: out.astype(np.float64))),
    "batch axis kept": ("conv_transpose2d", patched(layer_arguments.Layer, "finished", lambda out: out[None])),
    "pixel shuffle as a view": ("pixel_shuffle", lambda: mock.patch.object(reference, "pixel_shuffle", view)),
    "input changed": ("conv_transpose3d", lambda: mock.patch.object(reference, "conv_transpose3d", mutating)),
    "rounding instead of floor": ("interpolate", patched(upsampling, "_floor", lambda positions: (positions + 1) % 3)),
    "blocks one column late": ("unfold", patched(unfolding.np, "pad", lambda padded: np.roll(padded, 1, -1))),
    "padding wins": ("max_pool2d", patched(pooling, "_pad", lambda padded: np.where(padded == -1, 0, padded))),
}
FAULT_OPTIONS = {
    "same padding mirrored": {"padding": "same"},
    "padding wins": {"padding": 1},
    "pixel shuffle as a view": {"upscale_factor": 1},
}


def view(input, upscale_factor):
    return input[...]


def mutating(input, weight, bias):
    input += bias.reshape(1, -1, 1, 1, 1)
    return torch_called("conv_transpose3d", {"input": input, "weight": weight, "bias": bias}, {})[0]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_comparison_goes_red_on_a_planted_fault(fault):
    name, planted = FAULTS[fault]
    random = np.random.default_rng(0)
    arrays = small_arrays(name, lambda shape: random.integers(-9, -1, shape).astype(np.float32))
    if fault == "same padding mirrored":
        arrays["weight"] = arrays["weight"][..., :2]
    options = {**SMALL_CALLS[name][1], **FAULT_OPTIONS.get(fault, {})}
    agreed(name, arrays, options)
    with planted(), pytest.raises(AssertionError):
        agreed(name, arrays, options)
