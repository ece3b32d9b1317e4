// Compiles the kernels (lib/compute/assembly, AssemblyScript) in their builds. Two of them become one module,
// dist/lib/compute/kernels.wasm.js, so that Node and a browser load them the same way, without a file request; the wide one,
// which few ask for, a file beside it.
import asc from "assemblyscript/asc";
import fs from "node:fs";
import {
  binary,
  elementwiseModule,
  unary,
} from "../../lib/compute/assembly/generate/elementwise.mjs";
import { microModule } from "../../lib/compute/assembly/generate/micro.mjs";
import { winogradModule } from "../../lib/compute/assembly/generate/winograd.mjs";
import { algorithms } from "../../lib/compute/assembly/generate/winograd-algorithms.mjs";

const sources = "lib/compute/assembly";
const output = "dist/lib/compute/kernels.wasm.js";

const relaxed = ["--enable", "relaxed-simd"];
// what the engine must have for each build, besides 128-bit SIMD and threads; tiles for vectors merged in pairs, or not
const builds = {
  plain: { features: [], wide: false },
  fused: { features: relaxed, wide: false },
  wide: { features: relaxed, wide: true },
};

export async function compileKernels() {
  const sources = readSources();
  const wasm = {};
  for (const [name, { features, wide }] of Object.entries(builds))
    wasm[name] = await compile({ ...sources, ...generated({ wide }) }, features);

  fs.mkdirSync("dist/lib/compute", { recursive: true });
  const lines = [
    "// Written by scripts/build/wasm.mjs.",
    `export const unaryNames = ${JSON.stringify(Object.keys(unary))};`,
    `export const binaryNames = ${JSON.stringify(Object.keys(binary))};`,
    `export const winogradAlgorithms = ${JSON.stringify(sizesByName(algorithms))};`,
    ...["plain", "fused"].map(
      (name) => `export const ${name} = "${Buffer.from(wasm[name]).toString("base64")}";`,
    ),
  ];
  fs.writeFileSync(output, lines.join("\n") + "\n");
  fs.writeFileSync("dist/lib/compute/kernels.wide.wasm", wasm.wide);
}

const sizesByName = (list) => Object.fromEntries(list.map(({ name, size }) => [name, size]));

function readSources() {
  const names = fs.readdirSync(sources).filter((name) => name.endsWith(".ts"));
  return Object.fromEntries(
    names.map((name) => [name, fs.readFileSync(`${sources}/${name}`, "utf8")]),
  );
}

function generated(build) {
  return {
    "elementwise.ts": elementwiseModule(),
    "micro.ts": microModule(build),
    "winograd-transforms.ts": winogradModule(build),
  };
}

/** KERNEL_NAMES=1 keeps the names of the functions, for `perf record node --perf-basic-prof …`. */
const names = process.env.KERNEL_NAMES ? ["--debug"] : [];

async function compile(files, features) {
  let binaryFile;
  const options = [
    ...["index.ts", "-o", "kernels.wasm", "-O3", "--noAssert", "--runtime", "stub", ...names],
    ...["--importMemory", "--sharedMemory", "--initialMemory", "64", "--maximumMemory", "65536"],
    ...["--enable", "threads", "--enable", "simd", "--enable", "bulk-memory", ...features],
    ...["--disableWarning", "112"] /* v128 in an exported signature */,
  ];
  const { error, stderr } = await asc.main(options, {
    readFile: (name) => files[name.replace(/^\.\//, "")] ?? null,
    writeFile: (_name, contents) => void (binaryFile = contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`the kernels do not compile:\n${stderr.toString()}`);
  if (hasStaticData(binaryFile)) {
    throw new Error(
      "the kernels bring static data, which would overwrite tensors: a table of Math.*?",
    );
  }
  return binaryFile;
}

/** Is there a data section (11)? A module is its magic number, its version, and sections: number, length, bytes. */
function hasStaticData(bytes) {
  for (let place = 8; place < bytes.length;) {
    const section = bytes[place++];
    let [length, shift] = [0, 0];
    do {
      length |= (bytes[place] & 127) << shift;
      shift += 7;
    } while (bytes[place++] & 128);
    if (section === 11) return true;
    place += length;
  }
  return false;
}
