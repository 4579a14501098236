import 'reflect-metadata';
import { loadConfig } from './platform/config/load-config';
import { migrate, revertLastMigration } from './platform/database/migrate';
import { runProgram } from './platform/run-program';

/** `migration:run` and `migration:revert`. */
runProgram(async () => {
  const [command] = process.argv.slice(2);
  const { url } = loadConfig(process.env, 'migration').database;
  if (command === 'run') {
    const names = await migrate(url);
    console.log(names.length > 0 ? `Ran ${names.join(', ')}.` : 'The schema is up to date.');
  } else if (command === 'revert') {
    const name = await revertLastMigration(url);
    console.log(name ? `Reverted ${name}.` : 'There is no migration to revert.');
  } else throw new Error('Usage: main.migration run|revert');
});
