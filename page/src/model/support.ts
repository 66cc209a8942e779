/** Places that offer or could offer help with going online, and which of them are nearest to each area. */
import type { PlaceKind, SupportInfo } from "./contract";
import { count, decimal } from "./format";
import { Table } from "./table";

export interface SupportPlace {
  row: number;
  kind: PlaceKind;
  name: string;
  offers: string[];
  opening: string | null;
  postcode: string | null;
  lon: number;
  lat: number;
}

export interface Near {
  place: SupportPlace;
  /** In the unit of the distances. */
  cost: number;
}

export class Support {
  readonly kinds: readonly PlaceKind[];
  readonly places: readonly SupportPlace[];
  readonly unit: SupportInfo["unit"];
  readonly #placeOf: ReadonlyMap<number, SupportPlace>;
  readonly #nearest: Table;
  readonly #areas: Table | null;
  readonly #listed: number;

  /** `areas`: the page's table, whose `nearest_<kind>_metres` (or `_minutes`) says how far the first is where `nearest` does not. */
  constructor(info: SupportInfo, places: Table, nearest: Table, areas: Table | null = null) {
    this.kinds = info.kinds;
    this.unit = info.unit;
    this.#listed = info.listed;
    this.#nearest = nearest;
    this.#areas = areas;
    const kinds = new Map(info.kinds.map((kind) => [kind.id, kind]));
    this.places = Array.from({ length: places.rows }, (_, row) => ({ row, kind: kinds.get(places.text("kind", row) ?? "") })).flatMap(({ row, kind }) =>
      kind
        ? [
            {
              row,
              kind,
              name: places.text("name", row) ?? "",
              offers: (places.text("offers", row) ?? "").split("; ").filter(Boolean),
              opening: places.text("opening", row),
              postcode: places.text("postcode", row),
              lon: places.number("lon", row),
              lat: places.number("lat", row),
            },
          ]
        : [],
    );
    this.#placeOf = new Map(this.places.map((place) => [place.row, place]));
  }

  /** From the unpacked bytes of the page's two tables. */
  static read(info: SupportInfo, places: Uint8Array, nearest: Uint8Array, areas: Table | null = null): Support {
    return new Support(info, Table.read(info.places.rows, places), Table.read(info.nearest.rows, nearest), areas);
  }

  /** The nearest places of a kind to an area, nearest first. */
  nearest(area: number, kind: string): Near[] {
    const found: Near[] = [];
    for (let number = 1; number <= this.#listed; number++) {
      const row = this.#nearest.number(`${kind}_${number}`, area);
      const place = this.#placeOf.get(row);
      if (place) found.push({ place, cost: this.#cost(area, kind, number) });
    }
    return found;
  }

  #cost(area: number, kind: string, number: number): number {
    const column = `${kind}_${number}_cost`;
    if (this.#nearest.has(column) || number > 1) return this.#nearest.number(column, area);
    return this.#areas?.number(`nearest_${kind}_${this.unit}`, area) ?? NaN;
  }

  /** The nearest place that offers help now, of any kind. */
  nearestNow(area: number): Near | null {
    const near = this.kinds.filter(({ offers_now, mobile }) => offers_now && !mobile).flatMap(({ id }) => this.nearest(area, id).slice(0, 1));
    return near.sort((a, b) => a.cost - b.cost).at(0) ?? null;
  }

  /** "850 m", "3.2 km" or "14 min". */
  distance(cost: number): string {
    if (this.unit === "minutes") return `${count(Math.round(cost))} min`;
    return cost < 995 ? `${count(Math.round(cost / 10) * 10)} m` : `${decimal(cost / 1000, 1)} km`;
  }
}
