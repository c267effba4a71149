import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Model} from '../../source/core/model.js';
import {createRunControl} from '../../source/core/run-control.js';
import {failure, fakeModel, type Beat} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {play, verdictText} from '../helpers/play.js';
import {stillWorld, whilePassing} from '../helpers/world.js';

/**
A run in which the second call of an instance has come to nothing, when a person has it asked again while the first one speaks.
*/
async function askedAgainAfter(second: readonly Beat[]) {
	const world = stillWorld();
	const control = createRunControl();
	const {promise: again, resolve: isAsked} = Promise.withResolvers<void>();
	let calls = 0;
	const slow: Model = {
		...fakeModel([]),
		async *call(request, signal) {
			const number = calls++;
			const gone = Promise.withResolvers<void>();
			signal.addEventListener('abort', () => {
				gone.resolve();
			});

			if (number === 0) {
				yield {type: 'send'};
				await world.sleep(20_000, signal);
				yield {type: 'text', text: 'One'};
				await Promise.race([again, gone.promise]);
				yield* fakeModel([[' whole']]).call(request, signal);
			} else {
				yield* fakeModel([number === 1 ? second : ['Another']]).call(
					request,
					signal,
				);
			}
		},
	};
	const happened = new Set<string>();

	return whilePassing(
		world,
		1000,
		play(
			{slow, arbiter: fakeModel([[verdictText()]])},
			{
				world,
				control,
				consortium: {strategies: [{name: 'quorum', params: {hedge: 10}}]},
				onEvent(event) {
					if (event.type === 'call-delta' && event.text === 'One') {
						happened.add('spoke');
					} else if (
						event.type === 'call-end' &&
						event.purpose === 'answer' &&
						event.outcome.text === ''
					) {
						happened.add('came to nothing');
					}

					if (
						happened.size === 2 &&
						!happened.has('asked') &&
						control.retry('slow#1')
					) {
						happened.add('asked');
					}

					if (event.type === 'call-delta' && event.text === 'Another') {
						isAsked();
					}
				},
			},
		),
	);
}

for (const [title, second] of [
	['was let go', ['hang']],
	['failed', [{failure: failure()}]],
] as const) {
	test(`who has an instance asked again stops its first call too, when the second one ${title}`, async () => {
		const {events, result} = await askedAgainAfter(second);

		assert.deepEqual(brokenRules(events), []);
		assert.deepEqual(
			result.iterations[0]!.instances.map(
				({state, answer}) => `${state}: ${answer}`,
			),
			[
				'stopped: One',
				`${title === 'failed' ? 'failed' : 'stopped'}: `,
				'answered: Another',
			],
		);
		const committed = events.filter(
			event =>
				event.type === 'call-end' &&
				event.purpose === 'answer' &&
				event.committed,
		);
		assert.equal(committed.length, 1, 'one of them is in the transcript');
	});
}
