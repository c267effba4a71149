import {spawn, type ChildProcess} from 'node:child_process';
import process from 'node:process';
import {setTimeout as wait} from 'node:timers/promises';
import {plain} from '../text/plain.js';

const patienceMs = 10_000;

/**
Milliseconds for what was written to arrive when the command is over, since a process that got away may keep the pipes open.
*/
const lastWordsMs = 200;

/**
What is kept of the output, in characters; the rest is read and dropped.
*/
const longestOutput = 4000;
const longestDetail = 200;

/**
How a command took an answer. `detail` is the first line it wrote, safe to show, of at most 200 characters; `problem` a sentence when it did not end by itself.
*/
export type Acceptance = {
	readonly isMet: boolean;
	readonly detail: string;
	readonly problem: string | null;
};

/**
Give an answer to a command of the person's own, on its standard input, by the shell, where the program was started. It accepts the answer by ending with 0, within 10 s: then it is killed, with all it has started.

@throws what the signal aborts it with.
*/
export async function runCommand(
	command: string,
	answer: string,
	{
		environment,
		signal,
	}: {
		readonly environment: Readonly<Record<string, string | undefined>>;
		readonly signal: AbortSignal;
	},
): Promise<Acceptance> {
	signal.throwIfAborted();
	const child = start(command, environment);
	const ended = endOf(child);
	const output = {stdout: '', stderr: ''};

	for (const name of ['stdout', 'stderr'] as const) {
		child[name].setEncoding('utf8').on('data', (text: string) => {
			output[name] = (output[name] + text).slice(0, longestOutput);
		});
	}

	// Whoever does not read its input closes it.
	child.stdin.on('error', () => {});
	child.stdin.end(answer);

	const late = AbortSignal.timeout(patienceMs);
	const stop = () => {
		killAll(child);
	};

	const either = AbortSignal.any([late, signal]);
	either.addEventListener('abort', stop);

	try {
		const end = await ended;
		killAll(child);
		await Promise.race([closed(child), wait(lastWordsMs)]);
		signal.throwIfAborted();

		return {
			isMet: end === 0 && !late.aborted,
			detail: firstLine(output.stdout) || firstLine(output.stderr),
			problem: late.aborted
				? `It took more than ${patienceMs / 1000} s and was stopped.`
				: typeof end === 'string'
					? end
					: unrunnable.has(end)
						? `It cannot be run: ${firstLine(output.stderr) || `exit code ${end}`}.`
						: null,
		};
	} finally {
		either.removeEventListener('abort', stop);
		child.stdout.destroy();
		child.stderr.destroy();
	}
}

/**
What a shell ends with for a command that is not there, or is no program.
*/
const unrunnable = new Set([126, 127]);

const isWindows = process.platform === 'win32';

function start(
	command: string,
	environment: Readonly<Record<string, string | undefined>>,
) {
	const [shell, words] = isWindows
		? (['cmd', ['/d', '/s', '/c', `"${command}"`]] as const)
		: (['sh', ['-c', command]] as const);

	return spawn(shell, words, {
		env: environment,
		stdio: ['pipe', 'pipe', 'pipe'],
		// A group of its own, which can be killed as a whole.
		detached: !isWindows,
		windowsHide: true,
		windowsVerbatimArguments: true,
	});
}

/**
The exit code, or why there is none.
*/
async function endOf(child: ChildProcess): Promise<number | string> {
	return new Promise(resolve => {
		child.once('error', error => {
			resolve(`It cannot be run: ${error.message}.`);
		});
		child.once('exit', (code, killer) => {
			resolve(code ?? `It was ended by ${killer ?? 'another process'}.`);
		});
	});
}

async function closed(child: ChildProcess): Promise<void> {
	return new Promise(resolve => {
		child.once('close', () => {
			resolve();
		});
	});
}

function killAll({pid}: ChildProcess): void {
	if (pid === undefined) {
		return;
	}

	if (isWindows) {
		spawn('taskkill', ['/pid', String(pid), '/t', '/f'], {
			stdio: 'ignore',
		}).on('error', () => {});
		return;
	}

	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// All of them have ended.
	}
}

function firstLine(output: string): string {
	const [line = ''] = plain(output).trim().split('\n', 1);
	return line.replaceAll(/\s+/gv, ' ').trim().slice(0, longestDetail);
}
