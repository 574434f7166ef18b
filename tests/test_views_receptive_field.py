"""Receptive fields, paths and gridding: published figures, and gradients measured with torch."""

import itertools
from fractions import Fraction
from math import prod

import numpy as np
import pytest
import torch
from torch import nn

from convlab import views
from convlab.views import Conv, ConvTranspose, Pool


def last(layers):
    return views.receptive_fields(layers)[-1]


def block(count, **options):
    return [Conv(3, padding=options.get("dilation", 1), **options)] * count


VGG = {
    "conv1_1": block(1),
    "pool1": [*block(1), Pool(2)],
    "pool2": [*block(2), Pool(2)],
    "conv3_3": block(3),
    "pool3": [Pool(2)],
    "conv4_3": block(3),
    "pool4": [Pool(2)],
    "conv5_3": block(3),
    "pool5": [Pool(2)],
    "fc6": [Conv(7)],
}


def stages(network):
    """``(size, jump)`` after each part."""
    ends = itertools.accumulate(network.values())
    return {name: (last(layers).size, last(layers).jump) for name, layers in zip(network, ends)}


def test_vgg16():
    published = [(3, 1), (6, 2), (16, 4), (40, 4), (44, 8), (92, 8), (100, 16), (196, 16), (212, 32), (404, 32)]
    assert list(stages(VGG).values()) == published


def test_deeplab_keeps_the_field_and_makes_the_output_denser():
    once = VGG | {"pool5": [Pool(2, 1)], "fc6": [Conv(7, dilation=2)]}
    assert stages(once)["fc6"] == (404, 16)
    twice = VGG | {"pool4": [Pool(2, 1)], "conv5_3": block(3, dilation=2)}
    twice |= {"pool5": [Pool(2, 1, dilation=2)], "fc6": [Conv(7, dilation=4)]}
    assert stages(twice)["fc6"] == (404, 8)


@pytest.mark.parametrize(
    ("name", "layers", "field", "sizes"),
    [
        ("VGG16", 18, (212, 32), (224, 7)),
        ("FCN-8s", 22, (468, 1), (500, 568)),
        ("DeepLab-LargeFOV", 19, (419, 8), (321, 41)),
        ("U-Net", 27, (204, 1), (572, 388)),
        ("DCGAN generator", 5, (6, Fraction(1, 16)), (1, 64)),
        ("MobileNetV2", 52, (491, 32), (224, 7)),
        ("particle decoder", 6, (5, Fraction(1, 8)), (11, 88)),
    ],
)
def test_networks(name, layers, field, sizes):
    """Published fields: VGG16 212, DeepLab's head 419 cells further on, MobileNetV2 491 (distill.pub 2019)."""
    stack = views.NETWORKS[name]
    assert (len(stack), last(stack)[:2]) == (layers, field)
    assert views.output_sizes(stack, sizes[0])[-1] == sizes[1]


def test_stacks_of_real_size():
    """Sixty layers, kernels to 1,024, repeated blocks, transposed layers in between."""
    assert last([(3, 1, 1)] * 4) == last([[Conv(3, padding=1)] * 2] * 2) == (9, 1, -4, None)
    assert last([Conv(1024)] * 60).size == 60 * 1023 + 1
    assert last([(3, 1, 0, 800)] * 60).size == 60 * 1600 + 1
    hourglass = [[(3, 2, 1), ConvTranspose(4, 2, 1)]] * 30
    assert last(hourglass)[1:3] == (1, -61)
    assert views.output_sizes(hourglass, 96)[-1] == 96
    assert views.paths_per_output(hourglass[:1], 6) == views.paths_per_output(hourglass[0], 6)


def test_sizes_and_starts():
    fields = views.receptive_fields([layer for part in VGG.values() for layer in part], input_size=224)
    assert [field.output_size for field in fields][-1] == 1
    assert fields[0].start == -1
    network = [Conv(3, stride=2, padding=1), Pool(3, 2, 1), Conv(5, dilation=2)]
    assert [field.start for field in views.receptive_fields(network)] == [-1, -3, -3]
    assert views.output_sizes([Pool(2, ceil_mode=True)] * 5, 422) == [211, 106, 53, 27, 14]  # FCN, n=224


def test_small_stacks_of_m33():
    assert last([Conv(3), Conv(3)]).size == 5
    assert last([Conv(3, stride=2), Conv(3)]).size == 7
    assert last([Conv(3, dilation=d) for d in (1, 2, 4)]).size == 15
    assert last([Conv(3, dilation=2)]).size == 5  # M34


def test_wavenet():
    stack = [Conv(2, padding=(2**n, 0), dilation=2**n) for n in range(10)]
    assert last(stack).size == 1024
    assert last(stack * 3).size == 3070
    assert last([Conv(2, padding=(1, 0)), *stack]).size == 1025
    assert last([Conv(2)] * 1023).size == 1024
    assert last(stack).start == -1023  # causal: output 0 ends at input 0
    assert list(views.paths_per_input(stack, 0)) == list(range(-1023, 1))


def torch_layer(layer):
    if isinstance(layer, Conv):
        module = nn.Conv1d(1, 1, *layer, bias=False)
    elif isinstance(layer, Pool):  # a mean keeps every path, where a max would pick one
        assert layer.dilation == 1
        return nn.AvgPool1d(layer.kernel_size, layer.stride, layer.padding, ceil_mode=layer.ceil_mode)
    else:
        k, s, p, op, d = layer
        module = nn.ConvTranspose1d(1, 1, k, s, p, op, 1, False, d)
    nn.init.ones_(module.weight)
    return module


def measured(layers, cell, input_size):
    """Which inputs move output ``cell``, and how many outputs there are: torch's word."""
    x = torch.ones(1, 1, input_size, dtype=torch.float64, requires_grad=True)
    output = nn.Sequential(*map(torch_layer, layers)).double()(x)
    output[0, 0, cell].backward()
    return x.grad.flatten(), output.numel()


def random_stack(random):
    layers = []
    for _ in range(random.integers(1, 5)):
        k, s, d = (int(n) for n in random.integers([1, 1, 1], [5, 4, 4]))
        p = int(random.integers(0, 3))
        kind = random.integers(3)
        if kind == 0:
            layers.append(Conv(k, s, p, d))
        elif kind == 1:
            layers.append(Pool(k, s, min(p, k // 2), 1, bool(random.integers(2))))
        else:
            layers.append(ConvTranspose(k, s, p, int(random.integers(max(s, d))), d))
    return layers


def test_what_is_seen_is_what_torch_measures():
    random = np.random.default_rng(12)
    cases = 0
    while cases < 200:
        layers, input_size = random_stack(random), int(random.integers(1, 25))
        try:
            size = views.output_sizes(layers, input_size)[-1]
        except ValueError:
            continue
        cell = int(random.integers(size))
        gradient, outputs = measured(layers, cell, input_size)
        paths = views.paths_per_input(layers, cell, input_size)
        assert outputs == size
        assert gradient.nonzero().flatten().tolist() == list(paths), (layers, input_size, cell)
        if not any(isinstance(layer, Pool) for layer in layers):
            assert gradient[gradient > 0].tolist() == list(paths.values())
        assert views.paths_per_output(layers, input_size)[cell] == sum(paths.values())
        cases += 1


def test_vgg16_and_wavenet_measured_by_gradient():
    vgg = [layer for part in VGG.values() for layer in part]
    gradient, outputs = measured(vgg, 8, 672)
    assert outputs == 15
    assert int((gradient > 0).sum()) == 404
    assert int(gradient.nonzero()[0]) == last(vgg).start + 8 * last(vgg).jump
    gradient, outputs = measured([Conv(2, dilation=2**n) for n in range(10)], 0, 1030)
    assert (outputs, int((gradient > 0).sum())) == (7, 1024)


def test_recursion_and_reading_agree_and_fields_are_jump_apart():
    random = np.random.default_rng(13)
    mixed = 0
    for _ in range(200):
        layers = random_stack(random)
        field = last(layers)
        transposed = any(isinstance(layer, ConvTranspose) for layer in layers)
        mixed += transposed
        if not transposed:
            cells = list(views.paths_per_input(layers, 0))
            assert (cells[0], cells[-1] - cells[0] + 1) == (field.start, field.size)
            assert next(iter(views.paths_per_input(layers, 1))) == field.start + field.jump
            continue
        seen = [list(views.paths_per_input(layers, cell)) for cell in range(200)]
        assert max(cells[-1] - cells[0] + 1 if cells else 0 for cells in seen) == field.size
        period = prod(layer.stride for layer in layers if isinstance(layer, ConvTranspose))
        for cell in range(200 - period):
            assert seen[cell + period] == [read + field.jump * period for read in seen[cell]]
        assert field.start == (seen[0][0] if seen[0] else None)
    assert 50 < mixed < 180


def test_transposed_layers():
    up = ConvTranspose(4, 2, 1)
    field = last([up] * 3)
    assert (field.jump, field.size) == (Fraction(1, 8), 3)
    assert last([up, Conv(3, 2, 1)]).jump == 1
    holes = last([ConvTranspose(1, 2), Conv(1, stride=2, padding=1)])  # reads only the zeros between
    assert (holes.size, holes.start) == (0, None)


DECODER = [ConvTranspose(4, 2), Conv(3)] * 3
PADDED_DECODER = [ConvTranspose(4, 2, 1), Conv(3, padding=1)] * 3


def test_water_cherenkov_decoder():
    """D.9: the padded version has the same sizes and a worse border."""
    assert views.output_sizes(DECODER, 11) == [24, 22, 46, 44, 90, 88]
    assert views.output_sizes(DECODER, 21)[-1] == views.output_sizes(PADDED_DECODER, 21)[-1] == 168
    valid, padded = (views.paths_per_output(layers, 11) for layers in (DECODER, PADDED_DECODER))
    assert valid[:16] == [73, 95, 129, 141, 162, 171, 185, 190, 199, 203, 209, 211, 214, 215, 216, 216]
    assert valid == valid[::-1]
    assert max(valid) == max(padded) == padded[44] == 216
    assert padded[0] == 41
    assert (round(100 * valid[0] / 216), round(100 * padded[0] / 216)) == (34, 19)
    seen = {len(views.paths_per_input(DECODER, cell, 11)) for cell in range(88)}
    assert (min(seen), max(seen)) == (2, 5)


def test_path_counts_have_no_largest_number():
    layers = [Conv(3, padding=1)] * 45
    assert views.paths_per_output(layers, 100)[50] == 3**45 > 2**63
    assert sum(views.paths_per_input(layers, 0).values()) == 3**45


@pytest.mark.parametrize(
    ("rates", "reached", "field", "holes", "second"),
    [
        ([1, 1, 1], 7, 7, [], 1),
        ([2, 2, 2], 7, 13, [-5, -3, -1, 1, 3, 5], 2),
        ([1, 2, 3], 13, 13, [], 2),
        ([1, 2, 5], 17, 17, [], 2),
        ([1, 2, 9], 21, 25, [-5, -4, 4, 5], 5),
        ([1, 2, 4], 15, 15, [], 2),
        ([2, 4, 8], 15, 29, list(range(-13, 14, 2)), 4),
        ([1, 3, 9], 27, 27, [], 3),
        ([1, 1, 2, 4, 8, 16, 1], 67, 67, [], 1),
    ],
)
def test_gridding_table(rates, reached, field, holes, second):
    assert len(views.coverage(rates)) == reached
    assert len(views.path_counts(rates)) == field == last([Conv(3, dilation=rate) for rate in rates]).size
    assert views.holes(rates) == holes
    assert views.hdc_distances(rates)[1] == second


def test_2d_coverage_shares():
    for rates, share in (([2, 2, 2], 0.29), ([1, 2, 9], 0.71), ([2, 4, 8], 0.27)):
        assert round((len(views.coverage(rates)) / len(views.path_counts(rates))) ** 2, 2) == share


def test_path_counts_of_d8():
    assert views.path_counts([2, 2, 2]) == [1, 0, 3, 0, 6, 0, 7, 0, 6, 0, 3, 0, 1]
    assert views.path_counts([1, 2, 4]) == [1, 1, 2, 1, 3, 2, 3, 1, 3, 2, 3, 1, 2, 1, 1]
    assert set(views.path_counts([1, 3, 9])) == {1}


def test_all_hdc_distances():
    assert views.hdc_distances([1, 1, 2, 4, 8, 16, 1]) == [1, 1, 3, 7, 15, 31, 1]
    assert views.hdc_distances([4]) == [4]


def test_hdc_needs_a_first_rate_of_one():
    """M37, over all nondecreasing rates 1 to 9 in stacks of 2, 3 and 4."""
    for length in (2, 3, 4):
        for rates in itertools.combinations_with_replacement(range(1, 10), length):
            full = not views.holes(rates)
            assert full == (views.hdc_distances(rates)[1] <= 3 and rates[0] == 1), rates


def test_even_kernels_keep_the_offset_of_same_padding():
    assert views.coverage([1], kernel_size=2) == [0, 1]
    assert views.coverage([2], kernel_size=2) == [-1, 1]


def test_bad_input_is_refused():
    with pytest.raises(TypeError, match="list of layers"):
        views.receptive_fields(Conv(3))
    for layer in ((3, 1, 1, 1, 1), (), "VGG16", [[3]]):
        with pytest.raises(TypeError, match="must hold Conv, Pool or ConvTranspose, tuples"):
            views.receptive_fields([Conv(3), layer])
    with pytest.raises(ValueError, match="layers give 131072 cells with different fields, and at most 65536"):
        views.receptive_fields([ConvTranspose(2, 2)] * 60)
    for layer in [Conv(0), Conv(3, stride=0), Conv(3, padding=-1), Pool(2, padding=2), ConvTranspose(3, 2, 0, 2)]:
        with pytest.raises(ValueError, match="must be"):
            views.receptive_fields([layer])
    with pytest.raises(ValueError, match="layer 2: kernel_size=3"):
        views.output_sizes([Pool(2), Conv(3)], 5)
    with pytest.raises(ValueError, match="from 0 to 2"):
        views.paths_per_input([Conv(3)], 3, input_size=5)
    for rates, error in [([], ValueError), (2, TypeError), ([1, 0], ValueError), ([1.5], TypeError)]:
        with pytest.raises(error, match="rates"):
            views.coverage(rates)
