// A notebook's own .ts file as JavaScript. The process with the types makes it, along with the cell that
// imports the file, for it has TypeScript at hand: to load that costs the thread of module hooks 0.3-1 s.
import type TypeScript from "typescript";

export interface LocalFile {
  file: string;
  /** What was compiled: another text on the disk has another JavaScript. */
  text: string;
  code: string;
}

export function compileLocalFile(ts: typeof TypeScript, file: string, text: string): LocalFile {
  const { outputText: code } = ts.transpileModule(text, {
    fileName: file,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      jsx: ts.JsxEmit.ReactJSX,
      inlineSourceMap: true,
    },
  });
  return { file, text, code };
}
