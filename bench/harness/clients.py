"""Who is measured: how each client is started, what it can do, and how to get it."""

import os
import pathlib
import shutil
from dataclasses import dataclass

from harness import cases

ROOT = pathlib.Path(__file__).resolve().parents[2]
NATIVE = ROOT / "build/release/bench"
FETCHED = ROOT / "build/bench"  # what bench/prepare makes
CLIENTS = ROOT / "bench/clients"
PYTHON = FETCHED / "python/bin/python"

BUILD = "make bench builds it"
PREPARE = "bench/prepare fetches it"


@dataclass(frozen=True)
class Client:
    name: str
    language: str
    command: tuple
    needs: tuple = ()  # files or programs without which it can't run
    hint: str = BUILD
    pipelines: bool = False
    https: bool = True
    serial: bool = False     # has a way to ask for one at a time
    concurrent: bool = True  # keeps several connections busy
    warm_up_seconds: float = 0.0  # what it takes to be compiled, where that happens as it runs
    whole_seconds: bool = False  # a phase takes whole seconds, and more than one

    def missing(self):
        """Why it can't run here, or an empty string."""
        absent = [str(need) for need in (self.command[0], *self.needs) if not found(need)]
        names = ", ".join(os.path.relpath(name, ROOT) if "/" in name else name for name in absent)
        return f"not installed ({names}): {self.hint}" if absent else ""

    def can(self, case):
        if case.scheme == "https" and not self.https:
            return False
        if case.serial:
            return self.serial
        return self.concurrent or case.connections == 1


def found(need):
    if isinstance(need, pathlib.Path):
        return need.exists()
    return shutil.which(need) is not None


def native(name, program, *options, **more):
    return Client(name, "C++", (NATIVE / f"bench_{program}", *options), **more)


def node(name, script, *options, **more):
    return Client(name, "JavaScript", ("node", CLIENTS / script, *options),
                  (CLIENTS / script, FETCHED / "node_modules/undici"),
                  f"apt-get install nodejs npm, then {PREPARE}", warm_up_seconds=1.5, serial=True,
                  **more)


def python(name, script, package, **more):
    return Client(name, "Python", (PYTHON, CLIENTS / script), (CLIENTS / script,),
                  f"{PREPARE} ({package})", **more)


def generator(program, package, **more):
    return Client(program, "C", (CLIENTS / "load_generator", program), (program,),
                  f"apt-get install {package}", pipelines=True, **more)


CLIENTS_TABLE = (
    native(cases.LIMIT, "limit", pipelines=True, serial=True),
    native(cases.KEPT, "limit", "--variant", "answers kept", pipelines=True),
    native(cases.HEADRACE, "headrace", pipelines=True, serial=True),
    native("headrace, two loops", "headrace", "--variant", "two_loops", pipelines=True),
    native("headrace as_completed", "headrace", "--variant", "as_completed", pipelines=True),
    native("headrace window", "headrace", "--variant", "window", pipelines=True),
    Client("headrace (C)", "C", (NATIVE / "bench_headrace_c",), pipelines=True, serial=True),
    Client("headrace (C) ready", "C", (NATIVE / "bench_headrace_c", "--variant", "ready"),
           pipelines=True),
    python(cases.ASYNC_CLIENT, "headrace_async.py", "headrace, uvloop", pipelines=True),
    generator(cases.WRK, "wrk", whole_seconds=True),
    generator(cases.H2LOAD, "nghttp2-client"),
    native(cases.LIBCURL, "curl_multi", hint="apt-get install libcurl4-openssl-dev"),
    native(cases.LIBCURL_EASY, "curl_easy", hint="apt-get install libcurl4-openssl-dev",
           serial=True, concurrent=False),
    native(cases.BEAST, "beast", hint="apt-get install libboost1.81-dev"),
    Client("hyper", "Rust", (FETCHED / "hyper",), hint=f"install cargo, then {PREPARE}",
           serial=True),
    Client("Go net/http", "Go", (FETCHED / "go_net_http",), hint=f"install go, then {PREPARE}",
           serial=True),
    Client("Go fasthttp", "Go", (FETCHED / "go_fasthttp",), hint=f"install go, then {PREPARE}",
           pipelines=True, serial=True),
    node(cases.UNDICI, "undici.mjs", "--variant", "dispatch, blocking: false", pipelines=True),
    node("undici request (blocking: false)", "undici.mjs", "--variant", "request, blocking: false",
         pipelines=True),
    node("undici dispatch", "undici.mjs", "--variant", "dispatch", pipelines=True),
    node("undici request", "undici.mjs", "--variant", "request", pipelines=True),
    node("Node's agent", "node_agent.mjs"),
    python(cases.AIOHTTP, "aiohttp_uvloop.py", "aiohttp, uvloop", serial=True),
    python("pycurl multi", "pycurl_multi.py", "pycurl", serial=True),
    python("httpx", "httpx_async.py", "httpx", serial=True),
    python("requests", "requests_threads.py", "requests", serial=True),
)
