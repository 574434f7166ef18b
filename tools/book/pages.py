"""The pages of the book as Sphinx reads them: each made of what is in the repository, none written twice."""

import collections
import importlib
import pathlib
import re
from urllib.parse import urlsplit

import nbformat

from convlab.lessons import lessons_folder
from tools.book.lessons import page_of, relinked
from tools.book.script import script, styles
from tools.cheat_sheet import page as cheat_sheet

__all__ = ["API", "cited", "section", "write_pages"]

REPOSITORY = pathlib.Path(__file__).parents[2]
#: What the reference describes, in the order in which one may read it.
API = [
    "arithmetic",
    "reference",
    "traces",
    "views",
    "frameworks",
    "plots",
    "explorers",
    "feedback.prediction",
    "feedback.checks",
    "feedback.placement",
    "misconceptions",
    "grading",
]
ABOUT = {"assignments": "assignments/README.md", "contributing": "CONTRIBUTING.md", "changelog": "CHANGELOG.md"}


def write_pages(folder: pathlib.Path) -> None:
    """Write all pages, and what they load, into a new ``folder``."""
    lessons = folder / "lessons"
    lessons.mkdir(parents=True)
    names = [path.stem for path in sorted(lessons_folder().glob("*.ipynb"))]
    places = {f"{name}.ipynb": f"{name}.ipynb" for name in names}
    places |= {"cheat_sheet.html": "cheat_sheet.md", "COVERAGE.md": "coverage.md"}
    places |= {f"../{path}": f"../about/{name}.md" for name, path in ABOUT.items()}

    notebooks = {}
    for name in names:
        notebooks[name] = nbformat.read(lessons_folder() / f"{name}.ipynb", as_version=4)
        nbformat.write(page_of(notebooks[name], name, places), lessons / f"{name}.ipynb")
    _write(lessons / "coverage.md", relinked((lessons_folder() / "COVERAGE.md").read_text("utf-8"), places))
    _write(lessons / "cheat_sheet.md", _sheet(cheat_sheet()))
    _write(lessons / "sources.md", _sources(notebooks))

    for name, path in ABOUT.items():
        parent = pathlib.PurePosixPath(path).parent
        text = (REPOSITORY / path).read_text("utf-8")
        _write(folder / f"about/{name}.md", relinked(text, _seen_from(places, str(parent), "../")))
    for module in API:
        _write(folder / f"api/{module}.md", _reference(module))
    _write(folder / "api/index.md", _contents_of_reference())
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    _write(folder / "index.md", _front_page(relinked(readme, _seen_from(places, ".", "")), names))

    _write(folder / "_static/live.js", script())
    _write(folder / "_static/book.css", styles())


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _seen_from(places, parent, up):
    """``places`` for a page in another folder: of the files as ``parent`` names them, of the pages below ``up``."""
    seen = {}
    for file, page in places.items():
        path = file.removeprefix("../") if file.startswith("../") else f"notebooks/{file}"
        path = f"../{path}" if parent != "." and not path.startswith(f"{parent}/") else path.removeprefix(f"{parent}/")
        seen[path] = up + (page.removeprefix("../") if page.startswith("../") else f"lessons/{page}")
    return seen


def section(text: str, heading: str = "") -> str:
    """What stands below a heading of level 2, down to the next one; without a heading, what stands below the title.

    >>> section("# A\\nfirst\\n## B\\nsecond\\n## C\\nthird"), section("# A\\nfirst\\n## B\\nsecond", "B")
    ('first', 'second')
    """
    begin = f"## {heading}" if heading else "# "
    rest = "" if heading else "[^\n]*"
    found = re.search(rf"^{re.escape(begin)}{rest}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(f"there is no section {heading!r}")
    return found[1].strip()


# --- the front page ----------------------------------------------------------------------------------------------


def _front_page(readme, names):
    trees = {
        "Lessons": [f"lessons/{name}" for name in names],
        "To look up": ["lessons/cheat_sheet", "lessons/sources", "lessons/coverage"],
        "Reference": ["api/index", *(f"api/{module}" for module in API)],
        "To take part": [f"about/{name}" for name in ABOUT],
    }
    parts = ["# convlab", section(readme), "## Reading this book", READING, "## Lessons", section(readme, "Lessons")]
    # The explorers, modules and assignments of a lesson stand in the README.
    parts[-1] = re.sub(r"^((?:\|[^|]*){3}\|).*$", r"\1", parts[-1], flags=re.MULTILINE)
    parts += ["## Running it yourself", section(readme, "Start")]
    for caption, pages in trees.items():
        parts.append("\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *pages, "```"]))
    return "\n\n".join(parts) + "\n"


READING = """\
Everything here was computed, and stands on the page as the notebooks hold it. Two things are alive without any kernel:

- **Predictions.** A lesson asks before it shows. Type your answer and press *Commit*, or *Skip*; the truth waits until
  then. Your browser remembers what you said, on this computer and nowhere else; *Ask me again* forgets it.
- **Explorers.** Step, point, change a number: with the mouse, or with `Tab`, the arrows and the space bar.

Exercises need the notebook: the button with the arrow, at the top of a lesson, gives it to you. There a wrong answer is
also told where it may come from. Without JavaScript pictures stand still, and answers are folded away."""


# --- what is looked up -------------------------------------------------------------------------------------------


def _sheet(html):
    """The cheat sheet inside a page: its own style for it alone, no landmarks of its own."""
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    at_page, rules = (
        re.search(r"^@page.*$", style, re.MULTILINE)[0],
        re.sub(r"^@page.*$", "", style, flags=re.MULTILINE),
    )
    rules = re.sub(r"\bbody\b", "&", re.sub(r"^@media screen.*$", "", rules, flags=re.MULTILINE))
    body = re.search(r"<body>(.*)</body>", html, re.DOTALL)[1]
    body = re.sub(r"<(/?)(?:header|main|footer|section)\b", r"<\1div", re.sub(r"<h1>.*?</h1>", "", body))
    # One line is one block for Markdown; a blank line would end it.
    body = re.sub(r"\n\s*", " ", body)
    region = '<div class="sheet" tabindex="0" role="region" aria-label="The cheat sheet">'
    style = re.sub(r"\n\s*", " ", f"{at_page} .sheet {{ {rules} }}")
    wide = "---\nhtml_theme.sidebar_secondary.remove: true\n---\n"
    return f"{wide}# Cheat sheet\n\nOn paper it fits on one page.\n\n<style>{style}</style>\n\n{region}{body}</div>\n"


Kind = collections.namedtuple("Kind", "title hosts")
KINDS = [
    Kind("Papers", ("arxiv.org", "distill.pub")),
    Kind("Documentation of the frameworks", ("docs.", "pytorch.org", "tensorflow.org", "keras.io", "onnx.ai")),
    Kind("Bugs, questions and code", ("github.com",)),
    Kind("Lectures, books, discussions", ("",)),
]


def cited(notebooks: dict[str, nbformat.NotebookNode]) -> dict[str, tuple[str, list[str]]]:
    """Every address that lessons link to, with its words and the names of the lessons.

    What leads to a paper is called as the references call it, with authors and title.
    """
    found: dict[str, tuple[str, list[str]]] = {}
    for name, notebook in notebooks.items():
        for cell in notebook.cells:
            if cell.cell_type != "markdown":
                continue
            for line in cell.source.splitlines():
                for before, words, url in re.findall(r"([^\[\]()]*)\[([^\]]+)\]\((https?://[^)]+)\)", line):
                    full = re.match(r"- (.+: .+\.) $", before)
                    words = f"{full[1]} {words}" if full else words
                    old, lessons = found.get(url, ("", []))
                    lessons = lessons if name in lessons else [*lessons, name]
                    found[url] = (max(old, words, key=len), lessons)
    return found


def _sources(notebooks):
    groups = collections.defaultdict(list)
    for url, (words, lessons) in cited(notebooks).items():
        host = urlsplit(url).hostname
        kind = next(kind for kind in KINDS if any(part in host for part in kind.hosts))
        where = ", ".join(f"[{name[:2]}]({name}.ipynb)" for name in lessons)
        project = re.match(r"https?://github.com/[^/]+/([^/]+)", url)
        words = f"{project[1]}, {words}" if project and project[1].casefold() not in words.casefold() else words
        groups[kind.title].append((words.casefold(), f"- [{words}]({url}), in {where}"))
    count = sum(map(len, groups.values()))
    parts = ["# Sources", f"All {count} addresses that the lessons cite, and the lessons that do."]
    parts.append("What the documents behind this course claim is checked in [lesson 16](16_sources_checked.ipynb).")
    for kind in KINDS:
        if groups[kind.title]:
            parts += [f"## {kind.title}", "\n".join(line for _, line in sorted(groups[kind.title]))]
    return "\n\n".join(parts) + "\n"


def _reference(name):
    """A page for one module: its docstring, and all that its ``__all__`` names."""
    title = f"convlab.{name}"
    lines = [f".. automodule:: {title}", "   :members:", "   :imported-members:", "   :show-inheritance:"]
    return "\n".join([f"# {title}", "", "```{eval-rst}", *lines, "```", ""])


def _contents_of_reference():
    lines = [
        "# All modules",
        "",
        "What learners and teachers call, from the docstrings. Every example is run by the tests.",
    ]
    lines += ["", "| module | what it is |", "|---|---|"]
    for name in API:
        first = (importlib.import_module(f"convlab.{name}").__doc__ or "").splitlines()[0].partition(": ``")[0]
        lines.append(f"| [convlab.{name}]({name}.md) | {first.rstrip('.')} |".replace("``", "`"))
    return "\n".join([*lines, ""])
