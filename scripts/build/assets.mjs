// Copies what is shipped as it stands: the widgets' browser modules, the kernel's logos. Makes the explorables' library, which
// the page and exported notebooks load.
import fs from "node:fs";

const folders = [
  ["widgets/front", "dist/widgets/front"],
  ["kernel/logos", "dist/kernel/logos"],
];

export async function copyAssets() {
  fs.rmSync("dist/widgets/front", { recursive: true, force: true });
  for (const [from, to] of folders) {
    if (fs.existsSync(from)) fs.cpSync(from, to, { recursive: true });
  }
  const { frontLibrary } = await import("../../dist/widgets/explore/front-library.js");
  fs.writeFileSync("dist/widgets/explorables.js", frontLibrary().text);
  // a page that is already built takes the new one; compressed copies of the old one go
  if (!fs.existsSync("dist/web/export")) return;
  fs.copyFileSync("dist/widgets/explorables.js", "dist/web/export/explorables.js");
  for (const ending of ["br", "gz"])
    fs.rmSync(`dist/web/export/explorables.js.${ending}`, { force: true });
}
