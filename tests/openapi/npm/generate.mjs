// node generate.mjs <folder>: a TypeScript client beside each OpenAPI document in the folder.
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const folder = process.argv[2];
for (const name of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
  const document = await openapiTS(pathToFileURL(join(folder, name)));
  writeFileSync(join(folder, name.replace(".json", ".ts")), astToString(document));
}
