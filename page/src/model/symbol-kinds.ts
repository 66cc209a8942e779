/** What stands on the map as a symbol: each kind of support place, proposed sites and stories, with its shape and ink. */
import type { AtlasData, PlaceKind } from "./contract";

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
export const WHEELS = "M-7 9.5a2.4 2.4 0 1 0 4.8 0a2.4 2.4 0 1 0-4.8 0ZM2.2 9.5a2.4 2.4 0 1 0 4.8 0a2.4 2.4 0 1 0-4.8 0Z";
/** Its tip is at the middle of the lower edge. */
const PIN = "M0 12C-2.5 7-9.5 3-9.5-3.5A9.5 9.5 0 0 1 9.5-3.5C9.5 3 2.5 7 0 12Z";
/** A bubble of speech, with its tip where that of the pin is. */
const BUBBLE = "M-10-10H10V4H4L0 12L-3 4H-10Z";
export const LINES = "M-6-5.5H6M-6-1H3";
export const PIN_INK = "#101820";
const STORY_INK = "#5c0f5f";

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
