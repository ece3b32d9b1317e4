import { expect } from "chai";
import fs from "node:fs";
import * as torch from "kernelbook";
import { expectNumbers, type Numbers } from "../support/numbers.js";

interface Case {
  layer: string;
  args: unknown[];
  options: Record<string, unknown>;
  shape: number[];
  seed: number;
  grid: boolean;
  train: boolean;
  runs: number;
  text: string;
  keys: string[];
  gradFn: string;
  state: Record<string, Numbers>;
  y: Numbers;
  indices: number[] | null;
  grads: Numbers[];
}

const cases: Case[] = JSON.parse(fs.readFileSync("test/fixtures/nn-layers.json", "utf8"));

describe("layers, against PyTorch", () => {
  for (const layer of new Set(cases.map((c) => c.layer))) {
    const list = cases.filter((c) => c.layer === layer);
    it(`${layer}: ${list.length} cases`, () => {
      for (const c of list) check(c);
    });
  }
});

function check(c: Case): void {
  const name = `${c.text} of [${c.shape}], seed ${c.seed}`;
  torch.manualSeed(c.seed);
  const layers = torch.nn as unknown as Record<string, new (...args: unknown[]) => torch.nn.Module>;
  const options = Object.keys(c.options).length > 0 ? [c.options] : [];
  const module = new layers[c.layer](...c.args, ...options);
  module.train(c.train);
  let x = torch.randn(c.shape);
  if (c.grid) x = x.mul(2).round().div(2);
  x.requiresGrad = true;

  let result: unknown;
  for (let i = 0; i < c.runs; i++) result = module(x);
  const [y, indices] = (Array.isArray(result) ? result : [result]) as torch.Tensor[];
  y.mul(torch.randn(y.shape)).sum().backward();

  expect(String(module)).to.equal(c.text);
  expect(Object.keys(module.stateDict()), name).to.deep.equal(c.keys);
  expectNumbers(`${name}: y`, y, c.y);
  if (c.indices) expect([...indices.data], `${name}: indices`).to.deep.equal(c.indices);
  const grads = [x.grad!, ...module.parameters().map((p) => p.grad!)];
  expect(grads.length, name).to.equal(c.grads.length);
  grads.forEach((g, i) => expectNumbers(`${name}: gradient ${i}`, g, c.grads[i]));
  for (const [key, wanted] of Object.entries(c.state)) {
    expectNumbers(`${name}: ${key}`, module.stateDict()[key], wanted);
  }
  if (y.gradFn) expect(y.gradFn.name, `${name}: grad_fn`).to.equal(c.gradFn);
}
