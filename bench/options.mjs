// What the command line asks for: --quick, --cases a,b.
export const has = (name) => process.argv.includes(`--${name}`);
export const option = (name, otherwise) =>
  has(name) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : otherwise;
