"""headrace's AsyncClient on uvloop: C x D coroutines, each asking for the next as it has the last."""

import asyncio
import time

import headrace
import uvloop

from measuring import Phase, Stopwatch, main


async def work(client, path, phase):
    while phase.take():
        started = time.perf_counter()
        response = await client.get(path)
        phase.answered(response.status_code, len(response.content), started)


async def play(client, options, requests):
    phase = Phase(options, requests)
    await asyncio.gather(*(work(client, options.url, phase)
                           for _ in range(options.connections * options.depth)))
    return phase


async def measure(options):
    async with headrace.AsyncClient(connections_max=options.connections,
                                    pipeline_depth=options.depth,
                                    verify=options.ca or True) as client:
        await play(client, options, options.warm_up)
        watch = Stopwatch()
        phase = await play(client, options, options.requests)
        watch.report("headrace", f"AsyncClient, uvloop {uvloop.__version__}", headrace.__version__,
                     phase)


main("headrace_async", lambda options: uvloop.run(measure(options)))
