// How a camera was held: EXIF tag 0x0112, 1 to 8, and turning a picture upright by it.

import { rowMajorStrides } from "../shape.js";
import { gather, Tensor } from "../tensor.js";

/** The orientation in EXIF data (a TIFF header, as PNG's eXIf holds it); 1, upright, where it says nothing sensible. */
export function orientationOf(exif: Uint8Array): number {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  if (exif.length < 8) return 1;
  const little = view.getUint16(0) === 0x4949;
  const start = view.getUint32(4, little);
  if (start + 2 > exif.length) return 1;
  const entries = view.getUint16(start, little);
  for (let k = 0; k < entries; k++) {
    const at = start + 2 + 12 * k;
    if (at + 12 > exif.length) return 1;
    if (view.getUint16(at, little) !== 0x0112) continue;
    const value = view.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** [C, H, W] turned and mirrored so that it stands upright. */
export function turned(picture: Tensor, orientation: number): Tensor {
  if (orientation === 1) return picture;
  const swap = orientation > 4;
  const [C, H, W] = picture.shape;
  const [plane, row, column] = rowMajorStrides(picture.shape);
  // the picture's own axes, walked backwards where needed (TIFF 6.0, page 36)
  const down = [3, 4, 6, 7].includes(orientation) ? -row : row;
  const right = [2, 3, 7, 8].includes(orientation) ? -column : column;
  const dense = picture.isContiguous() ? picture : gather(picture);
  const offset = dense.offset + (down < 0 ? (H - 1) * row : 0) + (right < 0 ? (W - 1) * column : 0);
  const view = swap
    ? new Tensor(dense.storage, [C, W, H], [plane, right, down], offset)
    : new Tensor(dense.storage, [C, H, W], [plane, down, right], offset);
  return gather(view);
}
