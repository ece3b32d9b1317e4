const path = require("node:path");
const patches = require("./patches.cjs");

module.exports = function (source) {
  const file = path.relative(path.resolve("node_modules"), this.resourcePath).replaceAll("\\", "/");
  return patches[file].reduce((text, [from, to]) => {
    const patched = text.replace(from, to);
    if (patched === text)
      throw new Error(`app/web/build/patches.cjs: not found in ${file}: ${from}`);
    return patched;
  }, source);
};
