import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AtlasData } from "../../../src/model/contract";
import type { Drivers } from "../../../src/model/drivers";
import { asText, driversOf, signedPoints, why } from "../../../src/model/drivers";
import { byRisk, neighboursOf } from "../../../src/model/neighbours";
import { printArea } from "../../../src/ui/share";
import type { PanelHooks } from "../../../src/views/panel/panel";
import { Panel } from "../../../src/views/panel/panel";
import type { Lists } from "../../area-fixture";
import { areaData, combGeometry, LAYERS, lists, parts } from "../../area-fixture";
import { geometry, HOSTILE } from "../../fixture";

const ENGLAND = ["for ", { name: "England" }];
const sentence = (drivers: Drivers | null): string => (drivers ? asText(why(drivers, ENGLAND)) : "");

function drivers(weights: number[], scores: number[], averages: number[]): Drivers | null {
  const { components } = areaData().index;
  const many = scores.map((_, i) => ({ ...components[0], name: `c${i}`, title: `Part ${i}`, column: String(i), weight: weights[i] }));
  return driversOf(many, weights, (column) => scores[Number(column)], (column) => averages[Number(column)]);
}

describe("what drives an area", () => {
  it("adds up to the difference between the area's and the nation's weighted mean", () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    for (let round = 0; round < 200; round++) {
      const of = (top: number): number[] => Array.from({ length: 6 }, () => top * random());
      const [weights, scores, averages] = [of(3), of(100), of(100)];
      const all = weights.reduce((sum, weight) => sum + weight);
      const mean = (values: number[]): number => values.reduce((sum, value, i) => sum + weights[i] * value, 0) / all;
      const result = drivers(weights, scores, averages);
      const sum = result?.contributions.reduce((total, { points }) => total + points, 0);
      expect(sum).toBeCloseTo(mean(scores) - mean(averages), 9);
      expect(result?.total).toBeCloseTo(sum ?? NaN, 9);
      const points = result?.contributions.map((contribution) => contribution.points) ?? [];
      expect(points).toEqual([...points].sort((a, b) => b - a));
    }
  });

  it("lets the others share the weight of a component without a score", () => {
    const result = drivers([1, 1, 2], [80, NaN, 60], [50, 50, 50]);
    expect(result?.missing.map(({ title }) => title)).toEqual(["Part 1"]);
    expect(result?.contributions.map(({ points }) => points)).toEqual([10, expect.closeTo(20 / 3, 9)]);
    expect(sentence(result)).toMatch(/ There are no data on Part 1\.$/);
    expect(drivers([1], [NaN], [50])).toBeNull();
    expect(drivers([0, 0], [50, 60], [50, 50])).toBeNull();
  });

  it("says what raises a high risk, and what holds it down", () => {
    expect(sentence(drivers([1, 1, 1], [90, 80, 50], [50, 50, 50]))).toBe(
      "Much higher risk than the average for England, mostly because the risks from Part 0 and Part 1 are far above average.",
    );
    expect(sentence(drivers([1, 1, 1], [90, 55, 40], [50, 50, 50]))).toBe(
      "Higher risk than the average for England, mostly because the risk from Part 0 is far above average; the risk from Part 2 holds it down.",
    );
  });

  it("says what keeps a low risk low", () => {
    expect(sentence(drivers([1, 1], [40, 35], [50, 50]))).toBe(
      "Lower risk than the average for England, mostly because the risk from Part 1 is below average.",
    );
    expect(sentence(drivers([1, 1], [42, 50], [50, 50]))).toBe(
      "Slightly lower risk than the average for England, mostly because the risk from Part 0 is a little below average.",
    );
  });

  it("does not make much of a middling area", () => {
    expect(sentence(drivers([1, 1], [50, 51], [50, 50]))).toBe("About the average risk for England; none of its parts moves it much.");
    expect(sentence(drivers([1, 1], [80, 20], [50, 50]))).toBe(
      "About the average risk for England: the risk from Part 0 pushes it up and that from Part 1 holds it down.",
    );
    expect(sentence(drivers([0, 0, 1, 1], [1, 2, 53, 50.5], [50, 50, 50, 50]))).not.toContain("Part 0");
  });

  it("writes points with a sign", () => {
    expect(signedPoints(8.24)).toBe("+8.2 points");
    expect(signedPoints(-3.06)).toBe("\u22123.1 points");
    expect(signedPoints(-0.04)).toBe("0.0 points");
    expect(signedPoints(1)).toBe("+1.0 point");
  });
});

describe("neighbours", () => {
  it("are the areas that share a border, the longest first", () => {
    expect(neighboursOf(geometry(), 0)).toEqual([{ row: 1, border: 100 }]);
    expect(neighboursOf(geometry(), 1)).toEqual([{ row: 0, border: 100 }]);
    expect(neighboursOf(geometry(), 2)).toEqual([]);
    expect(neighboursOf(geometry(), 3)).toEqual([]);
    expect(neighboursOf(combGeometry(), 0).map(({ row, border }) => [row, border])).toEqual(
      Array.from({ length: 12 }, (_, i) => [12 - i, 10 * (12 - i)]),
    );
  });

  it("are put in the order of risk, those without a rank last", () => {
    const ranks = [NaN, 3, 1, 1];
    const all = ranks.map((_, row) => ({ row, border: row }));
    expect(byRisk(all, (row) => ranks[row]).map(({ row }) => row)).toEqual([2, 3, 1, 0]);
  });
});

function open(data: AtlasData = areaData(), columns: Lists = lists(), more: Partial<PanelHooks> = {}) {
  document.body.replaceChildren();
  const page = parts(data, columns);
  const { table, areas, store } = page;
  const said: string[] = [];
  const frame = document.createElement("section");
  const hooks: PanelHooks = {
    close: vi.fn(() => {
      store.selected.value = null;
    }),
    zoom: vi.fn(),
    open: (row) => {
      show(row);
      panel.focus();
    },
    say: (text) => said.push(text),
    mapFrame: () => frame,
    fallback: () => document.body,
    showPlace: vi.fn(),
    ...more,
  };
  const show = (row: number, layer = 0): void => {
    store.layer.value = LAYERS[layer].id;
    store.selected.value = row;
  };
  const panel: Panel = new Panel(page, hooks);
  document.body.append(panel.element);
  const press = (label: string): void => {
    const found = [...panel.element.querySelectorAll("button")].find(({ textContent }) => textContent === label);
    if (!found) throw new Error(`There is no button "${label}".`);
    found.click();
  };
  return { panel, page, store, table, areas, said, hooks, press, show };
}

const text = (selector: string): string => document.querySelector(selector)?.textContent ?? "";
const all = (selector: string): string[] => [...document.querySelectorAll(selector)].map(({ textContent }) => textContent);

describe("the panel of an area", () => {
  it("says where the area is and stands", () => {
    const { panel, show } = open();
    show(0);
    panel.focus();
    expect(text(".atlas-panel h2")).toBe("Ward 0, Fenmouth");
    expect(text(".atlas-panel-code")).toBe("Fenmouth 001A · LSOA E0190000A");
    expect(text(".atlas-rank")).toBe("1st of 13 · most at-risk tenth");
    expect(text(".atlas-nation-rank")).toBe("4,123rd of 33,755 · 2nd most at-risk tenth of England");
    expect(text(".atlas-standing")).toContain("1,500 residents");
    expect(document.activeElement?.id).toBe("atlas-panel-title");
    expect(text(".atlas-why")).toBe(
      "Much higher risk than the average for England, mostly because the risk from Adult skills is far above average.",
    );
  });

  it("shows each component against both middles, what adds most first", () => {
    const { show } = open();
    show(0);
    expect(all(".atlas-bars li")).toEqual([
      "Adult skills90 of 100; middle here 48, middle of England 48. +30.0 points",
      "Age62 of 100; middle here 56, middle of England 50. +2.5 points",
    ]);
    expect(text(".atlas-points-sum")).toContain("Together +32.5 points: 83.0 here, 50.5 on average.");
    expect(document.querySelectorAll(".atlas-tick-here, .atlas-tick-nation")).toHaveLength(4);
    expect(text(".atlas-tick-key")).toBe(
      "Each scored 0 to 100; higher means more risk. middle of this map’s areas middle of England",
    );
  });

  it("has one tick where the map is of the whole nation, and uses its own name", () => {
    const data = areaData();
    const { panel, show } = open({ ...data, nation: { ...data.nation, title: "Fenland", areas: 14 } });
    show(1);
    expect(document.querySelectorAll(".atlas-tick")).toHaveLength(2);
    expect(text(".atlas-rank")).toBe("2nd of 13 · 2nd most at-risk tenth of Fenland");
    expect(document.querySelector(".atlas-nation-rank")).toBeNull();
    expect(text(".atlas-bars")).toContain("; middle of Fenland 48. ");
    expect(panel.element.textContent).not.toContain("England");
  });

  it("follows other weights and other scores", () => {
    const { store, show } = open();
    show(0);
    store.whatIf.value = { weights: [3, 1], reference: "england" };
    expect(all(".atlas-points")).toEqual(["+10.0 points", "+7.5 points"]);
    expect(text(".atlas-standing")).toContain("Not ranked in England with changed weights");
    store.whatIf.value = null;
    expect(all(".atlas-points")).toEqual(["+30.0 points", "+2.5 points"]);
    expect(text(".atlas-standing")).not.toContain("with changed weights");
  });

  it("compares with this map where the scores are not the nation's", () => {
    const { show } = open(areaData({ reference: "area" }));
    show(0);
    expect(text(".atlas-why")).toContain("than the average of this map");
    expect(document.querySelector(".atlas-tick-nation")).toBeNull();
  });

  it("opens areas without data", () => {
    const { show } = open();
    show(13, 1);
    expect(text(".atlas-panel h2")).toBe("Fenmouth");
    expect(text(".atlas-rank")).toBe("Not ranked");
    expect(document.querySelector(".atlas-nation-rank, .atlas-why, .atlas-neighbours")).toBeNull();
    expect(text(".atlas-bars")).toContain("Ageno data; middle here 56");
    expect(text(".atlas-on-layer")).toBe("Age: no data");
  });

  it("says what each number is of", () => {
    const { show } = open();
    show(0);
    expect(all(".atlas-numbers dl > div")).toContain("ResidentsWhat Residents means · Mid-20241,500 people");
  });

  it("lists eight neighbours and opens up to the others", () => {
    const { show, press } = open(areaData(), { ...lists(), risk_decile: lists().risk_decile.map((decile, row) => (row === 3 ? null : decile)) });
    show(0);
    expect(all(".atlas-neighbour")).toHaveLength(8);
    expect(all(".atlas-neighbour")[0]).toBe("Ward 1 Fenmouth 002A 2nd of 13");
    expect(document.querySelectorAll(".atlas-neighbour .atlas-no-data")).toHaveLength(1);
    press("and 4 more");
    expect(all(".atlas-neighbour")).toHaveLength(12);
    expect(document.activeElement?.textContent).toContain("Ward 9");
    document.querySelector<HTMLElement>(".atlas-neighbour")?.click();
    expect(text(".atlas-panel h2")).toBe("Ward 1, Fenmouth");
    expect(all(".atlas-neighbour")).toHaveLength(1);
  });

  it("gives the focus back when it closes", () => {
    const { panel, hooks, show } = open();
    const before = document.createElement("button");
    document.body.append(before);
    before.focus();
    show(0);
    panel.focus();
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    expect(hooks.close).toHaveBeenCalled();
    expect(document.activeElement).toBe(before);
  });

  it("shows hostile names as text", () => {
    const data = areaData();
    const [first, second] = data.index.components;
    data.index.components = [{ ...first, title: HOSTILE[0] }, { ...second, title: HOSTILE[1] }];
    data.nation.title = HOSTILE[0];
    data.columns = data.columns.map((column) => ({ ...column, title: HOSTILE[0], as_of: HOSTILE[1] }));
    const names = Array.from({ length: 14 }, (_, row) => `${HOSTILE[row % HOSTILE.length]}${row}`);
    const { panel, store, show } = open(data, { ...lists(), ward_name: names, lad_name: names, lsoa21_name: names });
    store.pinned.value = 1;
    for (const row of [1, 2, 3, 0]) {
      show(row, 1);
      expect(document.querySelector("img, script")).toBeNull();
      expect(text(".atlas-panel h2")).toContain(HOSTILE[row]);
    }
    for (const name of HOSTILE) expect(panel.element.textContent).toContain(name);
  });
});

describe("copying the link and printing", () => {
  beforeEach(() => {
    history.replaceState(null, "", "#area=E0190000A");
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("copies the address where the browser lets it", async () => {
    const writeText = vi.fn().mockResolvedValue(undefined);
    vi.stubGlobal("navigator", { clipboard: { writeText } });
    const { show, press, said } = open();
    show(0);
    press("Copy link");
    await vi.waitFor(() => {
      expect(said).toEqual([expect.stringMatching(/^Link copied\./)]);
    });
    expect(writeText).toHaveBeenCalledWith(location.href);
    expect(text(".atlas-share-message")).toMatch(/^Link copied\./);
    expect(document.querySelector<HTMLElement>(".atlas-link")?.hidden).toBe(true);
    show(1);
    expect(document.querySelector<HTMLElement>(".atlas-share-message")?.hidden).toBe(true);
  });

  it("otherwise offers it as selected text", async () => {
    vi.stubGlobal("navigator", {});
    const { show, press, said } = open();
    show(0);
    press("Copy link");
    await vi.waitFor(() => {
      expect(said[0]).toContain("could not be copied");
    });
    const field = document.querySelector<HTMLInputElement>("#atlas-link");
    expect(field?.value).toBe(location.href);
    expect(field?.readOnly).toBe(true);
    expect(document.activeElement).toBe(field);
  });

  it("has the map as large as the rest of the page allows", () => {
    vi.stubGlobal("print", vi.fn());
    const { classList, style } = document.documentElement;
    const printed = (width: number, height: number, comparing: boolean): [number, boolean] => {
      const map = document.createElement("section");
      Object.defineProperties(map, { offsetWidth: { value: width }, offsetHeight: { value: height } });
      printArea(map, comparing);
      const beside = classList.contains("atlas-print-beside");
      dispatchEvent(new Event("afterprint"));
      expect(classList.contains("atlas-print-beside")).toBe(false);
      return [Number(style.getPropertyValue("--atlas-print-area-zoom")), beside];
    };
    expect(printed(1380, 672, false)).toEqual([0.5, false]);
    expect(printed(840, 840, false)).toEqual([0.4, false]);
    expect(printed(650, 1040, false)).toEqual([0.5, true]);
    expect(printed(720, 720, true)).toEqual([0.5, true]);
    expect(printed(320, 300, false)).toEqual([1, true]);
  });

  it("prints only the map and the panel", () => {
    const { classList, style } = document.documentElement;
    const print = vi.fn(() => {
      expect(classList.contains("atlas-print-area")).toBe(true);
    });
    vi.stubGlobal("print", print);
    printArea(document.createElement("section"), false);
    expect(print).toHaveBeenCalledOnce();
    expect(style.getPropertyValue("--atlas-print-area-zoom")).toBe("1");
    dispatchEvent(new Event("afterprint"));
    expect(classList.contains("atlas-print-area")).toBe(false);
  });
});

describe("pinning", () => {
  it("puts two areas side by side, with the difference in words", () => {
    const { show, press, store, said } = open();
    show(0);
    expect(document.querySelector<HTMLElement>(".atlas-pinned")?.hidden).toBe(true);
    press("Pin to compare");
    expect(store.pinned.value).toBe(0);
    expect(said.at(-1)).toContain("Fenmouth 001A is pinned");
    expect(text(".atlas-pinned")).toContain("Choose another");
    show(2);
    expect(all(".atlas-pair thead th")).toEqual(["Pinned: Ward 0 Fenmouth 001A", "Selected: Ward 2 Fenmouth 003A", "Difference"]);
    expect(all(".atlas-pair tbody tr")).toEqual([
      "Rank",
      "1st of 133rd of 132 places less at risk",
      "Tenth of this map",
      "most at-risk tenth3rd most at-risk tenth2 tenths less at risk",
      "Tenth of England",
      "2nd most at-risk tenth2nd most at-risk tenththe same",
      "Age (score)",
      "62 of 10060 of 1002 points less",
      "Adult skills (score)",
      "90 of 10076 of 10014 points less",
      "Residents",
      "1,500 people1,520 people20 people more",
      "Aged 75 and over",
      "10.0%12.0%2.0 percentage points more",
      "Low skills",
      "0.200.240.04 more",
      "Rural or urban",
      "UrbanUrbanthe same",
    ]);
    expect(document.querySelectorAll(".atlas-pair .atlas-bar")).toHaveLength(4);
  });

  it("swaps and unpins", () => {
    const { press, store, show } = open();
    store.pinned.value = 1;
    show(0);
    press("Swap the two");
    expect(store.pinned.value).toBe(0);
    expect(store.selected.value).toBe(1);
    expect(text(".atlas-panel h2")).toBe("Ward 1, Fenmouth");
    press("Unpin");
    expect(store.pinned.value).toBeNull();
    expect(document.activeElement?.textContent).toBe("Pin to compare");
  });

  it("says what cannot be compared", () => {
    const { store, show } = open();
    store.pinned.value = 13;
    show(0);
    expect(all(".atlas-difference")[0]).toBe("cannot be compared");
  });
});
