export default {
  initialize() {},
  registerLayoutLoaders() {},
  async render() {
    throw new Error("Mermaid diagrams are not included");
  },
  async parse() {
    throw new Error("no mermaid");
  },
};
