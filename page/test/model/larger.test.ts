import { describe, expect, it } from "vitest";
import { NO_DATA } from "../../src/model/classes";
import type { LargerLevel, LegendClass } from "../../src/model/contract";
import { PageError } from "../../src/model/data";
import { Identities } from "../../src/model/identity";
import { Larger, measured, rangeOf, withRange } from "../../src/model/larger";
import type { LargerLayer } from "../../src/model/larger-layer";
import { largerLayer, unitAt } from "../../src/model/larger-layer";
import { highestFirst, Levels } from "../../src/model/levels";
import { Table } from "../../src/model/table";

/** Five areas in three districts and none; the second district has a single area. */
const COLUMNS = {
  lsoa21_code: ["E01", "E02", "E03", "E04", "E05"],
  lad_code: ["F", "F", "W", "D", null],
  lad_name: ["Fen", "Fen", "Wet", "Dry", null],
  population_total: [100, 300, 100, 50, 10],
  risk_score: [80, 40, 20, 51, 90],
  risk_decile: [1, 2, 3, 4, 5],
  england_decile: [1, 2, 2, 1, 1],
};
const DISTRICTS: LargerLevel = { id: "lad", title: "Districts", of_areas: true, units: 3 };
const PRACTICES: LargerLevel = { id: "practice", title: "GP practices", of_areas: false, units: 1 };
const FIGURES = {
  risk_score: [50, 20, 51, 47.25],
  risk_score_p05: [48.2, 18, 50, 40],
  risk_score_p95: [51.5, 22.5, 53, 50],
  share_people_worst_tenth: [0.25, 0, 1, 0.304],
  share_people_worst_tenth_low: [0, 0, 0.5, 0.1],
  share_people_worst_tenth_high: [0.75, 0, 1, 0.5],
  unit_code: [null, null, null, "Y01"],
  unit_name: [null, null, null, "The Surgery"],
  share_covered: [null, null, null, 0.8],
  residents: [null, null, null, 4800],
};
const larger = (levels = [DISTRICTS, PRACTICES]): Larger => new Larger(levels, Table.of(4, FIGURES));
const COLOURS: LegendClass[] = Array.from({ length: 10 }, (_, number) => ({ label: String(number), colour: `#00000${number}` }));

function made(published: Larger | null = larger()): {
  table: Table;
  levels: Levels;
  layer: (measure?: "mean" | "worst", included?: Uint8Array | null) => LargerLayer;
} {
  const table = Table.of(5, COLUMNS);
  const levels = new Levels(table, new Identities(table), []);
  levels.published.value = published;
  const data = { nation: { title: "England" }, layers: [{ classes: COLOURS }] } as unknown as Parameters<typeof largerLayer>[2]["data"];
  return { table, levels, layer: (measure = "mean", included = null) => largerLayer("lad", measure, { levels, table, data, included }) };
}

describe("figures of larger areas", () => {
  it("are those of the places in the order of their first area", () => {
    const units = new Map(
      made()
        .levels.units("lad")
        .map((unit) => [unit.id, unit]),
    );
    expect(units.get("F")).toMatchObject({ mean: { value: 50, low: 48.2, high: 51.5 }, worst: { value: 0.25, low: 0, high: 0.75 } });
    expect(units.get("W")?.mean).toEqual({ value: 20, low: 18, high: 22.5 });
    expect(units.get("D")?.worst).toEqual({ value: 1, low: 0.5, high: 1 });
  });

  it("are worked out without a range where the page carries none", () => {
    const [first] = made(null).levels.units("lad", [0, 1]);
    expect(first).toMatchObject({ mean: { value: 50, low: NaN, high: NaN }, worst: { value: 0.25, low: NaN } });
  });

  it("are worked out from what conditions leave of a place, and by other weights", () => {
    const { levels, table } = made();
    expect(levels.units("lad", [1])[0].mean).toEqual({ value: 40, low: NaN, high: NaN });
    table.replace(new Map([["risk_score", Float64Array.from([10, 10, 20, 30, 40])]]));
    expect(levels.units("lad").find(({ id }) => id === "F")?.mean).toEqual({ value: 10, low: NaN, high: NaN });
    table.replace(null);
    expect(levels.units("lad").find(({ id }) => id === "F")?.mean.low).toBe(48.2);
  });

  it("are left out where they are of another number of places, and refused where they are not complete", () => {
    const { levels } = made(
      larger([
        { ...DISTRICTS, units: 2 },
        { ...PRACTICES, units: 2 },
      ]),
    );
    expect(levels.units("lad").map(({ mean }) => mean.low)).toEqual([NaN, NaN, NaN]);
    expect(() => larger([DISTRICTS])).toThrow(PageError);
  });

  it("of practices come with their names and what of them is covered", () => {
    expect(made().levels.overlapping("practice")).toEqual([
      {
        code: "Y01",
        name: "The Surgery",
        covered: 0.8,
        residents: 4800,
        mean: { value: 47.25, low: 40, high: 50 },
        worst: { value: 0.304, low: 0.1, high: 0.5 },
      },
    ]);
    expect(made().levels.overlapping("pcn")).toEqual([]);
  });

  it("are said with their range where it is known", () => {
    expect(withRange("mean", { value: 53.25, low: 51.9, high: 54.4 })).toBe("53.3 (51.9 to 54.4)");
    expect(withRange("worst", { value: 0.48, low: NaN, high: NaN })).toBe("48%");
    expect(rangeOf("worst", { value: 0.48, low: 0.004, high: 0.574 })).toBe("under 1% to 57%");
    expect(measured("mean", NaN)).toBe("–");
  });
});

describe("larger areas as a layer", () => {
  it("give each area the class of its place, and none to an area in none", () => {
    const { classes, bounds, larger: shown } = made().layer();
    // 20, 50 and 51: in steps of ten points from 20 to 60.
    expect(classes.map(({ label }) => label)).toEqual(["50 to 60", "40 to 50", "30 to 40", "20 to 30"]);
    expect(bounds).toEqual([30, 40, 50]);
    expect([...shown.classes]).toEqual([1, 1, 3, 0, NO_DATA]);
    expect(classes.map(({ colour }) => colour)).toEqual(["#000000", "#000003", "#000006", "#000009"]);
  });

  it("keep a class for shares of none", () => {
    const { classes, larger: shown } = made().layer("worst");
    expect(classes.map(({ label }) => label)).toEqual(["80 to 100%", "60 to 80%", "40 to 60%", "20 to 40%", "over 0 to 20%", "none"]);
    expect([...shown.classes]).toEqual([3, 3, 5, 0, NO_DATA]);
  });

  it("count places, not areas", () => {
    const { layer } = made();
    expect([...layer().larger.classesOfUnits].sort()).toEqual([0, 1, 3]);
    expect(layer("mean", Uint8Array.from([0, 0, 1, 0, 0])).larger.units.map(({ id }) => id)).toEqual(["W"]);
  });

  it("colour what conditions leave of a place by that, and the others as they are", () => {
    const shown = made().layer("mean", Uint8Array.from([1, 0, 0, 0, 0]));
    expect(unitAt(shown, 0)?.mean.value).toBe(80);
    expect(unitAt(shown, 2)?.mean.value).toBe(20);
    expect(unitAt(shown, 4)).toBeNull();
    expect(shown.larger.classes[0]).toBe(0);
    expect(shown.sentence).toContain("no range is known");
    expect(made().layer().sentence).toContain("nine of ten");
  });

  it("have the highest first in a list", () => {
    const { larger: shown } = made().layer();
    expect(highestFirst(shown.units, "mean").map(({ id }) => id)).toEqual(["D", "F", "W"]);
    expect(highestFirst(shown.units, "worst").map(({ id }) => id)).toEqual(["D", "F", "W"]);
  });
});
