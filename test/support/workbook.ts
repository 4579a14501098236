import { crc32, deflateRawSync } from 'node:zlib';

/** A ZIP archive of texts by path. `claimedSize` is what the directory says of every file's size, if not the truth. */
export function zip(files: Readonly<Record<string, string | Buffer>>, claimedSize?: number): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const bytes = Buffer.from(content as string);
    const packed = deflateRawSync(bytes);
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claimedSize ?? bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(offset, 10);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, name, packed);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, entry, name);
    offset += 30 + name.length + packed.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listing, end]);
}

/** A date's number in a workbook, as a cell shown as a date. */
export interface DateCell {
  readonly serial: number;
}

type Cell = string | number | boolean | null | DateCell;

/** An `.xlsx` workbook of sheets by name. */
export function workbook(sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>): Buffer {
  return zip(workbookFiles(Object.fromEntries(Object.entries(sheets).map(([name, rows]) => [name, sheetData(rows)]))));
}

/** The files of a workbook whose sheets' data is given as XML. */
export function workbookFiles(sheets: Readonly<Record<string, string>>): Record<string, string> {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const names = Object.keys(sheets);
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${relations}/${type}" Target="${target}"/>`;
  return {
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${names
      .map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${names
      .map((_, index) => relation(`rId${index + 1}`, 'worksheet', `worksheets/sheet${index + 1}.xml`))
      .join('')}${relation('rIdStyles', 'styles', 'styles.xml')}</Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" xfId="0"/><xf numFmtId="22" xfId="0"/></cellXfs></styleSheet>`,
    ...Object.fromEntries(
      Object.values(sheets).map((data, index) => [
        `xl/worksheets/sheet${index + 1}.xml`,
        `<worksheet xmlns="${main}"><sheetData>${data}</sheetData></worksheet>`,
      ]),
    ),
  };
}

function sheetData(rows: readonly (readonly Cell[])[]): string {
  return rows
    .map((row, index) => `<row r="${index + 1}">${row.map((cell, column) => cellXml(cell, column, index + 1)).join('')}</row>`)
    .join('');
}

function cellXml(cell: Cell, column: number, row: number): string {
  const ref = `r="${String.fromCharCode(65 + column)}${row}"`;
  if (cell === null) {
    return '';
  }
  if (typeof cell === 'string') {
    return `<c ${ref} t="inlineStr"><is><t>${cell}</t></is></c>`;
  }
  if (typeof cell === 'boolean') {
    return `<c ${ref} t="b"><v>${Number(cell)}</v></c>`;
  }
  return typeof cell === 'number' ? `<c ${ref}><v>${cell}</v></c>` : `<c ${ref} s="1"><v>${cell.serial}</v></c>`;
}
