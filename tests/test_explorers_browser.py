"""The explorers in a real browser: real keys, pointer, play, both themes; axe-core.

What needs no kernel is tried on the explorer's own page; in JupyterLab its keys, its themes, and what Python knows.
"""

import contextlib
import importlib.resources
import pathlib
import re
import tempfile

import nbformat
import numpy as np
import pytest

import convlab.explorers
from browser import LessonPage
from convlab.explorers.javascript import module_text
from explorer_examples import LESSONS, taken

pytestmark = pytest.mark.browser

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def axe():
    """axe-core, as the package axe-playwright-python ships it."""
    return importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def violations(page, selector):
    """What axe-core finds below ``selector``: ids of rules with the elements that break them."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe())
    found = page.evaluate("selector => axe.run(selector)", selector)
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found["violations"]]


class Cell:
    """One cell of a grid, for the pointer: it goes where a person sees the cell."""

    def __init__(self, shown, cell):
        self.mouse, self.page, self.place = shown.page.mouse, shown.page, [shown.root, cell]

    def middle(self):
        return self.page.evaluate(
            """([root, [panel, row, column]]) => {
            const { figure } = document.querySelector(root).explorer;
            const [cell, ...more] = figure.cells.filter(c => c.panel === panel && c.y === row && c.x === column);
            if (!cell || more.length) throw new Error(`${panel} has not one cell [${row}, ${column}]`);
            cell.number.scrollIntoView({ block: 'nearest', inline: 'nearest' });
            const middle = new DOMPoint(cell.left + (cell.at + cell.room / 2) * 30, cell.top + (cell.y + 0.5) * 30);
            const { x, y } = middle.matrixTransform(figure.scaled.getScreenCTM());
            return [x, y];
        }""",
            self.place,
        )

    def hover(self):
        self.mouse.move(*self.middle())

    def click(self):
        self.mouse.click(*self.middle())


class Shown:
    """One explorer on a page: what a person sees of it, and does."""

    def __init__(self, page, root=".convlab"):
        self.page, self.root = page, root
        self.box = page.locator(root)

    def at(self, selector, **filters):
        return self.box.locator(selector, **filters)

    def formula(self):
        return self.at(".cl-formula").inner_text().replace("\xa0", " ")

    def alert(self):
        return self.at(".cl-alert").inner_text()

    def code(self):
        return self.at(".cl-code code").inner_text()

    def counter(self):
        return self.at(".cl-counter").inner_text()

    def field(self, name):
        return self.at(f'[data-field="{name}"]')

    def cell(self, panel, row, column):
        return Cell(self, [panel, row, column])

    def looks(self, panel):
        """Rows of looks of one grid, as the page has them: which path goes round the middle of each cell."""
        return self.page.evaluate(
            """([root, panel]) => {
            const rows = [], figure = document.querySelector(root).explorer.figure;
            const paths = [...document.querySelectorAll(`${root} [data-panel="${panel}"] .cl-cell`)];
            for (const c of figure.cells.filter(c => c.panel === panel)) {
                const middle = new DOMPoint((c.at + c.room / 2) * 30, (c.y + 0.5) * 30);
                const found = paths.findLast(path => path.isPointInFill(middle));
                (rows[c.y] ??= [])[c.x] = found ? found.getAttribute('class').replace('cl-cell cl-', '') : 'none';
            }
            return rows;
        }""",
            [self.root, panel],
        )

    def state(self):
        return self.page.evaluate("root => document.querySelector(root).explorer.state()", self.root)

    def numbers(self, panel):
        """Rows of texts of one grid, as the page has them."""
        return self.page.evaluate(
            """([root, panel]) => {
            const rows = [];
            for (const c of document.querySelector(root).explorer.figure.cells.filter(c => c.panel === panel))
                (rows[c.y] ??= [])[c.x] = c.number.textContent;
            return rows;
        }""",
            [self.root, panel],
        )

    def wait(self, formula):
        """Wait until the formula line begins with ``formula``."""
        self.page.wait_for_function(
            "([root, start]) => document.querySelector(root + ' .cl-formula').textContent.replaceAll('\\u00a0', ' ')"
            ".startsWith(start)",
            arg=[self.root, formula],
            timeout=5000,
        )

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)


class OwnPage:
    """The page that an explorer's to_html() makes: offline, and what goes wrong in it."""

    def __init__(self, window, source, theme="light", width=1280):
        self.explorer = eval(source, vars(convlab.explorers) | {"np": np})
        self.page, self.problems = window.new_page(), []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("request", lambda request: self.problems.append(request.url) if is_foreign(request.url) else None)
        self.page.emulate_media(color_scheme=theme)
        self.page.set_viewport_size({"width": width, "height": 900})
        with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
            self.explorer.to_html(file.name)
            self.page.goto(pathlib.Path(file.name).as_uri())
        self.page.wait_for_selector(".convlab .cl-grid")
        unfold(self.page)

    screenshot = LessonPage.screenshot


def is_foreign(url):
    return not url.startswith(("file:", "data:", "blob:"))


def unfold(page):
    page.evaluate("() => document.querySelectorAll('.convlab details').forEach((one) => { one.open = true; })")


def opened(window, source, theme="light"):
    """An explorer on its own page: the page and what a person does there."""
    own = OwnPage(window, source, theme)
    return own, Shown(own.page)


def in_lab(context, lab, name, sources, theme="light"):
    """Run a notebook with a cell for each explorer, and a last one that asks Python for what it knows of each."""
    new = nbformat.v4
    setup = "import numpy as np\nfrom convlab.explorers import *\nshown = []\ndef show(one):\n    shown.append(one)"
    shows = [f"show({source})\nshown[-1]" for source in sources]
    cells = [new.new_code_cell(text) for text in (setup, *shows, "print([one.state() for one in shown])")]
    lesson = LessonPage(context.new_page(), lab)
    lesson.open(lab.put(new.new_notebook(cells=cells, metadata=KERNEL), f"{name}.ipynb"))
    choose_theme(lesson.page, theme)
    lesson.run_all()
    lesson.page.wait_for_function(
        "n => document.querySelectorAll('.convlab .cl-grid').length === n", arg=len(sources), timeout=10000
    )
    unfold(lesson.page)
    for n, root in enumerate(lesson.page.locator(".convlab").all()):
        root.evaluate("(root, n) => root.setAttribute('data-test', n)", n)
    return lesson, [Shown(lesson.page, f'.convlab[data-test="{n}"]') for n in range(len(sources))]


def choose_theme(page, theme):
    """By the menu, where it is not the one: the server keeps the choice from test to test."""
    is_light = str(theme == "light").lower()
    if page.locator("body").get_attribute("data-jp-theme-light") != is_light:
        page.click(".lm-MenuBar-item >> text=/^Settings$/")
        page.hover(".lm-Menu-item >> text=/^Theme$/")
        page.click(f"li.lm-Menu-item >> text=/^JupyterLab {theme.capitalize()}$/")
    page.wait_for_selector(f'body[data-jp-theme-light="{is_light}"]', state="attached")


def asked(lesson):
    """What Python answers: the states of the explorers, after the last cell has been run again."""
    cell = lesson.page.locator(".jp-CodeCell").last
    before = cell.locator(".jp-InputPrompt").inner_text()
    cell.locator(".jp-InputArea-editor").click()
    lesson.page.keyboard.press("Control+Enter")
    lesson.page.wait_for_function(
        """before => { const now = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].at(-1).textContent;
            return now !== before && /\\d/.test(now); }""",
        arg=before,
        timeout=10000,
    )
    lesson.page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")
    return eval(lesson.cells()[-1]["outputs"][0]["text"])


def code_says(shown, part):
    """Wait until the line of code has it."""
    shown.page.wait_for_function("t => document.querySelector('.cl-code code').textContent.includes(t)", arg=part)


def check_narrow(own, shown, name, folder):
    """At 800 pixels nothing but the figure may be wider than its place, and axe has nothing to say."""
    own.page.set_viewport_size({"width": 800, "height": 900})
    own.page.wait_for_timeout(300)
    own.screenshot(name, folder)
    assert shown.box.evaluate("root => root.scrollWidth - root.clientWidth") <= 0
    assert violations(own.page, ".convlab") == []


def refused(shown, grids, field, typed, sentence):
    """What is typed is refused with a sentence, the field is marked, and the grids stay."""
    before = [shown.numbers(name) for name in grids]
    shown.field(field).fill(typed)
    shown.press("Enter")
    shown.page.wait_for_function("t => document.querySelector('.cl-alert').textContent.includes(t)", arg=sentence)
    assert shown.alert().endswith("Nothing was changed.")
    assert shown.field(field).get_attribute("aria-invalid") == "true"
    assert [shown.numbers(name) for name in grids] == before


# --- the convolution explorer ------------------------------------------------------------------------------------

TRANSPOSED = "ConvExplorer(np.array([2, 3]), np.array([1, 2, 3]), stride=2, transposed=True)"


def check_convolution(shown):
    assert shown.formula() == "y[0] = x[0]·w[0] = 2·1 = 2"
    assert "transposed convolution" in shown.at(".cl-facts").inner_text()
    assert shown.numbers("full 0") == [["2", "4", "9", "6", "9"]]
    check_slider(shown)
    check_pointing(shown)
    check_keys_on_grid(shown)
    check_settings(shown)
    check_play(shown.page, shown)
    check_value(shown)


def check_slider(shown):
    """Arrow keys, which JupyterLab would take for the notebook, and Home and End."""
    shown.at(".cl-slider").focus()
    shown.press("ArrowRight", "ArrowRight")
    shown.wait("y[2] = x[1]·w[0] + x[0]·w[2] = 3·1 + 2·3 = 9")
    assert shown.looks("full 0") == [["plain", "plain", "written", "plain", "plain"]]
    assert shown.looks("input 0") == [["read", "read"]]
    assert shown.looks("kernel 0 0") == [["read", "plain", "read"]]
    assert shown.looks("stretched 0") == [["padding", "padding", "read", "read", "read", "padding", "padding"]]
    shown.press("ArrowLeft")
    shown.wait("y[1] = ")
    shown.press("End")
    shown.wait("y[4] = ")
    assert shown.counter() == "step 5 of 5"
    shown.press("Home")
    shown.wait("y[0] = ")


def check_pointing(shown):
    """Hover shows which outputs an input touches, a click pins it, and the other way round."""
    shown.cell("input 0", 0, 1).hover()
    shown.wait("x[1] = 3 touches 3 outputs: y[2] (·1), y[3] (·2), y[4] (·3)")
    assert shown.looks("full 0") == [["plain", "plain", "written", "written", "written"]]
    assert shown.looks("output 0") == [["plain", "plain", "written", "written", "written"]]
    shown.cell("output 0", 0, 3).hover()
    shown.wait("y[3] = x[1]·w[1] = 3·2 = 6")
    assert shown.looks("input 0") == [["plain", "read"]]
    shown.cell("flipped 0 0", 0, 0).hover()
    shown.wait("w[2] = 3 joins 2 pairs: x[0]→y[2], x[1]→y[4]")
    shown.cell("full 0", 0, 2).click()
    shown.page.mouse.move(2, 2)
    shown.wait("y[2] = ")
    assert shown.at(".cl-cursor").get_attribute("class") == "cl-cursor cl-pinned"
    shown.press("Escape")
    shown.wait("y[0] = ")


def check_keys_on_grid(shown):
    shown.at(".cl-grid").focus()
    shown.press("ArrowRight", "ArrowRight")
    shown.wait("y[2] = ")
    shown.press("PageUp")
    shown.wait("w[")
    shown.press("Enter")
    assert "cl-pinned" in shown.at(".cl-cursor").get_attribute("class")
    shown.press("Escape")
    shown.wait("y[0] = ")


def check_settings(shown):
    """What is typed and what cannot be: refused with a sentence, nothing blanks."""
    stride = shown.field("stride 0")
    stride.focus()
    shown.press("ArrowUp")
    shown.page.wait_for_function("() => document.querySelector('.cl-code code').textContent.includes('stride=3')")
    assert shown.code() == "y = F.conv_transpose1d(x, w, stride=3)"
    assert shown.numbers("output 0") == [["2", "4", "6", "3", "6", "9"]]
    for typed, sentence in (("0", "from 1 to 4, got 0"), ("two", "got “two”"), ("99999", "got 99999"), ("", "got “”")):
        stride.fill(typed)
        shown.press("Enter")
        shown.page.wait_for_function(
            "([t]) => document.querySelector('.cl-alert').textContent.includes(t)", arg=[sentence]
        )
        assert shown.alert().endswith("Nothing was changed.")
        assert stride.get_attribute("aria-invalid") == "true"
        assert shown.numbers("output 0") == [["2", "4", "6", "3", "6", "9"]]
    shown.field("output_padding 0").fill("3")
    shown.press("Enter")
    assert "smaller than stride or dilation" in shown.alert()
    padding = shown.field("padding 0 0")
    padding.fill("1")
    shown.press("Enter")
    shown.page.wait_for_function("() => document.querySelector('.cl-code code').textContent.includes('F.pad')")
    assert shown.alert() == ""
    assert shown.looks("full 0")[0][0] == "cropped"
    padding.fill("0")
    shown.press("Enter")
    for framework, part in (
        ("Keras", "keras.ops.conv_transpose"),
        ("JAX", "jax.lax.conv_transpose"),
        ("ONNX", "ConvTranspose"),
    ):
        shown.at(".cl-framework").select_option(framework)
        assert part in shown.code()
    shown.at(".cl-framework").select_option("PyTorch")


def check_play(page, shown):
    live = shown.at(".cl-formula")
    shown.at(".cl-speed").select_option("5")
    shown.at(".cl-grid").focus()
    assert live.get_attribute("aria-live") == "polite"
    shown.press(" ")
    page.wait_for_function("() => document.querySelector('.cl-counter').textContent.startsWith('step 3')", timeout=5000)
    assert live.get_attribute("aria-live") == "off"
    shown.press(" ")
    page.wait_for_timeout(100)
    stopped = shown.counter()
    page.wait_for_timeout(500)
    assert shown.counter() == stopped
    assert live.get_attribute("aria-live") == "polite"
    shown.press("Home")
    shown.wait("y[0] = ")


def check_value(shown):
    """A pinned input cell takes another number; no words."""
    shown.cell("input 0", 0, 0).click()
    value = shown.at(".cl-value")
    value.fill("many")
    shown.press("Enter")
    assert "must be a number" in shown.alert()
    assert shown.numbers("input 0") == [["2", "3"]]
    value.fill("7")
    shown.press("Enter")
    shown.page.wait_for_function("() => document.querySelector('.cl-formula').textContent.startsWith('x[0] = 7 ')")
    assert shown.alert() == ""
    assert shown.numbers("output 0") == [["7", "14", "21", "3", "6", "9"]]


# --- the other seven ----------------------------------------------------------------------------------------------


def check_pitfall(shown):
    assert shown.numbers("answer")[0] == ["1", "2", "5", "4"]
    for letter, first in (("A", "5"), ("B", "5"), ("C", "1"), ("D", "9"), ("E", "1")):
        shown.at("button.cl-button", has_text=f"{letter}: ").focus()
        shown.press("Enter")
        shown.page.wait_for_function(
            "letter => document.querySelector('[aria-pressed=true]')?.textContent.startsWith(letter)",
            arg=letter,
        )
        assert shown.numbers("answer")[0][0] == first
    shown.at('[data-field="framework"]').select_option("onnx")
    shown.at('[data-field="mode"]').select_option("SAME_LOWER")
    shown.wait("y[0, 0] = full[1, 1] = ")
    assert "SAME_LOWER" in shown.at(".cl-facts").inner_text()
    shown.cell("input", 1, 1).hover()
    shown.wait("x[1, 1] = 4 lands on 9 cells")
    shown.page.mouse.move(2, 2)
    shown.field("output_padding").fill("4")
    shown.press("Enter")
    assert "must be smaller than stride" in shown.alert()
    assert shown.numbers("answer")[0] == ["5", "14", "10", "12"]


def check_matrix(shown):
    assert shown.numbers("matrix") == [["1", ""], ["1", "1"], ["", "1"]]
    shown.at(".cl-slider").focus()
    shown.press("ArrowRight")
    shown.wait("Row 1: z[1] = 1·3 + 1·5 = 8")
    shown.cell("matrix", 2, 1).click()
    shown.wait("Wᵀ[2, 1] = w[1] = 1 joins y[1] and z[2].")
    assert shown.looks("kernel") == [["plain", "read"]]
    shown.press("Escape")
    shown.page.mouse.move(2, 2)
    shown.field("transpose").focus()
    shown.press("Enter")
    shown.wait("Row 0: y[0] = 1·1 + 1·2 = 3")
    assert shown.numbers("matrix") == [["1", "1", ""], ["", "1", "1"]]
    shown.field("kernel_size").fill("5")
    shown.press("Enter")
    assert "only 3" in shown.alert()


def check_checkerboard(shown):
    assert "not all equal" in shown.at(".cl-facts").inner_text()
    shown.at("button.cl-button", has_text="1 2 1").click()
    shown.page.wait_for_function("() => document.querySelector('.cl-facts').textContent.includes(': all equal')")
    shown.cell("phases", 1, 1).hover()
    shown.wait("Phase (1, 1): w[1, 1] = 4")
    assert shown.looks("kernel")[1] == ["plain", "read", "plain"]
    shown.page.mouse.move(2, 2)
    shown.field("stride").focus()
    shown.press("ArrowUp")
    shown.page.wait_for_function("() => document.querySelector('.cl-facts').textContent.includes('not all equal')")
    shown.field("stride").fill("0")
    shown.press("Enter")
    assert "from 1 to 4, got 0" in shown.alert()


def stages(shown):
    """The sizes of the chain, from left to right, with the look of each."""
    columns = zip(zip(*shown.numbers("sizes")), zip(*shown.looks("sizes")))
    return [("".join(texts), *(look for look in looks if look != "none")) for texts, looks in columns]


def chosen_layer(shown, number):
    shown.field("layer").fill(str(number))
    shown.press("Enter")
    shown.wait(f"Layer {number}, ")


def check_sizes(shown):
    assert [size for size, _ in stages(shown)] == ["24", "12", "6", "11", "21"]
    assert [look for _, look in stages(shown)][3:] == ["bad", "bad"]
    for number in (3, 4):
        chosen_layer(shown, number)
        shown.field("output_padding").focus()
        shown.press("ArrowUp")
    shown.page.wait_for_function("() => document.querySelector('.cl-facts').textContent.includes('fits layer 4')")
    assert [size for size, _ in stages(shown)] == ["24", "12", "6", "12", "24"]
    assert "bad" not in [look for _, look in stages(shown)]
    shown.field("kernel_size").fill("many")
    shown.press("Enter")
    assert "got “many”" in shown.alert()
    shown.field("add").click()
    shown.at(".cl-slider").focus()
    shown.press("End")
    shown.wait("Layer 5, convolution: floor((24 + 1 + 1 − 3) / 1) + 1 = 24")
    shown.field("remove").click()
    shown.wait("Layer 4, ")


def check_receptive(shown):
    assert "There are no holes" in shown.at(".cl-facts").inner_text()
    shown.at("button.cl-button", has_text="2, 2, 2").click()
    shown.page.wait_for_function("() => document.querySelector('.cl-facts').textContent.includes('7 of 13')")
    assert shown.looks("level 0")[0].count("hole") == 6
    shown.cell("level 0", 0, 3).hover()
    shown.wait("Cell 3 of the input is a hole")
    shown.cell("level 1", 0, 4).click()
    shown.page.mouse.move(2, 2)
    shown.page.wait_for_selector(".cl-cursor.cl-pinned", state="attached")
    assert shown.formula().startswith("Cell ")
    shown.field("dilation").fill("9999")
    shown.press("Enter")
    assert "from 1 to 1024, got 9999" in shown.alert()
    shown.field("layers").fill("conv 3 s2 x2, up 4 s2")
    shown.press("Enter")
    shown.page.wait_for_function("() => document.querySelectorAll('.cl-stroke-cone').length >= 1")
    shown.field("network").select_option("VGG16")
    shown.page.wait_for_function("() => document.querySelector('.cl-facts').textContent.includes('212 cells')")


def looks_at(shown):
    """Where on the screen the line begins that leads from the chosen point of the ruler to its neighbours."""
    return shown.at(".cl-stroke-chosen").first.evaluate("line => line.points[0].matrixTransform(line.getScreenCTM()).x")


def number_at(shown, panel, column):
    """Where on the screen the number of a cell stands."""
    box = shown.at(f'[data-cell="{panel}|0|{column}"]').bounding_box()
    return box["x"] + box["width"] / 2


def check_coordinate_steps(shown):
    shown.at(".cl-slider").focus()
    shown.press("ArrowRight")
    shown.wait("Output 1 looks at (1 + 1/2)·2/4 − 1/2 = 0.25: y[1] = 0.75·x[0] + 0.25·x[1] = 0.75·10 + 0.25·20 = 12.5")
    assert shown.numbers("output") == [["10", "12.5", "17.5", "20"]]
    assert shown.looks("input") == [["read", "read"]]
    assert shown.at(".cl-stroke-chosen").count() == 2
    assert shown.at(".cl-stroke-clamp").count() == 0
    assert abs(looks_at(shown) - number_at(shown, "output", 1)) < 1.5
    shown.press("End")
    shown.wait("Output 3 looks at (3 + 1/2)·2/4 − 1/2 = 1.25, right of the last centre, clamped to 1: y[3] = x[1] = 20")
    assert shown.at(".cl-stroke-clamp").count() == 2
    shown.press("Home")
    shown.wait("Output 0 ")


def check_coordinate_pointing(shown):
    shown.cell("input", 0, 0).hover()
    shown.wait("x[0] = 10 enters 3 outputs: y[0] (·1), y[1] (·0.75), y[2] (·0.25)")
    assert shown.looks("output") == [["written", "written", "written", "plain"]]
    shown.cell("ruler", 0, 2).hover()
    shown.wait("Output 2 ")
    shown.cell("output", 0, 1).click()
    shown.page.mouse.move(2, 2)
    shown.wait("Output 1 ")
    cursor = shown.at(".cl-cursor").bounding_box()
    assert abs(cursor["x"] + cursor["width"] / 2 - number_at(shown, "output", 1)) < 1.5
    assert "cl-pinned" in shown.at(".cl-cursor").get_attribute("class")
    shown.press("Escape")
    shown.wait("Output 0 ")
    shown.press("ArrowRight", "ArrowRight", "Enter")
    shown.wait("Output 2 ")
    shown.press("PageUp", "PageUp")
    shown.wait("x[1] = 20 enters 3 outputs")
    shown.press("Escape")
    shown.wait("Output 0 ")


def check_coordinate_settings(shown):
    for convention, outputs in (
        ("align_corners", ["10", "13.3333", "16.6667", "20"]),
        ("asymmetric", ["10", "15", "20", "20"]),
        ("nearest", ["10", "10", "20", "20"]),
    ):
        shown.field("convention").select_option(convention)
        shown.wait("Output 0 ")
        assert shown.numbers("output") == [outputs]
        assert ("PyTorch has none" in shown.code()) == (convention == "asymmetric")
    shown.field("values").fill("0 1 2 3 4")
    shown.press("Enter")
    shown.wait("Output 0 looks at 0·5/4")
    shown.field("size").focus()
    shown.press("ArrowDown")
    code_says(shown, "size=3")
    assert shown.numbers("output") == [["0", "1", "3"]]
    shown.field("convention").select_option("nearest-exact")
    code_says(shown, "nearest-exact")
    assert shown.numbers("output") == [["0", "2", "4"]]
    refused(shown, ["output"], "values", "1, two", "value must be a number")
    refused(shown, ["output"], "values", "7", "must be 2 to 12 numbers, got 1")
    refused(shown, ["output"], "size", "0", "from 1 to 24, got 0")
    refused(shown, ["output"], "size", "many", "got “many”")
    shown.field("given").select_option("factor")
    code_says(shown, "scale_factor=0.6")
    assert shown.numbers("output") == [["0", "2", "4"]]
    refused(shown, ["output"], "scale_factor", "0", "must leave at least 1 cell")
    refused(shown, ["output"], "scale_factor", "half", "factor must be a number")
    shown.field("scale_factor").fill("1.5")
    shown.press("Enter")
    code_says(shown, "=1.5")
    assert shown.alert() == ""
    assert shown.numbers("output") == [["0", "1", "1", "2", "3", "3", "4"]]


def check_shape_steps(shown):
    assert shown.numbers("weight") == [["4", "1", "3", "3"]]
    assert shown.numbers("output") == [["1", "2", "7", "7"]]
    shown.at(".cl-slider").focus()
    shown.press("ArrowRight")
    shown.wait("Output channel 1 (group 1 of 2) reads input channels 2 to 3 through weight[2:4], 2·3·3 = 18 numbers")
    assert shown.looks("group 1") == [["read", "written"], ["read", "none"]]
    assert shown.at(".cl-stroke-group").count() == 2
    assert shown.at(".cl-stroke-chosen").count() == 2
    shown.press("Home")
    shown.wait("Output channel 0 ")


def check_shape_pointing(shown):
    shown.cell("group 1", 1, 0).hover()
    shown.wait("Input channel 3 (group 1 of 2) enters output channel 1 through weight[3].")
    shown.cell("weight", 0, 1).hover()
    shown.wait("Weight axis 1: output channels of one group, 2 / 2 = 1")
    assert shown.looks("output") == [["plain", "written", "plain", "plain"]]
    assert shown.looks("bias") == [["read"]]
    shown.cell("output", 0, 2).click()
    shown.page.mouse.move(2, 2)
    shown.wait("Output axis 2, height: 1·(5 − 1) + 3 − 0 − 0 = 7")
    assert "cl-pinned" in shown.at(".cl-cursor").get_attribute("class")
    shown.press("Escape")
    shown.wait("Output channel 0 ")
    shown.press("ArrowLeft", "Enter")
    shown.wait("Input channel 0 ")
    shown.press("Escape")
    shown.wait("Output channel 0 ")


def check_shape_settings(shown):
    shown.field("stride 0").focus()
    shown.press("ArrowUp")
    code_says(shown, "stride=(2, 1)")
    assert shown.numbers("output") == [["1", "2", "11", "7"]]
    refused(shown, ["weight", "output"], "stride 0", "0", "from 1 to 64, got 0")
    refused(shown, ["weight", "output"], "stride 0", "two", "got “two”")
    refused(shown, ["weight", "output"], "output_padding 1", "1", "must be smaller than stride or dilation")
    refused(shown, ["weight", "output"], "groups", "3", "must divide in_channels and out_channels, got 3 for 4 and 2")
    refused(shown, ["weight", "output"], "in_channels", "99999", "from 1 to 4096, got 99999")
    refused(shown, ["weight", "output"], "input_shape", "1, 4, 5", "must be 4 whole numbers, the batch first")
    refused(shown, ["weight", "output"], "input_shape", "1, 4, five, 5", "got “five”")
    shown.field("out_channels").fill("6")
    shown.press("Enter")
    shown.page.wait_for_function("() => document.querySelector('.cl-facts').textContent.includes('bias 6')")
    assert shown.alert() == ""
    assert shown.numbers("weight") == [["4", "3", "3", "3"]]
    shown.field("bias").select_option("false")
    code_says(shown, "bias=False")
    shown.field("operator").select_option("conv2d")
    code_says(shown, "torch.nn.Conv2d")
    assert shown.numbers("weight") == [["6", "2", "3", "3"]]


def check_shape_wrong_axis(shown):
    """Channels-last data in PyTorch; then channels-first data in Keras, which says nothing."""
    shown.field("swap").click()
    shown.wait("PyTorch reads axis 1 as channels: 5 there, not 4. Axis 3 has 4: the data look channels_last.")
    assert shown.looks("input") == [["plain", "bad", "plain", "plain"]]
    assert shown.numbers("output") == [["?"] * 4]
    shown.field("swap").click()
    shown.wait("Output channel 0 ")
    assert shown.looks("input") == [["plain"] * 4]
    shown.field("surprise").focus()
    shown.press("Enter")
    shown.wait("Keras (channels_last) reads axis 3 as channels: 2 there, not 1.")
    assert "The output is (1, 2, 4, 1)." in shown.formula()
    assert shown.looks("input") == [["plain", "plain", "plain", "bad"]]
    assert shown.numbers("weight") == [["3", "3", "1", "2"]]
    assert shown.numbers("other") == [["2", "1", "3", "3"]]
    shown.field("data_format").select_option("channels_first")
    code_says(shown, 'data_format="channels_first"')
    shown.field("input_shape").fill("1, 1, 2, 2")
    shown.press("Enter")
    shown.wait("Output channel 0 ")
    assert shown.numbers("output") == [["1", "1", "4", "4"]]


def check_coordinates(shown):
    check_coordinate_steps(shown)
    check_coordinate_pointing(shown)
    check_coordinate_settings(shown)


def check_shapes(shown):
    """Steps, pointing, settings, the wrong axis; then two channels, so that there are steps to play."""
    check_shape_steps(shown)
    check_shape_pointing(shown)
    check_shape_settings(shown)
    check_shape_wrong_axis(shown)
    for field, typed in (("in_channels", "3"), ("out_channels", "2")):
        shown.field(field).fill(typed)
        shown.press("Enter")


CHECKS = {
    "convolution": (TRANSPOSED, check_convolution),
    "pitfall": (LESSONS["pitfall"], check_pitfall),
    "sizes": (LESSONS["sizes"], check_sizes),
    "matrix": (LESSONS["matrix"], check_matrix),
    "checkerboard": (LESSONS["checkerboard"], check_checkerboard),
    "receptive": (LESSONS["receptive"], check_receptive),
    "coordinates": (LESSONS["coordinates"], check_coordinates),
    "shapes": (LESSONS["shapes"], check_shapes),
}
# What the page has told Python at the end.
LEFT = {
    "convolution": {"stride": [3], "input": [[7, 3]], "selection": ["input 0", 0, 0]},
    "coordinates": {"values": [0, 1, 2, 3, 4], "size": None, "scale_factor": 1.5},
    "shapes": {"framework": "keras", "in_channels": 3, "input_shape": [1, 3, 2, 2]},
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", CHECKS)
def test_explorer_by_keyboard_and_pointer(window, kind, theme, tmp_path):
    source, check = CHECKS[kind]
    own, shown = opened(window, source, theme)
    check(shown)
    state = shown.state()
    assert taken(own.explorer, state)
    assert {name: state[name] for name in LEFT.get(kind, ())} == LEFT.get(kind, {})
    own.screenshot(f"explorer_{kind}_{theme}", tmp_path)
    assert violations(own.page, "body") == []
    play_one_step(own.page, shown)
    assert own.problems == []


def play_one_step(page, shown):
    shown.at(".cl-grid").focus()
    shown.press("Escape", "Home")
    shown.at(".cl-speed").select_option("5")
    shown.at(".cl-play").click()
    page.wait_for_function("() => document.querySelector('.cl-counter').textContent.startsWith('step 2')", timeout=5000)
    shown.at(".cl-play").click()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_explorers_in_jupyterlab(context, lab, theme):
    """Every explorer takes a key and tells Python; several on a page are told apart."""
    lesson, several = in_lab(context, lab, f"all_{theme}", LESSONS.values(), theme)
    for shown in several:
        shown.box.scroll_into_view_if_needed()  # JupyterLab lays out only what is near
        before = shown.formula()
        shown.at(".cl-slider").focus()
        shown.press("ArrowRight")
        lesson.page.wait_for_function(
            "([root, before]) => document.querySelector(root + ' .cl-formula').textContent !== before",
            arg=[shown.root, before],
        )
    assert violations(lesson.page, ".convlab") == []
    states = [shown.state() for shown in several]
    assert [state["step"] for state in states] == [1] * len(LESSONS)
    assert asked(lesson) == states
    check_alone(lesson.page)
    assert lesson.problems == []


def check_alone(page):
    """Several explorers on a page have names and ids of their own, and each has the hatches of its own."""
    labels = page.locator(".convlab").evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    ids = page.evaluate("() => [...document.querySelectorAll('.convlab pattern')].map(e => e.id)")
    assert len(labels) == len(set(labels)) == len(LESSONS)
    assert len(ids) == len(set(ids)) == 6 * len(LESSONS)
    foreign = """() => [...document.querySelectorAll('.convlab')].flatMap(root =>
        [...root.querySelectorAll('.cl-cell')].map(cell => getComputedStyle(cell).fill.match(/#([^"]+)"/)?.[1])
            .filter(id => id && !root.contains(document.getElementById(id))))"""
    assert page.evaluate(foreign) == []


def test_letters_python_and_play_in_jupyterlab(context, lab):
    lesson, (shown,) = in_lab(context, lab, "one", [TRANSPOSED])
    check_letters(lesson, shown)
    check_python_sets(lesson, shown)
    check_timer_ends(lesson, shown)


def check_python_sets(lesson, shown):
    """What Python sets is shown."""
    shown.press("Escape")
    lesson.page.locator(".jp-CodeCell").last.locator(".jp-InputArea-editor").click()
    shown.press("Control+a")
    lesson.page.keyboard.insert_text("shown[0].set(stride=3, step=3, selection=[])")
    shown.press("Control+Enter")
    shown.wait("y[3] = x[1]·w[0] = 3·1 = 3")
    assert shown.numbers("output 0") == [["2", "4", "6", "3", "6", "9"]]


def check_timer_ends(lesson, shown):
    """The timer of an explorer whose cell is run again does not go on."""
    shown.at(".cl-speed").select_option("0.5")
    shown.at(".cl-play").click()
    old = lesson.page.evaluate_handle("() => document.querySelector('.convlab').explorer")
    assert old.evaluate("explorer => explorer.timer") is not None
    lesson.page.locator(".jp-CodeCell").nth(1).locator(".jp-InputArea-editor").click()
    shown.press("Control+Enter")
    lesson.page.wait_for_function("old => document.querySelector('.convlab')?.explorer !== old && !old.root", arg=old)
    assert old.evaluate("explorer => explorer.ended")


LETTERS = ["a", "b", "x", "d", "d", "m", "0", "0", "y", "z", "Shift+M"]


def check_letters(lesson, shown):
    """JupyterLab's own keys, pressed in the figure, neither add nor delete nor change a cell."""
    shown.cell("input 0", 0, 0).click()
    before = lesson.page.locator(".jp-Cell").count()
    shown.press(*LETTERS)
    lesson.page.wait_for_timeout(500)
    assert lesson.page.locator(".jp-Cell").count() == before
    assert lesson.page.locator(".jp-Dialog").count() == 0
    assert shown.at(".cl-grid").evaluate("grid => grid === document.activeElement")


def test_a_reopened_notebook_shows_the_explorer_from_what_was_saved(context, lab):
    """Saved with widget state, kernel stopped, opened again: it is there and moves; the module was saved once."""
    lesson, (shown,) = in_lab(context, lab, "again", [TRANSPOSED])
    shown.at(".cl-slider").focus()
    shown.press("ArrowRight")
    shown.wait("y[1] = ")
    lesson.page.locator(".jp-CodeCell .jp-InputArea-editor").last.click()
    shown.press("Space", "Control+s")
    lesson.page.wait_for_timeout(2500)
    lab.stop_kernels()
    saved = nbformat.read(lab.folder / "again.ipynb", 4)["metadata"]["widgets"]
    sizes = [len(str(model)) for model in saved["application/vnd.jupyter.widget-state+json"]["state"].values()]
    assert sorted(sizes)[-2] < 5000 < sorted(sizes)[-1] < 400_000
    with contextlib.closing(context.browser.new_context()) as later:
        other = LessonPage(later.new_page(), lab)
        other.open("again.ipynb")
        other.page.wait_for_selector(".convlab .cl-grid")
        again = Shown(other.page)
        again.wait("y[1] = ")
        icons = """() => [...document.querySelectorAll('.jupyter-widgets-disconnected')].map(
            (widget) => getComputedStyle(widget, '::before').content)"""
        assert set(other.page.evaluate(icons)) == {"none"}, "no broken link where there is an explorer"
        again.at(".cl-slider").focus()
        again.press("ArrowRight")
        again.wait("y[2] = ")


def test_controls_captions_and_challenges(window):
    """The controls that are asked for stand beside the figure; a challenge says when it is reached."""
    wanted = 'controls=["padding"], caption="Crop one cell.", challenge={"output": [4, 9, 6]})'
    _, shown = opened(window, f"{TRANSPOSED[:-1]}, {wanted}")
    near = shown.at(".cl-bar [data-field]").evaluate_all("fields => fields.map((field) => field.dataset.field)")
    assert near == ["padding 0 0", "padding 0 1"]
    assert shown.at(".cl-say").inner_text() == "Crop one cell."
    assert shown.at(".cl-goal").inner_text() == "Challenge: output [4, 9, 6]. So far: output [2, 4, 9, 6, 9]."
    assert shown.looks("target") == [["bad"] * 3]
    for side in near:
        shown.field(side).focus()
        shown.press("ArrowUp")
    shown.page.wait_for_function("() => document.querySelector('.cl-goal').textContent.startsWith('Reached: ')")
    assert shown.looks("target") == [["plain"] * 3]


# --- planted faults ----------------------------------------------------------------------------------------------

COORDINATES, SHAPES = LESSONS["coordinates"], LESSONS["shapes"]
LINKS = "ruler.strokes.push(...sample.cells.map((j) => linkTo(place, sample, j)));"
WIRES = 'drawn.strokes.push(column ? wire("chosen", n, row) : wire("chosen", row, n));'
WRONG = 'panels[0].look[0][axis] = "bad";'
FAULTS = [
    (LINKS, "", COORDINATES, check_coordinate_steps),
    ("[place(at - wide / 2), wide * unit]", "[place(at), wide * unit]", COORDINATES, check_coordinate_steps),
    ("return parts.length", "return !parts.length", COORDINATES, check_coordinate_pointing),
    ('readNumber(part, "each value")', "Number(part) || 0", COORDINATES, check_coordinate_settings),
    (WIRES, "", SHAPES, check_shape_steps),
    ("if (other === letter) one.look[0][m]", "if (other === n) one.look[0][m]", SHAPES, check_shape_pointing),
    ("if (out_channels % groups || (!keras", "if (false && (!keras", SHAPES, check_shape_settings),
    (WRONG, "", SHAPES, check_shape_wrong_axis),
    ('this.stage.addEventListener("pointermove", (event) => this.over(event));', "", TRANSPOSED, check_pointing),
    ("this.pin([cell.panel, cell.y, cell.x]);", "", TRANSPOSED, check_pointing),
    ("if (problem) return this.complain(problem, input);", "", TRANSPOSED, check_settings),
    (
        '"aria-live", on ? "off" : "polite"',
        '"aria-live", "polite"',
        TRANSPOSED,
        lambda shown: check_play(shown.page, shown),
    ),
]


def planted(source, right, wrong):
    """The source of an explorer whose module has a fault."""
    assert right in module_text()
    name, _, arguments = source.partition("(")
    return f"type({name!r}, ({name},), {{'module': {name}.module.replace({right!r}, {wrong!r})}})({arguments}"


@pytest.mark.parametrize(("right", "wrong", "source", "check"), FAULTS)
def test_planted_fault_is_noticed(window, right, wrong, source, check):
    own, shown = opened(window, planted(source, right, wrong))
    own.page.set_default_timeout(2000)
    with pytest.raises(Exception, match=r"Timeout|assert"):
        check(shown)


def test_planted_fault_in_the_keys(context, lab):
    lesson, (shown,) = in_lab(context, lab, "planted_keys", [planted(TRANSPOSED, "!passed", "false")])
    with pytest.raises(Exception, match=r"Timeout|assert|visible|cell"):
        check_letters(lesson, shown)


NAMELESS = [
    (TRANSPOSED, ".cl-slider", "label"),
    (COORDINATES, '[data-field="values"]', "label"),
    (SHAPES, '[data-field="operator"]', "select-name"),
]


@pytest.mark.parametrize(("source", "field", "rule"), NAMELESS)
def test_axe_notices_a_missing_name(window, source, field, rule):
    own, shown = opened(window, source)
    shown.at(field).evaluate("element => { element.removeAttribute('aria-label'); element.previousSibling?.remove(); }")
    assert [found for found, _ in violations(own.page, ".convlab")] == [rule]


NARROW = {
    "coordinates": ("CoordinateExplorer(range(12), size=24, step=23)", "Output 23 "),
    "shapes": (
        "ShapeExplorer('conv2d', 8, 16, 3, groups=4, input_shape=(1, 5, 5, 8))",
        "PyTorch reads axis 1 as channels: 5 there, not 8.",
    ),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", NARROW)
def test_narrow_page(window, kind, theme, tmp_path):
    source, formula = NARROW[kind]
    own, shown = opened(window, source, theme)
    shown.wait(formula)
    check_narrow(own, shown, f"explorer_{kind}_narrow_{theme}", tmp_path)


# --- the other ways to show one ----------------------------------------------------------------------------------


def test_static_mode_and_untrusted_notebook_show_a_picture(context, lab):
    new = nbformat.v4
    setup = "import os\nos.environ['CONVLAB_STATIC'] = '1'\nimport numpy as np\nfrom convlab.explorers import *"
    source = f"{setup}\n{TRANSPOSED}"
    lesson = LessonPage(context.new_page(), lab)
    lesson.open(lab.put(new.new_notebook(cells=[new.new_code_cell(source)], metadata=KERNEL), "static.ipynb"))
    lesson.run_all()
    (output,) = lesson.cells()[0]["outputs"]
    assert [picture["loaded"] for picture in output["pictures"]] == [True]
    assert re.match(r"Convolution explorer\. y\[0\] = ", output["pictures"][0]["alt"])
    assert lesson.page.locator(".convlab").count() == 0
