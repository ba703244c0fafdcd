"""moto's app under waitress, and a server that gives its answers after a while, each in a process
of its own."""

import asyncio
import contextlib
import http.client
import subprocess
import sys
from urllib.parse import urlsplit

import boto3


@contextlib.contextmanager
def server(*arguments):
    command = [sys.executable, __file__, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def moto():
    return server("moto")


def delayed(url, delay_ms):
    """What `url` answered first to the same question, so long after it was asked."""
    return server("delayed", url, str(delay_ms))


def session():
    return boto3.Session("key", "not-a-secret", region_name="us-east-1")


def serve_moto():
    import waitress
    from moto.server import DomainDispatcherApplication, create_backend_app

    app = DomainDispatcherApplication(create_backend_app)
    listener = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)
    print(f"http://127.0.0.1:{listener.effective_port}", flush=True)
    listener.run()


async def read_request(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    lines = (line.split(": ", 1) for line in head.decode().split("\r\n")[1:] if line)
    fields = {name.lower(): value for name, value in lines}
    body = await reader.readexactly(int(fields.get("content-length", 0)))
    return head, fields, body


class Delayed:
    def __init__(self, url, delay):
        self.origin = urlsplit(url).netloc
        self.delay = delay
        self.answers = {}  # by what tells one question from another

    def answer(self, head, fields, body):
        question = fields.get("x-amz-target"), body
        if question not in self.answers:
            method, target = head.decode().split(" ")[:2]
            origin = http.client.HTTPConnection(self.origin)
            origin.request(method, target, body, {
                name: fields[name] for name in ("authorization", "content-type", "x-amz-target",
                                                "x-amz-date") if name in fields})
            response = origin.getresponse()
            content = response.read()
            kind = response.getheader("Content-Type")
            self.answers[question] = (
                f"HTTP/1.1 {response.status} Any\r\nContent-Type: {kind}\r\n"
                f"Content-Length: {len(content)}\r\n\r\n".encode() + content)
            origin.close()
        return self.answers[question]

    async def talk(self, reader, writer):
        due = asyncio.Queue()
        sender = asyncio.create_task(self.send(due, writer))
        clock = asyncio.get_running_loop().time
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                request = await read_request(reader)
                due.put_nowait((clock() + self.delay, self.answer(*request)))
        sender.cancel()
        writer.close()

    async def send(self, due, writer):
        while True:
            when, answer = await due.get()
            await asyncio.sleep(when - asyncio.get_running_loop().time())
            writer.write(answer)


async def serve_delayed(url, delay_ms):
    service = Delayed(url, float(delay_ms) / 1000)
    listener = await asyncio.start_server(service.talk, "127.0.0.1", 0)
    print("http://127.0.0.1:%d" % listener.sockets[0].getsockname()[1], flush=True)
    await listener.serve_forever()


if __name__ == "__main__":
    if sys.argv[1] == "moto":
        serve_moto()
    else:
        asyncio.run(serve_delayed(*sys.argv[2:]))
