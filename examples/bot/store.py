"""What a store has, as cards of Meta's generic template."""

import os
import re
from urllib.parse import quote

import words
from web import dig, post

UCP_PROFILE = os.environ["UCP_PROFILE"]
SHOP_URL = os.environ.get("SHOP_URL")  # local work: stands in for https://SHOP as SHOP_URL/SHOP
API_VERSION = os.environ.get("SHOPIFY_API_VERSION") or "2026-10"

# Digits of a currency behind the point, where it does not have two (ISO 4217).
DIGITS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
PRODUCTS = """query Products($query: String!) {
  products(first: 10, query: $query) {
    nodes {
      title
      onlineStoreUrl
      featuredMedia { preview { image { url } } }
      priceRangeV2 { minVariantPrice { amount currencyCode } }
    }
  }
}"""


def search(shop, query):
    """Up to ten cards; None where neither the store's catalog nor its Admin API answers.

    The catalog needs no token and says what the store shows to everybody. It does not answer for a
    store behind a password (a redirect), and where it is asked too often (429, or error -32000).
    """
    cards = from_catalog(shop["shop"], query)
    if cards is None and shop.get("access_token"):
        cards = from_admin(shop["shop"], shop["access_token"], query)
    return cards


def from_catalog(shop, query):
    """From the Storefront Catalog, whose money is in minor units."""
    asked = {"meta": {"ucp-agent": {"profile": UCP_PROFILE}}, "catalog": {"query": query}}
    params = {"name": "search_catalog", "arguments": asked}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    status, answer = post(f"{url_of(shop)}/api/ucp/mcp", call)
    products = dig(answer, "result", "structuredContent", "products")
    if status != 200 or dig(answer, "result", "isError") or not isinstance(products, list):
        return None
    cards = []
    for product in products:
        price = dig(product, "price_range", "min") or dig(product, "variants", 0, "price")
        link, handle = dig(product, "url") or dig(product, "link"), dig(product, "handle")
        if not link and isinstance(handle, str):
            link = f"{url_of(shop)}/products/{quote(handle)}"
        image = picture(dig(product, "media")) or picture(dig(product, "variants", 0, "media"))
        money = price_tag(dig(price, "amount"), dig(price, "currency"), in_minor_units=True)
        cards.append(card(dig(product, "title"), money or shop, link, image))
    return [card for card in cards if card][:10]


def from_admin(shop, token, query):
    """From the Admin API, with the store's token: active products that are in its online store."""
    terms = [f"title:*{word}*" for word in re.findall(r"\w+", query)]  # without search syntax
    call = {"query": PRODUCTS, "variables": {"query": " ".join([*terms, "status:active"])}}
    url = f"{url_of(shop)}/admin/api/{API_VERSION}/graphql.json"
    status, answer = post(url, call, {"X-Shopify-Access-Token": token})
    products = dig(answer, "data", "products", "nodes")
    if status != 200 or not isinstance(products, list):
        return None
    cards = []
    for product in products:
        price = dig(product, "priceRangeV2", "minVariantPrice")
        image = dig(product, "featuredMedia", "preview", "image", "url")
        money = price_tag(dig(price, "amount"), dig(price, "currencyCode"))
        if link := dig(product, "onlineStoreUrl"):
            cards.append(card(dig(product, "title"), money or shop, link, image))
    return [card for card in cards if card][:10]


def card(title, subtitle, link, image):
    """One card, of at most 80 characters a line; None without a title."""
    if not isinstance(title, str) or not title.strip():
        return None
    element = {"title": title.strip()[:80], "subtitle": subtitle[:80]}
    if is_url(image):
        element["image_url"] = image
    if is_url(link):
        element["buttons"] = [{"type": "web_url", "url": link, "title": words.BUTTON}]
    return element


def picture(media):
    """The first picture: there may be films as well."""
    media = media if isinstance(media, list) else []
    return next((dig(one, "url") for one in media if dig(one, "type") in ("image", None)), None)


def price_tag(amount, currency, in_minor_units=False):
    """`1,299.00 EUR`; nothing where it can't be told."""
    try:
        digits = DIGITS.get(currency, 2)
        value = float(amount) / (10**digits if in_minor_units else 1)
        return f"{value:,.{digits}f} {currency}" if currency else ""
    except (OverflowError, TypeError, ValueError):
        return ""


def is_url(value):
    """Whether it is an address for a browser."""
    return isinstance(value, str) and value.startswith(("https://", "http://"))


def url_of(shop):
    """Where the store is."""
    return f"{SHOP_URL}/{shop}" if SHOP_URL else f"https://{shop}"
