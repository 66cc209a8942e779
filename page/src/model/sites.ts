/** Proposed sites in words and numbers. */
import type { SitesInfo } from "./contract";
import { about, capital, count, decimal, estimate, plural } from "./format";
import type { Site } from "./spots";
import { inSentence } from "./symbol-kinds";

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
/** What the solver's own rounding leaves of the gap of a plan that is proven. */
const PROVEN = 1e-6;
const FINEST_SHARE = 0.001;
/** Figures of an estimate that tell sites apart. */
const METRES = 1000;
export const ESTIMATED = "Numbers of people at risk are estimates, not counts.";

function inWords(number: number): string {
  return number < NUMBERS.length ? NUMBERS[number] : count(number);
}

/** "5 km", "800 m" or "20 minutes" */
export function wayInWords(way: number, unit: SitesInfo["unit"]): string {
  if (unit === "minutes") return Number.isInteger(way) || way >= 10 ? plural(Math.round(way), "minute", "minutes") : `${decimal(way, 1)} minutes`;
  if (way < METRES - 0.5) return `${count(way)} m`;
  return `${Number.isInteger(way / METRES) ? count(way / METRES) : decimal(way / METRES, 1)} km`;
}

/** "public libraries or GP practices" */
function places({ counted_in }: SitesInfo): string {
  return counted_in.map(inSentence).join(" or ") || "any place";
}

/** What all of them do together, and how good the plan is. */
export function planInWords(info: SitesInfo): string {
  const number = info.sites.length;
  const proven = info.gap <= PROVEN;
  const other = number === 1 ? "No other site" : `No other ${inWords(number)}`;
  const more = decimal(Math.max(info.gap, FINEST_SHARE), 1, true);
  const who = `${capital(inWords(number))} ${number === 1 ? "site" : "sites"} chosen among ${info.candidates}`;
  const together = info.sites.reduce((most, { covered_together }) => Math.max(most, covered_together), 0);
  const within = `within ${wayInWords(info.reach, info.unit)}`;
  const already = `${capital(about(info.already))} of ${estimate(info.people)} are within reach of ${places(info)} already.`;
  if (info.model === "p-median") {
    return [
      `${who} would shorten the way to the nearest of ${places(info)} and new sites${average(info)}.`,
      `They would bring ${about(together)} more people at risk ${within}.`,
      already,
      proven ? `${other} would shorten it more (proven).` : `Another choice could shorten it by at most ${more} more.`,
    ].join(" ");
  }
  return [
    `${who} would bring ${about(together)} more people at risk ${within} of a place that helps.`,
    already,
    proven ? `By this calculation ${other.toLowerCase()} would bring more (proven).` : `Another choice could bring at most ${more} more.`,
    "They are the places that reach most people now beyond reach, not those at the top of “Where to act”: a starting point for looking for premises.",
  ].join(" ");
}

function average({ way_saved, people, unit }: SitesInfo): string {
  if (typeof way_saved !== "number" || people <= 0) return "";
  const way = way_saved / people;
  return ` by ${wayInWords(unit === "metres" ? Math.round(way * METRES) : way, unit)} on average`;
}

/** What one of them does. */
export function siteInWords({ reach, unit }: SitesInfo, { order, newly_covered, covered_alone, covered_together }: Site): string[] {
  const [alone, together] = [covered_alone, covered_together].map(estimate);
  const than = order > 1 ? " than with the sites before it" : "";
  return [
    `${capital(about(newly_covered))} more people at risk within ${wayInWords(reach, unit)}${than}.`,
    `As the only new site: ${alone}. Together with those before it: ${together}.`,
  ];
}
