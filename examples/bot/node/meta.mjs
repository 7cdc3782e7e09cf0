// Sends through Meta's Graph API, and tells failures worth a retry from final ones.

import { post } from "./web.mjs";

const GRAPH_URL = process.env.GRAPH_URL || "https://graph.facebook.com/v26.0";

/** This message can't be answered, now or later. */
export class Dropped extends Error {}

/** It failed this time and may be retried. */
export class TryAgain extends Error {}

/** Sends as an account. `refusals` names the final refusals by Meta's error number. */
export async function send(accountId, account, body, refusals) {
  const url = `${GRAPH_URL}/${accountId}/messages?appsecret_proof=${account.appsecret_proof}`;
  const headers = { authorization: `Bearer ${account.access_token}` };
  const [status, { error }] = await post(url, body, headers);
  if (status === 200 && !error) return; // Meta is known to send an error with status 200
  if (status < 500 && refusals[error?.code]) throw new Dropped(refusals[error.code]);
  throw new TryAgain(`meta_${error?.code || status}`);
}
