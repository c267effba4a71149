import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fakeModel} from '../helpers/fake-model.js';
import {play, verdictText} from '../helpers/play.js';

const slowly = (text: string) => text.match(/.{1,5}/gsv) ?? [];

test('of two arbiters that are equally near to the median the first one is quoted, however slow', async () => {
	const first = verdictText({confidence: 0.95, synthesis: 'From the first.'});
	const second = verdictText({confidence: 0.45, synthesis: 'From the second.'});

	for (const isSlow of [true, false]) {
		const {result} = await play(
			{
				a: fakeModel([['x']]),
				first: fakeModel([isSlow ? slowly(first) : [first]]),
				second: fakeModel([isSlow ? [second] : slowly(second)]),
			},
			{
				consortium: {
					members: [{slot: 'a', model: 'a', count: 1}],
					arbiters: [{model: 'first'}, {model: 'second'}],
					judging: 'panel',
				},
			},
		);
		assert.equal(result.answer, 'From the first.');
		assert.equal(result.confidence, 0.7);
		assert.equal(
			result.iterations[0]!.verdicts.at(-1)!.analysis,
			'arbiter#1: They were weighed.\n\narbiter#2: They were weighed.',
		);
	}
});

test('what one arbiter said takes the place of no panel, and is told where there is nothing else', async () => {
	const weighed = (confidence: number, synthesis: string) => [
		verdictText({confidence, needsIteration: true, synthesis}),
	];

	for (const [rounds, answer, confidence] of [
		[[weighed(0.5, 'Together.')], 'Together.', 0.5],
		[[], 'Alone.', 0.7],
	] as const) {
		const controller = new AbortController();
		const {result} = await play(
			{
				a: fakeModel([['x'], ['x']]),
				first: fakeModel([...rounds, weighed(0.7, 'Alone.')]),
				second: fakeModel([...rounds, ['hang']]),
			},
			{
				consortium: {
					members: [{slot: 'a', model: 'a', count: 1}],
					arbiters: [{model: 'first'}, {model: 'second'}],
					judging: 'panel',
				},
				signal: controller.signal,
				onEvent(event) {
					if (
						event.type === 'verdict' &&
						event.verdict.synthesis === 'Alone.'
					) {
						controller.abort();
					}
				},
			},
		);
		assert.equal(result.status, 'cancelled');
		assert.equal(result.answer, answer);
		assert.equal(result.confidence, confidence);
		assert.equal(
			result.reasons.some(reason => reason.includes('Not every arbiter')),
			answer === 'Alone.',
		);
	}
});
