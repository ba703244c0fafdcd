"""An application for gunicorn with --preload: the master has made a client, and used it, before the
workers are forked. Each request is answered with what the client, in the worker, got from upstream
for the same path."""

import os

import headrace

client = headrace.Client(base_url=os.environ["UPSTREAM"], connections_max=2)
client.get("/master").raise_for_status()


def application(environ, start_response):
    path = environ["PATH_INFO"]
    calls = [client.get(f"{path}/{part}", wait=False) for part in range(3)]
    body = "".join(call.result().json()["path"] for call in calls)
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Worker", str(os.getpid()))])
    return [body.encode()]
