"""Real servers on a free loopback port: one that answers by itself, one that does as it is told."""

import contextlib
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked, as JSON."""
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length", 0))
        status = 404 if self.path.startswith("/missing") else 200
        body = json.dumps({"method": self.command, "path": self.path,
                           "headers": self.headers.items(),
                           "body": self.rfile.read(length).decode("latin-1")}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Twice", "one")
        self.send_header("x-twice", "two")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def log_message(self, *arguments):
        pass


class EchoServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):  # clients leave as they like
        pass


@contextlib.contextmanager
def echo_server():
    with EchoServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class Scripted:
    """A listening socket; the test reads requests and sends answers byte by byte."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(30)
        self.url = "http://127.0.0.1:%d" % self.listener.getsockname()[1]

    def accept(self):
        peer, _ = self.listener.accept()
        peer.settimeout(30)
        return peer

    def close(self):
        self.listener.close()


def read_head(peer):
    """The next request's head; the peers here send no bodies."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = peer.recv(1)
        if not byte:
            raise EOFError(head)
        head += byte
    return head.decode("latin-1")


def read_request(peer):
    """Head and body."""
    head = read_head(peer)
    length = next((int(line.split(":")[1]) for line in head.lower().split("\r\n")
                   if line.startswith("content-length:")), 0)
    body = b""
    while len(body) < length:
        body += peer.recv(length - len(body))
    return head, body


def serve(scripted, *answers, read=read_head):
    """Reads a request and sends the next answer, on one connection, which it then closes. Gives
    what it reads, and the thread that does so."""
    asked = []

    def talk():
        with scripted.accept() as peer:
            for answer in answers:
                asked.append(read(peer))
                peer.sendall(answer)

    thread = threading.Thread(target=talk)
    thread.start()
    return asked, thread


@contextlib.contextmanager
def meanwhile(talk):
    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield
    finally:
        thread.join()


@contextlib.contextmanager
def two_halves(scripted):
    """Answers "ab" and then, only after the event that it gives was set, "cd"."""
    heard = threading.Event()

    def talk():
        with scripted.accept() as peer:
            read_head(peer)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
            heard.wait(30)
            peer.sendall(b"cd")

    with meanwhile(talk):
        try:
            yield heard
        finally:
            heard.set()


@contextlib.contextmanager
def taking_long_body(scripted, size=None):
    """Reads so many x's, or a chunked body to its end, and answers with the request's head. Gives
    the list of what it has received."""
    received = []

    def talk():
        with scripted.accept() as peer:
            head = read_head(peer)
            taken, end = 0, b""
            while end != b"0\r\n\r\n" if size is None else taken < size:
                received.append(peer.recv(1 << 20))
                if not received[-1]:
                    raise ConnectionError("the client ended it too early")
                taken += len(received[-1])
                end = (end + received[-1])[-5:]
            peer.sendall(ok(head))

    with meanwhile(talk):
        yield received


def read_some(peer, size):
    body = b""
    while len(body) < size:
        came = peer.recv(size - len(body))
        if not came:
            raise ConnectionError("the client ended it too early")
        body += came
    return body


def read_chunks(peer):
    """Of a chunked body, without the last one, which is empty."""
    body = []
    while True:
        size = b""
        while not size.endswith(b"\r\n"):
            size += read_some(peer, 1)
        body.append(read_some(peer, int(size, 16) + 2)[:-2])
        if not body[-1]:
            return body[:-1]


@contextlib.contextmanager
def until_closed(scripted):
    """Takes a request and answers nothing. Gives the event of the client's having closed."""
    closed = threading.Event()

    def talk():
        with scripted.accept() as peer:
            read_head(peer)
            try:
                while peer.recv(100):
                    pass
            except ConnectionError:
                pass
            closed.set()

    with meanwhile(talk):
        yield closed


class Endless:
    def __init__(self, scripted):
        self.scripted = scripted
        self.url = scripted.url
        self.given_up = False
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.talk)
        self.thread.start()

    def talk(self):
        with self.scripted.accept() as peer:
            read_head(peer)
            try:
                peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                while True:
                    peer.sendall(b"10000\r\n%s\r\n" % (b"x" * 65536))
            except ConnectionError:
                self.given_up = True
        self.ended.set()


def ok(body, head=""):
    body = body if isinstance(body, bytes) else body.encode()
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode("latin-1") + body
