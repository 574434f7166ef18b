"""The case studies: their measures find what is planted, their stored results are whole, their claims hold."""

import hashlib
import importlib
import json
import subprocess
import sys

import numpy as np
import pytest
import torch

from convlab.plots.series import draw_seeds, draw_series, spoken
from convlab.studies import decoder_border, learned_upsampling, stored, unet_skips
from convlab.studies.checkerboard_measures import (
    phase_means,
    phase_spread,
    phase_variance,
    power_spectrum,
    spectral_peak,
)
from convlab.studies.photographs import photograph, random_patches, temple
from convlab.studies.training import fit, one_bar, parameters, seeded, steps_of_one
from tools.train_studies import STUDIES, save

MEASURES = [phase_spread, phase_variance, spectral_peak]


def smooth(size=64, count=4):
    """Waves of low frequency, none of which has a period of 2 or 4 cells."""
    rows, columns = np.mgrid[:size, :size] / size
    return np.stack([np.sin(2 * np.pi * (rows * n + columns + n / 7)) for n in range(1, count + 1)])


def board(size=64, stride=2):
    """1 on one phase, 0 elsewhere."""
    picture = np.zeros((size, size))
    picture[::stride, ::stride] = 1
    return picture


# --- the measures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stride", [2, 4])
@pytest.mark.parametrize("measure", MEASURES)
def test_a_planted_checkerboard_gives_a_high_number_and_a_smooth_picture_a_low_one(measure, stride):
    noise = 0.01 * np.random.default_rng(0).normal(size=(4, 64, 64))
    plain, planted = smooth() + noise, smooth() + noise + 0.5 * board(stride=stride)
    assert measure(planted, stride) > 20 * measure(plain, stride)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_measures_grow_with_what_is_planted(measure):
    photos = random_patches(photograph("flower"), 20, 64, seed=3)[:, 0].astype(float)
    numbers = [measure(photos + strength * board(stride=4), 4) for strength in (0.02, 0.05, 0.1, 0.2)]
    assert numbers == sorted(numbers)
    assert numbers[-1] > 2 * numbers[0]


def test_a_photograph_has_no_peak():
    photos = random_patches(photograph("china"), 100, 64, seed=0)[:, 0]
    assert spectral_peak(photos, 2) < 2
    assert spectral_peak(photos, 4) < 2


def test_a_checkerboard_of_another_period_is_not_seen():
    threes = np.tile(np.eye(3), (22, 22))[:64, :64] + 0.01 * np.random.default_rng(1).normal(size=(64, 64))
    assert phase_variance(threes, 2) < 1e-3
    assert spectral_peak(threes, 2) < 3


def test_phase_variance_is_power_at_the_multiples_of_one_over_stride():
    picture = np.random.default_rng(2).normal(size=(12, 20)) + np.tile([[0, 1, 0, 3]], (12, 5))
    power = np.abs(np.fft.fft2(picture)) ** 2
    at_multiples = sum(power[a * 3, b * 5] for a in range(4) for b in range(4) if (a, b) != (0, 0))
    assert phase_variance(picture, 4) == pytest.approx(at_multiples / (power.sum() - power[0, 0]))


def test_flat_pictures_have_no_pattern():
    assert phase_variance(np.full((8, 8), 7), 2) == phase_spread(np.full((8, 8), 7), 2) == 0


@pytest.mark.parametrize("measure", [*MEASURES, phase_means])
@pytest.mark.parametrize(
    ("images", "stride", "error", "words"),
    [
        (np.zeros((63, 64)), 2, ValueError, "multiple of stride=2"),
        (np.zeros((64, 64)), 1, ValueError, "stride must be at least 2"),
        (np.zeros((64, 64)), 2.0, TypeError, "stride must be an integer"),
        (np.zeros(64), 2, ValueError, "images must be numbers"),
        (np.zeros((2, 1, 64, 64)), 2, ValueError, "images must be numbers"),
        (np.array([["a", "b"]]), 2, ValueError, "images must be numbers"),
    ],
)
def test_bad_images_and_strides_are_named(measure, images, stride, error, words):
    with pytest.raises(error, match=words):
        measure(images, stride)


def test_a_picture_too_small_for_the_spectrum_is_refused():
    with pytest.raises(ValueError, match="at least 64 cells"):
        spectral_peak(np.zeros((32, 32)), 4)


def test_power_spectrum_finds_a_wave():
    wave = np.tile(np.cos(2 * np.pi * np.arange(32) / 8), (32, 1))
    assert np.unravel_index(power_spectrum(wave)[:, :16].argmax(), (32, 16)) == (0, 4)


# --- the layers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", learned_upsampling.LAYERS)
def test_only_resize_and_icnr_start_flat(kind):
    with seeded(5), torch.no_grad():
        flat = learned_upsampling.decoder(kind)(torch.full((1, 1, 16, 16), 0.5))[0, 0, 12:-12, 12:-12]
    pattern = phase_spread(flat.numpy(), 4)
    assert pattern < 1e-6 if kind in ("resize", "ICNR") else pattern > 1e-3


def test_icnr_is_a_convolution_enlarged_by_nearest_neighbour():
    with seeded(0), torch.no_grad():
        conv = learned_upsampling.icnr_(torch.nn.Conv2d(2, 12, 3, padding=1))
        x = torch.randn(1, 2, 5, 6)
        shuffled = torch.nn.functional.pixel_shuffle(conv(x), 2)
        plain = torch.nn.functional.conv2d(x, conv.weight[::4], conv.bias[::4], padding=1)
        torch.testing.assert_close(shuffled, torch.nn.functional.interpolate(plain, scale_factor=2))


def test_unknown_kinds_are_refused():
    with pytest.raises(ValueError, match="kind must be one of"):
        learned_upsampling.upsampler("bicubic", 1, 1)
    with pytest.raises(ValueError, match="padding must be 0 or 1"):
        decoder_border.decoder(padding=2)
    with pytest.raises(ValueError, match="name must be one of"):
        photograph("cat")


def test_the_decoder_is_the_one_of_the_slides():
    assert [parameters(decoder_border.decoder(out_channels=c)) for c in (1, 3)] == [161_281, 161_859]


@pytest.mark.parametrize("join", unet_skips.JOINS)
@pytest.mark.parametrize("size", [(92, 92), (92, 108)])
def test_every_join_gives_the_same_shapes(join, size):
    output = unet_skips.SmallUNet(unet_skips.JOINS[join])(torch.zeros(1, 1, *size))
    assert tuple(output.shape[2:]) == tuple(n - 40 for n in size)


def test_only_the_middle_keeps_its_place():
    """A skip whose cells hold their own column must arrive where that column is."""
    skip = torch.arange(40.0).repeat(1, 1, 40, 1)
    x = torch.zeros(1, 1, 32, 32)
    places = {name: join(skip, x)[0, 0, 0].tolist() for name, join in unet_skips.JOINS.items()}
    wanted = [column + 4.0 for column in range(32)]
    assert [name for name, columns in places.items() if columns == wanted] == ["middle"]


# --- photographs and training ------------------------------------------------------------------------------------


def test_patches_are_seeded_and_inside():
    picture = np.arange(20.0 * 30).reshape(20, 30)
    first, again, other = (random_patches(picture, 8, 7, seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()
    for patch in first[:, 0]:
        assert (np.diff(patch, axis=1) == 1).all()
        assert (np.diff(patch, axis=0) == 30).all()
    with pytest.raises(ValueError, match="size must be at most 20"):
        random_patches(picture, 1, 21, seed=0)


def test_photographs_are_those_of_the_stored_numbers():
    """Their gray levels, to the last one: a picture that was saved anew would change what lessons print."""
    levels = {name: np.rint(3 * 255 * photograph(name)).astype("<i8") for name in ("china", "flower")}
    digests = {name: hashlib.sha256(values.tobytes()).hexdigest()[:12] for name, values in levels.items()}
    assert digests == {"china": "70241feca5d4", "flower": "110b5d92e26c"}
    assert (np.hstack([temple("train"), temple("test")]) == photograph("china") - 0.5).all()


def test_seeded_restores_random_numbers_and_threads():
    threads, state = torch.get_num_threads(), torch.random.get_rng_state()

    @seeded(3)
    def stop():
        torch.rand(5)
        raise RuntimeError(f"stop at {torch.get_num_threads()} thread")

    with pytest.raises(RuntimeError, match="stop at 1 thread"):
        stop()
    assert torch.get_num_threads() == threads
    assert (torch.random.get_rng_state() == state).all()


@pytest.mark.parametrize(
    ("options", "words"), [({"steps": 0}, "steps must be at least 1"), ({"steps": 1, "batch": 0}, "batch must be")]
)
def test_fit_refuses_bad_numbers(options, words):
    x = torch.zeros(3, 1)
    with pytest.raises(ValueError, match=words):
        fit(torch.nn.Linear(1, 1), x, x, **options)
    with pytest.raises(ValueError, match="equally many"):
        fit(torch.nn.Linear(1, 1), x, x[:2], 1)


@pytest.mark.slow
def test_training_is_the_same_for_the_same_seed():
    runs = [unet_skips.train("middle", seed, steps=2)[1] for seed in (0, 0, 1)]
    assert runs[0] == runs[1] != runs[2]


# --- stored results ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STUDIES)
def test_stored_results_say_what_made_them_and_are_complete(name):
    results = importlib.import_module(f"convlab.studies.{name}").results()
    assert results == stored.load(name)
    assert {"versions", "date", "seeds", "seconds"} <= set(results)
    assert len(results["seeds"]) >= 5
    for rows in [*results.get("errors", {}).values(), *(of["flat"] for of in results.get("measured", {}).values())]:
        assert len(rows) == len(results["seeds"])


def test_saving_adds_versions_and_keeps_numbers(tmp_path):
    path = save("some_study", {"seeds": range(2), "seconds": 1.0, "table": {3: np.eye(2, dtype=int)}}, tmp_path)
    read = stored.load("some_study", tmp_path)
    assert path.read_text(encoding="utf-8").endswith("}\n")
    assert read["table"] == {"3": [[1, 0], [0, 1]]}
    assert read["seeds"] == [0, 1]
    assert read["versions"]["torch"] == torch.__version__.partition("+")[0]


@pytest.mark.parametrize(
    ("name", "results", "error", "words"),
    [
        ("Study", {"seeds": [0], "seconds": 1}, ValueError, "name must be"),
        ("../study", {"seeds": [0], "seconds": 1}, ValueError, "name must be"),
        ("study", {"seeds": [0]}, ValueError, "seconds is missing"),
        ("study", [1], TypeError, "results must be a dict"),
        ("study", {"seeds": [0], "seconds": 1, "bad": float("nan")}, ValueError, "not JSON compliant"),
        ("study", {"seeds": [0], "seconds": 1, "bad": object()}, TypeError, "not JSON serializable"),
    ],
)
def test_bad_results_are_refused_and_nothing_is_written(name, results, error, words, tmp_path):
    with pytest.raises(error, match=words):
        save(name, results, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_missing_results_say_how_to_make_them(tmp_path):
    with pytest.raises(FileNotFoundError, match="make studies"):
        stored.load("nothing", tmp_path)


def test_a_static_notebook_never_trains(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def run():
        raise AssertionError("it trains")

    assert stored.stored_or_trained("unet_skips", run) == stored.load("unet_skips")
    monkeypatch.setenv("CONVLAB_STATIC", "1")
    assert stored.stored_or_trained("unet_skips", run, train=True) == stored.load("unet_skips")
    monkeypatch.delenv("CONVLAB_STATIC")
    with pytest.raises(AssertionError, match="it trains"):
        stored.stored_or_trained("unet_skips", run, train=True)
    with pytest.raises(TypeError, match="train must be True or False"):
        stored.stored_or_trained("unet_skips", run, train="yes")


def test_a_notebook_trains_once_and_again_only_when_it_is_asked_to(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    trained = []

    def run():
        trained.append(1)
        return {"seeds": [0], "error": np.array([len(trained)])}

    first, second = (stored.stored_or_trained("unet_skips", run, train=True) for _ in range(2))
    assert first == second
    assert len(trained) == 1
    assert 'train="again" trains them anew' in capsys.readouterr().out
    assert stored.stored_or_trained("unet_skips", run, train="again")["error"] == [2]
    assert stored.stored_or_trained("unet_skips", run, train=True)["error"] == [2]
    assert "error" not in stored.stored_or_trained("unet_skips", run), "without the wish, those of convlab"


def test_one_bar_counts_the_networks_of_a_study(capsys):
    with one_bar(3):
        for _ in range(3):
            assert list(steps_of_one(4)) == [1, 2, 3, 4]
    said = capsys.readouterr().err
    assert [said.count(f"{done} of 3 networks") > 0 for done in range(4)] == [True] * 4
    assert "left" in said
    list(steps_of_one(4))
    with one_bar(3, shown=False):
        list(steps_of_one(4))
    assert capsys.readouterr().err == ""


def test_trained_and_stored_results_have_one_form(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    trained = stored.stored_or_trained(
        "unet_skips", lambda: unet_skips.run(joins=("middle",), seeds=[0, 1], steps=1, bar=False), train=True
    )
    assert set(trained) == set(unet_skips.results())
    assert json.loads(json.dumps(trained)) == trained


def test_reading_stored_results_and_photographs_loads_no_torch():
    code = (
        "import sys, convlab.studies.photographs; from convlab.studies.stored import load; load('unet_skips'); "
        "print('torch' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["False"]


# --- the claims --------------------------------------------------------------------------------------------------


def test_what_the_lessons_say_of_the_stored_results():
    flat = {kind: np.array(of["flat"]) for kind, of in learned_upsampling.results()["measured"].items()}
    assert [kind for kind, rows in flat.items() if (rows[:, 0] == 0).all()] == ["resize", "ICNR"]
    assert (flat["resize"] == 0).all()
    assert (flat["ICNR"][:, -1] > 0).all()  # training brings the pattern back
    for kind in ("transposed k3", "transposed k4", "PixelShuffle"):
        assert (flat[kind][:, -1] < flat[kind][:, 0] / 4).all()
    last = {join: np.array(rows)[:, -1] for join, rows in unet_skips.results()["errors"].items()}
    assert all((last["middle"] < last[join]).all() for join in ("corner", "shrunk", "no skip"))
    edge = {version: np.array(rows)[:, 0] for version, rows in decoder_border.results()["errors"].items()}
    assert (edge["padding 1"] > edge["padding 0"]).all()


@pytest.mark.slow
def test_training_a_seed_that_is_not_stored_gives_the_same_picture():
    """One new seed of two kinds: the pattern of kernel 4 falls, that of resize is 0 all the time."""
    seed = max(learned_upsampling.results()["seeds"]) + 1
    report = learned_upsampling.run(("transposed k4", "resize"), [seed], steps=500, bar=False)
    transposed, resize = (report["measured"][kind]["flat"][0] for kind in ("transposed k4", "resize"))
    assert report["moments"] == [0, 20, 100, 500]
    assert transposed[0] > 4 * transposed[-1] > 0
    assert resize == [0, 0, 0, 0]
    peaks = [report["measured"][kind]["peak"][0][-1] for kind in ("transposed k4", "resize")]
    assert peaks[0] > 2 * peaks[1]


@pytest.mark.slow
def test_a_skip_at_the_wrong_place_is_worth_less():
    seed = max(unet_skips.results()["seeds"]) + 1
    middle, corner = (unet_skips.train(join, seed, steps=200)[1][200] for join in ("middle", "corner"))
    assert middle < 0.9 * corner


# --- the figures -------------------------------------------------------------------------------------------------


def test_every_seed_is_drawn():
    ax = draw_seeds({"a": [1.0, 2, 4], "b": [3.0, 3, 3]}, "error", log=True, reference=("truth", 2.5))
    circles = [line for line in ax.lines if line.get_marker() == "o"]
    assert [line.get_xdata().tolist() for line in circles] == [[1, 2, 4], [3, 3, 3]]
    assert "truth" in [text.get_text() for text in ax.texts]
    with pytest.raises(ValueError, match="at least two seeds"):
        draw_seeds({"a": [1.0]}, "error")


def test_series_show_mean_and_deviation_and_zeros_on_a_logarithmic_axis():
    ax = draw_series({"a": [[0, 1], [0, 3]]}, [0, 1], "step", "error", log=True, labels=["start", "end"])
    assert ax.get_yscale() == "symlog"
    assert ax.lines[0].get_ydata().tolist() == [0, 2]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["start", "end"]
    assert draw_series({"a": [[1, 2], [3, 4]]}, [0, 1], "x", "y", log=True).get_yscale() == "log"
    with pytest.raises(ValueError, match="each of 3 positions"):
        draw_series({"a": [[1, 2]]}, [0, 1, 2], "x", "y")


def test_one_seed_has_no_spread():
    assert spoken([0.0012, 0.0014]) == "0.00130 ± 0.00014"
    with pytest.raises(ValueError, match="at least two seeds"):
        spoken([1.0])
