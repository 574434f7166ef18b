"""The explorers in a real JupyterLab: real keys, pointer, play, both themes; axe-core; the page of to_html()."""

import contextlib
import importlib.resources
import re

import nbformat
import pytest

from browser import LessonPage, browser_fixture, running_lab  # noqa: F401  (fixture)
from convlab.explorers import core
from explorer_lessons import LESSONS

pytestmark = pytest.mark.browser

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def axe():
    """axe-core, as the package axe-playwright-python ships it."""
    return importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def violations(page, selector):
    """What axe-core finds below ``selector``: ids of rules with the elements that break them."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe())
    found = page.evaluate("selector => axe.run(document.querySelector(selector))", selector)
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found["violations"]]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on an empty folder."""
    with running_lab(tmp_path_factory.mktemp("jupyter"), tmp_path_factory.mktemp("lessons")) as running:
        yield running


@pytest.fixture
def context(browser, lab):
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    yield made
    made.close()
    lab.stop_kernels()


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
            const { x, y } = middle.matrixTransform(figure.svg.getScreenCTM());
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
        return self.at(".cl-formula").inner_text()

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
            "([root, start]) => document.querySelector(root + ' .cl-formula').textContent.startsWith(start)",
            arg=[self.root, formula],
            timeout=5000,
        )

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)


def opened(context, lab, name, source, theme="light", width=1280):
    """Run a notebook of two cells, the explorer and a question to Python, and return both the page and the explorer."""
    new = nbformat.v4
    setup = "import numpy as np\nfrom convlab.explorers import *\n"
    cells = [new.new_code_cell(f"{setup}w = {source}\nw"), new.new_code_cell("print(w.state())")]
    lesson = LessonPage(context.new_page(), lab)
    lesson.page.set_viewport_size({"width": width, "height": 900})
    lesson.open(lab.put(new.new_notebook(cells=cells, metadata=KERNEL), f"{name}.ipynb"))
    choose_theme(lesson.page, theme)
    lesson.run_all()
    lesson.page.wait_for_selector(".convlab .cl-grid")
    return lesson, Shown(lesson.page)


def choose_theme(page, theme):
    """By the menu, where it is not the one: the server keeps the choice from test to test."""
    is_light = str(theme == "light").lower()
    if page.locator("body").get_attribute("data-jp-theme-light") != is_light:
        page.click(".lm-MenuBar-item >> text=/^Settings$/")
        page.hover(".lm-Menu-item >> text=/^Theme$/")
        page.click(f"li.lm-Menu-item >> text=/^JupyterLab {theme.capitalize()}$/")
    page.wait_for_selector(f'body[data-jp-theme-light="{is_light}"]', state="attached")


def asked(lesson):
    """What Python answers: the state of the explorer, after the second cell has been run again."""
    lesson.page.locator(".jp-CodeCell").nth(1).locator(".jp-InputArea-editor").click()
    lesson.page.keyboard.press("Control+Enter")
    lesson.page.wait_for_function(
        "() => document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')[1].textContent === '[3]:'", timeout=10000
    )
    lesson.page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")
    return eval(lesson.cells()[1]["outputs"][0]["text"])


# --- the convolution explorer ------------------------------------------------------------------------------------

TRANSPOSED = "ConvExplorer(np.array([2, 3]), np.array([1, 2, 3]), stride=2, transposed=True)"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_convolution_explorer_by_keyboard_and_pointer(context, lab, theme, tmp_path):
    lesson, shown = opened(context, lab, f"conv_{theme}", TRANSPOSED, theme)
    check_convolution(lesson, shown)
    lesson.screenshot(f"explorer_conv_{theme}", tmp_path)
    assert violations(lesson.page, ".convlab") == []
    state = asked(lesson)
    assert state["step"] == 0
    assert state["stride"] == [3]
    assert state["input"] == [[7, 3]]
    assert state["selection"] == ["input 0", 0, 0]
    assert lesson.problems == []


def check_convolution(lesson, shown):
    assert shown.formula() == "y[0] = x[0]·w[0] = 2·1 = 2"
    assert "transposed convolution" in shown.at(".cl-facts").inner_text()
    assert shown.numbers("full 0") == [["2", "4", "9", "6", "9"]]
    check_slider(shown)
    check_pointing(shown)
    check_keys_on_grid(shown)
    check_settings(shown)
    check_play(lesson.page, shown)
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


# --- the other five ----------------------------------------------------------------------------------------------


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
    shown.field("weight").fill("5")
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


def check_sizes(shown):
    assert shown.numbers("sizes") == [["24", "12", "6", "11", "21"]]
    assert shown.looks("sizes")[0][3:] == ["bad", "bad"]
    for layer in (2, 3):
        shown.field(f"output_padding {layer}").focus()
        shown.press("ArrowUp")
    shown.page.wait_for_function("() => document.querySelector('.cl-facts').textContent.includes('fits layer 4')")
    assert shown.numbers("sizes") == [["24", "12", "6", "12", "24"]]
    assert "bad" not in shown.looks("sizes")[0]
    shown.field("kernel_size 1").fill("many")
    shown.press("Enter")
    assert "got “many”" in shown.alert()
    shown.field("add").click()
    shown.page.wait_for_function("() => document.querySelectorAll('.cl-group').length === 7")
    shown.at(".cl-slider").focus()
    shown.press("End")
    shown.wait("Layer 5, convolution: floor((24 + 1 + 1 − 3) / 1) + 1 = 24")
    shown.field("remove 4").click()
    shown.page.wait_for_function("() => document.querySelectorAll('.cl-group').length === 6")


def check_receptive(shown):
    assert "There are no holes" in shown.at(".cl-facts").inner_text()
    shown.at("button.cl-button", has_text="2, 2, 2").click()
    shown.page.wait_for_function("() => document.querySelector('.cl-facts').textContent.includes('7 of 13')")
    assert shown.looks("level 0")[0].count("hole") == 6
    shown.cell("level 0", 0, 3).hover()
    shown.wait("Cell 3 of the input is a hole")
    shown.cell("level 1", 0, 4).click()
    shown.page.mouse.move(2, 2)
    shown.wait("Cell ")
    assert "cl-pinned" in shown.at(".cl-cursor").get_attribute("class")
    shown.field("dilation 0").fill("99")
    shown.press("Enter")
    assert "from 1 to 16, got 99" in shown.alert()


CHECKS = {
    "pitfall": check_pitfall,
    "sizes": check_sizes,
    "matrix": check_matrix,
    "checkerboard": check_checkerboard,
    "receptive": check_receptive,
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", CHECKS)
def test_explorer_by_keyboard_and_pointer(context, lab, kind, theme, tmp_path):
    lesson, shown = opened(context, lab, f"{kind}_{theme}", LESSONS[kind], theme)
    CHECKS[kind](shown)
    play_one_step(lesson.page, shown)
    lesson.screenshot(f"explorer_{kind}_{theme}", tmp_path)
    assert violations(lesson.page, ".convlab") == []
    assert asked(lesson)["step"] >= 1
    assert lesson.problems == []


def play_one_step(page, shown):
    shown.at(".cl-grid").focus()
    shown.press("Escape", "Home")
    shown.at(".cl-speed").select_option("5")
    shown.at(".cl-play").click()
    page.wait_for_function("() => document.querySelector('.cl-counter').textContent.startsWith('step 2')", timeout=5000)
    shown.at(".cl-play").click()


def test_python_sets_what_the_page_shows(context, lab):
    lesson, shown = opened(context, lab, "python", TRANSPOSED)
    cell = lesson.page.locator(".jp-CodeCell").nth(1).locator(".jp-InputArea-editor")
    cell.click()
    shown.press("Control+a")
    lesson.page.keyboard.insert_text("w.set(stride=3, step=3)")
    shown.press("Control+Enter")
    shown.wait("y[3] = x[1]·w[0] = 3·1 = 3")
    assert shown.numbers("output 0") == [["2", "4", "6", "3", "6", "9"]]


def test_play_ends_with_its_page(context, lab):
    """The timer of an explorer whose cell is run again does not go on."""
    lesson, shown = opened(context, lab, "timer", TRANSPOSED)
    shown.at(".cl-speed").select_option("0.5")
    shown.at(".cl-play").click()
    old = lesson.page.evaluate_handle("() => document.querySelector('.convlab').explorer")
    assert old.evaluate("explorer => explorer.timer") is not None
    lesson.page.locator(".jp-CodeCell").nth(0).locator(".jp-InputArea-editor").click()
    shown.press("Control+Enter")
    lesson.page.wait_for_function("old => document.querySelector('.convlab')?.explorer !== old && !old.root", arg=old)
    assert old.evaluate("explorer => explorer.ended")


# --- planted faults ----------------------------------------------------------------------------------------------

FAULTS = [
    ("event.stopPropagation();", ";", TRANSPOSED, check_slider),
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


@pytest.mark.parametrize(("right", "wrong", "source", "check"), FAULTS, ids=["keys", "hover", "pin", "refusal", "live"])
def test_planted_fault_is_noticed(context, lab, right, wrong, source, check):
    assert right in core.module_text()
    cls = f"type('ConvExplorer', (ConvExplorer,), {{'_esm': ConvExplorer._esm.replace({right!r}, {wrong!r})}})"
    planted = f"{cls}({source.partition('(')[2]}"
    lesson, shown = opened(context, lab, "planted", planted)
    lesson.page.set_default_timeout(2000)
    with pytest.raises(Exception, match=r"Timeout|assert"):
        check(shown)


def test_axe_notices_a_missing_name(context, lab):
    lesson, shown = opened(context, lab, "nameless", TRANSPOSED)
    shown.at(".cl-slider").evaluate("element => element.removeAttribute('aria-label')")
    assert [rule for rule, _ in violations(lesson.page, ".convlab")] == ["label"]


# --- the other ways to show one ----------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("source", LESSONS.values(), ids=LESSONS)
def test_page_of_its_own_asks_for_nothing(browser, source, scheme, tmp_path):
    names = {}
    exec("import numpy as np\nfrom convlab.explorers import *", names)
    eval(source, names).to_html(tmp_path / "page.html")
    with contextlib.closing(browser.new_context(offline=True, color_scheme=scheme)) as made:
        page = made.new_page()
        problems, asked_for = [], []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: asked_for.append(request.url))
        page.goto((tmp_path / "page.html").as_uri())
        page.wait_for_selector(".convlab .cl-grid")
        shown = Shown(page)
        before = shown.formula()
        if shown.at(".cl-slider").is_visible():
            shown.at(".cl-slider").focus()
            shown.press("ArrowRight")
            page.wait_for_function("before => document.querySelector('.cl-formula').textContent !== before", arg=before)
        assert violations(page, "body") == []
        assert problems == []
        assert [url for url in asked_for if not url.startswith(("file:", "data:", "blob:"))] == []


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
