/** What a layer or a column says about an area, in words. */
import { classesOf } from "./classes";
import type { AtlasData, ColumnInfo, LayerInfo } from "./contract";
import { about, columnValue, MISSING, unitOf } from "./format";
import { measured } from "./larger";
import { isLarger, unitAt } from "./larger-layer";
import type { Table } from "./table";

export class Values {
  readonly #columns = new Map<string, ColumnInfo>();
  readonly #classes = new Map<string, Uint8Array>();
  readonly #table: Table;
  /** Columns that say nothing now, and what is said in their place. */
  #unknown: { columns: ReadonlySet<string>; text: string } = { columns: new Set(), text: MISSING };

  constructor(data: AtlasData, table: Table) {
    this.#table = table;
    for (const column of data.columns) this.#columns.set(column.name, column);
  }

  info(column: string): ColumnInfo | undefined {
    return this.#columns.get(column);
  }

  /** The class of each area on a layer, worked out once until the table changes. */
  classes(layer: LayerInfo): Uint8Array {
    if (isLarger(layer)) return layer.larger.classes;
    let classes = this.#classes.get(layer.id);
    if (!classes) {
      classes = classesOf(layer, this.#table);
      this.#classes.set(layer.id, classes);
    }
    return classes;
  }

  /** After the table's numbers were replaced: columns that say nothing now, and what is said in their place. */
  forget(unknown: ReadonlySet<string> = new Set(), text = MISSING): void {
    this.#classes.clear();
    this.#unknown = { columns: unknown, text };
  }

  /** With its unit if that is a word. */
  column(info: ColumnInfo, row: number): string {
    const value = this.#table.value(info.name, row);
    if (value === null && this.#unknown.columns.has(info.name)) return this.#unknown.text;
    if (typeof value === "number" && info.quantity === "estimated people") return `${about(value)} people`;
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
    if (isLarger(layer)) {
      const { measure } = layer.larger;
      return measured(measure, unitAt(layer, row)?.[measure].value ?? NaN);
    }
    const number = this.classes(layer)[row];
    if (number >= layer.classes.length) return layer.missing === "No data" ? MISSING : layer.missing.charAt(0).toLowerCase() + layer.missing.slice(1);
    const { label } = layer.classes[number];
    const info = this.#columns.get(layer.column);
    if (!info || layer.kind !== "range" || info.quantity === "decile") return label;
    return columnValue(info, this.#table.value(layer.column, row));
  }
}
