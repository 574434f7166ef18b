"""Values as text: how arguments go into the sandbox and answers come out of it.

Only plain values pass: numbers, words, NumPy arrays of numbers, and lists, tuples, sets and dicts of them. No
pickle: reading a pickle runs code of whoever wrote it. Everything else arrives as an :class:`Unknown`, which
says what it was. This file is also read inside the sandbox, so it needs NumPy only.
"""

import base64
import binascii
import json
import math
import re
from typing import Any

import numpy as np

__all__ = ["Unknown", "clean", "decode", "encode", "parse"]

DEPTH = 8  # lists in lists
ENTRIES = 100_000  # of all lists of one value together
LETTERS = 100_000  # of one word
DIGITS = 1000  # of one whole number
BYTES = 16_000_000  # of one array
KINDS = "biufc"  # bool, integers, floats, complex

# Exactly NumPy's own number types: a subclass could bring methods of its own.
NUMBERS = tuple({np.dtype(code).type for code in np.typecodes["All"] if np.dtype(code).kind in KINDS})
DTYPES = {order.str for kind in map(np.dtype, NUMBERS) for order in (kind.newbyteorder("<"), kind.newbyteorder(">"))}

WHOLE = re.compile(r"-?(?:0x[0-9a-f]+|[0-9]+)")
REAL = re.compile(r"-?(?:inf|nan|0x[01]\.[0-9a-f]+p[+-][0-9]{1,4})")
# What moves the cursor of a terminal, hides text or cannot be written to a file; not line breaks and tabs.
UNSEEN = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
TURNED = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # marks that write text backwards


class Unknown:
    """Something that is no plain value: its type and how it looked, both only words.

    Examples
    --------
    >>> Unknown("Tensor", "tensor([1.])")
    tensor([1.])
    >>> Unknown("Tensor", "tensor([1.])").type_name
    'Tensor'
    """

    def __init__(self, type_name: str, text: str):
        self.type_name, self.text = type_name, text

    def __repr__(self):
        return self.text


def encode(value: Any, strict: bool = False) -> dict:
    """Return a value as a dict that ``json`` can write; if ``strict``, TypeError refuses what is not plain.

    Examples
    --------
    >>> encode((2, [0.5]))
    {'tuple': [{'int': '2'}, {'list': [{'float': '0x1.0000000000000p-1'}]}]}
    >>> encode(object)
    {'unknown': ['type', "<class 'object'>"]}
    """
    return _encoded(value, DEPTH, [ENTRIES], strict)


def decode(data: Any) -> Any:
    """Return the value that :func:`encode` wrote; what it cannot have written is refused (ValueError).

    Examples
    --------
    >>> decode(encode([np.array([[1, 2]]), {"a": None}]))
    [array([[1, 2]]), {'a': None}]
    >>> decode({"array": ["<f8", [1000000], ""]})
    Traceback (most recent call last):
        ...
    ValueError: not an array: its bytes do not fit its shape
    """
    return _decoded(data, DEPTH + 1, [ENTRIES])


def parse(line: bytes) -> dict:
    """Return the dict that a line of JSON holds.

    ValueError if it holds anything else, or so many parts that reading it would fill the memory.

    Examples
    --------
    >>> parse(b'{"names": []}')
    {'names': []}
    >>> parse(b"[" * 1000000)
    Traceback (most recent call last):
        ...
    ValueError: too many parts
    """
    if line.count(b"[") + line.count(b"{") > 4 * ENTRIES:
        raise ValueError("too many parts")
    try:
        data = json.loads(line)
    except RecursionError:
        raise ValueError("too many lists in lists") from None
    if type(data) is not dict:
        raise ValueError("not a dict")
    return data


def clean(text: Any, most: int = LETTERS) -> str:
    """Return words that are safe to store and to print: no control characters, no half letters, not too long.

    Examples
    --------
    >>> clean("\\x1b[31mred\\x1b[0m and \\ud800 and \\x00nothing")
    'red and ? and nothing'
    """
    text = str(text)[: 2 * most].replace("\r\n", "\n").replace("\r", "\n")
    text = TURNED.sub("", UNSEEN.sub("", text))
    return text.encode("utf-8", "replace").decode("utf-8")[:most]


def _encoded(value, depth, left, strict):
    kind = type(value)
    left[0] -= 1
    if value is None:
        return {"None": None}
    if kind is bool:
        return {"bool": value}
    if kind is int and value.bit_length() < 3 * DIGITS:
        return {"int": str(value)}
    if kind is float:
        return {"float": value.hex()}
    if kind is str and len(value) <= LETTERS:
        return {"str": value}
    if kind in (np.ndarray, *NUMBERS) and value.dtype.str in DTYPES and value.nbytes <= BYTES:
        data = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {"array" if kind is np.ndarray else "number": [value.dtype.str, list(value.shape), data]}
    if depth and kind in (list, tuple, set, frozenset, dict) and len(value) <= left[0]:
        if kind is dict:
            pairs = [[_encoded(part, depth - 1, left, strict) for part in pair] for pair in value.items()]
            return {"dict": pairs}
        return {kind.__name__: [_encoded(entry, depth - 1, left, strict) for entry in value]}
    if strict:
        raise TypeError(f"only plain values go into the sandbox, got {kind.__name__} {_looks(value):.60}")
    return {"unknown": [kind.__name__[:100], _looks(value)]}


def _decoded(data, depth, left):
    left[0] -= 1
    if type(data) is not dict or len(data) != 1 or depth < 0 or left[0] < 0:
        raise ValueError("not an encoded value")
    ((kind, content),) = data.items()
    if kind == "None" and content is None:
        return None
    if kind == "bool" and type(content) is bool:
        return content
    if kind == "str" and type(content) is str and len(content) <= LETTERS:
        return content
    if kind == "int" and type(content) is str and len(content) <= DIGITS and WHOLE.fullmatch(content):
        return int(content, 16 if "0x" in content else 10)
    if kind == "float" and type(content) is str and REAL.fullmatch(content):
        return _real(content)
    if kind in ("array", "number"):
        return _array(content, kind)
    if kind == "unknown" and type(content) is list and len(content) == 2:
        return Unknown(clean(content[0], 100), clean(content[1], 500))
    if kind in CONTAINERS and type(content) is list and len(content) <= left[0]:
        return _container(kind, content, depth, left)
    raise ValueError("not an encoded value")


CONTAINERS = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset, "dict": dict}


def _container(kind, content, depth, left):
    if kind == "dict":
        if not all(type(pair) is list and len(pair) == 2 for pair in content):
            raise ValueError("not an encoded value")
        content = [tuple(_decoded(part, depth - 1, left) for part in pair) for pair in content]
    else:
        content = [_decoded(entry, depth - 1, left) for entry in content]
    try:
        return CONTAINERS[kind](content)
    except TypeError:
        raise ValueError("not an encoded value: a key or an entry of a set is a list") from None


def _real(text):
    try:
        return float.fromhex(text)
    except OverflowError:
        raise ValueError("not an encoded value: the number is too large") from None


def _array(content, kind):
    if type(content) is not list or len(content) != 3:
        raise ValueError("not an array")
    name, shape, text = content
    if type(name) is not str or name not in DTYPES:
        raise ValueError("not an array of numbers")
    if type(text) is not str or type(shape) is not list or len(shape) > 32:
        raise ValueError("not an array")
    if not all(type(n) is int and 0 <= n <= BYTES for n in shape) or (kind == "number" and shape):
        raise ValueError("not an array: its shape is impossible")
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("not an array: its bytes cannot be read") from None
    dtype = np.dtype(name)
    if len(raw) > BYTES or len(raw) != math.prod(shape) * dtype.itemsize:
        raise ValueError("not an array: its bytes do not fit its shape")
    array = np.frombuffer(raw, dtype).reshape(shape).copy()
    return array if kind == "array" else array[()]


def _looks(value):
    try:
        return repr(value)[:500]
    except Exception as error:  # a learner's own __repr__
        return f"<it cannot be shown: {type(error).__name__}>"
