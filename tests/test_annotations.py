"""What ``make lint`` and this file ask of the code of convlab, and that each of them goes red on a planted fault.

Public functions have annotations (here), annotations are true (mypy), packages import downwards (import-linter).
"""

import ast
import os
import pathlib
import shutil
import subprocess
import sys
import tomllib

import pytest

REPOSITORY = pathlib.Path(__file__).parents[1]


# --- public functions have annotations ---------------------------------------------------------------------------


def public_names(module):
    """What ``__all__`` lists, as far as it stands there in words."""
    for node in module.body:
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "__all__" for target in node.targets):
            return {entry.value for entry in ast.walk(node.value) if isinstance(entry, ast.Constant)}
    return set()


def missing_annotations(function):
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    starred = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    missing = [
        found.arg for found in (*named, *starred) if found.annotation is None and found.arg not in ("self", "cls")
    ]
    return missing + ["the result"] * (function.returns is None)


def unannotated(folder):
    """Public functions, and public methods of public classes, with what they do not annotate."""
    complaints = []
    for path in sorted(folder.rglob("*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        public = public_names(module)
        functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
        functions = {name: node for name, node in functions.items() if name in public}
        for node in module.body:
            if isinstance(node, ast.ClassDef) and node.name in public:
                methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
                functions |= {f"{node.name}.{part.name}": part for part in methods if not part.name.startswith("_")}
        for name, function in functions.items():
            if missing := missing_annotations(function):
                complaints.append(f"{path.relative_to(folder.parent)}: {name}: {', '.join(missing)}")
    return complaints


def test_public_functions_have_annotations():
    complaints = unannotated(REPOSITORY / "convlab")
    assert not complaints, "\n".join([f"{len(complaints)} functions lack annotations:", *complaints])


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def f(x: int, *, y: int = 1) -> int: ...", []),
        ("def f(x, *, y: int = 1) -> int: ...", ["f: x"]),
        ("def f(x: int, *rest, **options) -> None: ...", ["f: rest, options"]),
        ("def f(x: int): ...", ["f: the result"]),
        ("def _private(x): ...", []),
        ("class f:\n    def method(self, x) -> int: ...\n    def _private(self, x): ...", ["f.method: x"]),
    ],
)
def test_a_missing_annotation_is_found(code, found, tmp_path):
    (tmp_path / "convlab").mkdir()
    (tmp_path / "convlab/new.py").write_text(f"__all__ = ['f']\n{code}\n")
    assert unannotated(tmp_path / "convlab") == [f"convlab/new.py: {text}" for text in found]


# --- make lint ---------------------------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path):
    """A folder with the real settings, and a convlab that has every package that they name, empty."""
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    layers, *forbidding = settings["tool"]["importlinter"]["contracts"]
    names = [f"convlab.{name.strip(' ()')}" for layer in layers["layers"] for name in layer.split("|")]
    for contract in forbidding:
        names += [*contract["source_modules"], *contract["forbidden_modules"]]
    folders = ["/".join(name.split(".")[:end]) for name in names for end in range(1, name.count(".") + 2)]
    for folder in map(tmp_path.joinpath, folders):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    return tmp_path


def lint(program, folder):
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [str(pathlib.Path(sys.executable).with_name(program))]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    return run.returncode, run.stdout + run.stderr


def plant(folder, module, code):
    (folder / "convlab" / module / "__init__.py").write_text(code)


@pytest.mark.parametrize(
    ("module", "code", "words"),
    [
        ("arithmetic", "from convlab import validation", None),
        (
            "arithmetic",
            "from convlab import reference",
            "convlab.arithmetic is not allowed to import convlab.reference",
        ),
        ("views", "def f():\n    import convlab.grading", "convlab.views is not allowed to import convlab.grading"),
        ("explorers", "from convlab import studies", "convlab.explorers is not allowed to import convlab.studies"),
        ("plots", "import tools", "convlab is not allowed to import tools"),
    ],
)
def test_an_import_against_the_arrow_is_found(house, module, code, words):
    plant(house, module, f"{code}\n")
    status, text = lint("lint-imports", house)
    assert (status != 0) == (words is not None), text
    assert (words or "0 broken") in " ".join(text.split())


def test_a_package_that_the_drawing_lacks_is_found(house):
    (house / "convlab/attic").mkdir()
    (house / "convlab/attic/__init__.py").touch()
    status, text = lint("lint-imports", house)
    assert status != 0
    assert "attic" in text


@pytest.mark.parametrize(("code", "found"), [("x: int = 1", False), ("def f(x: int) -> str:\n    return x", True)])
def test_a_wrong_annotation_is_found(house, code, found):
    plant(house, "arithmetic", f"{code}\n")
    status, text = lint("mypy", house)
    assert (status != 0) == found, text
    assert ("return-value" in text) == found


def test_types_are_shipped():
    assert (REPOSITORY / "convlab/py.typed").exists()
