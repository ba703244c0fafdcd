"""Processes that are forked, and others that are begun, from one that has a client."""

import contextlib
import multiprocessing
import os
import pathlib
import re
import signal
import subprocess
import sys

import pytest

import headrace
from servers import read_head

FORKED = multiprocessing.get_context("fork")


def child_fetches(client, outcomes):
    outcomes.put(client.get("/child").json()["path"])


def test_a_forked_child_uses_its_parents_client_afresh(client):
    client.get("/parent")
    outcomes = FORKED.SimpleQueue()
    child = FORKED.Process(target=child_fetches, args=(client, outcomes))
    child.start()
    child.join()
    assert child.exitcode == 0
    assert outcomes.get() == "/child"
    assert client.get("/parent").json()["path"] == "/parent"


def test_a_future_of_before_the_fork_fails_in_the_child(scripted):
    with headrace.Client(connections_max=1) as client:
        call = client.get(scripted.url, wait=False)
        peer = scripted.accept()
        read_head(peer)
        pid = os.fork()
        if pid == 0:
            try:
                call.result()
            except headrace.Error as error:
                os._exit(0 if error.code == "forked" else 2)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


client_of_the_process = None


def fetch(path):
    global client_of_the_process
    if client_of_the_process is None:
        client_of_the_process = headrace.Client()
    return client_of_the_process.get(path).json()["path"]


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_the_workers_of_a_pool_have_clients(echo, client, method):
    client.get("/")  # this process has threads of an engine when it forks
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map(fetch, [f"{echo}/{number}" for number in range(20)]) == [
            f"/{number}" for number in range(20)]


def test_the_children_of_a_child_have_clients_too(client):
    def generations(left):
        assert client.get(f"/{left}").json()["path"] == f"/{left}"
        if left > 0:
            child = FORKED.Process(target=generations, args=(left - 1,))
            child.start()
            child.join()
            assert child.exitcode == 0

    generations(3)


@contextlib.contextmanager
def gunicorn(upstream, *options):
    """Its URL; at the end it has been told to stop, and did."""
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--preload", "--bind", "127.0.0.1:0", *options,
         "preforked:application"],
        env={**os.environ, "UPSTREAM": upstream}, cwd=pathlib.Path(__file__).parent,
        stderr=subprocess.PIPE, text=True)
    try:
        for line in server.stderr:
            listening = re.search(r"Listening at: (\S+)", line)
            if listening:
                yield listening[1]
                break
        else:
            pytest.fail("gunicorn did not start")
        server.send_signal(signal.SIGTERM)
        said = server.communicate(timeout=60)[1]
        assert (server.returncode, "Traceback" in said, "SIGKILL" in said) == (0, False, False)
    finally:
        server.kill()
        server.wait()
        server.stderr.close()


@pytest.mark.parametrize("options", [
    ("--workers=3",), ("--workers=2", "--threads=4"), ("--workers=2", "--max-requests=5")])
def test_the_workers_of_gunicorn_use_what_the_master_made(echo, options):
    with gunicorn(echo, *options) as url, headrace.Client(base_url=url) as asking:
        calls = [asking.get(f"/{number}", wait=False) for number in range(30)]
        for number, call in enumerate(calls):
            assert call.result().text == "".join(f"/{number}/{part}" for part in range(3))
