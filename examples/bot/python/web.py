"""The bot's only HTTP client."""

import http.client
import json
import time
import urllib.request

TIMEOUT = 4  # seconds for a connection, for each silence, and for a body as a whole
LARGEST = 1 << 20  # bytes of an answer; the expected ones are much smaller

# Without the handler that follows redirects, which would take tokens elsewhere, and the one that
# raises on errors, whose bodies we need.
WEB = urllib.request.OpenerDirector()
WEB.add_handler(urllib.request.HTTPHandler())
WEB.add_handler(urllib.request.HTTPSHandler())


def post(url, body, headers=None):
    """Status and JSON object of the answer to a POST; `0, {}` if none comes in time."""
    headers = {"Content-Type": "application/json", "Accept": "application/json", **(headers or {})}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    try:
        with WEB.open(request, timeout=TIMEOUT) as reply:
            status, answer = reply.status, json.loads(read(reply))
    except (OSError, http.client.HTTPException, ValueError, RecursionError):
        return 0, {}
    return (status, answer) if isinstance(answer, dict) else (0, {})


def read(reply):
    """The whole body, unless it is too large or comes too slowly."""
    body, end = b"", time.monotonic() + TIMEOUT
    while piece := reply.read1(LARGEST):
        body += piece
        if len(body) > LARGEST or time.monotonic() > end:
            raise OSError("too much, or too slow")
    return body


def dig(value, *path):
    """The value at a path of keys and indices, or None: not every answer is fully documented."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
