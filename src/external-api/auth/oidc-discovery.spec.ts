import { discoveryUrl } from './oidc-discovery';

it.each([
  ['https://issuer.test', 'https://issuer.test/.well-known/openid-configuration'],
  ['https://issuer.test/', 'https://issuer.test/.well-known/openid-configuration'],
  ['https://issuer.test/realms/partners', 'https://issuer.test/realms/partners/.well-known/openid-configuration'],
  ['https://issuer.test/realms/partners/', 'https://issuer.test/realms/partners/.well-known/openid-configuration'],
])('asks the issuer %s at %s', (issuer, url) => {
  expect(discoveryUrl(issuer).href).toBe(url);
});
