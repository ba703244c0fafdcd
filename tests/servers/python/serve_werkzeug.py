"""Werkzeug's own server, a thread for each connection, on the listening socket that is stdin."""

from application import application
from werkzeug.serving import make_server

make_server("127.0.0.1", 0, application, threaded=True, fd=0).serve_forever()
