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
