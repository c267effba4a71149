import assert from 'node:assert/strict';
import {setImmediate} from 'node:timers/promises';
import {test} from 'node:test';
import fc from 'fast-check';
import {abortable} from '../../source/core/abortable.js';
import {merge} from '../../source/core/merge.js';

async function* count(name: string, upTo: number, pauses = 0) {
	for (let number = 0; number < upTo; number++) {
		for (let pause = 0; pause < pauses; pause++) {
			await setImmediate();
		}

		yield {name, number};
	}
}

// eslint-disable-next-line require-yield -- It never comes to that.
async function* stuck(): AsyncGenerator<never, void, void> {
	await new Promise(() => {});
}

test('everything arrives, each source in its own order', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.record({upTo: fc.nat(8), pauses: fc.nat(3)}), {maxLength: 6}),
			async sources => {
				const arrived = await Array.fromAsync(
					merge(
						sources.map(({upTo, pauses}, index) =>
							count(String(index), upTo, pauses),
						),
					),
				);

				for (const [index, {upTo}] of sources.entries()) {
					assert.deepEqual(
						arrived
							.filter(({name}) => name === String(index))
							.map(({number}) => number),
						Array.from({length: upTo}, (_, number) => number),
					);
				}
			},
		),
		{numRuns: 50},
	);
});

test('a fast source does not wait for a slow one', async () => {
	const arrived: string[] = [];

	for await (const {name} of merge([count('slow', 1, 50), count('fast', 5)])) {
		arrived.push(name);
	}

	assert.deepEqual(arrived, ['fast', 'fast', 'fast', 'fast', 'fast', 'slow']);
});

test('a source holds at most one item that nobody has read', async () => {
	let made = 0;

	async function* eager() {
		while (true) {
			made++;
			yield made;
		}
	}

	const merged = merge([eager()]);
	await merged.next();
	await setImmediate();
	await setImmediate();
	assert.ok(made <= 2);
	await merged.return();
});

test('leaving early does not wait for a source that is stuck', async () => {
	const merged = merge([stuck(), count('a', 1)]);
	assert.deepEqual(await merged.next(), {
		done: false,
		value: {name: 'a', number: 0},
	});
	await merged.return();
});

test('an error of a source reaches the reader', async () => {
	async function* failing() {
		yield* count('a', 1);
		throw new Error('broken');
	}

	await assert.rejects(Array.fromAsync(merge([failing()])), /broken/v);
});

test('a stream ends when its signal aborts, though its source ignores it', async () => {
	const controller = new AbortController();
	const reading = Array.fromAsync(abortable(stuck(), controller.signal));
	controller.abort(new Error('enough'));
	await assert.rejects(reading, /enough/v);
});

test('a signal that was aborted before lets nothing through', async () => {
	await assert.rejects(
		Array.fromAsync(
			abortable(count('a', 3), AbortSignal.abort(new Error('never'))),
		),
		/never/v,
	);
});
