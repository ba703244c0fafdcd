"""Futures: who may wait, how often, and what they are told."""

import concurrent.futures
import queue
import threading

import pytest

import headrace
from servers import ok, read_head


@pytest.fixture
def held(scripted):
    """A call that the server has and does not answer, and the way to answer it."""
    with headrace.Client(connections_max=1) as client:
        call = client.get(scripted.url, wait=False)
        peer = scripted.accept()
        read_head(peer)
        yield call, lambda: peer.sendall(ok("answer"))
        peer.close()


def test_a_result_stays(held):
    call, answer = held
    assert not call.done()
    answer()
    response = call.result()
    assert response.text == "answer"
    assert call.result() is response
    assert call.wait() is response
    assert call.exception() is None
    assert call.done()


def test_a_timed_wait_leaves_the_future_usable(held):
    call, answer = held
    with pytest.raises(TimeoutError):
        call.result(timeout=0)
    with pytest.raises(TimeoutError):
        call.result(timeout=0.01)
    answer()
    assert call.result(timeout=30).text == "answer"


def sleeps_of_this_thread():
    with open("/proc/thread-self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status
                    if line.startswith("voluntary_ctxt_switches"))


def test_a_thread_that_gets_no_signals_sleeps_through(held):
    call, _ = held
    slept = queue.SimpleQueue()

    def wait():
        before = sleeps_of_this_thread()
        with pytest.raises(TimeoutError):
            call.result(timeout=1)
        slept.put(sleeps_of_this_thread() - before)

    waiting = threading.Thread(target=wait)
    waiting.start()
    waiting.join()
    assert slept.get() < 8  # in slices of 100 ms there would be ten


def test_many_threads_wait_for_one_future(held):
    call, answer = held
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        waits = [pool.submit(call.result) for _ in range(8)]
        answer()
        assert {wait.result(30).text for wait in waits} == {"answer"}


def test_callbacks_before_and_after(held):
    call, answer = held
    told = queue.SimpleQueue()
    call.add_done_callback(told.put)
    call.add_done_callback(told.put)
    answer()
    assert told.get(timeout=30) is call
    assert told.get(timeout=30) is call
    call.add_done_callback(told.put)
    assert told.get(block=False) is call


def test_a_callback_while_another_thread_waits(held):
    call, answer = held
    told = queue.SimpleQueue()
    waiting = threading.Thread(target=call.result)
    waiting.start()
    call.add_done_callback(told.put)
    answer()
    assert told.get(timeout=30) is call
    waiting.join()


def test_a_callback_outlasts_a_timed_wait(held):
    call, answer = held
    told = queue.SimpleQueue()
    begun = threading.Event()

    def wait():
        begun.set()
        with pytest.raises(TimeoutError):
            call.result(timeout=0.3)
        told.put("timed out")

    waiting = threading.Thread(target=wait)
    waiting.start()
    begun.wait()
    call.add_done_callback(told.put)
    assert told.get(timeout=30) == "timed out"
    waiting.join()
    answer()
    assert told.get(timeout=30) is call


def test_a_callback_that_throws_is_reported(held, monkeypatch):
    call, answer = held
    reported = queue.SimpleQueue()
    monkeypatch.setattr("sys.unraisablehook", lambda what: reported.put(what.exc_type))
    call.add_done_callback(lambda done: 1 / 0)
    answer()
    assert reported.get(timeout=30) is ZeroDivisionError
    assert call.result().text == "answer"


def test_cancelling(held):
    call, answer = held
    call.cancel()
    with pytest.raises(headrace.Cancelled):
        call.result()
    assert isinstance(call.exception(), headrace.Cancelled)
    call.cancel()
    answer()


def test_cancelling_what_has_a_callback(held):
    call, _ = held
    told = queue.SimpleQueue()
    call.add_done_callback(told.put)
    call.cancel()
    assert isinstance(told.get(timeout=30).exception(), headrace.Cancelled)


def test_dropping_a_future_does_not_cancel(scripted):
    with headrace.Client(connections_max=1) as client:
        client.submit("POST", scripted.url + "/dropped")
        peer = scripted.accept()
        assert read_head(peer).startswith("POST /dropped ")


def test_to_concurrent(held, client):
    call, answer = held
    other = call.to_concurrent()
    assert isinstance(other, concurrent.futures.Future)
    answer()
    assert other.result(30).text == "answer"
    failed = client.get("ftp://x/", wait=False).to_concurrent()
    assert isinstance(failed.exception(30), headrace.InvalidRequest)


def test_as_completed_gives_all_once(client):
    calls = [client.get(f"/{number}", wait=False) for number in range(50)]
    assert set(headrace.as_completed(calls)) == set(calls)


def test_as_completed_gives_those_that_are_done_first(held, client):
    call, answer = held
    quick = client.get("/quick", wait=False)
    completed = headrace.as_completed([call, quick])
    assert next(completed) is quick
    answer()
    assert next(completed) is call


def test_as_completed_and_wait_with_a_limit(held, client):
    call, _ = held
    quick = client.get("/quick", wait=False)
    quick.result()
    completed = headrace.as_completed([call, quick], timeout=0.05)
    assert next(completed) is quick
    with pytest.raises(TimeoutError, match="1 of 2 calls"):
        next(completed)
    assert headrace.wait([call, quick], timeout=0.05) == ({quick}, {call})


def test_each_thread_gets_its_own_answers(client):
    def fetch(thread):
        for number in range(50):
            path = f"/{thread}/{number}"
            assert client.get(path).json()["path"] == path

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        for done in [pool.submit(fetch, thread) for thread in range(16)]:
            done.result()
