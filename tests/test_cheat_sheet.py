"""The cheat sheet: its formulas agree with the library, its numbers with PyTorch, and it prints on one page."""

import functools
import inspect
import itertools
import math
import pathlib
import re
import subprocess
import sys

import bs4
import pytest
import torch
import torch.nn.functional as F

from convlab.arithmetic import conv_transpose_output_size, effective_kernel_size
from convlab.frameworks import window
from tools.cheat_sheet import page
from tools.cheat_sheet.__main__ import main
from tools.cheat_sheet.formulas import LETTERS, SHORT, SIZES, WINDOWS, typeset

STORED = pathlib.Path(__file__).parents[1] / "notebooks" / "cheat_sheet.html"
page_module = sys.modules["tools.cheat_sheet.page"]


# --- the formulas, evaluated -------------------------------------------------------------------------------------

RANGES = {
    "i": range(1, 9),
    "o": range(1, 17),
    "k": range(1, 6),
    "s": range(1, 4),
    "p": range(3),
    "d": range(1, 4),
    "op": range(3),
    "a": range(-1, 4),
    "b": range(-1, 4),
}


@functools.cache
def compiled(expression):
    return compile(expression, "<formula>", "eval")


def evaluate(expression, letters):
    names = {"floor": math.floor, "ceil": math.ceil, "max": max, "min": min}
    return eval(compiled(expression), {"__builtins__": {}}, names | letters)


def grid(names, few=()):
    ranges = RANGES | dict(few)
    return (dict(zip(names, values)) for values in itertools.product(*(ranges[name] for name in names)))


def differences(cases):
    """How often what is told was compared with what is computed, and where they differ; None: nothing to compare."""
    pairs = [pair for pair in cases if pair is not None]
    return len(pairs), [pair for pair in pairs if pair[0] != pair[1]]


def with_short(letters):
    """The letters, and those that are short for an expression of them."""
    full = {"d": 1, "s": 1, "p": 0, "op": 0} | letters
    full["K"] = effective_kernel_size(full["k"], full["d"])
    if "i" in full:
        full["L"] = conv_transpose_output_size(full["i"], full["k"], full["s"], dilation=full["d"])
    return full


def size_case(size, letters):
    try:
        computed = size.computed(**letters)
    except ValueError:
        return None
    full = with_short(letters)
    if "i" in full:
        full.setdefault("o", math.ceil(full["i"] / full["s"]))
    told = evaluate(size.expression, full)
    return None if size.letter == "i" and told < 1 else (told, computed)  # the smallest input has one cell


def wrong_sizes(size):
    short = size.expression.replace("L", "s*(i - 1) + K").replace("K", "d k")
    parameters = inspect.signature(size.function).parameters
    named = [LETTERS[name] for name in LETTERS if re.search(rf"\b{name}\b", short)]
    if all(parameter.kind is not parameter.VAR_KEYWORD for parameter in parameters.values()):
        needed = [name for name, parameter in parameters.items() if parameter.default is parameter.empty]
        named = [name for name in (*named, *needed) if name in parameters]
    return differences(size_case(size, letters) for letters in grid([x for x in LETTERS if LETTERS[x] in named]))


def window_case(row, letters):
    try:
        found = window(row.framework, *(letters[name] for name in "iksd"), **row.filled(letters))
    except ValueError:
        return None
    full = with_short(letters)
    full["o"] = evaluate(row.size, full)
    full |= {short: evaluate(expression, full) for short, expression in SHORT.items()}
    full["begin"] = evaluate(row.begin, full)
    told = (full["begin"], evaluate(row.end, full), full["o"])
    return told, (found.crop_begin, found.crop_end, found.output_size)


def wrong_windows(row):
    told = str(sorted(map(str, row.options.values())))
    names = ["i", "k", "s", "d", *(name for name in ("p", "op", "o", "a", "b") if re.search(rf"\b{name}\b", told))]
    few = {"i": (1, 2, 4), "k": (1, 2, 3, 5), "d": (1, 2), "a": range(-1, 3), "b": range(-1, 3)}
    return differences(window_case(row, letters) for letters in grid(names, few))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
def test_size_formulas_are_the_librarys_and_a_planted_one_is_found(size):
    compared, wrong = wrong_sizes(size)
    assert compared >= 15
    assert wrong == []
    assert wrong_sizes(size._replace(expression=f"{size.expression} + 1"))[1]


@pytest.mark.parametrize("row", WINDOWS, ids=lambda row: f"{row.framework} {row.call}")
def test_window_formulas_are_the_librarys_and_a_planted_one_is_found(row):
    compared, wrong = wrong_windows(row)
    assert compared >= 60
    assert wrong == []
    for column in ("begin", "end", "size"):
        assert wrong_windows(row._replace(**{column: f"{getattr(row, column)} + 1"}))[1], column


def test_typeset_keeps_the_meaning():
    assert typeset("L - (a + b)") == "<i>L</i> − (<i>a</i> + <i>b</i>)"
    assert typeset("2*(K - 1) % s") == "2(<i>K</i> − 1) mod <i>s</i>"
    assert typeset("-op") == "−<i>op</i>"
    for strange in ("a < b", "a ** b", "'text'", "[a]"):
        with pytest.raises(ValueError, match="expression must be made of"):
            typeset(strange)


# --- the page ----------------------------------------------------------------------------------------------------


def complaints(markup):
    """What is wrong with a cheat sheet."""
    found = [] if markup == page() else ["it is not the generated one: run `make sheet`"]
    sheet = bs4.BeautifulSoup(markup, "html.parser")
    found += [f"there is a <{tag.name}>" for tag in sheet(["script", "link", "iframe", "object", "img"])]
    found += [f"{tag.name} asks for {name}" for name in ("src", "href") for tag in sheet(attrs={name: True})]
    found += ["something is fetched"] * bool(re.search(r"@import|url\(|https?:", markup))
    found += [f"colour {colour}" for colour in re.findall(r"#([0-9a-f]{3,6})\b", markup) if len(set(colour)) > 1]
    return found + ["a th without scope"] * len(sheet("th", scope=False))


def test_the_stored_page_is_good():
    assert complaints(STORED.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("<b>3</b>", "<b>4</b>", "generated"),
        ("</main>", "<script>print()</script></main>", "<script>"),
        ("</main>", '<img alt="" src="x.png"></main>', "src"),
        ("</style>", "@import 'x.css';</style>", "fetched"),
        ("color: #666", "color: #c00", "colour c00"),
        (' scope="row"', "", "scope"),
    ],
)
def test_planted_fault_is_found(before, after, words):
    assert before in page()
    assert any(words in complaint for complaint in complaints(page().replace(before, after)))


def test_the_command_writes_the_page(tmp_path, capsys):
    main([str(tmp_path / "sheet.html")])
    assert (tmp_path / "sheet.html").read_text(encoding="utf-8") == page()
    assert "sheet.html" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main([str(tmp_path / "nowhere" / "sheet.html")])


def five_answers():
    """The five answers to the standard question, by PyTorch."""
    x, w = torch.tensor([[[[1, 2], [3, 4]]]]), torch.arange(1, 10).reshape(1, 1, 3, 3)
    full, flipped = (F.conv_transpose2d(x, kernel, stride=2)[0, 0] for kernel in (w, w.flip(2, 3)))
    answers = full[1:4, 1:4], full[1:, 1:], full[:4, :4], flipped[:4, :4], full
    return [answer.tolist() for answer in answers]


def test_pictures_show_the_five_answers():
    framed = []
    for figure in bs4.BeautifulSoup(page(), "html.parser")("figure"):
        rows = [[int(cell.text) for cell in row("td", class_="in")] for row in figure("tr")]
        framed.append([row for row in rows if row])
    assert framed == five_answers()


def test_every_framework_and_every_answer_has_an_example():
    table = page().split("gives, of the five")[1].split("</table>")[0]
    assert set(re.findall(r"<b>([A-Z])</b>", table)) == set("ABCDE")
    assert {row.framework for row in WINDOWS} == set(page_module.FRAMEWORKS)
    assert all(row.examples for row in WINDOWS)


def plus_one(function):
    """A library function that is off by one."""

    def more(value):
        if isinstance(value, list):
            return [more(entry) for entry in value]
        return type(value)(*map(more, value)) if hasattr(value, "_fields") else value if value is None else value + 1

    return lambda *arguments, **options: more(function(*arguments, **options))


@pytest.mark.parametrize(
    "name",
    ["conv1d", "conv_transpose2d", "interpolate", "bed_of_nails", "polyphase_sums", "window", "zero_insertion_steps"],
)
def test_numbers_are_computed(name, monkeypatch):
    before = page()
    monkeypatch.setattr(page_module, name, plus_one(getattr(page_module, name)))
    assert page() != before


@pytest.mark.parametrize("number", range(len(SIZES)), ids=lambda number: SIZES[number].name)
def test_sizes_are_computed(number, monkeypatch):
    changed = SIZES[number]._replace(function=plus_one(SIZES[number].function))
    monkeypatch.setattr(page_module, "SIZES", (*SIZES[:number], changed, *SIZES[number + 1 :]))
    assert complaints(STORED.read_text(encoding="utf-8"))


def test_it_needs_no_heavy_library():
    code = "import sys, tools.cheat_sheet; print({'torch', 'matplotlib', 'ipywidgets'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


# --- on paper ----------------------------------------------------------------------------------------------------


def printed_pages(browser, markup):
    """How many pages the sheet takes on paper, and whether anything sticks out on the right."""
    paper = browser.new_page(viewport={"width": 726, "height": 1055})  # A4 without its margins
    paper.set_content(markup)
    paper.emulate_media(media="print")
    sticks_out = paper.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")
    document = paper.pdf(prefer_css_page_size=True)
    paper.close()
    return len(re.findall(rb"/Type\s*/Page\b", document)), sticks_out


@pytest.mark.browser
def test_it_prints_on_one_page(browser):
    stored = STORED.read_text(encoding="utf-8")
    assert printed_pages(browser, stored) == (1, False)
    # JupyterLab's viewer drops the doctype, and the browser falls back to the rules of old pages.
    without_doctype = stored.replace("<!DOCTYPE html>", "")
    assert printed_pages(browser, without_doctype) == (1, False)
    assert printed_pages(browser, without_doctype.replace("font: inherit;", "")) != (1, False)


@pytest.mark.browser
def test_it_would_be_seen_on_two_pages(browser):
    longer = page().replace("</main>", "<p>more</p>" * 30 + "</main>")
    assert printed_pages(browser, longer)[0] == 2
    wider = page().replace("</main>", '<p style="white-space: nowrap">' + "more " * 200 + "</p></main>")
    assert printed_pages(browser, wider)[1]
