// Runs a model once and writes down every call of every module, in order. After torchinfo's forward_pass.

import { noGrad } from "../autograd.js";
import type { HookHandle } from "../nn/hooks.js";
import { Module } from "../nn/module.js";
import { Layer } from "./layer.js";

export interface Collected {
  layers: Layer[];
  /** What the run threw, and the innermost module that was being called; null if it went through. */
  failure: { error: Error; at: Layer } | null;
}

/** The rows of a model without running it. */
export function listLayers(model: Module): Layer[] {
  const layers: Layer[] = [];
  const seen = new Set<Module>();
  visit(model, (layer) => enter(layer, layers, seen));
  number(layers);
  return layers;
}

/** The rows of a run of the model on `inputs`. */
export function runLayers(
  model: Module,
  inputs: readonly unknown[],
  { mode, batchDim }: { mode: "train" | "eval"; batchDim?: number },
): Collected {
  const layers: Layer[] = [];
  const seen = new Set<Module>();
  const current = new Map<Module, Layer>();
  const running: Layer[] = [];
  const handles = new Map<Module, HookHandle[]>();

  visit(model, ({ name, module, depth, parent }) => {
    handles.get(module)?.forEach((handle) => handle.remove()); // the last place of a module counts
    const before = module.registerForwardPreHook((_, args) => {
      const layer = new Layer(name, module, depth, parent);
      layer.inputs = args;
      enter(layer, layers, seen);
      current.set(module, layer);
      running.push(layer);
    });
    const after = module.registerForwardHook((_, args, output) => {
      current.get(module)!.finish(args, output, batchDim);
      running.pop();
    });
    handles.set(module, [before, after]);
  });

  const modes = model.modules().map((module) => [module, module.training] as const);
  let failure: Collected["failure"] = null;
  try {
    model.train(mode === "train");
    noGrad(() => model(...inputs));
  } catch (error) {
    const at = running.at(-1);
    if (!at || !(error instanceof Error)) throw error;
    failure = { error, at };
  } finally {
    for (const [module, training] of modes) module.training = training;
    for (const pair of handles.values()) pair.forEach((handle) => handle.remove());
  }

  addContainers(layers, seen);
  number(layers);
  return { layers, failure };
}

/** All modules, each at every place where it stands, parents first. */
function visit(model: Module, see: (layer: Layer) => void): void {
  const walk = (layer: Layer) => {
    see(layer);
    for (const [name, child] of Object.entries(layer.module)) {
      if (child instanceof Module) walk(new Layer(name, child, layer.depth + 1, layer));
    }
  };
  walk(new Layer(model.constructor.name, model, 0, null));
}

function enter(layer: Layer, layers: Layer[], seen: Set<Module>): void {
  layer.countParams();
  layer.isRepeated = seen.has(layer.module);
  seen.add(layer.module);
  layers.push(layer);
}

/** Containers that are never called themselves (a ModuleList) get a row above their parts. */
function addContainers(layers: Layer[], seen: Set<Module>): void {
  const open = new Map<number, Layer>(); // by depth: the row that is open there
  for (let i = 0; i < layers.length; i++) {
    const layer = layers[i];
    const above = new Map<number, Layer>();
    for (let p = layer.parent; p && p.depth > 0; p = p.parent) above.set(p.depth, p);

    let added = 0;
    for (let depth = 1; depth < layer.depth; depth++) {
      const container = above.get(depth)!;
      if (open.get(depth)?.module === container.module) continue;
      container.countParams();
      container.isRepeated = seen.has(container.module);
      seen.add(container.module);
      layers.splice(i + added++, 0, container);
      open.set(depth, container);
    }
    open.set(layer.depth, layer);
    for (let depth = layer.depth + 1; open.delete(depth); depth++);
  }
}

/** Gives each row its number among those of its depth, and the rows below it. */
function number(layers: readonly Layer[]): void {
  const counts: number[] = [];
  layers.forEach((layer, i) => {
    layer.index = counts[layer.depth] = (counts[layer.depth] ?? 0) + 1;
    const end = layers.findIndex((other, j) => j > i && other.depth <= layer.depth);
    layer.below = layers.slice(i + 1, end < 0 ? undefined : end);
  });
}
