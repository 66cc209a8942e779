import { beforeEach, describe, expect, it } from "vitest";
import { App } from "../../src/app/app";
import type { AtlasData, LayerInfo } from "../../src/model/contract";
import { decodeGeometry, toLonLat } from "../../src/model/geometry";
import { atlasData, COLUMNS, geometry, HOSTILE, hostileColumns, ORIGIN, packShape, SHAPE, STEP, table } from "../fixture";

function start(data: AtlasData = atlasData(), columns = COLUMNS): App {
  document.body.innerText = "";
  const container = document.createElement("div");
  document.body.append(container);
  const { geometry: packed, bytes } = packShape(SHAPE, ORIGIN, STEP);
  const map = L.map(container, { center: [52, 1], zoom: 8, fadeAnimation: false, zoomAnimation: false });
  const app = new App(map, data, table(columns), decodeGeometry(packed, bytes), null);
  app.complete();
  return app;
}

const text = (selector: string): string => document.querySelector(selector)?.textContent ?? "";

beforeEach(() => {
  history.replaceState(null, "", "#");
});

const barButton = (label: string): HTMLElement | undefined =>
  [...document.querySelectorAll<HTMLElement>(".atlas-bar-button")].find(({ textContent }) => textContent === label);

describe("the page", () => {
  it("says that fictional data are fictional", () => {
    start();
    expect(text(".atlas-fictional")).toContain("Fictional data");
    expect(document.title).toMatch(/^Fictional data/);
    start({ ...atlasData(), fictional: false });
    expect(document.querySelector(".atlas-fictional")).toBeNull();
    expect(document.title).not.toMatch(/Fictional/);
  });

  it("opens an area with its rank, its parts and its numbers", () => {
    const app = start();
    app.select("E01900002");
    expect(text(".atlas-panel h2")).toBe("Harbour, Fenmouth");
    expect(text(".atlas-rank")).toBe("1st of 3 · most at-risk tenth");
    expect(text(".atlas-bars")).toContain("Age90 of 100; median here 40, median of the fictional country 50");
    expect(text(".atlas-panel")).toContain("1,600 people");
    expect(text(".atlas-panel")).not.toContain("class:");
    expect(app.state().area).toBe("E01900002");
  });

  it("closes the area on Escape and gives the focus back", () => {
    const app = start();
    const input = document.querySelector<HTMLInputElement>("#atlas-search");
    input?.focus();
    app.select("E01900001");
    expect(document.activeElement?.id).toBe("atlas-panel-title");
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    expect(app.state().area).toBeNull();
    expect(document.activeElement).toBe(input);
  });

  it("switches the layer everywhere", () => {
    const app = start();
    document.querySelector<HTMLInputElement>('input[value="component_age"]')?.click();
    expect(app.state().layer).toBe("component_age");
    expect(text(".atlas-legend-title")).toBe("Age");
    expect(text(".atlas-legend li:last-child")).toContain("No data");
    expect(text('[role="status"].atlas-hidden')).toContain("Layer: Age");
    expect(() => {
      app.setLayer("nothing");
    }).toThrow(RangeError);
  });

  it("keeps its state in the address and takes it up again", () => {
    const app = start();
    app.setLayer("component_age");
    app.select("E01900003");
    const { hash } = location;
    const before = app.state();
    start();
    history.replaceState(null, "", hash);
    const after = start().state();
    expect(after.layer).toBe(before.layer);
    expect(after.area).toBe(before.area);
  });

  it("answers which area is where, and with which border", () => {
    const app = start();
    expect(app.areaAt(...toLonLat(geometry(), 50, 50))).toBe("E01900001");
    expect(app.areaAt(...toLonLat(geometry(), 250, 50))).toBeNull();
    expect(app.vertices("E01900001")[0]).toHaveLength(5);
    expect(app.vertices("E01900004")).toEqual([]);
  });

  it("opens areas without data or geometry", () => {
    start().select("E01900004");
    expect(text(".atlas-rank")).toBe("Not ranked");
    expect(text(".atlas-bars")).toContain("no data");
  });

  it("lists every area in a table that sorts and opens them", () => {
    const app = start();
    barButton("Table")?.click();
    const first = (): string => text(".atlas-table tbody tr:first-child th");
    expect(document.querySelectorAll(".atlas-table tbody tr")).toHaveLength(4);
    expect(first()).toBe("Fenmouth 001B");
    const [byName] = document.querySelectorAll<HTMLElement>(".atlas-table thead button");
    byName.click();
    byName.click();
    expect(byName.parentElement?.getAttribute("aria-sort")).toBe("descending");
    expect(first()).toBe("Wetland 010A");
    document.querySelector<HTMLElement>(".atlas-table tbody button")?.click();
    expect(app.state().area).toBe("E01900004");
    expect(document.querySelector(".atlas-table [aria-current]")?.textContent).toBe("Wetland 010A");
  });

  it("shows hostile names as text", () => {
    const data = { ...atlasData(), title: HOSTILE[0], notes: HOSTILE };
    data.layers = data.layers.map((layer) => ({ ...layer, title: HOSTILE[0], sentence: HOSTILE[0], group: HOSTILE[0] as LayerInfo["group"] }));
    data.sources = [{ title: HOSTILE[0], publisher: HOSTILE[0], release: HOSTILE[0], licence: HOSTILE[0], attribution: HOSTILE[0] }];
    const app = start(data, hostileColumns());
    barButton("Table")?.click();
    for (const code of ["E01900001", "E01900002", "E01900003", "E01900004"]) app.select(code);
    expect(document.querySelector("img, script")).toBeNull();
    for (const name of HOSTILE) expect(document.body.textContent).toContain(name);
    expect(text("h1")).toContain(HOSTILE[0]);
  });
});
