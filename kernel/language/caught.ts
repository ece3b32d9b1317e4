// Whether an error thrown at a place of JavaScript is caught by its own function: what the debugger asks.
import ts from "typescript";

/** @param line @param column from 0, as V8 counts */
export function isCaught(code: string, line: number, column: number): boolean {
  const file = ts.createSourceFile("script.js", code, ts.ScriptTarget.Latest, true);
  const at = file.getPositionOfLineAndCharacter(line, column);
  let caught = false;
  visit(file, false);
  return caught;

  function visit(node: ts.Node, inTry: boolean): void {
    if (at < node.getStart(file) || at >= node.end) return;
    const guarded = ts.isFunctionLike(node) ? false : inTry;
    caught = guarded;
    ts.forEachChild(node, (child) => {
      const opens = ts.isTryStatement(node) && node.catchClause && child === node.tryBlock;
      visit(child, guarded || !!opens);
    });
  }
}
