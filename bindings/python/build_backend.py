"""scikit-build-core, but that a source distribution brings the engine with it, in the folder core:
what is built from it has no repository around it."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
from collections.abc import Iterator
from typing import Any, Optional

from scikit_build_core import build as stock
from scikit_build_core.build import *  # noqa: F403  (the other hooks)

# The engine's build may run pip itself, to fetch llhttp, which must not look for its backends here.
os.environ.pop("_PYPROJECT_HOOKS_BACKEND_PATH", None)
os.environ.pop("PEP517_BACKEND_PATH", None)

_PACKAGE = pathlib.Path(__file__).resolve().parent
_REPOSITORY = _PACKAGE.parent.parent
_PARTS = ("CMakeLists.txt", "LICENSE", "cmake", "engine", "include", "bindings/common")


@contextlib.contextmanager
def _engine_inside() -> Iterator[None]:
    core = _PACKAGE / "core"
    if not (_REPOSITORY / "engine").is_dir():  # a source distribution itself
        yield
        return
    shutil.rmtree(core, ignore_errors=True)
    try:
        for part in _PARTS:
            source, target = _REPOSITORY / part, core / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy2(source, target)
        yield
    finally:
        shutil.rmtree(core, ignore_errors=True)


def build_sdist(sdist_directory: str, config_settings: Optional[dict[str, Any]] = None) -> str:
    with _engine_inside():
        return stock.build_sdist(sdist_directory, config_settings)
