// Feature maps whose values can be read by hovering, live: for JupyterLab and other pages that show a figure as its picture only.

import { nn, type Tensor } from "../../lib/index.js";
import { featureMaps, type FeatureMapsOptions } from "../views/feature-maps.js";
import { mostMapValues } from "../views/hover.js";
import { isTensor } from "../views/layers.js";
import { Explorable } from "./explorable.js";
import { explorableMime, type ExplorablePayload } from "./payload.js";

/**
 * As {@link featureMaps}, to hover over in any page with a kernel: channel, row, column and the raw value.
 *
 * ```ts
 * explore.maps(torch.ones(2, 8, 8)).get("captions") // → ["[2, 8, 8]"]
 * ```
 *
 * @throws RangeError if there are more than 65,536 values, or colours that the page does not know.
 */
export function maps(x: Tensor, options?: FeatureMapsOptions): Explorable;
export function maps(
  model: nn.Module<any[], any>,
  input: Tensor,
  options?: FeatureMapsOptions,
): Explorable;
export function maps(
  source: Tensor | nn.Module<any[], any>,
  second?: Tensor | FeatureMapsOptions,
  third: FeatureMapsOptions = {},
): Explorable {
  const hover = { hoverValues: mostMapValues };
  const figure = isTensor(source)
    ? featureMaps(source, { ...(second as FeatureMapsOptions), ...hover })
    : featureMaps(source, second as Tensor, { ...third, ...hover });
  const payload = figure.bundle.data[explorableMime] as ExplorablePayload | undefined;
  if (figure.text.includes(", no values"))
    throw new RangeError(`explore.maps: there are no values: ${figure.text.split("\n")[0]}`);
  if (!payload) {
    throw new RangeError(
      `explore.maps: at most ${mostMapValues} values can be hovered over, in the colours viridis, RdBu or gray: pick a layer, or see featureMaps`,
    );
  }
  const buffers = payload.buffers.map(
    ({ path, data }) => [path[0], new Uint8Array(Buffer.from(data, "base64"))] as const,
  );
  const state = { ...payload.state, ...Object.fromEntries(buffers) };
  return new Explorable("maps", state, () => figure);
}
