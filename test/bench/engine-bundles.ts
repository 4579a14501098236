import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';

/** A bundle whose input is made here, so that its values are as varied as those of a district. */
export interface GeneratedBundle {
  readonly name: string;
  /** Texts by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly header: readonly string[];
  row(index: number, random: () => number): readonly (string | number)[];
}

const subjects = ['Math', 'Reading', 'Science', 'Writing'];
const districts = 40;
const schools = 600;
const pick = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)] as T;
const dateOf = (random: () => number): string =>
  `${1 + Math.floor(random() * 12)}/${1 + Math.floor(random() * 28)}/${2023 + Math.floor(random() * 2)}`;
const nameOf = (random: () => number): string =>
  Array.from({ length: 4 + Math.floor(random() * 6) }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join('');

const scores = {
  header: ['StudentID', 'Name', 'School', 'Grade', 'Date', 'Subject', 'Score', 'Percentile', 'Level', 'Form', 'Notes'],
};

function scoreRow(index: number, random: () => number): readonly (string | number)[] {
  const score = Math.round(100 + random() * 700);
  return [
    ...[
      100_000_000 + index * 7,
      nameOf(random),
      1 + Math.floor(random() * schools),
      pick(['K', '1', '2', '3', '4', '5'], random),
    ],
    ...[
      dateOf(random),
      pick(subjects, random),
      score,
      (random() * 99).toFixed(1),
      1 + Math.floor(score / 161),
      pick('ABCD'.split(''), random),
    ],
    random() < 0.1 ? `"${nameOf(random)}, ""${nameOf(random)}"""` : '',
  ];
}

const scoreTemplate = `{
  "id": "{{ student_id }}-{{ subject | lower }}-{{ date }}",
  "student": { "studentUniqueId": "{{ student_id }}" },
  "administrationDate": "{{ date }}",
  {% if grade %}"grade": "uri://example.org/Grade#{{ grade }}",{% endif %}
  "scoreResults": [
    {% for name, value in [['Scale', score], ['Percentile', percentile], ['Form', form]] %}
    { "method": "{{ name }}", "result": "{{ value }}" }{% if not loop.last %},{% endif %}
    {% endfor %}
  ]{% if notes %},
  "notes": {{ notes | tojson }}{% endif %}
}`;

const renamed = `
      - operation: snake_case_columns
      - {operation: date_format, column: date, from_format: "%m/%d/%Y", to_format: "%Y-%m-%d"}`;

/** Rows go through one by one. */
const mapping: GeneratedBundle = {
  name: 'plain mapping',
  files: {
    'earthmover.yaml': `version: 2
sources: {input: {file: "\${INPUT_FILE}", type: csv}}
transformations:
  scores:
    source: $sources.input
    operations:${renamed}
      - operation: add_columns
        columns:
          band: "{% raw %}{% if score | int >= 500 %}high{% elif score | int >= 300 %}middle{% else %}low{% endif %}{% endraw %}"
      - {operation: filter_rows, query: "student_id != '' and level != '9'", behavior: include}
destinations: {scores: {source: $transformations.scores, template: score.jsont, extension: jsonl}}
`,
    'score.jsont': scoreTemplate,
  },
  header: scores.header,
  row: scoreRow,
};

/** Two tables are looked into, values mapped, and a second destination fed by distinct values. */
const joins: GeneratedBundle = {
  name: 'joins and maps',
  files: {
    'earthmover.yaml': `version: 2
sources:
  input: {file: "\${INPUT_FILE}", type: csv}
  schools: {file: schools.csv}
  districts: {file: districts.csv}
transformations:
  schools:
    source: $sources.schools
    operations: [{operation: join, sources: [$sources.districts], join_type: left, left_key: district, right_key: district}]
  scores:
    source: $sources.input
    operations:${renamed}
      - {operation: map_values, column: level, mapping: {"1": Below, "2": Basic, "3": Proficient, "4": Advanced, "5": Advanced}}
      - {operation: map_values, column: grade, map_file: grades.csv}
      - {operation: join, sources: [$transformations.schools], join_type: inner, left_key: school, right_key: school_id}
      - {operation: combine_columns, columns: [district, school], new_column: place, separator: "/"}
  levels:
    source: $transformations.scores
    operations: [{operation: keep_columns, columns: [subject, level]}, {operation: distinct_rows}]
destinations:
  scores: {source: $transformations.scores, template: score.jsont, extension: jsonl}
  levels: {source: $transformations.levels, extension: jsonl}
`,
    'score.jsont': scoreTemplate,
    'schools.csv': `school_id,district\n${Array.from({ length: schools }, (_, i) => `${i + 1},D${i % districts}\n`).join('')}`,
    'districts.csv': `district,district_name\n${Array.from({ length: districts }, (_, i) => `D${i},District ${i}\n`).join('')}`,
    'grades.csv': 'from,to\nK,Kindergarten\n1,First\n2,Second\n3,Third\n4,Fourth\n5,Fifth\n',
  },
  header: scores.header,
  row: scoreRow,
};

/** All rows are needed before the first can be written: four rows a student become one. */
const groups: GeneratedBundle = {
  name: 'group and pivot',
  files: {
    'earthmover.yaml': `version: 2
sources: {input: {file: "\${INPUT_FILE}", type: csv}}
transformations:
  schools:
    source: $sources.input
    operations:
      - operation: group_by
        group_by_columns: [School, Subject]
        create_columns: {students: count(), best: max(Score), average: mean(Score), levels: "agg(Level,;)"}
      - {operation: sort_rows, columns: [School, Subject]}
  students:
    source: $sources.input
    operations: [{operation: pivot, rows_by: StudentID, cols_by: Subject, values: Score}]
destinations:
  schools: {source: $transformations.schools, extension: jsonl}
  students: {source: $transformations.students, extension: jsonl}
`,
  },
  header: ['StudentID', 'School', 'Subject', 'Score', 'Level'],
  row: (index, random) => {
    const score = Math.round(100 + random() * 700);
    const student = Math.floor(index / subjects.length);
    return [
      100_000_000 + student * 7,
      1 + (student % schools),
      subjects[index % subjects.length] as string,
      score,
      1 + (score % 5),
    ];
  },
};

export const generatedBundles: readonly GeneratedBundle[] = [mapping, joins, groups];

/** Writes the bundle's folder. */
export function writeBundle(bundle: GeneratedBundle, directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of Object.entries(bundle.files)) {
    writeFileSync(join(directory, name), text);
  }
}

/** Writes an input of so many rows. The same rows each time, and none like another. */
export async function writeInput(bundle: GeneratedBundle, file: string, rows: number): Promise<void> {
  const random = randomFrom(20250401);
  await writeLines(file, bundle.header.join(','), rows, (index) => bundle.row(index, random).join(','));
}

/** Writes lines as they are made. */
export async function writeLines(file: string, header: string, count: number, lineOf: (index: number) => string): Promise<void> {
  const stream = createWriteStream(file);
  stream.write(`${header}\n`);
  for (let index = 0; index < count;) {
    const lines: string[] = [];
    for (const end = Math.min(count, index + 10_000); index < end; index++) {
      lines.push(`${lineOf(index)}\n`);
    }
    if (!stream.write(lines.join(''))) {
      await once(stream, 'drain');
    }
  }
  stream.end();
  await once(stream, 'finish');
}

/** Numbers from 0 to 1 (Mulberry32), the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
