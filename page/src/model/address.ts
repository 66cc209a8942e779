/** What the reader is looking at, kept in the fragment of the address so that it can be bookmarked and restored. */

import type { Measure } from "./larger";
import { MEASURES } from "./larger";

export interface View {
  zoom: number;
  lat: number;
  lon: number;
}

/** Views below the map, by their names in the address. */
export type Shown = "table" | "act" | "programmes" | "places" | "levels" | "changes";

const SHOWN: readonly Shown[] = ["table", "act", "programmes", "places", "levels", "changes"];

export interface State {
  /** The larger areas that the map is coloured by or that are listed, and whether by something else than the mean risk. */
  level: string | null;
  by: Measure;
  layer: string | null;
  area: string | null;
  view: View | null;
  /** What is open below the map. */
  show: Shown | null;
  /** Conditions, as `filter.ts` writes them. */
  filter: string;
  /** The area that others are compared with. */
  pinned: string | null;
  /** The layer beside the divider, and the divider's place, 0 to 1. */
  beside: string | null;
  divide: number;
  /** Changed weights, as `what-if.ts` writes them. */
  whatIf: string | null;
  /** Pounds that a plan may cost in a year. */
  budget: number | null;
  /** Kinds of symbols on the map, as `symbols.ts` writes them; null for those that the page shows by itself. */
  places: string | null;
}

export function parseState(fragment: string): State {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ""));
  return {
    layer: parameters.get("layer"),
    level: parameters.get("level"),
    by: MEASURES.find((name) => name === parameters.get("by")) ?? "mean",
    area: parameters.get("area"),
    view: parseView(parameters.get("at")),
    show: SHOWN.find((name) => name === parameters.get("show")) ?? null,
    filter: parameters.get("filter") ?? "",
    pinned: parameters.get("pinned"),
    beside: parameters.get("beside"),
    divide: parseShare(parameters.get("divide")),
    whatIf: parameters.get("weights"),
    budget: parseBudget(parameters.get("budget")),
    places: parameters.get("places"),
  };
}

const KEYS: ReadonlySet<string> = new Set([
  "layer",
  "level",
  "by",
  "area",
  "show",
  "filter",
  "pinned",
  "beside",
  "divide",
  "weights",
  "budget",
  "places",
  "at",
  "embed",
]);

/** What of a fragment no page has, in words. */
export function unreadState(fragment: string): string[] {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ""));
  const show = parameters.get("show");
  const at = parameters.get("at");
  const by = parameters.get("by");
  const budget = parameters.get("budget");
  return [
    ...[...parameters.keys()].filter((key) => !KEYS.has(key)).map((key) => `“${key}”`),
    ...(show !== null && !SHOWN.some((name) => name === show) ? [`the view “${show}”`] : []),
    ...(at !== null && !parseView(at) ? [`the place “${at}”`] : []),
    ...(by !== null && !MEASURES.some((name) => name === by) ? [`the measure “${by}”`] : []),
    ...(budget !== null && parseBudget(budget) === null ? [`the budget “${budget}”`] : []),
  ];
}

/** Whether an address asks for more than a layer and a view, or for something that cannot be read. */
export function asksForMore(state: State, fragment: string): boolean {
  return unreadState(fragment).length > 0 || formatState({ ...state, layer: null, view: null }) !== formatState(parseState(""));
}

/** Whole pounds, as `formatState` writes them. */
function parseBudget(text: string | null): number | null {
  return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : null;
}

function parseShare(text: string | null): number {
  const share = Number(text ?? NaN);
  return share >= 0 && share <= 1 ? share : 0.5;
}

function parseView(text: string | null): View | null {
  const parts = text?.split("/") ?? [];
  if (parts.length !== 3 || parts.some((part) => part.trim() === "")) return null;
  const [zoom, lat, lon] = parts.map(Number);
  const sensible = zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
  return sensible ? { zoom, lat, lon } : null;
}

export function formatState(state: State): string {
  const parameters = new URLSearchParams();
  if (state.layer !== null) parameters.set("layer", state.layer);
  if (state.level !== null) {
    parameters.set("level", state.level);
    if (state.by !== "mean") parameters.set("by", state.by);
  }
  if (state.area !== null) parameters.set("area", state.area);
  if (state.show !== null) parameters.set("show", state.show);
  if (state.filter) parameters.set("filter", state.filter);
  if (state.pinned !== null) parameters.set("pinned", state.pinned);
  if (state.beside !== null) {
    parameters.set("beside", state.beside);
    parameters.set("divide", state.divide.toFixed(2));
  }
  if (state.whatIf !== null) parameters.set("weights", state.whatIf);
  if (state.budget !== null) parameters.set("budget", String(state.budget));
  if (state.places !== null) parameters.set("places", state.places);
  let fragment = parameters.toString();
  if (state.view) {
    const { zoom, lat, lon } = state.view;
    fragment += `${fragment ? "&" : ""}at=${Number(zoom.toFixed(2))}/${lat.toFixed(5)}/${lon.toFixed(5)}`;
  }
  return fragment;
}
