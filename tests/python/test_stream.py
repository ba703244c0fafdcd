"""Responses that are read piece by piece: Client.stream and AsyncClient.stream."""

import asyncio

import pytest
import trio
import uvloop

import headrace
from servers import ok, serve, two_halves

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
runners = pytest.mark.parametrize("run", [asyncio.run, uvloop.run, trio.run],
                                  ids=["asyncio", "uvloop", "trio"])


def run_main(run, main):
    return run(main) if run is trio.run else run(main())


def chunk(piece):
    return b"%x\r\n%s\r\n" % (len(piece), piece)


@pytest.fixture
def client():
    with headrace.Client(connections_max=2, connect_attempts=1) as client:
        yield client


def test_pieces_are_read_as_they_come(client, scripted):
    with two_halves(scripted) as heard, client.stream("GET", scripted.url) as response:
        assert (response.status_code, response.headers["content-length"]) == (200, "4")
        pieces = response.iter_bytes()
        assert next(pieces) == b"ab"
        heard.set()
        assert b"".join(pieces) == b"cd"
        assert response.read() == b""


@runners
def test_pieces_are_read_by_a_task_as_they_come(scripted, run):
    async def main():
        async with headrace.AsyncClient() as client:
            async with client.stream("GET", scripted.url) as response:
                assert response.status_code == 200
                pieces = response.aiter_bytes()
                assert await pieces.__anext__() == b"ab"
                heard.set()
                assert await response.aread() == b"cd"

    with two_halves(scripted) as heard:
        run_main(run, main)


LINES = CHUNKED + b"".join(map(chunk, [b"one\r", b"\ntw", b"o\n\n\xc3", b"\xbc\n", b"last"])) + (
    b"0\r\nDigest: d\r\n\r\n")


def test_lines(client, scripted):
    _, thread = serve(scripted, LINES)
    with client.stream("GET", scripted.url) as response:
        assert list(response.iter_lines()) == ["one", "two", "", "\xfc", "last"]
        assert response.trailers["digest"] == "d"
    thread.join()


def test_lines_of_a_task(scripted):
    async def main():
        async with headrace.AsyncClient() as client:
            async with client.stream("GET", scripted.url) as response:
                return [line async for line in response.aiter_lines()]

    _, thread = serve(scripted, LINES)
    assert asyncio.run(main()) == ["one", "two", "", "\xfc", "last"]
    thread.join()


def test_any_status_is_a_response(client, echo):
    with client.stream("POST", echo + "/missing", json=[1]) as response:
        assert response.is_error
        with pytest.raises(headrace.HTTPStatusError, match="404") as raised:
            response.raise_for_status()
        assert raised.value.response is response
        assert b'"body": "[1]"' in response.read()


def test_a_request_without_a_response_raises(client, scripted):
    scripted.close()
    with pytest.raises(headrace.ConnectionFailed, match="connect_failed"):
        with client.stream("GET", scripted.url):
            pass


def test_a_lost_connection_raises_after_what_had_come(client, scripted):
    _, thread = serve(scripted, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
    with client.stream("GET", scripted.url) as response:
        pieces = response.iter_bytes()
        assert next(pieces) == b"abc"
        with pytest.raises(headrace.ConnectionFailed) as raised:
            next(pieces)
    assert raised.value.progress == "responding"
    thread.join()


def test_a_body_may_be_larger_than_what_is_held(scripted):
    size = 8 << 20
    _, thread = serve(scripted, ok(b"x" * size))
    with headrace.Client(body_bytes_max=1000) as client:
        with client.stream("GET", scripted.url) as response:
            assert sum(map(len, response.iter_bytes())) == size
    thread.join()


def test_what_was_not_read_is_given_up(client, endless):
    with client.stream("GET", endless.url) as response:
        assert next(response.iter_bytes())[:1] == b"x"
    endless.thread.join(30)
    assert endless.given_up
    with pytest.raises(headrace.InvalidRequest, match="closed"):
        response.read()


def test_what_a_task_did_not_read_is_given_up(endless):
    async def main():
        async with headrace.AsyncClient() as client:
            async with client.stream("GET", endless.url) as response:
                assert (await response.aiter_bytes().__anext__())[:1] == b"x"
            assert await asyncio.to_thread(endless.ended.wait, 30)
            with pytest.raises(headrace.InvalidRequest, match="closed"):
                await response.aread()

    asyncio.run(main())
    assert endless.given_up


def test_a_cancelled_reading_loses_nothing_of_the_body(scripted):
    async def main():
        async with headrace.AsyncClient() as client:
            async with client.stream("GET", scripted.url) as response:
                pieces = response.aiter_bytes()
                assert await pieces.__anext__() == b"ab"
                reading = asyncio.create_task(response.aread())
                await asyncio.sleep(0)
                reading.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await reading
                heard.set()
                assert await response.aread() == b"cd"

    with two_halves(scripted) as heard:
        asyncio.run(main())


def test_streams_overlap_in_greenlets(client, echo):
    def read(number):
        with client.stream("GET", f"{echo}/{number}") as response:
            return response.read()

    bodies = headrace.gather([lambda number=number: read(number) for number in range(10)])
    assert [f'"path": "/{number}"'.encode() in body
            for number, body in enumerate(bodies)] == [True] * 10
