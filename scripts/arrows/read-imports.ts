import { readFile } from 'node:fs/promises';
import { parseSync } from 'oxc-parser';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Erased before the program runs. */
  readonly isTypeOnly: boolean;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [member: string]: unknown;
}

/**
 * Every import of a file: static, type-only, dynamic, re-exported, and `import('./x.ts').X` in a type.
 * @throws when the file does not parse, or when a dynamic import's address is no literal: an arrow that no tool sees.
 */
export async function readImports(file: string): Promise<readonly Import[]> {
  const text = await readFile(file, 'utf8');
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]?.message}`);
  const found: Import[] = [];
  visit(program as unknown as Node, (node) => {
    const address = addressOf(node);
    if (address === null) return;
    const line = text.slice(0, node.start).split('\n').length;
    if (typeof address.value !== 'string') throw new Error(`${file}:${line} imports an address that is no literal`);
    found.push({ specifier: address.value, line, isTypeOnly: isTypeOnly(node) });
  });
  return found;
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const member of Object.values(node)) {
    for (const child of Array.isArray(member) ? member : [member]) {
      if (child !== null && typeof child === 'object' && typeof child.type === 'string') visit(child, see);
    }
  }
}

/** The literal that a node imports from, or null when the node imports nothing. */
function addressOf(node: Node): { value?: unknown } | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return (node.source ?? null) as { value?: unknown } | null;
    default:
      return null;
  }
}

function isTypeOnly(node: Node): boolean {
  if (node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type') return true;
  const names = node.specifiers as readonly { importKind?: string; exportKind?: string }[] | undefined;
  if (names === undefined || names.length === 0) return false;
  return names.every((name) => name.importKind === 'type' || name.exportKind === 'type');
}
