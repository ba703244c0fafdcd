"""httpx.AsyncClient: one pool of C connections, C coroutines. It can't pipeline."""

import asyncio
import ssl
import time

import httpx

from measuring import Phase, Stopwatch, main


async def work(client, url, phase):
    while phase.take():
        started = time.perf_counter()
        response = await client.get(url)
        phase.answered(response.status_code, len(response.content), started)


async def play(client, options, requests):
    phase = Phase(options, requests)
    await asyncio.gather(*(work(client, options.url, phase) for _ in range(options.connections)))
    return phase


async def measure(options):
    trust = ssl.create_default_context(cafile=options.ca) if options.ca else True
    limits = httpx.Limits(max_connections=options.connections,
                          max_keepalive_connections=options.connections)
    async with httpx.AsyncClient(verify=trust, limits=limits, trust_env=False) as client:
        await play(client, options, options.warm_up)
        watch = Stopwatch()
        phase = await play(client, options, options.requests)
        watch.report("httpx", "AsyncClient, asyncio", httpx.__version__, phase)


main("httpx_async", lambda options: asyncio.run(measure(options)))
