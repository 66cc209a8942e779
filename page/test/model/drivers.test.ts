import { describe, expect, it } from "vitest";
import type { Drivers } from "../../src/model/drivers";
import { asText, driversOf, signedPoints, why } from "../../src/model/drivers";
import { byRisk, neighboursOf } from "../../src/model/neighbours";
import { areaData, combGeometry } from "../area-fixture";
import { geometry } from "../fixture";

const ENGLAND = ["for ", { name: "England" }];
const sentence = (drivers: Drivers | null): string => (drivers ? asText(why(drivers, ENGLAND)) : "");

function drivers(weights: number[], scores: number[], averages: number[]): Drivers | null {
  const { components } = areaData().index;
  const many = scores.map((_, i) => ({ ...components[0], name: `c${i}`, title: `Part ${i}`, column: String(i), weight: weights[i] }));
  return driversOf(
    many,
    weights,
    (column) => scores[Number(column)],
    (column) => averages[Number(column)],
  );
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
    expect(neighboursOf(combGeometry(), 0).map(({ row, border }) => [row, border])).toEqual(Array.from({ length: 12 }, (_, i) => [12 - i, 10 * (12 - i)]));
  });

  it("are put in the order of risk, those without a rank last", () => {
    const ranks = [NaN, 3, 1, 1];
    const all = ranks.map((_, row) => ({ row, border: row }));
    expect(byRisk(all, (row) => ranks[row]).map(({ row }) => row)).toEqual([2, 3, 1, 0]);
  });
});
