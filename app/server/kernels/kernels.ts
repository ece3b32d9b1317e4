// All running kernels: starting by name, finding by id, shutting down, culling the idle ones.
import path from "node:path";
import { HttpError } from "../http/errors.js";
import type { ServerSettings } from "../settings.js";
import { KernelChannels } from "./channels.js";
import { Kernel } from "./kernel.js";
import { findKernelSpecs, type KernelSpec } from "./specs.js";

export class Kernels {
  readonly #running = new Map<string, { kernel: Kernel; channels: KernelChannels }>();
  readonly #culling: NodeJS.Timeout | null = null;
  /** Told about each new kernel. */
  onStart: (kernel: Kernel) => void = () => {};
  /** Told when one is gone for good. */
  onEnd: (kernel: Kernel) => void = () => {};

  constructor(readonly settings: ServerSettings) {
    const { cullIdleSeconds } = settings;
    if (cullIdleSeconds > 0) {
      const everyMs = Math.min(cullIdleSeconds * 500, 60_000);
      this.#culling = setInterval(() => void this.#cull(), everyMs).unref();
    }
  }

  specs(): Promise<Map<string, KernelSpec>> {
    return findKernelSpecs();
  }

  /** The name of the kernel used where none is named. */
  async defaultName(): Promise<string> {
    const specs = await this.specs();
    if (specs.has(this.settings.defaultKernel)) return this.settings.defaultKernel;
    return specs.keys().next().value ?? this.settings.defaultKernel;
  }

  /** @throws HttpError 501 if there is no such kernel, 500 if it cannot be run. */
  async start(
    name: string | undefined,
    cwd: string,
    { id, env }: { id?: string; env?: Record<string, string> } = {},
  ): Promise<Kernel> {
    const specs = await this.specs();
    const wanted = (name || (await this.defaultName())).toLowerCase();
    // Old notebooks say "python"; Jupyter takes it for its own Python.
    const spec =
      specs.get(wanted) ?? (/^python2?$/.test(wanted) ? specs.get("python3") : undefined);
    if (!spec) {
      const there = [...specs.keys()].join(", ") || "none";
      throw new HttpError(501, `No such kernel named ${wanted}; there are: ${there}`);
    }
    const { stateDir, log } = this.settings;
    // Its connection file is named after it.
    if (id !== undefined && !/^[\w-]{1,64}$/.test(id)) {
      throw new HttpError(400, `a kernel's id has 1 to 64 letters, digits, - and _; got ${id}`);
    }
    const kernel = new Kernel(spec, {
      id,
      cwd,
      env,
      runtimeDir: path.join(stateDir, "runtime"),
      log,
    });
    try {
      await kernel.start();
    } catch (error) {
      throw new HttpError(500, (error as Error).message);
    }
    this.#running.set(kernel.id, { kernel, channels: new KernelChannels(kernel, log) });
    this.onStart(kernel);
    return kernel;
  }

  list(): Kernel[] {
    return [...this.#running.values()].map(({ kernel }) => kernel);
  }

  get(id: string): Kernel {
    return this.#entry(id).kernel;
  }

  channels(id: string): KernelChannels {
    return this.#entry(id).channels;
  }

  async shutdown(id: string): Promise<void> {
    const { kernel, channels } = this.#entry(id);
    this.#running.delete(id);
    await kernel.shutdown();
    channels.close();
    this.onEnd(kernel);
  }

  async shutdownAll(): Promise<void> {
    if (this.#culling) clearInterval(this.#culling);
    await Promise.all(this.list().map((kernel) => this.shutdown(kernel.id)));
  }

  #entry(id: string) {
    const entry = this.#running.get(id);
    if (!entry) throw new HttpError(404, `Kernel does not exist: ${id}`);
    return entry;
  }

  async #cull(): Promise<void> {
    const { cullIdleSeconds, cullConnected, log } = this.settings;
    for (const kernel of this.list()) {
      const idleMs = Date.now() - kernel.lastActivity.getTime();
      // A kernelspec may ask for another time; 0: never.
      const own: unknown = kernel.spec.metadata.cull_idle_timeout;
      const limit = typeof own === "number" ? own : cullIdleSeconds;
      if (kernel.state === "busy" || limit <= 0 || idleMs < limit * 1000) continue;
      if (kernel.connections > 0 && !cullConnected) continue;
      log(
        `kernel ${kernel.id} (${kernel.spec.name}) was idle for ${Math.round(idleMs / 1000)} s: shut down`,
      );
      await this.shutdown(kernel.id);
    }
  }
}
