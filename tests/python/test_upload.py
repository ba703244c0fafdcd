"""Bodies of requests that iterators give piece by piece."""

import io
import threading

import pytest

import headrace
from servers import meanwhile, ok, read_chunks, read_head, read_some, taking_long_body

WAYS = pytest.mark.parametrize("send", [
    lambda client, url, **request: client.post(url, **request),
    lambda client, url, **request: client.request("POST", url, wait=False, **request).result(30)],
    ids=["caller", "thread"])


@pytest.fixture
def client():
    with headrace.Client(connections_max=2, connect_attempts=1) as client:
        yield client


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
    with taking_long_body(scripted) as received:
        with client.stream("POST", scripted.url, content=iter([b"a", b"b"])) as response:
            assert response.read().startswith(b"POST / ")
    assert b"".join(received) == b"1\r\na\r\n1\r\nb\r\n0\r\n\r\n"
