"""Values as text: how arguments go into the sandbox and answers come out of it.

Only plain values pass: numbers, words, NumPy arrays of numbers, and lists, tuples, sets and dicts of them. No
pickle: reading a pickle runs code of whoever wrote it. Everything else arrives as an :class:`Unknown`, which
says what it was. This file is also read inside the sandbox, so it needs NumPy only.
"""

import base64
import math

import numpy as np

__all__ = ["Unknown", "decode", "encode"]

DEPTH = 8  # lists in lists
SIZE = 1_000_000  # entries of one list, letters of one word
BYTES = 64_000_000  # of one array
KINDS = "biufc"  # bool, integers, floats, complex


class Unknown:
    """Something that is no plain value: its type and how it looked, both only words.

    Examples
    --------
    >>> Unknown("Tensor", "tensor([1.])")
    tensor([1.])
    >>> Unknown("Tensor", "tensor([1.])").type_name
    'Tensor'
    """

    def __init__(self, type_name, text):
        self.type_name, self.text = type_name, text

    def __repr__(self):
        return self.text


def encode(value, depth=DEPTH):
    """Return a value as a dict that ``json`` can write.

    Examples
    --------
    >>> encode((2, [0.5]))
    {'tuple': [{'int': '2'}, {'list': [{'float': '0x1.0000000000000p-1'}]}]}
    """
    kind = type(value)
    if value is None:
        return {"None": None}
    if kind is bool:
        return {"bool": value}
    if kind is int:
        return {"int": hex(value)} if abs(value) >= 2**53 else {"int": str(value)}
    if kind is float:
        return {"float": value.hex()}
    if kind is str and len(value) <= SIZE:
        return {"str": value}
    if kind in (np.ndarray, *NUMBERS) and value.dtype.kind in KINDS and value.nbytes <= BYTES:
        data = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {"array" if kind is np.ndarray else "number": [value.dtype.str, list(value.shape), data]}
    if depth and kind in (list, tuple, set, frozenset) and len(value) <= SIZE:
        return {kind.__name__: [encode(entry, depth - 1) for entry in value]}
    if depth and kind is dict and len(value) <= SIZE:
        return {"dict": [[encode(key, depth - 1), encode(entry, depth - 1)] for key, entry in value.items()]}
    return {"unknown": [kind.__name__[:100], _looks(value)]}


def decode(data, depth=DEPTH + 1):
    """Return the value that :func:`encode` wrote; what it cannot have written is refused.

    Raises
    ------
    ValueError
        If ``data`` is anything else.

    Examples
    --------
    >>> decode(encode([np.array([[1, 2]]), {"a": None}]))
    [array([[1, 2]]), {'a': None}]
    >>> decode({"array": ["<f8", [1000000], ""]})
    Traceback (most recent call last):
        ...
    ValueError: not an array: its bytes do not fit its shape
    """
    if not isinstance(data, dict) or len(data) != 1 or depth < 0:
        raise ValueError("not an encoded value")
    ((kind, content),) = data.items()
    if kind == "None" and content is None:
        return None
    if kind == "bool" and isinstance(content, bool):
        return content
    if kind in ("int", "float", "str") and isinstance(content, str) and len(content) <= SIZE:
        return {"int": _integer, "float": float.fromhex, "str": str}[kind](content)
    if kind in ("array", "number"):
        return _array(content, kind)
    if kind == "unknown" and isinstance(content, list) and len(content) == 2:
        return Unknown(str(content[0])[:100], str(content[1])[:500])
    if kind in ("list", "tuple", "set", "frozenset") and isinstance(content, list):
        entries = [decode(entry, depth - 1) for entry in content]
        return _hashable({"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}[kind], entries)
    if kind == "dict" and isinstance(content, list):
        pairs = [(decode(key, depth - 1), decode(entry, depth - 1)) for key, entry in content]
        return _hashable(dict, pairs)
    raise ValueError("not an encoded value")


# Exactly NumPy's own number types: a subclass could bring methods of its own.
NUMBERS = tuple({np.dtype(code).type for code in np.typecodes["All"] if np.dtype(code).kind in KINDS})


def _integer(text):
    if len(text) > 5000:
        raise ValueError("not an encoded value")
    return int(text, 16 if "0x" in text else 10)


def _array(content, kind):
    if not isinstance(content, list) or len(content) != 3:
        raise ValueError("not an array")
    name, shape, text = content
    if not isinstance(name, str) or len(name) > 8 or not isinstance(shape, list) or not isinstance(text, str):
        raise ValueError("not an array")
    try:
        dtype = np.dtype(name)
    except TypeError:
        raise ValueError("not an array: its type is unknown") from None
    if dtype.kind not in KINDS or not all(type(n) is int and 0 <= n <= BYTES for n in shape) or len(shape) > 32:
        raise ValueError("not an array of numbers")
    raw = base64.b64decode(text, validate=True)
    if len(raw) != math.prod(shape) * dtype.itemsize:
        raise ValueError("not an array: its bytes do not fit its shape")
    array = np.frombuffer(raw, dtype).reshape(shape).copy()
    return array if kind == "array" else array[()]


def _hashable(container, entries):
    try:
        return container(entries)
    except TypeError:
        raise ValueError("not an encoded value: a key or an entry of a set is a list") from None


def _looks(value):
    try:
        return repr(value)[:500]
    except Exception as error:  # a learner's own __repr__
        return f"<it cannot be shown: {type(error).__name__}>"
