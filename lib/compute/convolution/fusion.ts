// What may be done to a convolution's result before it is written.

import type { Operand } from "../operand.js";

export interface Fusion {
  /** max(y, 0). */
  readonly relu?: boolean;
  /** Then 2 × 2 max pooling with stride 2, rows and columns left over at the edges dropped. */
  readonly pool?: boolean;
  /** A uint8 operand that gets the winner of each pooled window: 0 to 3 in reading order, 4 where ReLU cut it off. */
  readonly winners?: Operand | null;
}
