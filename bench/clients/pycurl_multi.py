"""pycurl: C easy handles in one multi handle, used again and again. libcurl no longer pipelines."""

import time

import pycurl

from measuring import Failed, Phase, Stopwatch, main


class Transfer:
    """An easy handle, the body it reads and when it began."""

    def __init__(self, options):
        self.chunks = []
        self.started = 0.0
        self.handle = pycurl.Curl()
        self.handle.transfer = self
        self.handle.setopt(pycurl.URL, options.url)
        self.handle.setopt(pycurl.WRITEFUNCTION, self.chunks.append)
        if options.ca:
            self.handle.setopt(pycurl.CAINFO, options.ca)

    def start(self, multi):
        self.chunks.clear()
        self.started = time.perf_counter()
        multi.add_handle(self.handle)

    def finish(self, multi, phase):
        multi.remove_handle(self.handle)
        body = b"".join(self.chunks)
        phase.answered(self.handle.getinfo(pycurl.RESPONSE_CODE), len(body), self.started)


def finished(multi):
    queued = 1
    while queued:
        queued, good, bad = multi.info_read()
        for handle, _, text in bad:
            raise Failed(text)
        yield from (handle.transfer for handle in good)


def play(multi, transfers, options, requests):
    phase = Phase(options, requests)
    running = 0
    for transfer in transfers:
        if phase.take():
            transfer.start(multi)
            running += 1
    while running:
        multi.perform()
        ended = 0
        for transfer in list(finished(multi)):
            ended += 1
            transfer.finish(multi, phase)
            if phase.take():
                transfer.start(multi)
            else:
                running -= 1
        if running and not ended:
            multi.select(1.0)
    return phase


def measure(options):
    multi = pycurl.CurlMulti()
    multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, options.connections)
    transfers = [Transfer(options) for _ in range(options.connections)]
    play(multi, transfers, options, options.warm_up)
    watch = Stopwatch()
    phase = play(multi, transfers, options, options.requests)
    watch.report("pycurl", "multi", pycurl.version_info()[1] + ", pycurl " + pycurl.version.split()[0],
                 phase)


main("pycurl_multi", measure)
