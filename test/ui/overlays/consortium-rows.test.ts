import assert from 'node:assert/strict';
import {test} from 'node:test';
import {compareMemory} from '../../../source/core/forecast-memory.js';
import {type ForecastSum} from '../../../source/core/forecast-sum.js';
import {aboutCheck} from '../../../source/ui/overlays/consortium-rows.js';
import {type Check} from '../../../source/ui/services.js';

const sum = (calls: number, costUsd: number): ForecastSum => ({
	iterations: calls / 3,
	calls,
	inputTokens: 1000 * calls,
	cachedTokens: 0,
	cacheWriteTokens: 0,
	outputTokens: 1000 * calls,
	costUsd,
	costIsComplete: true,
});

const linesOf = (check: Check | null, columns = 80) =>
	aboutCheck(check, columns).map(row => row.map(({text}) => text).join(''));

test('a check shows the range of a run in one line and the cheapest memory mode in another', () => {
	const forecast = {
		low: sum(3, 0.01),
		likely: sum(6, 0.03),
		high: sum(9, 0.05),
		memory: compareMemory('reply', {
			reply: sum(6, 0.03),
			lean: sum(6, 0.02),
			rebuild: sum(6, 0.025),
		}),
	};
	const lines = linesOf({problems: [], warnings: [], forecast});

	assert.deepEqual(
		lines.map(line => line.trim().replaceAll(/ {2,}/gv, ' ')),
		[
			'forecast 3 to 9 calls, likely 6; $0.010 to $0.050, likely $0.030',
			'Memory lean would cost $0.010 less than reply in 2 iterations.',
		],
	);
	assert.equal(lines[0]!.indexOf('3 to'), lines[1]!.indexOf('Memory'));
});

test('what keeps a consortium from running is shown without a forecast', () => {
	assert.deepEqual(
		linesOf({problems: ['No key.'], warnings: ['Odd.'], forecast: null}),
		['✗ No key.', '! Odd.'],
	);
	assert.deepEqual(linesOf(null), ['looking…']);
});
