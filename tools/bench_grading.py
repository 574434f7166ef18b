"""Time `nbgrader autograde` with our settings (sandbox, tests outside of it) against nbgrader's own, same notebooks.

    make bench-grading

Twenty submissions of one assignment: its right answers of all methods, and wrong ones in turns. The two settings
alternate, each from the same state of the course, and every run is the real command with all that it starts. Then
the grades are compared cell by cell.
"""

import argparse
import itertools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

REPOSITORY = Path(__file__).parents[1]
sys.path.insert(0, str(REPOSITORY / "tests"))

from grading_course import all_scores  # noqa: E402
from tools import submissions as answers  # noqa: E402

STOCK = "c = get_config()\nc.CourseDirectory.course_id = 'convlab'\n"


def wrong_cells(assignment, function, mistake):
    """The reference with one mistake."""
    cell, _ = answers.solution_cell(assignment, function)
    right = dict(answers.solution_cell(assignment, name) for name in answers.functions(assignment))
    return right | {cell: answers.edited(assignment, function, mistake)}


def submissions(assignment, count):
    """So many submissions, ``{student: {cell: text}}``."""
    found = {f"right_{method}": answers.right_cells(assignment, method) for method in answers.right_methods(assignment)}
    mistakes = [[(name, mistake) for mistake in each] for name, each in answers.wrong(assignment).items()]
    in_turns = [pair for row in itertools.zip_longest(*mistakes) for pair in row if pair]
    for function, mistake in in_turns:
        found[f"wrong_{function}_{mistake}"] = wrong_cells(assignment, function, mistake)
    return dict(itertools.islice(found.items(), count))


def make_course(folder, assignment, count):
    """A course with the assignment released and the submissions handed in."""
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(STOCK)
    shutil.copytree(REPOSITORY / "assignments" / "source" / assignment, folder / "source" / assignment)
    command(folder, "generate_assignment", assignment)
    for student, cells in submissions(assignment, count).items():
        notebook = nbformat.read(folder / "release" / assignment / f"{assignment}.ipynb", 4)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = cells.get(name, cell.source)
        path = folder / "submitted" / student / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)


def command(folder, *words):
    """Run one nbgrader command; returns its seconds."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "nbgrader", *words],
        cwd=folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        check=True,
    )
    return time.perf_counter() - began


def grades(folder, assignment):
    """Points by student and cell."""
    found = all_scores(folder, assignment)
    return {(student, cell): score for student, cells in found.items() for cell, score in cells.items()}


def measure(folder, assignment, count, repeats):
    """Run both settings in turns; return ``{setting: [seconds]}`` and the grades of the last runs."""
    make_course(folder / "made", assignment, count)
    ours = (REPOSITORY / "assignments" / "nbgrader_config.py").read_text()
    seconds, found = {"nbgrader's own settings": [], "ours, in the sandbox": []}, {}
    for repeat in range(repeats):
        for setting, config in zip(seconds, (STOCK, ours)):
            course = folder / "course"
            shutil.rmtree(course, ignore_errors=True)
            shutil.copytree(folder / "made", course)
            (course / "nbgrader_config.py").write_text(config)
            wall = command(course, "autograde", assignment)
            seconds[setting].append(wall)
            found[setting] = grades(course, assignment)
            print(f"run {repeat + 1}, {setting}: {wall:.1f} s", flush=True)
    return seconds, found


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--assignment", default="transposed_convolution")
    parser.add_argument("--submissions", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seconds, found = measure(Path(folder), options.assignment, options.submissions, options.repeats)
    (stock, ours), (theirs, our_grades) = seconds.values(), found.values()
    ratios = [one / other for one, other in zip(stock, ours)]
    differing = sorted(key for key in theirs.keys() | our_grades.keys() if theirs.get(key) != our_grades.get(key))
    students = len({student for student, _ in our_grades})
    print(f"\n{students} submissions of {options.assignment}, {os.cpu_count()} processors")
    for setting, times in seconds.items():
        each = statistics.median(times) / students
        print(f"  {setting:24} median {statistics.median(times):6.1f} s, {each:.2f} s for each submission")
    pairs = ", ".join(f"{ratio:.1f}" for ratio in ratios)
    print(f"  {statistics.median(ratios):.1f} times faster (of each pair of runs: {pairs})")
    print(f"  {len(our_grades) - len(differing)} of {len(our_grades)} grades of cells are the same")
    for key in differing:
        print(f"  differs: {key}: {theirs.get(key)} by nbgrader's own settings, {our_grades.get(key)} by ours")
    sys.exit(bool(differing))


if __name__ == "__main__":
    main()
