import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type ForecastBasis} from '../../source/core/forecast.js';
import {type ForecastSum} from '../../source/core/forecast-sum.js';
import {compareMemory} from '../../source/core/forecast-memory.js';
import {basisTexts, memoryText, rangeText} from '../../source/text/forecast.js';

const sum = (changes: Partial<ForecastSum>): ForecastSum => ({
	iterations: 2,
	calls: 6,
	inputTokens: 9000,
	cachedTokens: 0,
	cacheWriteTokens: 0,
	outputTokens: 6000,
	costUsd: 0.03,
	costIsComplete: true,
	...changes,
});

test('a range tells both ends and what is likely, or one figure where they are the same', () => {
	assert.equal(
		rangeText({
			low: sum({calls: 3, costUsd: 0.01}),
			likely: sum({}),
			high: sum({calls: 9, costUsd: 0.05, costIsComplete: false}),
		}),
		'3 to 9 calls, likely 6; $0.010 to $0.050 or more, likely $0.030',
	);
	assert.equal(
		rangeText({
			low: sum({costUsd: null, costIsComplete: false}),
			likely: sum({costUsd: null, costIsComplete: false}),
			high: sum({costUsd: null, costIsComplete: false}),
		}),
		'6 calls; cost unknown',
	);
});

const compared = (
	reply: Partial<ForecastSum>,
	lean: Partial<ForecastSum>,
	rebuild: Partial<ForecastSum>,
) =>
	memoryText(
		compareMemory('reply', {
			reply: sum(reply),
			lean: sum(lean),
			rebuild: sum(rebuild),
		}),
	);

for (const [what, text, expected] of [
	[
		'the cheapest by cost, although it sends more',
		compared({}, {costUsd: 0.025, inputTokens: 9500}, {costUsd: 0.027}),
		'Memory lean would cost $0.00500 less than reply in 2 iterations.',
	],
	[
		'the one that sends least, where costs are the same',
		compared({}, {inputTokens: 8000}, {inputTokens: 7000}),
		'Memory rebuild would send 2000 fewer tokens than reply in 2 iterations.',
	],
	[
		'the one that sends least, where a price is unknown',
		compared(
			{},
			{inputTokens: 8000, costIsComplete: false},
			{costUsd: 0.01, inputTokens: 8500},
		),
		'Memory lean would send 1000 fewer tokens than reply in 2 iterations.',
	],
	[
		'the chosen one, where others cost more or too little less to be shown',
		compared({}, {costUsd: 0.03 - 1e-6}, {costUsd: 0.04, inputTokens: 1}),
		'No memory mode is cheaper than reply in 2 iterations.',
	],
	[
		'none with one iteration',
		memoryText(null),
		'The memory mode makes no difference: there is one iteration at most.',
	],
] as const) {
	test(`of memory modes it names ${what}`, () => {
		assert.equal(text, expected);
	});
}

const output = {
	model: 'luna',
	purpose: 'answer',
	calls: 42,
	tokens: {low: 300, likely: 900, high: 2100},
	characters: {low: 1200, likely: 3600, high: 8400},
} as const satisfies ForecastBasis['outputs'][number];
const always = {low: 1000, likely: 1000, high: 1000};

test('what a forecast goes by is told for each model, and what is assumed once', () => {
	assert.deepEqual(
		basisTexts(
			{
				outputs: [
					output,
					{...output, model: 'sol', calls: 0, tokens: always},
					{
						...output,
						model: 'opus',
						purpose: 'synthesis',
						calls: 1,
						tokens: always,
					},
					{...output, model: 'haiku', calls: 0, tokens: always},
				],
				iterations: {
					low: 1,
					likely: 1,
					high: 3,
					runs: 12,
					shares: [7 / 12, 0, 5 / 12],
				},
			},
			'trio',
		),
		[
			'luna: 300 to 2100 tokens, mostly about 900, from 42 answers of yours.',
			'opus: 1000 tokens, from 1 verdict of yours.',
			'No history of sol, haiku: answers of 1000 tokens assumed.',
			'12 runs of trio ended after 1 (58%), 3 (42%) iterations.',
		],
	);
});

test('iterations are told where there can be more than one number of them', () => {
	const iterations = {low: 1, likely: 2, high: 3, runs: 0, shares: []};

	assert.deepEqual(basisTexts({outputs: [], iterations}, 'trio'), [
		'No history of trio: 2 iterations assumed.',
	]);
	assert.deepEqual(
		basisTexts(
			{outputs: [], iterations: {...iterations, likely: 1, high: 1}},
			'trio',
		),
		[],
	);
	assert.deepEqual(
		basisTexts(
			{outputs: [], iterations: {...iterations, runs: 1, shares: [1]}},
			'trio',
		),
		['1 run of trio ended after 1 (100%) iteration.'],
	);
});
