import assert from 'node:assert/strict';
import {test} from 'node:test';
import {callSettings} from '../../source/providers/connection.js';
import {createPatientFetch} from '../../source/providers/patient-fetch.js';
import {patienceFor} from '../../source/providers/patience.js';

const distant = {baseUrl: 'https://box.example/v1', settings: callSettings};
const local = {...distant, baseUrl: 'http://localhost:11434/v1'};

test('a server has three minutes to begin and a minute and a half between two bytes', () => {
	assert.deepEqual(patienceFor(distant, {effort: 'low'}), {
		firstMs: 180_000,
		idleMs: 90_000,
	});
});

test('a model on this machine and one that thinks hard have ten minutes to begin', () => {
	assert.equal(patienceFor(local, {}).firstMs, 600_000);

	for (const effort of ['high', 'xhigh', 'max']) {
		assert.equal(patienceFor(distant, {effort}).firstMs, 600_000);
	}
});

test('the settings win', () => {
	const settings = {...callSettings, firstMs: 5, idleMs: 6};

	assert.deepEqual(patienceFor({...local, settings}, {effort: 'max'}), {
		firstMs: 5,
		idleMs: 6,
	});
});

test('requests go out without the limits of the HTTP client, on one set of connections', async t => {
	const place = Symbol.for('undici.globalDispatcher.1');
	const before: unknown = Reflect.get(globalThis, place);
	const made: unknown[] = [];

	class Recorder {
		readonly options: unknown;

		constructor(options: unknown) {
			this.options = options;
		}
	}

	t.after(() => {
		Reflect.set(globalThis, place, before);
	});
	assert.ok(Reflect.set(globalThis, place, new Recorder({})));
	t.mock.method(
		globalThis,
		'fetch',
		async (_url: unknown, init: {dispatcher: unknown}) => {
			made.push(init.dispatcher);
			return new Response();
		},
	);

	const patientFetch = createPatientFetch();
	await patientFetch('https://box.example');
	await patientFetch('https://box.example');

	assert.ok(made[0] instanceof Recorder);
	assert.deepEqual(made[0].options, {headersTimeout: 0, bodyTimeout: 0});
	assert.equal(made[0], made[1]);
});

test('requests go out as usual where the HTTP client keeps itself to itself', async t => {
	const place = Symbol.for('undici.globalDispatcher.1');
	const before: unknown = Reflect.get(globalThis, place);
	const inits: unknown[] = [];

	t.after(() => {
		Reflect.set(globalThis, place, before);
	});
	assert.ok(Reflect.set(globalThis, place, undefined));
	t.mock.method(globalThis, 'fetch', async (_url: unknown, init: unknown) => {
		inits.push(init);
		return new Response();
	});
	await createPatientFetch()('https://box.example', {method: 'POST'});

	assert.deepEqual(inits, [{method: 'POST'}]);
});
