"""The thread of the course: a coarse map, and what transposed convolutions make of it."""

import numpy as np
import pytest

from convlab.reference import conv_transpose2d
from convlab.studies.coarse_map import (
    best_join,
    best_kernel,
    block_means,
    flower,
    flower_in_colour,
    mistakes,
    outlined,
    tent,
)


def enlarged(coarse, kernel, stride, padding=0):
    return conv_transpose2d(coarse[None, None], kernel[None, None], stride=stride, padding=padding)[0, 0]


def test_soft_stamps_make_a_better_mask_than_blocks_and_the_best_kernel_a_nearer_one():
    _, mask = flower()
    coarse = block_means(mask, 8)
    soft = enlarged(coarse, tent(8), 8, 4)
    best = enlarged(coarse, best_kernel(coarse, mask, 16, 8, 4), 8, 4)
    assert mistakes(soft, mask) < mistakes(enlarged(coarse, np.ones((8, 8)), 8), mask) / 2
    assert ((best - mask) ** 2).sum() < ((soft - mask) ** 2).sum()


def test_an_uneven_crop_makes_an_uneven_kernel_which_shows_every_flip():
    """The need of lesson 06: the layer crops 8 cells in front and 1 at the end."""
    _, mask = flower()
    coarse = block_means(mask, 8)
    layer = {"stride": 8, "padding": 8, "output_padding": 7}
    kernel = best_kernel(coarse, mask, 17, **layer)
    for turned, wrong in ((kernel, (0, 5)), (kernel[::-1], (15, 30)), (kernel[::-1, ::-1], (20, 40))):
        made = conv_transpose2d(coarse[None, None], turned[None, None], **layer)[0, 0]
        assert wrong[0] < mistakes(made, mask) < wrong[1]


def test_a_skip_helps_where_it_belongs_and_nowhere_else():
    """The need of lesson 14: the crop at the corner is as bad as no skip, that in its place is not."""
    photo, mask = flower()
    up, wanted = enlarged(block_means(mask, 8), tent(8), 8, 8), mask[4:-4, 4:-4]
    assert up.shape == wanted.shape
    alone, corner, place = (
        mistakes(best_join([up, *skip], wanted), wanted) for skip in ([], [photo[:56, :56]], [photo[4:-4, 4:-4]])
    )
    assert place < alone / 2
    assert corner > alone


@pytest.mark.parametrize("kernel_size", [1, 3, 5])
def test_the_best_join_finds_a_convolution_that_has_made_the_map(kernel_size):
    maps = np.random.default_rng(0).normal(size=(2, 12, 9))
    wanted = 2 * maps[0] - 3 * maps[1] + 5
    assert np.allclose(best_join(maps, wanted, kernel_size), wanted)


@pytest.mark.parametrize("size", [32, 64, 160])
def test_the_flower_in_colour_is_the_gray_one_and_red_less_blue_is_its_mask(size):
    colour, (photo, mask) = flower_in_colour(size), flower(size)
    assert np.allclose(colour.mean(axis=2), photo)
    assert ((colour[:, :, 0] - colour[:, :, 2] > 0.2) == mask).all()


@pytest.mark.parametrize("size", [32, 64, 160])
def test_the_flower_is_inside_and_bright(size):
    photo, mask = flower(size)
    assert photo.shape == mask.shape == (size, size)
    assert photo[mask == 1].mean() > 2 * photo[mask == 0].mean()


def test_tents_add_up_to_one_inside():
    assert np.allclose(enlarged(np.ones((4, 4)), tent(3), 3)[3:-3, 3:-3], 1)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: flower(63), "size must divide 320, got 63"),
        (lambda: block_means(np.ones((4, 6)), 4), "factor must divide the shape"),
        (lambda: best_kernel(np.ones((2, 2)), np.ones((3, 3)), 2, 2), "wanted must have the 16 cells"),
        (lambda: best_join([np.ones((2, 2))], np.ones((3, 3))), "maps must have the shape of wanted"),
        (lambda: best_join([np.ones((3, 3))], np.ones((3, 3)), 2), "kernel_size must be odd, got 2"),
        (lambda: outlined(np.ones((2, 2)), np.ones((2, 3))), "mask must have the shape of the picture"),
        (lambda: mistakes(np.ones(3), np.ones(4)), "output must have the shape of the mask"),
    ],
)
def test_what_does_not_fit_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
