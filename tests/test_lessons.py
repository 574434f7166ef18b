"""What every lesson (01 to 14) has beyond the form of a notebook: a picture and a need, predictions, exercises.

As in ``test_notebooks``: each rule is a function from a lesson to a list of complaints, and each is seen going red.
"""

import ast
import collections
import copy
import re
import urllib.parse
import uuid

import nbformat
import pytest

from test_notebooks import FOLDER, complaints_about, read, without_code, write

PAGES = {"00_start_here", "15_where_you_are_now", "16_sources_checked"}  # not lessons
LESSONS = sorted(path for path in FOLDER.glob("*.ipynb") if path.stem not in PAGES)

TERMS = {  # what is not said, and in which lessons it may be quoted to be explained away
    r"\bdeconv\w*": {"03", "04", "06", "13"},
    r"\bup-?conv\w*": {"14"},
    r"\btrou\b": {"10"},
    r"\b(?:fractionally|sub-pixel)[ -]strided\b": {"04", "06"},
    r"\bdilation(?: rate)? (?:of )?0\b": set(),
    r"\bdilation=0\b": set(),
    r"\btotal padding\b": {"02", "07", "10"},
    r"\bfilter size\b": set(),
}
HOSTS = {  # known hosts of links, and the form of the path there
    "github.com": r"/[\w.-]+/[\w.-]+(/(issues|pull|blob|tree|discussions|releases|wiki|commit)/.+)?",
    "arxiv.org": r"/abs/\d{4}\.\d{4,5}",
    "distill.pub": r"/\d{4}/[\w-]+/?",
}


def code_between(lesson, first, last):
    """The cells between two headings of level 2."""
    inside, cells = False, []
    for cell in lesson.notebook.cells:
        headings = re.findall(r"^## +(.*?) *$", cell.source, re.MULTILINE) if cell.cell_type == "markdown" else []
        if last in headings:
            return cells
        inside = inside or first in headings
        if inside:
            cells.append(cell)
    return cells


def section(lesson, heading):
    """The Markdown below a heading of level 2, up to the next."""
    text = "\n\n".join(cell.source for cell in lesson.markdown_cells)
    found = re.search(rf"^## +{re.escape(heading)} *$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else ""


def sentences(text):
    """The sentences of a text; what stands in code has no full stops, and a list item is a sentence."""
    plain = re.sub(r"(`+).*?\1", "code", text, flags=re.DOTALL)
    plain = re.sub(r"\b(e\.g|i\.e|vs|cf)\.", r"\1", plain)
    return [part for part in re.split(r"(?<=[.!?])[\"')*_]*\s+", plain.strip()) if part.strip()]


def explorer(lesson):
    shown = [
        output
        for cell in lesson.code_cells
        for output in cell.outputs
        if re.search(r"<img alt=\"[A-Z][\w -]* explorer\.", output.get("data", {}).get("text/html", ""))
    ]
    return [] if shown else ["no explorer is shown"]


def terms(lesson):
    number = lesson.path.name[:2]
    texts = [without_code(cell.source) for cell in lesson.markdown_cells]
    texts = [re.sub(r"\]\([^)]*\)", "]", text) for text in texts]  # names inside addresses are not ours
    return [
        f"{found!r} is not how the course says it"
        for pattern, allowed in TERMS.items()
        if number not in allowed
        for text in texts
        for found in re.findall(pattern, text, re.IGNORECASE)
    ]


def link_forms(lesson):
    complaints = []
    for cell in lesson.markdown_cells:
        for target in re.findall(r"https://[^\s)>\]]+(?:\([^\s)]*\)[^\s)>\]]*)?", without_code(cell.source)):
            parts = urllib.parse.urlsplit(target.rstrip(".,;"))
            form = HOSTS.get(parts.netloc)
            if form and not re.fullmatch(form, parts.path):
                complaints.append(f"{target} is no address of that host that we know")
    return complaints


# --- the shape of a lesson ---------------------------------------------------------------------------------------

MAX_WORDS, MAX_CELLS, MAX_MINUTES = 1600, 45, 30
FIGURES, IMAGES = 6, 2  # at least; images show something, and are no grids of numbers
FIRST_SCREEN = 3  # cells
ENDING = ["Exercises", "Summary", "Where people go wrong", "References"]
SOURCES = r"""(?ix)\b(?: blog | (?:a|the|this|same|that) \s post | post \s in | slides? | tutorials? | vietnamese
    | lecture \s notes? | later \s copy | dive \s into \s deep | the \s text \s (?:there|says)
    | source \s documents? | typos? )\b"""


def prose(lesson):
    """The Markdown that a learner reads, without the references."""
    text = "\n\n".join(cell.source for cell in lesson.markdown_cells)
    return re.split(r"^## +References", text, flags=re.MULTILINE)[0]


def pictures_of(cell):
    return [output for output in cell.get("outputs", []) if "<img alt=" in output.get("data", {}).get("text/html", "")]


def is_image(cell):
    """Whether a cell shows an image of something."""
    return bool(pictures_of(cell)) and "draw_images(" in cell.source


def length(lesson):
    words = sum(len(cell.source.split()) for cell in lesson.markdown_cells)
    counted = [(words, MAX_WORDS, "words of Markdown"), (len(lesson.notebook.cells), MAX_CELLS, "cells")]
    complaints = [f"{count} {what}, at most {most} are wanted" for count, most, what in counted if count > most]
    found = re.search(r"\babout (\d+) minutes\b", section(lesson, "What you need"), re.IGNORECASE)
    if not found or not 20 <= int(found[1]) <= MAX_MINUTES:
        complaints.append(f"'What you need' does not say 'About N minutes', from 20 to {MAX_MINUTES}")
    return complaints


def picture_first(lesson):
    """A need in words, an image of something, and no rule yet."""
    cells = lesson.notebook.cells[:FIRST_SCREEN]
    complaints = [] if any(map(is_image, cells)) else ["no image of something on the first screen"]
    title = cells[0].source if cells else ""
    if len(title.split()) < 30:
        complaints.append("the title cell does not say what one wants and cannot have")
    if any(re.search(r"^> ", cell.source, re.MULTILINE) for cell in cells if cell.cell_type == "markdown"):
        complaints.append("a rule stands before the need")
    return complaints


def figures(lesson):
    shown = sum(len(pictures_of(cell)) for cell in lesson.code_cells)
    images = sum(map(is_image, lesson.code_cells))
    counted = [(shown, FIGURES, "figures"), (images, IMAGES, "images of something")]
    complaints = [f"{count} {what}, at least {least} are wanted" for count, least, what in counted if count < least]
    places = [number for number, cell in enumerate(lesson.notebook.cells) if is_image(cell)]
    solved = [
        number for number, cell in enumerate(lesson.notebook.cells) if re.search(r"^## Back to", cell.source, re.M)
    ]
    if not solved or not any(place > solved[0] for place in places):
        complaints.append("no section 'Back to ...' shows the picture again")
    return complaints


def three_to_five_predictions(lesson):
    calls = [cell for cell in lesson.code_cells if re.search(r"\bpredict\(", cell.source)]
    complaints = [] if 3 <= len(calls) <= 5 else [f"{len(calls)} predictions, 3 to 5 are wanted"]
    for word in ("Predict", "Explain"):
        count = sum(cell.source.count(f"**{word}.**") for cell in lesson.markdown_cells)
        if count != len(calls):
            complaints.append(f"**{word}.** stands {count} times for {len(calls)} predictions")
    return complaints


def rule_in_a_box(lesson):
    """A rule stands in a block quote, names PyTorch's line somewhere, and follows a prediction."""
    boxes = [
        number
        for number, cell in enumerate(lesson.notebook.cells)
        if cell.cell_type == "markdown" and re.search(r"^> ", cell.source, re.MULTILINE)
    ]
    asked = [n for n, cell in enumerate(lesson.notebook.cells) if re.search(r"^predict\(", cell.source, re.MULTILINE)]
    if not boxes:
        return ["no rule stands in a block quote"]
    quoted = "\n".join(re.findall(r"^> .*$", prose(lesson), re.MULTILINE))
    complaints = [] if not asked or boxes[0] > asked[0] else ["a rule stands before it has been seen"]
    return complaints + ([] if "PyTorch" in quoted else ["no rule gives PyTorch's line"])


def ending(lesson):
    sections = [text for level, text in lesson.headings if level == 2]
    complaints = [] if sections[-4:] == ENDING else [f"the last headings are {sections[-4:]}, not {ENDING}"]
    exercises_ = re.findall(r"^\*\*(\d)\.", section(lesson, "Exercises"), re.MULTILINE)
    if exercises_ not in (list("1234"), list("12345")):
        complaints.append(f"the exercises are {exercises_}, 1 to 4 or 1 to 5 are wanted")
    beliefs = len(re.findall(r'^\*\*"', section(lesson, "Where people go wrong"), re.MULTILINE))
    if not 1 <= beliefs <= 3:
        complaints.append(f"{beliefs} beliefs in 'Where people go wrong', 1 to 3 are wanted")
    summed = section(lesson, "Summary").split("\n\nNext: ")[0]
    if len(sentences(summed)) != 3:
        complaints.append(f"the summary has {len(sentences(summed))} sentences, not 3")
    return complaints


def exercises_wait(lesson):
    cells = code_between(lesson, "Exercises", "Summary")
    checks = [cell for cell in cells if cell.cell_type == "code" and re.search(r"^check\.\w+\(", cell.source, re.M)]
    complaints = [
        f"the check in cell {cell.execution_count} does not wait for an answer"
        for cell in checks
        if not any("No answer yet" in output.get("data", {}).get("text/plain", "") for output in cell.outputs)
    ]
    wanted = {"a function to write": "return ...", "find the bug": "Find the bug"}
    together = "\n".join(cell.source for cell in cells)
    complaints += [f"no exercise is {what}" for what, words in wanted.items() if words not in together]
    return complaints + ([] if len(checks) >= 4 else [f"{len(checks)} exercises have a check, at least 4 are wanted"])


def own_voice(lesson):
    """No source that the reader does not know, no number of a misconception, one look ahead in the last line only."""
    complaints = [f"{found!r} speaks of a source" for found in re.findall(SOURCES, without_code(prose(lesson)))]
    complaints += [f"{found} is an internal name" for found in re.findall(r"\bM\d\d\w?\b", prose(lesson))]
    before = re.sub(r"^Next: .*$", "", prose(lesson), flags=re.MULTILINE)
    own = int(lesson.path.name[:2])
    ahead = [number for number in re.findall(r"\blessons? (\d\d)\b", before, re.IGNORECASE) if int(number) > own]
    return complaints + [f"lesson {number} is promised" for number in ahead]


def names_in(source):
    """``(bound, used)``: the names that a cell binds and those that it reads."""
    bound, used = set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            (bound if isinstance(node.ctx, ast.Store) else used).add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return bound, used


def pytorch_apart(lesson):
    """PyTorch stands in cells of its own, and the lesson can be followed without them."""
    theirs = [cell for cell in lesson.code_cells if "pytorch" in cell.metadata.get("tags", [])]
    others = [cell for cell in lesson.code_cells if cell not in theirs]
    complaints = [] if any("torch" in cell.source for cell in theirs) else ["no cell tagged pytorch uses PyTorch"]
    bound = set().union(*(names_in(cell.source)[0] for cell in theirs))
    for cell in others:
        if re.search(r"\b(?:import|from) torch\b|\btorch\.", cell.source):
            complaints.append(f"cell {cell.execution_count} uses PyTorch and is not tagged")
        for name in sorted(bound & set.union(*names_in(cell.source))):
            complaints.append(f"cell {cell.execution_count} needs {name} of a cell tagged pytorch")
    return complaints


def one_meaning(lesson):
    """A name that several cells bind is read only where it has just been bound: so any cell can be run again."""
    cells = [(cell, *names_in(cell.source)) for cell in lesson.code_cells]
    counted = collections.Counter(name for _, bound, _ in cells for name in bound)
    return [
        f"cell {cell.execution_count} reads {name}, which {counted[name]} cells bind"
        for cell, bound, used in cells
        for name in sorted(used - bound)
        if counted[name] > 1
    ]


RULES = [
    *(length, picture_first, figures, three_to_five_predictions, rule_in_a_box, ending, exercises_wait, own_voice),
    *(pytorch_apart, one_meaning, explorer, terms, link_forms),
]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson(path):
    assert complaints_about(read(path), RULES) == []


def test_the_course_is_complete():
    assert [path.name[:2] for path in LESSONS] == [f"{number:02d}" for number in range(1, 15)]
    assert {path.stem for path in FOLDER.glob("*.ipynb")} >= PAGES


# --- red: one planted fault each ---------------------------------------------------------------------------------


def replace(cell, old, new):
    def plant(notebook):
        assert old in notebook.cells[cell].source
        notebook.cells[cell].source = notebook.cells[cell].source.replace(old, new)

    return plant


def good_notebook():
    """A small lesson about which no rule complains."""
    new = nbformat.v4
    html = '<img alt="Size explorer. 5" src="data:,">'
    picture = new.new_output("execute_result", data={"text/html": html})
    waiting = new.new_output("execute_result", data={"text/plain": "No answer yet. Replace the ..."})
    cells = [
        new.new_markdown_cell("# 04 A lesson\n\n" + "You want a mask. " * 10),
        new.new_code_cell("plots.draw_images(panels)", outputs=[picture]),
        new.new_markdown_cell("## What you need\n\nLesson 01. About 25 minutes.\n\n## The idea\n\nStamps."),
    ]
    for number in range(3):
        cells += [
            new.new_markdown_cell("**Predict.** What?"),
            new.new_code_cell(f"predict('What?', 'conv1d', [1], [{number}])"),
            new.new_markdown_cell("**Explain.** So.\n\n> **Size.** It is 3. PyTorch: `F.conv1d(x, w)`."),
        ]
    cells.append(new.new_code_cell("import torch\n\ntheirs = torch.ones(3)", metadata={"tags": ["pytorch"]}))
    cells += [new.new_code_cell("SizeExplorer()", outputs=[picture]) for _ in range(4)]
    cells += [new.new_markdown_cell("## Back to the flower\n\nIt is solved."), *more([cells[1]])]
    cells.append(new.new_markdown_cell("## Exercises\n\n**1.** One.\n\n**2.** Two.\n\n**3. Write it.**"))
    cells += [new.new_code_cell(f"answer = ...\n\ncheck.size(answer, {n})", outputs=[waiting]) for n in range(3)]
    cells.append(new.new_markdown_cell("**4. Find the bug.** Here."))
    source = "def mended(x):\n    return ...\n\n\ncheck.function(mended, 3)"
    cells.append(new.new_code_cell(source, outputs=[waiting]))
    end = "## Summary\n\nOne. Two. Three.\n\nNext: lesson 05 crops.\n\n## Where people go wrong\n\n"
    end += '**"It adds."** No.\n\n## References\n\nA blog: [paper](https://arxiv.org/abs/1603.07285)'
    cells.append(new.new_markdown_cell(end))
    return new.new_notebook(cells=cells)


def more(cells):
    """Copies of cells, with ids of their own."""
    return [nbformat.from_dict({**copy.deepcopy(cell), "id": uuid.uuid4().hex[:8]}) for cell in cells]


def add_to(cell, text):
    return lambda notebook: notebook.cells[cell].update(source=notebook.cells[cell].source + text)


def without_output(cell):
    return lambda notebook: notebook.cells[cell].outputs.clear()


REBOUND = [(4, "\nx = 1"), (7, "\nprint(x)"), (10, "\nx = 2")]
FAULTS = {
    "too many words": (length, add_to(3, " word" * MAX_WORDS)),
    "too many cells": (length, lambda notebook: notebook.cells.extend(more([notebook.cells[4]] * MAX_CELLS))),
    "too many minutes": (length, replace(2, "25", "35")),
    "no image at first": (picture_first, replace(1, "draw_images", "draw_grid")),
    "no need": (picture_first, replace(0, "You want a mask. " * 10, "")),
    "a rule at first": (picture_first, add_to(2, "\n\n> A rule.")),
    "five figures": (figures, without_output(13)),
    "one image": (figures, replace(1, "draw_images", "draw_grid")),
    "the picture does not come back": (figures, without_output(18)),
    "no way back": (figures, replace(17, "Back to", "On")),
    "two predictions": (three_to_five_predictions, replace(4, "predict", "show")),
    "six predictions": (
        three_to_five_predictions,
        lambda notebook: notebook.cells.extend(more(notebook.cells[3:6] * 3)),
    ),
    "a prediction without an explanation": (three_to_five_predictions, replace(5, "**Explain.**", "So")),
    "no rule": (rule_in_a_box, lambda notebook: [replace(n, "> ", "")(notebook) for n in (5, 8, 11)]),
    "a rule too early": (rule_in_a_box, add_to(3, "\n\n> A rule.")),
    "a rule without PyTorch": (
        rule_in_a_box,
        lambda notebook: [replace(n, "PyTorch", "It")(notebook) for n in (5, 8, 11)],
    ),
    "another ending": (ending, replace(-1, "## Where people go wrong", "## Pitfalls")),
    "six exercises": (ending, add_to(23, "\n\n**5.** Five.\n\n**6.** Six.")),
    "three exercises": (ending, replace(23, "**4. Find the bug.**", "Find the bug.")),
    "four beliefs": (ending, replace(-1, "No.", "No." + '\n\n**"It adds."** No.' * 3)),
    "two sentences": (ending, replace(-1, " Three.", "")),
    "an answer is there": (exercises_wait, without_output(20)),
    "nothing to write": (exercises_wait, replace(24, "return ...", "return 1")),
    "no bug to find": (exercises_wait, replace(23, "Find the bug", "Look")),
    "a blog": (own_voice, add_to(3, " The blog says so.")),
    "slides": (own_voice, add_to(3, " The slides say so.")),
    "a post": (own_voice, add_to(3, " A post in Vietnamese says so.")),
    "a number of a misconception": (own_voice, add_to(3, " (M38)")),
    "a promise": (own_voice, add_to(3, " Lesson 06 explains it.")),
    "PyTorch elsewhere": (pytorch_apart, add_to(1, "\nimport torch")),
    "PyTorch needed": (pytorch_apart, add_to(1, "\nprint(theirs)")),
    "no PyTorch beside ours": (pytorch_apart, lambda notebook: notebook.cells.__delitem__(12)),
    "a name with two meanings": (one_meaning, lambda notebook: [add_to(n, line)(notebook) for n, line in REBOUND]),
    "no explorer shown": (
        explorer,
        lambda notebook: [cell.outputs.clear() for cell in notebook.cells if "outputs" in cell],
    ),
    "one of the terms": (terms, add_to(3, " A filter size.")),
    "an address that is none": (link_forms, replace(-1, "abs/1603.07285", "pdf/1603")),
}


def test_the_small_lesson_is_good(tmp_path):
    assert complaints_about(write(tmp_path, good_notebook(), "04_a_title.ipynb"), RULES) == []


@pytest.mark.parametrize(("rule", "plant"), FAULTS.values(), ids=FAULTS)
def test_planted_fault_is_found(rule, plant, tmp_path):
    notebook = good_notebook()
    plant(notebook)
    assert rule(write(tmp_path, notebook, "04_a_title.ipynb"))


def test_every_rule_has_a_planted_fault():
    assert {rule for rule, _ in FAULTS.values()} == set(RULES)
