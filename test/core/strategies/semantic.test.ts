import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {type RunEvent} from '../../../source/core/events.js';
import {completeLinkage, densityGroups} from '../../../source/core/linkage.js';
import {
	notObserved,
	type ObservationRequest,
	type Observer,
} from '../../../source/core/observation.js';
import {type Purse} from '../../../source/core/purse.js';
import {formsOf} from '../../../source/core/similarity.js';
import {strategyOf} from '../../../source/core/strategies/known.js';
import {emptyRun, foldRun} from '../../../source/core/run-state.js';
import {UserError} from '../../../source/core/user-error.js';
import {
	consortiumOf,
	play,
	templates,
	verdictText,
} from '../../helpers/play.js';
import {fakeModel, type FakeModel} from '../../helpers/fake-model.js';
import {brokenRules} from '../../helpers/grammar.js';
import {briefIn, decisionsIn, marksIn} from '../../helpers/values.js';
import {vectors} from '../../helpers/vectors.js';

const {metrics, clustering} = vectors<{
	readonly metrics: {
		readonly docs: readonly string[];
		readonly pairs: ReadonlyArray<{
			readonly i: number;
			readonly j: number;
			readonly char4_dice: number;
			readonly tfidf_cosine: number;
		}>;
	};
	readonly clustering: {
		readonly similarity: ReadonlyArray<readonly number[]>;
		readonly threshold: number;
		readonly complete: ReadonlyArray<readonly number[]>;
		readonly single: ReadonlyArray<readonly number[]>;
	};
}>('semantic');

const wind = 'It is the wind that comes from the sea in the evening.';
const cast = (texts: readonly string[], confidence = 0.9) => ({
	...Object.fromEntries(
		texts.map((text, index) => [
			String.fromCodePoint(97 + index),
			fakeModel([[text]]),
		]),
	),
	arbiter: fakeModel([[verdictText({confidence, needsIteration: false})]]),
});

const semantic = (given: Readonly<Record<string, unknown>> = {}) => ({
	strategies: [{name: 'semantic', params: given}],
});

/**
An observer that answers a request for the likeness of answers with these rows, and keeps what it was asked.
*/
function seeing(matrix: ReadonlyArray<readonly number[]>, costUsd = 0.5) {
	const asked: ObservationRequest[] = [];
	const observer: Observer = {
		priceOf: async () => costUsd,
		async observe(request) {
			asked.push(request);
			const nothing = notObserved(request, '');
			return nothing.kind === 'similarity'
				? {...nothing, matrix, costUsd, problem: null}
				: nothing;
		},
	};
	return {asked, observer};
}

const apart = [
	[1, 0.9, 0.8, 0.1],
	[0.9, 1, 0.85, 0.2],
	[0.8, 0.85, 1, 0.3],
	[0.1, 0.2, 0.3, 1],
];

const embedding = 'mock/embed';

test('the form of texts is half their rare words, half their runs of characters', () => {
	const forms = formsOf(metrics.docs);

	for (const {i, j, char4_dice: dice, tfidf_cosine: cosine} of metrics.pairs) {
		assert.ok(
			Math.abs(forms[i]![j]! - (dice + cosine) / 2) < 1e-6,
			`${i} and ${j}`,
		);
	}
});

test('complete linkage makes no chains, and density of two points makes them', () => {
	const {similarity, threshold, complete, single} = clustering;
	assert.deepEqual(completeLinkage(similarity, threshold), complete);
	assert.deepEqual(
		densityGroups(similarity, {eps: 1 - threshold, minPoints: 2}),
		single,
	);
});

test('with more points wanted, density groups need a crowd', () => {
	const {similarity} = clustering;
	assert.deepEqual(densityGroups(similarity, {eps: 0.3, minPoints: 3}), [
		[0, 1, 2],
		[3],
		[4],
	]);
	assert.deepEqual(densityGroups(similarity, {eps: 0.3, minPoints: 4}), [
		[0],
		[1],
		[2],
		[3],
		[4],
	]);
});

test('density of two points is what hangs together', () => {
	fc.assert(
		fc.property(
			fc.integer({min: 1, max: 8}).chain(size =>
				fc.array(fc.double({min: 0, max: 1, noNaN: true}), {
					minLength: size * size,
					maxLength: size * size,
				}),
			),
			values => {
				const size = Math.sqrt(values.length);
				const matrix = Array.from({length: size}, (_, row) =>
					Array.from({length: size}, (_each, column) =>
						row === column
							? 1
							: values[Math.min(row, column) * size + Math.max(row, column)]!,
					),
				);
				const groups = densityGroups(matrix, {eps: 0.5, minPoints: 2});
				assert.deepEqual(
					groups.flat().toSorted((left, right) => left - right),
					matrix.map((_, index) => index),
				);
				const groupOf = (index: number) =>
					groups.findIndex(group => group.includes(index));

				for (const [row, likeness] of matrix.entries()) {
					for (const [column, each] of likeness.entries()) {
						assert.ok(each < 0.5 || groupOf(row) === groupOf(column));
					}
				}
			},
		),
	);
});

test('whoever stands apart in wording is named, marked, told of and not shown', async () => {
	const models = cast([wind, `${wind} `, 'Nobody knows; ask again!', wind]);
	const {events, result} = await play(models, {consortium: semantic()});

	assert.deepEqual(brokenRules(events), []);
	const brief = briefIn(models.arbiter);
	assert.doesNotMatch(brief, /Nobody knows/v);
	assert.match(
		brief,
		/One more answer was given and is not shown: in form it stands apart from these\. That does not make it wrong\./v,
	);
	assert.deepEqual(
		marksIn(events, 'outlier').map(({instance}) => instance),
		['c#1'],
	);
	assert.match(
		decisionsIn(events)[1]!.reason,
		/^3 are alike \(form 1\.00, which is no agreement\) and c#1 stands apart, by wording\.$/v,
	);
	assert.match(
		result.reasons.join('\n'),
		/c#1 \(c\): Its answer in iteration 1 stands apart \(form 0\.\d\d to the others\) and is not heard\./v,
	);
	assert.equal(result.status, 'converged', 'it degrades nothing');
	assert.equal(result.iterations[0]!.instances[2]!.isLeftOut, false);
});

test('everyone is heard where all stand alone, where groups are equal, and where there are two', async () => {
	for (const texts of [
		['One thing.', 'Another matter!', 'Who cares?'],
		[wind, wind, 'The moon is full.', 'The moon is full.'],
		[wind, 'The moon is full.'],
	]) {
		const models = cast(texts);
		const {events} = await play(models, {consortium: semantic()});
		const brief = briefIn(models.arbiter);
		assert.ok(texts.every(text => brief.includes(text)));
		assert.deepEqual(marksIn(events, 'outlier'), []);
	}
});

test('an embedding model is asked once an iteration, before the answers are weighed, and what it costs counts', async () => {
	const models = cast(
		[
			`A.\n<final>1</final><confidence>0.9</confidence>`,
			'Bee.',
			'Sea.',
			'Apart.',
		],
		0.1,
	);
	models.arbiter = fakeModel([
		[verdictText({confidence: 0.1, needsIteration: true})],
		[verdictText()],
	]);
	const {asked, observer} = seeing(apart);
	const {events, result} = await play(models, {
		consortium: semantic({embedding}),
		observer,
	});

	assert.deepEqual(brokenRules(events), []);
	assert.equal(asked.length, 2);
	assert.partialDeepStrictEqual(asked[0], {
		kind: 'similarity',
		model: embedding,
		answers: [{instance: 'a#1', text: 'A.'}, {instance: 'b#1'}],
	});
	assert.equal(events.filter(({type}) => type === 'observation').length, 2);
	assert.doesNotMatch(briefIn(models.arbiter), /Apart\./v);
	assert.match(
		decisionsIn(events)[2]!.reason,
		/3 are alike \(form 0\.85, .*\) and d#1 stands apart, in the eyes of mock\/embed/v,
	);
	assert.match(
		marksIn(events, 'outlier')[0]!.text,
		/form 0\.20 to the others/v,
	);
	const calls = 2 * 5 * 0.01;
	assert.ok(Math.abs(result.costUsd! - (calls + 1)) < 1e-9);
	assert.equal(result.costIsComplete, true);
});

test('density hears whoever is like some other', async () => {
	const chain = [
		[1, 0.8, 0.1, 0],
		[0.8, 1, 0.8, 0],
		[0.1, 0.8, 1, 0],
		[0, 0, 0, 1],
	];
	const heard = async (given: Readonly<Record<string, unknown>>) => {
		const models = cast(['One.', 'Two.', 'Three.', 'Four.']);
		await play(models, {
			consortium: semantic({embedding, ...given}),
			observer: seeing(chain).observer,
		});
		return briefIn(models.arbiter).match(/One\.|Two\.|Three\.|Four\./gv)!
			.length;
	};

	assert.equal(await heard({method: 'dbscan'}), 3);
	assert.equal(await heard({}), 2);
	assert.equal(await heard({threshold: 0.05}), 3);
});

test('without an answer of the embedding model the wording is compared, and why is said', async () => {
	const failing: Observer = {
		priceOf: async () => 0,
		observe: async request => notObserved(request, 'It is down.'),
	};
	const damaged = seeing([[1]]).observer;

	for (const [observer, why] of [
		[undefined, 'There is no way to find it out here.'],
		[failing, 'It is down.'],
		[damaged, 'Its reply cannot be read.'],
	] as const) {
		const models = cast([wind, wind, wind, 'Nobody knows; ask again!']);
		const {events, result} = await play(models, {
			consortium: semantic({embedding}),
			...(observer && {observer}),
		});
		assert.ok(
			decisionsIn(events)[2]!.reason.endsWith(
				`by wording, since mock/embed could not be asked: ${why}`,
			),
			decisionsIn(events)[2]!.reason,
		);
		assert.equal(marksIn(events, 'outlier')[0]!.instance, 'd#1');
		assert.equal(result.status, 'converged');
	}
});

test('what the budget does not allow is not asked for', async () => {
	const {asked, observer} = seeing(apart, 3);
	const limits = {budgetUsd: 1, timeoutSeconds: 600};
	const dear = await play(cast(['A.', 'B.', 'C.', 'D.']), {
		consortium: {...semantic({embedding}), limits},
		observer,
	});

	assert.deepEqual(asked, []);
	assert.match(
		decisionsIn(dear.events)[2]!.reason,
		/by wording, since .*The budget of \$1 would be exceeded/v,
	);
	assert.equal(dear.result.status, 'converged');
	assert.ok(dear.result.costUsd! < 1);
});

test('an embedding model of unknown price is refused under a limit before anything is called, also inside', async () => {
	const {observer} = seeing(apart);
	const limits = {budgetUsd: 1, timeoutSeconds: 600};
	const purse: Purse = {reserve: () => null, settle() {}};
	const inner = consortiumOf(cast(['A.', 'B.', 'C.']), {
		...semantic({embedding}),
		name: 'inner',
	});
	const outer = {
		members: [{slot: 'inner', model: 'inner', count: 1}],
		strategies: [{name: 'default', params: {}}],
	};

	for (const [what, told, options] of [
		['budget', 'budget', {consortium: {...semantic({embedding}), limits}}],
		['purse', 'daily limit', {consortium: semantic({embedding}), purse}],
		[
			'budget outside',
			'budget',
			{
				consortium: {...outer, limits},
				consortiums: new Map([['inner', inner]]),
			},
		],
		[
			'budget inside',
			'budget',
			{
				consortium: outer,
				consortiums: new Map([['inner', {...inner, limits}]]),
			},
		],
	] as const) {
		const models = cast(['A.', 'B.', 'C.', 'D.']);
		await assert.rejects(
			play(models, {
				...options,
				observer: {...observer, priceOf: async () => null},
			}),
			(error: unknown) => {
				assert.ok(error instanceof UserError, what);
				assert.equal(
					error.message,
					`The ${told} cannot be kept: the price of mock/embed is unknown.`,
				);
				return true;
			},
		);
		assert.ok(Object.values(models).every(({heard}) => heard.length === 0));
	}
});

test('a run that is interrupted while it finds out ends as cancelled', async () => {
	const controller = new AbortController();
	const {events, result} = await play(cast(['A.', 'B.', 'C.']), {
		consortium: semantic({embedding}),
		signal: controller.signal,
		observer: {
			priceOf: async () => 0,
			async observe(_request, signal) {
				controller.abort(new Error('Enough.'));
				signal.throwIfAborted();
				throw new TypeError('It was not stopped.');
			},
		},
	});

	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.status, 'cancelled');
	assert.ok(events.every(({type}) => type !== 'observation'));
});

test('who is heard does not hang on who came first, nor on where the run was broken off', async () => {
	const models: Record<string, FakeModel> = cast([
		wind,
		'Nobody knows; ask again!',
		wind,
		wind,
	]);
	const {events} = await play(models, {consortium: semantic()});
	const {start} = folded(events);
	const strategy = () =>
		strategyOf({
			consortium: consortiumOf(models, semantic()),
			instances: start!.instances,
			templates,
			thread: [],
		});
	const ends = events.filter(
		event => event.type === 'call-end' && event.purpose === 'answer',
	);
	const decision = events.findIndex(
		event => event.type === 'decision' && event.action === 'judge',
	);
	const before = events
		.slice(0, decision)
		.filter(event => !ends.includes(event));
	const expected = strategy().next(folded([...before, ...ends]));
	assert.equal(expected.type, 'judge');
	assert.equal(expected.marks?.length, 1);

	fc.assert(
		fc.property(fc.shuffledSubarray(ends, {minLength: 4}), shuffled => {
			assert.deepEqual(
				strategy().next(folded([...before, ...shuffled])),
				expected,
			);
		}),
		{numRuns: 20},
	);
});

function folded(events: readonly RunEvent[]) {
	const run = emptyRun();

	for (const event of events) {
		foldRun(run, event);
	}

	return run;
}

test('votes are counted among all, also those who are not heard', async () => {
	const same = (value: string) =>
		`${wind} So there are many.\n<final>${value}</final>`;
	const models = cast([
		same('2'),
		same('2'),
		'Nope.\n<final>3</final>',
		same('2'),
	]);
	const {result} = await play(models, {
		consortium: {
			strategies: [
				{name: 'semantic', params: {}},
				{name: 'voting', params: {}},
			],
		},
	});

	assert.equal(models.arbiter.heard.length, 0);
	assert.match(result.reasons[0]!, /^3 of 4 say 2/v);
	assert.match(result.reasons.join('\n'), /c#1 .*stands apart/v);
});

test('what is no model, no method and no share is refused', async () => {
	for (const [given, why] of [
		[{embedding: 'small'}, /semantic\.embedding is a model with its provider/v],
		[{method: 'kmeans'}, /semantic\.method/v],
		[{threshold: 2}, /semantic\.threshold/v],
		[{minPoints: 1.5}, /semantic\.minPoints/v],
		[{epsilon: 1}, /no parameter "epsilon"/v],
	] as const) {
		await assert.rejects(
			play(cast([wind]), {consortium: semantic(given)}),
			why,
		);
	}
});
