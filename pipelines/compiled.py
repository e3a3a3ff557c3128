"""Loops over characters, words and fingerprints, compiled to machine code when they are first called.

A compiled function is kept beside its module for the next process. What it is made from is read from
that module alone, so it uses no constant and calls no compiled function of another one. numba is loaded
with the first call: to import such a module costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """`function`, of numbers and arrays, as machine code."""
    return cast(Function, _NotYet(function))


@dataclass(frozen=True, slots=True)
class _NotYet:
    """Stands in a module for a function until one of the module's functions is called."""

    function: Callable[..., object]

    def __call__(self, *arguments: object) -> object:
        module = self.function.__globals__
        name = self.function.__name__
        if module[name] is self:
            _compile_all(module)
        return module[name](*arguments)


def _compile_all(module: dict[str, Any]) -> None:
    """Put machine code in the place of a module's own functions, all at once: they call one another."""
    for name, value in list(module.items()):
        if isinstance(value, _NotYet) and value.function.__globals__ is module:
            module[name] = _compile(value.function)


def _compile(function: Callable[..., object]) -> Callable[..., object]:
    """Kept on disk where that can be written."""
    import numba

    try:
        return cast(Callable[..., object], numba.njit(cache=True)(function))
    except RuntimeError:  # neither the package's folder nor the user's cache can be written
        return cast(Callable[..., object], numba.njit(function))
