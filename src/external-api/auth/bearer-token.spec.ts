import { readBearerToken } from './bearer-token';

it.each(['Bearer a.b.c', 'bearer a.b.c', 'BEARER   a.b.c', ' Bearer a.b.c '])('finds the token of "%s"', (header) => {
  expect(readBearerToken([header])).toEqual({ kind: 'token', token: 'a.b.c' });
});

it.each([[[]], [['']], [['Bearer']], [['Bearer ']], [['Basic a.b.c']], [['Bearera.b.c']], [['a.b.c']], [['DPoP a.b.c']]])(
  'finds no token in %j',
  (headers) => {
    expect(readBearerToken(headers)).toEqual({ kind: 'token_missing' });
  },
);

it.each([[['Bearer a.b.c', 'Bearer a.b.c']], [['Basic x', 'Bearer a.b.c']], [['', 'Bearer a.b.c']]])(
  'refuses to choose between the headers %j',
  (headers) => {
    expect(readBearerToken(headers)).toMatchObject({ kind: 'token_invalid' });
  },
);
