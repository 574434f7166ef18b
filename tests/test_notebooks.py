"""What every committed notebook must be: executed, clean, short, framed, readable without pictures.

Each rule is a function from one lesson to a list of complaints. It is tested both ways: no complaint about
``notebooks/``, and the right complaint about a copy with one planted fault.
"""

import dataclasses
import html.parser
import itertools
import pathlib
import re
import urllib.parse
import warnings

import nbformat
import pytest

FOLDER = pathlib.Path(__file__).parents[1] / "notebooks"
MAX_BYTES = 500_000
MAX_CODE_LINES = 15
MAX_EXCEPTIONS = 2
FIRST_HEADING = "What you need"
LAST_HEADINGS = ["Summary", "References"]
WIDGET = "application/vnd.jupyter.widget-view+json"
# How a cell asks nbval to look away, as a tag or as a comment.
EXCEPTION_TAGS = {"nbval-skip", "nbval-ignore-output", "nbval-raises-exception", "raises-exception"}
EXCEPTION_COMMENT = re.compile(r"^\s*#+\s*(NBVAL_(?!CHECK_OUTPUT)\w+|PYTEST_VALIDATE_IGNORE_OUTPUT)\s*$", re.MULTILINE)


@dataclasses.dataclass
class Lesson:
    """One notebook file: where it is, its size in bytes, its content."""

    path: pathlib.Path
    size: int
    notebook: nbformat.NotebookNode

    @property
    def code_cells(self):
        return [cell for cell in self.notebook.cells if cell.cell_type == "code"]

    @property
    def markdown_cells(self):
        return [cell for cell in self.notebook.cells if cell.cell_type == "markdown"]

    @property
    def headings(self):
        """Every heading as ``(level, text)``, in order."""
        found = []
        for cell in self.markdown_cells:
            found += re.findall(r"^(#{1,6}) +(.*?) *$", without_code(cell.source, fences_only=True), re.MULTILINE)
        return [(len(marks), text) for marks, text in found]


def read(path):
    """Read a lesson as it is: ``nbformat.read`` would mend the ids of cells on the way."""
    path = pathlib.Path(path)
    return Lesson(path, path.stat().st_size, nbformat.v4.reads_json(path.read_text(encoding="utf-8")))


def lessons():
    return [read(path) for path in sorted(FOLDER.glob("*.ipynb"))]


def without_code(markdown, fences_only=False):
    """Return ``markdown`` with its code blocks, and by default its inline code, blanked."""
    text = re.sub(r"^```.*?^```", "", markdown, flags=re.MULTILINE | re.DOTALL)
    return text if fences_only else re.sub(r"(`+).*?\1", "", text, flags=re.DOTALL)


def output_texts(cell):
    """Every text that the outputs of a code cell hold, pictures in data addresses left out."""
    for output in cell.outputs:
        texts = [output.get("text", ""), *output.get("traceback", []), *map(str, output.get("data", {}).values())]
        yield from (re.sub(r"data:image/[^\"')\s]+", "", text) for text in texts)


class Pictures(html.parser.HTMLParser):
    """Collects what is wrong with the pictures of one piece of HTML: ``<img>`` and inline ``<svg>``."""

    def __init__(self, markup):
        super().__init__()
        self.complaints = []
        self.pictures = 0
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag in ("img", "svg"):
            self.pictures += 1
            attribute = "alt" if tag == "img" else "aria-label"
            if not (dict(attributes).get(attribute) or "").strip():
                self.complaints.append(f"<{tag}> without {attribute} text")


# --- the rules ---------------------------------------------------------------------------------------------------


def file_name(lesson):
    """``NN_snake_case.ipynb``."""
    if re.fullmatch(r"\d\d_[a-z0-9]+(_[a-z0-9]+)*\.ipynb", lesson.path.name):
        return []
    return [f"{lesson.path.name} is not named NN_snake_case.ipynb"]


def valid_format(lesson):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            nbformat.validate(lesson.notebook)
    except (nbformat.ValidationError, Warning) as error:
        return [f"not a valid notebook: {error}"]
    return []


def run_in_order(lesson):
    """Execution counts are exactly 1 to n. A cell without a count is one that nbval does not compare at all."""
    counts = [cell.execution_count for cell in lesson.code_cells]
    if not counts:
        return ["there is no code cell"]
    if counts != list(range(1, len(counts) + 1)):
        return [f"not executed once from top to bottom: the counts are {counts}"]
    return []


def no_errors(lesson):
    return [
        f"cell {cell.execution_count} holds the error {output.ename}"
        for cell in lesson.code_cells
        for output in cell.outputs
        if output.output_type == "error"
    ]


def no_stderr(lesson):
    return [
        f"cell {cell.execution_count} holds a warning or other stderr text: {output.text.strip()[:80]}"
        for cell in lesson.code_cells
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stderr"
    ]


def no_leftovers(lesson):
    """No widget state (GitHub refuses some of it), no times, no other traces of an editor or a machine."""
    complaints = [f"metadata.{key} is left in the notebook" for key in lesson.notebook.metadata if key == "widgets"]
    if set(lesson.notebook.metadata.get("language_info", {})) - {"name"}:
        complaints.append("metadata.language_info holds more than a name")
    for number, cell in enumerate(lesson.notebook.cells):
        complaints += [f"metadata.{key} is left in cell {number}" for key in cell.metadata if key != "tags"]
    return complaints


def joined_streams(lesson):
    """Text that arrived in pieces is stored in one piece: where it is cut changes from run to run."""
    return [
        f"cell {cell.execution_count} holds {before.name} in pieces; `make notebooks` joins them"
        for cell in lesson.code_cells
        for before, after in itertools.pairwise(cell.outputs)
        if before.output_type == after.output_type == "stream" and before.name == after.name
    ]


def no_live_widgets(lesson):
    """A stored live widget shows nothing without its kernel: ``make notebooks`` stores the still form."""
    return [
        f"cell {cell.execution_count} holds a live widget"
        for cell in lesson.code_cells
        for output in cell.outputs
        if WIDGET in output.get("data", {})
    ]


def kernel(lesson):
    name = lesson.notebook.metadata.get("kernelspec", {}).get("name")
    return [] if name == "python3" else [f"the kernel is {name}, not python3"]


def small(lesson):
    return [] if lesson.size <= MAX_BYTES else [f"{lesson.size} bytes, more than {MAX_BYTES}"]


def short_cells(lesson):
    """What a reader should learn fits in a few lines; what is only drawing belongs in convlab."""
    lines = [(cell.execution_count, len(cell.source.strip().splitlines())) for cell in lesson.code_cells]
    return [
        f"cell {count} has {length} lines, more than {MAX_CODE_LINES}"
        for count, length in lines
        if length > MAX_CODE_LINES
    ]


def frame(lesson):
    """A title first, the fixed headings around the lesson, no other title, no level left out."""
    first = lesson.notebook.cells[0] if lesson.notebook.cells else None
    complaints = []
    if first is None or first.cell_type != "markdown" or not re.match(r"# \S", first.source):
        complaints.append("the first cell is not a title (# ...)")
    if sum(level == 1 for level, _ in lesson.headings) != 1:
        complaints.append("there is not exactly one title (# ...)")
    sections = [text for level, text in lesson.headings if level == 2]
    if sections[:1] != [FIRST_HEADING]:
        complaints.append(f"the first headings are {sections[:3]}, not {FIRST_HEADING!r}")
    if sections[-1:] != LAST_HEADINGS[-1:] or LAST_HEADINGS[0] not in sections:
        complaints.append(f"the headings do not end with {LAST_HEADINGS[0]}, ..., {LAST_HEADINGS[1]}")
    if len(set(sections)) != len(sections):
        complaints.append("two sections have the same heading")
    levels = [level for level, _ in lesson.headings]
    if any(after > before + 1 for before, after in itertools.pairwise(levels)):
        complaints.append("a heading level is left out")
    return complaints


def alternative_texts(lesson):
    """Every picture says in words what it shows. Only HTML keeps them: an image output loses its text on the way."""
    complaints = []
    for cell in lesson.code_cells:
        where = f"cell {cell.execution_count}"
        for output in cell.outputs:
            data = output.get("data", {})
            complaints += [
                f"{where}: {kind} output has no place for alt text" for kind in data if kind.startswith("image/")
            ]
            complaints += [f"{where}: {text}" for text in Pictures(data.get("text/html", "")).complaints]
    for cell in lesson.markdown_cells:
        text = without_code(cell.source)
        complaints += [f"text cell: {complaint}" for complaint in Pictures(text).complaints]
        complaints += [
            f"text cell: picture {target} without alt text" for target in re.findall(r"!\[\s*\]\(([^)]*)\)", text)
        ]
    return complaints


def no_absolute_paths(lesson):
    """Nothing from one person's machine, neither in what is written nor in what was printed."""
    pattern = re.compile(
        r"(?<![\w/.:])/(?:home|root|Users|tmp|work|usr|opt|var|mnt|private)/\S*|\b[A-Z]:\\\S*|file://\S*"
    )
    texts = [("source", cell.source) for cell in lesson.notebook.cells]
    texts += [("output", text) for cell in lesson.code_cells for text in output_texts(cell)]
    return [f"{kind} holds the path {found}" for kind, text in texts for found in pattern.findall(text)]


def link_complaints(markdown, folder, anchors):
    """What is wrong with the links of a Markdown text that stands in ``folder`` and has the headings ``anchors``."""
    text = without_code(markdown)
    links = re.findall(r"(?<!!)\[([^\[\]]*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)", text)
    complaints = [f"link to {target!r} without text" for label, target in links if not label.strip()]
    if text.count("](") != len(links) + len(re.findall(r"!\[[^\]]*\]\([^)]*\)", text)):
        complaints.append(f"a link is not of the form [text](target): {text[max(0, text.find('](') - 40) :][:120]!r}")
    bare = re.findall(r"\bhttps?://[^\s)>\]]+", text)
    for target in {target for _, target in links} | set(bare):
        parts = urllib.parse.urlsplit(target)
        if parts.scheme:
            if parts.scheme != "https" or not re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", parts.netloc):
                complaints.append(f"{target!r} is not a plain https address")
        elif target.startswith("#"):
            if target[1:] not in anchors:
                complaints.append(f"{target!r} leads to no heading of this page")
        elif not parts.path or parts.path.startswith("/") or not (folder / urllib.parse.unquote(parts.path)).exists():
            complaints.append(f"{target!r} leads to no file")
    return complaints


def links(lesson):
    anchors = {text.replace(" ", "-") for _, text in lesson.headings}
    return [
        text for cell in lesson.markdown_cells for text in link_complaints(cell.source, lesson.path.parent, anchors)
    ]


RULES = [
    file_name,
    valid_format,
    run_in_order,
    no_errors,
    no_stderr,
    no_leftovers,
    no_live_widgets,
    joined_streams,
    kernel,
    small,
    short_cells,
    frame,
    alternative_texts,
    no_absolute_paths,
    links,
]


def exceptions(all_lessons):
    """How many cells ask nbval to look away, over the whole course: few, or the comparison means little."""
    found = [
        f"{lesson.path.name} cell {cell.execution_count}"
        for lesson in all_lessons
        for cell in lesson.code_cells
        if EXCEPTION_TAGS & set(cell.metadata.get("tags", [])) or EXCEPTION_COMMENT.search(cell.source)
    ]
    return [] if len(found) <= MAX_EXCEPTIONS else [f"more than {MAX_EXCEPTIONS} cells are not compared: {found}"]


def complaints_about(lesson, rules=RULES):
    return [f"{rule.__name__}: {complaint}" for rule in rules for complaint in rule(lesson)]


# --- green: the course -------------------------------------------------------------------------------------------


def test_there_are_lessons():
    assert lessons()


def test_only_notebooks_lie_in_the_folder_of_lessons():
    """nbval and these rules look at the top of the folder: a notebook further down would go unchecked."""
    assert sorted(FOLDER.rglob("*.ipynb")) == sorted(FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_lesson(path):
    assert complaints_about(read(path)) == []


def test_few_cells_are_exempt_from_comparison():
    assert exceptions(lessons()) == []


# --- red: one planted fault each ---------------------------------------------------------------------------------


def good_notebook():
    """A small lesson about which no rule complains."""
    new = nbformat.v4
    picture = new.new_output(
        "display_data", data={"text/plain": "a dot", "text/html": '<img alt="a dot" src="data:,">'}
    )
    cells = [
        new.new_markdown_cell("# A title"),
        new.new_markdown_cell("## What you need"),
        new.new_code_cell("print(2 * 3)", execution_count=1, outputs=[new.new_output("stream", text="6\n")]),
        new.new_code_cell("dot()", execution_count=2, outputs=[picture]),
        new.new_markdown_cell("See [the need](#What-you-need), `[not](a link)`, [next](02_next.ipynb#Title)."),
        new.new_markdown_cell(
            "## Summary\n\n## References\n\n[paper](https://arxiv.org/abs/1603.07285), <https://arxiv.org>"
        ),
    ]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"}}
    return new.new_notebook(cells=cells, metadata=metadata)


def put(cell, text):
    return lambda notebook: notebook.cells[cell].update(source=text)


def add_output(cell, output_type, **fields):
    return lambda notebook: notebook.cells[cell].outputs.append(nbformat.v4.new_output(output_type, **fields))


def show(cell, markup):
    return add_output(cell, "display_data", data={"text/html": markup})


def renumber(notebook, first):
    for count, cell in enumerate(notebook.cells[2:4], first):
        cell.execution_count = count


def tag_cells(notebook):
    notebook.cells[2].metadata.tags = ["nbval-skip"]
    notebook.cells[3].metadata.tags = ["nbval-ignore-output"]
    notebook.cells[3].source = "dot()\n# NBVAL_SKIP"


FAULTS = {
    "null count": (run_in_order, lambda notebook: notebook.cells[3].update(execution_count=None)),
    "counts out of order": (run_in_order, lambda notebook: notebook.cells[2].update(execution_count=2)),
    "counts that start late": (run_in_order, lambda notebook: renumber(notebook, 5)),
    "no code": (run_in_order, lambda notebook: notebook.cells.__delitem__(slice(2, 4))),
    "same id twice": (valid_format, lambda notebook: notebook.cells[1].update(id=notebook.cells[0].id)),
    "no id": (valid_format, lambda notebook: notebook.cells[1].pop("id")),
    "unknown key": (valid_format, lambda notebook: notebook.cells[1].update(colour="red")),
    "stored error": (no_errors, add_output(2, "error", ename="ValueError", evalue="", traceback=[])),
    "warning": (no_stderr, add_output(2, "stream", name="stderr", text="UserWarning: old")),
    "widget state": (no_leftovers, lambda notebook: notebook.metadata.update(widgets={})),
    "live widget": (no_live_widgets, add_output(3, "display_data", data={WIDGET: {"model_id": "1"}})),
    "text in pieces": (joined_streams, add_output(2, "stream", text="7\n")),
    "execution times": (no_leftovers, lambda notebook: notebook.cells[2].metadata.update(execution={"start": "now"})),
    "Python version": (no_leftovers, lambda notebook: notebook.metadata.language_info.update(version="3.11.7")),
    "another kernel": (kernel, lambda notebook: notebook.metadata.kernelspec.update(name="jax38")),
    "no kernel": (kernel, lambda notebook: notebook.metadata.pop("kernelspec")),
    "too large": (small, add_output(2, "stream", text="7" * MAX_BYTES)),
    "long cell": (short_cells, put(2, "x = 1\n" * (MAX_CODE_LINES + 1))),
    "no title": (frame, put(0, "Not a title")),
    "two titles": (frame, put(4, "# Another title")),
    "heading missing": (frame, put(1, "## What you will do")),
    "no summary": (frame, put(5, "## References")),
    "references not last": (frame, put(5, "## Summary\n\n## References\n\n## More")),
    "level left out": (frame, put(4, "#### Deep")),
    "PNG output": (alternative_texts, add_output(3, "display_data", data={"image/png": "iVBORw0KGgo="})),
    "picture without alt": (alternative_texts, show(3, '<p><img src="data:,"></p>')),
    "picture with empty alt": (alternative_texts, show(3, '<img alt=" " src="data:,">')),
    "drawing without label": (alternative_texts, show(3, "<svg><path/></svg>")),
    "text picture without alt": (alternative_texts, put(4, "![](https://arxiv.org/a.png)")),
    "text <img> without alt": (alternative_texts, put(4, '<img src="https://arxiv.org/a.png">')),
    "path in the source": (no_absolute_paths, put(2, 'open("/home/ada/numbers.txt")')),
    "path in an output": (no_absolute_paths, add_output(2, "stream", text="<module 'x' from '/usr/lib/x.py'>")),
    "Windows path": (no_absolute_paths, put(2, r'open("C:\Users\ada")')),
    "file address": (no_absolute_paths, put(4, "[here](file:///etc)")),
    "link without target": (links, put(4, "[here]()")),
    "link without text": (links, put(4, "[](https://arxiv.org)")),
    "link with a space": (links, put(4, "[paper](https://arxiv.org/abs/ 1603.07285)")),
    "link left open": (links, put(4, "[paper](https://arxiv.org")),
    "plain http": (links, put(4, "[paper](http://arxiv.org/abs/1603.07285)")),
    "no host": (links, put(4, "see https://localhost/x")),
    "no such heading": (links, put(4, "[up](#Nowhere)")),
    "no such file": (links, put(4, "[next](03_missing.ipynb)")),
}  # fmt: skip


def write(folder, notebook, name="99_a_title.ipynb"):
    (folder / "02_next.ipynb").touch()
    path = folder / name
    path.write_text(nbformat.v4.writes_json(notebook), encoding="utf-8")
    return read(path)


def test_the_small_lesson_is_good(tmp_path):
    assert complaints_about(write(tmp_path, good_notebook())) == []


@pytest.mark.parametrize(("rule", "plant"), FAULTS.values(), ids=FAULTS)
def test_planted_fault_is_found(rule, plant, tmp_path):
    notebook = good_notebook()
    plant(notebook)
    assert rule(write(tmp_path, notebook))


def test_every_rule_has_a_planted_fault():
    assert {rule for rule, _ in FAULTS.values()} == set(RULES) - {file_name}


@pytest.mark.parametrize(
    "name", ["1_a.ipynb", "01-a-title.ipynb", "01_A_title.ipynb", "a_title.ipynb", "01_a__b.ipynb"]
)
def test_bad_file_name_is_found(name, tmp_path):
    assert file_name(write(tmp_path, good_notebook(), name))


def test_too_many_exemptions_are_found(tmp_path):
    notebook = good_notebook()
    tag_cells(notebook)
    lesson = write(tmp_path, notebook)
    assert exceptions([lesson]) == []
    assert exceptions([lesson, lesson])


@pytest.mark.parametrize("comment", ["# NBVAL_SKIP", "#NBVAL_IGNORE_OUTPUT", "# NBVAL_RAISES_EXCEPTION"])
def test_comments_count_as_exemptions(comment, tmp_path):
    notebook = good_notebook()
    notebook.cells[2].source += f"\n{comment}"
    assert exceptions([write(tmp_path, notebook)] * (MAX_EXCEPTIONS + 1))
