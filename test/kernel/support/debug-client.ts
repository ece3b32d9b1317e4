// The front end's half of the debugger, for tests: requests with their answers, and events in their order.
import { expect } from "chai";
import type { TestKernel } from "./client.js";

export class DebugClient {
  #seq = 0;
  #heard = 0;

  constructor(readonly kernel: TestKernel) {}

  /** One request. @throws Error with the message of a response that says it failed */
  async dap(command: string, args: object = {}): Promise<any> {
    const seq = ++this.#seq;
    const request = { type: "request", seq, command, arguments: args };
    const reply = await this.kernel.ask("control", "debug_request", request);
    expect(reply).to.include({ type: "response", request_seq: seq, command });
    if (!reply.success) throw new Error(reply.message);
    return reply.body;
  }

  /** The next event of this name, after the last that was waited for. */
  async event(name: string, ms = 5000): Promise<any> {
    const { heard } = this.kernel;
    const message = await this.kernel.wait(
      (one) => heard.indexOf(one) >= this.#heard && one.message.content.event === name,
      ms,
    );
    this.#heard = heard.findIndex((one) => one.message === message) + 1;
    return message.content.body;
  }

  async attach(): Promise<void> {
    const capabilities = { clientID: "test", adapterID: "kernelbook", linesStartAt1: true };
    await this.dap("initialize", capabilities);
    await this.event("initialized");
    await this.dap("attach");
  }

  /** @returns the cell's path */
  async breakAt(code: string, ...lines: (number | [line: number, condition: string])[]) {
    const { sourcePath } = await this.dap("dumpCell", { code });
    const breakpoints = lines.map((one) =>
      typeof one === "number" ? { line: one } : { line: one[0], condition: one[1] },
    );
    const answer = await this.dap("setBreakpoints", { source: { path: sourcePath }, breakpoints });
    expect(answer.breakpoints.map(({ verified }: any) => verified)).to.eql(lines.map(() => true));
    await this.dap("configurationDone");
    return sourcePath as string;
  }

  send(code: string): string {
    return this.kernel.send("shell", "execute_request", { code });
  }

  /** Where it is stopped, innermost first: `add:3`. */
  async stack(): Promise<string[]> {
    return (await this.frames()).map(({ name, line }) => `${name}:${line}`);
  }

  async frames(): Promise<{ id: number; name: string; line: number; source: { path: string } }[]> {
    return (await this.dap("stackTrace", { threadId: 1 })).stackFrames;
  }

  async variables(reference: number): Promise<Record<string, string>> {
    const { variables } = await this.dap("variables", { variablesReference: reference });
    return Object.fromEntries(variables.map(({ name, value }: any) => [name, value]));
  }

  /**
   * Goes on at every stop until the cell has ended. @returns the stacks at the stops, and the cell
   * @param look called at every stop
   */
  async through(code: string, look?: () => Promise<void>) {
    const id = this.send(code);
    const stops: string[] = [];
    const ended = this.kernel.finished(id, 20_000);
    for (;;) {
      const stopped = this.event("stopped", 20_000).then(
        () => true,
        () => false,
      );
      if (!(await Promise.race([stopped, ended.then(() => false)]))) break;
      stops.push((await this.stack()).join(" "));
      await look?.();
      await this.dap("continue", { threadId: 1 });
    }
    return { stops, ran: await ended };
  }
}
