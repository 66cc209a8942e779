/** The page inside another one: in a frame of SharePoint, Teams or a website, as `#embed` in its address asks. */
import { el } from "../ui/dom";

const EMBED = "embed";
/** A frame lower than this has its legend folded, in pixels. */
const LOW = 640;
/** What a frame leaves out: controls, files and links that need more room, or rights that a sandbox does not give. */
const BEYOND = [
  ".atlas-search",
  ".atlas-bar-button",
  ".atlas-finding",
  ".atlas-questions",
  ".atlas-lists",
  ".atlas-handle",
  ".atlas-layers",
  ".atlas-panel-actions",
  ".atlas-skip",
];

/** Whether the address asks for it; a page that is written into a frame (`srcdoc`) has no address to ask with. */
export function isEmbedded({ hash, protocol }: Pick<Location, "hash" | "protocol"> = location): boolean {
  return protocol === "about:" || new URLSearchParams(hash.replace(/^#/, "")).has(EMBED);
}

/** The address of the complete page with what is shown. */
export function completeAddress(address: string): string {
  const [page, fragment = ""] = address.split("#");
  const rest = fragment.split("&").filter((part) => part.split("=")[0] !== EMBED);
  return rest.length ? `${page}#${rest.join("&")}` : page;
}

/** Before the map is there: the room that it will have is that of the frame. */
export function prepareEmbedding(): void {
  document.documentElement.classList.toggle("atlas-embed", isEmbedded());
}

/** Takes away what a frame has no room or no rights for, and links to the complete page where it can be opened. */
export function embed(): void {
  if (!isEmbedded()) return;
  for (const element of document.querySelectorAll(BEYOND.join())) element.classList.add("atlas-beyond-embed");
  // In a low frame the legend would hide what stands above it; folded, it still has its colours.
  const legend = document.querySelector<HTMLDetailsElement>("details.atlas-legend");
  if (legend && innerHeight < LOW) legend.open = false;
  // A sandbox gives a frame an origin of its own, and mostly no right to open anything.
  if (self.origin === "null") return;
  const link = el("a", { class: "atlas-complete", href: completeAddress(location.href), target: "_blank", rel: "noopener" }, "Open the complete map");
  document.querySelector(".atlas header")?.append(link);
}
