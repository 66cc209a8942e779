import type { ColumnInfo } from "./contract";

const plurals = new Intl.PluralRules("en-GB", { type: "ordinal" });
const suffixes: Record<string, string> = { one: "st", two: "nd", few: "rd" };
const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const numberFormats = new Map<string, Intl.NumberFormat>();

export const MISSING = "no data";

export function count(value: number): string {
  return whole.format(value);
}

/** Estimates of people below this are to the nearest ten, from here to the nearest hundred. */
const COARSE_FROM = 1000;
const FINE = 10;
const COARSE = 100;

/** An estimated number of people, with no more figures than it is worth; as `round_people` in Python. */
export function roundPeople(people: number): number {
  const step = people < COARSE_FROM - FINE / 2 ? FINE : COARSE;
  return Math.floor(people / step + 0.5) * step;
}

/** An estimated number of people in figures: "310", "17,000"; too few to be worth a number: "under 10". */
export function estimate(people: number): string {
  return people > 0 && people < FINE ? `under ${FINE}` : count(roundPeople(people));
}

/** The same in a sentence: "about 310", "under 10". */
export function about(people: number): string {
  const figures = estimate(people);
  return figures.startsWith("under") ? figures : `about ${figures}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function ordinal(value: number): string {
  return `${whole.format(value)}${suffixes[plurals.select(value)] ?? "th"}`;
}

export function rankOf(rank: number, total: number): string {
  if (Number.isNaN(rank)) return "Not ranked";
  const shared = Number.isInteger(rank) ? "" : "joint ";
  return `${shared}${ordinal(Math.floor(rank))} of ${count(total)}`;
}

/** A decile in words; decile 1 is the most at risk. */
export function tenth(decile: number): string {
  if (!(decile >= 1 && decile <= 10)) return "";
  const fromEnd = decile <= 5 ? decile : 11 - decile;
  const end = decile <= 5 ? "most" : "least";
  return fromEnd === 1 ? `${end} at-risk tenth` : `${ordinal(fromEnd)} ${end} at-risk tenth`;
}

export function decimal(value: number, decimals: number, percent = false): string {
  const key = `${decimals}${percent ? "%" : ""}`;
  let format = numberFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat("en-GB", {
      style: percent ? "percent" : "decimal",
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    numberFormats.set(key, format);
  }
  return format.format(value);
}

export function columnValue(info: ColumnInfo, value: string | number | null): string {
  if (value === null) return MISSING;
  if (typeof value === "string") return value;
  // Only shared ranks are halves.
  if (info.quantity === "tied rank" && Number.isInteger(value)) return count(value);
  return decimal(value, info.decimals, info.percent);
}

/** The unit, where it says more than the formatted number already does. */
export function unitOf(info: Pick<ColumnInfo, "unit" | "percent" | "type">): string {
  return info.percent || info.type === "string" ? "" : info.unit;
}

export function day(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(date);
}

export function plural(number: number, one: string, many: string): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}
