import {readFile} from 'node:fs/promises';

/**
Lets Yoga, the layout of Ink, decode its WebAssembly, which it carries as text, by itself: with `fetch` in sight it fetches that text from itself, for which Node loads its whole HTTP client, a fifth of the time to the first frame.

@type {import('esbuild').Plugin}
*/
export const yogaWithoutFetch = {
	name: 'yoga-without-fetch',
	setup(build) {
		build.onLoad({filter: /yoga-wasm-base64-esm\.js$/}, async ({path}) => ({
			contents: `const fetch = undefined;\n${await readFile(path, 'utf8')}`,
		}));
	},
};
