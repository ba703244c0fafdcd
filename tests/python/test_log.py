"""What a client tells of its connections, and where they are told to go."""

import gc
import logging
import socket
import sys
import tempfile
import threading
import weakref

import pytest

import headrace
from servers import ok, read_head


def dead_url():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_logger_is_told_what_happens(echo, caplog):
    caplog.set_level(logging.DEBUG, logger="cloud")
    with headrace.Client(base_url=echo, log=logging.getLogger("cloud").log) as client:
        response = client.get("/hidden")
    messages = [record.getMessage() for record in caplog.records]
    assert f"{echo} connection {response.connection_id}: connecting" in messages
    assert messages[-1] == f"{echo} connection 1: closed, it gave 1 answer"
    assert not any("hidden" in message for message in messages)


def test_what_fails_is_a_warning(caplog):
    url = dead_url()
    with headrace.Client(log=logging.getLogger("cloud").log, connect_attempts=1) as client:
        with pytest.raises(headrace.ConnectionFailed):
            client.get(url)
    assert [(record.levelname, record.name) for record in caplog.records] == [("WARNING", "cloud")]
    assert "1 request fails" in caplog.text


def test_a_log_may_raise_and_goes_with_its_client(echo, monkeypatch):
    raised = []
    monkeypatch.setattr(sys, "unraisablehook", lambda hook: raised.append(hook.exc_value))

    class Full:
        def __call__(self, level, line):
            raise OSError("the disk is full")

    log = Full()
    gone = weakref.ref(log)
    with headrace.Client(base_url=echo, log=log) as client:
        assert client.get("/").status_code == 200
    assert {str(error) for error in raised} == {"the disk is full"}
    raised.clear()
    del log, client
    gc.collect()
    assert gone() is None


def test_many_threads_and_loops_log_without_a_deadlock(echo):
    lines = []
    with headrace.Client(base_url=echo, loops=2, connections_max=8, pipelining="off",
                         log=lambda level, line: lines.append(line)) as client:
        threads = [threading.Thread(target=lambda: [client.get("/") for _ in range(50)])
                   for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum("open after" in line for line in lines) == sum("closed" in line for line in lines)


@pytest.mark.parametrize("where", ["cloud.example:{port}", "cloud.example", "*"])
def test_a_host_is_where_the_options_say(echo, where):
    port = echo.rsplit(":", 1)[1]
    there = {where.format(port=port): ["127.0.0.9", "127.0.0.1"]}
    with headrace.Client(host_addresses=there) as client:
        assert client.get(f"http://cloud.example:{port}/a").json()["path"] == "/a"


def test_what_cannot_be_is_refused():
    with pytest.raises(TypeError, match="log is not callable"):
        headrace.Client(log=7)
    with pytest.raises(ValueError, match="host_addresses: a:b has no port"):
        headrace.Client(host_addresses={"a:b": ["127.0.0.1"]})
    with pytest.raises(TypeError, match="option host_addresses has a value of the wrong type"):
        headrace.Client(host_addresses={"a": 1})


def test_a_unix_socket():
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
        path = f"{folder}/socket"
        listener.bind(path)
        listener.listen()
        with headrace.Client(unix_socket=path) as client:
            call = client.get("http://cloud.example/a", wait=False)
            peer, _ = listener.accept()
            with peer:
                assert "Host: cloud.example\r\n" in read_head(peer)
                peer.sendall(ok(b"here"))
                assert call.result().content == b"here"
