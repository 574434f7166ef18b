"""Page 00: answers to its check, what it says first, the state it speaks of."""

import re

import nbformat
import pytest

from convlab.explorers import ConvExplorer
from convlab.studies.coarse_map import mistakes
from test_notebooks import FOLDER

MAX_WORDS = 1250

ANSWERS = {"check-first": ("[54, 65]", "[50, 60]", "[45, 56]", "[54]", "[4, 45, 56, 60]")}


def page():
    return nbformat.read(FOLDER / "00_start_here.ipynb", 4)


def first_screen(notebook):
    """The cells up to 'What you need'."""
    sources = [cell.source for cell in notebook.cells]
    return notebook.cells[: next(n for n, source in enumerate(sources) if "## What you need" in source) + 1]


def complaints(notebook):
    cells = first_screen(notebook)
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    wanted = ["In this course you learn", "`Shift` + `Enter`", "Interrupt Kernel", "while True: pass", "is stored"]
    found = [f"the first screen does not say {words!r}" for words in wanted if words not in text]
    pictures = sum("draw_images(" in cell.source for cell in cells)
    found += [] if pictures == 1 and len(cells) == 3 else [f"{pictures} pictures in the first {len(cells)} cells"]
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    words = sum(len(re.findall(r"\S*\w\S*", text)) for text in texts)  # and not the lines of tables
    return found + ([] if words <= MAX_WORDS else [f"{words} words, at most {MAX_WORDS} are wanted"])


def test_the_first_screen_says_what_for_and_what_to_press():
    assert complaints(page()) == []


@pytest.mark.parametrize(
    ("number", "source"), [(0, "# 00 Start here"), (1, "1 + 1"), (2, "## What you need"), (2, "word " * MAX_WORDS)]
)
def test_a_weak_first_screen_is_found(number, source):
    notebook = page()
    notebook.cells[number].source = source + ("\n\n## What you need" if number == 2 else "")
    assert complaints(notebook)


def test_the_picture_shows_a_staircase_and_a_round_mask():
    names = {}
    exec(re.sub(r"^plots\.show.*", "", page().cells[1].source, flags=re.MULTILINE), names)
    staircase, round_mask = (picture for _, picture in names["panels"][2:])
    assert mistakes(round_mask, names["mask"]) < mistakes(staircase, names["mask"]) / 2


def test_what_try_it_says_can_be_set():
    digits = [[1, 2, 3, 4, 5], [6, 7, 8, 9, 1], [2, 3, 4, 5, 6], [7, 8, 9, 1, 2]]
    explorer = ConvExplorer(digits, [[1, 10], [100, 1000]])
    explorer.stride = 2
    assert explorer.output.shape[-2:] == (2, 2)
