// Builds the page into ../built; with --check, says whether what is kept there is what this source makes.

import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const SOURCE = dirname(fileURLToPath(import.meta.url));
const BUILT = join(SOURCE, "..", "built");
const ALSO = ["build.mjs", "index.html", "icon.svg", "package-lock.json", "package.json", "tsconfig.json"];

async function walk(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const below = entries.map((entry) =>
    entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)],
  );
  return (await Promise.all(below)).flat();
}

/** Of all that the built files are made of, tests left out; tests/playground/test_built_page.py reckons the same. */
async function fingerprint() {
  const inside = (await walk(join(SOURCE, "src"))).filter((path) => !path.includes(".test."));
  const files = [...ALSO.map((name) => join(SOURCE, name)), ...inside];
  const named = files.map((path) => ({ path, name: relative(SOURCE, path).split(sep).join("/") }));
  named.sort((a, b) => (a.name < b.name ? -1 : 1));
  const whole = createHash("sha256");
  for (const { path, name } of named) {
    const own = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
    whole.update(`${own}  ${name}\n`);
  }
  return whole.digest("hex");
}

const NAMES = [
  "It holds the names of emoji as emojibase-data 17.0.0 has them (Copyright (c) 2017-2019 Miles Johnson) from emoji-data",
  "(Copyright (c) 2013 Cal Henderson), both under the same licence as Preact.",
];

async function banner() {
  const licence = await readFile(join(SOURCE, "node_modules", "preact", "LICENSE"), "utf8");
  const ours = [
    "The page of Shopbell's playground: made by `make page` from bots/playground/page/source, where it is edited.",
    `Source: sha256 ${await fingerprint()}`,
  ];
  return {
    js: comment([...ours, ...NAMES, "It holds Preact, which says:", "", ...licence.trim().split(/\r?\n/)]),
    css: comment(ours),
  };
}

const comment = (lines) => `/*!\n${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */`;

async function made() {
  const { outputFiles } = await build({
    absWorkingDir: SOURCE,
    entryPoints: { page: "src/main.tsx" },
    outdir: BUILT,
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    banner: await banner(),
    logLevel: "warning",
  });
  const copied = ["index.html", "icon.svg"].map(async (name) => [name, await readFile(join(SOURCE, name))]);
  const bundled = outputFiles.map((file) => [relative(BUILT, file.path), Buffer.from(file.contents)]);
  return [...bundled, ...(await Promise.all(copied))];
}

const files = await made();
if (process.argv.includes("--check")) {
  const kept = await Promise.all(files.map(([name]) => readFile(join(BUILT, name)).catch(() => Buffer.alloc(0))));
  const stale = files.filter(([, bytes], index) => !bytes.equals(kept[index])).map(([name]) => name);
  if (stale.length) {
    console.error(
      `built/ is not what the source makes (${stale.join(", ")}): run \`make page\` and keep what it writes.`,
    );
    process.exit(1);
  }
} else {
  for (const [name, bytes] of files) await writeFile(join(BUILT, name), bytes);
}
