"""What crosses the wall of the sandbox: every plain value comes back as it was, and nothing else comes through."""

import json
import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from convlab.grading.sandbox.wire import DTYPES, ENTRIES, NUMBERS, Unknown, clean, decode, encode, parse

PLAIN = (bool, int, float, str, type(None), *NUMBERS)
numbers = st.sampled_from(sorted(name for name in DTYPES if np.dtype(name).char not in "gG"))  # those have idle bits
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(10**300), 10**300)
    | st.floats()
    | words
    | numbers.flatmap(
        lambda name: arrays.arrays(name, arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
    )
    | numbers.flatmap(lambda name: arrays.from_dtype(np.dtype(name)))
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(words | st.integers(), inner, max_size=4)
        | st.frozensets(words | st.integers(), max_size=4)
        | st.sets(words | st.integers(), max_size=4)
    ),
    max_leaves=12,
)


def same(one, other):
    """Equal in type, in structure and in every bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, (np.ndarray, np.generic)):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, float):
        return one.hex() == other.hex()
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(map(same, one.values(), other.values()))
    return one == other


def harmless(value):
    """Whether a value consists of plain parts only: no object with methods of its own."""
    if type(value) in (list, tuple, set, frozenset):
        return all(map(harmless, value))
    if type(value) is dict:
        return all(map(harmless, value)) and all(map(harmless, value.values()))
    if type(value) is np.ndarray:
        return value.dtype.kind in "biufc" and value.base is None
    return type(value) in PLAIN or (type(value) is Unknown and type(value.text) is type(value.type_name) is str)


def test_harmless_goes_red():
    assert not harmless([print])
    assert not harmless(np.array([None]))
    assert not harmless(np.ma.array([1]))
    assert not harmless(type("Liar", (int,), {})(3))


@given(values)
def test_plain_values_come_back_as_they_were(value):
    through = decode(parse(json.dumps({"value": encode(value, strict=True)}).encode())["value"])
    assert same(through, value)


@pytest.mark.parametrize("name", sorted(DTYPES))
def test_every_type_of_numbers_passes(name):
    array = np.arange(6).reshape(2, 3).astype(name)
    assert same(decode(encode(array)), array)


def test_arrays_in_any_order_of_memory_pass():
    array = np.arange(24.0).reshape(2, 3, 4)
    for view in (array.T, array[:, ::-1], np.asfortranarray(array), array[:, :0], array[0, 0, 0]):
        assert same(decode(encode(view)), np.array(view) if isinstance(view, np.ndarray) else view)


# ------------------------------------------------------------------ what is not plain


class Liar(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class Rude:
    def __repr__(self):
        raise RuntimeError("no")


@pytest.mark.parametrize(
    "value",
    [
        print,
        Liar(3),
        np.ma.array([1.0]),
        np.array([None]),
        np.array(["text"]),
        np.datetime64("2026-01-01"),
        np.zeros(3, [("a", int)]),
        np.zeros(3).view(type("Sub", (np.ndarray,), {})),
        Rude(),
        b"bytes",
        range(3),
        10**2000,
        "x" * 200_000,
        np.zeros(3_000_000),
        [0] * (ENTRIES + 1),
        [[[[[[[[[[1]]]]]]]]]],
        (n for n in "ab"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_plain_arrives_as_words_only(value):
    with pytest.raises(TypeError, match="only plain values go into the sandbox"):
        encode(value, strict=True)
    arrived = decode(encode(value))
    while type(arrived) is list and arrived:
        arrived = arrived[0]
    assert type(arrived) is Unknown
    assert len(repr(arrived)) <= 500


def test_a_list_in_itself_and_a_tree_of_lists_have_an_end():
    deep = []
    deep.append(deep)
    tree = ()
    for _ in range(60):
        tree = (tree, tree)
    began = time.process_time()
    assert harmless(decode(encode(deep)))
    assert len(json.dumps(encode({"tree": (1, [2])}))) < 200
    assert time.process_time() - began < 5


# ------------------------------------------------------------------ what somebody else may have written

kinds = st.sampled_from(
    ["None", "bool", "int", "float", "str", "array", "number", "list", "tuple", "set", "dict", "unknown"]
)
small = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.sampled_from(sorted(DTYPES))
forged = st.recursive(
    small,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(kinds, inner, min_size=1, max_size=1) | st.just({}),
    max_leaves=25,
)
likely = st.fixed_dictionaries({}) | st.tuples(kinds, forged).map(lambda pair: dict([pair]))


@given(likely | forged)
def test_forged_values_are_refused_or_harmless(data):
    try:
        value = decode(data)
    except ValueError:
        return
    assert harmless(value)


@given(
    st.sampled_from(["array", "number"]),
    st.sampled_from([*sorted(DTYPES), "|O", "<U4", "V8", "<M8[s]", "i4,i4", "O", "object", ""]) | small,
    st.lists(st.integers(-5, 5) | st.integers() | st.floats() | st.none() | st.booleans(), max_size=5) | small,
    st.binary(max_size=64).map(lambda raw: __import__("base64").b64encode(raw).decode()) | small,
)
def test_forged_arrays_are_refused_or_harmless(kind, name, shape, data):
    try:
        value = decode({kind: [name, shape, data]})
    except ValueError:
        return
    assert harmless(value)


REFUSED = [
    {"array": ["|O", [1], "AAAAAAAAAAA="]},
    {"array": ["<f8", [10**12, 10**12], ""]},
    {"array": ["<f8", [-1, -8], "AAAAAAAAAAA="]},
    {"array": ["<f8", [True], "AAAAAAAAAAA="]},
    {"array": ["<f8", [1], "AAAA AAAAAAA="]},
    {"array": ["<f8", [1] * 40, "AAAAAAAAAAA="]},
    {"number": ["<f8", [1], "AAAAAAAAAAA="]},
    {"float": "0x1p99999"},
    {"float": "1e5"},
    {"int": "9" * 5000},
    {"int": "1_000"},
    {"int": " 5"},
    {"int": "٣"},
    {"int": 5},
    {"bool": 1},
    {"str": "x" * 200_000},
    {"dict": [[{"list": []}, {"int": "1"}]]},
    {"dict": {"a": 1}},
    {"set": [{"list": []}]},
    {"list": [{"int": "1"}], "tuple": []},
    {"pickle": "gASVAAAA"},
    {"array": ["<f8", [1.5], "AAAAAAAAAAA="]},
    {"array": ["<f8", "x", "AAAAAAAAAAA="]},
    {"array": ["i4,i4", [1], "AAAAAAAAAAA="]},
    {"array": [{"names": ["a"], "formats": ["O"]}, [1], "AAAAAAAAAAA="]},
    {"float": "__import__('os')"},
    {"int": "9" * 100_000},
    {"int": True},
]


@pytest.mark.parametrize("data", REFUSED, ids=lambda data: str(data)[:40])
def test_refused(data):
    with pytest.raises(ValueError, match="not an"):
        decode(data)


def test_deep_and_wide_forgeries_are_refused_at_once():
    deep, wide = {"int": "1"}, {"list": [{"None": None}] * ENTRIES}
    for _ in range(5000):
        deep = {"list": [deep]}
    for data in (deep, wide, {"list": [wide]}):
        began = time.process_time()
        with pytest.raises(ValueError, match="not an encoded value"):
            decode(data)
        assert time.process_time() - began < 5


@pytest.mark.parametrize("line", [b"[" * 10**6, b"{" * 10**6, b'{"a":' * 5000, b"[]", b"3", b"", b"\xff", b'{"a": 1'])
def test_lines_that_are_no_reply_are_refused(line):
    with pytest.raises(ValueError):  # noqa: PT011 (json has words of its own)
        parse(line)


# ------------------------------------------------------------------ words


@given(st.text(st.characters()))
def test_clean_words_can_be_stored_and_obey_nobody(text):
    cleaned = clean(text)
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert not [letter for letter in cleaned if (ord(letter) < 32 and letter not in "\t\n") or 127 <= ord(letter) < 160]
    assert len(clean(text, 5)) <= 5


def test_colours_and_links_of_terminals_are_removed():
    text = "\x1b[1;31mred\x1b[0m \x1b]8;;https://example.org\x07link\x1b]8;;\x07 \u202ekcab\r\nnext\rlast"
    assert clean(text) == "red link kcab\nnext\nlast"


def test_not_a_number_is_no_right_answer():
    assert math.isnan(decode(encode(float("nan"))))
    assert decode({"float": "nan"}) != decode({"float": "nan"})
