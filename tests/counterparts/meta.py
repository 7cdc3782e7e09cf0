"""Meta's SDK for Python, and packages of others that make and read signed requests."""

import json
import re
import sys
from unittest import mock

import facepy
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.user import User
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession
from social_core.backends.facebook import FacebookAppOAuth2
from social_core.exceptions import AuthException
from social_core.strategy import BaseStrategy


def proofs(secret, tokens):
    return [FacebookSession(app_id="1", app_secret=secret, access_token=token).appsecret_proof for token in tokens]


def api(base, app_id, secret, token):
    FacebookSession.GRAPH = base
    return FacebookAdsApi.init(app_id, secret, token, crash_log=False)


def pages(base, app_id, secret, token, limit):
    accounts = User("me", api=api(base, app_id, secret, token)).get_accounts(["id", "name", "access_token"], {"limit": limit})
    return [{name: page[name] for name in ("id", "name", "access_token")} for page in accounts]


def subscribe(base, app_id, secret, token, page, fields):
    """As a bot's author would do it by hand; afterwards what the Page says."""
    page = Page(page, api=api(base, app_id, secret, token))
    page.create_subscribed_app(params={"subscribed_fields": fields})
    return [dict(app) for app in page.get_subscribed_apps()]


def webhooks(secret, payloads):
    """Bodies in Python's own escapes, with those that Meta adds, and each with the SDK's HMAC under the app secret."""
    extra = {"/": "\\/", "<": "\\u003C", "%": "\\u0025", "@": "\\u0040"}
    bodies = [json.dumps(payload, separators=(",", ":")).translate(str.maketrans(extra)) for payload in payloads]
    return [[body, proof] for body, proof in zip(bodies, proofs(secret, bodies))]


class Settings(BaseStrategy):
    def __init__(self, secret):
        super().__init__()
        self.settings = {"SOCIAL_AUTH_FACEBOOK_APP_KEY": "1", "SOCIAL_AUTH_FACEBOOK_APP_SECRET": secret}

    def get_setting(self, name):
        return self.settings[name]

    def get_request_data(self, merge=True):
        return {}

    def absolute_uri(self, path=None):
        return path


def read(secret, requests, by):
    def facepys(request):
        return facepy.SignedRequest.parse(request, secret)

    def socials(request):
        return FacebookAppOAuth2(Settings(secret)).load_signed_request(request)

    def read_one(request):
        try:
            return {"facepy": facepys, "social-auth-core": socials}[by](request)
        except (facepy.exceptions.SignedRequestError, AuthException):
            return None

    return [read_one(request) for request in requests]


def make(secret, models):
    """Reads requests and writes them anew: the text, its order and padding are facepy's then."""

    def make_one(model):
        request = facepy.SignedRequest(model, secret)
        writer = facepy.signed_request.json
        write = writer.dumps
        # It would drop these two, or write them by another name.
        kept = {name: request.raw[name] for name in ("issued_at", "expires") if name in request.raw}
        with mock.patch.object(writer, "dumps", lambda payload, **form: write({**payload, **kept}, **form)):
            made = request.generate()
        # It was written for Python 2 and puts the notation of bytes around both halves.
        return re.sub(r"b'([^']*)'", r"\1", made)

    return [make_one(model) for model in models]


task = json.load(sys.stdin)
json.dump({"proofs": proofs, "pages": pages, "subscribe": subscribe, "read": read, "make": make, "webhooks": webhooks}[task.pop("task")](**task), sys.stdout)
