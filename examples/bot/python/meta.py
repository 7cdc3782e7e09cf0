"""Sends through Meta's Graph API, and tells failures worth a retry from final ones."""

import os

from web import dig, post

GRAPH_URL = os.environ.get("GRAPH_URL") or "https://graph.facebook.com/v26.0"


class Dropped(Exception):
    """This message can't be answered, now or later."""


class TryAgain(Exception):
    """It failed this time and may be retried."""


def send(account_id, account, body, refusals):
    """Sends as an account. `refusals` names the final refusals by Meta's error number."""
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
