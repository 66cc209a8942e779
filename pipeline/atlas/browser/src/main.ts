import { App } from "./app";
import { PageError, parseData } from "./data";
import { el } from "./dom";
import type { Geometry } from "./geometry";
import { decodeGeometry } from "./geometry";
import type { State } from "./state";
import { Table } from "./table";
import { unpack, unpackJson } from "./unpack";

export interface AtlasApi {
  /** Resolves once the first layer is drawn. */
  readonly ready: Promise<void>;
  start: (map: L.Map) => void;
  setLayer: (id: string) => void;
  select: (code: string) => void;
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
  const data = parseData(document.getElementById("atlas-data")?.textContent);
  const [columns, bytes] = await Promise.all([unpackJson(data.table.packed), unpack(data.geometry.packed)]);
  data.table.packed = data.geometry.packed = "";
  performance.mark("atlas-unpacked");
  const table = new Table(data.table.rows, columns as ConstructorParameters<typeof Table>[1]);
  const geometry: Geometry = decodeGeometry(data.geometry, bytes);
  if (geometry.areas !== table.rows) throw new PageError("The boundaries and the table in this page do not belong together.");
  performance.mark("atlas-decoded");
  app = new App(map, data, table, geometry);
  performance.mark("atlas-first-drawn");
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
  areaAt: (lon, lat) => running().areaAt(lon, lat),
  vertices: (code) => running().vertices(code),
  state: () => running().state(),
};
