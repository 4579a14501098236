import { createHash } from 'node:crypto';
import { md5 } from './md5';

describe('md5', () => {
  // RFC 1321 appendix A.5.
  it.each([
    ['', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['a', '0cc175b9c0f1b6a831c399e269772661'],
    ['abc', '900150983cd24fb0d6963f7d28e17f72'],
    ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
    ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
    ['12345678901234567890123456789012345678901234567890123456789012345678901234567890', '57edf4a22be3c955ac49da2e2107b67a'],
  ])('of %j', (text, hex) => {
    expect(md5(text)).toBe(hex);
  });

  it('agrees with OpenSSL at every length around the ends of blocks, and beyond ASCII', () => {
    for (let size = 0; size < 200; size++) {
      const text = 'xé😀'
        .repeat(size)
        .slice(0, size * 2)
        .replace(/[\ud800-\udbff]$/, '');
      expect(md5(text)).toBe(createHash('md5').update(text, 'utf8').digest('hex'));
    }
  });
});
