/** The view of the map as a picture to put into a report: title, map, legend and sources. */
import type { LegendEntry } from "../model/classes";
import type { SymbolKind } from "../model/symbol-kinds";
import { paintSymbol, UNITS } from "./symbol";

/** What the colours of a layer mean. */
export interface Key {
  /** The layer and what its classes count. */
  heading: string;
  entries: readonly LegendEntry[];
  /** What stripes mean, where there are any. */
  stripes: string | null;
  /** Which end is worse. */
  worse: string;
}

/** A length on the ground, and how long it is on the map in pixels of the page. */
export interface Scale {
  text: string;
  pixels: number;
}

export interface Caption {
  title: string;
  /** Below the title: what is shown, and whether weights were changed. */
  lines: readonly string[];
  /** Of each layer on the map. */
  keys: readonly Key[];
  /** Of the symbols on the map. */
  symbols: readonly SymbolKind[];
  scale: Scale | null;
  /** Below the legend: how not to read the map, then where it comes from and of when it is. */
  notes: readonly string[];
}

const MARGIN = 24;
const INK = "#1d2733";
const PAPER = "#ffffff";
const GREY = "#b9bec4";
const FONT = "system-ui, 'Segoe UI', Arial, sans-serif";
const SMALL = 13;
const LINE = 20;
const ROW = 24;
const NOTE = 16;
const HEADING = `600 ${SMALL}px ${FONT}`;
const TEXT = `${SMALL}px ${FONT}`;
const FINE = `${SMALL - 1}px ${FONT}`;
const STRIPED = "striped";

type Mark = string | SymbolKind;
interface Entry {
  label: string;
  mark: Mark;
  width: number;
}

/** Words in lines of at most `width` pixels. */
export function wrap(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && measure(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  if (line) lines.push(line);
  return lines;
}

/** Whole kilometres or metres, 1, 2 or 5 times a power of ten, that take no more than `most` pixels. */
export function scaleOf(metresPerPixel: number, most: number): Scale | null {
  const metres = metresPerPixel * most;
  if (!(metres > 0 && Number.isFinite(metres))) return null;
  const power = 10 ** Math.floor(Math.log10(metres));
  const length = power * (metres / power >= 5 ? 5 : metres / power >= 2 ? 2 : 1);
  return { text: length >= 1000 ? `${length / 1000} km` : `${length} m`, pixels: length / metresPerPixel };
}

/** Entries in rows of at most `width` pixels. */
function inRows(entries: readonly Entry[], width: number): Entry[][] {
  const rows: Entry[][] = [];
  let used = Infinity;
  for (const entry of entries) {
    if (used + entry.width > width) {
      rows.push([]);
      used = 0;
    }
    rows[rows.length - 1].push(entry);
    used += entry.width;
  }
  return rows;
}

/** `map` with its caption, `ratio` of its pixels to one of the page. */
export function compose(map: HTMLCanvasElement, ratio: number, caption: Caption): HTMLCanvasElement {
  const width = Math.max(480, map.width / ratio) + 2 * MARGIN;
  const inner = width - 2 * MARGIN;
  const page = document.createElement("canvas");
  const context = page.getContext("2d");
  if (!context) return page;
  const measured = (font: string, text: string): string[] => {
    context.font = font;
    return wrap(text, inner, (part) => context.measureText(part).width);
  };
  const entry = (label: string, mark: Mark): Entry => {
    context.font = TEXT;
    return { label, mark, width: 26 + context.measureText(label).width + 18 };
  };
  const title = measured(`600 22px ${FONT}`, caption.title);
  const lines = caption.lines.flatMap((line) => measured(`15px ${FONT}`, line));
  const notes = caption.notes.map((note) => measured(FINE, note));
  const groups = caption.keys.map(({ heading, entries, stripes, worse }) => ({
    heading: measured(HEADING, heading),
    rows: inRows([...entries.map(({ label, colour }) => entry(label, colour ?? GREY)), ...(stripes === null ? [] : [entry(stripes, STRIPED)])], inner),
    below: worse ? measured(FINE, worse) : [],
  }));
  if (caption.symbols.length) {
    groups.push({
      heading: measured(HEADING, "Symbols"),
      rows: inRows(
        caption.symbols.map((kind) => entry(kind.title, kind)),
        inner,
      ),
      below: [],
    });
  }
  const legend = groups.reduce((sum, { heading, rows, below }) => sum + heading.length * LINE + rows.length * ROW + below.length * NOTE + 8, 0);
  const top = MARGIN + title.length * 30 + lines.length * LINE + 8;
  const height = top + map.height / ratio + 16 + legend + notes.reduce((sum, note) => sum + note.length * NOTE + 4, 0) + MARGIN;
  page.width = Math.round(width * ratio);
  page.height = Math.round(height * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = PAPER;
  context.fillRect(0, 0, width, height);
  context.fillStyle = INK;
  context.textBaseline = "top";
  let y = MARGIN;
  const write = (font: string, texts: readonly string[], step: number): void => {
    context.font = font;
    context.fillStyle = INK;
    for (const text of texts) context.fillText(text, MARGIN, (y += step) - step);
  };
  write(`600 22px ${FONT}`, title, 30);
  write(`15px ${FONT}`, lines, LINE);
  context.drawImage(map, MARGIN, top, map.width / ratio, map.height / ratio);
  context.strokeStyle = GREY;
  context.lineWidth = 1;
  context.strokeRect(MARGIN + 0.5, top + 0.5, map.width / ratio - 1, map.height / ratio - 1);
  if (caption.scale) paintScale(context, caption.scale, MARGIN + map.width / ratio - 12, top + map.height / ratio - 12);
  y = top + map.height / ratio + 16;
  for (const { heading, rows, below } of groups) {
    write(HEADING, heading, LINE);
    for (const row of rows) {
      let x = MARGIN;
      for (const { label, mark, width: wide } of row) {
        paintMark(context, mark, x, y);
        context.font = TEXT;
        context.fillStyle = INK;
        context.fillText(label, x + 26, y + 1);
        x += wide;
      }
      y += ROW;
    }
    write(FINE, below, NOTE);
    y += 8;
  }
  for (const note of notes) {
    write(FINE, note, NOTE);
    y += 4;
  }
  return page;
}

function paintMark(context: CanvasRenderingContext2D, mark: Mark, x: number, y: number): void {
  if (typeof mark !== "string") {
    context.save();
    context.translate(x + 9, y + 7);
    paintSymbol(context, mark, 18 / UNITS, false);
    context.restore();
    return;
  }
  context.fillStyle = mark === STRIPED ? PAPER : mark;
  context.fillRect(x, y, 18, 14);
  context.fillStyle = "#7c8289";
  // As on the map: a stripe of two pixels in every six.
  if (mark === STRIPED) for (let stripe = 2; stripe < 14; stripe += 6) context.fillRect(x, y + stripe, 18, 2);
  context.strokeStyle = GREY;
  context.strokeRect(x + 0.5, y + 0.5, 17, 13);
}

/** A bar with its length on the ground, its lower right corner at a point. */
function paintScale(context: CanvasRenderingContext2D, { text, pixels }: Scale, right: number, bottom: number): void {
  context.font = FINE;
  const wide = Math.max(pixels, context.measureText(text).width) + 16;
  context.fillStyle = PAPER;
  context.fillRect(right - wide, bottom - 30, wide, 30);
  context.fillStyle = INK;
  context.fillText(text, right - wide + 8, bottom - 26);
  context.strokeStyle = INK;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(right - wide + 8, bottom - 12);
  context.lineTo(right - wide + 8, bottom - 6);
  context.lineTo(right - wide + 8 + pixels, bottom - 6);
  context.lineTo(right - wide + 8 + pixels, bottom - 12);
  context.stroke();
}
