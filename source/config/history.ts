import {Buffer} from 'node:buffer';
import {
	closeSync,
	fstatSync,
	mkdirSync,
	openSync,
	readSync,
	renameSync,
	statSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../core/user-error.js';
import {withLock} from './lock.js';

/**
Bytes. Only the end of the file is read, so that a start takes no longer the more was asked; a longer entry is a document and not worth its place; beyond the last size the file is cut down to its end.
*/
const readBytes = 256 * 1024;
const longestEntry = 100 * 1024;
const mostBytes = 4 * 1024 * 1024;

const mostEntries = 1000;

/**
What was asked in earlier sessions, the latest last: at most 1,000 entries. Without a file, none; damaged lines are passed over.

@throws UserError when the file cannot be read.
*/
export function readHistory(folder: string): string[] {
	try {
		return withFile(pathIn(folder), 'r', file => entriesIn(endOf(file)));
	} catch (error) {
		if (codeOf(error) === 'ENOENT') {
			return [];
		}

		throw explained(error, folder, 'read');
	}
}

/**
Keep an entry for later sessions, in a file only its owner can read. Other processes may do the same at the same time. An entry of more than 100 KB is not kept.

@throws UserError when the file cannot be written.
*/
export async function appendHistory(
	folder: string,
	entry: string,
): Promise<void> {
	// A line that was cut off, by a full disk or a killed process, must not swallow the next one.
	const line = Buffer.from(`\n${JSON.stringify(entry)}`);

	if (line.length > longestEntry) {
		return;
	}

	const path = pathIn(folder);

	try {
		mkdirSync(folder, {recursive: true, mode: 0o700});
		await withLock(`${path}.lock`, () => {
			const size = withFile(path, 'a', file => {
				writeSync(file, line);
				return fstatSync(file).size;
			});

			if (size > mostBytes) {
				cutDown(path);
			}
		});
	} catch (error) {
		throw explained(error, folder, 'written');
	}
}

const pathIn = (folder: string) => join(folder, 'history.jsonl');

function withFile<Value>(
	path: string,
	mode: 'r' | 'a',
	work: (file: number) => Value,
): Value {
	// Opening a pipe waits for somebody at its other end, for ever.
	if (statSync(path, {throwIfNoEntry: false})?.isFile() === false) {
		throw new UserError(
			`The history ${path} is no ordinary file.`,
			'Move it away.',
		);
	}

	const file = openSync(path, mode, 0o600);

	try {
		return work(file);
	} finally {
		closeSync(file);
	}
}

/**
The last lines, from the first whole one on.
*/
function endOf(file: number): string {
	const {size} = fstatSync(file);
	const start = Math.max(0, size - readBytes);
	const bytes = Buffer.alloc(size - start);
	const text = bytes.toString(
		'utf8',
		0,
		readSync(file, bytes, {position: start}),
	);
	return start === 0 ? text : text.replace(/^[^\n]*\n?/, '');
}

function entriesIn(text: string): string[] {
	return text
		.split('\n')
		.map(line => entryIn(line))
		.filter(entry => entry !== null)
		.slice(-mostEntries);
}

function entryIn(line: string): string | null {
	try {
		const entry: unknown = JSON.parse(line);
		return typeof entry === 'string' ? entry : null;
	} catch {
		return null;
	}
}

function cutDown(path: string): void {
	const text = withFile(path, 'r', file => endOf(file));
	const partial = `${path}.partial`;
	writeFileSync(partial, text, {mode: 0o600});
	renameSync(partial, path);
}

const codeOf = (error: unknown) =>
	error instanceof Error && 'code' in error ? error.code : null;

/**
An error of the file system as a sentence; every other as it is.
*/
function explained(
	error: unknown,
	folder: string,
	verb: 'read' | 'written',
): unknown {
	return error instanceof Error && codeOf(error) !== null
		? new UserError(
				`The history ${pathIn(folder)} cannot be ${verb}: ${error.message}.`,
				'Check the permissions of the file and of its folder, or choose another place with CONSORTIUM_TUI_HOME.',
				{cause: error},
			)
		: error;
}
