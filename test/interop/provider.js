// An OpenID provider, and the browser of a user who logs in there.

import http from 'node:http';

import Provider from 'oidc-provider';

import { listen } from './gateway.js';

/**
 * Starts the provider, which knows this client. It gives out JWT access tokens with these scopes for the resource that a client
 * asks for (RFC 8707).
 */
export async function startProvider(scope, client) {
  const server = await listen(http.createServer());
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    scopes: ['openid', ...scope.split(' ')],
    clients: [client],
    features: {
      registration: { enabled: true }, // clients make themselves known (RFC 7591)
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, audience) => ({
          scope, audience, accessTokenFormat: 'jwt', accessTokenTTL: 600, jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
  server.on('request', provider.callback());
  return { issuer, server };
}

/** A browser with one user, who agrees to whatever a client asks for. */
export class Browser {
  /** The scopes that clients asked for, in the order of the log-ins. */
  asked = [];

  #cookies = new Map();

  /** Opens the address that a client sends its user to, and returns the address at which the user comes back. */
  async login(address, back) {
    this.asked.push(new URL(address).searchParams.get('scope'));
    let next = { address };
    for (let pages = 0; pages < 20; pages++) {
      const answer = await this.#open(next);
      const moved = answer.headers.get('location');
      if (!moved && !answer.ok) throw new Error(`${next.address} answers ${answer.status}: ${await answer.text()}`);
      next = moved ? { address: new URL(moved, next.address) } : fill(await answer.text(), next.address);
      if (String(next.address).startsWith(back)) return new URL(next.address);
    }
    throw new Error('the log-in does not end');
  }

  async #open({ address, form }) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(address, { method: form ? 'POST' : 'GET', body: form, headers: { cookie }, redirect: 'manual' });
    for (const one of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(one);
      if (value) this.#cookies.set(name, value);
      else this.#cookies.delete(name);
    }
    return answer;
  }
}

// fill fills in the form of a page.
function fill(page, address) {
  const [, action] = /<form[^>]* action="([^"]+)"/.exec(page) ?? [];
  if (!action) throw new Error(`${address} has no form: ${page}`);
  const form = new URLSearchParams();
  for (const [input] of page.matchAll(/<input[^>]*>/g)) {
    const [, name] = / name="([^"]+)"/.exec(input) ?? [];
    if (name) form.set(name, / value="([^"]*)"/.exec(input)?.[1] ?? 'ann');
  }
  return { address: new URL(action, address), form };
}
