#!/usr/bin/env python3
"""The same calls of Libcloud's drivers, stock and by headrace.requests.install(), each against a
moto of its own that numbers its resources alike. Fails where an outcome differs."""

import datetime
import re
import sys
import urllib.request
from urllib.parse import urlsplit

import cloud
import headrace.requests
import requests
import scenario
from libcloud.compute.drivers.ec2 import EC2NodeDriver
from libcloud.storage.drivers.s3 import S3StorageDriver

# Only a signature of version 4 names the service, by which moto knows whose a request is.
PARTS = ((scenario.ec2, EC2NodeDriver, {"signature_version": "4"}),
         (scenario.s3, S3StorageDriver, {}))
# Of one request, drawn at random by client or server, or a time.
_OF_ONE_RUN = {"created_at", "creation_date", "date", "driver", "fingerprint", "last_modified",
               "launch_time", "request_id"}
_ONE_RUNS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}"  # a UUID,
                       r"|\d{4}-\d\d-\d\d[T ]\d\d:[\d:.]+"  # a time,
                       r"|0x[0-9a-f]+|/tmp/\w+|127\.0\.0\.1:\d+")  # where something is


def plain(value):
    """What a driver gave, in plain values and without what differs from run to run."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if key not in _OF_ONE_RUN}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, datetime.datetime):
        return "a time"
    if isinstance(value, str):
        return _ONE_RUNS.sub("one", value)
    if isinstance(value, (bytes, int, float, type(None))):
        return value
    return type(value).__name__, plain(getattr(value, "__dict__", {}))


class Recorder:
    """Makes a call and keeps what became of it."""

    def __init__(self):
        self.steps = []

    def __call__(self, name, function, /, *arguments, **keywords):
        try:
            given = function(*arguments, **keywords)
        except Exception as error:  # of a driver: which, and what it says, is compared
            self.steps.append((name, ("error", type(error).__name__, plain(str(error)))))
            return None
        self.steps.append((name, plain(given)))
        return given


def run(came_by):
    """`came_by` is told of every response."""
    stock_send = requests.Session.send

    def send(*arguments, **keywords):
        response = stock_send(*arguments, **keywords)
        original = getattr(response.raw, "_original_response", None)
        came_by.append((type(original).__module__.split(".")[0], keywords.get("stream", False)))
        return response

    requests.Session.send = send
    try:
        with cloud.cloud() as url:
            urllib.request.urlopen(f"{url}/moto-api/seed?a=42", data=b"").close()
            recorder = Recorder()
            for part, driver_class, settings in PARTS:
                at = urlsplit(url)
                driver = driver_class("key", "not-a-secret", secure=False, host=at.hostname,
                                      port=at.port, **settings)
                part(recorder, driver)
            return recorder.steps
    finally:
        requests.Session.send = stock_send


def main():
    stock_ways, own_ways = [], []
    stock = run(stock_ways)
    headrace.requests.install(connections_max=5)
    own = run(own_ways)
    failures = [f"{name}: {before!r} stock, {after!r} on headrace"
                for (name, before), (_, after) in zip(stock, own) if before != after]
    print(*failures, sep="\n", end="\n" if failures else "")
    errors = sum(isinstance(outcome, tuple) and outcome[0] == "error" for _, outcome in stock)
    by_engine = sum(module == "headrace" for module, _ in own_ways)
    print(f"{len(stock)} steps stock ({errors} of them errors), {len(own)} on headrace, "
          f"{len(failures)} differ; {by_engine} of {len(own_ways)} responses by headrace")
    if any(module == "headrace" for module, _ in stock_ways):
        sys.exit("stock Libcloud is on headrace")
    if failures or len(own) != len(stock) or by_engine < len(own_ways):
        sys.exit(1)


if __name__ == "__main__":
    main()
