"""One build: lay out the pages, run Sphinx, put the notebooks themselves behind the download buttons."""

import pathlib
import shutil
import tempfile

from convlab.lessons import lessons_folder
from tools.book.pages import write_pages

__all__ = ["build"]

HERE = pathlib.Path(__file__).parent


def build(folder: pathlib.Path) -> int:
    """Build the site into ``folder``, which is replaced, and return Sphinx's status: 0 where not a word was amiss."""
    from sphinx.cmd.build import main as sphinx  # Sphinx is here for the book alone

    with tempfile.TemporaryDirectory() as temporary:
        source, made = pathlib.Path(temporary) / "source", pathlib.Path(temporary) / "book"
        write_pages(source)
        options = [
            "-W",
            "--keep-going",
            "-q",
            "-b",
            "html",
            "-c",
            str(HERE),
            "-D",
            f"html_static_path={source}/_static",
        ]
        status = sphinx([*options, "-d", str(source.with_name("doctrees")), str(source), str(made)])
        if status:
            return status
        for notebook in lessons_folder().glob("*.ipynb"):
            shutil.copy(notebook, made / "_sources/lessons")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder, ignore=shutil.ignore_patterns(".buildinfo"))
    return 0
