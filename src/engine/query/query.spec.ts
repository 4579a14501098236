import { layoutOf, type Row } from '../table';
import { compileQuery } from './compile';

const layout = layoutOf(['name', 'score', 'odd name', 'missing', 'number']);
const row: Row = ['Ann', '10', 'x y', NaN, 3];
const place = { file: 'earthmover.yaml', line: 7 };

const holds = (query: string, values: Row = row): boolean => compileQuery(query, layout, place).holds(values);

describe('compileQuery', () => {
  it.each([
    ["name == 'Ann'", true],
    ['name != "Ann"', false],
    ['`odd name` == "x y"', true],
    ["name == 'Ann' and score == '11'", false],
    ["name == 'Bob' or score == '10'", true],
    ["not name == 'Bob'", true],
    ["~(name == 'Bob')", true],
    // In pandas & and | bind like and and or.
    ["name == 'Ann' & score == '10'", true],
    ["name == 'Bob' | score == '10' & number == 3", true],
    ["name in ['Bob', 'Ann']", true],
    ["name not in ('Bob', 'Cid')", true],
    ["name == ['Bob', 'Ann']", true],
    ["name != ['Bob', 'Ann']", false],
    ["'Ann' == name", true],
    // Texts are compared as texts.
    ["score < '9'", true],
    ['score == 10', false],
    ['score != 10', true],
    ['number == 3.0', true],
    ['2 < number <= 3', true],
    ['number * 2 + 1 == 7', true],
    ['-number < 0', true],
    ['number in [1, 3]', true],
    // Missing values are unequal to everything.
    ["missing == ''", false],
    ["missing != ''", true],
    ["missing < 'x'", false],
    ['missing == None', false],
    ['name == None', false],
    ['name != None', true],
    ['missing.isnull()', true],
    ['name.notnull() & missing.isna()', true],
    ["name.isin(['Ann'])", true],
    ["name.str.startswith('A')", true],
    ["name.str.lower() == 'ann'", true],
    ["name.str.contains('n{2}$')", true],
    ["name.str.fullmatch('An')", false],
    ["name.str.match('An')", true],
    ['name.str.len() == 3', true],
    ["missing.str.contains('x', na=False)", false],
    ["name.str.contains('ANN', case=False)", true],
    ["name.str.contains('.', regex=False)", false],
    ["name.str.contains('a.*', False)", true],
    ["name.str.match('nn')", false],
    ["name.str.fullmatch('a.+', case=False)", true],
    ["name.str.startswith(('B', 'A'))", true],
    ["name.str.replace('n', '-') == 'A--'", true],
    ["name.str.replace('n', '-', n=1) == 'A-n'", true],
    ["name.str.replace('(n)(n)', r'\\2.', regex=True) == 'An.'", true],
    ['number.between(3, 4)', true],
    ["number.between(3, 4, inclusive='right')", false],
    ['missing.between(0, 4)', false],
    ['number.isin([1, 3])', true],
    ["missing.fillna('') == ''", true],
    ["number.astype(str) == '3'", true],
    ["name == 'A' 'nn' # a comment", true],
    ["name == 'A\\x6en'", true],
    ["name == r'\\d'", false],
    ['True', true],
  ])('%s: %s', (query, expected) => {
    expect(holds(query)).toBe(expected);
  });

  it.each([
    ['an unknown column', 'nope == 1', 'column_missing'],
    ['an unknown method', 'name.eval()', 'not_supported'],
    ['attributes of objects', "name.__class__ == ''", 'bundle_invalid'],
    ['a local variable', 'name == @x', 'bundle_invalid'],
    ['an end too early', 'name ==', 'bundle_invalid'],
    ['a text that is not closed', "name == 'x", 'bundle_invalid'],
    ['a bracket that is not closed', '(name == 1', 'bundle_invalid'],
    ['endless nesting', '('.repeat(5000), 'bundle_invalid'],
    ['nothing', '', 'bundle_invalid'],
    ['an argument that a method does not have', "name.str.match('x', colour=1)", 'bundle_invalid'],
    ['too many arguments', "name.isnull('x')", 'bundle_invalid'],
    ['an argument that is no constant', 'name.isin([number])', 'not_supported'],
    ['an assignment', 'name = 1', 'bundle_invalid'],
    ['a regular expression that is none', "name.str.match('(')", 'bundle_invalid'],
  ])('refuses %s', (_, query, code) => {
    expect(() => holds(query)).toThrow(expect.objectContaining({ code, line: 7 }));
  });

  it.each([
    ['ordering a text and a number', 'name < 2'],
    ['a text method on a missing value as a condition', "missing.str.startswith('x')"],
    ['a value that is no condition', 'name'],
    ['arithmetic with a text', 'name - 1 == 2'],
  ])('fails on %s, with the row', (_, query) => {
    expect(() => holds(query)).toThrow(expect.objectContaining({ code: 'operation_failed', row: 1 }));
  });
});
