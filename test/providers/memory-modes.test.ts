import assert from 'node:assert/strict';
import {test} from 'node:test';
import {billedInput, type Billed} from '../../bench/billed-input.js';
import {billed, countInput, lengths} from '../../bench/memory-run.js';
import {memoryModes} from '../../source/core/consortium.js';

const sum = ({members, arbiter}: Billed) => members + arbiter;
const prices = {read: 0.1, write: 1.25};

function assertWithinFivePercent(measured: number, expected: number): void {
	assert.ok(
		Math.abs(measured / expected - 1) < 0.05,
		`${measured} is not ${expected}`,
	);
}

for (const memory of memoryModes) {
	for (const isForeseen of [false, true]) {
		test(`in ${memory} memory the input costs what a formula says, ${isForeseen ? 'with' : 'without'} a follow-up in view`, async () => {
			const {first, followUp} = await countInput(memory, {
				isFollowUpLikely: isForeseen,
			});
			const expected = billedInput(memory, lengths, {...prices, isForeseen});

			for (const [turn, formula] of [
				[first, expected.first],
				[followUp, expected.followUp],
			] as const) {
				const measured = billed(turn, prices);
				assertWithinFivePercent(measured.members, formula.members);
				assertWithinFivePercent(measured.arbiter, formula.arbiter);
			}
		});
	}
}

test('lean memory costs least, and less than 55,000 characters with any cache or none', async () => {
	const costs = new Map<string, number[]>();

	for (const memory of memoryModes) {
		const {first} = await countInput(memory, {});
		const {first: uncached} = await countInput(memory, {hasMarkers: false});
		costs.set(memory, [
			sum(billed(first, {...prices, write: 1})),
			sum(billed(first, prices)),
			sum(billed(uncached, prices)),
		]);
	}

	for (const [index, lean] of costs.get('lean')!.entries()) {
		assert.ok(lean < 55_000);
		assert.ok(lean < costs.get('reply')![index]!);
		assert.ok(lean < costs.get('rebuild')![index]!);
	}
});
