import assert from 'node:assert/strict';
import {copyFileSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {transform} from 'esbuild';
import {runCommand} from './helpers/command.js';
import {emptyFolder} from './helpers/program.js';

const entry = new URL('../dist/cli.js', import.meta.url);

/**
The oldest Node that is told in a sentence that it is too old.
*/
const oldest = 'node16.20';

/**
What Node had by then. A named import of anything newer ends in a stack before a word of ours runs.
*/
const oldNames = new Set(['createRequire', 'existsSync', 'fileURLToPath']);

/**
Why an old Node could not even start a text; empty when it can.
*/
async function tooNew(text: string): Promise<string[]> {
	// The same form for whatever was written.
	const [old, young] = await Promise.all(
		[oldest, 'esnext'].map(async target => {
			const {code} = await transform(text, {target, format: 'esm'});
			return code;
		}),
	);
	const imports = Array.from(
		young!.matchAll(/^import (?:(?<what>[^"]*) from )?"(?<from>[^"]*)";$/gm),
		({groups}) => groups!,
	);
	const names = imports.flatMap(
		({what}) =>
			/\{(?<names>[^{}]*)\}/
				.exec(what ?? '')
				?.groups!['names']!.split(',')
				.map(name => name.trim().split(' as ', 1)[0]!) ?? [],
	);

	return [
		...(old === young ? [] : ['its syntax']),
		...names.filter(name => !oldNames.has(name)),
		...imports.map(({from}) => from!).filter(from => !from.startsWith('node:')),
	];
}

test('a Node that is too old can start the entry', async () => {
	const text = readFileSync(entry, 'utf8');
	assert.match(text, /^import .*from "node:module"/m, 'imports are read');
	assert.deepEqual(await tooNew(text), []);

	for (const mistake of [
		"import {enableCompileCache} from 'node:module';",
		"import module, {\n\tregisterHooks,\n} from 'node:module';",
		"import './chunks/chunk-1.js';\nimport {a} from './chunks/chunk-1.js';",
		'export const a = /[a--b]/v;',
		'using a = b();',
	]) {
		assert.notDeepEqual(await tooNew(mistake), [], mistake);
	}
});

for (const version of ['16.20.2', '18.20.8', '20.20.2']) {
	test(`Node ${version} is answered in one sentence`, async () => {
		// Away from the Node in our own `node_modules`, which the entry would hand over to.
		const folder = emptyFolder();
		copyFileSync(entry, path.join(folder, 'cli.js'));
		writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
		const pretending = `
			Object.defineProperty(process, 'version', {value: 'v${version}'});
			Object.defineProperty(process, 'versions', {value: {node: '${version}'}});
		`;
		const run = async (...words: readonly string[]) =>
			runCommand([
				process.execPath,
				'--import',
				`data:text/javascript,${encodeURIComponent(pretending)}`,
				path.join(folder, 'cli.js'),
				...words,
			]);

		assert.deepEqual(await run('run', '-C', 'demo', 'Why?'), {
			code: 2,
			stdout: '',
			stderr: `consortium-tui needs Node 22 or newer; this is v${version}. Newer ones: https://nodejs.org\n`,
		});
		assert.equal((await run('--version')).code, 0);
	});
}
