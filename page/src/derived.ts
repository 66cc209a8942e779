/** Columns that follow from others, so that the page need not carry them: residents of 65 and over, and their share. */
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

/** To the nearest whole number, halves to the even one, as NumPy rounds. */
function roundEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
