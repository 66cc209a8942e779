import { describe, expect, it } from "vitest";
import type { Component, IndexInfo } from "../../src/model/contract";
import type { Problem, Scored } from "../../src/model/scored";
import { rankScores } from "../../src/scoring/ranking";
import { Scorer } from "../../src/scoring/score";
import type { Case, Columns } from "../scoring-cases";
import { cases, tableOf } from "../scoring-cases";

function scorerOf({ index, columns, nation, reference }: Pick<Case, "index" | "columns" | "nation" | "reference">): Scorer {
  return new Scorer(index, tableOf(columns), nation, reference);
}

function good(result: Scored | Problem): Scored {
  if ("problem" in result) throw new Error(result.problem);
  return result;
}

const bad = (result: Scored | Problem): string => ("problem" in result ? result.problem : "");
const numbers = (values: readonly (number | null)[]): number[] => values.map((value) => value ?? NaN);
const away = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => (Number.isNaN(value) && Number.isNaN(b[i]) ? most : Math.max(most, Math.abs(value - b[i]))), 0);

describe.each(cases)("the engine's own result: $name", (page) => {
  const selection = Uint8Array.from(page.selection);
  const zScores = page.index.normalisation === "z-score";

  it.each(page.runs)("with $weights against $reference", ({ weights, reference, expected }) => {
    const result = scorerOf(page).score(weights, reference, selection);
    if (zScores && reference === "england") {
      expect(bad(result)).toContain("standard deviations");
      return;
    }
    if (!expected) {
      expect(bad(result)).not.toBe("");
      return;
    }
    const scored = good(result);
    expect(away(scored.score, numbers(expected.score))).toBeLessThan(1e-6);
    expect(Array.from(scored.rank)).toEqual(numbers(expected.rank));
    expect(Array.from(scored.decile)).toEqual(numbers(expected.decile));
  });

  it("is the same where a part of it was prepared", () => {
    const scorer = scorerOf(page);
    const steps = scorer.prepare();
    steps.next();
    const weights = page.index.components.map((_, i) => i + 1);
    const halfway = scorer.score(weights, scorer.own, null);
    while (!steps.next().done);
    const prepared = scorer.score(weights, scorer.own, null);
    const plain = scorerOf(page).score(weights, scorer.own, null);
    expect(halfway).toEqual(plain);
    expect(prepared).toEqual(plain);
  });

  it("is what the page came with, under its own weights and comparison", () => {
    if (zScores) return;
    const scorer = scorerOf(page);
    const scored = good(scorer.score(scorer.published, scorer.own, null));
    expect(away(scored.score, numbers(page.columns.risk_score as number[]))).toBeLessThan(1e-8);
    expect(Array.from(scored.rank)).toEqual(page.columns.risk_rank);
    expect(Array.from(scored.decile)).toEqual(page.columns.risk_decile);
  });
});

describe("what cannot be scored is said", () => {
  const [page] = cases;
  const all = new Uint8Array(page.selection.length).fill(1);

  it("no weight at all, a negative one, too few", () => {
    const scorer = scorerOf(page);
    expect(bad(scorer.score([0, 0, 0], "area", null))).toContain("Every weight is 0");
    expect(bad(scorer.score([1, -1, 1], "area", null))).toContain("do not fit");
    expect(bad(scorer.score([1, NaN, 1], "area", null))).toContain("do not fit");
    expect(bad(scorer.score([1, 1], "area", null))).toContain("do not fit");
  });

  it("weights counted as they are that total more than 1", () => {
    const sums = cases.find(({ index }) => index.aggregation === "weighted-sum" && index.normalisation !== "z-score") ?? page;
    expect(bad(scorerOf(sums).score([0.6, 0.6, 0], "area", null))).toContain("may not be more than 1");
  });

  it("a part that is the same everywhere, unless it has no weight", () => {
    const flat = { ...page, columns: { ...page.columns, four: page.columns.four.map(() => 2) } };
    const scorer = scorerOf(flat);
    expect(bad(scorer.score([1, 1, 1], "area", null))).toContain("“third” is the same in all 25 areas");
    const scored = good(scorer.score([1, 1, 0], "area", null));
    expect(scored.components[2].every((value) => Number.isNaN(value))).toBe(true);
    expect(scored.count).toBe(25);
  });

  it("a selection of one area or of none", () => {
    const one = all.map((_, row) => (row === 4 ? 1 : 0));
    expect(bad(scorerOf(page).score([1, 1, 1], "selection", one))).toContain("only one area");
    expect(bad(scorerOf(page).score([1, 1, 1], "selection", new Uint8Array(all.length)))).toContain("no value for any");
  });

  it("a column that the page does not hold", () => {
    const columns = Object.fromEntries(Object.entries(page.columns).filter(([name]) => name !== "four"));
    const scorer = scorerOf({ ...page, columns });
    expect(scorer.obstacle("area")).toContain("four");
    expect(scorer.obstacle("england")).toBeNull();
    expect(good(scorer.score([1, 2, 3], "england", null)).count).toBe(25);
  });

  it("gaps that the index leaves none of, or that the page cannot fill", () => {
    const columns = { ...page.columns, one: page.columns.one.map((value, row) => (row ? value : null)) };
    expect(bad(scorerOf({ ...page, columns }).score([1, 1, 1], "area", null))).toContain("“first” has no value for 1 area");
    const index: IndexInfo = { ...page.index, missing: "impute", impute_by: null };
    expect(bad(scorerOf({ ...page, columns, index }).score([1, 1, 1], "area", null))).toContain("does not hold");
  });

  it("leaves an area without a value unranked where gaps are passed over", () => {
    const columns = { ...page.columns, three: page.columns.three.map((value, row) => (row ? value : null)) };
    const index: IndexInfo = { ...page.index, missing: "reweight" };
    const scored = good(scorerOf({ ...page, columns, index }).score([0, 1, 0], "area", null));
    expect([scored.score[0], scored.rank[0], scored.decile[0], scored.count]).toEqual([NaN, NaN, NaN, 24]);
  });
});

describe("comparisons", () => {
  const [page] = cases;

  it("offers one for a page of the whole nation, and none that the page does not hold", () => {
    const rows = page.selection.length;
    expect(scorerOf(page).references).toEqual(["england", "area", "selection"]);
    expect(scorerOf({ ...page, nation: { title: "the nation", areas: rows } }).references).toEqual(["england", "selection"]);
    expect(scorerOf({ ...page, reference: "area" }).references).toEqual(["area", "selection"]);
    expect(bad(scorerOf({ ...page, reference: "area" }).score([1, 1, 1], "england", null))).toContain("rest of the nation");
  });

  it("takes no selection for all areas, and notices a selection that changed in place", () => {
    const scorer = scorerOf(page);
    const whole = good(scorer.score([1, 2, 3], "area", null));
    expect(good(scorer.score([1, 2, 3], "selection", null)).rank).toEqual(whole.rank);
    const selection = Uint8Array.from(page.selection);
    const before = good(scorer.score([1, 2, 3], "selection", selection));
    selection.fill(1);
    expect(good(scorer.score([1, 2, 3], "selection", selection)).rank).toEqual(whole.rank);
    expect(before.count).toBeLessThan(whole.count);
    expect(Array.from(before.rank).filter((rank) => !Number.isNaN(rank))).toHaveLength(before.count);
  });
});

describe("ranks", () => {
  const codes = (): Int32Array => Int32Array.of(3, 2, 1, 0);

  it("takes scores for equal that differ by noise, each from the next", () => {
    const score = Float64Array.of(0.3, 0.1 + 0.2, 0.3 - 2e-9, 0.3 + 1e-9);
    expect(Array.from(rankScores(score, "min", codes).rank)).toEqual([1, 1, 4, 1]);
    expect(Array.from(rankScores(score, "average", codes).rank)).toEqual([2, 2, 4, 2]);
    expect(Array.from(rankScores(score, "code", codes).rank)).toEqual([3, 2, 4, 1]);
    for (const ties of ["min", "average", "code"] as const) {
      expect(Array.from(rankScores(score, ties, codes).average)).toEqual([2, 2, 4, 2]);
    }
  });

  it("gives none where there is no score", () => {
    const ranked = rankScores(Float64Array.of(NaN, 5, NaN, 7), "min", codes);
    expect(Array.from(ranked.rank)).toEqual([NaN, 2, NaN, 1]);
    expect(Array.from(ranked.decile)).toEqual([NaN, 10, NaN, 5]);
    expect(rankScores(new Float64Array(0), "min", codes).count).toBe(0);
  });
});

it("scores all England again with other weights, each area once", () => {
  const rows = 33_755;
  const random = (() => {
    let seed = 1;
    return () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  })();
  const columns: Columns = { lsoa21_code: Array.from({ length: rows }, (_, row) => `E${String(row).padStart(8, "0")}`) };
  const components: Component[] = Array.from({ length: 9 }, (_, i) => {
    columns[`i${i}`] = Array.from({ length: rows }, () => (i % 3 ? random() : Math.floor(random() * 10)));
    const indicators: Component["indicators"] = [{ column: `i${i}`, direction: 1, weight: 1, why: "", normalisation: "percentile", against_meaning: null }];
    return { name: `c${i}`, title: `C${i}`, weight: 1, why: "", column: `c${i}`, aggregation: "arithmetic", indicators };
  });
  const index: IndexInfo = { ...cases[0].index, components };
  const scorer = scorerOf({ index, columns, nation: { title: "England", areas: rows }, reference: "england" });
  const weights = components.map((_, i) => 0.25 * i);
  good(scorer.score(weights, "england", null));
  const scored = good(
    scorer.score(
      weights.map((weight) => weight + 0.25),
      "england",
      null,
    ),
  );
  expect(scored.count).toBe(rows);
  expect(scored.decile.filter((decile) => decile === 1).length).toBe(Math.floor(rows / 10));
  const first = scored.rank.indexOf(1);
  expect(scored.score[first]).toBe(scored.score.reduce((most, score) => Math.max(most, score)));
});
