"""Takes convlab's place inside the sandbox (there as ``convlab``): it can be imported, and does nothing."""

import importlib.abc
import importlib.machinery
import sys
import types


class Nothing:
    """Whatever is asked of convlab while grading; calling it is an error that says so."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing(f"{self._name}.{name}")

    def __call__(self, *arguments, **options):
        raise RuntimeError(f"{self._name} is not there while your work is graded: write it yourself.")


class Module(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing(f"{self.__name__}.{name}")


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if name.startswith("convlab.") else None

    def create_module(self, spec):
        return Module(spec.name)

    def exec_module(self, module):
        pass


if __name__ == "convlab":
    sys.meta_path.insert(0, Finder())
    sys.modules[__name__].__class__ = Module
