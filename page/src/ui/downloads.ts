/** Buttons that save what the page shows as files. */
import { count } from "../model/format";
import { button, el } from "./dom";

export interface DownloadHooks {
  csv: () => void;
  /** What the columns of the table mean. */
  dictionary: () => void;
  geoJson: () => void;
  picture: () => void;
}

export class Downloads {
  readonly element: HTMLDetailsElement;
  readonly #what = el("p", { class: "atlas-note" });

  readonly #csv: HTMLButtonElement;
  readonly #geoJson: HTMLButtonElement;

  constructor(hooks: DownloadHooks) {
    this.#csv = button("Table (CSV)", "atlas-quiet", hooks.csv);
    this.#geoJson = button("Areas (GeoJSON)", "atlas-quiet", hooks.geoJson);
    this.element = el(
      "details",
      { class: "atlas-section" },
      el("summary", {}, "Save"),
      el(
        "div",
        { class: "atlas-section-body" },
        this.#what,
        el(
          "div",
          { class: "atlas-row" },
          this.#csv,
          button("Dictionary (CSV)", "atlas-quiet", hooks.dictionary),
          this.#geoJson,
          button("Picture of the map (PNG)", "atlas-quiet", hooks.picture),
        ),
      ),
    );
  }

  /** Of how many areas the files will be, and by what scores. */
  show(areas: number, all: number, changed: string): void {
    this.#csv.disabled = this.#geoJson.disabled = areas === 0;
    this.#what.textContent = !areas
      ? "No area meets all the conditions, so there is none to save."
      : areas === all
        ? `The files hold all ${count(all)} areas, or those you choose above.`
        : `The files hold the ${count(areas)} chosen areas.`;
    if (areas && changed) this.#what.append(` ${changed}`);
  }
}
