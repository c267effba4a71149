import {fork, spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';

type Message = {readonly url?: string; readonly firstRequestAt?: number};

export type Mock = {
	readonly url: string;

	/**
	When the next first request came, in milliseconds since the epoch.
	*/
	readonly firstRequest: Promise<number>;
	readonly close: () => void;
};

/**
Start the mock in a process of its own.
*/
export async function startMock(
	latencyMs: number,
	iterations = 1,
): Promise<Mock> {
	const child = fork(
		new URL('mock.ts', import.meta.url),
		[String(latencyMs), String(iterations)],
		{execArgv: ['--import=tsx']},
	);
	const [{url}] = (await once(child, 'message')) as [Message];
	const firstRequest = once(child, 'message').then(
		([message]) => (message as Message).firstRequestAt!,
	);

	return {
		url: url!,
		firstRequest,
		close() {
			child.disconnect();
		},
	};
}

/**
Run a program to its end.
*/
export async function runChild(
	words: readonly string[],
	environment: Readonly<Record<string, string>> = {},
): Promise<{
	readonly stdout: string;
	readonly ms: number;
	readonly startedAt: number;
}> {
	const startedAt = Date.now();
	const from = performance.now();
	const child = spawn(process.execPath, words, {
		env: {...process.env, ...environment},
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const output = child.stdout.toArray();
	const [code] = (await once(child, 'close')) as [number];

	if (code !== 0) {
		throw new Error(`${words.join(' ')} ended with ${code}`);
	}

	const ms = performance.now() - from;
	return {stdout: (await output).join(''), ms, startedAt};
}

/**
The middle one of several figures.
*/
export function median(figures: readonly number[]): number {
	const sorted = figures.toSorted((left, right) => left - right);
	return sorted[Math.floor(sorted.length / 2)]!;
}
