import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Page } from "../../../src/scoring/page";
import { FilterView } from "../../../src/views/tools/filter";
import type { Lists } from "../../area-fixture";
import { areaData, lists, parts } from "../../area-fixture";

const each = <T>(of: (row: number) => T): T[] => Array.from({ length: 14 }, (_, row) => of(row));

/** Areas 0 to 5 lie in one ICB and two districts, the others in another ICB and one district. */
const PLACES: Lists = {
  icb_code: each((row) => (row < 6 ? "E54000001" : "E54000002")),
  icb_name: each((row) => (row < 6 ? "NHS Fens" : "NHS Hills")),
  lad_code: each((row) => (row < 3 ? "E07000001" : row < 6 ? "E07000002" : "E07000003")),
  lad_name: each((row) => (row < 3 ? "Fenmouth" : row < 6 ? "Wetland" : "Hilltop")),
};

function open(columns: Lists = { ...lists(), ...PLACES }): Page {
  const page = parts(areaData(), columns);
  document.body.replaceChildren(new FilterView(page, { zoom: vi.fn(), say: vi.fn() }).element);
  return page;
}

const select = (name: string): HTMLSelectElement | null => document.querySelector(`#atlas-filter-${name}`);
const offered = (name: string): string[] => [...(select(name)?.options ?? [])].map(({ text }) => text);

function choose(name: string, value: string): void {
  const element = select(name);
  if (!element) throw new Error(`There is no select "${name}".`);
  element.value = value;
  element.dispatchEvent(new Event("change"));
}

describe("choosing areas by ICB and district", () => {
  let page: Page;

  beforeEach(() => {
    page = open();
  });

  it("offers all districts, and with an ICB those with areas in it", () => {
    expect(offered("icb")).toEqual(["All ICBs", "NHS Fens", "NHS Hills"]);
    expect(offered("district")).toEqual(["All districts", "Fenmouth", "Hilltop", "Wetland"]);
    choose("icb", "E54000001");
    expect(page.store.filter.value.oneOf).toEqual([{ column: "icb_code", values: ["E54000001"] }]);
    expect(Array.from(page.showing.rows.value)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(offered("district")).toEqual(["All districts", "Fenmouth", "Wetland"]);
  });

  it("narrows an ICB to a district, and forgets the district with another ICB", () => {
    choose("icb", "E54000001");
    choose("district", "E07000002");
    expect(Array.from(page.showing.rows.value)).toEqual([3, 4, 5]);
    choose("icb", "E54000002");
    expect(page.store.filter.value.oneOf).toEqual([{ column: "icb_code", values: ["E54000002"] }]);
    choose("icb", "");
    expect(page.store.filter.value.oneOf).toEqual([]);
  });

  it("shows what a link asks for, and several ICBs as a condition", () => {
    page.store.filter.value = { oneOf: [{ column: "icb_code", values: ["E54000002"] }], bounds: [] };
    expect(select("icb")?.value).toBe("E54000002");
    expect(document.querySelector(".atlas-chips li")).toBeNull();
    page.store.filter.value = { oneOf: [{ column: "icb_code", values: ["E54000001", "E54000002"] }], bounds: [] };
    expect(select("icb")?.value).toBe("");
    expect(document.querySelectorAll(".atlas-chips li")).toHaveLength(1);
  });

  it("has no select of ICBs where there is one, or none is known; a condition on one can be taken away", () => {
    page = open({ ...lists(), ...PLACES, icb_code: each(() => "E54000001"), icb_name: each(() => "NHS Fens") });
    expect(select("icb")).toBeNull();
    page.store.filter.value = { oneOf: [{ column: "icb_code", values: ["E54000001"] }], bounds: [] };
    expect(document.querySelectorAll(".atlas-chips li")).toHaveLength(1);
    open(lists());
    expect(select("icb")).toBeNull();
  });
});
