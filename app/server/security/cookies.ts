// The login cookie: who, since when, and a signature. The key mixes a secret file with the token,
// so a new token ends all old logins.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

const lifeDays = 30;

export class LoginCookies {
  readonly #key: Buffer;

  constructor(stateDir: string, token: string) {
    this.#key = createHmac("sha256", secretFile(stateDir, "cookie-secret")).update(token).digest();
  }

  create(user: string, now = Date.now()): string {
    const claim = Buffer.from(JSON.stringify({ user, since: now })).toString("base64url");
    return `${claim}.${this.#sign(claim)}`;
  }

  /** The user that a cookie names, or null if it is forged, broken or too old. */
  read(cookie: string | undefined, now = Date.now()): string | null {
    const [claim = "", signature = ""] = (cookie ?? "").split(".");
    if (!claim || !sameText(signature, this.#sign(claim))) return null;
    const { user, since } = JSON.parse(Buffer.from(claim, "base64url").toString("utf8"));
    return now - since < lifeDays * 86_400_000 ? user : null;
  }

  #sign(claim: string): string {
    return createHmac("sha256", this.#key).update(claim).digest("base64url");
  }
}

/** Equal, in a time that does not tell where they differ. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHmac("sha256", "compare").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** 32 random bytes, kept in a file that only its owner can read. */
export function secretFile(stateDir: string, name: string): Buffer {
  const file = path.join(stateDir, name);
  fs.mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  try {
    fs.writeFileSync(file, randomBytes(32), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return fs.readFileSync(file);
}
