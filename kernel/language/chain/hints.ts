// A line below the compiler's message: what a learner who comes from Python, or reads in another order, most likely meant.
import ts from "typescript";
import type { Diagnostic } from "../engine.js";
import { lines, names, operators } from "./python.js";

const inOrder =
  "arguments have no names here: the first ones stand in order, the others go into one object, as in new nn.Conv2d(3, 16, 3, { stride: 2 })";

/** @param about the compiler's own notes to its complaint. */
export function hintFor(
  { code, message, start, length }: Diagnostic,
  cell: ts.SourceFile,
  about: readonly ts.DiagnosticRelatedInformation[] = [],
): string | undefined {
  if (code < 2000) return hintForLine(lineAt(cell.text, start));

  const node = innermost(cell, start, start + length);
  switch (code) {
    case 2304: // cannot find name
    case 2552: // cannot find name, did you mean
      return hintForName(node);
    case 2307: // cannot find module
      return hintForModule(message);
    case 7053: // cannot be used to index
      return isTensor(message) ? hintForIndex(node) : undefined;
    case 2362: // left side of an arithmetic operation
    case 2363: // right side
      return hintForOperator(node, "if this is a tensor: ");
    case 2365: // operator cannot be applied
      return isTensor(message) ? hintForOperator(node, "") : undefined;
    case 2348: // not callable
      return /typeof Tensor\b/.test(message) ? "torch.tensor([1, 2, 3])" : undefined;
    case 2554: // expected n arguments
      return hintForArguments(message, node, about);
    case 2559: // no properties in common with the options
      return "options go into one object at the end: { name: value }";
    case 2353: // unknown property
    case 2561:
    case 2339:
    case 2551:
      return hintForProperty(message, about);
    case 2345: // argument of another type
    case 2322:
      return hintForType(message);
    case 2695: // left side of a comma is unused
      return "several numbers stand in [ ]: [3, 4]; what ( ) hold is one value, the last";
    case 2839: // compares objects
      return 'compare their texts, x.shape.join() === "1,4", or two tensors with x.equal(y)';
    case 7006: // parameter without a type
      return "write its type: (x: torch.Tensor)";
    default:
      return undefined;
  }
}

/** `(3, 4)` is Python's tuple and here a lone 4: in brackets, where a value is asked for. */
export function isTuple(cell: ts.SourceFile, start: number): boolean {
  const comma = closest(
    innermost(cell, start, start + 1),
    (node): node is ts.BinaryExpression =>
      ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken,
  );
  return comma !== undefined && ts.isParenthesizedExpression(comma.parent);
}

function hintForLine(line: string): string | undefined {
  for (const [pattern, hint] of lines) {
    const match = pattern.exec(line);
    if (match) return hint.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? "");
  }
  return undefined;
}

function hintForModule(message: string): string | undefined {
  const module = /'([^']+)'/.exec(message)?.[1] ?? "";
  if (/^torch\b/.test(module)) return 'the library is called "kernelbook"';
  if (/^[./]|^\w+:/.test(module)) return undefined; // a file, or Node's
  return `%install ${module.split("/", module.startsWith("@") ? 2 : 1).join("/")}`;
}

function hintForName(node: ts.Node): string | undefined {
  if (!ts.isIdentifier(node)) return undefined;
  const { parent, text } = node;
  const inBrackets =
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    (ts.isCallExpression(parent.parent) || ts.isNewExpression(parent.parent));
  if (inBrackets) {
    return inOrder;
  }
  if (Object.hasOwn(names, text)) return names[text];
  return `does another cell declare ${text}? Run that cell first`;
}

function hintForIndex(node: ts.Node): string | undefined {
  const access = closest(node, ts.isElementAccessExpression);
  if (!access) return undefined;
  const subject = access.expression.getText();
  return `${subject}.index(${access.argumentExpression.getText()}); ranges are texts: ${subject}.index("1:3")`;
}

function hintForOperator(node: ts.Node, condition: string): string | undefined {
  const operation = closest(node, ts.isBinaryExpression);
  if (!operation) return undefined;
  const { left, right, operatorToken } = operation;
  const sign = operatorToken.getText();
  const inPlace = sign.endsWith("=") && !Object.hasOwn(operators, sign);
  const method = operators[inPlace ? sign.slice(0, -1) : sign];
  if (method === undefined) return undefined;
  const call = (subject: string, argument: string) => `${subject}.${method}(${argument})`;
  const [a, b] = [left.getText(), right.getText()];
  const commutes = method === "add" || method === "mul";
  const text = !ts.isNumericLiteral(left)
    ? call(ts.isBinaryExpression(left) ? `(${a})` : a, b)
    : commutes
      ? call(b, a)
      : call(`torch.tensor(${a})`, b);
  return `${condition}tensors have no operators, write ${inPlace ? `${a} = ` : ""}${text}`;
}

function hintForArguments(
  message: string,
  node: ts.Node,
  about: readonly ts.DiagnosticRelatedInformation[],
): string | undefined {
  const call = closest(
    node,
    (n): n is ts.CallExpression | ts.NewExpression =>
      ts.isCallExpression(n) || ts.isNewExpression(n),
  );
  const callee = call?.expression.getText() ?? "";
  if (/(^|\.)Tensor$/.test(callee)) return "torch.tensor([1, 2, 3])";
  const [argument] = call?.arguments ?? [];
  if (argument && ts.isObjectLiteralExpression(argument)) return inOrder;
  const missing = about.find(({ code }) => code === 6210)?.messageText;
  if (missing) return ts.flattenDiagnosticMessageText(missing, " ");
  const [, most, got] = /Expected (?:\d+-)?(\d+) arguments?, but got (\d+)/.exec(message) ?? [];
  if (Number(got) <= Number(most)) return undefined;
  if (/(^|\.)tensor$/.test(callee)) return "the values stand in one array: torch.tensor([1, 2, 3])";
  return "what comes after the first arguments goes into one object: { stride: 2, padding: 1 }";
}

function hintForProperty(
  message: string,
  about: readonly ts.DiagnosticRelatedInformation[],
): string | undefined {
  if (about.some(({ code }) => code === 2773)) return "is an await missing? (await …)";
  if (/does not exist on type 'Promise</.test(message)) return "is an await missing? (await …)";
  const [, name] =
    /(?:'(\w+_\w+)' does not exist|Property '(\w+_\w+)')/.exec(message)?.filter(Boolean) ?? [];
  if (!name || /Did you mean/.test(message)) return undefined;
  const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (/^(in|out)_(channels|features)$|^kernel_size$/.test(name)) {
    return `${name} comes first, without a name: new nn.Conv2d(3, 16, 3, { stride: 2 })`;
  }
  return `names are written in one word here: ${camel}`;
}

function hintForType(message: string): string | undefined {
  if (/parameter of type 'Parameters</.test(message)) return "model.parameters()";
  if (
    /^(Argument of type|Type) '(number|number\[\](\[\])*)' .* type '(Tensor|Parameter)'/.test(
      message,
    )
  ) {
    return "make a tensor of it: torch.tensor(…)";
  }
  return undefined;
}

function isTensor(message: string): boolean {
  return /\b(Tensor|Parameter)\b/.test(message);
}

function lineAt(text: string, at: number): string {
  // A complaint about what is missing may stand behind the line's end.
  const end = text.slice(0, at).trimEnd().length;
  const first = text.lastIndexOf("\n", Math.max(end, text[at]?.trim() ? at : end) - 1) + 1;
  return text.slice(first).split("\n")[0]!;
}

function innermost(cell: ts.SourceFile, start: number, end: number): ts.Node {
  let found: ts.Node = cell;
  const visit = (node: ts.Node): void => {
    if (node.getStart(cell) > start || node.end < end) return;
    found = node;
    ts.forEachChild(node, visit);
  };
  visit(cell);
  return found;
}

function closest<T extends ts.Node>(
  node: ts.Node,
  is: (node: ts.Node) => node is T,
): T | undefined {
  let at: ts.Node | undefined = node;
  while (at && !is(at)) at = at.parent;
  return at;
}
