// Machines need no other server than the gateway. The MCP SDK finds the token service by the resource, gets a token for it by a
// password or by a key, and calls a tool.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ClientCredentialsProvider, PrivateKeyJwtProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { exportPKCS8, exportSPKI, generateKeyPair } from 'jose';

import everything from './everything.js';
import * as gateway from './gateway.js';
import { hash, password } from './user.js';

const issuer = gateway.url;
const resource = `${gateway.url}/files`;
let key;
let server;

before(async () => {
  const made = await generateKeyPair('ES256', { extractable: true });
  key = await exportPKCS8(made.privateKey);
  server = await gateway.listen(everything());
  await gateway.plugins();
  await gateway.service('files', server.address());
  await gateway.endpoint('/oauth/token', { endpoint: 'token' });
  await gateway.endpoint('/.well-known/oauth-protected-resource*', { endpoint: 'resource' });
  await gateway.endpoint('/.well-known/oauth-authorization-server*', {
    endpoint: 'metadata', issuer, token_endpoint: `${issuer}/oauth/token`, authorization_endpoint: `${issuer}/oauth/nobody`,
  });
  await gateway.application('fleet', {
    iss: issuer, algorithm: 'HS256', secret: 'the secret of the machines of an MCP server', path: 'sub',
    issue: { resources: [resource], claims: { scope: 'files:read' } },
  }, [
    { username: 'drone', password: hash },
    { username: 'robot', client_key: { algorithm: 'ES256', public_key: await exportSPKI(made.publicKey) } },
  ]);
  await gateway.route('files', '/files', 'files', {
    resource, authorization_servers: [issuer], scopes_supported: ['files:read'],
    mcp: { tools: { test_simple_text: ['files:read'], test_image_content: ['files:write'] }, sessions: true },
  });
  await gateway.becomes(401, resource, { method: 'POST' });
});

after(() => gateway.stop(server));

const providers = {
  'a password': () => new ClientCredentialsProvider({ clientId: 'fleet|drone', clientSecret: password }),
  'a key': () => new PrivateKeyJwtProvider({ clientId: 'fleet|robot', privateKey: key, algorithm: 'ES256' }),
};

for (const [name, make] of Object.entries(providers)) {
  test(`a machine with ${name}`, async () => {
    const client = new Client({ name: 'machine', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(resource), { authProvider: make() }));
    const said = await client.callTool({ name: 'test_simple_text' });
    assert.equal(said.content[0].type, 'text');
    await assert.rejects(client.callTool({ name: 'test_image_content' }), 'a tool beyond its scope is called');
    await client.close();
  });
}
