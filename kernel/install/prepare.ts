// What an installation does once, so that the first cell need not: the snapshot of the type checker.
import { makeSnapshot } from "../language/snapshot.js";
import { home } from "./kernelspec.js";

export async function prepare(): Promise<void> {
  await makeSnapshot(home);
}
