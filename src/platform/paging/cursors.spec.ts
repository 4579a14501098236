import { Cursors } from './cursors';

describe('list cursors', () => {
  const cursors = new Cursors({ cursorSecret: 'a secret of at least thirty-two characters' });
  const scope = { client: 'sis', list: 'output-sets', partner: 'demo' };

  it('give back the position that they were made for', () => {
    expect(cursors.decode(cursors.encode('42', scope), scope)).toBe('42');
  });

  it.each([
    ['another client', { ...scope, client: 'other' }],
    ['other filters', { ...scope, partner: 'else' }],
    ['more filters', { ...scope, tenant: 'north' }],
  ])('are refused for %s', (_name, other) => {
    expect(cursors.decode(cursors.encode('42', scope), other)).toBeNull();
  });

  it('do not depend on the order in which the scope is written', () => {
    const turned = { partner: 'demo', list: 'output-sets', client: 'sis' };
    expect(cursors.decode(cursors.encode('42', scope), turned)).toBe('42');
  });

  it('are refused when a character was changed, added or lost', () => {
    const cursor = cursors.encode('42', scope);
    for (let at = 0; at < cursor.length; at++) {
      const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
      expect(cursors.decode(changed, scope)).toBeNull();
    }
    expect(cursors.decode(`${cursor}A`, scope)).toBeNull();
    expect(cursors.decode(cursor.slice(0, -1), scope)).toBeNull();
    expect(cursors.decode('', scope)).toBeNull();
  });

  it('are refused when they were made under another secret', () => {
    const others = new Cursors({ cursorSecret: 'another secret of at least thirty-two characters' });
    expect(cursors.decode(others.encode('42', scope), scope)).toBeNull();
  });
});
