import {Buffer} from 'node:buffer';
import {
	closeSync,
	createReadStream,
	existsSync,
	fsyncSync,
	openSync,
	statSync,
	writeSync,
} from 'node:fs';
import {basename} from 'node:path';
import {UserError} from '../../core/user-error.js';
import {syncFolderOf} from './their-file.js';

/**
What `--write` adds to llm's table of answers, where it is missing.
*/
export const addedColumns = {
	consortium_id: 'TEXT',
	is_arbiter_response: 'INTEGER DEFAULT 0',
} as const;

export type AddedColumn = keyof typeof addedColumns;

export const addedIndex = 'idx_responses_consortium_id';

const format = 'consortium-tui backfill undo';

/**
What a line takes at most, the first one and the others: a name is shorter than 256 bytes, an id has 26.
*/
const maxHeadBytes = 65_536;
const maxLineBytes = 1_000_000;

/**
What was added to the file itself. `database` is its name; the file to undo with lies beside it.
*/
export type UndoHead = {
	readonly database: string;
	readonly columns: readonly AddedColumn[];
	readonly index: typeof addedIndex | null;
};

/**
A row that was written: what it says now, and what `is_arbiter_response` said before, which is text where the column is one; there was no `consortium_id`.
*/
export type UndoRow = {
	readonly id: string;
	readonly run: string;
	readonly flag: number;
	readonly flagBefore: number | string | null;
};

/**
Names beside a file, for its copy and for what it takes to undo what is written at a moment. The second is made, empty, so that no other process has them. They sort by time, those of the same second too.

@throws Error of the system when no file can be made there.
*/
export function claimNames(
	file: string,
	now: Date,
): {readonly backup: string; readonly undo: string} {
	const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');

	for (let copy = 1; ; copy++) {
		const name = copy === 1 ? time : `${time}_${copy}`;
		const backup = `${file}.before-backfill-${name}.bak`;

		if (existsSync(backup)) {
			continue;
		}

		const undo = `${file}.backfill-${name}.undo.jsonl`;

		try {
			closeSync(openSync(undo, 'wx', 0o600));
			return {backup, undo};
		} catch (error) {
			if (!(
				error instanceof Error &&
				'code' in error &&
				error.code === 'EEXIST'
			)) {
				throw error;
			}
		}
	}
}

/**
Write what it takes to undo, as lines of JSON for the owner's eyes only. When it returns, the file is on the disk.

@throws UserError when it could not be read again: because of a name or an id that nobody gives.
*/
export function writeUndoFile(
	path: string,
	head: UndoHead,
	rows: Iterable<UndoRow>,
): void {
	const first = {format, v: 1, ...head};

	if (!isHead(first)) {
		throw new UserError(
			`The name of the file that ${basename(path)} is to lie beside has control characters in it.`,
			'Give the file another name first.',
		);
	}

	const file = openSync(path, 'w', 0o600);

	try {
		let lines = `${JSON.stringify(first)}\n`;

		for (const row of rows) {
			lines += `${lineOf(row)}\n`;

			if (lines.length > 65_536) {
				writeSync(file, lines);
				lines = '';
			}
		}

		writeSync(file, lines);
		fsyncSync(file);
	} finally {
		closeSync(file);
	}

	syncFolderOf(path);
}

function lineOf(row: UndoRow): string {
	const line = JSON.stringify(row);

	if (!isRow(row) || Buffer.byteLength(line) > maxLineBytes) {
		throw new UserError(
			'An answer of this file has an id that cannot be noted for undoing, so nothing was written.',
			'The ids of llm are short texts.',
		);
	}

	return line;
}

/**
Read such a file a line at a time: its head, which is returned too, then each row for what `begin` made of the head.

@throws UserError when it is not there, is another kind of file, or is damaged.
*/
export async function readUndoFile(
	path: string,
	begin: (head: UndoHead) => (row: UndoRow) => void,
): Promise<UndoHead> {
	if (!statSync(path, {throwIfNoEntry: false})?.isFile()) {
		throw new UserError(`There is no file ${path}.`, whereToLook);
	}

	let found: {head: UndoHead; onRow: ReturnType<typeof begin>} | null = null;
	let line = 0;

	for await (const text of linesOf(path)) {
		const value = text === null ? {} : parsed(text);
		line++;

		if (found !== null && isRow(value)) {
			found.onRow(value);
		} else if (found === null && isHead(value)) {
			found = {head: value, onRow: begin(value)};
		} else {
			throw notAnUndoFile(path, line);
		}
	}

	if (found === null) {
		throw notAnUndoFile(path, 1);
	}

	return found.head;
}

/**
The lines of a file, the last of them null when it is longer than any that was written: the file is read no further.
*/
async function* linesOf(path: string): AsyncGenerator<string | null> {
	let most = maxHeadBytes;
	let begun: Buffer[] = [];
	let bytes = 0;

	for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
		let from = 0;

		for (;;) {
			const end = chunk.indexOf('\n', from);
			const part = chunk.subarray(from, end === -1 ? chunk.length : end);
			bytes += part.length;

			if (bytes > most) {
				yield null;
				return;
			}

			begun.push(part);

			if (end === -1) {
				break;
			}

			yield Buffer.concat(begun).toString();
			begun = [];
			bytes = 0;
			most = maxLineBytes;
			from = end + 1;
		}
	}

	if (bytes > 0) {
		yield Buffer.concat(begun).toString();
	}
}

const whereToLook =
	'It lies beside the log that was written to and ends in .undo.jsonl.';

type Fields = Readonly<Record<string, unknown>>;

function isHead(value: Fields): value is UndoHead {
	const {database, columns, index} = value as Partial<
		Record<keyof UndoHead, unknown>
	>;

	return (
		value['format'] === format &&
		value['v'] === 1 &&
		typeof database === 'string' &&
		/^(?!\.{0,2}$)\P{Cc}+$/v.test(database) &&
		basename(database) === database &&
		Array.isArray(columns) &&
		columns.every(column => Object.hasOwn(addedColumns, String(column))) &&
		(index === null || index === addedIndex)
	);
}

function isRow(value: Fields): value is UndoRow {
	const {id, run, flag, flagBefore} = value as Partial<
		Record<keyof UndoRow, unknown>
	>;

	return (
		typeof id === 'string' &&
		typeof run === 'string' &&
		typeof flag === 'number' &&
		(flagBefore === null ||
			typeof flagBefore === 'number' ||
			typeof flagBefore === 'string')
	);
}

function parsed(text: string): Fields {
	try {
		return new Object(JSON.parse(text)) as Fields;
	} catch {
		return {};
	}
}

function notAnUndoFile(path: string, line: number): UserError {
	return line === 1
		? new UserError(
				`${path} is not a file that \`logs backfill --write\` left for undoing.`,
				whereToLook,
			)
		: new UserError(
				`${path} is damaged in line ${line}: nothing was changed.`,
				'The log as it was before is beside it, in a file that ends in .bak.',
			);
}
