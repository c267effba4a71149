import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {
	judgingMethods,
	type SavedConsortium,
} from '../../../source/core/consortium.js';
import {
	assertStrategies,
	strategies,
} from '../../../source/core/strategies/known.js';
import {UserError} from '../../../source/core/user-error.js';
import {type Beat, fakeModel, failure} from '../../helpers/fake-model.js';
import {brokenRules} from '../../helpers/grammar.js';
import {consortiumOf, play, verdictText} from '../../helpers/play.js';
import {answerText} from '../../helpers/values.js';

const names = ['a', 'b', 'c', 'd'];
const needed: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
	role: {roles: ['skeptic, as it is', 'verifier of it all']},
	tiered: {
		tiers: [
			['a', 'b'],
			['c', 'd'],
		],
	},
	quorum: {grace: 0, graceShare: 0},
	weighted: {weights: {a: 3}},
};

const named = (kinds: readonly string[]): SavedConsortium['strategies'] =>
	kinds.map(name => ({name, params: needed[name] ?? {}}));

const pairs = strategies.flatMap(({name: first}) =>
	strategies.map(({name: second}) => [first, second] as const),
);

/**
The sentence in which a combination is refused; null when it may run.
*/
function refusalOf(kinds: readonly string[]): string | null {
	try {
		assertStrategies(
			consortiumOf(
				Object.fromEntries(names.map(name => [name, fakeModel([])])),
				{strategies: named(kinds)},
			),
		);
		return null;
	} catch (error) {
		if (error instanceof UserError) {
			return error.message;
		}

		throw error;
	}
}

const beat = fc.oneof(
	{
		weight: 3,
		arbitrary: fc
			.constantFrom('1', '2', 'Paris')
			.map(each => answerText(each, 0.6)),
	},
	fc.constantFrom<Beat>(
		'Prose of some length, which says nothing in a line.',
		'Other words altogether: the weather was never better than today.',
		'',
		answerText('not 1'),
		{failure: failure()},
		{stop: 'length'},
		{stop: 'blocked'},
	),
);

const scripts = fc.array(fc.array(beat, {maxLength: 2}), {
	minLength: 1,
	maxLength: 4,
});

const verdict = fc.oneof(
	{
		weight: 4,
		arbitrary: fc
			.record({
				confidence: fc.constantFrom<number | string>(0, 0.5, 0.79, 0.8, 1, '?'),
				needsIteration: fc.constantFrom<boolean | string>(true, false, '?'),
				ranking: fc.constantFrom('', 'A', 'A > B', 'B = A > C > D', 'Z'),
				groups: fc.constantFrom('', 'A,B|C', 'A|B|C|D', 'Z'),
			})
			.map((parts): Beat => verdictText(parts)),
	},
	beat,
);

const verdicts = fc.array(
	verdict.map(each => [each]),
	{minLength: 1, maxLength: 6},
);

type Spoken = {
	readonly kinds: readonly string[];
	readonly consortium: Partial<SavedConsortium>;
	readonly answers: ReadonlyArray<ReadonlyArray<readonly Beat[]>>;
	readonly said: ReadonlyArray<readonly Beat[]>;
};

/**
Run these strategies to their end, which comes within the iterations that are allowed and so many calls.
*/
async function runs({kinds, consortium, answers, said}: Spoken): Promise<void> {
	const cast = {
		...Object.fromEntries(
			names.map((name, index) => [name, fakeModel(answers[index]!)]),
		),
		arbiter: fakeModel(said),
	};
	const maxIterations = consortium.maxIterations ?? 3;
	const {events, result} = await play(cast, {
		consortium: {
			...consortium,
			strategies: named(kinds),
			...(consortium.judging === 'panel' && {
				arbiters: [{model: 'arbiter'}, {model: 'arbiter'}],
			}),
		},
	});
	const starts = events.filter(({type}) => type === 'call-start');

	assert.deepEqual(brokenRules(events), []);
	assert.ok(result.iterations.length <= maxIterations);
	// In an iteration everybody may answer and review, and two arbiters be asked twice.
	assert.ok(starts.length <= maxIterations * (2 * names.length + 4));
	assert.notEqual(result.status, 'cancelled');
	assert.equal(result.answer === null, result.status === 'unanswered');
}

test('any two strategies are refused in a sentence or run to an end, whoever stands outside', async () => {
	let refused = 0;

	for (const [first, second] of pairs) {
		const refusal = refusalOf([first, second]);
		assert.equal(
			refusal === null,
			refusalOf([second, first]) === null,
			`${first} and ${second}`,
		);

		if (refusal === null) {
			await runs({
				kinds: [first, second],
				consortium: {},
				answers: names.map(name => [
					[answerText(name === 'd' ? '2' : '1', 0.7)],
				]),
				said: [[verdictText({confidence: 0.5, needsIteration: true})]],
			});
		} else {
			refused++;
			assert.match(
				refusal,
				/^(?:The strategy "\w+" is named twice\.|"\w+" and "\w+" cannot be combined: both decide [a-z ]+\.)$/v,
			);
		}
	}

	assert.ok(refused > strategies.length);
	assert.ok(refused < pairs.length / 2);
});

test('whatever is answered and judged, strategies end within the iterations and calls they are allowed', async () => {
	const good = pairs.filter(pair => refusalOf(pair) === null);
	const reached = new Set<string>();

	const spoken = fc.record({
		kinds: fc.constantFrom(...good),
		consortium: fc.record({
			judging: fc.constantFrom(...judgingMethods),
			stop: fc.constantFrom('any' as const, 'confidence', 'both', 'arbiter'),
			maxIterations: fc.integer({min: 2, max: 4}),
			until: fc.constantFrom(
				[],
				['agreement>=0.9'],
				['contains:1', 'confidence>=0.5'],
			),
		}),
		answers: fc.tuple(...names.map(() => scripts)),
		said: verdicts,
	});

	await fc.assert(
		fc.asyncProperty(spoken, async given => {
			for (const kind of [...given.kinds, given.consortium.judging]) {
				reached.add(kind);
			}

			await runs(given);
		}),
		{numRuns: 300},
	);
	assert.equal(reached.size, strategies.length + judgingMethods.length);
});
