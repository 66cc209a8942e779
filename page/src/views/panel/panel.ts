import type { Spoken } from "../../model/area-sentence";
import { areaSentence } from "../../model/area-sentence";
import { Helps } from "../../model/helps";
import { KIND, Kinds } from "../../model/kinds";
import { METHOD_BESIDE } from "../../model/method";
import { follow } from "../../model/store";
import type { Support, SupportPlace } from "../../model/support";
import { changeInWords } from "../../scoring/now";
import type { Page } from "../../scoring/page";
import { button, el, words } from "../../ui/dom";
import type { ReadyForPaper } from "../../ui/share";
import { CopyLink, printArea } from "../../ui/share";
import { WhereToAct } from "./act";
import { Components } from "./components";
import { nodes, WhyAndWhatHelps } from "./help";
import { WhatKind } from "./kind";
import { Neighbours } from "./neighbours";
import { Numbers } from "./numbers";
import { Pinned, pinnedInWords } from "./pinned";
import { Standing } from "./standing";
import { storiesOf } from "./stories";
import { NearestSupport } from "./support";

/** What the panel asks of the page around it. */
export interface PanelHooks {
  /** The reader closes the panel. */
  close: () => void;
  /** Zooms the map to the area that is shown. */
  zoom: () => void;
  /** Selects an area and gives the panel the focus. */
  open: (row: number) => void;
  say: (text: string) => void;
  /** Has the map around the area that is shown, for paper; the answer gives it back to the screen. */
  readyForPaper: ReadyForPaper;
  /** Has the focus where what had it before the panel is gone, and where the reader goes back to the list. */
  backTo: (row: number | null) => HTMLElement;
  /** Shows a support place on the map. */
  showPlace: (place: SupportPlace) => void;
}

/** Everything the page knows of the area that is selected. */
export class Panel {
  readonly element = el("aside", { class: "atlas-panel", "aria-labelledby": "atlas-panel-title", hidden: "" });
  readonly #heading = el("h2", { id: "atlas-panel-title", tabindex: "-1" });
  readonly #about = el("div", { class: "atlas-panel-part" });
  readonly #parts = el("div", { class: "atlas-panel-part" });
  readonly #page: Page;
  readonly #hooks: PanelHooks;
  readonly #comparison: Pinned;
  readonly #standing: Standing;
  readonly #act: WhereToAct;
  readonly #kind: WhatKind;
  readonly #why: WhyAndWhatHelps;
  readonly #components: Components;
  readonly #neighbours: Neighbours;
  readonly #numbers: Numbers;
  readonly #support: NearestSupport;
  readonly #copyLink: CopyLink;
  readonly #pinButton: HTMLButtonElement;
  #opener: Element | null = null;
  /** How far the list was scrolled that the panel took the place of. */
  #listAt = 0;
  /** The area and the numbers that the panel was filled with. */
  #filled: number | null = null;
  #revision = 0;

  constructor(page: Page, hooks: PanelHooks) {
    const { data, table } = page;
    this.#page = page;
    this.#hooks = hooks;
    this.#standing = new Standing(page);
    this.#act = new WhereToAct(data, table);
    this.#kind = new WhatKind(data, table);
    this.#why = new WhyAndWhatHelps(table, new Helps(data));
    this.#components = new Components(page);
    this.#neighbours = new Neighbours(page, hooks.open);
    this.#numbers = new Numbers(page);
    this.#support = new NearestSupport(hooks.showPlace);
    this.#copyLink = new CopyLink(hooks.say);
    this.#pinButton = button("Pin to compare", "atlas-quiet", () => {
      this.#togglePin();
    });
    this.#comparison = new Pinned(page, {
      swap: () => {
        this.#swap();
      },
      unpin: () => {
        this.#unpin();
      },
    });
    this.element.append(this.#head(), this.#body());
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") hooks.close();
    });
    this.#follow();
  }

  /** Takes the focus, and gives it back to what had it when the panel closes. */
  focus(): void {
    this.#remember();
    this.#heading.focus({ preventScroll: true });
    // On a page that scrolls the panel stands below the map.
    if (["static", ""].includes(getComputedStyle(this.element).position) && this.element.getBoundingClientRect().top >= innerHeight - 1)
      this.#heading.scrollIntoView({ block: "nearest" });
  }

  /** The link is to another view now. */
  linkChanged(): void {
    this.#copyLink.clear();
  }

  /** Support places may come after the first area is shown. */
  setSupport(support: Support): void {
    this.#support.setSupport(support);
    if (this.#filled !== null && !this.element.hidden) this.#fill(this.#filled);
  }

  #head(): HTMLElement {
    const { zoom, close } = this.#hooks;
    const buttons = el(
      "div",
      { class: "atlas-panel-buttons" },
      button("Back to the list", "atlas-quiet", () => {
        this.#opener = null;
        close();
      }),
      button("Zoom to area", "atlas-quiet", zoom),
    );
    return el("div", { class: "atlas-panel-head" }, this.#heading, buttons);
  }

  #body(): HTMLElement {
    const print = button("Print this area", "atlas-quiet", () => {
      void printArea(this.#hooks.readyForPaper);
    });
    return el(
      "div",
      { class: "atlas-panel-body" },
      this.#about,
      el(
        "div",
        { class: "atlas-panel-actions" },
        el("div", { class: "atlas-panel-row" }, this.#pinButton, this.#copyLink.button, print),
        this.#copyLink.element,
      ),
      this.#comparison.element,
      this.#parts,
    );
  }

  // --- what is shown ---

  #follow(): void {
    const { store, showing } = this.#page;
    follow(
      () => ({ row: store.selected.value, layer: showing.layer.value, revision: store.revision.value }),
      ({ row, revision }) => {
        if (revision !== this.#revision) this.#components.forget();
        this.#revision = revision;
        if (row === null) this.#hide();
        else this.#show(row);
      },
    );
    follow(
      () => ({ row: store.selected.value, pinned: store.pinned.value, revision: store.revision.value }),
      ({ row, pinned }) => {
        if (row !== null) this.#showPinned(row, pinned);
      },
    );
  }

  #show(row: number): void {
    this.#remember();
    const same = this.#filled === row && !this.element.hidden;
    if (!same) {
      this.#neighbours.fold();
      this.#copyLink.clear();
    }
    this.#filled = row;
    this.#fill(row);
    const scroller = this.element.parentElement;
    if (this.element.hidden) this.#listAt = scroller?.scrollTop ?? 0;
    this.element.hidden = false;
    if (!same && scroller) scroller.scrollTop = 0;
  }

  /** What has the focus gets it back when the panel closes. */
  #remember(): void {
    if (this.element.hidden || !this.element.contains(document.activeElement)) this.#opener = document.activeElement;
  }

  /** Hides the panel; the focus goes back to where it came from, if that is still there. */
  #hide(): void {
    if (this.element.hidden) return;
    const focused = this.element.contains(document.activeElement);
    this.element.hidden = true;
    const scroller = this.element.parentElement;
    if (scroller) scroller.scrollTop = this.#listAt;
    if (!focused) return;
    const opener = this.#opener instanceof HTMLElement && this.#opener.isConnected && this.#opener !== document.body ? this.#opener : null;
    (opener ?? this.#hooks.backTo(this.#filled)).focus({ preventScroll: opener !== null });
  }

  #fill(row: number): void {
    const { areas, data, values, showing } = this.#page;
    const layer = showing.layer.peek();
    const place = areas.place(row);
    const drivers = this.#components.drivers(row);
    this.#heading.replaceChildren(words(place || areas.name(row)));
    const onThisLayer = el("p", { class: "atlas-on-layer" }, words(layer.title), ": ", el("strong", {}, words(values.layer(layer, row))));
    this.#about.replaceChildren(
      el("p", { class: "atlas-panel-code" }, ...(place ? [words(areas.name(row)), " · "] : []), "LSOA ", words(areas.code(row))),
      el("p", { class: "atlas-said" }, ...nodes(areaSentence(row, this.#spoken(row)))),
    );
    this.#support.show(row);
    this.#parts.replaceChildren(
      ...this.#kind.parts(row),
      ...this.#standing.parts(row),
      ...this.#act.people(row),
      ...this.#act.support(row),
      this.#support.element,
      ...this.#why.parts(row, drivers, this.#components.average()),
      ...(["risk_decile", KIND].includes(layer.column) ? [] : [onThisLayer]),
      ...storiesOf(data.stories, row),
      ...this.#neighbours.parts(row),
      ...this.#numbers.parts(row, this.#components.components(row, drivers)),
      el("p", { class: "atlas-note atlas-method-beside" }, METHOD_BESIDE),
    );
  }

  #spoken(row: number): Spoken {
    const { data, table, areas, showing } = this.#page;
    const { changed } = showing;
    return {
      table,
      nation: data.nation.title,
      name: areas.spoken(row),
      kinds: new Kinds(data.kinds),
      scaled: data.people.scaled,
      support: this.#support.support,
      changed: changed && { inWords: changeInWords(changed), among: changed.among },
    };
  }

  // --- pinning ---

  #togglePin(): void {
    const { store, areas, table } = this.#page;
    const row = store.selected.peek();
    if (row === null) return;
    const pin = store.pinned.peek() !== row;
    store.pinned.value = pin ? row : null;
    this.#hooks.say(pin ? pinnedInWords(areas.name(row), table.rows) : "No area is pinned");
  }

  #unpin(): void {
    this.#page.store.pinned.value = null;
    this.#pinButton.focus();
    this.#hooks.say("No area is pinned");
  }

  #swap(): void {
    const { store } = this.#page;
    const [pinned, selected] = [store.pinned.peek(), store.selected.peek()];
    if (pinned === null || selected === null || pinned === selected) return;
    store.pinned.value = selected;
    this.#hooks.open(pinned);
  }

  #showPinned(row: number, pinned: number | null): void {
    this.#comparison.show(pinned, row);
    this.#pinButton.textContent = pinned === row ? "Unpin this area" : pinned === null ? "Pin to compare" : "Pin this one instead";
  }
}
