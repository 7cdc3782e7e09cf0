// A store's products.

import { cut, post } from "./web.mjs";

const API_VERSION = process.env.SHOPIFY_API_VERSION || "2026-10";

// Decimal places of currencies that do not have two (ISO 4217).
const NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(" ");
const THREE = "BHD IQD JOD KWD LYD OMR TND".split(" ");
const PRODUCTS = `query Products($query: String!) {
  products(first: 10, query: $query) {
    nodes {
      title
      onlineStoreUrl
      featuredMedia { preview { image { url } } }
      priceRangeV2 { minVariantPrice { amount currencyCode } }
    }
  }
}`;

/**
 * Up to ten products; null if neither the store's catalog nor its Admin API answers.
 *
 * The catalog needs no token and returns what the store shows to everyone. It does not answer for
 * a store behind a password (a redirect), or if asked too often (429, or error -32000).
 */
export async function search(shop, query) {
  const products = await fromCatalog(shop.shop, query);
  if (products || !shop.access_token) return products;
  return fromAdmin(shop.shop, shop.access_token, query);
}

/** From the Storefront Catalog, whose money is in minor units. */
async function fromCatalog(shop, query) {
  const asked = { meta: { "ucp-agent": { profile: process.env.UCP_PROFILE } }, catalog: { query } };
  const params = { name: "search_catalog", arguments: asked };
  const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params };
  const [status, { result }] = await post(`${urlOf(shop)}/api/ucp/mcp`, call);
  const found = result?.structuredContent?.products;
  if (status !== 200 || result?.isError || !Array.isArray(found)) return null;
  const products = found.map((one) => {
    const price = one?.price_range?.min || one?.variants?.[0]?.price;
    let link = one?.url || one?.link;
    if (!link && typeof one?.handle === "string") {
      link = `${urlOf(shop)}/products/${encodeURIComponent(one.handle)}`;
    }
    const image = picture(one?.media) || picture(one?.variants?.[0]?.media);
    return product(one?.title, priceTag(price?.amount, price?.currency, true) || shop, link, image);
  });
  return products.filter(Boolean).slice(0, 10);
}

/** From the Admin API, with the store's token: active products that are in its online store. */
async function fromAdmin(shop, token, query) {
  const words = query.match(/[\p{L}\p{N}_]+/gu) ?? []; // without search syntax
  const terms = words.map((word) => `title:*${word}*`);
  const call = { query: PRODUCTS, variables: { query: [...terms, "status:active"].join(" ") } };
  const url = `${urlOf(shop)}/admin/api/${API_VERSION}/graphql.json`;
  const [status, { data }] = await post(url, call, { "x-shopify-access-token": token });
  const found = data?.products?.nodes;
  if (status !== 200 || !Array.isArray(found)) return null;
  const products = found.map((one) => {
    const price = one?.priceRangeV2?.minVariantPrice;
    const image = one?.featuredMedia?.preview?.image?.url;
    const money = priceTag(price?.amount, price?.currencyCode);
    return one?.onlineStoreUrl && product(one.title, money || shop, one.onlineStoreUrl, image);
  });
  return products.filter(Boolean).slice(0, 10);
}

/** A product; without a title it is skipped. Link and image are null unless they are URLs. */
export function product(title, price, link, image) {
  if (typeof title !== "string" || !title.trim()) return null;
  [link, image] = [link, image].map((address) => (isUrl(address) ? address : null));
  return { title: cut(title.trim(), 200), price, link, image };
}

/** The first image: there may be videos too. */
function picture(media) {
  const isPicture = (one) => one && ["image", undefined].includes(one.type);
  return Array.isArray(media) ? media.find(isPicture)?.url : undefined;
}

/** `1,299.00 EUR`; nothing if it is unknown. */
export function priceTag(amount, currency, inMinorUnits = false) {
  const isMoney = typeof amount === "number" || (typeof amount === "string" && amount.trim());
  if (!isMoney || typeof currency !== "string" || !currency) return "";
  const digits = NONE.includes(currency) ? 0 : THREE.includes(currency) ? 3 : 2;
  const value = Number(amount) / (inMinorUnits ? 10 ** digits : 1);
  const shape = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return Number.isFinite(value) ? `${value.toLocaleString("en-US", shape)} ${currency}` : "";
}

/** Whether it is a URL for a browser. */
function isUrl(value) {
  return typeof value === "string" && /^https?:\/\//.test(value);
}

/** The store's URL; for local work SHOP_URL/SHOP replaces https://SHOP. */
function urlOf(shop) {
  return process.env.SHOP_URL ? `${process.env.SHOP_URL}/${shop}` : `https://${shop}`;
}
