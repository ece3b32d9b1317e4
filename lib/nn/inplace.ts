// The option `inplace` of layers.

export interface InplaceOptions {
  /** Accepted and printed, as models from elsewhere have it; the result is a new tensor all the same. Default false. */
  inplace?: boolean;
}

/** `{ inplace: true }`, or `true` alone, which PyTorch's users write last. */
export type Inplace = boolean | InplaceOptions;

export function isInplace(given: Inplace): boolean {
  return typeof given === "boolean" ? given : (given.inplace ?? false);
}
