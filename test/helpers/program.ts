import {spawn, type ChildProcessWithoutNullStreams} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {after} from 'node:test';
import {fileURLToPath} from 'node:url';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const folders: string[] = [];

// eslint-disable-next-line unicorn/no-top-level-side-effects -- Each file of tests that needs folders cleans up after itself.
after(() => {
	for (const folder of folders) {
		rmSync(folder, {recursive: true, force: true});
	}
});

/**
An empty folder that is removed when the tests of this file are done.
*/
export function emptyFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'consortium-tui-'));
	folders.push(folder);
	return folder;
}

export type ProgramResult = {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly stdout: string;
	readonly stderr: string;
};

export type ProgramOptions = {
	readonly env?: Readonly<Record<string, string>>;

	/**
	What is piped in; null for a pipe that stays open and silent.
	*/
	readonly input?: string | null;

	/**
	Holds its configuration and its log; a folder of its own unless given.
	*/
	readonly home?: string;
};

export type RunningProgram = {
	readonly child: ChildProcessWithoutNullStreams;
	readonly ended: Promise<ProgramResult>;

	/**
	Wait until its output, of both kinds together, matches.
	*/
	readonly until: (pattern: RegExp) => Promise<void>;
};

/**
Start the built program without a terminal. It sees nothing of this machine's environment but `PATH`.
*/
export function startProgram(
	words: readonly string[],
	{env = {}, input = '', home = emptyFolder()}: ProgramOptions = {},
): RunningProgram {
	const child = spawn(process.execPath, [program, ...words], {
		env: {
			PATH: process.env['PATH'],
			HOME: emptyFolder(),
			CONSORTIUM_TUI_HOME: home,
			...env,
		},
	});
	const output = {stdout: '', stderr: ''};
	let wake: () => void = () => undefined;
	let hasEnded = false;

	const listen = (name: 'stdout' | 'stderr') => {
		child[name].setEncoding('utf8').on('data', (text: string) => {
			output[name] += text;
			wake();
		});
	};

	listen('stdout');
	listen('stderr');

	// It may end before it has read everything.
	child.stdin.on('error', () => undefined);

	if (input !== null) {
		child.stdin.end(input);
	}

	const ended = new Promise<ProgramResult>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => {
			hasEnded = true;
			resolve({code, signal, ...output});
			wake();
		});
	});

	return {
		child,
		ended,
		async until(pattern) {
			while (!pattern.test(output.stdout + output.stderr)) {
				if (hasEnded) {
					throw new Error(
						`It ended with ${child.exitCode ?? child.signalCode} before ${pattern}: ${output.stderr}`,
					);
				}

				const {promise, resolve} = Promise.withResolvers<void>();
				wake = resolve;
				await promise;
			}
		},
	};
}

/**
Run the built program to its end.
*/
export async function runProgram(
	words: readonly string[],
	options: ProgramOptions = {},
): Promise<ProgramResult> {
	return startProgram(words, options).ended;
}
