/** Each class of the page is styled in one file, which stands beside what it is for. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const SRC = path.resolve(import.meta.dirname, "..", "src");
const sheets = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".css") && name !== "index.css")
  .map((name) => name.split(path.sep).join("/"));

/** The classes that the selectors of a sheet are about: the first class of what each selector ends with. */
function styledBy(css: string): string[] {
  const rules = css.replace(/\/\*[\s\S]*?\*\//g, "").match(/[^{}]+(?=\{)/g) ?? [];
  const selectors = rules.flatMap((rule) => rule.replace(/\((?:[^()]|\([^()]*\))*\)/g, "").split(","));
  return selectors.flatMap((selector) => {
    const last =
      selector
        .trim()
        .split(/\s*[>+~]\s*|\s+/)
        .pop() ?? "";
    return /\.(atlas[-a-z0-9]*)/.exec(last)?.[1] ?? [];
  });
}

describe("style sheets", () => {
  it("are all read by the page", () => {
    const read = [...readFileSync(path.join(SRC, "index.css"), "utf8").matchAll(/@import "\.\/([^"]+)"/g)].map(([, name]) => name);
    expect(read.toSorted()).toEqual(sheets.toSorted());
  });

  it("style each class in one file", () => {
    const homes = new Map<string, Set<string>>();
    for (const sheet of sheets) {
      for (const name of styledBy(readFileSync(path.join(SRC, sheet), "utf8"))) homes.set(name, (homes.get(name) ?? new Set()).add(sheet));
    }
    expect(homes.size).toBeGreaterThan(100);
    expect([...homes].filter(([, files]) => files.size > 1).map(([name, files]) => `${name}: ${[...files].join(", ")}`)).toEqual([]);
  });
});
