const { createHash } = require('node:crypto');
const ts = require('typescript');

const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true, allowJs: true };

/** Turns the ES modules among our dependencies into CommonJS, which is what jest loads without experimental flags. */
module.exports = {
  process: (source, fileName) => ({ code: ts.transpileModule(source, { fileName, compilerOptions }).outputText }),
  getCacheKey: (source) => createHash('sha256').update(ts.version).update(source).digest('hex'),
};
