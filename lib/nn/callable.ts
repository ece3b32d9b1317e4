// Objects that can be called: `net(x)` runs `net.forward(x)`. The one clever place of this room.

export interface Callable<In extends unknown[], Out> {
  (...inputs: In): Out;
}

export abstract class Callable<In extends unknown[], Out> {
  abstract forward(...inputs: In): Out;

  constructor() {
    // A constructor may return any object: here a function that has this class's prototype.
    // Fields written in a subclass land on that function, so keep this class free of fields.
    const self: this = Object.setPrototypeOf(
      (...inputs: In) => self.call_(...inputs),
      new.target.prototype,
    );
    return self;
  }

  /** @internal What a call does; Module puts its hooks here. */
  call_(...inputs: In): Out {
    return this.forward(...inputs);
  }
}
