"""Forks, and the interpreter's end with requests under way."""

import multiprocessing
import os
import signal
import subprocess
import sys

import pytest

import headrace
from servers import read_head

# A shell without job control starts what is in the background with the signal ignored.
INTERRUPTIBLE = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"


def run(program, *arguments):
    """A program of its own; what it hangs at is ended."""
    return subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True,
                          text=True, timeout=60)


@pytest.mark.parametrize("leave", [
    "", "sys.exit(0)", "threading.Thread(target=call.exception, daemon=True).start()",
    "for _ in range(32): threading.Thread(target=call.exception, daemon=True).start()",
    "call.add_done_callback(print)"])
def test_the_interpreter_ends_with_a_request_in_flight(scripted, leave):
    done = run(f"""
import headrace, sys, threading
client = headrace.Client()
call = client.get(sys.argv[1], wait=False)
{leave}
""", scripted.url)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_interrupt_ends_a_wait(scripted):
    process = subprocess.Popen(
        [sys.executable, "-c",
         INTERRUPTIBLE + "import headrace, sys; headrace.Client().get(sys.argv[1])", scripted.url],
        stderr=subprocess.PIPE, text=True)
    peer = scripted.accept()
    read_head(peer)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in complaint
    assert process.returncode == -signal.SIGINT or process.returncode == 1


def child_fetches(client, outcomes):
    outcomes.put(client.get("/child").json()["path"])


def test_a_forked_child_uses_its_parents_client_afresh(client):
    context = multiprocessing.get_context("fork")
    client.get("/parent")
    outcomes = context.SimpleQueue()
    child = context.Process(target=child_fetches, args=(client, outcomes))
    child.start()
    assert outcomes.get() == "/child"
    child.join()
    assert child.exitcode == 0
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
