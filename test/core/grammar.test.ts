import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {Abort} from '../../source/core/abort.js';
import {memoryModes, stopPolicies} from '../../source/core/consortium.js';
import {type RunEvent} from '../../source/core/events.js';
import {createRunControl} from '../../source/core/run-control.js';
import {failure, fakeModel, type Beat} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {play, verdictText} from '../helpers/play.js';
import {stillWorld} from '../helpers/world.js';

const beat: fc.Arbitrary<Beat> = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.constantFrom<Beat>('a', 'b ', '\n', '<final>4</final>'),
	},
	{weight: 1, arbitrary: fc.constant<Beat>({thinking: 'hm'})},
	{weight: 1, arbitrary: fc.constant<Beat>({wait: failure()})},
	{
		weight: 1,
		arbitrary: fc.constant<Beat>({failure: failure({retryable: true})}),
	},
	{weight: 1, arbitrary: fc.constant<Beat>({failure: failure({kind: 'auth'})})},
	{
		weight: 1,
		arbitrary: fc.constantFrom<Beat>({stop: 'length'}, {stop: 'blocked'}),
	},
);
const script = fc.array(beat, {maxLength: 5});
const verdict = fc
	.record({
		confidence: fc.constantFrom(0.1, 0.5, 0.9, 'n/a'),
		needsIteration: fc.constantFrom(true, false, '?'),
		synthesis: fc.constantFrom('Yes.', '', 'a < b'),
	})
	.map(parts => verdictText(parts));
const arbiterScript = fc.oneof(
	{
		weight: 3,
		arbitrary: verdict.map((text): Beat[] => text.match(/.{1,9}/gsv) ?? []),
	},
	{weight: 1, arbitrary: script},
);
const scripts = fc.array(script, {minLength: 1, maxLength: 3});

test('every mixture of talking, thinking, failing, retrying, cancelling and stopping keeps the grammar', async () => {
	const seen = new Set<RunEvent['type']>();

	await fc.assert(
		fc.asyncProperty(
			fc.array(scripts, {minLength: 1, maxLength: 4}),
			fc.array(arbiterScript, {minLength: 1, maxLength: 3}),
			fc.record({
				memory: fc.constantFrom(...memoryModes),
				stop: fc.constantFrom(...stopPolicies),
			}),
			fc.record({cancelAt: fc.nat(80), answerNowAt: fc.nat(60)}),
			async (members, arbiter, consortium, {cancelAt, answerNowAt}) => {
				const world = stillWorld();
				const controller = new AbortController();
				const control = createRunControl();
				const {events, result} = await play(
					{
						...Object.fromEntries(
							members.map((each, index) => [`m${index}`, fakeModel(each)]),
						),
						arbiter: fakeModel(arbiter),
					},
					{
						world,
						control,
						signal: controller.signal,
						consortium,
						onEvent(event) {
							seen.add(event.type);

							if (event.seq === cancelAt) {
								controller.abort(new Abort('person'));
							}

							if (event.seq === answerNowAt) {
								control.answerNow();
							}

							if (event.type === 'call-retry' && event.startsOver) {
								setImmediate(() => {
									void world.pass(event.delayMs);
								});
							}
						},
					},
				);

				assert.deepEqual(brokenRules(events), []);
				assert.equal(
					result.answer === null && result.status === 'converged',
					false,
				);
			},
		),
		{numRuns: 400},
	);

	assert.deepEqual(
		[...seen].toSorted(),
		[
			'answer-delta',
			'call-delta',
			'call-end',
			'call-retry',
			'call-send',
			'call-start',
			'control',
			'decision',
			'iteration-start',
			'run-end',
			'run-start',
			'verdict',
		],
		'the mixtures reach every event this version makes',
	);
});
