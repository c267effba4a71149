import assert from 'node:assert/strict';
import {
	cpSync,
	existsSync,
	mkdirSync,
	readFileSync,
	realpathSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {after, before, suite, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {type RunResult} from '../source/core/result.js';
import {runCommand} from './helpers/command.js';
import {emptyFolder} from './helpers/program.js';
import {installedFor, startRegistry} from './helpers/registry.js';

const project = realpathSync(fileURLToPath(new URL('..', import.meta.url)));
const place = emptyFolder();
const folderOf = (name: string) => {
	const folder = path.join(place, name);
	mkdirSync(folder, {recursive: true});
	return folder;
};

const env = {
	HOME: folderOf('home'),
	npm_config_cache: folderOf('cache'),
	npm_config_audit: 'false',
	npm_config_fund: 'false',
	npm_config_update_notifier: 'false',
};

async function run(
	words: readonly [string, ...string[]],
	options: Parameters<typeof runCommand>[1],
): Promise<string> {
	const {code, stdout, stderr} = await runCommand(words, options);
	assert.equal(code, 0, `${words.join(' ')}\n${stdout}\n${stderr}`);
	return stdout;
}

suite('the package', () => {
	const copy = folderOf('copy');
	const program = path.join(folderOf('prefix'), 'bin', 'consortium-tui');
	const consumer = folderOf('consumer');
	let files: string[] = [];
	let registry: {url: string; close: () => Promise<void>} | null = null;

	// Packed from a clean copy, whose `prepare` builds it, and installed with npm from a registry on this machine: it has what the package depends on as it stands in our `node_modules`, so that nothing is asked of the network.
	before(async () => {
		cpSync(project, copy, {
			recursive: true,
			filter: file =>
				!['node_modules', 'dist', '.git'].includes(
					path.relative(project, file).split(path.sep, 1)[0]!,
				),
		});
		symlinkSync(
			path.join(project, 'node_modules'),
			path.join(copy, 'node_modules'),
		);
		const packed = await run(['npm', 'pack', '--json', '--silent'], {
			folder: copy,
			env,
		});
		const [{filename, files: listed}] = JSON.parse(packed) as [
			{filename: string; files: Array<{path: string}>},
		];
		files = listed.map(each => each.path);
		registry = await startRegistry(
			installedFor(project),
			folderOf('store'),
			env,
		);
		const install = [
			'npm',
			'install',
			path.join(copy, filename),
			'--registry',
			registry.url,
		] as const;
		await run([...install, '--global', '--prefix', folderOf('prefix')], {
			folder: place,
			env,
		});
		writeFileSync(path.join(consumer, 'package.json'), '{"type": "module"}');
		await run(install, {folder: consumer, env});
	});

	after(async () => {
		await registry?.close();
	});

	test('has what is needed to run and to read, and nothing else', () => {
		const wanted =
			/^(?:dist\/.+|prompts\/(?:roles\/)?[\w-]+\.md|package\.json|readme\.md|license)$/;
		assert.deepEqual(
			files.filter(
				file => !wanted.test(file) || /\.map$|\.tsbuildinfo$/.test(file),
			),
			[],
		);

		for (const file of [
			'dist/cli.js',
			'dist/index.js',
			'dist/types/index.d.ts',
			'dist/result.schema.json',
			'dist/events.schema.json',
			'dist/licenses.txt',
			'prompts/arbiter.md',
			'readme.md',
			'license',
			'package.json',
		]) {
			assert.ok(files.includes(file), file);
		}
	});

	test('installs nothing but the database beside itself', () => {
		const installed = Object.keys(
			(
				JSON.parse(
					readFileSync(path.join(consumer, 'package-lock.json'), 'utf8'),
				) as {packages: Record<string, unknown>}
			).packages,
		);
		assert.deepEqual(installed.toSorted(), [
			'',
			'node_modules/better-sqlite3',
			'node_modules/consortium-tui',
			'node_modules/node-addon-api',
		]);
	});

	test('runs for a person with an empty home: the prompts are found, the log is written', async () => {
		const home = folderOf('empty-home');
		const stdout = await run(
			[program, 'run', '-C', 'demo', '--json', 'Tabs or spaces?'],
			{env: {HOME: home}},
		);
		const {status, answer, runId} = JSON.parse(stdout) as RunResult;
		assert.equal(status, 'converged');

		const logs = await run([program, 'logs'], {env: {HOME: home}});
		const shown = await run([program, 'runs', 'show', runId], {
			env: {HOME: home},
		});
		const log = (
			await run([program, 'logs', 'path'], {env: {HOME: home}})
		).trim();
		assert.match(logs, /Tabs or spaces/);
		assert.ok(shown.includes(answer!.split('\n', 1)[0]!));
		assert.ok(log.startsWith(home), log);
		assert.ok(existsSync(log));
	});

	test('has the notice of every package that is in the bundle', () => {
		const notices = readFileSync(path.join(copy, 'dist/licenses.txt'), 'utf8');
		const bundled = files
			.filter(file => file.endsWith('.js'))
			.flatMap(file =>
				Array.from(
					readFileSync(path.join(copy, file), 'utf8').matchAll(
						/^\/\/ .*node_modules\/(?<name>(?:@[^/]+\/)?[^/]+)\//gm,
					),
					({groups}) => groups!['name']!,
				),
			);
		const names = new Set(bundled);
		assert.ok(names.size > 20, 'packages are found');
		assert.deepEqual(
			[...names].filter(name => !notices.includes(`${name} `)),
			[],
		);
		assert.match(notices, /Permission is hereby granted/);
	});

	test('is a library for whoever installs it', async () => {
		writeFileSync(
			path.join(consumer, 'use.js'),
			`
			import {createConsortium} from 'consortium-tui';
			import result from 'consortium-tui/result.schema.json' with {type: 'json'};
			import events from 'consortium-tui/events.schema.json' with {type: 'json'};
			import manifest from 'consortium-tui/package.json' with {type: 'json'};
			const {status} = await createConsortium({
				members: ['demo/optimist?delay=0'],
				arbiter: 'demo/arbiter?delay=0',
			}).run('Is it?');
			console.log(status, result.title, events.title, manifest.version);
			`,
		);
		const stdout = await run([process.execPath, 'use.js'], {folder: consumer});
		assert.match(
			stdout,
			/^converged The result .* One line .* \d+\.\d+\.\d+\n$/,
		);
	});

	for (const [module, resolution] of [
		['nodenext', 'nodenext'],
		['esnext', 'bundler'],
	] as const) {
		test(`has types that need nothing else, with moduleResolution ${resolution}`, async () => {
			const folder = path.join(consumer, resolution);
			mkdirSync(folder);
			writeFileSync(
				path.join(folder, 'tsconfig.json'),
				JSON.stringify({
					compilerOptions: {
						module,
						moduleResolution: resolution,
						target: 'es2022',
						strict: true,
						exactOptionalPropertyTypes: true,
						skipLibCheck: false,
						noEmit: true,
						types: [],
					},
				}),
			);
			writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
			const file = path.join(folder, 'use.ts');
			const check = async (text: string) => {
				writeFileSync(file, text);
				return runCommand(
					[
						process.execPath,
						path.join(project, 'node_modules/typescript/bin/tsc'),
						'-p',
						folder,
					],
					{folder},
				);
			};

			const good = `
				import {
					createConsortium, createConversation, createRunControl, parseConfidence,
					parseModelSpec, parseVerdict, runConsortium, UserError,
					type ConsortiumConfig, type RunEvent, type RunResult,
				} from 'consortium-tui';
				const config: ConsortiumConfig = {members: ['a:2', {model: 'b'}], arbiter: 'c'};
				const signal = new AbortController().signal;
				const result: RunResult = await createConsortium(config).run('Why?', {signal, keys: {openai: null}});
				const again = createConsortium(result.consortium);
				const confidence: number | null = result.iterations[0]?.verdicts[0]?.confidence ?? parseConfidence('');
				const seen: RunEvent[] = [];
				for await (const event of runConsortium(config, 'Why?', {control: createRunControl(), conversation: createConversation()})) {
					seen.push(event);
					if (event.type === 'answer-delta') { const text: string = event.text; void text; }
				}
				const hint: string = new UserError('a').hint;
				void [again, confidence, hint, parseVerdict('').problems, parseModelSpec('a').count];
				export {};
			`;
			assert.deepEqual(await check(good), {code: 0, stdout: '', stderr: ''});

			const bad = await check(`
				import {createConsortium} from 'consortium-tui';
				createConsortium({members: ['a'], confidenceTreshold: 0.8});
			`);
			assert.notEqual(bad.code, 0);
			assert.match(bad.stdout, /confidenceTreshold/);
		});
	}
});
