import assert from 'node:assert/strict';
import {readdirSync, writeFileSync} from 'node:fs';
import {test} from 'node:test';
import {type Forecast} from '../../source/core/forecast.js';
import {verdictText} from '../helpers/play.js';
import {emptyFolder, runProgram} from '../helpers/program.js';
import {serve} from '../helpers/scripted.js';
import {type SeenRequest} from '../helpers/wire-player.js';

const longAnswer = 'x'.repeat(4000);
const unsure = verdictText({confidence: 0.1, needsIteration: true});
const prices = {
	'openai/a': {input: 1, output: 2},
	'openai/b': {input: 10, output: 20},
	'openai/arbiter': {input: 100, output: 200},
};
const members = ['-m', 'openai/a', '-m', 'openai/b'];
const words = ['run', ...members, '--arbiter', 'openai/arbiter'];
const question = 'Which city is the capital of France?';
const configured = () => {
	const home = emptyFolder();
	writeFileSync(
		`${home}/config.json`,
		JSON.stringify({version: 1, settings: {prices}}),
	);
	return home;
};

type DryRun = {
	readonly forecast: Forecast;
	readonly warnings: readonly string[];
};

/**
Every character a model reads in a request.
*/
function readable(value: unknown, key = ''): number {
	if (typeof value === 'string') {
		return ['content', 'text', 'instructions'].includes(key) ? value.length : 0;
	}

	return typeof value === 'object' && value !== null
		? Object.entries(value).reduce(
				(sum, [name, each]) =>
					sum + readable(each, Array.isArray(value) ? key : name),
				0,
			)
		: 0;
}

const sizesOf = (requests: readonly SeenRequest[]) =>
	requests.map(({json}) => readable(json));

for (const provider of ['openai', 'server']) {
	test(`a dry run sends nothing to ${provider}, logs nothing, and tells the size of each first call to the character`, async t => {
		const server = await serve(t, {
			a: [longAnswer],
			b: [longAnswer],
			arbiter: [unsure],
		});
		const home = configured();
		await runProgram(['endpoints', 'add', 'server', '--base-url', server.url], {
			home,
		});
		const ask = [
			'run',
			'-m',
			`${provider}/a`,
			'-m',
			`${provider}/b`,
			'--arbiter',
			`${provider}/arbiter`,
			'--json',
			'--system',
			'You are brief.',
			question,
		];
		const before = readdirSync(home);
		const dry = await runProgram([...ask, '--dry-run'], {
			home,
			env: server.env,
		});
		assert.equal(dry.code, 0, dry.stderr);
		assert.deepEqual(server.seen, []);
		assert.deepEqual(readdirSync(home), before);

		const {calls} = (JSON.parse(dry.stdout) as DryRun).forecast;
		assert.deepEqual(
			calls.map(({iteration, speaker, model, purpose}) =>
				[iteration, speaker, model, purpose].join(' '),
			),
			[1, 2, 3].flatMap(iteration => [
				`${iteration} a#1 ${provider}/a answer`,
				`${iteration} b#1 ${provider}/b answer`,
				`${iteration} arbiter#1 ${provider}/arbiter synthesis`,
			]),
		);

		await runProgram(ask, {home, env: server.env});
		const real = ['a', 'b', 'arbiter'].map(
			model => sizesOf(server.heard(model))[0],
		);
		assert.deepEqual(
			calls.slice(0, 3).map(({inputCharacters}) => inputCharacters),
			real,
		);
	});
}

test('the forecast costs what its tokens cost, for each call and together', async t => {
	const {env} = await serve(t, {});
	const home = configured();
	const {stdout} = await runProgram(
		[...words, '--json', '--dry-run', '--min-iterations', '2', question],
		{home, env},
	);
	const {calls, low, likely, high} = (JSON.parse(stdout) as DryRun).forecast;
	const costs = calls.map(({model, inputTokens, outputTokens}) => {
		const price = prices[model as keyof typeof prices];
		return (inputTokens * price.input + outputTokens * price.output) / 1e6;
	});
	const total = (numbers: readonly number[]) =>
		numbers.reduce((sum, number) => sum + number, 0);
	const rounded = (number: number | null) => number?.toFixed(9);

	assert.equal(calls.length, 9);
	assert.deepEqual(
		calls.map(({costUsd}) => rounded(costUsd)),
		costs.map(cost => rounded(cost)),
	);
	assert.ok(
		calls.every(
			({inputCharacters, inputTokens}) =>
				inputTokens === Math.ceil(inputCharacters / 4),
		),
	);
	assert.deepEqual(
		[low, likely, high].map(sum => [sum.iterations, sum.calls]),
		[
			[2, 6],
			[2, 6],
			[3, 9],
		],
	);
	assert.equal(rounded(low.costUsd), rounded(total(costs.slice(0, 6))));
	assert.equal(rounded(high.costUsd), rounded(total(costs)));
});

test('later calls are as long as the answers that are assumed', async t => {
	const server = await serve(t, {
		a: [longAnswer],
		b: [longAnswer],
		arbiter: [
			`<confidence>0</confidence><needs_iteration>true</needs_iteration><synthesis>${longAnswer}`.slice(
				0,
				4000 - 12,
			) + '</synthesis>',
		],
	});
	const home = configured();
	const {stdout} = await runProgram([...words, '--json', '--dry-run', 'Why?'], {
		home,
		env: server.env,
	});
	await runProgram([...words, 'Why?'], {home, env: server.env});
	const {calls} = (JSON.parse(stdout) as DryRun).forecast;

	for (const model of ['a', 'b', 'arbiter']) {
		assert.deepEqual(
			calls
				.filter(each => each.model === `openai/${model}`)
				.map(({inputCharacters}) => inputCharacters),
			sizesOf(server.heard(model)),
		);
	}
});

test('each memory mode has a forecast of its own', async t => {
	const {env} = await serve(t, {});
	const home = configured();
	const tokens = await Promise.all(
		['reply', 'lean', 'rebuild'].map(async memory => {
			const {stdout} = await runProgram(
				[...words, '--memory', memory, '--json', '--dry-run', 'Why?'],
				{home, env},
			);
			return (JSON.parse(stdout) as DryRun).forecast.high.inputTokens;
		}),
	);
	assert.equal(new Set(tokens).size, 3);
	assert.ok(tokens[1]! < tokens[0]!, 'lean sends less than reply');
});

test('where the budget would end the run is told', async t => {
	const {env} = await serve(t, {});
	const home = configured();
	const dry = async (budget: string) =>
		runProgram([...words, '--budget', budget, '--dry-run', 'Why?'], {
			home,
			env,
		});
	const small = await dry('0.5');
	const enough = await dry('100');

	assert.equal(small.code, 0, small.stderr);
	assert.match(small.stdout, /^1 iteration, 3 calls/m);
	assert.match(small.stdout, /budget of \$0\.5 would be exceeded/);
	assert.match(enough.stdout, /^at most: 3 iterations, 9 calls/m);
	assert.doesNotMatch(enough.stdout, /exceeded/);
});

test('the log tells how long replies are and how many iterations it takes', async t => {
	const server = await serve(t, {
		a: [longAnswer],
		b: ['Paris.'],
		arbiter: [verdictText({confidence: 0.9})],
	});
	const home = configured();
	const at = {home, env: server.env};
	const ask = [...words, question];
	await runProgram(ask, at);
	await runProgram(ask, at);
	const {stdout} = await runProgram([...ask, '--json', '--dry-run'], at);
	const {basis, likely, high, memory} = (JSON.parse(stdout) as DryRun).forecast;

	assert.deepEqual(
		basis.outputs.map(({model, purpose, calls, characters}) =>
			[model, purpose, calls, characters.likely].join(' '),
		),
		[
			'openai/a answer 2 4000',
			'openai/b answer 2 6',
			`openai/arbiter synthesis 2 ${verdictText({confidence: 0.9}).length}`,
		],
	);
	assert.deepEqual(basis.iterations, {
		low: 1,
		likely: 1,
		high: 3,
		runs: 2,
		shares: [1],
	});
	assert.deepEqual([likely.iterations, high.iterations], [1, 3]);
	assert.equal(memory?.iterations, 2);

	const {stdout: text} = await runProgram([...ask, '--dry-run'], at);
	assert.match(text, /^openai\/a: \d+ tokens, from 2 answers of yours\.$/m);
	assert.match(text, /^2 runs of unsaved ended after 1 \(100%\) iteration\.$/m);
	assert.match(text, /^likely: 1 iteration, 3 calls/m);
	assert.match(text, /^(?:Memory lean would|No memory mode)/m);
	assert.doesNotMatch(text, /assumed/);
	const {stdout: validated} = await runProgram(
		['validate', ...words.slice(1)],
		at,
	);
	assert.match(
		validated,
		/^openai\/a: \d+ tokens, from 2 answers of yours\.$/m,
	);
});

test('with -c it tells what is sent of the conversation, as the run that follows does', async t => {
	const server = await serve(t, {
		a: ['Paris.'],
		b: ['Paris, on the Seine.'],
		arbiter: [verdictText({confidence: 0.9})],
	});
	const at = {home: configured(), env: server.env};
	await runProgram([...words, question], at);
	const ask = ['run', '-c', '--json', 'Which river?'];
	const {stdout} = await runProgram([...ask, '--dry-run'], at);
	assert.equal(server.seen.length, 3);
	await runProgram(ask, at);
	const {calls} = (JSON.parse(stdout) as DryRun).forecast;

	assert.deepEqual(
		calls.slice(0, 2).map(({inputCharacters}) => inputCharacters),
		['a', 'b'].map(model => sizesOf(server.heard(model))[1]),
	);
});

test('a log that cannot be read keeps nobody from a forecast', async t => {
	const {env} = await serve(t, {});
	const home = configured();
	writeFileSync(`${home}/log.db`, 'This is no database. '.repeat(100));

	for (const command of [
		[...words, '--dry-run', 'Why?'],
		['validate', ...words.slice(1)],
	]) {
		const {code, stdout, stderr} = await runProgram(command, {home, env});
		assert.equal(code, 0);
		assert.match(stderr, /^! .*not a SQLite database.* does without it\.$/m);
		assert.match(stdout, /^at most: 3 iterations, 9 calls/m);
	}
});

test('a person reads a row for each call, and what is assumed', async t => {
	const {env} = await serve(t, {});
	const home = configured();
	const {stdout, stderr, code} = await runProgram(
		[...words, '--max-iterations', '1', '--dry-run', 'Why?'],
		{home, env},
	);

	assert.equal(code, 0);
	assert.equal(stderr, '');
	assert.match(
		stdout,
		/^1 +a#1 +openai\/a +answer +\d+ +0 +0 +1000 +\$0\.\d+$/m,
		stdout,
	);
	assert.match(stdout, /^1 +arbiter#1 +openai\/arbiter +synthesis /m);
	assert.match(stdout, /1000 tokens/);
	assert.match(stdout, /Nothing is sent/);
});

test('answers are expected to be no longer than they may be', async t => {
	const {env} = await serve(t, {});
	const {stdout} = await runProgram(
		[
			'run',
			'-m',
			'openai/a?maxTokens=50',
			'--arbiter',
			'openai/arbiter',
			'--json',
			'--dry-run',
			'Why?',
		],
		{home: configured(), env},
	);
	const {calls} = (JSON.parse(stdout) as DryRun).forecast;
	assert.deepEqual(
		calls.slice(0, 2).map(({outputTokens}) => outputTokens),
		[50, 1000],
	);
	assert.deepEqual(calls[0]!.options, {maxTokens: 50});
});

test('a run of thousands of calls is forecast in part, and says so', async () => {
	const {stdout} = await runProgram(
		[
			'run',
			'-C',
			'demo',
			'--max-iterations',
			'1000',
			'--dry-run',
			'--json',
			'Why?',
		],
		{},
	);
	const {calls, isComplete} = (JSON.parse(stdout) as DryRun).forecast;
	assert.equal(isComplete, false);
	assert.equal(calls.length, 1000);
});

test('a dry run of what could not be run is refused as the run is', async () => {
	const {code, stdout, stderr} = await runProgram([
		...words,
		'--dry-run',
		'Why?',
	]);
	assert.equal(code, 2);
	assert.equal(stdout, '');
	assert.match(stderr, /no key for openai/);
});

test('an option that a model is known to refuse ends the run before any call', async t => {
	const server = await serve(t, {a: ['Yes.'], 'gpt-6-luna': ['Yes.']});
	const {code, stdout, stderr} = await runProgram(
		['run', '-m', 'openai/a', '-m', 'gpt-6-luna?topK=3', 'Why?'],
		{env: server.env},
	);
	assert.equal(code, 2);
	assert.equal(stdout, '');
	assert.match(stderr, /openai\/gpt-6-luna does not take topK/);
	assert.deepEqual(server.seen, []);
});

test('an option that only the arbiter refuses does the same', async t => {
	const server = await serve(t, {a: ['Yes.']});
	const {code, stderr} = await runProgram(
		['run', '-m', 'openai/a:2', '--arbiter', 'gpt-6-luna?seed=3', 'Why?'],
		{env: server.env},
	);
	assert.equal(code, 2);
	assert.match(stderr, /openai\/gpt-6-luna does not take seed/);
	assert.deepEqual(server.seen, []);
});
