/** Points on the map: support places, proposed sites and stories; and those that lie together as one. */
import Supercluster from "supercluster";
import type { SitesInfo, Story } from "./contract";
import { count, plural } from "./format";
import type { SupportPlace } from "./support";
import type { SymbolKind } from "./symbol-kinds";

export type Site = SitesInfo["sites"][number];

interface Point {
  /** Its own on the page. */
  id: string;
  kind: SymbolKind;
  name: string;
  lon: number;
  lat: number;
  /** It lies in none of the areas of the page. */
  outside?: boolean;
}

export type PlaceSpot = Point & { place: SupportPlace };
export type SiteSpot = Point & { site: Site };
export type StorySpot = Point & { story: Story };
export type Spot = PlaceSpot | SiteSpot | StorySpot;

/** How many there are of each kind. */
export type Counts = ReadonlyMap<SymbolKind, number>;

export interface Cluster {
  id: number;
  lon: number;
  lat: number;
  counts: Counts;
  /** All of them lie outside the areas of the page. */
  outside?: boolean;
}

export function total(counts: Counts): number {
  return [...counts.values()].reduce((sum, number) => sum + number, 0);
}

/** "12 places: 9 public libraries, 3 GP practices"; "9 public libraries" where they are all of a kind. */
export function countsInWords(counts: Counts): string {
  const parts = [...counts].sort(([, a], [, b]) => b - a).map(([kind, number]) => plural(number, kind.one, kind.many));
  return parts.length === 1 ? parts[0] : `${count(total(counts))} places: ${parts.join(", ")}`;
}

/** The closest zoom of the map: what lies together there cannot be told apart by zooming. */
export const CLOSEST = 17;
/** Of a world that is one tile at zoom 0, in pixels. */
const TILE = 256;
/** Symbols nearer than this become one, in pixels. */
const TOGETHER = 46;

type Found = Supercluster.ClusterFeature<Tally> | Supercluster.PointFeature<Single>;
/** How many of each kind, by the number of the kind, and how many lie outside. */
type Tally = Record<string, number>;
const OUTSIDE = "outside";
interface Single {
  spot: Spot;
}

export interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
}

export class Clusters {
  readonly #kinds: readonly SymbolKind[];
  #index: Supercluster<Single, Tally> | null = null;
  #spots: readonly Spot[] = [];

  constructor(kinds: readonly SymbolKind[]) {
    this.#kinds = kinds;
  }

  /** They are sorted out when they are first looked for. */
  set(spots: readonly Spot[]): void {
    this.#spots = spots;
    this.#index = null;
  }

  /** What is to be seen at a zoom within bounds. */
  within({ west, south, east, north }: Bounds, zoom: number): (Spot | Cluster)[] {
    if (!this.#spots.length) return [];
    return this.#sorted()
      .getClusters([west, south, east, north], Math.round(zoom))
      .map((found) => this.#read(found));
  }

  /** The first zoom at which a cluster falls apart; beyond `CLOSEST` where none does. */
  apartFrom(cluster: Cluster): number {
    return this.#sorted().getClusterExpansionZoom(cluster.id);
  }

  members(cluster: Cluster): Spot[] {
    return this.#sorted()
      .getLeaves(cluster.id, Infinity)
      .map(({ properties }) => properties.spot);
  }

  #sorted(): Supercluster<Single, Tally> {
    if (this.#index) return this.#index;
    const numbers = new Map(this.#kinds.map((kind, number) => [kind, String(number)]));
    this.#index = new Supercluster<Single, Tally>({
      radius: TOGETHER,
      extent: TILE,
      maxZoom: CLOSEST,
      map: ({ spot }) => ({ [numbers.get(spot.kind) ?? ""]: 1, [OUTSIDE]: spot.outside ? 1 : 0 }),
      reduce: (sum, one) => {
        for (const [kind, number] of Object.entries(one)) sum[kind] = number + (kind in sum ? sum[kind] : 0);
      },
    });
    this.#index.load(this.#spots.map((spot) => ({ type: "Feature", properties: { spot }, geometry: { type: "Point", coordinates: [spot.lon, spot.lat] } })));
    return this.#index;
  }

  #read(found: Found): Spot | Cluster {
    if (isSingle(found)) return found.properties.spot;
    const tally: Tally = found.properties;
    const [lon, lat] = found.geometry.coordinates;
    const counts = new Map(this.#kinds.flatMap((kind, number) => (String(number) in tally ? [[kind, tally[String(number)]]] : [])));
    return { id: found.properties.cluster_id, lon, lat, counts, outside: tally[OUTSIDE] === total(counts) };
  }
}

function isSingle(found: Found): found is Supercluster.PointFeature<Single> {
  return "spot" in found.properties;
}

export function isCluster(found: Spot | Cluster): found is Cluster {
  return "counts" in found;
}
