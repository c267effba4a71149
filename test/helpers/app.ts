import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {type TestContext} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {emptyFolder} from './program.js';
import {startOnScreen, type Screen} from './screen.js';

export const keys = {
	enter: '\r',
	escape: '\u001B',
	tab: '\t',
	up: '\u001B[A',
	pageUp: '\u001B[5~',
	home: '\u001B[H',
	end: '\u001B[F',
	f1: '\u001BOP',
	altUp: '\u001B[1;3A',
	delete: '\u001B[3~',
} as const;

export const ctrl = (letter: string): string =>
	String.fromCodePoint(letter.toUpperCase().codePointAt(0)! - 64);

export const pasted = (text: string): string => `\u001B[200~${text}\u001B[201~`;

export type AppOptions = {
	readonly words?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	readonly columns?: number;
	readonly rows?: number;

	/**
	What stands in config.json.
	*/
	readonly config?: Readonly<Record<string, unknown>>;
	readonly home?: string;

	/**
	Another program, which is ready when it shows this.
	*/
	readonly command?: readonly [string, ...string[]];
	readonly isReady?: RegExp;
};

/**
The app in a real terminal, ready for a first question.
*/
export async function openApp(
	t: TestContext,
	{
		words = ['chat'],
		env = {},
		columns = 100,
		rows = 30,
		config,
		home = emptyFolder(),
		command,
		isReady,
	}: AppOptions = {},
): Promise<Screen> {
	if (config) {
		writeFileSync(
			path.join(home, 'config.json'),
			JSON.stringify({
				version: 1,
				default: null,
				consortiums: {},
				endpoints: {},
				settings: {},
				...config,
			}),
		);
	}

	const screen = startOnScreen(words, {
		columns,
		rows,
		env: {CONSORTIUM_TUI_HOME: home, COLORTERM: 'truecolor', ...env},
		...(command && {command}),
	});
	t.after(screen.kill);

	if (isReady) {
		await screen.until(isReady);
		return screen;
	}

	await screen.until(/ask, or \/ for commands/v);
	await screen.until(/≥ \d+%/v);
	// Before it takes the keys over, the terminal would echo them.
	await screen.when(() => screen.raw().includes('\u001B[?2004h'));
	return screen;
}

/**
Leave by Ctrl+D and check that the terminal is as it was before.
*/
export async function leaveApp(screen: Screen): Promise<void> {
	screen.press(ctrl('d'));
	assert.equal(await endOf(screen), 0);
	assertRestored(screen);
}

/**
The exit code of the app; when it does not end, the failure shows the screen.
*/
export async function endOf(screen: Screen): Promise<number> {
	const timer = new AbortController();
	const late = sleep(120_000, null, {signal: timer.signal}).then(() => {
		throw new Error(`It did not end:\n${screen.text()}`);
	});
	late.catch(() => {});

	try {
		return await Promise.race([screen.ended, late]);
	} finally {
		timer.abort();
	}
}

/**
Press Escape and wait until the box has the focus: what follows at once would be taken for one key with it.
*/
export async function backToBox(screen: Screen): Promise<void> {
	screen.press(keys.escape);
	await screen.until(/Ctrl\+K consortium/v);
}

/**
Every mode that was set is taken back: the other screen, the hidden cursor, pastes in brackets, lines that do not wrap, the keyboard's other protocol.
*/
export function assertRestored(screen: Screen): void {
	assert.equal(screen.isAlternate(), false);

	for (const [mode, isOnAtFirst] of [
		['25', true],
		['7', true],
		['2004', false],
		['1049', false],
	] as const) {
		const last = screen
			.raw()
			.match(new RegExp(String.raw`\u001B\[\?${mode}[hl]`, 'g'))
			?.at(-1);

		if (last !== undefined) {
			assert.equal(last.endsWith('h'), isOnAtFirst, `mode ${mode}`);
		}
	}
}

/**
A consortium for config.json.
*/
export function saved(
	name: string,
	models: readonly string[],
	{
		arbiter = 'openai/arbiter',
		...changes
	}: Readonly<Record<string, unknown>> & {readonly arbiter?: string} = {},
): Record<string, unknown> {
	return {
		v: 1,
		name,
		members: models.map((model, index) => ({
			slot: `m${index + 1}`,
			model,
			count: 1,
		})),
		arbiters: [{model: arbiter}],
		strategies: [{name: 'default', params: {}}],
		judging: 'synthesis',
		memory: 'reply',
		confidenceThreshold: 0.8,
		minIterations: 1,
		maxIterations: 3,
		stop: 'any',
		system: null,
		limits: {budgetUsd: null, timeoutSeconds: 600},
		...changes,
	};
}
