// The client of the MCP SDK knows a server's URL. It finds the issuer, makes itself known there or is known already, has its user
// log in, calls a tool, and has the user log in for more when a tool needs more.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import everything from './everything.js';
import * as gateway from './gateway.js';
import { Browser, startProvider } from './provider.js';

const resource = `${gateway.url}/files`;
const back = 'http://127.0.0.1:9/callback'; // nothing listens there: the browser stops before
const metadata = { client_name: 'an MCP client', redirect_uris: [back], token_endpoint_auth_method: 'none' };
const known = { client_id: 'known', ...metadata };
let provider;
let server;

before(async () => {
  provider = await startProvider('files:read files:write', known);
  server = await gateway.listen(everything());
  await gateway.plugins();
  await gateway.application('people', {
    iss: provider.issuer, algorithm: 'RS256', jwks_uri: `${provider.issuer}/.well-known/openid-configuration`, path: 'sub',
  });
  await gateway.service('files', server.address());
  await gateway.endpoint('/.well-known/oauth-protected-resource*', { endpoint: 'resource' });
  await gateway.route('files', '/files', 'files', {
    resource, authorization_servers: [provider.issuer], scopes: ['files:read'], scopes_supported: ['files:read', 'files:write'],
    mcp: { tools: { test_simple_text: ['files:read'], test_image_content: ['files:write'] }, sessions: true },
  });
  await gateway.becomes(401, resource, { method: 'POST' });
});

after(() => [provider?.server, server].forEach(gateway.stop));

// Account is what an application gives the SDK: a place for what the client learns, and a browser.
class Account {
  redirectUrl = back;
  clientMetadata = metadata;
  browser = new Browser();
  #client;
  #tokens;
  #verifier;

  constructor(client) { this.#client = client; }

  clientInformation() { return this.#client; }
  saveClientInformation(client) { this.#client = client; }
  tokens() { return this.#tokens; }
  saveTokens(tokens) { this.#tokens = tokens; }
  codeVerifier() { return this.#verifier; }
  saveCodeVerifier(verifier) { this.#verifier = verifier; }

  async redirectToAuthorization(address) {
    const answer = (await this.browser.login(address, back)).searchParams;
    assert.equal(answer.get('error'), null, answer.get('error_description'));
    this.code = answer.get('code');
    assert.equal(answer.get('iss'), provider.issuer);
  }
}

// connect connects the SDK's client, and logs its user in.
async function connect(account) {
  const open = () => new StreamableHTTPClientTransport(new URL(resource), { authProvider: account });
  const client = new Client({ name: 'client', version: '1' });
  const first = open();
  await assert.rejects(client.connect(first), UnauthorizedError);
  await first.finishAuth(account.code);
  const transport = open();
  await client.connect(transport);
  return { client, transport };
}

test('discovery, log-in, tool, step-up', async () => {
  const account = new Account(known);
  const { asked } = account.browser;
  const { client, transport } = await connect(account);
  assert.deepEqual(asked, ['files:read']);

  const read = () => client.callTool({ name: 'test_simple_text' });
  assert.equal((await read()).content[0].type, 'text');
  assert.equal(asked.length, 1);

  const write = () => client.callTool({ name: 'test_image_content' });
  await assert.rejects(write(), UnauthorizedError);
  await transport.finishAuth(account.code);
  assert.equal((await write()).content[0].type, 'image');
  assert.deepEqual(asked[1].split(' ').toSorted(), ['files:read', 'files:write']);

  await read();
  assert.equal(asked.length, 2, 'the user is asked no more');

  const seen = server.seen.length;
  await assert.rejects(client.callTool({ name: 'test_audio_content' }), (err) => err.code === 403, 'no pattern names this tool');
  assert.equal(server.seen.length, seen, 'the server does not see the call');
  assert.ok(server.seen.every((headers) => !headers.authorization), 'the server sees no token');
  await client.close();
});

test('a client that the provider does not know', async () => {
  const account = new Account();
  const { client } = await connect(account);
  assert.notEqual(account.clientInformation().client_id, known.client_id);
  assert.equal((await client.callTool({ name: 'test_simple_text' })).content[0].type, 'text');
  await client.close();
});
