"""Reading what is handed in, trusting none of it, and running test cells: the parts, without nbgrader's command."""

import ast
import contextlib
import copy
import json
import logging
import os
import subprocess
import sys
import time
import types

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat.v4 import new_code_cell
from nbgrader.utils import compute_checksum, determine_grade
from traitlets.config import Config

from convlab.grading.configuration import configure
from convlab.grading.sandbox import (
    NotGraded,
    bubblewrap,
    free_names,
    grade,
    notebook,
    progress,
    read_submission,
    sanitize,
)
from convlab.grading.sandbox.check_cells import CheckCell
from convlab.grading.sandbox.nbgrader_steps import GradeInSandbox
from convlab.grading.sandbox.notebook import refused
from convlab.grading.sandbox.room import RoomTest
from convlab.grading.sandbox.stubs import ABSENT, Nothing
from convlab.grading.sandbox.trusted_cells import TrustedCells
from convlab.grading.sandbox.ways import sealed_names, ways
from convlab.grading.sandbox.wire import clean, encode

# ------------------------------------------------------------------ markdown

HTML = "< > <b> <script> </ <!-- <? &lt; &#60; javascript: onerror= \" ' ` ```".split()
MARKS = [*"[x]( ) ![ ]( $ $$ \\ \\begin{x} \\end{x} | ~~".split(), "[r]: ", "\n", "\n\n", "> ", "* ", "# "]
LINKS = ["attachment:a.png", "https://example.org", "data:text/html,x", "mermaid", "img"]
pieces = st.sampled_from([*HTML, *MARKS, *LINKS])
hostile = st.lists(pieces | st.text(max_size=3), max_size=12).map("".join)


def page(text):
    """What nbgrader's pages make of a cell of markdown."""
    return BeautifulSoup(MarkdownWithMath(renderer=IPythonRenderer(escape=False)).render(text), "html.parser")


def bad(parsed):
    """What on a page could run, load something, or be taken for a field of Formgrader's."""
    found = [tag for tag in parsed.find_all(True) if tag.name not in sanitize.TAGS]
    found += [tag for tag in parsed.find_all(True) if not set(tag.attrs) <= sanitize.ATTRIBUTES]
    links = [(tag, tag.get("href") or tag.get("src") or "#") for tag in parsed.find_all(["a", "img"])]
    good = ("#", "https:", "http:", "mailto:", "data:image/png;")
    return found + [tag for tag, link in links if not link.lower().startswith(good)]


def test_bad_goes_red():
    assert bad(page("<script>1</script>"))
    assert bad(page("[a](javascript:1)"))
    assert bad(page("<img src=x onerror=1>"))
    assert bad(page("###### size_stride"))
    assert bad(page("* [x] done"))
    assert not bad(page("[b](https://example.org) **c** `d`"))


@given(hostile)
def test_markdown_holds_nothing_that_runs(text):
    assert not bad(page(sanitize.markdown(text)))


@given(hostile)
def test_a_block_of_text_stays_a_block_of_text(text):
    parsed = page(sanitize.as_text(text.replace("\r", " ")))
    assert {tag.name for tag in parsed.find_all(True)} <= {"pre", "code"}


def test_honest_markdown_stays_as_it_is():
    text = (
        "A title\n\n* *one* and **two**\n* $x^2$ and `code`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nx = 3\n```"
    )
    assert sanitize.markdown(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# Title", "\n**Title**\n"),
        ("###### **size** ##", "\n**size**\n"),
        ("Title\n===\nwords", "Title\n\n===\nwords"),
        ("Title\n---", "Title\n\n---"),
        ("```\n# a comment\n```", "```\n# a comment\n```"),
        ("> # size", "```\n> # size\n```"),
        ("* # size", "```\n* # size\n```"),
        ("- [x] done", "```\n- [x] done\n```"),
    ],
)
def test_headings_have_no_ids_that_formgrader_could_take_for_its_fields(text, shown):
    assert sanitize.markdown(text) == shown
    assert not page(shown).find_all(id=True)


def test_rendering_that_takes_too_long_gives_plain_text(monkeypatch):
    monkeypatch.setattr(sanitize, "SECONDS", 0.2)

    class Slow:
        def __init__(self, **options):
            pass

        def render(self, text):
            while True:
                pass

    monkeypatch.setattr(sanitize, "MarkdownWithMath", Slow)
    assert sanitize.markdown("words") == "```\nwords\n```"


@pytest.mark.parametrize("name", ["a.html", "a.HTM", "a.svg", "a.xhtml", "a.xml", "a.js", "sub/b.html", "a.svgz"])
def test_files_that_a_browser_runs_become_text(tmp_path, name):
    (tmp_path / "sub").mkdir()
    (tmp_path / name).write_text("<script>")
    (tmp_path / "teacher.svg").write_text("<svg/>")
    (tmp_path / "data.csv").write_text("1")
    sanitize.disarm(tmp_path, {"teacher.svg"})
    names = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert names == {f"{name}.txt", "teacher.svg", "data.csv"}


def test_only_pictures_pass_for_pictures():
    assert not sanitize.png("iVBORw0KGgo=")  # only the beginning
    assert not sanitize.png(None)
    assert not sanitize.png("<script>")
    header = "iVBORw0KGgoAAAANSUhEUgAA//8AAP//CAAAAAA="  # 65535 x 65535 pixels
    assert not sanitize.png(header)
    assert sanitize.png("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA=")


# ------------------------------------------------------------------ reading

names = st.sampled_from(
    "cells worksheets cell_type source input metadata nbgrader grade_id attachments level outputs".split()
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | st.text(max_size=3), inner, max_size=4),
    max_leaves=15,
)
cells = st.dictionaries(names, anything | st.sampled_from(["code", "markdown", "raw", "heading"]), max_size=6)


@given(st.lists(cells | anything, max_size=4) | anything)
def test_whatever_a_file_holds_it_becomes_plain_cells_or_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.ipynb"
    path.write_text(json.dumps({"cells": content}))
    with contextlib.suppress(NotGraded):
        notebook = read_submission(path)
        nbformat.validate(notebook)
        for cell in notebook.cells:
            assert set(cell.metadata) <= {"nbgrader"}
            assert set(cell.metadata.get("nbgrader", {})) <= {"grade_id"}
            assert cell.get("outputs", []) == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"\xff\xfe", "no text"),
        (b"[1", "cannot be read as JSON (line 1)"),
        (b"[" * 100_000, "cannot be read as JSON"),
        (b"[]", "no cells"),
        (b'{"cells": 3}', "no cells"),
        (b'{"cells": [' + b"{}," * 3000 + b"{}]}", "3,001 cells, more than 2,000"),
    ],
)
def test_files_that_are_no_notebooks(tmp_path, data, words):
    (tmp_path / "a.ipynb").write_bytes(data)
    with pytest.raises(NotGraded) as caught:
        read_submission(tmp_path / "a.ipynb")
    assert words in str(caught.value)


def test_a_folder_with_the_name_of_a_notebook(tmp_path):
    with pytest.raises(NotGraded, match="cannot be read: Is a directory"):
        read_submission(tmp_path)


def test_dates_that_are_none_are_refused(tmp_path):
    for text in ("", "2026-01-31 12:00:00 UTC", "2026-01-31 12:00:00.5 Europe/Berlin"):
        (tmp_path / "timestamp.txt").write_text(text)
        assert refused(tmp_path) is None
    for text in ("tomorrow", "9" * 99, "\x00", "31"):
        (tmp_path / "timestamp.txt").write_text(text)
        assert refused(tmp_path) is None or "holds no date" in refused(tmp_path)
    (tmp_path / "timestamp.txt").write_bytes(b"\xff\xff")
    assert "holds no date" in refused(tmp_path)


def test_a_thousand_folders_in_one_another_stop_nobody(tmp_path):
    """Neither who has them nor, where files have two names, who is looked for among them."""
    deep, other = tmp_path / "deep" / "tiny", tmp_path / "other" / "tiny"
    for folder in (deep, other):
        folder.mkdir(parents=True)
    descriptor = os.open(deep, os.O_RDONLY)
    for _ in range(1100):
        os.mkdir("a", dir_fd=descriptor)
        inner = os.open("a", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = inner
    os.close(descriptor)
    assert "lies in more than 20 folders in one another" in refused(deep, tmp_path)
    (other / "data.txt").write_text("1")
    os.link(other / "data.txt", other / "again.txt")
    assert refused(other, tmp_path) is None
    subprocess.run(["rm", "-rf", deep], check=True)  # pytest's own clearing up recurses, and fails


# ------------------------------------------------------------------ cells of the assignment


def known_cell(name, source, **more):
    facts = {"cell_type": "code", "source": source, "locked": False, "checksum": None} | more
    kinds = {"grade": False, "solution": False, "task": False, "points": None}
    return name, kinds | facts


def locked(name, source, **more):
    cell = new_code_cell(source)
    kind = {"grade": "points" in more, "solution": False, "locked": True, "task": False}
    cell.metadata["nbgrader"] = {"grade_id": name, **kind, **more}
    facts = {"locked": True, "checksum": compute_checksum(cell), "grade": "points" in more, **more}
    return known_cell(name, source, **facts)


KNOWN = dict(
    [
        locked("tools", "import numpy as np"),
        known_cell("code", "raise NotImplementedError()", solution=True),
        locked("test", "assert f(1) == 2", points=3.0),
        known_cell("words", "Your answer", cell_type="markdown", grade=True, solution=True, points=4.0),
    ]
)


def named(cell, name):
    cell.metadata["nbgrader"] = {"grade_id": name}
    return cell


@pytest.fixture
def trusted(monkeypatch):
    """What becomes of cells: pairs of name and text."""
    monkeypatch.setattr(TrustedCells, "known", staticmethod(lambda *arguments: copy.deepcopy(KNOWN)))
    own = {"db_url": "", "assignment": "a", "notebook": "n"}

    def change(*cells):
        notebook = nbformat.v4.new_notebook(cells=list(cells))
        made, _ = TrustedCells().preprocess(notebook, {"nbgrader": own})
        nbformat.validate(made)
        change.cells = made.cells
        return [(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source) for cell in made.cells]

    return change


def test_missing_cells_are_put_back_at_their_places(trusted):
    made = trusted(named(new_code_cell("def f(x): return x + 1"), "code"))
    assert [name for name, _ in made] == ["tools", "code", "test", "words"]
    assert dict(made)["test"] == "assert f(1) == 2"
    assert dict(made)["words"] == "Your answer"


def test_all_metadata_come_from_the_gradebook(trusted):
    cell = new_code_cell("assert True", metadata={"tags": ["skip"], "nbgrader": {"grade_id": "test", "points": 1000}})
    trusted(cell)
    test = trusted.cells[1]
    assert test.source == "assert f(1) == 2"
    assert test.metadata.nbgrader.points == 3
    assert set(test.metadata) == {"nbgrader"}
    assert test.metadata.nbgrader.checksum == KNOWN["test"]["checksum"]


@pytest.mark.parametrize(
    ("pieces", "joined"),
    [
        (["def f(x):", "    return x + 1"], "def f(x):\n    return x + 1"),
        (["def f(x):\n    return x", " + 1"], "def f(x):\n    return x + 1"),
        (["x = (1 +", "2)", "y = 3"], "x = (1 +\n2)\ny = 3"),
    ],
)
def test_pieces_of_a_solution_are_joined(trusted, pieces, joined):
    assert dict(trusted(*(named(new_code_cell(piece), "code") for piece in pieces)))["code"] == joined


def test_two_whole_solutions_both_run_and_the_later_one_has_the_name(trusted):
    first, second = (named(new_code_cell(f"def f(x): return x + {n}"), "code") for n in (1, 2))
    made = trusted(first, new_code_cell("1 + 1"), second)
    assert [(name, text) for name, text in made if "def f" in text] == [(None, first.source), ("code", second.source)]


def test_what_else_is_in_a_copy_of_a_test_is_kept_as_a_cell_of_nobody(trusted):
    made = trusted(*(named(new_code_cell(text), "test") for text in ("assert f(1)", "assert f(1) == 2", "helper = 3")))
    assert [text for name, text in made if name is None] == ["helper = 3"]
    assert [name for name, _ in made].count("test") == 1


def test_written_answers_turned_into_code_are_cleaned_too(trusted):
    made = dict(trusted(named(new_code_cell("<script>alert(1)</script>"), "words")))
    assert made["words"] == "< script>alert(1)< /script>"


def test_raw_cells_are_shown_as_text(trusted):
    made = trusted(nbformat.v4.new_raw_cell("<script>"))
    assert ("```\n<script>\n```") in [text for _, text in made]
    assert {cell.cell_type for cell in trusted.cells} == {"code", "markdown"}


# ------------------------------------------------------------------ test cells


class Box:
    """Stands for a sandbox: calls functions of this process, and counts."""

    def __init__(self, **functions):
        self.functions, self.cells, self.calls, self.left_out = functions, [], 0, set()

    def call(self, name, arguments, options):
        self.calls += 1
        if name not in self.functions:
            return {"missing": name}
        return {"value": encode(self.functions[name](*arguments, **options))}


def check(source):
    return CheckCell(named(new_code_cell(source), "one"), free_names(ast.parse(source)), 0)


def test_only_the_shown_part_tells_everything():
    hidden = "### BEGIN HIDDEN TESTS\nassert f(7717) == 7718, 'f(7717)'\n### END HIDDEN TESTS"
    source = f"assert f(1) == 2, 'f(1) is not 2'\n{hidden}"
    one = check(source)
    assert not one.try_shown(Box(f=lambda x: 0))
    assert one.cell.outputs[0].evalue == "f(1) is not 2"
    assert one.try_shown(Box(f=lambda x: 2))
    assert one.cell.outputs == []
    assert not one.try_all(Box(f=lambda x: 2))
    assert one.cell.outputs[0].traceback == ["AssertionError: a check that is not shown"]
    assert "7717" not in str(one.cell.outputs)
    assert one.try_all(Box(f=lambda x: x + 1))


def test_what_a_test_prints_is_kept_of_its_shown_part_only():
    one = check("print('visible', f(1))\n### BEGIN HIDDEN TESTS\nprint(7717)\nassert 0\n### END HIDDEN TESTS")
    one.try_shown(Box(f=lambda x: x))
    assert not one.try_all(Box(f=lambda x: x))
    assert [output.get("text") for output in one.cell.outputs] == ["visible 1\n", None]


class Failed(AssertionError):
    """What a check may raise."""

    def __init__(self, outline, picture):
        super().__init__("f(7717)")
        self.outline, self.picture = outline, picture


@pytest.mark.parametrize(
    ("failure", "told"),
    [(AssertionError("f(7717)"), None), (Failed("", ""), None), (Failed("why", "<b>"), "why")],
)
def test_a_hidden_check_tells_its_outline_only(failure, told):
    one = check("raise failure")
    one._failure = lambda *arguments: failure
    assert not one.try_all(Box())
    assert one.cell.outputs[0].evalue == told or (told is None and "not shown" in one.cell.outputs[0].evalue)
    assert "7717" not in str(one.cell.outputs)
    assert not one.try_shown(Box())
    assert [output.output_type for output in one.cell.outputs][-1] == "error"
    assert [output.data["text/html"] for output in one.cell.outputs[:-1]] == (["<b>"] if told else [])


def test_the_fault_of_a_test_is_not_the_students():
    one = check("nonsense.attribute")
    one.try_shown(Box())
    assert isinstance(one.fault, AttributeError)
    two = check("f(1)")
    two.try_shown(Box())
    assert two.fault is None
    assert two.cell.outputs[0].evalue == "there is no f in the notebook"


@pytest.mark.parametrize("source", ["import sys\nsys.exit()", "quit(3)", "raise BaseException('on purpose')"])
def test_a_test_that_fails_by_itself_fails_alone(source):
    one = check(source)
    assert not one.try_shown(Box())
    assert one.fault
    assert one.cell.outputs[-1].output_type == "error"


@pytest.mark.parametrize("source", ["bytes(f(4 * 2**30))", "while f(1): pass", "numpy.ones(f(2**29))"])
def test_an_answer_that_takes_all_time_or_memory_fails_alone(monkeypatch, source):
    monkeypatch.setattr("convlab.grading.sandbox.check_cells.SECONDS", 0.5)
    one = check(f"import numpy\n{source}")
    assert not one.try_shown(Box(f=lambda x: x))
    assert "takes too much time or memory" in one.cell.outputs[-1].evalue
    assert one.fault is None


def in_room(source, outputs=(), error=None):
    """A test in the room of which the worker says this."""
    own = {"grade_id": "one", "grade": True, "solution": False, "points": 2}
    test = RoomTest(new_code_cell(source, metadata={"nbgrader": own}))
    test.run(types.SimpleNamespace(run=lambda source: (list(outputs), error)))
    return test


def value(text):
    return {"output_type": "execute_result", "data": {"text/plain": text}}


@pytest.mark.parametrize(
    ("outputs", "points"),
    [
        ([], 2),
        ([value("1.5")], 1.5),
        ([value("True")], 2),
        ([value("0")], 0),
        ([{"output_type": "stream", "name": "stdout", "text": "x"}, value("1")], 1),
        ([{"output_type": "stream", "name": "stderr", "text": "x"}], 0),
        ([{"output_type": "display_data", "data": {"text/plain": "1"}}], 2),
    ],
)
def test_what_a_test_in_the_room_shows_gives_nbgraders_points(outputs, points):
    test = in_room("f(1)", outputs)
    assert determine_grade(test.cell) == (points, 2)
    assert test.passed == (points > 0)


@pytest.mark.parametrize("wrong", [value("3"), value("inf"), value("")])
def test_points_that_nbgrader_cannot_store_take_the_cell_and_not_the_submission(wrong):
    test = in_room("f(1)", [wrong])
    assert determine_grade(test.cell) == (0, 2)
    assert test.fault


@pytest.mark.parametrize(("line", "told"), [(1, True), (3, False), (None, False)])
def test_of_a_hidden_part_in_the_room_nothing_is_told(line, told):
    source = "assert f(1)\n### BEGIN HIDDEN TESTS\nassert f(7717)\n### END HIDDEN TESTS"
    said = [{"output_type": "stream", "name": name, "text": "7717"} for name in ("stdout", "stderr")]
    error = {"name": "AssertionError", "message": "why", "traceback": ["----> 1 assert f(1)", source], "line": line}
    test = in_room(source, said if line != 1 else [], error)
    assert "7717" not in str(test.cell.outputs)
    assert ("line 1: assert f(1)" in str(test.cell.outputs)) == ("why" in str(test.cell.outputs)) == told
    assert determine_grade(test.cell) == (0, 2)


def test_ctrl_c_is_the_teachers():
    with pytest.raises(KeyboardInterrupt):
        check("raise KeyboardInterrupt").try_shown(Box())


def test_a_faulty_test_is_reported(caplog, monkeypatch):
    monkeypatch.setattr("convlab.grading.sandbox.nbgrader_steps.Sandbox", lambda *a, **k: contextlib.nullcontext(Box()))
    cell = new_code_cell("import nowhere\nnowhere.check_call(f)")
    kinds = {"grade": True, "solution": False, "locked": True, "points": 1, "grade_id": "broken", "schema_version": 3}
    cell.metadata["nbgrader"] = kinds
    step = GradeInSandbox(checks=("nowhere",))
    step.log = logging.getLogger("a log of our own")
    step.preprocess(nbformat.v4.new_notebook(cells=[cell]), {"metadata": {"path": "/nowhere"}})
    assert "Nobody can pass the test <broken> as it is: ModuleNotFoundError" in caplog.text


SEALED = [
    "from course import checks as c\nc.check_call(f, 'f', [{'x': n} for n in range(3)])",
    "'Title.'\nimport course.checks\ncourse.checks.check_call(f, g, name=h)",
    "from course.checks import check_call\n### BEGIN HIDDEN TESTS\ncheck_call(f, [1])\n### END HIDDEN TESTS",
]
ROOM = [
    "",
    "assert f(1) == 2",
    "'Only a title.'",
    "check_call(f, [1])",
    "from course import checks\nchecks.run(f)",
    "from other import checks\nchecks.check_call(f)",
    "from course import checks\nchecks.check_call(f(3))",
    "from course import checks\nchecks.check_call(f, [answer])",
    "from course import checks\nassert checks.check_call(f)",
    "from course import checks\nx = 3\nchecks.check_call(f, x)",
    "from course import checks\nimport numpy\nchecks.check_call(f, numpy.ones(3))",
    "from course import checks\nchecks.check_call(f)\n%matplotlib inline",
    "from course import checks\nchecks = f\nchecks.check_call(f)",
    "(" * 5000,
]


@pytest.mark.parametrize("source", SEALED + ROOM)
def test_the_form_of_a_cell_says_which_way_it_runs(source):
    assert (sealed_names(source, {"course.checks"}) is not None) == (source in SEALED)


def test_what_the_room_does_not_have_is_told_and_refused():
    cells = [("head", "%matplotlib inline\nimport numpy, scipy.signal", False), ("one", SEALED[0], True)]
    assert not ways(cells, {"course.checks"}, {"numpy"}).problems()
    cells += [("two", "import helpers\nassert f(1)", True), ("three", "c.check_call(f)", True)]
    found = ways(cells, {"course.checks"}, {"numpy", "helpers"})
    assert str(found) == "1 sealed (one); 2 in the room, where a student's code can fool them (two, three)"
    told = " ".join(found.problems(sealed_only=True))
    assert "the cell head imports scipy" in told
    assert "the test three runs in the room and reads c, which a sealed test imports" in told
    assert "not made of checks alone: two, three" in told
    assert "sealed_only" not in " ".join(found.problems())


def test_names_that_a_test_makes_are_not_the_students():
    code = "import a.b as c\nfrom d import e\ndef f(g, *h, i=1): return g\nclass j: pass\nfor k in l: m = k\n"
    code += "try: n\nexcept E as o: o\n[p for p in q if p]\nlambda r: r + s\nwith t as u: u\nprint(len, v)"
    assert sorted(free_names(ast.parse(code))) == ["E", "l", "n", "q", "s", "t", "v"]


# ------------------------------------------------------------------ order of cells and tests


class Notebooks(Box):
    """A sandbox that keeps what happens in its order."""

    def __init__(self):
        super().__init__(f=lambda x: self.now)
        self.now, self.log = None, []

    def run(self, source):
        self.log.append(source)
        self.cells.append((source, 1))
        self.now = eval(source)
        return [], None

    def call(self, name, arguments, options):
        self.log.append(arguments[0])
        return super().call(name, arguments, options)

    def restart(self):
        self.log.append("restart")
        self.cells, self.now = [], None


def test_too_much_output_is_left_out(monkeypatch):
    monkeypatch.setattr("convlab.grading.sandbox.grader.STORED", 1000)
    box = Notebooks()
    box.run = lambda source: ([{"output_type": "stream", "text": "x" * 400}], None)
    cells = [new_code_cell("5") for _ in range(4)]
    grade(nbformat.v4.new_notebook(cells=cells), box)
    kinds = [cell.outputs[0].output_type for cell in cells]
    assert kinds == ["stream", "stream", "error", "error"]


@pytest.mark.parametrize(
    "text", ["![" * 50_000, "`" * 100_000, "[" * 50_000, "<" * 50_000, "$" * 50_000, "\x1b[" * 50_000]
)
def test_texts_made_to_be_slow_are_not(text):
    began = time.process_time()
    sanitize.markdown(text)
    sanitize.as_text(text)
    clean(text)
    assert time.process_time() - began < 5


@pytest.mark.slow
def test_a_cell_in_thousands_of_pieces_is_not_slow(trusted):
    began = time.process_time()
    made = dict(trusted(*(named(new_code_cell("x = " + "1 + " * 200 + "1"), "code") for _ in range(1500))))
    assert made["code"].count("x = ") > 50
    assert time.process_time() - began < 20


def test_markdown_that_takes_long_altogether_is_shown_as_text(trusted, monkeypatch):
    monkeypatch.setattr("convlab.grading.sandbox.trusted_cells.RENDERING", -1)
    made = trusted(nbformat.v4.new_markdown_cell("# Title"))
    assert (None, "```\n# Title\n```") in made


def test_no_hidden_call_comes_before_the_last_cell(monkeypatch):
    def check_gives(function, argument, answer):
        assert function(argument) == answer

    monkeypatch.setitem(sys.modules, "course", types.SimpleNamespace(check_gives=check_gives))
    call = "course.check_gives(f, {!r}, 5)".format
    test = f"import course\n{call('shown')}\n### BEGIN HIDDEN TESTS\n{call('hidden')}\n### END HIDDEN TESTS"
    cells = [new_code_cell("5"), new_code_cell(test), new_code_cell("6"), new_code_cell(test)]
    for cell, name in ((cells[1], "one"), (cells[3], "two")):
        cell.metadata["nbgrader"] = {"grade_id": name, "grade": True, "solution": False, "points": 1}
    box = Notebooks()
    one, two = grade(nbformat.v4.new_notebook(cells=cells), box, {"course"})
    assert (one.passed, two.passed) == (True, False)
    assert box.log == ["5", "shown", "6", "shown", "shown", "restart", "5", "shown", "hidden"]


# ------------------------------------------------------------------ settings, progress, stubs


def test_settings_use_public_lists_only():
    c = Config()
    configure(c)
    assert [step.__name__ for step in c.Autograde.sanitize_preprocessors] == ["TrustedCells"]
    assert c.GradeInSandbox.unsafe_without_sandbox is False


def test_a_bar_and_a_time():
    assert progress.line(20, 20, 60) == "[####################] 20 of 20 done"
    assert progress.line(1, 4, 200, first=0) == "[#####...............] 1 of 4 about 10:00 left"
    assert progress.line(2, 4, 100, first=1) == "[##########..........] 2 of 4 about 03:20 left"


@pytest.mark.parametrize(
    "name",
    ["ada", "Ada Lovelace", "x+y@example.org", "Müller_3", "o'neil", "o\u2019neil", "a.b-c", "Zoe\u0308", "अनिता शर्मा"],
)
def test_names_of_students(name):
    assert progress.fit_name(name)


@pytest.mark.parametrize(
    "name", ["", "<b>", "a\nb", "a\x1b[0m", 'a"b', "a&b", "a\u202eb", "x" * 300, "a/b", "a`b", "{x}"]
)
def test_names_of_nobody(name):
    assert not progress.fit_name(name)


def test_stubs_are_for_libraries_that_are_not_inside():
    inside = set(bubblewrap.packages())
    assert not inside & set(ABSENT)
    with pytest.raises(TypeError):
        iter(Nothing("torch.zeros"))
    assert not Nothing("torch.cuda.is_available")()
    assert issubclass(type("Net", Nothing("torch.nn.Module").__mro_entries__(()), {}), object)


def test_reading_has_limits_that_honest_work_keeps():
    assert notebook.LARGEST >= 10_000_000
    assert notebook.CELLS >= 1000
