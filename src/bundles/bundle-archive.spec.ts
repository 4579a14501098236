import { gunzipSync, gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { contentVersion, InvalidArchiveError, packBundle, unpackBundle } from './bundle-archive';

const files = new Map([
  ['assessments/A/earthmover.yaml', Buffer.from('version: 2\n')],
  [`assessments/A/seeds/${'long-'.repeat(40)}é.csv`, Buffer.from('a,b\n')],
  ['registry.json', Buffer.alloc(0)],
]);

type EntryHeader = Partial<Header> & Pick<Header, 'name'>;

async function tarOf(...entries: [EntryHeader, string][]): Promise<Buffer> {
  const tar = pack();
  for (const [header, content] of entries) tar.entry(header, content);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe("a bundle's archive", () => {
  it('gives back the files', async () => {
    expect(await unpackBundle(await packBundle(files), contentVersion(files))).toEqual(files);
  });

  it('is the same for the same files in another order', async () => {
    const reversed = new Map([...files].reverse());
    expect(await packBundle(reversed)).toEqual(await packBundle(files));
    expect(contentVersion(reversed)).toBe(contentVersion(files));
  });

  it.each([
    ['a byte', new Map([...files, ['registry.json', Buffer.from('x')]])],
    ['a name', new Map([...files].map(([path, bytes]) => [path.toUpperCase(), bytes] as const))],
    ['a file more', new Map([...files, ['x', Buffer.alloc(0)]])],
    ['where one file ends', new Map([['assessments/A/earthmover.yaml', Buffer.from('version: 2')], ...[...files].slice(1)])],
  ])('has another version with another %s', (_, changed) => {
    expect(contentVersion(changed)).not.toBe(contentVersion(files));
  });

  it('is refused when its files are not those that the version names', async () => {
    const other = await packBundle(new Map([...files, ['x', Buffer.alloc(0)]]));
    await expect(unpackBundle(other, contentVersion(files))).rejects.toThrow(/version/);
  });

  it.each<[string, [EntryHeader, string][]]>([
    ['a path that leaves', [[{ name: '../x' }, '']]],
    ['a path that leaves later', [[{ name: 'a/../../x' }, '']]],
    ['an absolute path', [[{ name: '/etc/x' }, '']]],
    ['a backslash', [[{ name: 'a\\..\\x' }, '']]],
    ['a symbolic link', [[{ name: 'a', type: 'symlink', linkname: '/etc/passwd' }, '']]],
    ['a hard link', [[{ name: 'a', type: 'link', linkname: '/etc/passwd' }, '']]],
    ['a device', [[{ name: 'a', type: 'character-device', devmajor: 1, devminor: 3 }, '']]],
    [
      'one path twice',
      [
        [{ name: 'a' }, '1'],
        [{ name: 'a' }, '2'],
      ],
    ],
  ])('is refused with %s', async (_, entries) => {
    await expect(unpackBundle(gzipSync(await tarOf(...entries)), 'v1')).rejects.toThrow(InvalidArchiveError);
  });

  it('is refused when it is cut off, or no archive', async () => {
    const archive = await packBundle(files);
    const half = gunzipSync(archive).subarray(0, 700);
    for (const broken of [
      archive.subarray(0, archive.length - 20),
      gzipSync(half),
      gzipSync('x'.repeat(600)),
      Buffer.from('no'),
      Buffer.alloc(0),
    ])
      await expect(unpackBundle(broken, 'v1')).rejects.toThrow(InvalidArchiveError);
  });

  it('is refused when it unpacks to more than a bundle may have', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    await expect(unpackBundle(bomb, 'v1')).rejects.toThrow(/too large/);
  });
});
