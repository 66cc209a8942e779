import type { LayerInfo } from "../../model/contract";
import { follow } from "../../model/store";
import type { Page } from "../../scoring/page";
import { el, words } from "../../ui/dom";

const GROUP_TITLES: Record<string, string> = {
  overall: "Overall",
  act: "Where to act",
  support: "Support",
  components: "What makes up the risk",
  indicators: "Indicators",
  context: "Background",
  together: "Two at once",
};

export function groupTitle(group: string): string {
  return Object.hasOwn(GROUP_TITLES, group) ? GROUP_TITLES[group] : group.charAt(0).toUpperCase() + group.slice(1);
}

/** Layers by group, groups in the order of their first layer. */
export function byGroup(layers: readonly LayerInfo[]): Map<string, LayerInfo[]> {
  const groups = new Map<string, LayerInfo[]>();
  for (const layer of layers) groups.set(layer.group, [...(groups.get(layer.group) ?? []), layer]);
  return groups;
}

/** One set of radio buttons across the groups, over the map, folded away until the reader asks for it. */
export class LayersControl {
  readonly element: HTMLDetailsElement;
  readonly #inputs = new Map<string, HTMLInputElement>();
  readonly #current = words("", "atlas-current-layer");
  readonly #body = el("div", { class: "atlas-layers-body" });
  readonly #first: HTMLElement;
  /** The id of the layer that is shown. */
  #checked = "";

  constructor(page: Page, narrow: MediaQueryList, choose: (id: string) => void) {
    this.element = el(
      "details",
      { class: "atlas-layers" },
      el("summary", {}, "More layers", el("span", { class: "atlas-hidden" }, ". Shown: ", this.#current)),
    );
    const { data, showing } = page;
    let number = 0;
    for (const [group, members] of byGroup(data.layers)) {
      const fieldset = el("fieldset", {}, el("legend", {}, words(groupTitle(group))));
      for (const layer of members) {
        const id = `atlas-layer-${number++}`;
        const input = el("input", { type: "radio", name: "atlas-layer", id, value: layer.id });
        input.addEventListener("change", () => {
          choose(layer.id);
          if (narrow.matches) this.element.open = false;
        });
        this.#inputs.set(layer.id, input);
        fieldset.append(el("div", { class: "atlas-choice" }, input, el("label", { for: id }, words(layer.title))));
      }
      this.#body.append(fieldset);
    }
    this.#first = this.#body.firstElementChild as HTMLElement;
    this.#body.append(stripesChoice(page));
    this.element.append(this.#body);
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.element.open) return;
      event.stopPropagation();
      this.element.open = false;
      this.element.querySelector("summary")?.focus();
    });
    document.addEventListener("pointerdown", (event) => {
      if (event.target instanceof Node && !this.element.contains(event.target)) this.element.open = false;
    });
    follow(
      () => showing.layer.value,
      ({ id, title }) => {
        const input = this.#inputs.get(id);
        if (input) input.checked = true;
        this.#checked = id;
        this.#current.textContent = title;
      },
    );
  }

  /** More of the same choice, behind the first group: they need not be there with the first picture. */
  add(element: HTMLElement, inputs: ReadonlyMap<string, HTMLInputElement>): void {
    for (const [id, input] of inputs) {
      input.checked = id === this.#checked;
      this.#inputs.set(id, input);
    }
    this.#first.after(element);
  }
}

/** Whether areas are striped of which it is not sure that they are in the worst tenth, where the layer has such. */
function stripesChoice({ store, showing }: Page): HTMLElement {
  const wanted = el("input", { type: "checkbox", id: "atlas-stripes" });
  wanted.addEventListener("change", () => {
    store.stripes.value = wanted.checked;
  });
  const choice = el("div", { class: "atlas-choice" }, wanted, el("label", { for: "atlas-stripes" }, "Stripes where the worst tenth is not sure"));
  follow(
    () => ({ apply: showing.stripesApply.value, striped: store.stripes.value }),
    ({ apply, striped }) => {
      choice.hidden = !apply;
      wanted.checked = striped;
    },
  );
  return choice;
}
