// anywidget's last statement is define(["@jupyter-widgets/base"], factory): make the factory the default export.
module.exports = function (source) {
  const define = /define\(\["@jupyter-widgets\/base"\],\s*([\w$]+)\);?\s*$/;
  if (!define.test(source)) throw new Error("anywidget: its define(…) was not found at the end");
  return source.replace(define, "export default $1;");
};
