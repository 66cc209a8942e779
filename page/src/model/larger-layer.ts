/** Larger areas as a layer of the map: each has one colour, by its mean risk or its share of people in the worst tenth. */
import { NO_DATA } from "./classes";
import type { AtlasData, LayerInfo, LegendClass } from "./contract";
import { rowsOf } from "./filter";
import { capital, decimal, plural } from "./format";
import type { Measure } from "./larger";
import { measured, rangeOf, withRange } from "./larger";
import type { Level, Levels, Unit } from "./levels";
import { levelInWords, partInWords, tenthOf } from "./levels";
import type { Table } from "./table";

/** A layer that is not of areas, with the class of each of them. */
export interface LargerLayer extends LayerInfo {
  larger: {
    level: Level;
    measure: Measure;
    /** Those with areas that meet the conditions. */
    units: readonly Unit[];
    /** Of each area of the page, its place among all units; -1 for none. */
    unitOf: Int32Array;
    all: readonly Unit[];
    /** Of each area, and of each of the units that are shown. */
    classes: Uint8Array;
    classesOfUnits: Uint8Array;
  };
}

export function isLarger(layer: LayerInfo): layer is LargerLayer {
  return "larger" in layer;
}

/** As `id` of a layer. */
export function layerOfLevel(level: Level): string {
  return `larger-${level}`;
}

/** Classes at most: few places lie close together, and finer ones would show differences that are within their ranges. */
const [OF_FEW, OF_MANY] = [6, 10];
const MANY_PLACES = 50;
/** Widths of classes that readers can count in, in points and in shares. */
const STEPS: Record<Measure, readonly number[]> = { mean: [0.5, 1, 2, 5, 10, 20], worst: [0.01, 0.02, 0.05, 0.1, 0.2] };
/** Of shares, a class of their own begins with none. */
const NONE = 0;

export interface Around {
  levels: Levels;
  table: Table;
  data: Pick<AtlasData, "nation" | "layers">;
  /** 1 for each area that meets the conditions; null where there are none. */
  included: Uint8Array | null;
}

/** The layer of the places of a level. */
export function largerLayer(level: Level, measure: Measure, { levels, table, data, included }: Around): LargerLayer {
  const all = levels.units(level);
  const units = included ? levels.units(level, rowsOf(included, table.rows)) : all;
  const place = new Map(all.map(({ id }, number) => [id, number]));
  const values = Float64Array.from(all, (unit) => unit[measure].value);
  // What conditions leave of a place may be another number.
  for (const unit of units) values[place.get(unit.id) ?? 0] = unit[measure].value;
  const scale = scaleOf(measure, values);
  const last = scale.labels.length - 1;
  const classOf = (value: number): number => (Number.isNaN(value) ? NO_DATA : last - scale.bounds.filter((bound) => bound < value).length);
  const ids = levels.idsOf(level);
  const unitOf = Int32Array.from(ids, (id) => (id === null ? -1 : (place.get(id) ?? -1)));
  const classes = Uint8Array.from(unitOf, (number) => (number < 0 ? NO_DATA : classOf(values[number])));
  const shown = new Map(units.map((unit) => [unit.id, unit]));
  return {
    ...wordsOf(level, measure, data.nation.title, table, units),
    id: layerOfLevel(level),
    column: measure === "mean" ? "risk_score" : tenthOf(table),
    group: "overall",
    worse: "high",
    missing: "Not known",
    column_by: null,
    pair: null,
    kind: "range",
    classes: coloured(scale.labels, data.layers[0].classes),
    bounds: scale.bounds,
    bounds_by: [],
    descending: true,
    larger: {
      level,
      measure,
      units,
      unitOf,
      all: all.map((unit) => shown.get(unit.id) ?? unit),
      classes,
      classesOfUnits: Uint8Array.from(units, (unit) => classOf(unit[measure].value)),
    },
  };
}

/** The place on the layer that an area lies in. */
export function unitAt({ larger: { unitOf, all } }: LargerLayer, row: number): Unit | null {
  return unitOf[row] < 0 ? null : all[unitOf[row]];
}

/** Bounds from the lowest class up, each belonging to the class below it, and labels from the highest down. */
function scaleOf(measure: Measure, values: Float64Array): { bounds: number[]; labels: string[] } {
  const there = values.filter((value) => !Number.isNaN(value));
  const shares = measure === "worst";
  if (!there.length) return { bounds: [], labels: [shares ? "0%" : "–"] };
  const [low, highest] = extremes(there);
  const lowest = shares ? NONE : low;
  const steps = STEPS[measure];
  const most = there.length > MANY_PLACES ? OF_MANY : OF_FEW;
  const from = (step: number): number => Math.floor(lowest / step + 1e-9);
  const to = (step: number): number => Math.max(Math.ceil(highest / step - 1e-9), from(step) + 1);
  const step = steps.find((width) => to(width) - from(width) <= most) ?? steps[steps.length - 1];
  const edges = Array.from({ length: to(step) - from(step) + 1 }, (_, number) => (from(step) + number) * step);
  const shown = (edge: number): string => decimal(shares ? 100 * edge : edge, step < 1 && !shares ? 1 : 0);
  const labels = edges.slice(1).map((edge, number) => `${shown(edges[number])} to ${shown(edge)}${shares ? "%" : ""}`);
  const some = shares && there.includes(NONE);
  if (some) labels[0] = `over ${labels[0]}`;
  return { bounds: [...(some ? [NONE] : []), ...edges.slice(1, -1)], labels: [...(some ? ["none"] : []), ...labels].reverse() };
}

function extremes(values: Float64Array): [number, number] {
  return values.reduce<[number, number]>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

/** Classes in colours from the worst end of others, as far apart as they can be. */
function coloured(labels: readonly string[], others: readonly LegendClass[]): LegendClass[] {
  const far = labels.length > 1 ? (others.length - 1) / (labels.length - 1) : 0;
  return labels.map((label, number) => ({ label, colour: others[Math.round(number * far)].colour }));
}

function wordsOf(level: Level, measure: Measure, nation: string, table: Table, units: readonly Unit[]): Pick<LayerInfo, "title" | "sentence" | "unit"> {
  const one = levelInWords(level, 1);
  const where = tenthInWords(table, nation);
  const [title, said, unit] = {
    mean: [`Mean risk by ${one}`, `The risk score of each ${one}, 0 to 100, as the mean over its people.`, "mean risk score"],
    worst: [`People in the worst tenth by ${one}`, `The share of each ${one}’s people who live in ${where}.`, "share of people"],
  }[measure];
  return { title, sentence: `${said} ${rangesInWords(units, measure)} Choose one to go down into it.`, unit };
}

/** "England’s most at-risk tenth", "the most at-risk tenth of this map" */
export function tenthInWords(table: Table, nation: string): string {
  return tenthOf(table) === "england_decile" ? `${nation}’s most at-risk tenth` : "the most at-risk tenth of this map";
}

/** What is said of ranges: what they are, or why there are none. */
export function rangesInWords(units: readonly Unit[], measure: Measure): string {
  const some = units.filter((unit) => rangeOf(measure, unit[measure])).length;
  if (some === units.length) return "Ranges are of nine of ten reasonable ways to calculate it.";
  const why = "worked out from the areas that are shown, so that no range is known";
  return some ? `Some are ${why}.` : `They are ${why}.`;
}

/** What is said of a place: "85 neighbourhoods", "Mean risk 53.2 (51.9 to 54.4)", "People in the worst tenth: 48% (43% to 57%)". */
export function unitInWords(unit: Unit): [string, string, string] {
  return [
    partInWords(unit) || plural(unit.rows.length, "neighbourhood", "neighbourhoods"),
    `Mean risk ${withRange("mean", unit.mean)}`,
    `People in the worst tenth: ${withRange("worst", unit.worst)}`,
  ];
}

/** A list of places beside the map: "8 districts, the highest mean risk first". */
export function orderInWords(level: Level, measure: Measure, number: number): string {
  const by = measure === "mean" ? "the highest mean risk first" : "the most people in the worst tenth first";
  return capital(`${plural(number, levelInWords(level, 1), levelInWords(level))}, ${by}`);
}

/** What a place has at the end of its row. */
export function figureOf(unit: Unit, measure: Measure): { figure: string; of: string } {
  return { figure: measured(measure, unit[measure].value), of: rangeOf(measure, unit[measure]) || (measure === "mean" ? "mean risk score" : "of its people") };
}

/** What the numbers of a legend are of: "district", "districts". */
export function countedOn(layer: LayerInfo): readonly [string, string] {
  return isLarger(layer) ? [levelInWords(layer.larger.level, 1), levelInWords(layer.larger.level)] : ["area", "areas"];
}
