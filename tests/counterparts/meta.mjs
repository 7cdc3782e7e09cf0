// Meta's SDK for Node.js, and a package of others that makes proofs and reads signed requests.
import { answer, installed } from "./task.mjs";

const { EventRequest, FacebookAdsApi, User } = installed("facebook-nodejs-business-sdk");
const { Facebook } = installed("fb");

// The SDK makes a proof for server events and for nothing else, so it is asked to send one; what would send it hands the proof back.
function proof(secret, token) {
  const request = new EventRequest(token, "1", []);
  request.setAppSecret(secret);
  request.setHttpService({ executeRequest: (url, method, headers, fields) => fields.appsecret_proof });
  return request.execute();
}

await answer({
  async proofs({ secret, tokens }) {
    return {
      sdk: await Promise.all(tokens.map((token) => proof(secret, token))),
      fb: tokens.map((accessToken) => new Facebook({ appSecret: secret, accessToken }).options("appSecretProof")),
    };
  },
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
