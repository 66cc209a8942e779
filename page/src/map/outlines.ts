/** Outlines of marked areas, on a canvas no larger than these, for the mark under the pointer changes all the time. */
import { canvas, resize } from "./canvases";
import type { Frame, Lines } from "./paint";

export type Mark = "pinned" | "found" | "hovered" | "selected";
/** Later ones lie above. */
const MARKS = ["pinned", "found", "hovered", "selected"] as const;
/** Room around outlines for their width, in CSS pixels. */
const EDGE = 6;

export type OutlineInk = Record<Mark, readonly (readonly [string, number])[]>;

export class Outlines {
  readonly canvas = canvas("atlas-outlines");
  readonly #lines: Lines;
  readonly #marks: Record<Mark, ReadonlySet<number>> = {
    pinned: new Set(),
    found: new Set(),
    hovered: new Set(),
    selected: new Set(),
  };
  #at = L.point(0, 0);

  constructor(lines: Lines) {
    this.#lines = lines;
  }

  /** Where the canvas stands, in CSS pixels of the picture. */
  get at(): L.Point {
    return this.#at;
  }

  mark(mark: Mark, areas: Iterable<number>): void {
    this.#marks[mark] = new Set(areas);
  }

  draw(frame: Frame, ratio: number, ink: OutlineInk): void {
    const marked = MARKS.map((mark) => this.#marks[mark]);
    const part = this.#lines.part(frame, everyOf(marked), EDGE);
    this.#at = L.point(part?.left ?? 0, part?.top ?? 0);
    resize(this.canvas, L.point(part?.width ?? 0, part?.height ?? 0), ratio);
    const context = part ? this.canvas.getContext("2d") : null;
    if (!part || !context) return;
    context.scale(this.canvas.width / part.width, this.canvas.height / part.height);
    const { left, top } = part;
    const within = { ...frame, left: frame.left - left, top: frame.top - top, width: part.width, height: part.height };
    MARKS.forEach((mark, number) => {
      const areas = marked[number];
      if (areas.size) this.#lines.outline(context, within, areas, ink[mark], 1 / ratio);
    });
  }
}

function* everyOf(sets: readonly ReadonlySet<number>[]): Iterable<number> {
  for (const set of sets) yield* set;
}
