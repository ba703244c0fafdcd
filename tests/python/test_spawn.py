"""headrace.spawn and headrace.gather: blocking calls that overlap on one thread."""

import contextvars
import gc
import os
import signal
import subprocess
import sys
import threading

import greenlet
import httpx
import pytest
import requests

import headrace
import headrace.httpx
import headrace.requests
from servers import ok, read_head
from test_process import INTERRUPTIBLE


def answer_all(scripted, count, told=lambda: None):
    """Answers nobody before it has heard them all: whoever asks one after the other hangs."""
    def talk():
        peers = [scripted.accept() for _ in range(count)]
        paths = [read_head(peer).split()[1] for peer in peers]
        told()
        for peer, path in zip(peers, paths):
            peer.sendall(ok(path, "Connection: close\r\n"))

    thread = threading.Thread(target=talk)
    thread.start()
    return thread


def test_calls_overlap_on_one_thread(scripted):
    threads = set()

    def fetch(client, path):
        threads.add(threading.get_ident())
        return client.get(scripted.url + path, timeout=30).text

    server = answer_all(scripted, 8)
    with headrace.Client(connections_max=8, pipelining="off") as client:
        fetched = headrace.gather(*(lambda path=f"/{i}": fetch(client, path) for i in range(8)))
    server.join()
    assert fetched == [f"/{i}" for i in range(8)]
    assert threads == {threading.get_ident()}


def test_sdks_of_different_kinds_overlap(scripted):
    server = answer_all(scripted, 3)
    session = requests.Session()
    session.mount("http://", headrace.requests.HeadraceAdapter())
    transport = headrace.httpx.HeadraceTransport()
    with httpx.Client(transport=transport) as client, headrace.Client() as own:
        fetched = headrace.gather([
            lambda: session.get(scripted.url + "/requests", timeout=30).text,
            lambda: client.get(scripted.url + "/httpx", timeout=30).text,
            lambda: own.get(scripted.url + "/own", timeout=30).text])
    server.join()
    assert fetched == ["/requests", "/httpx", "/own"]


def test_a_call_begins_at_once_and_goes_on_while_its_thread_waits(scripted, client):
    begun = []

    def fetch():
        begun.append("first")
        first = client.get("/first").json()["path"]
        begun.append("second")
        return first, client.get("/second").json()["path"]

    task = headrace.spawn(fetch)
    assert begun == ["first"] and not task.done()
    client.get("/third")
    assert task.result() == ("/first", "/second")
    assert task.result(timeout=0) == ("/first", "/second") and task.exception() is None


def test_arguments_are_passed(client):
    assert headrace.spawn(client.get, "/", params={"a": 1}).result().json()["path"] == "/?a=1"


def test_an_error_is_raised_when_all_have_returned(client):
    returned = []

    def fail(name):
        client.get("/")
        raise LookupError(name)

    def succeed():
        for _ in range(3):
            client.get("/")
        returned.append(True)
        return "fine"

    calls = [lambda: fail("first"), succeed, lambda: fail("last")]
    with pytest.raises(LookupError, match="first"):
        headrace.gather(calls)
    assert returned == [True]
    outcomes = headrace.gather(calls, return_exceptions=True)
    assert outcomes[1] == "fine"
    assert [outcomes[number].args for number in (0, 2)] == [("first",), ("last",)]
    assert isinstance(headrace.spawn(fail, "x").exception(), LookupError)


def test_nothing_to_do():
    assert headrace.gather() == [] and headrace.gather([]) == []
    assert headrace.gather(lambda: 1) == [1]


def test_a_limit_of_calls_under_way(client):
    under_way, most = set(), []

    def fetch(number):
        under_way.add(number)
        most.append(len(under_way))
        path = client.get(f"/{number}").json()["path"]
        under_way.remove(number)
        return path

    fetched = headrace.gather([lambda n=n: fetch(n) for n in range(40)], limit=4)
    assert fetched == [f"/{number}" for number in range(40)]
    assert max(most) == 4


def test_whoever_waits_for_several_futures_gives_way(scripted, client):
    """They are answered by a call that runs meanwhile, and needs answers itself."""
    def collect(wait):
        with headrace.Client(connections_max=2, pipelining="off") as other:
            futures = [other.get(scripted.url, wait=False) for _ in range(2)]
            peers.extend(scripted.accept() for _ in range(2))
            return [future.result().text for future in wait(futures)]

    def answer():
        for _ in range(3):
            client.get("/")
        while peers:
            peer = peers.pop()
            read_head(peer)
            peer.sendall(ok("answer"))
            client.get("/")

    peers = []
    for wait in (lambda futures: headrace.as_completed(futures, timeout=30),
                 lambda futures: headrace.wait(futures, timeout=30).done):
        assert headrace.gather(lambda: collect(wait), answer)[0] == ["answer"] * 2


def test_as_completed_when_the_last_call_has_ended(scripted, client):
    with headrace.Client() as other:
        task = headrace.spawn(client.get, "/")
        completed = headrace.as_completed([other.get(scripted.url, wait=False),
                                           client.get("/quick", wait=False)])
        assert next(completed).result().json()["path"] == "/quick"
        assert task.result().status_code == 200
        peer = scripted.accept()
        read_head(peer)
        peer.sendall(ok("late"))
        assert next(completed).result().text == "late"


def test_as_completed_of_a_call_has_its_limit(scripted, client):
    def collect():
        with headrace.Client() as other:
            return list(headrace.as_completed([other.get(scripted.url, wait=False)], timeout=0.05))

    with pytest.raises(TimeoutError, match="1 of 1 calls"):
        headrace.gather(collect, lambda: client.get("/"))


def test_a_limit_of_none_is_refused():
    with pytest.raises(ValueError, match="limit is 0"):
        headrace.gather([lambda: 1], limit=0)


def test_a_call_may_be_ended_when_its_answer_is_there(client):
    """The first of two whose answers have come ends the other, which was about to go on."""
    def fetch():
        call.result()
        order.append(len(order))
        for task in tasks[1:]:
            task.cancel()

    order, tasks = [], []
    call = client.get("/", wait=False)
    tasks += [headrace.spawn(fetch) for _ in range(3)]
    for task in tasks:
        task.exception()
    assert order[0] == 0 and client.get("/after").json()["path"] == "/after"
    assert headrace.gather([lambda: client.get("/again").status_code] * 3) == [200] * 3


def test_gather_within_gather(client):
    def group(name):
        return headrace.gather(lambda: client.get(f"/{name}/0").json()["path"],
                               lambda: client.get(f"/{name}/1").json()["path"])

    assert headrace.gather(lambda: group("a"), lambda: group("b")) == [
        ["/a/0", "/a/1"], ["/b/0", "/b/1"]]


def test_a_deadline_of_one_leaves_the_others_alone(scripted, client):
    with headrace.Client() as other:
        held = other.get(scripted.url, wait=False)
        task = headrace.spawn(held.result, timeout=0.05)
        assert client.get("/").status_code == 200
        with pytest.raises(TimeoutError):
            task.result()
        waiting = headrace.spawn(held.result)
        with pytest.raises(TimeoutError, match="not returned within"):
            waiting.result(timeout=0.05)
        peer = scripted.accept()
        read_head(peer)
        peer.sendall(ok("late"))
        assert waiting.result().text == "late"


def test_a_cancelled_call_ends_where_it_waits(scripted):
    ended = []

    def fetch(client):
        try:
            client.get(scripted.url)
        finally:
            ended.append(True)

    with headrace.Client() as client:
        task = headrace.spawn(fetch, client)
        task.cancel()
        assert ended == [True]
        assert isinstance(task.exception(), greenlet.GreenletExit)
        task.cancel()


def test_each_call_has_a_copy_of_the_callers_context(client):
    variable = contextvars.ContextVar("variable")
    variable.set("callers")

    def fetch(value):
        before = variable.get()
        variable.set(value)
        client.get("/")
        return before, variable.get()

    assert headrace.gather(lambda: fetch(1), lambda: fetch(2)) == [("callers", 1), ("callers", 2)]
    assert variable.get() == "callers"


def test_threads_have_calls_of_their_own(client):
    def run():
        calls = [lambda n=n: client.get(f"/{n}").json()["path"] for n in range(20)]
        assert headrace.gather(calls) == [f"/{n}" for n in range(20)]
        done.append(True)

    done = []
    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [True] * 4


def test_a_thread_that_has_ended_leaves_no_descriptor(client):
    def run():
        headrace.gather([lambda: client.get("/")] * 2)

    run()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(10):
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) <= before


def test_an_interrupt_ends_them_all(scripted):
    process = subprocess.Popen([sys.executable, "-c", INTERRUPTIBLE + """
import headrace, sys
client = headrace.Client()
def fetch():
    try:
        client.get(sys.argv[1])
    finally:
        print("ended", flush=True)
try:
    headrace.gather([fetch] * 3)
except KeyboardInterrupt:
    print("interrupted", flush=True)
""", scripted.url], stdout=subprocess.PIPE, text=True)
    for _ in range(3):
        read_head(scripted.accept())
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate(timeout=60)
    assert printed.split() == ["ended"] * 3 + ["interrupted"]
    assert process.returncode == 0


def test_without_greenlet_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "greenlet", None)
    monkeypatch.delitem(sys.modules, "headrace._hub")
    with pytest.raises(ImportError, match="pip install 'headrace\\[greenlet\\]'"):
        headrace.gather(lambda: 1)
