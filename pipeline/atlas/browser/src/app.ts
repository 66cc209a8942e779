/** The page around the map: what is shown, what is selected, and how its parts tell each other. */
import { About, comparedWith } from "./about";
import { Areas } from "./areas";
import { CanvasLayer } from "./canvas-layer";
import type { Style } from "./canvas-layer";
import { classesOf, legendEntries } from "./classes";
import type { AtlasData, LayerInfo } from "./data";
import { firstLayer } from "./data";
import { Announcer, button, el, words } from "./dom";
import type { Place } from "./find";
import { PlaceIndex } from "./find";
import { day, plural } from "./format";
import type { Box, Geometry } from "./geometry";
import { boxOf, everyArea, HitTest, ringsOf, toGrid, toLonLat } from "./geometry";
import { Hover } from "./hover";
import { labelsOf } from "./labels";
import { LayersControl } from "./layers-control";
import { Legend } from "./legend";
import { Panel } from "./panel";
import { Search } from "./search";
import type { State, View } from "./state";
import { formatState, parseState } from "./state";
import type { Table } from "./table";
import { TableView } from "./table-view";
import { Values } from "./values";

/** As wide as the style sheet's narrow layout. */
const NARROW = "(max-width: 760px)";
const CLOSEST_FIT = 13;
const EDGE = 24;
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
  readonly #announcer = new Announcer();
  readonly #about: About;
  readonly #tableButton: HTMLButtonElement;
  readonly #page = el("div", { class: "atlas" });
  readonly #mapFrame: HTMLElement;
  readonly #narrow = matchMedia(NARROW);
  readonly #calm = matchMedia("(prefers-reduced-motion: reduce)");
  readonly #classes = new Map<string, Uint8Array>();
  #places: PlaceIndex | null = null;
  #layer: LayerInfo;
  #selected: number | null = null;
  #hovered: number | null = null;
  #all: L.LatLngBounds | null = null;
  #byKeyboard = false;
  /** All areas are in view and the reader has not moved the map. */
  #whole = true;

  constructor(map: L.Map, data: AtlasData, table: Table, geometry: Geometry) {
    this.#map = map;
    this.#data = data;
    this.#table = table;
    this.#geometry = geometry;
    this.#areas = new Areas(table);
    this.#values = new Values(data, table);
    this.#hit = new HitTest(geometry);
    const state = parseState(location.hash);
    this.#layer = this.#layerCalled(state.layer) ?? firstLayer(data);
    this.#about = new About(data);
    this.#hover = new Hover(this.#areas, this.#values);
    this.#legend = new Legend(this.#narrow);
    this.#layers = new LayersControl(data.layers, this.#narrow, (id) => {
      this.setLayer(id);
    });
    this.#panel = new Panel(
      data,
      table,
      this.#areas,
      this.#values,
      () => {
        this.#deselect();
      },
      () => {
        if (this.#selected !== null) this.#fit([this.#selected], CLOSEST_FIT);
      },
    );
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
        this.#showTable(false);
        this.#tableButton.focus();
      },
    );
    this.#tableButton = button("Table", "atlas-bar-button", () => {
      this.#showTable(!this.#tableView.open, true);
    });
    this.#tableButton.setAttribute("aria-pressed", "false");
    this.#mapFrame = el("section", { class: "atlas-map", "aria-label": "Map" });
    this.#layOut();
    this.#canvas = new CanvasLayer(
      geometry,
      this.#areas.districtNumbers(),
      [labelsOf(geometry, table, "lad_name"), labelsOf(geometry, table, "ward_name")],
      this.#readStyle(),
      this.#classesOf(this.#layer),
      this.#layer.classes.map(({ colour }) => colour),
    );
    this.#prepareMap(state);
    this.#showLayer();
    this.#canvas.addTo(map);
    this.#listen();
    this.#restoreArea(state, false);
    if (state.table) this.#showTable(true);
  }

  // --- what tests and other scripts may ask ---

  setLayer(id: string): void {
    const layer = this.#layerCalled(id);
    if (!layer) throw new RangeError(`There is no layer "${id}".`);
    if (layer === this.#layer) return;
    this.#layer = layer;
    this.#canvas.colour(
      this.#classesOf(layer),
      layer.classes.map(({ colour }) => colour),
    );
    this.#showLayer();
    if (this.#selected !== null) this.#panel.show(this.#selected, layer, false);
    this.#announcer.say(`Layer: ${layer.title}. ${layer.sentence ?? ""}`);
    this.#remember();
  }

  select(code: string): void {
    const row = this.#areas.row(code);
    if (row === null) throw new RangeError(`There is no area "${code}".`);
    this.#choose(row, true);
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
      table: this.#tableView.open,
    };
  }

  // --- the page ---

  #layOut(): void {
    const data = this.#data;
    document.title = `${data.fictional ? "Fictional data: " : ""}Digital-exclusion risk in ${data.title}`;
    const container = this.#map.getContainer();
    const toTable = button("Skip to the table of areas", "atlas-skip", () => {
      this.#showTable(true, true);
    });
    const search = new Search(
      () => (this.#places ??= new PlaceIndex(this.#areas)),
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
      el(
        "p",
        {},
        `${plural(this.#table.rows, "neighbourhood", "neighbourhoods")}, ${comparedWith(data)} · built ${day(data.built)}`,
      ),
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
        el("div", { class: "atlas-header" }, title, search.element, el("div", { class: "atlas-bar-buttons" }, this.#tableButton, aboutButton)),
        data.fictional
          ? el("p", { class: "atlas-fictional", role: "note" }, el("strong", {}, "Fictional data. "), "Every place and number on this page is invented.")
          : null,
      ),
      el(
        "main",
        { class: "atlas-main" },
        el("nav", { class: "atlas-side", "aria-label": "Layers" }, this.#layers.element),
        el("div", { class: "atlas-middle" }, this.#mapFrame, this.#tableView.element),
        this.#panel.element,
      ),
      this.#announcer.element,
    );
    container.setAttribute("role", "application");
    container.setAttribute(
      "aria-label",
      "Map of neighbourhoods. Arrow keys move it, plus and minus zoom, Enter opens the area in the middle.",
    );
    this.#mapFrame.append(container, el("div", { class: "atlas-cross", "aria-hidden": "true" }), this.#hover.element, this.#legend.element);
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
    });
  }

  #readStyle(): Style {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(`--atlas-${name}`).trim() || "#808080";
    const family = style.getPropertyValue("--atlas-font").trim() || "sans-serif";
    const halo = colour("halo");
    return {
      ink: { noData: colour("no-data"), between: colour("between"), districts: colour("districts"), outside: colour("outside") },
      labels: [
        { font: `600 13px ${family}`, height: 9, colour: colour("label"), halo, room: 1.15 },
        { font: `11.5px ${family}`, height: 8, colour: colour("label"), halo, room: 0.75 },
      ],
      outlines: {
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

  #classesOf(layer: LayerInfo): Uint8Array {
    let classes = this.#classes.get(layer.id);
    if (!classes) {
      classes = classesOf(layer, this.#table);
      this.#classes.set(layer.id, classes);
    }
    return classes;
  }

  #showLayer(): void {
    this.#layers.show(this.#layer);
    this.#legend.show(this.#layer, legendEntries(this.#layer, this.#classesOf(this.#layer)));
    this.#tableView.setLayer(this.#layer);
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
      this.#map.getContainer().classList.toggle("atlas-pointing", row !== null);
    }
    if (row === null || !at) {
      this.#hover.hide();
      return;
    }
    const { x, y } = this.#map.getSize();
    this.#hover.show(row, this.#layer, at.x, at.y, x, y);
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

  #choose(row: number, focus: boolean): void {
    this.#selected = row;
    this.#panel.show(row, this.#layer, focus);
    this.#tableView.setSelected(row);
    this.#canvas.mark("selected", [row]);
    this.#canvas.mark("found", []);
    this.#resize();
    this.#bringIntoView(row);
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
    this.#canvas.mark("selected", []);
    this.#resize();
    this.#announcer.say("Area closed");
    this.#remember();
  }

  #goTo(place: Place): void {
    if (place.kind === "area") {
      this.#choose(place.rows[0], true);
      this.#fit(place.rows, CLOSEST_FIT);
      return;
    }
    this.#canvas.mark("found", place.rows);
    this.#fit(place.rows, CLOSEST_FIT);
    this.#announcer.say(`${place.name}, ${place.detail}: ${plural(place.rows.length, "area", "areas")}, outlined on the map`);
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
    if (bounds) this.#map.fitBounds(bounds, { ...this.#padding(), maxZoom, animate: !this.#calm.matches });
  }

  #fitAll(): void {
    const { x, y } = this.#map.getSize();
    // A page opened in the background may have no size yet; the map is fitted when it gets one.
    if (this.#all && x > 0 && y > 0) this.#map.fitBounds(this.#all, { ...this.#roomiest(this.#all), animate: false });
    this.#whole = true;
  }

  #setView({ lat, lon, zoom }: View): void {
    this.#map.setView([lat, lon], zoom, { animate: false });
    this.#whole = false;
  }

  /** After something around the map opened or closed. */
  #resize(): void {
    const whole = this.#whole;
    this.#map.invalidateSize({ pan: false });
    if (whole && !this.#narrow.matches) this.#fitAll();
    this.#whole = whole;
  }

  /** Room for what lies over the map, the legend beside or below it, whichever leaves more. */
  #roomiest(bounds: L.LatLngBounds): L.FitBoundsOptions {
    const { offsetWidth, offsetHeight } = this.#legend.element;
    const beside = this.#padding(offsetWidth, 0);
    const below = this.#padding(0, offsetHeight);
    const closeness = ({ paddingTopLeft, paddingBottomRight }: Padding): number =>
      this.#map.getBoundsZoom(bounds, false, L.point(paddingTopLeft).add(L.point(paddingBottomRight)));
    return closeness(beside) >= closeness(below) ? beside : below;
  }

  #padding(left = 0, bottom = 0): Padding {
    const edge = this.#narrow.matches ? NARROW_EDGE : EDGE;
    return { paddingTopLeft: [edge + left, edge], paddingBottomRight: [edge, edge + Math.max(bottom, this.#coveredBelow())] };
  }

  #coveredBelow(): number {
    return this.#narrow.matches ? Math.max(this.#panel.element.offsetHeight, 48) : 0;
  }

  // --- table, address ---

  #showTable(open: boolean, focus = false): void {
    if (open) this.#tableView.show(focus);
    else this.#tableView.hide();
    this.#tableButton.setAttribute("aria-pressed", String(open));
    this.#resize();
    this.#remember();
  }

  #restoreArea(state: State, reveal: boolean): void {
    const row = state.area === null ? null : this.#areas.row(state.area);
    if (row === null || row === this.#selected) return;
    if (reveal || !state.view) {
      this.#choose(row, false);
      return;
    }
    this.#choose(row, false);
    this.#setView(state.view);
  }

  #restore(state: State): void {
    if (formatState(state) === formatState(this.state())) return;
    if (this.#layerCalled(state.layer)) this.setLayer(state.layer ?? "");
    if (state.view) this.#setView(state.view);
    if (state.area === null) this.#deselect();
    else this.#restoreArea(state, !state.view);
    if (state.table !== this.#tableView.open) this.#showTable(state.table);
  }

  #remember(): void {
    try {
      history.replaceState(history.state, "", `#${formatState(this.state())}`);
    } catch {
      // Some viewers of attachments refuse changes of the address; the page works without.
    }
  }
}
