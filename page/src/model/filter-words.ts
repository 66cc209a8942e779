/** Conditions and what they leave, in words. */
import type { AtlasData, ColumnInfo } from "./contract";
import type { Bound, Filter, OneOf, Totals } from "./filter";
import { columnValue, count, plural } from "./format";
import type { Identities } from "./identity";
import type { Table } from "./table";

const DRIVER = "main_driver";

/** Totals of some areas in words: "12 of 624 areas · 18,400 people · 4,210 aged 65 and over". */
export function totalsInWords({ areas, people, older }: Totals, all: number): string {
  const first = areas === all ? `All ${plural(all, "area", "areas")}` : `${count(areas)} of ${plural(all, "area", "areas")}`;
  return [first, plural(people, "person", "people"), `${count(older)} aged 65 and over`].join(" · ");
}

export class FilterWords {
  /** Columns of numbers that a condition can be on. */
  readonly numeric: readonly ColumnInfo[];
  readonly #identities: Identities;
  readonly #infos: ReadonlyMap<string, ColumnInfo>;

  constructor({ columns }: Pick<AtlasData, "columns">, table: Table, identities: Identities) {
    this.#identities = identities;
    this.#infos = new Map(columns.map((info) => [info.name, info]));
    this.numeric = columns.filter(({ name, type }) => type !== "string" && table.has(name) && !name.startsWith("indicators_missing"));
  }

  /** One sentence's part for each condition. */
  all({ oneOf, bounds }: Filter): string[] {
    return [...oneOf.map((condition) => this.choice(condition)), ...bounds.map((bound) => this.bound(bound))];
  }

  choice({ column, values }: OneOf): string {
    const about = this.#identities.about(column);
    return `${this.#title(column)}: ${values.map((value) => about?.label(value) ?? value).join(" or ")}`;
  }

  bound({ column, side, value }: Bound): string {
    const info = this.info(column);
    const shown = info ? columnValue({ ...info, decimals: info.percent ? 1 : Number.isInteger(value) ? 0 : 2 }, value) : String(value);
    return `${this.#title(column)}: ${side === "least" ? "at least" : "at most"} ${shown}`;
  }

  info(column: string): ColumnInfo | undefined {
    return this.numeric.find(({ name }) => name === column);
  }

  #title(column: string): string {
    return this.#identities.about(column)?.title ?? this.#infos.get(column)?.title ?? (column === DRIVER ? "Main driver" : column);
  }
}
