/** The page around the map: made of its parts, which meet in the store. */
import { Boxes } from "../map/boxes";
import type { CanvasLayer } from "../map/canvas-layer";
import type { State } from "../model/address";
import { asksForMore, parseState } from "../model/address";
import type { AtlasData, ChangedArea } from "../model/contract";
import type { Filter } from "../model/filter";
import type { Geometry } from "../model/geometry";
import { ringsOf, toLonLat } from "../model/geometry";
import type { Postcodes } from "../model/postcodes";
import type { Larger } from "../model/larger";
import { follow } from "../model/store";
import type { Support } from "../model/support";
import type { Table } from "../model/table";
import type { Page } from "../scoring/page";
import { pageOf } from "../scoring/page";
import { Announcer, el } from "../ui/dom";
import { Flyout } from "../ui/flyout";
import { LinkNotice } from "../ui/link-notice";
import { firstLegend } from "../views/layers/first-legend";
import { Hover } from "../views/layers/hover";
import { LayersControl } from "../views/layers/layers-control";
import type { Legend } from "../views/layers/legend";
import { outlineNote } from "../views/layers/outline-note";
import { Panel } from "../views/panel/panel";
import { Symbols } from "../views/places/symbols";
import { Actions } from "./actions";
import { AddressSync } from "./address-sync";
import { Column } from "./column";
import { composed, describeMap } from "./composition";
import { canvasOf } from "./drawing";
import { makeFinding } from "./finding";
import { Files } from "./files";
import { Finder } from "./finder";
import { furnish } from "./furnish";
import type { Lists } from "./lists";
import { listHooks, makeLists } from "./lists";
import { Pointing } from "./pointing";
import { readyForArea } from "./printing";
import { makeSubtitle } from "./said";
import { Viewport } from "./viewport";

/** As wide as the style sheet's narrow layout. */
const NARROW = "screen and (max-width: 1023px)";
export class App {
  readonly #map: L.Map;
  readonly #page: Page;
  readonly #announcer = new Announcer();
  readonly #actions: Actions;
  readonly #linkNotice: LinkNotice;
  readonly #narrow = matchMedia(NARROW);
  readonly #mapFrame = el("section", { class: "atlas-map", "aria-label": "Map" });
  readonly #hover: Hover;
  readonly #legend: Legend;
  readonly #panel: Panel;
  readonly #symbols: Symbols;
  readonly #layers: LayersControl;
  readonly #over = el("div", { class: "atlas-over" });
  /** What is open at first, and the lists and tools, come after the first picture. */
  readonly #asked: State;
  #lists: Lists | null = null;
  readonly #column: Column;
  readonly #tools: Flyout;
  readonly #boxes: Boxes;
  readonly #viewport: Viewport;
  readonly #pointing: Pointing;
  readonly #canvas: CanvasLayer;
  readonly #address: AddressSync;
  readonly #finder: Finder;

  /** Draws the first picture; `complete` is to be called once it is on the screen. */
  constructor(map: L.Map, data: AtlasData, table: Table, geometry: Geometry, land: Geometry | null) {
    this.#map = map;
    const page = pageOf(data, table, geometry);
    this.#page = page;
    page.store.drawn.value = false;
    const state = parseState(location.hash);
    this.#asked = state;
    page.store.layer.value = page.showing.called(state.layer)?.id ?? page.store.layer.peek();
    // First, so that it begins to paint while the browser lays out what else has changed.
    this.#canvas = canvasOf(page, land);
    this.#actions = new Actions(
      page,
      (text) => {
        this.#announcer.say(text);
      },
      () => ({
        viewport: this.#viewport,
        focusPanel: () => {
          this.#panel.focus();
        },
      }),
    );
    const { say } = this.#actions;
    this.#linkNotice = new LinkNotice(say);
    this.#hover = new Hover(page.areas, page.values);
    this.#legend = firstLegend(page, this.#narrow);
    this.#layers = new LayersControl(page, this.#narrow, this.#actions.setLayer);
    this.#panel = this.#makePanel();
    this.#symbols = this.#makeSymbols();
    this.#column = new Column(page, this.#actions, {
      preview: (row) => {
        this.#pointing.preview(row);
      },
      openFull: (question) => {
        this.#lists?.drawer.show(question === "act" ? "act" : "table", true);
      },
    });
    this.#tools = new Flyout("Tools", "atlas-tools", "atlas-tools", () => {
      this.#viewport.resize();
    });
    this.#boxes = new Boxes(this.#mapFrame, [this.#panel.element]);
    this.#viewport = new Viewport(map, page, { frame: this.#mapFrame, panel: this.#panel.element, boxes: this.#boxes }, this.#narrow);
    this.#pointing = new Pointing(map, page, this.#hover, this.#viewport, this.#actions);
    this.#address = this.#makeAddress();
    this.#finder = new Finder(page, this.#actions, (place) => {
      this.#symbols.showPlace(place);
    });
    this.#layOut();
    this.#viewport.prepare();
    if (state.view) this.#viewport.setView(state.view);
    this.#canvas.addTo(map);
    // What it asks for would change what has just been drawn.
    if (asksForMore(state, location.hash) || (state.layer ?? page.store.layer.peek()) !== page.store.layer.peek()) this.complete();
  }

  /** Adds what nobody sees at once: names and symbols on the map, the list beside it, lists and tools that are folded away. */
  complete(): void {
    const { drawn } = this.#page.store;
    if (drawn.peek()) return;
    const files = new Files(this.#page, { map: this.#map, canvas: this.#canvas, symbols: this.#symbols }, this.#actions.say);
    const around = { mapFrame: this.#mapFrame, legend: this.#legend.element, tools: this.#tools, viewport: this.#viewport, pointing: this.#pointing, files };
    const { drawer } = (this.#lists = makeLists(this.#page, this.#actions, this.#symbols.view, listHooks(this.#page, this.#actions, around)));
    const seen = { map: this.#map, mapFrame: this.#mapFrame, narrow: this.#narrow, tools: this.#tools, symbols: this.#symbols, legend: this.#legend.element };
    const parts = { layers: this.#layers, over: this.#over };
    furnish(this.#page, this.#actions, { ...seen, ...parts, drawer, files, notice: this.#linkNotice.element, announcer: this.#announcer.element });
    this.#symbols.addTo(this.#map);
    this.#canvas.avoid(() => [...this.#boxes.within(), ...this.#symbols.boxes()]);
    this.#canvas.complete();
    this.#boxes.watch(() => {
      this.#canvas.rename();
    });
    this.#viewport.listen();
    this.#pointing.listen();
    drawer.follow();
    this.#address.begin(this.#asked);
    drawn.value = true;
  }

  /** Postcodes may come after the map, as nobody has searched yet. */
  setPostcodes(postcodes: Postcodes): void {
    this.#finder.setPostcodes(postcodes);
  }

  /** Figures of larger areas, and what changed between two runs, come after the map, too. */
  setLarger(larger: Larger): void {
    this.#page.levels.published.value = larger;
  }

  setChanges(areas: readonly ChangedArea[]): void {
    this.#lists?.changes?.set(areas);
  }

  /** Support places come after the map, as postcodes do. */
  setSupport(support: Support): void {
    this.#panel.setSupport(support);
    this.#lists?.actionList.setSupport(support);
    this.#symbols.setSupport(support);
    this.#column.setSupport(support);
    this.#finder.setSupport(support);
  }

  /** A part of the page cannot be read; the rest works. */
  sayWhatIsDamaged(text: string): void {
    this.#linkNotice.say(text);
  }

  // --- what tests and other scripts may ask ---

  setLayer(id: string): void {
    this.#actions.setLayer(id);
  }

  select(code: string): void {
    this.#actions.open(this.#rowOf(code));
  }

  setFilter(filter: Filter): void {
    this.#actions.setFilter(filter);
  }

  /** Of each area: the class that a layer colours it by. */
  classes(id: string): Uint8Array {
    const { showing, values } = this.#page;
    const shown = showing.layer.peek();
    if (id === shown.id) return values.classes(shown);
    const layer = showing.called(id);
    if (!layer) throw new RangeError(`There is no layer "${id}".`);
    return values.classes(showing.now(layer));
  }

  /** Resolves when the picture shows what was asked for last. */
  settled(): Promise<void> {
    return this.#canvas.settled();
  }

  /** Works out what other weights begin with, in steps; without it the first change of a weight would wait for it. */
  prepareScores(): Generator<void> {
    return this.#page.scorer.prepare();
  }

  areaAt(lon: number, lat: number): string | null {
    const row = this.#actions.rowAt(lon, lat);
    return row === null ? null : this.#page.areas.code(row);
  }

  /** The rings of an area, longitude and latitude. */
  vertices(code: string): [number, number][][] {
    const { geometry } = this.#page;
    return ringsOf(geometry, this.#rowOf(code)).map((ring) => ring.map(([x, y]) => toLonLat(geometry, x, y)));
  }

  state(): State {
    return this.#address.state();
  }

  #rowOf(code: string): number {
    const row = this.#page.areas.row(code);
    if (row === null) throw new RangeError(`There is no area "${code}".`);
    return row;
  }

  // --- the parts ---

  #makePanel(): Panel {
    const { open, say, deselect, zoomToSelected } = this.#actions;
    return new Panel(this.#page, {
      close: deselect,
      zoom: zoomToSelected,
      open,
      say,
      readyForPaper: () => readyForArea(this.#page, this.#viewport, () => this.#canvas.settled()),
      backTo: (row) => this.#column.backTo(row),
      showPlace: (place) => {
        this.#symbols.showPlace(place);
      },
    });
  }

  #makeSymbols(): Symbols {
    const { rowAt, open, say } = this.#actions;
    return new Symbols(this.#map, this.#page, {
      rowAt,
      select: open,
      over: (title, detail, at) => {
        this.#pointing.atSymbol(title, detail, at);
      },
      goTo: (lat, lon, zoom) => {
        this.#viewport.goTo(lat, lon, zoom);
      },
      key: (key, folded) => {
        this.#legend.showSymbols(key, folded);
      },
      painted: () => {
        this.#canvas.rename();
      },
      openList: () => {
        this.#lists?.drawer.show("places", true);
      },
      closeList: () => {
        this.#lists?.drawer.close();
      },
      say,
    });
  }

  #makeAddress(): AddressSync {
    return new AddressSync(this.#page, this.#actions, {
      has: (view) => this.#lists?.drawer.has(view) ?? false,
      places: this.#symbols,
      setView: (view) => {
        this.#viewport.setView(view);
      },
      notice: (unread, taken) => {
        this.#linkNotice.show(unread, taken);
      },
      changed: () => {
        this.#panel.linkChanged();
      },
    });
  }

  // --- the whole ---

  /** Puts the parts on the page that are seen at once. */
  #layOut(): void {
    const { data, store } = this.#page;
    const container = this.#map.getContainer();
    const outlined = outlineNote(store, () => {
      container.focus({ preventScroll: true });
    });
    this.#over.append(outlined);
    describeMap(container);
    const over = [this.#hover.element, this.#layers.element, this.#over, this.#legend.element, this.#symbols.box.element];
    this.#mapFrame.append(container, el("div", { class: "atlas-cross", "aria-hidden": "true" }), ...over);
    const root = composed({
      data,
      subtitle: makeSubtitle(this.#page),
      search: this.#finder.search.element,
      toTable: () => {
        this.#lists?.drawer.show("table", true);
      },
      tools: this.#tools,
      notice: this.#linkNotice.element,
      finding: makeFinding(this.#page, this.#actions, this.#narrow).element,
      questions: this.#column.questions.element,
      lists: this.#column.element,
      panel: this.#panel.element,
      mapFrame: this.#mapFrame,
      announcer: this.#announcer.element,
      resized: () => {
        this.#viewport.resize();
      },
    });
    follow(
      () => this.#page.showing.rescored.value !== null,
      (changed) => {
        root.classList.toggle("atlas-changed", changed);
      },
    );
    document.title = `${data.fictional ? "Fictional data: " : ""}Digital-exclusion risk in ${data.title}`;
    document.body.prepend(root);
  }
}
