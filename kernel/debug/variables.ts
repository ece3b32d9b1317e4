// Values as the client of a debugger sees them: a name, a text, and a number by which to ask for what is
// inside. The numbers hold until the program goes on.
import type { Runtime } from "node:inspector";
import type { Inspected } from "./inspected.js";

export interface Variable {
  name: string;
  value: string;
  /** Of objects only: JupyterLab shows it in place of the value. */
  type?: string;
  evaluateName: string;
  variablesReference: number;
}

/** Members shown of one value: an array may have millions. */
const shownMembers = 300;

/** Names in the scopes of a cell that are the kernel's: boxes, guards, modules. */
const ownNames = /^(__kb|__i|__m\d+|.*\$)$/;

export class Variables {
  readonly #held = new Map<number, string[]>();
  #next = 1;

  constructor(readonly inspected: Inspected) {}

  /** What was paused goes on: what was held is no more. */
  clear(): void {
    this.#held.clear();
  }

  /** A number for the members of these objects together. */
  hold(objectIds: string[]): number {
    this.#held.set(this.#next, objectIds);
    return this.#next++;
  }

  async members(reference: number): Promise<Variable[]> {
    const objectIds = this.#held.get(reference);
    if (!objectIds) throw new Error(`variables: ${reference} is no reference that is still held`);
    const found: Variable[] = [];
    for (const objectId of objectIds) {
      for (const { name, value, get } of await this.#properties(objectId)) {
        if (ownNames.test(name) || found.some((one) => one.name === name)) continue;
        const shown = value ?? { type: "undefined", description: get ? "(getter)" : "undefined" };
        found.push(this.variable(name, shown as Runtime.RemoteObject));
      }
    }
    return found;
  }

  variable(name: string, value: Runtime.RemoteObject): Variable {
    const inside = value.objectId !== undefined && value.type !== "function";
    return {
      name,
      value: textOf(value),
      ...(inside ? { type: value.subtype ?? value.className ?? value.type } : {}),
      evaluateName: name,
      variablesReference: inside ? this.hold([value.objectId!]) : 0,
    };
  }

  async #properties(objectId: string): Promise<Runtime.PropertyDescriptor[]> {
    const { result: few } = await this.inspected.post("Runtime.callFunctionOn", {
      objectId,
      functionDeclaration: firstMembers.toString(),
      arguments: [{ value: shownMembers }],
    });
    const asked = few.objectId ?? objectId;
    const answer = await this.inspected.post("Runtime.getProperties", {
      objectId: asked,
      ownProperties: true,
    });
    const list = answer.result as Runtime.PropertyDescriptor[];
    return list
      .filter(({ enumerable, name }) => enumerable && name !== "__proto__")
      .slice(0, shownMembers);
  }
}

/** Runs in the learner's thread: the first members of a long array, a map or a set; else nothing. */
function firstMembers(this: unknown, count: number): object | undefined {
  const few: Record<string, unknown> = {};
  if (Array.isArray(this) || (ArrayBuffer.isView(this) && !(this instanceof DataView))) {
    const array = this as ArrayLike<unknown>;
    for (let i = 0; i < Math.min(count, array.length); i++) few[i] = array[i];
    few.length = array.length;
    return few;
  }
  if (this instanceof Map) {
    for (const [key, value] of this) {
      if (count-- <= 0) break;
      few[String(key)] = value;
    }
    return few;
  }
  if (this instanceof Set) return [...this].slice(0, count);
  return undefined;
}

export function textOf(value: Runtime.RemoteObject): string {
  if (value.type === "string") return JSON.stringify(value.value);
  if (value.type === "function")
    return (value.description ?? "function").split("\n")[0]!.slice(0, 100);
  if (value.subtype === "null") return "null";
  if (value.subtype === "error") return (value.description ?? "Error").split("\n")[0]!;
  return value.description ?? String(value.value);
}
