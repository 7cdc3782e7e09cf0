"""A store's products."""

import os
import re
from urllib.parse import quote

from web import dig, post

UCP_PROFILE = os.environ["UCP_PROFILE"]
SHOP_URL = os.environ.get("SHOP_URL")  # local work: SHOP_URL/SHOP replaces https://SHOP
API_VERSION = os.environ.get("SHOPIFY_API_VERSION") or "2026-10"

# Decimal places of currencies that do not have two (ISO 4217).
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
    """Up to ten products; None if neither the store's catalog nor its Admin API answers.

    The catalog needs no token and returns what the store shows to everyone. It does not answer for
    a store behind a password (a redirect), or if asked too often (429, or error -32000).
    """
    products = from_catalog(shop["shop"], query)
    if products is None and shop.get("access_token"):
        products = from_admin(shop["shop"], shop["access_token"], query)
    return products


def from_catalog(shop, query):
    """From the Storefront Catalog, whose money is in minor units."""
    asked = {"meta": {"ucp-agent": {"profile": UCP_PROFILE}}, "catalog": {"query": query}}
    params = {"name": "search_catalog", "arguments": asked}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    status, answer = post(f"{url_of(shop)}/api/ucp/mcp", call)
    found = dig(answer, "result", "structuredContent", "products")
    if status != 200 or dig(answer, "result", "isError") or not isinstance(found, list):
        return None
    products = []
    for one in found:
        price = dig(one, "price_range", "min") or dig(one, "variants", 0, "price")
        link, handle = dig(one, "url") or dig(one, "link"), dig(one, "handle")
        if not link and isinstance(handle, str):
            link = f"{url_of(shop)}/products/{quote(handle)}"
        image = picture(dig(one, "media")) or picture(dig(one, "variants", 0, "media"))
        money = price_tag(dig(price, "amount"), dig(price, "currency"), in_minor_units=True)
        products.append(product(dig(one, "title"), money or shop, link, image))
    return [product for product in products if product][:10]


def from_admin(shop, token, query):
    """From the Admin API, with the store's token: active products that are in its online store."""
    terms = [f"title:*{word}*" for word in re.findall(r"\w+", query)]  # without search syntax
    call = {"query": PRODUCTS, "variables": {"query": " ".join([*terms, "status:active"])}}
    url = f"{url_of(shop)}/admin/api/{API_VERSION}/graphql.json"
    status, answer = post(url, call, {"X-Shopify-Access-Token": token})
    found = dig(answer, "data", "products", "nodes")
    if status != 200 or not isinstance(found, list):
        return None
    products = []
    for one in found:
        price = dig(one, "priceRangeV2", "minVariantPrice")
        image = dig(one, "featuredMedia", "preview", "image", "url")
        money = price_tag(dig(price, "amount"), dig(price, "currencyCode"))
        if link := dig(one, "onlineStoreUrl"):
            products.append(product(dig(one, "title"), money or shop, link, image))
    return [product for product in products if product][:10]


def product(title, price, link, image):
    """A product; without a title it is skipped. Link and image are None unless they are URLs."""
    if not isinstance(title, str) or not title.strip():
        return None
    link, image = (address if is_url(address) else None for address in (link, image))
    return {"title": title.strip()[:200], "price": price, "link": link, "image": image}


def picture(media):
    """The first image: there may be videos too."""
    media = media if isinstance(media, list) else []
    return next((dig(one, "url") for one in media if dig(one, "type") in ("image", None)), None)


def price_tag(amount, currency, in_minor_units=False):
    """`1,299.00 EUR`; nothing if it is unknown."""
    try:
        digits = DIGITS.get(currency, 2)
        value = float(amount) / (10**digits if in_minor_units else 1)
        return f"{value:,.{digits}f} {currency}" if currency else ""
    except (OverflowError, TypeError, ValueError):
        return ""


def is_url(value):
    """Whether it is a URL for a browser."""
    return isinstance(value, str) and value.startswith(("https://", "http://"))


def url_of(shop):
    """The store's URL."""
    return f"{SHOP_URL}/{shop}" if SHOP_URL else f"https://{shop}"
