import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {after} from 'node:test';
import {fileURLToPath} from 'node:url';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const folders: string[] = [];

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
	readonly stdout: string;
	readonly stderr: string;
};

/**
Run the built program to its end, without a terminal. It sees nothing of this machine's environment but `PATH`; `home` holds its configuration and its log, a folder of its own unless given.
*/
export async function runProgram(
	words: readonly string[],
	{
		env = {},
		input = '',
		home = emptyFolder(),
	}: {
		readonly env?: Readonly<Record<string, string>>;
		readonly input?: string;
		readonly home?: string;
	} = {},
): Promise<ProgramResult> {
	const child = spawn(process.execPath, [program, ...words], {
		env: {
			PATH: process.env['PATH'],
			HOME: emptyFolder(),
			CONSORTIUM_TUI_HOME: home,
			...env,
		},
	});
	let stdout = '';
	let stderr = '';

	child.stdout.setEncoding('utf8').on('data', text => {
		stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', text => {
		stderr += text;
	});
	// It may end before it has read everything.
	child.stdin.on('error', () => {});
	child.stdin.end(input);

	const code = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', resolve);
	});
	return {code, stdout, stderr};
}
