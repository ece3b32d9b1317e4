// kernelbook/kernel: what cells and libraries use of the kernel.
export { clearOutput, display, input, type DisplayOptions } from "./run/globals.js";
export type { CommMessage, DisplayBundle, HostComm, KernelbookHost } from "./host.js";
export { betweenCellsSymbol, displaySymbol, hostSymbol } from "./host.js";
