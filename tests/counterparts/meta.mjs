// Meta's SDK for Node.js, which knows no proofs, and a package of others that does and that reads signed requests.
import { answer, installed } from "./task.mjs";

const { FacebookAdsApi, User } = installed("facebook-nodejs-business-sdk");
const { Facebook } = installed("fb");

await answer({
  proofs: ({ secret, tokens }) =>
    tokens.map((accessToken) => new Facebook({ appSecret: secret, accessToken }).options("appSecretProof")),
  async pages({ base, token, proof, limit }) {
    Object.defineProperty(FacebookAdsApi, "GRAPH", { get: () => base });
    const api = FacebookAdsApi.init(token, "en_US", false);
    let cursor = await new User("me", {}, null, api).getAccounts(["id", "name", "access_token"], { appsecret_proof: proof, limit });
    const pages = [...cursor];
    while (cursor.hasNext()) {
      cursor = await cursor.next();
      pages.push(...cursor);
    }
    return [...new Map(pages.map(({ _data: page }) => [page.id, { id: page.id, name: page.name, access_token: page.access_token }])).values()];
  },
  read: ({ secret, requests }) => requests.map((request) => new Facebook().parseSignedRequest(request, secret) ?? null),
});
