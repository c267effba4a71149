import {spawn} from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

export type CommandResult = {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
};

/**
What a command sees of this machine's environment: where programs are, the Node that runs the tests first.
*/
export const searchPath = [
	path.dirname(process.execPath),
	process.env['PATH'],
].join(path.delimiter);

/**
Run a command to its end, with nothing on its standard input. It sees no environment but what it is given, and `PATH`.
*/
export async function runCommand(
	words: readonly [string, ...string[]],
	{
		folder,
		env = {},
		patienceMs,
	}: {
		readonly folder?: string;
		readonly env?: Readonly<Record<string, string>>;

		/**
		Milliseconds after which it is killed; its code is null then.
		*/
		readonly patienceMs?: number;
	} = {},
): Promise<CommandResult> {
	const [command, ...others] = words;
	const child = spawn(command, others, {
		cwd: folder,
		env: {PATH: searchPath, ...env},
		stdio: ['ignore', 'pipe', 'pipe'],
		timeout: patienceMs,
		killSignal: 'SIGKILL',
	});
	const output = {stdout: '', stderr: ''};

	for (const name of ['stdout', 'stderr'] as const) {
		child[name].setEncoding('utf8').on('data', (text: string) => {
			output[name] += text;
		});
	}

	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', code => {
			resolve({code, ...output});
		});
	});
}
