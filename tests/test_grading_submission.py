"""Reading what is handed in, trusting none of it, and running test cells: the parts, without nbgrader's command."""

import ast
import contextlib
import copy
import json
import logging
import time

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat.v4 import new_code_cell
from nbgrader.utils import compute_checksum
from traitlets.config import Config

from convlab.grading import harmless, progress, reading, room
from convlab.grading.autograde import GradeInSandbox, grade
from convlab.grading.check_cells import CheckCell, free_names
from convlab.grading.configuration import configure
from convlab.grading.messages import CheckFailed
from convlab.grading.reading import NotGraded, read_submission, refused
from convlab.grading.stand_in import ABSENT, Nothing
from convlab.grading.submission import TrustedCells
from convlab.grading.values import clean, encode

# ------------------------------------------------------------------ markdown

HTML = [
    "<",
    ">",
    "<b>",
    "<script>",
    "</",
    "<!--",
    "<?",
    "&lt;",
    "&#60;",
    "javascript:",
    "onerror=",
    '"',
    "'",
    "`",
    "```",
]
MARKS = [
    "[x](",
    ")",
    "![",
    "](",
    "[r]: ",
    "\n",
    "\n\n",
    "$",
    "$$",
    "\\",
    "\\begin{x}",
    "\\end{x}",
    "> ",
    "* ",
    "# ",
    "|",
    "~~",
]
pieces = st.sampled_from(
    [*HTML, *MARKS, "attachment:a.png", "https://example.org", "data:text/html,x", "mermaid", "img"]
)
hostile = st.lists(pieces | st.text(max_size=3), max_size=12).map("".join)


def page(text):
    """What nbgrader's pages make of a cell of markdown."""
    return BeautifulSoup(MarkdownWithMath(renderer=IPythonRenderer(escape=False)).render(text), "html.parser")


def bad(parsed):
    """What on a page could run, or load something."""
    found = [tag for tag in parsed.find_all(True) if tag.name not in harmless.TAGS]
    found += [tag for tag in parsed.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
    links = [(tag, tag.get("href") or tag.get("src") or "#") for tag in parsed.find_all(["a", "img"])]
    good = ("#", "https:", "http:", "mailto:", "data:image/png;")
    return found + [tag for tag, link in links if not link.lower().startswith(good)]


def test_bad_goes_red():
    assert bad(page("<script>1</script>"))
    assert bad(page("[a](javascript:1)"))
    assert bad(page("<img src=x onerror=1>"))
    assert not bad(page("# a\n\n[b](https://example.org) **c** `d`"))


@given(hostile)
def test_markdown_holds_nothing_that_runs(text):
    assert not bad(page(harmless.markdown(text)))


@given(hostile)
def test_a_block_of_text_stays_a_block_of_text(text):
    parsed = page(harmless.as_text(text.replace("\r", " ")))
    assert {tag.name for tag in parsed.find_all(True)} <= {"pre", "code"}


def test_honest_markdown_stays_as_it_is():
    text = (
        "# Title\n\n* *one* and **two**\n* $x^2$ and `code`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nx = 3\n```"
    )
    assert harmless.markdown(text) == text


def test_rendering_that_takes_too_long_gives_plain_text(monkeypatch):
    monkeypatch.setattr(harmless, "SECONDS", 0.2)

    class Slow:
        def __init__(self, **options):
            pass

        def render(self, text):
            while True:
                pass

    monkeypatch.setattr(harmless, "MarkdownWithMath", Slow)
    assert harmless.markdown("words") == "```\nwords\n```"


@pytest.mark.parametrize("name", ["a.html", "a.HTM", "a.svg", "a.xhtml", "a.xml", "a.js", "sub/b.html", "a.svgz"])
def test_files_that_a_browser_runs_become_text(tmp_path, name):
    (tmp_path / "sub").mkdir()
    (tmp_path / name).write_text("<script>")
    (tmp_path / "teacher.svg").write_text("<svg/>")
    (tmp_path / "data.csv").write_text("1")
    harmless.disarm(tmp_path, {"teacher.svg"})
    names = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert names == {f"{name}.txt", "teacher.svg", "data.csv"}


def test_only_pictures_pass_for_pictures():
    assert not harmless.png("iVBORw0KGgo=")  # only the beginning
    assert not harmless.png(None)
    assert not harmless.png("<script>")
    header = "iVBORw0KGgoAAAANSUhEUgAA//8AAP//CAAAAAA="  # 65535 x 65535 pixels
    assert not harmless.png(header)
    assert harmless.png("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA=")


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
        self.functions, self.cells, self.calls = functions, [], 0

    def call(self, name, arguments, options):
        self.calls += 1
        if name not in self.functions:
            return {"missing": name}
        return {"value": encode(self.functions[name](*arguments, **options))}


def check(source):
    return CheckCell(named(new_code_cell(source), "one"), 0)


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


def test_an_assertion_without_words_shows_its_line():
    one = check("x = 1\nassert f(1) == 2")
    one.try_shown(Box(f=lambda x: 0))
    assert one.cell.outputs[0].evalue == "assert f(1) == 2"


def test_a_check_without_an_outline_gives_nothing_away():
    one = check("raise E('f(7717)')\n")
    one._failure = lambda *arguments: CheckFailed("f(7717)")
    assert not one.try_all(Box())
    assert "7717" not in str(one.cell.outputs)


def test_the_fault_of_a_test_is_not_the_students():
    one = check("nonsense.attribute")
    one.try_shown(Box())
    assert isinstance(one.fault, AttributeError)
    two = check("f(1)")
    two.try_shown(Box())
    assert two.fault is None
    assert two.cell.outputs[0].evalue == "there is no f in the notebook"


def test_a_faulty_test_is_reported(caplog, monkeypatch):
    monkeypatch.setattr("convlab.grading.autograde.Sandbox", lambda *a, **k: contextlib.nullcontext(Box()))
    cell = new_code_cell("nonsense.attribute")
    kinds = {"grade": True, "solution": False, "locked": True, "points": 1, "grade_id": "broken", "schema_version": 3}
    cell.metadata["nbgrader"] = kinds
    step = GradeInSandbox()
    step.log = logging.getLogger("a log of our own")
    step.preprocess(nbformat.v4.new_notebook(cells=[cell]), {"metadata": {"path": "/nowhere"}})
    assert "Nobody can pass the test <broken> as it is: AttributeError" in caplog.text


def test_names_that_a_test_makes_are_not_the_students():
    code = "import a.b as c\nfrom d import e\ndef f(g, *h, i=1): return g\nclass j: pass\nfor k in l: m = k\n"
    code += "try: n\nexcept E as o: o\n[p for p in q if p]\nlambda r: r + s\nwith t as u: u\nprint(len, v)"
    assert sorted(free_names(ast.parse(code))) == ["E", "l", "n", "q", "s", "t", "v"]


# ------------------------------------------------------------------ order of the rooms


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
    monkeypatch.setattr("convlab.grading.autograde.STORED", 1000)
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
    began = time.monotonic()
    harmless.markdown(text)
    harmless.as_text(text)
    clean(text)
    assert time.monotonic() - began < 5


def test_a_cell_in_thousands_of_pieces_is_not_slow(trusted):
    began = time.monotonic()
    made = dict(trusted(*(named(new_code_cell("x = " + "1 + " * 200 + "1"), "code") for _ in range(1500))))
    assert made["code"].count("x = ") > 50
    assert time.monotonic() - began < 20


def test_markdown_that_takes_long_altogether_is_shown_as_text(trusted, monkeypatch):
    monkeypatch.setattr("convlab.grading.submission.RENDERING", -1)
    made = trusted(nbformat.v4.new_markdown_cell("# Title"))
    assert (None, "```\n# Title\n```") in made


def test_no_hidden_call_comes_before_the_last_cell():
    test = "assert f('shown') == 5\n### BEGIN HIDDEN TESTS\nassert f('hidden') == 5\n### END HIDDEN TESTS"
    cells = [new_code_cell("5"), new_code_cell(test), new_code_cell("6"), new_code_cell(test)]
    for cell, name in ((cells[1], "one"), (cells[3], "two")):
        cell.metadata["nbgrader"] = {"grade_id": name, "grade": True, "solution": False, "points": 1}
    box = Notebooks()
    one, two = grade(nbformat.v4.new_notebook(cells=cells), box)
    assert (one.passed, two.passed) == (True, False)
    assert box.log == ["5", "shown", "6", "shown", "shown", "restart", "5", "shown", "hidden"]


# ------------------------------------------------------------------ settings, progress, stand-ins


def test_settings_use_public_lists_only():
    c = Config()
    configure(c)
    assert [step.__name__ for step in c.Autograde.sanitize_preprocessors] == ["TrustedCells"]
    assert c.GradeInSandbox.unsafe_without_sandbox is False


def test_a_bar_and_a_time():
    assert progress.bar(20, 20) == "[####################] 20 of 20"
    assert progress.bar(0, 3) == "[....................] 0 of 3"
    assert progress.duration(600) == "10 min"


@pytest.mark.parametrize("name", ["ada", "Ada Lovelace", "x+y@example.org", "Müller_3", "o'neil", "a.b-c"])
def test_names_of_students(name):
    assert progress.STUDENT.fullmatch(name)


@pytest.mark.parametrize(
    "name", ["", "<b>", "a\nb", "a\x1b[0m", 'a"b', "a&b", "a\u202eb", "x" * 300, "a/b", "a`b", "{x}"]
)
def test_names_of_nobody(name):
    assert not progress.STUDENT.fullmatch(name)


def test_stand_ins_are_for_libraries_that_are_not_inside():
    inside = set(room._packages())
    assert not inside & set(ABSENT)
    with pytest.raises(TypeError):
        iter(Nothing("torch.zeros"))
    assert not Nothing("torch.cuda.is_available")()
    assert issubclass(type("Net", Nothing("torch.nn.Module").__mro_entries__(()), {}), object)


def test_reading_has_limits_that_honest_work_keeps():
    assert reading.LARGEST >= 10_000_000
    assert reading.CELLS >= 1000
