"""The server that the SDK's tests want and its sdist leaves out: https, answers set beforehand."""

import json
import os
import re
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import ovirtsdk4

PREFIX = "/ovirt-engine"
CERTIFICATES = os.environ["HEADRACE_CERTIFICATES"]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        content = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        url = urlsplit(self.path)
        tests = self.server.tests
        if url.path.startswith(f"{PREFIX}/api"):
            tests.last_request_query = url.query
            tests.last_request_headers = self.headers
            tests.last_request_content = re.sub(r">\s+<", "><", content.strip())
        code, content_type, text = tests.answers.get(url.path, (404, "application/xml", ""))
        body = text.encode()
        self.send_response(code)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):  # clients leave as they like
        pass


class TestServer:
    __test__ = False

    def __init__(self):
        self.answers = {}
        self.last_request_query = self.last_request_headers = self.last_request_content = None
        for login in ("token", "token-http-auth"):
            self.set_json_response(f"{PREFIX}/sso/oauth/{login}", 200, {"access_token": "token"})
        self.set_json_response(f"{PREFIX}/services/sso-logout", 200, {})
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(f"{CERTIFICATES}/server.pem", f"{CERTIFICATES}/server.key")
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.tests = self
        self.server.socket = tls.wrap_socket(self.server.socket, server_side=True,
                                             do_handshake_on_connect=False)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def start_server(self):
        self.thread.start()

    def stop_server(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def set_xml_response(self, path, code, body):
        self.answers[f"{PREFIX}/api/{path}".rstrip("/")] = (code, "application/xml", body)

    def set_json_response(self, path, code, body):
        self.answers[path] = (code, "application/json", json.dumps(body))

    def connection(self, **options):
        return ovirtsdk4.Connection(url=self.url(), username=self.user(), password=self.password(),
                                    ca_file=self.ca_file(), **options)

    def url(self):
        return f"https://localhost:{self.server.server_port}{PREFIX}/api"

    def prefix(self):
        return PREFIX

    def user(self):
        return "admin@internal"

    def password(self):
        return "not-a-secret"

    def ca_file(self):
        return f"{CERTIFICATES}/ca.pem"
