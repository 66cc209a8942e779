import { App } from "./app";
import type { AtlasData } from "./contract";
import { PageError, parseData } from "./data";
import { addOlder } from "./derived";
import { el } from "./dom";
import type { Geometry } from "./geometry";
import { decodeGeometry } from "./geometry";
import { Postcodes } from "./postcodes";
import type { State } from "./state";
import { Support } from "./support";
import { Table } from "./table";
import { unpack } from "./unpack";

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
  }
}

let app: App | null = null;

function running(): App {
  if (!app) throw new Error("The map is not there yet: wait for Atlas.ready.");
  return app;
}

async function open(map: L.Map): Promise<void> {
  const element = document.getElementById("atlas-data");
  const data = parseData(element?.textContent);
  // What is packed there is several megabytes for a nation, and is read only once.
  element?.remove();
  const [columns, bytes] = await Promise.all([unpack(data.table.packed), unpack(data.geometry.packed)]);
  data.table.packed = data.geometry.packed = "";
  performance.mark("atlas-unpacked");
  const table = Table.read(data.table.rows, columns);
  addOlder(table);
  const geometry: Geometry = decodeGeometry(data.geometry, bytes);
  if (geometry.areas !== table.rows) throw new PageError("The boundaries and the table in this page do not belong together.");
  performance.mark("atlas-decoded");
  app = new App(map, data, table, geometry);
  await app.settled();
  performance.mark("atlas-first-drawn");
  await Promise.all([openSupport(app, data, table.published()), openPostcodes(app, data)]);
}

async function openSupport(to: App, { support }: AtlasData, table: Table): Promise<void> {
  if (!support) return;
  const [places, nearest] = await Promise.all([unpack(support.places.packed), unpack(support.nearest.packed)]);
  support.places.packed = support.nearest.packed = "";
  to.setSupport(Support.read(support, places, nearest, table));
}

async function openPostcodes(to: App, { postcodes }: AtlasData): Promise<void> {
  if (!postcodes) return;
  const bytes = await unpack(postcodes.packed);
  postcodes.packed = "";
  to.setPostcodes(new Postcodes(postcodes, bytes));
}

function sayWhatFailed(error: unknown): void {
  const text = error instanceof PageError ? error.message : "The map cannot be shown: something in this page does not work.";
  document.body.prepend(el("div", { class: "atlas-failed", role: "alert" }, el("h1", {}, "The map cannot be shown"), el("p", {}, text)));
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
