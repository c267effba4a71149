/*
Bundles the program: one small entry, everything heavy in chunks that load on first use.
*/
import {chmodSync, readFileSync, rmSync} from 'node:fs';
import {build} from 'esbuild';

const {version} = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync('dist', {recursive: true, force: true});

await build({
	entryPoints: ['source/cli.ts'],
	bundle: true,
	splitting: true,
	format: 'esm',
	platform: 'node',
	target: 'node22',
	outdir: 'dist',
	chunkNames: 'chunks/[name]-[hash]',
	// Native code: it finds its own binary, so it must stay a package.
	external: ['better-sqlite3'],
	define: {
		'process.env.NODE_ENV': '"production"',
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
