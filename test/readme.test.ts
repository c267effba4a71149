import assert from 'node:assert/strict';
import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {suite, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {runCommand} from './helpers/command.js';
import {emptyFolder} from './helpers/program.js';

const project = fileURLToPath(new URL('..', import.meta.url));

/**
The examples in JavaScript and TypeScript, which are all run.
*/
const examples = Array.from(
	readFileSync(path.join(project, 'readme.md'), 'utf8').matchAll(
		/^```(?<language>js|ts)\n(?<code>.*?)^```$/gms,
	),
	({groups}) => ({language: groups!['language']!, code: groups!['code']!}),
);

suite('the examples of the readme', {concurrency: true}, () => {
	const folder = emptyFolder();
	const write = (name: string, text: string) => {
		writeFileSync(path.join(folder, name), text);
	};

	mkdirSync(path.join(folder, 'node_modules'));
	symlinkSync(project, path.join(folder, 'node_modules', 'consortium-tui'));
	write('package.json', '{"type": "module"}');

	test('are found', () => {
		assert.deepEqual(
			examples.map(({language}) => language),
			['js', 'js', 'ts', 'js'],
		);
	});

	for (const [index, {language, code}] of examples.entries()) {
		const file = `example-${index + 1}.${language}`;

		test(`number ${index + 1} runs and prints something`, async () => {
			write(file, code);
			const result = await runCommand([process.execPath, file], {folder});
			assert.equal(result.code, 0, result.stderr);
			assert.notEqual(result.stdout.trim(), '');
		});
	}

	test('are correct for TypeScript', async () => {
		for (const [index, {language, code}] of examples.entries()) {
			write(`typed-${index + 1}.${language}`, code);
		}

		write(
			'tsconfig.json',
			JSON.stringify({
				compilerOptions: {
					module: 'nodenext',
					target: 'es2024',
					strict: true,
					allowJs: true,
					checkJs: true,
					noEmit: true,
					typeRoots: [path.join(project, 'node_modules/@types')],
					types: ['node'],
				},
				include: ['typed-*'],
			}),
		);
		const {code, stdout} = await runCommand(
			[
				process.execPath,
				path.join(project, 'node_modules/typescript/bin/tsc'),
				'-p',
				folder,
			],
			{folder},
		);
		assert.equal(code, 0, stdout);
	});
});
