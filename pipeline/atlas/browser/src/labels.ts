/** Names of districts, and of wards further in, so that the map can be read without a street map behind it. */
import type { Geometry } from "./geometry";
import type { Frame } from "./paint";
import type { Table } from "./table";

export interface Label {
  text: string;
  x: number;
  y: number;
  /** Grid units across. */
  width: number;
}

const LONGEST = 40;

/** One label for each name of a column, at the middle of its areas, widest first. */
export function labelsOf(geometry: Geometry, table: Table, name: string): Label[] {
  const column = table.column(name);
  if (column?.kind !== "text") return [];
  const size = column.values.length;
  const weight = new Float64Array(size);
  const sumX = new Float64Array(size);
  const sumY = new Float64Array(size);
  const west = new Float64Array(size).fill(Infinity);
  const east = new Float64Array(size).fill(-Infinity);
  for (let area = 0; area < geometry.areas; area++) {
    const code = column.codes[area];
    const [w, s, e, n] = geometry.areaBoxes.subarray(4 * area, 4 * area + 4);
    if (code < 0 || w > e) continue;
    const part = Math.max(1, (e - w) * (n - s));
    weight[code] += part;
    sumX[code] += (part * (w + e)) / 2;
    sumY[code] += (part * (s + n)) / 2;
    west[code] = Math.min(west[code], w);
    east[code] = Math.max(east[code], e);
  }
  const labels: Label[] = [];
  for (let code = 0; code < size; code++) {
    if (!weight[code]) continue;
    labels.push({
      text: shorten(column.values[code]),
      x: sumX[code] / weight[code],
      y: sumY[code] / weight[code],
      width: east[code] - west[code],
    });
  }
  return labels.sort((a, b) => b.width - a.width);
}

function shorten(text: string): string {
  const characters = Array.from(text);
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join("")}…` : text;
}

export interface LabelStyle {
  font: string;
  height: number;
  colour: string;
  halo: string;
  /** How wide a name may be, as a share of the width of its place. */
  room: number;
}

interface Taken {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Draws the labels that fit their place and do not touch one drawn before. */
export function paintLabels(
  context: CanvasRenderingContext2D,
  frame: Frame,
  labels: readonly Label[],
  style: LabelStyle,
  taken: Taken[],
): void {
  context.font = style.font;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  for (const label of labels) {
    const x = label.x * frame.scale + frame.left;
    const y = frame.top - label.y * frame.scale;
    if (x < 0 || y < 0 || x > frame.width || y > frame.height) continue;
    if (label.width * frame.scale < 24) continue;
    const width = context.measureText(label.text).width;
    if (width > label.width * frame.scale * style.room) continue;
    const box = { left: x - width / 2 - 4, right: x + width / 2 + 4, top: y - style.height, bottom: y + style.height };
    const crowded = taken.some(
      (other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top,
    );
    if (crowded) continue;
    taken.push(box);
    context.strokeStyle = style.halo;
    context.strokeText(label.text, x, y);
    context.fillStyle = style.colour;
    context.fillText(label.text, x, y);
  }
}
