/** Which places a list holds, by kind, by what they offer and by words. */
import { normalise } from "./find";
import type { PlaceSpot, Spot } from "./spots";

const OFFERS: Record<string, string> = {
  devices: "Devices",
  data: "Data",
  skills: "Skills",
  "somewhere to go": "Somewhere to go",
  remote: "Help from afar",
};
const collator = new Intl.Collator("en-GB", { numeric: true });

export interface Wanted {
  /** The id of a kind, or empty for all. */
  kind: string;
  offer: string;
  words: string;
}

/** What an offer is called where it stands alone. */
export function offerTitle(offer: string): string {
  return Object.hasOwn(OFFERS, offer) ? OFFERS[offer] : offer.charAt(0).toUpperCase() + offer.slice(1);
}

/** "devices, skills, help from afar" */
export function offersInWords(offers: readonly string[]): string {
  return offers.map((offer) => (Object.hasOwn(OFFERS, offer) ? OFFERS[offer].toLowerCase() : offer)).join(", ");
}

/** All that some places offer, the known ones in their order before others. */
export function offersOf(spots: readonly PlaceSpot[]): string[] {
  const found = new Set(spots.flatMap(({ place }) => place.offers));
  const known = Object.keys(OFFERS).filter((offer) => found.delete(offer));
  return [...known, ...[...found].sort(collator.compare)];
}

/** A search for places by words of their names, postcodes and kinds, with or without the blank of a postcode. */
export class PlaceSearch {
  readonly #spots: readonly PlaceSpot[];
  readonly #texts: readonly string[];

  constructor(spots: readonly PlaceSpot[]) {
    this.#spots = spots;
    this.#texts = spots.map(({ name, kind, place }) => {
      const postcode = place.postcode ?? "";
      return ` ${normalise([name, kind.one, postcode, postcode.replaceAll(" ", "")].join(" "))}`;
    });
  }

  find({ kind, offer, words }: Wanted): PlaceSpot[] {
    const parts = normalise(words).split(" ").filter(Boolean);
    return this.#spots.filter(
      (spot, number) =>
        (kind === "" || spot.kind.id === kind) &&
        (offer === "" || spot.place.offers.includes(offer)) &&
        parts.every((part) => this.#texts[number].includes(` ${part}`)),
    );
  }
}

export function byName(a: Spot, b: Spot): number {
  return collator.compare(a.name, b.name);
}

export function byKind(a: Spot, b: Spot): number {
  return collator.compare(a.kind.title, b.kind.title) || byName(a, b);
}
