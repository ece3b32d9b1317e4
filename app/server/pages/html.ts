// The HTML around the bundle, and the login page.
import type { WebManifest } from "./assets.js";

/** `pages`: tree, notebooks, edit, consoles … each is the same bundle with another `notebookPage`. */
export function notebookHtml(config: Record<string, unknown>, manifest: WebManifest): string {
  const base = `${String(config.baseUrl)}static/notebook/`;
  const icons = `${String(config.baseUrl)}static/favicons/`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>kernelbook</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" type="image/svg+xml" href="${icons}favicon.svg" class="idle favicon">
<link rel="" type="image/svg+xml" href="${icons}favicon-busy.svg" class="busy favicon">
${manifest.styles.map((file) => `<link rel="stylesheet" href="${base}${file}">`).join("\n")}
<script id="jupyter-config-data" type="application/json">${scriptSafe(config)}</script>
${manifest.scripts.map((file) => `<script defer src="${base}${file}"></script>`).join("\n")}
</head>
<body data-notebook="${escapeHtml(String(config.notebookPage))}">
<noscript>The notebook needs JavaScript.</noscript>
</body>
</html>
`;
}

export function loginHtml(options: { action: string; xsrf: string; message?: string }): string {
  const { action, xsrf, message = "" } = options;
  return plainPage(
    "Log in",
    `<h1>kernelbook</h1>
<p>This notebook server asks who you are. The token stands in the address that it printed when it
started: <code>…/?token=</code><b>…</b></p>
${message && `<p role="alert">${escapeHtml(message)}</p>`}
<form method="post" action="${escapeHtml(action)}">
<input type="hidden" name="_xsrf" value="${xsrf}">
<label>Token <input type="password" name="token" autofocus autocomplete="current-password"></label>
<button>Log in</button>
</form>`,
  );
}

/** A learner's file alone in a frame, where its scripts run as a stranger's. */
export function frameHtml(title: string, address: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
html, body { height: 100%; margin: 0; overflow: hidden; }
iframe { width: 100%; height: 100%; border: 0; background: white; }
</style>
</head>
<body>
<iframe id="iframe" sandbox="allow-scripts" title="${escapeHtml(title)}" src="${escapeHtml(address)}"></iframe>
</body>
</html>
`;
}

export function errorHtml(status: number, message: string): string {
  return plainPage(String(status), `<h1>${status}</h1>\n<p>${escapeHtml(message)}</p>`);
}

function plainPage(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title} · kernelbook</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 1rem; }
input, button { font: inherit; padding: 0.3rem 0.6rem; }
[role="alert"] { color: #c0392b; }
</style>
</head>
<body>
${body}
</body>
</html>
`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** JSON that may stand inside a script element. */
function scriptSafe(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c");
}
