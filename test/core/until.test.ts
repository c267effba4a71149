import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
	notObserved,
	type ObservationRequest,
	type Observer,
} from '../../source/core/observation.js';
import {type RunEvent} from '../../source/core/events.js';
import {emptyRun, foldRun} from '../../source/core/run-state.js';
import {strategyOf} from '../../source/core/strategies/known.js';
import {untilIn} from '../../source/core/until.js';
import {UserError} from '../../source/core/user-error.js';
import {fakeModel} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {play, templates, verdictText} from '../helpers/play.js';
import {decisionsIn} from '../helpers/values.js';

/**
An observer to whom these answers are good.
*/
function liking(...good: readonly string[]) {
	const asked: ObservationRequest[] = [];
	const observer: Observer = {
		priceOf: async () => 0,
		async observe(request) {
			asked.push(request);
			const nothing = notObserved(request, '');
			return nothing.kind === 'similarity' || request.kind === 'similarity'
				? nothing
				: {...nothing, isMet: good.includes(request.answer), problem: null};
		},
	};
	return {asked, observer};
}

async function playUntil(
	until: readonly string[],
	syntheses: readonly string[],
	observer?: Observer,
) {
	const played = await play(
		{
			a: fakeModel([['It is.\n<final>1</final>']]),
			b: fakeModel([['It is.\n<final>2</final>']]),
			arbiter: fakeModel(
				syntheses.map(synthesis => [verdictText({synthesis, confidence: 0.5})]),
			),
		},
		{consortium: {until, maxIterations: 3}, ...(observer && {observer})},
	);
	assert.deepEqual(brokenRules(played.events), []);
	return played;
}

test('a run goes on until the answer contains a text, however its letters are written', async () => {
	const {result} = await playUntil(
		['contains:caf\u00E9'],
		['Tea.', 'A cafe\u0301.'],
	);
	assert.equal(result.status, 'converged');
	assert.equal(result.iterations.length, 2);
	assert.match(result.reasons[0]!, /^The answer meets contains:café/v);
});

test('what a run has to be told is asked once an iteration, patterns before commands, when the rest is met', async () => {
	const {asked, observer} = liking('Good.');
	const {events, result} = await playUntil(
		['command:make check', 'contains:o', 'regex:^Go', 'confidence>=0.4'],
		['Tea.', 'Go.', 'Good.'],
		observer,
	);

	assert.deepEqual(asked, [
		{kind: 'regex', pattern: '^Go', answer: 'Go.'},
		{kind: 'regex', pattern: '^Go', answer: 'Good.'},
		{kind: 'command', command: 'make check', answer: 'Good.'},
	]);
	assert.equal(result.status, 'converged');
	assert.equal(result.costUsd, 0.09, 'it costs what was asked of models');
	assert.deepEqual(
		decisionsIn(events)
			.filter(({action}) => action === 'observe')
			.map(({reason}) => reason),
		[
			'Whether the answer matches ^Go.',
			'Whether the answer matches ^Go.',
			'Whether the answer passes make check.',
		],
	);
});

test('what cannot be found out ends the run, since it would never be met', async () => {
	const {result} = await playUntil(['command:true'], ['Tea.']);
	assert.equal(result.status, 'unconverged');
	assert.equal(result.iterations.length, 1);
	assert.match(
		result.reasons[0]!,
		/could not be found out\. command:true: There is no way/v,
	);
});

test('what was found out before a run was broken off is not asked again', async () => {
	const {observer} = liking('Good.');
	const {events} = await playUntil(['command:true'], ['Good.'], observer);
	const start = events[0]!;
	assert.equal(start.type, 'run-start');
	const {consortium, instances} = start;
	const nextAfter = (type: RunEvent['type']) => {
		const run = emptyRun();
		const last = events.findIndex(event => event.type === type);

		for (const event of events.slice(0, last + 1)) {
			foldRun(run, event);
		}

		return strategyOf({consortium, instances, templates, thread: []}).next(run)
			.type;
	};

	assert.equal(nextAfter('verdict'), 'observe');
	assert.equal(nextAfter('observation'), 'stop');
});

test('agreement that is unknown reaches no share', async () => {
	const {result} = await play(
		{
			a: fakeModel([['It is so.']]),
			arbiter: fakeModel([[verdictText({confidence: 1})]]),
		},
		{consortium: {until: ['agreement>=0.9'], maxIterations: 1}},
	);
	assert.equal(
		result.status === 'converged',
		result.iterations[0]!.verdicts[0]!.agreement !== null,
	);
});

test('what is no condition is refused', () => {
	for (const written of [
		'',
		'contains:',
		'contains',
		'regex:(',
		'command: ',
		'command:a\0b',
		'agreement>0.9',
		'confidence>=high',
		'comand:true',
	]) {
		assert.throws(
			() => untilIn(written),
			{name: 'UserError'},
			JSON.stringify(written),
		);
	}

	assert.equal(untilIn(' confidence>=90% ').kind, 'confidence');
});

test('a condition that is nearly one is told as it was probably meant', () => {
	const hints: ReadonlyArray<readonly [string, RegExp]> = [
		['agreement>0.9', /Write 'agreement>=0\.9'\.$/v],
		['Confidence: 80%', /Write 'confidence>=80%'\.$/v],
		['contains:', /Write 'contains:TEXT', with/v],
		['agreement>=9', /Write agreement>=0\.09 or agreement>=9%\.$/v],
		['confidence>=150', /For example: agreement>=0\.9/v],
	];

	for (const [written, hint] of hints) {
		assert.throws(
			() => untilIn(written),
			error => error instanceof UserError && hint.test(error.hint),
			written,
		);
	}

	assert.equal((untilIn('agreement>=9%') as {least?: number}).least, 0.09);
	assert.equal((untilIn('agreement>=1') as {least?: number}).least, 1);
});
