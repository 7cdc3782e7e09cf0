"""Sends by Meta's Graph API, and tells what can be tried again from what can't."""

import os

from web import dig, post

GRAPH_URL = os.environ.get("GRAPH_URL") or "https://graph.facebook.com/v26.0"


class Dropped(Exception):
    """Nothing can be done for this message, now or later."""


class TryAgain(Exception):
    """It did not work this time."""


def send(account_id, account, body, refusals):
    """Sends in an account's name. `refusals` says what is refused for good, by Meta's number."""
    url = f"{GRAPH_URL}/{account_id}/messages?appsecret_proof={account['appsecret_proof']}"
    headers = {"Authorization": f"Bearer {account['access_token']}"}
    status, reply = post(url, body, headers)
    error = reply.get("error")  # Meta is known to send one with status 200
    if status == 200 and not error:
        return
    code = dig(error, "code")
    if status < 500 and code in refusals:
        raise Dropped(refusals[code])
    raise TryAgain(f"meta_{code or status}")
