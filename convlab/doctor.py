"""What a person's installation lacks, and what to do about it: the command ``convlab doctor``.

An examination looks at this machine and says what it found. What only teachers or authors need is missing without
being a fault.
"""

import importlib.metadata
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

__all__ = ["Finding", "examinations", "examine"]

FRONT_ENDS = ("@jupyter-widgets/jupyterlab-manager", "anywidget")
TEACHERS = "only teachers need it: pip install 'convlab[grading]'"


class Finding(NamedTuple):
    """What an examination says: ``advice`` is what to do, empty where all is well; ``fault`` says if one must."""

    name: str
    found: str
    advice: str = ""
    fault: bool = False


def python() -> Finding:
    """Whether this Python is one that convlab is made for."""
    from packaging.specifiers import SpecifierSet

    wanted = importlib.metadata.metadata("convlab")["Requires-Python"]
    version = ".".join(map(str, sys.version_info[:3]))
    right = version in SpecifierSet(wanted)
    return Finding("Python", version, "" if right else f"convlab needs Python {wanted}", not right)


def versions() -> Finding:
    """Whether what convlab cannot do without is there, and new enough."""
    from packaging.requirements import Requirement

    wrong = []
    needed = [Requirement(text) for text in importlib.metadata.requires("convlab") or []]
    needed = [one for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})]
    for requirement in needed:
        version = version_of(requirement.name)
        if version is None or version not in requirement.specifier:
            wrong.append(f"{requirement} (here: {version or 'none'})")
    advice = f"pip install --upgrade convlab: it needs {', '.join(wrong)}" if wrong else ""
    return Finding("packages", f"{len(needed) - len(wrong)} of {len(needed)} as they must be", advice, bool(wrong))


def torch() -> Finding:
    """Whether PyTorch is there, for the cells that ask it."""
    version = version_of("torch")
    advice = "" if version else "the cells that ask PyTorch show their stored results: pip install 'convlab[torch]'"
    return Finding("PyTorch", version or "not installed", advice)


def jupyterlab() -> Finding:
    """Whether JupyterLab is in this environment; it may also run in another one."""
    version = version_of("jupyterlab")
    advice = "" if version else "to open lessons with `convlab lab`: pip install 'convlab[lab]'"
    return Finding("JupyterLab", version or "not installed", advice)


def kernel() -> Finding:
    """Whether the kernel that notebooks name, python3, is the Python that convlab is installed in."""
    if version_of("jupyter-client") is None or version_of("ipykernel") is None:
        return Finding("kernel", "not installed", "it comes with JupyterLab: pip install 'convlab[lab]'")
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    register = f"register this one: {sys.executable} -m ipykernel install --sys-prefix"
    try:
        started = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        return Finding("kernel", "no kernel python3", register, True)
    if started in ("python", "python3"):  # jupyter_client takes its own Python then, and that is this one
        started = sys.executable
    same = Path(started).parent == Path(sys.executable).parent
    return Finding("kernel", f"python3 starts {started}", "" if same else f"convlab is not there; {register}", not same)


def front_end() -> Finding:
    """Whether the page that JupyterLab serves knows the widgets: explorers and predictions."""
    if version_of("jupyterlab") is None:
        return Finding("widgets on the page", "no JupyterLab here")
    from jupyter_core.paths import jupyter_path

    folders = [Path(folder) for folder in jupyter_path("labextensions")]
    missing = [name for name in FRONT_ENDS if not any((folder / name / "package.json").exists() for folder in folders)]
    if not missing:
        return Finding("widgets on the page", "found")
    advice = "pip install --force-reinstall jupyterlab_widgets anywidget, then start JupyterLab again"
    return Finding("widgets on the page", f"without {', '.join(missing)}", advice, True)


def nbgrader() -> Finding:
    """Whether nbgrader is there, for teachers."""
    version = version_of("nbgrader")
    return Finding("nbgrader", version or "not installed", "" if version else TEACHERS)


def alembic() -> Finding:
    """Whether nbgrader finds the command that makes its database."""
    if version_of("nbgrader") is None:
        return Finding("alembic on PATH", "no nbgrader here")
    found = shutil.which("alembic")
    advice = f"nbgrader calls it by its bare name: put {Path(sys.executable).parent} on PATH"
    return Finding("alembic on PATH", found or "not found", "" if found else advice, not found)


def bubblewrap() -> Finding:
    """Whether submissions can be graded in the sandbox."""
    if version_of("nbgrader") is None:
        return Finding("sandbox", "no nbgrader here")
    from convlab.grading.sandbox.bubblewrap import why_unavailable

    reason = why_unavailable()
    return Finding("sandbox", "not available" if reason else "bubblewrap works", reason or "", bool(reason))


def fonts() -> Finding:
    """Whether matplotlib has the font that figures are drawn with."""
    from matplotlib import font_manager

    try:
        path = font_manager.findfont("DejaVu Sans", fallback_to_default=False)
    except ValueError:
        return Finding("fonts", "no DejaVu Sans", "pip install --force-reinstall matplotlib: it brings the font", True)
    return Finding("fonts", Path(path).name)


def lessons() -> Finding:
    """Whether the lessons came with the package."""
    from convlab.lessons import lessons_folder

    try:
        found = sorted(lessons_folder().glob("*.ipynb"))
        broken = [path.name for path in found if "cells" not in json.loads(path.read_text(encoding="utf-8"))]
    except (FileNotFoundError, ValueError) as error:
        return Finding("lessons", str(error), "pip install --force-reinstall convlab", True)
    return Finding(
        "lessons", f"{len(found)} notebooks", f"damaged: {', '.join(broken)}" if broken else "", bool(broken)
    )


#: All of them, in the order in which they are shown.
examinations: list[Callable[[], Finding]] = [
    python,
    versions,
    lessons,
    jupyterlab,
    kernel,
    front_end,
    fonts,
    torch,
    nbgrader,
    alembic,
    bubblewrap,
]


def examine() -> list[Finding]:
    """What every examination found, in order.

    Examples
    --------
    >>> [finding.name for finding in examine()][:2]
    ['Python', 'packages']
    """
    return [examination() for examination in examinations]


def version_of(distribution: str) -> str | None:
    """The version of an installed distribution; None where it is not installed.

    Examples
    --------
    >>> version_of("no-such-distribution") is None
    True
    """
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None
