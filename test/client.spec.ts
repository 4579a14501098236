import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

describe('the typed client', () => {
  it('has the types of the committed document: after a change of it run `npm run generate:client`', () => {
    const npm = (script: string, ...args: string[]) =>
      execFileSync('npm', ['run', '--silent', script, '--', ...args], { cwd: join(__dirname, '..'), stdio: 'pipe' });
    expect(() => npm('generate:client', '--check')).not.toThrow();
  });
});
