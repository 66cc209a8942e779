/** What the page shows at the moment, and what that leaves true of its layers, columns and sentences. */
import type { AtlasData, ColumnInfo, LayerInfo } from "../model/contract";
import { count } from "../model/format";
import type { Table, Texts } from "../model/table";
import type { Reference } from "../model/what-if";

/** While weights or the comparison are changed; everything is as published otherwise. */
export interface Changed {
  /** Some weight is; otherwise only what areas are compared with. */
  weights: boolean;
  reference: Reference;
  /** How many areas are ranked among each other, where that are only those of the filter. */
  among: number | null;
}

/** Columns that the index makes, so that other weights make others. */
const BY_INDEX: ReadonlySet<string> = new Set(["score", "components", "certainty", "exclusion", "programmes", "drivers"]);
/** Of these groups, what depends on the index's indicators only. */
const WHATEVER_WEIGHTS: ReadonlySet<string> = new Set(["indicators_missing"]);
const TENTHS: ReadonlySet<string> = new Set(["risk_decile", "exclusion_decile"]);

export function followsIndex({ name, group }: Pick<ColumnInfo, "name" | "group">): boolean {
  return BY_INDEX.has(group) && !WHATEVER_WEIGHTS.has(name);
}

/** "changed weights" or "a changed comparison" */
export function changeInWords({ weights }: Changed): string {
  return weights ? "changed weights" : "a changed comparison";
}

/** What is said of a number that only the published index has. */
export function notKnown(changed: Changed): string {
  return `not known with ${changeInWords(changed)}`;
}

/** "compared with all of England" */
export function comparedWith({ nation, reference: published }: Pick<AtlasData, "nation" | "reference">, changed: Changed | null = null): string {
  const reference = changed?.reference ?? published;
  if (reference === "england") return `compared with all of ${nation.title}`;
  if (reference === "area" || changed?.among == null) return "compared within this area";
  return `compared within the ${count(changed.among)} chosen areas`;
}

/** Columns that stand for those of the page, and which of them say nothing. */
export interface Replacement {
  columns: ReadonlyMap<string, Float64Array | Texts>;
  unknown: ReadonlySet<string>;
}

/** Other scores in place of the published ones; what follows from the index and is not among them is not known. */
export function replacement(scored: ReadonlyMap<string, Float64Array | Texts>, infos: readonly ColumnInfo[], published: Table): Replacement {
  const { rows } = published;
  const nothing = new Float64Array(rows).fill(NaN);
  const columns = new Map(scored);
  for (const info of infos) {
    if (!followsIndex(info) || columns.has(info.name)) continue;
    columns.set(info.name, info.type === "string" ? { values: [], codes: new Int32Array(rows).fill(-1) } : nothing);
  }
  const unknown = [...columns].filter(([, values]) => (values instanceof Float64Array ? values.every(Number.isNaN) : values.codes.every((code) => code < 0)));
  return { columns, unknown: new Set(unknown.map(([name]) => name).filter((name) => published.holds(name))) };
}

/** A layer with the words, and the thirds, that hold of what the page shows. */
export function layerNow(
  layer: LayerInfo,
  now: { changed: Changed | null; unknown: ReadonlySet<string>; againstNation: boolean },
  table: Table,
  nation: string,
): LayerInfo {
  const { changed, unknown, againstNation } = now;
  // Areas are held against the average of the map where the nation is not what they are compared with.
  const sentence =
    againstNation || !["main_driver", "points_to"].includes(layer.column) ? layer.sentence : layer.sentence.replaceAll(nation, "the average of this map");
  if (!changed) return { ...layer, sentence };
  if (unknown.has(layer.column) || (layer.column_by !== null && unknown.has(layer.column_by))) {
    const none = notKnown(changed);
    return { ...layer, sentence: `This layer is ${none}.`, missing: `${none.charAt(0).toUpperCase()}${none.slice(1)}` };
  }
  if (changed.among !== null && TENTHS.has(layer.column)) {
    const areas = `${count(changed.among)} chosen areas`;
    return {
      ...layer,
      sentence: `Tenths of the ${areas} among each other; other areas have none.`,
      unit: "tenth of the chosen areas",
      missing: "Not among the chosen areas",
    };
  }
  if (layer.kind !== "pairs" || !layer.column_by) return { ...layer, sentence };
  return { ...layer, sentence, bounds: thirds(table.numbers(layer.column)), bounds_by: thirds(table.numbers(layer.column_by)) };
}

/** The numbers below which a third and two thirds lie, between two where it falls between them, as NumPy has it. */
export function thirds(values: Float64Array): [number, number] {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  };
  return [at(1 / 3), at(2 / 3)];
}
