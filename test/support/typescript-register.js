const fs = require('node:fs');
const ts = require('typescript');

const compilerOptions = {
  module: ts.ModuleKind.CommonJS,
  target: ts.ScriptTarget.ES2022,
  esModuleInterop: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  inlineSourceMap: true,
};

/** `node -r …/typescript-register.js program.ts`: for tests that need a process of its own from our sources. Types are not checked. */
require.extensions['.ts'] = (module, fileName) => {
  const source = fs.readFileSync(fileName, 'utf8');
  module._compile(ts.transpileModule(source, { fileName, compilerOptions }).outputText, fileName);
};
