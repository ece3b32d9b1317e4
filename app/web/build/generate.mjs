// Writes the two modules that the page's main.js imports: the table of plugins and the list of styles.
// Also finds the setting schemas and the themes. Upstream's @jupyter/builder (ensureAssets) does the same.
import fs from "node:fs";
import path from "node:path";

const { plugins, mimeExtensions } = JSON.parse(fs.readFileSync("app/web/plugins.json", "utf8"));
const manifestOf = (name) =>
  JSON.parse(fs.readFileSync(path.join("node_modules", name, "package.json"), "utf8"));

/** The JupyterLab packages among our dependencies, each with the `jupyterlab` part of its manifest. */
function jupyterPackages() {
  const { devDependencies } = JSON.parse(fs.readFileSync("package.json", "utf8"));
  return Object.keys(devDependencies)
    .filter((name) => fs.existsSync(path.join("node_modules", name, "package.json")))
    .map((name) => ({ name, ...manifestOf(name) }))
    .filter((manifest) => manifest.jupyterlab);
}

/** Write plugins.js and styles.js into `folder`. */
export function generateModules(folder) {
  fs.mkdirSync(folder, { recursive: true });
  // "eager": one file for all of them. As files of their own they cost 80 more requests.
  const load = (name) => `import(/* webpackMode: "eager" */ ${JSON.stringify(name)})`;
  const entry = ([name, only]) =>
    `{ module: ${load(name)}${only === true ? "" : `, only: ${JSON.stringify(only)}`} }`;
  const page = ([address, table]) =>
    `${JSON.stringify(address)}: () => [\n${Object.entries(table).map(entry).join(",\n")}\n]`;
  fs.writeFileSync(
    path.join(folder, "plugins.js"),
    `export const pages = {\n${Object.entries(plugins).map(page).join(",\n")}\n};\n` +
      `export const mimeExtensions = () => [${mimeExtensions.map(load).join(", ")}];\n` +
      `export const pluginTable = ${JSON.stringify(plugins)};\n`,
  );

  const styles = jupyterPackages().flatMap(({ name, styleModule, jupyterlab }) => [
    ...(styleModule ? [`${name}/${styleModule}`] : []),
    ...Object.entries(jupyterlab.extraStyles ?? {}).flatMap(([from, files]) =>
      files.map((file) => `${from}/${file}`),
    ),
  ]);
  fs.writeFileSync(
    path.join(folder, "styles.js"),
    styles.map((file) => `import ${JSON.stringify(file)};\n`).join(""),
  );
}

/** All setting schemas in one file: { "<package>:<plugin>": { schema, version } }. */
export function collectSchemas(file) {
  const schemas = {};
  for (const { name, version, jupyterlab } of jupyterPackages()) {
    if (!jupyterlab.schemaDir) continue;
    const folder = path.join("node_modules", name, jupyterlab.schemaDir);
    for (const schemaFile of fs.readdirSync(folder).filter((entry) => entry.endsWith(".json"))) {
      const schema = JSON.parse(fs.readFileSync(path.join(folder, schemaFile), "utf8"));
      schemas[`${name}:${path.basename(schemaFile, ".json")}`] = { schema, version };
    }
  }
  fs.writeFileSync(file, JSON.stringify(schemas));
}

/** The themes' style sheets: { "<package>/index": "node_modules/<package>/style/theme.css" }. */
export function themeEntries() {
  const themed = jupyterPackages().filter(({ jupyterlab }) => jupyterlab.themePath);
  return Object.fromEntries(
    themed.map(({ name, jupyterlab }) => [
      `${name}/index`,
      path.resolve("node_modules", name, jupyterlab.themePath),
    ]),
  );
}
