// Every language service behind Monaco, in one file: they share most of their code.
// Each import sets `onmessage`; the worker's name says which service was asked for.

import 'monaco-editor/esm/vs/editor/editor.worker.js';

const services = {
  graphql: () => import('monaco-graphql/esm/graphql.worker.js'),
  json: () => import('monaco-editor/esm/vs/language/json/json.worker.js'),
};

services[self.name]?.();
