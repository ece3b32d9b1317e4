// Two controls that move together in the page, without the kernel.

import type { Widget } from "../widget.js";
import { DirectionalLink, Link } from "./generated.js";

/** Keeps two values equal in the browser: `jslink([play, "value"], [slider, "value"])`. */
export function jslink(source: [Widget, string], target: [Widget, string]): Link {
  const link = new Link({ source, target });
  link.open();
  return link;
}

/** As jslink, but only from the source to the target. */
export function jsdlink(source: [Widget, string], target: [Widget, string]): DirectionalLink {
  const link = new DirectionalLink({ source, target });
  link.open();
  return link;
}
