// MCP's conformance suite says the same of a server behind the gateway as of the server itself. The suite can send no token:
// a forwarder before the gateway adds it.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
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
const secret = 'the secret of those who test an MCP server';

// The servers, each with the version of the suite and the part of it that its revision of the protocol asks for.
const servers = {
  typescript: {
    revision: 'until 2025-11-25', suite: '@modelcontextprotocol/conformance', part: ['--suite', 'all'], scenarios: 30,
    start: () => gateway.listen(everything()),
  },
  go: { revision: '2026-07-28', suite: 'conformance-next', part: ['--requirements', '2026-07-28'], scenarios: 40, start: startGo },
};

before(async () => {
  await gateway.plugins();
  await gateway.application('testers', { algorithm: 'HS256', secret, path: 'sub' });
  for (const [name, one] of Object.entries(servers)) await prepare(name, one);
});

after(() => Object.values(servers).flatMap(({ server, forwarder }) => [forwarder, server]).forEach(gateway.stop));

// prepare starts a server, and puts the gateway in front of it, and a forwarder before that.
async function prepare(name, one) {
  const resource = `${gateway.url}/${name}`;
  one.server = await one.start();
  await gateway.service(name, one.server.address());
  await gateway.route(name, `/${name}`, name, {
    resource,
    mcp: { tools: { '*': [] }, prompts: { '*': [] }, resources: { 'test://*': [] }, methods: { '*': [] }, origins: ['*'], sessions: true },
  });
  const key = new TextEncoder().encode(secret);
  const token = await new SignJWT({ sub: 'ann', aud: resource }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(key);
  one.forwarder = await gateway.listen(forward(gateway.url, `Bearer ${token}`));
  await gateway.becomes(401, resource, { method: 'POST' });
}

// startGo starts the server by which the authors of the MCP SDK for Go test it.
async function startGo() {
  const held = await gateway.listen(http.createServer());
  const address = held.address();
  gateway.stop(held);
  const child = spawn(process.env.MCP_GO_SERVER, ['-http', `127.0.0.1:${address.port}`], { stdio: 'ignore' });
  await gateway.becomes(405, `http://127.0.0.1:${address.port}/`);
  return { address: () => address, close: () => child.kill(), closeAllConnections() {} };
}

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

// judge runs a part of the suite, and returns what it says of each check.
async function judge({ suite, part }, url) {
  const program = fileURLToPath(import.meta.resolve(`${suite}/dist/index.js`));
  const results = await mkdtemp(join(tmpdir(), 'mcp-conformance-'));
  try {
    const args = ['--import', preload, program, 'server', '--url', url, ...part, '--output-dir', results];
    const said = await new Promise((done) => { // its exit status is that of the checks
      execFile(process.execPath, args, { timeout: 140000, maxBuffer: 1 << 26 }, (_, stdout, stderr) => done(stdout + stderr));
    });
    const verdicts = [];
    for (const run of await readdir(results)) {
      const scenario = run.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '');
      for (const check of JSON.parse(await readFile(join(results, run, 'checks.json'), 'utf8'))) {
        verdicts.push({ scenario, check: check.id, verdict: check.status, why: check.errorMessage });
      }
    }
    assert.ok(verdicts.length > 0, said);
    return verdicts;
  } finally {
    await rm(results, { recursive: true });
  }
}

// differing are those of the verdicts that are not among others.
function differing(verdicts, others) {
  const short = ({ scenario, check, verdict }) => `${scenario} ${check} ${verdict}`;
  const left = others.map(short);
  return verdicts.filter((one) => {
    const at = left.indexOf(short(one));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

for (const [name, one] of Object.entries(servers)) {
  test(`the same verdicts of a server of revision ${one.revision}`, async (t) => {
    const direct = await judge(one, `http://127.0.0.1:${one.server.address().port}/${name}`);
    const through = await judge(one, `http://127.0.0.1:${one.forwarder.address().port}/${name}`);
    assert.deepEqual(differing(through, direct), [], 'through the gateway alone');
    assert.deepEqual(differing(direct, through), [], 'of the server itself alone');

    const failed = direct.filter(({ scenario, verdict }) => verdict === 'FAILURE' && !scenario.startsWith('tasks-'));
    assert.deepEqual(failed, [], 'but for an extension, there is nothing that the server does not have');
    const passed = direct.filter(({ verdict }) => verdict === 'SUCCESS');
    const scenarios = new Set(passed.map(({ scenario }) => scenario)).size;
    t.diagnostic(`${passed.length} checks in ${scenarios} scenarios`);
    assert.ok(scenarios >= one.scenarios);
  });
}
