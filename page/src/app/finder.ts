/** The search, with what it finds: places there from the beginning, and those that come later. */
import { townsOf } from "../map/labels";
import { PlaceIndex } from "../model/find";
import type { Postcodes } from "../model/postcodes";
import type { Support, SupportPlace } from "../model/support";
import type { Page } from "../scoring/page";
import { Search } from "../views/search/search";
import type { Actions } from "./actions";

export class Finder {
  readonly search: Search;
  #postcodes: Postcodes | null = null;
  #support: readonly SupportPlace[] = [];
  /** Made when somebody searches. */
  #index: PlaceIndex | null = null;

  /** @param showPlace shows a support place on the map. */
  constructor({ data, areas, store }: Page, { rowAt, goTo, say }: Actions, showPlace: (place: SupportPlace) => void) {
    const towns = (): { name: string; row: number }[] =>
      townsOf(data).flatMap(({ name, lon, lat }) => {
        const row = rowAt(lon, lat);
        return row === null ? [] : [{ name, row }];
      });
    this.search = new Search(
      () => (this.#index ??= new PlaceIndex(areas, { postcodes: this.#postcodes, towns: towns(), support: this.#support })),
      (place) => {
        if (place.support) showPlace(place.support);
        else goTo(place);
      },
      (place) => {
        store.suggested.value = place?.rows ?? [];
      },
      say,
    );
  }

  setPostcodes(postcodes: Postcodes): void {
    this.#postcodes = postcodes;
    this.#index = null;
  }

  setSupport({ places }: Support): void {
    this.#support = places;
    this.#index = null;
  }
}
