/** After anything that a reader does, no number that the page shows contradicts the numbers that it shows them of. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { App } from "../../src/app/app";
import { actionRows, coveredBy, coveredInWords, THE_LIST } from "../../src/model/action-rows";
import type { AtlasData, LayerInfo } from "../../src/model/contract";
import { rankOf, tenth } from "../../src/model/format";
import { Table } from "../../src/model/table";
import { layerNow, thirds } from "../../src/scoring/now";
import { areaData, combGeometry, LAYERS } from "../area-fixture";
import { column, ONE_COLUMN } from "../fixture";
import { support, supportData, supportLists } from "../support-fixture";

const ROWS = 14;
const each = <T>(of: (row: number) => T): T[] => Array.from({ length: ROWS }, (_, row) => of(row));

const range = (id: string, bounds: number[], more: Partial<LayerInfo> = {}): LayerInfo => ({
  ...ONE_COLUMN,
  id,
  column: id,
  title: `Layer ${id}`,
  sentence: `All about ${id} above England.`,
  group: "overall",
  unit: "of this area",
  worse: "low",
  kind: "range",
  bounds,
  descending: false,
  classes: [...bounds, Infinity].map((bound) => ({ label: `up to ${bound}`, colour: "#123456" })),
  ...more,
});

const data = (): AtlasData =>
  supportData({
    index: { ...areaData().index, chance_of: "answered online" },
    columns: [
      ...areaData().columns,
      ...["risk_score", "risk_rank", "risk_decile", "england_rank", "england_decile"].map((name) => column(name, name, "number", { group: "score" })),
      ...["component_age", "component_skills"].map((name) => column(name, name, "number", { group: "components" })),
      ...["worst_decile_probability", "rank_p05", "rank_median", "rank_p95", "england_rank_p05", "england_rank_p95", "chance_worst_tenth"].map((name) =>
        column(name, name, "number", { group: "certainty" }),
      ),
      column("hotspot", "Hot spots", "string", { group: "certainty" }),
      column("ward_code", "Ward code", "string"),
      column("lad_code", "District code", "string"),
    ],
    layers: [
      range("risk_decile", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
      range("worst_decile_probability", [0.5]),
      range("england_decile", [1]),
      range("main_driver", [], {
        kind: "categories",
        classes: ["Age", "Adult skills"].map((label) => ({ label, colour: "#111111" })),
        missing: "None stands out",
      }),
      range("hotspot", [], { kind: "categories", classes: [{ label: "Hot spot", colour: "#111111" }] }),
      range("pair", [10, 20], {
        column: "risk_score",
        column_by: "population_total",
        kind: "pairs",
        pair: ["Risk", "People"],
        bounds_by: [10, 20],
        classes: each((row) => ({ label: String(row), colour: "#111111" })).slice(0, 9),
      }),
      ...LAYERS.slice(1),
    ],
  });

const columns = () => ({
  ...supportLists(),
  lad_code: each((row) => (row % 2 ? "E07900001" : "E07900002")),
  lad_name: each((row) => (row % 2 ? "Fenmouth" : "Wetland")),
  ward_code: each((row) => `E0590000${row < 4 ? row % 2 : row}`),
  ward_name: each((row) => (row < 4 ? "Central" : `Ward ${row}`)),
  hotspot: each((row) => (row < 3 ? "Hot spot" : null)),
  rank_p05: each((row) => Math.max(1, row - 1)),
  rank_median: each((row) => row + 1),
  rank_p95: each((row) => Math.min(13, row + 3)),
  england_rank_p05: each((row) => 10 * row + 1),
  england_rank_p95: each((row) => 20 * row + 5),
  chance_worst_tenth: each((row) => 0.9 - row / 20),
});

let table: Table;
let app: App;
let map: L.Map | null = null;
/** What pages listen to, so that one that is gone hears no more. */
const listening = vi.spyOn(globalThis, "addEventListener");

function start(fragment = ""): void {
  history.replaceState(null, "", `#${fragment}`);
  document.body.innerText = "";
  const container = document.createElement("div");
  document.body.append(container);
  map?.remove();
  map = L.map(container, { center: [52, 1], zoom: 8, fadeAnimation: false, zoomAnimation: false });
  table = Table.of(ROWS, columns());
  app = new App(map, data(), table, combGeometry(), null);
  app.complete();
  app.setSupport(support());
}

const text = (selector: string): string => document.querySelector(selector)?.textContent ?? "";
const frame = (): Promise<void> =>
  new Promise((done) => {
    requestAnimationFrame(() => {
      setTimeout(done, 10);
    });
  });
const button = (label: string): HTMLElement | undefined =>
  [...document.querySelectorAll<HTMLElement>("button")].find(({ textContent }) => textContent === label);

async function weigh(part: number, weight: number): Promise<void> {
  const slider = document.querySelectorAll<HTMLInputElement>(".atlas-what-if input[type=range]")[part];
  slider.value = String(weight);
  slider.dispatchEvent(new Event("input"));
  await frame();
}

function included(): number[] {
  const { filter } = app.state();
  const [, code] = /ward_code=(\w+)/.exec(filter) ?? [];
  const [, most] = /risk_decile<(\d+)/.exec(filter) ?? [];
  return each((row) => row).filter((row) => (!code || table.text("ward_code", row) === code) && (!most || table.number("risk_decile", row) <= Number(most)));
}

/** Everything on the page that is a number of the scores, held against the table that they are in. */
function expectTruth(changed: boolean): void {
  const ranks = table.numbers("risk_rank");
  const ranked = ranks.filter((rank) => !Number.isNaN(rank)).length;
  const rows = included();
  const state = app.state();
  const row = each((number) => number).find((number) => table.text("lsoa21_code", number) === state.area);
  if (row !== undefined) {
    expect(text(".atlas-rank")).toContain(rankOf(ranks[row], ranked));
    expect(text(".atlas-rank")).toContain(tenth(table.number("risk_decile", row)));
    expect(text(".atlas-panel").includes("how sure that is")).toBe(!changed);
    expect(text(".atlas-panel").includes("Robust to choices?")).toBe(!changed);
    expect(text(".atlas-panel").includes("truly in the worst tenth there, by: answered online.")).toBe(!changed);
    expect(text(".atlas-nation-rank") !== "").toBe(!changed);
    if (changed) expect(text(".atlas-panel")).toContain("not known with");
    else expect(text(".atlas-panel")).not.toContain("not known with");
    const shown = text(".atlas-act-rank");
    const order = table.numbers("priority");
    expect(shown).toContain(Number.isNaN(order[row]) ? "Not " : rankOf(order[row], order.filter((rank) => !Number.isNaN(rank)).length));
  }
  const legend = [...document.querySelectorAll(".atlas-legend:not(.atlas-legend-second) .atlas-legend-count")].map(({ textContent }) => Number(textContent));
  expect(legend.reduce((sum, number) => sum + number, 0)).toBe(rows.length);
  const classes = app.classes(state.layer ?? "");
  const layer = data().layers.find(({ id }) => id === state.layer);
  const counts = layer?.classes.flatMap((_, number) => (classes.includes(number) ? [rows.filter((one) => classes[one] === number).length] : []));
  expect(legend.slice(0, counts?.length)).toEqual(counts);
  const people = rows.reduce((sum, one) => sum + (table.number("population_total", one) || 0), 0);
  expect(text(".atlas-totals")).toContain(`${people.toLocaleString("en-GB")} people`);
  const covered = coveredBy(table, actionRows(table, rows, THE_LIST));
  if (document.querySelector<HTMLElement>(".atlas-act")?.hidden === false && covered?.areas) {
    expect(text(".atlas-act-totals")).toBe(coveredInWords(covered));
    expect(document.querySelector<HTMLElement>(".atlas-act-changed")?.hidden).toBe(!changed);
    expect(text(".atlas-act").includes("(firm)")).toBe(!changed);
  }
  const startLine = document.querySelector<HTMLElement>(".atlas-start");
  if (startLine && !startLine.hidden && rows.length) {
    const worst = [...rows].sort((a, b) => (ranks[a] || Infinity) - (ranks[b] || Infinity))[0];
    expect(startLine.textContent).toContain(`${table.text("ward_name", worst)}, ${table.text("lad_name", worst)}`);
  }
  expect(text(".atlas-foot").includes("not the published index")).toBe(changed);
  expect(document.querySelector<HTMLElement>(".atlas-what-if-banner")?.hidden).toBe(!changed);
  expect(document.querySelector<HTMLElement>(".atlas-about-now")?.hidden).toBe(!changed);
  expect(text(".atlas-title")).toContain("compared with all of England");
}

beforeEach(() => {
  start();
});

afterEach(() => {
  map?.remove();
  map = null;
  for (const [type, listener, options] of listening.mock.calls) removeEventListener(type, listener, options);
  listening.mockClear();
});

describe("what the page says", () => {
  it("is of the published index at first", () => {
    expectTruth(false);
    app.select("E0190000B");
    expectTruth(false);
  });

  it.each(data().layers.map(({ id }) => id))(
    "follows weights and filters, and their way back, on the layer %s",
    async (layer) => {
      document.querySelector<HTMLElement>(".atlas-bar-button")?.click();
      app.select("E0190000C");
      app.setLayer(layer);
      expectTruth(false);
      await weigh(1, 0);
      expectTruth(true);
      app.setFilter({ oneOf: [{ column: "ward_code", values: ["E05900001"] }], bounds: [] });
      await frame();
      expectTruth(true);
      button("Put back the published weights")?.click();
      expectTruth(false);
      app.setFilter({ oneOf: [], bounds: [{ column: "risk_decile", side: "most", value: 2 }] });
      expectTruth(false);
      await weigh(0, 5);
      expectTruth(true);
      button("Put back the published weights")?.click();
      app.setFilter({ oneOf: [], bounds: [] });
      expectTruth(false);
    },
    20_000,
  );

  it("follows a link that was opened with weights, the finding too", () => {
    start("weights=age:5,skills:0;england");
    expectTruth(true);
    expect(text(".atlas-finding")).toContain("by changed weights");
    start("weights=age:5,skills:0;england&area=E0190000D&filter=risk_decile<3&show=act&layer=hotspot");
    expectTruth(true);
    expect(text(".atlas-sentence")).toBe("This layer is not known with changed weights.");
  });

  it("says what it compares with where that is changed", async () => {
    const radio = document.querySelector<HTMLInputElement>("#atlas-what-if-area");
    if (radio) radio.checked = true;
    radio?.dispatchEvent(new Event("change"));
    await frame();
    expect(text(".atlas-what-if-problem")).toBe("");
    expect(radio?.disabled).toBe(false);
    expect(text(".atlas-title")).toContain("compared within this area");
    app.setLayer("main_driver");
    expect(text(".atlas-sentence")).toBe("All about main_driver above the average of this map.");
    app.setFilter({ oneOf: [{ column: "lad_code", values: ["E07900001"] }], bounds: [] });
    const chosen = document.querySelector<HTMLInputElement>("#atlas-what-if-selection");
    if (chosen) chosen.checked = true;
    chosen?.dispatchEvent(new Event("change"));
    await frame();
    app.setLayer("risk_decile");
    expect(text(".atlas-title")).toContain("compared within the 7 chosen areas");
    expect(text(".atlas-legend-head")).toContain("tenth of the chosen areas");
    expect(text(".atlas-what-if-summary")).toContain("The order of these areas");
  }, 20_000);
});

describe("places of one name", () => {
  it("are told apart by their codes, with their districts where they are named", () => {
    const ward = document.querySelector<HTMLSelectElement>("#atlas-filter-ward");
    const central = [...(ward?.options ?? [])].filter(({ text: name }) => name.startsWith("Central"));
    expect(central.map(({ text: name, value }) => [name, value])).toEqual([
      ["Central (Fenmouth)", "E05900001"],
      ["Central (Wetland)", "E05900000"],
    ]);
    if (ward) ward.value = "E05900001";
    ward?.dispatchEvent(new Event("change"));
    expect(text(".atlas-totals")).toContain("2 of 14 areas");
    expect(app.state().filter).toBe("ward_code=E05900001");
    expect(text(".atlas-foot")).toContain("Ward: Central (Fenmouth)");
  });
});

describe("a link to what is not there", () => {
  it("is said, and filters nothing", () => {
    start(
      "filter=ward_code=E05999999;risk_decile<2;moon>1&area=E01999999&layer=gone&pinned=E01999998&beside=lost&show=cellar&places=inns&weights=age:1,gone:2;england",
    );
    const said = text(".atlas-link-notice");
    for (const part of [
      "Ward “E05999999”",
      "“moon>1”",
      "the area “E01999999”",
      "the layer “gone”",
      "the pinned area",
      "the second layer “lost”",
      "the view “cellar”",
      "“inns”",
      "other parts (gone)",
    ]) {
      expect(said).toContain(part);
    }
    expect(app.state().filter).toBe("risk_decile<2");
    start();
    expect(document.querySelector<HTMLElement>(".atlas-link-notice")?.hidden).toBe(true);
  });

  it("repeats no more of a broken link than can be read", () => {
    start(`${"x".repeat(5000)}&${Array.from({ length: 40 }, (_, number) => `key${number}=1`).join("&")}`);
    const said = text(".atlas-link-notice");
    expect(said.length).toBeLessThan(600);
    expect(said).toContain("and 29 more");
  });

  it("says how it takes weights of an older link, which have no names", () => {
    const names = data().index.components.map(({ name }) => name);
    start(`weights=${names.map((_, number) => number + 1).join(",")};england`);
    const said = text(".atlas-link-notice");
    expect(said).toContain("in the order of this page’s index");
    data().index.components.forEach(({ title }, number) => {
      expect(said).toContain(`${title} ${number + 1}`);
    });
    start(`weights=${names.map((name, number) => `${name}:${number + 1}`).join(",")};england`);
    expect(document.querySelector<HTMLElement>(".atlas-link-notice")?.hidden).toBe(true);
  });

  it("reads names of older links where they are of one place, and says where they are of several", () => {
    start("filter=lad_name=Wetland");
    expect(app.state().filter).toBe("lad_code=E07900002");
    start("filter=ward_name=Central");
    expect(app.state().filter).toBe("");
    expect(text(".atlas-link-notice")).toContain("Ward “Central”, a name that 2 have here");
  });
});

it("thirds are those of the numbers that are shown", () => {
  expect(thirds(Float64Array.from([1, 2, 3, 4, NaN]))).toEqual([2, 3]);
  const pair = data().layers.find(({ id }) => id === "pair") ?? data().layers[0];
  const shown = Table.of(4, { risk_score: [1, 2, 3, 4], population_total: [10, 20, 30, 40] });
  const changed = { weights: true, reference: "england" as const, among: null };
  expect(layerNow(pair, { changed, unknown: new Set(), againstNation: true }, shown, "England").bounds).toEqual([2, 3]);
  expect(layerNow(pair, { changed: null, unknown: new Set(), againstNation: true }, shown, "England").bounds).toEqual([10, 20]);
});
