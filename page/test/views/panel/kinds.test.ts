import { beforeEach, describe, expect, it, vi } from "vitest";
import { actionRows, THE_LIST } from "../../../src/model/action-rows";
import { asText } from "../../../src/model/drivers";
import { NO_FILTER, withOneOf } from "../../../src/model/filter";
import { Helps } from "../../../src/model/helps";
import { Kinds } from "../../../src/model/kinds";
import { Table } from "../../../src/model/table";
import { pageOf } from "../../../src/scoring/page";
import { beyondInWords } from "../../../src/views/panel/help";
import { WhatKind } from "../../../src/views/panel/kind";
import { FilterView } from "../../../src/views/tools/filter";
import { combGeometry } from "../../area-fixture";
import { EXCLUSION_KINDS } from "../../fixture";
import { supportData, supportLists } from "../../support-fixture";

const VALUES = ["Age and homes", "Money and skills", "Both", "Neither", null];
const ROWS = 14;
const each = <T>(of: (row: number) => T): T[] => Array.from({ length: ROWS }, (_, row) => of(row));
const LISTS = {
  ...supportLists(),
  kind: each((row) => VALUES[row] ?? null),
  score_age_settled: each((row) => [95.4, 12, 90, 50, null][row] ?? null),
  score_money_skills_health: each((row) => [20, 99.6, 81, 80, 70][row] ?? null),
  beyond_similar: each((row) => ["Adult skills", "Adult skills; Age", null][row] ?? null),
  beyond_similar_points: each((row) => [3.21, 1, null][row] ?? null),
};
const table = (): Table => Table.of(ROWS, LISTS);

describe("the kind of exclusion, in the panel", () => {
  const said = (row: number, of = table()): string =>
    new WhatKind(supportData(), of)
      .parts(row)
      .map(({ textContent }) => textContent)
      .join(" | ");

  it("says which stands out and where both scores are", () => {
    expect(said(0)).toBe(
      "What kind of exclusion | Age and homes. Many are old. | Age and homes 95; Money and skills 20 (of 100 in England; above 80 stands out). How the kind is told",
    );
    expect(said(1)).toContain("Money and skills. Many are poor.");
  });

  it("says both, neither, and that data are lacking", () => {
    expect(said(2)).toContain("Both kinds: age and homes, and money and skills. Many are old. Many are poor.");
    expect(said(3)).toContain("Neither kind stands out against the rest of England.");
    expect(said(4)).toBe("What kind of exclusion | Which kind it is cannot be said: data are lacking here.");
  });

  it("does not round a score to the other side of the bound", () => {
    const near = { ...LISTS, score_age_settled: each(() => 79.6), score_money_skills_health: each(() => 80.3) };
    expect(said(1, Table.of(ROWS, near))).toContain("Age and homes 80; Money and skills 80.3 (of 100 in England; above 80 stands out).");
  });

  it("is left out where the page has no kinds", () => {
    expect(said(0, Table.of(ROWS, { ...LISTS, kind: each(() => null) }))).toBe("");
  });
});

describe("what stands out beyond similar places", () => {
  it("is said with the points of the first", () => {
    const words = (row: number): string => asText(beyondInWords(table(), row));
    expect(words(0)).toBe("Beyond places of similar age and rurality: Adult skills (+3.2 points).");
    expect(words(1)).toBe("Beyond places of similar age and rurality, the most unusual first: Adult skills (+1.0 point) and Age.");
    expect(words(2)).toBe("");
  });

  it("lists several after the first", () => {
    const more = Table.of(1, { beyond_similar: ["One; Two; Three; Four"], beyond_similar_points: [5] });
    expect(asText(beyondInWords(more, 0))).toBe("Beyond places of similar age and rurality, the most unusual first: One (+5.0 points), Two, Three and Four.");
  });

  it("is not known with other weights", () => {
    const of = table();
    of.replace(new Map([["beyond_similar", { values: [], codes: new Int32Array(ROWS).fill(-1) }]]));
    expect(beyondInWords(of, 0)).toEqual([]);
  });
});

describe("what is suggested", () => {
  const thing = (what: string, kinds: string[] = []): { what: string; source: string; page: string; kinds: string[] } => ({
    what,
    source: "S",
    page: "https://example.org",
    kinds,
  });
  const data = supportData({
    helps: [
      { component: "age", side: "people", sentence: "old", helps: [thing("for anyone old"), thing("for the old and poor", ["money_skills_health"])] },
      { component: "skills", side: "people", sentence: "few skills", helps: [thing("for settled learners", ["age_settled"])] },
    ],
  });
  const helps = new Helps(data);
  const of = (kind: string | null, beyond: string | null, main: string | null): string[] =>
    helps.fitting(Table.of(1, { kind: [kind], beyond_similar: [beyond], main_driver: [main] }), 0).map(({ what }) => what);

  it("goes by what stands out beyond similar places, else by the main driver", () => {
    expect(of("Neither", "Adult skills", "Age")[0]).toBe("for settled learners");
    expect(of("Neither", null, "Age")[0]).toBe("for anyone old");
  });

  it("is for the kind first, then for any kind, then what the kind itself has", () => {
    expect(of("Money and skills", null, "Age")).toEqual(["for the old and poor", "for anyone old"]);
    expect(of("Age and homes", null, "Age")).toEqual(["for anyone old", "Tea for the old", "for the old and poor"]);
    expect(of("Age and homes", null, null)).toEqual(["Tea for the old"]);
    expect(of(null, null, null)).toEqual([]);
  });
});

describe("areas by kind", () => {
  beforeEach(() => {
    document.body.replaceChildren();
  });

  it("narrow the list", () => {
    const kept = (kind: string): number[] =>
      actionRows(
        table(),
        each((row) => row),
        { ...THE_LIST, reach: "all", kind },
      );
    expect(kept("Both")).toEqual([2]);
    expect(kept("Age and homes")).toEqual([0]);
    expect(kept("")).toHaveLength(ROWS);
  });

  it("are chosen by a select, which shows what is asked for", () => {
    const page = pageOf(supportData(), table(), combGeometry());
    const view = new FilterView(page, { zoom: vi.fn(), say: vi.fn() });
    document.body.append(view.element);
    const select = document.querySelector<HTMLSelectElement>("#atlas-filter-what-kind");
    expect([...(select?.options ?? [])].map(({ text }) => text)).toEqual(["Any", "Age and homes", "Money and skills", "Both kinds", "Neither kind"]);
    expect(document.querySelector("label[for=atlas-filter-what-kind]")?.textContent).toBe("What kind of exclusion");
    if (select) {
      select.value = "Both";
      select.dispatchEvent(new Event("change"));
    }
    expect(page.store.filter.value).toEqual(withOneOf(NO_FILTER, "kind", ["Both"]));
    page.store.filter.value = withOneOf(NO_FILTER, "kind", ["Neither"]);
    expect(select?.value).toBe("Neither");
    expect(document.querySelectorAll(".atlas-chips li")).toHaveLength(0);
  });

  it("are not offered where the page has no kinds", () => {
    const view = new FilterView(pageOf(supportData(), Table.of(ROWS, supportLists()), combGeometry()), { zoom: vi.fn(), say: vi.fn() });
    expect(view.element.querySelector("#atlas-filter-what-kind")).toBeNull();
  });

  it("have the values of the column", () => {
    expect(new Kinds(EXCLUSION_KINDS).values).toEqual(["Age and homes", "Money and skills", "Both", "Neither"]);
  });
});
