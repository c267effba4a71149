import assert from 'node:assert/strict';
import {test} from 'node:test';
import {cycles, wrongDirections} from './helpers/architecture.js';
import {importsIn, readSources} from './helpers/imports.js';

const longestFile = 350;
const sources = readSources(new URL('../source', import.meta.url).pathname);
const imports = sources.flatMap(({file, text}) => importsIn(file, text));

// Type-only imports vanish: a cycle of types costs nothing and says nothing.
const running = sources.flatMap(({file, text}) =>
	importsIn(
		file,
		text.replaceAll(
			/^import \{\s*type \w+(?: as \w+)?(?:,\s*type \w+(?: as \w+)?)*,?\s*\} from '[^']+';/gmv,
			'',
		),
	),
);

test('every import goes the allowed way', () => {
	assert.deepEqual(wrongDirections(imports), []);
});

test('no file reaches itself', () => {
	assert.deepEqual(cycles(running), []);
});

test('no file is longer than can be read at once', () => {
	const long = sources
		.filter(({text}) => text.split('\n').length > longestFile)
		.map(({file}) => file);
	assert.deepEqual(long, []);
});

test('the core has no clock and no chance of its own', () => {
	const offenders = sources
		.filter(
			({file, text}) =>
				file.startsWith('core/') &&
				/\bDate\.now|\bnew Date\(\)|\bMath\.random|\bsetTimeout\(|\bprocess\./v.test(
					text.replaceAll(/\/\*.*?\*\//gsv, ''),
				),
		)
		.map(({file}) => file);
	assert.deepEqual(offenders, []);
});

test('only the entry ends the process', () => {
	const offenders = sources
		.filter(({text}) => /\bprocess\.exit\(/v.test(text))
		.map(({file}) => file);
	assert.deepEqual(offenders, []);
});

test('the guard bites', () => {
	assert.ok(imports.length > 150, 'it really reads imports');
	assert.ok(running.length > 100);
	assert.ok(running.length < imports.length);

	for (const [from, text] of [
		['core/a.ts', "import {b} from '../store/row.js';"],
		['core/a.ts', "import fs from 'node:fs';"],
		['core/a.ts', "const {b} = await import('openai');"],
		['providers/a.ts', "export {b} from '../config/config.js';"],
		['store/a.ts', "import {\n\tb,\n} from 'openai';"],
		['output/a.ts', "import 'ink';"],
		['new-room/a.ts', "import {b} from '../core/b.js';"],
	] as const) {
		assert.equal(wrongDirections(importsIn(from, text)).length, 1, text);
	}

	assert.deepEqual(
		cycles([
			{from: 'a.ts', to: 'b.ts'},
			{from: 'b.ts', to: 'c.ts'},
			{from: 'c.ts', to: 'a.ts'},
			{from: 'd.ts', to: 'a.ts'},
		]),
		['a.ts', 'b.ts', 'c.ts'],
	);
});
