/** What the page carries. Made from `pipeline/atlas/contract/` by `python -m pipeline contract`. */
export type * from "./contract/base";
export type * from "./contract/index-info";
export type * from "./contract/larger";
export type * from "./contract/layers";
export type * from "./contract/packed";
export type * from "./contract/page";
export type * from "./contract/programmes";
export type * from "./contract/support";
