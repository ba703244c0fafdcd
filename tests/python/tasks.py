"""What the tasks of any client do."""

import asyncio

import pytest

from servers import ok, read_head


async def one_of_three_is_cancelled(client, scripted, cancelled="/second"):
    """Over one connection: the first that has been sent, or the second, that waits behind it. The
    others get their answers."""
    tasks = {"/first": asyncio.create_task(client.get(scripted.url + "/first"))}
    peer = await asyncio.to_thread(scripted.accept)
    assert "/first" in await asyncio.to_thread(read_head, peer)
    for path in ("/second", "/third"):
        tasks[path] = asyncio.create_task(client.get(scripted.url + path))
    await asyncio.sleep(0)
    tasks[cancelled].cancel()
    with pytest.raises(asyncio.CancelledError):
        await tasks.pop(cancelled)
    peer.sendall(ok("/first"))
    for path in [path for path in tasks if path != "/first"]:
        assert path in await asyncio.to_thread(read_head, peer)
        peer.sendall(ok(path))
    for path, task in tasks.items():
        assert (await task).text == path
