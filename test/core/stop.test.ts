import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {mostConfident, satisfies} from '../../source/core/stop.js';
import {fakeModel} from '../helpers/fake-model.js';
import {play, verdictText} from '../helpers/play.js';

type Case = {
	readonly note: string;
	readonly verdicts: ReadonlyArray<{
		readonly confidence: number;
		readonly needsIteration: boolean;
	}>;
	readonly minIterations: number;
	readonly maxIterations: number;
	readonly confidenceThreshold: number;
	readonly iterations: Readonly<Record<'confidence' | 'any' | 'both', number>>;
};

const cases = JSON.parse(
	readFileSync(
		new URL('../fixtures/vectors/stopping.json', import.meta.url),
		'utf8',
	),
) as Case[];

for (const stop of ['any', 'both', 'confidence'] as const) {
	test(`whole runs under the policy “${stop}” take the iterations of the vectors`, async () => {
		let played = 0;

		for (const {verdicts, iterations, note, ...limits} of cases) {
			if (limits.minIterations > limits.maxIterations) {
				continue;
			}

			const {result} = await play(
				{
					a: fakeModel([['x']]),
					arbiter: fakeModel(verdicts.map(verdict => [verdictText(verdict)])),
				},
				{consortium: {...limits, stop}},
			);
			assert.equal(
				result.iterations.length,
				iterations[stop],
				`${note} ${JSON.stringify(limits)}`,
			);
			played++;
		}

		assert.ok(played > 20, `${played} cases were played`);
	});
}

test('the policy “arbiter” listens to the arbiter alone', () => {
	const policy = {stop: 'arbiter', confidenceThreshold: 0.5} as const;
	assert.equal(satisfies({confidence: 1, needsIteration: true}, policy), false);
	assert.equal(satisfies({confidence: 0, needsIteration: false}, policy), true);
});

test('silence is neither confidence nor content', () => {
	for (const stop of ['any', 'both', 'confidence', 'arbiter'] as const) {
		assert.equal(
			satisfies(
				{confidence: null, needsIteration: null},
				{stop, confidenceThreshold: 0},
			),
			false,
		);
	}
});

test('of equally confident verdicts the later one is the best, and any stated confidence beats none', () => {
	const best = (list: ReadonlyArray<number | null>) =>
		mostConfident(
			list.entries().toArray(),
			([, confidence]) => confidence,
		)?.[0];

	assert.equal(best([0.5, 0.7, 0.7, 0.1]), 2);
	assert.equal(best([null, 0, null]), 1);
	assert.equal(best([null, null]), 1);
	assert.equal(best([]), undefined);
});
