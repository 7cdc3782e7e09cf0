"""Serves the bot without Lambda: `python local.py [PORT]` takes events as `POST /events`.

It answers 200 once an event has been handled, and 500 if the event should come again. It listens
on loopback only; with EVENTS_SECRET, to anyone who sends `Authorization: Bearer SECRET`.
"""

import hmac
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import bot

LARGEST = 1 << 20  # bytes; the bus accepts no larger event
SECRET = os.environ.get("EVENTS_SECRET")


class Events(BaseHTTPRequestHandler):
    """The endpoint that the local bus calls."""

    timeout = 10

    def do_POST(self):
        self.respond(self.status())

    def status(self):
        """Passes the event to the bot."""
        length = self.headers.get("Content-Length", "")
        if self.path != "/events":
            return 404
        if SECRET and not hmac.compare_digest(self.authorization(), f"Bearer {SECRET}".encode()):
            return 401
        if not length.isdigit() or int(length) > LARGEST:
            return 413
        try:
            event = json.loads(self.rfile.read(int(length)))
            if not isinstance(event, dict):
                return 400
        except (ValueError, RecursionError):
            return 400
        try:
            failed = bot.handler(event, None)
        except Exception as error:  # as Lambda does: it is logged, and the next event is handled
            print(error if isinstance(error, bot.TryAgain) else type(error).__name__, flush=True)
            return 500
        return 500 if failed and failed["batchItemFailures"] else 200

    def authorization(self):
        return self.headers.get("Authorization", "").encode("latin-1", "replace")

    def respond(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """The bot's own log lines are enough."""


def serve(port):
    """A bound server; the caller runs `serve_forever`."""
    return ThreadingHTTPServer(("0.0.0.0" if SECRET else "127.0.0.1", port), Events)


if __name__ == "__main__":
    server = serve(int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PORT") or 9004))
    print(f"The bot takes events at http://127.0.0.1:{server.server_port}/events", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
