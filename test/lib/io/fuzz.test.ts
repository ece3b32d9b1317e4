// Files that were changed at random: each is read or refused with a FileError, at once, and nothing else happens.

import { expect } from "chai";
import fs from "node:fs";
import * as torch from "../../../lib/index.js";

const { io } = torch;
const rounds = Number(process.env.KERNELBOOK_FUZZ ?? 150); // CI: some thousand
const fixture = (name: string): Uint8Array =>
  new Uint8Array(fs.readFileSync(`test/fixtures/files/${name}`));

const formats: Record<string, [Uint8Array, (bytes: Uint8Array) => unknown]> = {
  "pt (zip)": [fixture("checkpoint.pt"), torch.load],
  "pt (old)": [fixture("old.pt"), torch.load],
  "pt (hostile)": [fixture("evil-old.pt"), torch.load],
  "pt (NumPy's arrays inside)": [fixture("values.pt"), torch.load],
  "pt (the same, old)": [fixture("values-old.pt"), torch.load],
  safetensors: [fixture("state.safetensors"), io.loadSafetensors],
  npy: [fixture("fortran.npy"), io.readNpy],
  npz: [fixture("compressed.npz"), io.readNpz],
  png: [io.encodePng(torch.utils.data.samplePicture({ size: 16 })), (bytes) => io.readImage(bytes)],
  idx: [Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4), io.readIdx],
  cifar: [new Uint8Array(3073), (bytes) => io.readCifar(bytes)],
  csv: [new TextEncoder().encode('a,b\n1,2\n"3",4\n'), (bytes) => torch.utils.data.csv(bytes)],
};

/** A small generator of its own, so that a failure can be repeated from its round. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

function mutated(original: Uint8Array, below: (n: number) => number): Uint8Array {
  let bytes = original.slice();
  for (let k = 1 + below(4); k > 0; k--) {
    const at = below(Math.max(bytes.length, 1));
    switch (below(6)) {
      case 0:
        bytes[at] ^= 1 << below(8);
        break;
      case 1:
        bytes[at] = [0, 1, 0x7f, 0x80, 0xff][below(5)];
        break;
      case 2:
        bytes = bytes.slice(0, at);
        break;
      case 3:
        bytes.copyWithin(at, below(bytes.length || 1), bytes.length);
        break;
      case 4:
        bytes = Uint8Array.from([...bytes.subarray(0, at), below(256), ...bytes.subarray(at)]);
        break;
      default:
        bytes.fill(0xff, at, at + 1 + below(8));
    }
  }
  return bytes;
}

describe(`fuzz: ${rounds} changed files a format`, function () {
  this.timeout(600_000);
  for (const [name, [original, read]] of Object.entries(formats)) {
    it(`${name}: read or refused, within a second each`, () => {
      for (let round = 0; round < rounds; round++) {
        const bytes = mutated(original, numbers(round + 1));
        const started = performance.now();
        try {
          read(bytes);
        } catch (error) {
          expect(error, `round ${round}: ${(error as Error).stack}`).to.be.instanceOf(io.FileError);
        }
        expect(performance.now() - started, `round ${round}`).to.be.lessThan(1000);
      }
      expect(Object.keys(Object.prototype)).to.deep.equal([]);
    });
  }
});
