import { isPlaceholder, substituteParameters } from './parameters';

const parameters = new Map([
  ['YEAR', '2025'],
  ['A_1', 'x'],
  ['SELF', '$YEAR'],
]);

describe('substituteParameters', () => {
  it.each([
    ['${YEAR}-$YEAR', '2025-2025'],
    ['$sources.input', '$sources.input'],
    ['${UNKNOWN} $UNKNOWN', '${UNKNOWN} $UNKNOWN'],
    ['$$transformations.x $$YEAR $$$YEAR', '$transformations.x $YEAR $2025'],
    ['$YEAR_OLD ${YEAR}_OLD', '$YEAR_OLD 2025_OLD'],
    ['${A_1}$A_1.', 'xx.'],
    ['cost: $5 ${ YEAR} ${YEAR', 'cost: $5 ${ YEAR} ${YEAR'],
    ['$SELF', '$YEAR'],
  ])('makes %s into %s', (text, expected) => {
    expect(substituteParameters(text, parameters)).toBe(expected);
  });

  it('takes $ signs of a value as they are', () => {
    expect(substituteParameters('${V}', new Map([['V', '$& $1 $$']]))).toBe('$& $1 $$');
  });
});

describe('isPlaceholder', () => {
  it.each([
    ['${INPUT_FILE_X}', true],
    ['$INPUT_FILE_X', true],
    ['./seeds/${X}.csv', false],
    ['', false],
  ])('says of %s: %s', (text, expected) => {
    expect(isPlaceholder(text)).toBe(expected);
  });
});
