// Validates the pages on its standard input, a JSON object of HTML by name, and writes what is wrong as a JSON list of texts.
// Run in the folder with html-validate.
import { readFileSync } from "node:fs";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const config = {
  extends: ["html-validate:recommended", "html-validate:document"],
  rules: {
    // Where a template leaves white space is nobody's concern.
    "no-trailing-whitespace": "off",
    // Both spellings are right; the standard's own examples have this one.
    "doctype-style": ["error", { style: "lowercase" }],
    // A list may have a name of its own (ARIA 1.2).
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
  },
};

const validator = new HtmlValidate(new StaticConfigLoader(config));
const pages = JSON.parse(readFileSync(0, "utf8"));
const problems = [];
for (const [name, html] of Object.entries(pages)) {
  const report = await validator.validateString(html, name);
  for (const { messages } of report.results) {
    for (const { line, column, message, ruleId } of messages) {
      problems.push(`${name}:${line}:${column}: ${message} (${ruleId})`);
    }
  }
}
process.stdout.write(JSON.stringify(problems));
