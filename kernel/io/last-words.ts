// What a kernel that dies without a word leaves behind for the one that is started in its place: Jupyter restarts it
// with the same connection file, and beside that file lies a note (the cell at work, how much memory it held). The next
// kernel says in its first cell what became of the one before. Beside the note lies an empty file that Node fills when V8
// has no memory left. But V8's end over one value that is too long leaves no more than a kill does.
// https://nodejs.org/docs/latest-v20.x/api/report.html
import fs from "node:fs";
import path from "node:path";
import v8 from "node:v8";
import { gigabytes, machineMemory } from "./memory-watch.js";

interface Note {
  pid: number;
  /** The cell that runs; 0 if none does. */
  cell: number;
  /** Resident memory when it was last looked at, in bytes. */
  rss: number;
}

const noteBytes = 128;

export class LastWords {
  readonly #note: string;
  readonly #report: string;
  #file: number | undefined;
  #running = 0;
  #rss = 0;

  constructor(connectionFile: string) {
    this.#note = `${connectionFile}.last`;
    this.#report = `${connectionFile}.report`;
  }

  /** @returns why the kernel before this one ended, if it ended in the middle of a cell */
  open(): string | undefined {
    const former = this.#read();
    try {
      this.#file = fs.openSync(this.#note, "w", 0o600);
      this.#askForReport();
    } catch {
      return former; // a folder that cannot be written: the next one will know nothing
    }
    this.#write();
    return former;
  }

  begin(cell: number): void {
    this.#running = cell;
    this.#rss = 0;
    this.#write();
  }

  end(): void {
    this.#running = 0;
    this.#write();
  }

  /** It grew while the cell ran. */
  grown(rss: number): void {
    if (rss < this.#rss * 1.1) return;
    this.#rss = rss;
    this.#write();
  }

  /** The kernel ends as it should. */
  close(): void {
    if (this.#file === undefined) return;
    fs.closeSync(this.#file);
    this.#file = undefined;
    fs.rmSync(this.#note, { force: true });
    fs.rmSync(this.#report, { force: true });
  }

  /** Node writes it into the file that is there: nobody else may read it, for it names the environment. */
  #askForReport(): void {
    fs.rmSync(this.#report, { force: true });
    fs.writeFileSync(this.#report, "", { mode: 0o600 });
    const { dir, base } = path.parse(path.resolve(this.#report));
    const options = { directory: dir, filename: base, compact: true, reportOnFatalError: true };
    Object.assign(process.report, options, { excludeNetwork: true, excludeEnv: true });
  }

  #write(): void {
    if (this.#file === undefined) return;
    const note: Note = { pid: process.pid, cell: this.#running, rss: this.#rss };
    fs.writeSync(this.#file, JSON.stringify(note).padEnd(noteBytes), 0);
  }

  #isReported(): boolean {
    return (fs.statSync(this.#report, { throwIfNoEntry: false })?.size ?? 0) > 0;
  }

  #read(): string | undefined {
    const note = readJson(this.#note) as Note | undefined;
    if (!note?.cell) return undefined;
    return `the kernel was started again: the one before ended in cell [${note.cell}]${reason(note, this.#isReported())}; its variables are gone`;
  }
}

function reason({ rss }: Note, isReported: boolean): string {
  const machine = machineMemory();
  const limit = gigabytes(v8.getHeapStatistics().heap_size_limit);
  const more = "NODE_OPTIONS=--max-old-space-size=… gives more, in MB";
  if (isReported)
    return `, out of memory: JavaScript's values needed more than the ${limit} that Node allows them (tensors and typed arrays lie outside of that; ${more})`;
  if (rss > machine * 0.6)
    return `, most likely by the system, for its memory: it held ${gigabytes(rss)} of the machine's ${gigabytes(machine)}`;
  return (
    ", by force, or because one array or text was too long for V8: it ends the process at once when an array grows beyond " +
    "2^27 elements (tensors and typed arrays may be longer). What it printed last is in Jupyter's log"
  );
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined; // there is none, or the process died while it wrote
  }
}
