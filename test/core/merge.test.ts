import assert from 'node:assert/strict';
import {setImmediate} from 'node:timers/promises';
import {test} from 'node:test';
import fc from 'fast-check';
import {abortable} from '../../source/core/abortable.js';
import {createInlet, merge} from '../../source/core/merge.js';

function inletOf<Value>(...sources: Array<AsyncIterable<Value>>) {
	const inlet = createInlet<Value>();

	for (const source of sources) {
		inlet.admit(source);
	}

	return inlet;
}

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
						inletOf(
							...sources.map(({upTo, pauses}, index) =>
								count(String(index), upTo, pauses),
							),
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

	for await (const {name} of merge(
		inletOf(count('slow', 1, 50), count('fast', 5)),
	)) {
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

	const merged = merge(inletOf(eager()));
	await merged.next();
	await setImmediate();
	await setImmediate();
	assert.ok(made <= 2);
	await merged.return();
});

test('leaving early does not wait for a source that is stuck', async () => {
	const merged = merge(inletOf(stuck(), count('a', 1)));
	assert.deepEqual(await merged.next(), {
		done: false,
		value: {name: 'a', number: 0},
	});
	await merged.return();
});

test('a source may join while others are read, even when the last of them has just had its say', async () => {
	const inlet = inletOf(count('first', 2));
	const arrived: string[] = [];

	for await (const {name, number} of merge(inlet)) {
		arrived.push(`${name} ${number}`);

		if (name === 'first' && number === 1) {
			inlet.admit(count('second', 2, 5));
		}
	}

	assert.deepEqual(arrived, ['first 0', 'first 1', 'second 0', 'second 1']);
});

test('what is said comes at once, before what sources have, though all of them are silent', async () => {
	const inlet = inletOf<{name: string; number: number}>(stuck());
	const merged = merge(inlet);
	const next = merged.next();
	await setImmediate();
	inlet.admit(count('late', 1));
	inlet.say({name: 'said', number: 7});
	assert.equal((await next).value?.name, 'said');
	assert.equal((await merged.next()).value?.name, 'late');
	await merged.return();
});

test('what is said comes before what has already arrived', async () => {
	const inlet = inletOf(count('a', 1), count('b', 1));
	const merged = merge(inlet);
	await merged.next();
	await setImmediate();
	inlet.say({name: 'said', number: 0});
	const rest = await Array.fromAsync(merged);
	assert.deepEqual(
		rest.map(({name}) => name),
		['said', 'b'],
	);
});

test('what comes when nobody reads waits for the next who does', async () => {
	const inlet = inletOf(count('a', 1));
	await Array.fromAsync(merge(inlet));
	assert.ok(inlet.isEmpty());
	inlet.say({name: 'said', number: 0});
	inlet.admit(count('b', 1));
	assert.ok(!inlet.isEmpty());
	assert.deepEqual(
		(await Array.fromAsync(merge(inlet))).map(({name}) => name),
		['said', 'b'],
	);
});

test('an error of a source reaches the reader', async () => {
	async function* failing() {
		yield* count('a', 1);
		throw new Error('broken');
	}

	await assert.rejects(Array.fromAsync(merge(inletOf(failing()))), /broken/v);
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
