"""The interpreter's end with requests under way, and interrupts."""

import signal
import subprocess
import sys

import pytest

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
