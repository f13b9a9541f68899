// Two OAuth clients find the token service by its metadata, and do with it what it offers.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { exportPKCS8, exportSPKI, generateKeyPair } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';

import * as gateway from './gateway.js';
import { hash, password } from './user.js';

const issuer = gateway.url;
const resource = `${gateway.url}/api`;
const machines = {}; // algorithm → key by which the machine of that name proves who it is
let upstream;

before(async () => {
  upstream = await gateway.echo();
  await gateway.plugins();
  await gateway.service('api', upstream.address());
  await gateway.route('api', '/api', 'api', { resource, claims_to_headers: { sub: 'X-User' } });
  for (const kind of ['token', 'revoke', 'introspect', 'jwks']) await gateway.endpoint(`/oauth/${kind}`, { endpoint: kind });
  await gateway.endpoint('/.well-known/oauth-authorization-server*', {
    endpoint: 'metadata', issuer, token_endpoint: `${issuer}/oauth/token`, revocation_endpoint: `${issuer}/oauth/revoke`,
    introspection_endpoint: `${issuer}/oauth/introspect`, jwks_uri: `${issuer}/oauth/jwks`,
  });
  const signing = await generateKeyPair('ES256', { extractable: true });
  const users = [{ username: 'ann', password: hash }];
  for (const alg of ['RS256', 'PS256', 'ES256', 'ES384', 'Ed25519']) {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    machines[alg] = privateKey;
    users.push({ username: alg, client_key: { algorithm: alg, public_key: await exportSPKI(publicKey) } });
  }
  await gateway.application('shop', {
    algorithm: 'ES256', rsa_public_key: await exportSPKI(signing.publicKey), iss: issuer, path: 'sub',
    issue: {
      private_key: await exportPKCS8(signing.privateKey), resources: [resource], audience: [resource], claims: { scope: 'read write' },
    },
  }, users);
  await gateway.becomes(200, `${issuer}/oauth/jwks`);
  const nobody = { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'shop' }) };
  await gateway.becomes(401, `${issuer}/oauth/token`, nobody);
  await gateway.becomes(401, resource);
});

after(() => gateway.stop(upstream));

// calls asserts that the token opens the API for this user, or that it does not.
async function calls(token, user) {
  const answer = await fetch(resource, { headers: { authorization: `Bearer ${token}` } });
  const said = await answer.text();
  if (user) assert.equal(`${answer.status} ${said}`, `200 ${user}`);
  else assert.equal(answer.status, 401);
}

describe('oauth4webapi', () => {
  const http = { [oauth.allowInsecureRequests]: true };
  const client = { client_id: 'shop' };
  let server;

  before(async () => {
    const found = await oauth.discoveryRequest(new URL(issuer), { algorithm: 'oauth2', ...http });
    server = await oauth.processDiscoveryResponse(new URL(issuer), found);
  });

  // introspect asks about a token, as ann.
  async function introspect(token) {
    const ann = { client_id: 'shop|ann' };
    const answer = await oauth.introspectionRequest(server, ann, oauth.ClientSecretBasic(password), token, http);
    return oauth.processIntrospectionResponse(server, ann, answer);
  }

  for (const id of ['shop', 'shop|ann']) {
    test(`client credentials of ${id}, by password`, async () => {
      const me = { client_id: id };
      const request = await oauth.clientCredentialsGrantRequest(server, me, oauth.ClientSecretBasic(password), { resource, scope: 'read' }, http);
      const got = await oauth.processClientCredentialsResponse(server, me, request);
      assert.deepEqual([got.token_type, got.scope, got.refresh_token], ['bearer', 'read', undefined]);
      await calls(got.access_token, 'ann');
    });
  }

  for (const alg of ['RS256', 'PS256', 'ES256', 'ES384', 'Ed25519']) {
    test(`private_key_jwt, ${alg}`, async () => {
      const me = { client_id: `shop|${alg}` };
      const request = await oauth.clientCredentialsGrantRequest(server, me, oauth.PrivateKeyJwt(machines[alg]), { resource }, http);
      const got = await oauth.processClientCredentialsResponse(server, me, request);
      await calls(got.access_token, alg);
    });
  }

  test('an access token, as a resource server checks it (RFC 9068)', async () => {
    const me = { client_id: 'shop|ann' };
    const request = await oauth.clientCredentialsGrantRequest(server, me, oauth.ClientSecretBasic(password), {}, http);
    const { access_token: token } = await oauth.processClientCredentialsResponse(server, me, request);
    const claims = await oauth.validateJwtAccessToken(
      server, new Request(resource, { headers: { authorization: `Bearer ${token}` } }), resource, { ...http, signingAlgorithms: ['ES256'] },
    );
    assert.deepEqual([claims.sub, claims.client_id, claims.scope], ['ann', 'shop', 'read write']);
  });

  test('a wrong password', async () => {
    const request = await oauth.clientCredentialsGrantRequest(server, client, oauth.ClientSecretBasic('a guess'), {}, http);
    await assert.rejects(oauth.processClientCredentialsResponse(server, client, request), oauth.WWWAuthenticateChallengeError);
  });

  test('more than the rule gives', async () => {
    for (const [asked, error] of [[{ scope: 'admin' }, 'invalid_scope'], [{ resource: 'https://other.test/' }, 'invalid_target']]) {
      const request = await oauth.clientCredentialsGrantRequest(server, client, oauth.ClientSecretBasic(password), asked, http);
      await assert.rejects(oauth.processClientCredentialsResponse(server, client, request), { name: 'ResponseBodyError', error });
    }
  });

  test('a session: log-in, introspection, refresh, revocation', async () => {
    const asked = { username: 'ann', password, resource };
    const login = await oauth.genericTokenEndpointRequest(server, client, oauth.None(), 'password', asked, http);
    const first = await oauth.processGenericTokenEndpointResponse(server, client, login);
    await calls(first.access_token, 'ann');
    const told = await introspect(first.access_token);
    assert.deepEqual([told.active, told.username, told.client_id, told.iss], [true, 'ann', 'shop', issuer]);

    const refresh = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), first.refresh_token, http);
    const second = await oauth.processRefreshTokenResponse(server, client, refresh);
    assert.notEqual(second.refresh_token, first.refresh_token);
    await calls(second.access_token, 'ann');

    await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, oauth.None(), second.refresh_token, http));
    await calls(second.access_token);
    assert.equal((await introspect(second.refresh_token)).active, false);
    const late = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), second.refresh_token, http);
    await assert.rejects(oauth.processRefreshTokenResponse(server, client, late), { name: 'ResponseBodyError', error: 'invalid_grant' });
  });
});

describe('openid-client', () => {
  const discover = (id, auth) => openid.discovery(new URL(issuer), id, {}, auth, { algorithm: 'oauth2', execute: [openid.allowInsecureRequests] });

  test('client credentials, by password', async () => {
    const client = await discover('shop|ann', openid.ClientSecretBasic(password));
    const got = await openid.clientCredentialsGrant(client, { resource, scope: 'read' });
    assert.equal(got.scope, 'read');
    await calls(got.access_token, 'ann');
    assert.equal((await openid.tokenIntrospection(client, got.access_token)).active, true);
    await openid.tokenRevocation(client, got.access_token);
    assert.equal((await openid.tokenIntrospection(client, got.access_token)).active, false);
    await calls(got.access_token);
  });

  test('private_key_jwt', async () => {
    const client = await discover('shop|ES256', openid.PrivateKeyJwt(machines.ES256));
    const got = await openid.clientCredentialsGrant(client, { resource });
    await calls(got.access_token, 'ES256');
    assert.equal((await openid.tokenIntrospection(client, got.access_token)).sub, 'ES256');
  });

  test('a key that is not the client\'s', async () => {
    const client = await discover('shop|ES256', openid.PrivateKeyJwt((await generateKeyPair('ES256')).privateKey));
    await assert.rejects(openid.clientCredentialsGrant(client, { resource }), { code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE', status: 401 });
  });

  test('a session: log-in, refresh, revocation', async () => {
    const client = await discover('shop', openid.None());
    const first = await openid.genericGrantRequest(client, 'password', { username: 'ann', password, resource });
    const second = await openid.refreshTokenGrant(client, first.refresh_token);
    await calls(second.access_token, 'ann');
    await openid.tokenRevocation(client, second.refresh_token);
    await calls(second.access_token);
    await assert.rejects(openid.refreshTokenGrant(client, second.refresh_token), { error: 'invalid_grant' });
  });
});
