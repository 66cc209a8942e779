/** How the page's own code becomes one script and one style sheet, for the page that is built and for the one that is developed. */
import path from "node:path";
import { fileURLToPath } from "node:url";

export const here = path.dirname(fileURLToPath(import.meta.url));

const common = {
  absWorkingDir: here,
  bundle: true,
  target: ["chrome103", "edge103", "firefox113", "safari16.4"],
  charset: /** @type {const} */ ("ascii"),
  legalComments: /** @type {const} */ ("none"),
  write: false,
  logLevel: /** @type {const} */ ("warning"),
};

export const SCRIPT = { ...common, entryPoints: ["src/app/main.ts"], format: /** @type {const} */ ("iife") };
export const STYLE = { ...common, entryPoints: ["src/index.css"] };
