// The gateway that the tests of a file have for themselves.

import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where the gateway serves, without a slash at the end. */
export const url = process.env.GATEWAY_URL;

const admin = process.env.GATEWAY_ADMIN_URL;
if (!url || !admin) throw new Error('these tests are run by "make interop", which starts the gateway');

/** Sends an object to the admin API. */
export async function put(path, body) {
  const answer = await fetch(admin + path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`);
}

/** Lists the plugins that routes may ask for: the filter as "jwt", and the endpoints as "endpoint". */
export const plugins = () => put('/setting/plugin', {
  plugins: [
    { name: 'jwt', id: 'apinto-jwt:jwt:filter', status: 'enable', config: {} },
    { name: 'endpoint', id: 'apinto-jwt:jwt:token', status: 'enable', config: { endpoint: 'resource' } },
  ],
});

/** Adds an upstream at a port of this machine. */
export const service = (name, { port }) => put('/api/service', {
  name, driver: 'http', scheme: 'HTTP', nodes: [`127.0.0.1:${port}`], balance: 'round-robin', timeout: 60000,
});

/** Adds a route to an upstream, with the filter. */
export const route = (name, location, to, filter) => put('/api/router', {
  name, driver: 'http', method: ['GET', 'POST', 'DELETE'], location, service: `${to}@service`, plugins: { jwt: { disable: false, config: filter } },
});

/** Adds a route that the gateway answers itself. */
export const endpoint = (location, config) => put('/api/router', {
  name: `endpoint${config.endpoint}`, driver: 'http', method: ['GET', 'HEAD', 'POST', 'OPTIONS'], location, status: 501, body: '',
  plugins: { endpoint: { disable: false, config } },
});

/** Adds an application with one rule, for tokens in this header. */
export const application = (name, config, users = [{ username: '*' }], header = 'Authorization') => put('/api/app', {
  name, driver: 'app', auth: [{ type: 'jwt', position: 'header', token_name: header, config, users: users.map((pattern) => ({ pattern })) }],
});

/** Waits until a request is answered with this status: the gateway's worker takes up a change a moment after it is saved. */
export async function becomes(status, address, options) {
  for (const deadline = Date.now() + 20000; ; await sleep(50)) {
    const got = await fetch(address, options).then(async (answer) => { await answer.body?.cancel(); return answer.status; }, String);
    if (got === status) return;
    if (Date.now() > deadline) throw new Error(`${address} answers ${got}, not ${status}`);
  }
}

/** Starts a server on a free port of this machine. */
export async function listen(server) {
  await new Promise((ready, failed) => server.once('error', failed).listen(0, '127.0.0.1', ready));
  return server;
}

/** Starts a server that answers every request with the name of its user, which the gateway writes into the header X-User. */
export const echo = () => listen(http.createServer((request, response) => response.end(request.headers['x-user'] ?? 'nobody')));

/** Stops a server, connections that are open included. */
export function stop(server) {
  server?.close();
  server?.closeAllConnections();
}
