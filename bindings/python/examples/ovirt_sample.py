"""A sample oVirt engine that speaks XML: python ovirt_sample.py [--machines 100] [--delay-ms 20].

It answers each request so long after it came, in the order of the requests, as servers do with a
pipeline; it prints its URL and serves until it is interrupted."""

import argparse
import asyncio
import collections
import gzip
import selectors
import threading
import time
from typing import Any, Optional
from urllib.parse import parse_qs

PREFIX = "/ovirt-engine"
USER, PASSWORD = "admin@internal", "not-a-secret"


def xml(member: str, id: str, href: str, inner: str = "") -> str:
    return f'<{member} href="{PREFIX}/api{href}" id="{id}">{inner}</{member}>'


class Service:
    """What the engine knows, and what it counts for tests."""

    def __init__(self, machines: int = 100) -> None:
        self.machines = machines
        self.logins = 0
        self.oldest_token = 1
        self.counts: collections.Counter[str] = collections.Counter()  # "GET /vms"
        self.resets: set[str] = set()  # what is asked for there ends its connection with a reset
        self.refusing_logins = False

    def expire_tokens(self) -> None:
        self.oldest_token = self.logins + 1

    def answer(self, method: str, target: str, fields: dict[str, str],
               body: str) -> Optional[tuple[int, str, str]]:
        """Status, content type and body; None: a reset."""
        path = target.partition("?")[0].removeprefix(PREFIX)
        if path.startswith("/sso/") or path.startswith("/services/"):
            self.counts[f"{method} {path}"] += 1
            return self.log_in(path, body)
        path = path.removeprefix("/api")
        self.counts[f"{method} {path}"] += 1
        if path in self.resets:
            return None
        token = fields.get("authorization", "").removeprefix("Bearer token-")
        if not token.isdigit() or not self.oldest_token <= int(token) <= self.logins:
            return 401, "text/html", "log in"
        if method == "POST" and path == "/vms":
            return 201, "application/xml", xml("vm", "new", "/vms/new")
        found = self.find(path.strip("/").split("/")) if method == "GET" else None
        if found is None:
            return 404, "application/xml", f"<fault><reason>Not found: {path}</reason></fault>"
        return 200, "application/xml", found

    def log_in(self, path: str, body: str) -> tuple[int, str, str]:
        if path == "/services/sso-logout":
            return 200, "application/json", "{}"
        if self.refusing_logins or parse_qs(body).get("password") != [PASSWORD]:
            return 400, "application/json", '{"error_code": "access_denied", "error": "no"}'
        self.logins += 1
        return 200, "application/json", f'{{"access_token": "token-{self.logins}"}}'

    def find(self, path: list[str]) -> Optional[str]:
        numbers = range(self.machines)
        if path == [""]:
            return "<api><product_info><name>sample</name></product_info></api>"
        if path == ["vms"]:
            return f"<vms>{''.join(self.machine(number) for number in numbers)}</vms>"
        if path == ["disks"]:
            disks = (xml("disk", f"disk-{number}", f"/disks/disk-{number}") for number in numbers)
            return f"<disks>{''.join(disks)}</disks>"
        if path[0] != "vms" or not path[1].isdigit() or int(path[1]) >= self.machines:
            return None
        return self.part(int(path[1]), path[2:])

    def machine(self, number: int) -> str:
        links = "".join(f'<link href="{PREFIX}/api/vms/{number}/{part}" rel="{part}"/>'
                        for part in ("diskattachments", "nics"))
        return xml("vm", str(number), f"/vms/{number}", f"<name>machine-{number}</name>{links}")

    def part(self, number: int, path: list[str]) -> Optional[str]:
        if not path:
            return self.machine(number)
        at = f"/vms/{number}"
        if path == ["diskattachments"]:
            disk = xml("disk", f"disk-{number}", f"/disks/disk-{number}")
            attachment = xml("disk_attachment", f"disk-{number}", f"{at}/diskattachments/1", disk)
            return f"<disk_attachments>{attachment}</disk_attachments>"
        if path == ["nics"]:
            return "<nics>" + "".join(
                xml("nic", f"{number}-{nic}", f"{at}/nics/{nic}", f"<name>nic{nic}</name>")
                for nic in (1, 2)) + "</nics>"
        return None


class Peer(asyncio.Protocol):
    """One connection: answers wait in their order until they are due."""

    transport: Any

    def __init__(self, service: Service, delay: float) -> None:
        self.service = service
        self.delay = delay
        self.received = b""
        self.due: collections.deque[tuple[float, Optional[bytes]]] = collections.deque()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """All that came is given its time before anything of it is looked at."""
        loop = asyncio.get_running_loop()
        loop.call_soon(self.answer, data, loop.time() + self.delay)

    def answer(self, data: bytes, due: float) -> None:
        self.received += data
        while (answer := self.take()) is not None:
            self.due.append((due, answer or None))
        asyncio.get_running_loop().call_at(due, self.send_due)

    def take(self) -> Optional[bytes]:
        """The answer to the next whole request, if there is one; empty: a reset."""
        head, end, rest = self.received.partition(b"\r\n\r\n")
        line, *lines = head.decode("latin-1").split("\r\n")
        fields = {name.lower(): value.strip()
                  for name, _, value in (line.partition(":") for line in lines)}
        length = int(fields.get("content-length", 0)) if end else 0
        if not end or len(rest) < length:
            return None
        self.received = rest[length:]
        method, target, _ = line.split(" ")
        answer = self.service.answer(method, target, fields, rest[:length].decode())
        if answer is None:
            return b""
        status, content_type, text = answer
        body = text.encode()
        coding = ""
        if "gzip" in fields.get("accept-encoding", ""):
            body, coding = gzip.compress(body, 1), "Content-Encoding: gzip\r\n"
        return (f"HTTP/1.1 {status} {'OK' if status < 400 else 'Refused'}\r\n{coding}"
                f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
                ).encode() + body

    def send_due(self) -> None:
        now = asyncio.get_running_loop().time() + 1e-6  # timers come early by the clock's grain
        answers = []
        while self.due and self.due[0][0] <= now:
            answers.append(self.due.popleft()[1])
            if answers[-1] is None:
                break
        self.transport.write(b"".join(answer for answer in answers if answer is not None))
        if None in answers:
            self.transport.abort()
            self.due.clear()


class PunctualSelector(selectors.SelectSelector):
    """Sleep ends late, by up to a millisecond: the last one is spent awake."""

    def select(self, timeout: Optional[float] = None) -> Any:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        end = time.monotonic() + timeout
        ready = super().select(max(0.0, timeout - 0.001))
        while not ready and time.monotonic() < end:
            ready = super().select(0)
        return ready


class Sample:
    """The server in a thread of its own: `with Sample(Service()) as sample: sample.url`."""

    def __init__(self, service: Service, delay: float = 0.0, tls: Any = None) -> None:
        self.service = service
        self.loop = asyncio.SelectorEventLoop(PunctualSelector())
        server = self.loop.run_until_complete(self.loop.create_server(
            lambda: Peer(service, delay), "127.0.0.1", 0, ssl=tls))
        port = server.sockets[0].getsockname()[1]
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{port}{PREFIX}/api"
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self) -> "Sample":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--machines", type=int, default=100)
    parser.add_argument("--delay-ms", type=float, default=20)
    options = parser.parse_args()
    with Sample(Service(options.machines), options.delay_ms / 1000) as sample:
        print(sample.url, flush=True)
        try:
            sample.thread.join()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
