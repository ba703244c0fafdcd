"""headrace.AsyncClient on asyncio and uvloop, and on trio."""

import asyncio
import contextlib
import gc
import os
import threading
import weakref

import pytest
import uvloop

import headrace
from headrace import _native
from headrace._waiting import answer_of
from tasks import one_of_three_is_cancelled

runners = pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])


@runners
def test_each_task_gets_its_own_answer(echo, run):
    async def fetch(client, path):
        assert (await client.get(path)).json()["path"] == path

    async def main():
        async with headrace.AsyncClient(base_url=echo) as client:
            await asyncio.gather(*(fetch(client, f"/{number}") for number in range(500)))

    run(main())


@runners
def test_a_failure_is_raised_where_it_is_awaited(echo, run):
    async def main():
        async with headrace.AsyncClient(base_url=echo) as client:
            with pytest.raises(headrace.InvalidRequest):
                await client.get("ftp://x/")
            assert (await client.post("/", content="x")).json()["body"] == "x"

    run(main())


@runners
@pytest.mark.parametrize("cancelled", ["/first", "/second"])
def test_a_cancelled_task_cancels_its_call_and_no_other(scripted, run, cancelled):
    async def main():
        async with headrace.AsyncClient(connections_max=1, pipeline_depth=2) as client:
            await one_of_three_is_cancelled(client, scripted, cancelled)

    run(main())


def test_a_turn_is_flushed_once_for_all_clients(echo):
    async def main():
        async with headrace.AsyncClient(base_url=echo) as one, \
                headrace.AsyncClient(base_url=echo) as other:
            mailbox = _native.Mailbox()

            def enqueue(client):
                prepared, _ = client._prepare("GET", "/")
                answer = asyncio.get_running_loop().create_future()
                return client._engine.enqueue(mailbox, answer, *prepared)

            def interrupted(flush):
                raise KeyboardInterrupt

            calls = []

            def turn(*clients, call_soon):
                """Of each request, whether it asked for a flush."""
                asked = []
                for client in clients:
                    call, unflushed = enqueue(client)
                    calls.append(call)
                    asked.append(unflushed)
                    if unflushed:
                        with contextlib.suppress(KeyboardInterrupt):
                            mailbox.flush_by(call_soon)
                return asked

            def whole_turn(*clients):
                flushes = []
                asked = turn(*clients, call_soon=flushes.append)
                for flush in flushes:
                    flush()
                mailbox.deliver(lambda response: response)
                return asked

            assert whole_turn(one) == [False]  # what comes alone leaves at once
            assert whole_turn(one, one, other, other) == [False, True, False, False]
            assert whole_turn(other) == [True]
            assert whole_turn(one) == [False]
            assert turn(one, one, call_soon=interrupted) == [False, True]
            assert whole_turn(other, one) == [True, False]
            await asyncio.gather(*map(answer_of, calls))
            assert whole_turn(one, other) == [True, False]  # with nothing else under way
            await asyncio.wait_for(asyncio.gather(*map(answer_of, calls)), 30)

    asyncio.run(main())


@runners
def test_a_client_may_end_in_the_turn_in_which_it_is_used(scripted, run):
    async def main():
        client = headrace.AsyncClient()
        tasks = [asyncio.ensure_future(client.get(scripted.url)) for _ in range(2)]
        asyncio.get_running_loop().call_soon(client._shut_down)  # behind the tasks, before the flush
        for task in tasks:
            with pytest.raises(headrace.Error) as raised:
                await task
            assert raised.value.code == "closed"

    run(main())


def test_one_client_serves_loop_after_loop_and_loops_side_by_side(echo):
    with headrace.Client(base_url=echo) as client:
        async def fetch(count):
            for number in range(count):
                response = await client.get(f"/{number}", wait=False)
                assert response.json()["path"] == f"/{number}"

        asyncio.run(fetch(3))
        failures = []

        def run():
            try:
                asyncio.run(fetch(50))
            except BaseException as failure:
                failures.append(failure)

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []


def test_a_future_may_be_awaited_twice_and_waited_for(echo):
    async def main():
        with headrace.Client(base_url=echo) as client:
            call = client.get("/", wait=False)
            one, other = await asyncio.gather(asyncio.ensure_future(wrap(call)), wrap(call))
            assert one.content == other.content == call.result().content

    async def wrap(call):
        return await call

    asyncio.run(main())


def test_a_loop_that_ends_with_calls_outstanding_leaves_no_trouble(scripted):
    async def main(client):
        task = asyncio.create_task(client.get(scripted.url))
        await asyncio.sleep(0)
        task.cancel()

    client = headrace.AsyncClient(connections_max=1)
    asyncio.run(main(client))
    asyncio.run(client.aclose())


def test_a_loop_needs_one_descriptor_for_all_its_calls(echo):
    async def main():
        async with headrace.AsyncClient(base_url=echo, connections_max=2) as client:
            await asyncio.gather(*(client.get("/") for _ in range(10)))
            before = len(os.listdir("/proc/self/fd"))
            await asyncio.gather(*(client.get("/") for _ in range(10)))
            assert len(os.listdir("/proc/self/fd")) == before

    asyncio.run(main())


@runners
def test_a_loop_that_has_ended_leaves_nothing(echo, run):
    loops = []

    async def fetch(client, loops):
        await client.get("/")
        loops.append(weakref.ref(asyncio.get_running_loop()))

    async def leave(client):
        asyncio.ensure_future(client.get("/"))
        await asyncio.sleep(0)
        loops.append(weakref.ref(asyncio.get_running_loop()))

    client = headrace.AsyncClient(base_url=echo, connections_max=1)
    run(fetch(client, []))
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        run(leave(client))
        run(fetch(client, loops))
        # The descriptor of the last one goes with the next.
        assert len(os.listdir("/proc/self/fd")) <= before + 1
    gc.collect()
    assert [loop for loop in loops if loop() is not None] == []
    run(client.aclose())
