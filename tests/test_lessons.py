"""What every lesson (01 to 14) has beyond the form of a notebook: predictions, an explorer, exercises, a real bug.

As in ``test_notebooks``: each rule is a function from a lesson to a list of complaints, and each is seen going red.
"""

import re
import urllib.parse

import nbformat
import pytest

from test_notebooks import FOLDER, read, without_code

PAGES = {"00_start_here", "15_where_you_are_now"}  # not lessons
LESSONS = sorted(path for path in FOLDER.glob("*.ipynb") if path.stem not in PAGES)

MIDDLE = ["A question worth asking", "Exercises", "A real bug", "Summary", "Go further", "References"]
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


def minutes(lesson):
    found = re.search(r"\babout (\d+) minutes\b", section(lesson, "What you need"), re.IGNORECASE)
    if not found:
        return ["'What you need' does not say 'About N minutes'"]
    return [] if 20 <= int(found[1]) <= 40 else [f"{found[1]} minutes: a lesson takes 20 to 40"]


def headings(lesson):
    sections = [text for level, text in lesson.headings if level == 2]
    wanted = [text for text in sections if text in MIDDLE]
    return (
        [] if wanted == MIDDLE and sections[-5:] == MIDDLE[1:] else [f"the headings are {sections}, they need {MIDDLE}"]
    )


def predictions(lesson):
    calls = sum("predict(" in cell.source for cell in lesson.code_cells)
    asked = sum("**Predict" in cell.source for cell in lesson.markdown_cells)
    explained = sum("**Explain" in cell.source for cell in lesson.markdown_cells)
    return [
        f"{what} {count} times, at least 4 are wanted"
        for what, count in [("predict() is called", calls), ("Predict stands", asked), ("Explain stands", explained)]
        if count < 4
    ]


def explorer(lesson):
    shown = [
        output
        for cell in lesson.code_cells
        for output in cell.outputs
        if re.search(r"<img alt=\"[A-Z][\w -]* explorer\.", output.get("data", {}).get("text/html", ""))
    ]
    return [] if shown else ["no explorer is shown"]


def pytorch(lesson):
    return [] if any("torch" in cell.source for cell in lesson.code_cells) else ["PyTorch is not used"]


def exercises(lesson):
    cells = code_between(lesson, "Exercises", "A real bug")
    checks = [cell for cell in cells if cell.cell_type == "code" and re.search(r"\bcheck\.\w+\(", cell.source)]
    complaints = [] if len(checks) >= 4 else [f"{len(checks)} exercises with a check, at least 4 are wanted"]
    for cell in checks:
        texts = [output.get("data", {}).get("text/plain", "") for output in cell.outputs]
        if not any("No answer yet" in text for text in texts):
            complaints.append(f"the check in cell {cell.execution_count} does not wait for an answer: {texts}")
    if not any("find the bug" in cell.source.casefold() for cell in cells if cell.cell_type == "markdown"):
        complaints.append("no exercise is to find the bug")
    return complaints


def real_bug(lesson):
    text = section(lesson, "A real bug")
    return (
        []
        if re.search(r"\]\(https://[^)]*(?:issues|pull|discussions|/t/)[^)]*\d+\)", text)
        else ["the bug has no link"]
    )


def summary(lesson):
    count = len(sentences(section(lesson, "Summary")))
    return [] if count == 3 else [f"the summary has {count} sentences, not 3"]


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


RULES = [headings, minutes, predictions, explorer, pytorch, exercises, real_bug, summary, terms, link_forms]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson(path):
    lesson = read(path)
    assert [f"{rule.__name__}: {complaint}" for rule in RULES for complaint in rule(lesson)] == []


def test_the_course_is_complete():
    assert [path.name[:2] for path in LESSONS] == [f"{number:02d}" for number in range(1, 15)]
    assert {path.stem for path in FOLDER.glob("*.ipynb")} >= PAGES


# --- red: one planted fault each ---------------------------------------------------------------------------------


def good_notebook():
    new = nbformat.v4
    waiting = new.new_output("execute_result", data={"text/plain": "No answer yet. Replace the ..."})
    picture = new.new_output("execute_result", data={"text/html": '<img alt="Size explorer. 5" src="data:,">'})
    cells = [
        new.new_markdown_cell("# 02 A lesson"),
        new.new_markdown_cell("## What you need\n\nLesson 01. About 30 minutes.\n\n## A question worth asking\n\nWhy?"),
        new.new_code_cell("import torch\nSizeExplorer()", outputs=[picture]),
    ]
    for _ in range(4):
        cells += [
            new.new_markdown_cell("**Predict.** What?"),
            new.new_code_cell("predict('What?', 'conv1d', [1], [1])"),
        ]
        cells += [new.new_markdown_cell("**Explain.** So.")]
    cells.append(new.new_markdown_cell("## Exercises\n\n**1. Find the bug.**"))
    cells += [new.new_code_cell(f"check.size(..., {n})", outputs=[waiting]) for n in range(4)]
    bug = "[issue 1](https://github.com/pytorch/pytorch/issues/8816)"
    end = f"## A real bug\n\n{bug}\n\n## Summary\n\nOne is `a. b`. Two is so! Three?\n\n## Go further\n\n## References"
    cells.append(new.new_markdown_cell(f"{end}\n\n[paper](https://arxiv.org/abs/1603.07285)"))
    return new.new_notebook(cells=cells)


def replace(cell, old, new):
    def plant(notebook):
        assert old in notebook.cells[cell].source
        notebook.cells[cell].source = notebook.cells[cell].source.replace(old, new)

    return plant


FAULTS = {
    "no question": (headings, replace(1, "A question worth asking", "A question")),
    "wrong order": (headings, replace(-1, "## Go further", "## Further")),
    "no time": (minutes, replace(1, "About 30 minutes", "Some time")),
    "too long": (minutes, replace(1, "30", "90")),
    "a prediction is not asked": (predictions, replace(4, "predict(", "show(")),
    "a prediction is not announced": (predictions, replace(3, "**Predict.**", "So:")),
    "a prediction is not explained": (predictions, replace(5, "**Explain.**", "So:")),
    "no explorer": (explorer, lambda notebook: notebook.cells[2].outputs.clear()),
    "no PyTorch": (pytorch, replace(2, "import torch\n", "")),
    "three exercises": (exercises, replace(-2, "check.size(..., 3)", "print(3)")),
    "an exercise with its answer": (exercises, lambda notebook: notebook.cells[-2].outputs.clear()),
    "no bug to find": (exercises, replace(-6, "Find the bug", "Do it")),
    "no link to the bug": (real_bug, replace(-1, "(https://github.com/pytorch/pytorch/issues/8816)", "")),
    "two sentences": (summary, replace(-1, " Three?", "")),
    "four sentences": (summary, replace(-1, " Three?", " Three? Four.")),
    "a term": (terms, replace(5, "So.", "A deconvolution.")),
    "a link to nowhere": (link_forms, replace(-1, "abs/1603.07285", "pdf/1603")),
}


def write(folder, notebook):
    path = folder / "02_a_lesson.ipynb"
    path.write_text(nbformat.v4.writes_json(notebook), encoding="utf-8")
    return read(path)


def test_the_small_lesson_is_good(tmp_path):
    lesson = write(tmp_path, good_notebook())
    assert [complaint for rule in RULES for complaint in rule(lesson)] == []


@pytest.mark.parametrize(("rule", "plant"), FAULTS.values(), ids=FAULTS)
def test_planted_fault_is_found(rule, plant, tmp_path):
    notebook = good_notebook()
    plant(notebook)
    assert rule(write(tmp_path, notebook))


def test_every_rule_has_a_planted_fault():
    assert {rule for rule, _ in FAULTS.values()} == set(RULES)
