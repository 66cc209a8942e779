import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AtlasData } from "../../../src/model/contract";
import type { PanelHooks } from "../../../src/views/panel/panel";
import { Panel } from "../../../src/views/panel/panel";
import type { Lists } from "../../area-fixture";
import { areaData, LAYERS, lists, parts } from "../../area-fixture";
import { HOSTILE } from "../../fixture";

function open(data: AtlasData = areaData(), columns: Lists = lists(), more: Partial<PanelHooks> = {}) {
  document.body.replaceChildren();
  const page = parts(data, columns);
  const { table, areas, store } = page;
  const said: string[] = [];
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
    readyForPaper: () => Promise.resolve(() => undefined),
    backTo: () => document.body,
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
    expect(text(".atlas-why")).toBe("Much higher risk than the average for England, mostly because the risk from Adult skills is far above average.");
  });

  it("shows each component against both medians, what adds most first", () => {
    const { show } = open();
    show(0);
    expect(all(".atlas-bars li")).toEqual([
      "Adult skills90 of 100; median here 48, median of England 48. +30.0 points",
      "Age62 of 100; median here 56, median of England 50. +2.5 points",
    ]);
    expect(text(".atlas-points-sum")).toContain("Together +32.5 points: 83.0 here, 50.5 on average.");
    expect(document.querySelectorAll(".atlas-tick-here, .atlas-tick-nation")).toHaveLength(4);
    expect(text(".atlas-tick-key")).toBe("Each scored 0 to 100; higher means more risk. median of this map’s areas median of England");
  });

  it("has one tick where the map is of the whole nation, and uses its own name", () => {
    const data = areaData();
    const { panel, show } = open({ ...data, nation: { ...data.nation, title: "Fenland", areas: 14 } });
    show(1);
    expect(document.querySelectorAll(".atlas-tick")).toHaveLength(2);
    expect(text(".atlas-rank")).toBe("2nd of 13 · 2nd most at-risk tenth of Fenland");
    expect(document.querySelector(".atlas-nation-rank")).toBeNull();
    expect(text(".atlas-bars")).toContain("; median of Fenland 48. ");
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
    expect(text(".atlas-bars")).toContain("Ageno data; median here 56");
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

  it("goes back to the list: to the row of the area, with the list where it was", () => {
    const list = document.createElement("div");
    const row = list.appendChild(document.createElement("button"));
    const backTo = vi.fn(() => row);
    const { panel, show, press } = open(areaData(), lists(), { backTo });
    const column = document.createElement("div");
    column.append(list, panel.element);
    document.body.append(column);
    column.scrollTop = 120;
    const onMap = document.body.appendChild(document.createElement("button"));
    onMap.focus();
    show(3);
    panel.focus();
    expect(column.scrollTop).toBe(0);
    press("Back to the list");
    expect(panel.element.hidden).toBe(true);
    expect(backTo).toHaveBeenCalledWith(3);
    expect(document.activeElement).toBe(row);
    expect(column.scrollTop).toBe(120);
  });

  it("begins with the sentence to read out, and folds the numbers", () => {
    const { show } = open();
    show(0);
    expect(text(".atlas-said")).toBe("Ward 0, Fenmouth, is in the 2nd most at-risk tenth of England.");
    expect(all(".atlas-panel-part h3")).toEqual(
      ["Where it stands", "Why", "Neighbours", "All the numbers"].filter((title) => all(".atlas-panel-part h3").includes(title)),
    );
    const folded = [...document.querySelectorAll<HTMLDetailsElement>(".atlas-numbers")];
    expect(folded.map(({ open: unfolded }) => unfolded)).toEqual(folded.map(() => false));
    expect(all(".atlas-numbers summary")[0]).toBe("What makes up the risk");
  });

  it("links to the section of the method page that explains a number, and says where that is", () => {
    const { show } = open();
    show(0);
    const links = [...document.querySelectorAll<HTMLAnchorElement>(".atlas-method-link")].map((link) => link.getAttribute("href"));
    expect(links).toContain("method.html#index");
    expect(text(".atlas-method-beside")).toContain("method.html, which is published in the folder of this page");
  });

  it("shows hostile names as text", () => {
    const data = areaData();
    const [first, second] = data.index.components;
    data.index.components = [
      { ...first, title: HOSTILE[0] },
      { ...second, title: HOSTILE[1] },
    ];
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

  it("prints an area when the map is ready, and gives the map back after", async () => {
    const { classList } = document.documentElement;
    const done: string[] = [];
    vi.stubGlobal("print", () => done.push(classList.contains("atlas-print-area") ? "printed" : "printed something else"));
    const { show, press } = open(areaData(), lists(), {
      readyForPaper: () => {
        done.push("ready");
        return Promise.resolve(() => done.push("given back"));
      },
    });
    show(0);
    press("Print this area");
    await vi.waitFor(() => {
      expect(done).toEqual(["ready", "printed"]);
    });
    dispatchEvent(new Event("afterprint"));
    expect(done).toEqual(["ready", "printed", "given back"]);
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
