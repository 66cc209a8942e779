/** What a layer or a column says about an area, in words. */
import type { AtlasData, ColumnInfo, LayerInfo } from "./data";
import type { Table } from "./table";
import { NO_DATA } from "./classes";
import { MISSING, columnValue, unitOf } from "./format";

export class Values {
  readonly #columns = new Map<string, ColumnInfo>();
  readonly #table: Table;

  constructor(data: AtlasData, table: Table) {
    this.#table = table;
    for (const column of data.columns) if (!column.name.startsWith("class:")) this.#columns.set(column.name, column);
  }

  info(column: string): ColumnInfo | undefined {
    return this.#columns.get(column);
  }

  /** With its unit if that is a word. */
  column(info: ColumnInfo, row: number): string {
    const value = this.#table.value(info.name, row);
    const unit = value === null ? "" : unitOf(info);
    return `${columnValue(info, value)}${/^\p{L}+$/u.test(unit) ? ` ${unit}` : ""}`;
  }

  /** What a column means, with its unit if that takes more than a word. */
  meaning(info: ColumnInfo): string {
    const unit = unitOf(info);
    return [info.description, unit.includes(" ") ? unit : ""].filter((part) => Boolean(part)).join(" · ");
  }

  /** The short form: of a layer whose classes are its values, the class; of others the number. */
  layer(layer: LayerInfo, row: number): string {
    const number = this.#table.number(layer.class_of, row);
    const label = number >= 0 && number < NO_DATA ? (layer.classes[number]?.label ?? MISSING) : MISSING;
    const info = this.#columns.get(layer.column);
    if (!info) return label;
    const value = this.#table.value(layer.column, row);
    return typeof value === "number" && !layer.column.includes("decile") ? columnValue(info, value) : label;
  }
}
