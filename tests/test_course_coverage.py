"""Every item of the sources is taught, and its numbers stand in the executed lessons."""

import copy

import nbformat
import pytest

from tools import course_coverage as coverage


def test_every_item_is_taught_and_shown():
    assert coverage.complaints(coverage.read(), coverage.lesson_cells()) == []


def test_the_page_is_made_from_the_table():
    assert coverage.PAGE.read_text(encoding="utf-8") == coverage.page(coverage.read()), "run `make coverage`"


def test_the_known_items_are_those_of_the_sources():
    assert len(coverage.CLAIMS) == 141
    assert set(coverage.WRONG) <= set(coverage.CLAIMS)
    assert set(coverage.IN_WORDS) <= set(coverage.WRONG)
    assert len(set(coverage.TOPICS)) == len(coverage.TOPICS)


# --- red: one planted fault each ---------------------------------------------------------------------------------

new = nbformat.v4
LESSONS = {
    "01_a": {
        "text": new.new_markdown_cell("The formula needs a floor."),
        "code": new.new_code_cell("3", outputs=[new.new_output("stream", text="size 3\n")]),
    }
}
ENTRY = {
    "id": "S0-02",
    "claim": "it reverses",
    "verdict": "WRONG",
    "lesson": "01_a",
    "text": ["text"],
    "shown": {"code": ["size 3"]},
}


def judged(**changes):
    return coverage.complaints([copy.deepcopy(ENTRY) | changes], LESSONS, ["S0-02"])


def test_the_good_entry_is_good():
    assert judged() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": "S0-99"}, "there is no such item"),
        ({"id": "S0-99"}, "S0-02 is in no lesson"),
        ({"claim": " "}, "not stated"),
        ({"verdict": "FINE"}, "is none of"),
        ({"verdict": "RIGHT"}, "not the known one"),
        ({"lesson": "02_b"}, "no such lesson"),
        ({"text": []}, "no text cell"),
        ({"text": ["code"]}, "code is no text cell"),
        ({"text": ["gone"]}, "gone is no text cell"),
        ({"shown": {}}, "must be run"),
        ({"shown": {"text": ["size 3"]}}, "text is no code cell"),
        ({"shown": {"code": ["size 4"]}}, "does not show 'size 4'"),
        ({"shown": {"code": [""]}}, "does not show ''"),
        ({"shown": {"code": []}}, "nothing is looked for"),
    ],
)
def test_planted_fault_is_found(changes, words):
    assert any(words in complaint for complaint in judged(**changes)), judged(**changes)
