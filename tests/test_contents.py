"""What the README and CITATION.cff say is so: the table of lessons, the version, the licences."""

import pathlib
import re
import tomllib

import PIL.Image
import pytest
import yaml

from tools.contents import ASSIGNMENTS, written

REPOSITORY = pathlib.Path(__file__).parents[1]


def readme():
    return (REPOSITORY / "README.md").read_text("utf-8")


def test_the_table_of_lessons_is_as_the_lessons_are():
    assert written(readme()) == readme(), "run `python -m tools.contents`"


@pytest.mark.parametrize(("old", "new"), [("`MatrixExplorer`", "`SizeExplorer`"), ("| `three_views` |", "| |")])
def test_planted_lie_in_the_table_is_found(old, new):
    told = readme().replace(old, new, 1)
    assert told != readme()
    assert written(told) != told


def test_every_assignment_follows_lessons_that_are_there():
    assert set(ASSIGNMENTS) == {path.name for path in (REPOSITORY / "assignments/source").iterdir()}
    lessons = {path.name[:2] for path in (REPOSITORY / "notebooks").glob("*.ipynb")}
    assert {number for numbers in ASSIGNMENTS.values() for number in numbers} <= lessons


def citation_complaints(text, project):
    """What CITATION.cff lacks (the keys that its format wants), or says otherwise than pyproject.toml."""
    found = yaml.safe_load(text)
    complaints = [f"no {key}" for key in ("cff-version", "message", "title", "authors") if not found.get(key)]
    complaints += [f"an author without a name: {one}" for one in found.get("authors", ()) if not one.get("name")]
    pairs = [("version", project["version"]), ("license", project["license"].split(" AND "))]
    return complaints + [f"{key} is {found.get(key)}, not {is_}" for key, is_ in pairs if found.get(key) != is_]


def test_citation_is_true():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    text = (REPOSITORY / "CITATION.cff").read_text("utf-8")
    assert citation_complaints(text, project) == []
    for old, new in [("version: 0", "version: 9"), ("- MIT", "- Apache-2.0"), ("title:", "name:"), ("- name:", "- n:")]:
        assert old in text
        assert citation_complaints(text.replace(old, new, 1), project)


def test_each_licence_has_its_text():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    texts = [(REPOSITORY / name).read_text("utf-8") for name in project["license-files"]]
    for name, words in (("MIT", "MIT License"), ("CC-BY-4.0", "SPDX: CC-BY-4.0")):
        assert name in project["license"]
        assert any(words in text for text in texts)


def test_the_moving_picture_moves_is_small_and_is_told():
    (alt, path) = re.search(r"!\[([^\]]+)\]\(([^)]+)\)", readme()).groups()
    assert len(alt) > 40
    assert (REPOSITORY / path).stat().st_size < 1e6
    with PIL.Image.open(REPOSITORY / path) as picture:
        assert picture.n_frames > 2
