// MCP's conformance suite says the same of a server behind the gateway as of the server itself. The suite can send no token:
// a forwarder before the gateway adds it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { SignJWT } from 'jose';

import everything from './everything.js';
import * as gateway from './gateway.js';

const preload = import.meta.resolve('./globsync.js');
const suite = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'));
const resource = `${gateway.url}/mcp`;
const secret = 'the secret of those who test an MCP server';
let server;
let forwarder;

before(async () => {
  server = await gateway.listen(everything());
  await gateway.plugins();
  await gateway.application('testers', { algorithm: 'HS256', secret, path: 'sub' });
  await gateway.service('everything', server);
  await gateway.route('mcp', '/mcp', 'everything', {
    resource,
    mcp: { tools: { '*': [] }, prompts: { '*': [] }, resources: { 'test://*': [] }, methods: { '*': [] }, origins: ['*'], sessions: true },
  });
  const key = new TextEncoder().encode(secret);
  const token = await new SignJWT({ sub: 'ann', aud: resource }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(key);
  forwarder = await gateway.listen(forward(gateway.url, `Bearer ${token}`));
  await gateway.becomes(401, resource, { method: 'POST' });
});

after(() => [forwarder, server].forEach(gateway.stop));

// forward passes requests on with this Authorization, and answers piece by piece.
function forward(to, authorization) {
  return http.createServer((request, response) => {
    const onward = http.request(to + request.url, { method: request.method, headers: { ...request.headers, authorization } }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers).flushHeaders();
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
}

// judge runs the suite, and returns what it says of each check: "scenario, check: verdict", and why.
async function judge(address) {
  const results = await mkdtemp(join(tmpdir(), 'mcp-conformance-'));
  try {
    const args = ['--import', preload, suite, 'server', '--url', address, '--suite', 'all', '--output-dir', results];
    const said = await new Promise((done) => { // its exit status is that of the checks
      execFile(process.execPath, args, { timeout: 90000 }, (_, stdout, stderr) => done(stdout + stderr));
    });
    const verdicts = [];
    for (const run of await readdir(results)) {
      const scenario = run.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '');
      for (const check of JSON.parse(await readFile(join(results, run, 'checks.json'), 'utf8'))) {
        verdicts.push({ scenario, check: check.id, verdict: check.status, why: check.errorMessage });
      }
    }
    assert.ok(verdicts.length > 0, said);
    const order = ({ scenario, check, verdict }) => `${scenario} ${check} ${verdict}`;
    return verdicts.toSorted((a, b) => order(a).localeCompare(order(b)));
  } finally {
    await rm(results, { recursive: true });
  }
}

test('the same verdicts', async (t) => {
  const direct = await judge(`http://127.0.0.1:${server.address().port}/mcp`);
  const through = await judge(`http://127.0.0.1:${forwarder.address().port}/mcp`);
  assert.deepEqual(direct.filter(({ verdict }) => verdict === 'FAILURE'), [], 'the server itself');
  assert.deepEqual(through, direct);
  const scenarios = new Set(direct.map(({ scenario }) => scenario));
  t.diagnostic(`${direct.length} checks in ${scenarios.size} scenarios`);
  assert.ok(scenarios.size >= 30);
});
