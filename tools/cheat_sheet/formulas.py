"""The formulas of the cheat sheet: text for readers, beside the functions of the library that it must agree with.

Nothing is computed with these texts. They are Python expressions, so that a test can evaluate each one on a grid and
compare it with :mod:`convlab.arithmetic` and :mod:`convlab.frameworks`.
"""

import ast
from collections.abc import Callable, Mapping
from typing import NamedTuple

from convlab.arithmetic import (
    conv_output_size,
    conv_transpose_output_size,
    effective_kernel_size,
    equivalent_convolution,
    full_padding,
    merged_input_sizes,
    pool_output_size,
    required_output_padding,
    same_padding,
    unread_cells,
)

__all__ = ["LETTERS", "REST", "SHORT", "SIZES", "WINDOWS", "Size", "WindowRow", "typeset"]

#: What the letters stand for; K, L, c and T are short for an expression.
LETTERS = {
    "i": "input_size",
    "o": "output_size",
    "k": "kernel_size",
    "s": "stride",
    "p": "padding",
    "d": "dilation",
    "op": "output_padding",
}


class Size(NamedTuple):
    """A formula of :mod:`convlab.arithmetic`: what it is, its letter, its text, the function, and an example."""

    name: str
    letter: str
    expression: str
    function: Callable
    example: Mapping[str, int]

    def computed(self, **letters):
        """What the library gives for these letters."""
        return self.function(**{LETTERS[letter]: value for letter, value in letters.items()})


def _begin_of_same(**sizes):
    return same_padding(**sizes)[0]


def _strided_same_output_size(input_size, kernel_size, stride):
    pads = same_padding(kernel_size, stride=stride, input_size=input_size)
    return conv_output_size(input_size, kernel_size, stride, pads)


def _strided_same_total(input_size, kernel_size, stride):
    return sum(same_padding(kernel_size, stride=stride, input_size=input_size))


def _full_output_size(input_size, kernel_size):
    return conv_output_size(input_size, kernel_size, padding=full_padding(kernel_size))


def _smallest_input_size(**sizes):
    return merged_input_sizes(**sizes)[0]


def _padding_of_the_four_steps(**layer):
    return equivalent_convolution(**layer).padding_begin


SIZES = (
    Size("Effective kernel", "K", "d*(k - 1) + 1", effective_kernel_size, {"k": 3, "d": 2}),
    Size("Convolution", "o", "floor((i + 2*p - K) / s) + 1", conv_output_size, {"i": 6, "k": 3, "s": 2, "p": 1}),
    Size("... cells never read", "a", "(i + 2*p - K) % s", unread_cells, {"i": 6, "k": 3, "s": 2, "p": 1}),
    Size(
        "... smallest <i>i</i> for <i>o</i>",
        "i",
        "s*(o - 1) + K - 2*p",
        _smallest_input_size,
        {"o": 3, "k": 3, "s": 2, "p": 1},
    ),
    Size("Pooling, stride <i>k</i>", "o", "floor((i + 2*p - k) / k) + 1", pool_output_size, {"i": 5, "k": 2}),
    Size("Transposed, full", "L", "s*(i - 1) + K", conv_transpose_output_size, {"i": 2, "k": 3, "s": 2}),
    Size(
        "Transposed",
        "o",
        "L - 2*p + op",
        conv_transpose_output_size,
        {"i": 2, "k": 3, "s": 2, "p": 1, "op": 1},
    ),
    Size(
        "... to come back to <i>o</i>",
        "op",
        "o - (L - 2*p)",
        required_output_padding,
        {"i": 12, "o": 24, "k": 3, "s": 2, "p": 1},
    ),
    Size("Four steps: pad", "p′", "K - 1 - p", _padding_of_the_four_steps, {"k": 3, "p": 1, "d": 2}),
    Size("Full padding, <i>K</i> − 1", "o", "i + K - 1", _full_output_size, {"i": 5, "k": 3}),
    Size("Same, stride 1: begin", "b", "floor((K - 1) / 2)", _begin_of_same, {"k": 4, "d": 3}),
    Size("Same, any stride", "o", "ceil(i / s)", _strided_same_output_size, {"i": 5, "k": 3, "s": 2}),
    Size("... zeros in all", "P", "max(s*(o - 1) + K - i, 0)", _strided_same_total, {"i": 6, "k": 3, "s": 2}),
)


class WindowRow(NamedTuple):
    """How one option of a framework crops: texts, the options of :func:`convlab.frameworks.window`, examples.

    In ``options`` a letter stands for its value; the flip is for a kernel that is turned unless ``transpose_kernel``.
    """

    framework: str
    call: str
    begin: str
    end: str
    size: str
    options: Mapping[str, object]
    examples: tuple[Mapping[str, object], ...]

    def filled(self, letters):
        """The options with numbers for the letters; other letters than those are taken as options."""
        return {name: _value(option, letters) for name, option in self.options.items()}


def _value(option, letters):
    if isinstance(option, tuple):
        return tuple(_value(entry, letters) for entry in option)
    return letters.get(option, option) if isinstance(option, str) else option


#: Begin, end and output are the whole: what one of them leaves over.
REST = "L - o - begin"

_CONSISTENT = {"padding": ("a", "b"), "use_consistent_padding": True}
WINDOWS = (
    WindowRow(
        "torch",
        "padding=p, output_padding=op",
        "p",
        "p - op",
        "L - 2*p + op",
        {"padding": "p", "output_padding": "op"},
        ({"p": 1, "op": 0}, {"p": 1, "op": 1}),
    ),
    WindowRow(
        "torch",
        "padding=p, forward(x, output_size=o)",
        "p",
        REST,
        "o",
        {"padding": "p", "output_size": "o"},
        ({"p": 1, "o": 3}, {"p": 1, "o": 4}),
    ),
    WindowRow(
        "tensorflow",
        'padding="SAME", output_shape o',
        "h",
        REST,
        "o",
        {"padding": "SAME", "output_size": "o"},
        ({"o": 3}, {"o": 4}),
    ),
    WindowRow(
        "tensorflow",
        'padding="VALID", output_shape o',
        "0",
        REST,
        "o",
        {"padding": "VALID", "output_size": "o"},
        ({"o": 5},),
    ),
    WindowRow(
        "tensorflow",
        "padding pairs (a, b), output_shape o",
        "a",
        REST,
        "o",
        {"padding": ("a", "b"), "output_size": "o"},
        ({"a": 1, "b": 1, "o": 3}, {"a": 1, "b": 1, "o": 4}),
    ),
    WindowRow("keras", 'padding="same"', "c", REST, "s*i", {"padding": "same"}, ({},)),
    WindowRow(
        "keras",
        'padding="same", output_padding=op',
        "h",
        REST,
        "s*(i - 1) + K % 2 + op",
        {"padding": "same", "output_padding": "op"},
        ({"op": 0}, {"op": 1}),
    ),
    WindowRow("keras", 'padding="valid"', "0", "min(K - s, 0)", "s*(i - 1) + max(K, s)", {"padding": "valid"}, ({},)),
    WindowRow(
        "keras",
        'padding="valid", output_padding=op',
        "0",
        "-op",
        "L + op",
        {"padding": "valid", "output_padding": "op"},
        ({"op": 0},),
    ),
    WindowRow("jax", 'padding="SAME"', "c", REST, "s*i", {"padding": "SAME"}, ({}, {"transpose_kernel": True})),
    WindowRow(
        "jax",
        'padding="VALID"',
        "0",
        "min(K - s, 0)",
        "s*(i - 1) + max(K, s)",
        {"padding": "VALID"},
        ({"transpose_kernel": True},),
    ),
    WindowRow(
        "jax",
        "padding=[(a, b)]",
        "K - 1 - a",
        "K - 1 - b",
        "L - 2*(K - 1) + a + b",
        {"padding": ("a", "b")},
        ({"a": 1, "b": 2, "transpose_kernel": True},),
    ),
    WindowRow(
        "jax",
        "... with use_consistent_padding=True",
        "a",
        "b",
        "L - a - b",
        _CONSISTENT,
        ({"a": 1, "b": 0, "transpose_kernel": True},),
    ),
    WindowRow(
        "onnx",
        "pads (a, b), output_padding=op",
        "a",
        "b - op",
        "L - a - b + op",
        {"pads": ("a", "b"), "output_padding": "op"},
        ({"a": 1, "b": 1, "op": 0}, {"a": 1, "b": 1, "op": 1}),
    ),
    WindowRow(
        "onnx",
        "output_shape o, output_padding=op",
        "ceil(T / 2)",
        REST,
        "o",
        {"output_shape": "o", "output_padding": "op"},
        ({"o": 3, "op": 0}, {"o": 4, "op": 0}),
    ),
    WindowRow(
        "onnx",
        'auto_pad="SAME_UPPER", output_padding=op',
        "floor(T / 2)",
        REST,
        "min(s*i, L + op)",
        {"auto_pad": "SAME_UPPER", "output_padding": "op"},
        ({"op": 0},),
    ),
    WindowRow(
        "onnx",
        'auto_pad="SAME_LOWER", output_padding=op',
        "ceil(T / 2)",
        REST,
        "min(s*i, L + op)",
        {"auto_pad": "SAME_LOWER", "output_padding": "op"},
        ({"op": 0},),
    ),
)

#: Short for an expression, in the rows of WINDOWS.
SHORT = {"h": "floor(max(L - o, 0) / 2)", "c": "floor(max(K - s, 0) / 2)", "T": "max(L + op - o, 0)"}


# --- on paper -----------------------------------------------------------------------------------------------------

_SIGNS = {ast.Add: " + ", ast.Sub: " − ", ast.Div: " / ", ast.Mod: " mod "}


def typeset(expression):
    """A formula as HTML: letters in italics, no sign of multiplication where none is needed.

    Raises
    ------
    ValueError
        If the expression holds something else than names, whole numbers, ``+ - * / %`` and calls.

    Examples
    --------
    >>> typeset("s*(o - 1) + K - 2*p")
    '<i>s</i>(<i>o</i> − 1) + <i>K</i> − 2<i>p</i>'
    >>> typeset("floor((i - K) / s)")
    'floor((<i>i</i> − <i>K</i>) / <i>s</i>)'
    """
    return _html(ast.parse(expression, mode="eval").body)


def _html(node):
    match node:
        case ast.Name(name):
            return f"<i>{name}</i>"
        case ast.Constant(int(value)):
            return str(value)
        case ast.UnaryOp(ast.USub(), operand):
            return f"−{_html(operand)}"
        case ast.Call(ast.Name(name), arguments):
            return f"{name}({', '.join(map(_html, arguments))})"
        case ast.BinOp(left, ast.Mult(), right):
            dot = "·" if isinstance(right, ast.Name) and isinstance(left, ast.Name) else ""
            return f"{_factor(left)}{dot}{_factor(right)}"
        case ast.BinOp(left, ast.Add() | ast.Sub() as sign, right):
            last = _factor(right) if isinstance(sign, ast.Sub) else _html(right)
            return f"{_html(left)}{_SIGNS[type(sign)]}{last}"
        case ast.BinOp(left, ast.Div() | ast.Mod() as sign, right):
            return f"{_factor(left)}{_SIGNS[type(sign)]}{_factor(right)}"
    raise ValueError(f"expression must be made of names, whole numbers, + - * / % and calls, got {ast.unparse(node)}")


def _factor(node):
    """In parentheses where it is a sum."""
    is_sum = isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub))
    return f"({_html(node)})" if is_sum else _html(node)
