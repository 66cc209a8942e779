/** Writes what the page embeds: `node build.mjs [folder]` (default `pipeline/atlas/assets`). The same sources give the same bytes. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { here, SCRIPT, STYLE } from "./bundle.mjs";

const out = path.resolve(process.argv[2] ?? path.join(here, "..", "pipeline", "atlas", "assets"));
const vendored = ["leaflet", "supercluster", "kdbush", "@preact/signals-core"];

/** The parts of Leaflet that the page has none of. */
const UNUSED = /\.leaflet-(popup|tooltip|control-layers|oldie|crosshair|vml|image-layer|zoom-box|marker-shadow|div-icon|shadow-pane|popup-pane|tooltip-pane)/;

/** Without the rules of which every selector names something that the page has none of. @param {string} css */
function withoutUnused(css) {
  return css.replace(/([^{}@]+)\{[^{}]*\}/g, (rule, /** @type {string} */ selectors) => (selectors.split(",").every((one) => UNUSED.test(one)) ? "" : rule));
}

/** @param {string} name */
function packageFolder(name) {
  return path.join(here, "node_modules", name);
}

const script = await build({ ...SCRIPT, minify: true });
const style = await build({ ...STYLE, minify: true });
const leaflet = await build({ ...SCRIPT, minify: true, entryPoints: ["leaflet.mjs"], globalName: "L" });
const leafletStyle = await build({
  ...STYLE,
  minify: true,
  entryPoints: [path.join(packageFolder("leaflet"), "dist", "leaflet.css")],
  loader: { ".png": "empty" },
});

const licences = [];
for (const name of vendored) {
  const about = JSON.parse(await readFile(path.join(packageFolder(name), "package.json"), "utf8"));
  const licence = await readFile(path.join(packageFolder(name), "LICENSE"), "utf8");
  licences.push(`${about.name} ${about.version} (${about.license})\n\n${licence.trim()}\n`);
}

const files = {
  "atlas.js": script.outputFiles[0].text,
  "atlas.css": style.outputFiles[0].text,
  "leaflet.js": leaflet.outputFiles[0].text,
  "leaflet.css": withoutUnused(leafletStyle.outputFiles[0].text.replace(/[a-z-]+:\s*url\([^)]*\);?/g, "")),
  "licences.txt": licences.join("\n\n"),
};

await mkdir(out, { recursive: true });
for (const [name, text] of Object.entries(files)) {
  if (/sourceMappingURL/.test(text) || (name.endsWith(".css") && /url\(/.test(text))) {
    throw new Error(`${name} still refers to another file.`);
  }
  if (name.endsWith(".js") && /<\/script/i.test(text)) throw new Error(`${name} would end the script element it is put into.`);
  await writeFile(path.join(out, name), text);
  console.log(`${name}  ${(Buffer.byteLength(text) / 1024).toFixed(1)} kB`);
}
