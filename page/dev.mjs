/**
 * Shows a change in a second: `npm run dev [page]` serves a built page with the code as it is now, to this computer alone,
 * and has the browser load it again after each change. Without `page` it is that of the demo, `maps/demo/atlas.html`.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { context } from "esbuild";
import { here, SCRIPT, STYLE } from "./bundle.mjs";

const PORT = 8123;
const built = path.resolve(process.argv[2] ?? path.join(here, "..", "maps", "demo", "atlas.html"));
const RELOAD = 'new EventSource("/changes").onmessage = () => location.reload();';

if (!existsSync(built)) {
  console.error(`${built} is not there. Build the demo first: python -m pipeline demo && python -m pipeline maps demo`);
  process.exit(1);
}

/** @type {Set<import("node:http").ServerResponse>} */
const waiting = new Set();
const fresh = { script: "", style: "" };

/** Keeps what was built last, and tells the open pages. @param {"script" | "style"} part */
const keep = (part) => ({
  name: "keep",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    build.onEnd(({ outputFiles }) => {
      if (!outputFiles?.length) return;
      fresh[part] = outputFiles[0].text;
      for (const response of waiting) response.write("data: changed\n\n");
    });
  },
});

/** The page with the code as it is now: its last style sheet, and the last script before the one that starts it. @param {string} page */
function withFreshCode(page) {
  const data = page.indexOf('<script type="application/json"');
  const style = page.lastIndexOf("<style>", data);
  const [, code] = [...page.slice(data).matchAll(/<script>/g)].map(({ index }) => data + index);
  const [endOfStyle, endOfCode] = [page.indexOf("</style>", style), page.indexOf("</script>", code)];
  const parts = [page.slice(0, style), `<style>${fresh.style}`, page.slice(endOfStyle, code), `<script>${fresh.script}\n${RELOAD}`, page.slice(endOfCode)];
  // The page as it is sent out asks nothing of any server; this one asks its own whether the code has changed.
  return parts
    .join("")
    .replace("connect-src &#x27;none&#x27;", "connect-src &#x27;self&#x27;")
    .replace("connect-src &#39;none&#39;", "connect-src &#39;self&#39;")
    .replace("default-src \\u0027none\\u0027", "default-src \\u0027none\\u0027; connect-src \\u0027self\\u0027");
}

for (const [part, options] of /** @type {const} */ ([
  ["script", SCRIPT],
  ["style", STYLE],
])) {
  const watched = await context({ ...options, sourcemap: "inline", plugins: [keep(part)] });
  await watched.watch();
}

const server = createServer(async (request, response) => {
  if (request.url === "/changes") {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    waiting.add(response);
    request.on("close", () => waiting.delete(response));
    return;
  }
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  response.end(withFreshCode(await readFile(built, "utf8")));
});
server.listen(PORT, "127.0.0.1", () => {
  console.log(`${path.basename(path.dirname(built))}: http://127.0.0.1:${PORT}`);
});
