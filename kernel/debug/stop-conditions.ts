// When a breakpoint stops: where its condition holds, at the turns that its hit count names; or never, if it is
// to say something instead. Written as the expression that V8 evaluates at its place.
// https://microsoft.github.io/debug-adapter-protocol/specification#Types_SourceBreakpoint
import { hooks } from "./hooks.js";

export interface SourceBreakpoint {
  line: number;
  condition?: string;
  /** `3`: at the third time; also `>= 3`, `> 3`, `< 3`, `<= 3`, and `% 3` for every third. */
  hitCondition?: string;
  /** Printed in place of a stop; `{x}` is the value of x. */
  logMessage?: string;
}

/** @param name of this breakpoint, under which its hits are counted */
export function stopCondition(name: string, breakpoint: SourceBreakpoint): string {
  const { condition, hitCondition, logMessage } = breakpoint;
  if (!condition && !hitCondition && logMessage === undefined) return "";
  const parts = [`name:${JSON.stringify(name)}`];
  // The variables of the session are seen by them, too.
  if (condition) parts.push(`holds:()=>(${condition}\n)`);
  const hits = hitCondition && hitsOf(hitCondition);
  if (hits) parts.push(`hits:(n)=>${hits}`);
  if (logMessage !== undefined) parts.push(`message:()=>[${partsOf(logMessage).join(",")}]`);
  return `${hooks}.stops({${parts.join(",")}})`;
}

/** @returns a test of `n`, how often the place was met; undefined if it is none that we know */
export function hitsOf(hitCondition: string): string | undefined {
  const [, sign = "==", count] = /^\s*(==?=?|>=?|<=?|%)?\s*(\d+)\s*$/.exec(hitCondition) ?? [];
  if (count === undefined) return undefined;
  if (sign === "%") return `n%${count}===0`;
  return `n${sign.startsWith("=") ? "===" : sign}${count}`;
}

/** Texts and the expressions between them: `i is {i}` -> `"i is ",(i)`. */
function partsOf(message: string): string[] {
  return message
    .split(/\{([^{}]+)\}/)
    .map((part, index) => (index % 2 === 0 ? JSON.stringify(part) : `(${part}\n)`));
}
