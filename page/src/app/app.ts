/** The page around the map: what is shown, what is selected, and how its parts tell each other. */
import { Boxes } from "../map/boxes";
import type { Style } from "../map/canvas-layer";
import { CanvasLayer } from "../map/canvas-layer";
import { namesOf, townsOf } from "../map/labels";
import { Land } from "../map/land";
import type { Key } from "../map/picture";
import { compose, scaleOf } from "../map/picture";
import { roomFor } from "../map/room";
import { StreetMap } from "../map/street-map";
import { ORDER } from "../model/act";
import type { State, View } from "../model/address";
import { formatState, parseState, unreadState } from "../model/address";
import { Areas } from "../model/areas";
import type { LegendEntry } from "../model/classes";
import { legendEntries, NO_DATA, worseInWords } from "../model/classes";
import type { Colouring } from "../model/colour";
import type { AtlasData, LayerInfo, ProgrammesInfo } from "../model/contract";
import { firstLayer } from "../model/data";
import { driverColumns, meanOf } from "../model/drivers";
import { fileName, toCsv, toGeoJson } from "../model/export";
import type { Filter } from "../model/filter";
import { formatFilter, isEmpty, matching, NO_FILTER, parseFilter, rowsOf, totals } from "../model/filter";
import type { Place, TownPlace } from "../model/find";
import { PlaceIndex } from "../model/find";
import { day, plural } from "../model/format";
import type { Box, Geometry } from "../model/geometry";
import { boxOf, everyArea, HitTest, ringsOf, toGrid, toLonLat } from "../model/geometry";
import { Identities } from "../model/identity";
import type { Postcodes } from "../model/postcodes";
import { hasProgrammes } from "../model/programmes";
import type { Support, SupportPlace } from "../model/support";
import type { Table, Texts } from "../model/table";
import { Values } from "../model/values";
import type { Listable } from "../scoring/exclusion";
import { exclusionColumns, listColumns } from "../scoring/exclusion";
import type { Changed, Replacement } from "../scoring/now";
import { changeInWords, comparedWith, layerNow, notKnown, replacement } from "../scoring/now";
import type { Scored } from "../scoring/score";
import { formatWhatIf } from "../scoring/what-if";
import { Announcer, button, el, words } from "../ui/dom";
import { Downloads } from "../ui/downloads";
import { Drawer } from "../ui/drawer";
import { LinkNotice } from "../ui/link-notice";
import { save } from "../ui/save";
import { ActionList, NOT_PERSONS } from "../views/act/action-list";
import { ProgrammesView } from "../views/act/programmes";
import { Hover } from "../views/layers/hover";
import { LayersControl } from "../views/layers/layers-control";
import { Legend } from "../views/layers/legend";
import { Swipe } from "../views/layers/swipe";
import { Panel } from "../views/panel/panel";
import { Symbols } from "../views/places/symbols";
import { Search } from "../views/search/search";
import { About } from "../views/tools/about";
import { FilterView, totalsInWords } from "../views/tools/filter";
import { TableView } from "../views/tools/table";
import { WhatIf } from "../views/tools/what-if";

const STRIPED = "in the most at-risk tenth in some plausible indices, not in others";
/** On a narrower map, which has its legend folded, the printed one stands below it, in pixels. */
const SMALL_MAP = 560;
/** How wide the bar of the scale is at most, in pixels. */
const SCALE = 120;

/** As wide as the style sheet's narrow layout. */
const NARROW = "screen and (max-width: 760px)";
const CLOSEST_FIT = 13;
const RANKED_LAYER = "risk_decile";
const ACT_LAYER = "exclusion_decile";
const IN_WORST_TENTH = "worst_decile_probability";
/** How sure the published ranks are, which says nothing of those by other weights. */
const UNKNOWN_BY_OTHER_WEIGHTS = ["rank_p05", "rank_median", "rank_p95", IN_WORST_TENTH, "england_rank_p05", "england_rank_p95", "chance_worst_tenth"];
/** Shares of plausible indices beyond which an area is surely in the worst tenth, or out of it. */
const SELDOM = 0.1;
const MOSTLY = 0.9;
const TOWN_FIT = 12;
const EDGE = 24;
/** Where a panel leaves less of the map's height than this, an area cannot be kept clear of it, in pixels. */
const MOST_COVERED = 96;
/** On a map no higher than this the legend is folded away when the table opens, in pixels. */
const LOW_MAP = 480;
const NARROW_EDGE = 12;

interface Padding {
  paddingTopLeft: [number, number];
  paddingBottomRight: [number, number];
}

export class App {
  readonly #map: L.Map;
  readonly #data: AtlasData;
  readonly #table: Table;
  readonly #geometry: Geometry;
  readonly #areas: Areas;
  readonly #values: Values;
  readonly #hit: HitTest;
  readonly #canvas: CanvasLayer;
  readonly #layers: LayersControl;
  readonly #legend: Legend;
  readonly #hover: Hover;
  readonly #panel: Panel;
  readonly #tableView: TableView;
  readonly #actionList: ActionList;
  readonly #announcer = new Announcer();
  readonly #identities: Identities;
  readonly #linkNotice = new LinkNotice((text) => {
    this.#announcer.say(text);
  });
  /** How many areas there are, what they are compared with, and when the page was built. */
  readonly #subtitle = el("p");
  /** What was found and is outlined on the map. */
  readonly #found = el("p", { class: "atlas-start", role: "note", hidden: "" });
  readonly #symbols: Symbols;
  readonly #about: About;
  readonly #drawer = new Drawer((open, byReader) => {
    this.#makeRoom(open !== null);
    if (open === "act") this.#start.hidden = true;
    // The list is of another order than the first layer shows.
    if (open === "act" && byReader && this.#layer.id === RANKED_LAYER && this.#layerCalled(ACT_LAYER)) this.setLayer(ACT_LAYER);
  });
  readonly #page = el("div", { class: "atlas" });
  readonly #uncertain: Uint8Array | null;
  readonly #stripesWanted = el("input", { type: "checkbox", id: "atlas-stripes", checked: "" });
  readonly #stripesNote = el(
    "p",
    { class: "atlas-stripes" },
    this.#stripesWanted,
    el("label", { for: "atlas-stripes" }, el("span", { class: "atlas-stripe-key", "aria-hidden": "true" }), `Striped: ${STRIPED}`),
  );
  /** On paper only: conditions and weights, how not to read the map, and where it comes from. */
  readonly #foot = el("footer", { class: "atlas-foot" });
  readonly #start = el("p", { class: "atlas-start", hidden: "" });
  readonly #mapFrame: HTMLElement;
  readonly #boxes: Boxes;
  readonly #narrow = matchMedia(NARROW);
  readonly #calm = matchMedia("(prefers-reduced-motion: reduce)");
  readonly #filterView: FilterView;
  readonly #downloads: Downloads;
  readonly #swipe: Swipe;
  readonly #whatIf: WhatIf;
  readonly #streets: StreetMap | null;
  #filter: Filter = NO_FILTER;
  #included: Uint8Array | null = null;
  #postcodes: Postcodes | null = null;
  #places: PlaceIndex | null = null;
  /** With the words that hold of what is shown. */
  #layer: LayerInfo;
  #replaced: Replacement | null = null;
  #address = "";
  /** The weights that the address gave had no names. */
  #byPlace = false;
  #selected: number | null = null;
  #hovered: number | null = null;
  #all: L.LatLngBounds | null = null;
  #byKeyboard = false;
  #zooming = false;
  /** All areas are in view and the reader has not moved the map. */
  #whole = true;

  constructor(map: L.Map, data: AtlasData, table: Table, geometry: Geometry, land: Geometry | null) {
    this.#map = map;
    this.#data = data;
    this.#table = table;
    this.#geometry = geometry;
    this.#areas = new Areas(table);
    this.#identities = new Identities(table);
    this.#values = new Values(data, table);
    this.#hit = new HitTest(geometry);
    this.#uncertain = this.#unsure();
    const state = parseState(location.hash);
    this.#layer = this.#layerCalled(state.layer) ?? firstLayer(data);
    this.#about = new About(data);
    this.#hover = new Hover(this.#areas, this.#values);
    this.#legend = new Legend(this.#narrow);
    this.#filterView = new FilterView(
      data,
      table,
      (filter) => {
        this.setFilter(filter);
      },
      () => {
        this.#fit(this.#chosenRows(), CLOSEST_FIT);
      },
      () => {
        this.setFilter(NO_FILTER);
      },
    );
    this.#downloads = new Downloads({
      csv: () => {
        this.#saveCsv();
      },
      geoJson: () => {
        this.#saveGeoJson();
      },
      picture: () => {
        this.#savePicture();
      },
    });
    this.#layers = new LayersControl(data.layers, this.#narrow, (id) => {
      this.setLayer(id);
    });
    this.#streets = data.street_map
      ? new StreetMap(data.street_map, (text) => {
          this.#announcer.say(text);
        })
      : null;
    this.#swipe = new Swipe(data.layers, this.#layer, this.#narrow, {
      compare: (id, share) => {
        this.#compare(id, share);
      },
      divide: (share) => {
        this.#canvas.divide(share);
        this.#remember();
      },
      say: (text) => {
        this.#announcer.say(text);
      },
      entries: (layer) => this.#entries(this.#now(layer)),
      now: (layer) => this.#now(layer),
      changed: (layer) => this.#changedInWords(layer),
    });
    this.#whatIf = new WhatIf(data, table.published(), this.#areas, {
      onChange: (scored) => {
        this.#rescored(scored);
      },
      say: (text) => {
        this.#announcer.say(text);
      },
      selection: () => this.#included,
      select: (row) => {
        this.#choose(row, true);
      },
      save: (name, text) => {
        save(name, new Blob([text], { type: "application/toml" }));
      },
    });
    this.#panel = new Panel(data, table, this.#areas, this.#values, geometry, {
      close: () => {
        this.#deselect();
      },
      zoom: () => {
        if (this.#selected !== null) this.#fit([this.#selected], CLOSEST_FIT);
      },
      open: (row) => {
        this.#choose(row, true);
      },
      pinned: (row) => {
        this.#canvas.mark("pinned", row === null ? [] : [row]);
        this.#remember();
      },
      say: (text) => {
        this.#announcer.say(text);
      },
      colourOf: (row) => {
        const number = this.#values.classes(this.#layer)[row];
        return number === NO_DATA ? null : this.#layer.classes[number].colour;
      },
      weights: () => this.#whatIf.get()?.weights ?? data.index.components.map(({ weight }) => weight),
      againstNation: () => this.#againstNation,
      mapFrame: () => this.#mapFrame,
      showPlace: (place) => {
        this.showPlace(place);
      },
    });
    this.#tableView = new TableView(
      table,
      this.#areas,
      this.#values,
      this.#layer,
      (row) => {
        this.#choose(row, true);
      },
      (row) => {
        this.#preview(row);
      },
      () => {
        this.#drawer.close();
      },
    );
    this.#actionList = new ActionList(data, table, this.#areas, {
      select: (row) => {
        this.#choose(row, true);
      },
      preview: (row) => {
        this.#preview(row);
      },
      close: () => {
        this.#drawer.close();
      },
      provenance: () => this.#provenance(),
      saveCsv: (what, text) => {
        save(`${this.#fileName(what)}.csv`, new Blob([text], { type: "text/csv" }));
      },
      say: (text) => {
        this.#announcer.say(text);
      },
    });
    this.#drawer.add("act", "Where to act", this.#actionList);
    if (hasProgrammes(data.programmes)) this.#drawer.add("programmes", "Programmes", this.#programmes(data.programmes));
    this.#drawer.add("table", "Table", this.#tableView);
    this.#symbols = new Symbols(map, data, {
      rowAt: (lon, lat) => this.#rowAt(lon, lat),
      select: (row) => {
        this.#choose(row, true);
      },
      over: (title, detail, at) => {
        this.#pointAtSymbol(title, detail, at);
      },
      goTo: (lat, lon, zoom) => {
        this.#fitBounds(L.latLngBounds([lat, lon], [lat, lon]), Math.max(zoom, map.getZoom()));
      },
      key: (key, folded) => {
        this.#legend.showSymbols(key, folded);
      },
      painted: () => {
        this.#canvas.rename();
      },
      opened: () => {
        this.#start.hidden = true;
      },
      openList: () => {
        this.#drawer.show("places", true);
      },
      closeList: () => {
        this.#drawer.close();
      },
      changed: () => {
        this.#remember();
      },
      say: (text) => {
        this.#announcer.say(text);
      },
    });
    const unread = [...unreadState(location.hash), ...this.#symbols.restore(state.places)];
    if (this.#symbols.view) this.#drawer.add("places", "Places", this.#symbols.view);
    this.#mapFrame = el("section", { class: "atlas-map", "aria-label": "Map" });
    this.#layOut();
    this.#showSubtitle();
    this.#sayWhereToStart();
    this.#canvas = new CanvasLayer(
      { geometry, districts: this.#areas.districtNumbers(), names: namesOf(geometry, table, townsOf(data)), land: land && new Land(land) },
      this.#readStyle(),
      this.#colouring(this.#layer),
    );
    // The legend takes room that the map is fitted beside.
    this.#showLayer();
    this.#boxes = new Boxes(this.#mapFrame, [this.#panel.element], () => {
      this.#canvas.rename();
    });
    this.#prepareMap(state);
    this.#streets?.addTo(map);
    this.#showStripes();
    this.#stripesWanted.addEventListener("change", () => {
      this.#showStripes();
    });
    this.#canvas.addTo(map);
    this.#symbols.addTo(map);
    this.#canvas.avoid(() => [...this.#boxes.within(), ...this.#symbols.boxes()]);
    this.#listen();
    this.#layer = this.#now(this.#layer);
    this.#showLayer();
    this.#swipe.restore(state);
    unread.push(...this.#restoreChoices(state));
    this.#showChosen();
    this.#restoreArea(state, false);
    this.#linkNotice.show([...unread, ...this.#unreadPlaces(state)], this.#takenInWords());
    if (state.show) this.#drawer.show(state.show);
    // Last, because what opens around the map moves it.
    if (state.view) this.#setView(state.view);
    this.#remember();
  }

  /** Postcodes may come after the map, as nobody has searched yet. */
  setPostcodes(postcodes: Postcodes): void {
    this.#postcodes = postcodes;
    this.#places = null;
  }

  /** Support places come after the map, as postcodes do. */
  setSupport(support: Support): void {
    this.#panel.setSupport(support);
    this.#actionList.setSupport(support);
    this.#symbols.setSupport(support);
  }

  /** A part of the page cannot be read; the rest works. */
  sayWhatIsDamaged(text: string): void {
    this.#linkNotice.say(text);
  }

  /** Shows a support place on the map, with what is known of it. */
  showPlace(place: SupportPlace): void {
    this.#symbols.showPlace(place);
  }

  // --- what tests and other scripts may ask ---

  setLayer(id: string): void {
    const layer = this.#layerCalled(id);
    if (!layer) throw new RangeError(`There is no layer "${id}".`);
    if (layer.id === this.#layer.id) return;
    this.#layer = this.#now(layer);
    this.#canvas.colour(this.#colouring(this.#layer));
    this.#swipe.setFirst(layer);
    this.#showLayer();
    this.#showStripes();
    if (this.#selected !== null) this.#panel.show(this.#selected, this.#layer, false);
    this.#announcer.say(`Layer: ${layer.title}. ${this.#layer.sentence}`);
    this.#remember();
  }

  select(code: string): void {
    const row = this.#areas.row(code);
    if (row === null) throw new RangeError(`There is no area "${code}".`);
    this.#choose(row, true);
  }

  setFilter(filter: Filter): void {
    this.#applyFilter(filter);
    this.#announcer.say(isEmpty(filter) ? "No conditions: all areas" : this.#totalsInWords());
    this.#remember();
  }

  /** Of each area: the class that a layer colours it by. */
  classes(id: string): Uint8Array {
    const layer = this.#layerCalled(id);
    if (!layer) throw new RangeError(`There is no layer "${id}".`);
    return this.#values.classes(this.#now(layer));
  }

  /** Resolves when the picture shows what was asked for last. */
  settled(): Promise<void> {
    return this.#canvas.settled();
  }

  areaAt(lon: number, lat: number): string | null {
    const row = this.#rowAt(lon, lat);
    return row === null ? null : this.#areas.code(row);
  }

  /** The rings of an area, longitude and latitude. */
  vertices(code: string): [number, number][][] {
    const row = this.#areas.row(code);
    if (row === null) throw new RangeError(`There is no area "${code}".`);
    return ringsOf(this.#geometry, row).map((ring) => ring.map(([x, y]) => toLonLat(this.#geometry, x, y)));
  }

  state(): State {
    const { lat, lng } = this.#map.getCenter();
    return {
      layer: this.#layer.id,
      area: this.#selected === null ? null : this.#areas.code(this.#selected),
      view: { zoom: this.#map.getZoom(), lat, lon: lng },
      show: this.#drawer.open,
      filter: formatFilter(this.#filter),
      pinned: this.#panel.pinned,
      ...this.#swipe.state,
      whatIf: this.#whatIfState(),
      places: this.#symbols.state,
    };
  }

  // --- the page ---

  #layOut(): void {
    const data = this.#data;
    document.title = `${data.fictional ? "Fictional data: " : ""}Digital-exclusion risk in ${data.title}`;
    const container = this.#map.getContainer();
    const toTable = button("Skip to the table of areas", "atlas-skip", () => {
      this.#drawer.show("table", true);
    });
    const search = new Search(
      () => (this.#places ??= new PlaceIndex(this.#areas, this.#postcodes, this.#towns())),
      (place) => {
        this.#goTo(place);
      },
      (place) => {
        this.#canvas.mark("hovered", place?.rows ?? []);
      },
      (text) => {
        this.#announcer.say(text);
      },
    );
    const title = el(
      "div",
      { class: "atlas-title" },
      el("h1", {}, "Digital-exclusion risk in ", words(data.title)),
      this.#subtitle,
    );
    const aboutButton = button("About", "atlas-bar-button", () => {
      this.#about.open();
    });
    aboutButton.append(el("span", { class: "atlas-if-wide" }, " and sources"));
    this.#page.append(
      el(
        "header",
        {},
        toTable,
        el("div", { class: "atlas-header" }, title, search.element, el("div", { class: "atlas-bar-buttons" }, ...this.#drawer.buttons, aboutButton)),
        data.fictional
          ? el("p", { class: "atlas-fictional", role: "note" }, el("strong", {}, "Fictional data. "), "Every place and number on this page is invented.")
          : null,
        this.#whatIf.notice,
        this.#linkNotice.element,
      ),
      el(
        "main",
        { class: "atlas-main" },
        el(
          "section",
          { class: "atlas-side", "aria-label": "What the map shows" },
          el("div", { class: "atlas-side-layers" }, this.#layers.element),
          el(
            "div",
            { class: "atlas-tools" },
            this.#filterView.element,
            this.#symbols.control?.element ?? null,
            el("details", { class: "atlas-section" }, el("summary", {}, "Compare two layers"), el("div", { class: "atlas-section-body" }, this.#swipe.control)),
            this.#whatIf.element,
            this.#downloads.element,
            this.#streets?.element ?? null,
          ),
        ),
        el("div", { class: "atlas-middle" }, this.#mapFrame, ...this.#drawer.elements),
        this.#panel.element,
      ),
      this.#foot,
      this.#announcer.element,
    );
    container.setAttribute("role", "application");
    container.setAttribute(
      "aria-label",
      "Map of neighbourhoods. Arrow keys move it, plus and minus zoom, Enter opens the area in the middle.",
    );
    this.#mapFrame.append(container, el("div", { class: "atlas-cross", "aria-hidden": "true" }), this.#hover.element, this.#start, this.#found, this.#swipe.element, this.#legend.element, this.#swipe.legend, this.#symbols.box.element);
    document.body.prepend(this.#page);
    document.body.append(this.#about.element);
  }

  #prepareMap(state: State): void {
    const map = this.#map;
    map.options.zoomSnap = 0;
    map.options.zoomDelta = 1;
    map.options.inertia = !this.#calm.matches;
    map.invalidateSize({ animate: false });
    map.zoomControl.setPosition("topright");
    const whole = new L.Control({ position: "topright" });
    const back = button("Whole map", "atlas-whole", () => {
      this.#fitAll();
    });
    L.DomEvent.disableClickPropagation(back);
    whole.onAdd = () => back;
    whole.addTo(map);
    L.control.scale({ position: "bottomright" }).addTo(map);
    const all = this.#bounds(boxOf(this.#geometry, everyArea(this.#geometry)));
    if (!all) return;
    this.#all = all;
    this.#fitAll();
    map.setMinZoom(Math.max(0, map.getZoom() - 1.5));
    map.setMaxZoom(17);
    map.setMaxBounds(all.pad(1));
    if (state.view) this.#setView(state.view);
  }

  #listen(): void {
    const map = this.#map;
    map.on("mousemove", (event) => {
      this.#point(this.#rowAt(event.latlng.lng, event.latlng.lat), event.containerPoint);
    });
    map.on("mouseout", () => {
      this.#point(null, null);
    });
    map.on("click", (event) => {
      const row = this.#rowAt(event.latlng.lng, event.latlng.lat);
      if (row !== null) this.#choose(row, false);
    });
    map.on("movestart", () => {
      this.#hover.hide();
      this.#whole = false;
    });
    map.on("zoomstart", () => {
      this.#zooming = true;
    });
    map.on("zoomend", () => {
      this.#zooming = false;
    });
    map.on("moveend", () => {
      this.#remember();
      if (this.#byKeyboard && document.activeElement === map.getContainer()) this.#pointAtMiddle();
    });
    // Leaflet focuses the map on a click, which browsers then may take for the work of the keyboard.
    const by = (keyboard: boolean) => (): void => {
      this.#byKeyboard = keyboard;
      this.#page.classList.toggle("atlas-by-keyboard", keyboard);
    };
    addEventListener("keydown", by(true), true);
    addEventListener("pointerdown", by(false), true);
    const container = map.getContainer();
    container.addEventListener("keydown", (event) => {
      if (event.target !== container) return;
      if (event.key === "Escape") this.#deselect();
      if (event.key !== "Enter") return;
      event.preventDefault();
      const { lat, lng } = map.getCenter();
      const row = this.#rowAt(lng, lat);
      if (row === null) this.#announcer.say("No area in the middle of the map");
      else this.#choose(row, true);
    });
    container.addEventListener("focus", () => {
      if (this.#byKeyboard) this.#pointAtMiddle();
    });
    container.addEventListener("blur", () => {
      this.#point(null, null);
    });
    new ResizeObserver(() => {
      this.#resize();
    }).observe(container);
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"]) {
      matchMedia(query).addEventListener("change", () => {
        this.#canvas.restyle(this.#readStyle());
      });
    }
    addEventListener("hashchange", () => {
      this.#restore(parseState(location.hash));
    });
    addEventListener("beforeprint", () => {
      const style = document.documentElement.style;
      style.setProperty("--atlas-print-width", `${this.#mapFrame.offsetWidth}px`);
      style.setProperty("--atlas-print-height", `${this.#mapFrame.offsetHeight}px`);
      style.setProperty("--atlas-print-zoom", String(Math.min(1, 680 / Math.max(1, this.#mapFrame.offsetWidth))));
      this.#showFoot();
      // What is folded away on the screen cannot be opened on paper.
      const folded = [this.#legend.element, this.#swipe.legend].filter((legend) => legend instanceof HTMLDetailsElement && !legend.open);
      for (const legend of folded) legend.setAttribute("open", "");
      // On a small map the legend would hide what it explains.
      document.documentElement.classList.toggle("atlas-print-legend-below", this.#mapFrame.offsetWidth < SMALL_MAP);
      addEventListener("afterprint", () => {
        for (const legend of folded) legend.removeAttribute("open");
      }, { once: true });
    });
  }

  #readStyle(): Style {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(`--atlas-${name}`).trim() || "#808080";
    const family = style.getPropertyValue("--atlas-font").trim() || "sans-serif";
    const halo = colour("halo");
    return {
      ink: {
        ground: colour("sea"),
        noData: colour("no-data"),
        between: colour("between"),
        districts: colour("districts"),
        outside: colour("outside"),
      },
      land: { land: colour("land"), coast: colour("coast"), borders: colour("land-borders") },
      labels: { family, colour: colour("label"), quiet: colour("label-quiet"), halo },
      outlines: {
        pinned: [
          [colour("mark-edge"), 6],
          [colour("mark-found"), 3],
        ],
        found: [
          [colour("mark-edge"), 5],
          [colour("mark-found"), 2.5],
        ],
        hovered: [
          [colour("mark-edge"), 4],
          [colour("mark-hover"), 1.75],
        ],
        selected: [
          [colour("mark-edge"), 6],
          [colour("mark"), 3],
        ],
      },
    };
  }

  // --- layers ---

  #layerCalled(id: string | null): LayerInfo | undefined {
    return this.#data.layers.find((layer) => layer.id === id);
  }

  /** 1 for each area of which it is not sure whether it belongs to the worst tenth; null where the page does not say. */
  #unsure(): Uint8Array | null {
    if (!this.#table.has(IN_WORST_TENTH)) return null;
    return Uint8Array.from(this.#table.numbers(IN_WORST_TENTH), (share) => (share > SELDOM && share < MOSTLY ? 1 : 0));
  }

  /** Stripes on the layer of ranks, unless the reader wants none or other weights are shown, which they are not of. */
  #showStripes(): void {
    this.#legend.showNote(this.#stripesApply ? this.#stripesNote : null);
    this.#canvas.stripe(this.#stripesShown ? this.#uncertain : null);
  }

  get #stripesApply(): boolean {
    return this.#layer.id === RANKED_LAYER && this.#uncertain !== null && this.#whatIf.get() === null;
  }

  get #stripesShown(): boolean {
    return this.#stripesApply && this.#stripesWanted.checked;
  }

  #colouring(layer: LayerInfo): Colouring {
    return { classes: this.#values.classes(layer), colours: layer.classes.map(({ colour }) => colour) };
  }

  /** What a layer's colours mean, and how many of the chosen areas have each. */
  #entries(layer: LayerInfo): LegendEntry[] {
    return legendEntries(layer, this.#values.classes(layer), this.#included);
  }

  #showLayer(): void {
    this.#layers.show(this.#layer);
    this.#legend.show(this.#layer, this.#entries(this.#layer));
    this.#legend.showChanged(this.#changedInWords(this.#layer));
    this.#tableView.setLayer(this.#layer);
  }

  #compare(id: string | null, share: number): void {
    const layer = this.#layerCalled(id);
    if (layer) this.#start.hidden = true;
    this.#canvas.compare(layer ? this.#colouring(this.#now(layer)) : null, share);
    this.#remember();
  }

  // --- chosen areas ---

  #chosenRows(): Uint32Array {
    return rowsOf(this.#included, this.#table.rows);
  }

  #totalsInWords(): string {
    return totalsInWords(totals(this.#chosenRows(), this.#table), this.#table.rows);
  }

  #applyFilter(filter: Filter): void {
    this.#filter = filter;
    this.#showChosen();
    this.#whatIf.selectionChanged();
  }

  #showChosen(): void {
    const filter = this.#filter;
    this.#included = matching(filter, this.#table);
    const rows = this.#chosenRows();
    const sums = totals(rows, this.#table);
    this.#filterView.show(filter, sums);
    this.#downloads.show(rows.length, this.#table.rows, this.#changedInWords());
    this.#tableView.setRows(rows, isEmpty(filter) ? "All areas" : rows.length ? "Chosen areas" : "No area meets all the conditions", totalsInWords(sums, this.#table.rows));
    this.#actionList.setRows(rows, isEmpty(filter));
    this.#canvas.fade(this.#included);
    this.#legend.show(this.#layer, this.#entries(this.#layer));
    this.#swipe.refresh();
    if (!this.#start.hidden) this.#sayWhereToStart();
    this.#showFoot();
  }

  #showFoot(): void {
    const lines = [...this.#marksInWords(), ...this.#provenance(), NOT_PERSONS, this.#sourcesInWords("printed")];
    this.#foot.replaceChildren(...lines.map((line) => el("p", {}, words(line))));
  }

  /** What the outlines on the map are around. */
  #marksInWords(): string[] {
    const pinned = this.#panel.pinned;
    const name = (row: number): string => [this.#areas.name(row), this.#areas.place(row)].filter(Boolean).join(", ");
    const pinnedRow = pinned === null ? null : this.#areas.row(pinned);
    return [
      ...(this.#selected === null ? [] : [`Outlined: ${name(this.#selected)}.`]),
      ...(pinnedRow === null || pinnedRow === this.#selected ? [] : [`Pinned, outlined too: ${name(pinnedRow)}.`]),
      ...(this.#found.hidden ? [] : [`Outlined: ${this.#found.firstElementChild?.textContent ?? ""}.`]),
      ...(this.#included ? ["Paler areas do not meet the conditions."] : []),
    ];
  }

  /** When the page was built and used, and whom its numbers come from. */
  #sourcesInWords(used: string): string {
    const { built, sources, support, people } = this.#data;
    const attributions = sources.map(({ attribution }) => attribution.replace(/^Source: /, "")).filter(Boolean);
    const painted = new Set(this.#symbols.painted.map(({ id }) => id));
    const shown = support?.kinds.filter(({ id }) => painted.has(id)).map(({ plural: many, origin }) => `${many}: ${origin}`) ?? [];
    const rates = this.#layer.column.startsWith("people_") ? people.sources.map(({ source }) => source) : [];
    return `Built ${day(built)}, ${used} ${day(new Date().toISOString())}. Sources: ${[...new Set([...attributions, ...shown, ...rates])].join(" · ")}`;
  }

  // --- changed weights ---

  get #isNation(): boolean {
    return this.#data.nation.areas === this.#table.rows;
  }

  #whatIfState(): string | null {
    const state = this.#whatIf.get();
    return state && formatWhatIf(state, this.#whatIf.names);
  }

  /** How what is shown differs from the published index; null where it does not. */
  get #changed(): Changed | null {
    const state = this.#whatIf.get();
    return state && { weights: this.#whatIf.weightsChanged, reference: state.reference, among: this.#whatIf.among };
  }

  /** A layer with the words that hold of what is shown. */
  #now(layer: LayerInfo): LayerInfo {
    const now = { changed: this.#changed, unknown: this.#replaced?.unknown ?? new Set<string>(), againstNation: this.#againstNation };
    return layerNow(this.#layerCalled(layer.id) ?? layer, now, this.#table, this.#data.nation.title);
  }

  /** That a layer, or whatever follows from the index, is not as published; nothing where it is. */
  #changedInWords(layer?: LayerInfo): string {
    const changed = this.#changed;
    if (!changed) return "";
    if (layer && [layer.column, layer.column_by].some((column) => column !== null && this.#replaced?.unknown.has(column))) return "";
    const follows = !layer || [layer.column, layer.column_by].some((column) => column !== null && this.#replaced?.columns.has(column));
    return follows ? `By ${changeInWords(changed)}, ${comparedWith(this.#data, changed)}: not the published index.` : "";
  }

  /** Where and by what the page says what it shows. */
  #showSubtitle(): void {
    const areas = plural(this.#table.rows, "neighbourhood", "neighbourhoods");
    this.#subtitle.textContent = `${areas}, ${comparedWith(this.#data, this.#changed)} · built ${day(this.#data.built)}`;
    this.#about.follow(this.#changed ? this.#provenance()[0] : "");
    this.#showFoot();
  }

  /** Whether the components that are shown are scored against the nation. */
  get #againstNation(): boolean {
    const reference = this.#whatIf.get()?.reference ?? this.#data.reference;
    return reference === "england" || (reference === "area" && this.#isNation);
  }

  /** The columns that other scores stand in. What else the index makes, such as the place in the nation, is not known. */
  #scoredColumns(scored: Scored): Map<string, Float64Array | Texts> {
    const unknown = new Float64Array(this.#table.rows).fill(NaN);
    const columns = new Map<string, Float64Array | Texts>([
      ["risk_score", scored.score],
      ["risk_rank", scored.rank],
      ["risk_decile", scored.decile],
      ["england_rank", this.#isNation ? scored.rank : unknown],
      ["england_decile", this.#isNation ? scored.decile : unknown],
    ]);
    this.#data.index.components.forEach(({ column }, number) => columns.set(column, scored.components[number]));
    for (const column of UNKNOWN_BY_OTHER_WEIGHTS) columns.set(column, unknown);
    const { exclusion } = this.#data;
    if (exclusion) {
      const capacity = this.#table.published().numbers("capacity_score");
      for (const [column, values] of exclusionColumns(scored, capacity, exclusion)) columns.set(column, values);
    }
    for (const [column, values] of listColumns(this.#listable(scored), this.#data.where_to_act)) columns.set(column, values);
    for (const [column, values] of this.#driverColumns(scored)) columns.set(column, values);
    return columns;
  }

  /** What the list by other ranks is made of: support and people stay as published. */
  #listable({ rank }: Scored): Listable {
    const published = this.#table.published();
    const all = new Float64Array(this.#table.rows).fill(1);
    const support = this.#data.where_to_act.by_support;
    return {
      rank,
      little: support ? published.numbers("little_support") : all,
      people: published.numbers("people_at_risk"),
      lack: support ? published.numbers("lack_of_support") : all,
    };
  }

  /** What drives the risk by other weights, against what the panel holds the components against. */
  #driverColumns({ components: scores }: Scored): Map<string, Texts> {
    const { index, nation } = this.#data;
    const national = this.#againstNation && index.components.every(({ column }) => Number.isFinite(nation.means[column] ?? NaN));
    const averages = index.components.map(({ column }, number) => (national ? nation.means[column] : meanOf(scores[number])));
    const weights = this.#whatIf.get()?.weights ?? [];
    const { mainDriver, pointsTo } = driverColumns(index.components, weights, scores, averages, this.#data);
    return new Map([
      ["main_driver", mainDriver],
      ["points_to", pointsTo],
    ]);
  }

  /** Other scores and ranks take the place of the published ones, or give it back. */
  #rescored(scored: Scored | null): void {
    const before = this.#replaced;
    this.#replaced = scored && replacement(this.#scoredColumns(scored), this.#data.columns, this.#table.published());
    this.#table.replace(this.#replaced?.columns ?? null);
    this.#areas.recount();
    const changed = this.#changed;
    this.#values.forget(this.#replaced?.unknown, changed ? notKnown(changed) : undefined);
    this.#layer = this.#now(this.#layer);
    this.#hover.hide();
    this.#showSubtitle();
    this.#page.classList.toggle("atlas-changed", scored !== null);
    this.#canvas.colour(this.#colouring(this.#layer));
    const beside = this.#layerCalled(this.#swipe.state.beside);
    if (beside) this.#canvas.compare(this.#colouring(this.#now(beside)), this.#swipe.state.divide);
    const replaced = new Set([before, this.#replaced].flatMap((one) => [...(one?.columns.keys() ?? [])]));
    if ([...this.#filter.oneOf, ...this.#filter.bounds].some(({ column }) => replaced.has(column))) this.#showChosen();
    this.#downloads.show(this.#chosenRows().length, this.#table.rows, this.#changedInWords());
    if (!this.#start.hidden) this.#sayWhereToStart();
    this.#showLayer();
    this.#showStripes();
    this.#swipe.refresh();
    this.#tableView.refresh();
    this.#actionList.refresh();
    this.#filterView.refresh();
    this.#panel.refresh(true, this.#layer);
    this.#remember();
  }

  // --- files ---

  /** What is shown where that is not all of the published index: changed weights, then conditions. */
  #provenance(): string[] {
    const state = this.#whatIf.get();
    const changed = this.#changed;
    const weights = this.#data.index.components.map(({ title }, number) => `${title} ${Number((state?.weights[number] ?? 0).toFixed(4))}`);
    const what = changed?.weights ? `WEIGHTS CHANGED, not the published index: ${weights.join(", ")}` : "COMPARISON CHANGED, not the published index";
    return [
      ...(changed ? [`${what}; ${comparedWith(this.#data, changed)}.`] : []),
      ...(isEmpty(this.#filter) ? [] : [`Only areas with ${this.#filterView.inWords(this.#filter).join("; ")}. ${this.#totalsInWords()}`]),
    ];
  }

  /** The same for a file, which says so too where it is all as published. */
  #madeWith(): string {
    const { index, built, fictional } = this.#data;
    const published = this.#changed ? [] : [`Published index: ${index.title}, ${comparedWith(this.#data)}.`];
    const all = isEmpty(this.#filter) ? ["All areas."] : [];
    return [...(fictional ? ["FICTIONAL DATA."] : []), ...published, ...this.#provenance(), ...all, `Built ${built.slice(0, 10)}.`].join(" ");
  }

  #fileName(what: string): string {
    const parts = [this.#data.fictional ? "fictional" : "", this.#data.title, what];
    return fileName(...parts, isEmpty(this.#filter) ? "" : "chosen", this.#whatIf.get() ? "weights changed" : "");
  }

  #saveCsv(): void {
    const text = toCsv(this.#data, this.#table, this.#chosenRows(), this.#provenance().length ? this.#madeWith() : "");
    save(`${this.#fileName("areas")}.csv`, new Blob([text], { type: "text/csv" }));
    this.#announcer.say("The table was saved as a CSV file");
  }

  #saveGeoJson(): void {
    const text = toGeoJson(this.#data, this.#table, this.#geometry, this.#chosenRows(), this.#madeWith());
    save(`${this.#fileName("areas")}.geojson`, new Blob([text], { type: "application/geo+json" }));
    this.#announcer.say("The areas were saved as a GeoJSON file");
  }

  #savePicture(): void {
    void this.#canvas.settled().then(() => {
      const map = this.#canvas.toCanvas();
      const context = map.getContext("2d");
      if (context) this.#symbols.paintOn(context, map.width / this.#map.getSize().x);
      const layer = this.#layer;
      const second = this.#layerCalled(this.#swipe.state.beside);
      const beside = second && this.#now(second);
      const { lat, lng } = this.#map.getCenter();
      const along = this.#map.containerPointToLatLng(this.#map.latLngToContainerPoint([lat, lng]).add([SCALE, 0]));
      const picture = compose(map, map.width / this.#map.getSize().x, {
        title: `${this.#data.fictional ? "FICTIONAL DATA · " : ""}${layer.title}, ${this.#data.title}`,
        lines: [layer.sentence, ...(beside ? [`Right of the line: ${beside.title}. ${beside.sentence}`] : []), ...this.#provenance(), ...this.#marksInWords()].filter(Boolean),
        keys: beside ? [this.#key(layer, "Left: "), this.#key(beside, "Right: ")] : [this.#key(layer)],
        symbols: this.#symbols.painted,
        scale: scaleOf(this.#map.distance([lat, lng], along) / SCALE, SCALE),
        notes: [NOT_PERSONS, this.#sourcesInWords("saved")],
      });
      picture.toBlob((blob) => {
        if (!blob) return;
        save(`${this.#fileName(layer.title)}.png`, blob);
        this.#announcer.say("The map was saved as a picture");
      }, "image/png");
    });
  }

  /** What a saved picture says of the colours of a layer. */
  #key(layer: LayerInfo, before = ""): Key {
    const striped = layer.id === this.#layer.id && this.#stripesShown;
    const heading = [layer.title, layer.unit].filter(Boolean).join(", ");
    return { heading: `${before}${heading}`, entries: this.#entries(layer), stripes: striped ? `Striped: ${STRIPED}` : null, worse: worseInWords(layer) };
  }

  // --- areas ---

  #rowAt(lon: number, lat: number): number | null {
    const row = this.#hit.at(...toGrid(this.#geometry, lon, lat));
    return row < 0 ? null : row;
  }

  #point(row: number | null, at: L.Point | null): void {
    if (row !== this.#hovered) {
      this.#hovered = row;
      this.#canvas.mark("hovered", row === null ? [] : [row]);
      this.#legend.mark(row === null ? null : this.#values.classes(this.#layer)[row]);
      this.#map.getContainer().classList.toggle("atlas-pointing", row !== null);
    }
    if (row === null || !at) {
      this.#hover.hide();
      return;
    }
    const { x, y } = this.#map.getSize();
    this.#hover.show(row, this.#layer, at.x, at.y, x, y);
  }

  #pointAtSymbol(title: string | null, detail: string, at: L.Point | null): void {
    this.#point(null, null);
    if (title === null || !at) return;
    const { x, y } = this.#map.getSize();
    this.#hover.showSymbol(title, detail, at.x, at.y, x, y);
  }

  #pointAtMiddle(): void {
    const { lat, lng } = this.#map.getCenter();
    const row = this.#rowAt(lng, lat);
    this.#point(row, this.#map.getSize().divideBy(2));
    if (row !== null) this.#announcer.say(`${this.#areas.place(row)}, ${this.#areas.name(row)}: ${this.#areas.standing(row)}`);
  }

  /** Shows where an area is that the keyboard or the pointer has reached in the table. */
  #preview(row: number | null): void {
    const bounds = row === null ? null : this.#bounds(boxOf(this.#geometry, [row]));
    this.#point(row, bounds ? this.#map.latLngToContainerPoint(bounds.getCenter()) : null);
    if (bounds && !this.#map.getBounds().contains(bounds.getCenter())) this.#hover.hide();
  }

  /** A button that opens the area which a column ranks first; null where it ranks none. */
  #first(column: string): HTMLElement | null {
    const included = this.#included;
    const ranks = this.#table.numbers(column).map((rank, row) => (!included || included[row] ? rank : NaN));
    const row = ranks.indexOf(ranks.reduce((least, rank) => (rank < least ? rank : least), Infinity));
    if (row < 0) return null;
    const open = button("", "atlas-start-area", () => {
      this.#choose(row, true);
    });
    open.append(words(this.#areas.place(row) || this.#areas.name(row)));
    return open;
  }

  #programmes(info: ProgrammesInfo): ProgrammesView {
    return new ProgrammesView(info, this.#areas, (row) => this.#table.text("lsoa21_code", row) ?? "", {
      show: (rows, text) => {
        this.#outline(rows, `${text}, outlined on the map`);
        this.#fit(rows, CLOSEST_FIT);
        this.#announcer.say(`${text}, outlined on the map`);
      },
      select: (row) => {
        this.#choose(row, true);
      },
      saveCsv: (what, text) => {
        save(`${this.#fileName(what)}.csv`, new Blob([text], { type: "text/csv" }));
      },
      close: () => {
        this.#drawer.close();
      },
    });
  }

  /** One sentence for a reader who has just opened the page; gone with the first area that is chosen. */
  #sayWhereToStart(): void {
    const worst = this.#first("risk_rank");
    if (!worst) {
      this.#start.replaceChildren();
      return;
    }
    const first = this.#table.has(ORDER) ? this.#first(ORDER) : null;
    const of = this.#included ? " of the chosen areas" : "";
    const by = this.#changed ? ` by ${changeInWords(this.#changed)}` : "";
    this.#start.replaceChildren(
      `Highest risk${of}${by}: `,
      worst,
      ...(first ? [`. First${this.#included ? " of them" : ""} on the list of ${this.#data.where_to_act.by_support ? "high risk and little support" : "high risk"}: `, first] : []),
      ".",
      el("span", { class: "atlas-if-wide" }, " Choose any area on the map for its numbers."),
    );
    this.#start.hidden = false;
  }

  #choose(row: number, focus: boolean, reveal = true): void {
    this.#selected = row;
    this.#start.hidden = true;
    this.#panel.show(row, this.#layer, focus);
    this.#tableView.setSelected(row);
    this.#actionList.setSelected(row);
    this.#canvas.mark("selected", [row]);
    this.#outline([]);
    this.#resize();
    if (reveal) this.#bringIntoView(row);
    this.#announcer.say(
      `Selected ${[this.#areas.place(row), this.#areas.name(row), this.#areas.standing(row)].filter(Boolean).join(", ")}`,
    );
    this.#remember();
  }

  #deselect(): void {
    if (this.#selected === null) return;
    this.#selected = null;
    this.#panel.hide(this.#map.getContainer());
    this.#tableView.setSelected(null);
    this.#actionList.setSelected(null);
    this.#canvas.mark("selected", []);
    this.#resize();
    this.#announcer.say("Area closed");
    this.#remember();
  }

  #towns(): TownPlace[] {
    return townsOf(this.#data).flatMap(({ name, lon, lat }) => {
      const row = this.#rowAt(lon, lat);
      return row === null ? [] : [{ name, row }];
    });
  }

  #goTo(place: Place): void {
    if (place.kind !== "town" && place.kind !== "sector" && place.rows.length === 1) {
      this.#choose(place.rows[0], true);
      this.#fit(place.rows, CLOSEST_FIT);
      if (place.kind === "postcode") this.#announcer.say(`${place.name} is in ${this.#areas.place(place.rows[0])}, ${this.#areas.name(place.rows[0])}`);
      return;
    }
    if (place.kind === "town") {
      this.#fit(place.rows, TOWN_FIT);
      this.#announcer.say(`${place.name}, ${place.detail}: shown on the map`);
      return;
    }
    const many = plural(place.rows.length, "area", "areas");
    const text = `${place.name}, ${place.detail}${place.detail.endsWith(many) ? "" : `: ${many}`}, outlined on the map`;
    this.#outline(place.rows, text);
    this.#fit(place.rows, CLOSEST_FIT);
    this.#announcer.say(text);
  }

  /** Outlines what was found and says what it is; no areas take that away. */
  #outline(rows: readonly number[], text = ""): void {
    this.#canvas.mark("found", rows);
    this.#found.hidden = !rows.length;
    if (!rows.length) return;
    this.#start.hidden = true;
    this.#found.replaceChildren(
      words(text),
      ". ",
      button("Remove the outline", "atlas-start-area", () => {
        this.#outline([]);
        this.#map.getContainer().focus({ preventScroll: true });
      }),
    );
  }

  #bringIntoView(row: number): void {
    const bounds = this.#bounds(boxOf(this.#geometry, [row]));
    if (!bounds) return;
    const covered = this.#coveredBelow();
    const size = this.#map.getSize();
    const northWest = this.#map.latLngToContainerPoint(bounds.getNorthWest());
    const southEast = this.#map.latLngToContainerPoint(bounds.getSouthEast());
    const middle = northWest.add(southEast).divideBy(2);
    const seen = middle.x > EDGE && middle.y > EDGE && middle.x < size.x - EDGE && middle.y < size.y - covered - EDGE;
    if (!seen) this.#fit([row], Math.max(this.#map.getZoom(), Math.min(11, CLOSEST_FIT)));
  }

  #bounds(box: Box | null): L.LatLngBounds | null {
    if (!box) return null;
    const [west, south] = toLonLat(this.#geometry, box.west, box.south);
    const [east, north] = toLonLat(this.#geometry, box.east, box.north);
    return L.latLngBounds([south, west], [north, east]);
  }

  #fit(rows: Iterable<number>, maxZoom: number): void {
    const bounds = this.#bounds(boxOf(this.#geometry, rows));
    if (bounds) this.#fitBounds(bounds, maxZoom);
  }

  #fitBounds(bounds: L.LatLngBounds, maxZoom: number): void {
    // A map that is being zoomed would go on to where it was going.
    if (this.#zooming) {
      this.#map.once("zoomend", () => {
        this.#fitBounds(bounds, maxZoom);
      });
      return;
    }
    this.#map.fitBounds(bounds, { ...this.#padding(), maxZoom, animate: !this.#calm.matches });
  }

  #fitAll(): void {
    const { x, y } = this.#map.getSize();
    // A page opened in the background may have no size yet; the map is fitted when it gets one.
    const all = this.#all;
    if (all && x > 0 && y > 0) this.#moveAtOnce(() => this.#map.fitBounds(all, { ...this.#roomiest(all), animate: false }));
    this.#whole = true;
  }

  /** Moves the map whatever it is doing: one that was made smaller may be gliding back into its bounds, and would go on. */
  #moveAtOnce(move: () => void): void {
    const { maxBounds } = this.#map.options;
    this.#map.setMaxBounds(undefined);
    this.#map.stop();
    move();
    this.#map.setMaxBounds(maxBounds);
  }

  #setView({ lat, lon, zoom }: View): void {
    if (!this.#all?.pad(0.5).contains([lat, lon])) return;
    this.#moveAtOnce(() => this.#map.setView([lat, lon], zoom, { animate: false }));
    this.#whole = false;
  }

  /** After something around the map opened or closed. */
  #resize(): void {
    const whole = this.#whole;
    this.#map.invalidateSize({ pan: false });
    if (whole && !this.#narrow.matches) this.#fitAll();
    this.#whole = whole;
  }

  /** Beside what lies over the map, where the bounds are seen largest. */
  #roomiest(bounds: L.LatLngBounds): Padding {
    const { x, y } = this.#map.getSize();
    const zoom = this.#map.getZoom();
    const shape = L.bounds(this.#map.project(bounds.getNorthWest(), zoom), this.#map.project(bounds.getSouthEast(), zoom)).getSize();
    const edge = this.#narrow.matches ? NARROW_EDGE : EDGE;
    const { left, right, top, bottom } = roomFor({ width: shape.x, height: shape.y }, { width: x, height: y }, this.#boxes.large(), edge);
    return { paddingTopLeft: [left, top], paddingBottomRight: [x - right, y - bottom] };
  }

  #padding(): Padding {
    const edge = this.#narrow.matches ? NARROW_EDGE : EDGE;
    return { paddingTopLeft: [edge, edge], paddingBottomRight: [edge, edge + this.#coveredBelow()] };
  }

  #coveredBelow(): number {
    const { element } = this.#panel;
    const map = this.#mapFrame.getBoundingClientRect();
    // A panel below the map, as on a page that scrolls, covers nothing; one over all of it leaves nothing to keep free.
    const covered = element.hidden || !this.#narrow.matches ? 0 : map.bottom - element.getBoundingClientRect().top;
    return covered > 0 && covered < map.height - MOST_COVERED ? covered : 0;
  }

  // --- below the map, address ---

  /** After what is below the map opened or closed. */
  #makeRoom(open: boolean): void {
    if (open && this.#mapFrame.offsetHeight < LOW_MAP) this.#legend.element.open = false;
    this.#resize();
    this.#remember();
  }

  #restoreArea(state: State, reveal: boolean): void {
    if (state.area === null) return;
    const row = this.#areas.row(state.area);
    if (row === null) {
      this.#deselect();
      this.#announcer.say(`The area ${state.area} is not on this map`);
      return;
    }
    if (row === this.#selected) return;
    this.#choose(row, false, reveal || !state.view);
    if (!reveal && state.view) this.#setView(state.view);
  }

  /** Takes up weights, the pinned area and conditions; what of them this page does not have is the answer, in words. */
  #restoreChoices(state: State): string[] {
    const weights = this.#whatIf.parse(state.whatIf);
    this.#byPlace = weights.byPlace;
    this.#whatIf.set(weights.state);
    this.#panel.setPinned(state.pinned);
    const { filter, unread } = parseFilter(state.filter, this.#table, this.#identities);
    if (formatFilter(filter) !== formatFilter(this.#filter)) this.#applyFilter(filter);
    return [...weights.unread, ...unread];
  }

  /** How weights of an older link, which has no names, were taken; nothing of others. */
  #takenInWords(): string {
    const state = this.#byPlace ? this.#whatIf.get() : null;
    if (!state) return "";
    const weights = this.#data.index.components.map(({ title }, number) => `${title} ${Number(state.weights[number].toFixed(4))}`);
    return `The link is an older one, whose weights have no names. They are taken in the order of this page’s index: ${weights.join(", ")}. If the index has changed since the link was made, they are not the ones that were meant.`;
  }

  /** Layers and areas of an address that this page does not have. */
  #unreadPlaces({ layer, beside, area, pinned }: State): string[] {
    const unread = (what: string, id: string | null, known: unknown): string[] => (id === null || (known ?? null) !== null ? [] : [`${what} “${id}”`]);
    return [
      ...unread("the layer", layer, this.#layerCalled(layer)),
      ...unread("the second layer", beside, this.#layerCalled(beside)),
      ...unread("the area", area, area === null ? null : this.#areas.row(area)),
      ...unread("the pinned area", pinned, pinned === null ? null : this.#areas.row(pinned)),
    ];
  }

  #restore(state: State): void {
    if (formatState(state) === formatState(this.state())) return;
    const unread = unreadState(location.hash);
    if (this.#layerCalled(state.layer)) this.setLayer(state.layer ?? "");
    if (state.view) this.#setView(state.view);
    if (state.area === null) this.#deselect();
    else this.#restoreArea(state, !state.view);
    if (state.show !== this.#drawer.open) this.#drawer.show(state.show);
    this.#swipe.restore(state);
    unread.push(...this.#symbols.restore(state.places), ...this.#restoreChoices(state), ...this.#unreadPlaces(state));
    this.#linkNotice.show(unread, this.#takenInWords());
    this.#remember();
  }

  #remember(): void {
    const address = `#${formatState(this.state())}`;
    if (address !== this.#address) this.#panel.linkChanged();
    this.#address = address;
    try {
      history.replaceState(history.state, "", address);
    } catch {
      // Some viewers of attachments refuse changes of the address; the page works without.
    }
  }
}
