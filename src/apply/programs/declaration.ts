import { lineAt } from '../definition/places.ts';

/** Where the value of an expression of a program comes from, as far as its own file says so. */
export function declarationOf(text: string, expression: string): string | undefined {
  const context = /\b(?:tryGetContext|try_get_context)\(\s*["'`]([^"'`]+)/.exec(expression)?.[1];
  if (context !== undefined) return `the context ${context}, of cdk.json or --context ${context}=…`;
  const variable =
    /\bprocess\.env(?:\.(\w+)|\[["'](\w+))/.exec(expression) ??
    /\bos\.(?:environ(?:\.get\(|\[)|getenv\()\s*["'](\w+)/.exec(expression);
  if (variable !== null) return `the environment variable ${variable[1] ?? variable[2]}`;
  const plain = expression.replace(/\b[rRbBuUfF]{0,2}(["'`])(?:\\.|(?!\1).)*\1/g, '');
  for (const [name] of plain.matchAll(/(?<![\w.])[A-Za-z_]\w*/g)) {
    if (notNames.has(name)) continue;
    if (name === 'props') {
      const member = /\bprops\??\.(\w+)/.exec(plain)?.[1];
      return `${member ?? 'what'} of the properties that the construct is made with`;
    }
    const found = declared(text, name);
    if (found !== undefined) return `${name}, line ${lineAt(text, found)}`;
  }
  return undefined;
}

const notNames = new Set(['this', 'self', 'if', 'else', 'or', 'and', 'not', 'await', 'new', 'true', 'false', 'None']);

/** Made, taken in as an argument with a type, or imported. */
function declared(text: string, name: string): number | undefined {
  const ways = [
    `\\b(?:const|let|var)\\s+${name}\\b`,
    `^[ \\t]*(?:(?:public|private|protected|static|readonly)\\s+)*${name}\\s*[?]?\\s*[:=](?!=)`,
    `^[ \\t]*import\\b[^;]*?[{,\\s]${name}\\s*[,}\\s][^;]*?\\bfrom\\b`,
    `^[ \\t]*from\\s+[\\w.]+\\s+import\\b.*\\b${name}\\b`,
    `\\b(?:const|let|var)\\s*\\{[^}]*\\b${name}\\b[^}]*\\}\\s*=`,
  ];
  for (const way of ways) {
    const found = new RegExp(way, 'm').exec(text);
    if (found !== null) return found.index + (/\S/.exec(found[0])?.index ?? 0);
  }
  return undefined;
}
