/** Answers for `test_what_if.py`: one JSON request a line, one JSON answer a line. */
import readline from "node:readline";
import { indexFile, Scorer } from "./scoring.mjs";

const pages = new Map();

function tableOf(columns) {
  const value = (column, row) => (Object.hasOwn(columns, column) ? columns[column][row] : null);
  return {
    rows: Object.values(columns)[0].length,
    has: (column) => Object.hasOwn(columns, column),
    number: (column, row) => (typeof value(column, row) === "number" ? value(column, row) : NaN),
    text: (column, row) => (typeof value(column, row) === "string" ? value(column, row) : null),
  };
}

const plain = (numbers) => Array.from(numbers, (number) => (Number.isNaN(number) ? null : number));

function answer({ ask, page, index, columns, nation, reference, weights, selection, made }) {
  if (ask === "open") {
    pages.set(page, new Scorer(index, tableOf(columns), nation, reference));
    return { references: pages.get(page).references };
  }
  if (ask === "file") return indexFile(index, weights, { ...made, on: new Date(made.on) });
  const start = performance.now();
  const result = pages.get(page).score(weights, reference, selection && Uint8Array.from(selection));
  const milliseconds = performance.now() - start;
  if ("problem" in result) return result;
  const { score, rank, decile, components } = result;
  return { score: plain(score), rank: plain(rank), decile: plain(decile), components: components.map(plain), milliseconds };
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
