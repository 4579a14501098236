import { S3Error } from './errors';
import { childText, parseXml, xmlDocument } from './xml';

it('writes nested elements, leaves out the undefined and escapes what XML cannot carry', () => {
  const document = xmlDocument('List', [['Key', `<a & "b">\u0001\n`], undefined, ['Owner', [['Id', 1]]], ['Last', true]]);
  expect(document).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<List xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
      '<Key>&lt;a &amp; &quot;b&quot;&gt;&#x1;&#xa;</Key><Owner><Id>1</Id></Owner><Last>true</Last></List>',
  );
});

it('reads what it writes', () => {
  const key = ` ü <&>"' \u0001\t\u{1f600} `;
  const root = parseXml(
    xmlDocument('Delete', [
      ['Object', [['Key', key]]],
      ['Quiet', true],
    ]),
  );
  expect(root.name).toBe('Delete');
  expect(root.children.map((child) => child.name)).toEqual(['Object', 'Quiet']);
  expect(root.children[0] && childText(root.children[0], 'Key')).toBe(key);
});

it('reads attributes away and empty elements as empty', () => {
  expect(parseXml('<?xml version="1.0"?>\n<A x="1"><B/><C y="2"></C></A>\n').children.map(({ text }) => text)).toEqual(['', '']);
});

it.each([
  ['nothing', ''],
  ['text alone', 'abc'],
  ['an open element', '<A><B></A>'],
  ['a closing tag too many', '<A></A></A>'],
  ['two roots', '<A/><B/>'],
  ['text behind the root', '<A/>x'],
  ['a cut tag', '<A'],
  ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><A>&b;</A>'],
  ['an unknown entity', '<A>&b;</A>'],
  ['a bare ampersand', '<A>a & b</A>'],
  ['an empty reference', '<A>&;</A>'],
  ['an inherited name as entity', '<A>&constructor;</A>'],
  ['a character beyond Unicode', '<A>&#x110000;</A>'],
])('refuses %s', (_, source) => {
  expect(() => parseXml(source)).toThrow(S3Error);
});
