"""What the examples talk to: a server in a process of its own that answers each request so long
after it came, in the order of the requests, as servers do with a pipeline."""

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Optional


class Request(NamedTuple):
    method: str
    target: str
    fields: dict[str, str]
    body: bytes
    url: str  #: the server's own


class Answer(NamedTuple):
    status: int
    content: Any  #: as JSON
    fields: dict[str, str] = {}


Handler = Callable[[Request], Answer]


def rendered(answer: Answer) -> bytes:
    body = json.dumps(answer.content).encode()
    fields = {"Content-Type": "application/json", "Content-Length": len(body), **answer.fields}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {answer.status} Any\r\n{lines}\r\n".encode() + body


class Server:
    def __init__(self, handle: Handler, delay_ms: float) -> None:
        self.handle = handle
        self.delay = delay_ms / 1000
        self.url = ""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        sender = asyncio.create_task(self.send(due, writer))
        clock = asyncio.get_running_loop().time
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                request = await self.read(reader)
                due.put_nowait((clock() + self.delay, rendered(self.handle(request))))
        sender.cancel()
        writer.close()

    async def read(self, reader: asyncio.StreamReader) -> Request:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        pairs = (line.split(":", 1) for line in head[1:] if line)
        fields = {name.lower(): value.strip() for name, value in pairs}
        body = await reader.readexactly(int(fields.get("content-length", 0)))
        return Request(method, target, fields, body, self.url)

    async def send(self, due: "asyncio.Queue[tuple[float, bytes]]",
                   writer: asyncio.StreamWriter) -> None:
        while True:
            when, answer = await due.get()
            await asyncio.sleep(when - asyncio.get_running_loop().time())
            writer.write(answer)

    async def run(self) -> None:
        listener = await asyncio.start_server(self.talk, "127.0.0.1", 0)
        self.url = "http://127.0.0.1:%d" % listener.sockets[0].getsockname()[1]
        print(self.url, flush=True)
        await listener.serve_forever()


def serve(handle: Handler, delay_ms: float) -> None:
    """Prints its URL, and serves until it is ended."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(Server(handle, delay_ms).run())


def run_example(program: str, description: Optional[str],
                handler_for: Callable[[argparse.Namespace], Handler],
                show: Callable[[str, argparse.Namespace], None], **sizes: int) -> None:
    """The whole of `program`: shows something of a server that it starts, or, as that process, is
    the server. `sizes` are its options, each with its default."""
    parser = argparse.ArgumentParser(description=description,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, size in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=size)
    parser.add_argument("--delay-ms", type=float, default=20)
    parser.add_argument("--serve", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve is not None:
        serve(handler_for(options), options.serve)
        return
    given = [f"--{name}={getattr(options, name)}" for name in sizes]
    with running(program, options.delay_ms, *given) as url:
        show(url, options)


@contextlib.contextmanager
def running(program: str, delay_ms: float, *options: str) -> Iterator[str]:
    """The server that `program --serve DELAY_MS` is; its URL."""
    command = [sys.executable, program, "--serve", str(delay_ms), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
