/** The areas on the map, which follow what is chosen. */
import type { Mark } from "../map/canvas-layer";
import { CanvasLayer } from "../map/canvas-layer";
import { namesOf, townsOf } from "../map/labels";
import { Land } from "../map/land";
import type { Groups } from "../map/paint";
import type { Geometry } from "../model/geometry";
import { isLarger, unitAt } from "../model/larger-layer";
import type { Level } from "../model/levels";
import { follow } from "../model/store";
import type { Page } from "../scoring/page";
import { onOtherColours, readStyle } from "./map-style";

/** Levels whose borders stand out as those of districts do. */
const LARGE: ReadonlySet<Level> = new Set<Level>(["lad", "sicbl", "icb"]);

export function canvasOf(page: Page, land: Geometry | null): CanvasLayer {
  const { data, table, geometry, areas, levels, store, showing } = page;
  const canvas = new CanvasLayer(
    { geometry, districts: () => areas.districtNumbers(), names: () => namesOf(geometry, table, townsOf(data)), land: land && new Land(land) },
    readStyle(),
    showing.colouring(showing.layer.peek()),
  );
  onOtherColours(() => {
    canvas.restyle(readStyle());
  });
  /** Of the level that is shown: the lines are drawn anew only for another one. */
  let grouped: { level: Level; groups: Groups } | null = null;
  const groupsOf = (level: Level): Groups => {
    if (grouped?.level !== level) grouped = { level, groups: { numbers: numbered(levels.idsOf(level)), wide: LARGE.has(level) } };
    return grouped.groups;
  };
  follow(
    () => showing.layer.value,
    (layer) => {
      canvas.colour(showing.colouring(layer), isLarger(layer) ? groupsOf(layer.larger.level) : null);
    },
  );
  follow(
    () => showing.beside.value,
    (layer) => {
      canvas.compare(layer ? showing.colouring(layer) : null, store.divide.peek());
    },
  );
  follow(
    () => store.divide.value,
    (share) => {
      canvas.divide(share);
    },
  );
  follow(
    () => store.included.value,
    (included) => {
      canvas.shade("included", included);
    },
  );
  follow(
    () => showing.stripes.value,
    (striped) => {
      canvas.shade("striped", striped);
    },
  );
  const mark = (name: Mark, rows: () => readonly number[]): void => {
    follow(rows, (marked) => {
      canvas.mark(name, marked);
    });
  };
  mark("pinned", () => one(store.pinned.value));
  mark("selected", () => one(store.selected.value));
  mark("found", () => store.outlined.value?.rows ?? []);
  mark("hovered", () => [...store.suggested.value, ...hovered(page)]);
  return canvas;
}

/** What is under the pointer: an area, or all of the place that the map shows there. */
function hovered({ store, showing }: Page): readonly number[] {
  const [row, larger] = [store.hovered.value, showing.larger.value];
  if (row === null || !larger) return one(row);
  return unitAt(larger, row)?.rows ?? [];
}

function one(row: number | null): number[] {
  return row === null ? [] : [row];
}

/** A number per area that is equal for areas of one place; -1 for none. */
function numbered(ids: readonly (string | null)[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(ids, (id) => {
    if (id === null) return -1;
    const number = numbers.get(id) ?? numbers.size;
    numbers.set(id, number);
    return number;
  });
}
