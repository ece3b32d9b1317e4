// The headers that tell a browser what a page may do.
import type { ServerResponse } from "node:http";

const frames = "frame-ancestors 'self'; report-uri";

/** For the notebook page: nothing from elsewhere. 'unsafe-eval' is needed by ajv, which checks the
 * settings; blob: by anywidget and the explorables, which import their module from memory. */
export const pagePolicy = [
  "default-src 'self'",
  "script-src 'self' blob: 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self' blob: data:",
  "frame-src 'self' blob: data:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join("; ");

/** For the learner's own files, which may be anybody's HTML: scripts run, but as a stranger. */
export const filePolicy = (baseUrl: string) =>
  `${frames} ${baseUrl}api/security/csp-report; sandbox allow-scripts`;

/** For the library's reference: pages of ours with their style and one script in them; they fetch nothing. */
export const docsPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-ancestors 'self'";

/** For the page that frames such a file. */
export const framePolicy =
  "default-src 'none'; frame-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";

const apiPolicy = (baseUrl: string) =>
  `${frames} ${baseUrl}api/security/csp-report; default-src 'none'`;

export function commonHeaders(response: ServerResponse, baseUrl: string): void {
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Referrer-Policy", "strict-origin-when-cross-origin");
  response.setHeader("Content-Security-Policy", apiPolicy(baseUrl));
}
