/** What the symbols of the map look like, as elements and on a canvas. */
import { count } from "../model/format";
import type { SymbolKind } from "../model/symbol-kinds";
import { LINES, PIN_INK, WHEELS } from "../model/symbol-kinds";
import { svg } from "../ui/dom";

/** A path in a square of 24 units around 0, 0. */
interface Part {
  path: string;
  role: "halo" | "shape" | "hollow" | "mark";
}

const WHITE = "#ffffff";
const NONE = "none";
const FONT = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Arial, sans-serif";
/** The width of a symbol as it is drawn here. */
export const UNITS = 24;
/** The least that a cluster stands for, and how wide it is then, in pixels. */
const CLUSTER_SIZES: readonly (readonly [number, number])[] = [
  [1000, 48],
  [100, 42],
  [10, 36],
  [0, 32],
];
/** Of the symbols on a cluster, in pixels. */
const KIND_SIZE = 13;
const HALO_WIDTH = 4;
const HOLLOW_WIDTH = 3;
const MARK_WIDTH = 2;

function partsOf({ shape, offersNow, mobile, subject }: SymbolKind): Part[] {
  const body = mobile ? `${shape}${WHEELS}` : shape;
  return [
    { path: body, role: "halo" },
    { path: shape, role: offersNow ? "shape" : "hollow" },
    ...(mobile ? [{ path: WHEELS, role: "shape" } as const] : []),
    ...(subject === "stories" ? [{ path: LINES, role: "mark" } as const] : []),
  ];
}

/** A symbol as an element, with a number in it where it has one. Words beside it say what it is. */
export function drawn(kind: SymbolKind, number?: number): SVGSVGElement {
  const element = svg("svg", { class: "atlas-symbol", viewBox: "-12 -12 24 24", "aria-hidden": "true", focusable: "false" });
  for (const { path, role } of partsOf(kind)) {
    const { fill, stroke, width } = paintOf(role, kind.ink, WHITE);
    element.append(
      svg("path", {
        class: `atlas-symbol-${role}`,
        d: path,
        fill,
        stroke,
        "stroke-width": String(width),
        "stroke-linejoin": "round",
        "stroke-linecap": "round",
      }),
    );
  }
  if (number !== undefined) element.append(svg("text", { class: "atlas-symbol-number", y: "0.5", "text-anchor": "middle", fill: WHITE }, String(number)));
  return element;
}

function paintOf(role: Part["role"], ink: string, paper: string): { fill: string; stroke: string; width: number } {
  if (role === "halo") return { fill: paper, stroke: paper, width: HALO_WIDTH };
  if (role === "hollow") return { fill: paper, stroke: ink, width: HOLLOW_WIDTH };
  if (role === "mark") return { fill: NONE, stroke: paper, width: MARK_WIDTH };
  return { fill: ink, stroke: NONE, width: 0 };
}

// --- on a canvas ---

const outlines = new Map<string, Path2D>();

function outlineOf(path: string): Path2D {
  let outline = outlines.get(path);
  if (!outline) {
    outline = new Path2D(path);
    outlines.set(path, outline);
  }
  return outline;
}

/** The same around the origin of a canvas, `scale` pixels to a unit; `forced`: in the colours that the reader's system wants. */
export function paintSymbol(context: CanvasRenderingContext2D, kind: SymbolKind, scale: number, forced: boolean, number?: number): void {
  const paper = forced ? "Canvas" : WHITE;
  context.save();
  context.scale(scale, scale);
  context.lineJoin = context.lineCap = "round";
  for (const { path, role } of partsOf(kind)) {
    const { fill, stroke, width } = paintOf(role, forced ? "CanvasText" : kind.ink, paper);
    const outline = outlineOf(path);
    context.lineWidth = width;
    context.strokeStyle = stroke;
    context.fillStyle = fill;
    if (fill !== NONE) context.fill(outline);
    if (stroke !== NONE) context.stroke(outline);
  }
  if (number !== undefined) {
    context.fillStyle = paper;
    context.font = `700 11px ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "alphabetic";
    context.fillText(String(number), 0, 0.5);
  }
  context.restore();
}

/** Across, in pixels, by how many it stands for. */
export function clusterSize(number: number): number {
  return CLUSTER_SIZES.find(([least]) => number >= least)?.[1] ?? 0;
}

/** A disc with a number around the origin, with the symbols of some kinds on its lower edge. */
export function paintCluster(context: CanvasRenderingContext2D, number: number, kinds: readonly SymbolKind[], forced: boolean): void {
  const [ink, paper] = forced ? ["CanvasText", "Canvas"] : [PIN_INK, WHITE];
  const radius = clusterSize(number) / 2;
  context.save();
  for (const [colour, shrink] of [
    [paper, 0],
    [ink, 1.5],
    [paper, 3.5],
  ] as const) {
    context.beginPath();
    context.arc(0, 0, radius - shrink, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
  }
  context.fillStyle = ink;
  context.font = `700 12px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(count(number), 0, kinds.length ? -1 : 0.5);
  kinds.forEach((kind, place) => {
    context.save();
    context.translate((place - (kinds.length - 1) / 2) * KIND_SIZE, radius - 1);
    paintSymbol(context, kind, KIND_SIZE / UNITS, forced);
    context.restore();
  });
  context.restore();
}
