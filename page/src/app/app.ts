/** The page around the map: made of its parts, which meet in the store. */
import { Boxes } from "../map/boxes";
import type { CanvasLayer } from "../map/canvas-layer";
import type { StreetMap } from "../map/street-map";
import type { State } from "../model/address";
import { parseState } from "../model/address";
import type { AtlasData } from "../model/contract";
import type { Filter } from "../model/filter";
import type { Geometry } from "../model/geometry";
import { ringsOf, toLonLat } from "../model/geometry";
import type { Postcodes } from "../model/postcodes";
import { follow } from "../model/store";
import type { Support } from "../model/support";
import type { Table } from "../model/table";
import type { Page } from "../scoring/page";
import { pageOf } from "../scoring/page";
import { RANKED_LAYER } from "../scoring/showing";
import { Announcer, button, el } from "../ui/dom";
import { Flyout } from "../ui/flyout";
import { LinkNotice } from "../ui/link-notice";
import { firstLegend } from "../views/layers/first-legend";
import { Hover } from "../views/layers/hover";
import { LayersControl } from "../views/layers/layers-control";
import type { Legend } from "../views/layers/legend";
import { outlineNote } from "../views/layers/outline-note";
import { Swipe } from "../views/layers/swipe";
import { Panel } from "../views/panel/panel";
import { Symbols } from "../views/places/symbols";
import { About } from "../views/tools/about";
import { Actions } from "./actions";
import { AddressSync } from "./address-sync";
import { Column } from "./column";
import { composed, describeMap } from "./composition";
import { canvasOf } from "./drawing";
import { makeFinding } from "./finding";
import { Files } from "./files";
import { Finder } from "./finder";
import type { Lists } from "./lists";
import { makeLists } from "./lists";
import { Pointing } from "./pointing";
import { beforePrinting, readyForArea } from "./printing";
import { followChanges, makeFoot, makeSubtitle } from "./said";
import { makeTools, section } from "./tools";
import { Viewport } from "./viewport";

/** As wide as the style sheet's narrow layout. */
const NARROW = "screen and (max-width: 1023px)";
const ACT_LAYER = "exclusion_decile";
/** On a map no higher than this the legend is folded away when a list opens, in pixels. */
const LOW_MAP = 300;

export class App {
  readonly #map: L.Map;
  readonly #page: Page;
  readonly #announcer = new Announcer();
  readonly #actions: Actions;
  readonly #linkNotice: LinkNotice;
  readonly #narrow = matchMedia(NARROW);
  readonly #mapFrame = el("section", { class: "atlas-map", "aria-label": "Map" });
  readonly #hover: Hover;
  readonly #swipe: Swipe;
  readonly #legend: Legend;
  readonly #panel: Panel;
  readonly #symbols: Symbols;
  readonly #lists: Lists;
  readonly #column: Column;
  readonly #tools: Flyout;
  readonly #files: Files;
  readonly #viewport: Viewport;
  readonly #pointing: Pointing;
  readonly #canvas: CanvasLayer;
  readonly #address: AddressSync;
  readonly #finder: Finder;

  constructor(map: L.Map, data: AtlasData, table: Table, geometry: Geometry, land: Geometry | null) {
    this.#map = map;
    const page = pageOf(data, table, geometry);
    this.#page = page;
    const state = parseState(location.hash);
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
    this.#swipe = new Swipe(page, this.#narrow, say);
    this.#legend = firstLegend(page, this.#narrow);
    this.#panel = this.#makePanel();
    this.#symbols = this.#makeSymbols();
    this.#files = new Files(page, () => ({ map, canvas: this.#canvas, symbols: this.#symbols }), say);
    this.#lists = this.#makeLists();
    this.#column = new Column(page, this.#actions, {
      preview: (row) => {
        this.#pointing.preview(row);
      },
      openFull: (question) => {
        this.#lists.drawer.show(question === "act" ? "act" : "table", true);
      },
    });
    this.#tools = new Flyout("Tools", "atlas-tools", "atlas-tools", () => {
      this.#viewport.resize();
    });
    const boxes = new Boxes(this.#mapFrame, [this.#panel.element]);
    this.#viewport = new Viewport(map, page, { frame: this.#mapFrame, panel: this.#panel.element, boxes }, this.#narrow);
    this.#pointing = new Pointing(map, page, this.#hover, this.#viewport, this.#actions);
    this.#address = this.#makeAddress();
    this.#finder = new Finder(page, this.#actions, (place) => {
      this.#symbols.showPlace(place);
    });
    const streets = this.#layOut();
    this.#viewport.prepare();
    if (state.view) this.#viewport.setView(state.view);
    streets?.addTo(map);
    this.#canvas.addTo(map);
    this.#symbols.addTo(map);
    this.#canvas.avoid(() => [...boxes.within(), ...this.#symbols.boxes()]);
    boxes.watch(() => {
      this.#canvas.rename();
    });
    this.#viewport.listen();
    this.#pointing.listen();
    this.#lists.drawer.follow();
    this.#address.begin(state);
  }

  /** Postcodes may come after the map, as nobody has searched yet. */
  setPostcodes(postcodes: Postcodes): void {
    this.#finder.setPostcodes(postcodes);
  }

  /** Support places come after the map, as postcodes do. */
  setSupport(support: Support): void {
    this.#panel.setSupport(support);
    this.#lists.actionList.setSupport(support);
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
    const layer = showing.called(id);
    if (!layer) throw new RangeError(`There is no layer "${id}".`);
    return values.classes(showing.now(layer));
  }

  /** Resolves when the picture shows what was asked for last. */
  settled(): Promise<void> {
    return this.#canvas.settled();
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
        this.#lists.drawer.show("places", true);
      },
      closeList: () => {
        this.#lists.drawer.close();
      },
      say,
    });
  }

  #makeLists(): Lists {
    const { store, showing } = this.#page;
    return makeLists(this.#page, this.#actions, this.#symbols.view, {
      preview: (row) => {
        this.#pointing.preview(row);
      },
      saveCsv: (what, text) => {
        this.#files.saveCsv(what, text);
      },
      fallback: () => this.#tools.button,
      changed: (open) => {
        if (open && this.#mapFrame.offsetHeight < LOW_MAP) this.#legend.element.open = false;
        this.#viewport.resize();
      },
      asked: (name) => {
        // They would lie over the list.
        if (name !== null) this.#tools.show(false);
        // The list is of another order than the first layer shows.
        if (name === "act" && store.layer.peek() === RANKED_LAYER && showing.called(ACT_LAYER)) this.#actions.setLayer(ACT_LAYER);
      },
    });
  }

  #makeAddress(): AddressSync {
    return new AddressSync(this.#page, this.#actions, {
      has: (view) => this.#lists.drawer.has(view),
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

  /** Puts the parts on the page; the street map, if there is one, is still to be put on the map. */
  #layOut(): StreetMap | null {
    const { data, store } = this.#page;
    const container = this.#map.getContainer();
    const outlined = outlineNote(store, () => {
      container.focus({ preventScroll: true });
    });
    describeMap(container);
    const layers = new LayersControl(this.#page, this.#narrow, this.#actions.setLayer);
    const over = [this.#hover.element, layers.element, outlined, this.#swipe.element, this.#legend.element, this.#swipe.legend, this.#symbols.box.element];
    this.#mapFrame.append(container, el("div", { class: "atlas-cross", "aria-hidden": "true" }), ...over);
    const { filter, whatIf, streets } = makeTools(this.#page, this.#actions);
    const about = new About(data);
    followChanges(about, this.#page);
    const foot = makeFoot(this.#files);
    const aboutButton = button("About and sources", "atlas-quiet", () => {
      about.open();
    });
    this.#tools.add(
      el("div", { class: "atlas-tools-buttons" }, ...this.#lists.drawer.buttons, aboutButton),
      filter.element,
      this.#symbols.control?.element ?? null,
      section("Compare two layers", this.#swipe.control),
      whatIf.element,
      this.#files.downloads.element,
      streets?.element ?? null,
    );
    const root = composed({
      data,
      subtitle: makeSubtitle(this.#page),
      search: this.#finder.search.element,
      drawer: this.#lists.drawer,
      tools: this.#tools,
      notices: [whatIf.notice, this.#linkNotice.element],
      finding: makeFinding(this.#page, this.#actions, this.#narrow).element,
      questions: this.#column.questions.element,
      lists: this.#column.element,
      panel: this.#panel.element,
      mapFrame: this.#mapFrame,
      foot: foot.element,
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
    document.body.append(about.element);
    beforePrinting(this.#mapFrame, [this.#legend.element, this.#swipe.legend], foot.refresh);
    return streets;
  }
}
