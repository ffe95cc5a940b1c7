// The GraphiQL page: an editor for Tandem's API that opens with runnable examples.
//
// The page carries its settings in <script id="config" type="application/json">:
//   endpoint  where to send operations
//   headers   (optional) headers a new tab starts with, such as a demo key
//   tabs      the examples, at least one: {title, query, variables}

import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import './style.css';

const config = JSON.parse(document.getElementById('config').textContent);

// GraphiQL names a tab after its operation; the example's title becomes a comment above it.
const examples = config.tabs.map(({ title, query, variables }) => ({
  query: title ? `# ${title}\n${query}` : query,
  variables,
}));

// Monaco picks a worker by label; all of them live in one file, which reads its own name.
globalThis.MonacoEnvironment = {
  getWorker: (_moduleId, label) =>
    new Worker(new URL('monaco.worker.js', import.meta.url), { type: 'module', name: label }),
};

// Sends exactly the headers the editor shows. Only the schema is fetched with the preset ones
// where the editor has none, since GraphiQL asks for it before there is an editor.
// Subscriptions go over WebSocket, with the same headers when they connect.
const socket = new URL(config.endpoint, location);
socket.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
const send = createGraphiQLFetcher({ url: config.endpoint, subscriptionUrl: socket.href });
const fetcher = (params, options) =>
  params.operationName === 'IntrospectionQuery'
    ? send(params, { ...options, headers: options?.headers ?? config.headers })
    : send(params, options);

// Tabs are kept in the session storage: a reload keeps what a person typed, a new visit starts
// with the examples, and so does a reload after the examples changed. Headers are never stored,
// so every load fills in the current key.
const storage = sessionStorage;
const TABS = 'graphiql:tabState'; // where GraphiQL keeps the tabs
const EXAMPLES = 'tandem:examples'; // the examples those tabs came from

function openingTab() {
  const current = JSON.stringify(examples);
  if (storage.getItem(EXAMPLES) !== current) {
    storage.removeItem(TABS);
    storage.setItem(EXAMPLES, current);
  }
  const saved = JSON.parse(storage.getItem(TABS));
  return saved ? saved.tabs[saved.activeTabIndex] : examples[0];
}

// GraphiQL opens the tab that equals the initial query and variables. Left to itself, it would
// lose the variables of the first example.
const { query, variables } = openingTab();

createRoot(document.getElementById('graphiql')).render(
  <GraphiQL
    fetcher={fetcher}
    storage={storage}
    shouldPersistHeaders={false}
    plugins={[]} // no history: it would write the headers, and so the key, to the disk
    defaultTabs={examples}
    defaultHeaders={config.headers && JSON.stringify(config.headers, null, 2)}
    initialQuery={query ?? ''}
    initialVariables={variables ?? ''}
  >
    <GraphiQL.Logo>
      <span className="graphiql-logo-link">Tandem</span>
    </GraphiQL.Logo>
  </GraphiQL>,
);
