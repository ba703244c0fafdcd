"""Many small lookups with requests, one after the other and at once: the function that looks a book
up is the same, and knows nothing of headrace.

    python lookups.py [--books 200] [--delay-ms 20]

It asks a sample server, which it starts in a process of its own."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import requests

import headrace
import headrace.requests
from comparison import compare
from sample_server import Answer, Request, run_example


def title_of(session: requests.Session, url: str, isbn: str) -> str:
    response = session.get(f"{url}/isbn/{isbn}", timeout=30)
    response.raise_for_status()
    title: str = response.json()["title"]
    return title


def answer(request: Request) -> Answer:
    number = request.target.rpartition("/")[2]
    return Answer(200, {"isbn": number, "title": f"The book of {number}"})


@contextmanager
def on_headrace() -> Iterator[requests.Session]:
    headrace.requests.install(connections_max=5, pipeline_depth=5)
    try:
        with requests.Session() as session:
            yield session
    finally:
        headrace.requests.uninstall()


def show(url: str, options: argparse.Namespace) -> None:
    books = [f"978{number:09}" for number in range(options.books)]
    with requests.Session() as stock, on_headrace() as session:
        compare(lambda: [title_of(stock, url, isbn) for isbn in books],
                lambda: headrace.gather([partial(title_of, session, url, isbn) for isbn in books]),
                f"{len(books)} lookups")


if __name__ == "__main__":
    run_example(__file__, __doc__, lambda options: answer, show, books=200)
