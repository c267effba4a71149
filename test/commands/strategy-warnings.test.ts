import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import {test} from 'node:test';
import {emptyFolder, runProgram} from '../helpers/program.js';
import {secretKey} from '../helpers/scripted.js';

const env = {OPENAI_API_KEY: secretKey};
const arbiter = ['--arbiter', 'openai/z'];

const warned = async (...words: readonly string[]) => {
	const {stderr} = await runProgram(['validate', ...words], {env});
	return stderr.split('\n').filter(line => !line.includes('price'));
};

for (const [words, warning] of [
	[
		['-m', 'openai/a:3', '--judging', 'panel', ...arbiter],
		/^! A panel of one arbiter is that arbiter alone/v,
	],
	[
		['-m', 'openai/a:2', '--strategy', 'elimination', ...arbiter],
		/^! Nobody can be eliminated: elimination\.minimum keeps 2, and 2 inst/v,
	],
	[
		['-m', 'openai/a:2', '--judging', 'peer', ...arbiter],
		/^! Nobody is reviewed: peer review takes 3 instances at least, and 2/v,
	],
	[
		['-m', 'openai/a?weight=2', '-m', 'openai/b', ...arbiter],
		/^! The weight of a counts for nothing/v,
	],
	[
		['-m', 'openai/a?weigth=2', '-m', 'openai/b', ...arbiter],
		/weigth of openai\/a is not one we know\. Did you mean "weight"\?/v,
	],
	[
		['-m', 'openai/a?rol=x', '-m', 'openai/b', ...arbiter],
		/rol of openai\/a is not one we know\. Did you mean "role"\?/v,
	],
	[
		[
			'-m',
			'openai/a:3',
			'--strategy',
			'semantic',
			'--strategy-param',
			'threshold=0.5',
			'--strategy-param',
			'method=dbscan',
			...arbiter,
		],
		/^! semantic\.threshold does nothing with the method dbscan/v,
	],
	[
		[
			'-m',
			'openai/a:3',
			'--strategy',
			'voting',
			'--strategy-param',
			'rule=plurality',
			'--strategy-param',
			'threshold=0.9',
			...arbiter,
		],
		/^! voting\.threshold does nothing with the rule plurality/v,
	],
	[
		[
			'-m',
			'openai/a:3',
			'--until',
			'confidence>=0.9',
			'--strategy',
			'voting',
			...arbiter,
		],
		/^! No vote meets confidence>=0\.9, since it has no confidence/v,
	],
] as const) {
	test(`what is surely not meant is warned of: ${words.slice(0, 4).join(' ')}`, async () => {
		assert.match((await warned(...words)).join('\n'), warning);
	});
}

test('what is meant is not warned of', async () => {
	for (const words of [
		['-m', 'openai/a:3', '--judging', 'peer'],
		['-m', 'openai/a:3', '--strategy', 'elimination'],
		['-m', 'openai/a?weight=2', '-m', 'openai/b', '--strategy', 'voting'],
		['-m', 'openai/a', '-m', 'openai/b:2', '--strategy', 'tiered'],
		[
			'-m',
			'openai/a:3',
			'--strategy',
			'voting,semantic',
			...['rule=null', 'voting.threshold=null', 'eps=null'].flatMap(each => [
				'--strategy-param',
				each,
			]),
		],
	]) {
		assert.deepEqual(await warned(...words, ...arbiter), ['']);
	}
});

test('a parameter without its strategy is told whose it is', async () => {
	const {code, stderr} = await runProgram(
		['validate', '-m', 'openai/a:3', '--strategy-param', 'keep=0.5'],
		{env},
	);
	assert.equal(code, 2);
	assert.match(
		stderr,
		/"keep" is one of the strategy "elimination", which is not named/v,
	);
});

test('a dry run tells what it reckons with, which calls are conditional, and what would be asked first', async () => {
	const home = emptyFolder();
	await runProgram(['save', 'duo', '-m', 'openai/a:2', ...arbiter], {home});
	const {stdout} = await runProgram(
		[
			'run',
			'-m',
			'duo',
			'-m',
			'openai/b',
			'--dry-run',
			'Why?',
			'--strategy',
			'voting',
			'--until',
			'command:grep x',
			...arbiter,
		],
		{env, home},
	);
	const lines = stdout.split('\n');

	assert.match(
		lines[0]!,
		/^Nothing is sent\. unsaved · 2 instances, arbiter openai\/z · voting · until .*grep x · at most 3/v,
	);
	assert.match(lines[1]!, /^A run would first ask .*: grep x$/v);
	assert.equal(lines[2], 'Likely, call by call:');
	const rows = lines.filter(line => /^\d/v.test(line));
	const [, calls] = /^likely: 2 iterations, (\d+) calls/mv.exec(stdout)!;
	assert.equal(rows.length, Number(calls));
	assert.ok(rows.some(row => row.startsWith('1.2 ')));
	assert.match(
		rows.find(row => /^1 +arbiter#1/v.test(row))!,
		/only while the vote is open$/v,
	);
	assert.match(stdout, /no retries, no repairs/v);
});

test('an embedding model nobody has is refused before anything is asked', async () => {
	const flags =
		'-m demo/a -m demo/b -m demo/c --arbiter demo/z --strategy semantic'.split(
			' ',
		);

	for (const [model, why] of [
		[
			'opnai/embed',
			/No provider is known for the embedding model opnai\/embed\.\n.*Did you mean "openai"\?/v,
		],
		['anthropic/embed', /There is no key for anthropic\./v],
	] as const) {
		const embedding = ['--strategy-param', `embedding=${model}`];

		for (const words of [
			['run', ...flags, ...embedding, 'Why?'],
			['run', ...flags, ...embedding, '--dry-run', 'Why?'],
			['validate', ...flags, ...embedding],
		]) {
			const {code, stderr} = await runProgram(words);
			assert.equal(code, 2, words.join(' '));
			assert.match(stderr, why);
			assert.doesNotMatch(stderr, /iteration 1/v);
		}
	}
});

test('a role nobody has is saved with a warning', async () => {
	const home = emptyFolder();
	const {code, stderr} = await runProgram(
		['save', 'x', '-m', 'demo/a?role=skptic', '-m', 'demo/b', '--role', 'me'],
		{home},
	);
	assert.equal(code, 0);
	assert.match(
		stderr,
		/^! There is no role called "skptic"\. .*Did you mean "skeptic"\?\n! There is no role called "me"\. /v,
	);

	const edited = await runProgram(['edit', 'x', '--role', 'verifer'], {home});
	assert.match(edited.stderr, /^! There is no role called "verifer"\./mv);
});

test('one strategy is shown by its name', async () => {
	const {stdout} = await runProgram(['strategies', 'voting']);
	assert.match(stdout, /^voting\n/v);
	assert.doesNotMatch(stdout, /^(?:tiered|roles|judging|until)$/mv);
	const {code, stderr} = await runProgram(['strategies', 'votng']);
	assert.equal(code, 2);
	assert.match(stderr, /Did you mean "voting"\?/v);
});

test('the doctor names every saved consortium that cannot be run', async () => {
	const home = emptyFolder();
	const file = `${home}/config.json`;

	for (const name of ['inner', 'outer', 'odd']) {
		await runProgram(['save', name, '-m', 'openai/a:2'], {home});
	}

	const config = JSON.parse(readFileSync(file, 'utf8')) as {
		consortiums: Record<string, {members: unknown; strategies: unknown}>;
	};
	const {inner, outer, odd} = config.consortiums;
	inner!.members = [{slot: 'o', model: 'outer', count: 1}];
	outer!.members = [{slot: 'i', model: 'inner', count: 1}];
	odd!.strategies = [{name: 'votng', params: {}}];
	writeFileSync(file, JSON.stringify(config));
	const {stdout} = await runProgram(['doctor'], {home});

	assert.match(stdout, /✗ inner +cannot be run: .*inside itself/v);
	assert.match(stdout, /✗ outer +cannot be run: .*inside itself/v);
	assert.match(stdout, /✗ odd +cannot be run: .*called "votng"/v);
});

test('who is removed is told to be used, and who names itself means a model', async () => {
	const home = emptyFolder();
	await runProgram(['save', 'inner', '-m', 'openai/a:2'], {home, env});
	await runProgram(['save', 'outer', '-m', 'inner:2'], {home, env});
	const removed = await runProgram(['remove', 'inner', '--force'], {home});
	assert.match(removed.stderr, /^! outer uses it/mv);
	const own = await runProgram(['save', 'own', '-m', 'own:2'], {home, env});
	assert.match(own.stderr, /^! own means a model of that name here/mv);
});
