import { QueryFailedError } from 'typeorm';
import { errorFields } from './error-fields';

const ROW = 'Failing row contains (1, Lovelace).';
const refused = (): QueryFailedError =>
  new QueryFailedError(
    'INSERT INTO job VALUES ($1)',
    ['Lovelace'],
    Object.assign(new Error('violates a constraint'), { code: '23514', detail: ROW, where: ROW }),
  );

describe('what the log has of an error', () => {
  it('is what it is, why and where, with its causes', () => {
    const error = new Error('not sent', { cause: new TypeError('no route') });
    const fields = errorFields(error);
    expect(fields).toMatchObject({ type: 'Error', message: 'not sent: no route' });
    expect(fields.stack).toMatch(/error-fields\.spec[^]*caused by: TypeError: no route/);
  });

  it.each([
    ['a statement that Postgres refused', refused()],
    ['one that is a cause', new Error('not saved', { cause: refused() })],
    ['several at once', new AggregateError([refused(), refused()], 'not maintained')],
    [
      'the answer of a request',
      Object.assign(new Error('refused'), { response: { body: 'Lovelace' }, headers: { cookie: 'Lovelace' } }),
    ],
    ['what is no error', { name: 'Lovelace' }],
    ['a text', 'Lovelace'],
  ])('has no data that its library put on it: %s', (_, error) => {
    expect(JSON.stringify(errorFields(error))).not.toContain('Lovelace');
  });

  it('has the code, by which an operator looks it up, of each that came together', () => {
    expect(errorFields(refused())).toMatchObject({ type: 'QueryFailedError', code: '23514' });
    expect(errorFields(new AggregateError([refused()], 'not maintained'))).toMatchObject({
      errors: [{ code: '23514', message: 'violates a constraint' }],
    });
  });
});
