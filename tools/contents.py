"""Write the last columns of the README's table of lessons: ``python -m tools.contents``.

A lesson's explorers and modules are those that its cells import; of modules, what every lesson uses is left out.
"""

import ast
import pathlib
import re

import nbformat

__all__ = ["ASSIGNMENTS", "imports", "written"]

REPOSITORY = pathlib.Path(__file__).parents[1]
#: The lessons after which an assignment can be done.
ASSIGNMENTS = {
    "convolution": ("01", "02"),
    "transposed_convolution": ("04", "05"),
    "three_views": ("03", "06"),
    "framework_translator": ("07",),
    "dilation_project": ("10", "11"),
    "upsampling": ("12", "13"),
}
EVERYWHERE = {"", "checks", "predict", "plots", "feedback", "explorers"}
ROW = re.compile(r"^\| (\d\d) \| (\[[^\]]*\]\((notebooks/[^)]*)\)) \| ([^|]*) \|.*$", re.MULTILINE)


def imports(notebook: nbformat.NotebookNode) -> tuple[list[str], list[str]]:
    """The explorers and the modules of convlab that a lesson imports.

    >>> cells = ["from convlab.explorers import SizeExplorer", "from convlab import arithmetic"]
    >>> imports(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]))
    (['SizeExplorer'], ['arithmetic'])
    """
    explorers, modules = set(), set()
    for cell in notebook.cells:
        for node in ast.walk(ast.parse(cell.source if cell.cell_type == "code" else "")):
            if not isinstance(node, ast.ImportFrom) or (node.module or "").partition(".")[0] != "convlab":
                continue
            names = [alias.name for alias in node.names]
            explorers.update(names if node.module == "convlab.explorers" else [])
            modules.update(names if node.module == "convlab" else [node.module.split(".")[1]])
    return sorted(explorers), sorted(modules - EVERYWHERE)


def written(readme: str) -> str:
    """The README, with the columns of its table of lessons as they must be."""

    def row(found):
        number, link, path, question = found.groups()
        explorers, modules = imports(nbformat.read(REPOSITORY / path, as_version=4))
        after = [name for name, lessons in ASSIGNMENTS.items() if number in lessons]
        told = (", ".join(f"`{name}`" for name in names) for names in (explorers, modules, after))
        return f"| {number} | {link} | {question} | {' | '.join(told)} |".replace("|  |", "| |").replace("|  |", "| |")

    return ROW.sub(row, readme)


if __name__ == "__main__":
    README = REPOSITORY / "README.md"
    README.write_text(written(README.read_text("utf-8")), "utf-8")
