import { discoveryUrl, jwksUrl } from './oidc-discovery';

it.each([
  ['https://issuer.test', 'https://issuer.test/.well-known/openid-configuration'],
  ['https://issuer.test/', 'https://issuer.test/.well-known/openid-configuration'],
  ['https://issuer.test/realms/partners', 'https://issuer.test/realms/partners/.well-known/openid-configuration'],
  ['https://issuer.test/realms/partners/', 'https://issuer.test/realms/partners/.well-known/openid-configuration'],
])('asks the issuer %s at %s', (issuer, url) => {
  expect(discoveryUrl(issuer).href).toBe(url);
});

describe('the jwks_uri', () => {
  it.each([
    ['https://keys.test/jwks', 'https://issuer.test'],
    ['https://keys.test/jwks', 'http://localhost:9000'],
    ['http://localhost:9001/jwks', 'http://localhost:9000'],
    ['http://127.0.0.1:9000/jwks', 'http://localhost:9000'],
    ['http://[::1]:9000/jwks', 'http://[::1]:9000'],
  ])('may be %s for the issuer %s', (uri, issuer) => {
    expect(jwksUrl(uri, issuer).href).toBe(uri);
  });

  it.each([
    ['http://issuer.test/jwks', 'https://issuer.test'],
    ['http://localhost:9000/jwks', 'https://issuer.test'],
    ['http://keys.test/jwks', 'http://localhost:9000'],
    ['http://localhost.keys.test/jwks', 'http://localhost:9000'],
    ['file:///etc/passwd', 'http://localhost:9000'],
    ['data:application/json,{"keys":[]}', 'http://localhost:9000'],
    ['/jwks', 'https://issuer.test'],
    [undefined, 'https://issuer.test'],
    [['https://keys.test/jwks'], 'https://issuer.test'],
  ])('may not be %j for the issuer %s', (uri, issuer) => {
    expect(() => jwksUrl(uri, issuer)).toThrow('jwks_uri');
  });
});
