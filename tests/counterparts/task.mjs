// A script reads its task as JSON from standard input and writes its answer as JSON to standard output.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

// The packages lie beside the installed Node.js, not beside these scripts.
export const home = process.env.E2E_COUNTERPARTS;
export const installed = createRequire(`${home}/`);

export async function answer(tasks) {
  const { task, ...input } = JSON.parse(readFileSync(0, "utf8"));
  process.stdout.write(JSON.stringify(await tasks[task](input)));
}
