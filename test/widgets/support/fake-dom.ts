// As much of a browser as the modules of widgets/front ask for: elements that keep what is put into them, and canvases that note
// the texts written on them. No layout: everything is 1000 pixels wide.

export class FakeElement {
  readonly children: (FakeElement | string)[] = [];
  readonly attributes = new Map<string, string>();
  readonly style: Record<string, string> = {};
  readonly listeners = new Map<string, ((event: any) => void)[]>();
  readonly classes = new Set<string>();
  readonly classList = {
    contains: (name: string) => this.classes.has(name),
    toggle: (name: string, on: boolean) =>
      on ? this.classes.add(name) : this.classes.delete(name),
  };
  /** Of a canvas: what was written since its size was set. */
  texts: string[] = [];
  parentElement: FakeElement | null = null;
  readonly ownerDocument = { activeElement: null };
  hidden = false;
  value = "";
  checked = false;
  disabled = false;
  min = "";
  max = "";
  clientWidth = 1000;
  #width = 0;
  height = 0;

  constructor(readonly tag: string) {}

  get width(): number {
    return this.#width;
  }
  set width(width: number) {
    this.#width = width;
    this.texts = [];
  }

  setAttribute(name: string, value: unknown): void {
    this.attributes.set(name, String(value));
    if (name === "class")
      String(value)
        .split(" ")
        .forEach((one) => this.classes.add(one));
    if (["value", "min", "max"].includes(name)) (this as any)[name] = String(value);
    if (name === "hidden") this.hidden = true;
  }
  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null;
  }
  append(...parts: (FakeElement | string)[]): void {
    for (const part of parts.flat() as (FakeElement | string)[]) {
      if (part instanceof FakeElement) part.parentElement = this;
      this.children.push(part);
    }
  }
  appendChild(child: FakeElement): FakeElement {
    this.append(child);
    return child;
  }
  replaceChildren(...parts: (FakeElement | string)[]): void {
    this.children.length = 0;
    this.append(...parts);
  }
  remove(): void {}
  addEventListener(name: string, listener: (event: any) => void): void {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
  }
  removeEventListener(): void {}
  fire(name: string, event: object = {}): void {
    const full = { preventDefault() {}, stopPropagation() {}, target: this, ...event };
    for (const listener of this.listeners.get(name) ?? []) listener(full);
  }
  click(): void {
    this.fire("click");
  }
  focus(): void {}
  querySelector(selector: string): FakeElement | undefined {
    return this.all().find((one) => one.classes.has(selector.replace(/^\./, "")));
  }
  getBoundingClientRect() {
    return { left: 0, top: 0, width: this.width, height: this.height };
  }
  getContext() {
    const nothing = () => {};
    return new Proxy(
      {
        measureText: (text: string) => ({ width: 5 * text.length }),
        fillText: (text: string) => this.texts.push(text),
      } as Record<string, unknown>,
      { get: (own, name: string) => own[name] ?? nothing, set: () => true },
    );
  }

  get textContent(): string {
    return this.children
      .map((child) => (typeof child === "string" ? child : child.textContent))
      .join("");
  }
  set textContent(text: string) {
    this.replaceChildren(text);
  }

  /** Itself and all below it. */
  all(): FakeElement[] {
    return [
      this,
      ...this.children.flatMap((child) => (child instanceof FakeElement ? child.all() : [])),
    ];
  }
  /** The canvas with this label. */
  canvas(label: string): FakeElement {
    const found = this.all().find(
      (one) => one.tag === "canvas" && one.attributes.get("aria-label") === label,
    );
    if (!found) throw new Error(`no canvas is called "${label}"`);
    return found;
  }
  /** The texts of all elements of a class. */
  said(className: string): string {
    return this.all()
      .filter((one) => one.classes.has(className) && !one.hidden)
      .map((one) => one.textContent)
      .join("\n");
  }
}

/** Puts the fake browser into globalThis; gives the function that takes it away. */
export function fakeBrowser(): () => void {
  const observer = class {
    observe() {}
    disconnect() {}
  };
  const page: Record<string, unknown> = {
    document: {
      createElement: (tag: string) => new FakeElement(tag),
      documentElement: new FakeElement("html"),
      body: new FakeElement("body"),
    },
    matchMedia: () => ({ matches: false, addEventListener() {}, removeEventListener() {} }),
    getComputedStyle: () => ({
      backgroundColor: "rgb(255, 255, 255)",
      getPropertyValue: () => "#888",
    }),
    requestAnimationFrame: () => 0,
    ResizeObserver: observer,
    MutationObserver: observer,
    ImageData: class {
      readonly data: Uint8ClampedArray;
      constructor(width: number, height: number) {
        this.data = new Uint8ClampedArray(4 * width * height);
      }
    },
  };
  const before = new Map(Object.keys(page).map((key) => [key, (globalThis as any)[key]]));
  Object.assign(globalThis, page);
  return () => before.forEach((value, key) => ((globalThis as any)[key] = value));
}

/** A model by anywidget's contract, over a state. */
export function fakeModel(state: Record<string, unknown>) {
  const listeners = new Map<string, Set<() => void>>();
  return {
    get: (name: string) => state[name],
    set(name: string, value: unknown) {
      state[name] = value;
      listeners.get(`change:${name}`)?.forEach((listener) => listener());
    },
    save_changes() {},
    send() {},
    on: (name: string, listener: () => void) =>
      listeners.set(name, (listeners.get(name) ?? new Set()).add(listener)),
    off: (name: string, listener: () => void) => listeners.get(name)?.delete(listener),
  };
}
