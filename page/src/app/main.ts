import type { State } from "../model/address";
import { asksForMore, parseState } from "../model/address";
import type { AtlasData, AtlasRest, ChangesInfo } from "../model/contract";
import { joinData, PageError, parseFile, parseRest } from "../model/data";
import { addMsoa, addNeed, addOlder } from "../model/derived";
import type { Geometry } from "../model/geometry";
import { decodeGeometry, refine } from "../model/geometry";
import { Larger } from "../model/larger";
import { Postcodes } from "../model/postcodes";
import { Support } from "../model/support";
import { Table } from "../model/table";
import { unpack } from "../model/unpack";
import { el } from "../ui/dom";
import { App } from "./app";
import { embed, prepareEmbedding } from "./embed";

export interface AtlasApi {
  /** Resolves once the first layer is drawn. */
  readonly ready: Promise<void>;
  start: (map: L.Map) => void;
  setLayer: (id: string) => void;
  select: (code: string) => void;
  /** The class of each area on a layer, in the order of their codes; 255 = no data. */
  classes: (layer: string) => number[];
  /** Resolves when the picture shows what was asked for last. */
  settled: () => Promise<void>;
  areaAt: (lon: number, lat: number) => string | null;
  vertices: (code: string) => [number, number][][];
  state: () => State;
}

declare global {
  interface Window {
    Atlas: AtlasApi;
    /** Read by the page's first script, which says so where the code never came. */
    atlasStarted?: boolean;
  }
}

/** How long a picture may take to appear, where a browser paints no frame that is out of sight; milliseconds. */
const PATIENCE = 250;

/** Milliseconds of work at a time, once the reader may begin. */
const SLICE = 9;

let app: App | null = null;

function running(): App {
  if (!app) throw new Error("The map is not there yet: wait for Atlas.ready.");
  return app;
}

async function open(map: L.Map): Promise<void> {
  const element = document.getElementById("atlas-data");
  const file = parseFile(element?.textContent);
  // What is packed there is several megabytes for a nation, and is read only once.
  element?.remove();
  const asked = parseState(location.hash);
  const wanted = asked.layer !== null || asked.view !== null || asksForMore(asked, location.hash);
  const [words, packed, bytes, around] = await Promise.all([
    unpack(file.words),
    unpack(file.table.packed),
    unpack(file.geometry.packed),
    file.land ? unpack(file.land.packed) : null,
  ]);
  const data = joinData(file, words);
  data.table.packed = data.geometry.packed = "";
  if (data.land) data.land.packed = "";
  performance.mark("atlas-unpacked");
  const table = Table.read(data.table.rows, packed, false);
  addOlder(table);
  addNeed(table);
  addMsoa(table);
  const geometry: Geometry = decodeGeometry(data.geometry, bytes);
  if (geometry.areas !== table.rows) throw new PageError("The boundaries and the table in this page do not belong together.");
  const land = data.land && around ? decodeGeometry(data.land, around) : null;
  performance.mark("atlas-decoded");
  // A link that asks for more than a layer is answered in the first picture.
  const rest = wanted ? await readRest(data, table, geometry) : null;
  prepareEmbedding();
  const shown = new App(map, data, table, geometry, land);
  embed();
  const root = document.querySelector<HTMLElement>(".atlas");
  // What a reader would ask for may stand in a part of the file that is still to come.
  if (root && !rest) root.inert = true;
  await shown.settled();
  await painted();
  performance.mark("atlas-first-drawn");
  const { places, nearest, postcodes, larger, changes } = rest ?? (await readRest(data, table, geometry));
  shown.complete();
  if (root) root.inert = false;
  app = shown;
  await Promise.all([
    openSupport(shown, data, [places, nearest], table.published()).catch(() => {
      shown.sayWhatIsDamaged("The support places in this page are damaged: it shows none, nor what is near. Please ask for the file again.");
    }),
    openLarger(shown, data, larger).catch(() => {
      shown.sayWhatIsDamaged("The figures of larger areas in this page are damaged: ranges are not shown. Please ask for the file again.");
    }),
    openChanges(shown, data, changes).catch(() => {
      shown.sayWhatIsDamaged("What changed since an earlier run is damaged in this page, and is not shown. Please ask for the file again.");
    }),
    openPostcodes(shown, data, postcodes).catch(() => {
      shown.sayWhatIsDamaged("The postcodes in this page are damaged: they cannot be searched for. Please ask for the file again.");
    }),
  ]);
  performance.mark("atlas-ready");
  // Packed and unpacked together they would take more memory than either.
  await atLeisure(table.unpackRest());
  await atLeisure(shown.prepareScores());
}

/** Does work in slices, between which the page answers its reader. */
async function atLeisure(work: Iterator<unknown>): Promise<void> {
  for (let until = performance.now() + SLICE; !work.next().done;) {
    if (performance.now() < until) continue;
    await new Promise((done) => setTimeout(done, 0));
    until = performance.now() + SLICE;
  }
}

/** Resolves when what is on the page has been painted; at once where nothing is, as in a tab behind others. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, document.hidden ? 0 : PATIENCE);
    requestAnimationFrame(() => {
      next(resolve);
    });
  });
}

/** Does something as the browser's next task: before it reads on in the file, where it can be asked to. */
function next(task: () => void): void {
  if ("scheduler" in window) void window.scheduler.postTask(task, { priority: "user-blocking" });
  else setTimeout(task, 0);
}

/** What the page carries after its scripts: the columns and vertices that the first picture does without are added. */
async function readRest(data: AtlasData, table: Table, geometry: Geometry): Promise<Omit<AtlasRest, "table" | "geometry">> {
  await complete();
  const element = document.getElementById("atlas-rest");
  const { table: columns, geometry: vertices, ...others } = parseRest(element?.textContent);
  element?.remove();
  const [forTable, forGeometry] = await Promise.all([unpack(columns), unpack(vertices)]);
  table.add(forTable);
  refine(geometry, data.geometry.rest_sections, forGeometry);
  // For readers without scripts, and of a page that is damaged.
  document.getElementById("atlas-still")?.remove();
  return others;
}

/** Resolves when the browser has read all of the file. */
async function complete(): Promise<void> {
  if (document.readyState !== "loading") return;
  await new Promise((resolve) => {
    document.addEventListener("DOMContentLoaded", resolve, { once: true });
  });
}

async function openSupport(to: App, { support }: AtlasData, packed: readonly [string, string], table: Table): Promise<void> {
  if (!support) return;
  const [places, nearest] = await Promise.all(packed.map(unpack));
  to.setSupport(Support.read(support, places, nearest, table));
}

async function openLarger(to: App, { larger }: AtlasData, packed: string): Promise<void> {
  if (larger) to.setLarger(Larger.read(larger, await unpack(packed)));
}

async function openChanges(to: App, { changes }: AtlasData, packed: string): Promise<void> {
  if (changes) to.setChanges((JSON.parse(new TextDecoder().decode(await unpack(packed))) as Pick<ChangesInfo, "areas">).areas);
}

async function openPostcodes(to: App, { postcodes }: AtlasData, packed: string): Promise<void> {
  if (!postcodes) return;
  const bytes = await unpack(packed);
  to.setPostcodes(new Postcodes(postcodes, bytes));
}

/** In words, above what is shown without scripts. */
function sayWhatFailed(error: unknown): void {
  const text =
    error instanceof PageError ? error.message : "Something in this page does not work: its data are not what its code expects. Please ask for the file again.";
  document.querySelector(".atlas")?.remove();
  document.getElementById("atlas-still-why")?.remove();
  document.body.prepend(el("div", { class: "atlas-failed", role: "alert" }, el("h1", {}, "The map cannot be shown"), el("p", {}, text)));
  document.documentElement.classList.remove("atlas-scripts");
}

let resolve: () => void;
let reject: (reason: unknown) => void;
const ready = new Promise<void>((done, failed) => {
  resolve = done;
  reject = failed;
});

window.Atlas = {
  ready,
  start(map) {
    window.atlasStarted = true;
    open(map).then(
      () => {
        resolve();
      },
      (error: unknown) => {
        sayWhatFailed(error);
        reject(error);
      },
    );
  },
  setLayer: (id) => {
    running().setLayer(id);
  },
  select: (code) => {
    running().select(code);
  },
  classes: (layer) => Array.from(running().classes(layer)),
  settled: () => running().settled(),
  areaAt: (lon, lat) => running().areaAt(lon, lat),
  vertices: (code) => running().vertices(code),
  state: () => running().state(),
};
