import { describe, expect, it } from "vitest";
import type { PartOfPlace } from "../../src/model/contract";
import { addMsoa } from "../../src/model/derived";
import type { Filter } from "../../src/model/filter";
import { NO_FILTER } from "../../src/model/filter";
import { Identities } from "../../src/model/identity";
import { levelInWords, Levels, partInWords, sumInWords, tenthOf } from "../../src/model/levels";
import { Table } from "../../src/model/table";

type Lists = Parameters<typeof Table.of>[1];

/** Six areas: ward A with two, ward B with three in two MSOAs, one in no ward; two districts, one ICB. */
const COLUMNS: Lists = {
  lsoa21_code: ["E01", "E02", "E03", "E04", "E05", "E06"],
  lsoa21_name: ["Fenmouth 001A", "Fenmouth 001B", "Fenmouth 002A", "Fenmouth 002B", "Wetland 010A", "Wetland 010B"],
  ward_code: ["A", "A", "B", "B", "B", null],
  ward_name: ["Quay", "Quay", "Quay", "Quay", "Quay", null],
  lad_code: ["F", "F", "F", "F", "W", "W"],
  lad_name: ["Fenmouth", "Fenmouth", "Fenmouth", "Fenmouth", "Wetland", "Wetland"],
  icb_code: ["I", "I", "I", "I", "I", "I"],
  icb_name: ["Fens", "Fens", "Fens", "Fens", "Fens", "Fens"],
  population_total: [100, 300, 100, 100, 200, null],
  risk_score: [80, 40, 20, 20, 50, 90],
  risk_decile: [1, 1, 1, 9, 9, 9],
  england_decile: [1, 2, 2, 3, 1, null],
  people_at_risk: [10, 20, 5, 5, 40, 1],
  people_at_risk_low: [5, 10, 2, 2, 20, 1],
  people_at_risk_high: [20, 40, 10, 10, 80, 2],
  priority: [2, null, null, null, 1, null],
  kind: ["Old", "Poor", "Old", "Neither", "Both", null],
};

const without = (...names: string[]): Lists => Object.fromEntries(Object.entries(COLUMNS).filter(([name]) => !names.includes(name)));

const levels = (columns = COLUMNS, parts: PartOfPlace[] = []): Levels => {
  const table = Table.of(6, columns);
  addMsoa(table);
  return new Levels(table, new Identities(table), parts);
};

describe("levels", () => {
  it("are those that the page has places of, from the largest", () => {
    expect(levels().levels).toEqual(["icb", "lad", "msoa", "ward", "lsoa"]);
    expect(levels({ lsoa21_code: ["a", "b", "c", "d", "e", "f"] }).levels).toEqual(["lsoa"]);
  });

  it("begin with the largest of which there are several", () => {
    expect(levels().first).toBe("lad");
    expect(levels({ lsoa21_code: ["a", "b", "c", "d", "e", "f"] }).first).toBe("lsoa");
  });

  it("are summed up in a line, without what is not known", () => {
    const down = levels();
    expect(sumInWords("lad", down.units("lad"))).toBe(
      "2 districts: 6 neighbourhoods, about 80 people at risk; 2 (40%) in the most at-risk tenth; 2 on the list of where to act.",
    );
    expect(sumInWords("lsoa", down.units("lsoa", [0]))).toBe(
      "1 neighbourhood, about 10 people at risk; 1 (100%) in the most at-risk tenth; 1 on the list of where to act.",
    );
    const bare = levels(without("people_at_risk", "england_decile", "risk_decile"));
    expect(sumInWords("lad", bare.units("lad"))).toBe("2 districts: 6 neighbourhoods; 2 on the list of where to act.");
  });

  it("call a neighbourhood what people call it, beside its official name", () => {
    const named = levels({ ...COLUMNS, place_name: ["Quay (A)", null, "Fenmouth 002A", null, null, null] });
    expect(
      named
        .units("lsoa", [0, 1, 2])
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["Fenmouth 001B", "Fenmouth 002A", "Quay (A) · Fenmouth 001A"]);
    expect(levels().units("lsoa", [0])[0].name).toBe("Fenmouth 001A");
  });

  it("go down to the areas: a district to its wards, or MSOAs where there are none", () => {
    const down = levels();
    expect([down.below("icb"), down.below("lad"), down.below("ward"), down.below("msoa"), down.below("lsoa")]).toEqual(["lad", "ward", "lsoa", "lsoa", null]);
    expect(levels(without("ward_code", "ward_name")).below("lad")).toBe("msoa");
  });

  it("add up areas, residents, people, the worst tenth, the list and kinds, and take the mean by residents", () => {
    const [wetland, fenmouth] = levels().units("lad");
    expect(wetland).toMatchObject({
      id: "W",
      name: "Wetland",
      rows: [4, 5],
      population: 200,
      inWorst: 1,
      ranked: 1,
      listed: 1,
      mean: { value: 50, low: NaN, high: NaN },
      everywhere: 2,
      kinds: [["Both", 1]],
    });
    expect(fenmouth).toMatchObject({ id: "F", population: 600, inWorst: 1, ranked: 4, listed: 1, people: { people: 40, low: 19, high: 80 } });
    expect(fenmouth.kinds).toEqual([
      ["Old", 2],
      ["Neither", 1],
      ["Poor", 1],
    ]);
    expect(fenmouth.mean.value).toBeCloseTo((100 * 80 + 300 * 40 + 200 * 20) / 600, 9);
  });

  it("hold every area once, whatever the level", () => {
    const all = levels();
    for (const level of all.levels) {
      const rows = all.units(level).flatMap((unit) => unit.rows);
      expect(new Set(rows).size).toBe(rows.length);
      expect(rows.length + all.inNone(level)).toBe(6);
      expect(all.units(level).reduce((sum, { population }) => sum + population, 0)).toBe(800);
    }
    expect(all.inNone("ward")).toBe(1);
  });

  it("stay within what they are asked for, and say what lies elsewhere", () => {
    const within = levels().units("ward", [0, 1, 2, 3]);
    expect(within.map(({ id, rows }) => [id, rows])).toEqual([
      ["A", [0, 1]],
      ["B", [2, 3]],
    ]);
    expect(within.map(partInWords)).toEqual(["", "2 of its 3 neighbourhoods; the others are not among these"]);
  });

  it("count what a place has beyond the page", () => {
    const [first] = levels(COLUMNS, [{ level: "lad", code: "W", areas: 145 }]).units("lad");
    expect(first.everywhere).toBe(145);
    expect(partInWords(first)).toBe("2 of its 145 neighbourhoods; the others are not among these");
  });

  it("tell wards of one name apart", () => {
    expect(
      levels()
        .units("ward")
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["Quay (Fenmouth) (A)", "Quay (Fenmouth) (B)"]);
  });

  it("put places without any rank last, and have no people where there are no estimates", () => {
    const units = levels({ ...without("people_at_risk"), england_decile: [1, 2, 2, 3, null, null] }).units("lad");
    expect(units.map(({ id, people }) => [id, people])).toEqual([
      ["F", null],
      ["W", null],
    ]);
  });

  it("hold places against the nation's tenths, or the map's where those are not known", () => {
    const table = Table.of(6, COLUMNS);
    expect(tenthOf(table)).toBe("england_decile");
    table.replace(new Map([["england_decile", new Float64Array(6).fill(NaN)]]));
    expect(tenthOf(table)).toBe("risk_decile");
    expect(new Levels(table, new Identities(table), []).units("lad")[0]).toMatchObject({ id: "F", inWorst: 3, ranked: 4 });
  });

  it("have names for one and for many", () => {
    expect([levelInWords("lad", 1), levelInWords("sicbl"), levelInWords("lsoa", 1)]).toEqual(["district", "Sub-ICBs", "neighbourhood"]);
    expect(levels().idsOf("msoa")).toEqual(["Fenmouth 001", "Fenmouth 001", "Fenmouth 002", "Fenmouth 002", "Wetland 010", "Wetland 010"]);
  });

  it("say which places a filter asks for, the largest first", () => {
    const { trail, within, without: kept } = new Bound(levels());
    const asked = within(within(NO_FILTER, { level: "ward", id: "A" }), { level: "lad", id: "F" });
    expect(asked.oneOf).toEqual([{ column: "lad_code", values: ["F"] }]);
    const both = within(asked, { level: "ward", id: "A" });
    expect(trail(both)).toEqual(["lad F", "ward A"]);
    expect(trail(kept(both, "ward"))).toEqual(["lad F"]);
    expect(trail(kept(both, "lad"))).toEqual([]);
    const bounded: Filter = { oneOf: [{ column: "kind", values: ["Old"] }], bounds: [{ column: "risk_decile", side: "most", value: 1 }] };
    expect(kept(within(bounded, { level: "msoa", id: "Fenmouth 001" }), "icb")).toEqual(bounded);
    expect(trail({ ...NO_FILTER, oneOf: [{ column: "lad_code", values: ["F", "W"] }] })).toEqual([]);
  });

  it("ask for a ward or an MSOA, not both", () => {
    const { trail, within } = new Bound(levels());
    const ward = within(NO_FILTER, { level: "ward", id: "A" });
    expect(trail(within(ward, { level: "msoa", id: "Fenmouth 002" }))).toEqual(["msoa Fenmouth 002"]);
    expect(trail(within(within(NO_FILTER, { level: "msoa", id: "Fenmouth 002" }), { level: "ward", id: "B" }))).toEqual(["ward B"]);
  });

  it("call an MSOA what people call it, beside its official name", () => {
    const named = levels({ ...COLUMNS, place_name: ["Quay (A)", "Quay (B)", "Fen Side (A)", "Fen Side (B)", null, null] });
    expect(
      named
        .units("msoa")
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["Fen Side (Fenmouth 002)", "Quay (Fenmouth 001)", "Wetland 010"]);
  });
});

/** Levels with what is said of their filters in short. */
class Bound {
  readonly #levels: Levels;
  constructor(of: Levels) {
    this.#levels = of;
  }
  readonly trail = (filter: Filter): string[] => this.#levels.trail(filter).map(({ level, id }) => `${level} ${id}`);
  readonly within = (filter: Filter, place: Parameters<Levels["within"]>[1]): Filter => this.#levels.within(filter, place);
  readonly without = (filter: Filter, level: Parameters<Levels["without"]>[1]): Filter => this.#levels.without(filter, level);
}
