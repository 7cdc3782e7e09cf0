// Shopify's own library: what it sends, signs and takes.
import { answer, home, installed } from "./task.mjs";

installed("@shopify/shopify-api/adapters/web-api");
const { shopifyApi, STATE_COOKIE_NAME } = installed("@shopify/shopify-api");
const { Cookies, setAbstractFetchFunc } = installed("@shopify/shopify-api/runtime");
const { getHmac } = installed("@shopify/shopify-api/test-helpers");
// Not part of what the package offers: it checks signatures of queries, and signs them nowhere else.
const { generateLocalHmac } = installed(`${home}/node_modules/@shopify/shopify-api/dist/cjs/lib/utils/hmac-validator.js`);

const library = (app) =>
  shopifyApi({ ...app, isEmbeddedApp: false, logger: { log: () => {} }, _logDisabledFutureFlags: false });

// A store answers under a path of the local Shopify.
function lead(base) {
  setAbstractFetchFunc((url, init) => {
    const { hostname, pathname, search } = new URL(url);
    return fetch(`${base}/${hostname}${pathname}${search}`, init);
  });
}

const tokens = (session) => ({
  shop: session.shop,
  accessToken: session.accessToken,
  scope: session.scope,
  expires: session.expires?.getTime() ?? null,
  refreshToken: session.refreshToken ?? null,
  refreshTokenExpires: session.refreshTokenExpires?.getTime() ?? null,
  isOnline: session.isOnline,
});

async function orError(work) {
  try {
    return await work();
  } catch (error) {
    return { error: error.constructor.name, status: error.response?.code ?? null };
  }
}

// The whole of the library's callback, with the cookie that belongs to the state.
async function callback(app, url, state) {
  const jar = new Cookies({ headers: {} }, {}, { keys: [app.apiSecretKey], secure: true });
  await jar.setAndSign(STATE_COOKIE_NAME, state, {});
  const cookie = [STATE_COOKIE_NAME, `${STATE_COOKIE_NAME}.sig`].map((name) => `${name}=${jar.outgoingCookieJar[name].value}`);
  const rawRequest = new Request(url, { headers: { cookie: cookie.join("; ") } });
  return tokens((await library(app).auth.callback({ rawRequest, expiring: true })).session);
}

// Where the library's flow begins for a store.
async function begin(app, shop, callbackPath) {
  const rawRequest = new Request(`${app.hostScheme}://${app.hostName}/`);
  const reply = await library(app).auth.begin({ shop, callbackPath, isOnline: false, rawRequest });
  return reply.headers.get("location");
}

// The library has no route for launches; this is what an app does that is made of it.
async function launched(app, url) {
  const { searchParams } = new URL(url);
  if (!(await library(app).utils.validateHmac(searchParams))) return "refused";
  return new URL(await begin(app, searchParams.get("shop"), "/shopify/callback")).hostname;
}

await answer({
  async authorize({ app, shop, callbackPath }) {
    return { location: await begin(app, shop, callbackPath) };
  },
  callback({ app, base, url, state }) {
    lead(base);
    return orError(() => callback(app, url, state));
  },
  // Which callbacks it would go on with; the token endpoint always answers.
  async accepts({ app, callbacks }) {
    setAbstractFetchFunc(async () => Response.json({ access_token: "shpat_1", scope: "" }));
    const verdicts = [];
    for (const { url, state } of callbacks) verdicts.push((await orError(() => callback(app, url, state))).error ?? "accepted");
    return verdicts;
  },
  // The store that each launch leads to.
  async launches({ app, urls }) {
    const verdicts = [];
    for (const url of urls) {
      const verdict = await orError(() => launched(app, url));
      verdicts.push(verdict.error ?? verdict);
    }
    return verdicts;
  },
  sign: ({ app, queries }) => Promise.all(queries.map((pairs) => generateLocalHmac(library(app).config)(Object.fromEntries(pairs)))),
  refresh({ app, base, shop, refreshToken }) {
    lead(base);
    return orError(async () => tokens((await library(app).auth.refreshToken({ shop, refreshToken })).session));
  },
  graphql({ app, base, shop, accessToken, query, variables }) {
    lead(base);
    const { clients, session } = library(app);
    const client = new clients.Graphql({ session: { ...session.customAppSession(shop), accessToken } });
    return orError(async () => (await client.request(query, { variables })).data);
  },
  sign_bodies: ({ app, bodies }) => bodies.map((body) => getHmac(body, app.apiSecretKey)),
  async webhooks({ app, deliveries }) {
    const verdicts = [];
    for (const { headers, body } of deliveries) {
      const rawRequest = new Request("http://localhost/", { method: "POST", headers, body });
      const { valid, reason } = await library(app).webhooks.validate({ rawBody: body, rawRequest });
      verdicts.push(valid ? "accepted" : reason);
    }
    return verdicts;
  },
});
