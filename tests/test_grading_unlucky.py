"""Honest students with bad luck: each gets what the code deserves, or is listed with a reason, never lost.

``python -m pytest tests/test_grading_unlucky.py -v`` lists the cases. One course and one run of the real command.
"""

import base64
import re
import struct
import zlib

import pytest

import grading_course as tiny
from grading_unlucky import CASES, REASONS, add_own_files, split

pytestmark = pytest.mark.assignments

LIMITS = {"seconds_per_cell": 5.0, "seconds_per_notebook": 40.0}


@pytest.fixture(scope="module")
def unlucky(tmp_path_factory):
    course = tiny.make(tmp_path_factory.mktemp("unlucky") / "course", **LIMITS)
    for name, (change, _) in CASES.items():
        notebook = tiny.right(tiny.release(course))
        changed = change(notebook)
        tiny.submit(course, name, notebook if changed is None else changed)
    add_own_files(tiny.folder_of(course, "own_module_and_data"))
    for name, (file, content, _) in REASONS.items():
        (tiny.folder_of(course, name) / file).write_bytes(content)
    return course, tiny.nbgrader(course, "autograde", tiny.NAME, timeout=1800)


@pytest.mark.parametrize("name", CASES)
def test_everybody_gets_what_the_code_deserves(unlucky, name):
    assert tiny.earned(unlucky[0], name) == CASES[name][1]


@pytest.mark.parametrize("name", REASONS)
def test_who_is_not_graded_is_listed_with_a_reason_in_words(unlucky, name):
    course, done = unlucky
    summary = done.stderr[done.stderr.index(f"\nNot graded ({len(REASONS)}):\n") :]
    assert [line for line in summary.splitlines() if line.startswith(f"  {name}: ") and REASONS[name][-1] in line]
    assert not tiny.earned(course, name)


def test_progress_is_shown_with_the_time_that_is_left(unlucky):
    lines = re.findall(r"\[([#.]{20})\] (\d+) of (\d+) (.*); (\S+) has ([\d.]+) of 7 points", unlucky[1].stderr)
    assert [line[4] for line in lines] == sorted(CASES)
    assert all("left" in line[3] for line in lines[:-1])
    assert lines[-1][3] == "done"
    assert lines[-1][0] == "#" * 20


def test_figures_are_kept(unlucky):
    outputs = [output for cell in tiny.graded(unlucky[0], "figures").cells for output in cell.get("outputs", [])]
    pictures = [
        base64.b64decode(output.data["image/png"]) for output in outputs if "image/png" in output.get("data", {})
    ]
    assert len(pictures) == 2
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def png():
    """One black pixel."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    chunks = (struct.pack(">I", len(d)) + kind + d + struct.pack(">I", zlib.crc32(kind + d)) for kind, d in parts)
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)).decode()


def test_written_answers_survive_with_their_pictures(unlucky):
    """An answer in several pieces, with a pasted picture: all of it is there, and waits for the teacher."""
    course = tiny.copy(unlucky[0], unlucky[0].parent / "written")
    notebook = tiny.right(tiny.release(course))
    cell = tiny.cell_of(notebook, tiny.WRITTEN)
    cell.attachments = {"drawing.png": {"image/png": png()}}
    split(notebook, tiny.WRITTEN, "Stamps overlap, ![drawing](attachment:drawing.png)\n", "so they *add up* if $s<k$.")
    tiny.submit(course, "writer", notebook)
    done = tiny.nbgrader(course, "autograde", tiny.NAME, "--student", "writer")
    assert "ERROR" not in done.stderr
    graded = tiny.cell_of(tiny.graded(course, "writer"), tiny.WRITTEN)
    assert graded.source == "Stamps overlap, ![drawing](attachment:drawing.png)\nso they *add up* if $s< k$."
    assert graded.attachments == cell.attachments
    assert tiny.scores(course, "writer")[tiny.WRITTEN] is None
