"""A browser for pages of forms: cookies, redirects one by one, forms as they are filled in."""

from __future__ import annotations

import html.parser
import http.client
import json
import urllib.parse
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass
class Form:
    """What is sent where, with boxes as they are ticked at first; buttons apart."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    unticked: list[tuple[str, str]] = field(default_factory=list)


class Forms(html.parser.HTMLParser):
    """Finds the forms of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(attributes.get("action", "")))
            self.inside = True
        elif tag == "input" and self.inside and "name" in attributes:
            form = self.forms[-1]
            is_box = attributes.get("type") in ("checkbox", "radio")
            field = (attributes["name"], attributes.get("value", "on" if is_box else ""))
            (form.unticked if is_box and "checked" not in attributes else form.fields).append(field)

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


@dataclass
class Reply:
    """What came back from a URL."""

    url: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)

    def headers_named(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name]

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)

    def location(self) -> str:
        """Where a redirect leads."""
        location = self.header("location")
        if not 300 <= self.status < 400 or location is None:
            raise AssertionError(f"{self.url.split('?')[0]} did not redirect: {self.status} {self.text[:2000]}")
        return urllib.parse.urljoin(self.url, location)

    def form(self, action: str = "") -> Form:
        """The first form whose action contains the text."""
        for form in Forms(self.text).forms:
            if action in form.action:
                return form
        raise AssertionError(f"{self.url.split('?')[0]} has no form for {action!r}: {self.status} {self.text[:2000]}")


class Browser:
    """One profile. `hosts` leads a public `https://` host to whoever answers for it here: address and name that it goes by there."""

    def __init__(self, hosts: dict[str, tuple[str, str]]) -> None:
        self.hosts = hosts
        self.cookies: dict[str, dict[str, str]] = {}
        self.received: Counter[str] = Counter()

    def get(self, url: str, **headers: str) -> Reply:
        return self.send("GET", url, None, headers)

    def submit(self, page: Reply, form: Form, *chosen: tuple[str, str]) -> Reply:
        """Sends a form of a page with its ticked boxes and what else was chosen."""
        url = urllib.parse.urljoin(page.url, form.action)
        body = urllib.parse.urlencode([*form.fields, *chosen]).encode()
        parts = urllib.parse.urlsplit(page.url)
        headers = {"content-type": "application/x-www-form-urlencoded", "origin": f"{parts.scheme}://{parts.netloc}", "sec-fetch-site": "same-origin"}
        return self.send("POST", url, body, headers)

    def send(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> Reply:
        parts = urllib.parse.urlsplit(url)
        address, host = self.hosts.get(parts.netloc, (parts.netloc, parts.netloc))
        jar = self.cookies.setdefault(parts.netloc, {})
        sent = {"host": host, "accept": ACCEPT} | headers
        if jar:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        connection = http.client.HTTPConnection(address, timeout=60)
        try:
            connection.request(method, urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, "")), body, sent)
            answer = connection.getresponse()
            reply = Reply(url, answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()
        self.received[parts.netloc] += len(reply.body) + sum(len(name) + len(value) + 4 for name, value in reply.headers)
        for cookie in reply.headers_named("set-cookie"):
            name, _, rest = cookie.partition("=")
            value = rest.partition(";")[0]
            if value and "max-age=0" not in rest.lower():
                jar[name] = value
            else:
                jar.pop(name, None)
        return reply
