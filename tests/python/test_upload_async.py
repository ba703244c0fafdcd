"""Bodies of requests that asynchronous iterators give to a task."""

import asyncio

import pytest
import trio
import uvloop

import headrace
from servers import meanwhile, ok, read_chunks, read_head, read_some, taking_long_body, until_closed
from test_stream import run_main, runners
from test_upload_ends import Torn


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

    with taking_long_body(scripted) as received:
        assert asyncio.run(main()).startswith(b"POST / ")
    assert b"".join(received) == b"1\r\na\r\n1\r\nb\r\n0\r\n\r\n"


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


def test_each_client_takes_its_own_kind_of_iterator():
    async def main():
        async with headrace.AsyncClient() as other:
            with pytest.raises(TypeError, match="AsyncClient sends"):
                await other.post("http://127.0.0.1:1", content=iter([b"a"]))

    asyncio.run(main())
    with headrace.Client() as client, pytest.raises(TypeError, match="Client sends what iterators"):
        client.post("http://127.0.0.1:1", content=pieces_later([], asyncio.sleep))


