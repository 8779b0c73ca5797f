// Runs src/**/*.test.ts with node's own test runner, each bundled first, so that node needs to know no TypeScript.

import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), "src");

async function tests(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries.map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return tests(path);
    return /\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}

const out = await mkdtemp(join(tmpdir(), "shopbell-page-"));
try {
  const entryPoints = await tests(SOURCE);
  await build({
    entryPoints,
    outdir: out,
    outbase: SOURCE,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    loader: { ".css": "empty" },
    logLevel: "warning",
  });
  const built = entryPoints.map((path) => join(out, path.slice(SOURCE.length).replace(/\.tsx?$/, ".mjs")));
  process.exitCode =
    spawnSync(process.execPath, ["--test", "--test-reporter=dot", ...built], { stdio: "inherit" }).status ?? 1;
} finally {
  await rm(out, { recursive: true, force: true });
}
