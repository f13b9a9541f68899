// An MCP server with all that the conformance suite asks servers for. The SDK does the protocol.

import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import * as schema from '@modelcontextprotocol/sdk/types.js';

// A picture of one pixel, and a sound of no length.
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';
const wav = Buffer.from('RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\0\0\0\0', 'latin1').toString('base64');

const text = (said) => ({ type: 'text', text: said });
const image = { type: 'image', data: png, mimeType: 'image/png' };
const resource = (uri, mimeType, said) => ({ type: 'resource', resource: { uri, mimeType, text: said } });
const titled = (...names) => names.map((name, i) => ({ const: `value${i + 1}`, title: name }));

// ask sends a request to the client in the middle of a call.
const ask = async (extra, message, properties, required = []) => {
  const params = { message, requestedSchema: { type: 'object', properties, required } };
  const { action, content } = await extra.sendRequest({ method: 'elicitation/create', params }, schema.ElicitResultSchema);
  return [text(`action=${action}, content=${JSON.stringify(content)}`)];
};

// tools have an argument schema, if they take any, and return the content of their answer.
const tools = {
  test_simple_text: { run: () => [text('a text')] },
  test_image_content: { run: () => [image] },
  test_audio_content: { run: () => [{ type: 'audio', data: wav, mimeType: 'audio/wav' }] },
  test_embedded_resource: { run: () => [resource('test://embedded-resource', 'text/plain', 'a resource in an answer')] },
  test_multiple_content_types: {
    run: () => [text('several kinds'), image, resource('test://mixed-content-resource', 'application/json', '{"a":1}')],
  },
  test_error_handling: { run: () => { throw new Error('this tool always fails'); } },
  test_tool_with_logging: {
    async run(_, extra) {
      for (const data of ['started', 'at work', 'done']) {
        await extra.sendNotification({ method: 'notifications/message', params: { level: 'info', data } });
        await sleep(50);
      }
      return [text('logged')];
    },
  },
  test_tool_with_progress: {
    async run(_, extra) {
      const progressToken = extra._meta?.progressToken;
      for (const progress of [0, 50, 100]) {
        if (progressToken !== undefined) {
          await extra.sendNotification({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
        }
        await sleep(50);
      }
      return [text('all of it')];
    },
  },
  test_sampling: {
    inputSchema: { type: 'object', properties: { prompt: { type: 'string' } }, required: ['prompt'] },
    async run({ prompt }, extra) {
      const params = { messages: [{ role: 'user', content: text(prompt) }], maxTokens: 100 };
      const { content } = await extra.sendRequest({ method: 'sampling/createMessage', params }, schema.CreateMessageResultSchema);
      return [text(`the model says: ${content.text}`)];
    },
  },
  test_elicitation: {
    inputSchema: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
    run: ({ message }, extra) => ask(extra, message, { username: { type: 'string' }, email: { type: 'string' } }, ['username', 'email']),
  },
  test_elicitation_sep1034_defaults: {
    run: (_, extra) => ask(extra, 'are these right?', {
      name: { type: 'string', default: 'John Doe' },
      age: { type: 'integer', default: 30 },
      score: { type: 'number', default: 95.5 },
      status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
      verified: { type: 'boolean', default: true },
    }),
  },
  test_elicitation_sep1330_enums: {
    run: (_, extra) => ask(extra, 'which of these?', {
      untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
      titledSingle: { type: 'string', oneOf: titled('First', 'Second', 'Third') },
      legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['One', 'Two', 'Three'] },
      untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
      titledMulti: { type: 'array', items: { anyOf: titled('First', 'Second', 'Third') } },
    }),
  },
  test_reconnection: { // the stream ends in the middle, and the client takes it up again (SEP-1699)
    async run(_, extra) {
      extra.closeSSEStream?.();
      await sleep(100);
      return [text('after the stream was taken up again')];
    },
  },
  json_schema_2020_12_tool: {
    inputSchema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: { address: { $anchor: 'addressDef', type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
      properties: {
        name: { type: 'string' }, address: { $ref: '#/$defs/address' },
        contactMethod: { type: 'string', enum: ['phone', 'email'] }, phone: { type: 'string' }, email: { type: 'string' },
      },
      allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
      if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
      then: { required: ['phone'] },
      else: { required: ['email'] },
      additionalProperties: false,
    },
    run: (args) => [text(JSON.stringify(args))],
  },
};

const resources = [
  { uri: 'test://static-text', mimeType: 'text/plain', text: 'a text that stays' },
  { uri: 'test://static-binary', mimeType: 'image/png', blob: png },
  { uri: 'test://watched-resource', mimeType: 'text/plain', text: 'a text that may change' },
];
const template = { uriTemplate: 'test://template/{id}/data', name: 'by number', description: 'one of many', mimeType: 'application/json' };

const says = (...content) => ({ messages: content.map((one) => ({ role: 'user', content: one })) });
const prompts = {
  test_simple_prompt: { run: () => says(text('a prompt')) },
  test_prompt_with_arguments: {
    arguments: ['arg1', 'arg2'], run: ({ arg1, arg2 }) => says(text(`a prompt with arg1='${arg1}', arg2='${arg2}'`)),
  },
  test_prompt_with_embedded_resource: {
    arguments: ['resourceUri'], run: ({ resourceUri }) => says(resource(resourceUri, 'text/plain', 'a resource in a prompt'), text('read this')),
  },
  test_prompt_with_image: { run: () => says(image, text('look at this')) },
};

// read returns what a resource holds.
function read(uri) {
  const found = resources.find((one) => one.uri === uri);
  if (found) return found;
  const [, id] = /^test:\/\/template\/([^/]+)\/data$/.exec(uri) ?? [];
  if (id) return { uri, mimeType: template.mimeType, text: JSON.stringify({ id, templateTest: true }) };
  throw new schema.McpError(-32002, `there is no resource ${uri}`);
}

// connect makes the server of one session.
async function connect(transport) {
  const capabilities = {
    tools: { listChanged: true }, resources: { subscribe: true, listChanged: true }, prompts: { listChanged: true }, logging: {}, completions: {},
  };
  const server = new Server({ name: 'everything', version: '1' }, { capabilities });
  const handlers = [
    [schema.ListToolsRequestSchema, () => ({
      tools: Object.entries(tools).map(([name, { inputSchema = { type: 'object' } }]) => ({ name, description: `tests ${name}`, inputSchema })),
    })],
    [schema.CallToolRequestSchema, async ({ params }, extra) => {
      const tool = tools[params.name];
      if (!tool) throw new schema.McpError(schema.ErrorCode.InvalidParams, `there is no tool ${params.name}`);
      try {
        return { content: await tool.run(params.arguments ?? {}, extra) };
      } catch (err) {
        return { isError: true, content: [text(err.message)] };
      }
    }],
    [schema.ListResourcesRequestSchema, () => ({
      resources: resources.map(({ uri, mimeType }) => ({ uri, mimeType, name: uri, description: `holds ${mimeType}` })),
    })],
    [schema.ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [template] })],
    [schema.ReadResourceRequestSchema, ({ params }) => ({ contents: [read(params.uri)] })],
    [schema.SubscribeRequestSchema, () => ({})],
    [schema.UnsubscribeRequestSchema, () => ({})],
    [schema.ListPromptsRequestSchema, () => ({
      prompts: Object.entries(prompts).map(([name, { arguments: names = [] }]) => ({
        name, description: `tests ${name}`, arguments: names.map((one) => ({ name: one, description: one, required: true })),
      })),
    })],
    [schema.GetPromptRequestSchema, ({ params }) => prompts[params.name].run(params.arguments ?? {})],
    [schema.CompleteRequestSchema, () => ({ completion: { values: [], total: 0, hasMore: false } })],
  ];
  for (const [request, handle] of handlers) server.setRequestHandler(request, handle);
  await server.connect(transport);
}

// Memory keeps the events of streams, so that a client that was cut off gets the ones that it missed.
class Memory {
  #events = [];

  async storeEvent(stream, message) {
    return String(this.#events.push({ stream, message }));
  }

  async replayEventsAfter(last, { send }) {
    const { stream } = this.#events[last - 1];
    for (let i = Number(last); i < this.#events.length; i++) {
      if (this.#events[i].stream === stream) await send(String(i + 1), this.#events[i].message);
    }
    return stream;
  }
}

// local is whether a request names this machine; one that does not comes by way of a name that was bound anew.
function local(header) {
  try {
    return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(header.includes('//') ? header : `http://${header}`).hostname);
  } catch {
    return false;
  }
}

/** Makes the server, which notes in its member "seen" the headers of each request. */
export default function everything() {
  const sessions = new Map();
  const server = http.createServer(async (request, response) => {
    server.seen.push(request.headers);
    const { host, origin, 'mcp-session-id': session } = request.headers;
    if (!local(host) || (origin && !local(origin))) return response.writeHead(403).end();
    let transport = sessions.get(session);
    if (session && !transport) return response.writeHead(404).end();
    if (!transport) {
      transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID, eventStore: new Memory(), retryInterval: 500, onsessioninitialized: (id) => sessions.set(id, transport),
      });
      await connect(transport);
    }
    return transport.handleRequest(request, response);
  });
  server.seen = [];
  return server;
}
