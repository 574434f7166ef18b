"""A learner's own lessons: brought once, brought up to date later, and nothing of the learner's is ever lost."""

import json
import random

import nbformat
import pytest
from click.testing import CliRunner

from convlab import commands, copying
from convlab.copying import copy_lessons, merged
from convlab.lessons import lessons_folder


@pytest.fixture(autouse=True)
def _own_signatures(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path_factory.mktemp("data")))


def cell(id, source, kind="code"):
    made = {"cell_type": kind, "id": id, "metadata": {}, "source": source.splitlines(keepends=True)}
    return made | ({"execution_count": 1, "outputs": [output(source)]} if kind == "code" else {})


def output(text):
    return {"output_type": "stream", "name": "stdout", "text": [f"output of {text}"]}


def notebook(*cells):
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def save(path, *cells):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(notebook(*cells)), "utf-8")


def load(path):
    return json.loads(path.read_text("utf-8"))["cells"]


def sources(path):
    return ["".join(each["source"]) for each in load(path)]


@pytest.fixture
def course(tmp_path):
    """A lesson with a question, an exercise and some text, and the learner's copy of it."""
    cells = [
        cell("t", "Title", "markdown"),
        cell("a", "answer = ..."),
        cell("c", "check()"),
        cell("e", "end", "markdown"),
    ]
    save(tmp_path / "new" / "01_x.ipynb", *cells)
    copy_lessons(tmp_path / "mine", tmp_path / "new")
    return cells, tmp_path / "new" / "01_x.ipynb", tmp_path / "mine" / "01_x.ipynb"


def again(path):
    return {done.name: done for done in copy_lessons(path.parent, path.parents[1] / "new")}[path.name]


def test_all_lessons_are_brought_and_then_left_alone(tmp_path):
    first, second = copy_lessons(tmp_path / "mine"), copy_lessons(tmp_path / "mine")
    assert {done.name for done in first} >= {path.name for path in lessons_folder().glob("*.ipynb")}
    assert {done.done for done in first} == {"new"}
    assert {done.done for done in second} == {"as it was"}
    for path in (tmp_path / "mine").glob("*.ipynb"):
        nbformat.validate(nbformat.read(path, as_version=4))


def test_the_copy_holds_no_output_that_tells_the_truth_of_a_prediction(tmp_path):
    save(
        tmp_path / "new" / "01_x.ipynb",
        cell("f", "figure()"), cell("m", "**Predict.**", "markdown"), cell("p", "predict('?', 'conv1d')"),
        cell("r", "run()"), cell("g", "draw()"), cell("n", "**Explain.**", "markdown"), cell("h", "after()"),
        cell("q", "predict('?', 'conv2d')"), cell("o", "**Run.**", "markdown"), cell("s", "run()"),
        cell("u", "## Next", "markdown"), cell("v", "predict('?', 'conv3d')"), cell("w", "## Next", "markdown"),
        cell("i", "other()"),
    )  # fmt: skip
    copy_lessons(tmp_path / "mine", tmp_path / "new")
    outputs = {each["id"]: str(each["outputs"]) for each in load(tmp_path / "mine" / "01_x.ipynb") if "outputs" in each}
    assert [id for id, shown in outputs.items() if "output of" in shown] == ["f", "h", "i"]
    assert [id for id, shown in outputs.items() if "Run this cell" in shown] == ["p", "q", "v"]
    assert str(outputs).count("<style>") == 1


def test_an_answer_stays_and_the_rest_follows_the_lesson(course):
    cells, new, mine = course
    own = [*load(mine), cell("own", "my notes")]
    own[1] = cell("a", "answer = 5")
    save(mine, *own)
    before = mine.read_bytes()
    assert again(mine).done == "as it was"
    assert mine.read_bytes() == before
    save(new, cells[0] | {"source": ["Better title"]}, cell("k", "new cell"), *cells[1:3])  # and the end is gone
    assert again(mine) == ("01_x.ipynb", "updated", 0)
    assert sources(mine) == ["Better title", "new cell", "answer = 5", "check()", "my notes"]
    assert load(mine)[2]["outputs"] == [output("answer = 5")]
    assert (mine.parent / ".convlab" / "01_x.before.ipynb").read_bytes() == before
    assert again(mine).done == "as it was"


def test_what_both_have_changed_is_there_twice_the_learners_first(course):
    cells, new, mine = course
    save(mine, load(mine)[0], cell("a", "answer = 5"), *load(mine)[2:])
    save(new, cells[0], cell("a", "answers = ..., ..."), *cells[2:])
    assert again(mine).kept == 1
    assert sources(mine)[1:3] == ["answer = 5", "answers = ..., ..."]
    save(new, cells[0], cell("a", "third"), *cells[2:])
    again(mine)
    assert sources(mine)[1:4] == ["answer = 5", "answers = ..., ...", "third"]
    ids = [each["id"] for each in load(mine)]
    assert len(ids) == len(set(ids))


def test_a_deleted_cell_stays_deleted_until_the_lesson_changes_it(course):
    cells, new, mine = course
    save(mine, *load(mine)[:3])
    save(new, cells[0] | {"source": ["Better title"]}, *cells[1:])
    again(mine)
    assert sources(mine) == ["Better title", "answer = ...", "check()"]
    save(new, *cells[:3], cell("e", "a new end", "markdown"))
    again(mine)
    assert sources(mine)[-1] == "a new end"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": [{"source": ""}]}', "<<<<<<< HEAD"])
def test_what_cannot_be_read_is_left_as_it_is(content, course):
    cells, new, mine = course
    mine.write_text(content)
    save(new, *cells[:2])
    assert again(mine).done == "cannot be read: left as it is"
    assert mine.read_text() == content


def test_a_copy_made_by_hand_loses_nothing(course):
    cells, _, mine = course
    (mine.parent / ".convlab" / mine.name).unlink()
    save(mine, cells[0], cell("a", "answer = 5"), *cells[2:])
    again(mine)
    assert sources(mine)[1:3] == ["answer = 5", "answer = ..."]


@pytest.mark.parametrize("seed", range(50))
def test_no_text_of_the_learner_is_ever_lost(seed):
    """Random histories: whatever a learner wrote is there afterwards, once."""
    choose = random.Random(seed)
    lesson = [cell(f"i{n}", f"text {n}") for n in range(6)]
    brought = {each["id"]: "".join(each["source"]) for each in lesson}
    own = [cell(each["id"], f"mine {n}") if choose.random() < 0.4 else each for n, each in enumerate(lesson)]
    own = [each for each in own if choose.random() < 0.9]
    for n in range(choose.randrange(4)):
        own.insert(choose.randrange(len(own) + 1), cell(f"own{n}", f"mine own {n}"))
    new = [cell(each["id"], f"better {n}") if choose.random() < 0.4 else each for n, each in enumerate(lesson)]
    new = [each for each in new if choose.random() < 0.8] + [cell("added", "added")]
    cells, _ = merged(new, own, brought)
    texts = ["".join(each["source"]) for each in cells]
    written = ["".join(each["source"]) for each in own if "".join(each["source"]).startswith("mine")]
    assert sorted(text for text in texts if text.startswith("mine")) == sorted(written)
    assert {"".join(each["source"]) for each in new if each["id"] not in brought} <= set(texts)
    assert len({each["id"] for each in cells}) == len(cells)


def test_a_forgetful_merge_is_caught(monkeypatch, course):
    """Planted fault: what the learner has and the lesson has not is dropped."""
    monkeypatch.setattr(copying, "_with_own", lambda cells, *others: cells)
    with pytest.raises(AssertionError):
        test_an_answer_stays_and_the_rest_follows_the_lesson(course)


def test_the_copies_are_trusted_so_that_saved_answers_are_shown(course):
    from nbformat.sign import NotebookNotary

    _, _, mine = course
    assert NotebookNotary().check_signature(nbformat.read(mine, as_version=4))


# --- the command -------------------------------------------------------------------------------------------------


def test_copy_says_what_it_did(tmp_path):
    run = CliRunner().invoke(commands.main, ["copy", str(tmp_path / "mine")])
    assert run.exit_code == 0
    assert "00_start_here.ipynb: new" in run.output
    assert CliRunner().invoke(commands.main, ["copy", str(tmp_path / "mine")]).output.count("\n") == 1


@pytest.mark.parametrize("folder", ["lessons", "file"])
def test_copy_refuses_in_a_sentence(folder, tmp_path):
    (tmp_path / "file").write_text("")
    place = lessons_folder() if folder == "lessons" else tmp_path / "file"
    run = CliRunner().invoke(commands.main, ["copy", str(place)])
    assert run.exit_code
    assert "Error: " in run.output
    assert "Traceback" not in run.output


def test_lab_opens_the_copy_with_the_settings_of_learners(tmp_path, monkeypatch):
    called = []
    monkeypatch.setattr(commands.subprocess, "call", lambda command: called.append(command) or 0)
    run = CliRunner().invoke(commands.main, ["lab", "--folder", str(tmp_path / "mine"), "--no-browser", "--port=9000"])
    assert run.exit_code == 0, run.output
    assert called[0][-2:] == ["--no-browser", "--port=9000"]
    assert f"--ServerApp.root_dir={tmp_path / 'mine'}" in called[0]
    assert "--LabApp.default_url=/lab/tree/00_start_here.ipynb" in called[0]
    monkeypatch.setattr(commands.importlib.util, "find_spec", lambda name: None)
    run = CliRunner().invoke(commands.main, ["lab", "--folder", str(tmp_path / "mine")])
    assert "pip install 'convlab[lab]'" in run.output
