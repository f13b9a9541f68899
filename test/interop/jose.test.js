// A library that nobody here wrote signs tokens by every algorithm, and the gateway takes them. The gateway signs by every
// algorithm, and the library verifies that.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import * as jose from 'jose';

import * as gateway from './gateway.js';
import { hash, password } from './user.js';

const secrets = ['HS256', 'HS384', 'HS512'];
const pairs = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
const algorithms = [...secrets, ...pairs];
const keys = {}; // algorithm → key that signs
const forms = {}; // algorithm → the fields of a rule that hold the key to verify with, in each form
let upstream;

before(async () => {
  upstream = await gateway.echo();
  await gateway.plugins();
  await gateway.service('api', upstream.address());
  await gateway.route('api', '/api', 'api', { claims_to_headers: { sub: 'X-User' } });
  for (const kind of ['token', 'jwks']) await gateway.endpoint(`/oauth/${kind}`, { endpoint: kind });
  for (const alg of algorithms) await prepare(alg);
  await gateway.becomes(401, `${gateway.url}/api`);
  await gateway.becomes(200, `${gateway.url}/oauth/jwks`);
});

after(() => gateway.stop(upstream));

// issuer is who makes the tokens of an application: of the library, by the form that the gateway has its key in, or the gateway's own.
const issuer = (form, alg) => `https://${form}.test/${alg}`;

// prepare makes the algorithm's key, an application for each form of it, and one whose tokens the gateway makes with it.
async function prepare(alg) {
  const isSecret = secrets.includes(alg);
  const open = { extractable: true };
  const pair = isSecret ? { privateKey: await jose.generateSecret(alg, open) } : await jose.generateKeyPair(alg, open);
  keys[alg] = pair.privateKey;
  const jwk = await jose.exportJWK(pair.publicKey ?? pair.privateKey);
  const plain = isSecret ? { secret: jwk.k, signature_is_base_64: true } : { rsa_public_key: await jose.exportSPKI(pair.publicKey) };
  forms[alg] = { plain, jwk: { jwks: { keys: [{ ...jwk, alg, kid: alg }] } } };
  for (const [form, fields] of Object.entries(forms[alg])) {
    await gateway.application(`${form}-${alg}`, { algorithm: alg, iss: issuer(form, alg), path: 'sub', ...fields });
  }
  const issue = isSecret ? {} : { private_key: await jose.exportPKCS8(pair.privateKey), kid: `own-${alg}` };
  const own = { algorithm: alg, iss: issuer('own', alg), path: 'sub', ...plain, issue };
  await gateway.application(`own-${alg}`, own, [{ username: 'ann', password: hash }]);
}

// sign makes a token for ann by the key of an algorithm, which says that it is of this issuer.
const sign = (alg, iss, header = {}) => {
  return new jose.SignJWT({ sub: 'ann', iss }).setProtectedHeader({ alg, ...header }).setExpirationTime('5m').sign(keys[alg]);
};

// call returns how a request with the token is answered.
async function call(token) {
  const answer = await fetch(`${gateway.url}/api`, { headers: { authorization: `Bearer ${token}` } });
  const said = await answer.text();
  return answer.ok ? `200 ${said}` : `${answer.status} ${JSON.parse(said).reason}`;
}

for (const alg of algorithms) {
  test(`${alg}: the library signs`, async () => {
    for (const form of Object.keys(forms[alg])) {
      const token = await sign(alg, issuer(form, alg), form === 'jwk' ? { kid: alg } : {});
      assert.equal(await call(token), '200 ann', form);
      const [head, payload, signature] = token.split('.');
      const first = signature[0] === 'A' ? 'B' : 'A';
      assert.equal(await call(`${head}.${payload}.${first}${signature.slice(1)}`), '401 signature_invalid', `${form}, forged`);
    }
    const other = algorithms[(algorithms.indexOf(alg) + 3) % algorithms.length];
    assert.match(await call(await sign(other, issuer('plain', alg))), /^401 /, `of the key of ${other}`);
  });

  test(`${alg}: the gateway signs`, async () => {
    const answer = await fetch(`${gateway.url}/oauth/token`, {
      method: 'POST', body: new URLSearchParams({ grant_type: 'password', client_id: `own-${alg}`, username: 'ann', password }),
    });
    const { access_token: token } = await answer.json();
    const key = secrets.includes(alg) ? keys[alg] : jose.createRemoteJWKSet(new URL(`${gateway.url}/oauth/jwks`));
    const { payload, protectedHeader } = await jose.jwtVerify(token, key, {
      algorithms: [alg], issuer: issuer('own', alg), audience: `own-${alg}`.toLowerCase(), typ: 'at+jwt',
    });
    assert.deepEqual([payload.sub, protectedHeader.alg], ['ann', alg]);
    assert.equal(await call(token), '200 ann');
  });
}
