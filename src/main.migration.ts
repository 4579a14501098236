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
    await revertLastMigration(url);
    console.log('Reverted the newest migration.');
  } else throw new Error('Usage: main.migration run|revert');
});
