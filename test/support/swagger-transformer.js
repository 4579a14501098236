const plugin = require('@nestjs/swagger/plugin');
const options = require('../../swagger-plugin.options.json');

/** ts-jest caches by name and version: raise the version when swagger-plugin.options.json changes. */
module.exports = { name: 'nestjs-swagger-transformer', version: 1, factory: (cs) => plugin.before(options, cs.program) };
