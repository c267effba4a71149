/*
Makes `dist/`: the program and the library in one bundle, with everything heavy in chunks that load on first use; the library's types; the JSON Schemas of what is printed; the licences of what is in the bundle.
*/
import {chmodSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {build} from 'esbuild';
import {declarations} from './build/declarations.js';
import {licenses} from './build/licenses.js';
import {schemas} from './build/schemas.js';
import {yogaWithoutFetch} from './build/yoga.js';

const {version} = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync('dist', {recursive: true, force: true});

const {metafile} = await build({
	entryPoints: ['source/cli.ts', 'source/index.ts'],
	bundle: true,
	splitting: true,
	metafile: true,
	format: 'esm',
	platform: 'node',
	target: 'node22',
	outdir: 'dist',
	chunkNames: 'chunks/[name]-[hash]',
	// Native code finds its own binary, so it must stay a package. The tools for React's developers are asked for only where DEV is set, which it never is here.
	external: ['better-sqlite3', 'react-devtools-core'],
	jsx: 'automatic',
	plugins: [yogaWithoutFetch],
	alias: {standardwebhooks: './build/no-webhooks.js'},
	define: {
		'process.env.NODE_ENV': '"production"',
		'process.env.DEV': '"false"',
		packageVersion: JSON.stringify(version),
	},
	legalComments: 'linked',
	logLevel: 'warning',
	banner: {
		// CommonJS packages inside the bundle call `require`.
		js: "import {createRequire as __createRequire} from 'node:module'; const require = __createRequire(import.meta.url);",
	},
});

chmodSync('dist/cli.js', 0o755);
writeFileSync('dist/licenses.txt', licenses(metafile));
declarations('source/index.ts', 'dist/types');

for (const [name, schema] of Object.entries(schemas())) {
	writeFileSync(`dist/${name}`, `${JSON.stringify(schema, null, '\t')}\n`);
}
