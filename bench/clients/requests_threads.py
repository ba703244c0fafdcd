"""requests: C threads, each with a session and so a connection of its own. It can't pipeline."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import requests

from measuring import Phase, Stopwatch, main


class LockedPhase(Phase):
    """The same for many threads."""

    def __init__(self, options, count):
        super().__init__(options, count)
        self.lock = threading.Lock()

    def take(self):
        with self.lock:
            return super().take()

    def answered(self, status, body_bytes, started=None):
        with self.lock:
            super().answered(status, body_bytes, started)


def make_session(options):
    session = requests.Session()
    session.trust_env = False  # else it looks for proxies before each request
    if options.ca:
        session.verify = options.ca
    return session


def work(session, url, phase):
    while phase.take():
        started = time.perf_counter()
        response = session.get(url)
        phase.answered(response.status_code, len(response.content), started)


def measure(options):
    sessions = [make_session(options) for _ in range(options.connections)]
    with ThreadPoolExecutor(options.connections) as pool:
        def play(count):
            phase = LockedPhase(options, count)
            workers = [pool.submit(work, session, options.url, phase) for session in sessions]
            for worker in workers:
                worker.result()
            return phase

        play(options.warm_up)
        watch = Stopwatch()
        phase = play(options.requests)
        watch.report("requests", "a session a thread", requests.__version__, phase)


main("requests_threads", measure)
