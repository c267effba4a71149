import Database from 'better-sqlite3';
import {type RecordedResponse, type RecordedRun} from './recorded-run.js';
import {numberOf, textOf, type ForeignRow} from './values.js';

type Marked = {
	readonly id: string;
	readonly flag: number;

	/**
	1 when the row holds the result of a whole run.
	*/
	readonly result: number;
};

export type MarkedRuns = {
	/**
	Note what the columns `consortium_id` and `is_arbiter_response` of a row say.
	*/
	readonly note: (id: string, row: ForeignRow) => void;

	/**
	The runs that they make, some at a time.
	*/
	readonly runs: () => Generator<RecordedRun[], void, void>;
	readonly close: () => void;
};

const runsAtOnce = 200;

/**
Runs that were marked in llm's own table: `consortium_id` is the same for all responses of a run, `is_arbiter_response` is 1 for its final arbiter and 2 for earlier ones. They are noted in a temporary file, as there may be as many as responses.
*/
export function createMarkedRuns(): MarkedRuns {
	const notes = new Database('');
	notes.exec(`CREATE TABLE marked (
		run TEXT, id TEXT, flag INTEGER, result INTEGER, PRIMARY KEY (run, id)
	) WITHOUT ROWID`);
	const insert = notes.prepare(
		'INSERT OR IGNORE INTO marked VALUES (?, ?, ?, ?)',
	);
	const next = notes
		.prepare<[string, number], string>(
			'SELECT DISTINCT run FROM marked WHERE run > ? ORDER BY run LIMIT ?',
		)
		.pluck();
	const rowsOf = notes.prepare<[string], Marked>(
		'SELECT id, flag, result FROM marked WHERE run = ? ORDER BY id',
	);

	return {
		note(id, row) {
			const run = textOf(row['consortium_id']);

			if (run !== null && run !== '') {
				insert.run(
					run,
					id,
					numberOf(row['is_arbiter_response']) ?? 0,
					Number(
						textOf(row['response_json'])?.includes('"original_prompt"') ??
							false,
					),
				);
			}
		},
		*runs() {
			let last = '';

			for (;;) {
				const names = next.all(last, runsAtOnce);

				if (names.length === 0) {
					return;
				}

				last = names.at(-1)!;
				yield names.map(name => runOf(name, rowsOf.all(name)));
			}
		},
		close() {
			notes.close();
		},
	};
}

function runOf(name: string, rows: readonly Marked[]): RecordedRun {
	const output = outputOf(name, rows);

	return {
		recordedId: name === output ? null : name,
		consortium: null,
		arbiter: null,
		prompt: null,
		confidence: null,
		iterations: null,
		startedAt: null,
		durationMs: null,
		responses: rows.map(({id, flag}): RecordedResponse => ({
			id,
			role: flag > 0 ? 'arbiter' : id === output ? 'output' : 'member',
			iteration: null,
			instance: null,
		})),
	};
}

/**
The columns do not tell an output from a member. It has the run's id, or holds the result, or comes after the final arbiter, as the ids of the time had it.
*/
function outputOf(name: string, rows: readonly Marked[]): string | null {
	const plain = rows.filter(({flag}) => flag === 0);
	const final = rows.findLast(({flag}) => flag === 1);

	return (
		(
			plain.find(({id}) => id === name) ??
			plain.find(({result}) => result === 1) ??
			plain.find(({id}) => final !== undefined && id > final.id) ??
			null
		)?.id ?? null
	);
}
