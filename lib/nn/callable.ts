// Objects that can be called: `net(x)` runs `net.forward(x)`. The one clever place of this room.

// What `net(x)` takes and gives follows from the forward that the author wrote.
export interface Callable<In extends unknown[], Out> {
  (...inputs: Parameters<this["forward"]>): ReturnType<this["forward"]>;
}

export abstract class Callable<In extends unknown[], Out> {
  abstract forward(...inputs: In): Out;

  constructor() {
    // A constructor may return any object: here a function that has this class's prototype.
    // Fields written in a subclass land on that function, so keep this class free of fields.
    const self: this = Object.setPrototypeOf(
      (...inputs: unknown[]) => self.call_(inputs),
      new.target.prototype,
    );
    // What every function has of its own would hide getters and refuse fields of these names.
    delete (self as { name?: unknown }).name;
    delete (self as { length?: unknown }).length;
    return self;
  }

  /** @internal What a call does; Module puts its hooks here. */
  call_(inputs: unknown[]): any {
    return this.forward(...(inputs as In));
  }
}
