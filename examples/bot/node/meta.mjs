// Sends by Meta's Graph API, and tells what can be tried again from what can't.

import { post } from "./web.mjs";

const GRAPH_URL = process.env.GRAPH_URL || "https://graph.facebook.com/v26.0";

/** Nothing can be done for this message, now or later. */
export class Dropped extends Error {}

/** It did not work this time. */
export class TryAgain extends Error {}

/** Sends in an account's name. `refusals` says what is refused for good, by Meta's number. */
export async function send(accountId, account, body, refusals) {
  const url = `${GRAPH_URL}/${accountId}/messages?appsecret_proof=${account.appsecret_proof}`;
  const headers = { authorization: `Bearer ${account.access_token}` };
  const [status, { error }] = await post(url, body, headers);
  if (status === 200 && !error) return; // Meta is known to send an error with status 200
  if (status < 500 && refusals[error?.code]) throw new Dropped(refusals[error.code]);
  throw new TryAgain(`meta_${error?.code || status}`);
}
