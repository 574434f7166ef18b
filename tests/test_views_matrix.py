"""The convolution matrix, its transpose and the gradients, against the reference and torch's autograd."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.testing import assert_array_equal
from scipy.sparse import issparse

from convlab import reference, views
from convlab.arithmetic import conv_output_size, unread_cells
from convlab.reference import conv, conv2d, conv_transpose, conv_transpose2d

TORCH = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
D2L = np.array([[[[1, 2], [3, 4]]]])


def random_conv(random, ndim):
    """Input and weight shapes and options of a convolution that fits, different on every axis."""
    axes = []
    while len(axes) < ndim:
        axis = tuple(random.integers([1, 1, 1, 0, 1], [8, 4, 4, 4, 4]).tolist())
        try:
            conv_output_size(*axis)
        except ValueError:
            continue
        axes.append(axis)
    size, kernel, stride, padding, dilation = zip(*axes)
    groups, group_in, group_out = random.integers(1, 4, 3).tolist()
    return (
        (2, groups * group_in, *size),
        (groups * group_out, group_in, *kernel),
        (stride, padding, dilation, groups),
    )


def test_d2l_matrix():
    matrix = views.conv_matrix((3, 3), D2L)
    assert matrix.shape == (4, 9)
    assert np.count_nonzero(matrix) == 16
    assert matrix[1].tolist() == [0, 1, 2, 0, 3, 4, 0, 0, 0]
    x, y = np.arange(9), np.array([[[[0, 1], [2, 3]]]])
    assert (matrix @ x).tolist() == [27, 37, 57, 67]
    assert_array_equal(matrix.T @ y.ravel(), conv_transpose2d(y, D2L).ravel())


def test_the_transpose_is_not_the_inverse():
    """M07."""
    matrix = views.conv_matrix(3, np.array([[[1, 1]]]))
    assert (matrix @ [1, 2, 3]).tolist() == [3, 5]
    assert (matrix.T @ [3, 5]).tolist() == [3, 8, 5]


@pytest.mark.parametrize(("ndim", "cases"), [(1, 150), (2, 100), (3, 20)])
def test_matrix_is_the_convolution_and_its_transpose_the_transposed_one(ndim, cases):
    random = np.random.default_rng(ndim)
    for _ in range(cases):
        shape, weight_size, options = random_conv(random, ndim)
        stride, padding, dilation, groups = options
        x, w = random.integers(-9, 10, shape)[0], random.integers(-9, 10, weight_size)
        dense = views.conv_matrix(shape[2:], w, *options)
        sparse = views.conv_matrix(shape[2:], w, *options, sparse=True)
        y = conv(x, w, None, *options)
        assert_array_equal(dense @ x.ravel(), y.ravel())
        assert issparse(sparse)
        assert_array_equal(sparse.toarray(), dense)

        g = random.integers(-9, 10, y.shape)
        back = views.conv_input_gradient((1, *x.shape), w, g[None], *options)
        assert_array_equal(dense.T @ g.ravel(), back.ravel())
        if not any(unread_cells(*axis) for axis in zip(shape[2:], weight_size[2:], *options[:3])):
            full = conv_transpose(g, w, None, stride, padding, 0, groups, dilation)
            assert_array_equal(dense.T @ g.ravel(), full.ravel())


def test_every_entry_knows_its_tap():
    random = np.random.default_rng(4)
    for ndim in (1, 2):
        for _ in range(15):
            shape, weight_size, options = random_conv(random, ndim)
            w = np.arange(1, np.prod(weight_size) + 1).reshape(weight_size)
            matrix = views.conv_matrix(shape[2:], w, *options)
            entries = views.conv_entries(shape[2:], weight_size, *options)
            assert entries.shape == matrix.shape
            assert len(set(zip(entries.rows.tolist(), entries.columns.tolist()))) == len(entries.taps)
            assert np.count_nonzero(matrix) == len(entries.taps)
            assert_array_equal(matrix[entries.rows, entries.columns], entries.taps + 1)


def test_a_real_size_is_sparse_and_refused_when_dense():
    w = np.arange(1, 10).reshape(1, 1, 3, 3)
    matrix = views.conv_matrix((224, 224), w, stride=2, padding=1, sparse=True)
    assert matrix.shape == (112 * 112, 224 * 224)
    assert matrix.nnz == (3 * 112 - 1) ** 2
    x = np.arange(224 * 224).reshape(1, 224, 224)
    assert_array_equal(matrix @ x.ravel(), conv2d(x, w, stride=2, padding=1).ravel())
    with pytest.raises(ValueError, match="sparse must be True"):
        views.conv_matrix((224, 224), w, stride=2, padding=1)


def test_bad_matrix_input_is_refused():
    w = np.ones((4, 1, 3), int)
    for arguments in [(2, w), (5, w, 0), (5, w, 1, -1), (5, w, 1, 0, 0), (5, w, 1, 0, 1, 3), ((5, 5), w), (5, w[0])]:
        with pytest.raises(ValueError, match=r"must|spans"):
            views.conv_matrix(*arguments)
    with pytest.raises(TypeError, match="sparse"):
        views.conv_matrix(5, w, sparse=1)
    with pytest.raises(TypeError, match="weight"):
        views.conv_matrix(5, [1, 2, 3])


@pytest.mark.parametrize(("ndim", "cases"), [(1, 100), (2, 100), (3, 20)])
def test_gradients_are_autograds(ndim, cases):
    random = np.random.default_rng(10 + ndim)
    for _ in range(cases):
        shape, weight_size, options = random_conv(random, ndim)
        x, w = (random.integers(-9, 10, size).astype(float) for size in (shape, weight_size))
        tensors = [torch.from_numpy(a).requires_grad_() for a in (x, w)]
        output = TORCH[ndim](*tensors, None, *options)
        g = random.integers(-9, 10, output.shape).astype(float)
        output.backward(torch.from_numpy(g))
        assert_array_equal(views.conv_input_gradient(shape, w, g, *options), tensors[0].grad.numpy())
        assert_array_equal(views.conv_weight_gradient(x, weight_size, g, *options), tensors[1].grad.numpy())


def test_bad_gradient_input_is_refused():
    w, g = np.ones((4, 2, 3), int), np.ones((1, 4, 3), int)
    assert views.conv_input_gradient((1, 2, 5), w, g).shape == (1, 2, 5)
    for size in [(1, 2, 6), (1, 3, 5), (2, 2, 5), (2, 5), 5, (1, 2, 2)]:
        with pytest.raises(ValueError, match=r"must|together|spans"):
            views.conv_input_gradient(size, w, g)
    with pytest.raises(TypeError, match="dtype of weight"):
        views.conv_input_gradient((1, 2, 5), w, g.astype(float))
    with pytest.raises(ValueError, match="grad_output must have the shape"):
        views.conv_weight_gradient(np.ones((1, 2, 6), int), w.shape, g)


def test_adjoint_identity_holds_for_many_layers():
    random = np.random.default_rng(6)
    sides = []
    for seed in range(60):
        shape, weight_size, options = random_conv(random, int(random.integers(1, 3)))
        sides.append(views.adjoint_identity(shape, weight_size, *options, seed=seed))
    assert all(side.conv_side == side.transpose_side for side in sides)
    assert sum(side.conv_side != 0 for side in sides) > 50
    assert type(sides[0].conv_side) is int


def flipped(size, w, g, stride, padding, dilation, groups):
    return views.conv_input_gradient(size, w[..., ::-1, ::-1].copy(), g, stride, padding, dilation, groups)


def shifted_crop(size, w, g, *options):
    return np.roll(views.conv_input_gradient(size, w, g, *options), 1, axis=-1)


def swapped_axes(size, w, g, *options):
    return views.conv_input_gradient(size, w.swapaxes(2, 3).copy(), g, *options)


def mixed_channels(size, w, g, *options):
    return views.conv_input_gradient(size, w, g, *options)[:, ::-1]


def zeros_instead_of_output_padding(size, w, g, stride, padding, dilation, groups):
    """M04: the size is right, but the last row is not."""
    result = views.conv_input_gradient(size, w, g, stride, padding, dilation, groups)
    result[..., -1, :] = 0
    return result


@pytest.mark.parametrize(
    "fault", [flipped, shifted_crop, swapped_axes, mixed_channels, zeros_instead_of_output_padding]
)
def test_adjoint_identity_goes_red_on_a_planted_fault(fault):
    layer = ((2, 4, 8, 8), (6, 2, 3, 3), 2, 1, 1, 2)
    right = views.adjoint_identity(*layer)
    wrong = views.adjoint_identity(*layer, conv_input=fault)
    assert right.conv_side == right.transpose_side == wrong.conv_side
    assert wrong.transpose_side != wrong.conv_side


def test_adjoint_identity_refuses_another_shape():
    with pytest.raises(ValueError, match=r"input_size=\(1, 1, 6\)"):
        views.adjoint_identity((1, 1, 6), (1, 1, 3), 2, conv_input=lambda size, w, g, *_: np.ones((1, 1, 5), int))
    with pytest.raises(TypeError, match="conv_input returned"):
        views.adjoint_identity((1, 1, 6), (1, 1, 3), 2, conv_input=lambda *_: None)


def test_operators_choose_by_the_number_of_axes():
    for ndim in (1, 2, 3):
        x, w = np.arange(3**ndim).reshape(1, *(3,) * ndim), np.arange(2**ndim).reshape(1, 1, *(2,) * ndim)
        assert_array_equal(conv(x, w), getattr(reference, f"conv{ndim}d")(x, w))
        assert_array_equal(conv_transpose(x, w, stride=2), getattr(reference, f"conv_transpose{ndim}d")(x, w, stride=2))
    with pytest.raises(ValueError, match="1 to 3 kernel axes"):
        conv(x, np.ones((1, 1)))
