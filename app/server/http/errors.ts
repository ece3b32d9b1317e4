// Errors that a client sees. Their JSON has the shape of jupyter_server's: { message, reason }.
import { STATUS_CODES } from "node:http";

export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** A word for programs, such as "bad type"; null as a rule. */
    readonly reason: string | null = null,
  ) {
    super(message);
    this.name = "HttpError";
  }
}

/** What an API answers for any thrown value. The cause of an unexpected one stays in the server's log. */
export function errorBody(error: unknown): { status: number; body: Record<string, unknown> } {
  if (error instanceof HttpError) {
    const message = error.message || STATUS_CODES[error.status] || "Unknown HTTP Error";
    return { status: error.status, body: { message, reason: error.reason } };
  }
  return { status: 500, body: { message: "Unhandled error", reason: null, traceback: "" } };
}

/** The file system's complaint as an HTTP error: 403 for permissions, 404 for what is not there. */
export function fromFileSystem(error: unknown, path: string): HttpError {
  if (error instanceof HttpError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new HttpError(403, `Permission denied: ${path}`);
  }
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new HttpError(404, `file or directory does not exist: '${path}'`);
  }
  if (code === "ENAMETOOLONG") return new HttpError(400, `name too long: ${path.slice(0, 80)}…`);
  if (code === "ENOSPC") return new HttpError(507, `the disk is full: could not write ${path}`);
  return new HttpError(500, `Unexpected error with ${path}: ${(error as Error).message}`);
}
