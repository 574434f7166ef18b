"""The command ``convlab``: ``copy``, ``lab`` and ``doctor`` for learners, ``grade`` for teachers."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from convlab import doctor as examinations
from convlab.copying import copy_lessons

__all__ = ["main"]

#: Settings of JupyterLab for learners: explorers and answers are saved with a notebook, and no teacher's menus.
SETTINGS = Path(__file__).parent / "jupyter_settings"
FOLDER = click.Path(file_okay=False, path_type=Path)
LESSONS = "convlab-lessons"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="convlab")
def main() -> None:
    """Learn convolution arithmetic by running it."""


@main.command()
@click.argument("folder", type=FOLDER, default=LESSONS)
def copy(folder: Path) -> None:
    """Copy the lessons into FOLDER; again: bring new ones, and keep all answers."""
    try:
        done = copy_lessons(folder)
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    for name, what, kept in done:
        if what != "as it was":
            both = f"; {kept} cells of yours stand before the lesson's new ones" if kept else ""
            click.echo(f"{folder / name}: {what}{both}")
    click.echo(f"{len(done)} files in {folder}")


@main.command(context_settings={"ignore_unknown_options": True})
@click.option("--folder", type=FOLDER, default=LESSONS, show_default=True, help="Where your lessons are.")
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def lab(context: click.Context, folder: Path, options: tuple[str, ...]) -> None:
    """Copy the lessons as ``convlab copy`` does, and open JupyterLab on them; OPTIONS go to JupyterLab."""
    if importlib.util.find_spec("jupyterlab") is None:
        raise click.ClickException("there is no JupyterLab here: pip install 'convlab[lab]'")
    context.invoke(copy, folder=folder)
    first = min(path.name for path in folder.glob("*.ipynb"))
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder.resolve()}"]
    command += [f"--LabApp.default_url=/lab/tree/{first}", f"--LabApp.app_settings_dir={SETTINGS}", *options]
    try:
        sys.exit(subprocess.call(command))
    except KeyboardInterrupt:  # JupyterLab got it as well, and asks
        sys.exit(0)


@main.command()
def doctor() -> None:
    """Say what this installation lacks, and what to do; the exit code is 1 where something must be done."""
    findings = examinations.examine()
    for finding in findings:
        mark = "FAULT" if finding.fault else "ok   " if not finding.advice else "-    "
        click.echo(f"{mark} {finding.name}: {finding.found}{'; ' if finding.advice else ''}{finding.advice}")
    sys.exit(any(finding.fault for finding in findings))


@main.command()
@click.argument("assignment")
@click.option("--folder", type=click.Path(exists=True, file_okay=False), default=".", help="The course.")
@click.option("-j", "--workers", type=click.IntRange(0), default=0, help="Submissions at once; 0: one a processor.")
@click.option("--student", default="*", show_default=True, help="Whom: a pattern, such as 'a*'.")
@click.option("--force", is_flag=True, help="Grade again who is graded.")
@click.option("--feedback", is_flag=True, help="Write the feedback pages of who is graded now.")
@click.option("--dry-run", is_flag=True, help="Say who would be graded, and change nothing.")
def grade(assignment: str, dry_run: bool, **options: Any) -> None:
    """Grade ASSIGNMENT as ``nbgrader autograde`` does, with a line for each submission.

    The exit code is 0 if everybody is graded, 1 if somebody cannot be, 2 if the run did not begin.
    """
    try:
        from convlab.grading.sandbox import NobodyGraded, grade_course
        from convlab.grading.sandbox.progress import not_graded
    except ModuleNotFoundError as missing:
        raise click.ClickException(f"there is no {missing.name} here: pip install 'convlab[grading]'") from None
    try:
        done = grade_course(assignment, dry_run=dry_run, tell=click.echo, **options)
    except NobodyGraded as error:
        click.echo(f"Nobody is graded: {error}", err=True)
        sys.exit(2)
    for student, state in done.states.items() if dry_run else ():
        click.echo(f"{student}: {state}")
    for line in [*done.notes, *not_graded([f"{student}: {why}" for student, why in sorted(done.failed.items())])]:
        click.echo(line)
    before = list(done.states.values()).count("graded")
    what = f"{len(done.due)} would be graded" if dry_run else f"{len(done.graded)} graded in {done.seconds:.1f} s"
    click.echo(f"{assignment}: {what}, {before} were graded before, {len(done.failed)} cannot be graded")
    sys.exit(bool(done.failed))
