import { runProject, sourceProject, sourceRows } from '../../../test/support/bundle';

describe('delimited sources', () => {
  const print = '{% for k, v in __row_data__.items() if k != "__row_data__" %}{{ k }}={{ v }};{% endfor %}';

  it.each<[string, string, string | Buffer, string[]]>([
    ['fills short rows', 'file: s.csv', 'a,b,c\n1\n2,3\n', ['a=1;b=;c=;', 'a=2;b=3;c=;']],
    ['drops a byte order mark', 'file: s.csv', '\ufeffa\n1\n', ['a=1;']],
    ['keeps everything a text', 'file: s.csv', 'a,b\n007,NA\n', ['a=007;b=NA;']],
    [
      'shifts all rows if the first one is longer than the header',
      'file: s.csv',
      'a,b\nx,1,2\ny,3,4\n',
      ['a=1;b=2;', 'a=3;b=4;'],
    ],
    ['takes a later header', 'file: s.csv\nheader_rows: "3"', 'title\n,,\na,b\n1,2\n', ['a=1;b=2;']],
    [
      'joins several header rows',
      'file: s.csv\nheader_rows: [0, 1]\nfill_sparse_headers: true',
      'X,,Y\na,b,\n1,2,3\n',
      ['X__a=1;X__b=2;Y__b=3;'],
    ],
    ['reads tabs', 'file: s.csv\ntype: tsv', 'a\tb\n1\t"x\ty"\n', ['a=1;b=x\ty;']],
    ['renames by position', 'file: s.csv\nrename_cols: true\ncolumns: [x, y]', 'a,b\n1,2\n', ['x=1;y=2;']],
    ['selects columns', 'file: s.csv\ncolumns: [b]', 'a,b\n1,2\n', ['b=2;']],
    ['adds optional fields', 'file: s.csv\noptional_fields: [a, z]', 'a\n1\n', ['a=1;z=;']],
    ['decodes', 'file: s.csv\nencoding: latin-1', Buffer.from([0x61, 10, 0xe9, 10]), ['a=é;']],
    ...[
      ['utf-16', Buffer.from('\ufeffa\né\n', 'utf16le')],
      ['UTF_16', Buffer.from('\ufeffa\né\n', 'utf16le').swap16()],
      ['utf-8-sig', '\ufeffa\né\n'],
      ['cp65001', 'a\né\n'],
      ['cp1252', Buffer.from([0x61, 10, 0xe9, 10])],
      ['windows-1252', Buffer.from([0x61, 10, 0xe9, 10])],
      ['cp437', Buffer.from([0x61, 10, 0x82, 10])],
      ['iso8859_15', Buffer.from([0x61, 10, 0xe9, 10])],
      ['mac_roman', Buffer.from([0x61, 10, 0x8e, 10])],
    ].map(([encoding, bytes]): [string, string, string | Buffer, string[]] => [
      `decodes ${String(encoding)}`,
      `file: s.csv\nencoding: ${String(encoding)}`,
      bytes as string | Buffer,
      ['a=é;'],
    ]),
    ['makes an absent optional file an empty table', 'file: ${INPUT_FILE}\noptional: true\ncolumns: [a]', '', []],
    ['makes an optional source without a name an empty table', 'file: ""\noptional: true\ncolumns: [a]', '', []],
  ])('%s', async (_, source, text, expected) => {
    expect(await sourceRows(source, print, { 's.csv': text })).toEqual(expected);
  });

  it('joins an absent optional file with None', async () => {
    const yaml = `version: 2
sources:
  main: {file: s.csv}
  gone: {file: "\${INPUT_FILE_GONE}", optional: true, columns: [a, x]}
transformations:
  t:
    source: $sources.main
    operations:
      - {operation: join, sources: [$sources.gone], join_type: left, left_key: a, right_key: a}
      - operation: modify_columns
        columns: {x: "{% raw %}{{ value }}{% endraw %}"}
destinations: {out.txt: {source: $transformations.t, template: t.jsont}}
`;
    const run = await runProject({ 'earthmover.yaml': yaml, 't.jsont': '{{ a }}{{ x }}', 's.csv': 'a\n1\n' });
    expect(run.texts['out.txt']).toBe('1None\n');
  });

  it.each<[string, string, string | Buffer, object]>([
    ['a row that is too long', 'file: s.csv', 'a,b\n1,2\n1,2,3\n', { code: 'input_invalid', row: 2 }],
    ['a quote that is not closed', 'file: s.csv', 'a\n1\n"x\n', { code: 'input_invalid', line: 3 }],
    ['a byte that does not decode', 'file: s.csv', Buffer.from([0x61, 10, 0xe9, 10]), { code: 'input_invalid' }],
    ['an empty file', 'file: s.csv', '', { code: 'input_invalid' }],
    ['a header row that is not there', 'file: s.csv\nheader_rows: 5', 'a\n1\n', { code: 'input_invalid' }],
    ['header names that collide', 'file: s.csv\nheader_rows: [0, 1]', 'a,a\nb,b\n', { code: 'input_invalid' }],
    ['a selected column that is missing', 'file: s.csv\ncolumns: [z]', 'a\n1\n', { code: 'column_missing', file: 's.csv' }],
    ['another number of columns than named', 'file: s.csv\nrename_cols: true\ncolumns: [x]', 'a,b\n', { code: 'input_invalid' }],
    [
      'a byte that cp1252 does not have',
      'file: s.csv\nencoding: cp1252',
      Buffer.from([0x61, 10, 0x81, 10]),
      { code: 'input_invalid' },
    ],
    ['what is no encoding of text', 'file: s.csv\nencoding: base64', 'a\n', { code: 'not_supported' }],
    ['an unknown encoding', 'file: s.csv\nencoding: klingon', 'a\n', { code: 'not_supported' }],
    ['an optional source without columns', 'file: s.csv\noptional: true', 'a\n', { code: 'bundle_invalid' }],
    ['a format that is not read', 'file: s.csv\ntype: parquet', 'a\n', { code: 'not_supported' }],
    ['an address', 'file: "https://example.org/x.csv"', '', { code: 'not_supported' }],
    ['a database', 'connection: x\nquery: y', '', { code: 'not_supported' }],
    ['a file that is not there', 'file: nope.csv', '', { code: 'file_unavailable' }],
  ])('refuses %s', async (_, source, text, error) => {
    await expect(sourceRows(source, print, { 's.csv': text })).rejects.toMatchObject({ node: '$sources.main', ...error });
  });

  it('names an input by its parameter and never shows its path', async () => {
    const failing = sourceRows(
      'file: ${INPUT_FILE}\ncolumns: [student_id]',
      print,
      { 'inputs/x.csv': 'a\n1\n' },
      { INPUT_FILE: 'x.csv' },
    );
    await expect(failing).rejects.toMatchObject({ message: 'INPUT_FILE, $sources.main: column `student_id` is missing' });
  });

  it('stops at a line that is too long', async () => {
    const files = { 'earthmover.yaml': sourceProject('file: s.csv'), 't.jsont': '', 's.csv': `a\n"${'x'.repeat(3000)}\n` };
    await expect(runProject(files, { limits: { maxLineBytes: 1000 } })).rejects.toMatchObject({
      code: 'limit_exceeded',
      line: 2,
    });
  });
});

describe('other sources', () => {
  const print = '{% for k, v in __row_data__.items() if k != "__row_data__" %}{{ k }}={{ v }};{% endfor %}';

  it('reads fixed widths from a file of places', async () => {
    const source = 'file: s.txt\ncolspec_file: spec.csv\ncolspec_headers: {name: field, start: from, end: to}';
    const files = { 's.txt': 'ab  12\n      \nc   NA\n', 'spec.csv': 'field,start_index,end_index\nx,0,4\ny,4,6\n' };
    expect(await sourceRows(source, print, files)).toEqual(['x=ab;y=12;', 'x=c;y=;']);
  });

  it('reads fixed widths from widths, leaving out the header line', async () => {
    const source = 'file: s.txt\nheader_rows: 0\ncolspec_file: spec.csv\ncolspec_headers: {name: field, width: w}';
    const files = { 's.txt': 'xx yyy\nab 123\n', 'spec.csv': 'field,w\nx,3\ny,3\n' };
    expect(await sourceRows(source, print, files)).toEqual(['x=ab;y=123;']);
  });

  it('reads fixed widths from settings', async () => {
    expect(await sourceRows('file: s.txt\ncolumns: [x]\ncolspecs: [[1, 3]]', print, { 's.txt': 'abcd\n' })).toEqual(['x=bc;']);
  });

  it('reads JSON lines, guessing types as pandas does', async () => {
    const text = '{"a": "1", "b": 1, "c": {"d": [1]}}\n\n{"a": "2.5", "b": null}\n';
    expect(await sourceRows('file: s.jsonl', print, { 's.jsonl': text })).toEqual(["a=1.0;b=1.0;c={'d': [1]};", 'a=2.5;b=;c=;']);
  });

  it.each([
    ['[{"a": 1}, {"a": 2}]', ''],
    ['{"a": {"0": 1, "1": 2}}', ''],
    ['{"x": {"a": 1}, "y": {"a": 2}}', 'orientation: index'],
  ])('reads the JSON table %s', async (text, settings) => {
    expect(await sourceRows(`file: s.json\n${settings}`, print, { 's.json': text })).toEqual(['a=1;', 'a=2;']);
  });

  it('takes columns of JSON with names of dates for dates', async () => {
    const text = '{"date": "2024-01-05", "x_at": 1704412800, "y_at": "soon"}\n{"x_at": 1704412801}\n';
    expect(await sourceRows('file: s.jsonl', print, { 's.jsonl': text })).toEqual([
      'date=2024-01-05 00:00:00;x_at=2024-01-05 00:00:00;y_at=soon;',
      'date=;x_at=2024-01-05 00:00:01;y_at=;',
    ]);
  });

  it.each<[string, string, string, string[]]>([
    ['from blanks that all lines share', 'a, b, c', 'ab  12  x\n c  34\n', ['a=ab;b=12;c=x;', 'a=c;b=34;c=;']],
    ['with the names of the last fields', 'b, c', 'ab 12 x\n', ['b=12;c=x;']],
    ['with columns without values', 'a, b', 'ab\n', ['a=ab;b=;']],
  ])('guesses fixed widths %s', async (_, columns, text, expected) => {
    expect(await sourceRows(`file: s.txt\ncolumns: [${columns}]`, print, { 's.txt': text })).toEqual(expected);
  });

  it('says on which line JSON is wrong', async () => {
    await expect(sourceRows('file: s.jsonl', print, { 's.jsonl': '{}\n{"a": }\n' })).rejects.toMatchObject({
      code: 'input_invalid',
      file: 's.jsonl',
      line: 2,
    });
  });
});
