// Deleting to the trash, so that a learner's mistake can be undone.
// Linux: the freedesktop.org trash specification 1.0; macOS: ~/.Trash.
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";

export async function moveToTrash(place: string): Promise<void> {
  if (process.platform === "win32") {
    // Node cannot reach the recycle bin without a native module.
    return fs.rm(place, { recursive: true });
  }
  if (process.platform === "darwin") {
    await moveInto(path.join(os.homedir(), ".Trash"), place);
    return;
  }
  const data = process.env.XDG_DATA_HOME ?? path.join(os.homedir(), ".local/share");
  try {
    await moveToFreedesktopTrash(path.join(data, "Trash"), place, place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    // Another file system has a trash of its own, at its top.
    const top = await mountPoint(place);
    const trash = path.join(top, `.Trash-${os.userInfo().uid}`);
    await moveToFreedesktopTrash(trash, place, path.relative(top, place));
  }
}

async function moveToFreedesktopTrash(trash: string, place: string, recorded: string) {
  const files = path.join(trash, "files");
  const infos = path.join(trash, "info");
  await fs.mkdir(files, { recursive: true, mode: 0o700 });
  await fs.mkdir(infos, { recursive: true, mode: 0o700 });
  const when = new Date().toISOString().slice(0, 19);
  const info = `[Trash Info]\nPath=${encodeURI(recorded)}\nDeletionDate=${when}\n`;
  for (let copy = 1; ; copy++) {
    const name = numbered(path.basename(place), copy);
    const infoFile = path.join(infos, `${name}.trashinfo`);
    try {
      await fs.writeFile(infoFile, info, { flag: "wx" }); // claims the name
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw error;
    }
    try {
      return await fs.rename(place, path.join(files, name));
    } catch (error) {
      await fs.rm(infoFile, { force: true });
      throw error;
    }
  }
}

async function moveInto(folder: string, place: string) {
  const present = new Set(await fs.readdir(folder).catch(() => [] as string[]));
  let copy = 1;
  while (present.has(numbered(path.basename(place), copy))) copy++;
  await fs.rename(place, path.join(folder, numbered(path.basename(place), copy)));
}

function numbered(name: string, copy: number): string {
  const { name: stem, ext } = path.parse(name);
  return copy === 1 ? name : `${stem} ${copy}${ext}`;
}

async function mountPoint(place: string): Promise<string> {
  let folder = path.dirname(place);
  const { dev } = await fs.stat(folder);
  for (;;) {
    const parent = path.dirname(folder);
    if (parent === folder || (await fs.stat(parent)).dev !== dev) return folder;
    folder = parent;
  }
}
