// Loaded before the conformance suite. The suite imports fs.globSync, for a command that is not run here, and Node 20 does not
// have it: the suite gets an fs that has the name.

import { register } from 'node:module';

const fs = 'data:text/javascript,export * from "node:fs"; export { default } from "node:fs"; export const globSync = undefined';
const hook = `export const resolve = (name, context, next) =>
  name === 'fs' && /\\/conformance(-next)?\\/dist\\//.test(context.parentURL)
    ? { url: ${JSON.stringify(fs)}, shortCircuit: true }
    : next(name, context);`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
