import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {type Config} from '../../source/config/config.js';
import {demo} from '../../source/config/demo.js';
import {
	consortiumFlags,
	consortiumFrom,
} from '../../source/commands/consortium-flags.js';
import {parseArguments} from '../../source/commands/parse.js';
import {
	consortiumDefaults,
	type SavedConsortium,
} from '../../source/core/consortium.js';
import {emptyFolder} from '../helpers/program.js';

const trio: SavedConsortium = {
	...consortiumDefaults,
	name: 'trio',
	members: [
		{slot: 'luna', model: 'openai/luna', count: 2, options: {effort: 'low'}},
		{slot: 'sol', model: 'openai/sol', count: 1},
	],
	arbiters: [{model: 'openai/sol'}],
	strategies: [{name: 'default', params: {}}],
	confidenceThreshold: 0.9,
	minIterations: 2,
	maxIterations: 4,
	memory: 'lean',
	system: 'Be brief.',
	limits: {budgetUsd: 2, timeoutSeconds: 60},
};

const config: Config = {
	version: 1,
	default: null,
	consortiums: {trio},
	endpoints: {},
	settings: {},
};

const from = async (
	words: readonly string[],
	base: SavedConsortium | null = null,
) =>
	consortiumFrom(parseArguments(words, consortiumFlags).flags, base, {
		name: 'mine',
		config,
	});

test('without flags it is the defaults, its models still to be chosen', async () => {
	assert.deepEqual(await from([]), {
		...consortiumDefaults,
		name: 'mine',
		members: [],
		arbiters: [],
	});
});

test('without flags a saved one stays as it is, but for its name', async () => {
	assert.deepEqual(await from([], trio), {...trio, name: 'mine'});
});

test('every flag says its part', async () => {
	const words = [
		'-m',
		'gpt-4o:2',
		'-m',
		'ollama/llama3:8b?temperature=0.5',
		'-n',
		'3',
		'--arbiter',
		'openai/sol?effort=high',
		'--confidence-threshold',
		'95%',
		'--max-iterations',
		'5',
		'--min-iterations',
		'2',
		'--stop',
		'both',
		'--judging',
		'synthesis',
		'--strategy',
		'default',
		'--memory',
		'rebuild',
		'--system',
		'Answer in French.',
		'--temperature',
		'1',
		'--max-tokens',
		'500',
		'--effort',
		'low',
		'--budget',
		'$0.50',
		'--timeout',
		'90',
	];

	assert.deepEqual(await from(words, trio), {
		v: 1,
		name: 'mine',
		members: [
			{
				slot: 'gpt-4o',
				model: 'gpt-4o',
				count: 2,
				options: {temperature: 1, maxTokens: 500, effort: 'low'},
			},
			{
				slot: 'llama3-8b',
				model: 'ollama/llama3:8b',
				count: 3,
				options: {temperature: 0.5, maxTokens: 500, effort: 'low'},
			},
		],
		arbiters: [{model: 'openai/sol', options: {effort: 'high'}}],
		strategies: [{name: 'default', params: {}}],
		judging: 'synthesis',
		memory: 'rebuild',
		confidenceThreshold: 0.95,
		minIterations: 2,
		maxIterations: 5,
		stop: 'both',
		until: [],
		system: 'Answer in French.',
		limits: {budgetUsd: 0.5, timeoutSeconds: 90},
	});
});

test('a sampling flag of this call wins over what was saved, and leaves the arbiter alone', async () => {
	const {members, arbiters} = await from(['--effort', 'high'], trio);

	assert.deepEqual(
		members.map(({options}) => options),
		[{effort: 'high'}, {effort: 'high'}],
	);
	assert.deepEqual(arbiters, [{model: 'openai/sol'}]);
});

test('other roles leave the way they are given out, and the place of their strategy', async () => {
	const {strategies} = await from(['--role', 'verifier'], {
		...trio,
		strategies: [
			{name: 'voting', params: {}},
			{name: 'role', params: {roles: ['skeptic'], assign: 'in-order'}},
		],
	});

	assert.deepEqual(strategies, [
		{name: 'voting', params: {}},
		{name: 'role', params: {roles: ['verifier'], assign: 'in-order'}},
	]);
});

test('a budget that was saved can be taken back', async () => {
	const {limits} = await from(['--budget', 'none'], trio);
	assert.deepEqual(limits, {budgetUsd: null, timeoutSeconds: 60});
});

test('a system prompt may stand in a file', async () => {
	const path = join(emptyFolder(), 'system.md');
	writeFileSync(path, '\uFEFFBe kind.\n\nBe brief.\n');

	assert.equal(
		(await from(['--system', path])).system,
		'Be kind.\n\nBe brief.',
	);
	assert.equal(
		(await from(['--system', 'Read notes/a.md.'])).system,
		'Read notes/a.md.',
	);
	await assert.rejects(from(['--system', `${path}x`]), /no file .*system\.mdx/);
	await assert.rejects(from(['--system', 'rules.md']), /no file rules\.md/);
	await assert.rejects(from(['--system', emptyFolder()]), /is a folder/);
	const long = 'x'.repeat(100_000);
	assert.equal((await from(['--system', long])).system, long);
});

for (const [given, threshold] of [
	['0', 0],
	['0.8', 0.8],
	['.8', 0.8],
	['1', 1],
	['1.0', 1],
	['2', 0.02],
	['80', 0.8],
	['80%', 0.8],
	['1%', 0.01],
	['0.5%', 0.005],
	['100', 1],
	['100%', 1],
] as const) {
	test(`a threshold of ${given} is ${threshold}`, async () => {
		const {confidenceThreshold} = await from(['--confidence-threshold', given]);
		assert.equal(confidenceThreshold, threshold);
	});
}

for (const [words, message] of [
	...[
		'1.5',
		'101',
		'-1',
		'-0.1',
		'101%',
		'high',
		'%',
		'0,8',
		'1e-1',
		'NaN',
	].map(
		text =>
			[
				[`--confidence-threshold=${text}`],
				new RegExp(
					String.raw`^--confidence-threshold takes .*80%, not "${text.replace('.', String.raw`\.`)}"\.$`,
				),
			] as const,
	),
	[['--max-iterations', '0'], /^--max-iterations takes a whole number from 1 /],
	[['--max-iterations', '2.5'], /--max-iterations .* not "2\.5"/],
	[['--max-iterations', 'x'], /--max-iterations .* not "x"/],
	[['--max-iterations', '0x10'], /--max-iterations .* not "0x10"/],
	[['--min-iterations', '4'], /4 iterations .*more than at most 3/],
	[['--stop', 'never'], /--stop takes any, both, confidence, or arbiter, not/],
	[
		['--judging', 'rang'],
		/--judging takes synthesis, rank, pick, panel, or peer, not "rang"/,
	],
	[['--until', 'tomorrow'], /"tomorrow" is no condition/],
	[['--judging', 'vote'], /--judging takes .*, or peer, not "vote"/],
	[['--memory', 'all'], /--memory takes reply, lean, or rebuild, not "all"/],
	[['--strategy', 'betting'], /strategy called "betting"/],
	[['--strategy-param', 'k=1'], /no parameter "k"/],
	[
		['--strategy', 'voting', '--strategy-param', 'votin.rule=majority'],
		/^The parameter "votin\.rule" is one of a strategy "votin", which there is not\.$/v,
	],
	[
		['--strategy', 'voting', '--strategy-param', 'adaptive.first=2'],
		/^The parameter "adaptive\.first" is one of the strategy "adaptive", which is not named\.$/v,
	],
	[
		['--strategy', 'voting', '--strategy-param', 'voting.rul=majority'],
		/^The strategy "voting" has no parameter "rul"\.$/v,
	],
	[
		['--strategy', 'elimination,adaptive'],
		/^"elimination" and "adaptive" cannot be combined: both decide who is asked\.$/v,
	],
	[
		['--strategy', 'adaptive,tiered', '--strategy-param', 'settled=0.9'],
		/^The parameter "settled" belongs to adaptive and tiered\.$/v,
	],
	[['--strategy-param', 'k'], /--strategy-param takes KEY=VALUE, not "k"/],
	[['--strategy-param', '=1'], /--strategy-param takes KEY=VALUE, not "=1"/],
	[['--temperature', '3'], /--temperature takes a number from 0 to 2, not "3"/],
	[['--max-tokens', '0'], /--max-tokens takes a whole number from 1 up, not/],
	[['--effort', 'huge'], /--effort takes none, .*, not "huge"/],
	[['--budget', '0'], /--budget takes a number above 0, not|above 0 up/],
	[['--budget', 'a lot'], /--budget .* not "a lot"/],
	[['--timeout', '0'], /--timeout takes a number above 0, at most 604800/],
	[['-n', '2'], /--count needs --model/],
	[['-m', 'a', '-n', '0'], /--count takes a whole number from 1 to 64/],
	[['-m', 'a:65'], /from 1 to 64/],
	[['-m', 'trio?top_p=1'], /"trio" is a saved consortium.* options.*: top_p/],
	[['-m', 'demo', '--effort', 'low'], /"demo" is a saved consortium.*: effort/],
	[['--arbiter', 'trio?seed=1'], /"trio" is a saved consortium.*: seed/],
	[['--arbiter', 'a:2'], /2 arbiters sit in a panel only/],
] as ReadonlyArray<readonly [readonly string[], RegExp]>) {
	test(`${words.join(' ')} is refused`, async () => {
		await assert.rejects(from(words), {name: 'UserError', message});
	});
}

test('a minimum is compared with the maximum of the saved consortium', async () => {
	await assert.rejects(from(['--min-iterations', '5'], trio), {
		message: /5 iterations .*at most 4/,
	});
	assert.equal((await from(['--min-iterations', '4'], trio)).minIterations, 4);
});

test('the built-in consortium can be varied like any other', async () => {
	const {members, maxIterations} = await from(['--max-iterations', '1'], demo);

	assert.equal(maxIterations, 1);
	assert.deepEqual(members, demo.members);
});
