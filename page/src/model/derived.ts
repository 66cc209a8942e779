/** Columns that follow from others, so that the page need not carry them: residents of 65 and over, lack of support. */
import type { Table } from "./table";

/** As `SHARE_DECIMALS` in `pipeline/atlas/page.py`. */
const PER_SHARE = 1e4;

export function addOlder(table: Table): void {
  if (!["population_total", "population_65_to_74", "population_75_plus"].every((column) => table.has(column))) return;
  const total = table.numbers("population_total");
  const younger = table.numbers("population_65_to_74");
  const oldest = table.numbers("population_75_plus");
  const older = younger.map((people, row) => people + oldest[row]);
  table.add("population_65_plus", older);
  table.add(
    "share_65_plus",
    older.map((people, row) => roundEven((people / total[row]) * PER_SHARE) / PER_SHARE),
  );
}

/** Lack of support and unmet need, where a page of many areas leaves them out; the formulas are those of `pipeline/act/listing.py`. */
export function addNeed(table: Table): void {
  if (!table.has("capacity_score") || !table.has("people_at_risk")) return;
  const capacity = table.numbers("capacity_score");
  const people = table.numbers("people_at_risk");
  const lack = capacity.map((score) => 1 - score / 100);
  if (!table.has("lack_of_support")) table.add("lack_of_support", lack);
  if (!table.has("unmet_need"))
    table.add(
      "unmet_need",
      people.map((number, row) => number * lack[row]),
    );
}

/** To the nearest whole number, halves to the even one, as NumPy rounds. */
function roundEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
