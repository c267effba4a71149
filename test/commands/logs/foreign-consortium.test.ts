import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {assertGoodName} from '../../../source/config/consortiums.js';
import {allowedName} from '../../../source/commands/logs/configs-plan.js';
import {foreignConsortium} from '../../../source/commands/logs/foreign-consortium.js';
import {readConsortiumFile} from '../../../source/commands/consortium-file.js';
import {UserError} from '../../../source/core/user-error.js';
import {unsafe} from '../../../source/text/plain.js';
import {draft, newest, oldest} from '../../helpers/saved-configs.js';

const convert = (
	config: Readonly<Record<string, unknown>>,
	aliases: Readonly<Record<string, string>> = {},
) =>
	foreignConsortium(
		{name: 'team', config},
		'team',
		new Map(Object.entries(aliases)),
	);

test('a consortium of the version before strategies keeps its members, limits and way to end', () => {
	const {consortium, notes} = convert(oldest);

	assert.deepEqual(consortium, {
		v: 1,
		name: 'team',
		members: [
			{slot: 'claude-3-opus', model: 'claude-3-opus', count: 2},
			{slot: 'gpt-4o', model: 'gpt-4o', count: 1},
			{slot: 'x-free', model: 'openrouter/x:free', count: 3},
		],
		arbiters: [{model: 'gemini-1.5-pro'}],
		strategies: [{name: 'default', params: {}}],
		judging: 'synthesis',
		memory: 'rebuild',
		confidenceThreshold: 0.9,
		minIterations: 2,
		maxIterations: 4,
		stop: 'confidence',
		until: [],
		system: 'Weigh\r\nevery word.',
		limits: {budgetUsd: null, timeoutSeconds: 600},
	});
	assert.deepEqual(notes, []);
});

test('each version of the plug-in ends a run, and goes on with its members, in its own way', () => {
	const manners = [
		oldest,
		draft,
		newest,
		{...newest, manual_context: true},
	].map(config => {
		const {stop, memory} = convert(config).consortium;
		return `${stop} ${memory}`;
	});

	assert.deepEqual(manners, [
		'confidence rebuild',
		'any rebuild',
		'both reply',
		'both rebuild',
	]);
});

test('what cannot be done here is said, and the consortium is imported all the same', () => {
	const {consortium, notes} = convert({
		...newest,
		judging_method: ' Rank',
		strategy: 'Elimination',
		strategy_params: {eliminate_count: 1},
		arbiter: null,
		expected_agreement: 'high',
		category: 'maths',
	});

	assert.equal(consortium.judging, 'rank');
	assert.equal(consortium.strategies[0]!.name, 'elimination');
	assert.deepEqual(consortium.arbiters, []);
	assert.deepEqual(notes, [
		'it names no arbiter: one is chosen when it runs',
		'it eliminated 1 at a time: here it is a share of those that are left',
		'nothing here is like category, expected_agreement',
	]);
});

const strategyOf = (
	strategy: string,
	given: unknown,
	more: Readonly<Record<string, unknown>> = {},
) => {
	const {consortium, notes} = convert({
		...newest,
		strategy,
		strategy_params: given,
		...more,
	});
	return {...consortium.strategies[0]!, notes};
};

test('every strategy of the plug-in becomes ours of that name, with its parameters', () => {
	assert.deepEqual(strategyOf('voting', {require_majority: true}), {
		name: 'voting',
		params: {rule: 'majority'},
		notes: [],
	});
	assert.deepEqual(
		[{}, {require_majority: false}, {require_majority: 'false'}].map(
			given => strategyOf('voting', given).params,
		),
		[{rule: 'plurality'}, {rule: 'plurality'}, {rule: 'majority'}],
		'there the largest group won, unless a majority was wanted',
	);
	assert.deepEqual(
		strategyOf('elimination', {eliminate_fraction: 0.5, keep_minimum: 3}),
		{
			name: 'elimination',
			params: {keep: 0.5, minimum: 3},
			notes: [
				'it eliminated 1 at a time: here it is a share of those that are left',
			],
		},
	);
	assert.deepEqual(
		strategyOf('role', {roles: ['Be brief, always.', 'critic']}),
		{
			name: 'role',
			params: {
				roles: ['Be brief, always.', 'Your role: critic.'],
				assign: 'in-order',
			},
			notes: [],
		},
	);
	assert.deepEqual(strategyOf('role', null).params['roles'], [
		'practitioner',
		'skeptic',
		'verifier',
	]);
	assert.deepEqual(
		strategyOf(
			'semantic',
			{clustering_algorithm: 'dbscan', eps: '0.4', min_samples: 3},
			{embedding_backend: 'openai', embedding_model: 'text-embedding-3-large'},
		),
		{
			name: 'semantic',
			params: {
				method: 'dbscan',
				eps: 0.4,
				minPoints: 3,
				embedding: 'openai/text-embedding-3-large',
			},
			notes: [],
		},
	);
});

test('answers are compared by wording where the embeddings of the plug-in are none of ours', () => {
	const {name, params, notes} = strategyOf(
		'semantic',
		{eps: 99, min_samples: -1, use_centroid_synthesis: true},
		{embedding_backend: 'sentence-transformers'},
	);
	assert.equal(name, 'semantic');
	assert.deepEqual(params, {method: 'dbscan', eps: 2, minPoints: 1});
	assert.equal(notes.length, 2);
	assert.match(notes[0]!, /compared by their wording/v);
	assert.match(notes[1]!, /parameters of its strategy semantic/v);
});

test('a strategy or a judging that is none here is left out, and this is said', () => {
	const {consortium, notes} = convert({
		...newest,
		strategy: 'moonshot',
		judging_method: 'dice',
	});
	assert.deepEqual(consortium.strategies, [{name: 'default', params: {}}]);
	assert.equal(consortium.judging, 'synthesis');
	assert.deepEqual(notes, [
		'judging dice is none here: the arbiter writes a synthesis',
		'the strategy moonshot is none here, or not with its parameters: all members are always asked',
	]);
});

test('numbers that are no sensible ones are brought into range, and this is said', () => {
	const {consortium, notes} = convert({
		models: {a: '2', b: 0, c: 99, d: 'many', e: 1.5},
		arbiter: 'f',
		confidence_threshold: '85',
		max_iterations: 1e9,
		minimum_iterations: -3,
	});

	assert.deepEqual(
		consortium.members.map(({model, count}) => `${model} ${count}`),
		['a 2', 'c 64', 'd 1', 'e 1'],
	);
	assert.equal(consortium.confidenceThreshold, 0.85);
	assert.equal(consortium.maxIterations, 1000);
	assert.equal(consortium.minIterations, 1);
	assert.equal(notes.length, 6);
});

test('a minimum above the maximum means what it meant to the version that saved it', () => {
	const limits = {minimum_iterations: 5, max_iterations: 3};

	assert.deepEqual(
		[oldest, draft, newest].map(config => {
			const {minIterations, maxIterations} = convert({
				...config,
				...limits,
			}).consortium;
			return [minIterations, maxIterations];
		}),
		[
			[5, 5],
			[3, 3],
			[3, 3],
		],
	);
});

test('models are read by the aliases, and those that become the same are one member', () => {
	const {members, arbiters} = convert(
		{models: {opus: 1, 'claude-3-opus': 2, own: 1}, arbiter: 'opus'},
		{opus: 'claude-3-opus'},
	).consortium;

	assert.deepEqual(members, [
		{slot: 'claude-3-opus', model: 'claude-3-opus', count: 3},
		{slot: 'own', model: 'own', count: 1},
	]);
	assert.deepEqual(arbiters, [{model: 'claude-3-opus'}]);
});

test('what cannot be a consortium is refused without a sign that a terminal acts on', () => {
	for (const [config, told] of [
		[{}, /it names no models/],
		[{models: ['a']}, /it names no models/],
		[{models: {}}, /at least one member/],
		[{models: {a: 0}}, /at least one member/],
		[{models: {'a?b=c': 1}}, /name that none has here/],
		[{models: {'': 1}}, /name that none has here/],
		[{models: {'a\u001B[2Jb': 1}}, /control characters/],
		[{models: {['x'.repeat(2000)]: 1}}, /longer than 1000/],
		[{models: {a: 1}, system_prompt: 'a\u001B]0;x\u0007'}, /control char/],
		[
			{
				models: Object.fromEntries(
					Array.from({length: 5}, (_, index) => [`m${index}`, 60]),
				),
			},
			/a run has at most 256/,
		],
	] as const) {
		assert.throws(
			() => convert(config),
			(error: unknown) => {
				assert.ok(error instanceof UserError);
				assert.match(error.message, told);
				assert.doesNotMatch(error.message, new RegExp(unsafe.source, 'u'));
				return true;
			},
		);
	}
});

function orSentence<Value>(work: () => Value): Value | null {
	try {
		return work();
	} catch (error) {
		if (error instanceof UserError) {
			return null;
		}

		throw error;
	}
}

test('whatever stands in a configuration makes a consortium that can be exported and imported, or a sentence', () => {
	const value = fc.oneof(
		fc.jsonValue(),
		fc.double(),
		fc.constantFrom(
			'default',
			'rank',
			'voting',
			'semantic',
			'openai',
			'role',
			'__proto__',
			'0.5',
			null,
			-1,
		),
		fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.jsonValue())),
	);
	const config = fc.record(
		Object.fromEntries(
			[...Object.keys(newest), 'strategy_name', 'other'].map(key => [
				key,
				value,
			]),
		),
		{requiredKeys: []},
	);

	fc.assert(
		fc.property(config, given => {
			const converted = orSentence(() => convert({models: {a: 1}, ...given}));

			if (converted) {
				const {consortium, notes} = converted;
				const {consortiums} = readConsortiumFile(JSON.stringify(consortium));
				assert.deepEqual(consortiums['team'], consortium);
				assert.doesNotMatch(notes.join('\n'), new RegExp(unsafe.source, 'u'));
			}
		}),
		{numRuns: 500},
	);
});

test('every name becomes one that is allowed, and an allowed one stays', () => {
	assert.equal(allowedName('my team!'), 'my-team-');
	assert.equal(allowedName('__proto__'), 'proto__');
	assert.equal(allowedName('\u001B[2J'), '2J');
	assert.equal(allowedName('???'), 'consortium');
	assert.equal(allowedName('Équipe_1.b'), 'Équipe_1.b');

	fc.assert(
		fc.property(fc.string({unit: 'binary', maxLength: 200}), name => {
			const allowed = allowedName(name);

			if (allowed !== 'demo') {
				assertGoodName(allowed);
			}

			assert.equal(allowedName(allowed), allowed);
		}),
	);
});
