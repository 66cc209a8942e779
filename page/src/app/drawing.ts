/** The areas on the map, which follow what is chosen. */
import type { Mark } from "../map/canvas-layer";
import { CanvasLayer } from "../map/canvas-layer";
import { namesOf, townsOf } from "../map/labels";
import { Land } from "../map/land";
import type { Geometry } from "../model/geometry";
import { follow } from "../model/store";
import type { Page } from "../scoring/page";
import { onOtherColours, readStyle } from "./map-style";

export function canvasOf(page: Page, land: Geometry | null): CanvasLayer {
  const { data, table, geometry, areas, store, showing } = page;
  const canvas = new CanvasLayer(
    { geometry, districts: areas.districtNumbers(), names: () => namesOf(geometry, table, townsOf(data)), land: land && new Land(land) },
    readStyle(),
    showing.colouring(showing.layer.peek()),
  );
  onOtherColours(() => {
    canvas.restyle(readStyle());
  });
  follow(
    () => showing.layer.value,
    (layer) => {
      canvas.colour(showing.colouring(layer));
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
      canvas.fade(included);
    },
  );
  follow(
    () => showing.stripes.value,
    (striped) => {
      canvas.stripe(striped);
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
  mark("hovered", () => [...store.suggested.value, ...one(store.hovered.value)]);
  return canvas;
}

function one(row: number | null): number[] {
  return row === null ? [] : [row];
}
