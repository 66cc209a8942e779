import type { ColumnInfo } from "./contract";

const plurals = new Intl.PluralRules("en-GB", { type: "ordinal" });
const suffixes: Record<string, string> = { one: "st", two: "nd", few: "rd" };
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const THOUSANDS = /\B(?=(?:\d{3})+$)/g;
/** Made when they are needed: the first of them takes a browser nearly as long as the picture of the map. */
const numberFormats = new Map<string, Intl.NumberFormat>();

export const MISSING = "no data";

export function count(value: number): string {
  return decimal(value, 0);
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
  return `${count(value)}${suffixes[plurals.select(value)] ?? "th"}`;
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

/** As `Intl.NumberFormat` of British English has it, halves away from zero. */
export function decimal(value: number, decimals: number, percent = false): string {
  // By its digits: 0.285 times 100 would be less than 28.5.
  const digits = String(Math.round(Number(`${Math.abs(value)}e${decimals + (percent ? 2 : 0)}`)));
  if (!/^\d+$/.test(digits)) return formatOf(decimals, percent).format(value);
  const padded = digits.padStart(decimals + 1, "0");
  const whole = padded.slice(0, padded.length - decimals).replace(THOUSANDS, ",");
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  return `${sign}${whole}${decimals ? `.${padded.slice(-decimals)}` : ""}${percent ? "%" : ""}`;
}

/** For numbers so large or small that their digits say less. */
function formatOf(decimals: number, percent: boolean): Intl.NumberFormat {
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
  return format;
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
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

export function plural(number: number, one: string, many: string): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}
