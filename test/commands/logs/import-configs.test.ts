import assert from 'node:assert/strict';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';
import fc from 'fast-check';
import {changeConfig, readConfig} from '../../../source/config/config.js';
import {changeKeys, readKeys} from '../../../source/config/keys.js';
import {configsLines} from '../../../source/commands/logs/configs-words.js';
import {
	planConfigs,
	withConfigs,
	type Conflict,
} from '../../../source/commands/logs/configs-plan.js';
import {createConfigsImport} from '../../../source/commands/logs/import-configs.js';
import {type LogsCall} from '../../../source/commands/logs/logs-call.js';
import {consortiumDefaults} from '../../../source/core/consortium.js';
import {
	configsDatabase,
	draft,
	newest,
	oldest,
} from '../../helpers/saved-configs.js';
import {placeAt} from '../../helpers/place.js';

const folder = mkdtempSync(path.join(tmpdir(), 'configs-'));
let homes = 0;

after(() => {
	rmSync(folder, {recursive: true});
});

type Flags = Partial<
	Pick<LogsCall['flags'], 'onConflict' | 'aliases' | 'keys'>
>;

/**
Import consortiums from files in one folder, one after the other, with what lies beside them.
*/
async function imported(
	files: ReadonlyArray<Readonly<Record<string, unknown>>>,
	{
		flags = {},
		home = path.join(folder, `home-${homes++}`),
		beside = {},
		typed = null,
		environment = {},
	}: {
		readonly flags?: Flags;
		readonly home?: string;
		readonly beside?: Readonly<Record<string, string>>;
		readonly typed?: string | null;
		readonly environment?: Readonly<Record<string, string>>;
	} = {},
) {
	const there = mkdtempSync(path.join(folder, 'theirs-'));
	mkdirSync(home, {recursive: true});

	for (const [name, text] of Object.entries(beside)) {
		writeFileSync(path.join(there, name), text);
	}

	const place = placeAt({
		home,
		...(typed !== null && {columns: 80, typed}),
	});
	const importConfigs = createConfigsImport({
		flags: {onConflict: undefined, aliases: false, keys: false, ...flags},
		place: {...place, environment: {...place.environment, ...environment}},
	});
	const results = [];

	for (const [index, rows] of files.entries()) {
		const file = path.join(there, `logs-${index}.db`);
		const db = configsDatabase(file, rows);
		results.push(await importConfigs(db, file));
		db.close();
	}

	const {config} = await readConfig(home);
	return {
		home,
		there,
		results,
		first: results[0]!,
		consortiums: config.consortiums,
		lines: results.flatMap(result => configsLines(result)),
		written: place.written(),
	};
}

test('consortiums of all versions are saved under their names, and once only', async () => {
	const rows = {draft, newest, 'my team!': oldest};
	const {home, first, consortiums} = await imported([rows]);

	assert.deepEqual(first.saved, ['draft', 'my-team-', 'newest']);
	assert.deepEqual(Object.keys(consortiums), ['draft', 'my-team-', 'newest']);
	assert.equal(consortiums['my-team-']!.stop, 'confidence');

	const before = readFileSync(path.join(home, 'config.json'), 'utf8');
	const again = await imported([rows], {home});
	assert.deepEqual(again.first.saved, []);
	assert.deepEqual(again.first.same, ['draft', 'my-team-', 'newest']);
	assert.equal(readFileSync(path.join(home, 'config.json'), 'utf8'), before);
});

test('the summary says what is otherwise than it was, grouped by what it is', async () => {
	const {lines} = await imported([
		{
			a: {...newest, judging_method: 'dice'},
			b: {...newest, judging_method: 'dice', models: {'gpt-4o': 1}},
			'\u001B[2Jbroken': '{',
			none: {},
			demo: newest,
		},
	]);

	assert.deepEqual(lines, [
		'Saved the consortiums: a, b, demo-2',
		'Not imported: broken: it is not JSON',
		'Not imported: none: it names no models',
		'demo: it is called demo-2 here, as its name is taken',
		'a, b: judging dice is none here: the arbiter writes a synthesis',
		'mock-a, mock-b, mock-arbiter: no provider is known here for this model: give it as provider/model with `consortium-tui edit`',
	]);
});

test('a file without saved consortiums changes nothing and has nothing to tell', async () => {
	const {home, lines} = await imported([{}]);

	assert.deepEqual(lines, []);
	assert.equal(existsSync(path.join(home, 'config.json')), false);
});

test('without a terminal, both are kept where a name is taken, and importing twice equals once', async () => {
	const {home} = await imported([{team: newest}]);
	const second = await imported([{team: draft}], {home});
	assert.deepEqual(second.first.saved, ['team-2']);
	assert.equal(second.consortiums['team']!.stop, 'both');
	assert.equal(second.consortiums['team-2']!.name, 'team-2');

	for (const onConflict of [undefined, 'overwrite', 'skip'] as const) {
		const third = await imported([{team: draft}], {
			home,
			flags: {onConflict},
		});
		assert.deepEqual(third.first.same, ['team-2']);
		assert.deepEqual(Object.keys(third.consortiums), ['team', 'team-2']);
	}
});

test('--on-conflict overwrites or skips', async () => {
	const {home} = await imported([{team: newest}]);
	const skipped = await imported([{team: draft, other: draft}], {
		home,
		flags: {onConflict: 'skip'},
	});
	assert.deepEqual(skipped.first.skipped, ['team']);
	assert.deepEqual(skipped.first.saved, ['other']);
	assert.equal(skipped.consortiums['team']!.stop, 'both');

	const over = await imported([{team: draft}], {
		home,
		flags: {onConflict: 'overwrite'},
	});
	assert.deepEqual(over.first.overwritten, ['team']);
	assert.equal(over.consortiums['team']!.stop, 'any');
	assert.deepEqual(over.lines.slice(0, 1), ['Overwrote the consortiums: team']);
});

test('at a terminal each name that is taken is asked about', async () => {
	const {home} = await imported([{a: newest, b: newest, c: newest}]);
	const {first, written} = await imported([{a: draft, b: draft, c: draft}], {
		home,
		typed: 'what\ns\no\n\n',
	});

	assert.deepEqual(first.skipped, ['a']);
	assert.deepEqual(first.overwritten, ['b']);
	assert.deepEqual(first.saved, ['b', 'c-2']);
	assert.equal(
		written.stderr.split('consortium called "a"').length - 1,
		2,
		'an answer that is none is asked for again',
	);
});

test('a capital letter answers for all, also of the files that follow', async () => {
	const {home} = await imported([{a: newest, b: newest, c: newest}]);
	const {results} = await imported([{a: draft, b: draft}, {c: draft}], {
		home,
		typed: 'O\n',
	});

	assert.deepEqual(
		results.flatMap(({overwritten}) => overwritten),
		['a', 'b', 'c'],
	);
});

test('whoever ends the input instead of answering changes nothing', async () => {
	const {home} = await imported([{a: newest}]);
	const {first} = await imported([{a: draft}], {home, typed: ''});

	assert.deepEqual(first.skipped, ['a']);
	assert.deepEqual(first.saved, []);
});

test('aliases and keys are only read when that was asked for, and named once', async () => {
	const {lines, there, home} = await imported([{newest}, {draft}], {
		beside: {'aliases.json': '{"mock-a": "gpt-4o"}', 'keys.json': '{}'},
	});

	assert.equal(
		lines.filter(line => line.includes('--aliases')).join(''),
		`${path.join(there, 'aliases.json')} was not used: --aliases reads the models of consortiums by it.`,
	);
	assert.equal(lines.filter(line => line.includes('--keys')).length, 1);
	assert.equal(existsSync(path.join(home, 'keys.json')), false);
});

test('--aliases reads the models by the names beside the file', async () => {
	const {consortiums} = await imported([{newest}], {
		flags: {aliases: true},
		beside: {
			'aliases.json':
				'{"mock-a": "gpt-4o", "mock-arbiter": "claude-x", "n": 3}',
		},
	});

	assert.deepEqual(
		consortiums['newest']!.members.map(({model}) => model),
		['gpt-4o', 'mock-b'],
	);
	assert.deepEqual(consortiums['newest']!.arbiters, [{model: 'claude-x'}]);
});

test('--keys stores the keys of known providers that have none, and shows none of them', async () => {
	const home = path.join(folder, 'keys');
	mkdirSync(home);
	await changeKeys(home, () => ({openai: 'sk-stored-before'}));
	await changeConfig(home, config => ({
		...config,
		endpoints: {
			groq: {baseUrl: 'https://lab.example/v1', keyEnv: null, api: 'chat'},
		},
	}));
	const theirs = {
		'// Note': 'This file stores secret API credentials. Do not share!',
		openai: 'sk-theirs-openai',
		claude: 'sk-ant-theirs',
		anthropic: 'sk-ant-another',
		gemini: 'AIza-theirs',
		openrouter: ' sk-or-theirs\n',
		groq: 'gsk-theirs',
		mistral: 'short',
		deepseek: 'has spaces in it',
		constructor: 'sk-theirs-strange',
		'\u001B[2Jown': 'sk-theirs-own',
		together: 7,
	};
	const {lines, first, written} = await imported([{}], {
		home,
		flags: {keys: true},
		beside: {'keys.json': JSON.stringify(theirs)},
		environment: {GOOGLE_API_KEY: 'in the environment'},
	});

	assert.deepEqual(lines, [
		'Stored the keys for: anthropic, openrouter',
		'Key not stored: openai: one is stored here already',
		'Key not stored: anthropic: another one is stored',
		'Key not stored: gemini: GOOGLE_API_KEY is set',
		'Key not stored: groq: a server that was added here is called so',
		'Key not stored: mistral, deepseek: it cannot be a key',
		'Key not stored: constructor, own: no provider is called so here',
	]);
	assert.deepEqual((await readKeys(home)).keys, {
		openai: 'sk-stored-before',
		anthropic: 'sk-ant-theirs',
		openrouter: 'sk-or-theirs',
	});

	for (const key of Object.values(theirs)) {
		if (typeof key === 'string') {
			assert.equal(
				[JSON.stringify(first), written.stderr, written.stdout].some(text =>
					text.includes(key.trim()),
				),
				false,
			);
		}
	}
});

test('a file of keys or aliases that cannot be read is told without a piece of it', async () => {
	const {lines, consortiums} = await imported([{newest}, {draft}], {
		flags: {keys: true, aliases: true},
		beside: {'keys.json': '{"openai": sk-secret', 'aliases.json': '[1]'},
	});

	assert.deepEqual(Object.keys(consortiums), ['newest', 'draft']);
	assert.equal(lines.filter(line => line.includes('is not JSON')).length, 1);
	assert.equal(lines.filter(line => line.includes('no JSON object')).length, 1);
	assert.doesNotMatch(lines.join('\n'), /sk-secret/);
});

test('two of one name that come together are both kept, also where they overwrite', async () => {
	const {home} = await imported([{'a b': newest}]);
	const {consortiums} = await imported([{'a b': draft, 'a-b': oldest}], {
		home,
		flags: {onConflict: 'overwrite'},
	});

	assert.equal(consortiums['a-b']!.stop, 'any');
	assert.equal(consortiums['a-b-2']!.stop, 'confidence');
});

test('however names and consortiums meet, planning again finds all of them there, and nothing is lost', () => {
	const consortium = fc.record({
		name: fc.constantFrom('a', 'a-2', 'a-3', 'b', 'demo', 'x'.repeat(64)),
		confidenceThreshold: fc.constantFrom(0.1, 0.2, 0.3),
	});

	fc.assert(
		fc.property(
			fc.array(consortium, {maxLength: 6}),
			fc.array(consortium, {maxLength: 8}),
			fc.constantFrom<Conflict>('suffix', 'overwrite', 'skip'),
			(before, coming, conflict) => {
				const whole = (each: (typeof before)[number]) => ({
					...consortiumDefaults,
					members: [{slot: 'm', model: 'm', count: 1}],
					arbiters: [],
					...each,
				});
				const config = {
					version: 1,
					default: null,
					consortiums: Object.fromEntries(
						before
							.filter(({name}) => name !== 'demo')
							.map(each => [each.name, whole(each)]),
					),
					endpoints: {},
					settings: {},
				};
				const plan = planConfigs(
					coming.map(each => whole(each)),
					config,
					() => conflict,
				);
				const then = withConfigs(config, plan);
				const again = planConfigs(
					coming.map(each => whole(each)),
					then,
					() => conflict,
				);

				for (const [name, saved] of Object.entries(then.consortiums)) {
					assert.equal(saved.name, name);
					assert.ok(name.length <= 64);
					assert.notEqual(name, 'demo');
				}

				if (conflict !== 'overwrite') {
					assert.equal(again.saved.size, 0);

					for (const [name, saved] of Object.entries(config.consortiums)) {
						assert.deepEqual(then.consortiums[name], saved);
					}
				}

				if (conflict === 'suffix') {
					assert.equal(again.same.length, coming.length);
				}
			},
		),
		{numRuns: 1000},
	);
});
