/**
 * The records of a small delimited text as Python's `csv.reader` gives them, for a bundle's own map files: a blank line is an empty
 * record, a quote inside an unquoted field is text. Inputs are read by `CsvParser`, which streams.
 */
export function parseDelimited(text: string, separator: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let quoted = false;
  let started = false;
  const endRecord = (): void => {
    if (started) {
      record.push(field);
    }
    records.push(record);
    record = [];
    field = '';
    started = false;
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (quoted) {
      if (char !== '"') {
        field += char;
      } else if (text[i + 1] === '"') {
        field += '"';
        i++;
      } else {
        quoted = false;
      }
    } else if (char === '"' && field === '') {
      quoted = true;
      started = true;
    } else if (char === separator) {
      record.push(field);
      field = '';
      started = true;
    } else if (char === '\n' || char === '\r') {
      if (char === '\r' && text[i + 1] === '\n') {
        i++;
      }
      endRecord();
    } else {
      field += char;
      started = true;
    }
  }
  if (started) {
    endRecord();
  }
  return records;
}
