import type { Place, PlaceIndex } from "../../model/find";
import { plural } from "../../model/format";
import { el, words } from "../../ui/dom";

const SUGGESTIONS = 12;

/** A text box with suggestions, following the ARIA combobox pattern. */
export class Search {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #list = el("ul", { id: "atlas-suggestions", role: "listbox", "aria-label": "Places", hidden: "" });
  readonly #index: () => PlaceIndex;
  readonly #choose: (place: Place) => void;
  readonly #preview: (place: Place | null) => void;
  readonly #say: (text: string) => void;
  #found: Place[] = [];
  #active = -1;

  constructor(index: () => PlaceIndex, choose: (place: Place) => void, preview: (place: Place | null) => void, say: (text: string) => void) {
    this.#index = index;
    this.#choose = choose;
    this.#preview = preview;
    this.#say = say;
    this.#input = el("input", {
      id: "atlas-search",
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      placeholder: "Postcode, place or library",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": "atlas-suggestions",
    });
    this.element = el("div", { class: "atlas-search", role: "search" }, el("label", { for: "atlas-search" }, "Find a place"), this.#input, this.#list);
    this.#input.addEventListener("input", () => {
      this.#suggest();
    });
    this.#input.addEventListener("keydown", (event) => {
      this.#key(event);
    });
    this.#input.addEventListener("blur", () => {
      this.#close();
    });
    // The box keeps the focus while the list is clicked, so that leaving it closes the list.
    this.#list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
    });
  }

  #suggest(): void {
    const query = this.#input.value;
    this.#found = this.#index().find(query, SUGGESTIONS);
    this.#active = -1;
    this.#input.removeAttribute("aria-activedescendant");
    this.#list.replaceChildren(
      ...this.#found.map((place, number) => {
        const option = el(
          "li",
          { id: `atlas-suggestion-${number}`, role: "option", "aria-selected": "false" },
          el("span", { class: "atlas-suggestion-name" }, words(place.name)),
          " ",
          el(
            "span",
            { class: "atlas-suggestion-detail" },
            words(place.detail),
            place.rows.length < 2 || place.kind === "sector" ? null : ` · ${plural(place.rows.length, "area", "areas")}`,
          ),
        );
        option.addEventListener("click", () => {
          this.#take(number);
        });
        return option;
      }),
    );
    const none = this.#index().missing(query) ?? "No place found";
    if (query.trim() && !this.#found.length) {
      this.#list.append(el("li", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, none));
    }
    const open = query.trim() !== "";
    this.#list.hidden = !open;
    this.#input.setAttribute("aria-expanded", String(open));
    if (open) this.#say(this.#found.length ? plural(this.#found.length, "suggestion", "suggestions") : none);
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (this.#list.hidden) this.#suggest();
      if (!this.#found.length) return;
      event.preventDefault();
      const places = this.#found.length + 1;
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#activate(((this.#active + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter") {
      if (this.#list.hidden || !this.#found.length) return;
      event.preventDefault();
      const number = this.#active >= 0 ? this.#active : this.#meant();
      if (number === null) this.#say(`${plural(this.#found.length, "suggestion", "suggestions")}: choose one with the arrow keys`);
      else this.#take(number);
    } else if (event.key === "Escape") {
      if (this.#list.hidden) this.#input.value = "";
      this.#close();
    }
  }

  /** The only one that can be meant: null where several can, or where what was typed only begins like them. */
  #meant(): number | null {
    const exact = this.#found.filter((place) => place.exact);
    if (exact.length === 1) return this.#found.indexOf(exact[0]);
    const half = this.#found.some(({ kind }) => kind === "postcode" || kind === "sector");
    return exact.length === 0 && this.#found.length === 1 && !half ? 0 : null;
  }

  #activate(number: number): void {
    this.#active = number;
    Array.from(this.#list.children).forEach((option, position) => {
      option.setAttribute("aria-selected", String(position === number));
      if (position === number) option.scrollIntoView({ block: "nearest" });
    });
    if (number < 0) this.#input.removeAttribute("aria-activedescendant");
    else this.#input.setAttribute("aria-activedescendant", `atlas-suggestion-${number}`);
    this.#preview(this.#found[number] ?? null);
  }

  #take(number: number): void {
    const place = this.#found[number];
    this.#input.value = place.name;
    this.#close();
    this.#choose(place);
  }

  #close(): void {
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
    this.#active = -1;
    this.#preview(null);
  }
}
