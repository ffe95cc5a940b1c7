// Bundles the page into dist/, with fixed names, no chunks and no source maps.

import { build } from 'esbuild';
import { readdir, readFile, writeFile } from 'node:fs/promises';

const common = {
  bundle: true,
  charset: 'utf8',
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.USE_IMPORT': '"true"' },
  format: 'esm',
  jsx: 'automatic',
  legalComments: 'none', // licenses.txt has the licences in full
  loader: { '.ttf': 'file', '.woff2': 'file' },
  assetNames: '[name]',
  logLevel: 'warning',
  metafile: true,
  minify: true,
  outdir: 'dist',
  target: 'es2022',
};

// GraphiQL shows no diffs, but Monaco's API cannot be imported without its diff editors.
const noDiffEditors = {
  name: 'no-diff-editors',
  setup({ onLoad }) {
    onLoad({ filter: /\/(diffEditor|multiDiffEditor)Widget\.js$/ }, () => ({
      contents: 'export class DiffEditorWidget {} export class MultiDiffEditorWidget {}',
    }));
  },
};

const results = await Promise.all([
  build({
    ...common,
    entryPoints: { graphiql: 'src/main.jsx' },
    alias: {
      'monaco-editor/esm/vs/editor/edcore.main.js': './src/monaco.js',
      'prettier/parser-babel': './src/jsonc.js',
      'prettier/parser-graphql': 'prettier/plugins/graphql',
      'prettier/plugins/estree': './src/jsonc.js',
    },
    plugins: [noDiffEditors],
  }),
  build({
    ...common,
    entryPoints: { 'monaco.worker': 'src/worker.js' },
    external: ['prettier'], // imported only by a format action that src/monaco.js leaves out
  }),
]);

// What is served must carry the licences of what is in it.
const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
const packages = inputs.map(path => path.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]);
let licenses = '';
for (const path of [...new Set(packages)].filter(Boolean).sort()) {
  const { name, version, license } = JSON.parse(await readFile(`${path}/package.json`, 'utf8'));
  licenses += `${name} ${version} (${license})\n\n`;
  for (const file of (await readdir(path)).sort()) {
    if (/^(licen[cs]e|notice|thirdparty)/i.test(file)) {
      licenses += `${(await readFile(`${path}/${file}`, 'utf8')).trim()}\n\n`;
    }
  }
}
await writeFile('dist/licenses.txt', licenses);
