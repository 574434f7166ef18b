"""Reading what a person types into a prediction, in the form that the truth has.

People write rows with ``;``, line breaks or brackets, blanks or commas, a flat list for a table, letters run together,
3.0 for 3. All of that is one form. What is of another form than the one asked for is no wrong idea: ``ValueError`` asks
again, in a sentence.
"""

import re
from typing import Any

import numpy as np

__all__ = ["example", "is_counted", "is_in_words", "read_typed"]

COUNTS = "one two three four five six seven eight nine ten eleven twelve".split()
MEANINGS = {"yes": True, "true": True, "y": True, "t": True, "no": False, "false": False, "n": False, "f": False}
NUMBER = r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?(?:/\d+)?"
NAMES = r"\b(?:np\.|numpy\.|torch\.)?(?:array|tensor|size|and)\b|^\s*\w+\s*="  # what people copy along, or put before
SIGNS = str.maketrans("\u2212\u2013{}()\uff0c\u00d7", "--[][],x")  # dashes, brackets, commas of all kinds


def is_counted(question: str, truth: Any) -> bool:
    """Whether a question says how many entries it asks for; then to tell it again gives nothing away.

    Examples
    --------
    >>> is_counted("Which two numbers?", [21, 32]), is_counted("What is left?", [4, 9, 6])
    (True, False)
    """
    words = re.findall(r"\w+", question.casefold())
    count = len(truth) if isinstance(truth, list) else 1
    return (
        str(count) in words or (count <= len(COUNTS) and COUNTS[count - 1] in words) or (count == 2 and "both" in words)
    )


def is_in_words(truth: Any) -> bool:
    """Whether the truth is made of words, or of yes and no.

    Examples
    --------
    >>> is_in_words("SAME"), is_in_words([True, False]), is_in_words([1, 2])
    (True, True, False)
    """
    return any(isinstance(entry, (str, bool, type(None))) for entry in (truth if isinstance(truth, list) else [truth]))


def example(truth: Any, counted: bool = False) -> str:
    """The form asked for, as the placeholder of a text field; it tells nothing of the answer.

    Examples
    --------
    >>> example(5), example([4, 9, 6]), example([21, 32], counted=True), example([[5, 6], [8, 9]])
    ('a number', 'numbers, like 1, 2, 3', '2 numbers, like 1, 2', 'rows, like 1, 2; 3, 4')
    >>> example(True), example("SAME"), example(["A", "C"], counted=True)
    ('yes or no', 'a word', '2 words, like a, b')
    """
    first = truth[0] if isinstance(truth, list) and truth else truth
    several = f"{len(truth)} " if isinstance(truth, list) and counted else ""
    if is_in_words(truth):
        words = ("yes or no", "yes, no") if isinstance(first, bool) else ("a word", "a, b")
        return f"{several}words, like {words[1]}" if isinstance(truth, list) else words[0]
    if not isinstance(truth, list):
        return "a number"
    if not isinstance(first, list):
        return f"{several}numbers, like {', '.join(map(str, range(1, 1 + (min(len(truth), 3) if counted else 3))))}"
    return "rows, like 1, 2; 3, 4" if not isinstance(first[0], list) else "[[1, 2], [3, 4]], [[5, 6], [7, 8]]"


def read_typed(text: str, truth: Any, counted: bool = False) -> Any:
    """What was typed, in the form of the truth: a number, a word, or (nested) lists.

    ``truth`` is plain: numbers, words, lists of them; ``counted`` says that the number of its entries may be told.

    Examples
    --------
    >>> rows = [[5, 6], [8, 9]]
    >>> [read_typed(text, rows) for text in ("5,6,8,9", "5 6; 8 9", "[[5, 6], [8, 9]]")]
    [[[5, 6], [8, 9]], [[5, 6], [8, 9]], [[5, 6], [8, 9]]]
    >>> read_typed("21", [21, 32], counted=True)
    Traceback (most recent call last):
        ...
    ValueError: 2 numbers are asked for, like 1, 2; this is 1.
    """
    if not text.strip():
        raise ValueError(f"Please type {example(truth, counted)}.")
    if is_in_words(truth):
        return _words(text, truth, counted)
    value = _numbers(text, example(truth, counted))
    flat = _flat(value)
    if not isinstance(truth, list):
        return _told(flat, 1, truth)[0]
    if not any(isinstance(entry, list) for entry in truth):
        return _told(flat, len(truth), truth) if counted else flat
    return _rows(value, flat, truth)


def _told(flat, count, truth):
    """The numbers, if they are as many as the question says."""
    if len(flat) == count:
        return flat
    asked = f"{count} numbers are asked for, like {example(truth, True).partition(', like ')[2]}"
    raise ValueError(f"{asked if count > 1 else 'One number is asked for'}; this is {len(flat)}.")


def _rows(value, flat, truth):
    """Nested lists: as they were typed, or a flat list of the right count in the form of the truth."""
    shape = _shape(truth)
    have = _shape(value)
    if len(flat) == len(_flat(truth)) and (have is None or len(have) != len(shape or ()) or 1 in have):
        return _filled(truth, iter(flat))
    if shape is None:  # rows of different lengths
        return value
    if have is None:
        raise ValueError("The rows must be equally long.")
    while len(have) > len(shape) and have[0] == 1:
        value, have = value[0], have[1:]
    if len(have) != len(shape):
        raise ValueError(f"Please type {example(truth)}, or all the numbers one after the other.")
    return value


def _shape(value):
    """The shape of nested lists; None where rows have different lengths."""
    try:
        return np.shape(value)
    except ValueError:
        return None


def _flat(value):
    return [leaf for entry in value for leaf in _flat(entry)] if isinstance(value, list) else [value]


def _filled(form, numbers):
    return [_filled(entry, numbers) for entry in form] if isinstance(form, list) else next(numbers)


def _numbers(text, form):
    """Numbers as nested lists, by their brackets or by semicolons and line breaks."""
    words = re.sub(NAMES, " ", text.casefold()).translate(SIGNS)
    words = re.sub(r"(?<=\d)\s*x\s*(?=\d)", " ", words)  # 3 x 3
    rest = re.sub(NUMBER, " ", words)
    if re.search(r"[^\s,;\[\]|]", rest) or not re.search(r"\d", words):
        raise ValueError(f"Please type {form}; this is {text[:40]!r}.")
    if words.count("[") < 2 or words.count("[") != words.count("]"):
        words = re.sub(r"[\[\]]", " ", words)
    if "[" in words:
        return _nested(re.findall(rf"[\[\]]|{NUMBER}", words))
    rows = [[_number(number) for number in re.findall(NUMBER, row)] for row in re.split(r"[;|\n]", words)]
    rows = [row for row in rows if row]
    return rows if len(rows) > 1 else rows[0]


def _nested(tokens):
    """What brackets hold; one pair around everything else is none."""
    stack: list[list[Any]] = [[]]
    for token in tokens:
        if token == "[":
            stack.append([])
        elif token == "]" and len(stack) > 1:
            inner = stack.pop()
            stack[-1].append(inner)
        elif token != "]":
            stack[-1].append(_number(token))
    found = stack[0]
    return found[0] if len(found) == 1 else found


def _number(word):
    whole, _, divisor = word.partition("/")
    value = float(whole) / float(divisor or 1) if divisor != "0" else float("nan")
    return int(value) if value.is_integer() else value


def _words(text, truth, counted):
    typed = re.findall(r"[^\s,;\[\](){}\"'|]+", text)
    if not typed:
        raise ValueError(f"Please type {example(truth, counted)}.")
    if not isinstance(truth, list):
        letters = all(len(word) == 1 for word in typed) and isinstance(truth, str)
        return _word("".join(typed) if letters else " ".join(typed), truth)
    short = all(isinstance(entry, bool) or len(str(entry)) == 1 for entry in truth)
    if len(typed) == 1 and len(truth) > 1 and short and typed[0].casefold() not in MEANINGS:
        typed = list(typed[0])  # letters run together
    if counted and len(typed) != len(truth):
        raise ValueError(f"Please type {example(truth, counted)}; this is {len(typed)}.")
    return [_word(word, truth[min(place, len(truth) - 1)]) for place, word in enumerate(typed)]


def _word(word, truth):
    """One word as an entry of the kind of the truth."""
    if isinstance(truth, bool):
        if word.casefold() not in MEANINGS:
            raise ValueError(f"Please type yes or no; this is {word!r}.")
        return MEANINGS[word.casefold()]
    if truth is None and word.casefold() == "none":
        return None
    return _number(word) if re.fullmatch(NUMBER, word) and not isinstance(truth, str) else word
