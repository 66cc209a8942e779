import { describe, expect, it } from "vitest";
import type { ExclusionInfo } from "../../src/model/contract";
import { exclusionColumns, exclusionScores, riskPercentiles } from "../../src/scoring/exclusion";
import { rankScores } from "../../src/scoring/ranking";

const of = (...values: number[]): Float64Array => Float64Array.from(values);
const geometric = (risk_weight = 0.5): ExclusionInfo => ({ formula: "geometric", risk_weight });
const arithmetic = (risk_weight = 0.5): ExclusionInfo => ({ formula: "arithmetic", risk_weight });
const one = (risk: number, capacity: number, how: ExclusionInfo): number => exclusionScores(of(risk), of(capacity), how)[0];

describe("high risk and little support as one score", () => {
  it("is high only where both are, by the geometric mean", () => {
    expect(one(100, 0, geometric())).toBe(100);
    expect(one(100, 100, geometric())).toBe(0);
    expect(one(0, 0, geometric())).toBe(0);
    expect(one(0, 100, geometric())).toBe(0);
    expect(one(64, 0, geometric())).toBe(80);
    expect(one(81, 84, geometric())).toBeCloseTo(36, 12);
    expect(one(50, 20, geometric(0.25))).toBeCloseTo(50 ** 0.25 * 80 ** 0.75, 12);
  });

  it("lets one make up for the other, by the arithmetic mean", () => {
    expect(one(100, 100, arithmetic())).toBe(50);
    expect(one(0, 0, arithmetic())).toBe(50);
    expect(one(80, 40, arithmetic(0.25))).toBe(0.25 * 80 + 0.75 * 60);
  });

  it.each([geometric, arithmetic])("is the risk alone, or the lack of support alone, at either end of the weight", (formula) => {
    for (const [risk, capacity] of [
      [0, 0],
      [0, 100],
      [100, 100],
      [37, 81],
    ]) {
      expect(one(risk, capacity, formula(1))).toBeCloseTo(risk, 12);
      expect(one(risk, capacity, formula(0))).toBeCloseTo(100 - capacity, 12);
    }
  });

  it("stays between 0 and 100 whatever rounding did to the scores", () => {
    expect(one(-1e-14, 0, geometric())).toBe(0);
    expect(one(100 + 1e-12, -1e-12, geometric())).toBe(100);
    expect(one(100 + 1e-12, 0, arithmetic())).toBe(100);
  });

  it.each([geometric(), geometric(0), geometric(1), arithmetic()])("is not known where the risk or the capacity is not", (how) => {
    expect(one(NaN, 50, how)).toBeNaN();
    expect(one(50, NaN, how)).toBeNaN();
  });
});

describe("the columns that follow changed weights", () => {
  const score = of(90, 40, 90, 10, 70, 60, 50, 30, 20, 5, NaN);
  const risk = rankScores(score, "min", () => new Int32Array());
  const capacity = of(10, 10, 10, 10, NaN, 10, 10, 90, 10, 100, 10);
  const columns = exclusionColumns(risk, capacity, geometric());
  const list = (name: string): number[] => [...(columns.get(name) ?? [])];

  it("hold the risk as a percentile, of which equals share the middle", () => {
    expect([...riskPercentiles(risk)]).toEqual([95, 50, 95, 20, 80, 70, 60, 40, 30, 10, NaN]);
    expect(list("exclusion_score")[0]).toBeCloseTo(Math.sqrt(95 * 90), 12);
    expect(list("exclusion_score")[7]).toBeCloseTo(Math.sqrt(40 * 10), 12);
  });

  it("have ranks that equal scores share, and their tenths", () => {
    expect(list("exclusion_rank")).toEqual([1, 5, 1, 7, NaN, 3, 4, 8, 6, 9, NaN]);
    expect(list("exclusion_decile")).toEqual([2, 6, 2, 8, NaN, 4, 5, 9, 7, 10, NaN]);
  });

  it("are not known where the risk has no rank, or the capacity no score", () => {
    expect(list("exclusion_score")[4]).toBeNaN();
    expect(list("exclusion_score")[10]).toBeNaN();
  });

  it("do not pretend to know how sure the ranks are", () => {
    for (const name of ["exclusion_rank_p05", "exclusion_rank_median", "exclusion_rank_p95", "exclusion_worst_decile_probability"]) {
      expect(list(name).every(Number.isNaN)).toBe(true);
    }
  });

  it("are those of a single area, too", () => {
    const alone = exclusionColumns(
      rankScores(of(12), "min", () => new Int32Array()),
      of(0),
      geometric(),
    );
    expect(["exclusion_score", "exclusion_rank", "exclusion_decile"].map((name) => alone.get(name)?.[0])).toEqual([100, 1, 10]);
  });
});
