// node asyncapi.mjs <documents>: the errors that the AsyncAPI parser finds in each, as JSON.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const ERROR = 0;
const parser = new Parser();
const found = [];
for (const file of process.argv.slice(2)) {
  const { diagnostics } = await parser.parse(readFileSync(file, "utf8"));
  const errors = diagnostics.filter((one) => one.severity === ERROR);
  found.push(errors.map((one) => `${one.path.join("/")}: ${one.message}`));
}
console.log(JSON.stringify(found));
