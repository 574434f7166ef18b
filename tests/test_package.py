"""What people install: the wheel has all that a learner needs and nothing else, and works where little else is."""

import os
import pathlib
import re
import subprocess
import sys
import tarfile
import venv
import zipfile

import pytest
from click.testing import CliRunner
from jupyter_client.kernelspec import KernelSpec, NoSuchKernel

from convlab import doctor, validation
from convlab.commands import main

REPOSITORY = pathlib.Path(__file__).parents[1]
HEAVY = ("torch", "scipy", "tqdm", "jupyterlab", "nbgrader")
CORE = (
    "arithmetic",
    "reference",
    "traces",
    "views",
    "plots",
    "misconceptions",
    "feedback",
    "explorers",
    "lessons",
    "copying",
    "commands",
)

# Imports every module of the core, and runs its doctests where it has some, in a Python without HEAVY.
IN_THE_CORE = f"""
import doctest, importlib, pkgutil, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {HEAVY!r}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
wrong = tried = 0
for top in {CORE!r}:
    module = importlib.import_module("convlab." + top)
    found = pkgutil.walk_packages(getattr(module, "__path__", []), module.__name__ + ".")
    for name in [module.__name__, *(one.name for one in found)]:
        result = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
        wrong, tried = wrong + result.failed, tried + result.attempted
print(wrong, "of", tried)
"""


def run(*command, **options):
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, **options)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with sdist and wheel."""
    folder = tmp_path_factory.mktemp("built")
    done = run(sys.executable, "-m", "hatchling", "build", "--directory", folder, cwd=REPOSITORY)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The Python of a new environment with the wheel; what it needs is read from this environment."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    own = next(path for path in map(pathlib.Path, sys.path) if path.name == "site-packages")
    (site / "needed.pth").write_text(f"{own}\n")  # its own .pth files, with this convlab, stay unread
    python = folder / "bin" / "python"
    done = run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel)
    assert done.returncode == 0, done.stderr
    return python


def test_the_wheel_holds_the_package_and_the_lessons_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    listing = run(
        "git", "ls-files", "--cached", "--others", "--exclude-standard", "convlab", "notebooks", cwd=REPOSITORY
    )
    wanted = {re.sub("^notebooks/", "convlab/notebooks/", name) for name in listing.stdout.split()}
    assert {name for name in names if ".dist-info/" not in name} == wanted
    assert wheel.stat().st_size < 4_500_000


def test_the_sdist_builds_the_same_wheel(built, wheel, tmp_path):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    done = run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", tmp_path, cwd=folder)
    assert done.returncode == 0, done.stderr
    again = zipfile.ZipFile(tmp_path / wheel.name)
    assert sorted(again.namelist()) == sorted(zipfile.ZipFile(wheel).namelist())


def test_a_package_page_has_no_link_into_the_repository(wheel):
    metadata = next(name for name in zipfile.ZipFile(wheel).namelist() if name.endswith("METADATA"))
    text = zipfile.ZipFile(wheel).read(metadata).decode()
    assert "00 | Start here |" in text
    assert re.findall(r"\]\((?!\w+:|#)[^)]*\)", text) == []


@pytest.mark.parametrize(
    ("planted", "fine"), [("", True), ("import torch\n", False), ('"""\n>>> 1 + 1\n3\n"""\n', False)], ids=str
)
def test_the_core_works_without_what_is_heavy(planted, fine, tmp_path):
    """Every module of it is imported and every doctest run, in a Python that lacks PyTorch, SciPy and JupyterLab."""
    package = tmp_path / "convlab"
    subprocess.run(["cp", "-r", REPOSITORY / "convlab", package], check=True)
    subprocess.run(["cp", "-r", REPOSITORY / "notebooks", tmp_path], check=True)
    (package / "lessons.py").write_text(planted + (package / "lessons.py").read_text())
    done = run(sys.executable, "-c", IN_THE_CORE, cwd=tmp_path)
    assert (done.returncode == 0 and done.stdout.startswith("0 of")) == fine, done.stdout + done.stderr
    assert not fine or int(done.stdout.split()[-1]) > 200


@pytest.mark.slow
def test_two_lessons_run_where_the_wheel_is_installed(installed, tmp_path):
    code = (
        "import convlab, nbclient, nbformat, sys; from convlab.lessons import lessons_folder\n"
        "print(convlab.__file__)\n"
        "for path in sorted(lessons_folder().glob('0[14]_*.ipynb')):\n"
        "    nbclient.NotebookClient(nbformat.read(path, 4)).execute(); print(path.name)\n"
    )
    environment = os.environ | {"CONVLAB_STATIC": "1", "PATH": f"{installed.parent}:{os.environ['PATH']}"}
    done = run(installed, "-c", code, cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stderr
    where, *lessons = done.stdout.split()
    assert str(installed.parents[1]) in where
    assert len(lessons) == 2


# --- convlab doctor ----------------------------------------------------------------------------------------------


def test_the_doctor_finds_nothing_here(monkeypatch):
    monkeypatch.setenv("PATH", f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}")
    assert [finding for finding in doctor.examine() if finding.fault] == []


def absent(*names):
    real = doctor.version_of
    return ("version_of", lambda name: None if name in names else real(name))


@pytest.mark.parametrize(("faults", "code"), [((), 0), ((doctor.Finding("kernel", "none", "register it", True),), 1)])
def test_the_command_says_what_was_found_and_whether_to_act(faults, code, monkeypatch):
    monkeypatch.setattr(doctor, "examine", lambda: [doctor.Finding("Python", "3.11"), *faults])
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == code
    assert done.output.splitlines() == ["ok    Python: 3.11", *(["FAULT kernel: none; register it"] if faults else [])]


def elsewhere(self, name):
    return KernelSpec(argv=["/usr/elsewhere/python"])


def nowhere(self, name):
    raise NoSuchKernel(name)


def fontless(*_, **__):
    raise ValueError("no such font")


@pytest.mark.parametrize(
    ("examination", "planted", "advice"),
    [
        (doctor.python, ("sys.version_info", (3, 9, 1)), "convlab needs Python"),
        (doctor.versions, ("version_of", lambda name: "0.1"), "pip install --upgrade convlab: it needs"),
        (doctor.versions, absent("anywidget"), "here: none"),
        (doctor.kernel, ("KernelSpecManager.get_kernel_spec", elsewhere), "-m ipykernel install"),
        (doctor.kernel, ("KernelSpecManager.get_kernel_spec", nowhere), "-m ipykernel install"),
        (doctor.front_end, ("FRONT_ENDS", ("no-such-widgets",)), "start JupyterLab again"),
        (doctor.alembic, ("shutil.which", lambda name: None), "on PATH"),
        (doctor.bubblewrap, ("sys.platform", "win32"), "needs Linux"),
        (doctor.fonts, ("font_manager.findfont", fontless), "brings the font"),
        (doctor.lessons, ("json.loads", lambda text: {}), "damaged: 00_start_here.ipynb"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_fault_has_its_advice(examination, planted, advice, monkeypatch):
    name, value = planted
    elsewhere = {"font_manager": "matplotlib", "KernelSpecManager": "jupyter_client.kernelspec"}
    monkeypatch.setattr(f"{elsewhere.get(name.partition('.')[0], 'convlab.doctor')}.{name}", value)
    finding = examination()
    assert finding.fault
    assert advice in finding.advice


@pytest.mark.parametrize(
    ("examination", "lacking"),
    [
        (doctor.torch, "torch"),
        (doctor.jupyterlab, "jupyterlab"),
        (doctor.kernel, "ipykernel"),
        (doctor.front_end, "jupyterlab"),
        (doctor.nbgrader, "nbgrader"),
        (doctor.alembic, "nbgrader"),
        (doctor.bubblewrap, "nbgrader"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_what_not_everybody_needs_may_be_missing(examination, lacking, monkeypatch):
    monkeypatch.setattr("convlab.doctor.version_of", absent(lacking)[1])
    finding = examination()
    assert not finding.fault
    assert finding.advice or "no " in finding.found


# --- platforms whose integers have 32 bits -----------------------------------------------------------------------


def test_an_integer_of_32_bits_counts_as_int64_where_it_is_the_platforms_own(monkeypatch):
    import numpy as np

    from convlab.reference import conv1d, max_unpool2d

    narrow = np.array([[1, 2, 3]], np.int32)
    values, indices = np.array([[[5, 6]]]), np.array([[[4, 3]]], np.int32)
    with pytest.raises(TypeError, match="must have the dtype of input, int64, got int32"):
        conv1d(narrow.astype(np.int64), narrow[None, :, :2])
    with pytest.raises(TypeError, match="indices must hold int64, got int32"):
        max_unpool2d(values, indices, 2)
    monkeypatch.setattr(validation, "OWN_INTEGER", np.dtype(np.int32))
    assert conv1d(narrow.astype(np.int64), narrow[None, :, :2]).tolist() == [[5, 8]]
    assert max_unpool2d(values, indices, 2)[0].tolist() == [[0, 0, 0, 6], [5, 0, 0, 0]]
