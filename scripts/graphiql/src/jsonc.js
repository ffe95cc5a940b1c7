// A Prettier plugin for the variables and headers that "Prettify" formats. It stands in for
// Prettier's own, which needs a whole JavaScript parser.

import { applyEdits, format } from 'jsonc-parser';

const options = { insertSpaces: true, tabSize: 2 };

export const parsers = {
  jsonc: {
    astFormat: 'jsonc',
    parse: text => ({ text: applyEdits(text, format(text, undefined, options)) }),
    locStart: () => 0,
    locEnd: node => node.text.length,
  },
};

export const printers = {
  jsonc: { print: path => path.node.text },
};
