/** Columns that follow from others, so that the page need not carry them: residents of 65 and over, lack of support. */
import { msoaOf } from "./place-names";
import type { Table } from "./table";

/** As `SHARE_DECIMALS` in `pipeline/atlas/page.py`. */
const PER_SHARE = 1e4;

export function addOlder(table: Table): void {
  if (!["population_total", "population_65_to_74", "population_75_plus"].every((column) => table.has(column))) return;
  // Whatever takes their place later on.
  const carried = table.published();
  const older = (): Float64Array => {
    const oldest = carried.numbers("population_75_plus");
    return carried.numbers("population_65_to_74").map((people, row) => people + oldest[row]);
  };
  table.derive("population_65_plus", older);
  table.derive("share_65_plus", () => {
    const total = carried.numbers("population_total");
    return older().map((people, row) => roundEven((people / total[row]) * PER_SHARE) / PER_SHARE);
  });
}

/** The MSOA that an area is named after, as `msoa_names` in Python: "Fenmouth 001" of "Fenmouth 001A". */
export function addMsoa(table: Table): void {
  if (!table.has("lsoa21_name") || table.has("msoa21_name")) return;
  const carried = table.published();
  table.deriveTexts("msoa21_name", () =>
    Array.from({ length: table.rows }, (_, row) => {
      const name = carried.text("lsoa21_name", row);
      return name === null ? null : msoaOf(name);
    }),
  );
}

/** Lack of support and unmet need, where a page of many areas leaves them out; the formulas are those of `pipeline/act/listing.py`. */
export function addNeed(table: Table): void {
  if (!table.has("capacity_score") || !table.has("people_at_risk")) return;
  const carried = table.published();
  const lack = (): Float64Array => carried.numbers("capacity_score").map((score) => 1 - score / 100);
  if (!table.has("lack_of_support")) table.derive("lack_of_support", lack);
  if (!table.has("unmet_need")) {
    table.derive("unmet_need", () => {
      const people = carried.numbers("people_at_risk");
      return lack().map((share, row) => people[row] * share);
    });
  }
}

/** To the nearest whole number, halves to the even one, as NumPy rounds. */
function roundEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
