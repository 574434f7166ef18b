"""The two placement tests: right by PyTorch, wrong by name; scored, compared, and the same in their notebooks."""

import itertools
import json
import pathlib
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
import torch
import torch.nn.functional as F

from convlab.feedback.placement import FIRST_TEST, LAST_TEST, Question, saved_answers, score
from convlab.feedback.placement import scoring as scoring_module
from convlab.misconceptions import CATALOGUE, lesson_about, variants, wrong_answer

LESSONS = sorted({entry.lesson for entry in CATALOGUE.values()})
FOLDER = pathlib.Path(__file__).parents[1] / "notebooks"
PAGES = {"00_start_here": FIRST_TEST, "15_where_you_are_now": LAST_TEST}
BOTH = [*enumerate(FIRST_TEST, 1), *enumerate(LAST_TEST, 1)]
NAMED = pytest.mark.parametrize(("number", "question"), BOTH, ids=lambda value: getattr(value, "topic", str(value)))


# --- the questions -----------------------------------------------------------------------------------------------


def row(values):
    return torch.tensor(values)[None, None]


def by_pytorch(number, arguments):
    """The right answer from PyTorch alone."""
    a = dict(arguments)
    if number == 1:
        return F.conv1d(row(a["input"]), row(a["weight"]))[0, 0].tolist()
    if number == 2:
        kernel = torch.zeros(1, 1, a["kernel_size"])
        return F.conv1d(torch.zeros(1, 1, a["input_size"]), kernel, None, a["stride"], a["padding"]).shape[-1]
    if number in (3, 4, 5):
        return F.conv_transpose1d(row(a.pop("input")), row(a.pop("weight")), **a)[0, 0].tolist()
    if number == 6:  # of all four turns, the one with which the recipe gives what the layer gives
        x, kernel = torch.arange(1, 7).reshape(1, 1, 2, 3), row(a["kernel"])
        padded = torch.zeros(1, 1, 5, 7, dtype=torch.long)
        padded[..., 1:4:2, 1:6:2] = x
        turns = [kernel.flip(axes) for axes in ((), (2,), (3,), (2, 3))]
        wanted = F.conv_transpose2d(x, kernel, stride=2)
        (found,) = [turn for turn in turns if torch.equal(F.conv2d(padded, turn), wanted[..., :4, :6])]
        return found[0, 0].tolist()
    if number == 7:  # the gradient of the SAME convolution from stride * i cells, whose odd zero is at the end
        stride, kernel = a["stride"], row(a["w"]).double()
        zeros = kernel.shape[-1] - stride
        cells = torch.zeros(1, 1, stride * len(a["x"]), dtype=torch.float64, requires_grad=True)
        F.conv1d(F.pad(cells, (zeros // 2, zeros - zeros // 2)), kernel, stride=stride).backward(row(a["x"]).double())
        return cells.grad[0, 0].tolist()
    if number == 8:
        return tuple(torch.nn.ConvTranspose2d(**a).weight.shape)
    if number == 9:
        x = torch.zeros(1, 1, 101, dtype=torch.float64, requires_grad=True)
        y = x
        for kernel_size, stride, dilation in a["layers"]:
            y = F.conv1d(y, torch.ones(1, 1, kernel_size, dtype=torch.float64), stride=stride, dilation=dilation)
        y[0, 0, 5].backward()
        read = x.grad[0, 0].nonzero()
        return int(read.max() - read.min() + 1)
    interior = {}
    for name, kernel in a["kernels"].items():
        y = F.conv_transpose1d(torch.ones(1, 1, 12, dtype=torch.long), row(kernel), stride=a["stride"])[0, 0]
        interior[name] = y[len(kernel) : -len(kernel)]
    return {name for name, values in interior.items() if len(values.unique()) == 1}


def plain(truth):
    return truth.tolist() if isinstance(truth, np.ndarray) else truth


@NAMED
def test_truth_is_pytorchs(number, question):
    assert plain(question.truth()) == by_pytorch(number, question.arguments)


def test_both_tests_have_the_same_aims_and_other_numbers():
    assert len(FIRST_TEST) == len(LAST_TEST) == 10
    assert len({question.aim for question in FIRST_TEST}) == 10
    for first, last in zip(FIRST_TEST, LAST_TEST):
        assert (first.topic, first.text, first.aim) == (last.topic, last.text, last.aim)
        assert first.asked != last.asked
        assert plain(first.truth()) != plain(last.truth())


@NAMED
def test_no_question_tells_its_answer(number, question):
    """Data can be read, and the answer does not stand in the question."""
    assert str(plain(question.truth())).strip("[](){}") not in question.asked.replace("stride 2", "").replace("]]", "")


def wrong_by_the_aim(question):
    """Wrong answers of the misconception that a question looks for."""
    found = {}
    for variant in (question.aim, *(question.aim + letter for letter in "abcdef")):
        try:
            found[variant] = plain(wrong_answer(variant, question.problem))
        except ValueError:
            continue
    return {id: answer for id, answer in found.items() if answer is not None and answer != plain(question.truth())}


@NAMED
def test_the_aim_is_named(number, question):
    wrong = wrong_by_the_aim(question)
    assert wrong
    for variant, answer in wrong.items():
        result = question.judge(number, answer)
        assert result.right is False
        assert any(str(slip) in result.text for slip in variants(question.aim)), variant
        assert question.lesson in result.lessons


@NAMED
def test_slips_differ_from_the_truth_and_from_each_other(number, question):
    slips = {id: wrong_answer(id, question.problem) for id in question.slips}
    answers = [plain(question.truth()), *map(plain, slips.values())]
    assert all(one != other for one, other in itertools.combinations(answers, 2))
    for id, answer in slips.items():
        result = question.judge(number, answer)
        assert any(str(slip) in result.text for slip in variants(id[:3]) if slip.id == id)
        assert result.lessons == (lesson_about(id),)


@NAMED
@pytest.mark.parametrize(
    "answer", ["?", [], [[1], [1, 2]], {"a": 1}, object(), True, [True], 10**30, float("nan"), [None], b"AB", [0, 0]]
)
def test_no_answer_breaks_a_question(number, question, answer):
    result = question.judge(number, answer)
    assert result.right is False
    assert result.text
    assert result.lessons


def test_the_form_is_forgiven():
    one, size, shape, letters = (FIRST_TEST[n] for n in (0, 1, 7, 9))
    for answer in (
        [413, 241],
        (413, 241),
        [[413, 241]],
        [413.0, 241.0],
        np.array([413, 241]),
        torch.tensor([413, 241]),
    ):
        assert one.judge(1, answer).right, answer
    assert all(size.judge(2, answer).right for answer in (6, 6.0, [6], np.int64(6)))
    assert all(shape.judge(8, answer).right for answer in ((6, 4, 3, 5), [6, 4, 3, 5], torch.Size([6, 4, 3, 5])))
    for answer in ("BD", "b, d", ["B", "D"], ("D", "B"), {"B", "D"}):
        assert letters.judge(10, answer).right, answer
    assert not letters.judge(10, "B").right
    assert not size.judge(2, 6.5).right


def test_a_lesson_beside_the_aim_is_named():
    """Overwriting stamps is another misconception than a lost stride; it is what the answer shows that counts."""
    result = FIRST_TEST[3].judge(4, [30, 2, 20, 200])  # asked about padding
    assert "overwrites the earlier" in result.text
    assert result.lessons == (lesson_about("M14"),) != (FIRST_TEST[3].lesson,)


def test_a_refused_question_is_not_hidden():
    broken = Question("", "", "M13", "conv_output_size").with_numbers(input_size=2, kernel_size=5)
    with pytest.raises(ValueError, match="kernel_size=5"):
        broken.judge(1, 3)


# --- the score ---------------------------------------------------------------------------------------------------


def right(test):
    return {number: question.truth() for number, question in enumerate(test, 1)}


@pytest.mark.parametrize("test", PAGES.values(), ids=PAGES)
def test_all_right(test):
    found = score(right(test), test)
    assert (found.points, found.passed, found.revisit) == (10, True, ())
    assert "10 of 10 points" in repr(found)
    assert ".ipynb" not in found._repr_html_()


@pytest.mark.parametrize("test", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("number", range(1, 11))
def test_one_wrong_is_found_and_has_a_link(test, number):
    variant, answer = next(iter(wrong_by_the_aim(test[number - 1]).items()))
    found = score(right(test) | {number: answer}, test)
    lesson = test[number - 1].lesson
    assert (found.points, found.passed, found.revisit) == (9, None, (lesson,))
    assert f'href="{lesson}.ipynb"' in found._repr_html_()
    assert (FOLDER / f"{lesson}.ipynb").exists()
    assert any(str(slip) in repr(found) for slip in variants(variant[:3]))
    assert [result.right for result in found.results].count(False) == 1


def test_the_answers_of_one_test_fail_the_other():
    assert score(right(LAST_TEST), FIRST_TEST).points == 0


def test_nothing_and_little_answered():
    none = score({1: ..., 2: None})
    assert (none.points, none.passed, none.picture) == (0, None, "")
    assert "No answers yet" in repr(none)
    little = score({1: [413, 241], 2: ...})
    assert little.points == 1
    assert repr(little).count("no answer") == 9
    assert little.revisit == tuple(sorted({question.lesson for question in FIRST_TEST[1:]}))


def test_no_right_answer_is_given_away():
    wrong = {number: next(iter(wrong_by_the_aim(q).values())) for number, q in enumerate(FIRST_TEST, 1)}
    shown = repr(score(wrong)) + score(wrong)._repr_html_()
    for question in FIRST_TEST:
        if not isinstance(question.truth(), int):
            assert str(plain(question.truth())).strip("[](){}") not in shown, question.topic


def test_comparison_with_the_first_test():
    first, last = right(FIRST_TEST) | {3: [1], 4: ...}, right(LAST_TEST) | {4: [1]}
    found = score(last, LAST_TEST, before=first)
    assert "9 of 10 points; 8 before the course." in repr(found)
    assert "3. Stamps and stride: right (before: wrong)." in repr(found)
    assert "4. Padding of a transposed convolution: wrong (before: no answer)." in repr(found)
    assert found._repr_html_().count("<th") == 5

    points = score(last, LAST_TEST, before=8)
    assert "9 of 10 points; 8 before the course." in repr(points)
    assert "(before" not in repr(points)
    assert "there is no first test" in repr(score(last, LAST_TEST, before={1: ...}))


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (([1, 2],), TypeError, "answers must be a dict"),
        (({11: 1},), ValueError, "from 1 to 10, got 11"),
        (({"1": 1},), ValueError, "got '1'"),
        (({}, LAST_TEST, 11), ValueError, "at most 10"),
        (({}, LAST_TEST, -1), ValueError, "at least 0"),
        (({}, LAST_TEST, "8"), TypeError, "before"),
        (({}, LAST_TEST, {0: 1}), ValueError, "before must be numbered"),
    ],
)
def test_bad_arguments_are_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        score(*arguments)


def test_a_wrong_scorer_is_noticed(monkeypatch):
    """Planted fault: points for whatever was answered."""
    monkeypatch.setattr(scoring_module, "_points", lambda results: sum(r.right is not None for r in results))
    with pytest.raises(AssertionError):
        test_one_wrong_is_found_and_has_a_link(FIRST_TEST, 1)


def test_it_needs_no_heavy_library():
    code = "import sys, convlab.feedback.placement; print({'torch', 'matplotlib', 'ipywidgets'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


# --- saved answers -----------------------------------------------------------------------------------------------


def saved(tmp_path, *sources):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    path = tmp_path / "saved.ipynb"
    nbformat.write(notebook, path)
    return path


def test_saved_answers_are_read_and_not_run(tmp_path):
    sources = [
        "answers = {}",
        "answers[1] = [413, 241]\nanswers[2] = 6  # I think",
        "answers[3] = ...",
        "answers[4] = np.array([1])",
        "answers[5] = (1,",
        "%%time\nanswers[6] = 1",
        'answers[10] = "BD"',
        "answers[1] = [0]\nraise SystemExit",
        "others[7] = 1",
    ]
    assert saved_answers(saved(tmp_path, *sources)) == {1: [0], 2: 6, 3: ..., 4: ..., 10: "BD"}


def test_what_is_no_notebook_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="before=7"):
        saved_answers(tmp_path / "gone.ipynb")
    for text in ("", "[]", "{}", "null"):
        (tmp_path / "bad.ipynb").write_text(text)
        with pytest.raises(ValueError, match="must be a notebook"):
            saved_answers(tmp_path / "bad.ipynb")


def test_the_stored_first_test_has_no_answers():
    assert saved_answers(FOLDER / "00_start_here.ipynb") == dict.fromkeys(range(1, 11), ...)


def test_answers_travel_from_lesson_00_to_lesson_15(tmp_path):
    """A learner writes over the dots and saves; what lesson 15 reads is what lesson 00 scored."""
    text = (FOLDER / "00_start_here.ipynb").read_text(encoding="utf-8")
    for number, answer in right(FIRST_TEST).items():
        written = json.dumps(f"answers[{number}] = {sorted(answer) if isinstance(answer, set) else plain(answer)}")
        text = text.replace(f'"answers[{number}] = ..."', written)
    (tmp_path / "00_start_here.ipynb").write_text(text, encoding="utf-8")
    before = saved_answers(tmp_path / "00_start_here.ipynb")
    assert score(before).points == 10
    assert "0 of 10 points; 10 before the course." in repr(score({1: 0}, LAST_TEST, before))


# --- the notebooks -----------------------------------------------------------------------------------------------


def opened(name):
    return nbformat.v4.reads_json((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))


def question_complaints(notebook, test):
    """Whether a notebook asks exactly the questions of a test, each before an empty answer."""
    cells = {cell.id: cell for cell in notebook.cells}
    order = [cell.id for cell in notebook.cells]
    found = []
    for number, question in enumerate(test, 1):
        asked, answer = cells.get(f"question-{number}"), cells.get(f"answer-{number}")
        if asked is None or answer is None:
            found.append(f"question {number} is missing")
            continue
        if asked.source != f"**{number}. {question.topic}.** {question.asked}":
            found.append(f"question {number} is not the one that is scored")
        if answer.source != f"answers[{number}] = ...":
            found.append(f"the answer to {number} is not open")
        if order.index(answer.id) != order.index(asked.id) + 1:
            found.append(f"the answer to {number} does not follow the question")
    return found


@pytest.mark.parametrize("name", PAGES)
def test_the_notebooks_ask_what_is_scored(name):
    assert question_complaints(opened(name), PAGES[name]) == []


@pytest.mark.parametrize(
    ("plant", "words"),
    [
        (lambda cells: cells["question-3"].update(source=cells["question-3"].source + " "), "question 3 is not"),
        (lambda cells: cells["answer-3"].update(source="answers[3] = [4, 40, 401, 10, 100]"), "3 is not open"),
        (lambda cells: cells["answer-3"].update(id="renamed"), "question 3 is missing"),
        (lambda cells: cells["question-3"].update(id="answer-4") or cells["answer-4"].update(id="question-3"), "3"),
    ],
)
def test_planted_question_is_found(plant, words):
    notebook = opened("00_start_here")
    plant({cell.id: cell for cell in notebook.cells})
    assert any(words in complaint for complaint in question_complaints(notebook, FIRST_TEST))


def lesson_minutes(folder=FOLDER):
    """``{lesson: minutes}``, from what each lesson says itself."""
    found = {}
    for path in sorted(set(folder.glob("*.ipynb")) - set(folder.glob("16_*"))):  # that one is for looking up
        notebook = nbformat.v4.reads_json(path.read_text(encoding="utf-8"))
        text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        needed = re.search(r"^## What you need$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        told = re.search(r"\babout (\d+) minutes\b", needed[1], re.IGNORECASE) if needed else None
        found[path.stem] = int(told[1]) if told else None
    return found


def path_complaints(text, minutes):
    """What is wrong with the paths: minutes of a lesson, the sum of a row, a lesson that no path has."""
    found, linked = [], set()
    for line in text.splitlines():
        lessons = re.findall(r"\[(\d\d)[^\]]*\]\((\w+)\.ipynb\) \((\d+) min\)", line)
        linked |= {lesson for _, lesson, _ in lessons}
        for label, lesson, told in lessons:
            if not lesson.startswith(f"{label}_"):
                found.append(f"{label} leads to {lesson}")
            if minutes.get(lesson) != int(told):
                found.append(f"{lesson} takes {minutes.get(lesson)} minutes, not {told}")
        total = re.search(r"\| (\d+)&nbsp;min \|", line)
        if bool(lessons) != bool(total):
            found.append(f"no lessons, or no sum: {line}")
        elif total and int(total[1]) != sum(int(told) for _, _, told in lessons):
            found.append(f"{total[1]} minutes are not the sum: {line}")
    return found + [f"no path has {lesson}" for lesson in sorted(set(minutes) - set(PAGES) - linked)]


def paths():
    return next(cell.source for cell in opened("00_start_here").cells if cell.id == "paths")


def test_the_paths_have_the_minutes_of_the_lessons():
    minutes = lesson_minutes()
    assert set(LESSONS) <= set(minutes)
    assert all(minutes.values()), minutes
    assert path_complaints(paths(), minutes) == []


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("(25 min)", "(30 min)", "takes 25 minutes, not 30"),
        ("75&nbsp;min", "76&nbsp;min", "not the sum"),
        ("| 75&nbsp;min |", "|", "no sum"),
        ("[14 Shape", "[13 Shape", "13 leads to 14"),
        ("14_shape_clinic", "13_shape_clinic", "no path has 14_shape_clinic"),
    ],
)
def test_planted_path_is_found(before, after, words):
    assert before in paths()
    assert any(words in complaint for complaint in path_complaints(paths().replace(before, after), lesson_minutes()))


def test_lessons_without_a_question_are_named():
    asked = {question.lesson for question in FIRST_TEST}
    text = next(cell.source for cell in opened("00_start_here").cells if cell.id == "after-score")
    told = re.search(r"look into lessons (.*?)\. No question", text)[1]
    assert re.findall(r"\d\d", told) == [lesson[:2] for lesson in LESSONS if lesson not in asked]


@pytest.mark.parametrize("name", PAGES)
def test_the_cheat_sheet_is_linked(name):
    text = "\n".join(cell.source for cell in opened(name).cells if cell.cell_type == "markdown")
    assert "](cheat_sheet.html)" in text
    assert (FOLDER / "cheat_sheet.html").exists()


# --- in JupyterLab -----------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_a_learner_is_led_to_the_lesson(page, tmp_path):
    """Answers are scored in lesson 00; the link in the box opens the lesson, another one the cheat sheet."""
    notebook = opened("00_start_here")
    for cell in notebook.cells:
        if cell.id == "answer-3":
            cell.source = "answers[3] = [4, 40, 1, 10, 100]"
    page.open(page.lab.put(notebook, "placement_00_start_here.ipynb"))
    page.run_all()
    box = page.page.locator('[role="status"]', has_text="of 10 points")
    assert "0 of 10 points." in box.inner_text()
    assert "the later of two overlapping stamps overwrites the earlier" in box.inner_text()
    box.scroll_into_view_if_needed()
    page.screenshot("placement", tmp_path)

    box.get_by_role("link", name="04 transposed convolution by stamping").first.click()
    tabs = page.page.locator("#jp-main-dock-panel .lm-TabBar-tabLabel")
    tabs.filter(has_text="04_transposed").wait_for()
    tabs.filter(has_text="placement_00_start").click()
    page.page.locator(".jp-MarkdownOutput a", has_text="cheat sheet").first.click()
    sheet = page.page.frame_locator(".jp-HTMLViewer iframe")
    sheet.locator("h1", has_text="Convolution arithmetic on one page").wait_for()
    page.screenshot("cheat_sheet", tmp_path)
    assert page.problems == []


# --- the last page shows the thread of the course before it asks --------------------------------------------------


def thread_complaints(notebook):
    """The decoder as one row of pictures, then a line and a link for each lesson, in order, before the questions."""
    cells = {cell.id: cell for cell in notebook.cells}
    order = [cell.id for cell in notebook.cells]
    found = [f"{name} is missing" for name in ("decoder", "thread") if name not in cells]
    if found:
        return found
    if not order.index("decoder") < order.index("thread") < order.index("question-1"):
        found.append("the thread does not stand before the questions")
    if not any("<img alt=" in output.get("data", {}).get("text/html", "") for output in cells["decoder"].outputs):
        found.append("the decoder shows no picture")
    told = re.findall(r"^- \[(\d\d)\]\((\w+)\.ipynb\) \S", cells["thread"].source, re.MULTILINE)
    lessons = sorted(set(lesson_minutes()) - set(PAGES))
    if [lesson for _, lesson in told] != lessons:
        found.append("the lines are not those of the lessons, in order")
    return found + [f"{label} leads to {lesson}" for label, lesson in told if not lesson.startswith(f"{label}_")]


def test_the_last_page_shows_the_thread():
    assert thread_complaints(opened("15_where_you_are_now")) == []


@pytest.mark.parametrize(
    ("plant", "words"),
    [
        (lambda cells: cells["thread"].update(id="gone"), "thread is missing"),
        (lambda cells: cells["decoder"].update(id="gone"), "decoder is missing"),
        (lambda cells: cells["decoder"].outputs.clear(), "no picture"),
        (lambda cells: swapped(cells["thread"], cells["question-1"]), "before the questions"),
        (lambda cells: cells["thread"].update(source=cells["thread"].source.replace("- [04]", "- 04")), "in order"),
        (lambda cells: cells["thread"].update(source=cells["thread"].source.replace("[04]", "[05]")), "05 leads to 04"),
    ],
)
def test_planted_fault_in_the_thread_is_found(plant, words):
    notebook = opened("15_where_you_are_now")
    plant({cell.id: cell for cell in notebook.cells})
    assert any(words in complaint for complaint in thread_complaints(notebook))


def swapped(first, second):
    first.id, second.id = second.id, first.id
