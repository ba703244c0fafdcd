#!/usr/bin/env python3
"""The same reads and writes by stock boto3 and on headrace, each against a moto of its own that
numbers its resources alike. Fails where an answer differs."""

import datetime
import itertools
import sys
import urllib.request

import botocore.exceptions
from botocore.config import Config

import headrace
import headrace._botocore
import headrace.botocore
import scenario
import servers

_responses = itertools.count()
_answer = headrace._botocore.answer


def _counted(*arguments):
    next(_responses)
    return _answer(*arguments)


# Of one request, drawn at random by client or server, or a time.
_OF_ONE_RUN = {"AssumedRoleId", "ClientToken", "CreationDate", "Credentials", "HostId", "RequestId",
               "ResponseMetadata", "StateTransitionReason"}


def plain(value):
    """An answer without what differs from run to run."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()
                if key not in _OF_ONE_RUN}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, datetime.datetime):
        return "a time"
    return value.read() if hasattr(value, "read") else value


class Recorder:
    """Makes a call and keeps what became of it."""

    def __init__(self):
        self.steps = []

    def __call__(self, name, function, *arguments, **keywords):
        outcome = None
        try:
            outcome = plain(function(*arguments, **keywords))
        except botocore.exceptions.ClientError as error:
            outcome = "error", error.response["Error"], error.response["ResponseMetadata"][
                "HTTPStatusCode"]
        self.steps.append((name, outcome))
        return outcome


def run(session):
    with servers.moto() as url:
        urllib.request.urlopen(f"{url}/moto-api/seed?a=42", data=b"").close()
        recorder = Recorder()
        config = Config(s3={"addressing_style": "path"})
        for part in scenario.PARTS:
            part(recorder, lambda name: session.client(name, endpoint_url=url, config=config))
        return recorder.steps


def main():
    headrace._botocore.answer = _counted
    stock = run(servers.session())
    if next(_responses) != 0:
        sys.exit("stock boto3 is on headrace")
    session = servers.session()
    headrace.botocore.register(session, read_streams=True, connections_max=5)
    own = run(session)
    failures = [f"{name}: {before!r} stock, {after!r} on headrace"
                for (name, before), (_, after) in zip(stock, own) if before != after]
    print(*failures, sep="\n", end="\n" if failures else "")
    print(f"{len(stock)} steps stock, {len(own)} on headrace, {len(failures)} differ; "
          f"responses by headrace: {next(_responses) - 1}")
    if failures or len(own) != len(stock) or next(_responses) < len(own):
        sys.exit(1)


if __name__ == "__main__":
    main()
