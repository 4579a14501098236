import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..');

/** What the page leaves to its reader's own program. */
const READERS_OWN = `
  declare const tokenEndpoint: string, clientId: string, clientSecret: string;
  declare const files: Record<string, string>, contents: Record<string, Blob>;
  declare const load: () => Promise<string | undefined>, save: (cursor: string) => Promise<void>;
  declare const fetchAll: (links: Record<string, string>) => Promise<void>;
`;

/** What `tsc --init` gives a new project, as far as it asks for more than `strict`, without what we ask of ourselves beyond it. */
const READERS_OPTIONS: ts.CompilerOptions = {
  noEmit: true,
  noUnusedLocals: false,
  noUncheckedIndexedAccess: false,
  exactOptionalPropertyTypes: true,
};

/** The page's TypeScript as one module, the client being where this repository has it. */
function readersProgram(): string {
  const page = readFileSync(join(ROOT, 'docs/integrating.md'), 'utf8');
  const snippets = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, snippet]) => snippet ?? '');
  const [setUp, ...steps] = snippets;
  // The steps stand side by side in the page: names of one are used by the next, but some are declared twice.
  return `${setUp}${READERS_OWN}async function run() {\n${steps.join('\n')}\n}\nvoid run;`.replaceAll(
    "'./slipway",
    "'./clients/typescript",
  );
}

describe('docs/integrating.md', () => {
  it('has TypeScript that compiles against the client', () => {
    const program = readersProgram();
    expect(program.match(/slipway\.(GET|POST)/g)?.length).toBeGreaterThan(4);

    const file = join(ROOT, 'readers-program.ts');
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile) as { config: unknown };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists } = host;
    host.fileExists = (name) => name === file || fileExists(name);
    host.getSourceFile = (name, ...rest) =>
      name === file ? ts.createSourceFile(name, program, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
    const compiled = ts.createProgram([file], { ...options, ...READERS_OPTIONS }, host);
    const faults = ts
      .getPreEmitDiagnostics(compiled)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    expect(faults).toEqual([]);
  });
});
