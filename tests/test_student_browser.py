"""A student in JupyterLab: commits a prediction, gets an exercise wrong twice, then right."""

import nbformat
import pytest

from browser import (
    browser_fixture,  # noqa: F401
    lab_fixture,  # noqa: F401
    page_fixture,  # noqa: F401
)

pytestmark = pytest.mark.browser

PROBLEM = '"conv_transpose1d", [2, 3], [1, 2, 3], stride=2'
KERNEL = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}


def lesson_of(*sources):
    new = nbformat.v4
    return new.new_notebook(cells=[new.new_code_cell(source) for source in sources], metadata=KERNEL)


def commit(page, text):
    page.page.get_by_label("Your prediction:").fill(text)
    page.page.get_by_role("button", name="Commit").click()


def test_prediction_is_committed_by_hand(page, tmp_path):
    source = f"from convlab.prediction import predict\npredict('All five numbers?', {PROBLEM})"
    page.open(page.lab.put(lesson_of(source), "predict.ipynb"))
    page.run_all()
    assert "9, 6, 9" not in page.page.inner_text(".jp-Notebook")

    commit(page, "five")
    page.page.wait_for_selector("text=Please type numbers")
    commit(page, "2 4 3 6 9")
    page.page.wait_for_selector("text=the later of two overlapping stamps overwrites the earlier")
    page.page.wait_for_selector("text=It gives [2, 4, 9, 6, 9].")
    assert page.page.get_by_role("button", name="Commit").is_disabled()
    page.screenshot("prediction", tmp_path)
    assert page.problems == []


def test_hints_grow_from_run_to_run(page, tmp_path):
    answers = ("...", "[2, 4, 3, 6, 0]", "[2, 4, 3, 6, 9]", "[2, 4, 9, 6, 9]")
    checks = [f"check.equal({answer}, {PROBLEM})" for answer in answers]
    page.open(page.lab.put(lesson_of("from convlab import checks as check", *checks), "hints.ipynb"))
    page.run_all()
    shown = [" ".join(output["text"].split()) for cell in page.cells() for output in cell["outputs"]]
    assert "No answer yet" in shown[0]
    assert "first difference is at [2]: you have 3" in shown[1]
    assert "M14a" not in shown[1]
    assert "M14a" in shown[2]
    assert "Right: [2, 4, 9, 6, 9]" in shown[3]
    page.screenshot("hints", tmp_path)
    assert page.problems == []


def test_wrong_program_is_noticed(page):
    """Planted fault: a prediction whose button does nothing."""
    broken = "import convlab.prediction as p\np.Prediction.commit = lambda self, text: None\n"
    page.open(page.lab.put(lesson_of(f"{broken}p.predict('All five numbers?', {PROBLEM})"), "broken.ipynb"))
    page.run_all()
    commit(page, "2 4 3 6 9")
    page.page.wait_for_timeout(500)
    assert "overwrites" not in page.page.inner_text(".jp-Notebook")
    assert not page.page.get_by_role("button", name="Commit").is_disabled()
