/** What stands on the map as a symbol: each kind of support place, proposed sites, stories; and what they look like. */
import type { AtlasData, PlaceKind } from "./contract";
import { svg } from "./dom";
import { count } from "./format";

export type Subject = "places" | "sites" | "stories";

export interface SymbolKind {
  /** As the address has it. */
  id: string;
  subject: Subject;
  /** "public library", "public libraries" in a sentence. */
  one: string;
  many: string;
  /** "Public libraries" at the start of a line. */
  title: string;
  /** Help with going online is offered now; symbols of others are hollow. */
  offersNow: boolean;
  /** Shown at a base, on wheels. */
  mobile: boolean;
  shape: string;
  ink: string;
}

/** A path in a square of 24 units around 0, 0. */
interface Part {
  path: string;
  role: "halo" | "shape" | "hollow" | "mark";
}

/** Told apart without colours, so that they can be told apart in grey. */
const SHAPES = [
  "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0Z",
  "M-7-7H7V7H-7Z",
  "M0-9.2L9 6.6H-9Z",
  "M0-9.6L9.6 0L0 9.6L-9.6 0Z",
  "M-3-8.5H3V-3H8.5V3H3V8.5H-3V3H-8.5V-3H-3Z",
  "M0-10L2.6-3.4L9.5-3.1L4.1 1.3L5.9 8.1L0 4.3L-5.9 8.1L-4.1 1.3L-9.5-3.1L-2.6-3.4Z",
  "M0 9.2L-9-6.6H9Z",
  "M-9.2 0L-4.6-8H4.6L9.2 0L4.6 8H-4.6Z",
  "M-8.1-3.9L-3.9-8.1L0-4.2L3.9-8.1L8.1-3.9L4.2 0L8.1 3.9L3.9 8.1L0 4.2L-3.9 8.1L-8.1 3.9L-4.2 0Z",
  "M-9 6.5V4A9 9 0 0 1 9 4V6.5Z",
];
/** As many as have no divisor in common with the shapes, so that a pair comes again only after seventy kinds. */
const INKS = ["#002f6c", "#7a0c2e", "#00502f", "#3c1a6e", "#6b3a00", "#00535c", "#2b2b2b"];
const WHEELS = "M-7 9.5a2.4 2.4 0 1 0 4.8 0a2.4 2.4 0 1 0-4.8 0ZM2.2 9.5a2.4 2.4 0 1 0 4.8 0a2.4 2.4 0 1 0-4.8 0Z";
/** Its tip is at the middle of the lower edge. */
const PIN = "M0 12C-2.5 7-9.5 3-9.5-3.5A9.5 9.5 0 0 1 9.5-3.5C9.5 3 2.5 7 0 12Z";
/** A bubble of speech, with its tip where that of the pin is. */
const BUBBLE = "M-10-10H10V4H4L0 12L-3 4H-10Z";
const LINES = "M-6-5.5H6M-6-1H3";
const PIN_INK = "#101820";
const STORY_INK = "#5c0f5f";

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

/** A title for the middle of a sentence: "public libraries", but "GP practices". */
export function inSentence(title: string): string {
  return /^\p{Lu}\p{Ll}/u.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}

function kindOfPlace({ id, title, plural, offers_now, mobile }: PlaceKind, number: number): SymbolKind {
  return {
    id,
    subject: "places",
    one: inSentence(title),
    many: inSentence(plural),
    title: plural,
    offersNow: offers_now,
    mobile,
    shape: SHAPES[number % SHAPES.length],
    ink: INKS[number % INKS.length],
  };
}

/** All kinds that a page has, in the order in which they are listed. */
export function symbolKinds({ support, sites, stories }: Pick<AtlasData, "support" | "sites" | "stories">): SymbolKind[] {
  const solid = { offersNow: true, mobile: false };
  return [
    ...(support?.kinds ?? []).map(kindOfPlace),
    ...(sites?.sites.length
      ? [{ id: "sites", subject: "sites" as const, one: "proposed site", many: "proposed sites", title: "Proposed sites", ...solid, shape: PIN, ink: PIN_INK }]
      : []),
    ...(stories.length
      ? [{ id: "stories", subject: "stories" as const, one: "story", many: "stories", title: "Stories", ...solid, shape: BUBBLE, ink: STORY_INK }]
      : []),
  ];
}

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
      svg("path", { class: `atlas-symbol-${role}`, d: path, fill, stroke, "stroke-width": String(width), "stroke-linejoin": "round", "stroke-linecap": "round" }),
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
  for (const [colour, shrink] of [[paper, 0], [ink, 1.5], [paper, 3.5]] as const) {
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
