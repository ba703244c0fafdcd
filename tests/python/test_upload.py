"""Bodies of requests that iterators give piece by piece."""

import asyncio
import contextlib
import ctypes
import gc
import io
import threading

import pytest
import trio
import uvloop

import headrace
from servers import meanwhile, ok, read_head, taking_long_body
from test_stream import run_main, runners

WAYS = pytest.mark.parametrize("send", [
    lambda client, url, **request: client.post(url, **request),
    lambda client, url, **request: client.request("POST", url, wait=False, **request).result(30)],
    ids=["caller", "thread"])


@pytest.fixture
def client():
    with headrace.Client(connections_max=2, connect_attempts=1) as client:
        yield client


def read_chunks(peer):
    body = []
    while True:
        size = b""
        while not size.endswith(b"\r\n"):
            size += peer.recv(1)
        chunk = b""
        while len(chunk) < int(size, 16) + 2:
            chunk += peer.recv(int(size, 16) + 2 - len(chunk))
        body.append(chunk[:-2])
        if not body[-1]:
            return body[:-1]


def read_some(peer, size):
    body = b""
    while len(body) < size:
        body += peer.recv(size - len(body))
    return body


class OnlyRead:
    def __init__(self, content):
        self.read = io.BytesIO(content).read


@WAYS
@pytest.mark.parametrize("content", [
    lambda: [b"one", b"", b"two"], lambda: iter([bytearray(b"one"), memoryview(b"two")]),
    lambda: OnlyRead(b"onetwo")], ids=["list", "iterator", "file"])
def test_an_iterator_is_sent_chunked(client, scripted, send, content):
    heard = []

    def talk():
        with scripted.accept() as peer:
            heard.extend([read_head(peer), read_chunks(peer)])
            peer.sendall(ok("taken"))

    with meanwhile(talk):
        assert send(client, scripted.url, content=content()).text == "taken"
    assert "Transfer-Encoding: chunked" in heard[0]
    assert b"".join(heard[1]) == b"onetwo"


@WAYS
def test_an_iterator_is_sent_with_the_length_that_is_given(client, scripted, send):
    heard = []

    def talk():
        with scripted.accept() as peer:
            heard.extend([read_head(peer), read_some(peer, 6)])
            peer.sendall(ok("taken"))

    with meanwhile(talk):
        answer = send(client, scripted.url, content=iter([b"one", b"two"]),
                      headers={"Content-Length": "6", "X-A": "b"})
    assert answer.text == "taken"
    assert "Content-Length: 6\r\n" in heard[0] and "X-A: b\r\n" in heard[0]
    assert "Transfer-Encoding" not in heard[0]
    assert heard[1] == b"onetwo"


@WAYS
@pytest.mark.parametrize("pieces", [[b"one"], [b"one", b"three"]])
def test_another_length_than_was_given_fails_the_request(client, scripted, send, pieces):
    def talk():
        with scripted.accept() as peer:
            read_head(peer)
            while peer.recv(100):
                pass

    with meanwhile(talk), pytest.raises(headrace.InvalidRequest, match="length"):
        send(client, scripted.url, content=iter(pieces), headers={"Content-Length": "6"})


@pytest.mark.parametrize("length", ["-1", "six", "6, 6", "٦", str(2**64)])
def test_what_is_no_length_is_refused(client, length):
    with pytest.raises(ValueError, match="Content-Length"):
        client.post("http://127.0.0.1:1", content=iter([]), headers={"Content-Length": length})


def asked_by_server(scripted, pieces):
    """Takes each piece from the wire before it lets the iterator give the next. The iterator, and
    what it was found in: the threads that asked it."""
    taken = threading.Semaphore(0)
    threads = []

    def talk():
        with scripted.accept() as peer:
            read_head(peer)
            for piece in pieces:
                head = b"%x\r\n" % len(piece)
                assert read_some(peer, len(head) + len(piece) + 2) == head + piece + b"\r\n"
                taken.release()
            assert read_some(peer, 5) == b"0\r\n\r\n"
            peer.sendall(ok("taken"))

    def give():
        for piece in pieces:
            threads.append(threading.current_thread())
            yield piece
            assert taken.acquire(timeout=30)

    return talk, give(), threads


def test_the_thread_that_waits_asks_for_a_piece_when_the_last_one_was_taken(client, scripted):
    talk, pieces, threads = asked_by_server(scripted, [b"a", b"bc", b"def"])
    with meanwhile(talk):
        assert client.post(scripted.url, content=pieces).text == "taken"
    assert threads == [threading.current_thread()] * 3


def test_a_request_goes_on_though_nobody_waits(client, scripted):
    talk, pieces, threads = asked_by_server(scripted, [b"a", b"bc"])
    done = threading.Event()
    with meanwhile(talk):
        future = client.submit("POST", scripted.url, content=pieces)
        future.add_done_callback(lambda future: done.set())
        assert done.wait(30)
        assert future.result().text == "taken"
    assert len(set(threads)) == 1 and threads[0] is not threading.current_thread()
    threads[0].join(30)
    assert not threads[0].is_alive()


def test_an_iterator_that_blocks_holds_up_no_other_request(client, scripted, echo):
    asked, leave = threading.Event(), threading.Event()

    def give():
        asked.set()
        leave.wait(30)
        yield b"late"

    with taking_long_body(scripted):
        future = client.submit("POST", scripted.url, content=give())
        assert asked.wait(30)
        assert [client.get(f"{echo}/{number}").json()["path"] for number in range(5)] == [
            f"/{number}" for number in range(5)]
        assert not future.done()
        leave.set()
        assert future.result(30).status_code == 200


class Torn(Exception):
    pass


def torn():
    yield b"some"
    raise Torn("of the iterator's own")


@contextlib.contextmanager
def until_closed(scripted):
    """Gives the event of the client's having closed its connection."""
    closed = threading.Event()

    def talk():
        with scripted.accept() as peer:
            read_head(peer)
            try:
                while peer.recv(100):
                    pass
            except ConnectionError:
                pass
            closed.set()

    with meanwhile(talk):
        yield closed


@WAYS
@pytest.mark.parametrize("content, raised", [(torn, Torn), (lambda: iter(["text"]), TypeError)])
def test_what_the_iterator_raises_fails_its_request(client, scripted, send, content, raised):
    with until_closed(scripted), pytest.raises(raised):
        send(client, scripted.url, content=content())


def test_every_way_to_a_future_tells_what_the_iterator_raised(client, scripted):
    async def awaited(future):
        return await future

    with until_closed(scripted):
        future = client.submit("POST", scripted.url, content=torn())
        assert isinstance(future.exception(30), Torn)
    assert isinstance(future.to_concurrent().exception(30), Torn)
    for way in (future.result, future.wait, lambda: asyncio.run(awaited(future))):
        with pytest.raises(Torn, match="of the iterator's own"):
            way()


def test_a_lost_connection_is_no_fault_of_the_iterator(client, scripted):
    def give():
        yield b"some"
        gone.wait(30)
        while True:
            yield b"x" * 65536

    gone = threading.Event()

    def talk():
        with scripted.accept() as peer:
            read_head(peer)
        gone.set()

    with meanwhile(talk), pytest.raises(headrace.ConnectionFailed):
        client.post(scripted.url, content=give())


def test_an_early_answer_ends_the_asking(client, scripted):
    """The server takes no more after its answer; the iterator would never end."""
    def endless():
        while True:
            yield b"x" * 1000

    def talk():
        with scripted.accept() as peer:
            read_head(peer)
            peer.sendall(b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            try:
                while peer.recv(1 << 20):
                    pass
            except ConnectionError:
                pass

    with meanwhile(talk):
        assert client.post(scripted.url, content=endless()).status_code == 413


def test_a_body_larger_than_memory_should_hold(client, scripted):
    with taking_long_body(scripted) as received:
        pieces = (b"x" * 100_000 for _ in range(500))
        assert client.put(scripted.url, content=pieces).status_code == 200
    assert b"".join(received).count(b"x") == 50_000_000


def test_greenlets_overlap_while_one_sends(client, scripted, echo):
    def give():
        for number in range(3):
            yield client.get(f"{echo}/{number}").json()["path"].encode()

    with taking_long_body(scripted) as received:
        answers = headrace.gather(lambda: client.post(scripted.url, content=give()),
                                  lambda: client.get(f"{echo}/other"))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert all(b"/%d\r\n" % number in b"".join(received) for number in range(3))


def test_a_stream_both_ways(client, scripted):
    received = []

    def talk():
        with scripted.accept() as peer:
            read_head(peer)
            received.extend(read_chunks(peer))
            peer.sendall(ok("answer"))

    with meanwhile(talk):
        with client.stream("POST", scripted.url, content=iter([b"a", b"b"])) as response:
            assert response.read() == b"answer"
    assert b"".join(received) == b"ab"


async def pieces_later(pieces, pause):
    for piece in pieces:
        await pause(0)
        yield piece


@runners
@pytest.mark.parametrize("length", [None, "6"])
def test_a_task_sends_what_an_asynchronous_iterator_gives(scripted, run, length):
    pause = trio.sleep if run is trio.run else asyncio.sleep
    heard = []

    def talk():
        with scripted.accept() as peer:
            heard.append(read_head(peer))
            heard.append(b"".join(read_chunks(peer)) if length is None else read_some(peer, 6))
            peer.sendall(ok("taken"))

    async def main():
        async with headrace.AsyncClient() as client:
            content = pieces_later([b"one", b"", b"two"], pause)
            headers = {} if length is None else {"Content-Length": length}
            return (await client.post(scripted.url, content=content, headers=headers)).text

    with meanwhile(talk):
        assert run_main(run, main) == "taken"
    assert ("Transfer-Encoding: chunked" in heard[0]) == (length is None)
    assert heard[1] == b"onetwo"


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_what_an_asynchronous_iterator_raises_fails_its_request(scripted, run):
    async def give():
        yield b"some"
        raise Torn

    async def main():
        async with headrace.AsyncClient() as client:
            with pytest.raises(Torn):
                await client.post(scripted.url, content=give())

    with until_closed(scripted):
        run(main())


def test_a_task_streams_both_ways(scripted):
    async def main():
        async with headrace.AsyncClient() as client:
            content = pieces_later([b"a", b"b"], asyncio.sleep)
            async with client.stream("POST", scripted.url, content=content) as response:
                return await response.aread()

    received = []

    def talk():
        with scripted.accept() as peer:
            read_head(peer)
            received.extend(read_chunks(peer))
            peer.sendall(ok("answer"))

    with meanwhile(talk):
        assert asyncio.run(main()) == b"answer"
    assert b"".join(received) == b"ab"


def test_a_cancelled_task_ends_its_upload(scripted):
    async def main():
        asked = asyncio.Event()

        async def give():
            yield b"some"
            asked.set()
            await asyncio.Event().wait()

        async with headrace.AsyncClient() as client:
            call = asyncio.create_task(client.post(scripted.url, content=give()))
            await asked.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert await asyncio.to_thread(closed.wait, 30)

    with until_closed(scripted) as closed:
        asyncio.run(main())


def test_each_client_takes_its_own_kind_of_iterator(client):
    async def main():
        async with headrace.AsyncClient() as other:
            with pytest.raises(TypeError, match="AsyncClient sends"):
                await other.post("http://127.0.0.1:1", content=iter([b"a"]))

    asyncio.run(main())
    with pytest.raises(TypeError, match="Client sends what iterators"):
        client.post("http://127.0.0.1:1", content=pieces_later([], asyncio.sleep))


def test_the_end_of_the_client_is_that_of_its_uploads(scripted):
    asked, leave = threading.Event(), threading.Event()

    def give():
        asked.set()
        leave.wait(30)
        yield b"late"

    client = headrace.Client()
    with until_closed(scripted):
        future = client.submit("POST", scripted.url, content=give())
        assert asked.wait(30)
        client.close()
    assert future.exception(30).code == "closed"
    leave.set()


class Heap(ctypes.Structure):
    """glibc's mallinfo2: bytes that malloc has given out, Python's own small objects not among
    them."""

    _fields_ = [(name, ctypes.c_size_t) for name in
                ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks",
                 "fordblks", "keepcost")]


def test_bodies_that_were_given_up_leave_nothing(client, scripted):
    heap = ctypes.CDLL(None).mallinfo2
    heap.restype = Heap

    def give_up(times):
        for _ in range(times):
            with until_closed(scripted) as closed, pytest.raises(Torn):
                client.post(scripted.url, content=torn())
            assert closed.is_set()
        gc.collect()  # tracebacks are cycles
        return heap().uordblks

    before = give_up(100)
    assert give_up(200) - before < 200 * 150
