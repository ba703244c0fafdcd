"""What the Python servers serve: each answer's body is the path that was asked for."""


def application(environ, start_response):
    # Read to its end, or the next request on the connection would begin in this one's body.
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    body = environ["PATH_INFO"].encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
