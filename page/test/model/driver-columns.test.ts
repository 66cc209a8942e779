import { describe, expect, it } from "vitest";
import type { Component, HelpInfo } from "../../src/model/contract";
import { driverColumns, driversOf } from "../../src/model/drivers";
import { Table } from "../../src/model/table";
import { areaData } from "../area-fixture";

const [template] = areaData().index.components;
const part = (name: string): Component => ({ ...template, name, title: `The ${name}`, column: name });
const COMPONENTS = ["age", "income", "broadband", "rurality"].map(part);
const help = (component: string, side: HelpInfo["side"]): HelpInfo => ({ component, side, sentence: "", helps: [] });
const HELPS = [help("age", "people"), help("income", "people"), help("broadband", "infrastructure"), help("rurality", "infrastructure")];

interface Case {
  rows: number[][];
  weights?: number[];
  averages?: number[];
  helps?: HelpInfo[];
  from?: number;
  both?: number;
}

/** The title of the main driver and what each row points to. */
function of({ rows, weights = [4, 3, 2, 1], averages = [50, 50, 50, 50], helps = HELPS, from = 0, both = 0.5 }: Case): [(string | null)[], (string | null)[]] {
  const scores = COMPONENTS.map((_, i) => Float64Array.from(rows, (row) => row[i]));
  const { mainDriver, pointsTo } = driverColumns(COMPONENTS, weights, scores, averages, { helps, named_from: from, both_from: both });
  const texts = ({ values, codes }: typeof mainDriver): (string | null)[] => [...codes].map((code) => (code < 0 ? null : values[code]));
  return [texts(mainDriver), texts(pointsTo)];
}

describe("the main driver", () => {
  it("is the component that adds most, weight and distance together", () => {
    expect(
      of({
        rows: [
          [60, 50, 50, 50],
          [60, 65, 50, 50],
          [55, 50, 50, 99],
          [40, 40, 51, 40],
        ],
      })[0],
    ).toEqual(["The age", "The income", "The rurality", "The broadband"]);
  });

  it("is the first of equals in the order of the index", () => {
    expect(
      of({
        rows: [
          [53, 56, 62, 62],
          [50, 56, 62, 62],
        ],
        weights: [4, 2, 1, 1],
      })[0],
    ).toEqual(["The age", "The income"]);
  });

  it("is none where nothing is above the average by more than noise", () => {
    expect(
      of({
        rows: [
          [50, 50, 50, 50],
          [0, 1, 2, 3],
          [50 + 1e-10, 50, 50, 50],
          [50 + 1e-8, 50, 50, 50],
        ],
      })[0],
    ).toEqual([null, null, null, "The age"]);
  });

  it("lets the others share the weight of what is not known", () => {
    expect(
      of({
        rows: [
          [NaN, 51, 50, 50],
          [NaN, NaN, NaN, NaN],
        ],
      })[0],
    ).toEqual(["The income", null]);
    expect(of({ rows: [[99, 99, 51, 50]], weights: [0, 0, 2, 1] })[0]).toEqual(["The broadband"]);
    expect(of({ rows: [[99, 99, 99, 99]], weights: [0, 0, 0, 0] })[0]).toEqual([null]);
    expect(of({ rows: [[99, 51, 50, 50]], averages: [NaN, 50, 50, 50] })[0]).toEqual(["The income"]);
  });

  it("is the first of the contributions that the panel shows", () => {
    let seed = 11;
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const four = (top: number): number[] => COMPONENTS.map(() => Math.round(top * random()));
    for (let round = 0; round < 300; round++) {
      const [row, weights, averages] = [four(100), four(5), four(100)];
      const shown = driversOf(
        COMPONENTS,
        weights,
        (name) => row[COMPONENTS.findIndex(({ column }) => column === name)],
        (name) => averages[COMPONENTS.findIndex(({ column }) => column === name)],
      );
      const first = shown?.contributions.at(0);
      expect(of({ rows: [row], weights, averages })[0]).toEqual([first && first.points > 1e-9 ? first.component.title : null]);
    }
  });
});

describe("what an area points to", () => {
  it("is the side that adds more points, each component by its weight", () => {
    // Of ten parts, age has four, income three, broadband two, rurality one.
    expect(
      of({
        rows: [
          [60, 60, 50, 50],
          [50, 50, 60, 60],
          [40, 40, 55, 55],
          [50, 50, 80, 20],
          [60, 60, 55, 50],
        ],
      })[1],
    ).toEqual(["People", "Infrastructure", "Infrastructure", "Infrastructure", "People"]);
  });

  it("is both where the smaller adds at least half of what the larger does", () => {
    expect(
      of({
        rows: [
          [60, 60, 60, 60],
          [55, 50, 55, 50],
          [55, 50, 54.9, 50],
        ],
      })[1],
    ).toEqual(["People", "Both", "People"]);
    expect(of({ rows: [[60, 60, 60, 60]], both: 0.4 })[1]).toEqual(["Both"]);
  });

  it("is nothing where neither adds enough to be named", () => {
    const rows = [
      [50, 50, 50, 50],
      [40, 40, 40, 40],
      [54, 50, 50, 50],
      [56, 50, 50, 50],
      [40, 40, 59, 50],
      [40, 40, 60, 50],
    ];
    expect(of({ rows, from: 2 })[1]).toEqual([null, null, null, "People", null, "Infrastructure"]);
  });

  it("does not name a component for infrastructure as a driver before it adds enough", () => {
    expect(
      of({
        rows: [
          [50, 50, 59, 50],
          [50, 50, 60, 50],
          [50.1, 50, 59, 50],
        ],
        from: 2,
      })[0],
    ).toEqual([null, "The broadband", "The age"]);
  });

  it("is nothing where the index lacks a side", () => {
    expect(of({ rows: [[60, 60, 50, 50]], helps: HELPS.slice(0, 2) })[1]).toEqual([null]);
    expect(of({ rows: [[60, 60, 50, 50]], helps: [] })[1]).toEqual([null]);
  });

  it("leaves out components that stand for neither, and what is not known", () => {
    expect(of({ rows: [[0, 60, 55, 50]], helps: HELPS.slice(1) })[1]).toEqual(["People"]);
    expect(of({ rows: [[NaN, 60, 54, NaN]] })[1]).toEqual(["People"]);
    expect(of({ rows: [[60, 60, 99, 99]], weights: [1, 1, 0, 0] })[1]).toEqual(["People"]);
  });
});

describe("texts in place of those of the page", () => {
  const table = Table.of(2, { main_driver: ["The age", null], risk_rank: [1, 2], nothing: [null, null] });

  it("are shown until they are taken away", () => {
    table.replace(
      new Map([
        ["main_driver", { values: ["The income"], codes: Int32Array.of(-1, 0) }],
        ["absent", { values: [], codes: new Int32Array(2) }],
      ]),
    );
    expect([table.text("main_driver", 0), table.text("main_driver", 1)]).toEqual([null, "The income"]);
    expect(table.published().text("main_driver", 0)).toBe("The age");
    expect(table.has("absent")).toBe(false);
    table.replace(null);
    expect(table.text("main_driver", 0)).toBe("The age");
  });

  it("are known to be there or not", () => {
    expect(["main_driver", "risk_rank", "nothing", "absent"].map((name) => table.holds(name))).toEqual([true, true, false, false]);
  });
});
