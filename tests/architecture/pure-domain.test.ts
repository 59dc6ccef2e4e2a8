// What the import rules cannot see of purity: which words of @ticketing/common a domain takes, and whether it looks at
// the clock, rolls dice or reaches for the process.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(__dirname, '../..');
const services = join(root, 'services');
/** Pure functions of common that are no contracts. */
const pureFunctions = ['idFrom', 'isId'];
const impureGlobals = new Set([
  'process',
  'console',
  'fetch',
  'crypto',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'globalThis',
  'require',
]);

const parse = (text: string, name: string) => ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true);

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));

const domainFiles = readdirSync(services)
  .map((name) => join(services, name, 'src/domain'))
  .filter((folder) => existsSync(folder))
  .flatMap(filesIn);

/** Every name that services/common/src/contracts exports, types included. */
const contractNames = new Set(
  filesIn(join(services, 'common/src/contracts')).flatMap((file) =>
    exportedNames(parse(readFileSync(file, 'utf8'), file)),
  ),
);

function exportedNames(source: ts.SourceFile): string[] {
  return source.statements.flatMap((statement) => {
    if (
      !ts.canHaveModifiers(statement) ||
      !ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    )
      return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name }) => name.getText());
    return 'name' in statement && statement.name ? [(statement.name as ts.Identifier).text] : [];
  });
}

/** Each fault as `line: what`. */
function faultsIn(source: ts.SourceFile): string[] {
  const faults: string[] = [];
  const note = (node: ts.Node, what: string) =>
    faults.push(`${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${what}`);

  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && (node.moduleSpecifier as ts.StringLiteral).text === '@ticketing/common') {
      const bindings = node.importClause?.namedBindings;
      if (!bindings || !ts.isNamedImports(bindings)) note(node, 'takes the whole of common');
      else
        for (const { propertyName, name } of bindings.elements) {
          const taken = (propertyName ?? name).text;
          if (!contractNames.has(taken) && !pureFunctions.includes(taken))
            note(node, `takes ${taken}, which is no contract`);
        }
      return;
    }
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length)
      note(node, 'new Date()');
    if (ts.isCallExpression(node) && node.expression.getText() === 'Date') note(node, 'Date()');
    if (ts.isPropertyAccessExpression(node)) {
      const text = node.getText();
      if (text === 'Date.now' || text === 'Math.random') note(node, text);
      visit(node.expression);
      return;
    }
    if (ts.isIdentifier(node) && impureGlobals.has(node.text) && !isName(node)) note(node, node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return faults;
}

/** The name of a field or a type's member is no use of the global of that name. */
const isName = (node: ts.Identifier): boolean => {
  const { parent } = node;
  return (
    (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isLiteralTypeNode(parent)) &&
    parent.getChildAt(0) === node
  );
};

describe('A domain', () => {
  test('exists in the services that decide things', () => {
    expect([...new Set(domainFiles.map((file) => relative(services, file).split('/')[0]))]).toEqual(
      expect.arrayContaining(['auth', 'orders', 'payments', 'tickets']),
    );
  });

  test.each(domainFiles.map((file) => [relative(root, file)]))('%s decides from what it is given alone', (file) => {
    expect(faultsIn(parse(readFileSync(join(root, file), 'utf8'), file))).toEqual([]);
  });

  test.each([
    ['new Date()', 'const now = new Date();'],
    ['Date()', 'const now = Date();'],
    ['Date.now', 'const now = Date.now();'],
    ['Math.random', 'const dice = Math.random();'],
    ['process', 'const name = process.env.NAME;'],
    ['setTimeout', 'setTimeout(() => undefined, 1);'],
    ['takes connectMongo, which is no contract', "import { connectMongo } from '@ticketing/common';"],
    ['takes the whole of common', "import * as common from '@ticketing/common';"],
  ])('that has %s is found', (what, text) => {
    expect(faultsIn(parse(text, 'wrong.ts'))).toEqual([`1: ${what}`]);
  });

  test('may make a date of what it was given, and take contracts', () => {
    const text =
      "import { type EventData, orderStatuses } from '@ticketing/common';\nconst due = (at: string) => new Date(at);";
    expect(faultsIn(parse(text, 'right.ts'))).toEqual([]);
  });
});
