// The magics by name, each with what it does: for Tab, for ?%name and for %lsmagic.

export const lineMagics: Record<string, string> = {
  time: "%time code: run it, and say how long it took",
  timeit: "%timeit code: run it many times, and say how long one run takes",
  who: "%who: the variables, with their kinds and values",
  reset: "%reset: forget all variables and types",
  cd: "%cd folder: look for files and packages there from now on",
  pwd: "%pwd: the folder of this session",
  ls: "%ls [folder]: the files in it",
  env: "%env, %env NAME, %env NAME=value: the environment variables",
  load: "%load file: put the text of a file into the cell",
  install: "%install package …: add packages from npm to the notebook's project",
  history: "%history: the cells that have run",
  lsmagic: "%lsmagic: this list",
};

export const cellMagics: Record<string, string> = {
  time: "%%time: run the cell, and say how long it took",
  timeit: "%%timeit: run the cell many times, and say how long one run takes",
  bash: "%%bash: the cell is a script for bash",
  sh: "%%sh: the cell is a script for the shell",
  writefile: "%%writefile [-a] file: write the cell's text into a file; -a: behind what is there",
  html: "%%html: show the cell as HTML",
  markdown: "%%markdown: show the cell as Markdown",
  latex: "%%latex: show the cell as LaTeX",
  svg: "%%svg: show the cell as an SVG picture",
  javascript: "%%javascript: run the cell in the page, not in the kernel",
};

/** Magics of IPython's that do not exist here, because there is no need or another way. */
export const elsewhere: Record<string, string> = {
  matplotlib: "pictures need no preparation here: the last line of a cell is shown",
  autoreload: "local files are always read again when a cell imports them after a change",
  load_ext: "there are no extensions to load here",
  config: "there is nothing to configure here",
  pip: "packages come from npm here: %install package",
  conda: "packages come from npm here: %install package",
  npm: "%install package adds a package; !npm … runs npm",
  run: 'a file runs when it is imported: await import("./file.ts")',
  debug: "the debugger of JupyterLab works with this kernel",
  precision: "torch.setPrintOptions({ precision: 4 }) sets how tensors are printed",
};

export function magicsList(): string {
  const lines = [...Object.values(lineMagics), ...Object.values(cellMagics)];
  return [...lines, "!command: run it in a shell", "?name: what a name is", ""].join("\n");
}

/** Help on `%time`, or `%%time`, or `time`. */
export function magicHelp(name: string): string | undefined {
  const bare = name.replace(/^%+/, "");
  const tables = name.startsWith("%%") ? [cellMagics] : [lineMagics, cellMagics];
  return tables.find((table) => Object.hasOwn(table, bare))?.[bare];
}
