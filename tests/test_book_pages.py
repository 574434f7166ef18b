"""What the book makes of notebooks: predictions that judge themselves as Python does, what waits, links, sources."""

import json
import pathlib

import nbformat
import pytest

from convlab.explorers.javascript import ask
from convlab.feedback.typed import example, read_typed
from test_prediction import SPELLINGS
from tools.book.lessons import page_of, truth_of, waiting
from tools.book.pages import cited, section
from tools.book.script import STATIC, script

LESSONS = sorted((pathlib.Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
READER = (STATIC / "typed.js").read_text("utf-8").replace("export ", "")
READER += "\nfunction answer(text, asked) { try { return { value: read(text, asked) }; } "
READER += "catch (error) { return { said: error.message }; } }\n"

REFUSED = [
    (5, ["", "five", "5 6"]),
    (0.5, ["0,5"]),
    ([21, 32], ["21", "21 32 43", " "]),
    ([1, 2, 3], ["1,,x", "__import__('os')", "[]", "[[[[[", "1+1 2 3", 'it\'s "five"']),
    ([[5, 6], [8, 9]], ["5 6 8", "5", "5 6; 8"]),
    (True, ["perhaps", "it's", ","]),
    ([True, False], ["yes", "yes maybe"]),
]


def both(text, truth, counted):
    """What Python and the page make of a text, in one form."""
    try:
        ours = {"value": read_typed(text, truth, counted)}
    except ValueError as error:
        ours = {"said": str(error)}
    asked = {"truth": truth, "counted": counted, "example": example(truth, counted)}
    return ours, ask("answer", text, asked, module=READER)


TEXTS = [(truth, text) for truth, texts in SPELLINGS for text in texts.split("~")]
TEXTS += [(truth, text) for truth, texts in REFUSED for text in texts]


@pytest.mark.parametrize("counted", [True, False])
def test_the_page_reads_as_python_does(counted):
    read = {(str(truth), text): both(text, truth, counted) for truth, text in TEXTS}
    assert {key: pair for key, pair in read.items() if pair[0] != pair[1]} == {}


def test_a_reader_of_its_own_mind_is_found():
    worse = READER.replace("[;|\\n]", "[|\\n]")
    assert worse != READER
    asked = {"truth": [[5, 6], [8, 9]], "counted": False, "example": ""}
    assert ask("answer", "5 6; 8 9; 1 2", asked, module=worse) != both("5 6; 8 9; 1 2", [[5, 6], [8, 9]], False)[0]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_prediction_of_a_lesson_becomes_a_form(path):
    notebook = nbformat.read(path, as_version=4)
    page = page_of(notebook, path.stem, {})
    calls = sum("predict(" in cell.source for cell in notebook.cells if cell.cell_type == "code")
    html = [output.get("data", {}).get("text/html", "") for cell in page.cells for output in cell.get("outputs", ())]
    assert sum(text.startswith("<div data-prediction=") for text in html) == calls
    numbers = {number for _, number in waiting(notebook.cells)}
    assert numbers <= set(range(1, calls + 1))


def cell(kind, source, html=None):
    if kind == "text":
        return nbformat.v4.new_markdown_cell(source)
    outputs = [nbformat.v4.new_output("display_data", {"text/html": html})] if html else []
    return nbformat.v4.new_code_cell(source, outputs=outputs)


FOLDED = "<p>Two?</p><details><summary>Predict first, then open</summary><code>[1, 2]</code></details>"
QUESTION = cell("code", "predict('Two?', f)", FOLDED)


@pytest.mark.parametrize(
    ("cells", "waits"),
    [
        ([QUESTION, cell("code", "f()"), cell("text", "**Explain.** So."), cell("text", "Next.")], [1, 2]),
        ([QUESTION, cell("text", "**Run.**"), cell("code", "f()"), cell("text", "Next."), cell("code", "g()")], [2]),
        ([QUESTION, cell("code", "f()"), cell("text", "**Explain.** As:"), cell("code", "torch")], [1, 2, 3]),
        ([QUESTION, cell("code", "f()"), cell("text", "**Explain.** So.\n\n## Next"), cell("code", "g()")], [1, 2]),
        ([cell("code", "f()"), QUESTION, cell("text", "Next."), cell("code", "g()")], []),
    ],
    ids=["truth and explanation", "run stands between", "code of the explanation", "a new topic ends it", "nothing"],
)
def test_what_waits_behind_a_prediction(cells, waits):
    found = [one for one, _ in waiting(cells)]
    assert [place for place, one in enumerate(cells) if any(one is other for other in found)] == waits


def test_only_the_explanation_waits_and_not_the_topic_after_it():
    notebook = nbformat.v4.new_notebook(
        cells=[QUESTION, cell("code", "f()"), cell("text", "**Explain.** So.\n\n## Next")]
    )
    text = page_of(notebook, "01_a", {}).cells[2].source
    assert text == "::::::{container} behind-1\n**Explain.** So.\n\n\n::::::\n\n## Next"


@pytest.mark.parametrize(
    ("told", "truth"),
    [
        ("[1, 2]", [1, 2]),
        ("(1, (2, 3))", [1, [2, 3]]),
        ("0.75", 0.75),
        ("CADB", "CADB"),
        ("False", False),
        ("{3}", [3]),
    ],
)
def test_truth_is_read_from_what_is_stored(told, truth):
    assert truth_of(told) == truth
    assert type(truth_of(told)) is type(truth)


def test_sources_are_all_links_of_the_lessons():
    notebooks = {path.stem: nbformat.read(path, as_version=4) for path in LESSONS}
    texts = {name: json.dumps([one.source for one in book.cells]) for name, book in notebooks.items()}
    found = cited(notebooks)
    assert len(found) > 50
    assert all(f"({url})" in texts[name] for url, (_, names) in found.items() for name in names)
    assert sum(text.count("](http") for text in texts.values()) >= sum(len(names) for _, names in found.values())


def test_a_section_that_is_gone_is_an_error():
    with pytest.raises(ValueError, match="no section 'Doors'"):
        section("# A\n## B\ntext", "Doors")


def test_the_script_is_one_file_without_imports():
    assert not any(line.startswith(("import ", "export ")) for line in script().splitlines())
