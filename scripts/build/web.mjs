// The notebook page, bundled from Jupyter's own packages. Shows how far it is on a terminal.
export async function bundleWeb() {
  const { buildWeb } = await import("../../app/web/build/build.mjs");
  const live = process.stdout.isTTY;
  let shown = -1;
  await buildWeb((part, doing) => {
    const percent = Math.floor(part * 100);
    if (!live || percent === shown) return;
    shown = percent;
    const bar = "█".repeat(percent / 5).padEnd(20, "░");
    process.stdout.write(
      `\r  ${bar} ${String(percent).padStart(3)} %  ${doing.slice(0, 40).padEnd(40)}`,
    );
  });
  if (live) process.stdout.write("\r" + " ".repeat(72) + "\r");
}
