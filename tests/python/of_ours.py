"""What valgrind found that headrace had a part in: python of_ours.py REPORT.xml... It fails when
there is anything. CPython and other extensions read what is uninitialised too, on purpose."""

import sys
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element


def errors_in(report: str) -> Iterator[Element]:
    """All up to the end, which a process that was killed never wrote."""
    try:
        for _, element in ElementTree.iterparse(report):
            if element.tag == "error":
                yield element
    except ElementTree.ParseError as unfinished:
        print(f"{report}: {unfinished}: the process was killed", file=sys.stderr)


def is_of_ours(error: Element) -> bool:
    return any("/headrace/_native" in (frame.findtext("obj") or "")
               for frame in error.iter("frame"))


def told(error: Element) -> str:
    frames = (f"    {frame.findtext('fn') or '?'}  {frame.findtext('obj') or ''}"
              for frame in error.iter("frame"))
    what = error.findtext("what") or error.findtext("xwhat/text") or ""
    return "\n".join([f"{error.findtext('kind')}: {what}", *frames])


def main(reports: list[str]) -> None:
    errors = [error for report in reports for error in errors_in(report)]
    of_ours = [error for error in errors if is_of_ours(error)]
    for error in of_ours:
        print(told(error), end="\n\n")
    print(f"valgrind: {len(reports)} processes, {len(errors)} reports, {len(of_ours)} of headrace")
    if of_ours:
        sys.exit(1)


main(sys.argv[1:])
