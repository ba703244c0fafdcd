"""Many requests through one AsyncClient, then as many through one Client that threads share: each
answer is its own, and neither memory nor descriptors are left over.

    python tests/python/soak.py [--requests 200000] [--tasks 100] [--threads 64]"""

import argparse
import asyncio
import contextlib
import gc
import itertools
import os
import subprocess
import sys
import threading

import headrace

GROWTH_MAX_KIB = 2048  # between a quarter of the requests and the last: 14 bytes each of 150,000


class Peer(asyncio.Protocol):
    """Answers each request with its target."""

    def connection_made(self, transport):
        self.transport = transport
        self.received = b""

    def data_received(self, data):
        *heads, self.received = (self.received + data).split(b"\r\n\r\n")
        targets = [head.split(b" ", 2)[1] for head in heads]
        self.transport.write(b"".join(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
                                      % (len(target), target) for target in targets))


async def serve():
    server = await asyncio.get_running_loop().create_server(Peer, "127.0.0.1", 0, backlog=128)
    print("http://127.0.0.1:%d" % server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextlib.contextmanager
def server():
    with subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE,
                          text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def resident_kib():
    gc.collect()
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


class Tally:
    """Numbers for whoever is free to ask for, and what became of them."""

    def __init__(self, requests):
        self.requests = requests
        self.numbers = itertools.count()
        self.wrong = []
        self.warm_kib = 0

    def take(self):
        number = next(self.numbers)
        if number == self.requests // 4:
            self.warm_kib = resident_kib()
        return None if number >= self.requests else f"/{number}"

    def check(self, target, response):
        if response.status_code != 200 or response.text != target:
            self.wrong.append((target, response))


async def by_tasks(url, tally, tasks):
    async def work(client):
        while (target := tally.take()) is not None:
            tally.check(target, await client.get(target))

    async with headrace.AsyncClient(base_url=url) as client:
        await asyncio.gather(*(work(client) for _ in range(tasks)))
        return resident_kib()


def by_threads(url, tally, threads):
    def work():
        while (target := tally.take()) is not None:
            tally.check(target, client.get(target))

    with headrace.Client(base_url=url) as client:
        workers = [threading.Thread(target=work) for _ in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return resident_kib()


def soak(what, requests, run):
    descriptors = len(os.listdir("/proc/self/fd"))
    tally = Tally(requests)
    kib = run(tally)
    gc.collect()
    left = len(os.listdir("/proc/self/fd")) - descriptors
    print(f"{requests} requests by {what}: {len(tally.wrong)} wrong, {tally.warm_kib} KiB after a "
          f"quarter and {kib} at the end, {left} descriptors left", flush=True)
    return not tally.wrong and kib - tally.warm_kib <= GROWTH_MAX_KIB and left == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=200_000)
    parser.add_argument("--tasks", type=int, default=100)
    parser.add_argument("--threads", type=int, default=64)
    parser.add_argument("--serve", action="store_true", help="be the server")
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
    headrace.Client().close()  # libuv keeps a pipe from the first loop on
    with server() as url:
        good = [
            soak(f"{options.tasks} tasks", options.requests,
                 lambda tally: asyncio.run(by_tasks(url, tally, options.tasks))),
            soak(f"{options.threads} threads", options.requests,
                 lambda tally: by_threads(url, tally, options.threads)),
        ]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
