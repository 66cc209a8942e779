import { defineConfig } from "vitest/config";

/** Tests of what goes on listening to the address and to the clock: each file has a window by itself. */
const WITH_ADDRESS = ["test/app/**/*.test.ts", "test/views/places/**/*.test.ts"];

export default defineConfig({
  test: {
    environment: "happy-dom",
    setupFiles: ["test/setup.ts"],
    unstubGlobals: true,
    projects: [
      { extends: true, test: { name: "with the address", include: WITH_ADDRESS } },
      // One window for all: to make one for each file took two thirds of the time.
      { extends: true, test: { name: "parts", include: ["test/**/*.test.ts"], exclude: WITH_ADDRESS, isolate: false } },
    ],
  },
});
