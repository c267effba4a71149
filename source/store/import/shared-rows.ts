import {Buffer} from 'node:buffer';
import {type Log} from '../log.js';
import {isTooLarge} from './foreign-trouble.js';
import {leaveOut, tooLarge, type ImportSummary} from './import-summary.js';
import {type Foreign} from './open-foreign.js';
import {finder} from './probe.js';
import {hashOf, textOf, type ForeignRow} from './values.js';

/**
So many answers are remembered before all are forgotten.
*/
const mostRemembered = 10_000;

/**
Rows that several responses share. Each call sees to it that the row is in our log, and gives the id it has here; null when the file does not have it.
*/
export type SharedRows = {
	readonly attachment: (id: string) => string | null;
	readonly schema: (id: string) => string | null;
	readonly fragment: (id: number) => number | null;
	readonly tool: (id: number) => number | null;
	readonly instance: (id: number) => number | null;
};

/**
Copy shared rows when they are first asked for. Those that llm numbers are known by their contents here, since each file counts for itself.
*/
export function createSharedRows(
	{db, tables}: Foreign,
	log: Log,
	summary: ImportSummary,
): SharedRows {
	const {came} = summary;

	const foreign = (name: string) => {
		const find = finder(db, tables.get(name), ['id']);
		return (id: string | number): ForeignRow | null => {
			try {
				return find(id)[0] ?? null;
			} catch (error) {
				if (!isTooLarge(error)) {
					throw error;
				}

				leaveOut(summary, tooLarge);
				return null;
			}
		};
	};

	const foreignAttachment = foreign('attachments');
	const foreignSchema = foreign('schemas');
	const foreignFragment = foreign('fragments');
	const foreignTool = foreign('tools');
	const foreignInstance = foreign('tool_instances');

	const hasAttachment = log.prepare('SELECT 1 FROM attachments WHERE id = ?');
	const newAttachment = log.prepare(
		'INSERT INTO attachments (id, type, path, url, content) VALUES (?, ?, ?, ?, ?)',
	);
	const newSchema = log.prepare(
		'INSERT OR IGNORE INTO schemas (id, content) VALUES (?, ?)',
	);
	const newFragment = log.prepare(
		'INSERT OR IGNORE INTO fragments (hash, content, datetime_utc, source) VALUES (?, ?, ?, ?)',
	);
	const ourFragment = log
		.prepare<[string], number>('SELECT id FROM fragments WHERE hash = ?')
		.pluck();
	const newTool = log.prepare(
		'INSERT OR IGNORE INTO tools (hash, name, description, input_schema, plugin) VALUES (?, ?, ?, ?, ?)',
	);
	const ourTool = log
		.prepare<[string], number>('SELECT id FROM tools WHERE hash = ?')
		.pluck();
	const newInstance = log.prepare(
		'INSERT INTO tool_instances (plugin, name, arguments) VALUES (?, ?, ?)',
	);
	const ourInstance = log
		.prepare<Array<string | null>, number>(
			'SELECT id FROM tool_instances WHERE plugin IS ? AND name IS ? AND arguments IS ?',
		)
		.pluck();

	return {
		attachment: remembered((id: string) => {
			if (hasAttachment.get(id) !== undefined) {
				return id;
			}

			const row = foreignAttachment(id);

			if (row === null) {
				return null;
			}

			const {content} = row;
			newAttachment.run(
				id,
				textOf(row['type']),
				textOf(row['path']),
				textOf(row['url']),
				typeof content === 'string'
					? Buffer.from(content)
					: Buffer.isBuffer(content)
						? content
						: null,
			);
			came.attachments++;
			return id;
		}),
		schema: remembered((id: string) => {
			const row = foreignSchema(id);
			came.schemas +=
				row === null ? 0 : newSchema.run(id, textOf(row['content'])).changes;
			return row === null ? null : id;
		}),
		fragment: remembered((id: number) => {
			const row = foreignFragment(id);

			if (row === null) {
				return null;
			}

			const content = textOf(row['content']) ?? '';
			const hash = hashOf(content);
			came.fragments += newFragment.run(
				hash,
				content,
				textOf(row['datetime_utc']),
				textOf(row['source']),
			).changes;
			return ourFragment.get(hash)!;
		}),
		tool: remembered((id: number) => {
			const row = foreignTool(id);

			if (row === null) {
				return null;
			}

			const about = ['name', 'description', 'input_schema', 'plugin'].map(
				name => textOf(row[name]),
			);
			const hash = textOf(row['hash']) ?? hashOf(JSON.stringify(about));
			came.tools += newTool.run(hash, ...about).changes;
			return ourTool.get(hash)!;
		}),
		instance: remembered((id: number) => {
			const row = foreignInstance(id);

			if (row === null) {
				return null;
			}

			const about = ['plugin', 'name', 'arguments'].map(name =>
				textOf(row[name]),
			);
			return (
				ourInstance.get(...about) ??
				Number(newInstance.run(...about).lastInsertRowid)
			);
		}),
	};
}

/**
What was found stays known for a while; in a transaction that is rolled back nothing is kept, and the import ends with it.
*/
function remembered<Id, Found>(find: (id: Id) => Found): (id: Id) => Found {
	const known = new Map<Id, Found>();

	return id => {
		if (known.has(id)) {
			return known.get(id)!;
		}

		if (known.size >= mostRemembered) {
			known.clear();
		}

		const found = find(id);
		known.set(id, found);
		return found;
	};
}
