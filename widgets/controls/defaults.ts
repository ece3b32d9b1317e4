// Controls whose first value the schema leaves to the kernel's side: as ipywidgets sets it.

import * as generated from "./generated.js";

type Range = readonly [number, number];

/** The middle half of a range. */
function middle({ min = 0, max = 100 }: { min?: number; max?: number }): Range {
  return [0.75 * min + 0.25 * max, 0.25 * min + 0.75 * max];
}

/** A slider with two handles; `value` is [low, high], by default the middle half. */
export class IntRangeSlider extends generated.IntRangeSlider {
  constructor(state: Partial<generated.IntRangeSliderState> = {}) {
    super({ value: middle(state).map(Math.floor), ...state });
  }
}

/** A slider with two handles; `value` is [low, high], by default the middle half. */
export class FloatRangeSlider extends generated.FloatRangeSlider {
  constructor(state: Partial<generated.FloatRangeSliderState> = {}) {
    super({ value: middle(state), ...state });
  }
}

/** A button that lets the reader choose files; `value` lists them with name, type, size and `content`, their bytes. */
export class FileUpload extends generated.FileUpload {
  constructor(state: Partial<generated.FileUploadState> = {}) {
    super({ description: "Upload", ...state });
  }
}

const noBytes = () => new Uint8Array(0);

/** A picture: `value` is the bytes of its file, `format` "png", "jpeg", … */
export class Image extends generated.Image {
  constructor(state: Partial<generated.ImageState> = {}) {
    super({ value: noBytes(), ...state });
  }
}

/** Sound: `value` is the bytes of its file. */
export class Audio extends generated.Audio {
  constructor(state: Partial<generated.AudioState> = {}) {
    super({ value: noBytes(), ...state });
  }
}

/** A film: `value` is the bytes of its file. */
export class Video extends generated.Video {
  constructor(state: Partial<generated.VideoState> = {}) {
    super({ value: noBytes(), ...state });
  }
}
