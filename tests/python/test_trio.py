"""headrace.AsyncClient and headrace's futures on trio."""

import asyncio
import gc
import os

import pytest
import trio

import headrace
from servers import ok, read_head


def test_each_task_gets_its_own_answer(echo):
    async def fetch(client, path):
        assert (await client.get(path)).json()["path"] == path

    async def main():
        async with headrace.AsyncClient(base_url=echo) as client:
            async with trio.open_nursery() as nursery:
                for number in range(200):
                    nursery.start_soon(fetch, client, f"/{number}")

    trio.run(main)


def test_a_failure_is_raised_where_it_is_awaited(echo):
    async def main():
        async with headrace.AsyncClient(base_url=echo) as client:
            with pytest.raises(headrace.InvalidRequest):
                await client.get("ftp://x/")
            assert (await client.post("/", content="x")).json()["body"] == "x"

    trio.run(main)


def test_a_cancelled_task_cancels_its_call_and_no_other(scripted):
    async def main():
        async with headrace.AsyncClient(connections_max=1, pipeline_depth=2) as client:
            async with trio.open_nursery() as nursery:
                with trio.CancelScope() as scope:
                    nursery.start_soon(serve, scope, nursery)
                    await client.get(scripted.url + "/first")
                assert scope.cancelled_caught
                assert (await client.get(scripted.url + "/second")).text == "second"

    async def serve(scope, nursery):
        peer = await trio.to_thread.run_sync(scripted.accept)
        assert "/first" in await trio.to_thread.run_sync(read_head, peer)
        scope.cancel()
        peer.sendall(ok("first"))
        assert "/second" in await trio.to_thread.run_sync(read_head, peer)
        peer.sendall(ok("second"))

    trio.run(main)


def test_a_client_is_closed_by_a_cancelled_task_too(scripted):
    async def main():
        with trio.CancelScope() as scope:
            async with client:
                scope.cancel()
                await trio.lowlevel.checkpoint()

    client = headrace.AsyncClient()
    trio.run(main)
    with pytest.raises(headrace.Error, match="closed"):
        asyncio.run(client.get(scripted.url))


def test_a_future_may_be_awaited_on_trio_and_on_asyncio(echo):
    async def fetch(call):
        return await call

    with headrace.Client(base_url=echo) as client:
        call = client.get("/", wait=False)
        assert trio.run(fetch, call).content == asyncio.run(fetch(call)).content


def test_a_run_that_has_ended_leaves_no_descriptor(echo):
    async def leave(client):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(client.get, "/")
            await trio.lowlevel.checkpoint()
            nursery.cancel_scope.cancel()

    client = headrace.AsyncClient(base_url=echo, connections_max=1)
    trio.run(client.get, "/")
    gc.collect()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        trio.run(leave, client)
        trio.run(client.get, "/")
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) <= before
    asyncio.run(client.aclose())
