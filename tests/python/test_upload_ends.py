"""Bodies of requests from iterators that fail, or that nobody wants to the end."""

import asyncio
import ctypes
import gc
import threading

import pytest

import headrace
from servers import meanwhile, read_head, until_closed
from test_upload import WAYS, client  # noqa: F401 (a fixture)


class Torn(Exception):
    pass


def torn():
    yield b"some"
    raise Torn("of the iterator's own")


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
