"""A field section: lines in their order, names compared without their case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Optional, Union

HeaderTypes = Union["Headers", Mapping[str, str], Iterable[tuple[str, str]]]


class Headers(Mapping[str, str]):
    """`headers["Via"]` joins all lines of that name with ", " (RFC 9110 §5.3); not for Set-Cookie,
    whose lines `get_list` gives one by one."""

    __slots__ = ("_lines",)

    def __init__(self, headers: Optional[HeaderTypes] = None) -> None:
        self._lines: list[tuple[str, str]] = []
        if headers is not None:
            # pyright fears pairs that are a mapping of something else besides.
            self._lines = headers.multi_items() if isinstance(headers, Headers) else list(
                headers.items()  # pyright: ignore[reportAttributeAccessIssue]
                if isinstance(headers, Mapping) else headers)

    @classmethod
    def of_lines(cls, lines: list[tuple[str, str]]) -> Headers:
        headers = cls.__new__(cls)
        headers._lines = lines
        return headers

    def multi_items(self) -> list[tuple[str, str]]:
        return list(self._lines)

    def get_list(self, name: str) -> list[str]:
        wanted = name.lower()
        return [value for key, value in self._lines if key.lower() == wanted]

    def __getitem__(self, name: str) -> str:
        values = self.get_list(name)
        if not values:
            raise KeyError(name)
        return ", ".join(values)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(key.lower() for key, _ in self._lines))

    def __len__(self) -> int:
        return len({key.lower() for key, _ in self._lines})

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self.get_list(name))

    def __repr__(self) -> str:
        return f"Headers({self._lines!r})"
