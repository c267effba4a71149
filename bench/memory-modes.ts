import {memoryModes} from '../source/core/consortium.js';
import {billedInput, type Billed} from './billed-input.js';
import {billed, countInput, lengths} from './memory-run.js';

/*
What three iterations of three instances and one follow-up are billed as input in each memory mode, in equivalents of uncached characters, beside what a formula expects. A cache read costs a tenth.
*/

const caches = [
	{
		name: 'none',
		caching: {hasMarkers: false},
		terms: [{read: 1, write: 1, isForeseen: false}],
	},
	{
		name: 'markers',
		caching: {},
		terms: [1, 1.25].map(write => ({read: 0.1, write, isForeseen: false})),
	},
	{
		name: 'markers, follow-up foreseen',
		caching: {isFollowUpLikely: true},
		terms: [1, 1.25].map(write => ({read: 0.1, write, isForeseen: true})),
	},
];

const sum = ({members, arbiter}: Billed) => members + arbiter;
const whole = (value: number) => Math.round(value).toLocaleString('en');
const deviation = (measured: number, expected: number) =>
	`${((100 * measured) / expected - 100).toFixed(1)}%`;

console.log(
	'| memory | cache | a write costs | members | arbiter | three iterations | formula | off | with follow-up | formula | off |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|---|');

for (const memory of memoryModes) {
	for (const {name, caching, terms} of caches) {
		const counted = await countInput(memory, caching);

		for (const each of terms) {
			const first = billed(counted.first, each);
			const expected = billedInput(memory, lengths, each);
			const all = sum(first) + sum(billed(counted.followUp, each));
			const allExpected = sum(expected.first) + sum(expected.followUp);

			console.log(
				`| ${[
					memory,
					name,
					name === 'none' ? '' : each.write,
					whole(first.members),
					whole(first.arbiter),
					whole(sum(first)),
					whole(sum(expected.first)),
					deviation(sum(first), sum(expected.first)),
					whole(all),
					whole(allExpected),
					deviation(all, allExpected),
				].join(' | ')} |`,
			);
		}
	}
}
