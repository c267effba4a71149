import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createLimit} from '../../source/providers/limits.js';

const never = new AbortController().signal;

/**
What has settled by the time all that could settle has.
*/
const settled = async () => {
	await new Promise(resolve => {
		setImmediate(resolve);
	});
};

test('places are given in the order they were asked for', async () => {
	const limit = createLimit(2);
	const entered: number[] = [];
	const exits: Array<() => void> = [];

	for (const guest of [1, 2, 3, 4]) {
		void limit(never).then(exit => {
			entered.push(guest);
			exits.push(exit);
		});
	}

	await settled();
	assert.deepEqual(entered, [1, 2]);
	exits[1]!();
	await settled();
	assert.deepEqual(entered, [1, 2, 3]);
	exits[0]!();
	await settled();
	assert.deepEqual(entered, [1, 2, 3, 4]);
});

test('a place given back twice is one place', async () => {
	const limit = createLimit(1);
	const exit = await limit(never);
	exit();
	exit();
	await limit(never);
	let isIn = false;
	void limit(never).then(() => {
		isIn = true;
	});

	await settled();
	assert.equal(isIn, false);
});

test('who aborts leaves the queue with the reason of the signal', async () => {
	const limit = createLimit(1);
	const exit = await limit(never);
	const abort = new AbortController();
	const reason = new Error('Enough.');
	const aborted = limit(abort.signal);
	const next = limit(never);
	abort.abort(reason);

	await assert.rejects(aborted, reason);
	exit();
	(await next)();
	await limit(never);
});

test('an abort after entering takes nothing away', async () => {
	const limit = createLimit(1);
	const abort = new AbortController();
	const exit = await limit(never);
	const second = limit(abort.signal);
	const third = limit(never);
	exit();
	const exitSecond = await second;
	abort.abort();
	exitSecond();
	await third;
});

test('a signal that has aborted before gets no place', async () => {
	const limit = createLimit(1);
	const reason = new Error('Enough.');

	await assert.rejects(limit(AbortSignal.abort(reason)), reason);
	await limit(never);
});
