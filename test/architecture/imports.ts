import { dirname, join } from 'node:path';
import ts from 'typescript';

/** One import of a file below `src/`: of another one (`to`), or of a package. */
export interface Import {
  readonly from: string;
  readonly specifier: string;
  readonly to: string | undefined;
}

/** As the compiler reads them: static, dynamic and re-exporting ones, types included. */
export function importsIn(file: string, text: string): readonly Import[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => ({
    from: file,
    specifier: fileName,
    to: fileName.startsWith('.') ? join(dirname(file), fileName) : undefined,
  }));
}

/** `node` for built-ins, the scope for `@aws-sdk/…`. */
export function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node';
  return specifier.split('/')[0] ?? specifier;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
}

/** The same arrows between folders; those inside one folder are none. */
export function foldersOf(arrows: readonly Arrow[]): readonly Arrow[] {
  return arrows.map(({ from, to }) => ({ from: dirname(from), to: dirname(to) })).filter(({ from, to }) => from !== to);
}

/** Groups of nodes that reach each other, sorted by name (Tarjan's strongly connected components). */
export function circlesOf(arrows: readonly Arrow[]): readonly (readonly string[])[] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of arrows) next.set(from, (next.get(from) ?? new Set()).add(to));
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node) ?? 0);
    stack.push(node);
    for (const other of next.get(node) ?? []) {
      if (!index.has(other)) {
        visit(other);
        low.set(node, Math.min(low.get(node) ?? 0, low.get(other) ?? 0));
      } else if (stack.includes(other)) low.set(node, Math.min(low.get(node) ?? 0, index.get(other) ?? 0));
    }
    if (low.get(node) !== index.get(node)) return;
    const circle = stack.splice(stack.indexOf(node));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const node of next.keys()) if (!index.has(node)) visit(node);
  return circles;
}
