/** What the page shows as files: a table, areas, a picture; and what is said below it on paper. */
import type { CanvasLayer } from "../map/canvas-layer";
import type { Key } from "../map/picture";
import { compose, scaleOf } from "../map/picture";
import { worseInWords } from "../model/classes";
import type { LayerInfo } from "../model/contract";
import { fileName, toCsv, toDictionary, toGeoJson } from "../model/export";
import { isEmpty } from "../model/filter";
import { day } from "../model/format";
import { follow } from "../model/store";
import type { Page } from "../scoring/page";
import { Downloads } from "../ui/downloads";
import { save } from "../ui/save";
import { NOT_PERSONS } from "../views/act/action-words";
import { STRIPED } from "../views/layers/first-legend";
import type { Symbols } from "../views/places/symbols";

/** How wide the bar of the scale is at most, in pixels. */
const SCALE = 120;
/** How wide a saved map is at least, in pixels: enough for a page of a report at 300 dots an inch. */
const PICTURE = 2000;

interface Drawn {
  map: L.Map;
  canvas: CanvasLayer;
  symbols: Symbols;
}

export class Files {
  readonly downloads: Downloads;
  readonly #page: Page;
  readonly #drawn: Drawn;
  readonly #say: (text: string) => void;

  /** @param drawn what is on the map. */
  constructor(page: Page, drawn: Drawn, say: (text: string) => void) {
    this.#page = page;
    this.#drawn = drawn;
    this.#say = say;
    const { showing, table } = page;
    this.downloads = new Downloads({
      csv: () => {
        this.#saveTable();
      },
      dictionary: () => {
        this.saveCsv("dictionary", toDictionary(page.data, table));
        this.#say("The dictionary of the table was saved as a CSV file");
      },
      geoJson: () => {
        this.#saveAreas();
      },
      picture: () => {
        void this.#savePicture();
      },
    });
    follow(
      () => ({ rows: showing.rows.value.length, changed: showing.changedInWords() }),
      ({ rows, changed }) => {
        this.downloads.show(rows, table.rows, changed);
      },
    );
  }

  saveCsv(what: string, text: string): void {
    save(`${this.#named(what)}.csv`, new Blob([text], { type: "text/csv" }));
  }

  /** What is said of what the page shows where it is printed. */
  footLines(): string[] {
    return [...this.#marksInWords(), ...this.#page.showing.provenance(), NOT_PERSONS, this.#sourcesInWords("printed")];
  }

  #named(what: string): string {
    const { data, store, showing } = this.#page;
    const parts = [data.fictional ? "fictional" : "", data.title, what];
    return fileName(...parts, isEmpty(store.filter.peek()) ? "" : "chosen", showing.changed ? "weights changed" : "");
  }

  #saveTable(): void {
    const { data, table, showing } = this.#page;
    this.saveCsv("areas", toCsv(data, table, showing.rows.peek(), showing.provenance().length ? showing.madeWith() : ""));
    this.#say("The table was saved as a CSV file");
  }

  #saveAreas(): void {
    const { data, table, geometry, showing } = this.#page;
    const text = toGeoJson(data, table, geometry, showing.rows.peek(), showing.madeWith());
    save(`${this.#named("areas")}.geojson`, new Blob([text], { type: "application/geo+json" }));
    this.#say("The areas were saved as a GeoJSON file");
  }

  async #savePicture(): Promise<void> {
    const { map, canvas, symbols } = this.#drawn;
    const { data, showing } = this.#page;
    const picture = await canvas.picture(PICTURE);
    const context = picture.getContext("2d");
    const ratio = picture.width / map.getSize().x;
    if (context) symbols.paintOn(context, ratio);
    const layer = showing.layer.peek();
    const beside = showing.beside.peek();
    const { lat, lng } = map.getCenter();
    const along = map.containerPointToLatLng(map.latLngToContainerPoint([lat, lng]).add([SCALE, 0]));
    const composed = compose(picture, ratio, {
      title: `${data.fictional ? "FICTIONAL DATA · " : ""}${layer.title}, ${data.title}`,
      lines: [
        layer.sentence,
        ...(beside ? [`Right of the line: ${beside.title}. ${beside.sentence}`] : []),
        ...showing.provenance(),
        ...this.#marksInWords(),
      ].filter(Boolean),
      keys: beside ? [this.#key(layer, "Left: "), this.#key(beside, "Right: ")] : [this.#key(layer)],
      symbols: symbols.painted,
      scale: scaleOf(map.distance([lat, lng], along) / SCALE, SCALE),
      notes: [NOT_PERSONS, this.#sourcesInWords("saved")],
    });
    composed.toBlob((blob) => {
      if (!blob) return;
      save(`${this.#named(layer.title)}.png`, blob);
      this.#say("The map was saved as a picture");
    }, "image/png");
  }

  /** What a saved picture says of the colours of a layer. */
  #key(layer: LayerInfo, before = ""): Key {
    const { showing } = this.#page;
    const striped = layer.id === showing.layer.peek().id && showing.stripes.peek() !== null;
    const heading = [layer.title, layer.unit].filter(Boolean).join(", ");
    return { heading: `${before}${heading}`, entries: showing.entries(layer), stripes: striped ? `Striped: ${STRIPED}` : null, worse: worseInWords(layer) };
  }

  /** What the outlines on the map are around. */
  #marksInWords(): string[] {
    const { areas, store } = this.#page;
    const [selected, pinned, outlined] = [store.selected.value, store.pinned.value, store.outlined.value];
    const name = (row: number): string => [areas.place(row), areas.name(row)].filter(Boolean).join(", ");
    return [
      ...(selected === null ? [] : [`Outlined: ${name(selected)}.`]),
      ...(pinned === null || pinned === selected ? [] : [`Pinned, outlined too: ${name(pinned)}.`]),
      ...(outlined ? [`Outlined: ${outlined.text}.`] : []),
      ...(store.included.value ? ["Paler areas do not meet the conditions."] : []),
    ];
  }

  /** When the page was built and used, and whom its numbers come from. */
  #sourcesInWords(used: string): string {
    const { built, sources, support, people } = this.#page.data;
    const attributions = sources.map(({ attribution }) => attribution.replace(/^Source: /, "")).filter(Boolean);
    const painted = new Set(this.#drawn.symbols.painted.map(({ id }) => id));
    const shown = support?.kinds.filter(({ id }) => painted.has(id)).map(({ plural: many, origin }) => `${many}: ${origin}`) ?? [];
    const rates = this.#page.showing.layer.value.column.startsWith("people_") ? people.sources.map(({ source }) => source) : [];
    return `Built ${day(built)}, ${used} ${day(new Date().toISOString())}. Sources: ${[...new Set([...attributions, ...shown, ...rates])].join(" · ")}`;
  }
}
