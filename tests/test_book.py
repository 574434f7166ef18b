"""The book, walked in headless Chromium: built once, served below a sub-path, as a project's page of a public host is.

Every rule is a function from a page to complaints. It is tested both ways: no complaint about any page of the book, and
a complaint about a page with a planted fault. Axe looks at the article, for which we answer; the rest is the theme's.
"""

import functools
import http.server
import itertools
import json
import pathlib
import re
import subprocess
import sys
import threading
import urllib.parse

import pytest

REPOSITORY = pathlib.Path(__file__).parents[1]
LESSON = "lessons/04_transposed_convolution_by_stamping.html"
WIDTHS = (1280, 800, 390)

pytestmark = pytest.mark.browser


# --- the site ----------------------------------------------------------------------------------------------------


class Site:
    """The built book: its ``folder``, and the ``url`` that it is served at, with a slash at the end."""

    def __init__(self, folder, url):
        self.folder, self.url = folder, url
        paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
        self.pages = sorted(path for path in paths if not path.startswith("_"))


class Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128  # a page asks for a dozen files at once; what no longer fits waits for seconds


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """``make book``, in a folder of its own, and a server for the folder above it."""
    above = tmp_path_factory.mktemp("host")
    command = [sys.executable, "-m", "tools.book", str(above / "convlab")]
    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    server = Server(("127.0.0.1", 0), functools.partial(Silent, directory=above))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site(above / "convlab", f"http://127.0.0.1:{server.server_port}/convlab/")
    server.shutdown()
    server.server_close()


@pytest.fixture
def reader(window, site):
    """A reader with a browser window: no answers given yet."""
    return Reader(window, site)


class Reader:
    """A page of the book on the screen, and what went wrong on the way."""

    def __init__(self, window, site):
        self.window, self.site, self.page, self.troubles = window, site, window.new_page(), []
        self.page.on("pageerror", lambda error: self.troubles.append(f"page error: {error}"))
        self.page.on("console", self._hear)
        self.page.on("request", self._see)
        self.page.on("response", self._answered)

    def _hear(self, message):
        if message.type == "error":
            self.troubles.append(f"console: {message.text}")

    def _see(self, request):
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.troubles.append(f"asked outside the folder: {request.url}")

    def _answered(self, response):
        if response.status >= 400:
            self.troubles.append(f"status {response.status}: {response.url}")

    def open(self, path):
        self.page.goto(self.site.url + path)

    def plant(self, path, old, new):
        """From now on ``path`` is served with ``new`` in place of ``old``."""
        text = (self.site.folder / path).read_text("utf-8")
        assert old in text
        kind = "text/javascript" if path.endswith(".js") else "text/html"
        body = text.replace(old, new, 1)
        pattern = re.compile(re.escape(self.site.url + path) + r"(\?.*)?$")
        self.page.route(pattern, lambda route: route.fulfill(body=body, content_type=f"{kind}; charset=utf-8"))

    def skip_all(self):
        """Skip every prediction, so that nothing waits any more."""
        for _ in range(self.page.locator(".convlab-prediction[data-open]").count()):
            self.page.locator(".convlab-prediction[data-open] button:text-is('Skip')").first.click()


# --- the rules ---------------------------------------------------------------------------------------------------


def troubles(reader):
    """Errors, and requests that leave the folder or find nothing."""
    return list(reader.troubles)


def too_wide(reader):
    complaints = []
    for width in WIDTHS:
        reader.page.set_viewport_size({"width": width, "height": 900})
        found = reader.page.evaluate("document.documentElement.scrollWidth")
        complaints += [f"{found} pixels wide in a window of {width}"] if found > width else []
    reader.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return complaints


PICTURES = """() => [...document.querySelectorAll("img")].map((picture) => {
    picture.loading = "eager";
    return {alt: picture.alt, broken: picture.complete && !picture.naturalWidth};
})"""


def bad_pictures(reader):
    pictures = reader.page.evaluate(PICTURES)
    complaints = [
        f"a picture without alternative text among {len(pictures)}" for one in pictures if not one["alt"].strip()
    ]
    return complaints + [f"a picture is not there: {one['alt']}" for one in pictures if one["broken"]]


KEYS = ("ArrowRight", "ArrowDown", "PageDown", "End", "Home")


def dead_explorers(reader):
    """Stored pictures that do not come to life, and explorers that answer to no key."""
    page, complaints = reader.page, []
    reader.skip_all()
    count = page.locator("img[data-convlab], section.convlab").count()
    for number in range(count):
        place = page.locator("img[data-convlab], section.convlab").nth(number)
        place.scroll_into_view_if_needed()
        try:
            page.locator("section.convlab").nth(number).wait_for(timeout=3000)
        except Exception:  # Playwright's own time-out has no name before its package is imported
            complaints.append(f"explorer {number + 1} of {count} is still a picture")
            break
        explorer = page.locator("section.convlab").nth(number)
        figure = explorer.locator(".cl-grid").first
        figure.focus()
        before = explorer.inner_html()
        if not any(figure.press(key) or explorer.inner_html() != before for key in KEYS):
            complaints.append(f"explorer {number + 1} answers to no key")
    return complaints


# What there is much of, axe would look at for minutes: of long tables it sees the first rows, of code that of the first
# sections, of explorers all but the numbers in the cells. The others are like them.
MUCH = ["tr:nth-child(n + 20)", "section ~ section ~ section .highlight", ".cell ~ .cell ~ .cell .highlight"]
MUCH += ["dl ~ dl .highlight", ".cl-numbers"]
AXE_CONTEXT = {"exclude": [[selector] for selector in MUCH]}
STILL = "* { transition: none !important; animation: none !important; }"
# What depends on the theme; the rest is looked at once.
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


def not_accessible(reader):
    """What axe finds on the page, colours in both themes."""
    from axe_playwright_python.sync_playwright import Axe

    reader.page.add_style_tag(content=STILL)  # colours on their way from one theme to the other are of neither
    complaints, options = [], {"preload": False, "resultTypes": ["violations"]}
    for theme, rules in (("dark", {"runOnly": OF_COLOURS}), ("light", {})):
        reader.page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        reader.page.wait_for_timeout(50)
        for one in Axe().run(reader.page, context=AXE_CONTEXT, options=options | rules).response["violations"]:
            where = [" ".join(node["target"]) for node in one["nodes"]][:3]
            complaints.append(f"{theme}: {one['id']}, {one['help']}, {where}")
    return complaints


RULES = [too_wide, bad_pictures, dead_explorers, not_accessible, troubles]


def walk(reader, path):
    """All complaints about one page."""
    reader.open(path)
    return [complaint for rule in RULES for complaint in rule(reader)]


def test_every_page(reader, site):
    complaints = {path: walk(reader, path) for path in site.pages}
    assert {path: found for path, found in complaints.items() if found} == {}


END = "</article>"
FAULTS = {
    "dead module": (dead_explorers, "_static/live.js", "(() => {", "throw 1; (() => {", "still a picture"),
    "explorers deaf": (dead_explorers, "_static/live.js", "this.gridKey(event);", ";", "answers to no key"),
    "one explorer broken": (dead_explorers, LESSON, "&quot;kind&quot;:", "&quot;sort&quot;:", "still a picture"),
    "request outside": (troubles, LESSON, END, f'<img src="/elsewhere.png">{END}', "asked outside the folder"),
    "missing file": (troubles, LESSON, END, f'<img src="../none.png">{END}', "status 404"),
    "error in a script": (troubles, LESSON, END, f"<script>undefined.x</script>{END}", "page error"),
    "no alternative text": (
        bad_pictures,
        LESSON,
        '<img alt="A flower',
        '<img title="A flower',
        "without alternative",
    ),
    "broken picture": (
        bad_pictures,
        LESSON,
        'src="data:image/png;base64,',
        'src="data:image/png;base64,A',
        "is not there",
    ),
    "too wide": (too_wide, LESSON, END, f'<p style="width:1300px">wide</p>{END}', "in a window of 1280"),
    "too wide for a telephone": (too_wide, LESSON, END, f'<p style="width:500px">wide</p>{END}', "in a window of 390"),
    "pale text": (not_accessible, LESSON, END, f'<p style="color:#666">in the dark</p>{END}', "dark: color-contrast"),
    "field without label": (not_accessible, LESSON, END, f"<input>{END}", "light: label"),
}


@pytest.mark.parametrize(("rule", "path", "old", "new", "said"), FAULTS.values(), ids=FAULTS)
def test_planted_fault_is_found(rule, path, old, new, said, reader):
    reader.plant(path, old, new)
    reader.open(LESSON)
    complaints = rule(reader)
    assert any(said in complaint for complaint in complaints), complaints


def test_every_rule_has_a_planted_fault():
    assert {rule for rule, *_ in FAULTS.values()} == set(RULES)


# --- links -------------------------------------------------------------------------------------------------------


def broken_links(folder, pages):
    """Links between pages, and to places in them, that lead nowhere; what a page would load from elsewhere."""
    texts = {path: (folder / path).read_text("utf-8") for path in pages}
    ids = {path: set(re.findall(r'\bid="([^"]+)"', text)) for path, text in texts.items()}
    complaints = []
    for path, text in texts.items():
        for target in set(re.findall(r'<a\b[^>]*\bhref="([^"]*)"', text)):
            parts = urllib.parse.urlsplit(target)
            if parts.scheme or target in ("#", ""):
                continue
            file = (folder / path).parent / urllib.parse.unquote(parts.path) if parts.path else folder / path
            name = pathlib.Path(file.resolve()).relative_to(folder.resolve()).as_posix() if file.exists() else None
            if name is None or (name in ids and parts.fragment and parts.fragment not in ids[name]):
                complaints.append(f"{path}: {target}")
        loaded = re.findall(
            r'<(?:script|img|iframe)\b[^>]*\bsrc="(\w+://[^"]*)"|<link\b[^>]*\bhref="(\w+://[^"]*)"', text
        )
        complaints += [f"{path} loads {''.join(address)}" for address in loaded]
    return complaints


def test_links_lead_somewhere(site):
    assert broken_links(site.folder, site.pages) == []


@pytest.mark.parametrize(
    "link", ['<a href="none.html">', '<a href="#nowhere">', '<script src="https://example.org/x.js">']
)
def test_planted_broken_link_is_found(link, tmp_path):
    (tmp_path / "index.html").write_text(f'<a href="index.html">{link}')
    assert len(broken_links(tmp_path, ["index.html"])) == 1


def way(folder, path, side):
    """The pages that one comes to by the link at the left or the right below the page, one after the other."""
    seen = [path]
    while found := re.search(rf'<a class="{side}"\s+href="([^"#]+)', (folder / path).read_text("utf-8")):
        path = (folder / path).parent.joinpath(found[1]).resolve().relative_to(folder.resolve()).as_posix()
        assert path not in seen
        seen.append(path)
    return seen


def test_previous_and_next_lead_through_the_whole_book(site):
    forward = way(site.folder, "index.html", "right-next")
    assert set(forward) == set(site.pages) - {"genindex.html", "py-modindex.html", "search.html"}
    assert way(site.folder, forward[-1], "left-prev") == forward[::-1]


# --- searching, predicting ---------------------------------------------------------------------------------------


def test_search_finds_lessons(reader):
    reader.open("index.html")
    reader.page.keyboard.press("Control+k")
    reader.page.keyboard.type("output_padding")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_selector("text=/Search finished, found/")
    found = reader.page.locator("#search-results li a").evaluate_all("links => links.map(link => link.href)")
    for page in ("05_padding_crops", "cheat_sheet", "api/arithmetic"):
        assert any(page in link for link in found), found
    assert reader.troubles == []


def first_prediction(reader):
    return reader.page.locator(".convlab-prediction").first


def commit(reader, text):
    first_prediction(reader).locator("textarea").fill(text)
    first_prediction(reader).locator("textarea").press("Enter")
    return first_prediction(reader).locator(".note, .outcome").all_inner_texts()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2 4 9 6 9", "Right: [2, 4, 9, 6, 9]"),
        ("[2, 4, 3, 6, 9]", "You said [2, 4, 3, 6, 9].\nIt gives [2, 4, 9, 6, 9]."),
    ],
)
def test_prediction_is_committed_and_remembered(text, said, reader):
    reader.open(LESSON)
    behind = reader.page.locator(".tag_behind-1 > .cell_output, .container.behind-1")
    assert behind.count() == 3  # the stamps, what explains them, what PyTorch says
    hidden = "elements => elements.map(element => element.classList.contains('waits'))"
    assert all(behind.evaluate_all(hidden))
    assert "5 numbers are asked for" in "".join(commit(reader, "2 4"))
    assert all(behind.evaluate_all(hidden))
    assert said in re.sub(r"\n+", "\n", "\n".join(commit(reader, text)))
    assert not any(behind.evaluate_all(hidden))

    reader.open(LESSON)
    assert said in re.sub(r"\n+", "\n", first_prediction(reader).locator(".outcome").inner_text())
    assert first_prediction(reader).locator("textarea").input_value() == text
    assert not any(behind.evaluate_all(hidden))
    first_prediction(reader).locator("button:text-is('Ask me again')").click()
    assert all(behind.evaluate_all(hidden))
    reader.open(LESSON)
    assert all(behind.evaluate_all(hidden))


def test_skipping_is_remembered(reader):
    reader.open(LESSON)
    first_prediction(reader).locator("button:text-is('Skip')").click()
    reader.open(LESSON)
    assert "It gives [2, 4, 9, 6, 9]." in first_prediction(reader).inner_text()


def test_a_forgetful_book_is_found(reader):
    reader.plant("_static/live.js", "if (said) localStorage.setItem", "if (said) void")
    with pytest.raises(AssertionError):
        test_skipping_is_remembered(reader)


ANSWER_ALL = """answers => [...document.querySelectorAll(".convlab-prediction")].map((place, number) => {
    place.querySelector("textarea").value = answers[number];
    place.querySelector("[type=submit]").click();
    return place.querySelector(".outcome").innerText;
})"""


def test_every_prediction_of_every_lesson_is_judged_by_its_own_truth(reader, site):
    """What is told as the truth is read as right, in all lessons."""
    count = 0
    for path in [path for path in site.pages if re.match(r"lessons/\d", path)]:
        told = [asked["told"] for asked in stored_predictions(site, path)]
        reader.open(path)
        said = reader.page.evaluate(ANSWER_ALL, told)
        assert [text.partition(" ")[2] for text in said] == [f"Right: {truth}" for truth in told], path
        count += len(told)
    assert count > 60
    assert reader.troubles == []


def stored_predictions(site, path):
    import bs4

    page = bs4.BeautifulSoup((site.folder / path).read_text("utf-8"), "html.parser")
    return [json.loads(place["data-prediction"]) for place in page.select("[data-prediction]")]


# --- other readers -----------------------------------------------------------------------------------------------


def test_without_javascript_pictures_stand_and_answers_are_folded(browser, site):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.url + LESSON)
        assert page.locator("img[data-convlab]").is_visible()
        folded = page.locator("[data-prediction] details").first
        assert folded.is_visible()
        assert not folded.locator("code").is_visible()
        assert page.locator(".behind-1").first.is_visible()


def test_the_book_lives_without_a_server(window, site):
    """Opened as a file, as ``make book`` leaves it."""
    page, errors = window.new_page(), []
    page.on("pageerror", lambda error: errors.append(error))
    page.goto((site.folder / LESSON).as_uri())
    while page.locator("[data-open] button:text-is('Skip')").count():
        page.locator("[data-open] button:text-is('Skip')").first.click()
    page.locator("img[data-convlab], section.convlab").scroll_into_view_if_needed()
    page.locator("section.convlab").wait_for(timeout=3000)
    assert errors == []


def test_the_download_button_gives_the_notebook(site):
    for notebook, page in itertools.product((REPOSITORY / "notebooks").glob("04*.ipynb"), [site.folder / LESSON]):
        assert f'href="../_sources/lessons/{notebook.name}"' in page.read_text("utf-8")
        assert (site.folder / "_sources/lessons" / notebook.name).read_bytes() == notebook.read_bytes()
