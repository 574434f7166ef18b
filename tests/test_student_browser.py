"""A student in JupyterLab: predicts before the truth is shown, is hinted at, and finds all of it the next day."""

import json
import pathlib
import sys

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe

from browser import LessonPage
from convlab.commands import SETTINGS
from convlab.copying import bring

pytestmark = pytest.mark.browser

PROBLEM = '"conv_transpose1d", [2, 3], [1, 2, 3], stride=2'
KERNEL = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}


def lesson_of(*sources):
    new = nbformat.v4
    return new.new_notebook(cells=[new.new_code_cell(source) for source in sources], metadata=KERNEL)


def field(page):
    return page.page.get_by_label("Your prediction:").first


def seen(page):
    """What is visible of the outputs and texts, in order."""
    return page.page.evaluate(
        """() => [...document.querySelectorAll('.jp-OutputArea-child, .jp-RenderedMarkdown')]
            .filter(element => element.checkVisibility()).map(element => element.innerText.trim())"""
    )


def saved(page, name):
    """Press Ctrl+S and wait for the file."""
    before = (page.lab.folder / name).read_text()
    page.page.keyboard.press("Control+s")
    for _ in range(100):
        page.page.wait_for_timeout(100)
        text = (page.lab.folder / name).read_text()
        if text not in ("", before) and text.endswith("}\n"):  # it is written in place
            return nbformat.reads(text, as_version=4)
    raise AssertionError(f"{name} is not saved")


PREDICTION = f"from convlab.feedback.prediction import predict\npredict('All five numbers?', {PROBLEM})"
TRUTH = "print([2, 4, 9, 6, 9])"
EXPLORER = "from convlab.explorers import PaddingExplorer\nPaddingExplorer('torch', begin=1)"


def with_texts(*cells):
    """Cells from their sources: what begins with two stars is Markdown."""
    new = nbformat.v4
    made = [(new.new_markdown_cell if text.startswith("**") else new.new_code_cell)(text) for text in cells]
    return new.new_notebook(cells=made, metadata=KERNEL)


def test_prediction_is_committed_by_hand(page, tmp_path):
    page.open(page.lab.put(lesson_of(PREDICTION), "predict.ipynb"))
    page.run_all()
    assert field(page).get_attribute("placeholder") == "5 numbers, like 1, 2, 3"
    field(page).fill("21")
    field(page).press("Enter")
    page.page.wait_for_selector("text=5 numbers are asked for")
    field(page).fill("2 4\n3 6 9")
    page.page.get_by_role("button", name="Commit").click()
    page.page.wait_for_selector("text=the later of two overlapping stamps overwrites the earlier")
    page.page.wait_for_selector("text=It gives [2, 4, 9, 6, 9].")
    assert not page.page.get_by_role("button", name="Commit").is_visible()
    assert Axe().run(page.page, context=[".convlab-prediction"]).violations_count == 0
    page.screenshot("prediction", tmp_path)
    assert page.problems == []


def test_keys_in_a_prediction_are_its_own(page):
    """JupyterLab's keys would add, delete and change cells, above all where the field takes no text any more."""
    page.open(page.lab.put(lesson_of(PREDICTION, "1 + 1"), "keys.ipynb"))
    page.run_all()
    field(page).fill("2 4 9 6 9")
    field(page).press("Enter")
    page.page.wait_for_selector("text=Right: [2, 4, 9, 6, 9]")
    assert page.page.evaluate("document.activeElement.tagName") == "TEXTAREA", "the focus is lost"
    page.page.keyboard.type("abddxm00")
    assert [cell["prompt"] for cell in page.cells()] == ["[1]:", "[2]:"]
    assert saved(page, "keys.ipynb").cells[0].source == PREDICTION


@pytest.fixture
def asked(page):
    """A lesson after Run All: two predictions, each with its truth."""
    cells = ("**Predict.** One.", PREDICTION, TRUTH, "40 + 2", "**Explain.** Because.", "print('between')")
    more = (
        "**Predict.** Two.",
        "predict('Its size?', 'conv_output_size', 9, 3)",
        "**Run.** Count.",
        "print('seven')",
        EXPLORER,
        "**Now** more.",
    )
    page.open(page.lab.put(with_texts(*cells, *more), "truth.ipynb"))
    page.run_all()
    return page


def told(page):
    """Which of the things that tell a truth are visible."""
    return [
        text
        for text in ("[2, 4, 9, 6, 9]", "42", "Explain. Because.", "between", "Run. Count.", "seven")
        if text in " ".join(seen(page)[1:])
    ]


def test_the_truth_waits_below_its_prediction(asked, tmp_path):
    assert told(asked) == ["between", "Run. Count."]
    asked.screenshot("truth_waits", tmp_path)
    field(asked).fill("2 4 9 6 9")
    field(asked).press("Enter")
    asked.page.wait_for_selector("text=Right: [2, 4, 9, 6, 9]")
    assert told(asked) == ["[2, 4, 9, 6, 9]", "42", "Explain. Because.", "between", "Run. Count."]
    asked.page.get_by_role("button", name="Skip").click()
    asked.page.wait_for_selector("text=Skipped. It gives 7.")
    assert told(asked)[-1] == "seven"
    assert asked.problems == []


def test_the_truth_waits_in_a_new_copy_that_is_not_run(page, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    lesson = with_texts(PREDICTION, TRUTH, "**Explain.** Because.", "print('between')")
    (tmp_path / "lessons").mkdir()
    nbformat.write(lesson, tmp_path / "lessons" / "copied.ipynb")
    bring(tmp_path / "lessons" / "copied.ipynb", page.lab.folder)
    page.lab.request("api/contents/copied.ipynb/trust", "POST")  # this process is not the one that serves it
    page.open("copied.ipynb")
    page.page.wait_for_selector("text=Run this cell (Shift+Enter) to answer.")
    assert told(page) == []
    page.run_all()
    field(page).fill("2 4 9 6 9")
    field(page).press("Enter")
    page.page.wait_for_selector("text=Right: [2, 4, 9, 6, 9]")
    assert told(page) == ["[2, 4, 9, 6, 9]", "Explain. Because.", "between"]


def test_a_truth_that_does_not_wait_is_noticed(asked):
    """Planted fault: the mark that the style sheet looks for is gone."""
    asked.page.evaluate("document.querySelectorAll('[data-open]').forEach(form => form.removeAttribute('data-open'))")
    assert told(asked) != ["between", "Run. Count."]


NO_MODEL = "Error displaying widget"


@pytest.fixture
def next_day(asked, browser):
    """The lesson, one of its predictions committed, saved, its kernel stopped; a function opens it the next day."""
    field(asked).fill("2 4 3 6 9")
    field(asked).press("Enter")
    asked.page.wait_for_selector("text=overwrites the earlier")
    notebook, lab = saved(asked, "truth.ipynb"), asked.lab
    asked.page.close()
    lab.stop_kernels()
    windows = []

    def reopen(change=lambda notebook: None):
        change(notebook)
        windows.append(browser.new_context(viewport={"width": 1280, "height": 900}))
        page = LessonPage(windows[-1].new_page(), lab)
        lab.put(notebook, "truth.ipynb")
        lab.request("api/contents/truth.ipynb/trust", "POST")  # a changed one would not be trusted any more
        page.open("truth.ipynb")
        page.page.wait_for_function(
            "wrong => document.querySelectorAll('.convlab-prediction')[1] || document.body.innerText.includes(wrong)",
            arg=NO_MODEL,
        )
        return page

    yield reopen
    for window in windows:
        window.close()


def test_the_next_day_all_is_there(next_day, tmp_path):
    page = next_day()
    shown = page.page.inner_text(".jp-Notebook")
    assert NO_MODEL not in shown
    assert field(page).input_value() == "2 4 3 6 9"
    assert "overwrites the earlier" in shown
    assert shown.count("To go on, choose Run > Run All Above Selected Cell") == 1, "at the open prediction"
    assert told(page) == ["[2, 4, 9, 6, 9]", "42", "Explain. Because.", "between", "Run. Count."]
    page.screenshot("next_day", tmp_path)
    page.page.get_by_role("button", name="Skip").click()  # that needs no kernel
    assert told(page)[-1] == "seven"
    page.page.wait_for_selector(".jp-OutputArea-output svg >> visible=true")  # the explorer draws itself
    assert page.problems == []


def test_a_lesson_saved_without_its_widgets_is_noticed(next_day):
    """Planted fault: what JupyterLab does without convlab's settings."""
    page = next_day(lambda notebook: notebook.metadata.pop("widgets"))
    assert NO_MODEL in page.page.inner_text(".jp-Notebook")


def test_learners_have_no_menus_of_teachers(asked):
    menus = asked.page.inner_text(".lm-MenuBar")
    assert "Run" in menus
    assert "Nbgrader" not in menus
    assert asked.page.get_by_text("Validate", exact=True).count() == 0
    off = json.loads((SETTINGS / "page_config.json").read_text())["disabledExtensions"]
    found = [pathlib.Path(sys.prefix, "share/jupyter/labextensions", name) for name in off]
    assert all(path.exists() for path in found), "what is off must be an extension that there is"


def test_hints_grow_from_run_to_run(page, tmp_path):
    answers = ("...", "[2, 4, 3, 6, 0]", "[2, 4, 3, 6, 9]", "[2, 4, 9, 6, 9]")
    checks = [f"check.equal({answer}, {PROBLEM})" for answer in answers]
    page.open(page.lab.put(lesson_of("from convlab import checks as check", *checks), "hints.ipynb"))
    page.run_all()
    shown = [" ".join(output["text"].split()) for cell in page.cells() for output in cell["outputs"]]
    assert "No answer yet" in shown[0]
    assert "first difference is at [2]: you have 3" in shown[1]
    assert "overwrites" not in shown[1]
    assert "overwrites" in shown[2]
    assert "Right: [2, 4, 9, 6, 9]" in shown[3]
    page.screenshot("hints", tmp_path)
    assert page.problems == []


def test_wrong_program_is_noticed(page):
    """Planted fault: a prediction whose button does nothing."""
    broken = "import convlab.feedback.prediction as p\np.Prediction.commit = lambda self, text: None\n"
    page.open(page.lab.put(lesson_of(f"{broken}p.predict('All five numbers?', {PROBLEM})"), "broken.ipynb"))
    page.run_all()
    field(page).fill("2 4 3 6 9")
    field(page).press("Enter")
    page.page.wait_for_timeout(500)
    assert "overwrites" not in page.page.inner_text(".jp-Notebook")
    assert page.page.get_by_role("button", name="Commit").is_visible()
