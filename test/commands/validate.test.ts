import assert from 'node:assert/strict';
import {mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {type Forecast} from '../../source/core/forecast.js';
import {emptyFolder, runProgram} from '../helpers/program.js';
import {secretKey, serve} from '../helpers/scripted.js';

const keys = {OPENAI_API_KEY: secretKey, ANTHROPIC_API_KEY: secretKey};

type Validation = {
	readonly isValid: boolean;
	readonly problems: ReadonlyArray<{
		readonly message: string;
		readonly hint: string;
	}>;
	readonly warnings: readonly string[];
	readonly forecast: Forecast | null;
};

const validate = async (
	words: readonly string[],
	options: Parameters<typeof runProgram>[1] = {},
) => {
	const result = await runProgram(['validate', '--json', ...words], options);
	return {...result, ...(JSON.parse(result.stdout) as Validation)};
};

test('a good consortium is shown with what a run calls and costs; nothing is called or written', async t => {
	const server = await serve(t, {});
	const home = emptyFolder();
	const {code, stdout, stderr} = await runProgram(
		['validate', '-m', 'gpt-6-luna:2', '--arbiter', 'gpt-6.1-sol'],
		{env: server.env, home},
	);
	assert.equal(code, 0);
	assert.equal(stderr, '');
	assert.match(stdout, /members +gpt-6-luna:2/);
	assert.match(stdout, /^at least: 1 iteration, 3 calls, about \d+ tokens in/m);
	assert.match(stdout, /^at most: 3 iterations, 9 calls, .*\$0\.\d+$/m);
	assert.match(stdout, /It can be run\./);
	assert.deepEqual(server.seen, []);
	assert.deepEqual(readdirSync(home), []);
});

test('a saved one is named by a word or by -C', async () => {
	const home = emptyFolder();
	await runProgram(['save', 'duo', '-m', 'gpt-6-luna:2'], {home, env: keys});
	const byWord = await validate(['duo'], {home, env: keys});
	const byFlag = await validate(['-C', 'duo'], {home, env: keys});
	const changed = await validate(['duo', '--max-iterations', '1'], {
		home,
		env: keys,
	});

	assert.equal(byWord.code, 0);
	assert.equal(byWord.stdout, byFlag.stdout);
	assert.equal(byWord.forecast?.high.calls, 9);
	assert.equal(changed.forecast?.high.calls, 3);
});

test('all that is wrong is told at once, each thing once, with what to do', async () => {
	const home = emptyFolder();
	mkdirSync(path.join(home, 'prompts'));
	writeFileSync(path.join(home, 'prompts', 'member.md'), 'No blank.');
	writeFileSync(path.join(home, 'prompts', 'feedback.md'), '{{wrong}}');
	const {code, isValid, problems, forecast} = await validate(
		[
			'-m',
			'gpt-6-luna?temperature=3',
			'-m',
			'claude-opus-5-5',
			'-m',
			'claude-haiku-5-5',
			'-m',
			'nowhere/x',
			'--arbiter',
			'gpt-6.1-sol?seed=1',
		],
		{home, env: {OPENAI_API_KEY: secretKey}},
	);
	const messages = problems.map(({message}) => message);

	assert.equal(code, 2);
	assert.equal(isValid, false);
	assert.equal(forecast, null);
	assert.equal(messages.length, 6, messages.join('\n'));

	for (const pattern of [
		/member\.md cannot be used: The blank \{\{system\}\} is missing/,
		/feedback\.md cannot be used/,
		/no key for anthropic/,
		/nowhere\/x/,
		/temperature of openai\/gpt-6-luna takes a number from 0 to 2, not 3/,
		/openai\/gpt-6\.1-sol does not take seed/,
	]) {
		assert.equal(
			messages.filter(message => pattern.test(message)).length,
			1,
			String(pattern),
		);
	}

	assert.ok(problems.every(({hint}) => hint !== ''));
});

test('a person reads the problems on standard error', async () => {
	const {code, stdout, stderr} = await runProgram([
		'validate',
		'-m',
		'claude-opus-5-5:2',
	]);
	assert.equal(code, 2);
	assert.match(stderr, /^✗ There is no key for anthropic\.\n {2}.*keys set/m);
	assert.match(stdout, /members +claude-opus-5-5:2/);
	assert.doesNotMatch(stdout, /It can be run/);
});

for (const [words, message] of [
	[['nobody'], /no consortium called "nobody"/],
	[['demo', '--strategy', 'betting'], /no strategy called "betting"/],
	[['demo', '--strategy-param', 'x=1'], /no parameter "x"/],
	[['demo', '--confidence-threshold', '200'], /200/],
	[['demo', '-m', 'demo'], /cannot be inside itself: demo → demo/],
	[[], /no model to ask/],
	[['-m', 'gpt-9:2', '--budget', '1'], /price of gpt-9 is unknown/],
	[
		[
			'-m',
			'gpt-6-luna:3',
			'--strategy',
			'semantic',
			'--strategy-param',
			'embedding=openai/text-embedding-unheard-of',
			'--budget',
			'1',
		],
		/price of openai\/text-embedding-unheard-of is unknown/,
	],
	[
		['-m', 'gpt-6-luna:2', '--budget', '0.0001'],
		/would be exceeded: \$0\.0000/,
	],
	[['demo', '--system', './rules.txt'], /no file \.\/rules\.txt/],
] as const) {
	test(`“validate ${words.join(' ')}” finds the problem`, async () => {
		const {code, problems} = await validate(words, {
			env: words[0] === '-m' ? keys : {},
		});
		assert.equal(code, 2);
		assert.match(problems.map(each => each.message).join('\n'), message);
	});
}

test('two names are a mistake', async () => {
	const {code, stderr} = await runProgram(['validate', 'demo', '-C', 'other']);
	assert.equal(code, 2);
	assert.match(stderr, /"demo" and "other" are two consortiums/);
});

const warningsFor = async (words: readonly string[]) =>
	(await validate(words, {env: keys})).warnings;

test('an arbiter that is a member is warned of, whatever its name is cut down to', async () => {
	const [warning, ...others] = await warningsFor([
		'-m',
		'gpt-6-luna',
		'-m',
		'gpt-6.1-sol',
		'--arbiter',
		'openai/gpt-6-luna',
	]);
	assert.match(warning!, /openai\/gpt-6-luna is the arbiter and a member/);
	assert.deepEqual(others, []);
});

test('one instance, and more than ten, are warned of', async () => {
	assert.match(
		(await warningsFor(['-m', 'gpt-6-luna'])).join('\n'),
		/^Only one instance answers/,
	);
	assert.match(
		(await warningsFor(['-m', 'gpt-6-luna:11'])).join('\n'),
		/^11 instances answer/,
	);
	assert.deepEqual(await warningsFor(['-m', 'gpt-6-luna:10']), []);
});

for (const [spec, warning] of [
	['gpt-6-lnua:2', /model gpt-6-lnua .* Did you mean "gpt-6-luna"\?/],
	['openai/gpt-6.1-soll:2', /Did you mean "gpt-6\.1-sol"\?/],
	['ollama/gpt-6-lnua:2', null],
	['gpt-6-luna-2026-05-01:2', null],
	['gpt-6.3-luna:2', null],
	['gpt-6-luna:2?temprature=1', /option temprature .* Did you mean "temper/],
	['gpt-6-luna:2?maxtoken=9', /Did you mean "maxTokens"\?/],
	['ollama/a:2?top_p=1&max_tokens=3&min_p=0.1&num_ctx=9', null],
] as const) {
	test(`${spec} is ${warning === null ? 'nothing to warn of' : 'taken for a slip, and may be run'}`, async () => {
		const {code, warnings} = await validate(['-m', spec], {
			env: {OPENAI_API_KEY: secretKey},
		});
		const about = warnings.filter(each => !each.startsWith('The price'));
		assert.equal(code, 0);
		assert.equal(about.length, warning === null ? 0 : 1, about.join('\n'));
		assert.match(about.join(''), warning ?? /^$/);
	});
}

test('an embedding model whose price nobody knows is warned of as well', async () => {
	const {code, warnings} = await validate(
		[
			'-m',
			'gpt-6-luna:3',
			'--strategy',
			'semantic',
			'--strategy-param',
			'embedding=openai/embed-unheard-of',
		],
		{env: keys},
	);
	assert.equal(code, 0);
	assert.match(
		warnings.join('\n'),
		/^The price of openai\/embed-unheard-of is unknown/mv,
	);
});

test('a price nobody knows is warned of, with what to write where', async () => {
	const home = emptyFolder();
	const words = ['-m', 'gpt-6-luna', '-m', 'openai/gpt-unheard-of'];
	const {warnings} = await validate(words, {home, env: keys});
	assert.match(warnings.join('\n'), /^The price of openai\/gpt-unheard-of /);
	assert.match(warnings.join('\n'), /"prices": \{"openai\/gpt-unheard-of": /);

	writeFileSync(
		path.join(home, 'config.json'),
		JSON.stringify({
			version: 1,
			settings: {prices: {'openai/gpt-unheard-of': {input: 1, output: 4}}},
		}),
	);
	assert.deepEqual(
		(await validate(words, {home, env: keys})).warnings,
		[],
		'doing so helps',
	);
});

test('the choice made when nothing is configured is warned of in no way', async t => {
	// One vendor alone: its model answers three times and weighs the answers.
	const {warnings, code} = await validate([], {
		env: {ANTHROPIC_API_KEY: secretKey},
	});
	assert.equal(code, 0);
	assert.deepEqual(warnings, []);

	const server = await serve(t, {'gpt-6.1-sol': ['Yes.']});
	const {stderr} = await runProgram(['run', 'Why?'], {env: server.env});
	assert.doesNotMatch(stderr, /arbiter and a member|Only one/);
});

test('an arbiter nobody chose is not warned of', async () => {
	assert.deepEqual(
		await warningsFor(['-m', 'claude-opus-5-5', '-m', 'gpt-6-luna']),
		[],
	);
});

test('the demo is warned of in no way', async () => {
	assert.deepEqual(await warningsFor(['demo']), []);
});

test('a run and a save tell the warnings and go on; -q keeps a run silent', async t => {
	const server = await serve(t, {a: ['Yes.'], arbiter: ['Yes.']});
	const words = ['-m', 'openai/a', '--arbiter', 'openai/a'];
	const run = await runProgram(['run', ...words, 'Why?'], {env: server.env});
	const quiet = await runProgram(['run', '-q', ...words, 'Why?'], {
		env: server.env,
	});
	const saved = await runProgram(['save', 'one', ...words], {env: server.env});

	assert.notEqual(run.stdout, '');

	for (const {stderr} of [run, saved]) {
		assert.match(stderr, /^! openai\/a is the arbiter and a member/m);
		assert.match(stderr, /^! Only one instance/m);
		assert.match(stderr, /^! The price of openai\/a is unknown/m);
	}

	assert.equal(saved.code, 0);
	assert.equal(quiet.stderr, '');
});

test('a save needs no key and asks nobody', async t => {
	const server = await serve(t, {});
	const home = emptyFolder();
	await runProgram(['endpoints', 'add', 'lab', '--base-url', server.url], {
		home,
	});
	const {code, stderr} = await runProgram(
		['save', 'trio', '-m', 'claude-opus-5-5', '-m', 'unheard-of:2'],
		{home},
	);
	assert.equal(code, 0, stderr);
	assert.equal(stderr, '');
	assert.deepEqual(server.seen, []);
});
