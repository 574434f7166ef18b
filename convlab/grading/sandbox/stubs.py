"""Stubs of libraries that are not there while work is graded: they can be imported, and do nothing.

A from-scratch task leaves PyTorch and SciPy out of the sandbox. But an honest notebook often imports them, to compare
or to draw, and an ``import`` that fails would take the rest of its cell with it. So the import works, and so does code
that runs on the side; a function that returns what such a library gives returns a :class:`Nothing`: no right answer.
"""

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Iterable

__all__ = ["ABSENT", "Nothing", "install"]

ABSENT = (
    *("torch", "torchvision", "torchaudio", "scipy", "sklearn", "skimage", "cv2", "pandas"),
    *("tensorflow", "keras", "jax", "jaxlib", "flax", "onnx", "onnxruntime", "ipywidgets", "anywidget"),
)


class Nothing:
    """Whatever is asked of an absent library.

    Examples
    --------
    >>> zeros = Nothing("torch.zeros")
    >>> zeros(3)
    <torch.zeros() is not there while your work is graded: write it yourself>
    >>> with Nothing("torch.no_grad")():
    ...     isinstance(3, Nothing("torch.Tensor"))
    False

    As a decorator it leaves a function as it is:

    >>> Nothing("torch.compile")(len) is len
    True
    """

    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return f"<{self._name} is not there while your work is graded: write it yourself>"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing(f"{self._name}.{name}")

    def __call__(self, *arguments, **options):
        decorates = len(arguments) == 1 and not options
        if decorates and isinstance(arguments[0], (types.FunctionType, types.BuiltinFunctionType, type)):
            return arguments[0]
        return Nothing(f"{self._name}()")

    def __array__(self, *arguments, **options):
        raise RuntimeError(repr(self)[1:-1])

    def __bool__(self):
        return False

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def __or__(self, other):  # in annotations
        return self

    __ror__ = __or__

    def __getitem__(self, key):
        return Nothing(f"{self._name}[]")

    __iter__ = None  # else Python would ask for [0], [1], and so on, for ever

    def __instancecheck__(self, instance):
        return False

    def __mro_entries__(self, bases):
        return ()


class Module(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing(f"{self.__name__}.{name}")


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds what nobody else has found."""

    def __init__(self, absent):
        self.absent = frozenset(absent)

    def find_spec(self, name, path=None, target=None):
        absent = name.split(".")[0] in self.absent
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if absent else None

    def create_module(self, spec):
        return Module(spec.name)

    def exec_module(self, module):
        pass


def install(absent: Iterable[str]) -> None:
    """Let ``import`` find stubs of these libraries, where it finds nothing else."""
    sys.meta_path.append(Finder(absent))
