// Where the process with the types starts when there is no snapshot yet: child.js <home> <folder>
import { makeEngine, preloaded, serve } from "./server.js";

const [home = ".", folder = "."] = process.argv.slice(2);
if (process.env.KERNELBOOK_ENGINE === "tslab") {
  const { TslabEngine } = await import("./tslab/engine.js");
  serve(new TslabEngine());
} else {
  const engine = makeEngine(home, folder);
  engine.preload(preloaded);
  serve(engine);
}
