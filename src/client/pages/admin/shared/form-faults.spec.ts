import { formFaults } from './form-faults';

const problem = (errors: { pointer?: string; detail: string }[], code = 'invalid_request') => ({
  code,
  detail: 'The request is not valid.',
  errors: errors.map((error) => ({ code, ...error })),
});

describe('what the server refuses of a form', () => {
  it('is shown at the field that the pointer names', () => {
    const faults = formFaults(problem([{ pointer: '/baseUrl', detail: 'must be https' }]), ['baseUrl', 'key']);
    expect(faults).toEqual({ fields: { baseUrl: 'must be https' }, rest: null });
  });

  it('is shown at the field also when the pointer goes into it', () => {
    expect(formFaults(problem([{ pointer: '/roles/0/tenant', detail: 'does not exist' }]), ['roles']).fields).toEqual({
      roles: 'does not exist',
    });
  });

  it('is one text a field, the first', () => {
    const faults = formFaults(
      problem([
        { pointer: '/name', detail: 'is too long' },
        { pointer: '/name', detail: 'has a NUL' },
      ]),
      ['name'],
    );
    expect(faults.fields).toEqual({ name: 'is too long' });
  });

  it('is shown above the form where no field has it', () => {
    const faults = formFaults(problem([{ pointer: '/other', detail: 'is unknown' }, { detail: 'is nested' }]), ['name']);
    expect(faults).toEqual({ fields: {}, rest: 'is unknown is nested' });
  });

  it('is shown at the field that a code is about where there is no pointer', () => {
    expect(formFaults(problem([], 'code_taken'), ['code'], { code_taken: 'code' })).toEqual({
      fields: { code: 'The request is not valid.' },
      rest: null,
    });
    expect(formFaults(problem([]), ['code'])).toEqual({ fields: {}, rest: 'The request is not valid.' });
  });

  it('finds fields with the characters that pointers escape', () => {
    expect(formFaults(problem([{ pointer: '/a~1b~0c', detail: 'x' }]), ['a/b~c']).fields).toEqual({ 'a/b~c': 'x' });
  });
});
