// The two errors that users of the library catch. Messages read: operation: what was met, both numbers, what would be right.

/** Sizes that do not go together, or an axis that is not there. */
export class ShapeError extends RangeError {
  override name = "ShapeError";
}

/** A tensor of the wrong kind of number. */
export class DTypeError extends TypeError {
  override name = "DTypeError";
}
