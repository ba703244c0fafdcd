"""aiohttp on uvloop: a session with one connection for each of C coroutines. It can't pipeline."""

import asyncio
import ssl
import time

import aiohttp
import uvloop

from measuring import Phase, Stopwatch, main


async def work(session, url, phase):
    while phase.take():
        started = time.perf_counter()
        async with session.get(url) as response:
            phase.answered(response.status, len(await response.read()), started)


async def play(session, options, requests):
    phase = Phase(options, requests)
    await asyncio.gather(*(work(session, options.url, phase) for _ in range(options.connections)))
    return phase


async def measure(options):
    trust = ssl.create_default_context(cafile=options.ca) if options.ca else True
    connector = aiohttp.TCPConnector(limit=options.connections, ssl=trust)
    async with aiohttp.ClientSession(connector=connector) as session:
        await play(session, options, options.warm_up)
        watch = Stopwatch()
        phase = await play(session, options, options.requests)
        watch.report("aiohttp", f"uvloop {uvloop.__version__}", aiohttp.__version__, phase)


main("aiohttp_uvloop", lambda options: uvloop.run(measure(options)))
