"""Calls written out as Python: a call is made with names in place of arrays, and writes itself down.

So a framework says once how it is called (as JAX traces a function by calling it), and what
:func:`convlab.frameworks.translate` writes is what :func:`convlab.frameworks.run` does.
"""

__all__ = ["Name"]


class Name:
    """A name in the code to be written: its repr is the expression that was made of it.

    >>> F, x = Name("F"), Name("x")
    >>> F.pad(x[:, 0:2], [*x.shape[:2]], value=1.5)
    F.pad(x[:, 0:2], [*x.shape[:2]], value=1.5)
    """

    def __init__(self, text):
        self._text = text

    def __repr__(self):
        return self._text

    def __getattr__(self, name):
        if name.startswith("__"):  # NumPy and others look for their protocols here
            raise AttributeError(name)
        return Name(f"{self}.{name}")

    def __getitem__(self, index):
        indices = index if isinstance(index, tuple) else (index,)
        return Name(f"{self}[{', '.join(_index(entry) for entry in indices)}]")

    def __call__(self, *values, **options):
        written = [*map(repr, values), *(f"{name}={value!r}" for name, value in options.items())]
        return Name(f"{self}({', '.join(written)})")

    def __mul__(self, number):
        return Name(f"{self} * {number!r}")

    def __iter__(self):
        yield Name(f"*{self}")


def _index(entry):
    if not isinstance(entry, slice):
        return repr(entry)
    ends = ["" if end is None else repr(end) for end in (entry.start, entry.stop)]
    return ":".join(ends) + ("" if entry.step is None else f":{entry.step!r}")
