// A command that cannot do what was asked for: main.ts prints the message, without a stack, and ends with status 1.

export class Refusal extends Error {}

export function refuse(message: string): never {
  throw new Refusal(message);
}

/** Errors whose message is for whoever typed the command: ours, those about options, and those about files. */
export function isForUsers(error: unknown): error is Error {
  if (error instanceof Refusal) return true;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return error instanceof Error && (code?.startsWith("ERR_PARSE_ARGS") || syscall !== undefined);
}
