import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {type RunResult} from '../../source/core/result.js';
import {saved} from '../helpers/app.js';
import {startMockServer} from '../helpers/mock-server.js';
import {verdictText} from '../helpers/play.js';
import {emptyFolder, runProgram} from '../helpers/program.js';
import {secretKey, serve} from '../helpers/scripted.js';

function homeWith(consortiums: ReadonlyArray<Record<string, unknown>>): string {
	const home = emptyFolder();
	writeFileSync(
		path.join(home, 'config.json'),
		JSON.stringify({
			version: 1,
			default: null,
			consortiums: Object.fromEntries(
				consortiums.map(each => [String(each['name']), each]),
			),
			endpoints: {},
			settings: {},
		}),
	);
	return home;
}

const pair = saved('pair', ['openai/a', 'openai/b'], {arbiter: 'openai/judge'});
const key = {OPENAI_API_KEY: secretKey};

const consortiumsIn = (home: string) =>
	(
		JSON.parse(readFileSync(path.join(home, 'config.json'), 'utf8')) as {
			consortiums: Record<string, typeof pair>;
		}
	).consortiums;

test('a consortium answers and weighs over the wire', async t => {
	const {url, mock, close} = await startMockServer();
	t.after(close);
	const inner = verdictText({confidence: 0.9, synthesis: 'From the pair.'});
	const outer = verdictText({confidence: 0.9, synthesis: 'From the outside.'});
	mock.onMessage(/Now weigh them[^]*Now weigh them/v, {
		content: verdictText({synthesis: outer}),
	});
	mock.onMessage(/You are the arbiter[^]*Now weigh them/v, {content: outer});
	mock.onMessage(/Now weigh them/v, {content: inner});
	mock.onMessage(/Which city/v, {content: 'Paris.'});
	const words = [
		'run',
		'-m',
		'pair',
		'-m',
		'openai/c',
		'--json',
		'Which city?',
	];
	const home = homeWith([pair]);
	const env = {...key, OPENAI_BASE_URL: url};

	const member = await runProgram([...words, '--arbiter', 'openai/arbiter'], {
		home,
		env,
	});
	const result = JSON.parse(member.stdout) as RunResult;
	assert.equal(result.iterations[0]!.instances[0]!.answer, 'From the pair.');
	assert.equal(member.code, 0, member.stderr);
	assert.match(member.stderr, / {4}pair#1 → ✓ m1#1 answered/v);
	assert.match(member.stderr, / {4}pair#1 → verdict: confidence 90%/v);

	const arbiter = await runProgram(
		['run', '-m', 'openai/c', '--arbiter', 'pair', '--json', 'Which city?'],
		{home, env},
	);
	const weighed = JSON.parse(arbiter.stdout) as RunResult;
	assert.equal(weighed.answer, 'From the outside.');
	assert.match(arbiter.stderr, / {4}arbiter#1 → ✓ m2#1 answered/v);

	const shown = await runProgram(['runs', 'show', result.runId], {home});
	assert.match(
		shown.stdout,
		/✓ pair#1 answered[^]*\n {6}Iteration 1\n {8}✓ m1#1 answered[^]*\n {12}│ Paris\.[^]*\n {8}verdict of arbiter#1/v,
	);

	const debug = await runProgram(
		[
			'run',
			'-m',
			'pair',
			'--debug',
			'--arbiter',
			'openai/arbiter',
			'Which city?',
		],
		{home, env},
	);
	assert.equal(debug.code, 0, debug.stderr);
	const log = readFileSync(path.join(home, 'debug.log'), 'utf8');
	assert.match(log, /"type":"call-end".*"inside":/v);
	assert.doesNotMatch(log, /Paris|Which city|From the pair/v);
});

test('what a run would call and cost is told with what goes on inside', async () => {
	const home = homeWith([pair, saved('outer', ['pair', 'openai/c'])]);
	const {stdout, code} = await runProgram(
		['run', '-C', 'outer', '--dry-run', '--json', 'Why?'],
		{home, env: key},
	);
	assert.equal(code, 0);
	const {forecast} = JSON.parse(stdout) as {
		forecast: {
			low: {calls: number};
			calls: ReadonlyArray<{iteration: number; speaker: string}>;
		};
	};
	const first = forecast.calls.filter(({iteration}) => iteration === 1);

	assert.deepEqual([...new Set(first.map(({speaker}) => speaker))].toSorted(), [
		'arbiter#1',
		'm1#1 → arbiter#1',
		'm1#1 → m1#1',
		'm1#1 → m2#1',
		'm2#1',
	]);
	assert.equal(forecast.low.calls, 5);

	const checked = await runProgram(['validate', 'outer'], {home, env: key});
	assert.equal(checked.code, 0, checked.stderr);
	assert.match(checked.stdout, /at least: 1 iteration, 5 calls/v);
});

for (const [what, consortiums, message] of [
	[
		'a cycle',
		[saved('trio', ['deep']), saved('deep', ['openai/a', 'trio'])],
		/cannot be inside itself: trio → deep → trio\./v,
	],
	[
		'too great a depth',
		[
			saved('trio', ['x']),
			saved('x', ['y']),
			saved('y', ['z']),
			saved('z', ['openai/a']),
		],
		/At most 3 .* trio → x → y → z\./v,
	],
	[
		'a name that is gone',
		[saved('trio', ['openai/a', 'deep'])],
		/the model deep, and no consortium of that name is saved\./v,
	],
	[
		'a key that is missing inside',
		[saved('trio', ['deep']), saved('deep', ['anthropic/x'])],
		/ANTHROPIC_API_KEY/v,
	],
] as const) {
	test(`${what} is found by validate and forbids the run`, async () => {
		const home = homeWith(consortiums);

		for (const words of [
			['validate', 'trio'],
			['run', '-C', 'trio', 'Why?'],
		]) {
			const {code, stderr} = await runProgram(words, {
				home,
				env: {...key, OPENAI_BASE_URL: 'http://127.0.0.1:1'},
			});
			assert.equal(code, 2);
			assert.match(stderr.replaceAll(/\s+/gv, ' '), message);
		}
	});
}

test('a consortium that would be inside itself is not saved', async () => {
	const home = homeWith([pair, saved('outer', ['pair'])]);
	const {code, stderr} = await runProgram(
		['edit', 'pair', '-m', 'outer', '-m', 'openai/a'],
		{home},
	);
	assert.equal(code, 2);
	assert.match(stderr, /pair → outer → pair/v);
	assert.deepEqual(consortiumsIn(home)['pair'], pair);
});

test('a new name is that inside of others too', async () => {
	const home = homeWith([
		pair,
		saved('outer', ['pair', 'openai/c'], {arbiter: 'pair'}),
	]);
	const {code} = await runProgram(['rename', 'pair', 'couple'], {home});
	assert.equal(code, 0);
	const {outer} = consortiumsIn(home);
	assert.deepEqual(
		[outer!['members'], outer!['arbiters']].map(list =>
			(list as Array<{model: string}>).map(({model}) => model),
		),
		[['couple', 'openai/c'], ['couple']],
	);
});

test('consortiums are exported with those inside, and imported beside others of their names', async () => {
	const home = homeWith([
		saved('outer', ['middle']),
		saved('middle', ['openai/c'], {arbiter: 'pair'}),
		pair,
		saved('other', ['openai/d']),
	]);
	const {stdout} = await runProgram(['export', 'outer'], {home});
	const {consortiums} = JSON.parse(stdout) as {consortiums: object};
	assert.deepEqual(Object.keys(consortiums).toSorted(), [
		'middle',
		'outer',
		'pair',
	]);

	const there = homeWith([saved('pair', ['openai/other'])]);
	const imported = await runProgram(['import', '-', '--suffix'], {
		home: there,
		input: stdout,
	});
	assert.equal(imported.code, 0, imported.stderr);
	const all = consortiumsIn(there);
	assert.deepEqual(Object.keys(all).toSorted(), [
		'middle',
		'outer',
		'pair',
		'pair-2',
	]);
	assert.deepEqual(all['middle']!['arbiters'], [{model: 'pair-2'}]);
	assert.deepEqual(all['pair-2']!['members'], pair['members']);
});

test('a model with the name of its consortium stays one under another name', async () => {
	const home = homeWith([saved('gpt-5', ['gpt-5', 'b'])]);
	const input = JSON.stringify({
		v: 1,
		consortiums: {
			'gpt-5': {...saved('gpt-5', ['gpt-5', 'b']), confidenceThreshold: 0.5},
		},
		endpoints: {},
	});
	await runProgram(['import', '-', '--suffix'], {home, input});
	await runProgram(['clone', 'gpt-5', 'best'], {home});
	const all = consortiumsIn(home);

	for (const name of ['best', 'gpt-5-2']) {
		assert.deepEqual(
			(all[name]!['members'] as Array<{model: string}>).map(({model}) => model),
			['openai/gpt-5', 'b'],
			name,
		);
	}
});

test('an imported consortium that would be inside itself is refused whole', async () => {
	const home = homeWith([saved('mine', ['theirs'])]);
	const {code, stderr} = await runProgram(['import', '-'], {
		home,
		input: JSON.stringify({
			v: 1,
			consortiums: {theirs: saved('theirs', ['mine'])},
			endpoints: {},
		}),
	});
	assert.equal(code, 2);
	assert.match(stderr, /theirs → mine → theirs/v);
	assert.deepEqual(Object.keys(consortiumsIn(home)), ['mine']);
});

test('the budget of a run holds for what is called inside of it', async t => {
	const server = await serve(t, {
		a: ['Alpha.'],
		b: ['Beta.'],
		judge: [verdictText({synthesis: 'The pair.'})],
		c: ['Gamma.'],
		arbiter: [verdictText({confidence: 0.9, synthesis: 'In the end.'})],
	});
	const prices = Object.fromEntries(
		['a', 'b', 'c', 'judge', 'arbiter'].map(name => [
			`openai/${name}`,
			{input: 0, output: 1000},
		]),
	);
	const home = homeWith([pair]);
	const file = path.join(home, 'config.json');
	const config = JSON.parse(readFileSync(file, 'utf8')) as object;
	writeFileSync(file, JSON.stringify({...config, settings: {prices}}));
	const words = [
		'run',
		'-m',
		'pair',
		'--arbiter',
		'openai/arbiter',
		'--json',
		'Why?',
	];
	const scarce = await runProgram([...words, '--budget', '1.5'], {
		home,
		env: server.env,
	});
	const limited = JSON.parse(scarce.stdout) as RunResult;
	assert.match(limited.reasons.join(' '), /budget of \$1\.5/v);
	assert.equal(server.heard('a').length, 0, 'both would cost 2');
	const enough = await runProgram([...words, '--budget', '5'], {
		home,
		env: server.env,
	});
	assert.equal((JSON.parse(enough.stdout) as RunResult).answer, 'In the end.');
});
