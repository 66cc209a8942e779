import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AtlasData } from "../../../src/model/contract";
import type { Filter } from "../../../src/model/filter";
import { NO_FILTER, withBound, withOneOf } from "../../../src/model/filter";
import type { Texts } from "../../../src/model/table";
import { ActionList } from "../../../src/views/act/action-list";
import { About } from "../../../src/views/tools/about";
import { FilterView } from "../../../src/views/tools/filter";
import type { Lists } from "../../area-fixture";
import { lists, parts, replaceNumbers } from "../../area-fixture";
import { HOSTILE } from "../../fixture";
import { support, supportData, supportLists } from "../../support-fixture";

const SOURCE = { title: "Data", publisher: "An office", release: "2026", licence: "OGL" };

const ALL = Array.from({ length: 14 }, (_, row) => row);

/** A filter that leaves so many areas, from the first on. */
const firstAreas = (many: number): Filter => withOneOf(NO_FILTER, "lsoa21_code", lists().lsoa21_code.slice(0, many).map(String));

function open(data: AtlasData = supportData(), columns: Lists = supportLists()) {
  const page = parts(data, columns);
  const hooks = {
    select: vi.fn<(row: number) => void>(),
    preview: vi.fn<(row: number | null) => void>(),
    close: vi.fn(),
    saveCsv: vi.fn<(what: string, text: string) => void>(),
    say: vi.fn<(text: string) => void>(),
  };
  const list = new ActionList(page, hooks);
  document.body.replaceChildren(list.element);
  list.show(false);
  const pick = (id: string, value: string): void => {
    const select = document.querySelector<HTMLSelectElement>(`#atlas-act-${id}`);
    if (!select) throw new Error(`There is no ${id}.`);
    select.value = value;
    select.dispatchEvent(new Event("change"));
  };
  const press = (label: string): HTMLButtonElement => {
    const found = [...list.element.querySelectorAll("button")].find(({ textContent }) => textContent === label);
    if (!found) throw new Error(`There is no button "${label}".`);
    found.click();
    return found;
  };
  return { list, page, hooks, pick, press };
}

const text = (selector: string): string => document.querySelector(selector)?.textContent ?? "";
const rows = (): string[][] =>
  [...document.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map((cell) => cell.querySelector(".atlas-act-value")?.textContent ?? cell.textContent),
  );
const options = (id: string): string[] => [...(document.querySelector<HTMLSelectElement>(`#atlas-act-${id}`)?.options ?? [])].map((option) => option.text);

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the view of where to act", () => {
  it("lists what the list asks for with all that a leader asks", () => {
    const { list } = open();
    list.setSupport(support());
    expect([...document.querySelectorAll("thead th")].map(({ textContent }) => textContent)).toEqual([
      "Order",
      "Area",
      "Rank by risk alone",
      "Sure of this list",
      "People at risk, about",
      "Without support, about",
      "Main driver",
      "Nearest help now",
      "What usually helps",
    ]);
    expect(rows()).toEqual([
      [
        "1",
        "Ward 12, FenmouthFenmouth 0013A",
        "13",
        "100%firm",
        "330180 to 440",
        "330",
        "Agealso remote or poorly connected",
        "Harbour Librarylibrary, 1.6 km",
        "Sessions over tea",
      ],
      expect.arrayContaining(["2", "92%firm", "300"]),
    ]);
    expect(text(".atlas-act-totals")).toBe("These 2 neighbourhoods hold about 650 of 4,200 people at risk (16%, an estimate): the list misses 84%.");
    expect(document.body.textContent).toContain(
      "High risk: the 20% of this map’s neighbourhoods where it is highest. Little support: the 33% with the least within reach, or no place that helps now within 3 km; never where one is within 800 m.",
    );
  });

  it("goes further down and is narrowed by selects, each with what occurs", () => {
    const { pick, hooks } = open();
    expect(options("reach")).toEqual(["The list", "All areas"]);
    expect(options("driver")).toEqual(["Any", "Adult skills (courses)", "Age"]);
    expect(options("points-to")).toEqual(["Either", "Both", "People"]);
    pick("reach", "all");
    expect(rows()).toHaveLength(14);
    expect(rows()[13]).toEqual(["–", "FenmouthFenmouth 0014A", "no data", "no data", "no data", "no data", "none stands out", "…", "–"]);
    pick("driver", "Age");
    expect(rows().map(([, area]) => area.replace(/^.*Fenmouth(?=Fenmouth)/, ""))).toEqual([
      "Fenmouth 0013A",
      "Fenmouth 0010A",
      "Fenmouth 007A",
      "Fenmouth 004A",
      "Fenmouth 001A",
    ]);
    expect(hooks.say).toHaveBeenLastCalledWith(
      expect.stringMatching(/^5 of the 14 listed meet these conditions, with about [\d,]+ people at risk \(an estimate\)\.$/),
    );
    pick("points-to", "People");
    expect(rows()).toEqual([]);
    expect(text(".atlas-act-totals")).toBe("No neighbourhood meets all of these conditions.");
  });

  it("says how many of the whole map meet the conditions, and how firm the list is", () => {
    const { pick } = open();
    expect(text(".atlas-act-scroll > p:nth-of-type(2)")).toContain("2 of these 2 meet both bounds in nearly every way");
    pick("driver", "Adult skills");
    expect(text(".atlas-act-totals")).toMatch(/^1 of the 2 listed meets these conditions, .* On the whole map \d+ neighbourhoods do, with about [\d,]+ people/);
  });

  it("keeps to the areas chosen on the page, and says so", () => {
    const { page, pick } = open();
    page.store.filter.value = firstAreas(3);
    expect(rows()).toEqual([]);
    pick("reach", "all");
    expect(options("reach")).toContain("All chosen areas");
    expect(rows().map(([, area]) => area)).toEqual([2, 1, 0].map((row) => `Ward ${row}, FenmouthFenmouth 00${row + 1}A`));
    expect(document.body.textContent).toContain("Only from the 3 areas that “Choose areas” leaves on this page.");
  });

  it("says loudly that it is by other weights, and follows them", () => {
    const { page } = open();
    const order = (of: (row: number) => number): Float64Array => Float64Array.from(ALL, of);
    replaceNumbers(
      page,
      new Map<string, Float64Array | Texts>([
        ["priority", order((row) => (row < 2 ? row + 1 : NaN))],
        ["list_probability", order(() => NaN)],
        ["main_driver", { values: ["Broadband"], codes: Int32Array.from(ALL, () => 0) }],
      ]),
    );
    expect(document.querySelector<HTMLElement>(".atlas-act-changed")?.hidden).toBe(false);
    expect(rows()[0].slice(0, 6)).toEqual(["1", "Ward 0, FenmouthFenmouth 001A", "1", "310180 to 440", "0", "Broadbandalso remote or poorly connected"]);
    expect(options("driver")).toEqual(["Any", "Broadband"]);
    replaceNumbers(page, null);
    expect(document.querySelector<HTMLElement>(".atlas-act-changed")?.hidden).toBe(true);
    expect(rows()[0][1]).toContain("Fenmouth 0013A");
  });

  it("goes by the risk alone where the page knows of no support, people or drivers", () => {
    const { press } = open(supportData({ support: null, exclusion: null, helps: [] }), lists());
    expect([...document.querySelectorAll("thead th")].map(({ textContent }) => textContent)).toEqual(["Order", "Area", "Rank by risk alone"]);
    expect(text(".atlas-act-totals")).toBe("1 neighbourhood.");
    expect(document.body.textContent).toContain("this page knows of no support places");
    press("Save as CSV");
  });

  it("opens an area, shows where it is, and marks the one that is selected", () => {
    const { page, hooks, pick } = open();
    pick("reach", "all");
    const first = document.querySelector<HTMLElement>(".atlas-act-area");
    first?.focus();
    expect(hooks.preview).toHaveBeenLastCalledWith(12);
    first?.click();
    expect(hooks.select).toHaveBeenCalledWith(12);
    page.store.selected.value = 12;
    expect(document.querySelector("[aria-current]")).toBe(first);
    pick("reach", "list");
    expect(document.querySelector("[aria-current]")?.textContent).toBe("Ward 12, Fenmouth");
  });

  it("shows hostile names as text", () => {
    const names = ALL.map((row) => `${HOSTILE[row % HOSTILE.length]}${row}`);
    const { pick } = open(supportData(), { ...supportLists(), lsoa21_name: names, ward_name: names, lad_name: names, main_driver: names });
    pick("reach", "all");
    expect(document.querySelector("img, script")).toBeNull();
    for (const name of HOSTILE) expect(document.body.textContent).toContain(name);
  });
});

describe("the list on paper and as a file", () => {
  beforeEach(() => {
    vi.stubGlobal("print", vi.fn());
  });

  it("waits for the places, which it would lack", () => {
    const { list, hooks, press } = open();
    expect(press("Save as CSV").disabled).toBe(true);
    expect(hooks.saveCsv).not.toHaveBeenCalled();
    list.setSupport(support());
    expect(press("Save as CSV").disabled).toBe(false);
    expect(hooks.saveCsv).toHaveBeenCalledWith("where to act The list", expect.stringContaining("Harbour Library,library,1600"));
  });

  it("is named after what it is narrowed to", () => {
    const { list, hooks, pick, press } = open();
    list.setSupport(support());
    pick("reach", "all");
    pick("driver", "Age");
    press("Save as CSV");
    expect(hooks.saveCsv).toHaveBeenCalledWith("where to act All areas Age", expect.any(String));
  });

  it("is printed alone, with its limits and sources, and is back afterwards", () => {
    const { list, page, press } = open(supportData({ sources: ["Source: An office", ""].map((attribution) => ({ ...SOURCE, attribution })) }));
    list.setSupport(support());
    page.store.filter.value = withBound(NO_FILTER, "population_total", "least", 1);
    press("Print this list");
    expect(print).toHaveBeenCalledOnce();
    expect(document.documentElement.classList.contains("atlas-print-list")).toBe(true);
    const paper = text(".atlas-act-paper");
    for (const part of [
      "How many: The list; Main driver: Any; Points to: Either; District: All districts. Only areas with Residents: at least 1.",
      "The risk is of the place, not of the person",
      "People at risk are an estimate",
      "those who are offline in full, and 50% of those who are online but lack skills.",
      "Distances are straight lines, not journeys.",
      "Built 23 November 2026, printed ",
      "Sources: An office · librarys: A list of each library",
      "A survey",
    ]) {
      expect(paper).toContain(part);
    }
    dispatchEvent(new Event("afterprint"));
    expect(document.documentElement.classList.contains("atlas-print-list")).toBe(false);
    expect(text(".atlas-act-paper")).toBe("");
    expect(rows()).toHaveLength(2);
  });
});

describe("choosing areas by where to act", () => {
  function filterOf(columns: Lists = supportLists()) {
    const data = supportData();
    const page = parts(data, columns);
    const view = new FilterView(page, { zoom: vi.fn(), say: vi.fn() });
    document.body.replaceChildren(view.element);
    const select = (id: string): HTMLSelectElement | null => document.querySelector(`#atlas-filter-${id}`);
    return { page, store: page.store, select };
  }

  it("has the main driver with what it means in short, in one choice", () => {
    const { select, store } = filterOf();
    const driver = select("main-driver");
    expect([...(driver?.options ?? [])].map((option) => option.text)).toEqual(["Any", "Adult skills (courses)", "Age"]);
    if (driver) driver.value = "Adult skills";
    driver?.dispatchEvent(new Event("change"));
    expect(store.filter.value).toEqual(withOneOf(NO_FILTER, "main_driver", ["Adult skills"]));
  });

  it("has the worst tenth and fifth", () => {
    const { select, store } = filterOf();
    const act = select("where-to-act");
    if (act) act.value = "2";
    act?.dispatchEvent(new Event("change"));
    expect(store.filter.value).toEqual(withBound(NO_FILTER, "exclusion_decile", "most", 2));
    expect(act?.value).toBe("2");
    expect(document.querySelectorAll(".atlas-chips li")).toHaveLength(0);
    store.filter.value = withBound(NO_FILTER, "exclusion_decile", "most", 3);
    expect(act?.value).toBe("");
    expect(document.querySelectorAll(".atlas-chips li")).toHaveLength(1);
  });

  it("follows the drivers by other weights, and keeps the one that is asked for", () => {
    const { page, store, select } = filterOf();
    store.filter.value = withOneOf(NO_FILTER, "main_driver", ["Age"]);
    replaceNumbers(page, new Map([["main_driver", { values: ["Broadband"], codes: Int32Array.from(ALL, () => 0) }]]));
    expect([...(select("main-driver")?.options ?? [])].map(({ value }) => value)).toEqual(["", "Age", "Broadband"]);
    expect(select("main-driver")?.value).toBe("Age");
    expect(page.filterWords.all(store.filter.value)).toEqual(["Main driver: Age"]);
  });

  it("is not offered where the page does not know", () => {
    const { select } = filterOf({ ...lists(), exclusion_decile: ALL.map(() => null), main_driver: ALL.map(() => null) });
    expect(select("where-to-act")).toBeNull();
    expect(select("main-driver")).toBeNull();
  });
});

describe("the notes on support and people", () => {
  it("say what capacity, where to act and people at risk are", () => {
    const about = new About(supportData());
    const said = about.element.textContent;
    for (const part of [
      "E2SFCA",
      "Distances are straight lines",
      "Counted: librarys, practices.",
      "geometric mean, which is high only where both are. Risk has 50% of the weight.",
      "Adults offline or without skills. An estimate",
      "46%: are offline, aged 75 and over2020: A survey (web page, needs the internet)",
      "a list of the worst neighbourhoods reaches a minority of them",
    ]) {
      expect(said).toContain(part);
    }
  });

  it("say nothing of support where the page knows none", () => {
    const about = new About(supportData({ support: null, exclusion: null }));
    expect(about.element.textContent).not.toMatch(/E2SFCA/);
  });
});
