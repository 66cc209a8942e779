import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** Each room, and the rooms that it may not take from: imports run app → views → map → scoring, ui → model. */
const ROOMS_ABOVE = {
  model: ["scoring", "ui", "map", "views", "app"],
  scoring: ["ui", "map", "views", "app"],
  ui: ["scoring", "map", "views", "app"],
  map: ["views", "app"],
  views: ["app"],
};

/** Rooms that work on data alone, so that they can be used and tested without a page. */
const WITHOUT_PAGE = ["model", "scoring"];
const PAGE_GLOBALS = ["document", "window", "location", "history", "localStorage", "sessionStorage", "matchMedia", "L"];

const NO_REQUESTS = ["fetch", "XMLHttpRequest", "WebSocket", "EventSource"];

const LONGEST_FILE = 400;
const LONGEST_CLASS = 300;

/** A class that is longer does more than one thing. */
const maxClassLines = {
  create: (context) => ({
    ClassDeclaration(node) {
      const lines = node.loc.end.line - node.loc.start.line + 1;
      if (lines > LONGEST_CLASS) context.report({ node: node.id ?? node, message: `This class has ${lines} lines; at most ${LONGEST_CLASS} are allowed.` });
    },
  }),
};

export default tseslint.config(
  { ignores: ["node_modules/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { page: { rules: { "max-class-lines": maxClassLines } } },
    rules: {
      "max-lines": ["error", LONGEST_FILE],
      "page/max-class-lines": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Data is shown as text, never as markup." },
        { property: "outerHTML", message: "Data is shown as text, never as markup." },
        { property: "insertAdjacentHTML", message: "Data is shown as text, never as markup." },
      ],
      "no-restricted-globals": ["error", ...NO_REQUESTS],
    },
  },
  ...Object.entries(ROOMS_ABOVE).map(([room, above]) => ({
    files: [`src/${room}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [{ regex: `^\\.\\.?/(.*/)?(${above.join("|")})/`, message: `${room} stands below: imports run app → views → map → scoring, ui → model.` }],
        },
      ],
    },
  })),
  {
    files: WITHOUT_PAGE.map((room) => `src/${room}/**/*.ts`),
    rules: { "no-restricted-globals": ["error", ...NO_REQUESTS, ...PAGE_GLOBALS] },
  },
  {
    files: ["*.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly", Buffer: "readonly", URL: "readonly" } },
  },
);
