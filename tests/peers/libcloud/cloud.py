"""moto's app under waitress in a process of its own, made to do what EC2 does and Libcloud needs:
the answers' XML namespace ends with a slash, an error has none, and lists may begin with number 0."""

import contextlib
import re
import subprocess
import sys

MOTO = b' xmlns="http://ec2.amazonaws.com/doc/2016-11-15"'
EC2 = b' xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"'


@contextlib.contextmanager
def cloud():
    with subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE,
                          text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


NUMBERED = re.compile(r"\b(ResourceId|Tag)\.(\d+)")


def as_ec2(app):
    def answer(environ, start_response):
        query = environ["QUERY_STRING"]
        if "ResourceId.0=" in query:
            environ["QUERY_STRING"] = NUMBERED.sub(
                lambda found: f"{found[1]}.{int(found[2]) + 1}", query)
        begun = []

        def start(status, headers, exc_info=None):
            begun[:] = [status, headers]

        body = b"".join(app(environ, start))
        renamed = body.replace(b"<Response" + MOTO, b"<Response").replace(MOTO, EC2)
        status, headers = begun
        if renamed != body:
            headers = [(name, str(len(renamed)) if name.lower() == "content-length" else value)
                       for name, value in headers]
        start_response(status, headers)
        return [renamed]

    return answer


def main():
    import waitress
    from moto.server import DomainDispatcherApplication, create_backend_app

    app = as_ec2(DomainDispatcherApplication(create_backend_app))
    listener = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)
    print(f"http://127.0.0.1:{listener.effective_port}", flush=True)
    listener.run()


if __name__ == "__main__":
    main()
