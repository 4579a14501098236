import { ShortTexts } from './short-texts';

describe('short texts', () => {
  it('are what was cut out', () => {
    const shortTexts = new ShortTexts();
    const values = ['', '0', '00', '\0', '\0\0', 'a', 'é', 'éa', 'abcd', 'abcde', 'abcdefg', 'abcdefgh', '\0abc', 'abc\0'];
    const numbers = Array.from({ length: 20_000 }, (_, i) => String(i * 7919));
    for (const value of [...values, ...numbers, ...values]) {
      const text = `<${value}>`;
      expect(shortTexts.slice(text, Buffer.from(text, 'latin1'), 1, value.length + 1)).toBe(value);
    }
  });
});
