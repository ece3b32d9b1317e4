// Copies what is shipped as it stands: the widgets' browser modules, the kernel's logos.
import fs from "node:fs";

const folders = [
  ["widgets/front", "dist/widgets/front"],
  ["kernel/logos", "dist/kernel/logos"],
];

export function copyAssets() {
  for (const [from, to] of folders) {
    if (fs.existsSync(from)) fs.cpSync(from, to, { recursive: true });
  }
  fs.writeFileSync("dist/.assets", "");
}
