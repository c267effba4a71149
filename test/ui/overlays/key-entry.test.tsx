import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {setImmediate} from 'node:timers/promises';
import {render} from 'ink-testing-library';
import {useEffect} from 'react';
import {keyMistake} from '../../../source/core/key-mistake.js';
import {
	keyEntryOf,
	type KeyEntry,
} from '../../../source/ui/overlays/key-entry.js';
import {pressOverlay} from '../../../source/ui/overlays/overlay.js';
import {OverlayView} from '../../../source/ui/overlays/overlay-view.js';
import {type Request} from '../../../source/ui/requests.js';
import {themes} from '../../../source/ui/theme.js';
import {useKeys} from '../../../source/ui/use-keys.js';
import {pasteOf} from '../../../source/ui/keys.js';
import {after, keys, space, stepOf, told} from '../../helpers/overlays.js';

const secret = 'sk-ant-0123456789abcdef';
const opened = (provider: string | null = null) =>
	told(keyEntryOf(provider), {kind: 'keys', keys});

test('a provider is chosen, and then its key is typed', () => {
	const entry = after(opened(), 'down', 'enter');
	assert.equal(entry.provider, 'anthropic');
	assert.equal(after(entry, 'escape').provider, null);
	assert.equal(stepOf(entry, 'escape', 'escape').overlay, null);
	assert.equal(after(opened(), 'up', 'end', 'enter').provider, 'gemini');
});

test('a provider that was named is chosen already, an unknown one is not', () => {
	assert.equal(opened('Gemini').provider, 'gemini');
	assert.equal(opened('nobody').provider, null);
	assert.equal(keyEntryOf('gemini').provider, null);
	assert.equal(stepOf(keyEntryOf(null), 'enter').overlay?.type, 'key-entry');
});

test('while a key is typed nothing of it gets into the state', () => {
	const entry = opened('gemini');

	for (const key of [
		...[...secret, 'enter', 'q', 'up', 'tab'].map(chord => ({
			chord,
			text: chord,
		})),
		pasteOf(secret),
	]) {
		assert.deepEqual(pressOverlay(entry, key, space), {overlay: entry});
	}
});

/**
The field beside the listener of the whole app, as it is on the screen.
*/
function drawn(t: TestContext, entry: KeyEntry) {
	const requests: Request[] = [];
	const pressed: string[] = [];
	const {promise: ready, resolve} = Promise.withResolvers<void>();
	let isClosed = false;

	function App() {
		useKeys(({chord}) => {
			pressed.push(chord);
		});
		useEffect(() => {
			resolve();
		}, []);

		return (
			<OverlayView
				{...space}
				overlay={entry}
				theme={themes.plain}
				onRequest={request => {
					requests.push(request);
				}}
				onClose={() => {
					isClosed = true;
				}}
			/>
		);
	}

	const screen = render(<App />);
	t.after(screen.unmount);

	const until = async (isReached: () => boolean) => {
		while (!isReached()) {
			await setImmediate();
		}
	};

	return {
		...screen,
		ready,
		requests,
		until,
		isClosed: () => isClosed,
		stars: () => /\*+/.exec(screen.lastFrame()!)?.[0].length ?? 0,
		async write(text: string) {
			const before = pressed.length;
			screen.stdin.write(text);
			await until(() => pressed.length > before);
			await setImmediate();
		},
	};
}

const stored = [{type: 'store-key', provider: 'anthropic', key: secret}];

test(
	'a key that is typed is masked, stored and forgotten',
	{timeout: 20_000},
	async t => {
		const screen = drawn(t, opened('anthropic'));
		await screen.ready;

		for (const [index, letter] of [...secret].entries()) {
			await screen.write(letter);
			await screen.until(() => screen.stars() === index + 1);
		}

		await screen.write('\r');
		await screen.until(() => screen.isClosed());
		assert.deepEqual(screen.requests, stored);
		assert.ok(screen.frames.every(frame => !frame.includes('sk-')));
	},
);

test(
	'a key that is pasted is masked, and its line end is not part of it',
	{timeout: 20_000},
	async t => {
		const screen = drawn(t, opened('anthropic'));
		await screen.ready;
		await screen.write(`\u001B[200~ ${secret}\n\u001B[201~`);
		await screen.until(() => screen.stars() === secret.length);
		assert.deepEqual(screen.requests, []);
		await screen.write('\r');
		await screen.until(() => screen.isClosed());
		assert.deepEqual(screen.requests, stored);
		assert.ok(screen.frames.every(frame => !frame.includes('sk-')));
	},
);

test(
	'a key that arrives at once with its Enter is stored without it',
	{timeout: 20_000},
	async t => {
		const screen = drawn(t, opened('anthropic'));
		await screen.ready;
		await screen.write(`${secret}\r`);
		await screen.until(() => screen.isClosed());
		assert.deepEqual(screen.requests, stored);
	},
);

test(
	'keys with Ctrl type nothing, and Ctrl+U clears the field',
	{timeout: 20_000},
	async t => {
		const screen = drawn(t, opened('anthropic'));
		await screen.ready;
		await screen.write('a');
		await screen.until(() => screen.stars() === 1);
		await screen.write('\u0001');
		await screen.write('\u001Bb');
		await screen.write('b');
		await screen.until(() => screen.stars() > 1);
		assert.equal(screen.stars(), 2);
		await screen.write('\u0015');
		await screen.until(() => screen.stars() === 0);
		await screen.write('\r');
		assert.deepEqual(screen.requests, []);
	},
);

test(
	'what can be no key is refused with a sentence, and the field stays',
	{timeout: 20_000},
	async t => {
		const screen = drawn(t, opened('anthropic'));
		await screen.ready;
		await screen.write('/help me\r');
		await screen.until(() => screen.lastFrame()!.includes('with a slash'));
		assert.equal(screen.stars(), 0);
		await screen.write('sk-1234\r');
		await screen.until(() => screen.lastFrame()!.includes('shorter than 8'));
		assert.deepEqual(screen.requests, []);
		assert.equal(screen.isClosed(), false);
		await screen.write(`${secret}\r`);
		await screen.until(() => screen.isClosed());
		assert.deepEqual(screen.requests, stored);
	},
);

test('a server that asks for no key takes a short one', () => {
	const local = {provider: 'ollama', variables: []};
	assert.equal(keyMistake('abc', local), null);
	assert.match(keyMistake('/abc', local)!, /slash/);
	assert.equal(keyMistake('12345678', keys[0]!), null);
	assert.doesNotMatch(keyMistake('1234567', keys[0]!)!, /123/);
});
