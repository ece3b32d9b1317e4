// What torch.save writes: a zip archive with a pickle and one entry for each storage, or (before PyTorch 1.6) three
// pickles and then the storages. First the pickle is read, then the numbers go straight to where they are to lie.

import { crc32 } from "./inflate.js";
import { guarded, type Refuse } from "./file-error.js";
import { PickleStream } from "./pickle-read.js";
import { readLegacy } from "./pt-legacy.js";
import { dtypeWords, knownNames } from "./pt-names.js";
import { Blob, Blobs } from "./pt-storage.js";
import { withSource, type FileLike, type Source } from "./source.js";
import { checkCrc, readDirectory, readEntry, type ZipEntry } from "./zip.js";

/**
 * What `torch.save` has written: a state dict, a checkpoint, tensors, lists, numbers, text. Both formats of PyTorch
 * (zip, and the old one), all dtypes, shared storages and strides, and NumPy's arrays inside. float16 and bfloat16 become
 * float32, uint16 int32, uint32 and uint64 int64. A plain pickle of such data is read too.
 *
 * Dicts become objects without prototype (dicts with other keys than text and whole numbers: Map); tuples and lists
 * arrays; dtypes and devices text. Only data is read: code in a file never runs, it is refused.
 *
 * ```ts
 * const bytes = torch.io.encodePt({ epoch: 3, weight: torch.tensor([1, 2]) })
 * torch.load(bytes).epoch // → 3
 * ```
 *
 * @throws FileError naming the file and what is wrong with it.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.load.html (with weights_only=True)
 */
export function load(file: FileLike): any {
  return withSource("load", file, loadFrom);
}

export function loadFrom(source: Source, refuse: Refuse): unknown {
  return guarded(refuse, () => {
    const head = source.read(0, Math.min(64, source.size));
    if (head.length === 0) refuse("the file is empty");
    if (head[0] === 0x50 && head[1] === 0x4b) return readZip(source, refuse);
    if (head[0] === 0x80) return readLegacy(source, refuse);
    return refuse(`this is no file of torch.save: ${guess(head)}`);
  });
}

/** What else a file may be that is named .pt, by its first bytes. */
function guess(head: Uint8Array): string {
  const text = String.fromCharCode(...head);
  if (/^\s*<(!doctype|html|\?xml)/i.test(text)) return "it is HTML, perhaps a download that failed";
  if (text.startsWith("version https://git-lfs"))
    return "it is a pointer of Git LFS to a file that is not here (git lfs pull fetches it)";
  if (text[8] === "{") return "it looks like safetensors: read it with torch.io.loadSafetensors";
  if (text.startsWith("\x93NUMPY")) return "it is NumPy's: read it with torch.io.readNpy";
  if (text.startsWith("\x89HDF")) return "it is HDF5 (Keras), which is not read";
  if (text.startsWith("\x1f\x8b")) return "it is gzipped: unpack it first";
  if (head.includes(0x0a) && /^(pytorch|onnx|keras)/.test(text.slice(4)))
    return "it looks like ONNX, which is not read";
  return "neither a zip archive nor a pickle";
}

function readZip(source: Source, refuse: Refuse): unknown {
  const entries = readDirectory(source, refuse);
  const pickle = [...entries.keys()].find((name) => /(^|\/)data\.pkl$/.test(name));
  if (pickle === undefined) return refuse(notTorch([...entries.keys()]));
  const folder = pickle.slice(0, -"data.pkl".length);
  if (entries.has(`${folder}constants.pkl`)) {
    refuse(
      "this is a TorchScript program (torch.jit.save), which is code: in Python, save the weights with torch.save(model.state_dict(), …)",
    );
  }
  const order = entries.get(`${folder}byteorder`);
  const little =
    !order || new TextDecoder().decode(readEntry(source, order, refuse, 100).slice()) !== "big";

  const blobs = new Blobs(refuse, (key) => {
    const entry = entries.get(`${folder}data/${key}`);
    return entry ? entry.size : refuse(`the storage ${key} is missing in the archive`);
  });
  const bytes = readEntry(source, entries.get(pickle)!, refuse, 2 ** 28);
  const value = new PickleStream(bytes, {
    known: knownNames(bytes.length, refuse),
    persistent: (id) => blobs.named(id),
    words: dtypeWords,
    refuse,
  }).next();
  for (const [key, blob] of blobs.all)
    readBlob(source, entries.get(`${folder}data/${key}`)!, blob, little, refuse);
  return value;
}

function notTorch(names: readonly string[]): string {
  if (names.some((name) => /(^|\/)(archive_format|models\/.*\.json)$/.test(name)))
    return "this is a program of torch.export, which is code: in Python, save the weights with torch.save(model.state_dict(), …)";
  if (names.length > 0 && names.every((name) => name.endsWith(".npy")))
    return "this is NumPy's .npz: read it with torch.io.readNpz";
  return "a zip archive without data.pkl: not made by torch.save";
}

function readBlob(
  source: Source,
  entry: ZipEntry,
  blob: Blob,
  little: boolean,
  refuse: Refuse,
): void {
  if (entry.deflated || !blob.isReadOnce(entry.size))
    return blob.take(readEntry(source, entry, refuse), little, refuse);
  let crc = 0;
  blob.read(source, entry.start, little, refuse, (bytes) => (crc = crc32(bytes, crc)));
  checkCrc(crc, entry, refuse);
}
