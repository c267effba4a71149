import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {Abort} from '../../source/core/abort.js';
import {memoryModes, stopPolicies} from '../../source/core/consortium.js';
import {type RunEvent} from '../../source/core/events.js';
import {createRunControl} from '../../source/core/run-control.js';
import {fakeModel} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {play} from '../helpers/play.js';
import {arbiterScripts, memberScripts} from '../helpers/random-scripts.js';
import {stillWorld} from '../helpers/world.js';

test('every mixture of talking, thinking, failing, retrying, cancelling and stopping keeps the grammar', async () => {
	const seen = new Set<RunEvent['type']>();

	await fc.assert(
		fc.asyncProperty(
			fc.array(memberScripts, {minLength: 1, maxLength: 4}),
			arbiterScripts,
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
