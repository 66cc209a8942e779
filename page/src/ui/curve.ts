/** A curve of what more of something reaches: points joined by a line from none; the last has its number. */
import { estimate } from "../model/format";
import { el, svg } from "./dom";

const LEFT = 8;
const TOP = 22;
const BOTTOM = 22;
const DOT = 3.5;

export interface Curve {
  /** Above the drawing, and the beginning of what is said instead of it. */
  title: string;
  /** What is said instead of the drawing. */
  said: string;
  /** Of the drawing; `right` is what is left free beside the last point. */
  width: number;
  height: number;
  right: number;
  /** How much, and the people whom that reaches; none reaches nobody. */
  points: readonly { much: number; people: number }[];
  /** At the two ends of the axis. */
  ends: readonly [string, string];
}

export function drawCurve({ title, said, width, height, right, points, ends }: Curve): HTMLElement {
  const last = points[points.length - 1];
  const most = Math.max(...points.map(({ people }) => people)) || 1;
  const x = (much: number): number => LEFT + (much / last.much) * (width - LEFT - right);
  const y = (people: number): number => height - BOTTOM - (people / most) * (height - TOP - BOTTOM);
  const label = (text: string, left: number, top: number, anchor: string): SVGElement =>
    svg("text", { x: String(left), y: String(top), "text-anchor": anchor }, text);
  const line = [{ much: 0, people: 0 }, ...points].map(({ much, people }) => `${x(much)} ${y(people)}`).join("L");
  const drawing = svg(
    "svg",
    { class: "atlas-curve", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${title}: ${said}` },
    svg("path", { class: "atlas-curve-axis", d: `M${LEFT} ${height - BOTTOM}H${width - right}` }),
    svg("path", { class: "atlas-curve-line", d: `M${line}` }),
    ...points.map(({ much, people }) => svg("circle", { class: "atlas-curve-dot", cx: String(x(much)), cy: String(y(people)), r: String(DOT) })),
    label(ends[0], LEFT, height - 6, "start"),
    label(ends[1], width - right, height - 6, "end"),
    label(estimate(last.people), width - right, y(last.people) - 8, "end"),
  );
  return el("figure", { class: "atlas-curve-figure" }, el("figcaption", {}, title), drawing);
}
