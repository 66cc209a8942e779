/** The view of the map as a picture to put into a report: title, map, legend and sources. */
import type { LegendEntry } from "./classes";
import type { SymbolKind } from "./symbol";
import { paintSymbol, UNITS } from "./symbol";

export interface Caption {
  title: string;
  /** Below the title: what is shown, and whether weights were changed. */
  lines: readonly string[];
  legend: readonly LegendEntry[];
  /** Of the symbols on the map. */
  symbols: readonly SymbolKind[];
  sources: string;
}

const MARGIN = 24;
const INK = "#1d2733";
const PAPER = "#ffffff";
const GREY = "#b9bec4";
const FONT = "system-ui, 'Segoe UI', Arial, sans-serif";
const SMALL = 13;
const LINE = 20;

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
  const title = measured(`600 22px ${FONT}`, caption.title);
  const lines = caption.lines.flatMap((line) => measured(`15px ${FONT}`, line));
  const sources = measured(`${SMALL - 1}px ${FONT}`, caption.sources);
  context.font = `${SMALL}px ${FONT}`;
  const entries = [
    ...caption.legend.map(({ label, colour }) => ({ label, mark: colour ?? GREY })),
    ...caption.symbols.map((kind) => ({ label: kind.title, mark: kind })),
  ].map((entry) => ({ ...entry, width: 26 + context.measureText(entry.label).width + 18 }));
  const rows: (typeof entries)[] = [[]];
  let used = 0;
  for (const entry of entries) {
    if (used + entry.width > inner && used > 0) {
      rows.push([]);
      used = 0;
    }
    rows[rows.length - 1].push(entry);
    used += entry.width;
  }
  const top = MARGIN + title.length * 30 + lines.length * LINE + 8;
  const height = top + map.height / ratio + 16 + rows.length * 24 + 8 + sources.length * 16 + MARGIN;
  page.width = Math.round(width * ratio);
  page.height = Math.round(height * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = PAPER;
  context.fillRect(0, 0, width, height);
  context.fillStyle = INK;
  context.textBaseline = "top";
  let y = MARGIN;
  context.font = `600 22px ${FONT}`;
  for (const line of title) context.fillText(line, MARGIN, (y += 30) - 30);
  context.font = `15px ${FONT}`;
  for (const line of lines) context.fillText(line, MARGIN, (y += LINE) - LINE);
  context.drawImage(map, MARGIN, top, map.width / ratio, map.height / ratio);
  context.strokeStyle = GREY;
  context.lineWidth = 1;
  context.strokeRect(MARGIN + 0.5, top + 0.5, map.width / ratio - 1, map.height / ratio - 1);
  y = top + map.height / ratio + 16;
  context.font = `${SMALL}px ${FONT}`;
  for (const row of rows) {
    let x = MARGIN;
    for (const entry of row) {
      if (typeof entry.mark === "string") {
        context.fillStyle = entry.mark;
        context.fillRect(x, y, 18, 14);
        context.strokeRect(x + 0.5, y + 0.5, 17, 13);
      } else {
        context.save();
        context.translate(x + 9, y + 7);
        paintSymbol(context, entry.mark, 18 / UNITS, false);
        context.restore();
      }
      context.fillStyle = INK;
      context.fillText(entry.label, x + 26, y + 1);
      x += entry.width;
    }
    y += 24;
  }
  y += 8;
  context.font = `${SMALL - 1}px ${FONT}`;
  for (const line of sources) context.fillText(line, MARGIN, (y += 16) - 16);
  return page;
}
