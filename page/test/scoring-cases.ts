/** The cases of `tests/fixtures/scoring-cases.json`, with what the engine gives for them. */
import { readFileSync } from "node:fs";
import type { AtlasData, IndexInfo } from "../src/model/contract";
import type { Reference } from "../src/model/what-if";
import type { ScoringTable } from "../src/scoring/score";

export type Columns = Record<string, (number | string | null)[]>;

export interface Case {
  name: string;
  index: IndexInfo;
  nation: { title: string; areas: number };
  reference: AtlasData["reference"];
  columns: Columns;
  selection: number[];
  runs: { weights: number[]; reference: Reference; expected: Record<"score" | "rank" | "decile", (number | null)[]> | null }[];
}

export const cases = JSON.parse(readFileSync("../tests/fixtures/scoring-cases.json", "utf8")) as Case[];

export function tableOf(columns: Columns): ScoringTable {
  const value = (column: string, row: number): number | string | null => (Object.hasOwn(columns, column) ? columns[column][row] : null);
  return {
    rows: Object.values(columns)[0].length,
    has: (column) => Object.hasOwn(columns, column),
    number: (column, row) => {
      const own = value(column, row);
      return typeof own === "number" ? own : NaN;
    },
    text: (column, row) => {
      const own = value(column, row);
      return typeof own === "string" ? own : null;
    },
  };
}
