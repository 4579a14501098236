import { shareRounds } from './shared-rounds';

const filler = `o.text(${JSON.stringify('K1 col2 3 "'.repeat(150))});\n`;

function share(rounds: readonly string[]): ReturnType<typeof shareRounds> {
  let count = 0;
  return shareRounds(rounds, () => `f${count++}`);
}

/** What the rounds do, as they are and shared, must be the same. */
function run(rounds: readonly string[]): { shared: ReturnType<typeof shareRounds>; trace: unknown[] } {
  const shared = share(rounds);
  const traceOf = (code: string): unknown[] => {
    const trace: unknown[] = [];
    const o = { text: (value: unknown) => trace.push(value) };
    const parameters = ['o', 'K1', 'K2', 'K3', 'K4', 'col1', 'col2', 'col3', 'col4'];
    new Function(...parameters, `let at = 0;\n${code}`)(o, 'k1', 'k2', 'k3', 'k4', 'c1', 'c2', 'c3', 'c4');
    return trace;
  };
  const trace = traceOf(rounds.join(''));
  expect(traceOf([...shared.functions, ...shared.rounds].join(''))).toEqual(trace);
  return { shared, trace };
}

describe('rounds of an unrolled loop', () => {
  it('share a function of what they differ in', () => {
    const { shared } = run([1, 2, 3, 4].map((i) => `${filler}o.text(K${i} + col${i} + K1);\n`));
    expect(shared.functions).toHaveLength(1);
    expect(shared.functions[0]).toContain('(f0p0, f0p1) =>');
    expect(shared.rounds).toContain('f0(K3, col3);\n');
  });

  it('have one argument for numbers that go up together', () => {
    const { shared, trace } = run(
      [1, 2, 3].map((i) => `${filler}at = ${i * 5};\no.text(at);\nat = ${i * 5 + 1};\no.text(at + 7);\no.text(${i * i});\n`),
    );
    expect(shared.rounds).toContain('f0(10, 4);\n');
    expect(trace.filter((value) => typeof value === 'number')).toEqual([5, 13, 1, 10, 18, 4, 15, 23, 9]);
  });

  it('may have variables of their own', () => {
    const { shared } = run([1, 2, 3].map((i) => `{\nlet v${i} = col${i};\n${filler}o.text(v${i});\n}\n`));
    expect(shared.functions).toHaveLength(1);
  });

  it('share nothing where they differ in more', () => {
    const rounds = ['K1', 'K2', '"K3"', '"K4"', 'K1.length', 'K2.size'].map((what) => `${filler}o.text(${what});\n`);
    expect(run(rounds).shared).toEqual({ functions: [], rounds });
  });

  it('stay where they are if they are few or short', () => {
    const few = [1, 2].map((i) => `${filler}${filler}o.text(K${i});\n`);
    const short = [1, 2, 3].map((i) => `o.text(K${i});\n`);
    expect(share(few)).toEqual({ functions: [], rounds: few });
    expect(share(short)).toEqual({ functions: [], rounds: short });
  });
});
